"""The engine's folder, copied, works where there is no course, and does what its README shows."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from helpers import engine
from helpers.engine.explorer import MAX_BYTES, MAX_FRAMES

ENGINE = Path(engine.__file__).parent
README = (ENGINE / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
# Like a notebook, say what the last line of each cell is; and which packages of ours all took.
RUN = """
import importlib, json, sys
cells, modules = json.load(sys.stdin)
shown = []
for cell in cells:
    *lines, last = cell.rstrip().split("\\n")
    names = {}
    exec("\\n".join(lines), names)
    shown.append(eval(last, names)._repr_mimebundle_()[0])
for module in modules:
    importlib.import_module(f"engine.{module}")
print(json.dumps([shown, sorted({"engine", "helpers"} & set(sys.modules))]))
"""


def test_the_examples_of_the_readme_run_alone_and_no_module_needs_the_course(tmp_path):
    shutil.copytree(ENGINE, tmp_path / "engine", ignore=shutil.ignore_patterns("__pycache__"))
    modules = [path.stem for path in ENGINE.glob("[a-z]*.py")]
    command = [sys.executable, "-X", "utf8", "-c", RUN]
    cells = json.dumps([EXAMPLES[:2], modules])
    result = subprocess.run(
        command, cwd=tmp_path, input=cells, capture_output=True, encoding="utf-8", timeout=60
    )
    assert result.returncode == 0, result.stderr
    (explorer, box), packages = json.loads(result.stdout)
    assert "The square of 1.0 is 1.0." in explorer["text/html"]
    assert "What is the square of 1.5?" in box["text/html"]
    for shown in (explorer, box):
        assert "application/vnd.jupyter.widget-view+json" in shown
    assert packages == ["engine"]


def test_the_readme_says_the_budget_and_its_examples_are_short():
    assert f"{MAX_FRAMES} frames and {MAX_BYTES // 1000} kB" in README
    assert 14**3 > MAX_FRAMES >= 13**3, "which three sliders are too many"
    lengths = [len(re.findall(r"^.*\S", example, re.MULTILINE)) for example in EXAMPLES]
    assert lengths[0] <= 20 and lengths[1] <= 10
