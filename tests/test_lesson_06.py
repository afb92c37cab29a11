"""Lesson 06: pictures and explorers show what the formulas say, at every stop."""

import math

import numpy as np
import pytest

from helpers import lesson_06, logistic
from helpers.students import HOURS, LOWEST, PASSED, students_cost

from .seen import explored, is_seen, numbers, walk


def steps_of(eta):
    """The walk, step by step, with the course's own functions: (w, b) before each."""
    hours, w, b, places = HOURS[:, None], np.zeros(1), 0.0, []
    for _ in range(lesson_06.STEPS[-1] + 1):
        places.append((w[0], b))
        dw, db = logistic.parameter_gradient(hours, logistic.sigmoid(hours @ w + b), PASSED)
        w, b = logistic.update_step(w, b, dw, db, eta)
    return np.array(places)


WALKS = {eta: steps_of(eta) for eta in lesson_06.RATES}


def test_the_path_is_every_step_as_taken():
    for frame in walk("walk"):
        eta, steps = frame.values.values()
        taken = WALKS[eta][: steps + 1]
        w, b = taken[-1]
        cost = logistic.mean_log_loss(logistic.sigmoid(HOURS * w + b), PASSED)
        frame.assert_says(steps, eta, w, b, cost)
        assert frame["label"]["text"] == f"J = {cost:.3f}" and cost >= 0.401
        frame.assert_students(w, b, axes=1)
        path = frame.corners(frame["path"])
        still = np.tile(taken[-1], (len(path) - len(taken), 1))
        np.testing.assert_allclose(path, np.concatenate([taken, still]), atol=0.005)
        before = WALKS[eta][max(steps - 1, 0)]
        np.testing.assert_allclose(frame.corners(frame["last"]), [before, (w, b)], atol=0.005)
        frame.assert_at(frame["left"], *before)
        frame.assert_at(frame["here"], w, b)


def test_the_first_frame_has_gone_straight_along_w_first():
    values = {name: control.value for name, control in explored("walk").controls.items()}
    first, second = WALKS[values["eta"]][1:3]
    assert 2 <= values["steps"] <= 3
    assert first[1] == 0 < first[0] and second[1] < 0


def test_walks_creep_arrive_or_jump():
    """What is said of the four walks after 400 steps, and of the last one at steps 100 and 101."""
    frames = walk("walk")
    cost = {(*frame.values.values(),): numbers(frame["label"]["text"])[0] for frame in frames}
    small, half, one, large = lesson_06.RATES
    slow = [cost[small, steps] for steps in lesson_06.STEPS]
    assert slow == sorted(slow, reverse=True) and cost[small, 400] > 0.42
    assert cost[half, 400] < 0.403 and 0.401 == cost[one, 400] < cost[half, 400]
    assert WALKS[one][400] == pytest.approx(LOWEST, abs=0.006)
    assert cost[one, 1] > cost[one, 0], "its first step makes J worse"
    assert min(cost[large, steps] for steps in lesson_06.STEPS) > 0.42
    sides = WALKS[large][100, 0], WALKS[large][101, 0]
    assert min(sides) < LOWEST[0] < max(sides) and abs(cost[large, 100] - cost[large, 101]) > 0.01
    for steps in (200, 400):
        assert WALKS[large][steps] == pytest.approx(WALKS[large][100], abs=0.002)


def test_the_curves_that_the_reader_draws():
    """After 30 steps 1 is lowest; after 200 two lie flat, one still falls, one swings."""
    costs = {eta: students_cost(*steps.T) for eta, steps in WALKS.items()}
    assert min(costs, key=lambda eta: costs[eta][30]) == 1
    assert (np.diff(costs[0.5][:201]) <= 0).all()
    assert max(costs[2][:30]) > 1.02 > max(costs[1][:30])
    falling = {eta: costs[eta][190] - costs[eta][200] for eta in (0.1, 0.5, 1)}
    assert falling[0.5] < 5e-4 and falling[1] < 5e-4 < 3e-3 < falling[0.1]
    assert min(costs[2][190:]) > 0.42 and np.ptp(costs[2][198:200]) > 0.01


def test_contours_say_their_cost_and_the_lowest_is_closed():
    axes = explored("walk").figure.axes[0]
    labels = [text for text in axes.texts if text.get_text() in map(str, lesson_06.LEVELS)]
    assert sorted(float(label.get_text()) for label in labels) == lesson_06.LEVELS
    for label in labels:
        level = float(label.get_text())
        assert students_cost(*label.get_position()) == pytest.approx(level, abs=0.005)
    grid = [np.linspace(*limits, 200) for limits in (axes.get_xlim(), axes.get_ylim())]
    inside = students_cost(*np.meshgrid(*grid)) < min(lesson_06.LEVELS)
    assert inside[1:-1, 1:-1].sum() == inside.sum() > 0, "none of it at the edge"


def test_the_tangent_promises_more_than_goes():
    """Two points, two bars, and from η = 0.1 on the points are apart by most of a marker.

    Where they would not be, they are in the window, magnified.
    """
    before = -math.log(0.3)
    [lens] = explored("promise").figure.axes[0].child_axes
    centre = explored("promise").figure.bbox.height - lens.transData.transform((0, 0))[1]
    for frame in walk("promise"):
        eta = frame.values["eta"]
        z = logistic.logit(0.3) + eta * 0.7 * 6  # x = [2, 1] and the bias: 4 + 1 + 1
        promise, loss = eta * (1.4**2 + 0.7**2 + 0.7**2), math.log1p(math.exp(-z))
        fall = before - loss
        frame.assert_says(eta, promise, before - promise, fall, loss)
        after, promised, apart = (frame[name] for name in ("after", "promised", "apart"))
        frame.assert_at(after, z, loss)
        frame.assert_at(promised, z, before - promise)
        bars = np.ravel([frame.corners(bar, axes=1)[:, 0] for bar in frame["bars"]])
        assert bars == pytest.approx([0, promise, 0, fall], abs=1e-3)
        assert 0 < fall < promise and fall < before and (promise > before) == (eta > 0.4)
        assert {*map(is_seen, frame["lens"])} == {is_seen(apart)}, "the window comes and goes whole"
        distance = float(promised["y"]) - float(after["y"])
        if is_seen(apart):
            plain, distance = distance, float(apart["y"]) - centre
            assert 6 * plain - 1 < distance < 8 * plain + 1
        assert distance > 6 or eta < 0.1
