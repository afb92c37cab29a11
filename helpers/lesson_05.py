"""Lesson 05 · The gradient: what its notebook shows, asks and checks, in its order."""

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

from .engine.boxes import AnswerBox
from .engine.checking import check
from .engine.drawing import (
    GREY,
    HALVES,
    NARROW,
    Picture,
    decimal,
    draw_dot,
    draw_line,
    draw_point,
    draw_text,
    draw_triangle,
    house_style,
    new_axes,
    place,
    place_triangle,
    shortest,
    show_only,
    write,
)
from .engine.explorer import Explorer, buttons, stops
from .language import say
from .logistic import dloss_da, dloss_dz, dsigmoid_dz, log_loss, log_loss_from_logit, logit, sigmoid
from .palette import COLOURS, LINES, SLOPE, TEAL
from .slips import of_a_gradient

NUDGE = 1.0  # along the tangents, where every nudge is a small one


TINTS = "#E9EDF1", "#D5ECE4", "#EBDDE9"  # what travels from panel to panel: Δz, Δa, ΔL


HALF = [0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5]


Z_STOPS = [float(logit(a)) for a in (*HALF, *(round(1 - a, 2) for a in HALF[-2::-1]))]


def _linked_panels() -> tuple[list[Axes], dict[int, list[Line2D]]]:
    """σ over z, a mirror that turns a to the foot, L over z and a; and each label's lines of L."""
    figure = Figure(figsize=(NARROW, 5.15))
    figure.add_axes((0, 0, 1, 1), xlim=(0, 1), ylim=(0, 1)).axis("off")  # behind the panels
    edges = {"left": 0.12, "right": 0.98, "bottom": 0.19, "top": 0.948}
    gaps = {"wspace": 0.03 / 0.415, "hspace": 0.02 / 0.385}
    panels = figure.subplots(2, 2, sharex="col", sharey="row", gridspec_kw={**edges, **gaps})
    (sigma, mirror), (over_z, over_a) = panels
    sigma.set(ylim=(-0.06, 1.1), yticks=[0, 1])
    over_z.set(xlim=(-5.6, 6.2), xticks=[-4, 0, 4], ylim=(-0.35, 6), yticks=[0, 2, 4])
    over_a.set(xlim=(-0.06, 1.06), **HALVES)
    for axes in panels.flat:
        axes.spines[["top", "right"]].set_visible(False)
        axes.patch.set_visible(False)
        axes.tick_params(labelsize=11)
    for axes, name in ((over_z, "z"), (over_a, "a")):
        axes.set_xlabel(name, fontsize=12, labelpad=1)
    for axes, name in ((sigma, "a"), (over_z, "L")):
        axes.set_ylabel(name, fontsize=12, rotation=0, labelpad=5, va="center")
    z = np.linspace(-5.6, 6.2, 200)
    draw_line(sigma, z, sigmoid(z))
    draw_line(mirror, colour=GREY, linewidth=1.2)
    z, a = np.linspace(-6, 6.2, 200), sigmoid(np.linspace(-6.5, 6.5, 300))
    losses = {}
    for y in (1, 0):
        over_score = draw_line(over_z, z, log_loss_from_logit(z, y), COLOURS[y], LINES[y])
        losses[y] = [over_score, draw_line(over_a, a, log_loss(a, y), COLOURS[y], LINES[y])]
    return figure.axes, losses


def _put_bands(axes: list[Axes], bands: list, corner: tuple, turn: tuple) -> None:
    """What travels: Δz down, Δa by way of the mirror, ΔL to the left. `turn` is the step's end."""
    ground, sigma, mirror, over_z, over_a = axes
    (z, a, loss), (z_1, a_1, loss_1) = corner, turn
    down = (sigma, z, a), (sigma, z_1, a), (over_z, z_1, loss), (over_z, z, loss)
    out = (sigma, z_1, a), (mirror, a, a), (over_a, a, loss)
    home = (over_a, a_1, loss), (mirror, a_1, a_1), (sigma, z_1, a_1)
    left = (over_a, a_1, loss), (over_a, a_1, loss_1), (over_z, z_1, loss_1), (over_z, z_1, loss)
    on_ground = ground.transData.inverted().transform
    for band, corners in zip(bands, (down, (*out, *home), left)):
        band.set_xy(on_ground([panel.transData.transform(at) for panel, *at in corners]))


def _name_slopes(labels: list[Text], a: float, y: int, slopes: tuple) -> None:
    """Write the slopes and their product, which is a − y at every stop, as rounded as shown."""
    first, second, both = map(shortest, slopes)
    write(labels[0], f"Δa = {first} Δz", -5.4, 1.03)
    write(labels[1], f"ΔL = {second} Δa", 0.7725, 0.07)  # below its panel, clear of the bands
    write(labels[2], f"ΔL = {both} Δz", 0.3275, 0.07)
    factor = f"({second})" if y else second  # it is negative for y = 1
    equals = "=" if np.isclose(slopes[1], round(slopes[1], 2)) else "≈"  # 1.667 is rounded
    write(labels[3], f"{first} × {factor} {equals} {both} = {a:.2f} − {y}", 0.5, 0.02)


