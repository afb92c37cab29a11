"""Notebooks and Markdown files as cells of paragraphs; the numbers of their code."""

from __future__ import annotations

import functools
import html
import itertools
import json
import re
from collections.abc import Iterator
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

ROOT = Path(__file__).parents[2]
MARKDOWN = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin)
NUMBER = re.compile(r"(?:(?<![\w)\]])[-−])?(?<![\w.])\d+(?:\.\d+)?(?:e[-+]?\d+)?(?!\w|\.\d)")


class Cell(NamedTuple):
    number: int
    is_code: bool
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


def seen(page: str) -> str:
    """What a reader sees or hears of HTML: its text, and its pictures' alt texts."""
    page = re.sub(r'<img [^>]*?alt="([^"]*)"[^>]*>', r" \1 ", page)
    return html.unescape(re.sub(r"<[^>]*>", " ", page))


class Document(NamedTuple):
    name: str
    prose: tuple[Cell, ...]
    code: tuple[Cell, ...]  # the cells whose numbers the prose may use

    def has(self, number: str) -> bool:
        """Does the code hold or print this number, to as many decimals? Single digits are free."""
        sought = Decimal(number.replace("−", "-"))
        free = len(number.strip("-−")) == 1
        return free or decimals(sought) <= numbers(self.code).get(sought, -1)


def decimals(number: Decimal) -> int:
    return -number.as_tuple().exponent


@functools.cache
def numbers(code: tuple[Cell, ...]) -> dict[Decimal, int]:
    """The numbers that code holds or prints, and their roundings to three digits or more."""
    found: dict[Decimal, int] = {}
    for written in (n for cell in code for n in NUMBER.findall(cell.source + cell.printed)):
        number = Decimal(written.replace("−", "-"))
        units = [Decimal(1).scaleb(-places) for places in range(1, min(decimals(number), 12))]
        ways = itertools.product(units, (ROUND_HALF_UP, ROUND_HALF_DOWN))
        rounded = [number.quantize(unit, way) for unit, way in ways]
        for known in (number, *(r for r in rounded if len(r.as_tuple().digits) > 2)):
            found[known] = max(decimals(known), found.get(known, 0))
    return found


def notebook(path: Path) -> Document:
    cells = []
    for number, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"], 1):
        source, is_code, printed = "".join(cell["source"]), cell["cell_type"] == "code", "\n"
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            page = seen("".join(data.get("text/html", "")))
            printed += "".join(output.get("text", "")) + (
                page or "".join(data.get("text/plain", ""))
            )
        cells.append(Cell(number, is_code, source, printed))
    prose, code = (tuple(c for c in cells if c.is_code == kind) for kind in (False, True))
    return Document(path.stem, prose, code)


@functools.cache
def documents() -> list[Document]:
    """The English notebooks; README and the teacher's page, which stand on all of them."""
    found = [notebook(path) for path in sorted((ROOT / "notebooks").glob("0*.ipynb"))]
    code = tuple(cell for document in found for cell in document.code)
    for name in ("README.md", "TEACHING.md"):
        page = Cell(1, False, (ROOT / name).read_text(encoding="utf-8"))
        found.append(Document(name, (page,), code))
    return found
