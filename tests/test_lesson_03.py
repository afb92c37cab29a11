"""Lesson 03: pictures and explorers show what the formulas say, at every stop."""

import math

import numpy as np
import pytest

from helpers import logistic
from helpers.palette import COLOURS

from .seen import is_seen, texts_of, walk


def test_the_less_of_the_bar_is_lit_the_higher_stands_the_point():
    """At −log of the lit part; where nothing is lit, an arrow above all that has a height."""
    for frame in walk("loss"):
        a, y = frame.values.values()
        given, loss = (a if y else 1 - a), logistic.log_loss(a, y)
        lit, other = frame["parts"] if y else frame["parts"][::-1]
        assert (lit["fill"], other["fill"]) == (COLOURS[y].lower(), "#ffffff")
        assert np.ptp(frame.corners(lit, axes=1)[:, 0]) == pytest.approx(given, abs=0.001)
        assert {f"a = {a:.2f}", f"1 − a = {1 - a:.2f}"} < set(texts_of(frame))
        assert is_seen(frame["gone"]) == math.isinf(loss) != is_seen(frame["dot"])
        if math.isfinite(loss):
            frame.assert_at(frame["dot"], a, loss)
            frame.assert_says(a, y, given, loss)
            assert frame["label"]["text"] == f"L = {loss:.3f}"
        else:
            top = frame.figure.axes[0].get_window_extent().y1
            assert float(frame["gone"]["y"]) < frame.figure.bbox.height - top
            assert "∞" in frame.sentence and "∞" in frame["label"]["text"]
