"""Every equation and every number in the text is checked; and the checks find planted faults.

``python -m tests.prose --all-mutations`` tries every fault of these kinds and lists the survivors.
"""

from __future__ import annotations

import itertools
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
    assert sum(c.listed for c in checkers) <= LISTED_AT_MOST * sum(
        len(c.relations) for c in checkers
    )


@pytest.mark.parametrize("name", NOTEBOOKS)
@pytest.mark.parametrize("kind", ["digits", "signs"])
def test_one_changed_character_is_caught(name, kind):
    """A seeded sample, ten of each kind a notebook, of the changes that leave a visible fault.

    Notebook 07 has little mathematics, and so fewer signs than ten.
    """
    (checker,) = check.checkers(name)
    changes = list(mutations.KINDS[kind](checker))
    random.Random(f"{name} {kind}").shuffle(changes)
    tried = list(itertools.islice((c for c in changes if mutations.is_telling(checker, c)), 10))
    assert len(tried) == 10 or name.startswith("07") and tried
    survivors = [str(m) for m in tried if not mutations.is_caught(checker, m)]
    assert not survivors, "\n".join(["", *survivors])


def test_nine_of_ten_changes_to_any_digit_are_caught():
    """Also those that turn one of the notebook's numbers into another; of all, 95 % are."""
    caught = []
    for name in NOTEBOOKS:
        (checker,) = check.checkers(name)
        changes = random.Random(name).sample(list(mutations.digit_changes(checker)), 20)
        caught += [mutations.is_caught(checker, change) for change in changes]
    assert sum(caught) >= 0.9 * len(caught)
