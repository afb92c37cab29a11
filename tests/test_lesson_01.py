"""Lesson 01: pictures and explorers show what the formulas say, at every stop."""

import math

import pytest

from helpers import lesson_01

from .seen import assert_at, explored, numbers


def test_slide_rule():
    explorer = explored("slide_rule")
    for frame in explorer.frames:
        u, v = frame.values["u"], frame.values["v"]
        assert_at(explorer, frame.drawn["dot"], math.log10(u), 0)
        assert_at(explorer, frame.drawn["result"], math.log10(u) + math.log10(v), 0)
        assert numbers(frame.drawn["product"]["text"]) == pytest.approx([u, v, u * v], abs=1e-9)
        assert numbers(frame.sentence)[-3:] == pytest.approx([u, v, u * v], abs=1e-9)


def test_linear_and_logarithmic_axes():
    picture = lesson_01.plot_linear_and_log([1, 1e12, 1e3])
    linear, logarithmic = picture.figure.axes
    assert (linear.get_xscale(), logarithmic.get_xscale()) == ("linear", "log")
    assert [tick.get_text() for tick in linear.get_yticklabels()] == ["1", "2", "3"]
    assert "3 values from 1 to 1000000000000" in picture.alt and "2 of them" in picture.alt


@pytest.mark.parametrize("values", [[], [1, 0], [-2, 3]])
def test_a_logarithmic_axis_wants_positive_values(values):
    with pytest.raises(ValueError, match="values must be positive: received"):
        lesson_01.plot_linear_and_log(values)
