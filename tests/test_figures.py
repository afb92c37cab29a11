"""The still pictures: right points, nothing cut off, no words in them, nothing left behind."""

from __future__ import annotations

import base64
import io
import re
import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from helpers import figures

HOURS, PASSED = [0.5, 1.75, 2.5, 4.0], [0, 1, 0, 1]
CALLS = {
    "plot_log_curve": [{}, {"base": 10, "powers": (0, 1, 2)}, {"base": np.e, "powers": (0, 1, 2)}],
    "plot_halving": [{"intervals": [(3, 4), (3, 3.5), (3.25, 3.5)]}],
    "plot_linear_and_log": [{"values": [1, 1e3, 1e12], "labels": ["1 B", "1 kB", "1 TB"]}],
    "plot_surprise": [{}],
    "plot_sigmoid": [{}, {"z": [-4, 0, 2, 4]}],
    "plot_sigmoid_family": [{"parameters": [(1, 0), (3, 0), (1, -3)]}],
    "plot_sigmoid_slope": [{}],
    "plot_loss_curves": [{}],
    "plot_log_loss_and_squared_error": [{}, {"y": 0}],
    "plot_loss_from_logit": [{}],
    "plot_batch": [{"a": [0.9, 0.6, 0.2], "y": [1, 1, 0]}],
    "plot_batch_change": [
        {"a_before": [0.9, 0.6, 0.2], "a_after": [0.9, 0.6, 0.99], "y": [1, 1, 0]}
    ],
    "plot_road": [{"x": [2, 1], "w": [0, 0], "b": -0.847, "y": 1}],
    "plot_derivatives": [{}, {"y": 0}],
    "plot_step": [{"z_before": -0.847, "z_after": -0.427, "y": 1}],
    "plot_losses": [{"losses": [1.204, 0.929, 0.743]}],
    "plot_fit": [{"hours": HOURS, "passed": PASSED, "w": 1.5, "b": -4.1}],
}
CASES = [(name, options) for name, calls in CALLS.items() for options in calls]


def settings() -> dict:
    """matplotlib's settings, but for the backend: looking at it is what resolves it."""
    return {key: mpl.rcParams[key] for key in mpl.rcParams if key != "backend"}


def texts_of(figure: Figure) -> list[Text]:
    return [t for t in figure.findobj(Text) if t.get_text() and t.get_visible()]


def test_every_picture_is_tested():
    assert {n for n in dir(figures) if n.startswith("plot_")} == set(CALLS)


@pytest.mark.parametrize(("name", "options"), CASES)
def test_picture_is_whole_and_readable(name, options):
    before = settings()
    figure = getattr(figures, name)(**options)
    assert isinstance(figure, Figure)
    assert settings() == before, "a picture must not restyle the learner's own"
    FigureCanvasAgg(figure).draw()
    # Tick labels beyond the limits exist in matplotlib but are not drawn.
    ticks = {id(t) for axes in figure.axes for t in axes.get_xticklabels() + axes.get_yticklabels()}
    drawn = [t for t in texts_of(figure) if id(t) not in ticks]
    width, height = figure.bbox.size
    for text in drawn:
        box = text.get_window_extent()
        inside = -1 <= box.x0 and box.x1 <= width + 1 and -1 <= box.y0 and box.y1 <= height + 1
        assert inside, f"{text.get_text()!r} is cut off at {box}"
        # 700 pixels for 7 inches: 9 points are 12.5 pixels.
        assert text.get_fontsize() >= 9
        words = set(re.findall(r"[A-Za-z]{3,}", text.get_text())) - {"log"}
        assert not words, f"words belong beside the picture: {words}"


def points(axes) -> set[tuple[float, float]]:
    """Marked points, rounded to what a reader could check."""
    dots = [line for line in axes.lines if line.get_marker() == "o" and len(line.get_xdata()) == 1]
    return {(round(float(d.get_xdata()[0]), 3), round(float(d.get_ydata()[0]), 3)) for d in dots}


