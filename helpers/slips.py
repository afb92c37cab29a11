"""Wrong answers that learners give again and again, worked out by the slip that leads to each.

Each function returns the right answer and its slips: what is said, with {typed} for what was
typed, and the wrong answer of which it is said.
"""

from typing import Any

import numpy as np

from .logistic import Array, dloss_da, log_loss, mean_log_loss, parameter_gradient, update_step


def of_a_loss(a: float, y: int) -> tuple[float, dict[str, float]]:
    """The loss of a prediction, and what people get instead."""
    loss, given = log_loss(a, y), a if y else 1 - a
    return loss, {
        "{typed} charges for the label that did not happen.": log_loss(a, 1 - y),
        "{typed} is the logarithm itself; the loss has a minus in front.": -loss,
        "{typed} is to the base 10.": -np.log10(given),
        "{typed} is to the base 2.": -np.log2(given),
        "{typed} is the squared error.": (a - y) ** 2,
        "{typed} is what the truth got; charge its surprise.": given,
        "{typed} is what the other label got; the truth got the rest.": 1 - given,
    }


def of_a_cost(a: Array, y: Array) -> tuple[float, dict[str, float]]:
    """The mean log loss of a batch, and what people get instead."""
    losses, given = log_loss(a, y), np.where(y == 1, a, 1 - a)
    ones, zeros = losses[y == 1].sum(), losses[y == 0].sum()
    return mean_log_loss(a, y), {
        "{typed} is the sum; the cost is the mean.": losses.sum(),
        "{typed} is to the base 10; use the natural logarithm.": -np.log10(given).mean(),
        "{typed} is to the base 2; use the natural logarithm.": -np.log2(given).mean(),
        "{typed} is divided by 2m, a habit from squared error.": losses.mean() / 2,
        "{typed} is the mean squared error.": np.mean((a - y) ** 2),
        "{typed} comes from flipped labels, or swapped branches.": mean_log_loss(a, 1 - y),
        "{typed} has −log a for every sample, also where y = 0.": mean_log_loss(a, np.ones(a.size)),
        "{typed} divides only the second term by m: a misplaced bracket.": ones + zeros / a.size,
        "{typed} has lost the minus on the second term.": (ones - zeros) / a.size,
        "{typed} is the likelihood, the product; take −log and divide by m.": given.prod(),
        "{typed} has the wrong sign: a cost is never negative.": -losses.mean(),
    }


def of_a_gradient(x: Array, a: Array, y: Array) -> tuple[Array, dict[str, Array]]:
    """The gradient of a batch for w, and what people get instead."""
    m = len(a)
    return parameter_gradient(x, a, y)[0], {
        "{typed}: the sign is that of y − a; the gradient has a − y.": (y - a) @ x / m,
        "{typed}: you have forgotten x.": np.full(x.shape[1], np.mean(a - y)),
        "{typed}: that is the gradient of half the squared error.": (a - y) * a * (1 - a) @ x / m,
        "{typed}: you stopped at ∂L/∂a; the sigmoid's slope is missing.": dloss_da(a, y) @ x / m,
    }


def of_a_step(w: Any, x: Any, a: float, y: int, rate: float) -> tuple[Any, dict[str, Any]]:
    """The new weight or weights, and what people get instead."""
    dw = (a - y) * x
    return update_step(w, 0, dw, 0, rate)[0], {
        "{typed}: that went uphill; the step goes against the gradient.": w + rate * dw,
        "{typed}: you have forgotten x.": w - rate * (a - y),
        "{typed}: you have forgotten the learning rate.": w - dw,
        "{typed}: that is the gradient; take η times it from w.": dw,
        "{typed}: that is the change; add it to w.": -rate * dw,
        "{typed}: that is half the squared error's gradient.": w - rate * dw * a * (1 - a),
        "{typed}: you stopped at ∂L/∂a on the road back.": w - rate * dloss_da(a, y) * x,
    }
