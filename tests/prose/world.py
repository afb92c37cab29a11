"""What the course's symbols mean, and values for them.

A ``State`` gives every symbol a value that fits the definitions of the course: z = w·x + b,
a = σ(z), L = −[y log a + (1 − y) log(1 − a)], J the mean of the losses of m = 3 samples. Some
values are given (by the text, or by the running example); the rest follow, or are drawn at random
from a seed. A relation that holds at several random states is an identity; one that holds only
where the text's own values are given is checked there.
"""

from __future__ import annotations

import random
from functools import cache

import mpmath
import numpy as np
import sympy

mp = mpmath.mp
mp.dps = 40
SAMPLES = ("1", "2", "3", "i")
WORLDS = ("scalar", "vector", "logarithm")


class Undefined(ValueError):
    """No value: a symbol that is not the course's, or a point outside a domain."""


def sigmoid(z):
    return 1 / (1 + mp.exp(-z))


def logit(a):
    return log(a) - log(1 - a)


def log(x, base=None):
    if not isinstance(x, (mpmath.mpf, int)) or x < 0:
        raise Undefined(f"log of {x}")
    if x == 0:
        return -mp.inf
    return mp.log(x) if base is None else mp.log(x) / log(base)


def times(left, right):
    """Products; 0 · ∞ is 0 here, as in y log a where y switches the term off; vectors dot."""
    if isinstance(left, np.ndarray) and isinstance(right, np.ndarray):
        if left.shape != right.shape:
            raise Undefined("vectors of different length")
        return sum(left * right)
    if (
        not isinstance(left, np.ndarray)
        and not isinstance(right, np.ndarray)
        and 0 in (left, right)
    ):
        return mp.mpf(0)
    return left * right


def log_loss(a, y):
    if not (0 <= a <= 1 and 0 <= y <= 1):
        raise Undefined(f"no loss for a = {mp.nstr(a, 5)}, y = {mp.nstr(y, 5)}")
    return -(times(y, log(a)) + times(1 - y, log(1 - a)))


def split(name: str) -> tuple[str, str]:
    base, _, index = name.partition("_")
    return base, index.strip("{}")


def join(base: str, index: str) -> str:
    return f"{base}_{{{index}}}" if index else base


DOWNSTREAM = {"w": "zaLJ", "b": "zaLJ", "x": "zaLJ", "z": "aLJ", "a": "LJ", "y": "LJ", "L": "J"}


