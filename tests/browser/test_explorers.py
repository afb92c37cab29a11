"""The explorers in a real JupyterLab: keyboard, hand, finger, two of them, and far away.

test_notebooks.py moves each in its notebook, with a kernel and without, and test_site.py on its
page; here is one of each kind of control. What should be seen after each move is what Python
recorded, and tests/test_explorers.py checks that against the formulas.
"""

import json
from functools import cache

import psutil
import pytest
from matplotlib.text import Text

from helpers import lesson_03
from tests.content import cell_of, functions
from tests.seen import parts_of

from . import driver

EXPLORERS = functions("explore_")
NAMES = list(EXPLORERS)


def lines_in(path):
    """The lines of a notebook's cells."""
    sources = ["".join(cell["source"]) for cell in json.loads(path.read_text("utf-8"))["cells"]]
    return [line.strip() for source in sources for line in source.splitlines()]


def explored_in(path):
    """The explorers that a notebook shows, in order."""
    calls = [line.removeprefix("lesson.") for line in lines_in(path)]
    return [call[:-2] for call in calls if call[-2:] == "()" and call[:-2] in NAMES]


LOOK = """root => {
  const svg = root.querySelector('svg');
  const grip = svg.querySelector('circle');
  const shown = node => getComputedStyle(node).visibility === 'visible';
  const all = (wanted, look) => [...root.querySelectorAll(wanted)].map(look);
  return {
    sentence: root.querySelector('[role=status]').textContent,
    name: svg.getAttribute('aria-label'),
    point: [grip.getAttribute('cx'), grip.getAttribute('cy')],
    texts: [...svg.querySelectorAll('text')].filter(shown).map(text => text.textContent),
    values: all('[role=slider]', thumb => thumb.getAttribute('aria-valuetext')),
    readouts: all('.widget-slider .widget-readout', readout => readout.textContent),
    pressed: all('[aria-pressed=true]', button => button.textContent),
  };
}"""


@cache
def recorded(name):
    """An explorer, and its frames by the controls' values."""
    explorer = EXPLORERS[name]()
    return explorer, {tuple(frame.values.values()): frame for frame in explorer.frames}


