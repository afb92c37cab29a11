"""How long a lesson is.

Core minutes = words/100 + 0.5 a code cell + 1.5 an answer box + 2 an explorer or exhibit +
4 an exercise, rounded to 5; the same for "Going further". Words are those outside formulas, code,
tables' numbers and folded answers.
"""

import re
from typing import NamedTuple

FENCED = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)
FOLDED = re.compile(r"<details>.*?</details>", re.DOTALL)
FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$]*\$", re.DOTALL)
WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
WORDS, CODE_CELLS, FURTHER_WORDS = 1500, 22, 1000
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

    def __str__(self):
        return f"{self.words} words, {len(self.code)} code cells, {self.minutes} minutes"

    @property
    def minutes(self):
        code = "\n".join(self.code)
        asked = sum(cost * len(re.findall(call, code)) for call, cost in COSTS.items())
        return 5 * round((self.words / 100 + len(self.code) / 2 + asked) / 5)


def parts(notebook):
    """Return the core and the part that goes further."""
    cells = notebook.cells
    heads = (k for k, cell in enumerate(cells) if cell.source.startswith(FURTHER))
    end = next(heads, len(cells))
    return Part(cells[:end]), Part(cells[end:])


def stated_minutes(notebook):
    """Return the two numbers of minutes that the first cell gives."""
    [line] = re.findall(r"^\*\*(?:Time|时间)\W+(.*)$", notebook.cells[0].source, re.MULTILINE)
    return [int(number) for number in re.findall(r"\d+", line.partition("**")[0])]


def faults(notebook):
    """Yield where a lesson is longer than it may be, or gives other minutes than it takes."""
    core, further = parts(notebook)
    if core.words > WORDS or len(core.code) > CODE_CELLS:
        yield f"the core may have {WORDS} words and {CODE_CELLS} code cells"
    if further.words > FURTHER_WORDS:
        yield f"what goes further may have {FURTHER_WORDS} words"
    minutes = [part.minutes for part in (core, further) if part.cells]
    if stated_minutes(notebook) != minutes:
        yield f"the first cell gives {stated_minutes(notebook)} minutes, and it takes {minutes}"
