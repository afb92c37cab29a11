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
from tests.judge import FORMULAS, JUNK, NUMBERS, SETUP, SHIPPED, SOURCES, judge

from . import driver

QUESTIONS = {name: ask() for name, ask in functions("ask_").items()}
COST = QUESTIONS["ask_cost"]
SHOWN = list(SHIPPED)[:3]  # two with a bug, and a sound one
ANOTHER = """from helpers.engine.boxes import AnswerBox, another

@another(5, 7)
def ask_double(x: float = 3):
    return AnswerBox("Twice {x}?", 2 * x, {"{typed} is {x}.": x}, ["Hint."], x=x)

ask_double()"""
SAID = "[...node.querySelectorAll('span')].map(span => span.textContent.replaceAll('\\u00a0', ' '))"


def said(part):
    """The sentences of a reply."""
    return part.evaluate(f"node => {SAID}")


def status(part):
    return said(part.locator(".status"))


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


def texts_for(box):
    """Right answers, slips, junk, an empty field, and random numbers near and far."""
    told, chance = box.content, random.Random(box.title)
    right, fields = told["right"], len(told["fields"])
    rows = [[f"{v:.3f}" for v in right], [f"{v:.4f}".replace(".", ",") for v in told["exact"]]]
    rows += [[f"{100 * v:.3f} %" for v in right], [repr(v) for v in told["exact"]]]
    rows += [[f"{v:.3f}" for v in values] for values, _ in told["slips"]]
    rows += [[text] * fields for text in ["", *JUNK, *FORMULAS, *NUMBERS]]
    rows += [["1"] * k + [" "] + ["1"] * (fields - k - 1) for k in range(fields)]
    for _ in range(30):
        wide, places = 10 ** chance.uniform(-4, 3), chance.randint(0, 5)
        rows.append([f"{v + chance.uniform(-wide, wide):.{places}f}" for v in right])
    return rows


def test_every_box_is_judged_as_the_oracle_says(browser):
    """In a page that holds nothing but the script of the boxes."""
    page = browser.new_page()
    page.add_script_tag(content=COST._esm.replace("export default", "boxes ="))
    for box in QUESTIONS.values():
        told, rows = box.content, texts_for(box)
        judged = "([told, rows]) => rows.map((texts, tries) => judge(told, told, texts, tries))"
        replies = page.evaluate(judged, [told, rows])
        assert {state for state, *_ in replies} == {"right", "not yet", "not attempted"}
        for tries, (texts, (state, sentences, slip)) in enumerate(zip(rows, replies)):
            assert (state, sentences) == judge(box, *texts, tries=tries), (box, texts)
            typed = ", ".join(text.strip() for text in texts)
            slips = [sentence.format(typed=typed) for _, sentence in told["slips"]]
            assert slip == (slips.index(sentences[-1]) if sentences[-1] in slips else None)
    page.close()


@pytest.fixture(scope="module")
def board(page, lab):
    """A notebook with boxes, black boxes and their score, and the game; its kernel is stopped."""
    cells = [cell_of(lesson_04.ask_cost), ANOTHER, SETUP, *SOURCES[: len(SHOWN)], "lesson.score()"]
    name = lab.write("practice.ipynb", *cells, cell_of(lesson_04.be_the_model), "'below'")
    driver.open_notebook(page, lab, name)
    driver.run_all(page)
    bets(page).wait_for()
    driver.kill_kernel(page)
    return page


def exhibit(page, number):
    return page.locator("div.practice:has(table)").nth(SHOWN.index(number))


def bets(page):
    return page.locator("div.practice:has(ol)")


def test_by_keyboard_alone(board):
    """Typed, sent with Enter, corrected, sent with the button; focus stays where it is."""
    board.evaluate("course.panel().content.mode = 'command'")
    part = board.locator("form.practice").first
    field = part.get_by_role("textbox")
    field.focus()
    for typed, keys in (("1.155", ["Enter"]), ("0,385", ["Tab", "Space", "Shift+Tab"])):
        board.keyboard.press("Control+a")
        board.keyboard.type(typed)
        for key in keys:
            board.keyboard.press(key)
        assert status(part) == judge(COST, typed)[1]
        assert field.evaluate("node => node === document.activeElement")


