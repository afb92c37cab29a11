"""The course's commands, as in: python3 course.py lab (on Windows with py in place of python3)

lab [notebook]        open a notebook, or else 01, in JupyterLab, where more arguments go;
                      --language zh_CN opens 01 in Chinese
test [arguments]      run everything that CI runs; the arguments go to pytest
site [--zip] [--live] build the static site, in the folder _site; with Python in the page

class FOLDER          say what a class typed into the boxes, from their saved notebooks

For those who change something; 03 stands for any beginning of a notebook's name:

execute [03]          run notebooks afresh and write them as they are committed
check [03]            say how long lessons are, what is wrong in their text, and what waits for
                      a translator
translated zh_CN 03   take note that these cells, or all, now say what the English ones say
python [arguments]    run Python with all that tests and benchmarks need: -m ruff format .

Each makes .venv and installs what it needs the first time.
"""

import argparse
import ast
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent
NOTEBOOKS = ROOT / "notebooks"
FIRST = "01_logarithms.ipynb"
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "course-set-up"
REQUIREMENTS = ["requirements.txt", "constraints.txt", "pyproject.toml"]
INSTALL = {
    "lab": ["--requirement", "requirements.txt"],
    "test": ["--requirement", "requirements.txt", "--editable", ".[test,site]"],
    "site": ["--requirement", "requirements.txt", "--editable", ".[site]"],
}
# Where IPython, Jupyter and matplotlib look for a user's own settings, and more that they read.
SETTINGS = ["IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"]
SETTINGS += ["MPLCONFIGDIR"]
MORE_SETTINGS = ["JUPYTER_CONFIG_PATH", "JUPYTER_PATH", "MATPLOTLIBRC"]

# A sentence and its translation, in helpers/locale; course.py's own stand there with the others.
ENTRY = re.compile('^msgid ((?:".*"\n)+)msgstr ((?:".*"\n)+)', re.MULTILINE)


def say(english, **fields):
    """A sentence in the reader's language, if it has it and the terminal can show it."""
    sentence = catalogue().get(english, english)
    try:
        for stream in (sys.stdout, sys.stderr):
            sentence.encode(stream.encoding)
    except UnicodeEncodeError:
        sentence = english
    return sentence.format(**fields)


def catalogue():
    """The translations for the reader's language, read by a Python that has no more than itself."""
    for path in ROOT.glob("helpers/locale/*/course.po"):
        if path.parent.name[:2] == language()[:2]:
            entries = ENTRY.findall(path.read_text(encoding="utf-8"))
            return dict(ast.literal_eval("({}, {})".format(*entry)) for entry in entries)
    return {}


def language():
    """The language that --language names (main puts it first), or else the system's."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return os.environ[name]
    if os.name == "nt":
        import ctypes
        import locale

        number = ctypes.windll.kernel32.GetUserDefaultUILanguage()
        return locale.windows_locale.get(number, "")
    return ""


def take_language(arguments):
    """What --language names, "" where it stands alone, else None; and the other arguments."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--language", nargs="?", const="")
    options, others = parser.parse_known_args(arguments)
    return options.language, others


def lab(arguments):
    named, arguments = take_language(arguments)
    translations = sorted(path.parent.name for path in NOTEBOOKS.glob("*/" + FIRST))
    if named not in [None, "en", *translations]:
        languages = ", ".join(["en", *translations])
        sys.exit(
            say(
                "There is no language '{language}': use one of {languages}.",
                language=named,
                languages=languages,
            )
        )
    notebook = NOTEBOOKS / (named if named in translations else "") / FIRST
    if arguments and arguments[0].endswith(".ipynb"):
        notebook = Path(arguments.pop(0)).resolve()
        if ROOT not in notebook.parents or not notebook.is_file():
            sys.exit(
                say("There is no notebook {notebook} in the course's folder.", notebook=notebook)
            )
    use_a_folder_that_can_be_written()
    set_up("lab")
    # On a shared computer, the kernel of .venv and not one that a learner once installed.
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")
    return run(PYTHON, "-m", "jupyterlab", *places(notebook), *arguments)


def places(notebook):
    """What JupyterLab opens, whatever folders a learner's own settings name."""
    # Named to JupyterLab itself, the notebook's folder would be all that can be opened.
    url = "/lab/tree/" + quote(notebook.relative_to(ROOT).as_posix())
    folders = ["ServerApp.root_dir", "FileContentsManager.root_dir"]
    folders.append("FileContentsManager.preferred_dir")
    return ["--LabApp.default_url=" + url, *("--{}={}".format(name, ROOT) for name in folders)]


def test(arguments):
    set_up("test")
    # loadfile: the cells of a notebook share a kernel, so they must share a worker. Files come in
    # their order, browsers first: by number of tests, the slowest would be left to the end.
    options = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
    return run(PYTHON, "-m", "pytest", *options, *arguments)


def site(arguments):
    set_up("site")
    return run(PYTHON, ROOT / "site" / "build.py", *arguments)


def execute(notebooks):
    files = [os.path.abspath(name) if name.endswith(".ipynb") else name for name in notebooks]
    return python(["-m", "tools", "execute", *files])


def check(names):
    return python(["-m", "tools", "check", *names])


def translated(arguments):
    return python(["-m", "tools", "translated", *arguments])


def python(arguments):
    set_up("test")
    return run(PYTHON, *arguments)


def class_report(arguments):
    set_up("lab")
    # The folder is named from where the caller stands, and need not be the course's.
    return run(PYTHON, ROOT / "tools" / "class_report.py", *arguments, folder=os.getcwd())


COMMANDS = {
    "class": class_report,
    "lab": lab,
    "test": test,
    "site": site,
    "execute": execute,
    "check": check,
    "translated": translated,
    "python": python,
}