class State:
    """Values by name, computed when asked for."""

    def __init__(self, given: dict, world: str = "scalar", seed: int = 0):
        self.given, self.world, self.seed = dict(given), world, seed
        self.known = dict(given)

    def __getitem__(self, name: str):
        if name not in self.known:
            try:
                self.known[name] = self.work_out(*split(name))
            except (TypeError, ArithmeticError) as error:
                raise Undefined(f"{name}: {error}") from error
        return self.known[name]

    def draw(self, name: str, low: float, high: float):
        generator = random.Random(f"{self.seed} {name}")
        if name[0] in "wx" and self.world == "vector":
            return np.array([mp.mpf(generator.uniform(low, high)) for _ in range(2)])
        return mp.mpf(generator.uniform(low, high))

    def work_out(self, base: str, index: str):
        name = join(base, index)
        if base == "m" and not index:
            return mp.mpf(3)
        if name == "sigma":
            return self["a"]
        if name == "sigma_{p}":
            return self["a"] * (1 - self["a"])
        if self.world == "logarithm":
            if name == "y":
                return log(self["x"], self["b"])
            return self.draw(name, *((0.01, 0.99) if base in "pa" else (0.2, 4)))
        if index in ("p", "o", "n"):
            return self.updated(base) if index in "pn" and base in "wb" else self.work_out(base, "")
        if index and index not in SAMPLES and base in "aLxyzJ":
            raise Undefined(f"unknown symbol {name}")
        if base == "z":
            if join("a", index) in self.given:
                return logit(self[join("a", index)])
            return times(self["w"], self[join("x", index)]) + self["b"]
        if base == "a":
            return sigmoid(self[join("z", index)])
        if base == "L":
            return log_loss(self[join("a", index)], self[join("y", index)])
        if name == "J":
            return sum(self[join("L", i)] for i in "123") / 3
        if name == "b":
            for index in ("", *SAMPLES):
                z, a = join("z", index), join("a", index)
                if z in self.given or a in self.given:
                    z = self.given[z] if z in self.given else logit(self.given[a])
                    return z - times(self["w"], self[join("x", index)])
        ranges = {
            "w": (-2, 2),
            "x": (-2, 2),
            "b": (-1.5, 1.5),
            "y": (0.05, 0.95),
            "p": (0.01, 0.99),
        }
        return self.draw(name, *ranges.get(base, (0.1, 3)))

    def probability(self, event: str):
        """P(y | x), P(y = 1 | x) or P(y = 0 | x)."""
        event = event.replace(r"\mid", "|").split("|")[0]
        chances = {"y=1": self["a"], "1": self["a"], "y=0": 1 - self["a"], "0": 1 - self["a"]}
        return chances[event] if event in chances else mp.exp(-self["L"])

    def updated(self, name: str):
        """A parameter after one step down the gradient of the loss (of J, if the text says m)."""
        return self[name] - times(self["eta"], self.slope(name))

    def slope(self, name: str, of: str = "L"):
        return derivative(lambda state: state[of], self, name)

    def moved(self, name: str, value) -> State:
        """The same state with ``name`` changed and all that depends on it worked out anew."""
        base, index = split(name)
        frozen = {n: self[n] for n in ("w", "b")}
        for i in ("", *SAMPLES):
            for kind in "xyza" if i else "xyz":
                frozen[join(kind, i)] = self[join(kind, i)]
            frozen.setdefault(join("a", i), self[join("a", i)])
        frozen.update({n: self[n] for n in self.known if split(n)[0] not in "wbxyzaLJ"})
        if self.world == "logarithm":
            frozen = dict(self.known)
        for below in DOWNSTREAM.get(base, ""):
            for i in ("", *SAMPLES) if base in "wb" else (index,):
                frozen.pop(join(below, i), None)
        return State(frozen | {name: value}, self.world, self.seed)


def derivative(function, state: State, name: str):
    """Slope of ``function(state)`` when ``name`` is moved, component by component."""
    at, nudge = state[name], mp.mpf(10) ** -12

    def central(step):
        high, low = (function(state.moved(name, at + sign * step)) for sign in (1, -1))
        return (high - low) / (2 * nudge)

    if not isinstance(at, np.ndarray):
        return central(nudge)
    return np.array([central(nudge * unit) for unit in np.eye(len(at), dtype=int).astype(object)])


def close(left, right) -> bool:
    """Equal but for the error of a numerical derivative."""
    relative = mp.mpf(10) ** -12
    if isinstance(left, np.ndarray) or isinstance(right, np.ndarray):
        left, right = np.atleast_1d(left), np.atleast_1d(right)
        if left.shape != right.shape:
            if left.shape == (1,) == (1,) and left[0] == 0 or right.shape == (1,) and right[0] == 0:
                return all(close(v, mp.mpf(0)) for v in [*left, *right])
            return False
        return all(close(a, b) for a, b in zip(left, right, strict=True))
    if mp.isinf(left) or mp.isinf(right):
        return left == right
    return (
        abs(left - right)
        <= relative * max(1 if left == 0 or right == 0 else 0, abs(left), abs(right))
        + mp.mpf(10) ** -25
    )


def evaluate(side, state: State, numbers=None):
    """The value of a ``latex.Side`` in a state; ``numbers`` replaces the printed decimals."""
    return evaluate_tree(side.tree, side, state, numbers)


def evaluate_tree(tree, side, state: State, numbers=None):
    """The value of a part of a side."""
    numbers = [mp.mpf(n) for n in side.numbers] if numbers is None else numbers
    return _Walk(side, state, numbers).value(tree)


@cache
def constant(tree):
    return mp.mpf(tree.p) / tree.q


