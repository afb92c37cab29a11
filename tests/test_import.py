"""Importing helpers costs a kernel what matplotlib and the widgets cost, and nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = "import matplotlib.pyplot, matplotlib.backends.backend_svg, ipywidgets, anywidget"
CONTENT = "from helpers import exercises, exhibits, explorers, figures, game, questions"
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


def test_helpers_bring_no_package_and_no_weight_of_their_own():
    weigh(CONTENT)
    size, libraries = weigh(LIBRARIES)
    with_helpers, packages = weigh(CONTENT)
    assert set(packages) - set(libraries) == {"helpers"}
    assert 20 < size < 100, "megabytes, or the scale is broken"
    assert with_helpers < size + 1
