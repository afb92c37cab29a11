"""Importing helpers costs a kernel what matplotlib and the widgets cost, and changes nothing."""

import json
import sys
from pathlib import Path

from .content import LESSONS
from .servers import run

ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = "import matplotlib.pyplot, matplotlib.backends.backend_svg, ipywidgets, anywidget"
CONTENT = "\n".join(f"import helpers.{lesson}" for lesson in LESSONS if lesson != "lesson_08")
IMPORT = """
import json, sys
import ipykernel.ipkernel
before = set(sys.modules)
{}
new = {{name.split(".")[0] for name in set(sys.modules) - before}} - sys.stdlib_module_names
from matplotlib import rcParams, rcParamsOrig
keys = set(rcParams) - {{"backend"}}  # which a look at it would change
changed = [key for key in keys if rcParams[key] != rcParamsOrig[key]]
print(json.dumps([sorted(new), "matplotlib.pyplot" in sys.modules, changed]))
"""
# matplotlib's first version that is allowed uses what later libraries deprecate.
STRICT = ["-W", "error", "-W", "ignore::DeprecationWarning"]


def added(line):
    """The packages that imports add to a kernel; whether pyplot; changed settings."""
    return json.loads(run(sys.executable, *STRICT, "-c", IMPORT.format(line), cwd=ROOT))


def test_helpers_bring_no_package_of_their_own():
    libraries, *_ = added(LIBRARIES)
    packages, pyplot, changed = added(CONTENT)
    assert not pyplot and changed == []
    assert set(packages) - set(libraries) == {"helpers"}
