"""Lesson 04: pictures and explorers show what the formulas say, at every stop."""

import itertools
import math
import re
from fractions import Fraction

import pytest

from helpers import lesson_04, logistic
from helpers.students import students_cost

from .seen import explored, is_seen, numbers, texts_of, walk


def shown(loss):
    return f"{loss:.3f}" if math.isfinite(loss) else "∞"


def test_a_bar_is_as_tall_as_its_loss_and_the_line_as_high_as_their_mean():
    """On an axis that never changes: a larger loss is a taller bar, the mean moves a third of it.

    0.004 is less than what lies between the losses of two stops.
    """
    top = lesson_04.LOSS_TOP
    assert {axes.get_ylim() for axes in explored("batch").figure.axes} == {(0, top)}
    for frame in walk("batch"):
        losses = [logistic.log_loss(a, y) for a, y in zip(frame.values.values(), (1, 1, 0))]
        mean = sum(losses) / 3
        told = [shown(loss) for loss in (*losses, mean)]
        assert re.findall(r"\d+\.\d+|∞", frame.sentence) == told
        assert [*told[:3], f"J = {told[3]}"] == texts_of(frame)
        heights = [frame.corners(bar, axes=1)[:, 1].max() for bar in frame["bars"]]
        assert heights == pytest.approx([min(loss, top) for loss in losses], abs=0.004)
        for number, line in enumerate(frame["means"]):
            assert is_seen(line) == math.isfinite(mean)
            assert frame.corners(line, number)[:, 1] == pytest.approx(min(mean, top), abs=0.004)
        points = [*frame["points"], frame["third"]]  # which can be dragged
        for point, gone, a, loss in zip(points, frame["gones"], frame.values.values(), losses):
            assert is_seen(point) == math.isfinite(loss) != is_seen(gone)
            if is_seen(point):
                frame.assert_at(point, a, loss)


def test_two_good_predictions_cannot_pay_for_a_confident_mistake():
    mistaken = [frame for frame in walk("batch") if frame.values["a_3"] == 0.99]
    means = [numbers(frame.sentence)[-1] for frame in mistaken if "∞" not in frame.sentence]
    assert min(means) == 1.535 > 5 * 0.280


def test_the_base_rate_costs_least():
    costs = {}
    for frame in walk("base_rate"):
        a, share = frame.values.values()
        ones = float(Fraction(share))
        cost = -ones * math.log(a) - (1 - ones) * math.log(1 - a)
        frame.assert_at(frame["dot"], a, cost)
        assert numbers(frame["label"]["text"]) == [numbers(frame.sentence)[-1]]
        assert numbers(frame.sentence)[-1] == pytest.approx(cost, abs=0.0006)
        costs.setdefault(share, []).append((numbers(frame.sentence)[-1], a))
    for share, written in costs.items():
        (least, a), (next_to_it, _), *_ = sorted(written)
        assert a == pytest.approx(float(Fraction(share)))
        assert least < next_to_it, "the lowest stop is seen to be the lowest"


PUBLISHED = {0.2: 0.603, 1: 0.422, 1.5: 0.401, 2: 0.414, 3: 0.485, 6: 0.802}


def test_the_cost_of_the_students_has_a_lowest_point():
    *frames, step = walk("steepness")
    costs = {}
    for frame in frames:
        w, b, costs[w] = frame.values["w"], *numbers(frame.sentence)[1:]
        best = float(lesson_04.best_bias(w))
        near = [float(students_cost(w, best + off)) for off in (-0.01, 0, 0.01)]
        assert min(near) == near[1] == pytest.approx(costs[w], abs=0.0005)
        assert b == pytest.approx(best, abs=0.005)
        frame.assert_students(w, best)
        frame.assert_at(frame["dot"], w, near[1], axes=1)
        trail = frame.corners(frame["trail"], axes=1)
        assert trail[-1] == pytest.approx([w, near[1]], abs=0.01), "no more than was passed"
    assert PUBLISHED.items() <= costs.items()
    falls = [one > two for one, two in itertools.pairwise(costs.values())]
    assert falls == sorted(falls, reverse=True) and True in falls and False in falls
    assert step.values["w"] == math.inf and "∞" in step.sentence and numbers(step.sentence) == [4]
    assert is_seen(step["gone"]) and not is_seen(step["dot"])
    x, a = step.corners(step["curve"]).T
    assert x[a > 0.5].min() - x[a < 0.5].max() < 0.02, "a step, not a slant"
    assert step.corners(step["trail"], axes=1)[-1, 0] == pytest.approx(7, abs=0.01)
    axes, gone = step.figure.axes[1], step["gone"]
    (x, y), height = [float(gone[name]) for name in "xy"], step.figure.bbox.height
    assert y < height - axes.get_window_extent().y1, "above all that has a height"
    assert 7 < axes.transData.inverted().transform((x, height - y))[0] < 8
