"""The explorers in a real JupyterLab: keyboard, hand, two of them, and far away.

test_notebooks.py moves each in its notebook, with a kernel and without.

What should be seen after each move is what Python recorded, and tests/test_explorers.py checks
that against the formulas.
"""

import json
from functools import cache

import pytest

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
  return {
    sentence: root.querySelector('[role=status]').textContent,
    name: svg.getAttribute('aria-label'),
    point: [grip.getAttribute('cx'), grip.getAttribute('cy')],
    texts: [...svg.querySelectorAll('text')].filter(shown).map(text => text.textContent),
    values: [...root.querySelectorAll('[role=slider]')].map(t => t.getAttribute('aria-valuetext')),
    pressed: [...root.querySelectorAll('[aria-pressed=true]')].map(b => b.textContent),
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
        self.stops = {
            name: list(dict.fromkeys(frame.values[name] for frame in self.frames.values()))
            for name in self.values
        }

    @property
    def sliders(self):
        return [name for name in self.values if "Slider" in type(self.control(name)).__name__]

    def control(self, name):
        return self.explorer.controls[name]

    def frame(self, **values):
        return self.frames[tuple((self.values | values).values())]

    def check(self):
        frame = self.frame()
        for _ in range(20):  # once is enough, but for a machine that is very busy
            seen = self.root.evaluate(LOOK)
            if seen["sentence"] == frame.sentence:
                break
            self.page.wait_for_timeout(50)
        assert (seen["sentence"], seen["name"]) == (frame.sentence, frame.sentence), seen
        parts = parts_of(frame)
        point = parts[0]["x"], parts[0]["y"]
        assert [float(place) for place in seen["point"]] == [float(place) for place in point]
        moved = {part["text"] for part in parts if part.get("text")}
        hidden = {p["text"] for p in parts if "text" in p and p["visibility"] == "hidden"}
        assert moved - hidden <= set(seen["texts"])

    def press(self, name, key):
        """Press a key on a slider: it, the point and the sentence move; the focus does not."""
        thumb = self.root.get_by_role("slider", name=self.control(name).description, exact=True)
        if not thumb.evaluate("node => node === document.activeElement"):
            thumb.focus()
        self.page.keyboard.press(key)
        stops = self.stops[name]
        place = stops.index(self.values[name])
        place = {"Home": 0, "End": len(stops) - 1}.get(key, place + (key == "ArrowRight"))
        place -= key == "ArrowLeft"
        self.values[name] = stops[min(max(place, 0), len(stops) - 1)]
        assert thumb.evaluate("node => node === document.activeElement"), "the focus was lost"
        self.check()

    def choose(self, name, value):
        control = self.control(name)
        group = self.root.get_by_role("group", name=control.description, exact=True)
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
        return self.root.locator("svg").evaluate(
            """async (svg, points) => {
                const grip = svg.querySelector('circle'), end = performance.now() + 5000;
                let places, top;
                do {  // what the page still scrolls or lays out may move the picture away again
                    svg.scrollIntoView({block: 'center', behavior: 'instant'});
                    await new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)));
                    const matrix = svg.getScreenCTM();
                    places = points.map(p => new DOMPoint(...p).matrixTransform(matrix));
                    top = document.elementFromPoint(places[0].x, places[0].y);
                } while (top !== grip && performance.now() < end);
                if (top !== grip)
                    throw new Error(`over the point lies ${top?.outerHTML.slice(0, 200)}`);
                return places.map(place => [place.x, place.y]);
            }""",
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


@pytest.fixture(scope="module")
def board(page, lab):
    """A page with every explorer, and the first one a second time."""
    lab.write(
        "explorers.ipynb",
        *map(cell_of, [*EXPLORERS.values(), EXPLORERS[NAMES[0]]]),
    )
    driver.open_notebook(page, lab, "explorers.ipynb")
    driver.run_all(page)
    page.locator(".explorer [role=status]").nth(len(NAMES)).wait_for()
    settled(page)
    return page


def test_two_of_the_same_move_apart(board):
    first, second = Hand(board, NAMES[0], 0), Hand(board, NAMES[0], len(NAMES))
    first.try_everything()
    second.check()
    second.try_everything()
    first.check()


def test_no_id_is_there_twice(board):
    ids = board.locator(".explorer [id]").evaluate_all("nodes => nodes.map(node => node.id)")
    assert ids and len(ids) == len(set(ids))
    clips = board.locator(".explorer [clip-path]").evaluate_all(
        "nodes => nodes.map(node => node.getAttribute('clip-path').match(/#(.*)\\)/)[1])"
    )
    assert set(clips) <= set(ids)


def test_a_slider_says_its_value_as_shown(board):
    hand = Hand(board, "explore_loss", NAMES.index("explore_loss"))
    for _ in range(3):
        hand.press("a", "ArrowRight")
    settled(board)
    assert hand.root.evaluate(LOOK)["values"] == [f"{hand.values['a']:.2f}"]


def test_axe_finds_nothing(board):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(board, context={"include": [[".explorer"]]})
    assert found.violations_count == 0, found.generate_report()


def test_words_in_pictures_can_be_read_on_a_phone(board):
    board.set_viewport_size({"width": 375, "height": 800})
    settled(board)
    sizes = board.locator(".explorer svg").evaluate_all(
        """pictures => pictures.map(svg => Math.min(...[...svg.querySelectorAll('text')].map(
            text => parseFloat(getComputedStyle(text).fontSize) * svg.getScreenCTM().a)))"""
    )
    board.set_viewport_size({"width": 1200, "height": 900})
    small = {name: size for name, size in zip([*NAMES, NAMES[0]], sizes) if round(size, 2) < 9}
    assert not small, f"pixels of the smallest letter: {small}"


def test_the_point_can_be_moved_by_finger(board):
    grip = board.locator(".explorer svg circle").first
    assert grip.evaluate("node => getComputedStyle(node).touchAction") == "none"
    assert grip.evaluate("node => node.getBoundingClientRect().width") >= 24
    assert board.locator(".explorer svg").first.evaluate("n => n.style.touchAction") == ""
    hand = Hand(board, "explore_loss", NAMES.index("explore_loss"))
    hand.press("a", "Home")
    start, end = hand.places(hand.frame(), hand.frame(a=0.9))
    finger = board.context.new_cdp_session(board)
    for kind, places in (("Start", [start]), ("Move", [end]), ("End", [])):
        points = [{"x": x, "y": y} for x, y in places]
        finger.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})
    hand.values["a"] = 0.9
    hand.check()


