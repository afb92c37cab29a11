"""Lesson 03 · Log loss: what its notebook shows, asks and checks, in its order."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from .engine import drawing as pen
from .engine.boxes import AnswerBox, another
from .engine.checking import check
from .engine.explorer import Explorer, buttons, stops
from .language import say
from .logistic import log_loss, log_loss_from_logit, sigmoid
from .palette import COLOURS, LINES

show = pen.Picture  # for the pictures that a learner draws
LOSS_TOP = 5.0  # nats: above it the point has left the frame
ABOVE = 5.25  # where an arrow stands for it
PREDICTIONS = (0, 0.01, *(round(k / 20, 2) for k in range(1, 20)), 0.99, 1)


def _loss_axes() -> tuple[Axes, Axes]:
    """The two loss curves, and below them a frame for the bar from 0 to 1 along the same a."""
    curves, bar = pen.new_pair(2.8, 2, sharex=True, height_ratios=[4, 1])
    curves.set(xlim=(-0.03, 1.03), ylim=(-0.12, LOSS_TOP), yticks=range(6))
    curves.tick_params(bottom=False)
    pen.name_y_axis(curves, "L")
    bar.set(ylim=(-0.95, 1), yticks=[], **pen.HALVES)
    bar.spines["left"].set_visible(False)
    pen.text(bar, "a", 0.75, -0.95, (0, -15), ha="center")
    a = np.linspace(0, 1, 2001)
    for y, side in ((1, "left"), (0, "right")):
        pen.line(curves, a, np.minimum(log_loss(a, y), 2 * LOSS_TOP), COLOURS[y], LINES[y])
        pen.text(curves, f"y = {y}", 1 - y, LOSS_TOP, (12 * (2 * y - 1), 4), COLOURS[y], ha=side)
    return curves, bar


def _beside_the_curves(given: float, loss: float) -> tuple[float, float]:
    """Where a label's middle is free of both curves, for y = 1; y = 0 is the mirror image."""
    if given < 0.35:
        return given + 0.19, min(loss, 4.2)
    if given <= 0.5:  # beside the crossing there is no room, above it there is
        return 0.5, 1.35
    return min(given + 0.2, 0.87), max(loss - 0.02, 0.5)


@pen.house_style()
def explore_loss() -> Explorer:
    """Slide a and choose y: the truth's part of the bar is lit, the point stands at its loss."""
    curves, bar = _loss_axes()
    dot, guide = pen.dot(curves, markersize=10), pen.guide(curves)
    label = curves.text(0.5, 0.5, "0", fontsize=12, fontweight="bold", ha="center")
    gone = pen.dot(curves, marker="^", markersize=11)
    parts = {y: bar.add_patch(Rectangle((0, 0), 0.5, 1)) for y in (1, 0)}
    bar.add_patch(Rectangle((0, 0), 1, 1, fill=False, edgecolor=pen.GREY))
    ends = {1: (0, "left", "a"), 0: (1, "right", "1 − a")}
    shares = {y: pen.text(bar, "0", x, -0.15, va="top", ha=ha) for y, (x, ha, _) in ends.items()}
    split = pen.line(bar, linewidth=2)

    def draw(a: float, y: int) -> str:
        loss, given = log_loss(a, y), {1: a, 0: 1 - a}
        seen = min(loss, LOSS_TOP)
        pen.place(dot, (a, seen))
        pen.place(gone, (a, ABOVE))
        pen.place(guide, (a, -0.12), (a, seen))
        pen.place(split, (a, 0), (a, 1.3))
        x, height = _beside_the_curves(given[y], loss)
        label.set(position=(x if y else 1 - x, height), text=f"L = {pen.decimal(loss)}")
        for artist in (dot, label, gone):
            artist.set_color(COLOURS[y])
        dot.set_visible(loss < LOSS_TOP)
        gone.set_visible(loss > LOSS_TOP)
        for truth, part in parts.items():
            fill, ink = (COLOURS[y], COLOURS[y]) if truth == y else ("white", pen.GREY)
            part.set(x=0 if truth else a, width=given[truth], facecolor=fill)
            shares[truth].set(text=f"{ends[truth][2]} = {given[truth]:.2f}", color=ink)
        told = {"a": a, "y": y, "given": given[y], "loss": loss}
        if loss > LOSS_TOP:
            return say("a = {a:.2f}, y = {y}: the truth got nothing; the loss is ∞.", **told)
        return say(
            "a = {a:.2f}, y = {y}: the truth got {given:.2f}; the loss is {loss:.3f}.", **told
        )

    moving = {
        "dot": dot, "guide": guide, "label": label, "gone": gone, "parts": [*parts.values()],
        "shares": [*shares.values()], "split": split,
    }  # fmt: skip
    return Explorer(curves.figure, moving, draw, a=stops(PREDICTIONS, 0.2), y=buttons([1, 0], 1))


