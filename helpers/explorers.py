"""The course's explorers: a picture, sliders, and a sentence that says what is seen."""

import itertools
from collections.abc import Sequence

import numpy as np
from ipywidgets import FloatSlider, SelectionSlider, ToggleButtons
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from .engine.drawing import (
    COLOURS,
    GREY,
    LINES,
    SLOPE,
    decimal,
    draw_dot,
    draw_guide,
    draw_line,
    draw_text,
    draw_triangle,
    name_y_axis,
    new_axes,
    new_pair,
    place,
    place_triangle,
    shortest,
    show_only,
    write,
)
from .engine.explorer import Explorer
from .figures import HOURS, PASSED
from .language import say
from .logistic import dloss_da, dloss_dz, dsigmoid_dz, log_loss, log_loss_from_logit, logit, sigmoid

WIDTH = 4.6  # inches: less than a still picture, so that its text can be read on a phone
HALVES = {"xticks": [0, 0.5, 1], "xticklabels": ["0", "0.5", "1"]}


def _slider(value: float, low: float, high: float, step: float, name: str = "") -> FloatSlider:
    look = {"readout_format": ".1f", "description": name}
    return FloatSlider(value, min=low, max=high, step=step, **look)


def _stops(stops: Sequence, value: float, name: str = "") -> SelectionSlider:
    return SelectionSlider(options=stops, value=value, description=name)


def _choice(options: list, value: float, name: str = "") -> ToggleButtons:
    look = {
        "style": {"button_width": "3.5em"},
        "layout": {"display": "flex", "align_items": "center"},
    }
    return ToggleButtons(options=options, value=value, description=name, **look)


# --- 01 Logarithms -----------------------------------------------------------------------------

STOCK = [0.01, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 100]
SLIDE = [0.1, 0.2, 0.5, 1, 2, 5, 10]
FACTORS = [0.1, 0.2, 0.5, 0.6, 0.9, 1, 2, 3, 4, 5, 8, 10]
TEAL, OCHRE = "#007A5A", "#8F6400"


def _comb(low: int, high: int, named: list[float], side: int) -> tuple[np.ndarray, np.ndarray]:
    """A logarithmic scale from 10^low to 10^high, its ticks to one side, as one line."""
    values = [digit * 10.0**k for k in range(low, high) for digit in range(1, 10)] + [10.0**high]
    tall = [9 if np.isclose(value, named).any() else 5 for value in values]
    return np.repeat(np.log10(values), 3), side * np.ravel([(0, height, 0) for height in tall])


def _put_arrow(arrow: Line2D, label: Text, u: float, ends: tuple, y: float, taken: list) -> None:
    """An arrow of length log u; its name right of it, or left where that is taken or too narrow."""
    (start, end), text = ends, f"log {u:g}"
    head = np.clip(end - start, -0.07, 0.07)  # a short arrow has a short head
    tip, up, down = (end, y), (end - head, y + 60 * head), (end - head, y - 60 * head)
    place(arrow, (start, y), tip, up, tip, down)
    left, right, room = min(ends) - 0.08, max(ends) + 0.08, 0.01 + 0.08 * len(text)
    free = right + room < 2.2 and not any(right - 0.07 < x < right + room for x in taken)
    label.set(text=text, x=right if free else left, y=y, ha="left" if free else "right")


def _slide_rule() -> Axes:
    """The fixed lower scale, in decades from left to right and points from top to bottom."""
    axes = Figure(figsize=(WIDTH, 3.2)).add_axes((0, 0, 1, 1), xlim=(-2.2, 2.2), ylim=(-138, 92.4))
    axes.axis("off")
    axes.add_patch(Rectangle((-2.2, -36), 4.4, 36, facecolor="#E9EDF1"))
    draw_line(axes, *_comb(-2, 2, STOCK, -1), linewidth=1)
    place(draw_guide(axes), (0, -36), (0, -122))
    for value in STOCK:
        axes.text(np.log10(value), -24, f"{value:g}", ha="center", fontsize=11)
    return axes


