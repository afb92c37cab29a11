"""The two sides of a relation, compared; limits; what follows from what."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from .decimals import Given, is_long
from .reading import half_unit
from .world import State, Undefined, close, evaluate, mp, split

# Where limits are taken.

ENDS = {
    "a": ("0", "1"),
    "p": ("0", "1"),
    "z": ("-oo", "oo"),
    "x": ("0", "oo"),
    "L": ("oo",),
    "u": ("0",),
}


class GivenState:
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
            batch = {"m", "J"} & relation.right.symbols or any(
                "_" in s for s in relation.right.symbols
            )
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
    return {
        "<": left < right,
        ">": left > right,
        "≤": left <= right,
        "≥": left >= right,
        "≠": not close(left, right),
    }[operator]


def holds_where(equation, condition, state) -> bool:
    """Is the equation true, and not before, once the condition has settled its symbol?"""
    name = condition.left.symbol
    there = state.moved(name, evaluate(condition.right, state))
    before, after = (
        (evaluate(equation.left, s), evaluate(equation.right, s)) for s in (state, there)
    )
    return close(*after) and not close(*before)


def approaches(side, target, name, end, given_values) -> bool:
    """Does the side go to ``target`` as ``name`` goes to ``end``?"""
    for world in ("scalar", "logarithm"):
        for label in ((), ("0",), ("1",)):
            fixed = {n: g.value for n, g in given_values.items() if n != name}
            if label:
                fixed.setdefault("y", mp.mpf(label[0]))
            try:
                with mp.workdps(420):
                    near = [
                        evaluate(side, State({**fixed, name: point}, world))
                        for point in towards(name, end)
                    ]
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


def in_range(name: str, written: list[str]) -> bool:
    base = split(name)[0]
    return base not in ("a", "p", "y") or all(0 <= mp.mpf(n) <= 1 for n in written)


def show(value, digits=6) -> str:
    if isinstance(value, np.ndarray):
        return "[" + ", ".join(mp.nstr(mp.mpf(v), digits) for v in value) + "]"
    return mp.nstr(mp.mpf(value), digits)