def test_another_one(board):
    """It appears when one is answered or after the third wrong try, and keeps what was said."""
    part = board.locator("form.practice").nth(1)
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
    board.evaluate("course.panel().content.activeCellIndex = 0")
    board.evaluate("() => jupyterapp.commands.execute('notebook:create-output-view')")
    first, second = board.locator("form.practice").first, board.locator(".jp-LinkedOutputView form")
    for one, other, typed in ((first, second, "1.155"), (second, first, "0.385")):
        one.get_by_role("textbox").fill(typed)
        one.get_by_role("textbox").press("Enter")
        assert status(one) == status(other) == judge(COST, typed)[1]
        assert other.get_by_role("textbox").input_value() == typed
    board.evaluate("[...jupyterapp.shell.widgets('down')].forEach(one => one.dispose())")
    second.wait_for(state="detached")
    assert first.evaluate(TYPE, [["1.155"]]) == [list(judge(COST, "1.155"))]


# What is pressed in each box, one after the other; before it, which input is chosen, of those that
# expose the box (1) or do not (0); the state and the sentences that follow; what all that has cost.
HUNTS = {
    0: ([("try", (1, 0), "", "asks"), ("wrong", None, "right", "exposed clause repair")], 1),
    1: (
        [
            ("declare", None, "not yet", "bug hint"),
            ("try", (0, 0), "not yet", "asks"),
            ("wrong", None, "not yet", "doubted"),
            ("try", (0, 0), "not yet", "again"),
            ("try", (0, 1), "not yet", "asks"),
            ("right", None, "not yet", "agreed"),
            ("try", (1, 0), "not yet", "asks"),
            ("right", None, "right", "passed clause repair"),
            ("try", (1, 1), "right", "seen"),
        ],
        3 + (1 + 3) + 1 + (1 + 3),
    ),
    2: ([("declare", None, "right", "sound clause"), ("try", (0, 5), "right", "seen")], 0),
}


def hunt(part, told, steps):
    """Take these steps in a black box; the truth is told only after the learner has spoken."""
    words = told["say"] | {name: told[name] for name in ("clause", "hint")}
    inputs = list(zip(np.ndindex(*map(len, told["stops"])), told["table"]))
    values = {"fine": told["fine"]}
    for button, chosen, state, names in steps:
        if chosen:
            kind, number = chosen
            place, (says, truth, _) = [one for one in inputs if one[1][2] == kind][number]
            values |= {"says": says, "truth": truth}
            for slider, stop in zip(part.get_by_role("slider").all(), place):
                slider.fill(str(stop))
        part.get_by_role("button", name=words[button], exact=True).click()
        sentences = [words[name].format(**values) for name in names.split()]
        assert (part.get_attribute("data-state"), status(part)) == (state, sentences)
        asked = names == "asks"  # and nothing else can be done before it is answered
        expected = [not asked, not asked and state != "right", asked, asked]
        assert [one.is_enabled() for one in part.get_by_role("button").all()] == expected
        if asked or button in ("right", "wrong"):
            told_so = ["", "?"] if asked else [words[button], truth + " ◀" * kind]
            cells = part.locator("tbody tr").last.locator("td").all_text_contents()
            assert cells[-3:] == [says, *told_so]


def test_black_boxes_and_their_score(board):
    spent, score = 0, board.locator("p.practice").first
    boxes = {number: lesson_07.exhibit(number, SHIPPED[number]).content for number in SHOWN}
    for settled, (number, told) in enumerate(boxes.items(), 1):
        steps, count = HUNTS[number]
        hunt(exhibit(board, number), told, steps)
        spent += count
        assert told["say"]["tries"].format(count=count) in exhibit(board, number).inner_text()
        score.get_by_text(f"{settled} ").first.wait_for()
        assert f" {spent} " in score.inner_text()
        titles = [boxes[other]["title"] for other in SHOWN[settled:]]
        assert score.locator("button").all_inner_texts() == titles


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


def test_be_the_model_charges_log_loss(board):
    """What every truth is given, in percent; the loss is worked out here anew."""
    part, told = bets(board), lesson_04.be_the_model().content
    say, statements, button = told["say"], told["statements"], part.get_by_role("button")
    assert not any(why in part.inner_text() for *_, why in statements)
    for given, order in ((50, "same"), (80, "better"), (20, "worse"), (0, "worse")):
        cost = f"{-math.log(given / 100):.3f}" if given else "∞"
        percents = [given if truth else 100 - given for _, truth, _ in statements]
        for slider, percent in zip(part.get_by_role("slider").all(), percents, strict=True):
            slider.fill(str(percent))
        button.press("Enter")
        items = [said(item) for item in part.locator("li > p").all()]
        for item, percent, (_, truth, why) in zip(items, percents, statements, strict=True):
            reply = say["item"].format(percent=percent, given=given, cost=cost)
            assert item == [say["true" if truth else "false"], reply, why]
        mean, comparison, mistake = status(part)
        assert mean == say["mean"].format(mean=cost)
        assert comparison == say[order].format(chance="0.693")
        worst = [say["worst"].format(number=k, cost=cost) for k in range(1, 9)]
        assert mistake in (worst if given < 50 else [say["none"]])
        assert part.locator("input").first.is_disabled()
        button.press("Enter")


