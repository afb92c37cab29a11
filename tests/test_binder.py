"""Binder: what it would build from this repository, and the same steps in a clean environment.

No container engine is needed. repo2docker, the program that Binder runs, writes down what it would
do; the steps themselves (install what environment.yml lists, run postBuild, start JupyterLab, run
notebook 01) are done in a virtual environment, with pip in place of conda.
"""

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest
import requests

from tests.servers import JupyterServer, free_port, printed, start

ROOT = Path(__file__).resolve().parent.parent
KINDS = ("CONFIG", "DATA", "RUNTIME")
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


class Machine:
    """A clean environment with a copy of the repository, made as Binder makes its own."""

    def __init__(self, folder):
        self.folder = folder
        self.repository = folder / "repository"
        self.bin = folder / "environment" / "bin"
        left_out = [".*", "*.egg-info", "__pycache__", "*build", "_site", "node_modules"]
        shutil.copytree(ROOT, self.repository, ignore=shutil.ignore_patterns(*left_out))
        kept = {n: v for n, v in os.environ.items() if not re.match("PYTHON|VIRTUAL|JUPYTER", n)}
        own = ["MPLCONFIGDIR", "IPYTHONDIR", *(f"JUPYTER_{kind}_DIR" for kind in KINDS)]
        self.environment = kept | {name: str(folder / name) for name in own}
        self.environment["PATH"] = f"{self.bin}{os.pathsep}{os.environ['PATH']}"

    def run(self, *command):
        inside = {"cwd": self.repository, "env": self.environment, "timeout": 600}
        result = subprocess.run(command, capture_output=True, text=True, **inside)
        assert result.returncode == 0, result.stdout + result.stderr

    def build(self):
        venv.create(self.bin.parent, with_pip=True)
        text = (self.repository / "environment.yml").read_text(encoding="utf-8")
        listed = re.findall(r"^  - (.+)$", text.partition("dependencies:")[2], re.MULTILINE)
        packages = [line for line in listed if not re.match("python=|pip$", line)]
        pip = [self.bin / "python", "-m", "pip", "install", "--no-compile", "--quiet"]
        self.run(*pip, "--constraint", "constraints.txt", *packages)
        self.run(self.repository / "postBuild")

    def start(self):
        """`jupyter lab` as Binder starts it, on loopback; the server is ready on return."""
        port, token = free_port(), secrets.token_hex(16)
        url = f"http://127.0.0.1:{port}/"
        options = [f"--port={port}", "--port-retries=0", f"--IdentityProvider.token={token}"]
        command = ["jupyter", "lab", "--ip=127.0.0.1", "--no-browser", "--allow-root", *options]
        self.process = start(command, self.repository, self.environment, f"{url}api")
        session = requests.Session()
        session.headers["Authorization"] = f"token {token}"
        return JupyterServer(url, session)

    def stop(self, server):
        try:
            server.api("POST", "shutdown")
            self.process.wait(15)
        finally:
            self.process.kill()
            self.process.wait()


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    if os.environ.get("CLEAN_INSTALL") != "1":
        pytest.skip(
            "installs everything once more, which takes a minute: CLEAN_INSTALL=1 asks for it"
        )
    machine = Machine(tmp_path_factory.mktemp("binder"))
    machine.build()
    return machine


@pytest.fixture(scope="module")
def server(machine):
    server = machine.start()
    yield server
    machine.stop(server)


def test_fonts_are_listed_before_the_first_notebook(machine):
    assert list((machine.folder / "MPLCONFIGDIR").glob("fontlist*.json"))


def test_jupyterlab_saves_what_a_learner_did(server):
    name = "@jupyter-widgets/jupyterlab-manager:plugin"
    settings = server.ask("GET", f"lab/api/settings/{name}").json()
    assert settings["schema"]["properties"]["saveState"]["default"] is True


def test_jupyterlab_runs_notebook_01(machine, server):
    path = "notebooks/01_logarithms.ipynb"
    server.load_lab()
    notebook = server.open(path)
    server.run_all(notebook)
    assert server.save(path, notebook)["cells"] == notebook["cells"]
    where = server.run(
        "import json, sys, helpers; print(json.dumps([sys.prefix, helpers.__file__]))"
    )
    prefix, helpers = map(Path, json.loads(printed(where)))
    assert prefix.samefile(machine.bin.parent)
    assert helpers.samefile(machine.repository / "helpers" / "__init__.py")
