"""A class on one machine: learners on a JupyterHub.

    python3 course.py python benchmarks/classroom.py [--learners 20] [--within 60]

Starts a real JupyterHub on 127.0.0.1. Every learner logs in, waits for a server of their own, gets
JupyterLab's page and scripts, opens the notebook, runs all its cells, writes a line into it, saves
it and reads it back; nobody leaves before the last has saved. A learner fails whose cells raise an
error or print anything but what is committed; their work is lost if the file on the disk is not
the one that they saved. Memory is USS: what the machine would get back if that process ended.

Needs, beside what course.py installs: jupyterhub (python3 course.py python -m pip install
jupyterhub), and Node's configurable-http-proxy (npm install configurable-http-proxy; in
./node_modules or on the PATH).
"""

import argparse
import contextlib
import importlib.util
import json
import math
import os
import re
import secrets
import shutil
import signal
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import psutil
import requests
import websocket
from jupyter_client.session import Session
from nbformat.v4 import output_from_msg

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.servers import free_port, start  # noqa: E402

LIMIT = 120  # seconds that one step of a learner's may take
NOTEBOOK = "notebooks/04_mini_batch.ipynb"


CONFIGURATION = """
import sys
c.JupyterHub.bind_url = {url!r}
c.JupyterHub.hub_bind_url = {hub_url!r}
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.spawner_class = "simple"
c.JupyterHub.active_server_limit = c.JupyterHub.concurrent_spawn_limit = {learners}
c.JupyterHub.log_level = "WARN"
c.ConfigurableHTTPProxy.command = [{proxy!r}]
c.ConfigurableHTTPProxy.api_url = {proxy_url!r}
c.Authenticator.allow_all = True
c.DummyAuthenticator.password = {password!r}
c.SimpleLocalProcessSpawner.home_dir_template = {folder!r} + "/homes/{{username}}"
c.Spawner.cmd = [sys.executable, "-m", "jupyterhub.singleuser"]
c.Spawner.args = ["--allow-root", "--LabApp.news_url=None"]
c.Spawner.start_timeout = c.Spawner.http_timeout = {limit}
c.Spawner.environment = {{"PYTHONPATH": {course!r}}}
"""


class Hub:
    """A JupyterHub on loopback, all of whose files lie in `folder`."""

    def __init__(self, folder, **values):
        self.url, private, proxy = (f"http://127.0.0.1:{free_port()}/" for _ in range(3))
        self.folder, self.password = folder, secrets.token_hex(16)
        values |= {"url": self.url, "hub_url": private, "proxy_url": proxy, "course": str(ROOT)}
        values |= {"folder": str(folder), "password": self.password, "limit": LIMIT}
        text = CONFIGURATION.format(**values)
        (folder / "jupyterhub_config.py").write_text(text, encoding="utf-8")

    def __enter__(self):
        environment = {name: os.environ[name] for name in os.environ if "JUPYTER" not in name}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # a learner's Python compiles once
        environment["CONFIGPROXY_AUTH_TOKEN"] = secrets.token_hex(16)
        command = [sys.executable, "-m", "jupyterhub"]
        self.process = start(command, self.folder, environment, f"{self.url}hub/api/")
        return self

    def __exit__(self, *_):
        family = self.family()
        try:
            self.process.terminate()  # the hub ends its servers and its proxy
            psutil.wait_procs(family, timeout=20)
        finally:  # even if we are told to stop while we stop
            for process in family:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
            self.process.wait()

    def family(self):
        hub = psutil.Process(self.process.pid)
        return [hub, *hub.children(recursive=True)]

    def memory(self):
        """Megabytes: (server, kernel) for each learner, and the rest (hub and proxy)."""
        sizes = {None: [0, 0]}
        for process in self.family():
            with contextlib.suppress(psutil.NoSuchProcess):
                kernel = "ipykernel" in " ".join(process.cmdline())
                of_one = sizes.setdefault(process.environ().get("JUPYTERHUB_USER"), [0, 0])
                of_one[kernel] += process.memory_full_info().uss / 1e6
        rest = sum(sizes.pop(None))
        return list(sizes.values()), rest

    def log_in(self, name, http):
        """Fill in the log-in form and wait for the server; returns its address."""
        form = http.get(f"{self.url}hub/login", timeout=LIMIT)
        fields = {"username": name, "password": self.password, "_xsrf": http.cookies["_xsrf"]}
        http.post(form.url, data=fields, timeout=LIMIT).raise_for_status()
        for _ in range(2 * LIMIT):
            page = http.get(f"{self.url}user/{name}/lab", timeout=LIMIT)
            if page.ok and "/hub/" not in urlsplit(page.url).path:
                http.headers["X-XSRFToken"] = http.cookies.get("_xsrf", path=f"/user/{name}/")
                return f"{self.url}user/{name}/"
            time.sleep(0.5)
        raise RuntimeError("the server did not start")


