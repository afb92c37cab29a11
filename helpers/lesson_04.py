"""Lesson 04 · One mini-batch by hand: what its notebook shows, asks and checks, in its order."""

import itertools
import math
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from .engine.boxes import AnswerBox, Bets
from .engine.checking import check
from .engine.drawing import (
    GREY,
    HALVES,
    NARROW,
    decimal,
    draw_dot,
    draw_guide,
    draw_line,
    draw_text,
    house_style,
    name_y_axis,
    new_pair,
    place,
    show_only,
    write,
)
from .engine.explorer import Explorer, stops
from .language import say
from .logistic import log_loss, mean_log_loss, sigmoid
from .palette import COLOURS, LINES
from .slips import of_a_cost


def ask_cost() -> AnswerBox:
    question = "Another batch: labels 0, 1, 1 and predictions 0.3, 0.9, 0.5. What is its cost J?"
    right, slips = of_a_cost(np.array([0.3, 0.9, 0.5]), np.array([0, 1, 1]))
    hints = ["Take −log of what each truth got, then the mean.", "They got 0.7, 0.9 and 0.5."]
    praise = "Costlier than the batch above: its second 1 was a coin toss."
    return AnswerBox(question, right, slips, hints, praise)


LABELS = (1, 1, 0)


GIVEN_STOPS = (0.01, 0.1, 0.2, 0.5, 0.6, 0.9, 0.99)


BATCH_TOPS = (0.8, 6.0)  # the height of the frame, in nats: while every loss fits, and else


BATCH_ENDS = (1.14, 3.4)  # of the lines across the two panels


QUARTERS = (0.25, 0.5, 0.75, 1)  # of its height, where numbers stand


BARS = {1: "-", 0: (0, (0.12, 0.06))}  # broad lines: hatched bars would move slowly


BROAD = {"linewidth": 27, "solid_capstyle": "butt"}


MARKS = (  # each can be seen where it lies on another
    {"markersize": 6, "zorder": 8},
    {"marker": "s", "zorder": 7, "markerfacecolor": "white", "markeredgewidth": 1.6},
    {"marker": "D", "markersize": 10},
)


def _batch_axes() -> tuple[Axes, Axes, dict[float, list[Line2D]]]:
    """Two frames of one height, and the loss curves for each scale that it may have."""
    curves, bars = new_pair(3.5, width=NARROW, sharey=True, width_ratios=[1, 1.55])
    curves.set(xlim=(-0.1, 1.14), ylim=(-0.13, 1.06), xlabel="a", yticks=[], **HALVES)
    name_y_axis(curves, "L")
    curves.yaxis.labelpad = 34
    draw_text(curves, "0", -0.1, 0, (-6, -4), ha="right")
    bars.set(xlim=(0.45, 5.25), xticks=[1, 2, 3])
    bars.set_xticklabels([f"{i}\ny = {y}" for i, y in enumerate(LABELS, 1)])
    bars.tick_params(left=False, bottom=False)
    for axes, end in zip((curves, bars), BATCH_ENDS):
        draw_line(axes, (-0.1, end), (0, 0), GREY, linewidth=0.8)
    a = sigmoid(np.linspace(-9, 9, 201))  # close together where the curves are steep
    scales = {top: [] for top in BATCH_TOPS}
    for top, y in itertools.product(BATCH_TOPS, (1, 0)):
        heights = np.minimum(log_loss(a, y) / top, 1.3)
        scales[top].append(draw_line(curves, a, heights, COLOURS[y], LINES[y], linewidth=2))
    return curves, bars, scales


def _sample(curves: Axes, bars: Axes, i: int, y: int) -> tuple:
    """One sample's mark on its curve, its bar, and its loss at the bar's foot; the mark again."""
    draw_dot(bars, COLOURS[y], i - 0.38, -0.195, **MARKS[i - 1])
    return (
        draw_dot(curves, COLOURS[y], **MARKS[i - 1]),
        draw_line(bars, colour=COLOURS[y], style=BARS[y], **BROAD),
        draw_text(bars, x=i, y=0, shift=(0, -13), ha="center"),
    )


@house_style()
def explore_batch() -> Explorer:
    """Slide each of the three predictions: points, bars, their mean and the base rate follow."""
    curves, bars, scales = _batch_axes()
    ticks = [draw_text(curves, "0", -0.1, at, (-6, -4), ha="right") for at in QUARTERS]
    samples = [_sample(curves, bars, *sample) for sample in enumerate(LABELS, 1)]
    levels = [draw_guide(axes, linewidth=1.6) for axes in (curves, bars)]
    means = [draw_line(axes, linewidth=1.4) for axes in (curves, bars)]
    labels = [draw_text(bars, shift=(0, -4), colour=colour) for colour in (GREY, "black")]
    base = np.mean(log_loss(np.mean(LABELS), LABELS))
    table = {(a, y): log_loss(a, y) for a in GIVEN_STOPS for y in (0, 1)}

    def draw(**given: float) -> str:
        losses = [table[pair] for pair in zip(given.values(), LABELS)]
        top, mean = BATCH_TOPS[max(losses) > BATCH_TOPS[0]], sum(losses) / 3
        show_only(top, scales)
        for tick, quarter in zip(ticks, QUARTERS):
            tick.set_text(f"{quarter * top:g}")
        for i, (a, loss, sample) in enumerate(zip(given.values(), losses, samples), 1):
            point, bar, value = sample
            place(point, (a, loss / top))
            place(bar, (i, 0), (i, loss / top))
            value.set_text(decimal(loss))
        for lines, level in ((levels, base), (means, mean)):
            for line, reach in zip(lines, BATCH_ENDS):
                place(line, (-0.1, level / top), (reach, level / top))
        apart = max(0.0, 0.075 - abs(mean - base) / top) * (1 if mean >= base else -1) / 2
        write(labels[0], decimal(base), 3.62, base / top - apart)
        write(labels[1], f"J = {decimal(mean)}", 3.62, mean / top + apart)
        told = dict(zip(("one", "two", "three"), losses))
        return say(
            "Losses {one:.3f}, {two:.3f} and {three:.3f}: the cost J is {mean:.3f}. "
            "Always saying the base rate costs {base:.3f}.",
            **told, mean=mean, base=base,
        )  # fmt: skip

    points, *others = zip(*samples)
    moving = {
        "third": points[2], "points": points[:2], "others": [*itertools.chain(*others)],
        "levels": levels, "means": means, "labels": labels, "ticks": ticks,
        "scales": [*itertools.chain(*scales.values())],
    }  # fmt: skip
    sliders = [("a_1", "a₁", 0.9), ("a_2", "a₂", 0.6), ("a_3", "a₃", 0.2)]
    controls = {name: stops(GIVEN_STOPS, start, text) for name, text, start in sliders}
    return Explorer(curves.figure, moving, draw, **controls)


