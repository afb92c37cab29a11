"""Keys stay with the slider that was clicked, in three front ends; contrast themes show all."""

import pytest

from . import driver

CELLS = [
    "from helpers import lesson_03 as lesson",
    "# A heading",
    "lesson.explore_loss()",
    "lesson.ask_loss()",
    "# Another",
]
LOOK = """() => ({
    sentence: document.querySelector('.explorer [role=status]').textContent,
    focused: document.activeElement === document.querySelector('.explorer [role=slider]'),
    shown: [...document.querySelectorAll('h1')].filter(h => h.checkVisibility()).length,
})"""


def press_after_clicks(page):
    """Click the thumb, then the track: each time the arrow keys move the slider, nothing else."""
    page.locator(".explorer [role=status]").first.wait_for()
    slider = page.locator(".explorer .noUi-target").first
    thumb = slider.get_by_role("slider")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    for place in (thumb, None):
        if place:
            place.click()
        else:
            page.mouse.click(box["x"] + 0.75 * box["width"], box["y"] + box["height"] / 2)
        for key in ("ArrowLeft", "ArrowRight", "ArrowLeft"):
            before = page.evaluate(LOOK)
            page.keyboard.press(key)
            page.wait_for_function(
                "old => document.querySelector('.explorer [role=status]').textContent !== old",
                arg=before["sentence"],
                timeout=5000,
            )
            after = page.evaluate(LOOK)
            assert after["focused"] and after["shown"] == before["shown"], (place, key, after)


def test_keys_in_notebook_7(browser, lab):
    page = driver.new_page(browser)
    driver.open_notebook(page, lab, lab.write("keys7.ipynb", *CELLS), place="notebooks")
    driver.run_all(page)
    press_after_clicks(page)
    page.close()


@pytest.fixture(scope="module")
def board(page, lab):
    driver.open_notebook(page, lab, lab.write("keys.ipynb", *CELLS))
    driver.run_all(page)
    return page


def test_keys_in_jupyterlab(board):
    press_after_clicks(board)


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
    board.locator(".practice").wait_for()
    driver.settle(board)
    parts = ".explorer .noUi-target, .explorer .noUi-handle, .practice, .practice input, button"
    for part in board.locator(".jp-OutputArea").locator(parts).all():
        assert part.evaluate(PAINTED), part.evaluate("node => node.outerHTML.slice(0, 150)")
    looks = [
        board.locator(f".explorer button{which}").first.evaluate(
            "node => getComputedStyle(node).backgroundColor"
        )
        for which in (".mod-active", ":not(.mod-active)")
    ]
    assert looks[0] != looks[1], "a pressed button looks like any other"
