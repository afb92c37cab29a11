"""What the course's symbols mean, and values for them."""

import functools
import math
import random

import mpmath
import sympy

mp = mpmath.mp
mp.dps = 30
symbol = sympy.Symbol


def sigmoid(z):
    return 1 / (1 + sympy.exp(-z))


def log_loss(a, y):
    return -(y * sympy.log(a) + (1 - y) * sympy.log(1 - a))


FUNCTIONS = {
    "sigma": sigmoid,
    "L": log_loss,
    "max": sympy.Max,
    "D": lambda of, over: slope(of, over),
}


def definitions() -> dict[sympy.Symbol, sympy.Expr]:
    """Each quantity by those before it, for one sample and for the three of the batch."""
    found = {}
    for index in ("_{1}", "_{2}", "_{3}", "_{i}", ""):
        w, b, x, y, z, a, loss = map(symbol, ("w", "b", *(name + index for name in "xyzaL")))
        found |= {z: w * x + b, a: sigmoid(z), loss: log_loss(a, y)}
    dz, da, dl = (symbol(f"Delta_{{{name}}}") for name in "zaL")
    eta = symbol("eta")
    found |= {symbol("w_{n}"): w - eta * (a - y) * x, symbol("b_{n}"): b - eta * (a - y)}
    found |= {da: a * (1 - a) * dz, dl: (a - y) / (a * (1 - a)) * da}
    found[symbol("J")] = sum(symbol(f"L_{{{i}}}") for i in (1, 2, 3)) / 3
    return found | {symbol("m"): sympy.Integer(3), symbol("p"): sympy.exp(-loss)}


DEFINED = definitions()
BATCH = {"w": math.log(6), "b": -math.log(4), "x_{1}": 2, "x_{2}": 1, "x_{3}": 0}
BATCH |= {"y_{1}": 1, "y_{2}": 1, "y_{3}": 0}
STEP = {"x_{1}": 2, "x_{2}": 1, "y": 1, "a": 0.3, "eta": 0.1, "w": 0, "b": math.log(3 / 7)}
# Each is one state of the running example; a text may use its values without giving them.
EXAMPLES = [BATCH | {"x": x, "y": y} for x, y in ((2, 1), (1, 1), (0, 0))]
EXAMPLES += [STEP | {"x": x} for x in (2, 1)]


@functools.cache
def slope(tree: sympy.Expr, over: sympy.Symbol) -> sympy.Expr:
    """The derivative along every road that leads from ``over`` to ``tree``."""
    total = sympy.Integer(0)
    for name in tree.free_symbols:
        defined = DEFINED.get(name, sympy.Integer(0))
        total += sympy.diff(tree, name) * (1 if name == over else slope(defined, over))
    return total


@functools.cache
def compiled(tree: sympy.Expr):
    names = sorted(tree.free_symbols, key=str)
    return [name.name for name in names], sympy.lambdify(names, tree, "mpmath")


def value(tree: sympy.Expr, state: "State"):
    """The value of a tree, or a ValueError where there is none, as outside a domain."""
    try:
        names, function = compiled(tree)
        found = mp.mpmathify(function(*(state[name] for name in names)))
    except Exception as error:  # SymPy and mpmath raise whatever comes to hand
        raise ValueError(error) from error
    if isinstance(found, mpmath.mpc) or mp.isnan(found):
        raise ValueError("no real value")
    return found


class State(dict):
    """Values by name: given ones, those that follow from them, and the rest by chance."""

    def __init__(self, given: dict | None = None, seed: int = 0):
        super().__init__((name, mp.mpf(number)) for name, number in (given or {}).items())
        self.seed = seed
        if "a" in self and "z" not in self and 0 < self["a"] < 1:
            self["z"] = mp.log(self["a"] / (1 - self["a"]))
        if "z" in self and "b" not in self:
            self["b"] = self["z"] - self["w"] * self["x"]

    def __missing__(self, name: str):
        if name[0].isdigit():
            return mp.mpf(name)
        if symbol(name) in DEFINED:
            self[name] = value(DEFINED[symbol(name)], self)
        else:
            ends = (0.05, 0.95) if name[0] == "y" else (0.2, 3)
            self[name] = mp.mpf(random.Random(f"{self.seed} {name}").uniform(*ends))
        return self[name]
