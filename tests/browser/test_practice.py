"""Answer boxes, black boxes and Be the model in a real JupyterLab, with the kernel stopped.

What the page says must be what the oracle says (tests/judge.py).
"""

import json
import math
import random

import numpy as np
import pytest

from helpers import lesson_04, lesson_07
from helpers.engine.boxes import progress
from tests.content import cell_of, functions
from tests.judge import SETUP, SHIPPED, SOURCES, judge

from . import driver

QUESTIONS = functions("ask_")
ASKS = list(QUESTIONS)
JUNK = ["", " ", "a third", "0.2.8", "1,000.5", "1/0", "nan", "inf", "1e999", "２x", "1 + 1", "."]
WELL = ["½", "０．２８", "1/3", "28 %", "\N{MINUS SIGN}0,7", " - 7 ", ".5", "5.", "1E-3", "1/-4"]
ANOTHER = """from helpers.engine.boxes import AnswerBox, another

@another(5, 7)
def ask_double(x: float = 3):
    return AnswerBox("Twice {x}?", 2 * x, {"{typed} is {x}.": x}, ["Hint."], numbers={"x": x})

ask_double()"""
SAID = "[...node.querySelectorAll('span')].map(span => span.textContent.replaceAll('\\u00a0', ' '))"


def said(part):
    """The sentences of a reply."""
    return part.evaluate(f"node => {SAID}")


def status(part):
    return said(part.get_by_role("status"))


@pytest.fixture(scope="module")
def board(page, lab):
    """A page with every question, every exhibit and the game; its kernel is stopped."""
    name = lab.write(
        "practice.ipynb",
        SETUP,
        *map(cell_of, QUESTIONS.values()),
        *SOURCES,
        "lesson.score()",
        cell_of(lesson_04.be_the_model),
        ANOTHER,
        "'below'",
    )
    driver.open_notebook(page, lab, name)
    driver.run_all(page)
    for kind, count in (("form", len(ASKS) + 1), ("table", len(SHIPPED)), ("ol", 1)):
        found = page.locator(f".practice {kind}, {kind}.practice")
        found.nth(count - 1).wait_for(state="attached")
    driver.kill_kernel(page)
    return page


def box(page, ask):
    return page.locator("form.practice").nth(ASKS.index(ask))


def exhibit(page, number):
    return page.locator("div.practice:has(table)").nth(list(SHIPPED).index(number))


def bets(page):
    return page.locator("div.practice:has(ol)")


# Type these texts in one box, in turn, and say what it answers each time.
TYPE = f"""(form, rows) => {{
    const inputs = [...form.querySelectorAll('input')];
    const node = form.querySelector('[role=status]');
    return rows.map(texts => {{
        inputs.forEach((input, k) => {{ input.value = texts[k]; }});
        form.requestSubmit();
        return [form.dataset.state, {SAID}];
    }});
}}"""


def texts_for(ask):
    """Right answers, slips, junk, an empty field, and random numbers near and far."""
    told, chance = QUESTIONS[ask]().content, random.Random(ask)
    right, fields = told["right"], len(told["fields"])
    rows = [[f"{v:.3f}" for v in right], [f"{v:.4f}".replace(".", ",") for v in told["exact"]]]
    rows += [[f"{100 * v:.3f} %" for v in right], [repr(v) for v in told["exact"]]]
    rows += [[f"{v:.3f}" for v in values] for values, _ in told["slips"]]
    rows += [[text] * fields for text in JUNK + WELL]
    rows += [["1"] * k + [" "] + ["1"] * (fields - k - 1) for k in range(fields)]
    for _ in range(200 if ask in ("ask_cost", "ask_gradient_for_w") else 20):
        wide, places = 10 ** chance.uniform(-4, 3), chance.randint(0, 5)
        rows.append([f"{v + chance.uniform(-wide, wide):.{places}f}" for v in right])
    return rows


@pytest.mark.parametrize("ask", ASKS)
def test_a_box_says_what_the_oracle_says(board, ask):
    rows, python, tries = texts_for(ask), QUESTIONS[ask](), 0
    replies = box(board, ask).evaluate(TYPE, rows)
    for texts, (state, sentences) in zip(rows, replies):
        assert (state, sentences) == judge(python, *texts, tries=tries), texts
        tries += state == "not yet"
    assert {state for state, _ in replies} == {"right", "not yet", "not attempted"}


