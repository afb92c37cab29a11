"""Every committed notebook is executed, clean, readable without its pictures, and compared."""

import copy
import difflib
import itertools
import re
import statistics

import nbformat
import pytest

from tools import execute, lessons, parity

NOTEBOOKS = execute.committed_notebooks()
every_notebook = pytest.mark.parametrize(
    "path", NOTEBOOKS, ids=lambda path: "/".join(path.relative_to(execute.NOTEBOOKS).parts)
)
ENGLISH = [path for path in NOTEBOOKS if path.parent == execute.NOTEBOOKS]
every_lesson = pytest.mark.parametrize("path", ENGLISH, ids=lambda path: path.stem)

OUR_OPTIONS = ["-c", str(execute.ROOT / "pyproject.toml"), "-p", "no:cacheprovider"]
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
TAG = re.compile("<(img|svg|canvas|object|embed|iframe|script)\\b([^>]*)>")


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


def links(cell):
    return LINK.findall(cell.source) if cell.cell_type == "markdown" else []


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


def pictures_have_alt_text(notebook, path):
    texts = [output.get("data", {}).get("text/html", "") for output in outputs(notebook)]
    texts += [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    for text in texts:
        if re.search(r"!\[\s*\]", text):
            yield "a Markdown picture without alt text"
        for tag, attributes in TAG.findall(text):
            if tag != "img":
                yield f"a <{tag}>"
            elif not re.search(r"\salt=\"\s*[^\"\s]", attributes):
                yield "an <img> without alt text"


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
    for name in {path.name for path in near} - set(links(last)):
        yield f"the last text of the core lacks {name}"


def links_lead_somewhere(notebook, path):
    for link in (link for cell in notebook.cells for link in links(cell)):
        if not link.startswith(("https://", "#")) and not (path.parent / link).is_file():
            yield f"a link to {link}, which is not there"


RULES = [
    as_execute_writes_it,
    nothing_skipped,
    no_errors_or_warnings,
    all_is_text,
    pictures_have_alt_text,
    nothing_of_this_machine,
    code_is_short,
    one_setup_cell,
    opens_and_closes,
    links_lead_somewhere,
]


def faults(path):
    notebook = nbformat.read(path, as_version=4)
    return [f"{rule.__name__}: {fault}" for rule in RULES for fault in rule(notebook, path)]


@every_notebook
def test_hygiene(path):
    found = faults(path)
    assert not found, "\n".join(["", *found])


# ---- How a lesson is built (COURSE: words, cells, minutes, predictions) ---------------------


@every_lesson
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
    "as_execute_writes_it": [
        lambda n: n.cells[2].update(execution_count=None),
        lambda n: n.cells[3].outputs[0].update(execution_count=4),
        lambda n: n.cells[2].outputs.append(nbformat.v4.new_output("stream", text="a piece")),
        lambda n: n.metadata.update(widgets={}),
        lambda n: n.cells[2].metadata.update(execution={"iopub.execute_input": "2026-11-22"}),
    ],
    "nothing_skipped": [
        lambda n: n.cells[2].metadata.update(tags=["nbval-ignore-output"]),
        lambda n: n.cells[2].update(source="# NBVAL_IGNORE_OUTPUT\nprint(1)"),
    ],
    "no_errors_or_warnings": [
        lambda n: n.cells[2].outputs[0].update(name="stderr"),
        lambda n: n.cells[2].update(outputs=[nbformat.v4.new_output("error", evalue="no")]),
    ],
    "all_is_text": [
        lambda n: n.cells[0].update(attachments={"a.png": {"image/png": "AAAA"}}),
        lambda n: n.cells[3].outputs[0].data.update({"image/png": "AAAA"}),
    ],
    "pictures_have_alt_text": [
        lambda n: change_html(n.cells[3], "A line through 0.5.", " "),
        lambda n: change_html(n.cells[3], "<img", "<svg></svg><img"),
        lambda n: n.cells[0].update(source=n.cells[0].source + "\n\n![](02_next.ipynb)"),
    ],
    "nothing_of_this_machine": [
        lambda n: n.cells[2].outputs[0].update(text="/home/me/notebooks"),
        lambda n: n.cells[2].outputs[0].update(text="C:\\notebooks"),
        lambda n: n.cells[2].outputs[0].update(text="<Figure at 0x7f2a>"),
        lambda n: n.cells[2].outputs[0].update(text="np.float64(0.105)"),
    ],
    "code_is_short": [
        lambda n: n.cells[2].update(source="\n"),
        lambda n: n.cells[2].update(source="x = 1\n" * 13),
        lambda n: n.cells[2].update(source="x = 1  # " + 41 * "长"),
        lambda n: [cell.update(source="x = 1\n" * 4) for cell in n.cells[2:5]],
    ],
    "one_setup_cell": [
        lambda n: n.cells[1].update(source="import math\n" * 7),
        lambda n: n.cells[1].update(source="import math\nx = 1"),
    ],
    "opens_and_closes": [
        lambda n: n.cells[0].update(source=n.cells[0].source.replace("# Title", "Title")),
        lambda n: n.cells[5].update(source="The end"),
    ],
    "links_lead_somewhere": [
        lambda n: n.cells[5].update(source=n.cells[5].source + " [log](09_log.ipynb)"),
    ],
}


