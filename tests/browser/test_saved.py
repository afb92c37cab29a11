"""Saved, closed, its kernel stopped, opened again: what a learner did is there, and alive."""

import pytest

from helpers import questions

from . import driver
from .test_explorers import Hand, explored_in

NAME = "05_gradient.ipynb"


@pytest.fixture
def page(browser, tmp_path):
    """A page on a JupyterLab with the settings that a user has: none, and the course's."""
    lab = driver.Lab(tmp_path, settings={}).start()
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.add_init_script(driver.IN_PAGE)
    driver.collect_problems(page)
    page.lab = lab
    yield page
    page.close()
    lab.stop()


def opened(page):
    driver.open_notebook(page, page.lab, NAME, windowing=None, restore=False)
    return page


def box(page):
    """The first answer box, scrolled to."""
    index = [cell["source"].strip() for cell in driver.cells(page)].index("ask_batch_mean()")
    return driver.show_cell(page, index).locator("form.practice")


def explorer(page):
    [name] = explored_in(driver.NOTEBOOKS / NAME)[:1]
    index = [cell["source"].strip() for cell in driver.cells(page)].index(f"{name}()")
    driver.show_cell(page, index)
    return Hand(page, name)


def test_what_a_learner_did_is_there_tomorrow(page):
    opened(page)
    driver.run_all(page)
    hand = explorer(page)
    for key in ("End", "ArrowLeft"):
        hand.press(hand.sliders[0], key)
    answer = box(page)
    answer.get_by_role("textbox").fill("0.123")
    answer.get_by_role("textbox").press("Enter")
    reply = answer.get_by_role("status").inner_text()
    assert questions.ask_batch_mean().content["say"]["wrong"] in reply
    page.evaluate("() => jupyterapp.commands.execute('docmanager:save')")
    driver.kill_kernel(page)
    page.evaluate("() => jupyterapp.commands.execute('application:close')")

    opened(page)
    again = box(page)
    again.wait_for()
    assert again.get_by_role("textbox").input_value() == "0.123"
    assert again.get_by_role("status").inner_text() == reply
    moved, hand = hand.values, explorer(page)
    hand.values = moved
    hand.check()
    hand.press(hand.sliders[0], "ArrowLeft")
    again = box(page)
    again.get_by_role("textbox").fill("0.280")
    again.get_by_role("textbox").press("Enter")
    assert again.get_by_role("status").inner_text().startswith("Right.")
    assert "news" not in page.locator("body").inner_text().lower()
    assert page.problems == []
