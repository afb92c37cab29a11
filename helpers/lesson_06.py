"""Lesson 06 · One update step: what its notebook shows, asks and checks, in its order."""

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from .engine import drawing as pen
from .engine.boxes import AnswerBox, another
from .engine.checking import check
from .engine.explorer import Explorer, buttons, stops
from .language import say
from .logistic import (
    dloss_dz,
    dsigmoid_dz,
    log_loss,
    log_loss_from_logit,
    logit,
    parameter_gradient,
    sigmoid,
)
from .palette import COLOURS, LINES, SLOPE
from .students import HOURS, LOWEST, PASSED, draw_students, put_students, scores, students_cost

show = pen.Picture  # for the pictures that a learner draws
RATES, STEPS = [0.1, 0.5, 1, 2], [0, 1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 100, 101, 200, 400]


@pen.house_style()
def explore_walk() -> Explorer:
    """Choose η and how many steps: the walk down the students' cost, and the S-curve it gives."""
    land, plane = pen.new_pair(2.85, 2, height_ratios=[8, 5])
    _draw_landscape(land)
    students = draw_students(plane)
    plane.set_xlabel("x (h)", loc="right", labelpad=-8)
    plane.set_xticks(range(6))
    path = pen.line(land, colour=SLOPE, linewidth=1.4, alpha=0.45)
    last, left = pen.line(land, colour=SLOPE, linewidth=2.4), pen.dot(land, SLOPE, markersize=6)
    here = pen.dot(land)
    label = land.text(0.02, 0.08, "J", transform=land.transAxes, fontsize=13, fontweight="bold")
    walks, every = _walks(), np.arange(STEPS[-1] + 1)

    def draw(eta: float, steps: int) -> str:
        walk = walks[np.minimum(every, steps), RATES.index(eta)]
        w, b = walk[-1]
        path.set_data(*walk.T)
        pen.place(last, walk[max(steps - 1, 0)], (w, b))
        pen.place(left, walk[max(steps - 1, 0)])
        pen.place(here, (w, b))
        put_students(students, w, b)
        cost = students_cost(w, b)
        label.set_text(f"J = {pen.decimal(cost)}")
        return say(
            "Step {step} with η = {eta}: w = {w:.3f}, b = {b:.3f}, cost J = {cost:.3f}.",
            step=steps, eta=eta, w=w, b=b, cost=cost,
        )  # fmt: skip

    slider = stops(STEPS, 3, say("steps"))
    moving = {"here": here, "path": path, "last": last, "left": left, **students, "label": label}
    return Explorer(land.figure, moving, draw, eta=buttons(RATES, 1, "η"), steps=slider)


def _walks() -> np.ndarray:
    """(w, b) after each step, for each of the rates: shape (steps + 1, rates, 2)."""
    walks = np.zeros((STEPS[-1] + 1, len(RATES), 2))
    for k in range(STEPS[-1]):
        w, b = walks[k].T
        error = sigmoid(scores(w, b)) - PASSED
        gradient = np.stack([(error * HOURS).mean(1), error.mean(1)], axis=1)
        walks[k + 1] = walks[k] - np.array(RATES)[:, None] * gradient
    return walks


LEVELS = [0.42, 0.5, 0.7]  # of J
NAMED = [(2.1, -5.4), (1.6, -3.1), (2.9, -5.3)]  # near these places, on their lines


def _draw_landscape(axes: Axes) -> None:
    """The students' cost over w and b, darker where it is higher; its lowest point, three J."""
    w, b = np.meshgrid(np.linspace(-0.8, 3.6, 45), np.linspace(-6.2, 0.6, 45))
    cost = students_cost(w, b)
    levels = [0.4, 0.42, 0.45, 0.5, 0.58, 0.7, 0.9, 1.2, 1.7, 9]
    axes.contourf(w, b, cost, levels, colors=[str(1 - 0.035 * k) for k in range(9)])
    lines = axes.contour(w, b, cost, LEVELS, colors=pen.GREY, linewidths=0.8)
    for label in axes.clabel(lines, manual=NAMED, fmt="%g", colors="black", inline_spacing=2):
        label.set_rotation(0)
    axes.set(xlim=(-0.8, 3.6), ylim=(-6.2, 0.6), xticks=range(4), yticks=(-6, -4, -2, 0))
    axes.set_xlabel("w", loc="right", labelpad=-8)
    pen.name_y_axis(axes, "b")
    axes.plot(0, 0, "o", markersize=7, color=SLOPE, markerfacecolor="white", zorder=4)
    axes.plot(*LOWEST, "x", markersize=10, markeredgewidth=2.2, color="black", zorder=4)