class _Walk:
    def __init__(self, side, state, numbers):
        self.side, self.state, self.numbers = side, state, numbers

    def template(self, text, state=None):
        from .latex import read_template

        walk = _Walk(self.side, state or self.state, self.numbers)
        return walk.value(read_template(text))

    def value(self, tree, index=None):
        if tree.is_Rational:
            return constant(tree)
        if tree is sympy.E:
            return +mp.e
        if tree is sympy.pi:
            return +mp.pi
        if tree in (sympy.oo, -sympy.oo):
            return mp.inf if tree is sympy.oo else -mp.inf
        if tree.is_Symbol:
            return self.symbol(tree.name, index or {})
        arguments = (
            tree.args
            if not tree.is_Function or not isinstance(tree, (sympy.Sum, sympy.Product))
            else ()
        )
        if isinstance(tree, (sympy.Sum, sympy.Product)):
            return self.series(tree, index)
        values = [self.value(argument, index) for argument in arguments]
        try:
            return self.combine(tree, values)
        except (TypeError, ArithmeticError) as error:
            raise Undefined(str(error)) from error

    def combine(self, tree, values):
        if tree.is_Add:
            return sum(values[1:], values[0])
        if tree.is_Mul:
            product = values[0]
            for value in values[1:]:
                product = times(product, value)
            return product
        if tree.is_Pow:
            return self.power(*values)
        if isinstance(tree, sympy.log):
            return log(
                values[0], values[1] if len(values) > 1 and tree.args[1] != sympy.E else None
            )
        if isinstance(tree, (sympy.exp, sympy.Abs)):
            return (mp.exp if isinstance(tree, sympy.exp) else abs)(values[0])
        if isinstance(tree, sympy.factorial):
            return mp.factorial(values[0])
        if isinstance(tree, sympy.core.function.AppliedUndef):
            return self.call(str(tree.func), values)
        raise Undefined(f"cannot evaluate {tree}")

    @staticmethod
    def power(base, exponent):
        if isinstance(base, np.ndarray):
            if exponent == 2:
                return times(base, base)
            raise Undefined("power of a vector")
        if base < 0 and exponent != int(exponent):
            raise Undefined("root of a negative number")
        return mp.power(base, exponent)

    def call(self, name, values):
        from .latex import CALLS

        name = CALLS[int(name.strip("f_{}"))]
        functions = {
            "sigma": sigmoid, "sigma'": lambda z: sigmoid(z) * (1 - sigmoid(z)), "L": log_loss,
            "logit": logit, "exp": mp.exp, "max": lambda *v: max(v), "min": lambda *v: min(v),
            "norm": lambda v: mp.sqrt(times(v, v)),
        }  # fmt: skip
        if name not in functions:
            raise Undefined(name)
        return functions[name](*values)

    def symbol(self, name, index):
        base, number = split(name)
        if base in "NVDP" and number.isdigit():
            if base == "N":
                return self.numbers[int(number)]
            if base == "V":
                return np.array(
                    [self.template(t) for t in self.side.vectors[int(number)]], dtype=object
                )
            if base == "P":
                return self.state.probability(self.side.chances[int(number)])
            operand, variable = self.side.derivatives[int(number)]
            variable = variable if variable != "x" or self.state.world != "vector" else "x"
            return derivative(
                lambda state: self.template(operand, state), self.state, variable.replace("\\", "")
            )
        if name in index:
            return mp.mpf(index[name])
        if number in index:
            name = join(base, str(index[number]))
        return +mp.e if name == "e" else self.state[name]

    def series(self, tree, index):
        (counter, first, last) = tree.limits[0]
        first, last = int(self.value(first, index)), int(self.value(last, index))
        if last - first > 50:
            raise Undefined("a long series")
        terms = [
            self.value(tree.function, {**(index or {}), counter.name: k})
            for k in range(first, last + 1)
        ]
        result = terms[0]
        for term in terms[1:]:
            result = result + term if isinstance(tree, sympy.Sum) else result * term
        return result
