"""Binder: what it would build from this repository, and the same steps in a clean environment.

No container engine is needed. repo2docker, the program that Binder runs, writes down what it would
do; the steps themselves (install what environment.yml lists, run postBuild, start JupyterLab, run
notebook 01) are done in a virtual environment, with pip in place of conda.
"""

import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.servers import jupyter, printed

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.skipif(os.name == "nt", reason="Binder and repo2docker are for Linux")


# ---- The recipe -----------------------------------------------------------------------------


def test_binder_takes_environment_yml_and_python_3_13(tmp_path):
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", ROOT]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr
    recipe = result.stdout + result.stderr  # a log, and the Dockerfile
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
    """A clean environment, a copy of the repository, and the variables of who works there."""
    left_out = [".*", "*.egg-info", "__pycache__", "*build", "_site", "node_modules"]
    shutil.copytree(ROOT, tmp_path / "repository", ignore=shutil.ignore_patterns(*left_out))
    venv.create(tmp_path / "environment", with_pip=True)
    kept = {n: v for n, v in os.environ.items() if not re.match("PYTHON|VIRTUAL|JUPYTER", n)}
    variables = kept | {name: str(tmp_path / name) for name in OWN_FOLDERS}
    variables["PATH"] = f"{tmp_path / 'environment' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return tmp_path / "environment", tmp_path / "repository", variables


def build(repository, variables):
    text = (repository / "environment.yml").read_text(encoding="utf-8")
    listed = re.findall(r"^  - (.+)$", text.partition("dependencies:")[2], re.MULTILINE)
    packages = [line for line in listed if not re.match("python=|pip$", line)]
    pip = ["python", "-m", "pip", "install", "--no-compile", "--quiet"]
    for command in [*pip, "--constraint", "constraints.txt", *packages], ["./postBuild"]:
        inside = {"cwd": repository, "env": variables, "timeout": 600}
        result = subprocess.run(command, capture_output=True, text=True, **inside)
        assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.skipif(
    os.environ.get("CLEAN_INSTALL") != "1",
    reason="installs everything once more, which takes a minute: CLEAN_INSTALL=1 asks for it",
)
def test_its_steps_end_in_a_jupyterlab_that_runs_notebook_01(machine):
    environment, repository, variables = machine
    build(repository, variables)
    fonts = Path(variables["MPLCONFIGDIR"]).glob("fontlist*.json")
    assert list(fonts), "they are listed before the first notebook"
    with jupyter(["jupyter", "lab"], repository, variables) as server:
        assert_saves_what_a_learner_did(server)
        path = "notebooks/01_logarithms.ipynb"
        server.load_lab()
        notebook = server.open(path)
        server.run_all(notebook)
        assert server.save(path, notebook)["cells"] == notebook["cells"]
        where = server.run("import helpers, sys; print(sys.prefix, helpers.__file__, sep='\\n')")
    prefix, helpers = map(Path, printed(where).split())
    assert prefix.samefile(environment)
    assert helpers.samefile(repository / "helpers" / "__init__.py")


def assert_saves_what_a_learner_did(server):
    name = "@jupyter-widgets/jupyterlab-manager:plugin"
    settings = server.ask("GET", f"lab/api/settings/{name}").json()
    assert settings["schema"]["properties"]["saveState"]["default"] is True
