"""Still pictures of the course: one function a picture, each returning a matplotlib Figure.

Pictures hold symbols, digits and units only; words belong to the text around them. Blue is
y = 1 and vermilion is y = 0, told apart by line style and a direct label as well; purple is a
slope.
"""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
from IPython.display import HTML
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch
from PIL import Image

from .logistic import (
    dloss_da,
    dloss_dz,
    dsigmoid_dz,
    log_loss,
    log_loss_from_logit,
    mean_log_loss,
    sigmoid,
)

BLUE, VERMILION, GREY = "#0072B2", "#D55E00", "#5F6368"
SLOPE = "#8E4585"  # purple: slopes, tangents and all that flows back
COLOURS = {1: BLUE, 0: VERMILION}
LINES = {1: "-", 0: (0, (6, 2))}
# Inches. Shown 700 pixels wide, where 11-point text is as large as the text of the page.
WIDTH = 7.0
STYLE = {
    "font.size": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "lines.linewidth": 2.2,
    "lines.markersize": 8,
}


def show(figure: Figure, alt: str) -> HTML:
    """Show a figure in a notebook as a picture that can also be read aloud.

    JupyterLab drops the alternative text of an ordinary picture output, so the picture goes out
    as HTML: a PNG inside an ``<img>`` with ``alt``.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    alt : str
        What there is to see, with its numbers, for somebody who cannot see it.

    Raises
    ------
    TypeError
        If `figure` is not a matplotlib figure.
    ValueError
        If `alt` is empty.

    Examples
    --------
    >>> show(plot_sigmoid(), alt="An S-shaped curve through 0.5 at z = 0.").data[:48]
    '<img alt="An S-shaped curve through 0.5 at z = 0'
    """
    if not isinstance(figure, Figure):
        raise TypeError(f"figure must be a matplotlib Figure, got {type(figure).__name__}")
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError(f"alt must say in words what there is to see, got {alt!r}")
    data = base64.b64encode(_png(figure)).decode("ascii")
    return HTML(
        f'<img alt="{html.escape(alt)}" src="data:image/png;base64,{data}" '
        f'style="width: {100 * figure.get_figwidth():.0f}px; max-width: 100%; height: auto">'
    )


def _png(figure: Figure) -> bytes:
    """PNG with 64 colours (a third of the size) and without matplotlib's version in it."""
    drawn, small = io.BytesIO(), io.BytesIO()
    figure.savefig(drawn, format="png", dpi=200)
    image = Image.open(drawn).convert("RGB").quantize(64, dither=Image.Dither.NONE)
    image.save(small, format="png", optimize=True)
    return small.getvalue()


# --- Pieces ------------------------------------------------------------------------------------


def _axes(height: float, xlabel: str, ylabel: str, **limits: tuple[float, float]) -> Axes:
    """One set of axes on a new figure of the course's width; `limits` are xlim and ylim."""
    with mpl.rc_context(STYLE):
        axes = Figure(figsize=(WIDTH, height), layout="constrained").subplots()
    axes.set(xlabel=xlabel, **limits)
    _name_y(axes, ylabel)
    return axes


def _name_y(axes: Axes, name: str) -> None:
    """Name the vertical axis; a single letter stands upright: on its side, L is another sign."""
    upright = {"rotation": 0, "ha": "right", "va": "center", "labelpad": 10}
    axes.set_ylabel(name, **(upright if len(name) == 1 else {}))


