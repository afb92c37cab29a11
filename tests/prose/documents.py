"""Notebooks and Markdown files as cells of paragraphs; the numbers of their code."""

from __future__ import annotations

import ast
import functools
import html
import json
import re
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal
from pathlib import Path

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

ROOT = Path(__file__).parents[2]
MARKDOWN = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin)
MATHS = {"math_inline", "math_inline_double", "math_block"}
NUMBER = re.compile(r"(?:(?<![\w)\]])[-−])?(?<![\w.])\d+(?:\.\d+)?(?:e[-+]?\d+)?(?!\w|\.\d)")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, an item of a list, or a cell of a table; in ``prose`` … stands for a formula."""

    prose: str
    formulas: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cell:
    number: int
    kind: str  # markdown, alt (a text that the code gives to a picture), or code
    source: str
    printed: str = ""

    @property
    def paragraphs(self) -> list[Paragraph]:
        return [Paragraph(self.source)] if self.kind == "alt" else paragraphs(self.source)


@dataclass
class Document:
    name: str
    cells: list[Cell] = field(default_factory=list)

    @property
    def prose(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.kind != "code"]

    @property
    def code(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.kind == "code"]

    @functools.cached_property
    def numbers(self) -> dict[Decimal, int]:
        """Every number of the code and of what it prints, and its roundings, with its decimals."""
        texts = [text for cell in self.code for text in (without_alt(cell.source), cell.printed)]
        found: dict[Decimal, int] = {}
        for written in (n for text in texts for n in NUMBER.findall(text)):
            number = Decimal(written.replace("−", "-"))
            for known in (number, *roundings(number)):
                found[known] = max(decimals(known), found.get(known, 0))
        return found

    def has(self, number: str) -> bool:
        """Does the code hold or print this number, to as many decimals? Single digits are free."""
        sought = Decimal(number.replace("−", "-"))
        return len(number.strip("-−+")) == 1 or decimals(sought) <= self.numbers.get(sought, -1)


def decimals(number: Decimal) -> int:
    return -number.as_tuple().exponent


def roundings(number: Decimal) -> set[Decimal]:
    units = [Decimal(1).scaleb(-places) for places in range(1, min(decimals(number), 12))]
    ways = [number.quantize(u, way) for u in units for way in (ROUND_HALF_UP, ROUND_HALF_DOWN)]
    return {way for way in ways if len(way.as_tuple().digits) >= 3}


def paragraphs(source: str) -> list[Paragraph]:
    found = []
    for token in MARKDOWN.parse(source):
        parts = token.children if token.type == "inline" else [token]
        formulas = tuple(part.content for part in parts if part.type in MATHS)
        prose = "".join(plain(part) for part in parts)
        if formulas or prose.strip():
            found.append(Paragraph(" ".join(prose.split()), formulas))
    return found


def plain(token) -> str:
    """What a reader sees of a token; a link's address is no text, a picture's alt text is."""
    if token.type in MATHS:
        return " … "
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return seen(token.content) if token.type in ("html_block", "html_inline") else token.content


def seen(page: str) -> str:
    """The words of a piece of HTML, with the alt texts of its pictures."""
    page = re.sub(r'<img [^>]*?alt="([^"]*)"[^>]*>', r" \1 ", page)
    return html.unescape(re.sub(r"<[^>]*>", " ", page))


def alt_nodes(tree: ast.AST) -> list[ast.keyword]:
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [k for call in calls for k in call.keywords if k.arg == "alt"]


def without_alt(source: str) -> str:
    """The code as Python reads it, without comments and without texts for pictures."""
    tree = ast.parse(source)
    for keyword in alt_nodes(tree):
        keyword.value = ast.Constant("")
    return ast.unparse(tree)


def printed(outputs: list[dict], alts: list[str]) -> str:
    """What the outputs show, but not the alt texts that were written by hand."""
    texts = []
    for output in outputs:
        data = output.get("data", {})
        page = seen("".join(data.get("text/html", "")))
        for alt in alts:
            page = page.replace(alt, " ")
        texts += ["".join(output.get("text", "")), page or "".join(data.get("text/plain", ""))]
    return "\n".join(texts)


@functools.cache
def notebook(path: Path) -> Document:
    document = Document(path.stem)
    for number, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"], 1):
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            document.cells.append(Cell(number, "markdown", source))
        elif cell["cell_type"] == "code":
            nodes = [keyword.value for keyword in alt_nodes(ast.parse(source))]
            alts = [node.value for node in nodes if isinstance(node, ast.Constant)]
            document.cells.append(Cell(number, "code", source, printed(cell["outputs"], alts)))
            document.cells += [Cell(number, "alt", alt) for alt in alts]
    return document


def documents() -> list[Document]:
    """The English notebooks, README and the teacher's page; these two stand on all notebooks."""
    notebooks = [notebook(path) for path in sorted((ROOT / "notebooks").glob("0*.ipynb"))]
    code = [cell for document in notebooks for cell in document.code]
    pages = [
        Document(name, [*code, Cell(1, "markdown", (ROOT / name).read_text(encoding="utf-8"))])
        for name in ("README.md", "TEACHING.md")
    ]
    return notebooks + pages


def changed(cell: Cell, source: str) -> Cell:
    return replace(cell, source=source)
