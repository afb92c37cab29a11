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


def ask_loss() -> AnswerBox:
    question = "A model says a = 0.85, and the truth is y = 0. What is the loss?"
    right, slips = of_a_loss(0.85)
    hints = ["Which probability did the truth get?", "Charge the surprise of 0.15."]
    return AnswerBox(question, right, slips, hints, praise="The truth got 0.15.")


def ask_rise_in_loss() -> AnswerBox:
    question = "The truth is y = 1, and a falls from 0.8 to 0.5. By how much does the loss rise?"
    slips = {
        "{typed} is the fall in a; the loss looks at the ratio.": 0.8 - 0.5,
        "{typed} is the ratio; take its logarithm.": 0.8 / 0.5,
        "{typed} has the wrong sign: less for the truth costs more.": np.log(0.5 / 0.8),
        "{typed} is to the base 10.": np.log10(0.8 / 0.5),
        "{typed} is the loss at 0.5; subtract the loss at 0.8.": log_loss(0.5, 1),
    }
    hints = ["Work out both losses and subtract.", "Or take the logarithm of the ratio 0.8/0.5."]
    praise = "It is the logarithm of 0.8/0.5."
    return AnswerBox(question, log_loss(0.5, 1) - log_loss(0.8, 1), slips, hints, praise)


def ask_truth_given() -> AnswerBox:
    question = "A prediction has the loss L = 2. Which probability was the truth given?"
    slips = {
        "{typed} is what the other label was given.": 1 - np.exp(-2),
        "{typed} is 10 to the power of −2; the base is e.": 10**-2,
        "{typed} is e²; the minus in the exponent is lost.": np.exp(2),
        "{typed} is log 2; go backwards, with the exponential.": np.log(2),
    }
    hints = ["A loss is a logarithm; undo it.", "It is e to the power of −L."]
    praise = "A little more than one in eight."
    return AnswerBox(question, np.exp(-2), slips, hints, praise, percent=True)


LOSS_TOP = 5.0  # nats: above it the point has left the frame


PREDICTIONS = (0, 0.01, *(round(k / 20, 2) for k in range(1, 20)), 0.99, 1)


def _loss_axes() -> tuple[Axes, Axes]:
    """The two loss curves, and below them a frame for the bar from 0 to 1 along the same a."""
    curves, bar = new_pair(4.6, 2, NARROW, sharex=True, height_ratios=[5, 1])
    curves.set(xlim=(-0.03, 1.03), ylim=(-0.12, LOSS_TOP), yticks=range(5))
    curves.tick_params(bottom=False)
    name_y_axis(curves, "L")
    bar.set(xlabel="a", ylim=(-0.95, 1), yticks=[], **HALVES)
    bar.spines["left"].set_visible(False)
    a = np.linspace(0, 1, 2001)
    for y, at in ((1, 0.19), (0, 0.81)):
        draw_line(curves, a, np.minimum(log_loss(a, y), 2 * LOSS_TOP), COLOURS[y], LINES[y])
        draw_text(curves, f"y = {y}", at, 3.65, colour=COLOURS[y], ha="center")
    return curves, bar


def _beside_the_curves(given: float, loss: float) -> tuple[float, float]:
    """Where a label's middle is free of both curves, for y = 1; y = 0 is the mirror image."""
    if given < 0.35:
        return given + 0.19, min(loss, 4.45)
    if given <= 0.5:  # beside the crossing there is no room, above it there is
        return 0.5, 1.2
    return min(given + 0.19, 0.87), max(loss - 0.02, 0.5)


@house_style()
def explore_loss() -> Explorer:
    """Slide a and choose y: the truth's part of the bar is lit, the point stands at its loss."""
    curves, bar = _loss_axes()
    dot, guide = draw_dot(curves, markersize=10), draw_guide(curves)
    label = curves.text(0.5, 0.5, "0", fontsize=13, fontweight="bold", ha="center")
    gone = draw_dot(curves, marker="^", markersize=11)
    parts = {y: bar.add_patch(Rectangle((0, 0), 0.5, 1, linewidth=0)) for y in (1, 0)}
    sides = {1: (0, "left"), 0: (1, "right")}
    shares = {y: draw_text(bar, "0", x, -0.2, va="top", ha=side) for y, (x, side) in sides.items()}
    split = draw_line(bar, linewidth=2)

    def draw(a: float, y: int) -> str:
        loss, given = log_loss(a, y), {1: a, 0: 1 - a}
        seen = min(loss, LOSS_TOP)
        place(dot, (a, seen))
        place(gone, (a, 4.75))
        place(guide, (a, -0.12), (a, seen))
        place(split, (a, -0.12), (a, 1.12))
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
            shares[truth].set(text=f"y = {truth}: {given[truth]:.2f}", color=ink)
        told = {"a": a, "y": y, "given": given[y], "loss": loss}
        if loss > LOSS_TOP:
            return say("a = {a:.2f}, truth {y}: it was given nothing; the loss is ∞.", **told)
        return say(
            "a = {a:.2f}, truth {y}: it was given {given:.2f}; the loss is {loss:.3f}.", **told
        )

    moving = {
        "dot": dot, "guide": guide, "label": label, "gone": gone, "parts": [*parts.values()],
        "shares": [*shares.values()], "split": split,
    }  # fmt: skip
    return Explorer(curves.figure, moving, draw, a=stops(PREDICTIONS, 0.6), y=buttons([1, 0], 1))


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


def ask_loss_from_logit() -> AnswerBox:
    question = "The score is z = 3, and the truth is y = 0. What is the loss?"
    z, loss = 3, log_loss_from_logit(3, 0)
    slips = {
        "{typed} is the loss for y = 1; the truth is 0.": log_loss_from_logit(z, 1),
        "{typed} is the straight arm; a small rest belongs to it.": z,
        "{typed} is a = σ(3); now charge the truth.": sigmoid(z),
        "{typed} is 1 − σ(3), what the truth was given; charge its surprise.": sigmoid(-z),
        "{typed} is to the base 10.": loss / np.log(10),
    }
    hints = ["For y = 0 it is log(1 + e to the power of z).", "First e³, add 1, then “ln”."]
    return AnswerBox(question, loss, slips, hints, praise="Close to |z|, and a little more.")
