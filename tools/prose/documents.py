"""Notebooks and Markdown files as cells of paragraphs; the numbers of their code."""

import functools
import html
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

ROOT = Path(__file__).parents[2]
MARKDOWN = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin)
NUMBER = re.compile(r"(?:(?<![\w)\]])[-−])?(?<![\w.])\d+(?:\.\d+)?(?:e[-+]?\d+)?(?!\w|\.\d)")


class Cell(NamedTuple):
    number: int
    section: int  # counted by headings; README and TEACHING have none
    source: str
    printed: str = ""

    @property
    def paragraphs(self) -> Iterator[tuple[str, list[str]]]:
        """The prose, with … for a formula, and the formulas, of each paragraph or table's cell."""
        for token in MARKDOWN.parse(self.source):
            prose, formulas = "", []
            for part in token.children if token.type == "inline" else [token]:
                if part.type.startswith("math"):
                    formulas.append(part.content)
                    prose += " … "
                elif part.type.startswith("html"):
                    prose += seen(part.content)
                else:
                    prose += part.content or " "  # a link's address is not there
            yield " ".join(prose.split()), formulas

    @property
    def formulas(self) -> list[str]:
        return [formula for _, found in self.paragraphs for formula in found]


def seen(page: str) -> str:
    """What a reader sees or hears of HTML: its text, and its pictures' alt texts."""
    page = re.sub(r'<img [^>]*?alt="([^"]*)"[^>]*>', r" \1 ", page)
    return html.unescape(re.sub(r"<[^>]*>", " ", page))


class Document(NamedTuple):
    name: str
    prose: tuple[Cell, ...]
    code: tuple[Cell, ...]  # the cells whose numbers the prose may use

    def has(self, number: str, section: int = -1) -> bool:
        """Does the code hold or print this number, to as many decimals? Single digits are free."""
        code = self.code  # short numbers turn up everywhere: where a section's code has any, near
        if len(number) < 5 and numbers(tuple(cell for cell in code if cell.section == section)):
            code = tuple(cell for cell in code if abs(cell.section - section) <= 1)
        known = numbers(code).get(Decimal(number.replace("−", "-")), "")
        return len(number.strip("-−")) == 1 or len(number) <= len(known)


@functools.cache
def numbers(code: tuple[Cell, ...]) -> dict[Decimal, str]:
    """The numbers that code holds or prints, and the longest way in which each is written."""
    text = "\n".join(part for cell in code for part in (cell.source, cell.printed))
    found = NUMBER.findall(text.replace("−", "-"))
    return {Decimal(number): number for number in sorted(found, key=len)}


def notebook(path: Path) -> Document:
    cells: dict[str, list[Cell]] = {"markdown": [], "code": []}
    section = 0  # recalled questions begin none: what stands beside them is the lesson's
    for number, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"], 1):
        source = "".join(cell["source"])
        heading = cell["cell_type"] == "markdown" and re.search("^##", source, re.MULTILINE)
        if heading and not cell["id"].startswith("recall"):
            section += 1
        printed = []
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            printed += [*output.get("text", []), *data.get("text/plain", []), "\n"]
            printed.append(seen("".join(data.get("text/html", []))))
        found = Cell(number, section, "".join(cell["source"]), "".join(printed))
        cells[cell["cell_type"]].append(found)
    return Document(path.stem, tuple(cells["markdown"]), tuple(cells["code"]))


@functools.cache
def documents() -> list[Document]:
    """The English notebooks; README and the teacher's page, which stand on all of them."""
    found = [notebook(path) for path in sorted((ROOT / "notebooks").glob("0*.ipynb"))]
    code = tuple(cell for document in found for cell in document.code)
    for name in ("README.md", "TEACHING.md"):
        page = Cell(1, -1, (ROOT / name).read_text(encoding="utf-8"))
        found.append(Document(name, (page,), code))
    return found