@another(
    ((3, 2), 0.8, 0), ((4, 0.5), 0.6, 1), ((-2, 3), 0.9, 0), ((1.5, 3), 0.2, 1),
    ((5, -3), 0.4, 0), ((-3, 2), 0.1, 1), ((0.5, 6), 0.7, 0), ((-1, -4), 0.35, 1),
)  # fmt: skip
def ask_gradient_for_w(x: tuple = (2, 1), a: float = 0.3, y: int = 1) -> AnswerBox:
    question = "A sample has x = {x} and y = {y}, and the model says a = {a}. What is ∂L/∂w?"
    right = (a - y) * np.array(x)
    slips = {
        "{typed}: the sign is that of y − a; the gradient has a − y.": -right,
        "{typed}: you have forgotten x.": [a - y, a - y],
        "{typed}: that is the gradient of half the squared error.": right * a * (1 - a),
        "{typed}: you stopped at ∂L/∂a; the sigmoid's slope is missing.": right / (a * (1 - a)),
    }
    hints = ["First the error, a − y.", "Multiply the error, {a} − {y}, by each feature."]
    praise = "The error times each feature."
    fields = ["∂L/∂w₁", "∂L/∂w₂"]
    return AnswerBox(question, right, slips, hints, praise, fields, x=list(x), a=a, y=y)


@another(
    ((0.3, -0.4), (2, 1), 0.2, 1, 0.1), ((-0.5, 0.8), (3, 2), 0.7, 0, 0.2),
    ((1.2, 0.6), (1, -2), 0.4, 1, 0.3), ((0.9, -0.2), (4, 3), 0.8, 0, 0.05),
    ((-0.7, -0.3), (2, 5), 0.1, 1, 0.2), ((0.4, 1.5), (-1, 2), 0.6, 0, 0.4),
    ((0.2, 0.1), (3, 4), 0.05, 1, 0.1), ((1.8, -0.7), (0.5, -1), 0.3, 0, 2),
)  # fmt: skip
def ask_new_weights(
    w: tuple = (0.7, 0.2), x: tuple = (1, 3), a: float = 0.9, y: int = 0, eta: float = 0.5
) -> AnswerBox:
    question = (
        "A model with w = {w} says a = {a} for a sample with x = {x} and y = {y}. "
        "What is w after one step with η = {eta}?"
    )
    old, dw, slope = np.array(w), (a - y) * np.array(x), a * (1 - a)
    slips = {
        "{typed}: that went uphill; the step goes against the gradient.": old + eta * dw,
        "{typed}: you have forgotten x.": old - eta * (a - y),
        "{typed}: you have forgotten the learning rate.": old - dw,
        "{typed}: that is the gradient; take η times it from w.": dw,
        "{typed}: that is the change; add it to w.": -eta * dw,
        "{typed}: that is half the squared error's gradient.": old - eta * dw * slope,
        "{typed}: you stopped at ∂L/∂a on the road back.": old - eta * dw / slope,
    }
    hints = ["The gradient is (a − y)x; take η times it from w.", "Here (a − y)x = {gradient}."]
    praise = "Each weight goes against its own slope."
    return AnswerBox(
        question, old - eta * dw, slips, hints, praise, ["w₁", "w₂"],
        w=list(w), x=list(x), a=a, y=y, eta=eta, gradient=dw.round(10).tolist(),
    )  # fmt: skip


