"""Every equation and every number in the text is checked; and the checks find planted faults.

``python -m tests.prose --all-mutations`` tries every fault of these kinds and lists the survivors.
"""

from __future__ import annotations

import random

import pytest

from tests.prose import check, mutations

NOTEBOOKS = [name for name in check.documents() if not name.endswith(".md")]
LISTED_AT_MOST = 0.15


@pytest.mark.parametrize("name", check.documents())
def test_every_relation_and_every_decimal_holds(name):
    problems = [str(problem) for problem in check.problems_of(name)]
    assert not problems, "\n".join(["", *problems])


def test_the_list_of_the_unchecked_is_short_and_gives_reasons():
    entries = check.load_unchecked()
    assert all(entry["reason"] and entry["in"] in check.documents() for entry in entries)
    checkers = [checker for name in check.documents() for checker in check.checkers(name)]
    _ = [checker.problems() for checker in checkers]
    assert sum(c.listed for c in checkers) <= LISTED_AT_MOST * sum(c.count for c in checkers)


@pytest.mark.parametrize("name", NOTEBOOKS)
@pytest.mark.parametrize("kind", ["digits", "signs"])
def test_one_changed_character_is_caught(name, kind):
    """A seeded sample: 72 digits and 72 signs over six notebooks, of which few may survive."""
    (checker,) = check.checkers(name)
    changes = list(mutations.KINDS[kind](checker))
    tried = random.Random(f"{name} {kind}").sample(changes, min(12, len(changes)))
    survivors = [str(m) for m in tried if not mutations.is_caught(checker, m)]
    assert not survivors, "\n".join(["", *survivors])
