"""A class on one machine: learners on a JupyterHub, then readers of the static site.

    python3 benchmarks/classroom.py
    python3 benchmarks/classroom.py --learners 20 --within 0       (all at once)
    python3 benchmarks/classroom.py --site _site                   (and readers of that folder)

Starts a real JupyterHub on 127.0.0.1. Every learner logs in, waits for a server of their own, gets
JupyterLab's page and scripts, opens the notebook, runs all its cells, writes a line into it, saves
it and reads it back; nobody leaves before the last has saved. A learner fails whose cells raise an
error or print anything but what is committed; their work is lost if the file on the disk is not
the one that they saved. Memory is USS: what the machine would get back if that process ended.

Then a plain file server, that of Python itself, hands the site to many readers at once; each
loads pages with their scripts, styles and pictures over up to six connections, as browsers do.

Needs, beside what the course installs: pip install jupyterhub, and Node's configurable-http-proxy
(npm install configurable-http-proxy; in ./node_modules, on the PATH, or named with --proxy).
"""

import argparse
import asyncio
import contextlib
import functools
import http.server
import importlib.util
import json
import math
import multiprocessing
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CONNECTIONS = 6  # of a browser to one host
WORK = "My own answer: the loss is the surprise of {}."


# ---- A learner's Jupyter server, as JupyterLab speaks to it ---------------------------------


class JupyterServer:
    """One notebook on one Jupyter server: open it, run it, save it, read it back."""

    def __init__(self, url, session, timeout=120):
        """`session` is a requests.Session that the server at `url` lets in."""
        self.url, self.http, self.timeout = url, session, timeout

    def api(self, method, path, body=None):
        answer = self.http.request(method, f"{self.url}api/{path}", json=body, timeout=self.timeout)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def load_lab(self):
        """JupyterLab's page and the scripts it names; returns the bytes."""
        page = self.http.get(f"{self.url}lab", timeout=self.timeout)
        page.raise_for_status()
        size = len(page.content)
        for script in re.findall(r'<script[^>]* src="([^"]+)"', page.text):
            answer = self.http.get(urllib.parse.urljoin(page.url, script), timeout=self.timeout)
            answer.raise_for_status()
            size += len(answer.content)
        return size

    def open(self, path):
        """The notebook's content, and a kernel that answers."""
        import websocket

        notebook = self.api("GET", f"contents/{path}")["content"]
        session = {"path": path, "name": path, "type": "notebook", "kernel": {"name": "python3"}}
        kernel = self.api("POST", "sessions", session)["kernel"]["id"]
        prepared = self.http.prepare_request(
            self.request("GET", f"{self.url}api/kernels/{kernel}/channels")
        )
        headers = {k: v for k, v in prepared.headers.items() if k in ("Authorization", "Cookie")}
        self.channels = websocket.create_connection(
            re.sub("^http", "ws", prepared.url), header=headers, timeout=self.timeout
        )
        self.run("")
        return notebook

    @staticmethod
    def request(method, url):
        import requests

        return requests.Request(method, url)

    def run(self, code):
        """Run one cell and return its outputs."""
        header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "version": "5.3"}
        header |= {"session": "classroom", "username": "", "date": "2026-01-01T00:00:00Z"}
        message = {"channel": "shell", "header": header, "parent_header": {}, "metadata": {}}
        message["content"] = {"code": code, "silent": not code, "store_history": bool(code)}
        message["content"] |= {"allow_stdin": False, "stop_on_error": True}
        self.channels.send(json.dumps(message))
        outputs, open_ends = [], {"execute_reply", "idle"}
        while open_ends:
            message = json.loads(self.channels.recv())
            if message["parent_header"].get("msg_id") != header["msg_id"]:
                continue
            kind, content = message["header"]["msg_type"], message["content"]
            if kind in ("stream", "display_data", "execute_result", "error"):
                content.pop("transient", None)
                outputs.append({"output_type": kind, **content})
            open_ends -= {kind, content.get("execution_state")}
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

    def close(self):
        self.channels.close()