def ask_base_rate() -> AnswerBox:
    question = "In other data three labels in four are 1. What does always saying 0.75 cost?"
    when_1, when_0 = log_loss(0.75, 1), log_loss(0.75, 0)
    right = 0.75 * when_1 + 0.25 * when_0
    slips = {
        "{typed} is the loss where the label is 1; the other quarter costs more.": when_1,
        "{typed} is what always saying 0.5 costs.": np.log(2),
        "{typed} is to the base 10.": right / np.log(10),
        "{typed} counts both labels alike; three in four are 1.": (when_1 + when_0) / 2,
        "{typed} is the sum of both losses, without their shares.": when_1 + when_0,
        "{typed} is the loss where the label is 0; that is one sample in four.": when_0,
    }
    hints = [
        "Three samples in four cost −log 0.75. What does the fourth cost?",
        "Take 0.75 times −log 0.75, plus 0.25 times −log 0.25.",
    ]
    praise = "This is what a model has to beat on these data."
    return AnswerBox(question, right, slips, hints, praise)


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


def ask_mistake() -> AnswerBox:
    question = (
        "The batch as it was at first, but now sample 1 (label 1) gets a = 0.01, not 0.9. "
        "What is the cost?"
    )
    right, slips = of_a_cost(np.array([0.01, 0.6, 0.2]), np.array([1, 1, 0]))
    slips = {"{typed} is the loss of sample 1 alone.": log_loss(0.01, 1)} | slips
    hints = ["Only sample 1 costs something else now.", "Sample 1 costs −log 0.01."]
    praise = "One confident mistake again, on the other side."
    return AnswerBox(question, right, slips, hints, praise)


def ask_typical_probability() -> AnswerBox:
    question = (
        "A batch has the cost J = 0.5. What is the geometric mean of the probabilities "
        "that its truths were given?"
    )
    slips = {
        "{typed} is one minus it.": 1 - np.exp(-0.5),
        "{typed} is e to the power of +0.5; a probability cannot exceed 1.": np.exp(0.5),
        "{typed} is 10 to the power of −0.5; the base is e.": 10**-0.5,
        "{typed} is −log 0.5; go backwards, with the exponential.": np.log(2),
        "{typed} is 1 − 0.5, but a cost is no percentage.": 0.5,
    }
    hints = ["Undo the logarithm.", "It is e to the power of −J."]
    praise = "One probability that could stand for them all."
    return AnswerBox(question, np.exp(-0.5), slips, hints, praise, percent=True)


STATEMENTS = [
    ("The log loss of a single prediction can be larger than 1.", True,
     "It passes 1 where the truth is given less than 0.368, and it has no upper end."),
    ("A prediction on the right side of 0.5 costs nothing.", False,
     "Sample 2 is on the right side, and its loss is 0.511."),
    ("At a = 0.5 the loss is the same for y = 1 and for y = 0.", True,
     "The truth gets one half either way: 0.693."),
    ("With y = 1, going from a = 0.1 to a = 0.01 makes the loss ten times as large.", False,
     "It adds log 10: from 2.303 to 4.605, twice as much."),
    ("The cost of a batch can be larger than each of its losses.", False,
     "It is their mean, which never lies above the largest."),
    ("exp(−J) is the geometric mean of the probabilities that the truths were given.", True,
     "Adding logarithms multiplies what is inside."),
    ("A model with a cost of 0.693 always does as well as one that says the base rate.", False,
     "Only if both labels are equally common. Otherwise saying the base rate costs less."),
    ("On the same batch, the model with the larger likelihood has the smaller cost.", True,
     "The cost is −log of the likelihood, divided by m."),
]  # fmt: skip
REPLIES = {
    "slider": "{percent} % sure that it is true",
    "paper": "Probability that it is true: ______ %",
    "score": "Score me",
    "again": "Start again",
    "true": "True.",
    "false": "False.",
    "item": "You were {percent} % sure that it is true, so the truth got {given} %: "
    "a loss of {cost}.",
    "mean": "Your cost, the mean of these losses, is {mean}.",
    "better": "Always saying 50 % would have cost {chance}: you did better.",
    "worse": "Always saying 50 % would have cost {chance}: you did worse.",
    "same": "Always saying 50 % would have cost {chance}: you did no better and no worse.",
    "worst": "Your most expensive confident mistake is statement {number}, a loss of {cost}.",
    "none": "No confident mistake: you gave no truth less than 50 %.",
}


def be_the_model() -> Bets:
    """Eight statements to which the learner gives probabilities."""
    percents = np.arange(101)
    return Bets(STATEMENTS, [log_loss(percents / 100, y).tolist() for y in (0, 1)], REPLIES)
