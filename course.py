"""The course's commands: python3 course.py lab | test | execute | site

lab [arguments]       open notebook 01 in JupyterLab; the arguments go to JupyterLab
test [arguments]      run everything that CI runs; the arguments go to pytest
execute [notebooks]   run the notebooks afresh and write them as they are committed
site [--zip]          build the static site, in the folder _site

Each makes .venv and installs what it needs the first time.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

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
    set_up("lab")
    options = ["--LabApp.default_url=/lab/tree/notebooks/01_logarithms.ipynb"]
    options += ["--LabApp.news_url=None"]  # no question about news before the first lesson
    return run(PYTHON, "-m", "jupyterlab", *options, *arguments)


def test(arguments):
    set_up("test")
    # loadfile: the cells of a notebook share a kernel, so they must share a worker.
    return run(PYTHON, "-m", "pytest", "-n", "2", "--dist", "loadfile", *arguments)


def execute(notebooks):
    set_up("test")
    return run(PYTHON, ROOT / "tests" / "execute.py", *map(os.path.abspath, notebooks))


def site(arguments):
    set_up("site")
    return run(PYTHON, ROOT / "site" / "build.py", *arguments)


COMMANDS = {"lab": lab, "test": test, "execute": execute, "site": site}


def set_up(purpose):
    """Make .venv, unless an earlier run finished the very same one."""
    wanted = fingerprint()
    finished = STAMP.read_text().split() if STAMP.exists() else []
    if finished in ([wanted, "test"], [wanted, purpose]):
        return
    print("Setting up .venv: this takes a minute or two, once.", flush=True)
    if finished:
        STAMP.unlink()  # from here to the last line, .venv counts as half made
    if finished[:1] != [wanted]:
        make_venv()
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    pip += ["--no-compile"]  # on one core, what is done on all of them below
    if run(*pip, "--constraint", "constraints.txt", *INSTALL[purpose]) != 0:
        sys.exit(
            "pip could not install the requirements, for the reason it gives above: if that is "
            "the network, connect (or set pip's proxy or index) and run the same command again."
        )
    run(PYTHON, "-m", "compileall", "-qq", "-j", "0", VENV)
    # On its first import matplotlib lists the fonts, and may say so: not in a notebook, then.
    run(PYTHON, "-c", "import matplotlib.font_manager")
    STAMP.write_text(wanted + " " + purpose)


def fingerprint():
    """Everything that decides what .venv should hold, and where."""
    parts = [sys.version.encode(), str(ROOT).encode()]
    parts += [(ROOT / name).read_bytes() for name in REQUIREMENTS]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def make_venv():
    try:
        import ensurepip  # noqa: F401 (venv needs it, and Debian packs it apart)
        import venv

        venv.create(str(VENV), clear=True, symlinks=os.name != "nt", with_pip=True)
    except ImportError as missing:
        sys.exit(
            "This Python lacks its module '{}': install it (on Debian and Ubuntu with: sudo apt "
            "install python3-venv) and run the same command again.".format(missing.name)
        )
    except subprocess.CalledProcessError as error:
        sys.exit("The folder .venv could not be made, because {}".format(error))


def run(*command):
    """Run a command in the course's folder and return its exit code."""
    process = subprocess.Popen([str(part) for part in command], cwd=str(ROOT))
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            pass  # the command hears Ctrl-C as well, and decides what it means


def main(arguments):
    if not arguments or arguments[0] in ("-h", "--help"):
        print(__doc__.strip())
        return 0
    if arguments[0] not in COMMANDS:
        known = ", ".join(COMMANDS)
        return "There is no command '{}': use one of {}.".format(arguments[0], known)
    if sys.version_info < (3, 11):
        return (
            "The course needs Python 3.11 or newer and this is {}.{}: install one from python.org, "
            "or name one that you have, as in: python3.13 course.py {}".format(
                sys.version_info[0], sys.version_info[1], arguments[0]
            )
        )
    return COMMANDS[arguments[0]](arguments[1:])


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("Stopped: the same command starts again from where it can.")
    except OSError as error:
        sys.exit("The course's folder cannot be used as it is: {}".format(error))
