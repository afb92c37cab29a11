"""course.py: its set-up, its sentences where something is missing, and the lists it installs."""

import ast
import os
import re
import runpy
import shutil
import signal
import subprocess
import sys
import threading
import time
import tomllib
import venv
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from helpers.language import catalogue

ROOT = Path(__file__).resolve().parent.parent
COURSE = ROOT / "course.py"
COMMANDS = runpy.run_path(str(COURSE))["COMMANDS"]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
EXTRAS = PROJECT["optional-dependencies"]
PYTHONS = [line.split()[-1] for line in PROJECT["classifiers"] if "Python :: 3." in line]


@pytest.fixture
def course():
    """What course.py defines."""
    return runpy.run_path(str(COURSE))


@pytest.fixture(autouse=True)
def english(monkeypatch):
    """Whatever the system's language; the tests of the Chinese sentences set their own."""
    monkeypatch.setenv("LANGUAGE", "en")


def run(*command, **environment):
    known = {"env": os.environ | environment, "stdin": subprocess.DEVNULL, "timeout": 120}
    result = subprocess.run(command, capture_output=True, encoding="utf-8", **known)
    assert "Traceback" not in result.stderr
    return result


# ---- Sentences instead of tracebacks -------------------------------------------------------


def test_old_pythons_can_read_it():
    ast.parse(COURSE.read_text(encoding="utf-8"), feature_version=(3, 7))


def test_old_python_simulated(course, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, int(PYTHONS[0][2:]) - 1, 18, "final", 0))
    course["COMMANDS"]["lab"] = None  # which is not to be begun
    answer = course["main"](["lab"])
    assert f"needs Python {PYTHONS[0]} or newer and this is 3." in answer
    assert "course.py lab " in answer


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_help(course, language, capsys):
    for asked in [["--language", language], ["-h"], ["--help"]]:
        assert course["main"](asked) == 0
        said = capsys.readouterr().out
        assert set(COMMANDS) <= set(re.findall(r"^(\w+) ", said, re.MULTILINE))


# ---- In Chinese: test_language.py asks whether every sentence is translated -----------------


def test_its_reader_finds_what_babel_finds(course, monkeypatch):
    monkeypatch.setenv("LANGUAGE", "zh_CN")
    assert catalogue("zh_CN").items() <= course["catalogue"]().items()  # and the header


