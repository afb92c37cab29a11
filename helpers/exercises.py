"""Checks of what learners write themselves: `check_…(their function)` prints one reply.

A check calls the function on a few inputs and says "not attempted", "not yet" with what it saw,
and the slip if the results are those of a known wrong formula, or "right". It never raises,
and it never prints a right answer.
"""

from __future__ import annotations

import copy
import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from .logistic import dsigmoid_dz, log_loss, logit, mean_log_loss, sigmoid

# What a check says. A translation changes these.
PHRASES = {
    "empty": "Not attempted yet: {name} returns nothing so far.",
    "no function": "Not attempted yet: give the check the function itself, without brackets.",
    "raised": "Not yet: {call} raised {error}.",
    "junk": "Not yet: {call} gave {saw}; expected: {kind}.",
    "slip": "Not yet: {call} gave {saw}. {slip}.",
    "wrong": "Not yet: {call} gave {saw}, and that is not right. {hint}",
    "changed": "Not yet: the results are right, but {name} changes what it was given.",
    "right": "Right: {name} agrees at all {count} inputs.",
    "number": "a number",
    "numbers": "{count} numbers",
}


class Raised(str):
    """What a function raised, in place of its result."""


def call(function: Callable[..., Any], arguments: Sequence[Any], overflow: str = "ignore") -> Any:
    """Return what the function returns, or what it raises as Raised."""
    try:
        with np.errstate(all="ignore", over=overflow), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return function(*arguments)
    except (Exception, SystemExit) as error:
        return Raised(f"{type(error).__name__}: {short(error, str)}".rstrip(": "))


def short(value: Any, write: Callable[[Any], str] = repr) -> str:
    """Write a value on one line, without the type of a NumPy number, whatever it is."""
    found = real_numbers(value)
    if found is not None and len(found) < 9:
        written = [f"{round(number, 12) + 0.0:.6g}" for number in found]
        return f"[{', '.join(written)}]" if np.iterable(value) else written[0]
    try:
        words = " ".join(write(value).split())
    except Exception:
        words = f"an object of the type {type(value).__name__}"
    return words if len(words) <= 60 else f"{words[:57]}..."


def real_numbers(value: Any) -> list[float] | None:
    """Return the real numbers in a number, list, array or nest of these; None for anything else."""
    try:
        if isinstance(value, (tuple, list)):
            parts = [real_numbers(part) for part in value]
            return None if None in parts else [number for part in parts for number in part]
        array = np.asarray(value)
        return array.astype(float).ravel().tolist() if array.dtype.kind in "iuf" else None
    except Exception:
        return None


def _same(results: Any, right: Any) -> bool:
    one, two = real_numbers(results), real_numbers(right)
    if one is None or two is None or len(one) != len(two):
        return False
    return bool(np.allclose(one, two, rtol=1e-6, atol=1e-12, equal_nan=True))


def check(
    function: Any,
    right: Callable[..., Any],
    inputs: Sequence[tuple[Any, ...]],
    slips: Mapping[str, Callable[..., Any]],
    hint: str,
    overflow: str = "ignore",
) -> str:
    """Return the reply to a learner's function.

    Parameters
    ----------
    function : what the learner wrote
    right : what it should compute
    inputs : the arguments to try, one tuple a call
    slips : what is said of a known wrong formula, and that formula
    hint : said when no slip is recognised
    overflow : "raise" if NumPy's overflow is to count as an error

    Examples
    --------
    >>> slips = {"That doubles": lambda x: 2 * x}
    >>> check(lambda x: x + x, lambda x: x * x, [(2,), (3,)], slips, "Think of an area.")
    'Not yet: <lambda>(3) gave 6. That doubles.'
    """
    if not callable(function):
        return PHRASES["no function"]
    name = str(getattr(function, "__name__", "your function"))
    given = [copy.deepcopy(arguments) for arguments in inputs]
    results = [call(function, arguments, overflow) for arguments in given]
    if all(result is None or result is Ellipsis for result in results):
        return PHRASES["empty"].format(name=name)
    expected = [call(right, arguments, overflow) for arguments in inputs]
    wrong = [k for k, pair in enumerate(zip(results, expected)) if not _same(*pair)]
    if not wrong:
        if any(repr(before) != repr(after) for before, after in zip(inputs, given)):
            return PHRASES["changed"].format(name=name)
        return PHRASES["right"].format(name=name, count=len(inputs))
    said = {"call": f"{name}({', '.join(map(short, inputs[wrong[0]]))})"}
    first = results[wrong[0]]
    said["saw"] = short(first)
    for slip, formula in slips.items():
        made = [call(formula, arguments, overflow) for arguments in inputs]
        if all(_alike(*pair) for pair in zip(results, made)):
            if isinstance(first, Raised):
                return PHRASES["raised"].format(**said, error=first) + f" {slip}."
            return PHRASES["slip"].format(**said, slip=slip)
    if isinstance(first, Raised):
        return PHRASES["raised"].format(**said, error=first)
    count = len(real_numbers(expected[wrong[0]]))
    if len(real_numbers(first) or []) != count:
        kind = PHRASES["number" if count == 1 else "numbers"].format(count=count)
        return PHRASES["junk"].format(**said, kind=kind)
    return PHRASES["wrong"].format(**said, hint=hint)


