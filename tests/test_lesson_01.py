"""Lesson 01: pictures and explorers show what the formulas say, at every stop."""

import math

import numpy as np
import pytest

from helpers import lesson_01

from .seen import is_seen, numbers, walk


def test_lengths_add_where_numbers_multiply():
    """To the left for numbers below 1, and further for two of them; 0.1 to 1 is magnified."""
    for frame in walk("slide_rule"):
        u, v = frame.values.values()
        near = 0.5 < min(u, v) and max(u, v) <= 1
        for part, wanted in (("near", near), ("far", not near)):
            assert {is_seen(artist) for artist in frame[part]} == {wanted}, frame.values
        view = lesson_01.NEAR if near else lesson_01.FAR
        one, at, end = (view.one + view.decade * math.log10(x) for x in (1, u, u * v))
        frame.assert_at(frame["dot"], at, 0)
        frame.assert_at(frame["result"], end, 0)
        arrows = [frame.corners(arrow)[:2, 0] for arrow in frame["arrows"]]
        assert np.ravel(arrows) == pytest.approx([one, at, at, end, one, end], abs=2e-3)
        lengths = [tip - tail for tail, tip in arrows]
        for factor, length in zip((u, v), lengths):
            assert (length < -1e-2) == (factor < 1) and (length > 1e-2) == (factor > 1)
        if max(u, v) < 1:
            assert lengths[2] < min(lengths[:2]) - 1e-2
        for shown in (numbers(frame["product"]["text"]), numbers(frame.sentence)[-3:]):
            assert shown == pytest.approx([u, v, u * v], abs=1e-9)


def test_each_halving_is_an_equal_step_up_and_half_the_last_step_to_the_left():
    for n, frame in enumerate(walk("halvings")):
        frame.assert_at(frame["point"], 0.5**n, n * math.log(2))
        shown = [list(filter(is_seen, frame[name])) for name in ("risers", "treads", "heights")]
        assert [len(parts) for parts in shown] == [n, n, n]
        for k, (riser, tread, height) in enumerate(zip(*shown)):
            (x0, y0), (x1, y1) = frame.corners(riser)
            assert x0 == x1 and y1 - y0 == pytest.approx(math.log(2), abs=3e-3)
            (right, _), (left, _) = frame.corners(tread)
            assert right - left == pytest.approx(0.5 ** (k + 1), abs=1e-3)
            assert numbers(height["text"]) == [round(math.log(2), 3)]
        shown = numbers(frame["label"]["text"])
        assert shown[-1] == numbers(frame.sentence)[-1] == round(n * math.log(2), 3)
        assert 1 / math.prod(shown[1:-1]) == 0.5**n


def test_linear_and_logarithmic_axes():
    picture = lesson_01.plot_linear_and_log([1, 1e12, 1e3])
    linear, logarithmic = picture.figure.axes
    assert (linear.get_xscale(), logarithmic.get_xscale()) == ("linear", "log")
    assert [tick.get_text() for tick in linear.get_yticklabels()] == ["1", "2", "3"]
    assert numbers(picture.alt) == [3, 1, 1e12, 2], "2 of them near zero"


@pytest.mark.parametrize("values", [[], [1, 0], [-2, 3]])
def test_a_logarithmic_axis_wants_positive_values(values):
    with pytest.raises(ValueError, match="values must be positive: received"):
        lesson_01.plot_linear_and_log(values)


def test_the_four_decimals_that_are_given_are_enough():
    for asked in lesson_01.ask_log_of_product().sets:
        _, two, _, three, x, *_ = numbers(asked["question"])
        given = sum(x % 2**k == 0 for k in range(1, 9)) * two
        given += sum(x % 3**k == 0 for k in range(1, 9)) * three
        assert abs(given - asked["right"][0]) < 0.0004  # not near to rounding the other way
