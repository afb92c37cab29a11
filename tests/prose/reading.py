"""The mathematics of a block: its relations, its lone expressions, the values that it gives."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from . import latex, text
from .decimals import Given, is_long
from .world import State, Undefined, evaluate, mp


@dataclass
class Read:
    """A block with its mathematics read."""

    block: text.Block
    relations: list[latex.Relation] = field(default_factory=list)
    lone: list[latex.Side] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    given: dict[str, list[tuple[Given, latex.Relation]]] = field(default_factory=dict)


@cache
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
            found.append(
                latex.Relation(lone[0], "≈", latex.read_side(tuple(latex.tokenize(plain))))
            )
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


def printed_numbers(side) -> list[str]:
    """The signed numbers of a literal side, as strings."""
    match = re.fullmatch(r"([-+]?)V_\{(\d+)\}", side.template)
    templates = side.vectors[int(match[2])] if match else [side.template]
    return [
        re.sub(r"N_\{(\d+)\}", lambda m: side.numbers[int(m[1])], t)
        .replace("+", "")
        .replace(r"\cdot 10^{", "e")
        .strip("}")
        for t in templates
    ]
