"""The checks: statements hold, lone expressions occur elsewhere, numbers are the code's."""

import ast
import contextlib
import functools
import itertools
import re
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import sympy

from helpers import logistic

from .documents import NUMBER, Cell, Document
from .quantities import EXAMPLES, State, mp, slope, value
from .reading import Side, Statement, read_side, statements

EXCEPTIONS = tomllib.loads((Path(__file__).parent / "exceptions.toml").read_text(encoding="utf-8"))
NOTEWORTHY = re.compile(r"[-+]|\d\.\d")  # what is checked: a sign, a decimal
IDLE_PLUS = re.compile(r"(?:^|[({\[=<>,&]|\\(?:approx|[lg]eq?|to|cdot|times)\b)\s*\+(?!\s*\\infty)")
ROAD = {"w", "b", "x", "z", "a", "L"}  # each of these settles the ones after it
ENDS = {"a": (0, 1), "p": (0, 1), "z": (-sympy.oo, sympy.oo), "x": (0, sympy.oo), "L": (sympy.oo,)}
FORMULAS = (
    r"-[y \log a + (1 - y) \log(1 - a)]", r"-\log a", r"-\log(1 - a)", r"\log(1 - a)", r"-\log p",
    "1 - a", "1 - y", "a - y", "(a - y)^2", r"\frac{1}{2} (a - y)^2", "w x + b",
    "e^{-L}", "e^{-J}", "e^{-z}", "u^{-1}", "a (1 - a) w",
)  # fmt: skip


class Complaint(NamedTuple):
    document: str
    cell: int
    text: str  # the words or the formula around it
    what: str  # what is wrong: a number, or a statement
    why: str  # what was computed

    def __str__(self) -> str:
        place = f"{self.document}, cell {self.cell}"
        return f"{place}: {self.what}\n    in: {self.text}\n    {self.why}"


class Checker:
    """All checks of one document."""

    def __init__(self, document: Document):
        self.document = document
        self.exceptions = EXCEPTIONS.get(document.name, {})
        self.used: set[str] = set()

    @functools.cached_property
    def complaints(self) -> list[Complaint]:
        return [complaint for cell in self.document.prose for complaint in self.check(cell)]

    @functools.cache  # noqa: B019
    def check(self, cell: Cell) -> list[Complaint]:
        """What is wrong with a cell, but for what an exception says: a part of the text."""
        found = []
        for text, what, why in [*self.check_formulas(cell), *self.check_numbers(cell)]:
            fitting = [e for e in self.exceptions if compact(e) in compact(text)]
            fitting = [e for e in fitting if compact(what) in compact(e)]
            self.used.update(fitting)
            if not fitting:
                found.append(Complaint(self.document.name, cell.number, text, what, why))
        return found

    def check_numbers(self, cell: Cell) -> Iterator[tuple[str, str, str]]:
        for prose, _ in cell.paragraphs:
            for match in NUMBER.finditer(prose):
                if "." in match[0] and not self.document.has(match[0], cell.section):
                    around = prose[max(0, match.start() - 60) : match.end() + 60]
                    yield around, match[0], "no code holds or prints this number"

    def check_formulas(self, cell: Cell) -> Iterator[tuple[str, str, str]]:
        known = [statement for formula in cell.formulas for statement in statements(formula)]
        for formula in cell.formulas:
            if IDLE_PLUS.search(formula):
                yield formula, formula, "a plus with nothing to add to"
            for statement in statements(formula):
                if statement.operator == "?":
                    why = "cannot be read" if NOTEWORTHY.search(statement.left.text) else ""
                elif statement.operator == "→":
                    why = check_arrow(statement, known)
                elif not statement.operator:
                    why = self.check_lone(statement.left)
                else:
                    why = "" if self.is_given(statement) else check_relation(statement, known)
                if why:
                    yield formula, str(statement), why

    def check_lone(self, side: Side) -> str:
        """An expression with a sign or a decimal has to occur in a statement or in the code."""
        if side.literal or not side.symbols and self.is_of_code(side):
            return "" if self.is_of_code(side) else "no code holds or prints this number"
        known = not NOTEWORTHY.search(side.text) or set(map(mark, side.trees)) <= self.known_marks
        return "" if known else "neither in a statement of this document nor in its code"

    def is_given(self, statement: Statement) -> bool:
        """Is this a quantity with a value that the code holds, prints or computes?"""
        pairs = itertools.permutations(statement.sides)
        return any(q.symbol and not side.symbols and self.is_of_code(side) for q, side in pairs)

    def is_of_code(self, side: Side) -> bool:
        """Does the code hold or print this number, or compute what this comes to?"""
        if side.literal:
            return all(self.document.has(number) for number in side.written)
        return set(map(mark, side.trees)) <= self.code_marks

    @functools.cached_property
    def code_marks(self) -> set[str]:
        """The values of the expressions in code, its names read as the course's symbols."""
        state, found = State(seed=7), set()
        names = {name: float(state[name]) for name in [*string.ascii_letters, "eta"]}
        scope = {"np": np, **vars(logistic), **names, "__builtins__": {}}
        trees = [ast.parse(cell.source) for cell in self.document.code]
        for node in itertools.chain(*map(ast.walk, trees)):
            if isinstance(node, (ast.BinOp, ast.UnaryOp, ast.Call)):
                with np.errstate(all="ignore"), contextlib.suppress(Exception):
                    number = eval(compile(ast.Expression(node), "code", "eval"), scope)
                    found.add(mp.nstr(mp.mpf(float(number)), 10))
        return found

    @functools.cached_property
    def known_marks(self) -> set[str]:
        formulas = {formula for cell in self.document.prose for formula in cell.formulas}
        stated = [s for formula in formulas for s in statements(formula) if s.operator]
        trees = [tree for statement in stated for side in statement.sides for tree in side.trees]
        course = [tree for formula in FORMULAS for tree in read_side(formula).trees]
        slopes = [slope(tree, name) for tree in course for name in tree.free_symbols]
        every = itertools.chain(course, slopes, *map(parts, trees))
        return self.code_marks.union(map(mark, every)) - {"no value"}