def printed(outputs):
    """The words of a cell's outputs: what it printed, and every error."""
    texts = [
        "".join(output["text"] if "text" in output else output["ename"] + output["evalue"])
        for output in outputs
        if output["output_type"] in ("stream", "error")
    ]
    return "".join(texts)


# ---- The hub --------------------------------------------------------------------------------

CONFIGURATION = """
import os, sys
c.JupyterHub.bind_url = {url!r}
c.JupyterHub.hub_bind_url = {hub_url!r}
c.JupyterHub.db_url = "sqlite:///hub.sqlite"
c.JupyterHub.cookie_secret_file = {folder!r} + "/cookie_secret"
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.spawner_class = "simple"
c.JupyterHub.active_server_limit = {learners}
c.JupyterHub.concurrent_spawn_limit = {learners}
c.JupyterHub.log_level = "WARN"
c.ConfigurableHTTPProxy.command = {proxy!r}
c.ConfigurableHTTPProxy.api_url = {proxy_url!r}
c.ConfigurableHTTPProxy.pid_file = {folder!r} + "/proxy.pid"
c.Authenticator.allow_all = True
c.Authenticator.username_pattern = "learner[0-9]+"
c.DummyAuthenticator.password = {password!r}
c.SimpleLocalProcessSpawner.home_dir_template = {folder!r} + "/homes/{{username}}"
c.Spawner.cmd = [sys.executable, "-m", "jupyterhub.singleuser"]
c.Spawner.args = ["--allow-root", "--LabApp.news_url=None"]
c.Spawner.default_url = "/lab"
c.Spawner.start_timeout = c.Spawner.http_timeout = {limit}
c.Spawner.environment = {{"PYTHONPATH": {course!r}}}
"""


def free_ports(count):
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


class Hub:
    """A JupyterHub on loopback, all of whose files lie in `folder`."""

    def __init__(self, folder, options):
        public, private, proxy = (f"http://127.0.0.1:{port}/" for port in free_ports(3))
        self.url, self.folder, self.password = public, folder.resolve(), uuid.uuid4().hex
        (folder / "jupyterhub_config.py").write_text(
            CONFIGURATION.format(
                url=public,
                hub_url=private,
                proxy_url=proxy,
                folder=str(self.folder),
                learners=options.learners,
                proxy=[options.proxy],
                password=self.password,
                limit=options.limit,
                course=str(ROOT),
            ),
            encoding="utf-8",
        )
        self.log = open(folder / "hub.log", "wb")

    def __enter__(self):
        environment = {name: os.environ[name] for name in os.environ if "JUPYTER" not in name}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # a learner's Python compiles once
        environment["CONFIGPROXY_AUTH_TOKEN"] = uuid.uuid4().hex
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub"],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=subprocess.STDOUT,
        )
        try:
            self.wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def wait(self):
        import requests

        for _ in range(600):
            if self.process.poll() is not None:
                break
            with contextlib.suppress(requests.ConnectionError):
                if requests.get(f"{self.url}hub/api/", timeout=10).ok:
                    return
            time.sleep(0.1)
        self.log.flush()
        raise RuntimeError("JupyterHub did not start:\n" + self.last_words())

    def last_words(self):
        return (self.folder / "hub.log").read_text(encoding="utf-8", errors="replace")[-3000:]

    def __exit__(self, *_):
        import psutil

        family = self.family()
        try:
            self.process.terminate()  # the hub ends its servers and its proxy
            psutil.wait_procs(family, timeout=20)
        finally:  # even if we are told to stop while we stop
            for process in family:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
            self.process.wait()
            self.log.close()

    def family(self):
        import psutil

        with contextlib.suppress(psutil.NoSuchProcess):
            hub = psutil.Process(self.process.pid)
            return [hub, *hub.children(recursive=True)]
        return []

    def log_in(self, name, http, limit):
        """Fill in the log-in form and wait for the server; returns its address."""
        form = http.get(f"{self.url}hub/login", timeout=limit)
        fields = {"username": name, "password": self.password, "_xsrf": http.cookies["_xsrf"]}
        http.post(form.url, data=fields, timeout=limit).raise_for_status()
        end = time.monotonic() + limit
        while time.monotonic() < end:
            page = http.get(f"{self.url}user/{name}/lab", timeout=limit)
            if page.ok and "/hub/" not in urllib.parse.urlsplit(page.url).path:
                for cookie in http.cookies:
                    if cookie.name == "_xsrf" and cookie.path == f"/user/{name}/":
                        http.headers["X-XSRFToken"] = cookie.value
                return f"{self.url}user/{name}/"
            time.sleep(0.5)
        raise RuntimeError("the server did not start")


