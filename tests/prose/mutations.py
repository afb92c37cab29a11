"""One-character faults: a digit of a decimal changed, a sign in mathematics turned round.

A check that finds nothing wrong is worth what it would have found; these are the faults to find.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from . import text
from .check import Checker

NUMBER = re.compile(r"(?<![\w.])\d+\.\d+(?![\w]|\.\d)")


@dataclass
class Mutation:
    document: str
    cell: text.Cell
    place: int
    old: str
    new: str

    @property
    def source(self) -> str:
        return self.cell.source[: self.place] + self.new + self.cell.source[self.place + 1 :]

    def __str__(self) -> str:
        around = slice(max(0, self.place - 35), self.place + 35)
        before, after = (
            self.cell.source[around.start : self.place],
            self.cell.source[self.place + 1 : around.stop],
        )
        where = f"{self.document}, cell {self.cell.number} ({self.cell.kind})"
        return f"{where}: …{before}[{self.old}→{self.new}]{after}…".replace("\n", " ")


def digit_changes(checker: Checker) -> Iterator[Mutation]:
    """Every digit of every decimal in the text, to every other digit."""
    for cell in checker.document.prose:
        hidden = [m.span() for m in text.LINK.finditer(cell.source)]
        for match in NUMBER.finditer(cell.source):
            if any(low <= match.start() < high for low, high in hidden):
                continue
            for place in range(*match.span()):
                old = cell.source[place]
                for new in "0123456789":
                    if old not in (".", new):
                        yield Mutation(checker.document.name, cell, place, old, new)


def sign_changes(checker: Checker) -> Iterator[Mutation]:
    """Every plus and minus in mathematics, turned round."""
    for cell in checker.document.prose:
        source = text.CODE.sub(lambda m: "`" * len(m[0]), cell.source)
        for match in text.MATH.finditer(source):
            for place in range(*match.span()):
                if source[place] in "+-":
                    yield Mutation(
                        checker.document.name,
                        cell,
                        place,
                        source[place],
                        "-" if source[place] == "+" else "+",
                    )


def lost_signs(checker: Checker) -> Iterator[Mutation]:
    """Every minus in mathematics with nothing before it, lost."""
    for mutation in sign_changes(checker):
        before = mutation.cell.source[: mutation.place].rstrip()
        if mutation.old == "-" and before.endswith(
            ("$", "(", "[", "{", "=", "&", ",", "<", ">", *BEFORE_A_SIGN)
        ):
            yield Mutation(mutation.document, mutation.cell, mutation.place, "-", "")


BEFORE_A_SIGN = (r"\approx", r"\to", r"\cdot", r"\times", r"\le", r"\ge")
KINDS = {"digits": digit_changes, "signs": sign_changes, "lost minus signs": lost_signs}


def is_telling(checker: Checker, mutation: Mutation) -> bool:
    """Could a reader who knows the notebook's numbers see that this one is wrong?

    Not where the new number is another one that the code holds or prints: then only the sense of
    the sentence tells. And not where 0 is now taken away that was added before.
    """
    if mutation.old in "+-":
        after = mutation.cell.source[mutation.place + 1 :]
        return not re.match(r"\s*(0(?![.\d])|\\infty)", after)
    numbers = NUMBER.finditer(mutation.source)
    written = next((m[0] for m in numbers if m.start() <= mutation.place < m.end()), "")
    return not any(checker.lines_with(sign + written) for sign in ("", "-"))


def is_caught(checker: Checker, mutation: Mutation) -> bool:
    """Does checking the changed cell report anything that was not reported before?"""
    before = checker.reported(mutation.cell)
    changed = checker.read(mutation.source, mutation.cell)
    return any(str(p) not in before for p in checker.check_cell(mutation.cell, changed))