def check_relation(statement: Statement, known: list[Statement]) -> str:
    """Empty if it holds: for all values, for those of its cell, or in the running example."""
    own = {side.symbol for side in statement.sides}
    if statement.left.symbols and statement.right.symbols:  # a formula: no values for its own
        own = statement.left.symbols | statement.right.symbols
        own |= ROAD if own & ROAD and statement.operator != "←" else set()
    said = tuple((name, tuple(values)) for name, values in given(known, own).items())
    most = max(len(side.trees) for side in statement.sides)  # a number goes with each entry
    pairs = zip(*(side.trees * (most // len(side.trees)) for side in statement.sides))
    wrong = (check_pair(statement, pair, frozenset(own), said) for pair in pairs)
    return next(filter(None, wrong), "")


@functools.cache
def check_pair(statement: Statement, pair: tuple, own: frozenset[str], said: tuple) -> str:
    chosen = itertools.islice(itertools.product(*dict(said).values()), 30)
    choices = [dict(zip(dict(said), values)) for values in chosen]  # one is {}, if nothing is said
    examples = [{n: v for n, v in example.items() if n not in own} for example in EXAMPLES]
    seen = ""
    for values in [{}, *(example | choice for example in examples for choice in choices)]:
        verdicts = (holds(statement, pair, values, seed) for seed in range(3))
        try:
            wrong = next(filter(None, verdicts), "")
        except ValueError as error:
            wrong = str(error)
        if not wrong:
            return ""
        seen = seen or wrong
    return seen


def given(known: list[Statement], own: set[str]) -> dict[str, list]:
    """The values that a cell gives to symbols."""
    found: dict[str, list] = {}
    for statement in (s for s in known if s.operator in ("=", "≈")):
        for quantity, side in itertools.permutations(statement.sides):
            if quantity.symbol and quantity.symbol not in own and not side.symbols:
                found.setdefault(quantity.symbol, []).extend(constants(side))
    return found


def constants(side: Side) -> list:
    """The values of a side without symbols; none where it has no value."""
    try:
        return [value(tree, State()) for tree in side.trees]
    except ValueError:
        return []


def holds(statement: Statement, pair: tuple, values: dict, seed: int) -> str:
    """Empty, or what the two sides came to."""
    state = State(values, seed)
    u, v = (value(tree, state) for tree in pair)
    room = mp.mpf(10) ** -15 * max(abs(u), abs(v), mp.mpf(10) ** -9)
    if statement.operator in "≈←" and mp.isfinite(u - v):
        numbers = [(n, side.literal) for side in statement.sides for n in side.names - side.symbols]
        for name in {n for n, literal in numbers if literal or half(n) < 0.001}:
            moved = State(values | {name: state[name] + half(name)}, seed)
            left, right = (value(tree, moved) for tree in pair)
            room += abs(left - right - (u - v)) * mp.mpf("1.001")
    close = u == v or mp.isfinite(u - v) and abs(u - v) <= room
    verdicts = {"<": u < v, ">": u > v, "≤": u <= v, "≥": u >= v, "≠": not close}
    if verdicts.get(statement.operator, close):
        return ""
    return f"left {mp.nstr(u, 6)}, right {mp.nstr(v, 6)}"


def half(number: str):
    """Half a unit of the last digit shown."""
    return mp.mpf(10) ** -len(number.partition(".")[2]) / 2


def check_arrow(statement: Statement, known: list[Statement]) -> str:
    """A quantity may go to an end of its range; an expression goes where one of these leads."""
    left, right = statement.left, statement.right
    if right.symbols or right.trees[0] in ENDS.get(left.symbol, ()):
        return ""
    for cause in known:
        if cause.operator == "→" and cause.left.symbol in ENDS:
            (over,), (end,) = cause.left.trees, cause.right.trees
            if sympy.limit(*left.trees, over, end, "-" if end == 1 else "+") == right.trees[0]:
                return ""
    return "no limit in this cell leads there"


@functools.cache
def mark(tree: sympy.Expr) -> str:
    """An expression is recognised by its value in one state."""
    try:
        return mp.nstr(value(tree, State(seed=7)), 10)
    except ValueError:
        return "no value"


def parts(tree: sympy.Expr) -> Iterator[sympy.Expr]:
    """Everything that a tree is built of; of −t, not also t without its minus."""
    yield tree
    negative = tree.is_Mul and len(tree.args) == 2 and -1 in tree.args
    for child in tree.args:
        yield from (part for part in parts(child) if not (negative and part is child))


def compact(text: str) -> str:
    return "".join(text.split())
