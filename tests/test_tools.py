"""The commands in CONTRIBUTING run as printed, whoever's computer it is; and what waits is listed.

In a copy of the repository with one lesson. Python is started without site-packages, for that is
what course.py may count on; the set-up is left out, and its environment is that of the tests.
"""

import os
import re
import secrets
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import requests

from tools import execute, parity

from . import servers

ROOT = Path(__file__).resolve().parent.parent
LESSON = "03_log_loss"
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PAGE += (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
COMMANDS = sorted(set(re.findall(r"`python3 course\.py ([^`]+)`", PAGE)))
# Started, and no more: these go on for long, or for ever.
STARTED = {
    "lab": "--version",
    "test": "--version",
    "site": "--help",
    "python benchmarks/": "--help",
}
WITHOUT_SET_UP = """
import pathlib, runpy, sys
script, python, *arguments = sys.argv[1:]
course = runpy.run_path(script)
course["main"].__globals__.update(set_up=lambda purpose: None, PYTHON=pathlib.Path(python))
sys.exit(course["main"](arguments))
"""


class Course:
    """A copy of the repository with one lesson, on the computer of somebody with this home."""

    def __init__(self, home):
        self.home, self.folder = home, home / "a course"
        for name in ["helpers", "tools", "assets", "benchmarks", "site"]:
            shutil.copytree(ROOT / name, self.folder / name)
        files = ["course.py", "pyproject.toml", "README.md", "TEACHING.md"]
        tests = ["conftest.py", "content.py", "servers.py", "test_parity.py", "nbval_sanitize.cfg"]
        lessons = execute.NOTEBOOKS.rglob(f"{LESSON}.ipynb")
        for path in [*map(ROOT.joinpath, files), *map((ROOT / "tests").joinpath, tests), *lessons]:
            target = self.folder / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
        self.english = self.folder / "notebooks" / f"{LESSON}.ipynb"

    def environment(self, **more):
        own = "IPYTHONDIR|JUPYTER_|MPLCONFIGDIR|XDG_|CURRENT_TRANSLATIONS"
        kept = {name: value for name, value in os.environ.items() if not re.match(own, name)}
        own = {"HOME": str(self.home), "USERPROFILE": str(self.home), "LANGUAGE": "en"}
        return kept | own | more

    def command(self, *arguments):
        """What python3 course.py would do, where Python has its standard library and no more."""
        python = [sys.executable, "-I", "-S", "-c", WITHOUT_SET_UP]
        return [*python, str(self.folder / "course.py"), sys.executable, *arguments]

    def run(self, *arguments, **more):
        known = {"cwd": self.folder, "env": self.environment(**more), "timeout": 300}
        result = subprocess.run(
            self.command(*arguments), capture_output=True, encoding="utf-8", **known
        )
        return result.returncode, result.stdout + result.stderr


# What somebody may have set, each of which once changed an output or hid the notebooks.
OWN_SETTINGS = {
    ".ipython/profile_default/ipython_config.py": """
c = get_config()
c.InteractiveShell.ast_node_interactivity = "all"
""",
    ".ipython/profile_default/startup/00_hello.py": "print('hello')",
    ".config/matplotlib/matplotlibrc": "of no: such name",
    ".matplotlib/matplotlibrc": "of no: such name",
    ".jupyter/jupyter_server_config.py": """
c.ServerApp.root_dir = c.FileContentsManager.root_dir = {elsewhere!r}
c.FileContentsManager.preferred_dir = {elsewhere!r}
""",
    ".local/share/jupyter/kernels/python3/kernel.json": """
{{"argv": ["/an/old/python", "-f", "{{connection_file}}"], "display_name": "", "language": ""}}
""",
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = Course(tmp_path_factory.mktemp("home"))
    elsewhere = course.home / "elsewhere"
    elsewhere.mkdir()
    for name, text in OWN_SETTINGS.items():
        path = course.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = text.format(elsewhere=str(elsewhere)) if "{" in text else text
        path.write_text(text, encoding="utf-8")
    # matplotlib lists the fonts, as it does in the set-up, and may say so.
    code, said = course.run("python", "-c", "import matplotlib.font_manager")
    assert code == 0, said
    return course


def texts(folder):
    """What the lesson's notebooks say in each language, pictures left out."""
    found = {path.parent.name: path.read_text(encoding="utf-8") for path in lessons(folder)}
    return {name: parity.DATA_URI.sub("", text) for name, text in found.items()}


def lessons(folder):
    return folder.rglob(f"{LESSON}.ipynb")


def test_contributing_names_every_command():
    named = {command.split()[0] for command in COMMANDS}
    assert named >= {"lab", "test", "execute", "check", "translated", "python"}


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_runs_as_printed(command, course):
    more = [option for start, option in STARTED.items() if command.startswith(start)]
    code, said = course.run(*command.split(), *more)
    assert code == 0, said
    assert texts(course.folder / "notebooks") == texts(execute.NOTEBOOKS), "as it was committed"


# ---- JupyterLab finds the course's folder, a kernel and a place for its files ---------------


def start_lab(course, **more):
    """Start it with course.py, and return its process and what speaks with it."""
    port, token = servers.free_port(), secrets.token_hex(16)
    url = f"http://127.0.0.1:{port}/"
    options = [
        "--no-browser",
        "--allow-root",
        f"--port={port}",
        f"--IdentityProvider.token={token}",
    ]
    command = course.command("lab", *options)
    process = servers.start(command, course.folder, course.environment(**more), f"{url}api")
    session = requests.Session()
    session.headers["Authorization"] = f"token {token}"
    return process, servers.JupyterServer(url, session)


def stop(process, server):
    try:
        server.api("POST", "shutdown")
        process.wait(20)
    finally:
        process.kill()
        process.wait()


def test_lab_opens_the_course_whatever_the_settings(course):
    process, server = start_lab(course)
    try:
        assert server.api("GET", f"contents/notebooks/{LESSON}.ipynb")["type"] == "notebook"
        kernel = server.api("GET", "kernelspecs")["kernelspecs"]["python3"]
        assert kernel["spec"]["argv"][0] != "/an/old/python"
    finally:
        stop(process, server)


def test_lab_starts_where_the_home_cannot_be_written(course):
    home = str(course.folder / "course.py" / "home")
    stop(*start_lab(course, HOME=home, USERPROFILE=home))
    said = (course.folder / "server.log").read_text(encoding="utf-8")
    assert f"{home} cannot be written" in said and "Traceback" not in said
    assert any((course.folder / ".venv" / "settings" / "jupyter_runtime_dir").iterdir())


# ---- An English edit waits for a translator ------------------------------------------------


def test_an_english_edit_is_listed_and_fails_only_when_asked(tmp_path):
    course = Course(tmp_path)
    notebook = nbformat.read(course.english, as_version=4)
    cell = next(cell for cell in notebook.cells[1:] if cell.cell_type == "markdown")
    cell.source += "\n\nIt was 0.105."
    nbformat.write(notebook, course.english)
    command = f"translated zh_CN {LESSON} {cell.id}"
    line = f"zh_CN {LESSON}: cell {cell.id} has changed in English; once it says that: "
    line += f"python3 course.py {command}\n"
    test = ["test", "tests/test_parity.py", "-k", "say_the_same", "-n"]
    code, said = course.run(*test, "1")
    assert code == 0 and line in said, said
    code, said = course.run(*test, "0", CURRENT_TRANSLATIONS="1")
    assert code == 1 and line in said, said
    assert course.run(*command.split())[0] == 0
    code, said = course.run("check", LESSON)
    assert code == 1 and line not in said
    assert "numbers differ: English only ['0.105'], translated only []" in said
