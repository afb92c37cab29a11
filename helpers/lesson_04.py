"""Lesson 04 · One mini-batch by hand: what its notebook shows, asks and checks, in its order."""

import math
from fractions import Fraction
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from .engine import drawing as pen
from .engine.boxes import AnswerBox, Bets, another
from .engine.checking import check
from .engine.explorer import Explorer, buttons, stops
from .language import say
from .logistic import log_loss, mean_log_loss, sigmoid
from .palette import COLOURS, LINES
from .students import HOURS, PASSED, draw_students, put_students, scores, students_cost

LABELS = (1, 1, 0)
GIVEN_STOPS = (0, 0.01, 0.2, 0.5, 0.6, 0.9, 0.99, 1)
LOSS_TOP = 5.0  # nats: the axis of losses ends here, whatever happens
BROAD = {"linewidth": 27, "solid_capstyle": "butt"}  # a bar is a broad line
MARKS = (  # each can be seen where it lies on another
    {"markersize": 6, "zorder": 8},
    {"marker": "s", "zorder": 7, "markerfacecolor": "white", "markeredgewidth": 1.6},
    {"marker": "D", "markersize": 10},
)


def _batch_axes() -> tuple[Axes, Axes]:
    """The two loss curves, and beside them a frame for three bars of the same heights."""
    curves, bars = pen.new_pair(2.8, sharey=True, width_ratios=[1, 2])
    curves.set(xlim=(-0.06, 1.06), ylim=(0, LOSS_TOP), xlabel="a", yticks=range(6), **pen.HALVES)
    pen.name_y_axis(curves, "L")
    bars.set(xlim=(0.45, 5.4), xticks=[1.15, 2.15, 3.15], xticklabels=["\na₁", "\na₂", "\na₃"])
    bars.tick_params(left=False, bottom=False)
    a = np.linspace(0, 1, 1001)
    for y, side in ((1, "left"), (0, "right")):
        heights = np.minimum(log_loss(a, y), 2 * LOSS_TOP)
        pen.line(curves, a, heights, COLOURS[y], LINES[y], linewidth=2)
        pen.text(curves, f"y = {y}", 1 - y, LOSS_TOP, (0, 4), COLOURS[y], ha=side)
    return curves, bars


def _sample(curves: Axes, bars: Axes, i: int, y: int) -> dict[str, Any]:
    """One sample's mark, again below its bar; its bar and loss; arrows for where that is ∞."""
    pen.dot(bars, COLOURS[y], i - 0.25, -0.98, **MARKS[i - 1])
    return {
        "point": pen.dot(curves, COLOURS[y], **MARKS[i - 1]),
        "bar": pen.line(bars, colour=COLOURS[y], **BROAD),
        "value": pen.text(bars, x=i, y=0, shift=(0, -13), ha="center"),
        "gone": pen.dot(curves, COLOURS[y], y=4.75, marker="^"),
        "roof": pen.dot(bars, "white", i, 4.7, marker="^"),
    }


@pen.house_style()
def explore_batch() -> Explorer:
    """Slide each of the three predictions: its point and bar follow, and the mean of the bars."""
    curves, bars = _batch_axes()
    samples = [_sample(curves, bars, *sample) for sample in enumerate(LABELS, 1)]
    means = [pen.line(axes, linewidth=1.4) for axes in (curves, bars)]
    label = pen.text(bars, shift=(0, -4), fontweight="bold")

    def draw(**given: float) -> str:
        losses = log_loss([*given.values()], LABELS).tolist()
        mean = sum(losses) / 3
        for i, (a, loss, sample) in enumerate(zip(given.values(), losses, samples), 1):
            pen.place(sample["point"], (a, min(loss, LOSS_TOP)))
            pen.place(sample["gone"], (a, 4.75))
            pen.place(sample["bar"], (i, 0), (i, min(loss, LOSS_TOP)))
            sample["value"].set_text(pen.decimal(loss))
            sample["point"].set_visible(loss < math.inf)
            for name in ("gone", "roof"):
                sample[name].set_visible(loss == math.inf)
        for line, ends in zip(means, ((-0.06, 1.06), (0.45, 3.55))):
            pen.place(line, *((x, min(mean, LOSS_TOP)) for x in ends))
            line.set_visible(mean < math.inf)
        pen.write(label, f"J = {pen.decimal(mean)}", 3.62, min(mean, 4.75))
        told = dict(zip(("one", "two", "three", "mean"), map(pen.decimal, [*losses, mean])))
        return say("Losses {one}, {two} and {three}: their mean, the cost J, is {mean}.", **told)

    parts = {f"{name}s": [sample[name] for sample in samples] for name in samples[0]}
    third = parts["points"].pop()
    moving = {"third": third, **parts, "means": means, "label": label}
    sliders = [("a_1", "a₁", 0.9), ("a_2", "a₂", 0.6), ("a_3", "a₃", 0.2)]
    controls = {name: stops(GIVEN_STOPS, start, text) for name, text, start in sliders}
    for control in controls.values():
        control.layout.width = "200px"  # three side by side, where there is room
    return Explorer(curves.figure, moving, draw, **controls)


