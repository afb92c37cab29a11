"""Checks of a document: relations hold, expressions and decimals are grounded.

For each relation the values of its symbols are looked for where a reader would look: first
nowhere (is it an identity?), then in the same paragraph, the same cell, earlier cells, and last
in the course's running example.
"""

from __future__ import annotations

import functools
import itertools
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from . import latex, programs, text
from .compare import (
    ENDS,
    GivenState,
    approaches,
    choices,
    compare,
    holds_where,
    in_range,
    show,
    upstream,
)
from .decimals import (
    BATCH,
    EXAMPLE_NUMBERS,
    EXAMPLES,
    Given,
    are_related,
    example_losses,
    is_short,
    same_number,
    to_given,
)
from .marks import course_marks, fingerprint, is_slope, marks_of, misplaced, subexpressions
from .reading import Read, given, printed_numbers, read_block
from .world import WORLDS, State, Undefined, close, evaluate, mp

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
IDLE_PLUS = re.compile(r"(?:^|[({\[=<>,&]|\\(?:approx|le|ge|to|cdot|times))\s*\+(?!\s*\\infty)")
CHAIN = {"w", "b", "x", "z", "a", "L"}  # each of these settles the ones after it
# How many code cells away a number may come from, and how many numbers make a line a crowd.
SHORT, LONG_IN_COMPANY, LONG, COMPANY, CROWD = 3, 2, 6, 8, 5


@dataclass
class Problem:
    document: str
    cell: int
    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.document}, cell {self.cell}: {self.what}\n    {self.why}"