def explore_slide_rule() -> Explorer:
    """Two logarithmic scales, one slides: lengths add, numbers multiply."""
    axes = _slide_rule()
    body = axes.add_patch(Rectangle((-1.2, 0), 2.4, 46, color="#FBEFD5"))
    comb, rise = _comb(-1, 1, SLIDE, 1)
    scale = draw_line(axes, comb, rise, linewidth=1)
    names = [axes.text(0, 14, f"{value:g}", ha="center", fontsize=11) for value in SLIDE]
    guides = [draw_guide(axes), draw_guide(axes)]
    colours = TEAL, OCHRE, "black"
    arrows = [draw_line(axes, colour=c, linewidth=2.6, solid_joinstyle="round") for c in colours]
    labels = [axes.text(0, 0, "1", va="center", color=c, fontsize=12) for c in colours]
    factor = axes.text(0, 30, "1", ha="center", color=OCHRE, fontsize=12, weight="bold")
    product = axes.text(0, 62, "1", ha="center", fontsize=14, weight="bold")
    dot, result = draw_dot(axes, TEAL, markersize=10), draw_dot(axes, markersize=7)

    def draw(u: float, v: float) -> str:
        at, end = np.log10(u), np.log10(u * v)
        place(dot, (at, 0))
        place(result, (end, 0))
        body.set_x(at - 1.2)
        scale.set_xdata(comb + at)
        for name, value in zip(names, SLIDE):
            name.set_x(np.log10(value) + at)
        factor.set(text=f"{v:g}", x=end)
        place(guides[0], (at, -36), (at, -90))
        place(guides[1], (end, -36), (end, -122))
        _put_arrow(arrows[0], labels[0], u, (0, at), -58, [end])
        _put_arrow(arrows[1], labels[1], v, (at, end), -90, [0])
        _put_arrow(arrows[2], labels[2], u * v, (0, end), -122, [])
        product.set(text=f"{u:g} · {v:g} = {u * v:g}", x=np.clip(end, -1.25, 1.25))
        return say(
            "The 1 stands over {u:g}, and under {v:g} stands {uv:g}: "
            "log {u:g} + log {v:g} = log {uv:g}",
            u=u, v=v, uv=u * v,
        )  # fmt: skip

    moving = [dot, result, body, scale, *names, *guides, *arrows, *labels, factor, product]
    return Explorer(axes.figure, moving, draw, u=_stops(FACTORS, 2), v=_stops(FACTORS, 4))


# --- 02 Sigmoid --------------------------------------------------------------------------------


def explore_students() -> Explorer:
    """Slide b and w: the bias shifts the S-curve through the students, the weight squeezes it."""
    axes = new_axes(3.6, "", "", WIDTH)
    curve, gaps = _draw_students(axes)
    axes.set_ylim(-0.08, 1.26)
    middle, guide = draw_dot(axes, markerfacecolor="white"), draw_guide(axes)
    label = draw_text(axes, ha="center")

    def draw(b: float, w: float) -> str:
        _put_students(curve, gaps, w, b)
        half = -b / w + 0.0 if w else np.inf  # not −0.0
        told = {"w": w, "b": b, "half": half, "slope": w / 4}
        inside = 0 <= half <= 6
        for artist in (middle, guide, label):
            artist.set_visible(inside)
        if inside:
            place(middle, (half, 0.5))
            place(guide, (half, -0.08), (half, 1.12))
            write(label, f"x = {decimal(half, 2)}", np.clip(half, 0.8, 5.4), 1.16)
            return say(
                "w = {w:.1f}, b = {b:.1f}: a is 0.5 at {half:.2f} hours, slope {slope:.3f}.", **told
            )
        if b > 0:
            return say("w = {w:.1f}, b = {b:.1f}: a is above 0.5 for everybody.", **told)
        if b < 0:
            return say("w = {w:.1f}, b = {b:.1f}: a is below 0.5 for everybody.", **told)
        return say("w = {w:.1f}, b = {b:.1f}: a is 0.5 for everybody.", **told)

    moving = [middle, curve, *gaps, guide, label]
    b, w = _slider(-0.5, -6, 1, 0.5), _stops([0, 0.2, 0.5, 1, 1.5, 2, 3], 0.2)
    return Explorer(axes.figure, moving, draw, b=b, w=w)