@another(
    ((0.8, 0.4, 0.3), (1, 1, 0)), ((0.9, 0.2, 0.6), (0, 0, 1)), ((0.7, 0.1, 0.8), (1, 0, 0)),
    ((0.05, 0.6, 0.3), (1, 1, 0)), ((0.2, 0.95, 0.75), (0, 1, 1)), ((0.4, 0.15, 0.98), (1, 0, 0)),
    ((0.55, 0.3, 0.85), (1, 0, 1)), ((0.02, 0.7, 0.4), (0, 1, 0)),
)  # fmt: skip
def ask_cost(a: tuple = (0.3, 0.9, 0.5), y: tuple = (0, 1, 1)) -> AnswerBox:
    question = (
        "Another batch: labels {y[0]}, {y[1]}, {y[2]} and predictions {a[0]:g}, {a[1]:g}, "
        "{a[2]:g}. What is its cost J?"
    )
    given = np.where(y, a, np.subtract(1, a))
    losses, cost = log_loss(a, y), mean_log_loss(a, y)
    ones, zeros = losses @ y, losses @ np.subtract(1, y)
    slips = {
        "{typed} is the sum; the cost is the mean.": losses.sum(),
        "{typed} is to the base 10; use the natural logarithm.": -np.log10(given).mean(),
        "{typed} is to the base 2; use the natural logarithm.": -np.log2(given).mean(),
        "{typed} is divided by 2m, a habit from squared error.": cost / 2,
        "{typed} is the mean squared error.": np.mean(np.subtract(a, y) ** 2),
        "{typed} comes from flipped labels, or swapped branches.": -np.log(1 - given).mean(),
        "{typed} has −log a for every sample, also where y = 0.": -np.log(a).mean(),
        "{typed} divides only the second term by m: a misplaced bracket.": ones + zeros / 3,
        "{typed} has lost the minus on the second term.": (ones - zeros) / 3,
        "{typed} is the likelihood, the product; take −log and divide by m.": given.prod(),
        "{typed} has the wrong sign: a cost is never negative.": -cost,
    }
    hints = [
        "Take −log of what each truth got, then the mean.",
        "They got {given[0]:g}, {given[1]:g} and {given[2]:g}.",
    ]
    praise = "The largest share of it comes from the truth that got {least:g}."
    return AnswerBox(question, cost, slips, hints, praise, a=a, y=y, given=given, least=min(given))


SAID = sorted([2 / 3, *(round(k / 20, 2) for k in range(1, 20) if k != 13)])  # 2/3 for 0.65