@another((0.4, 1), (0.35, 0), (0.12, 1), (0.05, 0), (0.75, 1), (0.92, 0), (0.06, 1), (0.55, 0))
def ask_loss(a: float = 0.85, y: int = 0) -> AnswerBox:
    question = "A model says a = {a:g}, and the truth is y = {y}. What is the loss?"
    loss, given = log_loss(a, y), a if y else 1 - a
    slips = {
        "{typed} charges for the label that did not happen.": log_loss(a, 1 - y),
        "{typed} is the logarithm itself; the loss has a minus in front.": -loss,
        "{typed} is to the base 10.": -np.log10(given),
        "{typed} is to the base 2.": -np.log2(given),
        "{typed} is the squared error.": (a - y) ** 2,
        "{typed} is what the truth got; charge its surprise.": given,
        "{typed} is what the other label got; the truth got the rest.": 1 - given,
    }
    hints = ["Which probability did the truth get?", "Charge the surprise of {given:g}."]
    praise = "The truth got {given:g}."
    return AnswerBox(question, loss, slips, hints, praise, a=a, y=y, given=given)


@another(
    (0.2, 0.65, 0), (0.9, 0.25, 1), (0.5, 0.99, 0), (0.6, 0.02, 1),
    (0.1, 0.5, 0), (0.75, 0.05, 1), (0.3, 0.96, 0), (0.95, 0.65, 1),
)  # fmt: skip
def ask_rise_in_loss(before: float = 0.7, after: float = 0.2, y: int = 1) -> AnswerBox:
    question = (
        "The truth is y = {y}, and a goes from {before:g} to {after:g}. By how much does the "
        "loss rise?"
    )
    high, low = (before, after) if y else (1 - before, 1 - after)
    first, last = log_loss(before, y), log_loss(after, y)
    slips = {
        "{typed} is how far a goes; the loss looks at a ratio.": abs(before - after),
        "{typed} is the ratio; take its logarithm.": high / low,
        "{typed} has the wrong sign: less for the truth costs more.": first - last,
        "{typed} is to the base 10.": np.log10(high / low),
        "{typed} is the loss at {after:g}; subtract the loss at {before:g}.": last,
        "{typed} is the loss at {before:g}; subtract it from that at {after:g}.": first,
        "{typed} looks at the label that did not happen.": np.log((1 - low) / (1 - high)),
    }
    hints = [
        "Work out both losses and subtract.",
        "The truth got {high:g}, then {low:g}. Take the logarithm of the ratio {high:g}/{low:g}.",
    ]
    praise = "It is the logarithm of {high:g}/{low:g}."
    return AnswerBox(
        question, last - first, slips, hints, praise,
        before=before, after=after, y=y, high=high, low=low,
    )  # fmt: skip


@another(0.8, 0.3, 1.2, 2.5, 0.06, 1.7, 0.45, 3)
def ask_truth_given(loss: float = 2) -> AnswerBox:
    question = "A prediction has the loss L = {loss:g}. Which probability did the truth get?"
    right = np.exp(-loss)
    slips = {
        "{typed} is what the other label got.": 1 - right,
        "{typed} is 10 to the power of −{loss:g}; the base is e.": 10**-loss,
        "{typed} is e to the power of {loss:g}; the minus in the exponent is lost.": np.exp(loss),
        "{typed} is log {loss:g}; go backwards, with the exponential.": np.log(loss),
        "{typed} is 1 divided by {loss:g}; a loss is a logarithm.": 1 / loss,
    }
    hints = ["A loss is a logarithm; undo it.", "It is e to the power of −L."]
    praise = "Take −log of it, and you are back at {loss:g}."
    return AnswerBox(question, right, slips, hints, praise, percent=True, loss=loss)


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


