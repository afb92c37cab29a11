"""Binder: what it would build from this repository, and the same steps in a clean environment.

No container engine is needed. repo2docker, the program that Binder runs, writes down what it would
do; the steps themselves (install what environment.yml lists, run postBuild, start JupyterLab, run
notebook 01) are done in a virtual environment, with pip in place of conda.
"""

import os
import re
import sys
import venv
from pathlib import Path

import nbformat
import pytest

from tools import execute

from .servers import copy_course, jupyter, run

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.skipif(os.name == "nt", reason="Binder and repo2docker are for Linux")


# ---- The recipe -----------------------------------------------------------------------------


def test_binder_takes_environment_yml_and_python_3_13(tmp_path):
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", ROOT]
    recipe = run(*command, cwd=tmp_path)  # a log, and the Dockerfile
    assert "Building conda environment for python=3.13\n" in recipe
    assert re.search(r"env update .*--file \"environment\.yml\"", recipe)
    assert recipe.index("environment.yml") < recipe.index("RUN ./postBuild")
    assert "requirements.txt" not in recipe, "it would be read instead of, or beside, the other"


def test_readme_s_link_opens_notebook_01():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    [path] = re.findall(r"https://mybinder\.org/v2/gh/\S+\?urlpath=lab/tree/(\S+)", readme)
    assert (ROOT / path).is_file()


# ---- The steps ------------------------------------------------------------------------------


OWN_FOLDERS = ["MPLCONFIGDIR", "IPYTHONDIR"]
OWN_FOLDERS += ["JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"]


@pytest.fixture
def machine(tmp_path):
    """A copy of the repository, and the variables of who works there, in a clean environment."""
    copy_course(tmp_path / "repository")
    venv.create(tmp_path / "environment", with_pip=True)
    kept = {n: v for n, v in os.environ.items() if not re.match("PYTHON|VIRTUAL|JUPYTER", n)}
    variables = kept | {name: str(tmp_path / name) for name in OWN_FOLDERS}
    variables["PATH"] = f"{tmp_path / 'environment' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return tmp_path / "repository", variables


@pytest.mark.skipif(
    os.environ.get("CLEAN_INSTALL") != "1",
    reason="installs everything once more, which takes a minute: CLEAN_INSTALL=1 asks for it",
)
def test_its_steps_end_in_a_jupyterlab_that_runs_notebook_01(machine):
    repository, variables = machine
    text = (repository / "environment.yml").read_text(encoding="utf-8")
    listed = re.findall(r"^  - (.+)$", text.partition("dependencies:")[2], re.MULTILINE)
    packages = [line for line in listed if not re.match("python=|pip$", line)]
    inside = {"cwd": repository, "env": variables}
    pip = ["python", "-m", "pip", "install", "--no-compile", "--quiet"]
    run(*pip, "--constraint", "constraints.txt", *packages, **inside)
    run("./postBuild", **inside)
    fonts = Path(variables["MPLCONFIGDIR"]).glob("fontlist*.json")
    assert list(fonts), "they are listed before the first notebook"
    path = repository / "notebooks" / "01_logarithms.ipynb"
    committed = printed(path)
    run("jupyter", "execute", "--inplace", path, **inside)
    assert printed(path) == committed
    with jupyter(["jupyter", "lab"], repository, variables) as ask:
        settings = ask("lab/api/settings/@jupyter-widgets/jupyterlab-manager:plugin").json()
    saves = settings["schema"]["properties"]["saveState"]
    assert saves["default"] is True, "what a learner did"


def printed(path):
    cells = execute.code_cells(nbformat.read(path, as_version=4))
    outputs = [output for cell in cells for output in cell.outputs]
    return "".join(output.text for output in outputs if output.output_type == "stream")
