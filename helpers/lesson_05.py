"""Lesson 05 · The gradient: what its notebook shows, asks and checks, in its order."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon
from matplotlib.text import Annotation

from .engine import drawing as pen
from .engine.boxes import AnswerBox, another
from .engine.checking import check
from .engine.explorer import Explorer, buttons, stops
from .language import say
from .logistic import dloss_da, dloss_dz, dsigmoid_dz, log_loss, log_loss_from_logit, logit, sigmoid
from .palette import COLOURS, SLOPE, TEAL

NUDGES = "Δz", "Δa", "ΔL"  # Δz is 1, along the tangents, where every nudge is a small one
INKS = pen.GREY, TEAL, SLOPE  # of z, a and L
HALF = [0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5]
Z_STOPS = [float(logit(a)) for a in sorted({*HALF, *(round(1 - a, 2) for a in HALF)})]

# The picture's places, in points from its lower left corner.
SIZE = 72 * pen.WIDTH, 195
LEFT, LENGTH = 22, 140  # of the number lines
FEET = {"z": 166, "a": 109, "L": 52}
MIDDLE, UNIT = 218, 34  # where the long arrows begin, and how long one Δz is
BRACKET = 256
WAY = 12  # above the number lines, the arrows that say which way


@pen.house_style()
def explore_gradient() -> Explorer:
    """Slide z, choose y: a nudge of z moves a, and that moves L; two gears say how far.

    Above each dot a short arrow says which way; only those at the right have lengths to compare.
    """
    ground = pen.new_ground((0, SIZE[0]), (0, SIZE[1]))
    _draw_what_stays(ground)
    scales = ((-5, 6), (-4, 0, 4)), ((0, 1), (0, 0.5, 1)), ((0, 6), (0, 2, 4, 6))
    lines = [_number_line(ground, name, *scale) for name, scale in zip(FEET, scales)]
    gap = pen.line(lines[1], linewidth=3.5, clip_on=False)
    ways = [_draw_arrow(line, colour) for line, colour in zip(lines, INKS)]
    compared = [_draw_arrow(ground, colour) for colour in INKS]
    lengths = [pen.text(ground, colour=colour, ha="center") for colour in INKS]
    gears = [
        ground.fill([0, 1, 1], [0, 0, 1], fc="#E9EDF1", ec=pen.GREY, lw=1)[0] for _ in range(2)
    ]
    dots = [pen.dot(line) for line in lines]
    truth = pen.dot(lines[1], markersize=13, markerfacecolor="none", markeredgewidth=1.8)
    numbers = [pen.text(ground, weight="bold") for _ in gears]
    bracket = pen.text(ground, colour=SLOPE, fontsize=11.5, weight="bold", ha="center")
    product = pen.text(ground, colour=SLOPE, fontsize=13, weight="bold", ha="center")

    def draw(z: float, y: int) -> str:
        a, loss = sigmoid(z), log_loss_from_logit(z, y)
        slopes = dsigmoid_dz(z), dloss_da(a, y), dloss_dz(a, y)
        first, second, both = slopes
        nudges = 1, first, both
        for line, dot, arrow, at, nudge in zip(lines, dots, ways, (z, a, loss), nudges):
            point = np.ptp(line.get_xlim()) / LENGTH
            half = np.sign(nudge) * 6 * point
            pen.place(dot, (at, 0))
            _put_arrow(arrow, at - half, 2 * half, WAY, point)
        rows = zip(compared, lengths, NUDGES, nudges, FEET.values())
        for arrow, label, name, nudge, foot in rows:
            _put_arrow(arrow, MIDDLE, UNIT * nudge, foot, 1)
            pen.write(label, f"{name} = {pen.shortest(nudge)}", MIDDLE, foot + 12)
        pen.place(gap, (y, 0), (a, 0))
        gap.set_color(COLOURS[y])
        pen.place(truth, (y, 0))
        truth.set_markeredgecolor(COLOURS[y])
        for gear, slope, foot in zip(gears, slopes, (FEET["a"], FEET["L"])):
            _put_gear(gear, slope, foot + 28)
        _write_slopes([*numbers, bracket], slopes)
        pen.write(product, f"{_product(slopes)} = {pen.shortest(a)} − {y}", SIZE[0] / 2, 12)
        return say(
            "Score z = {z:.3f}, prediction a = {a:.2f}, truth y = {y}, loss L = {loss:.3f}. "
            "Slopes: ∂a/∂z = {first:.4g}, ∂L/∂a = {second:.4g}, ∂L/∂z = {both:.4g}.",
            z=z, a=a, y=y, loss=loss, first=first, second=second, both=both,
        )  # fmt: skip

    moving = {
        "dots": dots, "ways": ways, "compared": compared, "lengths": lengths, "gears": gears,
        "numbers": numbers, "bracket": bracket, "product": product, "gap": gap, "truth": truth,
    }  # fmt: skip
    slider = stops([(pen.decimal(z), z) for z in Z_STOPS], logit(0.6))
    return Explorer(ground.figure, moving, draw, z=slider, y=buttons([1, 0], 1))


def _draw_what_stays(ground: Axes) -> None:
    """Name the gears' slopes; draw where the long arrows begin, ±1 Δz, and the bracket."""
    top, bottom = FEET["z"], FEET["L"]
    for foot, colour in zip(FEET.values(), INKS):
        pen.dot(ground, colour, MIDDLE, foot, markersize=4)  # an arrow may be too short to see
        for x, style in ((MIDDLE, "-"), (MIDDLE - UNIT, ":"), (MIDDLE + UNIT, ":")):
            pen.line(ground, [x, x], [foot - 9, foot + 9], pen.GREY, style, linewidth=1)
    for x, number in ((MIDDLE - UNIT, "−1"), (MIDDLE, "0"), (MIDDLE + UNIT, "1")):
        pen.text(ground, number, x, bottom - 20, colour=pen.GREY, ha="center")
    end = BRACKET + 6
    pen.line(ground, [BRACKET, end, end, BRACKET], [top, top, bottom, bottom], SLOPE)
    pen.text(ground, "∂L/∂z", 297, FEET["a"] - 20, colour=SLOPE, ha="center")
    for name, foot in (("∂a/∂z", FEET["a"]), ("∂L/∂a", FEET["L"])):
        pen.text(ground, name, 166, foot + 24, colour=pen.GREY, ha="right")