# ---- A class --------------------------------------------------------------------------------


class Learner:
    def __init__(self, number, hub, options):
        self.name, self.hub, self.options = f"learner{number:02}", hub, options
        self.delay = options.within * (number - 1) / options.learners
        self.path = f"notebooks/{options.notebook.name}"
        self.folder = hub.folder / "homes" / self.name
        shutil.copytree(ROOT / "notebooks", self.folder / "notebooks")
        self.opened = self.ran = self.failure = self.saved = None

    def attend(self, everybody):
        import requests

        time.sleep(self.delay)
        try:
            with requests.Session() as http:
                self.learn(http)
        except Exception as error:  # whatever it is, it is what the learner met
            self.failure = f"{type(error).__name__}: {error}"
        everybody.wait()

    def learn(self, http):
        start = time.perf_counter()
        url = self.hub.log_in(self.name, http, self.options.limit)
        server = JupyterServer(url, http, self.options.limit)
        server.load_lab()
        notebook = server.open(self.path)
        self.opened = time.perf_counter() - start
        start = time.perf_counter()
        server.run_all(notebook)
        self.ran = time.perf_counter() - start
        notebook["cells"][0]["source"] += "\n\n" + WORK.format(self.name)
        self.saved = server.save(self.path, notebook)["cells"]
        server.close()
        if words(self.saved) != words(notebook["cells"]):
            raise RuntimeError("what was saved is not what was read back")

    @property
    def lost(self):
        """Saved, and yet not on the disk."""
        if self.saved is None:
            return False
        on_disk = json.loads((self.folder / self.path).read_text(encoding="utf-8"))
        return words(on_disk["cells"]) != words(self.saved)


def words(cells):
    """What a learner would miss: every cell's source and outputs."""
    return [
        ("".join(cell["source"]), printed(cell.get("outputs", [])), len(cell.get("outputs", [])))
        for cell in cells
    ]


def memory(hub):
    """Megabytes: (server, kernel) for each learner, and the rest (hub and proxy)."""
    import psutil

    learners, rest = {}, 0
    for process in hub.family():
        with contextlib.suppress(psutil.NoSuchProcess):
            size = process.memory_full_info().uss / 1e6
            command = " ".join(process.cmdline())
            name = process.environ().get("JUPYTERHUB_USER")
            if not name:
                rest += size
                continue
            kernel = "ipykernel" in command
            learners.setdefault(name, [0, 0])[kernel] += size
    return list(learners.values()), rest


def percentile_95(values):
    """The nearest rank: 95 of 100 took no longer."""
    return sorted(values)[math.ceil(0.95 * len(values)) - 1] if values else math.nan