class Checker:
    """All checks of one document."""

    def __init__(self, document: text.Document, unchecked: list[dict] | None = None):
        self.document = document
        name = document.name.partition(",")[0]
        self.unchecked = {
            compact(e["text"]): e["text"] for e in (unchecked or []) if e["in"] == name
        }
        self.used: set[str] = set()
        self.cells = {id(c): [read_block(b) for b in c.blocks] for c in document.prose}
        self.marks: dict[int, set] = {}
        self.reports: dict[int, set[str]] = {}
        self.places: dict[str, set[int]] = {}
        self.near: dict[tuple[int, int], set[int]] = {}

    # ---- the whole document, or one cell of it

    def read(self, source: str, cell: text.Cell) -> list[Read]:
        """The blocks of a cell as they would be with another source."""
        return [read_block(b) for b in text.Cell(cell.number, cell.kind, source).blocks]

    @property
    def relations(self) -> list[latex.Relation]:
        return [r for reads in self.cells.values() for read in reads for r in read.relations]

    @property
    def listed(self) -> int:
        """How many relations are on the list of the unchecked."""
        return sum(compact(str(relation)) in self.unchecked for relation in self.relations)

    def problems(self) -> list[Problem]:
        return [p for cell in self.document.prose for p in self.check_cell(cell)]

    def check_cell(self, cell: text.Cell, reads: list[Read] | None = None) -> Iterator[Problem]:
        reads = self.cells[id(cell)] if reads is None else reads
        for read in reads:
            for what, why in self.check_block(cell, read, reads):
                yield Problem(self.document.name, cell.number, what, why)

    def reported(self, cell: text.Cell) -> set[str]:
        """What is wrong with a cell as it is."""
        if id(cell) not in self.reports:
            self.reports[id(cell)] = {str(p) for p in self.check_cell(cell)}
        return self.reports[id(cell)]

    def check_block(self, cell, read: Read, reads: list[Read]):
        for fragment in read.block.fragments:
            if IDLE_PLUS.search(fragment):
                yield fragment, "a plus sign with nothing to add to"
        for piece in read.unreadable:
            if not self.is_listed(piece):
                yield piece, "cannot be read"
        for relation in read.relations:
            if not self.is_listed(str(relation)):
                why = self.check_relation(relation, cell, read, reads) or self.check_inputs(
                    relation
                )
                why = why or next(filter(None, map(misplaced, (relation.left, relation.right))), "")
                if why:
                    yield str(relation), why
        for side in read.lone:
            why = self.check_lone(side, read, reads, cell)
            if why and not self.is_listed(side.text):
                yield side.text, why
        for why in self.check_decimals(read, cell):
            yield " ".join(read.block.text.split())[:90], why

    def is_listed(self, what: str) -> bool:
        if compact(what) in self.unchecked:
            self.used.add(compact(what))
            return True
        return False

    # ---- relations

    def check_relation(self, relation, cell, read, reads) -> str:
        """Empty if the relation holds, otherwise what its two sides came to."""
        if relation.operator == "→":
            return self.check_arrow(relation, read)
        seen = ""
        for worlds, values in self.settings(relation, cell, read, reads):
            try:
                verdicts = [self.holds(relation, GivenState(values, world)) for world in worlds]
            except Undefined as error:
                seen = seen or str(error)
                continue
            if all(v == "" for v in verdicts):
                return ""
            seen = seen or next(v for v in verdicts if v)
        if self.is_known_value(relation, read, cell) or self.is_solution(relation, read):
            return ""
        return seen or "no values for its symbols"

    def is_solution(self, relation, read) -> bool:
        """Does another equation of the paragraph hold just here, as z = 0 where x = −b/w?"""
        for one, other in itertools.permutations(
            [r for r in read.relations if r.operator == "="], 2
        ):
            if relation not in (one, other) or not one.left.symbol or not one.right.symbols:
                continue
            try:
                if one.left.symbol not in one.right.symbols and all(
                    holds_where(other, one, State({}, "scalar", seed)) for seed in range(3)
                ):
                    return True
            except Undefined:
                continue
        return False

    def check_inputs(self, relation) -> str:
        """Rounded numbers that a calculation starts from have to be the notebook's."""
        for side in (relation.left, relation.right):
            for number in side.numbers:
                if relation.operator == "≈" and not side.literal and not is_short(number):
                    if not any(self.lines_with(sign + number) for sign in ("", "-")):
                        return f"{number} is in no code or output"
        return ""

    def settings(self, relation, cell, read, reads):
        """Pairs of (worlds and seeds to try together, values given), from strict to lenient."""
        needed = relation.left.symbols | relation.right.symbols
        for world in WORLDS:
            yield [(world, seed) for seed in range(3)], {}
        if not needed:
            return
        if relation.left.symbols and relation.right.symbols:
            own = needed  # a formula has to hold for every value of what it mentions
            if relation.operator != "←" and needed & CHAIN:
                own = needed | CHAIN
        else:
            own = {relation.left.symbol, relation.right.symbol}
        block = self.values([read], relation, own)
        whole = self.values(reads, relation, own)
        earlier = self.earlier(cell, own)
        scopes = [block, whole, {**earlier, **whole}]
        settled = False
        for scope in scopes:
            for values in choices(scope):
                for setting in self.in_worlds(values, needed):
                    yield setting
                    settled = settled or self.settles(setting, relation)
            if settled:
                return  # the nearest place that gives all values decides
        for example in EXAMPLES:
            values = {n: to_given(v) for n, v in example.items() if n not in own}
            yield from self.in_worlds(values, needed)
            for more in choices(block):
                yield from self.in_worlds({**values, **more}, needed)

    @staticmethod
    def settles(setting, relation) -> bool:
        """Do the given values leave nothing of this relation to chance?"""
        worlds, values = setting
        try:
            states = [GivenState(values, world) for world in worlds]
            return all(
                close(states[0].value(side), states[1].value(side))
                for side in (relation.left, relation.right)
            )
        except Undefined:
            return False

    @staticmethod
    def in_worlds(values, needed):
        if not values:
            return
        vector = any(isinstance(g.value, np.ndarray) for g in values.values())
        for world in ("vector",) if vector else ("scalar", "logarithm"):
            yield [(world, 0), (world, 1)], values

    @staticmethod
    def values(reads, relation, own) -> dict[str, list[Given]]:
        found: dict[str, list[Given]] = {}
        for read in reads:
            for name, entries in read.given.items():
                if name not in own:
                    found.setdefault(name, []).extend(g for g, r in entries if r is not relation)
        return {n: g for n, g in found.items() if g}

    def earlier(self, cell, own) -> dict[str, list[Given]]:
        found: dict[str, list[Given]] = {}
        for other in self.document.prose:
            if other.number >= cell.number:
                break
            for read in self.cells[id(other)]:
                found.update({n: [e[-1][0]] for n, e in read.given.items() if n not in own})
        return found

    def holds(self, relation, state) -> str:
        left = state.value(relation.left) if relation.operator != "←" else state.updated(relation)
        right = state.value(relation.right)
        if compare(relation, left, right, 0):
            return ""
        if relation.operator == "≈":
            slack = state.slack(relation.left, left) + state.slack(relation.right, right)
            if np.any(slack != 0) and compare(relation, left, right, slack):
                return ""
        return f"left {show(left)}, right {show(right)}"

    def is_known_value(self, relation, read: Read, cell) -> bool:
        """Is this a value given to a symbol, and one the running example or the code nearby has?"""
        for symbol, side in ((relation.left, relation.right), (relation.right, relation.left)):
            if not symbol.symbol or side.symbols or relation.operator not in "=≈<>≤≥":
                continue
            if not side.literal:
                return self.is_constant_of_code(side, read.block)
            if self.is_example_value(relation, symbol.symbol, read):
                return True
            written = printed_numbers(side)
            near = self.document.assigned_near(cell).get(symbol.symbol, ())
            if len(written) == 1 and near and "." in written[0] and is_short(written[0]):
                return any(same_number(written[0], v) for v in near)
            if symbol.symbol in BATCH or symbol.symbol == "J":
                return False
            if in_range(symbol.symbol, written) and all(
                self.is_known_number(n, read.block, cell) for n in written
            ):
                return True
        return False

    def is_example_value(self, relation, symbol, read) -> bool:
        """Does the running example give the symbol this value, for the label in the text?"""
        labels = [g.value for g, _ in read.given.get("y", [])] if symbol != "y" else []
        for example in EXAMPLES:
            if symbol in example and labels and mp.mpf(example["y"]) not in labels:
                continue
            world = "vector" if "x" in example else "scalar"
            state = GivenState({n: to_given(v) for n, v in example.items()}, (world, 0))
            try:
                if relation.operator in "=≈" and self.holds(relation, state) == "":
                    return True
            except Undefined:
                continue
        return False

    def is_known_number(self, number: str, block: text.Block, cell) -> bool:
        """Is a number of the text one of the code or its output?

        It has to stand in a line near by, or in one together with another number of the same
        paragraph. Short numbers turn up everywhere, so they have to keep company with a neighbour,
        or be related to a number of the paragraph as a probability and its surprise are.
        """
        if "." not in number and len(number.strip("-")) == 1:
            return True
        own = self.lines_with(number)
        others = [
            n for n in block.numbers if n == number or len(n.strip("-")) >= 3 and self.lines_with(n)
        ]
        company = {n for n in others if n.strip("-") != number.strip("-")}
        if any(are_related(number, n) for n in company):
            return True
        places = [i for i, n in enumerate(others) if n == number]
        beside = {n for i in places for n in others[max(0, i - 1) : i + 2]} & company or company
        within = {
            i
            for i in own & self.lines_near(cell, COMPANY)
            if len(self.document.lines[i][1]) <= CROWD
        }
        if any(within & self.lines_with(n) for n in beside):
            return True
        if own and not is_short(number) and f"{abs(float(number)):.3f}" in example_losses():
            return True
        if company and (is_short(number) or not cell.number):
            return False
        if is_short(number) and not self.document.has_code(cell):
            return number in EXAMPLE_NUMBERS and bool(own)
        reach = SHORT if is_short(number) else LONG_IN_COMPANY if company else LONG
        return bool(own & self.lines_near(cell, reach))

    def lines_near(self, cell, reach) -> set[int]:
        if (id(cell), reach) not in self.near:
            self.near[id(cell), reach] = self.document.lines_near(cell, reach)
        return self.near[id(cell), reach]

    def lines_with(self, number: str) -> set[int]:
        if number not in self.places:
            index = self.document.lines_by_number
            self.places[number] = set().union(
                *(lines for n, lines in index.items() if same_number(number, n))
            )
        return self.places[number]

    def is_constant_of_code(self, side, block) -> bool:
        """A constant that the code computes or prints, or whose value stands in the paragraph."""
        try:
            value = evaluate(side, State({}))
        except Undefined:
            return False
        if (fingerprint(side) or set()) & self.code_marks:
            return True
        if isinstance(value, np.ndarray) or mp.isinf(value):
            return False
        if any(close(value, mp.mpf(n)) for n in text.NUMBER.findall(block.plain.replace("−", "-"))):
            return True
        printed = (n for n in self.document.numbers if len(n.strip("-0.").replace(".", "")) >= 3)
        return any("." in n and same_number(n, mp.nstr(value, 15)) for n in printed)

    # ---- limits, and what leads to what

    def check_arrow(self, relation, read) -> str:
        left, right = relation.left, relation.right
        if left.symbols and right.symbol:
            return (
                ""
                if left.symbols <= upstream(right.symbol)
                else f"{right.text} does not follow from {left.text}"
            )
        arrows = [
            r for r in read.relations if r.operator == "→" and r is not relation and r.left.symbol
        ]
        values = next(
            iter(
                choices({n: [g for g, _ in e] for n, e in read.given.items() if n != left.symbol})
            ),
            {},
        )
        try:
            target = evaluate(right, State({}))
            for cause in arrows:
                if approaches(
                    left, target, cause.left.symbol, evaluate(cause.right, State({})), values
                ):
                    return ""
            if left.symbol in ENDS and not arrows:
                return (
                    ""
                    if str(right.tree).replace("+", "") in ENDS[left.symbol]
                    else f"{left.text} does not go there"
                )
            if left.symbol in ENDS:
                for effect in (
                    r for r in read.relations if r.operator == "→" and r is not relation
                ):
                    if approaches(
                        effect.left, evaluate(effect.right, State({})), left.symbol, target, values
                    ):
                        return ""
                return "nothing in the paragraph follows from this limit"
            for name in left.symbols & set(ENDS):
                for end in ENDS[name]:
                    end = {"oo": mp.inf, "-oo": -mp.inf}.get(end) or mp.mpf(end)
                    if not arrows and approaches(left, target, name, end, values):
                        return ""
        except Undefined as error:
            return str(error)
        return "the limit is another one"

    # ---- expressions that stand alone, and decimals

    def check_lone(self, side: latex.Side, read: Read, reads: list[Read], cell) -> str:
        """An expression with a sign or a decimal has to occur in a relation or in the code."""
        if not re.search(r"[-+]", side.template) and not side.numbers:
            return ""
        if not side.symbols:
            if side.literal:
                known = all(
                    self.is_known_number(n, read.block, cell) for n in printed_numbers(side)
                )
                return "" if known else "no such number in the code"
            if side.template in (r"\infty", r"+\infty", r"-\infty"):
                printed = re.search(
                    r"-inf" if side.template[0] == "-" else r"(?<![-\w])inf", self.printed
                )
                return "" if printed else "no such infinity in the output"
            if self.is_constant_of_code(side, read.block):
                return ""
        mark = fingerprint(side)
        if not mark:
            return "no value"
        if mark & (self.code_marks | course_marks()) or any(
            mark & marks for marks in self.relation_marks()
        ):
            return ""
        relations = [r for other in reads for r in other.relations]
        sides = [s for r in relations if r.operator == "=" for s in (r.left, r.right)]
        if any(is_slope(side, other) for other in [*read.lone, *sides] if other is not side):
            return ""
        return "neither in a relation of this notebook nor in its code"

    @cached_property
    def printed(self) -> str:
        return "\n".join(c.printed for c in self.document.cells)

    @cached_property
    def code_marks(self) -> set:
        marks = set()
        for cell in self.document.cells:
            if cell.kind == "code":
                for node in programs.expressions(cell.source):
                    marks |= marks_of(functools.partial(programs.value, node))
        return marks

    def relation_marks(self) -> Iterator[set]:
        for other in self.document.prose:
            if id(other) not in self.marks:
                sides = {
                    s.text: s
                    for r in self.cells[id(other)]
                    for q in r.relations
                    for s in (q.left, q.right)
                }
                self.marks[id(other)] = set().union(
                    *(subexpressions(s) for s in sides.values()), set()
                )
            yield self.marks[id(other)]

    def check_decimals(self, read, cell) -> Iterator[str]:
        block = read.block
        constants = [
            v.value for side in read.lone if not side.symbols and (v := given(side, False))
        ]
        plain = " ".join(block.plain.split())
        for key, phrase in self.unchecked.items():
            if phrase in plain:
                self.used.add(key)
                plain = plain.replace(phrase, " ")
        for match in text.DECIMAL.finditer(plain):
            number = text.clean(match[0])
            if any(
                same_number(number, mp.nstr(v, 15))
                for v in constants
                if not isinstance(v, np.ndarray)
            ):
                continue
            if not self.is_known_number(number, block, cell):
                yield f"{match[0]} is in no code or output near"


