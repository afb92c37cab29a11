"""Reading a frame of an explorer: the numbers of its sentence, the places of its parts."""

import functools
import re

import nbformat
import numpy as np

from tools.execute import NOTEBOOKS

from .content import functions


@functools.cache
def explored(name):
    """The explorer of a lesson, made once: explored("loss") is what explore_loss returns."""
    return functions("explore_")[f"explore_{name}"]()


def texts_of(frame):
    """All the texts of a frame, in the order of what moves."""
    return [part["text"] for part in parts_of(frame) if "text" in part]


def parts_of(frame):
    """All that moves, one by one."""
    parts = []
    for part in frame.drawn.values():
        parts += part if isinstance(part, list) else [part]
    return parts


def numbers(text):
    """The numbers of a sentence, with a true minus sign before a negative one."""
    return [float(n.replace("−", "-")) for n in re.findall(r"(?<![\w∂])−?\d+(?:\.\d+)?", text)]


def is_rounded(shown, value, decimals=3):
    """Whether a number is shown as its own rounding (either way at a tie)."""
    return abs(shown - value) <= 0.5 * 10**-decimals + 1e-9


def assert_says(frame, *values):
    """The sentence has these numbers and no others, in any order, each rounded as it is shown."""
    texts = re.findall(r"(?<![\w∂])−?\d+(?:\.\d+)?", frame.sentence)
    shown = sorted((numbers(text)[0], len(text.partition(".")[2])) for text in texts)
    for (number, decimals), value in zip(shown, sorted(values), strict=True):
        assert is_rounded(number, value, decimals), (frame.sentence, value)


def points_of(path):
    """The corners of a path of straight lines, as the SVG has them."""
    return np.reshape(re.findall(r"-?[\d.]+", path), (-1, 2)).astype(float)


def places_of(explorer, path, axes=0):
    """The same corners, in the units of the axes."""
    back = explorer.figure.axes[axes].transData.inverted().transform
    return back(points_of(path) * (1, -1) + (0, explorer.figure.bbox.height))


def assert_at(explorer, drawn, x, y, axes=0):
    """The marker stands within a tenth of a point of (x, y) of the axes."""
    expected = explorer.figure.axes[axes].transData.transform((x, y))
    place = float(drawn["x"]), explorer.figure.bbox.height - float(drawn["y"])
    assert np.abs(np.subtract(place, expected)).max() < 0.06, (x, y)


def dots_of(axes) -> set[tuple[float, float]]:
    """Marked points, rounded to what a reader could check."""
    dots = [line for line in axes.lines if line.get_marker() == "o" and len(line.get_xdata()) == 1]
    return {(round(float(d.get_xdata()[0]), 3), round(float(d.get_ydata()[0]), 3)) for d in dots}


def bold_in(lesson, language=""):
    """All that a notebook prints bold, in its order."""
    cells = nbformat.read(NOTEBOOKS / language / f"{lesson}.ipynb", 4).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return re.findall(r"\*\*(.+?)\*\*", text)