class Hand:
    """Moves one explorer in the page, and knows from Python what must be seen then."""

    def __init__(self, page, name, number=0):
        self.page, self.root = page, page.locator(".explorer").nth(number)
        self.root.locator("[role=status]").wait_for()
        self.explorer, self.frames = recorded(name)
        self.values = {name: c.value for name, c in self.explorer.controls.items()}
        self.stops = self.explorer._stops

    @property
    def sliders(self):
        controls = self.explorer.controls.items()
        return [name for name, control in controls if "Slider" in type(control).__name__]

    def label(self, name):
        return self.explorer.controls[name].description

    def frame(self, **values):
        return self.frames[tuple((self.values | values).values())]

    def check(self):
        frame = self.frame()
        for _ in range(20):  # once is enough, but for a machine that is very busy
            seen = self.root.evaluate(LOOK)
            if seen["sentence"] == frame.sentence and seen["values"] == seen["readouts"]:
                break
            self.page.wait_for_timeout(50)
        assert (seen["sentence"], seen["name"]) == (frame.sentence, frame.sentence), seen
        assert seen["values"] == seen["readouts"]
        parts = parts_of(frame)
        point = parts[0]["x"], parts[0]["y"]
        assert [float(place) for place in seen["point"]] == [float(place) for place in point]
        moved = {part["text"] for part in parts if part.get("text")}
        hidden = {p["text"] for p in parts if "text" in p and p["visibility"] == "hidden"}
        assert moved - hidden <= set(seen["texts"])

    def thumb(self, name):
        return self.root.get_by_role("slider", name=self.label(name), exact=True)

    def press(self, name, key):
        """Press a key on a slider: it, the point and the sentence move; the focus does not."""
        self.thumb(name).focus()
        self.press_again(name, key)

    def press_again(self, name, key):
        """Press a key where the focus is: on this slider, and it stays there."""
        self.page.keyboard.press(key)
        stops = self.stops[name]
        place = stops.index(self.values[name])
        place = {"Home": 0, "End": len(stops) - 1}.get(key, place + (key == "ArrowRight"))
        place -= key == "ArrowLeft"
        self.values[name] = stops[min(max(place, 0), len(stops) - 1)]
        focused = self.thumb(name).evaluate("node => node === document.activeElement")
        assert focused, "the focus was lost"
        self.check()

    def press_after_clicks(self):
        """Click the thumb, then the track: each time keys move the slider, and nothing else."""
        name = self.sliders[0]
        track = self.root.locator(".noUi-target").first
        headings = self.page.locator("h1:visible")
        shown = headings.count()
        for place in (self.thumb(name), track):
            place.click()
            for key in ("Home", "ArrowRight", "ArrowRight", "ArrowLeft"):
                self.press_again(name, key)
        assert headings.count() == shown

    def choose(self, name, value):
        group = self.root.get_by_role("group", name=self.label(name), exact=True)
        group.get_by_role("button", name=str(value), exact=True).click()
        self.values[name] = value
        self.check()
        assert str(value) in self.root.evaluate(LOOK)["pressed"]

    def drag(self, place):
        """Drag the point to where it stands at another stop."""
        axis = self.explorer._handle()[0]
        name = list(self.values)[axis]
        target = self.stops[name][place]
        start, end = self.places(self.frame(), self.frame(**{name: target}))
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move(*end, steps=4)
        self.page.mouse.up()
        self.values[name] = target
        self.check()

    def places(self, *frames):
        """Where the point of each frame is in the window, once the picture is in it."""
        picture = self.root.locator("svg")
        picture.evaluate("svg => svg.scrollIntoView({block: 'center', behavior: 'instant'})")
        picture.locator("circle").hover()  # once it stays where it is, and nothing lies over it
        return picture.evaluate(
            """(svg, points) => points.map(point => {
                const {x, y} = new DOMPoint(...point).matrixTransform(svg.getScreenCTM());
                return [x, y];
            })""",
            [[float(parts_of(frame)[0][name]) for name in "xy"] for frame in frames],
        )

    def try_everything(self):
        self.check()
        for name in self.sliders:
            for key in ("ArrowRight", "End", "ArrowLeft", "Home"):
                self.press(name, key)
        self.drag(-3)
        for name in self.values:
            if name not in self.sliders:
                for value in reversed(self.stops[name]):
                    self.choose(name, value)
                    self.press(self.sliders[0], "ArrowRight")


def settled(page):
    """Everything that the page was going to do after what it has just shown."""
    page.evaluate("() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))")


# --- In a notebook of our own --------------------------------------------------------------------

SHOWN = ["explore_loss", "explore_slide_rule", "explore_sigmoid", "explore_loss"]
CELLS = ["# A heading", *(cell_of(EXPLORERS[name]) for name in SHOWN)]


@pytest.fixture(scope="module")
def board(page, lab):
    """A page with explorers that together have every kind of control, the first one twice."""
    driver.open_notebook(
        page, lab, lab.write("explorers.ipynb", *CELLS, cell_of(lesson_03.ask_loss))
    )
    driver.run_all(page)
    page.hands = [Hand(page, name, number) for number, name in enumerate(SHOWN)]
    settled(page)
    return page


def test_keys_in_notebook_7(browser, lab):
    with driver.new_page(browser) as page:
        driver.open_notebook(page, lab, lab.write("keys.ipynb", *CELLS[:2]), place="notebooks")
        driver.run_all(page)
        Hand(page, SHOWN[0]).press_after_clicks()


def test_keys_in_jupyterlab(board):
    board.hands[0].press_after_clicks()


def test_two_of_the_same_move_apart(board):
    first, second = board.hands[0], board.hands[-1]
    first.try_everything()
    second.try_everything()
    first.check()


def test_no_id_is_there_twice(board):
    ids = board.locator(".explorer [id]").evaluate_all("nodes => nodes.map(node => node.id)")
    assert ids and len(ids) == len(set(ids))
    clips = board.locator(".explorer [clip-path]").evaluate_all(
        "nodes => nodes.map(node => node.getAttribute('clip-path').match(/#(.*)\\)/)[1])"
    )
    assert set(clips) <= set(ids)


def test_axe_finds_nothing(board):
    driver.axe_finds_nothing(board, {"include": [[".explorer"]]})