@pen.house_style()
def plot_honesty(rate: float = 0.3) -> pen.Picture:
    """The expected loss of saying a, where the truth is 1 with probability `rate`."""
    a = sigmoid(np.linspace(-12, 12, 601))
    expected = rate * log_loss(a, 1) + (1 - rate) * log_loss(a, 0)
    least = rate * log_loss(rate, 1) + (1 - rate) * log_loss(rate, 0)
    name = f"−{rate:g} log a − {1 - rate:g} log(1 − a)"
    axes = pen.new_axes(2.8, "a", name, xlim=(-0.02, 1.02), ylim=(0, 3))
    pen.line(axes, a, expected)
    axes.plot([rate, rate], [0, least], ":", color=pen.GREY, linewidth=1.6)
    pen.point(axes, rate, least, f"a = {rate:g}: {pen.decimal(least)}", (0, 12), ha="center")
    alt = say(
        "The expected loss over the prediction a is a valley: lowest at a = {rate:g}, where it is "
        "{least:.3f}, and without bound towards a = 0 and a = 1.",
        rate=rate, least=least,
    )  # fmt: skip
    return pen.Picture(axes.figure, alt)


@pen.house_style()
def plot_loss_from_logit() -> pen.Picture:
    """Log loss over the logit z for both labels, with the straight lines −z and z."""
    z = np.linspace(-6, 6, 401)
    axes = pen.new_axes(3.2, "z", "L", xlim=(-6, 6), ylim=(-0.15, 6.2))
    for y in (1, 0):
        wrong = z[z <= 0] if y == 1 else z[z >= 0]
        pen.line(axes, wrong, np.abs(wrong), pen.GREY, ":", linewidth=1.6)
        pen.line(axes, z, log_loss_from_logit(z, y), COLOURS[y], LINES[y])
    pen.text(axes, "y = 1: log(1 + e⁻ᶻ)", -4.3, 5.2, colour=COLOURS[1])
    pen.text(axes, "y = 0: log(1 + eᶻ)", 4.3, 5.2, colour=COLOURS[0], ha="right")
    pen.text(axes, "−z", -2.5, 2.5, (-22, -14), pen.GREY)
    pen.text(axes, "z", 2.5, 2.5, (14, -14), pen.GREY)
    pen.point(axes, 0, log_loss_from_logit(0, 1), pen.decimal(np.log(2)), (0, 20), ha="center")
    alt = say(
        "Two mirrored curves of the loss over z cross at z = 0, L = {middle:.3f}. Where the model "
        "is confidently wrong each runs along a straight line, −z for y = 1 and z for y = 0.",
        middle=np.log(2),
    )
    return pen.Picture(axes.figure, alt)


@another((-2, 1), (1.5, 0), (-2.5, 1), (2.2, 0), (-1.2, 1), (3.5, 0), (-1.8, 1), (2.8, 0))
def ask_loss_from_logit(z: float = 3, y: int = 0) -> AnswerBox:
    """The score is on the wrong side: positive where y = 0, negative where y = 1."""
    question = "The score is z = {z:g}, and the truth is y = {y}. What is the loss?"
    loss, size = log_loss_from_logit(z, y), abs(z)
    slips = {
        "{typed} is the loss for the other label.": log_loss_from_logit(z, 1 - y),
        "{typed} is the straight line; the curve lies a little above it.": size,
        "{typed} is what the other label got; the truth got the rest.": sigmoid(size),
        "{typed} is what the truth got; charge its surprise.": sigmoid(-size),
        "{typed} is to the base 10.": loss / np.log(10),
    }
    hints = [
        "For y = 0 it is log(1 + e to the power of z); for y = 1, z changes its sign.",
        "First e to the power of {size:g}, add 1, then “ln”.",
    ]
    praise = "It is {size:g} and a little more."
    return AnswerBox(question, loss, slips, hints, praise, z=z, y=y, size=size)
