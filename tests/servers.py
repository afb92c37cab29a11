"""What tests and benchmarks start: servers on loopback, JupyterLab, and the browser."""

import contextlib
import functools
import gzip
import http.server
import io
import os
import secrets
import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from pathlib import Path

import requests

REPOSITORY = Path(__file__).resolve().parents[1]
compressed = functools.cache(gzip.compress)
# Nothing but our own server answers: whatever looks elsewhere fails at once.
NO_LOOK_OUTSIDE = ["--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "--no-pings"]


# What is made in a checkout, and is not in a clone.
MADE = [".git", ".venv", "build", "_site*", "*.egg-info", "__pycache__", ".*_cache", "node_modules"]


def copy_course(folder, *left_out):
    """Copy the course, as a clone has it, but for what has such names; returns the folder."""
    return shutil.copytree(REPOSITORY, folder, ignore=shutil.ignore_patterns(*MADE, *left_out))


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


def own_folders(folder):
    """What tells IPython and Jupyter to keep their files in a folder."""
    names = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    return {name: str(folder / name.lower()) for name in names}


class Jupyter:
    """A Jupyter server for as long as it is wanted, as `command` says; its log is in `folder`."""

    def __init__(self, command, folder, environment):
        port, self.token = free_port(), secrets.token_hex(16)
        self.url = f"http://127.0.0.1:{port}/"
        options = ["--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}"]
        options += ["--port-retries=0", f"--IdentityProvider.token={self.token}"]
        self.process = start([*command, *options], folder, environment, f"{self.url}api")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.ask("api/shutdown", "POST")  # ends the kernels too, on every system
            self.process.wait(20)
        finally:
            self.process.kill()
            self.process.wait()

    def ask(self, path, method="GET"):
        own = {"Authorization": f"token {self.token}"}
        answer = requests.request(method, self.url + path, headers=own, timeout=60)
        answer.raise_for_status()
        return answer


class Files(http.server.SimpleHTTPRequestHandler):
    """A plain file server that compresses texts, as public ones do."""

    protocol_version = "HTTP/1.1"

    def send_head(self):
        path = Path(self.translate_path(self.path))
        if path.suffix not in (".html", ".css", ".js", ".svg") or not path.is_file():
            return super().send_head()
        body = compressed(path.read_bytes())
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return io.BytesIO(body)

    def log_message(self, *arguments):
        pass


@contextlib.contextmanager
def serve(folder):
    """The address of a folder, for as long as it is wanted: below that of the folder above it."""
    handler = functools.partial(Files, directory=folder.parent)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{folder.name}/"
        server.shutdown()
