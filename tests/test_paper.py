"""nbconvert's paper has every picture, and its pages fold what a notebook folds."""

from html import escape

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter, LatexExporter, WebPDFExporter
from traitlets.config import PyFileConfigLoader

from tools import execute

from .content import ENGLISH

SETTINGS = execute.ROOT / "jupyter" / "etc" / "jupyter" / "jupyter_config.py"


@pytest.fixture(scope="module")
def settings():
    return PyFileConfigLoader(str(SETTINGS)).load_config()


@pytest.fixture(scope="module")
def notebook():
    """All that the lessons show or fold, in one notebook: pandoc, for the text, not all have."""
    found = nbformat.v4.new_notebook()
    for path in ENGLISH:
        code = execute.code_cells(nbformat.read(path, as_version=4))
        found.cells += [cell for cell in code if is_folded(cell) or pages(cell)]
    for number, cell in enumerate(found.cells):
        cell.id = f"cell-{number}"  # lessons use the same ones
    return found


def is_folded(cell):
    return cell.metadata.get("jupyter", {}).get("outputs_hidden", False)


def pages(cell):
    data = [output.get("data", {}) for output in cell.outputs]
    return [one["text/html"] for one in data if "text/html" in one]


def test_latex_has_as_many_pictures(notebook, settings):
    tex, resources = LatexExporter(config=settings).from_notebook_node(notebook)
    shown = [page for cell in notebook.cells for page in pages(cell)]
    files = resources["outputs"]
    assert 0 < sum("<img" in page for page in shown) == len(files) == tex.count("\\adjustimage{")
    assert all(name in tex and data.startswith(b"\x89PNG") for name, data in files.items())
    said = [page.split("<figcaption>")[1] for page in shown if "<figcaption>" in page]
    assert [sentence for sentence in said if sentence[:12] not in tex] == []


def test_a_page_folds_what_the_notebook_folds(notebook, settings):
    folded = [cell for cell in notebook.cells if is_folded(cell)]
    page, _ = HTMLExporter(config=settings).from_notebook_node(notebook)
    assert 0 < len(folded) == page.count("<details><summary>…</summary>")
    text = next(output.text for cell in folded for output in cell.outputs if "text" in output)
    assert f"<summary>…</summary><pre>{escape(text)}</pre></details>" in page, "still there"
    assert WebPDFExporter(config=settings).preprocessors == [], "open on paper"
