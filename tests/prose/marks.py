"""Recognising an expression: by its values at fixed points of each world.

An expression that stands alone in the text, say ``$a - y$``, is in order if a relation of the
notebook, its code or the course's formulas hold an expression with the same values.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

import sympy

from . import latex
from .compare import show
from .reading import read_fragment
from .world import WORLDS, State, Undefined, close, derivative, evaluate, evaluate_tree

FORMULAS = (
    r"L = -[y \log a + (1 - y) \log(1 - a)]", r"L = -\log a", r"L = -\log(1 - a)", r"p = 1 - a",
    r"p = e^{-L}", r"p = (a - y)^2", r"p = 1 - y", r"z = w x + b", r"L = -\log p", r"p = a - y",
)  # fmt: skip
_SIDES: dict = {}


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


@functools.cache
def _tree_marks(tree, side_key) -> frozenset:
    side = _SIDES[side_key]
    return frozenset(marks_of(lambda state: evaluate_tree(tree, side, state)))


def subexpressions(side) -> set:
    """Marks of everything that a side is built of."""
    key = repr((side.template, side.numbers, side.vectors, side.derivatives, side.chances))
    _SIDES[key] = side
    templates = [
        side.template,
        *(t for t, _ in side.derivatives),
        *(t for v in side.vectors for t in v),
    ]
    trees = {tree for t in templates for tree in signed_parts(latex.read_template(t))}
    parts = [t for t in trees if not (t.is_Symbol or t.is_Integer or isinstance(t, sympy.Tuple))]
    return set().union(*(_tree_marks(tree, key) for tree in parts), set())


def signed_parts(tree) -> Iterator:
    """All sub-trees, but of a sub-tree with a minus not the rest without it."""
    yield tree
    negative = tree.is_Mul and len(tree.args) == 2 and -1 in tree.args
    for child in tree.args:
        yield from (part for part in signed_parts(child) if not (negative and part is child))


@functools.cache
def course_marks() -> frozenset:
    """What may be mentioned anywhere: the course's own expressions."""
    relations = [r for formula in FORMULAS for r in read_fragment(formula)[0]]
    return frozenset(set().union(*(fingerprint(r.right) for r in relations)))


def is_slope(side, function) -> bool:
    """Is one expression the derivative of the other, as in "the slope of … is …"?"""
    for name in sorted(function.symbols - {"y"}):
        try:
            state = State({}, "scalar", 7)
            if close(
                derivative(functools.partial(evaluate, function), state, name),
                evaluate(side, state),
            ):
                return True
        except Undefined:
            continue
    return False


def misplaced(side) -> str:
    """What is wrong with numbers put into the formula of the loss.

    A label of 0 or 1 switches a term off, and then nothing in that term changes the value. So the
    numbers are taken out again, label for y and prediction for a: that must be the formula of L.
    """
    numbers = re.search(r"([01]) \\cdot \\log (\S+)", side.text)
    if not numbers or not re.search(rf"\( 1 [+-] {numbers[1]} \)", side.text):
        return ""
    general = re.sub(r"[01] \\cdot \\log", r"y \\cdot \\log", side.text)
    general = re.sub(rf"\( 1 ([+-]) {numbers[1]} \)", r"( 1 \1 y )", general)
    general = re.sub(rf"(?<=[ ]){re.escape(numbers[2])}(?=[ ]|$)", "a", general)
    marks = fingerprint(latex.read_side(tuple(general.split())))
    return (
        ""
        if marks == fingerprint(read_fragment(FORMULAS[0])[0][0].right)
        else "not the formula of the loss"
    )
