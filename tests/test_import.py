"""Importing helpers costs a kernel what matplotlib and the widgets cost, and nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = "import matplotlib.pyplot, matplotlib.backends.backend_svg, ipywidgets, anywidget"
WEIGH = """
import json, sys
import ipykernel.ipkernel, psutil
before = set(sys.modules)
size = psutil.Process().memory_info().rss
{}
added = psutil.Process().memory_info().rss - size
new = {{name.split(".")[0] for name in set(sys.modules) - before}} - sys.stdlib_module_names
print(json.dumps([added / 1e6, sorted(new)]))
"""


def weigh(line):
    """Megabytes and packages that a line of imports adds to a kernel."""
    # Compiling weighs something too: whatever is compiled here is so for the next time.
    environment = {n: v for n, v in os.environ.items() if n != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", WEIGH.format(line)]
    result = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_helpers_bring_no_package_of_their_own():
    _, libraries = weigh(LIBRARIES)
    _, packages = weigh("import helpers")
    assert "helpers" in packages and "helpers" not in libraries
    assert set(packages) - set(libraries) == {"helpers"}


def test_helpers_weigh_no_more_than_what_they_stand_on():
    weigh("import helpers")
    libraries, _ = weigh(LIBRARIES)
    helpers, _ = weigh("import helpers")
    assert 20 < libraries < 100, "megabytes, or the scale is broken"
    assert helpers < libraries + 1
