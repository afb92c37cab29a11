"""The course's commands: python3 course.py lab | test | execute | site

lab [notebook]        open a notebook, or else 01, in JupyterLab, where more arguments go
test [arguments]      run everything that CI runs; the arguments go to pytest
execute [notebooks]   run the notebooks afresh and write them as they are committed
site [--zip] [--live] build the static site, in the folder _site; with Python in the page

Each makes .venv and installs what it needs the first time.
"""

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
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "course-set-up"
REQUIREMENTS = ["requirements.txt", "constraints.txt", "pyproject.toml"]
INSTALL = {
    "lab": ["--requirement", "requirements.txt"],
    "test": ["--requirement", "requirements.txt", "--editable", ".[test,site]"],
    "site": ["--requirement", "requirements.txt", "--editable", ".[site]"],
}


def lab(arguments):
    notebook = ROOT / "notebooks" / "01_logarithms.ipynb"
    if arguments and arguments[0].endswith(".ipynb"):
        notebook = Path(arguments.pop(0)).resolve()
        if ROOT not in notebook.parents or not notebook.is_file():
            sys.exit("There is no notebook {} in the course's folder.".format(notebook))
    set_up("lab")
    # Named to JupyterLab itself, the notebook's folder would be all that can be opened.
    url = "/lab/tree/" + quote(notebook.relative_to(ROOT).as_posix())
    return run(PYTHON, "-m", "jupyterlab", "--LabApp.default_url=" + url, *arguments)


def test(arguments):
    set_up("test")
    # loadfile: the cells of a notebook share a kernel, so they must share a worker. Files come in
    # their order, browsers first: by number of tests, the slowest would be left to the end.
    options = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
    return run(PYTHON, "-m", "pytest", *options, *arguments)


def execute(notebooks):
    set_up("test")
    return run(PYTHON, ROOT / "tests" / "execute.py", *map(os.path.abspath, notebooks))


def site(arguments):
    set_up("site")
    return run(PYTHON, ROOT / "site" / "build.py", *arguments)


COMMANDS = {"lab": lab, "test": test, "execute": execute, "site": site}


def set_up(purpose):
    """Make .venv, unless an earlier run finished the very same one and it is still whole."""
    if finished_for() in (purpose, "test"):
        return
    with open(__file__) as lock:
        wait_for_others(lock)
        found = finished_for()
        if found not in (purpose, "test"):
            print("Setting up .venv: this takes a minute or two, once.", flush=True)
            STAMP.unlink() if found else make_venv()  # until install's end, it is half made
            install(purpose)


def install(purpose):
    pip = [PYTHON, "-m", "pip", "install", "--no-user", "--quiet", "--disable-pip-version-check"]
    pip += ["--no-compile"]  # on one core, what is done on all of them below
    if run(*pip, "--constraint", "constraints.txt", *INSTALL[purpose]) != 0:
        sys.exit(
            "pip could not install the requirements, for the reason it gives above: if that is "
            "the network, connect (or set pip's proxy or index) and run the same command again."
        )
    # JupyterLab's settings: it saves what a learner did, and asks nothing about news.
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


def run(*command):
    """Run a command in the course's folder and return its exit code; it ends when we do."""
    process = subprocess.Popen([str(part) for part in command], cwd=str(ROOT))
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
    return COMMANDS[arguments[0]](arguments[1:])


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("Stopped: the same command starts again from where it can.")
    except OSError as error:
        sys.exit("The course cannot be used as it is (deleting .venv may help): {}".format(error))
