"""One-character faults: the prose checker is worth what it finds of them."""

import random
import re
from collections.abc import Iterator
from typing import NamedTuple

from tools.prose.check import Checker
from tools.prose.documents import Cell

DECIMAL = re.compile(r"(?<![\w.])\d+\.\d+(?!\w|\.\d)")
FORMULA = re.compile(r"(?<!\\)\$\$.+?\$\$|(?<![\\$])\$[^$]+?\$", re.DOTALL)
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
LINK = re.compile(r"\]\([^)]*\)|<[a-zA-Z/!][^>]*>|https?://\S+")
# Every digit of every decimal, to every other digit; every sign of a formula, turned round.
KINDS = {
    "digits": (DECIMAL, LINK, {digit: "0123456789".replace(digit, "") for digit in "0123456789"}),
    "signs": (FORMULA, CODE, {"+": "-", "-": "+"}),
}


class Mutation(NamedTuple):
    checker: Checker
    cell: Cell
    place: int
    new: str

    @property
    def is_caught(self) -> bool:
        """Is there something wrong with the changed cell that was not wrong before?"""
        source, place = self.cell.source, self.place
        changed = self.cell._replace(source=source[:place] + self.new + source[place + 1 :])
        before = {complaint.what for complaint in self.checker.check(self.cell)}
        return any(complaint.what not in before for complaint in self.checker.check(changed))

    def __str__(self) -> str:
        source, place = self.cell.source, self.place
        before, after = source[max(0, place - 40) : place], source[place + 1 : place + 40]
        change = " ".join(f"{before}[{source[place]}→{self.new}]{after}".split())
        return f"{self.checker.document.name}, cell {self.cell.number}: {change}"


def changes(checker: Checker, kind: str) -> Iterator[Mutation]:
    wanted, hidden, others = KINDS[kind]
    for cell in checker.document.prose:
        source = hidden.sub(lambda match: " " * len(match[0]), cell.source)
        for place in (k for match in wanted.finditer(source) for k in range(*match.span())):
            for new in others.get(source[place], ""):
                yield Mutation(checker, cell, place, new)


def sample(checkers: list[Checker], kind: str, size: int, seed: int) -> list[Mutation]:
    """So many changes of a kind, from all documents together; all of them if there are fewer."""
    every = [mutation for checker in checkers for mutation in changes(checker, kind)]
    return random.Random(f"{seed} {kind}").sample(every, min(size, len(every)))
