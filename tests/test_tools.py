"""The commands in CONTRIBUTING run as printed, whoever's computer it is; and what waits is listed.

In a copy of the repository with one lesson. Python is started without site-packages, for that is
what course.py may count on; the set-up is left out, and its environment is that of the tests.
"""

import os
import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tools import __main__ as tools, execute, parity

from . import servers

ROOT = Path(__file__).resolve().parent.parent
LESSON = "03_log_loss"
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
COMMANDS = sorted(set(re.findall(r"`python3 course\.py ([^`]+)`", PAGE)))
PAGE = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
BENCHMARKS = re.findall(r"`python3 course\.py python (benchmarks/\w+\.py)`", PAGE)
# Started, and no more: these go on for long, or for ever.
STARTED = {"test": "--version", "site": "--help"}
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
        servers.copy_course(self.folder, "0*.ipynb")
        for path in lessons(execute.NOTEBOOKS):
            shutil.copy(path, self.folder / path.relative_to(ROOT))

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
    elsewhere = tmp_path_factory.mktemp("elsewhere")
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


# "lab" is started below; with one lesson "execute" does what "execute 03" does.
@pytest.mark.parametrize("command", [one for one in COMMANDS if one not in ("lab", "execute")])
def test_each_command_runs_as_printed(command, course):
    more = [option for start, option in STARTED.items() if command.startswith(start)]
    code, said = course.run(*command.split(), *more)
    assert code == 0, said
    assert texts(course.folder / "notebooks") == texts(execute.NOTEBOOKS), "as it was committed"


def test_no_name_stands_for_all_notebooks():
    assert tools.named([]) == execute.committed_notebooks()


@pytest.mark.parametrize("path", BENCHMARKS)
def test_each_benchmark_starts(path, monkeypatch):
    monkeypatch.setattr(sys, "argv", [path, "--help"])
    with pytest.raises(SystemExit, match="^0$"):
        runpy.run_path(str(ROOT / path), run_name="__main__")


def test_lab_opens_the_course_whatever_the_settings_and_where_the_home_cannot_be_written(course):
    """It finds the course's folder, a kernel, and a place for the files of its own."""
    home = str(course.folder / "course.py" / "home")
    own = {"HOME": home, "USERPROFILE": home}
    own["JUPYTER_CONFIG_DIR"] = str(course.home / ".jupyter")
    own["JUPYTER_DATA_DIR"] = str(course.home / ".local" / "share" / "jupyter")
    command = course.command("lab")
    with servers.Jupyter(command, course.folder, course.environment(**own)) as lab:
        assert lab.ask(f"api/contents/notebooks/{LESSON}.ipynb").json()["type"] == "notebook"
        kernel = lab.ask("api/kernelspecs").json()["kernelspecs"]["python3"]
        assert kernel["spec"]["argv"][0] != "/an/old/python"
    said = (course.folder / "server.log").read_text(encoding="utf-8")
    assert f"{home} cannot be written" in said and "Traceback" not in said
    assert any((course.folder / ".venv" / "settings" / "jupyter_runtime_dir").iterdir())


def test_an_english_edit_is_listed_and_fails_only_when_asked(
    course, capsys, monkeypatch, left_to_translate
):
    """The last test here: it changes the copy."""
    monkeypatch.setattr(execute, "NOTEBOOKS", course.folder / "notebooks")
    english, chinese = sorted(lessons(execute.NOTEBOOKS))
    notebook = nbformat.read(english, as_version=4)
    cell = next(cell for cell in notebook.cells[1:] if cell.cell_type == "markdown")
    cell.source += "\n\nIt was 0.105."
    nbformat.write(notebook, english)
    line = f"zh_CN {LESSON}: cell {cell.id} has changed in English; once it says that: "
    line += f"python3 course.py translated zh_CN {LESSON} {cell.id}"
    code, said = course.run("test", "tests/test_parity.py", "-k", "say_the_same", "-n", "1")
    assert code == 0 and line in said.splitlines(), said
    assert [*parity.to_translate(chinese)] == [line]
    monkeypatch.setenv("CURRENT_TRANSLATIONS", "1")
    with pytest.raises(AssertionError, match=re.escape(line)):
        left_to_translate([line])
    tools.translated("zh_CN", LESSON, cell.id)
    assert tools.check([LESSON])
    said = capsys.readouterr().out
    assert line not in said
    assert "numbers differ: English only ['0.105'], translated only []" in said
