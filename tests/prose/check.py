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
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import sympy

from . import code, latex, text
from .world import WORLDS, State, Undefined, close, evaluate, derivative, evaluate_tree, log, logit, mp, split

IDLE_PLUS = re.compile(r"(?:^|[({\[=<>,&]|\\(?:approx|le|ge|to|cdot|times))\s*\+(?!\s*\\infty)")
HERE = Path(__file__).parent
ROOT = HERE.parent.parent

# The running example, and the step of notebook 06 before and after.
BATCH = {"a_{1}": "0.9", "a_{2}": "0.6", "a_{3}": "0.2", "y_{1}": "1", "y_{2}": "1", "y_{3}": "0"}
EXAMPLES = [
    {**BATCH, "a": "0.9", "y": "1"},
    {**BATCH, "a": "0.6", "y": "1"},
    {**BATCH, "a": "0.2", "y": "0"},
    {**BATCH, "a_{3}": "0.99", "a": "0.99", "y": "0"},
    {"x": ["2", "1"], "w": ["0", "0"], "a": "0.3", "y": "1", "eta": "0.1"},
    {"x": ["2", "1"], "w": ["0.14", "0.07"], "b": logit(mp.mpf("0.3")) + mp.mpf("0.07"), "y": "1", "eta": "0.1"},
    {"a": "0.1", "y": "1"},
    {"z": "0", "y": "1"},
    {"z": "4", "y": "0"},
]
CHAIN = {"w", "b", "x", "z", "a", "L"}  # each of these settles the ones after it
# How many code cells away a number may come from, and how many numbers make a line a crowd.
SHORT, LONG_IN_COMPANY, LONG, COMPANY, CROWD = 3, 2, 6, 8, 5
EXAMPLE_NUMBERS = {v for e in EXAMPLES for v in e.values() if isinstance(v, str)}
ENDS = {"a": ("0", "1"), "p": ("0", "1"), "z": ("-oo", "oo"), "x": ("0", "oo"), "L": ("oo",), "u": ("0",)}


@dataclass
class Given:
    """A value that the text gives to a symbol; ``half`` is what rounding may have hidden."""

    value: object
    half: object = 0


@dataclass
class Problem:
    document: str
    cell: int
    what: str
    why: str

    def __str__(self) -> str:
        return f"{self.document}, cell {self.cell}: {self.what}\n    {self.why}"


@dataclass
class Read:
    """A block with its mathematics read."""

    block: text.Block
    relations: list[latex.Relation] = field(default_factory=list)
    lone: list[latex.Side] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    given: dict[str, list[tuple[Given, latex.Relation]]] = field(default_factory=dict)


@lru_cache(maxsize=None)
def read_fragment(fragment: str):
    return latex.read_fragment(fragment)


def read_block(block: text.Block) -> Read:
    read = Read(block)
    for fragment in block.fragments:
        relations, lone, unreadable = read_fragment(fragment)
        read.relations += relations
        read.lone += lone
        read.unreadable += unreadable
    read.relations += table_relations(block)
    for relation in read.relations:
        for symbol, side in ((relation.left, relation.right), (relation.right, relation.left)):
            if symbol.symbol and relation.operator in "=≈" and not side.symbols:
                value = given(side, relation.operator == "≈")
                if value is not None:
                    read.given.setdefault(symbol.symbol, []).append((value, relation))
    return read


def table_relations(block: text.Block) -> list[latex.Relation]:
    """In a row under a heading such as $a$ or loss $L$, each number is a value of that heading."""
    found = []
    for heading, value in zip(block.header or [], block.columns, strict=False):
        heads = [a or b for a, b in text.MATH.findall(heading)]
        plain = re.sub(r"[$*\s]", "", value).replace("−", "-")
        if len(heads) != 1 or not re.fullmatch(r"[-+]?\d+(\.\d+)?", plain):
            continue
        relations, lone, _ = read_fragment(heads[0])
        if len(lone) == 1 and not relations:
            found.append(latex.Relation(lone[0], "≈", latex.read_side(tuple(latex.tokenize(plain)))))
    return found


def given(side: latex.Side, rounded: bool) -> Given | None:
    try:
        value = evaluate(side, State({}))
    except Undefined:
        return None
    rounded = rounded and side.literal and all(is_long(n) for n in side.numbers)
    return Given(value, half_unit(side) if rounded else 0)


