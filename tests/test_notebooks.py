"""Every committed notebook is executed, clean, and compared."""

import copy
import difflib
import itertools
import re
import statistics

import nbformat
import pytest

from tools import execute, lessons, parity

from .content import ENGLISH

NOTEBOOKS = execute.committed_notebooks()
every_notebook = pytest.mark.parametrize(
    "path", NOTEBOOKS, ids=lambda path: "/".join(path.relative_to(execute.NOTEBOOKS).parts)
)

SANITIZE = execute.ROOT / "tests" / "nbval_sanitize.cfg"
OUR_OPTIONS = ["-c", str(execute.ROOT / "pyproject.toml"), "-p", "no:cacheprovider"]


# ---- What a notebook consists of -----------------------------------------------------------


def outputs(notebook):
    return [output for cell in execute.code_cells(notebook) for output in cell.outputs]


def code_lines(cell):
    return [line for line in cell.source.splitlines() if line.strip()]


def written(output):
    """The texts of an output that a reader sees, pictures left out."""
    texts = [output.get("text", "")]
    texts += [value for value in output.get("data", {}).values() if isinstance(value, str)]
    return parity.DATA_URI.sub("", "\n".join(texts))


# ---- The rules: each yields what is wrong --------------------------------------------------


def as_execute_writes_it(notebook, path):
    """Executed in order, and nothing in it but what an author means."""
    text = path.read_text(encoding="utf-8")
    meant = execute.as_committed(nbformat.reads(text, as_version=4))
    yield from difflib.unified_diff(text.splitlines(True), meant.splitlines(True), n=0)


def nothing_skipped(notebook, path):
    for cell in execute.code_cells(notebook):
        for tag in cell.metadata.get("tags", []):
            if re.search("nbval|skip|raises|ignore", tag):
                yield f"the tag {tag} keeps nbval from comparing"
        if re.search(r"#\s*(NBVAL|PYTEST_VALIDATE)", cell.source):
            yield f"a comment keeps nbval from comparing: {cell.source}"


def no_errors_or_warnings(notebook, path):
    for output in outputs(notebook):
        if output.output_type == "error" or output.get("name") == "stderr":
            yield f"{output.output_type}: {written(output) or output.get('evalue')}"


def all_is_text(notebook, path):
    for cell in notebook.cells:
        if cell.get("attachments"):
            yield "an attached file"
    for output in outputs(notebook):
        for kind in output.get("data", {}):
            if kind not in ("text/plain", "text/html", "text/latex", "text/markdown"):
                yield f"an output of the type {kind}"


OF_THIS_MACHINE = {
    "an absolute path": r"(?<![\w.])/(?:home|Users|root|tmp|var|usr|opt)/|\b[A-Z]:\\",
    "an address in memory": r"\bat 0x[0-9a-fA-F]+",
    "a bare NumPy value, which NumPy 1 and 2 print differently": r"\b(?:np\.\w+|array)\(",
}


def nothing_of_this_machine(notebook, path):
    for text in map(written, outputs(notebook)):
        for what, pattern in OF_THIS_MACHINE.items():
            yield from (f"{what}: {found}" for found in re.findall(pattern, text))


def code_is_short(notebook, path):
    lengths = [len(code_lines(cell)) for cell in execute.code_cells(notebook)]
    if not 1 <= min(lengths) <= max(lengths) <= 12:
        yield f"code cells have {min(lengths)} to {max(lengths)} lines"
    if statistics.median(lengths) > 3:
        yield f"the median code cell has {statistics.median(lengths)} lines"
    for line in itertools.chain(*map(code_lines, execute.code_cells(notebook))):
        if len(re.sub(r"[^\x00-\u2fff]", "  ", line)) > 88:  # of which the site would cut the end
            yield f"a line wider than 88 columns: {line}"


def one_setup_cell(notebook, path):
    first = execute.code_cells(notebook)[0]
    lines = parity.OURS.sub("", first.source).split("\n")  # a translation says its language, too
    if len([line for line in lines if line.strip()]) > 6:
        yield "the setup cell has more than six lines"
    if not all(re.match(r"import |from |\s|\)|$", line) for line in lines):
        yield "the first code cell does something other than import"


