"""Each notebook in a real JupyterLab: as it comes with a clone, and after a learner has run it."""

import json

import pytest

from . import driver
from .test_explorers import NAMES as EXPLORERS, Hand, explored_in

NAMES = sorted(path.name for path in driver.NOTEBOOKS.glob("*.ipynb"))

# The pictures that a person would see, and all that is wrong with what they would see.
LOOK = r"""async () => {
  // The unseen twin of a formula, for screen readers, has other fonts and may be wider.
  const twins = document.head.appendChild(document.createElement('style'));
  twins.textContent = 'mjx-assistive-mml { display: none !important }';
  await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const content = course.panel().content;
  const all = (selector, node = content.node) => Array.from(node.querySelectorAll(selector));
  const images = all('.jp-OutputArea-output img, .jp-RenderedMarkdown img');
  const facts = {pictures: images.length, folds: all('details').length};
  facts.wrong = course.unset().map(text => `not set: ${text}`);
  const wrong = (what, node) => facts.wrong.push(`${what}: ${node.outerHTML.slice(0, 200)}`);
  for (const node of all('mjx-merror, [data-mjx-error], mjx-container [fill="red"]'))
    wrong('mathematics', node);
  if (all('mjx-container').length === 0) wrong('no mathematics', content.node);
  for (const image of images) {
    // JupyterLab writes alt="Image" where there is none.
    if (['', 'Image'].includes(image.alt.trim())) wrong('no alt text', image);
    if (image.naturalWidth === 0 || image.offsetWidth < 150) wrong('not to be seen', image);
  }
  for (const node of all('details')) {
    if (node.open || !node.querySelector(':scope > summary')) wrong('open, or unnamed', node);
    const closed = node.offsetHeight;
    node.open = true;
    if (node.offsetHeight <= closed) wrong('nothing inside', node);
    for (const formula of all('mjx-container', node))
      if (formula.getBoundingClientRect().width < 1) wrong('a formula not to be seen', node);
  }
  for (const node of all('.jp-OutputArea-output, .jp-RenderedMarkdown, details'))
    if (node.scrollWidth > node.clientWidth + 1) wrong('wider than its cell', node);
  for (const node of all('details')) node.open = false;
  twins.remove();
  return facts;
}"""


# Which cells are folded away: an output until its cell is run, what stands under a heading.
FOLDED = """() => course.panel().content.widgets.map(cell => ({
    id: cell.model.id,
    output: Boolean(cell.outputHidden),
    seen: [...cell.node.querySelectorAll('.jp-OutputArea-output')].some(n => n.checkVisibility()),
    cell: cell.isHidden || !cell.node.checkVisibility(),
}))"""


class Opened:
    """What was seen of one notebook: before anything was run, and after all of it was."""

    def __init__(self, page, lab, name):
        self.page, self.name = page, name
        driver.open_notebook(page, lab, name)
        page.set_viewport_size({"width": 700, "height": 900})  # narrow: what fits here fits
        self.source = json.loads((lab.root / name).read_text(encoding="utf-8"))["cells"]
        self.texts = ["".join(cell["source"]) for cell in self.source]
        self.trusted = page.evaluate(
            "() => Array.from(course.panel().content.model.cells)"
            ".some(cell => cell.type === 'code' && cell.trusted && cell.outputs.length > 0)"
        )
        driver.settle(page)
        self.folded = page.evaluate(FOLDED)
        page.evaluate("() => jupyterapp.commands.execute('notebook:expand-all-headings')")
        driver.settle(page)
        self.before = page.evaluate(LOOK)
        driver.run_all(page)
        driver.settle(page)
        self.cells = driver.code_cells(page)
        self.unfolded = page.evaluate(FOLDED)
        self.after = page.evaluate(LOOK)
        self.focus = page.evaluate(
            "() => Boolean(document.activeElement.closest('.jp-OutputArea'))"
        )
        self.problems = list(page.problems)


@pytest.fixture(scope="module", params=NAMES)
def opened(request, page, lab):
    return Opened(page, lab, request.param)


def unhidden(cells):
    """The cells whose outputs are seen before they are run."""
    return [c for c in cells if not c["metadata"].get("jupyter", {}).get("outputs_hidden")]


def pictures(cells, *, widgets=True):
    """How many pictures these cells' outputs hold, with or without those that a widget replaces."""
    shown = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
    if not widgets:
        shown = [d for d in shown if "application/vnd.jupyter.widget-view+json" not in d]
    return sum("".join(data.get("text/html", "")).count("<img") for data in shown)


def test_runs_from_top_to_bottom(opened):
    outputs = [output for cell in opened.cells for output in cell["outputs"]]
    assert outputs and [o["text"] for o in outputs if o.get("name") == "stderr"] == []
    assert opened.problems == [], "in the browser"
    assert not opened.focus, "who goes on with Shift+Enter would be led astray"


def test_all_is_shown_as_it_should_be_before_anything_is_run_and_after(opened):
    assert opened.before["wrong"] + opened.after["wrong"] == []
    assert opened.after["folds"] == "".join(opened.texts).count("<details>")


def test_every_picture_is_shown(opened):
    assert not opened.trusted, "a fresh clone is not trusted: this test needs it so"
    assert opened.before["pictures"] == pictures(unhidden(opened.source))
    assert pictures(opened.source) == pictures(opened.cells), "not those of the run"
    assert opened.after["pictures"] == pictures(opened.cells, widgets=False)


def test_answers_to_predictions_are_seen_only_after_the_run(opened):
    hidden = [c["id"] for c in opened.source if c not in unhidden(opened.source)]
    assert [cell["id"] for cell in opened.folded if cell["output"]] == hidden
    assert not any(cell["seen"] for cell in opened.folded if cell["id"] in hidden)
    assert all(cell["seen"] for cell in opened.unfolded if cell["id"] in hidden)


def test_what_goes_further_is_folded_when_the_notebook_opens(opened):
    starts = [text.startswith("## Going further") for text in opened.texts]
    hidden = [any(starts[:k]) for k in range(len(starts))]
    assert [cell["cell"] for cell in opened.folded] == hidden


def test_explorers_follow_with_the_kernel_and_without(opened):
    """All are moved; of each notebook the one it opens with has all its controls tried."""
    shown = explored_in(driver.NOTEBOOKS / opened.name)
    hands = [Hand(opened.page, name, number) for number, name in enumerate(shown)]
    for hand in hands:
        hand.press(hand.sliders[0], "ArrowRight")
    driver.kill_kernel(opened.page)
    for hand in hands[:1]:
        hand.try_everything()
    for hand in hands[1:]:
        hand.press(hand.sliders[-1], "End")


def test_every_explorer_is_in_a_notebook():
    shown = [name for path in NAMES for name in explored_in(driver.NOTEBOOKS / path)]
    assert sorted(shown) == sorted(EXPLORERS)
