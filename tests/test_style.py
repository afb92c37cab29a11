"""A learner's own style: the course's pictures do not follow it, and leave it as it is.

What a learner draws, and shows, keeps it: tests/engine/test_drawing.py.
"""

import functools
import logging

import matplotlib as mpl
import matplotlib.style
import pytest
from cycler import cycler
from matplotlib.patheffects import withStroke

from .content import functions
from .seen import plotted

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
# Each style by itself on one explorer; on every picture all of them at once.
EVERYTHING = {key: value for style in STYLES.values() for key, value in style.items()}
SHOWN = functions("plot_", "explore_")


def settings():
    """matplotlib's settings, but for the backend: looking at it is what resolves it."""
    return {key: mpl.rcParams[key] for key in mpl.rcParams if key != "backend"}


def seen(name):
    """Everything that a reader sees of a picture or an explorer."""
    if name.startswith("plot_"):
        return plotted(name)._repr_html_()
    found = SHOWN[name]()
    still = found._repr_mimebundle_()[0]["text/html"]
    return still, found.picture.svg, found.picture.frames


as_usual = functools.cache(seen)
FIRST = next(name for name in SHOWN if name.startswith("explore_"))
CASES = [pytest.param(EVERYTHING, name, id=name) for name in SHOWN]
CASES += [pytest.param(style, FIRST, id=name) for name, style in STYLES.items()]


@pytest.mark.parametrize("style, name", CASES)
def test_no_style_of_a_learner_changes_a_picture(style, name, caplog, monkeypatch):
    monkeypatch.setenv("PATH", "")  # no LaTeX, wherever the tests run
    with mpl.rc_context(style), caplog.at_level(logging.WARNING):
        before = settings()
        found = seen(name)
        assert settings() == before
    assert found == as_usual(name)
    assert caplog.messages == []
