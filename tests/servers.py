"""What tests and benchmarks start: servers on loopback, JupyterLab, and the browser."""

import contextlib
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

import requests
import websocket
from jupyter_client.session import Session
from nbformat.v4 import output_from_msg

REPOSITORY = Path(__file__).resolve().parents[1]
LIMIT = 120  # seconds that one step of a JupyterServer may take
# Nothing but our own server answers: whatever looks elsewhere fails at once.
NO_LOOK_OUTSIDE = ["--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "--no-pings"]


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
    """The JupyterServer that `command` starts, for as long as it is wanted."""
    process, url, token = start_jupyter(command, folder, environment)
    session = requests.Session()
    session.headers["Authorization"] = f"token {token}"
    server = JupyterServer(url, session)
    try:
        yield server
        server.api("POST", "shutdown")
        process.wait(20)
    finally:
        process.kill()
        process.wait()


class JupyterServer:
    """One notebook on one Jupyter server: open it, run it, save it, read it back."""

    def __init__(self, url, session):
        """`session` is a requests.Session that the server at `url` lets in."""
        self.url, self.http = url, session

    def ask(self, method, path, body=None):
        answer = self.http.request(method, urljoin(self.url, path), json=body, timeout=LIMIT)
        answer.raise_for_status()
        return answer

    def api(self, method, path, body=None):
        answer = self.ask(method, f"api/{path}", body)
        return answer.json() if answer.content else None

    def load_lab(self):
        """JupyterLab's page and the scripts it names."""
        for script in re.findall(r'<script[^>]* src="([^"]+)"', self.ask("GET", "lab").text):
            self.ask("GET", script)

    def open(self, path):
        """The notebook's content, and a kernel that answers."""
        notebook = self.api("GET", f"contents/{path}")["content"]
        session = {"path": path, "name": path, "type": "notebook", "kernel": {"name": "python3"}}
        kernel = self.api("POST", "sessions", session)["kernel"]["id"]
        address = f"{self.url}api/kernels/{kernel}/channels"
        request = self.http.prepare_request(requests.Request("GET", address))
        headers = {k: v for k, v in request.headers.items() if k in ("Authorization", "Cookie")}
        address = re.sub("^http", "ws", address)
        self.channels = websocket.create_connection(address, LIMIT, header=headers)
        self.run("")
        return notebook

    def run(self, code):
        """Run one cell and return its outputs."""
        request = Session().msg("execute_request", {"code": code, "silent": not code})
        self.channels.send(json.dumps(request | {"channel": "shell"}, default=str))
        outputs, open_ends = [], {"execute_reply", "idle"}
        while open_ends:
            said = self.channels.recv()  # bytes, if they are a widget's, print nothing
            message = json.loads(said) if isinstance(said, str) else {"parent_header": {}}
            if message["parent_header"].get("msg_id") != request["msg_id"]:
                continue
            if message["msg_type"] in ("stream", "display_data", "execute_result", "error"):
                outputs.append(output_from_msg(message))
            open_ends -= {message["msg_type"], message["content"].get("execution_state")}
        return outputs

    def run_all(self, notebook):
        """Run every code cell; the first that does not print what it printed before is an error."""
        cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        for count, cell in enumerate(cells, start=1):
            outputs = self.run("".join(cell["source"]))
            if printed(outputs) != printed(cell["outputs"]):
                raise RuntimeError(f"cell {count}: {printed(outputs)!r:.200}")
            cell.update(outputs=outputs, execution_count=count)

    def save(self, path, notebook):
        """Save, and return what the server then says the file holds."""
        body = {"type": "notebook", "format": "json", "content": notebook}
        self.api("PUT", f"contents/{path}", body)
        return self.api("GET", f"contents/{path}")["content"]


def printed(outputs):
    """The words of a cell's outputs: what it printed, and every error."""
    said = [one for one in outputs if one["output_type"] in ("stream", "error")]
    texts = [one["text"] if "text" in one else one["ename"] + one["evalue"] for one in said]
    return "".join("".join(text) for text in texts)