def _number_line(ground: Axes, name: str, limits: tuple, ticks: Sequence[float]) -> Axes:
    """A number line at its foot; on it, heights are points."""
    width, height = SIZE
    where = (LEFT / width, FEET[name] / height, LENGTH / width, 16 / height)
    axes = ground.figure.add_axes(where, xlim=limits, ylim=(0, 16), yticks=[])
    axes.set_xticks(ticks, [pen.shortest(tick) for tick in ticks])
    axes.tick_params(pad=3)
    axes.spines[["top", "left", "right"]].set_visible(False)
    axes.patch.set_visible(False)
    axes.text(-12 / LENGTH, 0, name, fontsize=13, ha="right", va="center", transform=axes.transAxes)
    return axes


def _draw_arrow(axes: Axes, colour: str) -> Polygon:
    return axes.fill([0, 1, 1], [0, 0, 1], fc=colour, ec=colour, lw=0.5, clip_on=False)[0]


def _put_arrow(arrow: Polygon, start: float, length: float, height: float, point: float) -> None:
    """Lay an arrow from `start`; `point` is how much of x a point is wide. A short one is slim."""
    tip, long = start + length, min(8 * point, abs(length))
    neck, half = tip - np.sign(length) * long, 4.5 * long / (8 * point)
    shaft = min(1.5, half)
    heights = np.array([-shaft, -shaft, -half, 0, half, shaft, shaft])
    x = [start, neck, neck, tip, neck, neck, start]
    arrow.set_xy(np.column_stack([x, height + heights]))


