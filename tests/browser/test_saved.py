"""Saved, closed, its kernel stopped, opened again: what a learner did is there, and alive."""

import shutil
from pathlib import PurePosixPath

from tests.content import functions
from tools import class_report

from . import driver
from .test_explorers import Hand, explored_in, lines_in

LESSON = driver.NOTEBOOKS / "05_gradient.ipynb"
NAME = "saved.ipynb"
ASK = next(line for line in lines_in(LESSON) if line.startswith("lesson.ask_"))
TOLD = functions("ask_")[ASK.removeprefix("lesson.").removesuffix("()")]().content


def show(page, line):
    """The cell that is this line, scrolled to."""
    return driver.show_cell(page, [c["source"].strip() for c in driver.cells(page)].index(line))


def box(page):
    return show(page, ASK).locator("form.practice")


def send(box, texts):
    """Type an answer, send it, and return the reply."""
    for field, text in zip(box.get_by_role("textbox").all(), texts):
        field.fill(text)
    field.press("Enter")
    return box.get_by_role("status").inner_text()


def explorer(page):
    name = explored_in(LESSON)[0]
    show(page, f"lesson.{name}()")
    return Hand(page, name)


def save(page):
    """What was done last was known to be unsaved; then it is saved."""
    page.wait_for_function("() => course.panel().context.model.dirty")
    page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_function("() => !course.panel().context.model.dirty")


def open_again(page, lab):
    """Open it as on another day; again if a busy JupyterLab shows nothing of what was saved."""
    for attempt in range(450):
        if attempt % 150 == 0:
            page.problems.clear()
            driver.open_notebook(page, lab, NAME, windowing="full")
        if box(page).is_visible():
            return
        page.wait_for_timeout(100)


def test_what_a_learner_did_is_there_on_the_days_after(page, lab):
    """JupyterLab starts with the course's settings, and none of the user's own."""
    page.goto("about:blank")
    shutil.copy(LESSON, lab.root / NAME)
    driver.open_notebook(page, lab, NAME, windowing="full")
    driver.run_all(page)
    save(page)
    hand, right = explorer(page), list(map(str, TOLD["right"]))
    days = [("wrong", ["0.123"] * len(right), "End"), ("right", right, "ArrowLeft")]
    for verdict, texts, key in days:  # on the second day without running anything
        hand.press(hand.sliders[0], key)
        save(page)
        reply = send(box(page), texts)
        assert TOLD["say"][verdict] in reply
        save(page)
        driver.kill_kernel(page)
        page.evaluate("() => jupyterapp.commands.execute('application:close')")
        if verdict == "right":  # only the tab is closed on the first day, on the second all is
            page.goto("about:blank")

        open_again(page, lab)
        assert [field.input_value() for field in box(page).get_by_role("textbox").all()] == texts
        assert box(page).get_by_role("status").inner_text() == reply
        moved, hand = hand.values, explorer(page)
        hand.values = moved
        hand.check()
    file = lab.root / NAME
    found = class_report.Found(PurePosixPath("anna", LESSON.name), lambda: file.open("rb"))
    sheet = class_report.sheet_of(found, "")
    [tries] = [tries for tries in sheet.tries.values() if tries]
    said = [(one.set, list(one.texts), one.state) for one in tries]
    assert said == [(0, ["0.123"] * len(right), "not yet"), (0, right, "right")]
    assert sheet.learner == "anna"
    assert "news" not in page.locator("body").inner_text().lower()
    assert page.problems == []