def half_unit(side: latex.Side):
    """Half a unit of the last printed digit, component by component for a vector."""
    match = re.fullmatch(r"[-+]?V_\{(\d+)\}", side.template)
    if match:
        return np.array([_half(side, t) for t in side.vectors[int(match[1])]], dtype=object)
    return _half(side, side.template)


def _half(side, template):
    number = re.search(r"N_\{(\d+)\}", template)
    digits = side.numbers[int(number[1])] if number else re.search(r"\d+", template)[0]
    places = len(digits.partition(".")[2])
    if not number:
        places = -(len(digits) - len(digits.rstrip("0"))) if digits.strip("0") else 0
    power = re.search(r"10\^\{(-?\d+)\}", template)
    half = mp.mpf(10) ** -places / 2 * (mp.mpf(10) ** int(power[1]) if power else 1)
    return half / 100 if template.endswith("/100") else half


class Checker:
    """All checks of one document."""

    def __init__(self, document: text.Document, unchecked: list[dict] | None = None):
        self.document = document
        name = document.name.partition(",")[0]
        self.unchecked = {compact(e["text"]): e["text"] for e in (unchecked or []) if e["in"] == name}
        self.used: set[str] = set()
        self.cells = {id(c): [read_block(b) for b in c.blocks] for c in document.prose}
        self.count = self.listed = 0
        self.marks: dict[int, set] = {}
        self.reports: dict[int, set[str]] = {}
        self.places: dict[str, set[int]] = {}
        self.near: dict[tuple[int, int], set[int]] = {}

    # ---- the whole document, or one cell of it

    def read(self, source: str, cell: text.Cell) -> list[Read]:
        """The blocks of a cell as they would be with another source."""
        return [read_block(b) for b in text.Cell(cell.number, cell.kind, source).blocks]

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
            self.count += 1
            if not self.is_listed(str(relation)):
                why = self.check_relation(relation, cell, read, reads) or self.check_inputs(relation)
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
            self.listed += 1
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
                verdicts = [self.holds(relation, State_(values, world)) for world in worlds]
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
        """Does another equation of the paragraph hold just where this one does, as z = 0 where x = −b/w?"""
        for one, other in itertools.permutations([r for r in read.relations if r.operator == "="], 2):
            if relation not in (one, other) or not one.left.symbol or not one.right.symbols:
                continue
            try:
                if one.left.symbol not in one.right.symbols and all(holds_where(other, one, State({}, "scalar", seed)) for seed in range(3)):
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
            states = [State_(values, world) for world in worlds]
            return all(
                close(states[0].value(side), states[1].value(side)) for side in (relation.left, relation.right)
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
            if in_range(symbol.symbol, written) and all(self.is_known_number(n, read.block, cell) for n in written):
                return True
        return False

    def is_example_value(self, relation, symbol, read) -> bool:
        """Does the running example give the symbol this value (for the label that the text names)?"""
        labels = [g.value for g, _ in read.given.get("y", [])] if symbol != "y" else []
        for example in EXAMPLES:
            if symbol in example and labels and mp.mpf(example["y"]) not in labels:
                continue
            world = "vector" if "x" in example else "scalar"
            state = State_({n: to_given(v) for n, v in example.items()}, (world, 0))
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
        others = [n for n in block.numbers if n == number or len(n.strip("-")) >= 3 and self.lines_with(n)]
        company = {n for n in others if n.strip("-") != number.strip("-")}
        if any(are_related(number, n) for n in company):
            return True
        places = [i for i, n in enumerate(others) if n == number]
        beside = {n for i in places for n in others[max(0, i - 1) : i + 2]} & company or company
        within = {i for i in own & self.lines_near(cell, COMPANY) if len(self.document.lines[i][1]) <= CROWD}
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
            self.places[number] = set().union(*(lines for n, lines in index.items() if same_number(number, n)))
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
            return "" if left.symbols <= upstream(right.symbol) else f"{right.text} does not follow from {left.text}"
        arrows = [r for r in read.relations if r.operator == "→" and r is not relation and r.left.symbol]
        values = next(iter(choices({n: [g for g, _ in e] for n, e in read.given.items() if n != left.symbol})), {})
        try:
            target = evaluate(right, State({}))
            for cause in arrows:
                if approaches(left, target, cause.left.symbol, evaluate(cause.right, State({})), values):
                    return ""
            if left.symbol in ENDS and not arrows:
                return "" if str(right.tree).replace("+", "") in ENDS[left.symbol] else f"{left.text} does not go there"
            if left.symbol in ENDS:
                for effect in (r for r in read.relations if r.operator == "→" and r is not relation):
                    if approaches(effect.left, evaluate(effect.right, State({})), left.symbol, target, values):
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
                known = all(self.is_known_number(n, read.block, cell) for n in printed_numbers(side))
                return "" if known else "no such number in the code"
            if side.template in (r"\infty", r"+\infty", r"-\infty"):
                printed = re.search(r"-inf" if side.template[0] == "-" else r"(?<![-\w])inf", self.printed)
                return "" if printed else "no such infinity in the output"
            if self.is_constant_of_code(side, read.block):
                return ""
        mark = fingerprint(side)
        if not mark:
            return "no value"
        if mark & (self.code_marks | course_marks()) or any(mark & marks for marks in self.relation_marks()):
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
                for node in code.expressions(cell.source):
                    marks |= marks_of(functools.partial(code.value, node))
        return marks

    def relation_marks(self) -> Iterator[set]:
        for other in self.document.prose:
            if id(other) not in self.marks:
                sides = {s.text: s for r in self.cells[id(other)] for q in r.relations for s in (q.left, q.right)}
                self.marks[id(other)] = set().union(*(subexpressions(s) for s in sides.values()), set())
            yield self.marks[id(other)]

    def check_decimals(self, read, cell) -> Iterator[str]:
        block = read.block
        constants = [v.value for side in read.lone if not side.symbols and (v := given(side, False))]
        plain = " ".join(block.plain.split())
        for key, phrase in self.unchecked.items():
            if phrase in plain:
                self.used.add(key)
                plain = plain.replace(phrase, " ")
        for match in text.DECIMAL.finditer(plain):
            number = text.clean(match[0])
            if any(same_number(number, mp.nstr(v, 15)) for v in constants if not isinstance(v, np.ndarray)):
                continue
            if not self.is_known_number(number, block, cell):
                yield f"{match[0]} is in no code or output near"


# ---- states with rounded values


class State_:
    """A state with the values that the text gives, some of them rounded."""

    def __init__(self, values: dict[str, Given], where: tuple[str, int]):
        self.values, (self.world, self.seed) = values, where
        self.state = self.build({})

    def build(self, shift) -> State:
        values = {n: g.value + shift.get(n, 0) for n, g in self.values.items()}
        return State(values, self.world, self.seed)

    def value(self, side):
        return evaluate(side, self.state)

    def updated(self, relation):
        name = relation.left.symbol
        if name not in ("w", "b"):
            raise Undefined("an update of something that is not a parameter")
        try:
            batch = {"m", "J"} & relation.right.symbols or any("_" in s for s in relation.right.symbols)
        except AttributeError:
            batch = False
        return self.state[name] - self.state["eta"] * self.state.slope(name, "J" if batch else "L")

    def slack(self, side, value):
        """How far rounding of the numbers used can have moved the value."""
        total = 0
        if not side.literal:
            numbers = [mp.mpf(n) for n in side.numbers]
            for place, number in enumerate(side.numbers):
                half = mp.mpf(10) ** -len(number.partition(".")[2]) / 2
                if is_long(number):
                    moved = [*numbers[:place], numbers[place] + half, *numbers[place + 1 :]]
                    total = total + abs(evaluate(side, self.state, moved) - value)
        for name, entry in self.values.items():
            if np.any(entry.half != 0):
                try:
                    total = total + abs(evaluate(side, self.build({name: entry.half})) - value)
                except (Undefined, ValueError):
                    continue
        return total * mp.mpf("1.001")


def to_given(value) -> Given:
    return Given(np.array([mp.mpf(v) for v in value], dtype=object) if isinstance(value, list) else mp.mpf(value))


def choices(scope: dict[str, list[Given]], limit=40) -> Iterator[dict[str, Given]]:
    """Every way of choosing one value for each symbol."""
    names = sorted(scope)
    for chosen in itertools.islice(itertools.product(*(scope[n] for n in names)), limit):
        if names:
            yield dict(zip(names, chosen, strict=True))


def compare(relation, left, right, slack) -> bool:
    operator = relation.operator
    if operator in ("=", "←"):
        return close(left, right)
    if operator == "≈":
        if close(left, right):
            return True
        printed = [half_unit(s) for s in (relation.left, relation.right) if s.literal]
        room = max(printed, key=lambda h: np.max(h)) if printed else 0
        if not printed and np.all(slack == 0):
            return False
        try:
            return bool(np.all(abs(left - right) <= room + slack + mp.mpf(10) ** -20))
        except ValueError:
            return False
    if isinstance(left, np.ndarray) or isinstance(right, np.ndarray):
        return operator == "≠" and not close(left, right)
    return {"<": left < right, ">": left > right, "≤": left <= right, "≥": left >= right, "≠": not close(left, right)}[operator]


def approaches(side, target, name, end, given_values) -> bool:
    """Does the side go to ``target`` as ``name`` goes to ``end``?"""
    for world in ("scalar", "logarithm"):
        for label in ((), ("0",), ("1",)):
            fixed = {n: g.value for n, g in given_values.items() if n != name}
            if label:
                fixed.setdefault("y", mp.mpf(label[0]))
            try:
                with mp.workdps(420):
                    near = [evaluate(side, State({**fixed, name: point}, world)) for point in towards(name, end)]
            except (Undefined, ValueError):
                continue
            if mp.isinf(target):
                good = near[1] * mp.sign(target) > 40 and abs(near[1]) > 2 * abs(near[0])
            else:
                good = abs(near[1] - target) < mp.mpf("1e-20")
            if good:
                return True
    return False


def towards(name, end):
    if mp.isinf(end):
        return [mp.sign(end) * mp.mpf(60), mp.sign(end) * mp.mpf(600)]
    side = -1 if end == 1 and name in "ap" else 1
    return [end + side * mp.mpf(10) ** -60, end + side * mp.mpf(10) ** -300]


def upstream(name: str) -> set[str]:
    order = {"z": {"w", "b", "x"}, "a": {"w", "b", "x", "z"}, "L": {"w", "b", "x", "z", "a", "y"}}
    return order.get(name, set())


def printed_numbers(side) -> list[str]:
    """The signed numbers of a literal side, as strings."""
    match = re.fullmatch(r"([-+]?)V_\{(\d+)\}", side.template)
    templates = side.vectors[int(match[2])] if match else [side.template]
    return [re.sub(r"N_\{(\d+)\}", lambda m: side.numbers[int(m[1])], t).replace("+", "").replace(r"\cdot 10^{", "e").strip("}") for t in templates]


def digits(number: str) -> str:
    """The significant digits."""
    return number.lstrip("-0.").replace(".", "")


@lru_cache(maxsize=None)
def example_losses() -> frozenset[str]:
    """The losses, logits and means of the running example: numbers that may be recalled anywhere."""
    found = set()
    for example in EXAMPLES:
        state = State({n: to_given(v).value for n, v in example.items()}, "vector" if "x" in example else "scalar")
        names = ["z", "L", *(["J"] if "a_{1}" in example else []), *(["sigma_{p}"] if "z" in example else [])]
        found |= {f"{float(abs(state[n])):.3f}" for n in names}
    return frozenset(found)


def holds_where(equation, condition, state) -> bool:
    """Is the equation true, and not before, once the condition has settled its symbol?"""
    name = condition.left.symbol
    there = state.moved(name, evaluate(condition.right, state))
    before, after = ((evaluate(equation.left, s), evaluate(equation.right, s)) for s in (state, there))
    return close(*after) and not close(*before)


@lru_cache(maxsize=None)
def example_pairs() -> frozenset[tuple[str, str]]:
    """Numbers that belong together in the running example: prediction, logit, loss, error, mean."""
    pairs = set()
    for example in EXAMPLES:
        state = State({n: to_given(v).value for n, v in example.items()}, "vector" if "x" in example else "scalar")
        names = ["z", "a", "L", "sigma_{p}"] + (["J"] if "a_{1}" in example else [])
        shown = {f"{float(abs(state[name])):.3f}" for name in names}
        shown.add(f"{float(abs(state['a'] - state['y'])):.3f}")
        pairs |= set(itertools.permutations(shown, 2))
    return frozenset(pairs)


@lru_cache(maxsize=None)
def example_losses() -> frozenset[str]:
    """The losses, logits and means of the running example: numbers that may be recalled anywhere."""
    found = set()
    for example in EXAMPLES:
        state = State({n: to_given(v).value for n, v in example.items()}, "vector" if "x" in example else "scalar")
        names = ["z", "L", *(["J"] if "a_{1}" in example else []), *(["sigma_{p}"] if "z" in example else [])]
        found |= {f"{float(abs(state[n])):.3f}" for n in names}
    return frozenset(found)


def holds_where(equation, condition, state) -> bool:
    """Is the equation true, and not before, once the condition has settled its symbol?"""
    name = condition.left.symbol
    there = state.moved(name, evaluate(condition.right, state))
    before, after = ((evaluate(equation.left, s), evaluate(equation.right, s)) for s in (state, there))
    return close(*after) and not close(*before)


@lru_cache(maxsize=None)
def numbers_of_the_examples() -> frozenset[str]:
    """The running example's logits, losses, slopes and means, to three decimals."""
    found = set()
    for example in EXAMPLES:
        state = State({n: to_given(v).value for n, v in example.items()}, "vector" if "x" in example else "scalar")
        names = ["z", "a", "L", "sigma_{p}"] + (["J"] if "a_{1}" in example else [])
        found |= {mp.nstr(mp.mpf(round(abs(state[n]) * 1000)) / 1000, 6) for n in names}
    return frozenset(f"{float(n):.3f}" for n in found | {"2.303"})


def is_long(number: str) -> bool:
    """Three decimal places or more: in this course, a number that was rounded."""
    return len(number.partition(".")[2]) >= 3


def is_short(number: str) -> bool:
    return len(number.partition(".")[2]) <= 2 and len(digits(number)) <= 2


def same_number(number: str, known: str) -> bool:
    """The same number, or its correct rounding to three significant digits or more."""
    return _same(number, text.clean(known))


@lru_cache(maxsize=None)
def _same(number: str, known: str) -> bool:
    if number == known:
        return True
    try:
        a, b = mp.mpf(number), mp.mpf(known)
    except ValueError:
        return False
    places, known_places = (len(n.partition(".")[2]) for n in (number, known))
    if a == b:
        return places <= known_places or (a != 0 and known_places > 0)
    return known_places > places and len(digits(number)) >= 3 and abs(a - b) <= mp.mpf(10) ** -places / 2


@lru_cache(maxsize=None)
def are_related(one: str, other: str) -> bool:
    """Do two numbers of a paragraph stand for a probability and its surprise, or 1 − p, or its logit?"""
    if (f"{abs(float(one)):.3f}", f"{abs(float(other)):.3f}") in example_pairs():
        return True
    for p, shown in ((one, other), (other, one)):
        value, half = mp.mpf(p), mp.mpf(10) ** -len(shown.partition(".")[2]) / 2
        if 0 < value < 1 and is_long(shown):
            for related in (-log(value), logit(value)):
                if abs(related - mp.mpf(shown)) <= half:
                    return True
    return False


def in_range(name: str, written: list[str]) -> bool:
    base = split(name)[0]
    return base not in ("a", "p", "y") or all(0 <= mp.mpf(n) <= 1 for n in written)


# ---- fingerprints: an expression is known by its values at fixed points


def marks_of(value) -> set:
    """Values of ``value(state)`` in one state of each world."""
    marks = set()
    for world in WORLDS:
        try:
            mark = show(value(State({}, world, 7)), 12)
            marks |= {(world, mark)} if mark not in ("0.0", "1.0", "-1.0") else set()
        except (Undefined, ValueError, TypeError):
            continue
    return marks


def fingerprint(side) -> set:
    return marks_of(lambda state: evaluate(side, state))


@lru_cache(maxsize=None)
def _tree_marks(tree, side_key) -> frozenset:
    side = _SIDES[side_key]
    return frozenset(marks_of(lambda state: evaluate_tree(tree, side, state)))


_SIDES: dict = {}


def subexpressions(side) -> set:
    """Marks of everything that a side is built of."""
    key = repr((side.template, side.numbers, side.vectors, side.derivatives, side.chances))
    _SIDES[key] = side
    templates = [side.template, *(t for t, _ in side.derivatives), *(t for v in side.vectors for t in v)]
    trees = {tree for t in templates for tree in signed_parts(latex.read_template(t))}
    parts = [t for t in trees if not (t.is_Symbol or t.is_Integer or isinstance(t, sympy.Tuple))]
    return set().union(*(_tree_marks(tree, key) for tree in parts), set())


def signed_parts(tree) -> Iterator:
    """All sub-trees, but of a sub-tree with a minus not the rest without it."""
    yield tree
    negative = tree.is_Mul and len(tree.args) == 2 and -1 in tree.args
    for child in tree.args:
        yield from (part for part in signed_parts(child) if not (negative and part is child))


FORMULAS = (
    r"L = -[y \log a + (1 - y) \log(1 - a)]", r"L = -\log a", r"L = -\log(1 - a)", r"p = 1 - a",
    r"p = e^{-L}", r"p = (a - y)^2", r"p = 1 - y", r"z = w x + b", r"L = -\log p", r"p = a - y",
)  # fmt: skip


@lru_cache(maxsize=None)
def course_marks() -> frozenset:
    """What may be mentioned anywhere: the course's own expressions."""
    relations = [r for formula in FORMULAS for r in read_fragment(formula)[0]]
    return frozenset(set().union(*(fingerprint(r.right) for r in relations)))


def is_slope(side, function) -> bool:
    """Is one expression the derivative of the other, as in "the slope of … is …"?"""
    for name in sorted(function.symbols - {"y"}):
        try:
            state = State({}, "scalar", 7)
            if close(derivative(functools.partial(evaluate, function), state, name), evaluate(side, state)):
                return True
        except Undefined:
            continue
    return False


def misplaced(side) -> str:
    """What is wrong with numbers put into the formula of the loss.

    A label of 0 or 1 switches a term off, and then nothing in that term changes the value. So the
    numbers are taken out again: the label is y, the prediction a, and the formula must be that of L.
    """
    numbers = re.search(r"([01]) \\cdot \\log (\S+)", side.text)
    if not numbers or not re.search(rf"\( 1 [+-] {numbers[1]} \)", side.text):
        return ""
    general = re.sub(r"[01] \\cdot \\log", r"y \\cdot \\log", side.text)
    general = re.sub(rf"\( 1 ([+-]) {numbers[1]} \)", r"( 1 \1 y )", general)
    general = re.sub(rf"(?<=[ ]){re.escape(numbers[2])}(?=[ ]|$)", "a", general)
    marks = fingerprint(latex.read_side(tuple(general.split())))
    return "" if marks == fingerprint(read_fragment(FORMULAS[0])[0][0].right) else "not the formula of the loss"


def compact(latex_text: str) -> str:
    return "".join(latex_text.split())


def show(value, digits=6) -> str:
    if isinstance(value, np.ndarray):
        return "[" + ", ".join(mp.nstr(mp.mpf(v), digits) for v in value) + "]"
    return mp.nstr(mp.mpf(value), digits)


def load_unchecked() -> list[dict]:
    return tomllib.loads((HERE / "unchecked.toml").read_text(encoding="utf-8")).get("entry", [])


def documents() -> list[str]:
    """Names of all documents that are checked: each notebook, README and the teacher's page."""
    notebooks = sorted(p.stem for p in (ROOT / "notebooks").glob("[0-9]*.ipynb"))
    return [*notebooks, "README.md", "TEACHING.md"]


def checkers(name: str) -> list[Checker]:
    """One checker for a notebook; several for a Markdown file, by the notebook that it speaks of."""
    if not name.endswith(".md"):
        return [Checker(text.read_notebook(ROOT / "notebooks" / f"{name}.ipynb"), load_unchecked())]
    notebooks = [text.read_notebook(ROOT / "notebooks" / f"{n}.ipynb") for n in documents() if not n.endswith(".md")]
    return [Checker(d, load_unchecked()) for d in text.read_markdown(ROOT / name, notebooks)]


def problems_of(name: str) -> list[Problem]:
    """Everything wrong with a document, and entries of the list that it no longer needs."""
    found, used = [], set()
    for checker in checkers(name):
        found += checker.problems()
        used |= checker.used
    unused = (e for e in load_unchecked() if e["in"] == name and compact(e["text"]) not in used)
    return found + [Problem(name, 0, e["text"], "on the list of the unchecked, but occurs no longer") for e in unused]