def explore_sigmoid() -> Explorer:
    """Slide z: the point on σ with its tangent above, its slope's hill below, one z for both."""
    upper, lower = new_pair(4.3, 2, WIDTH, sharex=True, height_ratios=[3, 2])
    grid = np.linspace(-7.5, 7.5, 401)
    upper.set(xlim=(-7.5, 7.5), ylim=(-0.08, 1.12), yticks=[0, 0.5, 1])
    lower.set(xlabel="z", ylim=(-0.02, 0.34), xticks=range(-6, 7, 2), yticks=[0, 0.25])
    name_y_axis(upper, "a")
    name_y_axis(lower, "σ′")
    draw_line(upper, grid, sigmoid(grid))
    draw_line(lower, grid, dsigmoid_dz(grid), SLOPE)
    tangent = draw_line(upper, colour=SLOPE, linewidth=3)
    point, top = draw_dot(upper), draw_dot(lower, SLOPE, y=0)
    fall, rise = draw_guide(upper), draw_guide(lower)
    height, steep = draw_text(upper), draw_text(lower, y=0, colour=SLOPE)

    def draw(z: float) -> str:
        a, slope = sigmoid(z), dsigmoid_dz(z)
        reach = np.array([-1.6, 1.6]) / np.hypot(1, 4 * slope)
        tangent.set_data(z + reach, a + slope * reach)
        place(point, (z, a))
        place(top, (z, slope))
        place(fall, (z, -0.08), (z, a))
        place(rise, (z, slope), (z, 0.34))
        side = -1 if z < 0 else 1
        write(height, decimal(a), z, a, side, up=-20 if z >= 0 else 10)
        write(steep, decimal(slope), z, slope, side)
        return say(
            "z = {z:.1f}: a is {a:.3f}, and the slope there is {slope:.3f}.", z=z, a=a, slope=slope
        )

    moving = [point, top, fall, rise, tangent, height, steep]
    return Explorer(upper.figure, moving, draw, z=_slider(2, -5, 5, 0.1))


# --- 03 Log loss -------------------------------------------------------------------------------

PALE = {1: "#CCE3F0", 0: "#F7DFCC"}  # the part of the bar that the truth did not get
LOSS_TOP = 5.0  # nats: above it the point has left the frame
PREDICTIONS = (0, 0.01, *(round(k / 20, 2) for k in range(1, 20)), 0.99, 1)


def _loss_axes() -> tuple[Axes, Axes]:
    """The two loss curves, and below them a frame for the bar from 0 to 1 along the same a."""
    curves, bar = new_pair(4.6, 2, WIDTH, sharex=True, height_ratios=[5, 1])
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

    moving = [dot, guide, label, gone, *parts.values(), *shares.values(), split]
    return Explorer(curves.figure, moving, draw, a=_stops(PREDICTIONS, 0.6), y=_choice([1, 0], 1))


# --- 04 Mini-batch -----------------------------------------------------------------------------

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
    curves, bars = new_pair(3.5, width=WIDTH, sharey=True, width_ratios=[1, 1.55])
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
    moving = [points[2], *points[:2], *itertools.chain(*others), *levels, *means, *labels, *ticks]
    sliders = [("a_1", "a₁", 0.9), ("a_2", "a₂", 0.6), ("a_3", "a₃", 0.2)]
    controls = {name: _stops(GIVEN_STOPS, start, text) for name, text, start in sliders}
    return Explorer(curves.figure, [*moving, *itertools.chain(*scales.values())], draw, **controls)


# --- 05 Gradient -------------------------------------------------------------------------------

NUDGE = 1.0  # along the tangents, where every nudge is a small one
TINTS = "#E9EDF1", "#D5ECE4", "#EBDDE9"  # what travels from panel to panel: Δz, Δa, ΔL
HALF = [0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5]
Z_STOPS = [float(logit(a)) for a in (*HALF, *(round(1 - a, 2) for a in HALF[-2::-1]))]


def _linked_panels() -> tuple[list[Axes], dict[int, list[Line2D]]]:
    """σ over z, a mirror that turns a to the foot, L over z and a; and each label's lines of L."""
    figure = Figure(figsize=(WIDTH, 5.15))
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

    moving = [*dots, *bands, *itertools.chain(*triangles), *labels, nudge, *curves[0], *curves[1]]
    slider = _stops([(decimal(z), z) for z in Z_STOPS], logit(0.6))
    return Explorer(ground.figure, moving, draw, z=slider, y=_choice([1, 0], 1))


# --- 06 Update step ----------------------------------------------------------------------------

