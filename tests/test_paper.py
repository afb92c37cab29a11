"""nbconvert's paper has every picture, and its pages fold what a notebook folds."""

from pathlib import Path

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter, LatexExporter, WebPDFExporter
from traitlets.config import PyFileConfigLoader

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").rglob("[0-9]*.ipynb"))
SETTINGS = ROOT / "jupyter" / "etc" / "jupyter" / "jupyter_config.py"


@pytest.fixture(scope="module")
def settings():
    return PyFileConfigLoader(str(SETTINGS)).load_config()


def code_of(path):
    """The notebook's code cells: pandoc, which not everybody has, is for the others."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return notebook


def pages_in(notebook):
    data = [output.get("data", {}) for cell in notebook.cells for output in cell.outputs]
    return [one["text/html"] for one in data if "text/html" in one]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: f"{path.parent.name}/{path.stem}")
class TestEach:
    def test_latex_has_as_many_pictures(self, path, settings):
        notebook = code_of(path)
        pages = pages_in(notebook)
        tex, resources = LatexExporter(config=settings).from_notebook_node(notebook)
        pictures = [page for page in pages if "<img" in page]
        files = resources["outputs"]
        assert len(files) == len(pictures) == tex.count("\\adjustimage{")
        assert all(name in tex and data.startswith(b"\x89PNG") for name, data in files.items())
        said = [page.split("<figcaption>")[1] for page in pages if "<figcaption>" in page]
        assert [sentence for sentence in said if sentence[:12] not in tex] == []

    def test_a_page_folds_what_the_notebook_folds(self, path, settings):
        notebook = code_of(path)
        hidden = [c for c in notebook.cells if c.metadata.get("jupyter", {}).get("outputs_hidden")]
        page, _ = HTMLExporter(config=settings).from_notebook_node(notebook)
        assert page.count("<details>") == len(hidden)


def test_what_is_folded_is_still_there_and_open_on_paper(settings):
    folded = nbformat.v4.new_code_cell(
        outputs=[nbformat.v4.new_output("stream", text="1 < 2\n")],
        metadata={"jupyter": {"outputs_hidden": True}},
    )
    notebook = nbformat.v4.new_notebook(cells=[folded])
    page, _ = HTMLExporter(config=settings).from_notebook_node(notebook)
    assert "<details><summary>…</summary><pre>1 &lt; 2\n</pre></details>" in page
    assert WebPDFExporter(config=settings).preprocessors == []