def test_by_keyboard_alone(board):
    """Typed, sent with Enter, corrected, sent with the button; focus stays where it is."""
    board.evaluate("course.panel().content.mode = 'command'")
    part, python = box(board, "ask_cost"), lesson_04.ask_cost()
    field, button = part.get_by_role("textbox"), part.get_by_role("button").first
    field.focus()
    for typed, keys in (("1.155", ["Enter"]), ("0,385", ["Tab", "Space", "Shift+Tab"])):
        board.keyboard.press("Control+a")
        board.keyboard.type(typed)
        for key in keys:
            board.keyboard.press(key)
        assert status(part) == judge(python, typed)[1]
        assert field.evaluate("node => node === document.activeElement")
    assert button.is_visible()


def test_another_one(board):
    """It appears when one is answered or after the third wrong try, and keeps what was said."""
    part = board.locator("form.practice").nth(len(ASKS))
    field, another = part.get_by_role("textbox"), part.get_by_role("button").nth(1)

    def send(typed):
        field.fill(typed)
        field.press("Enter")
        return part.get_attribute("data-state"), another.is_visible()

    def shown():
        return part.locator(".question").inner_text(), field.input_value(), len(status(part))

    assert shown() == ("Twice 3?", "", 0) and not another.is_visible()
    assert send("ln 2") == ("not attempted", False)
    assert [send(typed) for typed in "379"] == [("not yet", k == 2) for k in range(3)]
    another.press("Enter")
    assert shown() == ("Twice 5?", "", 0) and not another.is_visible()
    assert field.evaluate("node => node === document.activeElement")
    assert send("5")[0] == "not yet" and status(part)[-1] == "5 is 5."
    assert send("10") == ("right", True)
    another.click()
    assert shown() == ("Twice 7?", "", 0)
    assert send("14") == ("right", True)
    another.click()
    assert shown() == ("Twice 3?", "9", 2) and another.is_visible()
    assert send("6") == ("right", True)


def test_two_views_of_one_box(board):
    """ "Create New View for Output": what is done in one is seen in the other."""
    first, told = box(board, "ask_cost"), lesson_04.ask_cost()
    index = next(k for k, cell in enumerate(driver.cells(board)) if "ask_cost" in cell["source"])
    board.evaluate(
        """async index => {
            course.panel().content.activeCellIndex = index;
            await jupyterapp.commands.execute('notebook:create-output-view');
        }""",
        index,
    )
    second = board.locator(".jp-LinkedOutputView form.practice")
    second.wait_for()
    for one, other, typed in ((first, second, "1.155"), (second, first, "0.385")):
        one.get_by_role("textbox").fill(typed)
        one.get_by_role("textbox").press("Enter")
        assert status(one) == status(other) == judge(told, typed)[1]
        assert other.get_by_role("textbox").input_value() == typed
    board.evaluate("[...jupyterapp.shell.widgets('down')].forEach(one => one.dispose())")
    second.wait_for(state="detached")
    first.get_by_role("textbox").fill("1.155")
    first.get_by_role("textbox").press("Enter")
    assert status(first) == judge(told, "1.155")[1]


# Do one thing after the other with a black box, and tell each time what it then shows.
PLAY = f"""(root, moves) => {{
    const node = root.querySelector('[role=status]');
    const sliders = [...root.querySelectorAll('input')];
    const [attempt, declare, right, wrong] = root.querySelectorAll('button');
    const press = {{ attempt, right, wrong, declare }};
    return moves.map(([button, place]) => {{
        place?.forEach((at, k) => {{
            sliders[k].value = at;
            sliders[k].dispatchEvent(new Event('input', {{bubbles: true}}));
        }});
        press[button].click();
        const cells = [...root.querySelectorAll('tbody tr:last-child td')];
        const off = Object.keys(press).filter(name => press[name].disabled);
        return [root.dataset.state, {SAID}, cells.map(cell => cell.textContent), off];
    }});
}}"""


REPLIES = {(0, "right"): "agreed", (0, "wrong"): "doubted", (1, "right"): "passed"}
REPLIES[1, "wrong"] = "exposed"


def hunt(told, lets_it_pass):
    """Moves through all inputs of a black box, what it then shows, and what they have cost.

    First it is said to have no bug, then the first right result is called wrong.
    """
    say, state, count, doubted = told["say"], "right", 0, False
    said = [say["sound"], told["clause"]]
    if told["bug"]:
        state, count, said = "not yet", told["fine"], [say["bug"], told["hint"]]
    moves, shown = [["declare", None]], [(state, said)]
    for place, (says, truth, off) in zip(np.ndindex(*map(len, told["stops"])), told["table"]):
        moves.append(["attempt", list(map(int, place))])
        if state == "right":
            shown.append((state, [say["seen"].format(says=says, truth=truth)]))
            continue
        shown.append((state, [say["asks"].format(says=says)]))
        call = "right" if (lets_it_pass if off else doubted) else "wrong"
        reply, doubted = REPLIES[off, call], True
        moves.append([call, None])
        count += 1 + told["fine"] * (reply in ("doubted", "passed"))
        said = [say[reply].format(says=says, truth=truth)]
        if off:
            state, said = "right", [*said, told["clause"], say["repair"]]
        shown.append((state, said))
    says, truth, _ = told["table"][0]
    moves.append(["attempt", [0] * len(told["stops"])])
    shown.append((state, [say["again"].format(says=says, truth=truth)]))
    return moves, shown, count


