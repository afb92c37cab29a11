"""The checks: statements hold, lone expressions occur elsewhere, numbers are the code's."""

from __future__ import annotations

import ast
import functools
import itertools
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sympy

from helpers import logistic

from . import quantities
from .documents import NUMBER, Cell, Document
from .quantities import EXAMPLES, State, Undefined, mp, value
from .reading import Side, Statement, read_side, statements

IDLE_PLUS = re.compile(
    r"(?:^|[({\[=<>,&]|\\(?:approx|leq?|geq?|to|cdot|times)\b)\s*\+(?!\s*\\infty)"
)
NOTEWORTHY = re.compile(r"[-+]|\d\.\d")  # what is checked: a sign, a decimal
MODEL = frozenset(("w", "z", "a", "L", "J", "eta"))  # where these stand, y is a label
ROAD = frozenset("wbxzaL")  # each of these settles the ones after it
ENDS = {
    "a": (0, 1),
    "p": (0, 1),
    "z": (-sympy.oo, sympy.oo),
    "x": (0, sympy.oo),
    "L": (0, sympy.oo),
}
FORMULAS = (
    r"-[y \log a + (1 - y) \log(1 - a)]", r"-\log a", r"-\log(1 - a)", "1 - a", "1 - y", "a - y",
    r"-\log p", r"(a - y)^2", "w x + b", r"\log(1 - a)",
    "e^{-L}", "e^{-J}", "e^{-z}", "a (1 - a) w",
)  # fmt: skip


@dataclass(frozen=True)
class Complaint:
    document: str
    cell: int
    text: str  # the words or the formula around it
    what: str  # what is wrong: a number, or a statement
    why: str  # what was computed instead

    def __str__(self) -> str:
        return (
            f"{self.document}, cell {self.cell}: {self.what}\n    in: {self.text}\n    {self.why}"
        )


class Checker:
    """All checks of one document."""

    def __init__(self, document: Document):
        self.document = document
        self.exceptions = exceptions().get(document.name, {})
        self.used: set[str] = set()

    def complaints(self) -> list[Complaint]:
        return [c for cell in self.document.prose for c in self.check(cell)]

    def check(self, cell: Cell) -> list[Complaint]:
        found = itertools.chain(self.check_formulas(cell), self.check_numbers(cell))
        place = (self.document.name, cell.number)
        return [c for c in (Complaint(*place, *f) for f in found) if not self.is_excepted(c)]

    @functools.cache  # noqa: B019
    def complaints_of(self, cell: Cell) -> set[str]:
        return {complaint.what for complaint in self.check(cell)}

    def is_excepted(self, complaint: Complaint) -> bool:
        """An exception is a part of the text, and holds all that is complained of."""
        what, text = compact(complaint.what), compact(complaint.text)
        for exception in self.exceptions:
            if what in compact(exception) and compact(exception) in text:
                self.used.add(exception)
                return True
        return False

    # ---- numbers

    def check_numbers(self, cell: Cell) -> Iterator[tuple[str, str, str]]:
        for paragraph in cell.paragraphs:
            for match in NUMBER.finditer(paragraph.prose):
                if "." in match[0] and not self.document.has(match[0]):
                    around = paragraph.prose[max(0, match.start() - 50) : match.end() + 50]
                    yield around, match[0], "no code holds or prints this number"

    # ---- formulas

    def check_formulas(self, cell: Cell) -> Iterator[tuple[str, str, str]]:
        formulas = [f for paragraph in cell.paragraphs for f in paragraph.formulas]
        read = [(f, statement) for f in formulas for statement in statements(f)]
        known = [s for _, s in read if isinstance(s, Statement)]
        for formula in formulas:
            if IDLE_PLUS.search(formula):
                yield formula, formula, "a plus with nothing to add to"
        for formula, statement in read:
            if isinstance(statement, str):
                if NOTEWORTHY.search(statement):
                    yield formula, statement, "cannot be read"
            elif why := self.check_statement(statement, known):
                yield formula, str(statement), why

    def check_statement(self, statement: Statement, known: list[Statement]) -> str:
        if not statement.operator:
            return self.check_lone(statement.left, known)
        if statement.operator == "→":
            return check_arrow(statement, known)
        if self.is_value_of_code(statement):
            return ""
        return check_relation(statement, known) or misfilled(statement)

    def is_value_of_code(self, statement: Statement) -> bool:
        """A quantity given as a number that the code holds or prints."""
        for quantity, side in itertools.permutations(statement.sides):
            if quantity.symbol and side.literal:
                return all(self.may_be(quantity.symbol, number) for number in side.written)
            if quantity.symbol and not side.symbols:
                return marks(side) <= self.code_marks or self.has_value(side)
        return False

    def may_be(self, name: str, number: str) -> bool:
        if re.fullmatch(r"[ayzL]_\{\d\}", name):  # a sample has the running example's values
            return any(f"{float(State(e)[name]):.3f}" == f"{float(number):.3f}" for e in EXAMPLES)
        probability = name in ("a", "p", "y")
        return self.document.has(number) and not (probability and not 0 <= float(number) <= 1)

    def has_value(self, side: Side) -> bool:
        """Does the code hold or print what this comes to?"""
        ways = [
            (mp.nstr(v, 15), f"{float(v):.4g}", *([f"{float(v):.3f}"] if abs(v) > 0.01 else []))
            for v in constants(side)
        ]
        return bool(ways) and all(any(self.document.has(shown) for shown in way) for way in ways)

    def check_lone(self, side: Side, known: list[Statement]) -> str:
        """An expression with a sign or a decimal has to occur in a statement or in the code."""
        if not NOTEWORTHY.search(side.text):
            return ""
        if side.literal:
            missing = [n for n in side.written if not self.document.has(n)]
            return f"no code holds or prints {missing[0]}" if missing else ""
        if self.is_known(side) or not side.symbols and self.has_value(side):
            return ""
        if any(is_slope(side, other) for statement in known for other in statement.sides):
            return ""
        return "neither in a statement of this document nor in its code"

    def is_known(self, side: Side) -> bool:
        return marks(side) <= self.known_marks

    @functools.cached_property
    def known_marks(self) -> set[str]:
        found = set().union(*(marks(read_side(formula)) for formula in FORMULAS))
        for cell in self.document.prose:
            for formula in (f for paragraph in cell.paragraphs for f in paragraph.formulas):
                for statement in statements(formula):
                    if isinstance(statement, Statement) and statement.operator:
                        found |= set().union(*(part_marks(side) for side in statement.sides))
        return found | self.code_marks

    @functools.cached_property
    def code_marks(self) -> set[str]:
        return set().union(*(code_marks(cell.source) for cell in self.document.code))


