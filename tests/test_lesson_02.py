"""Lesson 02: pictures and explorers show what the formulas say, at every stop."""

import numpy as np
import pytest

from helpers import logistic
from helpers.students import HOURS, PASSED

from .seen import assert_at, assert_says, explored, is_rounded, numbers, places_of


def test_sigmoid():
    explorer = explored("sigmoid")
    for frame in explorer.frames:
        z = frame.values["z"]
        assert_says(frame, z, logistic.sigmoid(z), logistic.dsigmoid_dz(z))
        assert_at(explorer, frame.drawn["point"], z, logistic.sigmoid(z))
        assert_at(explorer, frame.drawn["top"], z, logistic.dsigmoid_dz(z), axes=1)
        (x0, y0), (x1, y1) = places_of(explorer, frame.drawn["tangent"]["d"])
        assert (y1 - y0) / (x1 - x0) == pytest.approx(logistic.dsigmoid_dz(z), abs=3e-3)
        a, slope = [numbers(part["text"])[0] for part in map(frame.drawn.get, ("height", "steep"))]
        assert is_rounded(a, logistic.sigmoid(z)) and is_rounded(slope, logistic.dsigmoid_dz(z))


def test_students():
    explorer = explored("students")
    for frame in explorer.frames:
        w, b = frame.values["w"], frame.values["b"]
        inside = w > 0 and 0 <= -b / w <= 6
        assert_says(frame, w, b, 0.5, *((-b / w, w / 4) if inside else ()))
        x, a = places_of(explorer, frame.drawn["curve"]["d"]).T
        assert a == pytest.approx(logistic.sigmoid(w * x + b), abs=4e-3)
        for gap, hours, y in zip(frame.drawn["gaps"], HOURS, PASSED):
            (_, start), (_, end) = places_of(explorer, gap["d"])
            error = logistic.sigmoid(w * hours + b) - y
            assert abs(end - start) == pytest.approx(abs(error), abs=2e-3)
        assert (frame.drawn["middle"]["visibility"] == "visible") == inside
        if inside:
            assert_at(explorer, frame.drawn["middle"], -b / w, 0.5)
        elif b:
            a = logistic.sigmoid(w * np.linspace(0, 6, 61) + b)
            assert ("above" in frame.sentence) == (a > 0.5).all()
