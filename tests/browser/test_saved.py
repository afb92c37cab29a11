"""Saved, closed, its kernel stopped, opened again: what a learner did is there, and alive."""

import pytest

from helpers import questions

from . import driver
from .test_explorers import Hand, explored_in, lines_in

NAME = "05_gradient.ipynb"
ASK = next(line for line in lines_in(driver.NOTEBOOKS / NAME) if line.startswith("ask_"))
TOLD = getattr(questions, ASK.removesuffix("()"))().content


@pytest.fixture
def page(browser, tmp_path):
    """A page on a JupyterLab with the settings that a user has: none, and the course's."""
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
    """The first answer box, scrolled to."""
    return show(page, ASK).locator("form.practice")


def send(box, texts):
    """Type an answer, send it, and return the reply."""
    fields = box.get_by_role("textbox").all()
    for field, text in zip(fields, texts):
        field.fill(text)
    fields[-1].press("Enter")
    return box.get_by_role("status").inner_text()


def explorer(page):
    [name] = explored_in(driver.NOTEBOOKS / NAME)[:1]
    show(page, f"{name}()")
    return Hand(page, name)


def save(page):
    """What was done last was known to be unsaved; then it is saved."""
    page.wait_for_function("() => course.panel().context.model.dirty")
    page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_function("() => !course.panel().context.model.dirty")


def test_what_a_learner_did_is_there_tomorrow(page):
    driver.open_notebook(page, page.lab, NAME)
    driver.run_all(page)
    save(page)
    hand = explorer(page)
    for key in ("End", "ArrowLeft"):
        hand.press(hand.sliders[0], key)
    save(page)
    answer = box(page)
    reply = send(answer, ["0.123"] * len(TOLD["right"]))
    assert TOLD["say"]["wrong"] in reply
    save(page)
    driver.kill_kernel(page)
    page.evaluate("() => jupyterapp.commands.execute('application:close')")

    page.goto("about:blank")
    driver.open_notebook(page, page.lab, NAME)
    again = box(page)
    again.wait_for()
    assert {field.input_value() for field in again.get_by_role("textbox").all()} == {"0.123"}
    assert again.get_by_role("status").inner_text() == reply
    moved, hand = hand.values, explorer(page)
    hand.values = moved
    hand.check()
    hand.press(hand.sliders[0], "ArrowLeft")
    assert TOLD["say"]["right"] in send(box(page), map(str, TOLD["right"]))
    assert "news" not in page.locator("body").inner_text().lower()
    assert page.problems == []
