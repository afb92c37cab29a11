"""Saved, closed, its kernel stopped, opened again: what a learner did is there, and alive."""

import json
from pathlib import PurePosixPath

import pytest

from tests.content import functions
from tools import class_report

from . import driver
from .test_explorers import Hand, explored_in, lines_in

NAME = "05_gradient.ipynb"
ASK = next(line for line in lines_in(driver.NOTEBOOKS / NAME) if line.startswith("lesson.ask_"))
TOLD = functions("ask_")[ASK.removeprefix("lesson.").removesuffix("()")]().content


@pytest.fixture
def page(browser, tmp_path):
    """A page on a JupyterLab with a user's settings: none, and the course's."""
    lab = driver.Lab(tmp_path, settings={}).start()
    page = driver.new_page(browser)
    page.lab = lab
    yield page
    page.close()
    lab.stop()


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
    name = explored_in(driver.NOTEBOOKS / NAME)[0]
    show(page, f"lesson.{name}()")
    return Hand(page, name)


def save(page):
    """What was done last was known to be unsaved; then it is saved."""
    page.wait_for_function("() => course.panel().context.model.dirty")
    page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_function("() => !course.panel().context.model.dirty")


def kept(page):
    """What the saved file holds of the box."""
    notebook = json.loads((page.lab.root / NAME).read_text(encoding="utf-8"))
    states = notebook["metadata"]["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    saved = [one["state"] for one in states.values()]
    return next(
        one["kept"] for one in saved if one.get("content", {}).get("question") == TOLD["question"]
    )


def open_again(page):
    """Open it as on another day; again if a busy JupyterLab shows nothing of what was saved."""
    for attempt in range(450):
        if attempt % 150 == 0:
            page.goto("about:blank")
            page.problems.clear()
            driver.open_notebook(page, page.lab, NAME)
        if box(page).is_visible():
            return
        page.wait_for_timeout(100)


def test_what_a_learner_did_is_there_on_the_days_after(page):
    driver.open_notebook(page, page.lab, NAME)
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

        open_again(page)
        assert [field.input_value() for field in box(page).get_by_role("textbox").all()] == texts
        assert box(page).get_by_role("status").inner_text() == reply
        moved, hand = hand.values, explorer(page)
        hand.values = moved
        hand.check()
    saved, texts = kept(page), [["0.123"] * len(right), right]
    assert [one["texts"] for one in saved["tries"]] == texts
    assert [(one["set"], one["state"]) for one in saved["tries"]] == [(0, "not yet"), (0, "right")]
    assert saved["state"] == "right" and saved["answers"]["0"]["open"]
    file = page.lab.root / NAME
    found = class_report.Found(PurePosixPath("anna", NAME), lambda: file.open("rb"))
    sheet = class_report.sheet_of(found, "")
    [tries] = [tries for tries in sheet.tries.values() if tries]
    assert sheet.learner == "anna" and [list(one.texts) for one in tries] == texts
    assert "news" not in page.locator("body").inner_text().lower()
    assert page.problems == []
