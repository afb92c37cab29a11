"""One-character faults: a digit of a decimal changed, a sign in a formula turned round.

A checker is worth what it finds; these are the faults to find.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from .check import Checker
from .documents import Cell, changed

DECIMAL = re.compile(r"(?<![\w.])\d+\.\d+(?!\w|\.\d)")
FORMULA = re.compile(r"(?<!\\)\$\$(.+?)\$\$|(?<![\\$])\$([^$]+?)\$", re.DOTALL)
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
LINK = re.compile(r"\]\([^)]*\)|<[a-zA-Z/!][^>]*>|https?://\S+")


@dataclass(frozen=True)
class Mutation:
    checker: Checker
    cell: Cell
    place: int
    new: str

    @property
    def source(self) -> str:
        return self.cell.source[: self.place] + self.new + self.cell.source[self.place + 1 :]

    @property
    def is_caught(self) -> bool:
        """Is there something wrong with the changed cell that was not wrong before?"""
        before = self.checker.complaints_of(self.cell)
        after = self.checker.check(changed(self.cell, self.source))
        return any(complaint.what not in before for complaint in after)

    def __str__(self) -> str:
        source, place = self.cell.source, self.place
        before, after = source[max(0, place - 40) : place], source[place + 1 : place + 40]
        change = " ".join(f"{before}[{source[place]}→{self.new}]{after}".split())
        return f"{self.checker.document.name}, cell {self.cell.number}: {change}"


def digits(checker: Checker) -> Iterator[Mutation]:
    """Every digit of every decimal, to every other digit."""
    for cell in checker.document.prose:
        for match in DECIMAL.finditer(blank(LINK, cell.source)):
            for place in range(*match.span()):
                for new in set("0123456789") - {cell.source[place]}:
                    if cell.source[place] != ".":
                        yield Mutation(checker, cell, place, new)


def signs(checker: Checker) -> Iterator[Mutation]:
    """Every plus and minus in a formula, turned round."""
    for cell in checker.document.prose:
        for match in FORMULA.finditer(blank(CODE, cell.source)):
            for place in range(*match.span()):
                if cell.source[place] in "+-":
                    yield Mutation(checker, cell, place, {"+": "-", "-": "+"}[cell.source[place]])


def blank(pattern: re.Pattern, text: str) -> str:
    return pattern.sub(lambda match: " " * len(match[0]), text)


KINDS = {"digits": digits, "signs": signs}


def sample(checkers: list[Checker], kind: str, size: int, seed: int) -> list[Mutation]:
    """So many changes of a kind, from all documents together; all of them if there are fewer."""
    changes = [mutation for checker in checkers for mutation in KINDS[kind](checker)]
    changes.sort(key=lambda m: (m.checker.document.name, m.cell.number, m.place, m.new))
    return random.Random(f"{seed} {kind}").sample(changes, min(size, len(changes)))