def test_nothing_is_said_past_say():
    for call in ast.walk(ast.parse(COURSE.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and ast.unparse(call.func) in ("print", "sys.exit"):
            [what] = call.args
            assert re.match(r"(say\(|told$|main\(|128)", ast.unparse(what)), ast.unparse(what)


SYSTEMS = [
    {"LANG": "zh_CN.UTF-8"},
    {"LC_ALL": "zh_CN.UTF-8", "LANG": "en"},
    {"LANGUAGE": "zh_TW:en", "LC_ALL": "en_US.UTF-8"},
    {"LANGUAGE": "de", "LANG": "zh_CN.UTF-8"},
    {},
]


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_system_s_language(course, system, monkeypatch):
    """The first of what is set decides."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, system.get(name, ""))
    told = course["say"]("Stopped: the same command starts again from where it can.")
    first = next(iter(system.values()), "")
    assert told.startswith("已停止" if first.startswith("zh") else "Stopped")


def test_windows_names_its_language_by_a_number(course, monkeypatch):
    asked = {"windll.kernel32.GetUserDefaultUILanguage.return_value": 0x0804}
    monkeypatch.setitem(sys.modules, "ctypes", Mock(**asked))
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "name", "nt")
    assert course["language"]() == "zh_CN"


def test_told_to_speak_chinese(course, monkeypatch):
    assert "没有命令“labb”" in course["main"](["labb", "--language", "zh_CN"])
    monkeypatch.setenv("LANGUAGE", "zh_CN")
    answer = course["main"](["labb", "--language=en"])
    assert "There is no" in answer and ", ".join(COMMANDS) in answer


def test_a_terminal_without_chinese_characters_gets_something_to_read():
    terminal = {"PYTHONIOENCODING": "cp1252", "LANGUAGE": "zh_CN"}
    for asked, said in [([], "The course's commands"), (["\U0001f600"], "There is no command")]:
        result = run(sys.executable, COURSE, *asked, **terminal)
        assert (result.stdout + result.stderr).startswith(said)


@pytest.fixture
def course_folder(tmp_path):
    """A copy of what the set-up reads, in a folder with a space in its name."""
    folder = tmp_path / "a course"
    folder.mkdir()
    for name in ["course.py", "requirements.txt", "constraints.txt", "pyproject.toml"]:
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "jupyter", folder / "jupyter")
    return folder


@pytest.fixture
def refused(monkeypatch):
    """A function that would start JupyterLab from a folder, and ends with one sentence."""
    monkeypatch.setattr(sys, "argv", ["course.py", "lab"])

    def start(folder, said):
        with pytest.raises(SystemExit, match=f"^{said}"):
            runpy.run_path(str(folder / "course.py"), run_name="__main__")

    return start


def test_mishaps(course_folder, refused, monkeypatch):
    monkeypatch.setattr(venv, "create", Mock(side_effect=KeyboardInterrupt))
    refused(course_folder, "Stopped: the same command")
    monkeypatch.setattr(venv, "create", Mock(side_effect=subprocess.CalledProcessError(1, "pip")))
    refused(course_folder, "The folder .venv could not be made: .*pip")
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    refused(course_folder, "This Python lacks its module 'ensurepip': .*python3-venv")


def test_no_network(course_folder):
    half_made = course_folder / ".venv" / "half made"
    half_made.mkdir(parents=True)
    nowhere = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": ""}
    nowhere["PIP_USER"] = "1"  # a setting for elsewhere, which does no harm
    result = run(sys.executable, course_folder / "course.py", "lab", **nowhere)
    assert re.match("pip could not install .* connect", result.stderr.splitlines()[-1])
    assert result.stdout.startswith("Setting up .venv")
    assert "No matching distribution" in result.stderr, "pip itself must be there"
    assert half_made.parent.is_dir() and not half_made.exists()
    assert not (course_folder / ".venv" / "course-set-up").exists()


def test_impossible_paths(course_folder, refused, tmp_path):
    shutil.copy(COURSE, tmp_path)
    refused(tmp_path, "The course cannot be used .*requirements.txt")
    listed = course_folder.rename(course_folder.with_name(f"a{os.pathsep}b"))
    refused(listed, "The folder .venv could not be made: .*PATH separator")


# ---- The set-up is made once, and never taken for finished when it is not ------------------


class Recorded:
    """The course's set-up with its two slow parts written down instead of done."""

    def __init__(self, folder):
        self.done = []
        self.commands = []
        self.pip_fails = False
        self.meanwhile = None
        self.course = runpy.run_path(str(folder / "course.py"))
        self.course["set_up"].__globals__.update(run=self.run, make_venv=self.make_venv)

    def run(self, *command):
        self.commands.append(" ".join(map(str, command)))
        if "pip" in command:
            self.done.append("pip")
            if self.meanwhile:
                self.meanwhile()
            return -9 if self.pip_fails else 0  # as when it is killed for want of memory
        return 0

    def make_venv(self):
        self.done.append("venv")
        packages = self.course["VENV"] / "lib" / "python3" / "site-packages"
        (packages / "numpy").mkdir(parents=True, exist_ok=True)
        self.course["PYTHON"].parent.mkdir(exist_ok=True)
        self.course["PYTHON"].touch()

    def set_up(self, purpose):
        self.done.clear()
        self.course["set_up"](purpose)
        return self.done


def test_second_run_skips_the_set_up(course_folder):
    recorded = Recorded(course_folder)
    assert recorded.set_up("lab") == ["venv", "pip"]
    assert recorded.set_up("lab") == []
    recorded.pip_fails = True
    with pytest.raises(SystemExit, match="pip could not install"):
        recorded.set_up("test")
    recorded.pip_fails = False
    assert recorded.set_up("lab") == ["venv", "pip"], "a failed set-up is made again"
    assert recorded.set_up("test") == ["pip"]
    assert recorded.set_up("lab") == []
    assert Recorded(course_folder).set_up("test") == []


def test_each_command_installs_what_it_needs(course_folder):
    recorded = Recorded(course_folder)
    extras = {"lab": "", "site": " --editable .[site]", "test": " --editable .[test,site]"}
    for purpose, more in extras.items():
        assert recorded.set_up(purpose)[-1] == "pip"
        pip, compiled, fonts = recorded.commands[-3:]
        assert pip.endswith("--constraint constraints.txt --requirement requirements.txt" + more)
        assert "compileall" in compiled and "font_manager" in fonts


def test_another_python_or_place_needs_another_venv(course_folder, monkeypatch):
    Recorded(course_folder).set_up("lab")
    moved = course_folder.rename(course_folder.with_name("moved"))
    assert Recorded(moved).set_up("lab") == ["venv", "pip"]
    monkeypatch.setattr(sys, "version", "3.99.0")
    assert Recorded(moved).set_up("lab") == ["venv", "pip"]


DAMAGE = {
    "no interpreter": lambda course: course["PYTHON"].unlink(),
    "no package": lambda course: shutil.rmtree(next(course["VENV"].rglob("numpy"))),
    "unreadable": lambda course: course["STAMP"].write_bytes(b"\xff"),
    "empty": lambda course: course["STAMP"].write_text(""),
    "other lists": lambda course: (course["ROOT"] / "requirements.txt").write_text("numpy"),
    "other constraints": lambda course: (course["ROOT"] / "constraints.txt").write_text(""),
    "another project": lambda course: (course["ROOT"] / "pyproject.toml").write_text(""),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_and_changed_lists_are_set_up_anew(course_folder, damage):
    recorded = Recorded(course_folder)
    recorded.set_up("lab")
    DAMAGE[damage](recorded.course)
    assert recorded.set_up("lab") == ["venv", "pip"]


@pytest.mark.skipif(os.name == "nt", reason="not guarded against on Windows")
def test_the_second_of_two_first_starts_waits(course_folder, capsys):
    first, second = Recorded(course_folder), Recorded(course_folder)
    waiting = threading.Thread(target=second.set_up, args=["lab"])
    first.meanwhile = lambda: [waiting.start(), time.sleep(0.5)]
    assert first.set_up("lab") == ["venv", "pip"]
    waiting.join(10)
    assert second.done == [] and not waiting.is_alive()
    assert "Waiting for another set-up" in capsys.readouterr().out


def test_jupyterlab_gets_its_settings(course_folder):
    recorded = Recorded(course_folder)
    recorded.set_up("lab")
    for folder, [source] in PYPROJECT["tool"]["setuptools"]["data-files"].items():
        assert (ROOT / source).is_file()
        assert (recorded.course["VENV"] / folder / Path(source).name).is_file()
    assert "cp -r jupyter/. " in (ROOT / "postBuild").read_text()


@pytest.fixture
def passed_on(course, monkeypatch, tmp_path):
    """A function that gives a command to course.py and returns what it would set up and run."""
    done = []
    record = {"set_up": done.append, "run": lambda *command: done.extend(command) or 5}
    course["lab"].__globals__.update(record, VENV=tmp_path)
    monkeypatch.setattr(os, "environ", os.environ.copy())

    def pass_on(*arguments):
        done.clear()
        assert course["main"](arguments) == 5, "the command's exit code"
        purpose, program, *rest = done
        assert program == course["PYTHON"]
        return purpose, rest

    return pass_on


def test_arguments_are_passed_on(passed_on):
    purpose, (_, module, *rest) = passed_on("test", "-k", "canary")
    assert (purpose, module, rest[-2:]) == ("test", "pytest", ["-k", "canary"])
    assert passed_on("site", "--zip") == ("site", [ROOT / "site" / "build.py", "--zip"])
    tools = ["-m", "tools", "execute", "03", os.path.abspath("01.ipynb")]
    assert passed_on("execute", "03", "01.ipynb") == ("test", tools)
    assert passed_on("python", "-c", "1") == ("test", ["-c", "1"])


def test_lab_opens_a_notebook(passed_on, monkeypatch):
    def opened(*arguments):
        purpose, (_, module, url, *rest) = passed_on("lab", *arguments)
        assert (purpose, module, rest[-1]) == ("lab", "jupyterlab", "--no-browser")
        [path] = re.findall(r"^--LabApp\.default_url=/lab/tree/(\S+)$", url)
        assert (ROOT / path).is_file()
        return path

    assert opened("--no-browser") == "notebooks/01_logarithms.ipynb"
    chinese = "notebooks/zh_CN/01_logarithms.ipynb"
    assert opened("--language", "zh_CN", "--no-browser") == chinese
    assert opened("--language", "en", "--no-browser") == "notebooks/01_logarithms.ipynb"
    monkeypatch.chdir(ROOT / "notebooks")
    assert opened("05_gradient.ipynb", "--no-browser") == "notebooks/05_gradient.ipynb"
    assert os.environ["JUPYTER_PREFER_ENV_PATH"] == "1"


def test_lab_refuses_what_there_is_not(course):
    for asked, said in [("--language xx", "en, zh_CN"), ("x.ipynb", "no notebook .*x.ipynb")]:
        with pytest.raises(SystemExit, match=said):
            course["main"](["lab", *asked.split()])


def test_commands_run_in_the_course_s_folder(course, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code = "import os, sys; sys.exit(5 if os.path.exists('course.py') else 0)"
    assert course["run"](sys.executable, "-c", code) == 5


def test_ctrl_c_is_left_to_the_command(course, monkeypatch):
    wait = Mock(side_effect=[KeyboardInterrupt, KeyboardInterrupt, 5])
    monkeypatch.setattr(subprocess, "Popen", Mock(return_value=SimpleNamespace(wait=wait)))
    assert course["run"]("jupyter") == 5


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_when_told_to_end_so_is_what_was_started(name):
    code = f"""
import runpy, sys
course = runpy.run_path({str(COURSE)!r})
child = "import time; print(1, flush=True); time.sleep(60)"
course["COMMANDS"]["lab"] = lambda arguments: course["run"](sys.executable, "-c", child)
sys.exit(course["main"](["lab"]))
"""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    process.stdout.readline()
    process.send_signal(getattr(signal, name))
    process.communicate(timeout=20)  # no end before the child's
    assert process.returncode == 128 + getattr(signal, name)


# ---- The lists agree -----------------------------------------------------------------------


def requirement_lines(name):
    lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text().splitlines()]
    return [line for line in lines if line]


def test_requirements_and_environment_agree_with_pyproject():
    assert PROJECT["requires-python"] == f">={PYTHONS[0]}"
    runtime = sorted(PROJECT["dependencies"] + EXTRAS["lab"])
    assert requirement_lines("requirements.txt") == [*runtime, "-e ."]
    _, *channels = requirement_lines("environment.yml")
    assert channels[:3] == ["channels:", "- conda-forge", "dependencies:"]
    listed = [line[2:] for line in channels[3:]]
    assert listed == ["python=3.13", "pip", "setuptools>=77", *runtime]


@pytest.mark.parametrize("python", PYTHONS)
def test_constraints_hold_one_version_of_everything_required(python):
    versions = {}
    for pin in map(Requirement, requirement_lines("constraints.txt")):
        if pin.marker is None or pin.marker.evaluate({"python_full_version": f"{python}.9"}):
            [only] = pin.specifier
            versions.setdefault(canonicalize_name(pin.name), []).append(only.version)
    for needed in map(Requirement, PROJECT["dependencies"] + sum(EXTRAS.values(), [])):
        [version] = versions[canonicalize_name(needed.name)]
        assert version in needed.specifier, needed


def test_an_installed_copy_has_every_file_of_helpers():
    data = PYPROJECT["tool"]["setuptools"]["package-data"]
    packed = set()
    for package in [init.parent for init in (ROOT / "helpers").rglob("__init__.py")]:
        name = ".".join(package.relative_to(ROOT).parts)
        packed.update(*[package.glob(pattern) for pattern in ["*.py", *data.get(name, [])]])
    files = {path for path in (ROOT / "helpers").rglob("*") if path.is_file()}
    assert packed == {path for path in files if path.suffix != ".pyc"}


def test_nothing_says_where_packages_come_from():
    for name in ["requirements.txt", "constraints.txt", "environment.yml", "pyproject.toml"]:
        said = (ROOT / name).read_text()
        assert not re.search(r"https?:|file:|--hash|index-url|find-links", said)


@pytest.mark.skipif(os.name == "nt", reason="Windows files have no executable bit")
@pytest.mark.parametrize("name", ["postBuild", ".ci/run"])
def test_scripts(name):
    assert os.access(ROOT / name, os.X_OK)
    assert re.search(r"^set -e", (ROOT / name).read_text(), flags=re.MULTILINE)