def _alike(result: Any, made: Any) -> bool:
    """Tell whether a result is what a wrong formula makes; an error is like any other."""
    if isinstance(made, Raised):
        return isinstance(result, Raised)
    return _same(result, made)


# ---- 01 · Logarithms ------------------------------------------------------------------------


def check_log(my_log: Any) -> None:
    """Check my_log(x, base), the logarithm of x to any base."""
    slips = {
        "That is the natural logarithm, whatever the base": lambda x, base: math.log(x),
        "You multiply by the logarithm of the base": lambda x, base: math.log(x) * math.log(base),
        "That is upside down": lambda x, base: math.log(base) / math.log(x),
        "You subtract where you should divide": lambda x, base: math.log(x / base),
        "That is x divided by the base": lambda x, base: x / base,
        "You divide by the base itself, not by its logarithm": lambda x, base: math.log(x) / base,
    }
    inputs = [(8, 2), (1000, 10), (0.125, 2), (10, 2), (5, 3), (20, math.e)]
    hint = "Another base is another unit: divide by the size of the unit."
    print(check(my_log, lambda x, base: math.log(x) / math.log(base), inputs, slips, hint))


def check_surprise(my_surprise: Any) -> None:
    """Check my_surprise(probabilities), the surprise of independent events together."""

    def right(probabilities: list[float]) -> float:
        return float(np.sum(log_loss(probabilities, 1)))

    slips = {
        "The minus is missing": lambda p: np.sum(np.log(p)),
        "You multiply first, and 1100 factors vanish": lambda p: -np.log(np.prod(p)),
        "You multiply first: 1100 factors make 0, and 0 has no logarithm": lambda p: (
            -math.log(math.prod(p))
        ),
        "That is to the base 10": lambda p: -np.sum(np.log10(p)),
        "That is to the base 2": lambda p: -np.sum(np.log2(p)),
        "That is the logarithm of a sum; add the logarithms": lambda p: -np.log(np.sum(p)),
        "That is the mean; surprises are added": lambda p: -np.mean(np.log(p)),
    }
    inputs = [([0.5],), ([0.1, 0.5],), ([0.9, 0.6, 0.8],), ([0.5] * 1100,)]
    print(check(my_surprise, right, inputs, slips, "One surprise for each probability; add them."))


# ---- 02 · Sigmoid ---------------------------------------------------------------------------


def check_sigmoid(my_sigmoid: Any) -> None:
    """Check my_sigmoid(z), for one score, however large."""
    slips = {
        "The minus in the exponent is lost": lambda z: sigmoid(-z),
        "The minus in the exponent is lost, and a power overflows": lambda z: 1 / (1 + np.exp(z)),
        "The power overflows: use another form where z is negative": lambda z: 1 / (1 + np.exp(-z)),
        "The power overflows: use another form where z is positive": lambda z: (
            np.exp(z) / (1 + np.exp(z))
        ),
        "A power overflows at both ends: work out each form only on its own side": lambda z: (
            np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))
        ),
        "Where z is negative, that is σ(−z)": lambda z: sigmoid(abs(z)),
        "That is the slope, a(1 − a)": dsigmoid_dz,
        "That is the way back, from a to z": logit,
    }
    inputs = [(0.0,), (2.0,), (-1.5,), (5.0,), (1000.0,), (-1000.0,)]
    hint = "First e to the power of −z, then add 1."
    print(check(my_sigmoid, sigmoid, inputs, slips, hint, overflow="raise"))