def _pair(height: float, rows: int = 1, **shared: bool) -> tuple[Axes, Axes]:
    """Two sets of axes on one figure, side by side or (rows=2) one above the other."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        return tuple(figure.subplots(rows, 2 // rows, **shared))


def _line(axes: Axes, x, y, colour: str = "black", style="-", **options) -> None:
    axes.plot(x, y, color=colour, linestyle=style, **{"linewidth": 2.2, **options})


def _point(axes: Axes, x: float, y: float, text: str, shift: tuple, colour="black", **o) -> None:
    """A dot with its label, `shift` points away from it."""
    axes.plot([x], [y], "o", color=colour, markersize=8, clip_on=False, zorder=5)
    _text(axes, text, x, y, shift, colour, **o)


def _text(axes: Axes, text: str, x: float, y: float, shift=(0, 0), colour="black", **o) -> None:
    axes.annotate(
        text, (x, y), xytext=shift, textcoords="offset points", color=colour, fontsize=11, **o
    )


def _to_infinity(axes: Axes, x: float, top: float, colour: str, side: int = 1) -> None:
    """An arrow where a curve leaves the frame: it goes on, the picture does not."""
    axes.annotate(
        "",
        (x, top),
        xytext=(x, top * 0.86),
        arrowprops={"arrowstyle": "-|>", "color": colour, "lw": 2.2, "mutation_scale": 18},
        annotation_clip=False,
    )
    _text(axes, "∞", x, top, (side * 14, -8), colour, ha="center")


def _number(value: float, digits: int = 3) -> str:
    """Fixed decimals with a true minus sign, and never −0.000."""
    return f"{round(float(value), digits) + 0.0:.{digits}f}".replace("-", "−")


def _short(value: float) -> str:
    return f"{value:g}".replace("-", "−")


# --- 01 Logarithms -----------------------------------------------------------------------------


def plot_log_curve(base: float = 2, powers: Sequence[int] = (-3, -2, -1, 0, 1, 2, 3)) -> Figure:
    """The curve y = log_base x with some whole powers of the base marked."""
    name = {2: "log₂", 10: "log₁₀"}.get(base, "ln")
    right = 1.3 * float(base) ** max(powers)
    x = np.geomspace(float(base) ** (min(powers) - 0.4), right, 500)
    axes = _axes(4.2, "x", f"y = {name} x", xlim=(0, right))
    axes.axhline(0, color=GREY, linewidth=0.8)
    _line(axes, x, np.log(x) / np.log(base))
    for k in powers:
        fraction = f"(1/{_short(float(base) ** -k)})" if k < 0 else _short(float(base) ** k)
        label = f"{name} {fraction} = {_short(k)}"
        _point(axes, float(base) ** k, k, label, (9, -12 if k >= 0 else -5))
    return axes.figure


def plot_halving(
    intervals: Sequence[tuple[float, float]], target: float = float(np.log2(10))
) -> Figure:
    """Intervals that close in on `target` (by default log₂ 10), one below the other."""
    low, high = intervals[0]
    pad = 0.12 * (high - low)
    axes = _axes(0.42 * len(intervals) + 1.1, "y", "", xlim=(low - pad, high + pad))
    axes.axvline(target, color=GREY, linewidth=1, linestyle=":")
    for row, (left, right) in enumerate(intervals):
        _line(axes, [left, right], [row, row], linewidth=5, solid_capstyle="butt")
        _text(axes, _short(left), left, row, (-5, -4), ha="right")
        _text(axes, _short(right), right, row, (5, -4))
    axes.set(yticks=range(len(intervals)), ylim=(len(intervals) - 0.4, -0.9))
    axes.set_xticks([low, target, high], [_short(low), _number(target), _short(high)])
    return axes.figure


def plot_linear_and_log(values: Sequence[float], labels: Sequence[str]) -> Figure:
    """The same figures on a linear axis (left) and on a logarithmic one (right)."""
    linear, logarithmic = _pair(0.4 * len(values) + 1.0, sharey=True)
    for axes in (linear, logarithmic):
        axes.plot(values, range(len(values)), "o", color="black", clip_on=False, zorder=5)
        axes.set(yticks=range(len(values)), yticklabels=labels)
        axes.grid(axis="y", color="#DDDDDD")
    linear.set_xlim(left=0)
    linear.set_xticks([0, max(values)], ["0", labels[int(np.argmax(values))]])
    linear.get_xticklabels()[-1].set_ha("right")  # or it would run into the next axis
    logarithmic.set_xscale("log")
    return linear.figure


def plot_surprise(probabilities: Sequence[float] = (1, 0.5, 0.1)) -> Figure:
    """The surprise −log p of an event of probability p, in nats."""
    top = 5.0
    p = np.geomspace(np.exp(-top), 1, 400)
    axes = _axes(3.6, "p", "−log p", xlim=(-0.03, 1.03), ylim=(-0.1, top))
    _line(axes, p, -np.log(p))
    _to_infinity(axes, 0.0, top, "black")
    for value in probabilities:
        surprise = 0.0 - np.log(value)
        side, up = ("right", 14) if value > 0.9 else ("left", 9)
        _point(
            axes, value, surprise, f"−log {_short(value)} = {_number(surprise)}", (4, up), ha=side
        )
    return axes.figure


# --- 02 Sigmoid --------------------------------------------------------------------------------


def plot_sigmoid(z: float | Sequence[float] = 0) -> Figure:
    """The sigmoid a = σ(z) with a point and its tangent at each given z."""
    grid = np.linspace(-7, 7, 401)
    axes = _axes(3.8, "z", "a = σ(z)", xlim=(-7, 7), ylim=(-0.08, 1.12))
    for level in (0, 0.5, 1):
        axes.axhline(level, color=GREY, linewidth=0.8, linestyle=":")
    _line(axes, grid, sigmoid(grid))
    for at in np.atleast_1d(z):
        a, slope = sigmoid(at), dsigmoid_dz(at)
        reach = np.array([-1.6, 1.6]) / np.hypot(1, 4 * slope)
        _line(axes, at + reach, a + slope * reach, SLOPE, linewidth=3)
        label = f"σ({_short(at)}) = {_number(a)}\nσ′ = {_number(slope)}"
        shift = (-12, 10) if at < 0 else (10, -30) if at <= 2 else (-20, -42)
        _point(axes, at, a, label, shift, ha="right" if at < 0 else "left")
    return axes.figure


def plot_sigmoid_family(parameters: Sequence[tuple[float, float]]) -> Figure:
    """σ(wx + b) over one feature x, a curve for each pair (w, b)."""
    x = np.linspace(-7, 7, 401)
    axes = _axes(3.8, "x", "a = σ(wx + b)", xlim=(-7, 7), ylim=(-0.04, 1.04))
    axes.axhline(0.5, color=GREY, linewidth=0.8, linestyle=":")
    styles = ["-", (0, (6, 2)), (0, (2, 1.5)), (0, (6, 2, 1.5, 2)), (0, (1, 1))]
    colours = ["black", "#007A5A", SLOPE, GREY, "#7A5C00"]
    for (w, b), style, colour in zip(parameters, styles, colours, strict=False):
        _line(axes, x, sigmoid(w * x + b), colour, style, label=f"w = {_short(w)}, b = {_short(b)}")
    axes.legend(frameon=False, loc=(0.01, 0.52), handlelength=3)
    return axes.figure


def plot_sigmoid_slope() -> Figure:
    """σ(z) above, its slope a(1 − a) below: steepest in the middle, flat at both ends."""
    z = np.linspace(-7, 7, 401)
    upper, lower = _pair(4.6, rows=2, sharex=True)
    _line(upper, z, sigmoid(z))
    _line(lower, z, dsigmoid_dz(z), SLOPE)
    for at in (-4, 0, 4):
        shift = {-4: (0, 9), 0: (-28, 2), 4: (0, -20)}[at]
        _point(upper, at, sigmoid(at), _number(sigmoid(at)), shift, ha="center")
        shift = (-24 if at < 0 else 24, 6)
        _point(lower, at, dsigmoid_dz(at), _number(dsigmoid_dz(at)), shift, SLOPE, ha="center")
    upper.set(ylabel="a = σ(z)", xlim=(-7, 7), ylim=(-0.05, 1.1))
    lower.set(ylabel="a(1 − a)", xlabel="z", ylim=(-0.01, 0.29))
    return upper.figure


# --- 03 Log loss -------------------------------------------------------------------------------


def plot_loss_curves(
    marks: Sequence[tuple[float, int]] = ((0.9, 1), (0.6, 1), (0.1, 1), (0.2, 0)),
) -> Figure:
    """Log loss over a for both labels; `marks` are the (a, y) to point out."""
    top = 5.0
    a = np.linspace(np.exp(-top), 1 - np.exp(-top), 600)
    axes = _axes(4.4, "a", "L", xlim=(-0.02, 1.02), ylim=(-0.1, top))
    for y, edge, at, side in ((1, 0.0, 0.035, "left"), (0, 1.0, 0.965, "right")):
        _line(axes, a, log_loss(a, y), COLOURS[y], LINES[y])
        _to_infinity(axes, edge, top, COLOURS[y], 1 if y else -1)
        formula = "−log a" if y == 1 else "−log(1 − a)"
        _text(axes, f"y = {y}\nL = {formula}", at, 3.6, (6 if y else -6, 0), COLOURS[y], ha=side)
    _point(axes, 0.5, log_loss(0.5, 1), _number(log_loss(0.5, 1)), (0, 10), ha="center")
    for value, y in marks:
        loss = log_loss(value, y)
        shift = (0, -20) if abs(value - 0.5) < 0.15 else (0, 10)
        shift = shift if loss < 1 else (26 if y else -26, 4)
        _point(axes, value, loss, _number(loss), shift, COLOURS[y], ha="center")
    return axes.figure


def plot_log_loss_and_squared_error(y: int = 1) -> Figure:
    """Log loss and squared error (a − y)² over a for one label, compared where a is wrong."""
    top = 6.0
    a = np.linspace(np.exp(-top), 1 - np.exp(-top), 600)
    everywhere = np.linspace(0, 1, 101)
    worst = 0.01 if y == 1 else 0.99
    axes = _axes(4.0, "a", "L", xlim=(-0.02, 1.02), ylim=(-0.1, top))
    _line(axes, a, log_loss(a, y), COLOURS[y], LINES[y])
    _line(axes, everywhere, (everywhere - y) ** 2, GREY, (0, (2, 1.5)))
    _to_infinity(axes, 1.0 - y, top, COLOURS[y], 1 if y else -1)
    along, side = (12, "left") if y == 1 else (-12, "right")
    for value, formula, colour, rise in (
        (log_loss(worst, y), "−log a" if y == 1 else "−log(1 − a)", COLOURS[y], -1),
        ((worst - y) ** 2, f"(a − {y})²", GREY, 5),
    ):
        label = f"{formula} = {_number(value)}"
        _point(axes, worst, value, label, (along, rise), colour, ha=side)
    return axes.figure


def plot_loss_from_logit() -> Figure:
    """Log loss over the logit z for both labels, with the straight lines −z and z."""
    z = np.linspace(-6, 6, 401)
    axes = _axes(4.0, "z", "L", xlim=(-6, 6), ylim=(-0.15, 6.2))
    for y in (1, 0):
        wrong = z[z <= 0] if y == 1 else z[z >= 0]
        _line(axes, wrong, np.abs(wrong), GREY, ":", linewidth=1.6)
        _line(axes, z, log_loss_from_logit(z, y), COLOURS[y], LINES[y])
    _text(axes, "y = 1\nL = log(1 + e⁻ᶻ)", -4.1, 4.6, (0, 0), BLUE)
    _text(axes, "y = 0\nL = log(1 + eᶻ)", 4.1, 4.6, (0, 0), VERMILION, ha="right")
    _text(axes, "−z", -2.5, 2.5, (-22, -14), GREY)
    _text(axes, "z", 2.5, 2.5, (14, -14), GREY)
    _point(axes, 0, log_loss_from_logit(0, 1), _number(np.log(2)), (0, 20), ha="center")
    return axes.figure


# --- 04 Mini-batch -----------------------------------------------------------------------------


def plot_batch(a: Sequence[float], y: Sequence[int]) -> Figure:
    """The loss of each sample as a bar, and their mean J as a line across."""
    axes = _axes(3.8, "", "L")
    _bars(axes, a, y)
    return axes.figure


def plot_batch_change(
    a_before: Sequence[float], a_after: Sequence[float], y: Sequence[int]
) -> Figure:
    """Two predictions of one batch side by side on one scale, each with its mean J."""
    before, after = _pair(4.0, sharey=True)
    _name_y(before, "L")
    _bars(before, a_before, y)
    _bars(after, a_after, y)
    before.set_ylim(0, 1.12 * max(np.max(log_loss(a_before, y)), np.max(log_loss(a_after, y))))
    return before.figure


def _bars(axes: Axes, a, y) -> None:
    losses, mean = log_loss(a, y), mean_log_loss(a, y)
    names = range(1, len(losses) + 1)
    for i, loss, label in zip(names, losses, y, strict=True):
        hatch = None if label == 1 else "//"
        axes.bar(i, loss, 0.6, color=COLOURS[label], hatch=hatch, edgecolor="white", linewidth=0)
        over_line = {"boxstyle": "square,pad=0.1", "fc": "white", "ec": "none"}
        _text(axes, _number(loss), i, loss, (0, 4), COLOURS[label], ha="center", bbox=over_line)
    axes.axhline(mean, color="black", linewidth=1.6, linestyle=(0, (6, 2)))
    _text(axes, f"J = {_number(mean)}", len(losses) + 0.4, mean, (0, 6), ha="left")
    ticks = [f"{i}\ny = {t}\na = {_short(v)}" for i, t, v in zip(names, y, a, strict=True)]
    axes.set_xticks(names, ticks)
    axes.set(xlim=(0.4, len(losses) + 1.15), ylim=(0, 1.18 * max(losses)))


# --- 05 Gradient -------------------------------------------------------------------------------


def plot_road(x: Sequence[float], w: Sequence[float], b: float, y: float) -> Figure:
    """The road (w, b, x) → z → a → L with its values, and back with the local derivatives."""
    z = float(np.dot(w, x) + b)
    a = sigmoid(z)
    axes = _axes(3.0, "", "", xlim=(0, 10), ylim=(0.1, 3.75))
    axes.set_axis_off()
    inputs = f"w = {_vector(w)}\nb = {_number(b)}\nx = {_vector(x)}"
    boxes = [inputs, f"z = {_number(z)}", f"a = {_number(a)}", f"L = {_number(log_loss(a, y))}"]
    centres, widths = (0.9, 3.97, 6.67, 9.25), (1.7, 1.4, 1.35, 1.4)
    for text, centre, width in zip(boxes, centres, widths, strict=True):
        _box(axes, text, centre, width)
    ahead = ["z = w·x + b", "a = σ(z)", f"y = {_short(y)}"]
    back = [
        "∂z/∂w = x\n∂z/∂b = 1",
        f"∂a/∂z =\n{_number(dsigmoid_dz(z))}",
        f"∂L/∂a =\n{_number(dloss_da(a, y))}",
    ]
    for i in range(3):
        left = centres[i] + widths[i] / 2 + 0.08
        right = centres[i + 1] - widths[i + 1] / 2 - 0.08
        _arrow(axes, left, right, 2.9, "black", ahead[i], 3.15, "bottom")
        _arrow(axes, right, left, 2.3, SLOPE, back[i], 2.05, "top")
    slope = f"∂L/∂z = {_number(dloss_da(a, y))} × {_number(dsigmoid_dz(z))} = "
    slope += f"{_number(dloss_dz(a, y))} = a − y"
    _arrow(axes, centres[3], centres[1], 0.85, SLOPE, slope, 0.6, "top")
    return axes.figure


def _vector(values: Sequence[float]) -> str:
    shown = [_short(round(float(v), 3)) for v in np.atleast_1d(values)]
    return shown[0] if len(shown) == 1 else "[" + ", ".join(shown) + "]"


def _box(axes: Axes, text: str, centre: float, width: float) -> None:
    box = (centre - width / 2, 1.85)
    axes.add_patch(
        FancyBboxPatch(
            box, width, 1.5, boxstyle="round,pad=0,rounding_size=0.12", fc="#F2F4F7", ec=GREY
        )
    )
    axes.text(centre, 2.6, text, ha="center", va="center", fontsize=11, linespacing=1.5)


def _arrow(axes: Axes, start, end, height, colour, text, text_height, side) -> None:
    style = {"arrowstyle": "-|>", "color": colour, "lw": 2, "mutation_scale": 16}
    axes.annotate("", (end, height), xytext=(start, height), arrowprops=style)
    middle = (start + end) / 2
    axes.text(middle, text_height, text, color=colour, ha="center", va=side, fontsize=10)


def plot_derivatives(y: int = 1) -> Figure:
    """∂L/∂a, ∂L/∂z and half squared error's derivative over a, for one label."""
    bottom = -6.0
    a = np.linspace(0.005, 0.995, 800)
    axes = _axes(4.2, "a", "", xlim=(-0.02, 1.02))
    sign = 1 if y == 1 else -1
    axes.set_ylim(sorted((sign * bottom, sign * 0.6)))
    axes.axhline(0, color=GREY, linewidth=0.8)
    _line(axes, a, dloss_da(a, y), SLOPE, (0, (6, 2)))
    _line(axes, a, dloss_dz(a, y), "black")
    _line(axes, a, (a - y) * a * (1 - a), GREY, (0, (2, 1.5)))
    at = 0.3 if y == 1 else 0.7
    side = "left" if y == 1 else "right"
    _text(axes, "∂L/∂a = (a − y) / (a(1 − a))", at, sign * -4.1, (0, 0), SLOPE, ha=side)
    _text(axes, "∂L/∂z = a − y", at, sign * -1.25, (0, 0), ha=side)
    _text(axes, "(a − y) a(1 − a)", at, sign * 0.25, (0, 0), GREY, ha=side, va="center")
    return axes.figure


