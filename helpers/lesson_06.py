"""Lesson 06 · One update step: what its notebook shows, asks and checks, in its order."""

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from .engine.boxes import AnswerBox
from .engine.checking import check
from .engine.drawing import (
    GREY,
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
    write,
)
from .engine.explorer import Explorer, buttons, slider, stops
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
from .slips import of_a_gradient, of_a_step
from .students import HOURS, LOWEST, PASSED, draw_students, put_students, students_cost


def ask_gradient_for_w() -> AnswerBox:
    question = "A sample has x = [2, 1] and y = 1, and the model says a = 0.3. What is ∂L/∂w?"
    right, slips = of_a_gradient(np.array([[2, 1]]), np.array([0.3]), np.array([1]))
    hints = ["First the error, a − y.", "Multiply the error, 0.3 − 1, by each feature."]
    praise = "The error times each feature."
    return AnswerBox(question, right, slips, hints, praise, fields=["∂L/∂w₁", "∂L/∂w₂"])


def ask_new_weights() -> AnswerBox:
    question = (
        "Now w = [0.7, 0.2], x = [1, 3] and y = 0, the model says a = 0.9, and η = 0.5. "
        "What is w after one step?"
    )
    right, slips = of_a_step(np.array([0.7, 0.2]), np.array([1, 3]), a=0.9, y=0, rate=0.5)
    hints = ["The gradient is (a − y)x; take η times it from w.", "Here (a − y)x = [0.9, 2.7]."]
    praise = "The prediction was too high: both weights fall."
    return AnswerBox(question, right, slips, hints, praise, fields=["w₁", "w₂"])


@house_style()
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


RATES, STEPS = [0.1, 0.5, 1, 2], [0, 1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 100, 199, 400]


@house_style()
def explore_walk() -> Explorer:
    """Choose η and how many steps: the walk down the students' cost, and the S-curve it gives."""
    land, plane = new_pair(4.6, 2, NARROW, height_ratios=[5, 4])
    _draw_landscape(land)
    curve, gaps = draw_students(plane)
    path, here = draw_line(land, colour=SLOPE, linewidth=1.6), draw_dot(land)
    label = land.text(0.03, 0.06, "J", transform=land.transAxes, fontsize=13, fontweight="bold")
    walks = _walks()
    # All steps at first, then odd strides, so that a jump across the valley is never left out.
    drawn = np.append(np.arange(30), np.arange(31, STEPS[-1] + 13, 13))

    def draw(eta: float, steps: int) -> str:
        walk = walks[np.minimum(drawn, steps), RATES.index(eta)]
        w, b = walk[-1]
        path.set_data(*walk.T)
        place(here, (w, b))
        put_students(curve, gaps, w, b)
        cost = students_cost(w, b)
        label.set_text(f"J = {decimal(cost)}")
        return say(
            "Step {step} with η = {eta}: w = {w:.3f}, b = {b:.3f}, cost J = {cost:.3f}.",
            step=steps, eta=eta, w=w, b=b, cost=cost,
        )  # fmt: skip

    slider = stops(STEPS, 20, say("steps"))
    moving = {"here": here, "path": path, "curve": curve, "gaps": gaps, "label": label}
    return Explorer(land.figure, moving, draw, eta=buttons(RATES, 0.5, "η"), steps=slider)


def ask_chance_to_pass() -> AnswerBox:
    question = (
        "The fitted model has w = 1.5046 and b = −4.0777. Which probability of passing "
        "does it give a student with 3 hours?"
    )
    w, b, hours = 1.5046, -4.0777, 3
    z = w * hours + b
    slips = {
        "{typed} is the score z; turn it into a probability.": z,
        "{typed} is the chance of failing.": sigmoid(-z),
        "{typed} is the odds; divide them by 1 + odds.": np.exp(z),
        "{typed} has 4.0777 added; the bias is negative.": sigmoid(w * hours - b),
        "{typed} leaves out the bias.": sigmoid(w * hours),
    }
    hints = ["First the score, z = wx + b.", "z = 1.5046 · 3 − 4.0777, then σ(z)."]
    praise = "A little more than an even chance, which is at 2.71 hours."
    return AnswerBox(question, sigmoid(z), slips, hints, praise, percent=True)


def check_step(my_step: Any) -> None:
    """Check my_step(w, b, x, y, eta), which returns the new (w, b); one feature."""

    def step(error: Callable[..., float]) -> Callable[..., tuple[float, float]]:
        return lambda w, b, x, y, eta: (
            w - eta * error(w * x + b, y) * x,
            b - eta * error(w * x + b, y),
        )

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


def _walks() -> np.ndarray:
    """(w, b) after each step, for each of the rates: shape (steps + 1, rates, 2)."""
    walks = np.zeros((STEPS[-1] + 1, len(RATES), 2))
    for k in range(STEPS[-1]):
        w, b = walks[k].T
        error = sigmoid(np.outer(w, HOURS) + b[:, None]) - PASSED
        gradient = np.stack([(error * HOURS).mean(1), error.mean(1)], axis=1)
        walks[k + 1] = walks[k] - np.array(RATES)[:, None] * gradient
    return walks


