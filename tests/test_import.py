"""Importing helpers costs a kernel what matplotlib and the widgets cost, and changes nothing."""

import compileall
import json
import subprocess
import sys
from pathlib import Path

from .content import LESSONS

ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = "import matplotlib.pyplot, matplotlib.backends.backend_svg, ipywidgets, anywidget"
CONTENT = "\n".join(f"import helpers.{lesson}" for lesson in LESSONS if lesson != "lesson_08")
WEIGH = """
import json, sys
import ipykernel.ipkernel, psutil
before = set(sys.modules)
size = psutil.Process().memory_info().rss
{}
added = psutil.Process().memory_info().rss - size
new = {{name.split(".")[0] for name in set(sys.modules) - before}} - sys.stdlib_module_names
from matplotlib import rcParams, rcParamsOrig
keys = set(rcParams) - {{"backend"}}  # which a look at it would change
changed = [key for key in keys if rcParams[key] != rcParamsOrig[key]]
print(json.dumps([added / 1e6, sorted(new), "matplotlib.pyplot" in sys.modules, changed]))
"""
# matplotlib's first version that is allowed uses what later libraries deprecate.
STRICT = ["-W", "error", "-W", "ignore::DeprecationWarning"]


def weigh(line):
    """Megabytes and packages that imports add to a kernel; whether pyplot; changed settings."""
    command = [sys.executable, *STRICT, "-c", WEIGH.format(line)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_helpers_bring_no_package_and_no_weight_of_their_own():
    compileall.compile_dir(ROOT / "helpers", quiet=1)  # which would weigh something too
    size, libraries, *_ = weigh(LIBRARIES)
    with_helpers, packages, pyplot, changed = weigh(CONTENT)
    assert not pyplot and changed == []
    assert set(packages) - set(libraries) == {"helpers"}
    assert 20 < size < 100, "megabytes, or the scale is broken"
    assert with_helpers < size + 1