# ---- relations


def check_relation(statement: Statement, known: list[Statement]) -> str:
    """Empty if it holds: for all values, for those of its cell, or in the running example."""
    own = {side.symbol for side in statement.sides}
    needed = statement.left.symbols | statement.right.symbols
    if statement.left.symbols and statement.right.symbols:  # a formula: no values for its own
        own = needed | ROAD if needed & ROAD and statement.operator != "←" else needed
    said = given(known, own) if needed else {}
    return check_pairs(statement, frozenset(own), tuple((n, tuple(v)) for n, v in said.items()))


@functools.cache
def check_pairs(statement: Statement, own: frozenset, said: tuple) -> str:
    left, right = (side.trees for side in statement.sides)
    if len(left) != len(right) and 1 not in (len(left), len(right)):
        return "vectors of different length"
    length = max(len(left), len(right))
    for pair in zip(left * (length // len(left)), right * (length // len(right))):
        seen = ""
        for states in settings(statement, own, dict(said)):
            try:
                verdicts = [holds(statement, pair, state) for state in states]
            except Undefined as error:
                verdicts = [str(error)]
            if not any(verdicts):
                break
            seen = seen or next(filter(None, verdicts))
        else:
            return seen
    return ""


def settings(statement: Statement, own: frozenset, said: dict):
    """Lists of (values given, world, seed) for all of which the statement must hold."""
    needed = statement.left.symbols | statement.right.symbols
    worlds = ["model"] if needed & MODEL else ["model", "logarithm"]
    if not needed:
        yield [({}, "model", 0)]
        return
    yield from ([({}, world, seed) for seed in range(3)] for world in worlds)
    examples = [{n: (v, 0) for n, v in e.items() if n not in own} for e in EXAMPLES]
    both = ({**example, **chosen} for example in examples for chosen in choices(said))
    for values in filter(None, itertools.chain(choices(said), examples, both)):
        yield from ([(values, world, seed) for seed in range(2)] for world in worlds)


def given(known: list[Statement], own) -> dict[str, list]:
    """The values, and half of what rounding hides, that statements of a cell give to symbols."""
    found: dict[str, list] = {}
    for statement in known:
        if statement.operator in ("=", "≈"):
            for quantity, side in itertools.permutations(statement.sides):
                if quantity.symbol and quantity.symbol not in own and not side.symbols:
                    half = half_unit(side) if statement.operator == "≈" else 0
                    found.setdefault(quantity.symbol, []).extend((v, half) for v in constants(side))
    return found


def constants(side: Side) -> list:
    """The values of a side without symbols; none where it has no value."""
    try:
        return [value_of(side, tree, State({})) for tree in side.trees]
    except Undefined:
        return []


def choices(said: dict[str, list], limit=30) -> Iterator[dict]:
    names = sorted(said)
    for chosen in itertools.islice(itertools.product(*(said[n] for n in names)), limit):
        if names:
            yield dict(zip(names, chosen))


def holds(statement: Statement, pair, setting) -> str:
    """Empty, or what the two sides came to."""
    values, world, seed = setting
    left, right = updated(statement, pair[0]), pair[1]

    def both(shift=None, number=None):
        exact = {n: v + (h if n == shift else 0) for n, (v, h) in values.items() if v is not None}
        state = State(exact, world, seed)
        sides = zip((left, right), statement.sides)
        return [value_of(side, tree, state, number) for tree, side in sides]

    u, v = both()
    if compare(statement.operator, u, v):
        return ""
    if statement.operator in ("≈", "←") and mp.isfinite(u - v):
        room = sum(half_unit(s) for s in statement.sides if s.literal)
        for name, (_, half) in values.items():
            room += abs(difference(both(shift=name)) - (u - v)) if half else 0
        for side in (s for s in statement.sides if not s.literal):
            for place, number in enumerate(side.numbers):
                if len(number.partition(".")[2]) >= 3:
                    room += abs(difference(both(number=(side, place))) - (u - v))
        if abs(u - v) <= room * mp.mpf("1.001"):
            return ""
    return f"left {mp.nstr(u, 6)}, right {mp.nstr(v, 6)}"


def difference(pair):
    return pair[0] - pair[1]


def compare(operator: str, u, v) -> bool:
    close = u == v or abs(u - v) <= mp.mpf(10) ** -15 * max(abs(u), abs(v), mp.mpf(10) ** -9)
    return {
        "=": close, "←": close, "≈": close, "≠": not close, "<": u < v, ">": u > v,
        "≤": u <= v or close, "≥": u >= v or close,
    }[operator]  # fmt: skip


def updated(statement: Statement, tree: sympy.Expr) -> sympy.Expr:
    """In w ← …, the left side is w after one step down the slope of L, or of J for a batch."""
    if statement.operator != "←":
        return tree
    batch = any(name in ("m", "J") or "_" in name for name in statement.right.symbols)
    cost = quantities.symbol("J" if batch else "L")
    return tree - quantities.symbol("eta") * quantities.slope(cost, tree)


def value_of(side: Side, tree: sympy.Expr, state: State, moved=None):
    """The value of a tree; ``moved`` is (side, place) of a decimal to take half a unit larger."""
    for place, number in enumerate(side.numbers):
        more = half(number) if moved == (side, place) else 0
        state[f"N_{{{place}}}"] = mp.mpf(number) + more
    return value(tree, state)


def half(number: str):
    return mp.mpf(10) ** -len(number.partition(".")[2]) / 2


def half_unit(side: Side):
    """Half a unit of the last digit of a number printed in the text."""
    if not side.literal:
        return mp.mpf(0)
    percent = 100 if side.template.endswith("/ 100") else 1
    return half(max(side.written, key=lambda n: len(n.partition(".")[2]))) / percent


def misfilled(statement: Statement) -> str:
    """What is wrong with numbers put into the loss, where the label switches their term off.

    The numbers are taken out again, the label for y and the prediction for a.
    """
    for side in statement.sides:
        numbers = re.search(r"([01]) \\cdot \\log (\S+)", side.text)
        if numbers and "(1" in side.text:
            label, prediction = numbers.groups()
            general = side.text.replace(rf"{label} \cdot \log", r"y \cdot \log")
            general = re.sub(rf"\(1 ([+-]) {label}\)", r"(1 \1 y)", general)
            general = re.sub(rf"(?<=[ ]){re.escape(prediction)}(?=[ )])", "a", general)
            if marks(read_side(general)) != marks(read_side(FORMULAS[0])):
                return "with y and a in place of the numbers this is not the loss"
    return ""


# ---- limits


def check_arrow(statement: Statement, known: list[Statement]) -> str:
    left, right = statement.left, statement.right
    if right.symbols:
        return ""  # what leads to what: z → a → L
    arrows = [s for s in known if s.operator == "→" and not s.right.symbols]
    if left.symbol in ENDS and right.tree in ENDS[left.symbol]:
        effects = [s for s in arrows if s.left.symbol not in ENDS]
        mine = [s for s in effects if is_limit(s, [statement])]
        return "" if mine or not effects else "nothing in this cell follows from this limit"
    causes = [s for s in arrows if s.left.symbol in ENDS]
    return "" if is_limit(statement, causes) else "the limit is another one"


def is_limit(effect: Statement, causes: list[Statement]) -> bool:
    for cause in causes:
        for label in (0, 1):
            if (
                limit(effect.left.tree, cause.left.tree, cause.right.tree, label)
                == effect.right.tree
            ):
                return True
    return False


@functools.cache
def limit(tree: sympy.Expr, over: sympy.Symbol, end: sympy.Expr, label: int):
    while over not in tree.free_symbols and tree.free_symbols & set(quantities.DEFINED):
        tree = tree.xreplace(quantities.DEFINED)
    tree = tree.xreplace({quantities.symbol("y"): sympy.Integer(label)})
    positive = {s: sympy.Symbol(s.name, positive=True) for s in tree.free_symbols - {over}}
    return sympy.limit(tree.xreplace(positive), over, end, "-" if end == 1 else "+")


# ---- recognising an expression by its values


def mark(number) -> set[str]:
    shown = mp.nstr(mp.mpf(number), 10)
    return set() if shown in ("0.0", "1.0", "-1.0") else {shown}


def marks(side: Side) -> set[str]:
    """The values of an expression in one state of each world."""
    return set().union(*(tree_marks(side, tree) for tree in side.trees)) or {"no value"}


@functools.cache
def tree_marks(side: Side, tree: sympy.Expr) -> set[str]:
    found = set()
    for world in quantities.WORLDS:
        try:
            found |= mark(value_of(side, tree, State({}, world, 7)))
        except Undefined:
            continue
    return found


@functools.cache
def part_marks(side: Side) -> set[str]:
    """The same of everything that a side is built of; of −t not also t without its minus."""
    found = set()
    for tree in (part for whole in side.trees for part in parts(whole)):
        if not (tree.is_Symbol or tree.is_Integer):
            found |= tree_marks(side, tree)
    return found


@functools.cache
def is_slope(one: Side, other: Side) -> bool:
    """Is one the derivative of the other, as in "the slope of … is …"?"""
    at = State({}, seed=7)
    for side, function in ((one, other), (other, one)):
        for name in function.tree.free_symbols:
            try:
                slope = quantities.slope(function.tree, name)
                if slope.free_symbols and compare(
                    "=", value_of(function, slope, at), value_of(side, side.tree, at)
                ):
                    return True
            except Undefined:
                continue
    return False


def parts(tree: sympy.Expr) -> Iterator[sympy.Expr]:
    yield tree
    negative = tree.is_Mul and len(tree.args) == 2 and -1 in tree.args
    for child in tree.args:
        yield from (part for part in parts(child) if not (negative and part is child))


@functools.cache
def code_marks(source: str) -> set[str]:
    """The values of the expressions in code, their names read as the course's symbols."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.BinOp, ast.UnaryOp, ast.Call)):
            expression = compile(ast.Expression(node), "code", "eval")
            for world in quantities.WORLDS:
                try:
                    names = {"np": np, **vars(logistic), "__builtins__": {}}
                    state = State({}, world, 7)
                    with np.errstate(all="ignore"):
                        found |= mark(float(eval(expression, names, Floats(state))))
                except Exception:  # not an expression of the course
                    continue
    return found


class Floats(dict):
    """A state as Python's numbers, for names of one letter."""

    def __init__(self, state: State):
        self.state = state

    def __missing__(self, name: str) -> float:
        if len(name) > 1 and name != "eta":
            raise KeyError(name)
        return float(self.state[name])


# ---- exceptions


def compact(text: str) -> str:
    return "".join(text.split())


@functools.cache
def exceptions() -> dict[str, dict[str, str]]:
    """By document: a piece of text, and why it cannot be checked."""
    return tomllib.loads((Path(__file__).parent / "exceptions.toml").read_text(encoding="utf-8"))