def check_slope(my_slope: Any) -> None:
    """Check my_slope(z), the slope of the sigmoid at one score."""
    slips = {
        "That is 1 − a; a factor a is missing": lambda z: 1 - sigmoid(z),
        "That is a(a − 1), which is negative; the sigmoid rises": lambda z: -dsigmoid_dz(z),
        "That is the sigmoid itself": sigmoid,
        "z is a score: turn it into a first, then take a(1 − a)": lambda z: z * (1 - z),
        "That is a squared": lambda z: sigmoid(z) ** 2,
    }
    inputs = [(0.0,), (1.0,), (-2.0,), (4.0,)]
    print(check(my_slope, dsigmoid_dz, inputs, slips, "First a = σ(z), then a product of two."))


# ---- 03 · Log loss --------------------------------------------------------------------------


def check_log_loss(my_log_loss: Any) -> None:
    """Check my_log_loss(a, y), for one prediction and a label 0 or 1."""
    log = np.log
    slips = {
        "The minus is missing": lambda a, y: y * log(a) + (1 - y) * log(1 - a),
        "The minus is missing on the second term": lambda a, y: -y * log(a) + (1 - y) * log(1 - a),
        "The minus is missing on the first term": lambda a, y: y * log(a) - (1 - y) * log(1 - a),
        "The branches are swapped": lambda a, y: log_loss(a, 1 - y),
        "The arguments are swapped: that is the logarithm of the label": lambda a, y: (
            -(a * log(y) + (1 - a) * log(1 - y))
        ),
        "That is to the base 10": lambda a, y: log_loss(a, y) / log(10),
        "That is to the base 2": lambda a, y: log_loss(a, y) / log(2),
        "That is the squared error": lambda a, y: (a - y) ** 2,
        "That charges −log a also where y = 0": lambda a, y: -log(a),
        "That is what the truth was given; charge its surprise": lambda a, y: (
            a**y * (1 - a) ** (1 - y)
        ),
    }
    inputs = [(0.9, 1), (0.6, 1), (0.1, 1), (0.2, 0), (0.99, 0)]
    hint = "Which probability did the truth get? Charge its surprise."
    print(check(my_log_loss, log_loss, inputs, slips, hint))


# ---- 04 · One mini-batch by hand ------------------------------------------------------------


def check_cost(my_cost: Any) -> None:
    """Check my_cost(a, y), the mean log loss of two lists."""

    def losses(a: list[float], y: list[int]) -> np.ndarray:
        return np.asarray(log_loss(a, y))

    def split(a: list[float], y: list[int]) -> tuple[float, float]:
        ones = np.asarray(y) == 1
        return float(losses(a, y)[ones].sum()), float(losses(a, y)[~ones].sum())

    slips = {
        "That is the sum; the cost is the mean": lambda a, y: losses(a, y).sum(),
        "The sign is wrong: a cost is never negative": lambda a, y: -losses(a, y).mean(),
        "That is half of it: you divided by 2m": lambda a, y: losses(a, y).mean() / 2,
        "A bracket is misplaced: only the second term is divided by m": lambda a, y: (
            split(a, y)[0] + split(a, y)[1] / len(y)
        ),
        "A bracket is misplaced: only the first term is divided by m": lambda a, y: (
            split(a, y)[0] / len(y) + split(a, y)[1]
        ),
        "The minus is missing on the second term": lambda a, y: (
            (split(a, y)[0] - split(a, y)[1]) / len(y)
        ),
        "That is to the base 10": lambda a, y: losses(a, y).mean() / math.log(10),
        "That is to the base 2": lambda a, y: losses(a, y).mean() / math.log(2),
        "The labels are flipped, or the branches swapped": lambda a, y: losses(
            a, [1 - label for label in y]
        ).mean(),
        "That charges −log a also where y = 0": lambda a, y: losses(a, [1] * len(y)).mean(),
        "That is the mean squared error": lambda a, y: np.mean(
            (np.asarray(a) - np.asarray(y)) ** 2
        ),
        "That is the likelihood, the product": lambda a, y: np.exp(-losses(a, y).sum()),
        "That divides by 3 whatever the size of the batch": lambda a, y: losses(a, y).sum() / 3,
        "That is the loss of the last sample": lambda a, y: losses(a, y)[-1],
        "That is the loss of the last sample, divided by m": lambda a, y: losses(a, y)[-1] / len(y),
    }
    inputs = [
        ([0.9, 0.6, 0.2], [1, 1, 0]),
        ([0.3, 0.8], [0, 1]),
        ([0.7, 0.4, 0.5, 0.1], [0, 1, 1, 0]),
    ]
    hint = "One loss for each sample, then their mean."
    print(check(my_cost, mean_log_loss, inputs, slips, hint))