def use_a_folder_that_can_be_written():
    """Where there is no home to write in, JupyterLab's own files go to .venv."""
    home = os.path.expanduser("~")
    unset = [name for name in SETTINGS if not os.environ.get(name)]
    if unset and not os.access(home, os.W_OK):
        told = say(
            "Your home folder {home} cannot be written:\n"
            "JupyterLab keeps its own settings in {folder}.",
            home=home,
            folder=VENV / "settings",
        )
        print(told, flush=True)
        keep_settings_apart(unset)


def keep_settings_apart(names):
    """Let programs read and write their settings in .venv, and not in the user's home."""
    for name in names:
        folder = VENV / "settings" / name.lower()
        folder.mkdir(parents=True, exist_ok=True)
        os.environ[name] = str(folder)


def set_up(purpose):
    """Make .venv, unless an earlier run finished the very same one and it is still whole."""
    if finished_for() in (purpose, "test"):
        return
    with open(__file__) as lock:
        wait_for_others(lock)
        found = finished_for()
        if found not in (purpose, "test"):
            print(say("Setting up .venv: this takes a minute or two, once."), flush=True)
            if found:
                STAMP.unlink()  # until the end of the installation, .venv is half made
            else:
                make_venv()
            install(purpose)


def install(purpose):
    pip = [PYTHON, "-m", "pip", "install", "--no-user", "--quiet", "--disable-pip-version-check"]
    pip += ["--no-compile"]  # on one core, what is done on all of them below
    if run(*pip, "--constraint", "constraints.txt", *INSTALL[purpose]) != 0:
        sys.exit(
            say(
                "pip could not install the requirements, for the reason it gives above: if that is "
                "the network, connect (or set pip's proxy or index) and run the same command again."
            )
        )
    # Jupyter's settings: it saves what a learner did, asks nothing about news, exports pictures.
    shutil.copytree(str(ROOT / "jupyter"), str(VENV), dirs_exist_ok=True)
    run(PYTHON, "-W", "ignore", "-m", "compileall", "-qq", "-j", "0", VENV)
    # On its first import matplotlib lists the fonts, and may say so: not in a notebook, then.
    run(PYTHON, "-c", "import matplotlib.font_manager")
    STAMP.write_text(" ".join([fingerprint(), purpose, *packages()]))


def finished_for():
    """The purpose that .venv was made for, or "" where it is missing, damaged or outdated."""
    wanted = fingerprint()
    try:
        made, purpose, *needed = STAMP.read_text().split()
    except (OSError, ValueError):
        return ""
    return purpose if made == wanted and PYTHON.exists() and set(needed) <= packages() else ""


def packages():
    found = VENV.glob("Lib/site-packages/*" if os.name == "nt" else "lib/*/site-packages/*")
    return {path.name for path in found if re.match("[A-Za-z]\\w+$", path.name)}


def wait_for_others(lock):
    """Return once nobody else sets up this folder; the lock ends with its process."""
    try:
        from fcntl import LOCK_EX, LOCK_NB, flock
    except ImportError:
        return  # Windows: two at once are not guarded against
    try:
        flock(lock, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        print(say("Waiting for another set-up of .venv to end."), flush=True)
        flock(lock, LOCK_EX)


def fingerprint():
    """Everything that decides what .venv should hold, and where."""
    files = [(ROOT / name).read_bytes() for name in REQUIREMENTS]
    parts = [sys.version.encode(), str(ROOT).encode(), *files]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def make_venv():
    try:
        import ensurepip, venv  # noqa: E401, F401, I001 (Debian packs ensurepip apart)

        venv.create(str(VENV), clear=True, symlinks=os.name != "nt", with_pip=True)
    except ImportError as missing:
        sys.exit(
            say(
                "This Python lacks its module '{module}': install it (on Debian and Ubuntu with: "
                "sudo apt install python3-venv) and run the same command again.",
                module=missing.name,
            )
        )
    except (subprocess.CalledProcessError, ValueError) as error:
        sys.exit(say("The folder .venv could not be made: {error}", error=error))


def run(*command, folder=ROOT):
    """Run a command in the course's folder and return its exit code; it ends when we do."""
    process = subprocess.Popen([str(part) for part in command], cwd=str(folder))
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            pass  # the command hears Ctrl-C as well, and decides what it means
        except SystemExit:  # we are told to end, and the command is not
            process.terminate()
            process.wait()
            raise


def main(arguments):
    named, others = take_language(arguments)
    if named:
        os.environ["LANGUAGE"] = named
    if not others or others[0] in ("-h", "--help"):
        print(say(__doc__.strip()))
        return 0
    command = arguments[0]
    if command not in COMMANDS:
        return say(
            "There is no command '{command}': use one of {commands}.",
            command=command,
            commands=", ".join(COMMANDS),
        )
    if sys.version_info < (3, 11):
        return say(
            "The course needs Python 3.11 or newer and this is {version}: install one from "
            "python.org, or name one that you have, as in: python3.13 course.py {command} "
            "(on Windows with py -3.13 in place of python3.13)",
            version="{}.{}".format(*sys.version_info),
            command=command,
        )
    # Told to end, or the terminal was closed; Windows does not know the second.
    for number in {signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)}:
        if signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, lambda number, frame: sys.exit(128 + number))
    if command != "lab":  # a notebook's output depends on no one's settings
        keep_settings_apart(SETTINGS)
        for name in MORE_SETTINGS:
            os.environ.pop(name, None)
    return COMMANDS[command](arguments[1:])


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # a path may hold what no terminal shows
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(say("Stopped: the same command starts again from where it can."))
    except OSError as error:
        sys.exit(
            say(
                "The course cannot be used as it is (deleting .venv may help): {error}", error=error
            )
        )
