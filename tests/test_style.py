"""A learner's own style: the course's pictures do not follow it, and leave it as it is.

What a learner draws, and shows, keeps it: tests/engine/test_drawing.py.
"""

import logging

import matplotlib as mpl
import matplotlib.style
import pytest
from cycler import cycler
from matplotlib.patheffects import withStroke

from .content import functions
from .seen import plotted

STYLE = {
    **mpl.style.library["dark_background"], **mpl.style.library["ggplot"],
    # What plt.xkcd() sets.
    "font.size": 14, "path.sketch": (1, 100, 2),
    "path.effects": [withStroke(linewidth=4, foreground="w")],
    "axes.linewidth": 1.5, "lines.linewidth": 2, "grid.linewidth": 0, "xtick.major.size": 8,
    # LaTeX, markers, a font that is not there.
    "text.usetex": True, "lines.marker": "D",
    "axes.prop_cycle": cycler(color="cmk") + cycler(marker="*sv"),
    "font.family": "No Such Font", "font.sans-serif": ["Nor This"],
    "axes.labelcolor": "lime", "axes.labelsize": 30, "axes.unicode_minus": False,
    "text.color": "lime", "xtick.labelcolor": "lime", "xtick.labelsize": 30,
    "savefig.transparent": True, "savefig.bbox": "tight", "savefig.facecolor": "red",
}  # fmt: skip
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


@pytest.mark.parametrize("name", SHOWN)
def test_no_style_of_a_learner_changes_a_picture(name, caplog, monkeypatch):
    expected = seen(name)
    monkeypatch.setenv("PATH", "")  # no LaTeX, wherever the tests run
    with mpl.rc_context(STYLE), caplog.at_level(logging.WARNING):
        before = settings()
        found = seen(name)
        assert settings() == before
    assert found == expected
    assert caplog.messages == []
