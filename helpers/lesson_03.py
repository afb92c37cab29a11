"""Lesson 03 · Log loss: what its notebook shows, asks and checks, in its order."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from .engine.boxes import AnswerBox
from .engine.checking import check
from .engine.drawing import (
    GREY,
    HALVES,
    NARROW,
    Picture,
    decimal,
    draw_dot,
    draw_guide,
    draw_line,
    draw_point,
    draw_text,
    house_style,
    name_y_axis,
    new_axes,
    new_pair,
    place,
    show as show,  # for the pictures that a learner draws
)
from .engine.explorer import Explorer, buttons, stops
from .language import say
from .logistic import log_loss, log_loss_from_logit, sigmoid
from .palette import COLOURS, LINES, PALE
from .slips import of_a_loss

LOSS_TOP = 5.0  # nats: above it the point has left the frame
PREDICTIONS = (0, 0.01, *(round(k / 20, 2) for k in range(1, 20)), 0.99, 1)


def _loss_axes() -> tuple[Axes, Axes]:
    """The two loss curves, and below them a frame for the bar from 0 to 1 along the same a."""
    curves, bar = new_pair(2.8, 2, NARROW, sharex=True, height_ratios=[4, 1])
    curves.set(xlim=(-0.03, 1.03), ylim=(-0.12, LOSS_TOP), yticks=range(6))
    curves.tick_params(bottom=False)
    name_y_axis(curves, "L")
    bar.set(ylim=(-0.95, 1), yticks=[], **HALVES)
    bar.spines["left"].set_visible(False)
    draw_text(bar, "a", 0.75, -0.95, (0, -15), ha="center")
    a = np.linspace(0, 1, 2001)
    for y, side in ((1, "left"), (0, "right")):
        draw_line(curves, a, np.minimum(log_loss(a, y), 2 * LOSS_TOP), COLOURS[y], LINES[y])
        draw_text(curves, f"y = {y}", 1 - y, LOSS_TOP, (0, 4), COLOURS[y], ha=side)
    return curves, bar


def _beside_the_curves(given: float, loss: float) -> tuple[float, float]:
    """Where a label's middle is free of both curves, for y = 1; y = 0 is the mirror image."""
    if given < 0.35:
        return given + 0.19, min(loss, 4.2)
    if given <= 0.5:  # beside the crossing there is no room, above it there is
        return 0.5, 1.35
    return min(given + 0.2, 0.87), max(loss - 0.02, 0.5)


@house_style()
def explore_loss() -> Explorer:
    """Slide a and choose y: the truth's part of the bar is lit, the point stands at its loss."""
    curves, bar = _loss_axes()
    dot, guide = draw_dot(curves, markersize=10), draw_guide(curves)
    label = curves.text(0.5, 0.5, "0", fontsize=12, fontweight="bold", ha="center")
    gone = draw_dot(curves, marker="^", markersize=11)
    parts = {y: bar.add_patch(Rectangle((0, 0), 0.5, 1, linewidth=0)) for y in (1, 0)}
    ends = {1: (0, "left", "a"), 0: (1, "right", "1 − a")}
    shares = {y: draw_text(bar, "0", x, -0.15, va="top", ha=ha) for y, (x, ha, _) in ends.items()}
    split = draw_line(bar, linewidth=2)

    def draw(a: float, y: int) -> str:
        loss, given = log_loss(a, y), {1: a, 0: 1 - a}
        seen = min(loss, LOSS_TOP)
        place(dot, (a, seen))
        place(gone, (a, 4.75))
        place(guide, (a, -0.12), (a, seen))
        place(split, (a, 0), (a, 1.3))
        x, height = _beside_the_curves(given[y], loss)
        shown = decimal(loss) if loss < LOSS_TOP else "∞"
        label.set(position=(x if y else 1 - x, height), text=f"L = {shown}")
        for artist in (dot, label, gone):
            artist.set_color(COLOURS[y])
        dot.set_visible(loss < LOSS_TOP)
        gone.set_visible(loss > LOSS_TOP)
        for truth, part in parts.items():
            fill, ink = (COLOURS[truth], COLOURS[truth]) if truth == y else (PALE[truth], GREY)
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


def ask_loss(a: float = 0.85) -> AnswerBox:
    question = "A model says a = {a:g}, and the truth is y = 0. What is the loss?"
    right, slips = of_a_loss(a)
    hints = ["Which probability did the truth get?", "Charge the surprise of {given:g}."]
    praise = "The truth got {given:g}."
    return AnswerBox(question, right, slips, hints, praise, numbers={"a": a, "given": 1 - a})


def ask_rise_in_loss(before: float = 0.7, after: float = 0.2) -> AnswerBox:
    question = (
        "The truth is y = 1, and a falls from {before:g} to {after:g}. By how much does the "
        "loss rise?"
    )
    slips = {
        "{typed} is the fall in a; the loss looks at the ratio.": before - after,
        "{typed} is the ratio; take its logarithm.": before / after,
        "{typed} has the wrong sign: less for the truth costs more.": np.log(after / before),
        "{typed} is to the base 10.": np.log10(before / after),
        "{typed} is the loss at {after:g}; subtract the loss at {before:g}.": log_loss(after, 1),
        "{typed} is the loss at {before:g}; subtract it from that at {after:g}.": (
            log_loss(before, 1)
        ),
    }
    hints = [
        "Work out both losses and subtract.",
        "Or take the logarithm of the ratio {before:g}/{after:g}.",
    ]
    praise = "It is the logarithm of {before:g}/{after:g}."
    right, numbers = np.log(before / after), {"before": before, "after": after}
    return AnswerBox(question, right, slips, hints, praise, numbers=numbers)


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
    return AnswerBox(question, right, slips, hints, praise, percent=True, numbers={"loss": loss})


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


@house_style()
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


@house_style()
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


def ask_loss_from_logit(z: float = 3) -> AnswerBox:
    question = "The score is z = {z:g}, and the truth is y = 0. What is the loss?"
    loss = log_loss_from_logit(z, 0)
    slips = {
        "{typed} is the loss for y = 1; the truth is 0.": log_loss_from_logit(z, 1),
        "{typed} is the straight arm; a small rest belongs to it.": z,
        "{typed} is a = σ({z:g}); now charge for the truth's part.": sigmoid(z),
        "{typed} is 1 − σ({z:g}), what the truth got; charge its surprise.": sigmoid(-z),
        "{typed} is to the base 10.": loss / np.log(10),
    }
    hints = [
        "For y = 0 it is log(1 + e to the power of z).",
        "First e to the power of z, add 1, then “ln”.",
    ]
    praise = "Close to {z:g}, and a little more."
    return AnswerBox(question, loss, slips, hints, praise, numbers={"z": z})