@pen.house_style()
def explore_promise() -> Explorer:
    """Slide η: one step from a = 0.3, where the tangent ends and where the curve is.

    A window magnifies the two, seen from the curve's. Below, how much loss the tangent promises
    and how much goes, up to all there is.
    """
    above, below = pen.new_pair(3.2, 2, height_ratios=[3, 1])
    start, slope, before = logit(0.3), dloss_dz(0.3, 1), log_loss(0.3, 1)
    z = np.linspace(-1.3, 1.9, 101)
    above.set(xlim=(z[0], z[-1]), ylim=(-0.7, 1.7), xticks=(-1, 0, 1), yticks=(0, 0.5, 1, 1.5))
    above.set_xlabel("z", loc="right", labelpad=-8)
    pen.name_y_axis(above, "L")
    pen.line(above, z, log_loss_from_logit(z, 1), COLOURS[1], LINES[1])
    pen.dot(above, x=start, y=before, markersize=10, markerfacecolor="white")
    pen.text(above, pen.decimal(before), start, before, (2, 11))
    below.set(xlim=(0, 1.5), ylim=(-0.7, 1.7), yticks=(), xticks=(0, 0.5, 1))
    below.set_xlabel("|ΔL|", loc="right", labelpad=-8)
    pen.line(below, [before, before], [-0.7, 1.7], COLOURS[1], LINES[1])
    pen.text(below, pen.decimal(before), before, 0, (6, -4), COLOURS[1])
    tangent = pen.line(above, colour=SLOPE, linewidth=1.8)
    look = {"linewidth": 9, "solid_capstyle": "butt"}
    bars = [pen.line(below, colour=colour, **look) for colour in (SLOPE, "black")]
    promised = pen.dot(above, SLOPE, marker="D", markersize=7, zorder=7)
    after = pen.dot(above)
    texts = [pen.text(axes, colour=c) for axes in (above, below) for c in (SLOPE, "black")]
    lens = above.inset_axes((0.6, 0.63, 0.4, 0.37), xlim=(-0.1, 0.1), ylim=(-0.1, 0.03))
    lens.axis("off")
    frame = pen.line(lens, [0, 1, 1, 0, 0], [0, 0, 1, 1, 0], transform=lens.transAxes)
    frame.set(linewidth=1, clip_on=False)
    near, along = pen.line(lens, colour=COLOURS[1]), pen.line(lens, colour=SLOPE, linewidth=1.8)
    centre = pen.dot(lens, x=0, y=0)
    apart = pen.dot(lens, SLOPE, marker="D", markersize=7, clip_on=True)
    beside = np.linspace(-0.1, 0.1, 9)

    def draw(eta: float) -> str:
        end = start - eta * slope * 6  # x = [2, 1] and the bias: 4 + 1 + 1
        promise, loss = eta * slope**2 * 6, log_loss_from_logit(end, 1)
        fall = before - loss
        pen.place(promised, (end, before - promise))
        pen.place(after, (end, loss))
        pen.place(tangent, (start, before), (end, before - promise))
        pen.write(texts[0], pen.decimal(before - promise), end, before - promise, -1, -16)
        pen.write(texts[1], pen.decimal(loss), end, loss, 1, 6)
        gap = promise - fall
        near.set_data(beside, log_loss_from_logit(end + beside, 1) - loss)
        pen.place(along, (-0.1, -gap - 0.1 * slope), (0, -gap))
        pen.place(apart, (0, -gap))
        for part in (frame, near, along, centre, apart):
            part.set_visible(gap < 0.1)  # beyond, they are apart without a window
        for row, (bar, text, length) in enumerate(zip(bars, texts[2:], (promise, fall))):
            pen.place(bar, (0, 1 - row), (length, 1 - row))
            pen.write(text, pen.decimal(length), 0, 1 - row, -1, -4)
        return say(
            "η = {eta:.2f}: the tangent promises a fall by {promise:.3f}, to {end:.3f}; "
            "the loss falls by {fall:.3f}, to {loss:.3f}.",
            eta=eta, promise=promise, end=before - promise, fall=fall, loss=loss,
        )  # fmt: skip

    moving = {
        "after": after, "promised": promised, "tangent": tangent, "bars": bars, "texts": texts,
        "lens": [frame, near, along, centre], "apart": apart,
    }  # fmt: skip
    rates = [0.05, 0.07, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.41, 0.45, 0.5]
    return Explorer(above.figure, moving, draw, eta=stops(rates, 0.1, "η"))