def compact(latex_text: str) -> str:
    return "".join(latex_text.split())


def load_unchecked() -> list[dict]:
    return tomllib.loads((HERE / "unchecked.toml").read_text(encoding="utf-8")).get("entry", [])


def documents() -> list[str]:
    """Names of all documents that are checked: each notebook, README and the teacher's page."""
    notebooks = sorted(p.stem for p in (ROOT / "notebooks").glob("[0-9]*.ipynb"))
    return [*notebooks, "README.md", "TEACHING.md"]


@functools.cache
def checkers(name: str) -> list[Checker]:
    """One checker for a notebook; for a Markdown file one for each notebook it speaks of."""
    if not name.endswith(".md"):
        return [Checker(text.read_notebook(ROOT / "notebooks" / f"{name}.ipynb"), load_unchecked())]
    notebooks = [
        text.read_notebook(ROOT / "notebooks" / f"{n}.ipynb")
        for n in documents()
        if not n.endswith(".md")
    ]
    return [Checker(d, load_unchecked()) for d in text.read_markdown(ROOT / name, notebooks)]


@functools.cache
def problems_of(name: str) -> list[Problem]:
    """Everything wrong with a document, and entries of the list that it no longer needs."""
    found, used = [], set()
    for checker in checkers(name):
        found += checker.problems()
        used |= checker.used
    unused = (e for e in load_unchecked() if e["in"] == name and compact(e["text"]) not in used)
    return found + [
        Problem(name, 0, e["text"], "on the list of the unchecked, but occurs no longer")
        for e in unused
    ]
