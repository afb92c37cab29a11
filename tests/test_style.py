"""A learner's own style: the course's pictures do not follow it, and leave it as it is."""

import base64
import io
import logging
import re

import matplotlib as mpl
import matplotlib.style
import pytest
from cycler import cycler
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from PIL import Image, ImageColor

from helpers.engine.drawing import show

from .content import functions

STYLES = {
    "dark_background": mpl.style.library["dark_background"],
    "ggplot": mpl.style.library["ggplot"],
    "xkcd": {  # as plt.xkcd() sets it
        "font.family": ["xkcd", "Comic Neue", "Comic Sans MS"], "font.size": 14,
        "path.sketch": (1, 100, 2), "path.effects": [withStroke(linewidth=4, foreground="w")],
        "axes.linewidth": 1.5, "lines.linewidth": 2, "grid.linewidth": 0, "xtick.major.size": 8,
    },
    "usetex": {"text.usetex": True},
    "markers": {"axes.prop_cycle": cycler(color="cmk") + cycler(marker="*sv"), "lines.marker": "D"},
    "missing font": {"font.family": "No Such Font", "font.sans-serif": ["Nor This"]},
    "settings": {
        "axes.labelcolor": "lime", "axes.labelsize": 30, "axes.unicode_minus": False,
        "text.color": "lime", "xtick.labelcolor": "lime", "xtick.labelsize": 30,
        "savefig.transparent": True, "savefig.bbox": "tight", "savefig.facecolor": "red",
    },
}  # fmt: skip
SHOWN = {**functions("plot_"), **functions("explore_")}
ARGUMENTS = {"plot_linear_and_log": ([1, 1e3, 1e12], "B")}


def settings():
    """matplotlib's settings, but for the backend: looking at it is what resolves it."""
    return {key: mpl.rcParams[key] for key in mpl.rcParams if key != "backend"}


def seen(name):
    """Everything that a reader sees of a picture or an explorer."""
    found = SHOWN[name](*ARGUMENTS.get(name, ()))
    if name.startswith("plot_"):
        return found._repr_html_()
    still = found._repr_mimebundle_()[0]["text/html"]
    return still, found.picture.svg, found.picture.frames


@pytest.fixture(scope="module")
def usual():
    """What is seen of each without a style of the learner's, kept once it was looked at."""
    kept = {}

    def look(name):
        if name not in kept:
            kept[name] = seen(name)
        return kept[name]

    return look


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize("style", STYLES)
def test_no_style_of_a_learner_changes_a_picture(style, name, usual, caplog, monkeypatch):
    expected = usual(name)
    monkeypatch.setenv("PATH", "")  # no LaTeX, wherever the tests run
    with mpl.rc_context(STYLES[style]), caplog.at_level(logging.WARNING):
        before = settings()
        found = seen(name)
        assert settings() == before
    assert found == expected
    assert caplog.messages == []


# --- What a learner draws ------------------------------------------------------------------------


def image_of(picture):
    data = re.search(r"base64,([^\"]+)", picture._repr_html_())[1]
    return Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")


def own_figure(**options):
    figure = Figure(figsize=(4, 3), **options)
    figure.subplots().set_xlabel("x", fontsize=40)
    return figure


def test_a_learners_picture_keeps_the_learners_style():
    with mpl.rc_context(STYLES["dark_background"]):
        picture = show(own_figure(), alt="Nothing yet.")
    image = image_of(picture)
    assert image.getpixel((0, 0)) == (0, 0, 0)
    assert image.convert("L").getextrema() == (0, 255), "white on black"


@pytest.mark.parametrize(
    "saving", [{"savefig.facecolor": "black"}, {"savefig.transparent": True}, {}]
)
@pytest.mark.parametrize("own, seen", [("red", "red"), ("none", "white")])
def test_a_learners_picture_stands_on_its_own_background(saving, own, seen):
    figure = own_figure(facecolor=own)
    with mpl.rc_context(saving):
        image = image_of(show(figure, alt="Nothing yet."))
    assert image.getpixel((0, 0)) == ImageColor.getrgb(seen)