def opens_and_closes(notebook, path):
    core, _ = lessons.parts(notebook)
    if not core.cells[0].source.startswith("# "):
        yield "the first cell does not begin with the title"
    siblings = sorted(path.parent.glob("*.ipynb"))
    here = siblings.index(path)
    near = siblings[max(here - 1, 0) : here] + siblings[here + 1 : here + 2]
    last = [cell for cell in core.cells if cell.cell_type == "markdown"][-1]
    for name in {path.name for path in near} - set(re.findall(r"\]\(([^)\s]+)\)", last.source)):
        yield f"the last text of the core lacks {name}"


def faults(path):
    notebook = nbformat.read(path, as_version=4)
    return [f"{rule.__name__}: {fault}" for rule in BREAKS for fault in rule(notebook, path)]


@every_notebook
def test_hygiene(path):
    found = faults(path)
    assert not found, "\n".join(["", *found])


# ---- How a lesson is built (COURSE: words, cells, minutes, predictions) ---------------------


@pytest.mark.parametrize("path", ENGLISH, ids=lambda path: path.stem)
def test_a_lesson_is_short_and_its_minutes_are_honest(path):
    notebook = nbformat.read(path, as_version=4)
    assert [*lessons.faults(notebook)] == [], [*map(str, lessons.parts(notebook))]
    assert sum(len(re.findall(r"\bexpect", cell.source, re.I)) for cell in notebook.cells) <= 5


def preview(cell):
    """Return the line that JupyterLab shows of a folded output."""
    for output in cell.outputs:
        data = output.get("data", {})
        text = output.get("text") or data.get("text/html") or data.get("text/plain") or ""
        return next((line for line in text.splitlines() if line.strip()), "")
    return ""


@every_notebook
def test_predictions_are_not_given_away(path):
    core, _ = lessons.parts(nbformat.read(path, as_version=4))
    hidden = [cell for cell in core.cells if cell.metadata.get("jupyter", {}).get("outputs_hidden")]
    assert len(hidden) >= 2
    for cell in hidden:
        assert preview(cell) and not re.search(r"\d", preview(cell)), cell.id
        after = core.cells[core.cells.index(cell) + 1]
        assert after.source.startswith("<details>"), f"{after.id} gives {cell.id} away"


# ---- Each rule bites -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """A small notebook that keeps all the rules, as execute writes it."""
    path = tmp_path_factory.mktemp("a folder") / "01_good.ipynb"
    sources = [
        "from IPython.display import HTML\nfrom ipywidgets import IntSlider",
        "print(f'loss {0.105:.3f}')",
        """HTML('<img src="data:image/png;base64,AAAA" alt="A line through 0.5.">')""",
        "IntSlider(description='y')",
    ]
    cells = [nbformat.v4.new_markdown_cell("# Title\n\n5 minutes")]
    cells += map(nbformat.v4.new_code_cell, sources)
    cells.append(nbformat.v4.new_markdown_cell("[Next](02_next.ipynb)"))
    write(nbformat.v4.new_notebook(cells=cells), path)
    execute.main([path])
    return path


def write(notebook, path):
    nbformat.write(notebook, path)
    (path.parent / "02_next.ipynb").touch()  # for it to link to


def change_html(cell, old, new):
    data = cell.outputs[0].data
    assert old in data["text/html"]
    data["text/html"] = data["text/html"].replace(old, new)


