"""Whatever a learner types in a cell of their own, each section prints what its text says.

After every box and every exercise a cell gives other values to all the short names that a learner
may use. Every section below must print what is committed; and so must each section, run again
after all. In English: a translation has the same code (test_parity.py). Without a kernel: nbval
runs every notebook in one.
"""

import re
import types

import pytest
from IPython.core.displayhook import CapturingDisplayHook
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from tools.parity import DATA_URI

from .content import ENGLISH, cells_of

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
PRACTICE = re.compile(r"^(?:lesson\w*\.)?(?:ask|check|exhibit|be_the)\w*\(", re.MULTILINE)
# What is asked or shown with no name in it: nothing that a learner types can reach it.
ALONE = re.compile(r"lesson\w*\.(?:ask|explore|plot|be_the)\w*\([^a-z]*\)")


def sections(cells):
    """Return the code cells from each heading to the next; those before the first come first."""
    found = [[]]
    for cell in cells:
        if cell.cell_type == "code":
            found[-1].append(cell)
        elif re.search("^##+ ", cell.source, re.MULTILINE):
            found.append([])
    return [part for part in found if part]


def shown(printed, outputs):
    """What a reader sees below a cell, but for the pixels of its pictures."""
    texts = [data.get(kind, "") for data in outputs for kind in ("text/plain", "text/html")]
    return DATA_URI.sub("", "".join([printed, *texts]))


def committed(cell):
    printed = "".join(output.get("text", "") for output in cell.outputs)
    return shown(printed, [output.get("data", {}) for output in cell.outputs])


@pytest.fixture
def run():
    """A function that runs some code as a notebook's cell, and returns what is then shown."""
    shell = InteractiveShell.instance(user_module=types.ModuleType("lesson_of_a_learner"))

    def run_code(source):
        shell.display_trap.hook = CapturingDisplayHook(shell)
        with capture_output() as captured:
            shell.run_cell(source)
        return shown(captured.stdout, [one["data"] for one in shell.display_trap.hook.outputs])

    yield run_code
    InteractiveShell.clear_instance()


@pytest.mark.parametrize("path", ENGLISH, ids=lambda path: path.stem)
def test_each_section_stands_on_its_own(path, run):
    parts, changed = sections(cells_of(path)), []
    for part in parts:
        before = True  # what follows a learner's own cell in the same section may differ
        for cell in part:
            found = committed(cell) if ALONE.fullmatch(cell.source) else run(cell.source)
            if before and found != committed(cell):
                changed.append(f"{cell.id}: {found}")
            if PRACTICE.search(cell.source):
                before = False
                assert run(OWN) == ""
    for cell in (cell for part in reversed(parts) for cell in part):  # none mends the next one's
        if not ALONE.fullmatch(cell.source) and run(cell.source) != committed(cell):
            changed.append(f"{cell.id}, run again after all")
    assert changed == []
