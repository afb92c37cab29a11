"""The course's commands, as in: python3 course.py lab

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


def lab(arguments):
    parser = argparse.ArgumentParser(prog="course.py lab", add_help=False, allow_abbrev=False)
    translations = [path.parent.name for path in NOTEBOOKS.glob("*/" + FIRST)]
    parser.add_argument("--language", default="en", choices=["en", *sorted(translations)])
    options, arguments = parser.parse_known_args(arguments)
    notebook = NOTEBOOKS / ("" if options.language == "en" else options.language) / FIRST
    if arguments and arguments[0].endswith(".ipynb"):
        notebook = Path(arguments.pop(0)).resolve()
        if ROOT not in notebook.parents or not notebook.is_file():
            sys.exit("There is no notebook {} in the course's folder.".format(notebook))
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
        print("Your home folder {} cannot be written:".format(home), flush=True)
        print("JupyterLab keeps its own settings in {}.".format(VENV / "settings"), flush=True)
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
            print("Setting up .venv: this takes a minute or two, once.", flush=True)
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
            "pip could not install the requirements, for the reason it gives above: if that is "
            "the network, connect (or set pip's proxy or index) and run the same command again."
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
        print("Waiting for another set-up of .venv to end.", flush=True)
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
            "This Python lacks its module '{}': install it (on Debian and Ubuntu with: sudo apt "
            "install python3-venv) and run the same command again.".format(missing.name)
        )
    except (subprocess.CalledProcessError, ValueError) as error:
        sys.exit("The folder .venv could not be made: {}".format(error))


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
    if not arguments or arguments[0] in ("-h", "--help"):
        print(__doc__.strip())
        return 0
    if arguments[0] not in COMMANDS:
        return "There is no command '{}': use one of {}.".format(arguments[0], ", ".join(COMMANDS))
    if sys.version_info < (3, 11):
        return (
            "The course needs Python 3.11 or newer and this is {}.{}: install one from python.org, "
            "or name one that you have, as in: python3.13 course.py {}"
        ).format(*sys.version_info[:2], arguments[0])
    # Told to end, or the terminal was closed; Windows does not know the second.
    for number in {signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)}:
        if signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, lambda number, frame: sys.exit(128 + number))
    if arguments[0] != "lab":  # a notebook's output depends on no one's settings
        keep_settings_apart(SETTINGS)
        for name in MORE_SETTINGS:
            os.environ.pop(name, None)
    return COMMANDS[arguments[0]](arguments[1:])


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("Stopped: the same command starts again from where it can.")
    except OSError as error:
        sys.exit("The course cannot be used as it is (deleting .venv may help): {}".format(error))
