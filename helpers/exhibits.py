"""The exhibits of notebook 07: short pieces of code, most with a bug that was once published.

The code is ours; the bugs are those that readers of well-known public material reported.
`exhibit(n)` shows a piece and lets the learner expose it; `check_repair(n, function)` judges
the repair. The functions must not be corrected.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from .engine import checking as exercises
from .engine.boxes import Exhibit
from .logistic import dsigmoid_dz, log_loss, log_loss_from_logit, mean_log_loss, sigmoid


def loss(a, y):
    if y == 1:
        return -np.log(1 - a)
    return -np.log(a)


def charge(a, y):
    p = a if y == 1 else 1 - a
    return np.log(1 / p)


def one_line_loss(a, y):
    return -y * np.log(a) + (1 - y) * np.log(1 - a)


def cost(a, y_1, y_2):
    y, n = np.array([y_1, y_2]), 2
    return -np.sum(y * np.log(a)) - np.sum((1 - y) * np.log(1 - a)) / n


def slope(z):
    a = sigmoid(z)
    return 1 - a


def new_weight(a, y):
    w, x, eta = 0.5, 2, 0.1
    return w + eta * (y - a) * x


def error(x, y):
    w, b = 1, 0
    return sigmoid(w * (x - y) + b)


def surprise(p):
    return -np.log10(p)  # in nats, as everywhere in the text


def weight_after_step(b, eta):
    w, x, y = 0.5, 2, 1
    b = b - eta * (sigmoid(w * x + b) - y)
    return w - eta * (sigmoid(w * x + b) - y) * x


def safe_loss(z, y):
    if z > 20:  # e**z is huge: keep away from it
        return (1 - y) * z
    return np.log(1 + np.exp(z)) - y * z


def says_yes(z):
    return int(z > 0.5)


def _right_weight(b: float, eta: float) -> float:
    return 0.5 - eta * (sigmoid(0.5 * 2 + b) - 1) * 2


TENTHS = tuple(k / 10 for k in range(1, 10))
SCORES = tuple(range(-12, 13))

# The code, what it should return, where it comes from, a hint, the stops of its inputs.
EXHIBITS: dict[int, tuple[Callable[..., float], Callable[..., float], str, str, dict[str, Any]]] = {
    1: (
        loss, log_loss,
        "The branches are swapped, as in a textbook whose readers reported it five times in 18 "
        "months: fastai/fastbook, PR 349, 396, 480, 515, issue 403.",
        "Try a prediction that is nearly right. Is it cheap?",
        {"a": TENTHS, "y": (0, 1)},
    ),
    2: (
        charge, log_loss,
        "The logarithm of 1/p is −log p, so the minus is there after all.",
        "",
        {"a": TENTHS, "y": (0, 1)},
    ),
    3: (
        one_line_loss, log_loss,
        "The minus reaches the first term only; reported for a machine-learning book: "
        "rasbt/machine-learning-book, issue 239.",
        "Make sure that each of the two terms is switched on once.",
        {"a": TENTHS, "y": (0, 1)},
    ),
    4: (
        cost, lambda a, y_1, y_2: mean_log_loss([a, a], [y_1, y_2]),
        "Only the last term is divided by n: a bracket is missing. Reported as "
        "rasbt/machine-learning-book, PR 104 and 241.",
        "Does the cost stay the same when both labels turn from 0 to 1 and a is 0.5?",
        {"a": TENTHS, "y_1": (0, 1), "y_2": (0, 1)},
    ),
    5: (
        slope, dsigmoid_dz,
        "The factor a is missing; reported as schneider128k/machine_learning_course, issue 1.",
        "Where is the sigmoid flat? What does this code say there?",
        {"z": SCORES},
    ),
    6: (
        new_weight, lambda a, y: 0.5 - 0.1 * (a - y) * 2,
        "Adding η(y − a)x is subtracting η(a − y)x: two turned signs.",
        "",
        {"a": TENTHS, "y": (0, 1)},
    ),
    7: (
        error, lambda x, y: sigmoid(x) - y,
        "h(x − y) stands for h(x) − y; reported as ysh329/Chinese-UFLDL-Tutorial, issue 29.",
        "An error can be negative. Can this one?",
        {"x": tuple(range(-4, 5)), "y": (0, 1)},
    ),
    8: (
        surprise, lambda p: log_loss(p, 1),
        "That is the base 10, so the results are digits and not nats; a base-10 logarithm stands "
        "beside natural-log code in the maximum-likelihood chapter of d2l-ai/d2l-en.",
        "You know the surprise of one coin toss in nats.",
        {"p": (*TENTHS, 1)},
    ),
    9: (
        weight_after_step, _right_weight,
        "The bias is updated first, and its new value is used in the gradient for w; so it stood "
        "in aws-samples/aws-mlu-explain. A small learning rate hides it.",
        "Take a long step.",
        {"b": tuple(range(-4, 3)), "eta": (0, 0.0001, 0.1, 0.5, 1, 2)},
    ),
    10: (
        safe_loss, log_loss_from_logit,
        "For y = 1 it returns exactly 0, and the truth is small but not 0; so it stood in the labs "
        "of the Machine Learning Specialization.",
        "Look at each side of the branch, for both labels.",
        {"z": tuple(range(-10, 41, 5)), "y": (0, 1)},
    ),
    11: (
        says_yes, lambda z: int(sigmoid(z) > 0.5),
        "The threshold of a probability, 0.5, is compared with a logit, whose threshold is 0; "
        "found in marimo-team/learn, logistic regression.",
        "At which z is the probability 0.5?",
        {"z": tuple(k / 4 for k in range(-8, 9))},
    ),
}  # fmt: skip


def exhibit(number: int, **wording: Any) -> Exhibit:
    """Show one exhibit, with controls to expose it."""
    code, right, source, hint, stops = EXHIBITS[number]
    return Exhibit(
        **({"code": code, "right": right, "source": source, "hint": hint} | wording), **stops
    )


# What check_repair says. A translation changes these.
PHRASES = {
    "same": "Exhibit {number}: this still says the same as the exhibit above.",
    "right": "Exhibit {number}: right at all {count} inputs.",
    "no function": "Exhibit {number}: give the check the function itself, without brackets.",
    "wrong": "Exhibit {number}: not yet. {call} gave {saw}, and that is not right.",
}


def check_repair(number: int, repaired: Any) -> None:
    """Say whether the learner's function is right at every input of the exhibit."""
    code, right, _, _, stops = EXHIBITS[number]
    if not callable(repaired):
        print(PHRASES["no function"].format(number=number))
        return
    inputs = list(itertools.product(*stops.values()))
    results, published, expected = (
        [exercises.call(function, values) for values in inputs]
        for function in (repaired, code, right)
    )
    wrong = [k for k, pair in enumerate(zip(results, expected)) if not _agree(*pair)]
    if all(map(_agree, results, published)):
        print(PHRASES["same"].format(number=number))
    elif not wrong:
        print(PHRASES["right"].format(number=number, count=len(inputs)))
    else:
        values = ", ".join(f"{name}={value:g}" for name, value in zip(stops, inputs[wrong[0]]))
        said = {"call": f"{code.__name__}({values})", "saw": _short(results[wrong[0]])}
        print(PHRASES["wrong"].format(number=number, **said))


def _agree(one: Any, two: Any) -> bool:
    """Alike to four digits, whatever the size: a true loss of 1.4e-11 is not taken for 0."""
    if isinstance(one, (bool, np.bool_)):  # True is as good an answer as 1
        one = int(one)
    one, two = exercises.real_numbers(one), exercises.real_numbers(two)
    if one is None or two is None or len(one) != len(two):
        return False
    return bool(np.allclose(one, two, rtol=1e-4, atol=1e-300, equal_nan=True))


def _short(value: Any) -> str:
    """Write a value on one line; unlike exercises.short, a tiny number is not written as 0."""
    return f"{value + 0.0:.6g}" if isinstance(value, float) else exercises.short(value)