PAINTED = """(node) => {
    const canvas = getComputedStyle(document.body).backgroundColor;
    const style = getComputedStyle(node);
    const edges = ['Top', 'Left'].filter(side => parseFloat(style[`border${side}Width`]) > 0
        && style[`border${side}Style`] !== 'none' && style[`border${side}Color`] !== canvas);
    return edges.length > 0;
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast_themes_show_every_control(board, theme):
    board.emulate_media(forced_colors="active", color_scheme=theme)
    board.locator("form.practice").wait_for()
    parts = ".explorer .noUi-target, .explorer .noUi-handle, .practice, .practice input, button"
    for part in board.locator(".jp-OutputArea").locator(parts).all():
        assert part.evaluate(PAINTED), part.evaluate("node => node.outerHTML.slice(0, 150)")
    colours = board.locator(".explorer button").evaluate_all(
        "all => all.map(button => getComputedStyle(button).backgroundColor)"
    )
    board.emulate_media(forced_colors="none", color_scheme="light")
    assert len(set(colours)) > 1, "a pressed button looks like any other"


def test_words_in_pictures_can_be_read_on_a_phone(board):
    """Those of every explorer: all their pictures are as wide as the first one is there."""
    board.set_viewport_size({"width": 375, "height": 800})
    settled(board)
    width = board.locator(".explorer svg").first.bounding_box()["width"]
    board.set_viewport_size(driver.WINDOW)
    small = {}
    for name in NAMES:
        figure = recorded(name)[0].figure
        points = min(text.get_size() for text in figure.findobj(Text) if text.get_text())
        small[name] = points / 72 / figure.get_figwidth() * width
    assert min(small.values()) >= 9, f"pixels of the smallest letter: {small}"


def test_the_point_can_be_moved_by_finger(board):
    hand = board.hands[0]
    grip, picture = hand.root.locator("circle"), hand.root.locator("svg")
    assert grip.evaluate("node => getComputedStyle(node).touchAction") == "none"
    assert grip.evaluate("node => node.getBoundingClientRect().width") >= 24
    assert picture.evaluate("node => node.style.touchAction") == ""
    hand.press("a", "Home")
    start, end = hand.places(hand.frame(), hand.frame(a=0.9))
    finger = board.context.new_cdp_session(board)
    for kind, places in (("Start", [start]), ("Move", [end]), ("End", [])):
        points = [{"x": x, "y": y} for x, y in places]
        finger.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})
    hand.values["a"] = 0.9
    hand.check()


def test_ten_thousand_moves_leave_nothing_behind(board, lab):
    session = board.context.new_cdp_session(board)
    session.send("HeapProfiler.enable")
    *_, kernel = psutil.Process(lab.process.pid).children(recursive=True)

    def used():
        session.send("HeapProfiler.collectGarbage")
        heap = session.send("Runtime.getHeapUsage")["usedSize"]
        return heap / 1e6, kernel.memory_info().rss / 1e6

    def move(times):
        board.locator(".explorer [role=slider]").first.evaluate(
            """async (thumb, times) => {
                for (let k = 0; k < times; k++) {
                    const key = k % 40 < 20 ? 'ArrowRight' : 'ArrowLeft';
                    thumb.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
                    if (k % 100 === 99) await new Promise(resolve => setTimeout(resolve));
                }
            }""",
            times,
        )
        settled(board)

    move(1000)
    page_before, kernel_before = used()
    move(10_000)
    page_after, kernel_after = used()
    assert page_after - page_before < 5
    assert kernel_after - kernel_before < 5


def test_far_away_and_back(board):
    driver.set_windowing(board, "full")
    last = len(CELLS) - 1
    for index in (last, 1, last, 1):
        driver.show_cell(board, index)
        settled(board)
    board.hands[0].press("a", "Home")
    board.hands[0].try_everything()
    driver.set_windowing(board, "none")


def test_the_cell_run_twice(board):
    count = board.locator(".explorer").count()
    board.evaluate(
        """() => {
            course.panel().content.activeCellIndex = 1;
            return jupyterapp.commands.execute('notebook:run-cell');
        }"""
    )
    board.locator(".explorer [role=status]").nth(count - 1).wait_for()
    settled(board)
    assert board.locator(".explorer").count() == count
    Hand(board, SHOWN[0]).try_everything()