def teach(options):
    """Hold the class and print what was measured; returns whether all went well."""
    with tempfile.TemporaryDirectory(prefix="classroom-", ignore_cleanup_errors=True) as folder:
        # In this order: whatever happens, the hub ends first, and the learners with it.
        with ThreadPoolExecutor(options.learners) as threads, Hub(Path(folder), options) as hub:
            learners = [Learner(n + 1, hub, options) for n in range(options.learners)]
            everybody = threading.Barrier(options.learners + 1)
            for learner in learners:
                threads.submit(learner.attend, everybody)
            try:
                with contextlib.suppress(threading.BrokenBarrierError):
                    everybody.wait(options.within + 4 * options.limit)
                sizes, rest = memory(hub)
            finally:
                everybody.abort()
        failed = [learner for learner in learners if learner.failure]
        lost = [learner for learner in learners if learner.lost]
    pace = f"within {options.within:.0f} s" if options.within else "at once"
    print(f"learners          {len(learners)}, arriving {pace}, on {os.cpu_count()} cores")
    print(f"notebook          {options.notebook.name}")
    print(f"failures          {len(failed)}")
    print(f"work lost         {len(lost)}")
    for name, times in [
        ("log in and open", [one.opened for one in learners if one.opened]),
        ("run all cells", [one.ran for one in learners if one.ran]),
    ]:
        print(
            f"{name:18}{statistics.median(times or [math.nan]):.1f} s at the median, "
            f"{percentile_95(times):.1f} s at the 95th percentile"
        )
    if sizes:
        totals = [server + kernel for server, kernel in sizes]
        server, kernel = (statistics.median(column) for column in zip(*sizes, strict=True))
        print(
            f"memory a learner  {statistics.median(totals):.0f} MB at the median (server "
            f"{server:.0f}, kernel {kernel:.0f}), {max(totals):.0f} MB at most"
        )
    print(f"hub and proxy     {rest:.0f} MB")
    for learner in failed:
        print(f"{learner.name} failed: {learner.failure}")
    return not failed and not lost and len(sizes) == len(learners)


# ---- Readers of the static site -------------------------------------------------------------


class FileServer(http.server.ThreadingHTTPServer):
    """Python's own file server, with a longer queue than five at its door."""

    request_queue_size = 1000
    daemon_threads = True


class Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass


def serve(folder, port):
    handler = functools.partial(Handler, directory=folder)
    FileServer(("127.0.0.1", port), handler).serve_forever()


async def fetch(port, paths, timeout):
    """Get one path after the other over one connection; returns the bodies."""
    reader, writer = await asyncio.wait_for(asyncio.open_connection("127.0.0.1", port), timeout)
    bodies = []
    try:
        for path in paths:
            async with asyncio.timeout(timeout):
                writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                status, length = (
                    head.split("\r\n")[0],
                    re.search(r"(?i)content-length: (\d+)", head),
                )
                bodies.append(await reader.readexactly(int(length[1])))
            if " 200 " not in status:
                raise OSError(f"{path}: {status}")
    finally:
        writer.close()
    return bodies


def files_of(page, text):
    """The files of the site that a page loads."""
    found = re.findall(r'<(?:script|img)\b[^>]*\bsrc="([^"]+)"', text)
    found += re.findall(r'<link\b[^>]*rel="(?:stylesheet|preload|icon)"[^>]*href="([^"]+)"', text)
    found += re.findall(r'<link\b[^>]*href="([^"]+)"[^>]*rel="(?:stylesheet|preload|icon)"', text)
    urls = [urllib.parse.urlsplit(urllib.parse.urljoin(page, link)) for link in found]
    return {url.path for url in urls if not url.scheme and not url.netloc}


async def read(port, pages, delay, options, seen):
    """One reader: page after page, with what each loads and the reader has not loaded before."""
    await asyncio.sleep(delay)
    had = set()
    for page in pages:
        start = time.perf_counter()
        try:
            [text] = await fetch(port, [page], options.limit)
            files = sorted(files_of(page, text.decode()) - had)
            had.update(files)
            shares = [share for n in range(CONNECTIONS) if (share := files[n::CONNECTIONS])]
            bodies = await asyncio.gather(*(fetch(port, s, options.limit) for s in shares))
        except (OSError, EOFError, TimeoutError) as error:
            seen["failures"].append(f"{type(error).__name__}: {error}")
            continue
        seen["requests"] += 1 + len(files)
        seen["bytes"] += len(text) + sum(len(body) for share in bodies for body in share)
        seen["times"].append(time.perf_counter() - start)


