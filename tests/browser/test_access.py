"""Keys stay with the slider that was clicked, in three front ends; contrast themes show all."""

import pytest

from . import driver

CELLS = ["from helpers.explorers import explore_loss", "# A heading", "explore_loss()", "# Another"]
LOOK = """() => ({
    sentence: document.querySelector('.explorer [role=status]').textContent,
    focused: document.activeElement === document.querySelector('.explorer [role=slider]'),
    shown: [...document.querySelectorAll('h1')].filter(h => h.checkVisibility()).length,
})"""


def press_after_clicks(page):
    """Click the thumb, then the track: each time the arrow keys move the slider, nothing else."""
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


def test_keys_in_jupyterlab(page, lab):
    lab.write("keys.ipynb", *CELLS)
    driver.open_notebook(page, lab, "keys.ipynb")
    driver.run_all(page)
    page.locator(".explorer [role=status]").wait_for()
    press_after_clicks(page)


def test_keys_in_notebook_7(page, lab):
    lab.write("keys7.ipynb", *CELLS)
    page.goto(f"{lab.url}notebooks/keys7.ipynb?token={lab.token}")
    page.locator(".jp-Notebook .jp-Cell").nth(3).wait_for()
    page.get_by_text("Kernel status: Idle").or_(page.locator("[data-status=idle]")).first.wait_for()
    explorer = page.locator(".explorer [role=status]")
    for _ in range(12):  # a key that comes while the front end still starts is lost
        page.locator(".jp-Cell .jp-InputPrompt").first.click()
        for _ in CELLS:
            page.keyboard.press("Shift+Enter")
        page.wait_for_timeout(5000 if explorer.count() == 0 else 0)
        if explorer.count():
            break
    explorer.wait_for()
    press_after_clicks(page)


PAINTED = """(node) => {
    const canvas = getComputedStyle(document.body).backgroundColor;
    const style = getComputedStyle(node);
    const edges = ['Top', 'Left'].filter(side => parseFloat(style[`border${side}Width`]) > 0
        && style[`border${side}Style`] !== 'none' && style[`border${side}Color`] !== canvas);
    return edges.length > 0;
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast_themes_show_every_control(page, lab, theme):
    page.emulate_media(forced_colors="active", color_scheme=theme)
    lab.write(
        "contrast.ipynb", CELLS[0], CELLS[2], "from helpers.questions import ask_loss", "ask_loss()"
    )
    driver.open_notebook(page, lab, "contrast.ipynb")
    driver.run_all(page)
    page.locator(".practice").wait_for()
    driver.settle(page)
    parts = ".explorer .noUi-target, .explorer .noUi-handle, .practice, .practice input, button"
    for part in page.locator(".jp-OutputArea").locator(parts).all():
        assert part.evaluate(PAINTED), part.evaluate("node => node.outerHTML.slice(0, 150)")
    looks = [
        page.locator(f".explorer button{which}").first.evaluate(
            "node => getComputedStyle(node).backgroundColor"
        )
        for which in (".mod-active", ":not(.mod-active)")
    ]
    assert looks[0] != looks[1], "a pressed button looks like any other"
    page.emulate_media(forced_colors="none", color_scheme="light")