def test_a_good_notebook_has_no_faults(good):
    assert faults(good) == []


@pytest.mark.parametrize(
    "rule, number",
    [(rule.__name__, n) for rule in RULES for n in range(len(BREAKS[rule.__name__]))],
)
def test_each_rule_bites(rule, number, good, tmp_path):
    notebook = nbformat.read(good, as_version=4)
    BREAKS[rule][number](notebook)
    write(notebook, tmp_path / good.name)
    assert {fault.split(":")[0] for fault in faults(tmp_path / good.name)} == {rule}


# ---- A changed digit is noticed ------------------------------------------------------------
#
# Strict nbval runs every notebook afresh (it collects notebooks/ itself) and compares. Left to
# prove: that it would notice any other digit in what is committed; in every language alike, for
# the translated notebooks print the same numbers (test_parity.py).


class Seen:
    """What nbval makes of a notebook with the project's own options: its cells, and what fails."""

    def __init__(self, path, *options):
        self.failed = {}
        pytest.main([*OUR_OPTIONS, *options, str(path)], [self])

    def pytest_collection_finish(self, session):
        self.cells = session.items

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.failed[report.nodeid.partition("::")[2]] = report.longreprtext


def changed_digits(text):
    """Yield a text again and again, each time with another digit changed, but in no picture."""
    for found in re.finditer(parity.DATA_URI.pattern + "|([0-9])", text):
        if found[1]:
            other = str((int(found[1]) + 1) % 10)
            yield text[: found.start()] + other + text[found.end() :]


@every_lesson
def test_any_changed_digit_would_be_noticed(path):
    digits = 0
    for cell in Seen(path, "--collect-only", "--quiet").cells:
        assert cell.options["check"] and cell.cell.execution_count is not None
        cell.parent.setup_sanitize_files()
        cell.format_output_compare = lambda *difference: None  # slow, and nobody reads it
        for output in cell.cell.outputs:
            for holder in (output, output.get("data", {})):
                for key in {"text", "text/plain", "text/html", "text/latex"} & set(holder):
                    text = re.sub('base64,[^"]*', "base64,AAAA", holder[key])  # sooner compared
                    holder[key] = text
                    committed = copy.deepcopy(output)
                    assert cell.compare_outputs([committed], [output])
                    for holder[key] in changed_digits(text):
                        digits += 1
                        assert not cell.compare_outputs([committed], [output]), holder[key]
                    holder[key] = text
    assert digits > 0


def test_execute_twice_gives_the_same_bytes(good):
    once = good.read_bytes()
    notebook = nbformat.read(good, as_version=4)
    assert [cell.execution_count for cell in execute.code_cells(notebook)] == [1, 2, 3, 4]
    assert "IntSlider" in notebook.cells[4].outputs[0].data["text/plain"]
    assert b"widget-view" not in once and b"widget-state" not in once
    execute.main([good])
    assert good.read_bytes() == once


def test_canary(good):
    """A digit changed in a print or an alt text fails; a picture may differ but must be there."""
    notebook = nbformat.read(good, as_version=4)
    notebook.cells[2].outputs[0].text = "loss 0.106\n"
    for name, old, new in [("alt", "0.5", "0.6"), ("gone", "data:image/png;base64,AAAA", "")]:
        cell = copy.deepcopy(notebook.cells[3])
        cell.id = name
        change_html(cell, old, new)
        notebook.cells.append(cell)
    change_html(notebook.cells[3], "AAAA", "BBBB")
    canary = good.with_name("02_next.ipynb")
    nbformat.write(notebook, canary)
    failed = Seen(canary).failed
    assert [*failed] == ["Cell 1", "Cell 4", "Cell 5"]
    assert "loss 0.106" in failed["Cell 1"] and "through 0.6" in failed["Cell 4"]
