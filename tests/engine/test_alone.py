"""The engine's folder, copied, works where there is no course, and does what its README shows."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from helpers import engine
from helpers.engine.explorer import MAX_BYTES, MAX_FRAMES

ENGINE = Path(engine.__file__).parent
README = (ENGINE / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
# Like a notebook, say what the last line of a cell is; and which packages of ours it took.
RUN = """
import json, sys
cell = sys.stdin.read().rstrip()
*lines, last = cell.split("\\n")
names = {}
exec("\\n".join(lines), names)
shown = eval(last, names)._repr_mimebundle_()[0]
print(json.dumps([shown, sorted({"engine", "helpers"} & set(sys.modules))]))
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with nothing but a copy of the engine."""
    folder = tmp_path_factory.mktemp("another course")
    shutil.copytree(ENGINE, folder / "engine", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def run(place, cell):
    command = [sys.executable, "-X", "utf8", "-c", RUN]
    result = subprocess.run(
        command, cwd=place, input=cell, capture_output=True, encoding="utf-8", timeout=60
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.parametrize("example, lines, said", [
    (0, 20, "The square of 1.0 is 1.0."), (1, 10, "What is the square of 1.5?"),
])  # fmt: skip
def test_an_example_of_the_readme_runs_alone(place, example, lines, said):
    shown, packages = run(place, EXAMPLES[example])
    assert said in shown["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in shown
    assert packages == ["engine"]
    assert len([line for line in EXAMPLES[example].split("\n") if line.strip()]) <= lines


def test_no_module_needs_the_course(place):
    modules = [path.stem for path in ENGINE.glob("[a-z]*.py")]
    lines = [f"import engine.{module}" for module in modules]
    _, packages = run(place, "\n".join([*lines, EXAMPLES[1]]))
    assert packages == ["engine"]


def test_the_readme_says_the_budget():
    assert f"{MAX_FRAMES} frames and {MAX_BYTES // 1000} kB" in README
    assert 14**3 > MAX_FRAMES >= 13**3, "which three sliders are too many"
