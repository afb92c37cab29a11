"""Lesson 05: pictures and explorers show what the formulas say, at every stop."""

import re

import numpy as np
import pytest

from helpers import lesson_05, logistic

from .seen import (
    assert_at,
    assert_says,
    bold_in,
    explored,
    numbers,
    places_of,
    points_of,
    texts_of,
)

Z, A, L = 1, 2, 3  # the number lines' axes


def tip(drawn):
    """Where an arrow ends: the fourth of its corners."""
    return points_of(drawn["d"])[3]


def start(drawn):
    """Where an arrow begins: between its first corner and its last."""
    return points_of(drawn["d"])[[0, -1]].mean(axis=0)


def test_gradient():
    explorer = explored("gradient")
    assert {0.6, 1, 0.511} < set(numbers(explorer.sentence))
    for frame in explorer.frames:
        z, y = frame.values["z"], frame.values["y"]
        a, loss = logistic.sigmoid(z), logistic.log_loss(logistic.sigmoid(z), y)
        assert_says(frame, z, a, y, loss, a * (1 - a), logistic.dloss_da(a, y), a - y)
        dots = frame.drawn["dot"], *frame.drawn["dots"]
        for dot, place, axes in zip(dots, (z, a, loss), (Z, A, L), strict=True):
            assert_at(explorer, dot, place, 0, axes)
        *lengths, first, second, both, product = texts_of(frame)
        moved = [numbers(length.split(" = ")[1])[0] for length in lengths]
        assert moved == [lesson_05.NUDGE, *(numbers(label)[0] for label in (first, both))]
        factors, sign, result, _, difference = re.split(" ([=≈]) ", product)
        shown = [numbers(label)[0] for label in (first, second, both)]
        assert numbers(factors) + numbers(result) == shown and shown[2] == pytest.approx(a - y)
        off = abs(shown[0] * shown[1] / shown[2] - 1)  # the sign is = where nothing was rounded
        assert off < 0.004 and (off < 1e-9) == (sign == "=")
        assert numbers(difference.replace("− ", "−")) == pytest.approx([a, -y])


def test_the_arrows_at_the_dots_say_which_way_and_never_how_far():
    explorer = explored("gradient")
    for frame in explorer.frames:
        y, dots = frame.values["y"], [frame.drawn["dot"], *frame.drawn["dots"]]
        arrows = [points_of(arrow["d"])[:, 0] for arrow in frame.drawn["ways"]]
        towards = [arrow[3] - arrow[0] for arrow in arrows]
        assert towards == pytest.approx([12, 12, -12 if y == 1 else 12], abs=0.05)
        middles = [(arrow[3] + arrow[0]) / 2 for arrow in arrows]
        assert middles == pytest.approx([float(dot["x"]) for dot in dots], abs=0.05)


def test_the_nudge_is_too_large_for_the_curve():
    """The example in the text: from a = 0.6, slope times nudge says 0.24."""
    z = logistic.logit(0.6)
    assert logistic.dsigmoid_dz(z) * lesson_05.NUDGE == pytest.approx(0.24)
    assert logistic.sigmoid(z + lesson_05.NUDGE) - 0.6 < 0.21


def test_the_arrows_at_the_right_have_one_unit_and_the_bracket_stays_within_it():
    """Their lengths compare as the slopes do; none is longer than the nudge, at any stop."""
    for frame in explored("gradient").frames:
        z, y = frame.values["z"], frame.values["y"]
        a, arrows = logistic.sigmoid(z), frame.drawn["compared"]
        unit, *others = [(tip(arrow) - start(arrow))[0] for arrow in arrows]
        assert [length / unit for length in others] == pytest.approx([a * (1 - a), a - y], abs=4e-3)
        assert abs(numbers(frame.drawn["bracket"]["text"])[0]) < 1
        assert max(map(abs, others)) < unit


def test_one_gear_tightens_as_the_other_slackens():
    """The larger a slope, the larger its gear; sure and wrong, the loss still moves."""
    frames = explored("gradient").frames
    sizes = {}
    for frame in frames:
        slopes = numbers(" ".join(part["text"] for part in frame.drawn["numbers"]))
        gears = [np.ptp(points_of(gear["d"]), axis=0)[0] for gear in frame.drawn["gears"]]
        sizes |= {abs(slope): size for slope, size in zip(slopes, gears, strict=True)}
        if frame.values["y"] == 1:
            assert abs(slopes[0] * slopes[1]) == pytest.approx(
                1 - logistic.sigmoid(frame.values["z"]), rel=4e-3
            )
    in_order = [sizes[slope] for slope in sorted(sizes)]
    assert (np.diff(in_order) > -0.11).all() and in_order[-1] > 3 * in_order[0]


def test_the_coloured_stretch_is_the_error():
    explorer = explored("gradient")
    for frame in explorer.frames:
        y, a = frame.values["y"], logistic.sigmoid(frame.values["z"])
        (from_truth, _), (to_prediction, _) = places_of(explorer, frame.drawn["gap"]["d"], A)
        assert (from_truth, to_prediction) == pytest.approx((y, a), abs=1e-3)
        assert_at(explorer, frame.drawn["truth"], y, 0, A)


NAMES = {
    "": ["error", "residual", "chain rule", "partial derivative", "gradient", "backpropagation"],
    "zh_CN": ["误差", "残差", "链式法则", "偏导数", "梯度", "反向传播"],
}


@pytest.mark.parametrize("language", NAMES)
def test_names_are_given_once(language):
    bold = bold_in("05_gradient", language)
    assert {name: bold.count(name) for name in NAMES[language]} == dict.fromkeys(NAMES[language], 1)