def test_loss_curves_mark_the_course_numbers():
    axes = figures.plot_loss_curves().axes[0]
    assert points(axes) == {(0.5, 0.693), (0.9, 0.105), (0.6, 0.511), (0.1, 2.303), (0.2, 0.223)}
    labels = {t.get_text() for t in axes.texts}
    assert {"0.105", "0.511", "2.303", "0.223", "0.693"} <= labels


def test_the_other_pictures_mark_the_course_numbers():
    assert (0.1, 2.303) in points(figures.plot_surprise().axes[0])
    assert points(figures.plot_sigmoid([0, 4]).axes[0]) == {(0, 0.5), (4, 0.982)}
    assert (8, 3) in points(figures.plot_log_curve().axes[0])
    squared = figures.plot_log_loss_and_squared_error().axes[0]
    assert points(squared) == {(0.01, 4.605), (0.01, 0.98)}
    assert (-0.847, 1.204) in points(figures.plot_step(-0.847, -0.427, 1).axes[0])
    assert (-0.427, 0.91) in points(figures.plot_step(-0.847, -0.427, 1).axes[0])
    assert points(figures.plot_fit(HOURS, PASSED, 1.5046, -4.0777).axes[0]) == {(2.71, 0.5)}
    slope = figures.plot_sigmoid_slope().axes[1]
    assert points(slope) == {(-4, 0.018), (0, 0.25), (4, 0.018)}


def test_bars_show_the_losses_and_their_mean():
    axes = figures.plot_batch([0.9, 0.6, 0.2], [1, 1, 0]).axes[0]
    assert [round(bar.get_height(), 3) for bar in axes.patches] == [0.105, 0.511, 0.223]
    assert round(axes.lines[0].get_ydata()[0], 3) == 0.28
    assert "J = 0.280" in {t.get_text() for t in axes.texts}


def test_road_goes_back_with_the_derivatives():
    texts = {t.get_text() for t in figures.plot_road([2, 1], [0, 0], -0.847298, 1).axes[0].texts}
    assert "∂L/∂a =\n−3.333" in texts
    assert "∂L/∂z = −3.333 × 0.210 = −0.700 = a − y" in texts


def test_show_gives_a_picture_with_its_alternative_text():
    picture = figures.show(figures.plot_surprise(), alt='a "curve" & its <end>').data
    assert 'alt="a &quot;curve&quot; &amp; its &lt;end&gt;"' in picture
    image = Image.open(io.BytesIO(base64.b64decode(re.search(r"base64,([^\"]+)", picture)[1])))
    assert image.format == "PNG"
    assert image.width == 1400, "twice the 700 pixels it is shown at"
    assert image.info.get("Software") is None, "the matplotlib version would change the file"


def test_show_is_the_same_twice():
    once, again = (figures.show(figures.plot_loss_curves(), alt="x").data for _ in range(2))
    assert once == again


@pytest.mark.parametrize("alt", ["", "   ", None])
def test_show_wants_alternative_text(alt):
    with pytest.raises(ValueError, match="alt must say in words"):
        figures.show(figures.plot_surprise(), alt)


def test_show_wants_a_figure():
    with pytest.raises(TypeError, match="must be a matplotlib Figure, got str"):
        figures.show("picture.png", alt="x")


def test_importing_helpers_has_no_side_effects():
    code = (
        "import sys, matplotlib; before = matplotlib.rcParams.copy(); import helpers;"
        "assert 'matplotlib.pyplot' not in sys.modules, 'pyplot was imported';"
        "after = matplotlib.rcParams;"
        "changed = [k for k in before if k != 'backend' and before[k] != after[k]];"
        "assert not changed, changed"
    )
    # matplotlib's first version that is allowed uses what later libraries deprecate.
    strict = ["-W", "error", "-W", "ignore::DeprecationWarning"]
    subprocess.run([sys.executable, *strict, "-c", code], check=True)
