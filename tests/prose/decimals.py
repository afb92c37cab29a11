"""The running example, and when a number in the text is one of the notebook's."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cache

import numpy as np

from . import text
from .world import State, log, logit, mp

# The batch, its confident mistake, and the step of notebook 06 before and after.

BATCH = {"a_{1}": "0.9", "a_{2}": "0.6", "a_{3}": "0.2", "y_{1}": "1", "y_{2}": "1", "y_{3}": "0"}
EXAMPLES = [
    {**BATCH, "a": "0.9", "y": "1"},
    {**BATCH, "a": "0.6", "y": "1"},
    {**BATCH, "a": "0.2", "y": "0"},
    {**BATCH, "a_{3}": "0.99", "a": "0.99", "y": "0"},
    {"x": ["2", "1"], "w": ["0", "0"], "a": "0.3", "y": "1", "eta": "0.1"},
    {
        "x": ["2", "1"],
        "w": ["0.14", "0.07"],
        "b": logit(mp.mpf("0.3")) + mp.mpf("0.07"),
        "y": "1",
        "eta": "0.1",
    },
    {"a": "0.1", "y": "1"},
    {"z": "0", "y": "1"},
    {"z": "4", "y": "0"},
]
EXAMPLE_NUMBERS = {v for e in EXAMPLES for v in e.values() if isinstance(v, str)}


@dataclass
class Given:
    """A value that the text gives to a symbol; ``half`` is what rounding may have hidden."""

    value: object
    half: object = 0


def to_given(value) -> Given:
    return Given(
        np.array([mp.mpf(v) for v in value], dtype=object)
        if isinstance(value, list)
        else mp.mpf(value)
    )


def digits(number: str) -> str:
    """The significant digits."""
    return number.lstrip("-0.").replace(".", "")


def is_long(number: str) -> bool:
    """Three decimal places or more: in this course, a number that was rounded."""
    return len(number.partition(".")[2]) >= 3


def is_short(number: str) -> bool:
    return len(number.partition(".")[2]) <= 2 and len(digits(number)) <= 2


def same_number(number: str, known: str) -> bool:
    """The same number, or its correct rounding to three significant digits or more."""
    return _same(number, text.clean(known))


@cache
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
    return (
        known_places > places
        and len(digits(number)) >= 3
        and abs(a - b) <= mp.mpf(10) ** -places / 2
    )


@cache
def example_pairs() -> frozenset[tuple[str, str]]:
    """Numbers that belong together in the running example: prediction, logit, loss, error, mean."""
    pairs = set()
    for example in EXAMPLES:
        state = State(
            {n: to_given(v).value for n, v in example.items()},
            "vector" if "x" in example else "scalar",
        )
        names = ["z", "a", "L", "sigma_{p}"] + (["J"] if "a_{1}" in example else [])
        shown = {f"{float(abs(state[name])):.3f}" for name in names}
        shown.add(f"{float(abs(state['a'] - state['y'])):.3f}")
        pairs |= set(itertools.permutations(shown, 2))
    return frozenset(pairs)


@cache
def example_losses() -> frozenset[str]:
    """The running example's losses, logits and means, which may be recalled anywhere."""
    found = set()
    for example in EXAMPLES:
        state = State(
            {n: to_given(v).value for n, v in example.items()},
            "vector" if "x" in example else "scalar",
        )
        names = [
            "z",
            "L",
            *(["J"] if "a_{1}" in example else []),
            *(["sigma_{p}"] if "z" in example else []),
        ]
        found |= {f"{float(abs(state[n])):.3f}" for n in names}
    return frozenset(found)


@cache
def are_related(one: str, other: str) -> bool:
    """Are two numbers a probability and its surprise or logit, or of one row of the example?"""
    if (f"{abs(float(one)):.3f}", f"{abs(float(other)):.3f}") in example_pairs():
        return True
    for p, shown in ((one, other), (other, one)):
        value, half = mp.mpf(p), mp.mpf(10) ** -len(shown.partition(".")[2]) / 2
        if 0 < value < 1 and is_long(shown):
            for related in (-log(value), logit(value)):
                if abs(related - mp.mpf(shown)) <= half:
                    return True
    return False