# --- 06 Update step ----------------------------------------------------------------------------


def plot_step(z_before: float, z_after: float, y: int) -> Figure:
    """Log loss over z: before and after one step, and what the tangent had promised."""
    before, after = log_loss_from_logit(z_before, y), log_loss_from_logit(z_after, y)
    slope = dloss_dz(sigmoid(z_before), y)
    promise = before + slope * (z_after - z_before)
    reach = max(0.8, 1.3 * abs(z_after - z_before))
    z = np.linspace(min(z_before, z_after) - reach, max(z_before, z_after) + reach, 401)
    axes = _axes(4.2, "z", "L", xlim=(z[0], z[-1]))
    _line(axes, z, log_loss_from_logit(z, y), COLOURS[y], LINES[y])
    _line(axes, z, before + slope * (z - z_before), GREY, ":", linewidth=1.6)
    _line(axes, [z_after, z_after], [promise, after], GREY, "-", linewidth=1)
    _point(
        axes, z_before, before, f"a = {_number(sigmoid(z_before))}\nL = {_number(before)}", (8, 6)
    )
    _point(axes, z_after, after, f"a = {_number(sigmoid(z_after))}\nL = {_number(after)}", (8, 6))
    _point(axes, z_after, promise, _number(promise), (-8, -14), GREY, ha="right")
    return axes.figure


