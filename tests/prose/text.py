"""Notebooks and Markdown files as cells of blocks: prose, mathematics, tables, code and its output."""

from __future__ import annotations

import ast
import html
import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

MATH = re.compile(r"(?<!\\)\$\$(.+?)\$\$|(?<![\\$])\$([^$]+?)\$", re.DOTALL)
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
LINK = re.compile(r"\]\([^)]*\)|<[a-zA-Z/!][^>]*>|https?://\S+")
SIGN = r"(?:(?<![\w)])[-−])?"
NUMBER = re.compile(SIGN + r"(?<![\w.])\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w]|\.\d)")
DECIMAL = re.compile(SIGN + r"(?<![\w.])\d+\.\d+(?![\w]|\.\d)")


@dataclass
class Block:
    """A paragraph, list item or row of a table."""

    text: str
    header: list[str] | None = None

    @cached_property
    def fragments(self) -> list[str]:
        return [a or b for a, b in MATH.findall(CODE.sub(" ", self.text))]

    @cached_property
    def plain(self) -> str:
        """The text without mathematics and links; inline code stays, it is read too."""
        return html.unescape(LINK.sub(" ", MATH.sub(" § ", CODE.sub(keep_code, self.text))))

    @cached_property
    def numbers(self) -> set[str]:
        """All numbers of the block, in prose and in mathematics, of three characters at least."""
        written = " ".join([self.plain, *self.fragments])
        return {n for n in map(clean, NUMBER.findall(written)) if len(n.strip("-")) >= 3}

    @cached_property
    def columns(self) -> list[str]:
        return cells_of(self.text) if self.header else []


def keep_code(match) -> str:
    return match[0].replace("$", " ")


@dataclass
class Cell:
    number: int
    kind: str  # markdown, code or alt
    source: str
    printed: str = ""
    section: int = 0

    @cached_property
    def blocks(self) -> list[Block]:
        return [Block(self.source)] if self.kind == "alt" else split_blocks(self.source)

    @cached_property
    def numbers(self) -> set[str]:
        """Every number in this cell's code and output, as written, signed."""
        return set().union(*self.lines)

    @cached_property
    def lines(self) -> list[set[str]]:
        """The numbers of each line of code and of output; alt texts are prose, not code."""
        if self.kind != "code":
            return []
        lines = code_numbers(self.source)
        return lines + [{clean(n) for n in NUMBER.findall(line)} for line in self.printed.splitlines()]


@dataclass
class Document:
    name: str
    cells: list[Cell] = field(default_factory=list)

    @cached_property
    def prose(self) -> list[Cell]:
        return [c for c in self.cells if c.kind != "code"]

    @cached_property
    def numbers(self) -> set[str]:
        return set().union(*(c.numbers for c in self.cells))

    def near(self, cell: Cell) -> set[str]:
        """Numbers of the code in the same section, and of the code cell just before it."""
        code = [c for c in self.cells if c.kind == "code"]
        before = [c for c in code if c.number < cell.number][-1:]
        return set().union(*(c.numbers for c in [*before, *(c for c in code if c.section == cell.section)]))

    def has_code(self, cell: Cell) -> bool:
        return any(c.kind == "code" and c.section == cell.section for c in self.cells)

    @cached_property
    def lines_by_number(self) -> dict[str, set[int]]:
        """For each number the lines of code and output in which it stands."""
        index: dict[str, set[int]] = {}
        for place, line in enumerate(line for c in self.cells for line in c.lines):
            for number in line:
                index.setdefault(number, set()).add(place)
        return index


def clean(number: str) -> str:
    return re.sub(r"[  ,+]", "", number.replace("−", "-"))


def cells_of(row: str) -> list[str]:
    return [c.strip() for c in row.strip().strip("|").split("|")]


def split_blocks(source: str) -> list[Block]:
    blocks, header, lines, in_math = [], None, [], False

    def finish():
        if lines:
            blocks.append(Block("\n".join(lines)))
            lines.clear()

    for line in source.splitlines():
        row = line.lstrip().startswith("|") and not in_math
        if row and re.fullmatch(r"[\s|:-]+", line):
            header = cells_of(blocks.pop().text)
            blocks.append(Block(" | ".join(header)))
        elif row:
            finish()
            blocks.append(Block(line, header))
        else:
            header = None
            if not in_math and (not line.strip() or re.match(r"\s*([-*]|\d+\.)\s", line) or line.startswith("#")):
                finish()
            if line.strip():
                lines.append(line)
            in_math ^= line.count("$$") % 2 == 1
    finish()
    return blocks


def code_numbers(source: str) -> list[set[str]]:
    """Numeric literals of each line, with the sign where one is written."""
    lines: dict[int, set[str]] = {}

    def visit(node):
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
            lines.setdefault(node.lineno, set()).add(f"-{literal(source, node.operand)}")
        elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
            lines.setdefault(node.lineno, set()).add(literal(source, node))
        elif not (isinstance(node, ast.keyword) and node.arg == "alt"):
            for child in ast.iter_child_nodes(node):
                visit(child)

    visit(ast.parse(source))
    return list(lines.values())


def literal(source: str, node: ast.Constant) -> str:
    return (ast.get_source_segment(source, node) or repr(node.value)).replace("_", "")


def alt_texts(source: str) -> list[str]:
    calls = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Call)]
    alts = [k.value for c in calls for k in c.keywords if k.arg == "alt"]
    return [a.value for a in alts if isinstance(a, ast.Constant) and isinstance(a.value, str)]


def printed_text(outputs: list) -> str:
    """What a reader sees of the outputs as text; alt texts are prose, not output."""
    parts = []
    for output in outputs:
        data = output.get("data", {})
        page = "".join(data.get("text/html", ""))
        page = re.sub(r"<[^>]*>", " ", page)
        parts += ["".join(output.get("text", "")), html.unescape(page)]
        if not page:
            parts.append("".join(data.get("text/plain", "")))
    return "\n".join(parts)


def read_notebook(path: Path) -> Document:
    document, section = Document(path.stem), 0
    for number, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"], 1):
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            section += bool(re.match(r"#{1,6} ", source))
            document.cells.append(Cell(number, "markdown", source, section=section))
        elif cell["cell_type"] == "code":
            document.cells.append(Cell(number, "code", source, printed_text(cell["outputs"]), section))
            document.cells += [Cell(number, "alt", alt, section=section) for alt in alt_texts(source)]
    return document


def read_markdown(path: Path, numbers_from: list[Document]) -> Document:
    """A Markdown file; the code behind its numbers is that of the notebooks."""
    source = path.read_text(encoding="utf-8")
    lines = (line for d in numbers_from for c in d.cells for line in c.lines)
    printed = "\n".join(" ".join(sorted(line)) for line in lines)
    return Document(path.name, [Cell(0, "code", "", printed), Cell(1, "markdown", source)])
