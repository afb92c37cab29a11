"""Notebooks and Markdown files as cells of blocks: prose, mathematics, tables, code, output."""

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
    def numbers(self) -> list[str]:
        """All numbers of the block in their order, in prose and in mathematics."""
        written = html.unescape(LINK.sub(" ", self.text.replace("$", " ")))
        return [clean(n) for n in NUMBER.findall(written)]

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
        return lines + [
            {clean(n) for n in NUMBER.findall(line)} for line in self.printed.splitlines()
        ]


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

    def has_code(self, cell: Cell) -> bool:
        return any(c.kind == "code" and c.section == cell.section for c in self.cells)

    def code_near(self, cell: Cell, reach: int) -> list[Cell]:
        """So many code cells before and after; all of them where the section has no code."""
        code = [c for c in self.cells if c.kind == "code"]
        if not any(c.section == cell.section for c in code):
            return code
        before, after = (
            [c for c in code if (c.number <= cell.number) == side] for side in (True, False)
        )
        return [*before[-reach:], *after[:reach]]

    def assigned_near(self, cell: Cell) -> dict[str, set[str]]:
        """What the code gives to each name, as in ``eta = 0.1`` or ``for a in [0.9, 0.6]``."""
        found: dict[str, set[str]] = {}
        for code in self.code_near(cell, 4):
            for node in ast.walk(ast.parse(code.source)):
                if isinstance(node, ast.Assign):
                    pairs = [p for target in node.targets for p in match_names(target, node.value)]
                elif isinstance(node, (ast.For, ast.comprehension)) and isinstance(
                    node.iter, (ast.List, ast.Tuple)
                ):
                    pairs = [p for item in node.iter.elts for p in match_names(node.target, item)]
                elif isinstance(node, ast.Call):
                    names = CALLS.get(getattr(node.func, "id", ""), ())
                    pairs = [
                        p
                        for name, value in zip(names, node.args, strict=False)
                        for p in match_names(ast.Name(name), value)
                    ]
                else:
                    continue
                for name, value in pairs:
                    found.setdefault(name, set()).add(literal(code.source, value))
        return found

    def lines_near(self, cell: Cell, reach: int) -> set[int]:
        chosen = {id(c) for c in self.code_near(cell, reach)}
        return {place for place, (c, _) in enumerate(self.lines) if id(c) in chosen}

    @cached_property
    def lines(self) -> list[tuple[Cell, set[str]]]:
        return [(c, line) for c in self.cells for line in c.lines]

    @cached_property
    def lines_by_number(self) -> dict[str, set[int]]:
        """For each number the lines of code and output in which it stands."""
        index: dict[str, set[int]] = {}
        for place, (_, line) in enumerate(self.lines):
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
            if not in_math and (
                not line.strip() or re.match(r"\s*([-*]|\d+\.)\s", line) or line.startswith("#")
            ):
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
        if (
            isinstance(node, ast.UnaryOp)
            and isinstance(node.op, ast.USub)
            and isinstance(node.operand, ast.Constant)
        ):
            lines.setdefault(node.lineno, set()).add(f"-{literal(source, node.operand)}")
        elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
            lines.setdefault(node.lineno, set()).add(literal(source, node))
        elif not (isinstance(node, ast.keyword) and node.arg == "alt"):
            for child in ast.iter_child_nodes(node):
                visit(child)

    visit(ast.parse(source))
    return list(lines.values())


CALLS = {"sigmoid": "z", "log_loss": "ay", "loss": "ay", "logit": "a", "log_loss_from_logit": "zy"}


def match_names(target, value) -> list[tuple[str, ast.AST]]:
    """Names and the numbers that an assignment gives them."""
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        return [p for t, v in zip(target.elts, value.elts, strict=False) for p in match_names(t, v)]
    number = value.operand if isinstance(value, ast.UnaryOp) else value
    is_number = isinstance(number, ast.Constant) and type(number.value) in (int, float)
    return [(target.id, value)] if isinstance(target, ast.Name) and is_number else []


def literal(source: str, node: ast.AST) -> str:
    return (
        (ast.get_source_segment(source, node) or ast.unparse(node))
        .replace("_", "")
        .replace("- ", "-")
    )


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
            document.cells.append(
                Cell(number, "code", source, printed_text(cell["outputs"]), section)
            )
            document.cells += [
                Cell(number, "alt", alt, section=section) for alt in alt_texts(source)
            ]
    return document


def read_markdown(path: Path, notebooks: list[Document]) -> list[Document]:
    """A Markdown file, whose numbers are those of the notebooks.

    A row of a table that links to one notebook is about that one; the rest about all of them.
    """
    rest, found = [], []
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        linked = [n for n in notebooks if f"{n.name}.ipynb" in line]
        if line.startswith("|") and len(linked) == 1:
            code = [c for c in linked[0].cells if c.kind == "code"]
            found.append(
                Document(f"{path.name}, {linked[0].name}", [*code, Cell(0, "markdown", line)])
            )
        else:
            rest.append(line)
    code = [c for n in notebooks for c in n.cells if c.kind == "code"]
    return [Document(path.name, [*code, Cell(0, "markdown", "".join(rest))]), *found]