class JupyterServer:
    """One notebook on one Jupyter server: open it, run it, save it, read it back."""

    def __init__(self, url, session):
        """`session` is a requests.Session that the server at `url` lets in."""
        self.url, self.http = url, session

    def ask(self, method, path, body=None):
        answer = self.http.request(method, urljoin(self.url, path), json=body, timeout=LIMIT)
        answer.raise_for_status()
        return answer

    def load_lab(self):
        """JupyterLab's page and the scripts it names."""
        for script in re.findall(r'<script[^>]* src="([^"]+)"', self.ask("GET", "lab").text):
            self.ask("GET", script)

    def open(self, path):
        """The notebook's content, and a kernel that answers."""
        notebook = self.ask("GET", f"api/contents/{path}").json()["content"]
        session = {"path": path, "name": path, "type": "notebook", "kernel": {"name": "python3"}}
        kernel = self.ask("POST", "api/sessions", session).json()["kernel"]["id"]
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
        self.ask("PUT", f"api/contents/{path}", body)
        return self.ask("GET", f"api/contents/{path}").json()["content"]


class Learner:
    """One learner, who attends as soon as made, and what was measured or went wrong."""

    def __init__(self, number, wait, hub):
        self.name = f"learner{number:02}"
        self.file = hub.folder / "homes" / self.name / NOTEBOOK
        self.opened = self.ran = self.failure = self.saved = None
        shutil.copytree(ROOT / "notebooks", self.file.parent)
        time.sleep(wait)
        try:
            with requests.Session() as http:
                self.learn(hub, http)
        except Exception as error:  # whatever it is, it is what the learner met
            self.failure = f"{type(error).__name__}: {error}"

    def learn(self, hub, http):
        start = time.perf_counter()
        server = JupyterServer(hub.log_in(self.name, http), http)
        server.load_lab()
        notebook = server.open(NOTEBOOK)
        self.opened = time.perf_counter() - start
        server.run_all(notebook)
        self.ran = time.perf_counter() - start - self.opened
        notebook["cells"][0]["source"] += f"\n\nMy own answer: the loss is {self.name}'s surprise."
        self.saved = words(server.save(NOTEBOOK, notebook))
        server.channels.close()
        if self.saved != words(notebook):
            raise RuntimeError("what was saved is not what was read back")

    def lost(self):
        """Saved, and yet not on the disk."""
        on_disk = json.loads(self.file.read_text(encoding="utf-8"))
        return self.saved is not None and words(on_disk) != self.saved


def words(notebook):
    """What a learner would miss: every cell's source and outputs."""
    cells = [("".join(cell["source"]), cell.get("outputs", [])) for cell in notebook["cells"]]
    return [(source, printed(outputs), len(outputs)) for source, outputs in cells]


def printed(outputs):
    """The words of a cell's outputs: what it printed, and every error."""
    said = [one for one in outputs if one["output_type"] in ("stream", "error")]
    texts = [one["text"] if "text" in one else one["ename"] + one["evalue"] for one in said]
    return "".join("".join(text) for text in texts)


def spread(times):
    """The median, and the nearest rank of the 95th percentile: 95 of 100 took no longer."""
    times = sorted(times) or [math.nan]
    late = times[math.ceil(0.95 * len(times)) - 1]
    return f"{statistics.median(times):.2f} s at the median, {late:.2f} s at the 95th percentile"


def teach(count, within, proxy):
    """Hold the class and print what was measured; returns whether all went well."""
    with tempfile.TemporaryDirectory(prefix="classroom-", ignore_cleanup_errors=True) as folder:
        folder = Path(folder).resolve()
        # In this order: whatever happens, the hub ends first, and the learners with it.
        with ThreadPoolExecutor(count) as threads, Hub(folder, learners=count, proxy=proxy) as hub:
            waits = [within * number / count for number in range(count)]
            learners = list(threads.map(Learner, range(count), waits, [hub] * count))
            sizes, rest = hub.memory()  # of all servers: none has ended
        failed = [learner for learner in learners if learner.failure]
        lost = [learner for learner in learners if learner.lost()]
    print(f"learners          {count}, arriving within {within:.0f} s, on {os.cpu_count()} cores")
    print(f"failures          {len(failed)}, work lost: {len(lost)}")
    print("log in and open  ", spread([one.opened for one in learners if one.opened]))
    print("run all cells    ", spread([one.ran for one in learners if one.ran]))
    if sizes:
        middle, most = statistics.median(map(sum, sizes)), max(map(sum, sizes))
        server, kernel = map(statistics.median, zip(*sizes, strict=True))
        parts = f"(server {server:.0f}, kernel {kernel:.0f})"
        print(f"memory a learner  {middle:.0f} MB at the median {parts}, {most:.0f} MB at most")
    print(f"hub and proxy     {rest:.0f} MB")
    for learner in failed:
        print(f"{learner.name} failed: {learner.failure}")
    return not failed and not lost and len(sizes) == count


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--learners", type=int, default=20)
    parser.add_argument("--within", type=float, default=60, help="seconds in which they arrive")
    options = parser.parse_args()
    places = os.pathsep.join([str(ROOT / "node_modules" / ".bin"), os.environ.get("PATH", "")])
    proxy = shutil.which("configurable-http-proxy", path=places)
    if not (importlib.util.find_spec("jupyterhub") and proxy):
        parser.error("a class needs jupyterhub (pip) and configurable-http-proxy (npm)")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the hub and its servers end too
    return 0 if teach(options.learners, options.within, proxy) else 1


if __name__ == "__main__":
    sys.exit(main())