def test_axe_finds_nothing(board):
    bets(board).get_by_role("button").click()
    driver.axe_finds_nothing(board, {"include": [[".practice"]]})
    ids = board.evaluate("[...document.querySelectorAll('.practice [id]')].map(n => n.id)")
    assert len(ids) == len(set(ids))


def test_nothing_was_asked_of_the_world_nor_went_wrong(board):
    lost = "Could not send widget sync message"  # to the kernel, which is stopped
    assert [problem for problem in board.problems if not problem.startswith(lost)] == []


# ---- Run again, saved and opened -----------------------------------------------------------


def collaborative(page, value):
    """As with jupyter-collaboration, where nothing tells JupyterLab's manager to save widgets."""
    how = f"'collaborative', {{value: {value}, configurable: true}}"
    page.evaluate(f"Object.defineProperty(course.panel().context.model, {how})")


@pytest.fixture(scope="module")
def notebook(page, lab):
    """Two questions and how many are right; a black box, and what it has cost."""
    cells = [SOURCES[SHOWN.index(1)], "lesson.score()", "## The cost", cell_of(lesson_04.ask_cost)]
    cells += ["## The `base` rate", cell_of(lesson_04.ask_base_rate), cell_of(progress)]
    name = lab.write("progress.ipynb", SETUP, *cells)
    driver.open_notebook(page, lab, name)
    collaborative(page, "true")
    driver.run_all(page)
    return name


def test_a_repaired_box_keeps_its_count(notebook, page):
    """Its cell is run again with other code: the lamp is lit, and the tries are still there."""
    told, source = lesson_07.exhibit(1, SHIPPED[1]).content, SOURCES[SHOWN.index(1)]
    steps, count = HUNTS[1]
    hunt(page.locator("div.practice:has(table)"), told, steps)
    repaired = source.replace("(1 - a)", "(A)").replace("(a)", "(1 - a)").replace("(A)", "(a)")
    page.evaluate(
        "source => course.panel().content.widgets[1].model.sharedModel.setSource(source)", repaired
    )
    page.evaluate("course.panel().content.activeCellIndex = 1")
    page.evaluate("() => jupyterapp.commands.execute('notebook:run-cell')")
    lamp = page.locator(".practice:has(.lamp):not(:has(table))")
    lamp.get_by_text(told["say"]["tries"].format(count=count)).wait_for()
    assert lamp.get_attribute("data-state") == "right"
    page.locator("p.practice").first.get_by_text(f" {count} ").wait_for()


def test_progress_is_counted_saved_unasked_and_leads_on(notebook, page, lab):
    say, right = progress().content["say"], [str(value) for value in COST.content["right"]]
    told, fields = page.locator("p.practice").last, page.locator("form.practice input")
    told.get_by_text(say["some"].format(done=0, count=2)).wait_for()
    assert told.locator("button").all_inner_texts() == ["The cost", "The base rate"]
    rows = [[f"{'a' * 50}{k}"] for k in range(60)] + [right]  # more than a box keeps
    page.locator("form.practice").first.evaluate(TYPE, rows)
    told.get_by_text(say["some"].format(done=1, count=2)).wait_for()
    written = "JSON.stringify(course.panel().context.model.getMetadata('widgets') ?? '')"
    page.wait_for_function(f"{written}.includes('aaa')", timeout=10_000)
    collaborative(page, "false")
    page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    page.goto("about:blank")
    saved = json.loads((lab.root / notebook).read_text(encoding="utf-8"))
    states = saved["metadata"]["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    [tries] = [
        s["state"]["kept"]["tries"]
        for s in states.values()
        if "tries" in s["state"].get("kept", {})
    ]
    assert len(tries) == 50 and tries[-1]["state"] == "right"
    assert {one["texts"][0] for one in tries[:-1]} == {"a" * 40}
    driver.open_notebook(page, lab, notebook)  # as on another day, and nothing is run
    told.get_by_text(say["some"].format(done=1, count=2)).wait_for()
    told.locator("button").click()
    page.wait_for_function(
        "document.activeElement === document.querySelectorAll('form.practice input')[1]"
    )
    fields.nth(1).fill(str(QUESTIONS["ask_base_rate"].content["right"][0]))
    fields.nth(1).press("Enter")
    told.get_by_text(say["all"].format(count=2)).wait_for()
