"""The still pictures: right curves and points, nothing cut off, no words in them."""

import re

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Annotation, Text

from helpers.engine.drawing import GREY
from helpers.palette import BLUE, SLOPE, VERMILION

from .content import functions
from .seen import numbers, plotted

every_picture = pytest.mark.parametrize("name", functions("plot_"))


@every_picture
def test_picture_is_whole_and_readable(name):
    figure = plotted(name).figure
    FigureCanvasAgg(figure).draw()
    # Tick labels beyond the limits exist in matplotlib but are not drawn.
    ticks = {id(t) for axes in figure.axes for t in axes.get_xticklabels() + axes.get_yticklabels()}
    width, height = figure.bbox.size
    for text in figure.findobj(lambda t: isinstance(t, Text) and t.get_text() and t.get_visible()):
        if id(text) in ticks:
            continue
        box = text.get_window_extent()
        inside = -1 <= box.x0 and box.x1 <= width + 1 and -1 <= box.y0 and box.y1 <= height + 1
        assert inside, f"{text.get_text()!r} is cut off at {box}"
        # 700 pixels for 7 inches: 9 points are 12.5 pixels.
        assert text.get_fontsize() >= 9
        words = set(re.findall(r"[A-Za-z]{3,}", text.get_text())) - {"log"}
        assert not words, f"words belong beside the picture: {words}"


def s(z):
    return 1 / (1 + np.exp(-z))


CURVES = {
    "plot_honesty": [("black", "-", lambda a: -0.6 * np.log(a) - 0.4 * np.log(1 - a))],
    "plot_loss_from_logit": [
        (GREY, ":", lambda z: -z), (BLUE, "-", lambda z: -np.log(s(z))),
        (GREY, ":", lambda z: z), (VERMILION, "--", lambda z: -np.log(s(-z))),
    ],
    "plot_slopes_over_z": [
        (SLOPE, "-", lambda a: a - 1), (GREY, "--", lambda a: -a * (1 - a) ** 2),
    ],
}  # fmt: skip


def curves_of(figure):
    return [line for axes in figure.axes for line in axes.lines if len(line.get_xdata()) > 100]


@pytest.mark.parametrize("name", CURVES)
def test_curves_are_their_formulas(name):
    for line, (*look, formula) in zip(curves_of(plotted(name).figure), CURVES[name], strict=True):
        x, y = line.get_data()
        assert [line.get_color(), line.get_linestyle()] == look
        assert y == pytest.approx(formula(x), rel=1e-6, abs=1e-3)


@pytest.mark.parametrize("name", CURVES)
def test_a_number_stands_at_its_point_on_a_curve_and_in_the_words(name):
    picture = plotted(name)
    labels = [label for label in picture.figure.findobj(Annotation) if numbers(label.get_text())]
    points = [label for label in labels if re.fullmatch(r"(a = .*: )?−?[\d.]+", label.get_text())]
    assert points
    for label in points:
        (x, y), text = label.xy, label.get_text()
        shown, rounding = numbers(text)[-1], 0.501 * 10 ** -len(text.rpartition(".")[2])
        assert shown == pytest.approx(y, abs=rounding) and shown in numbers(picture.alt)
        heights = [np.interp(x, *line.get_data()) for line in curves_of(picture.figure)]
        assert min(abs(np.subtract(heights, y))) < 6e-5