def test_python_moves_the_picture(board):
    hand = Hand(board, "explore_sigmoid", NAMES.index("explore_sigmoid"))
    code = (
        "import gc\n"
        "from helpers.engine.explorer import Explorer\n"
        "for e in gc.get_objects():\n"
        "    if isinstance(e, Explorer) and list(e.controls) == ['z']: e.controls['z'].value = 2.5"
    )
    board.evaluate(
        "code => course.panel().sessionContext.session.kernel.requestExecute({code}).done", code
    )
    hand.values["z"] = 2.5
    hand.check()


def test_ten_thousand_moves_leave_nothing_behind(board):
    session = board.context.new_cdp_session(board)
    session.send("HeapProfiler.enable")
    memory = "import psutil; print(psutil.Process().memory_info().rss)"

    def used():
        session.send("HeapProfiler.collectGarbage")
        heap = session.send("Runtime.getHeapUsage")["usedSize"]
        kernel = board.evaluate(
            """async code => {
                const future = course.panel().sessionContext.session.kernel.requestExecute({code});
                let printed = '';
                future.onIOPub = message => { printed += message.content.text ?? ''; };
                await future.done;
                return Number(printed);
            }""",
            memory,
        )
        return heap / 1e6, kernel / 1e6

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
    last = len(NAMES)
    for index in (last, 0, last, 0):
        driver.show_cell(board, index)
        settled(board)
    hand = Hand(board, NAMES[0], 0)
    before = hand.root.evaluate(LOOK)
    said = {frame.sentence: frame.values for frame in hand.frames.values()}
    hand.values = dict(said[before["sentence"]])
    hand.try_everything()
    driver.set_windowing(board, "none")


def test_the_cell_run_twice(board):
    count = board.locator(".explorer").count()
    board.evaluate(
        """() => {
            course.panel().content.activeCellIndex = 0;
            return jupyterapp.commands.execute('notebook:run-cell');
        }"""
    )
    board.locator(".explorer [role=status]").nth(count - 1).wait_for()
    settled(board)
    assert board.locator(".explorer").count() == count
    Hand(board, NAMES[0], 0).try_everything()