# ---- 05 · The gradient ----------------------------------------------------------------------


def check_gradient(my_gradient: Any) -> None:
    """Check my_gradient(x, a, y), which returns (dw, db) for one sample with one feature."""
    slips = {
        "The sign is turned: the error is a − y": lambda x, a, y: ((y - a) * x, y - a),
        "The factor x is missing": lambda x, a, y: (a - y, a - y),
        "x belongs to dw alone": lambda x, a, y: ((a - y) * x, (a - y) * x),
        "dw and db have changed places": lambda x, a, y: (a - y, (a - y) * x),
        "That is the gradient of half the squared error": lambda x, a, y: (
            (a - y) * a * (1 - a) * x,
            (a - y) * a * (1 - a),
        ),
        "You stopped at ∂L/∂a: the sigmoid's slope is missing": lambda x, a, y: (
            (a - y) / (a * (1 - a)) * x,
            (a - y) / (a * (1 - a)),
        ),
        "The label stands inside with x: a bracket is misplaced": lambda x, a, y: (
            a * (x - y),
            a - y,
        ),
    }
    inputs = [(2.0, 0.9, 1), (1.0, 0.6, 1), (0.0, 0.2, 0), (-3.0, 0.7, 0), (2.0, 0.01, 1)]
    hint = "The error a − y, times what z has beside each parameter."
    print(check(my_gradient, lambda x, a, y: ((a - y) * x, a - y), inputs, slips, hint))


# ---- 06 · One update step -------------------------------------------------------------------


def check_step(my_step: Any) -> None:
    """Check my_step(w, b, x, y, eta), which returns the new (w, b); one feature."""

    def step(w: float, b: float, x: float, y: int, eta: float) -> tuple[float, float]:
        error = sigmoid(w * x + b) - y
        return w - eta * error * x, b - eta * error

    def uphill(w: float, b: float, x: float, y: int, eta: float) -> tuple[float, float]:
        return step(w, b, x, y, -eta)

    def bias_first(w: float, b: float, x: float, y: int, eta: float) -> tuple[float, float]:
        new_b = step(w, b, x, y, eta)[1]
        return step(w, new_b, x, y, eta)[0], new_b

    def weight_first(w: float, b: float, x: float, y: int, eta: float) -> tuple[float, float]:
        new_w = step(w, b, x, y, eta)[0]
        return new_w, step(new_w, b, x, y, eta)[1]

    def no_x(w: float, b: float, x: float, y: int, eta: float) -> tuple[float, float]:
        error = sigmoid(w * x + b) - y
        return w - eta * error, b - eta * error

    def squared(w: float, b: float, x: float, y: int, eta: float) -> tuple[float, float]:
        z = w * x + b
        slope = (sigmoid(z) - y) * dsigmoid_dz(z)
        return w - eta * slope * x, b - eta * slope

    slips = {
        "The step goes uphill: subtract the gradient": uphill,
        "The new b was used for w: compute both from the old numbers": bias_first,
        "The new w was used for b: compute both from the old numbers": weight_first,
        "The factor x is missing": no_x,
        "The bias was left as it was": lambda w, b, *rest: (step(w, b, *rest)[0], b),
        "The learning rate is missing": lambda w, b, x, y, eta: step(w, b, x, y, 1),
        "That is the gradient of half the squared error": squared,
        "The prediction is missing: a = σ(wx + b), not the score": lambda w, b, x, y, eta: (
            w - eta * (w * x + b - y) * x,
            b - eta * (w * x + b - y),
        ),
    }
    inputs = [(0.0, 0.0, 2.0, 1, 0.1), (0.5, -1.0, 3.0, 0, 0.5), (-1.0, 0.3, 0.5, 1, 2.0)]
    hint = "First a, then the error, then one step for each parameter."
    print(check(my_step, step, inputs, slips, hint))
