"""Lesson 02: pictures and explorers show what the formulas say, at every stop."""

import itertools

import numpy as np
import pytest

from helpers import lesson_02, logistic
from helpers.students import HOURS, PASSED, total_length

from .seen import is_seen, numbers, walk


def test_odds_score_and_probability_stand_where_they_belong():
    """And no hop is shown before its hour."""
    for frame in walk("rulers"):
        x = frame.values["x"]
        odds = 0.25 * 6**x
        places = np.log(odds), np.log(odds), 7 * odds / (1 + odds) - 3
        for dot, at, height in zip(frame["dots"], places, lesson_02.HEIGHTS, strict=True):
            frame.assert_at(dot, at, height)
        shown = [numbers(value["text"])[0] for value in frame["values"]]
        assert shown == pytest.approx([odds, np.log(odds), odds / (1 + odds)], rel=2e-3)
        assert numbers(frame.sentence) == [x, *shown]
        named = [name["text"] for name in filter(is_seen, frame["students"])]
        assert named == [f"x={hour}" for hour in (0, 1, 2) if hour <= x]
        assert list(map(is_seen, frame["hops"])) == [hour < x for hour in (0, 1, 2)] * 3


def test_an_hour_is_one_step_on_two_rulers_and_ever_less_on_the_third():
    whole = [frame for frame in walk("rulers") if frame.values["x"] in (1, 2, 3)]
    hops = [whole[-1].corners(hop)[:, 0] for hop in whole[-1]["hops"]]
    spans = [hop[-1] - hop[0] for hop in hops]
    assert spans[:6] == pytest.approx([np.log(6)] * 6, abs=3e-3)
    assert 2.8 > spans[6] - 0.01 > spans[7] > spans[8] > 0
    steps = [[numbers(step["text"])[0] for step in frame["steps"]] for frame in whole]
    assert [step[:2] for step in steps] == [[6, 1.792]] * 3
    assert [step[2] for step in steps] == pytest.approx([0.4, 0.3, 0.082], abs=5e-4)


def test_students():
    """The middle is at −b/w: so much to the left goes the curve where b grows."""
    for frame in walk("students"):
        b, w = frame.values.values()
        inside = w > 0 and 0 <= -b / w <= 6
        frame.assert_students(w, b)
        total = np.abs(logistic.sigmoid(w * HOURS + b) - PASSED).sum()
        frame.assert_says(w, b, total, 0.5, *((-b / w,) if inside else ()))
        assert is_seen(frame["middle"]) == inside
        if inside:
            frame.assert_at(frame["middle"], -b / w, 0.5)
        elif b:
            assert ("above" in frame.sentence) == (b > 0) != ("below" in frame.sentence)


def test_steeper_is_shorter_without_end_if_the_bias_is_the_best():
    shortest = {}
    for frame in walk("students"):
        w, total = frame.values["w"], numbers(frame.sentence)[2]
        shortest[w] = min(total, shortest.get(w, np.inf))
    totals = [shortest[w] for w in sorted(shortest)]
    assert all(more > less for more, less in itertools.pairwise(totals))
    assert [shortest[w] for w in (0.2, 1.5, 3)] == [9.00, 5.25, 4.56]  # as the text says
    kept = [total_length(w, -0.5) for w in (0.5, 1, 1.5, 2, 3)]
    assert kept == sorted(kept), "and with the bias that it opens with, steeper is worse"


def test_the_best_step_is_wrong_about_four():
    assert min(np.sum((hours < HOURS) != PASSED) for hours in np.arange(0, 6, 0.125)) == 4


def test_the_strip_under_the_hill_is_one_wide_and_its_area_is_the_rise():
    for frame in walk("sigmoid"):
        z = frame.values["z"]
        low, high = logistic.sigmoid(z - 0.5), logistic.sigmoid(z + 0.5)
        slope = logistic.dsigmoid_dz(z)
        frame.assert_says(z - 0.5, z + 0.5, high - low, slope)
        frame.assert_at(frame["point"], z, logistic.sigmoid(z))
        frame.assert_at(frame["top"], z, slope, axes=1)
        (x0, y0), (x1, y1) = frame.corners(frame["rise"])
        assert (x0, x1, y1 - y0) == pytest.approx((z + 0.5, z + 0.5, high - low), abs=0.02)
        shown = numbers(frame["grown"]["text"]) + numbers(frame["steep"]["text"])
        assert shown == pytest.approx([high - low, slope], abs=5.1e-4)
        x, y = frame.corners(frame["strip"], axes=1).T
        area = abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))) / 2
        assert (x.min(), x.max()) == pytest.approx((z - 0.5, z + 0.5), abs=0.02)
        assert area == pytest.approx(high - low, abs=2e-3)
