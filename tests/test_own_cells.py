"""Whatever a learner types in a cell of their own, each section prints what its text says.

After every box and every exercise a cell gives other values to all the short names that a learner
may use. Every section below must print what is committed; and so must each section, run again
after all. In English: a translation has the same code (test_parity.py).
"""

import re

import nbformat
import pytest
from nbclient import NotebookClient

from tools.execute import NOTEBOOKS

# A learner's batch as box 04 asks for it, and something else under all the other names.
OWN = """
for name in [*map(chr, range(97, 123)), *map(chr, range(65, 91)), *'''
    loss losses cost error errors odds dw db eta rate step steps total mean slope
    base given rows row power point points curve figure axes w_new b_new z_new a_new
'''.split()]:
    globals()[name] = 7.5
import numpy
a, y = numpy.array([0.3, 0.9, 0.5]), numpy.array([0, 1, 1])
del name, numpy
"""
DATA_URI = re.compile(r"data:image/[^\"')]*")
PRACTICE = re.compile(r"^(?:lesson\w*\.)?(?:ask|check|exhibit|be_the)\w*\(", re.MULTILINE)


def sections(cells):
    """Return the code cells from each heading to the next; those before the first come first."""
    found = [[]]
    for cell in cells:
        if cell.cell_type == "code":
            found[-1].append(cell)
        elif re.search("^##+ ", cell.source, re.MULTILINE):
            found.append([])
    return [part for part in found if part]


def shown(cell):
    """What a reader sees below a cell, but for the pixels of its pictures."""
    texts = []
    for output in cell.outputs:
        data = output.get("data", {})
        texts += [output.get("text", ""), data.get("text/plain", ""), data.get("text/html", "")]
    return DATA_URI.sub("", "".join(texts))  # where a stream is cut is a matter of timing


def run(client, cells, cell):
    client.execute_cell(cell, cells.index(cell), store_history=False)
    return shown(cell)


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.stem)
def test_each_section_stands_on_its_own(path):
    notebook = nbformat.read(path, as_version=4)
    committed = {cell.id: shown(cell) for cell in notebook.cells if cell.cell_type == "code"}
    own = nbformat.v4.new_code_cell(OWN)
    notebook.cells.append(own)
    client = NotebookClient(notebook, timeout=120, allow_errors=True, kernel_name="python3")
    with client.setup_kernel(cwd=str(path.parent)):
        changed = []
        parts = sections(notebook.cells[:-1])
        for part in parts:
            before = True  # what follows a learner's own cell in the same section may differ
            for cell in part:
                found = run(client, notebook.cells, cell)
                if before and found != committed[cell.id]:
                    changed.append(f"{cell.id}: {found}")
                if PRACTICE.search(cell.source):
                    before = False
                    assert run(client, notebook.cells, own) == ""
        for part in parts:
            again = [
                cell.id for cell in part if run(client, notebook.cells, cell) != committed[cell.id]
            ]
            changed += [f"{name}, run again after all" for name in again]
    assert changed == []