def plot_losses(losses: Sequence[float]) -> Figure:
    """The loss after each step, from step 0 (before any)."""
    axes = _axes(3.4, "k", "L", ylim=(0, 1.1 * max(losses)))
    axes.xaxis.get_major_locator().set_params(integer=True)
    steps = range(len(losses))
    _line(axes, steps, losses, marker="o" if len(losses) <= 40 else None)
    for k in (0, len(losses) - 1):
        _text(axes, _number(losses[k]), k, losses[k], (0, 9), ha="center")
    return axes.figure


def plot_fit(hours: Sequence[float], passed: Sequence[int], w: float, b: float) -> Figure:
    """Students (hours studied, passed or not) and the fitted curve σ(wx + b)."""
    hours, passed = np.asarray(hours), np.asarray(passed)
    x = np.linspace(0, max(hours) + 0.5, 300)
    half = -b / w
    axes = _axes(4.0, "x (h)", "a = σ(wx + b)", xlim=(0, x[-1]), ylim=(-0.09, 1.12))
    _line(axes, x, sigmoid(w * x + b))
    for y, marker in ((1, "o"), (0, "s")):
        there = hours[passed == y]
        axes.plot(there, np.full(len(there), y), marker, color=COLOURS[y], alpha=0.75, ms=8)
        _text(
            axes,
            f"y = {y}",
            x[-1] if y == 0 else 0.15,
            y,
            (-4 * (1 - y), 5 if y == 0 else -5),
            COLOURS[y],
            ha="right" if y == 0 else "left",
            va="bottom" if y == 0 else "top",
        )
    axes.plot([0, half, half], [0.5, 0.5, -0.09], color=GREY, linewidth=1, linestyle=":")
    _point(axes, half, 0.5, f"{_number(half, 2)} h", (10, -12))
    return axes.figure