@another(2, 4, 1.5, 3.5, 1.2, 2.5, 5, 4.5)
def ask_chance_to_pass(hours: float = 3) -> AnswerBox:
    question = (
        "The fitted model has w = {w} and b = {b}. Which probability of passing "
        "does it give a student with {hours} hours?"
    )
    w, b = LOWEST
    z = w * hours + b
    slips = {
        "{typed} is the score z; turn it into a probability.": z,
        "{typed} is the chance of failing.": sigmoid(-z),
        "{typed} is the odds; divide them by 1 + odds.": np.exp(z),
        "{typed} has the bias taken away; add it, although it is negative.": sigmoid(w * hours - b),
        "{typed} leaves out the bias.": sigmoid(w * hours),
    }
    hints = ["First the score, z = wx + b.", "z = {w} · {hours} + ({b}), then σ(z)."]
    praise = "An even chance is at {even} hours."
    return AnswerBox(
        question, sigmoid(z), slips, hints, praise, percent=True,
        w=w, b=b, hours=hours, even=round(-b / w, 2),
    )  # fmt: skip


def check_step(my_step: Any) -> None:
    """Check my_step(w, b, x, y, eta), which returns the new (w, b); one feature."""

    def step(error: Callable[..., float]) -> Callable[..., tuple[float, float]]:
        def new(w: float, b: float, x: float, y: int, eta: float) -> tuple[float, float]:
            slope = error(w * x + b, y)
            return w - eta * slope * x, b - eta * slope

        return new

    right = step(lambda z, y: sigmoid(z) - y)
    slips = {
        "The step goes uphill: subtract the gradient.": step(lambda z, y: y - sigmoid(z)),
        "The new b was used for w: compute both from the old numbers.": lambda w, b, *v: (
            (right(w, right(w, b, *v)[1], *v)[0], right(w, b, *v)[1])
        ),
        "The new w was used for b: compute both from the old numbers.": lambda w, b, *v: (
            (right(w, b, *v)[0], right(right(w, b, *v)[0], b, *v)[1])
        ),
        "The factor x is missing.": lambda w, b, *v: (
            (w - b + right(w, b, *v)[1], right(w, b, *v)[1])
        ),
        "The bias was left as it was.": lambda w, b, *v: (right(w, b, *v)[0], b),
        "The learning rate is missing.": lambda *v: right(*v[:4], 1),
        "That is the gradient of half the squared error.": step(
            lambda z, y: (sigmoid(z) - y) * dsigmoid_dz(z)
        ),
        "The prediction is missing: a = σ(wx + b), not the score.": step(lambda z, y: z - y),
    }
    inputs = [(0.0, 0.0, 2.0, 1, 0.1), (0.5, -1.0, 3.0, 0, 0.5), (-1.0, 0.3, 0.5, 1, 2.0)]
    hint = "First a, then the error, then one step for each parameter."
    check(my_step, right, inputs, slips, hint)


@another(
    ((2, 1), 0.8, 1, 0.5), ((1, 3), 0.6, 0, 0.1), ((-1, 2), 0.4, 1, 0.2), ((3, 2), 0.3, 0, 0.2),
    ((0.5, 1), 0.7, 0, 0.4), ((4, 2), 0.9, 1, 0.3), ((2, -3), 0.2, 1, 0.05), ((1, 5), 0.1, 0, 0.2),
)  # fmt: skip
def ask_promise(x: tuple = (1, 2), a: float = 0.5, y: int = 1, eta: float = 0.3) -> AnswerBox:
    question = (
        "A sample has x = {x} and y = {y}, the model says a = {a}, and η = {eta}. "
        "How much loss does the tangent promise to take away?"
    )
    dw, db = parameter_gradient(x, a, y)
    squares = dw @ dw + db**2
    slips = {
        "{typed} leaves out the bias.": eta * (dw @ dw),
        "{typed} is the sum of the squares; multiply it by η.": squares,
        "{typed} has the length of the gradient, not its square.": eta * np.sqrt(squares),
        "{typed} is the loss before the step.": log_loss(a, y),
    }
    hints = [
        "Square all three slopes and add.",
        "The slopes are {slopes[0]}, {slopes[1]} and {slopes[2]}.",
    ]
    praise = "The curve gives less."
    slopes = [pen.shortest(slope) for slope in (*dw, db)]
    return AnswerBox(
        question, eta * squares, slips, hints, praise, x=list(x), a=a, y=y, eta=eta, slopes=slopes
    )