def test_black_boxes_and_their_score(board):
    """Every input of every black box; the truth is told only after the learner has spoken."""
    spent, score = 0, board.locator("p.practice").first
    titles = [lesson_07.exhibit(*one).content["title"] for one in SHIPPED.items()]
    for settled, (number, function) in enumerate(SHIPPED.items(), 1):
        told = lesson_07.exhibit(number, function).content
        say = told["say"]
        moves, shown, count = hunt(told, lets_it_pass=number % 2 == 1)
        part, settled_before = exhibit(board, number), False
        for (move, _), expected, reply in zip(moves, shown, part.evaluate(PLAY, moves)):
            state, sentences, cells, off = reply
            assert (state, sentences) == expected
            if move == "attempt" and not settled_before and "?" in cells:
                assert off == ["attempt", "declare"]
            else:
                assert {"right", "wrong"} <= set(off)
            if move in ("right", "wrong"):
                assert cells[-2] == say[move] and ("◀" in cells[-1]) == (state == "right")
            assert not [cell for cell in cells if "{" in cell]
            settled_before = state == "right"
        spent += count
        assert say["tries"].format(count=count) in part.inner_text()
        score.get_by_text(f"{settled} ").first.wait_for()
        assert f" {spent} " in score.inner_text()
        assert score.locator("button").all_inner_texts() == titles[settled:]


def test_a_black_box_by_keyboard(board):
    """After a click on a slider, too, no key is the notebook's."""
    part = exhibit(board, 1)
    slider = part.get_by_role("slider").first
    slider.focus()
    for key in ("End", "ArrowLeft", "Tab", "Home", "Tab", "Enter"):
        board.keyboard.press(key)
    assert part.get_by_role("slider").nth(1).get_attribute("aria-valuetext") == "0"
    cells = len(driver.code_cells(board))
    slider.click()
    for key in ("Home", "ArrowRight", "ArrowUp", "b", "d", "d"):
        board.keyboard.press(key)
    assert slider.evaluate("node => node === document.activeElement")
    assert slider.get_attribute("aria-valuetext") == "0.3"
    assert len(driver.code_cells(board)) == cells


@pytest.mark.parametrize(
    "given, order", [(50, "same"), (80, "better"), (20, "worse"), (0, "worse")]
)
def test_be_the_model_charges_log_loss(board, given, order):
    """What every truth is given, in percent; the loss is worked out here anew."""
    part, told = bets(board), lesson_04.be_the_model().content
    cost = f"{-math.log(given / 100):.3f}" if given else "∞"
    say, statements = told["say"], told["statements"]
    assert not any(why in part.inner_text() for *_, why in statements)
    percents = [given if truth else 100 - given for _, truth, _ in statements]
    for slider, percent in zip(part.get_by_role("slider").all(), percents, strict=True):
        slider.fill(str(percent))
    part.get_by_role("button").press("Enter")
    items = [said(item) for item in part.locator("li > p").all()]
    for item, percent, (_, truth, why) in zip(items, percents, statements, strict=True):
        reply = say["item"].format(percent=percent, given=given, cost=cost)
        assert item == [say["true" if truth else "false"], reply, why]
    last = [say["worst"].format(number=k, cost=cost) for k in range(1, 9)]
    mean, comparison, mistake = status(part)
    assert mean == say["mean"].format(mean=cost)
    assert comparison == say[order].format(chance="0.693")
    assert mistake in (last if given < 50 else [say["none"]])
    assert part.locator("input").first.is_disabled()
    part.get_by_role("button").press("Enter")


# ---- All of them ---------------------------------------------------------------------------


def test_on_paper_question_and_blank(board):
    board.emulate_media(media="print")
    try:
        part = box(board, "ask_gradient_for_w")
        assert part.locator(".question").is_visible()
        assert not part.get_by_role("button").is_visible()
        assert all(field.is_visible() for field in part.locator("input").all())
        for part in (exhibit(board, 1), bets(board)):
            assert "____" in part.inner_text()
            assert not part.locator("input").first.is_visible()
            assert not part.locator("button").first.is_visible()
    finally:
        board.emulate_media(media="screen")


