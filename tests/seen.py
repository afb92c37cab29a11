"""Reading a frame of an explorer: the numbers of its sentence, the places of its parts."""

import functools
import re

import numpy as np

from helpers import logistic
from helpers.students import HOURS, PASSED

from .content import functions

NUMBER = re.compile(r"(?<![\w∂])−?\d+(?:\.\d+)?")


@functools.cache
def explored(name):
    """The explorer of a lesson, made once: explored("loss") is what explore_loss returns."""
    return functions("explore_")[f"explore_{name}"]()


@functools.cache
def walk(name):
    """The frames of an explorer, at all its stops."""
    return [Seen(explored(name), frame) for frame in explored(name).frames]


def plotted(name):
    """A still picture of a lesson."""
    arguments = {"plot_linear_and_log": ([1, 1e3, 1e12], "B"), "plot_honesty": (0.6,)}
    return functions("plot_")[name](*arguments.get(name, ()))


def texts_of(frame):
    """All the texts of a frame, in the order of what moves."""
    return [part["text"] for part in parts_of(frame) if "text" in part]


def parts_of(frame):
    """All that moves, one by one."""
    parts = []
    for part in frame.drawn.values():
        parts += part if isinstance(part, list) else [part]
    return parts


def is_seen(part):
    return part["visibility"] == "visible"


def numbers(text):
    """The numbers of a sentence, with a true minus sign before a negative one."""
    return [float(number.replace("−", "-")) for number in NUMBER.findall(text)]


def points_of(path):
    """The corners of a path of straight lines, as the SVG has them."""
    return np.reshape(re.findall(r"-?[\d.]+", path), (-1, 2)).astype(float)


class Seen:
    """A frame: what was chosen, what is said and drawn, and where, in the units of the axes."""

    def __init__(self, explorer, frame):
        self.figure = explorer.figure
        self.values, self.sentence, self.drawn = frame

    def __getitem__(self, name):
        return self.drawn[name]

    def corners(self, part, axes=0):
        """Where the corners of a line or an area are."""
        back = self.figure.axes[axes].transData.inverted().transform
        return back(points_of(part["d"]) * (1, -1) + (0, self.figure.bbox.height))

    def assert_at(self, part, x, y, axes=0):
        """The marker stands within a tenth of a point of (x, y) of the axes."""
        expected = self.figure.axes[axes].transData.transform((x, y))
        place = float(part["x"]), self.figure.bbox.height - float(part["y"])
        assert np.abs(np.subtract(place, expected)).max() < 0.06, (x, y)

    def assert_says(self, *values):
        """The sentence has these numbers and no others, in any order, each rounded as shown."""
        texts = NUMBER.findall(self.sentence)
        shown = sorted((numbers(text)[0], len(text.partition(".")[2])) for text in texts)
        for (number, decimals), value in zip(shown, sorted(values), strict=True):
            off = abs(number - value)  # at a tie, either way is right
            assert off <= 0.5 * 10**-decimals + 1e-9, (self.sentence, value)

    def assert_students(self, w, b, axes=0):
        """The curve is σ(wx + b), and a line leads to it from each of the twenty students."""
        x, a = self.corners(self["curve"], axes).T
        np.testing.assert_allclose(a, logistic.sigmoid(w * x + b), atol=4e-3)
        for gap, *student in zip(self["gaps"], HOURS, PASSED, strict=True):
            ends = student, (student[0], logistic.sigmoid(w * student[0] + b))
            np.testing.assert_allclose(self.corners(gap, axes), ends, atol=0.01)