def _put_gear(gear: Polygon, slope: float, height: float) -> None:
    """Draw a gear; the larger the slope in size, the larger the gear: 3 points a factor of 10."""
    radius = 11 + 3 * np.log10(abs(slope))
    turns = np.arange(32) / 32 - 1 / 64
    r = radius * np.tile([0.76, 1, 1, 0.76], 8)
    around = np.column_stack([np.cos(2 * np.pi * turns), np.sin(2 * np.pi * turns)])
    gear.set_xy((42, height) + r[:, None] * around)


def _write_slopes(labels: list[Annotation], slopes: tuple[float, float, float]) -> None:
    """Write each slope where it multiplies: beside its gear, or at the bracket."""
    places = (62, FEET["a"] + 24), (62, FEET["L"] + 24), (297, FEET["a"] - 4)
    for label, slope, where in zip(labels, slopes, places):
        pen.write(label, f"× {_factor(slope)}", *where)


def _product(slopes: tuple[float, float, float]) -> str:
    """Write that two slopes make the third, as rounded as they are shown."""
    first, second, both = slopes
    equals = "=" if np.isclose(second, round(second, 2)) else "≈"  # 1.667 is rounded
    return f"{pen.shortest(first)} × {_factor(second)} {equals} {pen.shortest(both)}"


def _factor(slope: float) -> str:
    """Write a slope as a factor: a negative one needs brackets."""
    return f"({pen.shortest(slope)})" if slope < 0 else pen.shortest(slope)


@another((0.8, 0), (0.15, 1), (0.3, 0), (0.95, 1), (0.92, 0), (0.62, 1), (0.55, 0), (0.04, 1))
def ask_error(a: float = 0.35, y: int = 1) -> AnswerBox:
    question = "The truth is y = {y}, and the model gave it the probability {given}. What is ∂L/∂z?"
    given = a if y == 1 else round(1 - a, 10)
    slips = {
        "{typed} is y − a: the sign is turned. The slope is prediction minus truth.": y - a,
        "{typed} is ∂L/∂a: you stopped before the sigmoid.": dloss_da(a, y),
        "{typed} is the slope of half the squared error.": (a - y) * a * (1 - a),
        "{typed} is the slope of the sigmoid, a(1 − a).": a * (1 - a),
        "{typed} is the loss, not its slope.": log_loss(a, y),
        "{typed} is what the truth got; the rest, with its sign, is the slope.": given,
    }
    hints = [
        "Prediction minus truth; a is the probability of y = 1.",
        "Here a = {a}: subtract the truth, {y}.",
    ]
    praise = "Push z against this sign, and the loss falls."
    return AnswerBox(question, dloss_dz(a, y), slips, hints, praise, a=a, y=y, given=given)


@another(
    ((3, 1), (0.6, 0.2), (1, 0)), ((1, 4), (0.9, 0.3), (0, 1)), ((-2, 3), (0.4, 0.9), (1, 1)),
    ((0.5, 2), (0.1, 0.7), (0, 0)), ((5, 2), (0.95, 0.4), (1, 0)), ((-1, 2), (0.3, 0.6), (0, 1)),
    ((6, 4), (0.7, 0.35), (0, 1)), ((2.5, -3), (0.2, 0.6), (1, 0)),
)  # fmt: skip
def ask_gradient_of_a_batch(
    x: tuple = (2, 1), a: tuple = (0.7, 0.9), y: tuple = (1, 0)
) -> AnswerBox:
    question = (
        "Two samples: x = {x[0]}, a = {a[0]}, y = {y[0]} and x = {x[1]}, a = {a[1]}, y = {y[1]}. "
        "What is the gradient of their cost J?"
    )
    errors = np.subtract(a, y).round(10)
    slopes = np.multiply(a, np.subtract(1, a))
    halves = np.array([x, (1.0, 1.0)]).T / 2  # for the mean; the bias has the feature 1
    right = errors @ halves
    slips = {
        "{typed}: the sign is that of y − a; the gradient has a − y.": -right,
        "{typed}: you have forgotten x.": [errors.mean(), errors.mean()],
        "{typed}: that is the gradient of half the squared error.": errors * slopes @ halves,
        "{typed}: you stopped at ∂L/∂a; the sigmoid's slope is missing.": errors / slopes @ halves,
        "{typed}: those are the sums; take the means.": 2 * right,
    }
    hints = [
        "First a − y for each, then times x for w.",
        "The errors are {errors[0]} and {errors[1]}.",
    ]
    praise = "The slope of a mean is the mean of the slopes."
    fields = ["∂J/∂w", "∂J/∂b"]
    return AnswerBox(question, right, slips, hints, praise, fields, x=x, a=a, y=y, errors=errors)


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