def test_axe_finds_nothing(board):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for _ in range(2):  # before scoring and after
        found = axe.run(board, context={"include": [[".practice"]]})
        assert found.violations_count == 0, found.generate_report()
        bets(board).get_by_role("button").click()
    ids = board.evaluate("[...document.querySelectorAll('.practice [id]')].map(n => n.id)")
    assert len(ids) == len(set(ids))


def test_nothing_was_asked_of_the_world_nor_went_wrong(board):
    lost = "Could not send widget sync message"  # to the kernel, which is stopped
    assert [problem for problem in board.problems if not problem.startswith(lost)] == []


# ---- Where the server saves ----------------------------------------------------------------


def test_with_collaboration_the_state_is_in_the_notebook_unasked(page, lab):
    """As with jupyter-collaboration, where nothing tells JupyterLab's manager to write it there."""
    driver.open_notebook(page, lab, lab.write("together.ipynb", cell_of(lesson_04.ask_cost)))
    shared = "{value: true}"
    page.evaluate(f"Object.defineProperty(course.panel().context.model, 'collaborative', {shared})")
    driver.run_all(page)
    field = page.locator("form.practice").get_by_role("textbox")
    field.fill("1.155")
    field.press("Enter")
    written = "JSON.stringify(course.panel().context.model.getMetadata('widgets') ?? '')"
    page.wait_for_function(f"{written}.includes('1.155')", timeout=10_000)


def test_a_repaired_box_keeps_its_count(page, lab):
    """Its cell is run again with other code: the lamp is lit, and the tries are still there."""
    source = SOURCES[list(SHIPPED).index(1)]
    name = lab.write("repair.ipynb", "# One", SETUP, source, "lesson.score()")
    driver.open_notebook(page, lab, name)
    driver.run_all(page)
    told = lesson_07.exhibit(1, SHIPPED[1]).content
    moves, _, count = hunt(told, lets_it_pass=False)
    page.locator("div.practice:has(table)").evaluate(PLAY, moves)
    repaired = source.replace("(1 - a)", "(A)").replace("(a)", "(1 - a)").replace("(A)", "(a)")
    page.evaluate(
        """async source => {
            const content = course.panel().content;
            content.widgets[2].model.sharedModel.setSource(source);
            content.activeCellIndex = 2;
            await jupyterapp.commands.execute('notebook:run-cell');
        }""",
        repaired,
    )
    lamp = page.locator(".practice:has(.lamp):not(:has(table))")
    lamp.get_by_text(told["say"]["tries"].format(count=count)).wait_for()
    assert lamp.get_attribute("data-state") == "right"
    page.locator("p.practice").get_by_text(f" {count} ").wait_for()


def test_progress_is_counted_and_leads_on(page, lab):
    cells = ["# One", "## The cost", cell_of(lesson_04.ask_cost)]
    cells += ["## The `base` rate", cell_of(lesson_04.ask_base_rate), cell_of(progress)]
    name = lab.write("progress.ipynb", *cells)
    driver.open_notebook(page, lab, name)
    driver.run_all(page)
    say, right = progress().content["say"], str(lesson_04.ask_cost().content["right"][0])
    told, field = page.locator("p.practice"), page.locator("form.practice input")
    told.get_by_text(say["some"].format(done=0, count=2)).wait_for()
    assert told.locator("button").all_inner_texts() == ["The cost", "The base rate"]
    rows = [[f"{'a' * 50}{k}"] for k in range(60)] + [[right]]  # more than a box keeps
    page.locator("form.practice").first.evaluate(TYPE, rows)
    told.get_by_text(say["some"].format(done=1, count=2)).wait_for()
    page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    page.goto("about:blank")
    notebook = json.loads((lab.root / name).read_text(encoding="utf-8"))
    states = notebook["metadata"]["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    [tries] = [s["state"]["kept"]["tries"] for s in states.values() if s["state"].get("kept")]
    assert len(tries) == 50 and tries[-1]["state"] == "right"
    assert {one["texts"][0] for one in tries[:-1]} == {"a" * 40}
    driver.open_notebook(page, lab, name)  # as on another day, and nothing is run
    told.get_by_text(say["some"].format(done=1, count=2)).wait_for()
    told.locator("button").click()
    page.wait_for_function(
        "document.activeElement === document.querySelectorAll('form.practice input')[1]"
    )
    field.nth(1).fill(str(lesson_04.ask_base_rate().content["right"][0]))
    field.nth(1).press("Enter")
    told.get_by_text(say["all"].format(count=2)).wait_for()