async def read_together(port, pages, options):
    seen = {"failures": [], "requests": 0, "bytes": 0, "times": []}
    readers = []
    for number in range(options.readers):
        turned = [pages[(number + k) % len(pages)] for k in range(min(options.pages, len(pages)))]
        delay = options.readers_within * number / options.readers
        readers.append(read(port, turned, delay, options, seen))
    start = time.perf_counter()
    await asyncio.gather(*readers)
    seen["seconds"] = time.perf_counter() - start
    return seen


def publish(options):
    """Serve the site to its readers and print what was measured; returns whether all went well."""
    pages = [
        "/" + path.relative_to(options.site).as_posix()
        for path in sorted(options.site.rglob("*.html"))
        if path.name not in ("search.html", "genindex.html")
    ]
    [port] = free_ports(1)
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(options.site, port))
    server.start()
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.1)
        seen = asyncio.run(read_together(port, pages, options))
    finally:
        server.kill()
        server.join()
    pace = f"within {options.readers_within:.0f} s" if options.readers_within else "at once"
    print(f"readers           {options.readers}, arriving {pace}, of {len(pages)} pages")
    print(f"failures          {len(seen['failures'])}")
    print(
        f"throughput        {len(seen['times']) / seen['seconds']:.0f} pages/s, "
        f"{seen['requests'] / seen['seconds']:.0f} requests/s, "
        f"{seen['bytes'] / seen['seconds'] / 1e6:.0f} MB/s"
    )
    times = seen["times"] or [math.nan]
    print(
        f"load a page       {statistics.median(times):.2f} s at the median, "
        f"{percentile_95(times):.2f} s at the 95th percentile"
    )
    for failure in sorted(set(seen["failures"]))[:5]:
        print(failure)
    return not seen["failures"]


# ---- The command ----------------------------------------------------------------------------


def what_is_missing(options):
    needs = {"jupyterhub": "jupyterhub", "requests": "requests", "psutil": "psutil"}
    needs |= {"websocket": "websocket-client", "jupyterlab": "jupyterlab", "ipykernel": "ipykernel"}
    for module, package in needs.items():
        if importlib.util.find_spec(module) is None:
            yield f"the Python package {package}: pip install {package}"
    if options.proxy is None:
        yield "configurable-http-proxy: npm install configurable-http-proxy"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--learners", type=int, default=20, help="0 for readers only")
    parser.add_argument("--within", type=float, default=60, help="seconds in which they arrive")
    parser.add_argument("--notebook", type=Path, default=ROOT / "notebooks" / "04_mini_batch.ipynb")
    parser.add_argument("--site", type=Path, help="a folder of HTML pages")
    parser.add_argument("--readers", type=int, default=200)
    parser.add_argument("--readers-within", type=float, default=0, help="seconds; 0: all at once")
    parser.add_argument("--pages", type=int, default=3, help="pages that a reader reads")
    parser.add_argument("--limit", type=float, default=120, help="seconds that one step may take")
    parser.add_argument("--proxy", help="the command configurable-http-proxy")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the hub and its servers end too
    if options.proxy is None:
        places = os.pathsep.join([str(ROOT / "node_modules" / ".bin"), os.environ.get("PATH", "")])
        options.proxy = shutil.which("configurable-http-proxy", path=places)
    well = True
    if options.learners:
        missing = list(what_is_missing(options))
        for line in missing:
            print(f"missing: {line}")
        well = teach(options) if not missing else False
    if options.site:
        if not (options.site / "index.html").is_file():
            parser.error(f"{options.site} holds no index.html")
        well = publish(options) and well
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