@house_style()
def explore_gradient() -> Explorer:
    """Slide z, choose y: a nudge of z travels to a and on to L, and there in one go."""
    axes, curves = _linked_panels()
    ground, sigma, _, over_z, over_a = axes
    bands = [ground.fill([0, 1, 1], [0, 0, 1], fc=tint, ec=tint, lw=1)[0] for tint in TINTS]
    panels = (sigma, over_a, over_z)
    colours = (GREY, TEAL), (TEAL, SLOPE), (GREY, SLOPE)  # Δz, Δa and ΔL keep theirs
    triangles = [draw_triangle(panel, *pair) for panel, pair in zip(panels, colours)]
    dots = [draw_dot(panel, markersize=8) for panel in panels]
    labels = [draw_text(sigma, colour=TEAL)]
    labels += [draw_text(ground, colour=SLOPE, ha="center") for _ in range(2)]
    labels.append(draw_text(ground, colour=SLOPE, fontsize=13, weight="bold", ha="center"))
    nudge = draw_text(sigma, colour=GREY, ha="center")

    def draw(z: float, y: int) -> str:
        a, loss = sigmoid(z), log_loss_from_logit(z, y)
        slopes = first, second, both = dsigmoid_dz(z), dloss_da(a, y), dloss_dz(a, y)
        show_only(y, curves)
        steps = (z, a, NUDGE, first), (a, loss, first * NUDGE, second), (z, loss, NUDGE, both)
        for dot, triangle, step in zip(dots, triangles, steps):
            place(dot, step[:2])
            place_triangle(triangle, *step)
        end = (z + NUDGE, a + first * NUDGE, loss + both * NUDGE)
        _put_bands(axes, bands, (z, a, loss), end)
        _name_slopes(labels, a, y, slopes)
        write(nudge, "Δz", z + NUDGE / 2, a)
        nudge.set_position((0, -14 if a > 0.08 else 22))
        return say(
            "Score z = {z:.3f}, prediction a = {a:.2f}, truth y = {y}, loss L = {loss:.3f}. "
            "Slopes: ∂a/∂z = {first:.4g}, ∂L/∂a = {second:.4g}, ∂L/∂z = {both:.4g}.",
            z=z, a=a, y=y, loss=loss, first=first, second=second, both=both,
        )  # fmt: skip

    moving = {
        "dot": dots[0], "dots": dots[1:], "bands": bands,
        "triangles": [*itertools.chain(*triangles)], "labels": labels, "nudge": nudge,
        "curves": [*curves[0], *curves[1]],
    }  # fmt: skip
    slider = stops([(decimal(z), z) for z in Z_STOPS], logit(0.6))
    return Explorer(ground.figure, moving, draw, z=slider, y=buttons([1, 0], 1))


def ask_error() -> AnswerBox:
    question = "A model says a = 0.35, and the truth is y = 1. What is ∂L/∂z?"
    a, y = 0.35, 1
    slips = {
        "{typed} is y − a; the slope is a − y, and it is negative: push z up.": y - a,
        "{typed} is ∂L/∂a: you stopped before the sigmoid.": dloss_da(a, y),
        "{typed} is the slope of half the squared error.": (a - y) * a * (1 - a),
        "{typed} is the slope of the sigmoid, a(1 − a).": a * (1 - a),
        "{typed} is a, the prediction; subtract the truth.": a,
        "{typed} is the loss, not its slope.": log_loss(a, y),
    }
    hints = ["Prediction minus truth.", "Subtract 1 from 0.35."]
    return AnswerBox(question, dloss_dz(a, y), slips, hints, praise="Push z up.")


def ask_gradient_of_a_batch() -> AnswerBox:
    question = (
        "Two samples: x = 2, a = 0.7, y = 1 and x = 1, a = 0.9, y = 0. "
        "What is the gradient of their cost J?"
    )
    x = np.array([[2, 1], [1, 1]])  # the bias is a weight whose feature is 1
    a, y = np.array([0.7, 0.9]), np.array([1, 0])
    right, slips = of_a_gradient(x, a, y)
    slips |= {"{typed}: those are the sums; take the means.": (a - y) @ x}
    hints = ["First a − y for each, then times x for w.", "The errors are −0.3 and 0.9."]
    praise = "Both positive: the confident mistake wins."
    return AnswerBox(question, right, slips, hints, praise, fields=["∂J/∂w", "∂J/∂b"])


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


@house_style()
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


def ask_dloss_da() -> AnswerBox:
    question = "A model says a = 0.6, and the truth is y = 0. What is ∂L/∂a of log loss?"
    a, y = 0.6, 0
    slips = {
        "{typed} is −1/a, the slope for y = 1; the truth is 0.": dloss_da(a, 1),
        "{typed}: 1 − a falls when a rises, so the sign turns twice.": -dloss_da(a, y),
        "{typed} is the slope over z, a − y; here the slope over a is asked.": dloss_dz(a, y),
        "{typed} is the slope of the sigmoid, a(1 − a).": a * (1 - a),
        "{typed} is the loss, not its slope.": log_loss(a, y),
    }
    hints = ["For y = 0 only (1 − y)/(1 − a) is left.", "Divide 1 by what the truth got, 0.4."]
    praise = "Times the sigmoid's slope, 0.24, that is a − y."
    return AnswerBox(question, dloss_da(a, y), slips, hints, praise)
