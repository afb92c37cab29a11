"""The still pictures: right points, nothing cut off, no words in them, nothing left behind."""

from __future__ import annotations

import re

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text

from helpers.engine.drawing import GREY
from helpers.palette import BLUE, SLOPE as PURPLE, VERMILION

from .content import functions

CALLS = {
    "plot_linear_and_log": [{"values": [1, 1e3, 1e12], "unit": "B"}],
    "plot_honesty": [{}, {"rate": 0.6}],
    "plot_loss_from_logit": [{}],
    "plot_slopes_over_z": [{}],
}
CASES = [(name, options) for name, calls in CALLS.items() for options in calls]


def drawn(name: str, options: dict) -> Figure:
    """The figure of a picture."""
    return functions("plot_")[name](**options).figure


def test_every_picture_is_tested():
    assert set(functions("plot_")) == set(CALLS)


@pytest.mark.parametrize(("name", "options"), CASES)
def test_picture_is_whole_and_readable(name, options):
    figure = drawn(name, options)
    assert isinstance(figure, Figure)
    FigureCanvasAgg(figure).draw()
    # Tick labels beyond the limits exist in matplotlib but are not drawn.
    ticks = {id(t) for axes in figure.axes for t in axes.get_xticklabels() + axes.get_yticklabels()}
    seen = [t for t in figure.findobj(Text) if t.get_text() and t.get_visible()]
    others = [t for t in seen if id(t) not in ticks]
    width, height = figure.bbox.size
    for text in others:
        box = text.get_window_extent()
        inside = -1 <= box.x0 and box.x1 <= width + 1 and -1 <= box.y0 and box.y1 <= height + 1
        assert inside, f"{text.get_text()!r} is cut off at {box}"
        # 700 pixels for 7 inches: 9 points are 12.5 pixels.
        assert text.get_fontsize() >= 9
        words = set(re.findall(r"[A-Za-z]{3,}", text.get_text())) - {"log"}
        assert not words, f"words belong beside the picture: {words}"


def s(z):
    return 1 / (1 + np.exp(-z))


FROM_LOGIT = [
    (GREY, ":", lambda z: -z), (BLUE, "-", lambda z: -np.log(s(z))),
    (GREY, ":", lambda z: z), (VERMILION, "--", lambda z: -np.log(s(-z))),
]  # fmt: skip
SLOPES = [(PURPLE, "-", lambda a: a - 1), (GREY, "--", lambda a: -a * (1 - a) ** 2)]
CURVES = {
    "plot_honesty": [("black", "-", lambda a: -0.3 * np.log(a) - 0.7 * np.log(1 - a))],
    "plot_loss_from_logit": FROM_LOGIT,
    "plot_slopes_over_z": SLOPES,
}


@pytest.mark.parametrize(("name", "curves"), CURVES.items())
def test_curves_are_their_formulas(name, curves):
    figure = drawn(name, CALLS[name][0])
    lines = [line for axes in figure.axes for line in axes.lines if len(line.get_xdata()) > 100]
    shown = [(line.get_color(), line.get_linestyle()) for line in lines]
    assert shown == [(colour, style) for colour, style, _ in curves]
    for line, (_, _, formula) in zip(lines, curves, strict=True):
        x, y = line.get_data()
        assert y == pytest.approx(formula(x), rel=1e-6, abs=1e-3)


@pytest.mark.parametrize(("name", "options"), CASES)
def test_a_number_stands_where_its_point_is(name, options):
    for label in drawn(name, options).findobj(Annotation):
        text = label.get_text().replace("−", "-").removesuffix(" h")
        if not re.search(r"(^|= )-?[\d.]+\Z", text):
            continue  # a name or a formula
        numbers = re.findall(r"(?:^|= )(-?\d+\.?(\d*))$", text, re.MULTILINE)
        near = [
            abs(float(number) - place) <= 0.501 * 10 ** -len(decimals)
            for number, decimals in numbers
            for place in label.xy
        ]
        assert any(near), f"{text} at {label.xy}"