BREAKS = {
    as_execute_writes_it: [
        lambda n: n.cells[2].update(execution_count=None),
        lambda n: n.cells[2].outputs.append(nbformat.v4.new_output("stream", text="a piece")),
        lambda n: n.metadata.update(widgets={}),
        lambda n: n.cells[2].metadata.update(execution={"iopub.execute_input": "2026-11-22"}),
    ],
    nothing_skipped: [
        lambda n: n.cells[2].metadata.update(tags=["nbval-ignore-output"]),
        lambda n: n.cells[2].update(source="# NBVAL_IGNORE_OUTPUT\nprint(1)"),
    ],
    no_errors_or_warnings: [
        lambda n: n.cells[2].outputs[0].update(name="stderr"),
        lambda n: n.cells[2].update(outputs=[nbformat.v4.new_output("error", evalue="no")]),
    ],
    all_is_text: [
        lambda n: n.cells[0].update(attachments={"a.png": {"image/png": "AAAA"}}),
        lambda n: n.cells[3].outputs[0].data.update({"image/png": "AAAA"}),
    ],
    nothing_of_this_machine: [
        lambda n: n.cells[2].outputs[0].update(text="/home/me/notebooks"),
        lambda n: n.cells[2].outputs[0].update(text="<Figure at 0x7f2a>"),
        lambda n: n.cells[2].outputs[0].update(text="np.float64(0.105)"),
    ],
    code_is_short: [
        lambda n: n.cells[2].update(source="\n"),
        lambda n: n.cells[2].update(source="x = 1\n" * 13),
        lambda n: n.cells[2].update(source="x = 1  # " + 41 * "长"),
        lambda n: [cell.update(source="x = 1\n" * 4) for cell in n.cells[2:5]],
    ],
    one_setup_cell: [
        lambda n: n.cells[1].update(source="import math\n" * 7),
        lambda n: n.cells[1].update(source="import math\nx = 1"),
    ],
    opens_and_closes: [
        lambda n: n.cells[0].update(source=n.cells[0].source.replace("# Title", "Title")),
        lambda n: n.cells[5].update(source="The end"),
    ],
}


def test_a_good_notebook_has_no_faults(good):
    assert faults(good) == []


@pytest.mark.parametrize("rule", BREAKS, ids=lambda rule: rule.__name__)
def test_each_rule_bites(rule, good, tmp_path):
    for spoil in BREAKS[rule]:
        notebook = nbformat.read(good, as_version=4)
        spoil(notebook)
        write(notebook, tmp_path / good.name)
        assert {fault.split(":")[0] for fault in faults(tmp_path / good.name)} == {rule.__name__}


# ---- A changed digit is noticed ------------------------------------------------------------
#
# Strict nbval runs every notebook afresh (it collects notebooks/ itself) and compares. Left to
# prove: that it compares each kind of output (test_canary), and all of it but the pictures.


class Failures(dict):
    """What nbval says of each cell that fails, with the project's own options."""

    def __init__(self, path):
        pytest.main([*OUR_OPTIONS, str(path)], [self])

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self[report.nodeid.partition("::")[2]] = report.longreprtext


@every_notebook
def test_nothing_but_pictures_is_left_out_of_the_comparison(path):
    [left_out] = re.findall("^regex: (.+)$", SANITIZE.read_text(encoding="utf-8"), re.MULTILINE)
    for output in outputs(nbformat.read(path, as_version=4)):
        for text in [output.get("text", ""), *output.get("data", {}).values()]:
            assert re.sub(left_out, "", text) == parity.DATA_URI.sub("", text)


def test_execute_twice_gives_the_same_bytes(good):
    once = good.read_bytes()
    notebook = nbformat.read(good, as_version=4)
    assert [cell.execution_count for cell in execute.code_cells(notebook)] == [1, 2, 3, 4]
    assert "IntSlider" in notebook.cells[4].outputs[0].data["text/plain"]
    assert b"widget-view" not in once and b"widget-state" not in once
    execute.main([good])
    assert good.read_bytes() == once


def test_canary(good):
    """A digit changed in any text fails; a picture may differ, but must be there."""
    notebook = nbformat.read(good, as_version=4)
    notebook.cells[2].outputs[0].text = "loss 0.106\n"
    notebook.cells[4].outputs[0].data["text/plain"] = "IntSlider(value=1, description='y')"
    for name, old, new in [("alt", "0.5", "0.6"), ("gone", "data:image/png;base64,AAAA", "")]:
        cell = copy.deepcopy(notebook.cells[3])
        cell.id = name
        change_html(cell, old, new)
        notebook.cells.append(cell)
    change_html(notebook.cells[3], "AAAA", "BBBB")
    canary = good.with_name("02_next.ipynb")
    nbformat.write(notebook, canary)
    failed = Failures(canary)
    assert [*failed] == ["Cell 1", "Cell 3", "Cell 4", "Cell 5"]
    assert "loss 0.106" in failed["Cell 1"] and "through 0.6" in failed["Cell 4"]