def _draw_landscape(axes: Axes) -> None:
    """The students' cost over w and b, darker where it is higher, and its lowest point."""
    w, b = np.meshgrid(np.linspace(-0.8, 3.4, 25), np.linspace(-5.4, 0.6, 25))
    levels = [0.4, 0.42, 0.45, 0.5, 0.58, 0.7, 0.9, 1.2, 1.7, 9]
    tints = [str(1 - 0.035 * k) for k in range(len(levels) - 1)]
    axes.contourf(w, b, students_cost(w, b), levels, colors=tints)
    axes.set(xlabel="w", xlim=(-0.8, 3.4), ylim=(-5.4, 0.6), xticks=range(4), yticks=range(-5, 1))
    name_y_axis(axes, "b")
    axes.plot(0, 0, "o", markersize=7, color=SLOPE, markerfacecolor="white", zorder=4)
    axes.plot(*LOWEST, "x", markersize=12, markeredgewidth=2.2, color="black", zorder=4)
    draw_text(axes, decimal(students_cost(*LOWEST)), *LOWEST, (0, -27), ha="center")


@house_style()
def explore_step() -> Explorer:
    """Slide η and the starting a: one step down the loss curve, and what the tangent promised."""
    axes = new_axes(3.6, "z", "L", NARROW, xlim=(-4.6, 5.2), ylim=(-0.9, 2.8))
    axes.axhline(0, color=GREY, linewidth=0.8)
    z = np.linspace(-4.6, 5.2, 200)
    draw_line(axes, z, log_loss_from_logit(z, 1), COLOURS[1], LINES[1])
    tangent = draw_guide(axes, SLOPE, linewidth=1.8)
    gap = draw_line(axes, colour=GREY, linewidth=1.2)
    promised = draw_dot(axes, SLOPE, marker="D", markersize=7, zorder=7)
    before = draw_dot(axes, markersize=11, markerfacecolor="white")
    after = draw_dot(axes, markersize=11)
    labels = [draw_text(axes, colour=c, fontsize=12) for c in ("black", "black", SLOPE)]

    def draw(eta: float, a: float) -> str:
        z, z_after = logit(a), logit(a) + eta * (1 - a) * 6  # x = [2, 1] and the bias: 4 + 1 + 1
        loss, new_loss = log_loss_from_logit(z, 1), log_loss_from_logit(z_after, 1)
        promise = loss + dloss_dz(a, 1) * (z_after - z)
        place(before, (z, loss))
        place(after, (z_after, new_loss))
        place(promised, (z_after, promise))
        place(tangent, (z, loss), (z_after, promise))
        place(gap, (z_after, promise), (z_after, new_loss))
        # A label that would cross the line L = 0 goes below that line.
        write(labels[0], f"a = {a:.2f}", z, loss if loss > 0.4 else 0, -1, -16)
        write(labels[1], f"a = {decimal(sigmoid(z_after))}", z_after, new_loss, 1)
        write(labels[2], decimal(promise), z_after, *_below_the_curve(z_after, new_loss, promise))
        return say(
            "η = {eta:.2f} from a = {a:.2f}: z moves by {move:.2f}, a becomes {after:.3f}, "
            "the loss goes from {loss:.3f} to {new_loss:.3f}; the tangent promised a fall "
            "to {promise:.3f}.",
            eta=eta, a=a, move=z_after - z, after=sigmoid(z_after),
            loss=loss, new_loss=new_loss, promise=promise,
        )  # fmt: skip

    moving = {
        "before": before, "after": after, "promised": promised, "tangent": tangent,
        "gap": gap, "labels": labels,
    }  # fmt: skip
    eta, a = slider(0.4, 0.1, 0.6, 0.1, "η"), slider(0.3, 0.1, 0.9, 0.1)
    return Explorer(axes.figure, moving, draw, eta=eta, a=a)


def _below_the_curve(z: float, loss: float, promise: float) -> tuple[float, int, float]:
    """Where the promise's label is free of curve, tangent and L = 0: height, side, shift."""
    side, up = 1, -4  # far below the curve: right of the tangent's end
    if loss - promise <= 0.5:  # left where the curve is steep, right where it is flat
        side, up = (-1, -28) if z < 0.75 else (1, -22)
    at_zero = -0.25 < promise + up / 55 < 0.1
    return (0, side, -20) if at_zero else (promise, side, up)


def ask_promise() -> AnswerBox:
    question = (
        "A sample has x = [1, 2] and y = 1, the model says a = 0.5, and η = 0.3. "
        "How much loss does the tangent promise to take away?"
    )
    dw, db = parameter_gradient([1, 2], 0.5, 1)
    squares, rate = dw @ dw + db**2, 0.3
    slips = {
        "{typed} leaves out the bias.": rate * (dw @ dw),
        "{typed} is the sum of the squares; multiply it by η.": squares,
        "{typed} has the length of the gradient, not its square.": rate * np.sqrt(squares),
        "{typed} is the loss before the step.": log_loss(0.5, 1),
    }
    hints = ["Square all three slopes and add.", "The slopes are −0.5, −1 and −0.5."]
    praise = "The curve gives less."
    return AnswerBox(question, rate * squares, slips, hints, praise)
