"""Each notebook in a real JupyterLab: as it comes with a clone, and after a learner has run it."""

import json
import re

import pytest

from . import driver
from .test_explorers import NAMES as EXPLORERS, Hand, explored_in

NAMES = sorted(path.name for path in driver.NOTEBOOKS.glob("*.ipynb"))

# What a person would see, as facts for the tests.
LOOK = r"""async () => {
  // The unseen twin of a formula, for screen readers, has other fonts and may be wider.
  const twins = document.head.appendChild(document.createElement('style'));
  twins.textContent = 'mjx-assistive-mml { display: none !important }';
  await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  const content = course.panel().content;
  const all = (selector, node = content.node) => Array.from(node.querySelectorAll(selector));
  const line = node => node.textContent.trim().replace(/\s+/g, ' ').slice(0, 80);
  const facts = {unset: course.unset(), images: [], overflow: [], details: []};
  facts.badMathematics = all('mjx-merror, [data-mjx-error], mjx-container [fill="red"]').map(
    node => node.getAttribute('data-mjx-error') || line(node));
  facts.mathematics = all('mjx-container').length;
  for (const image of all('.jp-OutputArea-output img, .jp-RenderedMarkdown img')) {
    const area = image.closest('.jp-OutputArea-output, .jp-RenderedMarkdown');
    const box = image.getBoundingClientRect();
    facts.images.push({
      // JupyterLab writes alt="Image" where there is none.
      alt: image.alt.trim() === 'Image' ? '' : image.alt.trim(),
      widget: image.closest('.jupyter-widgets') !== null,
      loaded: image.complete && image.naturalWidth > 0,
      width: Math.round(box.width),
      inside: box.right <= area.getBoundingClientRect().right + 1,
    });
  }
  for (const node of all('.jp-OutputArea-output, .jp-RenderedMarkdown'))
    if (node.scrollWidth > node.clientWidth + 1) facts.overflow.push(line(node));
  for (const node of all('details')) {
    const summary = node.querySelector(':scope > summary');
    const fact = {summary: summary ? line(summary) : '', open: node.open};
    const closed = node.offsetHeight;
    node.open = true;
    fact.grows = node.offsetHeight > closed;
    fact.flat = all('mjx-container', node).filter(m => m.getBoundingClientRect().width < 1).length;
    if (node.scrollWidth > node.clientWidth + 1) facts.overflow.push(line(node));
    node.open = fact.open;
    facts.details.push(fact);
  }
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
        self.focus = page.evaluate("() => Boolean(document.activeElement.closest('.widget-vbox'))")
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


def test_pictures_are_shown_before_anything_is_run_and_after(opened):
    assert not opened.trusted, "a fresh clone is not trusted: this test needs it so"
    assert len(opened.before["images"]) == pictures(unhidden(opened.source))
    assert pictures(opened.source) == pictures(opened.cells), "not those of the run"
    shown = [image for image in opened.after["images"] if not image["widget"]]
    assert len(shown) == pictures(opened.cells, widgets=False)


def test_answers_to_predictions_are_seen_only_after_the_run(opened):
    hidden = [c["id"] for c in opened.source if c not in unhidden(opened.source)]
    assert [cell["id"] for cell in opened.folded if cell["output"]] == hidden
    assert not any(cell["seen"] for cell in opened.folded if cell["id"] in hidden)
    assert all(cell["seen"] for cell in opened.unfolded if cell["id"] in hidden)


def test_what_goes_further_is_folded_when_the_notebook_opens(opened):
    texts = ["".join(cell["source"]) for cell in opened.source]
    further = [k for k, text in enumerate(texts) if text.startswith("## Going further")]
    beyond = further[0] + 1 if further else len(texts)
    assert [cell["cell"] for cell in opened.folded] == [k >= beyond for k in range(len(texts))]


def test_pictures_have_alt_text_and_all_fits(opened):
    for image in opened.before["images"] + opened.after["images"]:
        assert image["alt"], "a picture without alt text"
        assert image["loaded"], f"not shown: {image['alt']}"
        assert image["inside"], f"wider than its cell: {image['alt']}"
        assert image["width"] >= 150, f"too small to be seen: {image['alt']}"
    assert (opened.before["overflow"], opened.after["overflow"]) == ([], [])


def test_text_and_mathematics_are_set(opened):
    assert opened.after["unset"] == [] and opened.after["badMathematics"] == []
    assert opened.after["mathematics"] > 0


def test_details_open_and_show_their_text(opened):
    texts = ["".join(c["source"]) for c in opened.source if c["cell_type"] == "markdown"]
    found = opened.after["details"]
    assert len(found) == len(re.findall(r"<details\b", "".join(texts)))
    for details in found:
        assert details["summary"], "details without a summary"
        assert not details["open"], f"open from the beginning: {details['summary']}"
        assert details["grows"], f"nothing inside: {details['summary']}"
        assert details["flat"] == 0, f"mathematics that is not seen: {details['summary']}"


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
