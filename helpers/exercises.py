"""Checks of what learners write themselves: `check_…(their function)` prints one reply.

Each declares what is right, the inputs to try, known slips and the wrong formulas that they make,
and a hint for all other slips. How a function is called and judged is in engine/checking.py.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from .engine.checking import check
from .logistic import dloss_da, dsigmoid_dz, log_loss, logit, mean_log_loss, sigmoid

# ---- 01 · Logarithms ------------------------------------------------------------------------


def check_log(my_log: Any) -> None:
    """Check my_log(x, base), the logarithm of x to any base."""
    slips = {
        "That is the natural logarithm, whatever the base.": lambda x, base: math.log(x),
        "You multiply by the logarithm of the base.": lambda x, base: math.log(x) * math.log(base),
        "That is upside down.": lambda x, base: math.log(base) / math.log(x),
        "You subtract where you should divide.": lambda x, base: math.log(x / base),
        "That is x divided by the base.": lambda x, base: x / base,
        "You divide by the base itself, not by its logarithm.": lambda x, base: math.log(x) / base,
    }
    inputs = [(8, 2), (1000, 10), (0.125, 2), (10, 2), (5, 3), (20, math.e)]
    hint = "Another base is another unit: divide by the size of the unit."
    check(my_log, lambda x, base: math.log(x) / math.log(base), inputs, slips, hint)


def check_surprise(my_surprise: Any) -> None:
    """Check my_surprise(probabilities), the surprise of independent events together."""
    slips = {
        "The minus is missing.": lambda p: np.sum(np.log(p)),
        "You multiply first, and 1100 factors vanish.": lambda p: -np.log(np.prod(p)),
        "You multiply first: 1100 factors make 0, and 0 has no logarithm.": lambda p: (
            -math.log(math.prod(p))
        ),
        "That is to the base 10.": lambda p: -np.sum(np.log10(p)),
        "That is to the base 2.": lambda p: -np.sum(np.log2(p)),
        "That is the logarithm of a sum; add the logarithms.": lambda p: -np.log(np.sum(p)),
        "That is the mean; surprises are added.": lambda p: -np.mean(np.log(p)),
    }
    inputs = [([0.5],), ([0.1, 0.5],), ([0.9, 0.6, 0.8],), ([0.5] * 1100,)]
    hint = "One surprise for each probability; add them."
    check(my_surprise, lambda p: np.sum(log_loss(p, 1)), inputs, slips, hint)


# ---- 02 · Sigmoid ---------------------------------------------------------------------------


def check_sigmoid(my_sigmoid: Any) -> None:
    """Check my_sigmoid(z), for one score, however large."""
    exp = np.exp
    slips = {
        "The minus in the exponent is lost.": lambda z: sigmoid(-z),
        "The minus in the exponent is lost, and a power overflows.": lambda z: 1 / (1 + exp(z)),
        "The power overflows: use another form where z is negative.": lambda z: 1 / (1 + exp(-z)),
        "The power overflows: use another form where z is positive.": lambda z: (
            exp(z) / (1 + exp(z))
        ),
        "A power overflows at both ends: work out each form only on its own side.": lambda z: (
            np.where(z >= 0, 1 / (1 + exp(-z)), exp(z) / (1 + exp(z)))
        ),
        "Where z is negative, that is σ(−z).": lambda z: sigmoid(abs(z)),
        "That is the slope, a(1 − a).": dsigmoid_dz,
        "That is the way back, from a to z.": logit,
    }
    inputs = [(0.0,), (2.0,), (-1.5,), (5.0,), (1000.0,), (-1000.0,)]
    hint = "First e to the power of −z, then add 1."
    check(my_sigmoid, sigmoid, inputs, slips, hint, overflow="raise")


def check_slope(my_slope: Any) -> None:
    """Check my_slope(z), the slope of the sigmoid at one score."""
    slips = {
        "That is 1 − a; a factor a is missing.": lambda z: 1 - sigmoid(z),
        "That is a(a − 1), which is negative; the sigmoid rises.": lambda z: -dsigmoid_dz(z),
        "That is the sigmoid itself.": sigmoid,
        "z is a score: turn it into a first, then take a(1 − a).": lambda z: z * (1 - z),
        "That is a squared.": lambda z: sigmoid(z) ** 2,
    }
    inputs = [(0.0,), (1.0,), (-2.0,), (4.0,)]
    check(my_slope, dsigmoid_dz, inputs, slips, "First a = σ(z), then a product of two.")


# ---- 03 · Log loss --------------------------------------------------------------------------


def check_log_loss(my_log_loss: Any) -> None:
    """Check my_log_loss(a, y), for one prediction and a label 0 or 1."""
    log = np.log
    slips = {
        "The minus is missing.": lambda a, y: y * log(a) + (1 - y) * log(1 - a),
        "The minus is missing on the second term.": lambda a, y: -y * log(a) + (1 - y) * log(1 - a),
        "The minus is missing on the first term.": lambda a, y: y * log(a) - (1 - y) * log(1 - a),
        "The branches are swapped.": lambda a, y: log_loss(a, 1 - y),
        "The arguments are swapped: that is the logarithm of the label.": lambda a, y: (
            -(a * log(y) + (1 - a) * log(1 - y))
        ),
        "That is to the base 10.": lambda a, y: log_loss(a, y) / log(10),
        "That is the squared error.": lambda a, y: (a - y) ** 2,
        "That charges −log a also where y = 0.": lambda a, y: -log(a),
    }
    inputs = [(0.9, 1), (0.6, 1), (0.1, 1), (0.2, 0), (0.99, 0)]
    hint = "Which probability did the truth get? Charge its surprise."
    check(my_log_loss, log_loss, inputs, slips, hint)


# ---- 04 · One mini-batch by hand ------------------------------------------------------------


def check_cost(my_cost: Any) -> None:
    """Check my_cost(a, y), the mean log loss of two lists."""
    losses, cost = log_loss, mean_log_loss
    slips = {
        "That is the sum; the cost is the mean.": lambda a, y: cost(a, y) * len(y),
        "The sign is wrong: a cost is never negative.": lambda a, y: -cost(a, y),
        "That is half of it: you divided by 2m.": lambda a, y: cost(a, y) / 2,
        "A bracket is misplaced: only the second term is divided by m.": lambda a, y: (
            losses(a, y) @ np.where(y, 1, 1 / len(y))
        ),
        "The minus is missing on the second term.": lambda a, y: np.mean(
            losses(a, y) * np.where(y, 1, -1)
        ),
        "That is to the base 10.": lambda a, y: cost(a, y) / math.log(10),
        "The labels are flipped, or the branches swapped.": lambda a, y: cost(a, np.subtract(1, y)),
        "That charges −log a also where y = 0.": lambda a, y: cost(a, [1] * len(y)),
        "That is the mean squared error.": lambda a, y: np.mean(np.subtract(a, y) ** 2),
        "That is the likelihood, the product.": lambda a, y: np.exp(-losses(a, y).sum()),
        "That divides by 3 whatever the size of the batch.": lambda a, y: losses(a, y).sum() / 3,
    }
    inputs = [([0.9, 0.6, 0.2], [1, 1, 0]), ([0.3, 0.8], [0, 1])]
    inputs += [([0.7, 0.4, 0.5, 0.1], [0, 1, 1, 0])]
    hint = "One loss for each sample, then their mean."
    check(my_cost, mean_log_loss, inputs, slips, hint)


# ---- 05 · The gradient ----------------------------------------------------------------------


def check_gradient(my_gradient: Any) -> None:
    """Check my_gradient(x, a, y), which returns (dw, db) for one sample with one feature."""

    def with_x(error: Callable[..., float]) -> Callable[..., tuple[float, float]]:
        return lambda x, a, y: (error(a, y) * x, error(a, y))

    slips = {
        "The sign is turned: the error is a − y.": with_x(lambda a, y: y - a),
        "The factor x is missing.": lambda x, a, y: (a - y, a - y),
        "x belongs to dw alone.": lambda x, a, y: ((a - y) * x, (a - y) * x),
        "dw and db have changed places.": lambda x, a, y: (a - y, (a - y) * x),
        "That is the gradient of half the squared error.": with_x(
            lambda a, y: (a - y) * a * (1 - a)
        ),
        "You stopped at ∂L/∂a: the sigmoid's slope is missing.": with_x(dloss_da),
        "The label stands inside with x: a bracket is misplaced.": lambda x, a, y: (
            (a * (x - y), a - y)
        ),
    }
    inputs = [(2.0, 0.9, 1), (1.0, 0.6, 1), (0.0, 0.2, 0), (-3.0, 0.7, 0), (2.0, 0.01, 1)]
    hint = "The error a − y, times what z has beside each parameter."
    check(my_gradient, with_x(lambda a, y: a - y), inputs, slips, hint)


# ---- 06 · One update step -------------------------------------------------------------------


def check_step(my_step: Any) -> None:
    """Check my_step(w, b, x, y, eta), which returns the new (w, b); one feature."""

    def step(error: Callable[..., float]) -> Callable[..., tuple[float, float]]:
        return lambda w, b, x, y, eta: (
            w - eta * error(w * x + b, y) * x,
            b - eta * error(w * x + b, y),
        )

    right = step(lambda z, y: sigmoid(z) - y)
    slips = {
        "The step goes uphill: subtract the gradient.": step(lambda z, y: y - sigmoid(z)),
        "The new b was used for w: compute both from the old numbers.": lambda w, b, *v: (
            (right(w, right(w, b, *v)[1], *v)[0], right(w, b, *v)[1])
        ),
        "The new w was used for b: compute both from the old numbers.": lambda w, b, *v: (
            (right(w, b, *v)[0], right(right(w, b, *v)[0], b, *v)[1])
        ),
        "The factor x is missing.": lambda w, b, *v: (
            (w - b + right(w, b, *v)[1], right(w, b, *v)[1])
        ),
        "The bias was left as it was.": lambda w, b, *v: (right(w, b, *v)[0], b),
        "The learning rate is missing.": lambda *v: right(*v[:4], 1),
        "That is the gradient of half the squared error.": step(
            lambda z, y: (sigmoid(z) - y) * dsigmoid_dz(z)
        ),
        "The prediction is missing: a = σ(wx + b), not the score.": step(lambda z, y: z - y),
    }
    inputs = [(0.0, 0.0, 2.0, 1, 0.1), (0.5, -1.0, 3.0, 0, 0.5), (-1.0, 0.3, 0.5, 1, 2.0)]
    hint = "First a, then the error, then one step for each parameter."
    check(my_step, right, inputs, slips, hint)