@pen.house_style()
def explore_base_rate() -> Explorer:
    """Slide the one number that a lazy model says to everybody: what does it cost on average?"""
    axes = pen.new_axes(2.6, "a", "J", xlim=(-0.02, 1.02), ylim=(0, 3.1), **pen.HALVES)
    axes.set_yticks(range(4))
    grid = sigmoid(np.linspace(-20, 20, 161))
    dot, curve, guide = pen.dot(axes), pen.line(axes, grid, grid), pen.guide(axes)
    label = pen.text(axes, fontweight="bold", ha="center")  # the middle of the valley is free
    names = {a: "2/3" if a == 2 / 3 else f"{a:.2f}" for a in SAID}

    def draw(a: float, share: str) -> str:
        ones = float(Fraction(share))

        def cost(said: Any) -> Any:
            return ones * log_loss(said, 1) + (1 - ones) * log_loss(said, 0)

        curve.set_ydata(np.minimum(cost(grid), 5))
        pen.place(dot, (a, cost(a)))
        pen.place(guide, (a, 0), (a, cost(a)))
        pen.write(label, f"J = {pen.decimal(cost(a))}", 0.5 + 0.55 * (a - 0.5), cost(a) + 0.3)
        told = {"share": share, "said": names[a], "cost": cost(a)}
        return say("{share} of the labels are 1. Always saying {said} costs {cost:.3f}.", **told)

    moving = {"dot": dot, "curve": curve, "guide": guide, "label": label}
    said = stops([(name, a) for a, name in names.items()], 0.9)
    shares = buttons(["1/2", "2/3", "4/5"], "2/3", say("share of y = 1"))
    return Explorer(axes.figure, moving, draw, a=said, share=shares)


@another(0.6, 0.35, 0.9, 0.15, 0.7, 0.05, 0.45, 0.98)
def ask_base_rate(share: float = 0.75) -> AnswerBox:
    question = "In other data the share of labels 1 is {share:g}. What does always saying it cost?"
    when_1, when_0 = log_loss(share, 1), log_loss(share, 0)
    right = share * when_1 + (1 - share) * when_0
    slips = {
        "{typed} is the loss where the label is 1; where it is 0, the loss is another.": when_1,
        "{typed} is what always saying 0.5 costs.": np.log(2),
        "{typed} is to the base 10.": right / np.log(10),
        "{typed} counts both labels alike; a share of {share:g} is 1.": (when_1 + when_0) / 2,
        "{typed} is the sum of both losses, without their shares.": when_1 + when_0,
        "{typed} is the loss where the label is 0; where it is 1, the loss is another.": when_0,
    }
    hints = [
        "Where the label is 1 it costs −log {share:g}. What does it cost where it is 0?",
        "Take {share:g} times −log {share:g}, plus {rest:g} times −log {rest:g}.",
    ]
    praise = "This is what a model has to beat on these data."
    return AnswerBox(question, right, slips, hints, praise, share=share, rest=1 - share)


STEEPNESS = [0.2, 0.5, 1, 1.5, 2, 3, 6, math.inf]
STEP_AT = 2.625  # hours, where a step is wrong about fewest
STEEP = 1000  # so steep that it is drawn as a step
BEYOND = 7.6, 1.0  # where w and J are ∞: to the right of the axis and above the frame


def best_bias(w: Any) -> Any:
    """The b at which J of the twenty students is lowest, by halving: there mean a = mean y."""
    low, high = -6.0 * np.asarray(w), 0.0 * np.asarray(w)
    for _ in range(50):
        b = (low + high) / 2
        below = sigmoid(scores(w, b)).mean(-1) < PASSED.mean()
        low, high = np.where(below, b, low), np.where(below, high, b)
    return b


