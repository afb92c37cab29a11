"""Still pictures, one function each. They hold symbols, digits and units; words are in the alt."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator

from .engine.drawing import (
    COLOURS,
    GREY,
    LINES,
    SLOPE,
    Picture,
    decimal,
    draw_line,
    draw_point,
    draw_text,
    new_axes,
    new_pair,
)
from .language import say
from .logistic import dloss_dz, log_loss, log_loss_from_logit, logit, sigmoid

# Twenty students: hours of study, and who passed the exam (1) or not (0). The example in the
# English Wikipedia article "Logistic regression".
HOURS = np.array(
    [0.50, 0.75, 1.00, 1.25, 1.50, 1.75, 1.75, 2.00, 2.25, 2.50]
    + [2.75, 3.00, 3.25, 3.50, 4.00, 4.25, 4.50, 4.75, 5.00, 5.50]
)
PASSED = np.array([0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1])


def show(figure: Figure, alt: str) -> Picture:
    """Show a figure of your own in a notebook as a picture that can also be read aloud.

    `alt` says what there is to see, with its numbers, for somebody who cannot see it.

    >>> show(Figure(), alt="Nothing yet.")
    Picture
    """
    if not isinstance(figure, Figure):
        kind = type(figure).__name__
        raise TypeError(say("figure must be a matplotlib Figure: received {kind}", kind=kind))
    if not isinstance(alt, str) or not alt.strip():
        rule = say("alt must say in words what there is to see: received {alt}", alt=repr(alt))
        raise ValueError(rule)
    return Picture(figure, alt)


# --- 01 Logarithms -----------------------------------------------------------------------------


def plot_linear_and_log(values: Sequence[float], unit: str = "") -> Picture:
    """The same values, in numbered rows, on a linear axis and on a logarithmic one."""
    if len(values) == 0 or min(values) <= 0:
        raise ValueError(say("values must be positive: received {values}", values=list(values)))
    linear, logarithmic = new_pair(0.36 * len(values) + 1.0, sharey=True)
    for axes in (linear, logarithmic):
        axes.plot(values, range(len(values)), "o", color="black", clip_on=False, zorder=5)
        axes.set_yticks(range(len(values)), range(1, len(values) + 1))
        axes.set_xlabel(unit)
        axes.grid(axis="y", color="#DDDDDD")
    linear.set_xlim(left=0)
    logarithmic.set_xscale("log")
    logarithmic.xaxis.set_major_locator(LogLocator(numticks=99))
    alt = say(
        "{count} values from {least} to {most}, as points on two axes. On the linear axis "
        "{crowd} of them lie within a fiftieth of its length from zero; on the logarithmic axis "
        "equal factors are equally long, and all stand apart.",
        count=len(values),
        least=np.format_float_positional(min(values), trim="-"),
        most=np.format_float_positional(max(values), trim="-"),
        crowd=int(np.sum(np.asarray(values) < max(values) / 50)),
    )
    return Picture(linear.figure, alt)


# --- 03 Log loss -------------------------------------------------------------------------------


def plot_honesty(rate: float = 0.3) -> Picture:
    """The expected loss of saying a, where the truth is 1 with probability `rate`."""
    a = sigmoid(np.linspace(-12, 12, 601))
    expected = rate * log_loss(a, 1) + (1 - rate) * log_loss(a, 0)
    least = rate * log_loss(rate, 1) + (1 - rate) * log_loss(rate, 0)
    name = f"−{rate:g} log a − {1 - rate:g} log(1 − a)"
    axes = new_axes(3.2, "a", name, xlim=(-0.02, 1.02), ylim=(0, 3))
    draw_line(axes, a, expected)
    axes.plot([rate, rate], [0, least], ":", color=GREY, linewidth=1.6)
    draw_point(axes, rate, least, f"a = {rate:g}: {decimal(least)}", (0, 12), ha="center")
    alt = say(
        "The expected loss over the prediction a is a valley: lowest at a = {rate:g}, where it is "
        "{least:.3f}, and without bound towards a = 0 and a = 1.",
        rate=rate,
        least=least,
    )
    return Picture(axes.figure, alt)


def plot_loss_from_logit() -> Picture:
    """Log loss over the logit z for both labels, with the straight lines −z and z."""
    z = np.linspace(-6, 6, 401)
    axes = new_axes(3.6, "z", "L", xlim=(-6, 6), ylim=(-0.15, 6.2))
    for y in (1, 0):
        wrong = z[z <= 0] if y == 1 else z[z >= 0]
        draw_line(axes, wrong, np.abs(wrong), GREY, ":", linewidth=1.6)
        draw_line(axes, z, log_loss_from_logit(z, y), COLOURS[y], LINES[y])
    draw_text(axes, "y = 1: log(1 + e⁻ᶻ)", -4.3, 5.2, (0, 0), COLOURS[1])
    draw_text(axes, "y = 0: log(1 + eᶻ)", 4.3, 5.2, (0, 0), COLOURS[0], ha="right")
    draw_text(axes, "−z", -2.5, 2.5, (-22, -14), GREY)
    draw_text(axes, "z", 2.5, 2.5, (14, -14), GREY)
    draw_point(axes, 0, log_loss_from_logit(0, 1), decimal(np.log(2)), (0, 20), ha="center")
    alt = say(
        "Two mirrored curves of the loss over z cross at z = 0, L = {middle:.3f}. Where the model "
        "is confidently wrong each runs along a straight line, −z for y = 1 and z for y = 0.",
        middle=np.log(2),
    )
    return Picture(axes.figure, alt)


# --- 05 Gradient -------------------------------------------------------------------------------


def plot_slopes_over_z() -> Picture:
    """The slope over z of log loss and of half the squared error, over a, for y = 1."""
    a = np.linspace(0, 1, 401)
    axes = new_axes(3.6, "a", "∂L/∂z", xlim=(-0.02, 1.02), ylim=(-1.12, 0.16))
    axes.axhline(0, color=GREY, linewidth=0.8)
    axes.set_yticks([-1, -0.5, 0], ["−1", "−0.5", "0"])
    draw_line(axes, a, a - 1, SLOPE)
    draw_line(axes, a, (a - 1) * a * (1 - a), GREY, (0, (6, 2)))
    at = 0.01
    full, rival = at - 1, (at - 1) * at * (1 - at)
    draw_line(axes, [at, at], [full, rival], GREY, ":", linewidth=1.2)
    draw_point(axes, at, full, decimal(full, 2), (12, -8), SLOPE)
    draw_point(axes, at, rival, decimal(rival, 4), (10, 6), GREY)
    draw_text(axes, "a − y", 0.5, -0.5, (14, -10), SLOPE)
    draw_text(axes, "(a − y) · a(1 − a)", 0.5, -0.125, (0, -22), GREY, ha="center")
    alt = say(
        "Two slopes over z for y = 1, over a. The slope of log loss is a straight line from −1 at "
        "a = 0 to 0 at a = 1. The slope of half the squared error is 0 at both ends. At "
        "a = {at:.2f} the first is {full:.2f}, the second {rival:.4f}.",
        at=at,
        full=full,
        rival=rival,
    )
    return Picture(axes.figure, alt)


# --- 06 Update step ----------------------------------------------------------------------------


def plot_step() -> Picture:
    """One sample's loss over z from a = 0.3: two steps, and what the tangent promised of each.

    The step of η = 0.1, and the η at which the promise is the whole loss.
    """
    start, slope, squares = logit(0.3), dloss_dz(0.3, 1), 2.94  # 1.4² + 0.7² + 0.7²
    before = log_loss(0.3, 1)
    z = np.linspace(-1.9, 1.9, 301)
    axes = new_axes(4.2, "z", "L", xlim=(z[0], z[-1]), ylim=(-0.25, 2.05))
    axes.axhline(0, color=GREY, linewidth=0.8)
    draw_line(axes, z, log_loss_from_logit(z, 1), COLOURS[1], LINES[1])
    told: dict[str, float] = {}
    for k, rate in enumerate((0.1, before / squares)):
        end = start - rate * slope * 6  # x = [2, 1] and the bias: 4 + 1 + 1
        after, promise = log_loss_from_logit(end, 1), before - rate * squares
        draw_line(axes, [start, end], [before, promise], SLOPE, linewidth=1.6)
        draw_line(axes, [end, end], [promise, after], GREY, ":", linewidth=1.6)
        draw_point(axes, end, promise, decimal(promise), (-10, -14), SLOPE, ha="right")
        draw_point(axes, end, after, f"η = {decimal(rate, 2)}\nL = {decimal(after)}", (9, 4))
        told |= {f"rate{k}": rate, f"promise{k}": promise, f"after{k}": after}
    draw_point(axes, start, before, f"a = 0.300\nL = {decimal(before)}", (9, 4))
    alt = say(
        "The loss curve for y = 1 over z falls and flattens to the right. Its tangent starts at "
        "a = 0.300, L = {before:.3f}. A step with η = {rate0:.2f}: the tangent ends at "
        "{promise0:.3f}, the curve is at {after0:.3f}. A step with η = {rate1:.2f}: the tangent "
        "ends at {promise1:.3f}, the curve is at {after1:.3f}.",
        before=before,
        **told,
    )
    return Picture(axes.figure, alt)
