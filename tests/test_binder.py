"""Binder: what it would build from this repository, and the same steps in a clean environment.

No container engine is needed. repo2docker, the program that Binder runs, writes down what it would
do; the steps themselves (install what environment.yml lists, run postBuild, start JupyterLab, run
notebook 01) are done in a virtual environment, with uv in place of conda.
"""

import os
import re
import subprocess
import sys

import nbformat
import pytest

from tools import execute

from . import servers, workflows
from .workflows import ROOT

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


@pytest.mark.skipif(
    os.environ.get("CLEAN_INSTALL") != "1",
    reason="installs everything once more, which takes a minute: CLEAN_INSTALL=1 asks for it",
)
def test_its_steps_end_in_a_jupyterlab_that_runs_notebook_01(tmp_path):
    repository = servers.copy_course(tmp_path / "repository")
    own = workflows.clean_python(tmp_path / "environment") | servers.own_folders(tmp_path)
    own["MPLCONFIGDIR"] = str(tmp_path / "matplotlib")
    text = (repository / "environment.yml").read_text(encoding="utf-8")
    listed = re.findall(r"^  - (.+)$", text.partition("dependencies:")[2], re.MULTILINE)
    packages = [line for line in listed if not line.startswith("python=")]
    uv = [sys.executable, "-m", "uv", "pip", "install", "--python", tmp_path / "environment"]
    servers.run(*uv, "--constraint", "constraints.txt", *packages, cwd=repository)
    workflows.run(repository, "./postBuild", own)
    assert list((tmp_path / "matplotlib").glob("fontlist*.json")), "before the first notebook"
    path = repository / "notebooks" / "01_logarithms.ipynb"
    committed = printed(path)
    workflows.run(repository, f"jupyter execute --inplace {path}", own)
    assert printed(path) == committed
    with servers.Jupyter(["jupyter", "lab"], repository, workflows.variables(**own)) as lab:
        settings = lab.ask("lab/api/settings/@jupyter-widgets/jupyterlab-manager:plugin").json()
    saves = settings["schema"]["properties"]["saveState"]
    assert saves["default"] is True, "what a learner did"


def printed(path):
    cells = execute.code_cells(nbformat.read(path, as_version=4))
    outputs = [output for cell in cells for output in cell.outputs]
    return "".join(output.text for output in outputs if output.output_type == "stream")
