"""How long a lesson is, and what of it is folded: python -m tests.lessons [beginning of a name]

Core minutes = words/100 + 0.5 a code cell + 1.5 an answer box + 2 an explorer or exhibit +
4 an exercise,
rounded to 5; the same for "Going further". Words are those outside formulas, code, tables'
numbers and folded answers.
"""

import re
import sys
from typing import NamedTuple

import nbformat

from tests import execute

FENCED = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
FOLDED = re.compile(r"<details>.*?</details>", re.DOTALL)
FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$]*\$", re.DOTALL)
WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
FURTHER = ("## Going further", "## 再进一步")
COSTS = {
    r"\b(?:ask_\w+|be_the_model)\(": 1.5,
    r"\b(?:explore_\w+|exhibit)\(": 2,
    r"\bcheck_\w+\(": 4,
}


class Part(NamedTuple):
    """The core of a lesson, or what stands under "Going further"."""

    cells: list

    @property
    def code(self):
        return [cell.source for cell in self.cells if cell.cell_type == "code"]

    @property
    def words(self):
        text = "\n".join(cell.source for cell in self.cells if cell.cell_type == "markdown")
        for left_out in (FENCED, FOLDED, FORMULA, re.compile(r"\]\([^)]*\)|https?://\S+|<[^>]+>")):
            text = left_out.sub(" ", text)
        return len(WORD.findall(text))

    @property
    def minutes(self):
        asked = sum(
            cost * len(re.findall(call, "\n".join(self.code))) for call, cost in COSTS.items()
        )
        return 5 * round((self.words / 100 + len(self.code) / 2 + asked) / 5)


def parts(notebook):
    """Return the core and the part that goes further."""
    cells = notebook.cells
    at = [k for k, cell in enumerate(cells) if cell.source.startswith(FURTHER)]
    end = at[0] if at else len(cells)
    return Part(cells[:end]), Part(cells[end:])


def stated_minutes(notebook):
    """Return the two numbers of minutes that the first cell gives."""
    [line] = re.findall(r"^\*\*(?:Time|时间)\W+(.*)$", notebook.cells[0].source, re.MULTILINE)
    return [int(number) for number in re.findall(r"\d+", line.partition("**")[0])]


def predictions(part):
    """Return the cells whose output is folded until they are run."""
    return [cell for cell in part.cells if cell.metadata.get("jupyter", {}).get("outputs_hidden")]


def preview(cell):
    """Return the line that JupyterLab shows of a folded output."""
    for output in cell.outputs:
        data = output.get("data", {})
        text = output.get("text") or data.get("text/html") or data.get("text/plain") or ""
        return next((line for line in text.splitlines() if line.strip()), "")
    return ""


def main(names):
    for path in execute.committed_notebooks():
        if path.parent != execute.NOTEBOOKS or not path.name.startswith(tuple(names)):
            continue
        notebook = nbformat.read(path, as_version=4)
        print(path.name, "stated minutes", stated_minutes(notebook))
        for name, part in zip(("core", "going further"), parts(notebook)):
            print(
                f"  {name}: {part.words} words, {len(part.code)} code cells, {part.minutes} minutes"
            )


if __name__ == "__main__":
    main(sys.argv[1:] or [""])
