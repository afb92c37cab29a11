"""Lesson 05: pictures and explorers show what the formulas say, at every stop."""

import re

import numpy as np
import pytest

from helpers import logistic

from .seen import numbers, points_of, texts_of, walk

Z, A, L = 1, 2, 3  # the number lines' axes


def test_gradient():
    """The two slopes multiply to a − y, the coloured stretch."""
    for frame in walk("gradient"):
        z, y = frame.values.values()
        a, loss = logistic.sigmoid(z), logistic.log_loss(logistic.sigmoid(z), y)
        frame.assert_says(z, a, y, loss, a * (1 - a), logistic.dloss_da(a, y), a - y)
        for dot, place, axes in zip(frame["dots"], (z, a, loss), (Z, A, L), strict=True):
            frame.assert_at(dot, place, 0, axes)
        frame.assert_at(frame["truth"], y, 0, A)
        assert frame.corners(frame["gap"], A)[:, 0] == pytest.approx((y, a), abs=1e-3)
        *lengths, first, second, both, product = texts_of(frame)
        moved = [numbers(length.split(" = ")[1])[0] for length in lengths]
        assert moved == [1, *(numbers(label)[0] for label in (first, both))]
        factors, sign, result, _, difference = re.split(" ([=≈]) ", product)
        shown = [numbers(label)[0] for label in (first, second, both)]
        assert numbers(factors) + numbers(result) == shown and shown[2] == pytest.approx(a - y)
        off = abs(shown[0] * shown[1] / shown[2] - 1)  # the sign is = where nothing was rounded
        assert off < 0.004 and (off < 1e-9) == (sign == "=")
        assert numbers(difference.replace("− ", "−")) == pytest.approx([a, -y])


def test_the_arrows_at_the_dots_say_which_way_and_never_how_far():
    for frame in walk("gradient"):
        arrows = [points_of(arrow["d"])[:, 0] for arrow in frame["ways"]]
        towards = [arrow[3] - arrow[0] for arrow in arrows]
        assert towards == pytest.approx([12, 12, -12 if frame.values["y"] else 12], abs=0.05)
        middles = [(arrow[3] + arrow[0]) / 2 for arrow in arrows]
        assert middles == pytest.approx([float(dot["x"]) for dot in frame["dots"]], abs=0.05)


def test_the_nudge_is_too_large_for_the_curve():
    """The example in the text: from a = 0.6, slope times nudge says 0.24."""
    z = logistic.logit(0.6)
    assert logistic.dsigmoid_dz(z) == pytest.approx(0.24)
    assert logistic.sigmoid(z + 1) - 0.6 < 0.21


def test_the_arrows_at_the_right_have_one_unit_and_the_bracket_stays_within_it():
    """Their lengths compare as the slopes do; none is longer than the nudge, at any stop."""
    for frame in walk("gradient"):
        z, y = frame.values.values()
        a, arrows = logistic.sigmoid(z), [points_of(arrow["d"]) for arrow in frame["compared"]]
        unit, *others = [arrow[3, 0] - arrow[[0, -1], 0].mean() for arrow in arrows]  # to the tip
        assert np.divide(others, unit) == pytest.approx([a * (1 - a), a - y], abs=4e-3)
        assert abs(numbers(frame["bracket"]["text"])[0]) < 1 and max(map(abs, others)) < unit


def test_one_gear_tightens_as_the_other_slackens():
    """The larger a slope, the larger its gear; sure and wrong, the loss still moves."""
    sizes = {}
    for frame in walk("gradient"):
        z, y = frame.values.values()
        slopes = [numbers(part["text"])[0] for part in frame["numbers"]]
        gears = [np.ptp(points_of(gear["d"]), axis=0)[0] for gear in frame["gears"]]
        sizes |= {abs(slope): size for slope, size in zip(slopes, gears, strict=True)}
        assert abs(np.prod(slopes)) == pytest.approx(abs(logistic.sigmoid(z) - y), rel=4e-3)
    in_order = [sizes[slope] for slope in sorted(sizes)]
    assert (np.diff(in_order) > -0.11).all() and in_order[-1] > 3 * in_order[0]
