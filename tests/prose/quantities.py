"""What the course's symbols mean, and values for them."""

from __future__ import annotations

import functools
import math
import random

import mpmath
import sympy

mp = mpmath.mp
mp.dps = 30
M = 3  # samples in the batch


def symbol(name: str) -> sympy.Symbol:
    return sympy.Symbol(name)


def sigmoid(z):
    return 1 / (1 + sympy.exp(-z))


def log_loss(a, y=None):
    """L(a, y); with one argument, as in L(z), it is the quantity L."""
    if y is None:
        return symbol("L")
    return -(y * sympy.log(a) + (1 - y) * sympy.log(1 - a))


FUNCTIONS = {
    "sigma": sigmoid,
    "sigma'": lambda z: sigmoid(z) * (1 - sigmoid(z)),
    "g": lambda a: sympy.log(a / (1 - a)),
    "L": log_loss,
    "J": lambda *_: symbol("J"),
    "exp": sympy.exp,
    "max": sympy.Max,
    "min": sympy.Min,
}


def definitions() -> dict[sympy.Symbol, sympy.Expr]:
    """Each quantity by those before it, for one sample and for the three of the batch."""
    w, b, eta = (symbol(name) for name in ("w", "b", "eta"))
    found = {}
    for index in ("", "_{1}", "_{2}", "_{3}", "_{i}"):
        x, y, z, a, loss = (symbol(name + index) for name in "xyzaL")
        found |= {z: w * x + b, a: sigmoid(z), loss: log_loss(a, y)}
    a, y, dz, da = (symbol(name) for name in ("a", "y", "Delta_{z}", "Delta_{a}"))
    found[symbol("J")] = sum(symbol(f"L_{{{i + 1}}}") for i in range(M)) / M
    found[symbol("m")] = sympy.Integer(M)
    found[symbol("p")] = sympy.exp(-symbol("L"))
    found[symbol("a_{n}")] = a
    found[da] = a * (1 - a) * dz
    found[symbol("Delta_{L}")] = (a - y) / (a * (1 - a)) * da
    found[symbol("w_{n}")] = w - eta * (a - y) * symbol("x")
    found[symbol("b_{n}")] = b - eta * (a - y)
    return found


DEFINED = definitions()
LOGARITHM = {symbol("y"): sympy.log(symbol("x")) / sympy.log(symbol("b"))}
WORLDS = {"model": DEFINED, "logarithm": LOGARITHM}
RANGES = {"w": (-2, 2), "x": (-2, 2), "b": (-1.5, 1.5), "y": (0.05, 0.95), "p": (0.05, 0.95)}
LOGIT_03 = math.log(0.3 / 0.7)
BATCH = {"w": math.log(6), "b": -math.log(4), "m": 3} | {
    f"{name}_{{{i}}}": value
    for name, values in {"x": (2, 1, 0), "y": (1, 1, 0)}.items()
    for i, value in enumerate(values, 1)
}
STEP = {"y": 1, "a": 0.3, "eta": 0.1, "w": 0, "b": LOGIT_03}
# Each is one state of the running example; a text may use its values without giving them.
EXAMPLES = [
    BATCH | {"x": 2, "y": 1},
    BATCH | {"x": 1, "y": 1},
    BATCH | {"x": 0, "y": 0},
    BATCH | {"a_{3}": 0.99, "a": 0.99, "y": 0},
    STEP | {"x": 2},
    STEP | {"x": 1},
    STEP | {"x": 2, "w": 0.14, "b": LOGIT_03 + 0.07, "z": LOGIT_03 + 0.42, "a": None},
    {"w": 1.5046, "b": -4.0777},
    {"y": 1},
    {"y": 0},
]


@functools.cache
def slope(tree: sympy.Expr, over: sympy.Symbol) -> sympy.Expr:
    """The derivative along every road that leads from ``over`` to ``tree``."""
    total = sympy.Integer(0)
    for name in tree.free_symbols:
        road = 1 if name == over else slope(DEFINED[name], over) if name in DEFINED else 0
        total += sympy.diff(tree, name) * road
    return total


class Undefined(ValueError):
    """No value, as outside a domain."""


@functools.cache
def compiled(tree: sympy.Expr):
    names = sorted(tree.free_symbols, key=str)
    return [name.name for name in names], sympy.lambdify(names, tree, "mpmath")


def value(tree: sympy.Expr, at):
    """The value of a tree where ``at[name]`` gives that of each symbol."""
    try:
        names, function = compiled(tree)
        found = mp.mpmathify(function(*(at[name] for name in names)))
    except Exception as error:  # SymPy and mpmath raise whatever comes to hand
        raise Undefined(str(error)) from error
    if isinstance(found, mpmath.mpc) or mp.isnan(found):
        raise Undefined("no real value")
    return found


class State(dict):
    """Values by name: given ones, those that follow from them, and the rest by chance."""

    def __init__(self, given: dict, world: str = "model", seed: int = 0):
        super().__init__({n: mp.mpf(v) for n, v in given.items() if v is not None})
        self.world, self.seed = world, seed
        if world == "model":
            for name in ("", "_{1}", "_{2}", "_{3}"):
                if f"a{name}" in self and f"z{name}" not in self and 0 < self[f"a{name}"] < 1:
                    self[f"z{name}"] = mp.log(self[f"a{name}"] / (1 - self[f"a{name}"]))
            if "z" in self and "b" not in self:
                self["b"] = self["z"] - self["w"] * self["x"]

    def __missing__(self, name: str):
        definition = WORLDS[self.world].get(symbol(name))
        if definition is not None:
            self[name] = value(definition, self)
        else:
            low, high = RANGES.get(name[0], (0.1, 3))
            if self.world == "logarithm":
                low, high = (0.05, 0.95) if name in "pa" else (0.2, 4)
            self[name] = mp.mpf(random.Random(f"{self.seed} {name}").uniform(low, high))
        return self[name]
