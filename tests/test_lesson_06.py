"""Lesson 06: pictures and explorers show what the formulas say, at every stop."""

import math

import numpy as np
import pytest

from helpers import lesson_06, logistic
from helpers.students import HOURS, LOWEST, PASSED, students_cost

from .seen import assert_at, assert_says, bold_in, explored, numbers, places_of


def steps_of(eta, count):
    """The walk, step by step, with the course's own functions: (w, b) before each."""
    hours, w, b, places = HOURS[:, None], np.zeros(1), 0.0, []
    for _ in range(count + 1):
        places.append((w[0], b))
        dw, db = logistic.parameter_gradient(hours, logistic.sigmoid(hours @ w + b), PASSED)
        w, b = logistic.update_step(w, b, dw, db, eta)
    return np.array(places)


WALKS = {eta: steps_of(eta, lesson_06.STEPS[-1]) for eta in lesson_06.RATES}


def test_walk():
    explorer = explored("walk")
    for frame in explorer.frames:
        eta, steps = frame.values["eta"], frame.values["steps"]
        w, b = WALKS[eta][steps]
        assert_at(explorer, frame.drawn["here"], w, b)
        cost = logistic.mean_log_loss(logistic.sigmoid(HOURS * w + b), PASSED)
        assert_says(frame, steps, eta, w, b, cost)
        assert frame.drawn["label"]["text"] == f"J = {cost:.3f}" and cost >= 0.401
        curve = places_of(explorer, frame.drawn["curve"]["d"], 1)
        gaps = [places_of(explorer, part["d"], 1) for part in frame.drawn["gaps"]]
        for x, a in [*curve, *(gap[1] for gap in gaps)]:
            assert a == pytest.approx(logistic.sigmoid(w * x + b), abs=4e-3)
        assert [tuple(gap[0]) for gap in gaps] == [
            pytest.approx(student, abs=0.01) for student in zip(HOURS, PASSED, strict=True)
        ]


def test_the_path_is_every_step_as_taken():
    explorer = explored("walk")
    for frame in explorer.frames:
        eta, steps = frame.values["eta"], frame.values["steps"]
        path = places_of(explorer, frame.drawn["path"]["d"])
        taken = WALKS[eta][: steps + 1]
        still = np.tile(taken[-1], (len(path) - len(taken), 1))
        np.testing.assert_allclose(path, np.concatenate([taken, still]), atol=0.005)
        before = WALKS[eta][max(steps - 1, 0)]
        last = places_of(explorer, frame.drawn["last"]["d"])
        np.testing.assert_allclose(last, [before, taken[-1]], atol=0.005)
        assert_at(explorer, frame.drawn["left"], *before)


def test_the_first_frame_has_gone_straight_along_w_first():
    values = {name: control.value for name, control in explored("walk").controls.items()}
    first, second = WALKS[values["eta"]][1:3]
    assert 2 <= values["steps"] <= 3
    assert first[1] == 0 < first[0] and second[1] < 0


def test_walks_creep_arrive_or_jump():
    """What is said of the four walks after 400 steps, and of the last one at steps 100 and 101."""
    cost = {
        tuple(frame.values.values()): numbers(frame.drawn["label"]["text"])[0]
        for frame in explored("walk").frames
    }
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
    costs = {eta: [students_cost(w, b) for w, b in walk] for eta, walk in WALKS.items()}
    assert min(costs, key=lambda eta: costs[eta][30]) == 1
    assert costs[0.5][:201] == sorted(costs[0.5][:201], reverse=True)
    assert max(costs[2][:30]) > 1.02 > max(costs[1][:30])
    falling = {eta: costs[eta][190] - costs[eta][200] for eta in (0.1, 0.5, 1)}
    assert falling[0.5] < 5e-4 and falling[1] < 5e-4 < 3e-3 < falling[0.1]
    assert all(cost > 0.42 for cost in costs[2][190:]) and np.ptp(costs[2][198:200]) > 0.01


def test_contours_say_their_cost_and_the_lowest_is_closed():
    axes = explored("walk").figure.axes[0]
    labels = [text for text in axes.texts if text.get_text() in map(str, lesson_06.LEVELS)]
    assert sorted(float(label.get_text()) for label in labels) == lesson_06.LEVELS
    for label in labels:
        assert students_cost(*label.get_position()) == pytest.approx(
            float(label.get_text()), abs=0.005
        )
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    w, b = np.meshgrid(np.linspace(left, right, 200), np.linspace(bottom, top, 200))
    inside = students_cost(w, b) < min(lesson_06.LEVELS)
    edge = np.concatenate([inside[0], inside[-1], inside[:, 0], inside[:, -1]])
    assert inside.any() and not edge.any()


def test_promise():
    """The tangent promises more than goes, at every stop; two points, two bars."""
    explorer = explored("promise")
    before = -math.log(0.3)
    for frame in explorer.frames:
        eta = frame.values["eta"]
        z = logistic.logit(0.3) + eta * 0.7 * 6  # x = [2, 1] and the bias: 4 + 1 + 1
        promise, loss = eta * (1.4**2 + 0.7**2 + 0.7**2), math.log1p(math.exp(-z))
        fall = before - loss
        assert_says(frame, eta, promise, before - promise, fall, loss)
        assert_at(explorer, frame.drawn["after"], z, loss)
        assert_at(explorer, frame.drawn["promised"], z, before - promise)
        bars = [places_of(explorer, bar["d"], 1) for bar in frame.drawn["bars"]]
        assert [bar[0, 0] for bar in bars] == pytest.approx([0, 0], abs=1e-3)
        assert [bar[1, 0] for bar in bars] == pytest.approx([promise, fall], abs=1e-3)
        assert 0 < fall < promise and fall < before
        assert (promise > before) == (eta > 0.4)


def test_the_two_points_are_told_apart():
    """From η = 0.1 on, by most of a marker: in the window, or where they leave it, without."""
    explorer = explored("promise")
    [lens] = explorer.figure.axes[0].child_axes
    _, centre = lens.transData.transform((0, 0))
    for frame in explorer.frames:
        after, promised, magnified = (frame.drawn[name] for name in ("after", "promised", "apart"))
        distance = float(promised["y"]) - float(after["y"])
        window = frame.drawn["lens"] + [magnified]
        assert len({part["visibility"] for part in window}) == 1, "the window comes and goes whole"
        if magnified["visibility"] == "visible":
            plain, distance = distance, float(magnified["y"]) - explorer.figure.bbox.height + centre
            assert 6 * plain - 1 < distance < 8 * plain + 1
        assert distance > 6 or frame.values["eta"] < 0.1


def test_the_running_example():
    assert numbers(explored("promise").sentence) == [0.1, 0.294, 0.91, 0.275, 0.929]


NAMES = {
    "": [
        *("learning rate", "gradient descent", "stochastic gradient descent", "SGD", "epoch"),
        *("convex", "standardising"),
    ],
    "zh_CN": ["学习率", "梯度下降", "随机梯度下降", "SGD", "epoch", "凸", "标准化"],
}


@pytest.mark.parametrize("language", NAMES)
def test_names_are_given_once(language):
    bold = bold_in("06_update_step", language)
    assert {name: bold.count(name) for name in NAMES[language]} == dict.fromkeys(NAMES[language], 1)