@pen.house_style()
def plot_slopes_over_z() -> pen.Picture:
    """The slope over z of log loss and of half the squared error, over a, for y = 1."""
    a = np.linspace(0, 1, 401)
    axes = pen.new_axes(3.6, "a", "∂L/∂z", width=7, xlim=(-0.02, 1.02), ylim=(-1.12, 0.16))
    axes.axhline(0, color=pen.GREY, linewidth=0.8)
    axes.set_yticks([-1, -0.5, 0], ["−1", "−0.5", "0"])
    pen.line(axes, a, a - 1, SLOPE)
    pen.line(axes, a, (a - 1) * a * (1 - a), pen.GREY, (0, (6, 2)))
    at = 0.01
    full, rival = at - 1, (at - 1) * at * (1 - at)
    pen.line(axes, [at, at], [full, rival], pen.GREY, ":", linewidth=1.2)
    pen.point(axes, at, full, pen.decimal(full, 2), (12, -8), SLOPE)
    pen.point(axes, at, rival, pen.decimal(rival, 4), (10, 6), pen.GREY)
    pen.text(axes, "a − y", 0.5, -0.5, (14, -10), SLOPE)
    pen.text(axes, "(a − y) · a(1 − a)", 0.5, -0.125, (0, -22), pen.GREY, ha="center")
    alt = say(
        "Two slopes over z for y = 1, over a. The slope of log loss is a straight line from −1 at "
        "a = 0 to 0 at a = 1. The slope of half the squared error is 0 at both ends. At "
        "a = {at:.2f} the first is {full:.2f}, the second {rival:.4f}.",
        at=at, full=full, rival=rival,
    )  # fmt: skip
    return pen.Picture(axes.figure, alt)


@another((0.25, 1), (0.9, 0), (0.8, 1), (0.96, 0), (0.4, 1), (0.3, 0), (0.05, 1), (0.35, 0))
def ask_dloss_da(a: float = 0.6, y: int = 0) -> AnswerBox:
    question = "A model says a = {a}, and the truth is y = {y}. What is ∂L/∂a of log loss?"
    right = dloss_da(a, y)
    slips = {
        "{typed} is the slope for the other label; the truth is {y}.": dloss_da(a, 1 - y),
        "{typed} has the wrong sign: the loss falls as a moves towards the truth.": -right,
        "{typed} is the slope over z, a − y; here the slope over a is asked.": dloss_dz(a, y),
        "{typed} is the slope of the sigmoid, a(1 − a).": a * (1 - a),
        "{typed} is the loss, not its slope.": log_loss(a, y),
    }
    hints = ["It is the error a − y, divided by a(1 − a).", "Divide {error} by {slope}."]
    praise = "Times the sigmoid's slope, {slope}, that is a − y."
    error, slope = round(a - y, 10), round(a * (1 - a), 10)
    return AnswerBox(question, right, slips, hints, praise, a=a, y=y, error=error, slope=slope)