@pen.house_style()
def explore_steepness() -> Explorer:
    """Slide the weight: the best S-curve of each steepness, and J over the weights passed."""
    upper, lower = pen.new_pair(3.7, 2, height_ratios=[3, 2])
    students = draw_students(upper)
    x = np.union1d(students["curve"].get_xdata(), (STEP_AT - 0.005, STEP_AT + 0.005))
    students["curve"].set_data(x, x)  # no slant there
    grid = np.linspace(0.1, 7, 70)
    lower.set(xlabel="w", xlim=(0, 8), ylim=(0.2, 0.95), yticks=[0.2, 0.4, 0.6, 0.8])
    lower.set_xticks([0, 2, 4, 6, BEYOND[0]], [*"0246", "∞"])
    lower.spines["bottom"].set_bounds(0, 7)  # a gap before ∞
    pen.name_y_axis(lower, "J")
    costs = students_cost(grid, best_bias(grid))
    trail = pen.line(lower, grid, costs, pen.GREY)
    dot, gone = pen.dot(lower), pen.dot(lower, "black", *BEYOND, marker="^", markersize=11)
    label = pen.text(lower, fontweight="bold")

    def draw(w: float) -> str:
        trail.set_data(np.minimum(grid, w), np.where(grid < w, costs, costs[grid <= w][-1]))
        dot.set_visible(w < math.inf)
        gone.set_visible(w == math.inf)
        if w == math.inf:
            put_students(students, STEEP, -STEEP * STEP_AT)
            pen.write(label, "J = ∞", BEYOND[0], 0.95, -1, up=1)
            wrong = int(((HOURS > STEP_AT) != PASSED).sum())
            return say("A step: sure of everybody, wrong about {wrong}. J is ∞.", wrong=wrong)
        b = float(best_bias(w))
        cost = float(students_cost(w, b))
        put_students(students, w, b)
        pen.place(dot, (w, cost))
        pen.write(label, f"J = {pen.decimal(cost)}", w, cost, 1, up=-4)
        return say("w = {w:g}, b = {b:.2f}: J is {cost:.3f}.", w=w, b=b, cost=cost)

    moving = {"dot": dot, "trail": trail, "gone": gone, **students, "label": label}
    options = [(pen.shortest(w), w) for w in STEEPNESS]
    return Explorer(upper.figure, moving, draw, w=stops(options, 0.2))


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
    check(my_cost, mean_log_loss, inputs, slips, "One loss for each sample, then their mean.")


@another(0.2, 0.4, 0.7, 1.1, 0.6, 0.9, 0.25, 1.4)
def ask_typical_probability(cost: float = 0.5) -> AnswerBox:
    question = (
        "A batch has the cost J = {cost:g}. What is the geometric mean of what its truths got?"
    )
    right = np.exp(-cost)
    slips = {
        "{typed} is one minus it.": 1 - right,
        "{typed} is e to the power of +{cost:g}; a probability cannot exceed 1.": np.exp(cost),
        "{typed} is 10 to the power of −{cost:g}; the base is e.": 10**-cost,
        "{typed} is −log {cost:g}; go backwards, with the exponential.": -np.log(cost),
        "{typed} is 1 − {cost:g}, but a cost is no percentage.": 1 - cost,
    }
    hints = ["Undo the logarithm.", "It is e to the power of −J."]
    praise = "One probability that could stand for them all."
    return AnswerBox(question, right, slips, hints, praise, percent=True, cost=cost)


STATEMENTS = [
    ("The log loss of a single prediction can be larger than 1.", True,
     "It passes 1 where the truth gets less than 0.368, and it has no upper end."),
    ("A prediction on the right side of 0.5 costs nothing.", False,
     "Sample 2 is on the right side, and its loss is 0.511."),
    ("At a = 0.5 the loss is the same for y = 1 and for y = 0.", True,
     "The truth gets one half either way: 0.693."),
    ("With y = 1, going from a = 0.1 to a = 0.01 makes the loss ten times as large.", False,
     "It adds log 10: from 2.303 to 4.605, twice as much."),
    ("The cost of a batch can be larger than each of its losses.", False,
     "It is their mean, which never lies above the largest."),
    ("exp(−J) is the geometric mean of what the truths got.", True,
     "Adding logarithms multiplies what is inside."),
    ("A model with a cost of 0.693 always does as well as one that says the base rate.", False,
     "Only if both labels are equally common. Otherwise saying the base rate costs less."),
    ("On the same batch, the model with the larger likelihood has the smaller cost.", True,
     "The cost is −log of the likelihood, divided by m."),
]  # fmt: skip
REPLIES = {
    "slider": "Probability that it is true: {percent} %",
    "paper": "Probability that it is true: ______ %",
    "score": "Score me",
    "again": "Start again",
    "true": "True.",
    "false": "False.",
    "item": "You said {percent} %, so the truth got {given} %: a loss of {cost}.",
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
