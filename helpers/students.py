"""The twenty students, and how they are drawn: in lessons 02, 04, 06 and 08."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from .engine import drawing as pen
from .logistic import log_loss_from_logit, sigmoid
from .palette import COLOURS

# Twenty students: hours of study, and who passed the exam (1) or not (0). The example in the
# English Wikipedia article "Logistic regression".
HOURS = np.array(
    [0.50, 0.75, 1.00, 1.25, 1.50, 1.75, 1.75, 2.00, 2.25, 2.50]
    + [2.75, 3.00, 3.25, 3.50, 4.00, 4.25, 4.50, 4.75, 5.00, 5.50]
)
PASSED = np.array([0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1])
LOWEST = 1.5046, -4.0777  # the published fit of the students


def scores(w: float | np.ndarray, b: float | np.ndarray) -> np.ndarray:
    """z of each student, along the last axis, for each w and b."""
    return np.multiply.outer(w, HOURS) + np.asarray(b)[..., None]


def students_cost(w: float | np.ndarray, b: float | np.ndarray) -> np.ndarray:
    """J(w, b) of the twenty students."""
    return log_loss_from_logit(scores(w, b), PASSED).mean(-1)


def total_length(w: float | np.ndarray, b: float | np.ndarray) -> np.ndarray:
    """Sum of |a − y| over the twenty students: how long the lines to the S-curve are together.

    >>> print(f"{total_length(0.2, -0.5):.2f}")
    9.00
    """
    return np.abs(sigmoid(scores(w, b)) - PASSED).sum(-1)


def draw_students(axes: Axes) -> dict[str, Any]:
    """The students as dots at 1 and 0; return the curve, and gaps, lines to it from the dots."""
    axes.set(xlabel="x (h)", xlim=(0, 6), ylim=(-0.08, 1.08), yticks=(0, 0.5, 1))
    pen.name_y_axis(axes, "a")
    x = np.linspace(0, 6, 61)
    gaps = [pen.line(axes, colour=COLOURS[y], linewidth=1) for y in PASSED]
    curve = pen.line(axes, x, x, linewidth=2.6)
    for y, marker in ((1, "o"), (0, "s")):
        these = PASSED == y
        axes.plot(HOURS[these], PASSED[these], marker, color=COLOURS[y], zorder=5)
        pen.text(axes, f"y = {y}", 6, y, (8, -4), COLOURS[y])
    return {"curve": curve, "gaps": gaps}


def put_students(drawn: dict[str, Any], w: float, b: float) -> None:
    curve = drawn["curve"]
    curve.set_ydata(sigmoid(np.multiply(w, curve.get_xdata()) + b))
    for gap, hours, y, a in zip(drawn["gaps"], HOURS, PASSED, sigmoid(scores(w, b))):
        pen.place(gap, (hours, y), (hours, a))
