"""What tests and benchmarks start: servers on loopback, JupyterLab, and the browser."""

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import requests

REPOSITORY = Path(__file__).resolve().parents[1]
# Nothing but our own server answers: whatever looks elsewhere fails at once.
NO_LOOK_OUTSIDE = ["--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "--no-pings"]


# What is made in a checkout, and is not in a clone.
MADE = [".git", ".venv", "build", "_site*", "*.egg-info", "__pycache__", ".*_cache", "node_modules"]


def copy_course(folder, *left_out):
    """Copy the course, as a clone has it, but for what has such names."""
    shutil.copytree(REPOSITORY, folder, ignore=shutil.ignore_patterns(*MADE, *left_out))


def find_browser():
    """The path of an installed Chromium or Chrome, or None."""
    if named := os.environ.get("CHROMIUM"):
        return shutil.which(named)
    names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
    names += [f"/Applications/{n}.app/Contents/MacOS/{n}" for n in ("Chromium", "Google Chrome")]
    for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        for name in ("Google\\Chrome", "Chromium"):
            names.append(rf"{os.environ.get(variable)}\{name}\Application\chrome.exe")
    return next(filter(None, map(shutil.which, names)), None)


def launch_browser(playwright, path):
    """Start the browser at `path`, without a window and without a look outside."""
    return playwright.chromium.launch(executable_path=path, args=NO_LOOK_OUTSIDE)


def run(*command, **options):
    """Run a command to its end and return what it prints; it must succeed."""
    options = {"capture_output": True, "encoding": "utf-8", "timeout": 600} | options
    result = subprocess.run(command, **options)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout + result.stderr


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def start(command, folder, environment, address):
    """Start a server in `folder`; return its process as soon as it answers at `address`."""
    log = folder / "server.log"
    with log.open("wb") as words:
        to_log = {"stdin": subprocess.DEVNULL, "stdout": words, "stderr": subprocess.STDOUT}
        process = subprocess.Popen(command, cwd=folder, env=environment, **to_log)
    try:
        end = time.monotonic() + 60
        while time.monotonic() < end and process.poll() is None:
            try:
                urllib.request.urlopen(address, timeout=10).close()
                return process
            except OSError:
                time.sleep(0.1)
        said = log.read_text(encoding="utf-8", errors="replace")[-3000:]
        raise RuntimeError(f"{command} did not start:\n{said}")
    except BaseException:
        process.terminate()
        process.wait(20)
        raise


def start_lab(folder, root):
    """Start JupyterLab on `root`, its own files in `folder`: its process, address and token."""
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    for variable in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        environment[variable] = str(folder / variable.lower())
    command = [
        *(sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={root}"),
        *(f"--{app}.expose_app_in_browser=True" for app in ("LabApp", "JupyterNotebookApp")),
        *(f"--LabApp.{place}_dir={folder}/{place}" for place in ("user_settings", "workspaces")),
        "--LabApp.extension_manager=readonly",
    ]
    return start_jupyter(command, folder, environment)


def start_jupyter(command, folder, environment):
    """Start what `command` calls a Jupyter server: its process, address and token."""
    port, token = free_port(), secrets.token_hex(16)
    url = f"http://127.0.0.1:{port}/"
    options = ["--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}"]
    options += ["--port-retries=0", f"--IdentityProvider.token={token}"]
    return start([*command, *options], folder, environment, f"{url}api"), url, token


@contextlib.contextmanager
def jupyter(command, folder, environment):
    """Start it for as long as it is wanted; a function that asks it for what is at a path."""
    process, url, token = start_jupyter(command, folder, environment)

    def ask(path, method="GET"):
        own = {"Authorization": f"token {token}"}
        answer = requests.request(method, url + path, headers=own, timeout=60)
        answer.raise_for_status()
        return answer

    try:
        yield ask
        ask("api/shutdown", "POST")
        process.wait(20)
    finally:
        process.kill()
        process.wait()