RATES, STEPS = [0.1, 0.5, 1, 2], [0, 1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 100, 199, 400]
LOWEST = 1.5046, -4.0777  # the published fit of the students


def explore_walk() -> Explorer:
    """Choose η and how many steps: the walk down the students' cost, and the S-curve it gives."""
    land, plane = new_pair(4.6, 2, WIDTH, height_ratios=[5, 4])
    _draw_landscape(land)
    curve, gaps = _draw_students(plane)
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
        _put_students(curve, gaps, w, b)
        cost = _students_cost(w, b)
        label.set_text(f"J = {decimal(cost)}")
        return say(
            "Step {step} with η = {eta}: w = {w:.3f}, b = {b:.3f}, cost J = {cost:.3f}.",
            step=steps, eta=eta, w=w, b=b, cost=cost,
        )  # fmt: skip

    slider = _stops(STEPS, 20, say("steps"))
    moving = [here, path, curve, *gaps, label]
    return Explorer(land.figure, moving, draw, eta=_choice(RATES, 0.5, "η"), steps=slider)


def _students_cost(w: float | np.ndarray, b: float | np.ndarray) -> np.ndarray:
    """J(w, b) of the twenty students."""
    z = np.multiply.outer(w, HOURS) + np.asarray(b)[..., None]
    return log_loss_from_logit(z, PASSED).mean(-1)


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
    axes.contourf(w, b, _students_cost(w, b), levels, colors=tints)
    axes.set(xlabel="w", xlim=(-0.8, 3.4), ylim=(-5.4, 0.6), xticks=range(4), yticks=range(-5, 1))
    name_y_axis(axes, "b")
    axes.plot(0, 0, "o", markersize=7, color=SLOPE, markerfacecolor="white", zorder=4)
    axes.plot(*LOWEST, "x", markersize=12, markeredgewidth=2.2, color="black", zorder=4)
    draw_text(axes, decimal(_students_cost(*LOWEST)), *LOWEST, (0, -27), ha="center")


def _draw_students(axes: Axes) -> tuple[Line2D, list[Line2D]]:
    """The students as dots at 1 and 0; return the curve, and a line to it from each dot."""
    axes.set(xlabel="x (h)", xlim=(0, 6), ylim=(-0.08, 1.08), yticks=(0, 0.5, 1))
    name_y_axis(axes, "a")
    x = np.linspace(0, 6, 61)
    gaps = [draw_line(axes, colour=COLOURS[y], linewidth=1.6) for y in PASSED]
    curve = draw_line(axes, x, x, linewidth=2.6)
    for y, marker in ((1, "o"), (0, "s")):
        these = PASSED == y
        axes.plot(HOURS[these], PASSED[these], marker, color=COLOURS[y], zorder=5)
        draw_text(axes, f"y = {y}", 6, y, (8, -4), COLOURS[y])
    return curve, gaps


def _put_students(curve: Line2D, gaps: list[Line2D], w: float, b: float) -> None:
    curve.set_ydata(sigmoid(w * curve.get_xdata() + b))
    for gap, hours, y, a in zip(gaps, HOURS, PASSED, sigmoid(w * HOURS + b)):
        place(gap, (hours, y), (hours, a))


def explore_step() -> Explorer:
    """Slide η and the starting a: one step down the loss curve, and what the tangent promised."""
    axes = new_axes(3.6, "z", "L", WIDTH, xlim=(-4.6, 5.2), ylim=(-0.9, 2.8))
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

    moving = [before, after, promised, tangent, gap, *labels]
    eta, a = _slider(0.4, 0.1, 0.6, 0.1, "η"), _slider(0.3, 0.1, 0.9, 0.1)
    return Explorer(axes.figure, moving, draw, eta=eta, a=a)


def _below_the_curve(z: float, loss: float, promise: float) -> tuple[float, int, float]:
    """Where the promise's label is free of curve, tangent and L = 0: height, side, shift."""
    side, up = 1, -4  # far below the curve: right of the tangent's end
    if loss - promise <= 0.5:  # left where the curve is steep, right where it is flat
        side, up = (-1, -28) if z < 0.75 else (1, -22)
    at_zero = -0.25 < promise + up / 55 < 0.1
    return (0, side, -20) if at_zero else (promise, side, up)
