"""Every formula and every number in the text is checked; and the checks find planted faults."""

import functools
import re
import zlib
from typing import NamedTuple

import pytest
import sympy

from tools.prose import check, reading
from tools.prose.documents import Cell, documents


@functools.cache
def checkers() -> dict[str, check.Checker]:
    return {document.name: check.Checker(document) for document in documents()}


@pytest.mark.parametrize("name", sorted(checkers()))
def test_every_formula_and_every_number_holds(name):
    complaints = checkers()[name].complaints
    assert not complaints, "\n".join(["", *map(str, complaints)])


def test_the_exceptions_are_few_and_give_their_reasons():
    entries = [(name, why) for name, texts in check.EXCEPTIONS.items() for why in texts.values()]
    assert len(entries) <= 40
    assert all(why and name in checkers() for name, why in entries)


# ---- One-character faults: the checker is worth what it finds of them -------------------------

DECIMAL = re.compile(r"(?<![\w.])\d+\.\d+(?!\w|\.\d)")
FORMULA = re.compile(r"(?<!\\)\$\$.+?\$\$|(?<![\\$])\$[^$]+?\$", re.DOTALL)
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
LINK = re.compile(r"\]\([^)]*\)|<[a-zA-Z/!][^>]*>|https?://\S+")
# Every digit of every decimal, to every other digit; every sign of a formula, turned round.
KINDS = {
    "digits": (DECIMAL, LINK, {digit: "0123456789".replace(digit, "") for digit in "0123456789"}),
    "signs": (FORMULA, CODE, {"+": "-", "-": "+"}),
}
CAUGHT = {"digits": 0.92, "signs": 0.95}
SAMPLE = {"digits": 600, "signs": 100}


class Mutation(NamedTuple):
    checker: check.Checker
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

    @property
    def chance(self) -> int:
        """By which a sample is drawn: it hangs on the words around, not on what is edited far."""
        return zlib.crc32(str(self).partition(": ")[2].encode())


def mutations(kind):
    wanted, hidden, others = KINDS[kind]
    for document in (one for one in documents() if not one.name.endswith(".md")):
        for cell in document.prose:
            source = hidden.sub(lambda match: " " * len(match[0]), cell.source)
            for place in (k for match in wanted.finditer(source) for k in range(*match.span())):
                for new in others.get(source[place], ""):
                    yield Mutation(checkers()[document.name], cell, place, new)


@pytest.mark.parametrize("kind", KINDS)
def test_changed_characters_are_found(kind):
    tried = sorted(mutations(kind), key=lambda mutation: mutation.chance)[: SAMPLE[kind]]
    missed = [str(mutation) for mutation in tried if not mutation.is_caught]
    assert len(tried) - len(missed) >= CAUGHT[kind] * len(tried), "\n".join(["", *missed])


# ---- What SymPy would misread, and no text has now: what one has is proved by its formulas -----

MEANINGS = {r"\tfrac{a}{2}": "a/2", r"\log a^y": "log(a**y)", "L(a, 1)": "-log(a)"}


@pytest.mark.parametrize("latex", MEANINGS)
def test_what_the_reader_makes_of(latex):
    (statement,) = reading.statements(latex)
    assert sympy.simplify(statement.left.trees[0] - sympy.sympify(MEANINGS[latex])) == 0
