"""Lesson 06: pictures and explorers show what the formulas say, at every stop."""

import math

import numpy as np
import pytest

from helpers import lesson_06, logistic
from helpers.palette import SLOPE
from helpers.students import HOURS, PASSED

from .seen import assert_at, assert_says, dots_of, explored, numbers, places_of


def test_step():
    explorer = explored("step")
    for frame in explorer.frames:
        eta, a = frame.values["eta"], frame.values["a"]
        z = logistic.logit(a)
        z_after = z + eta * (1 - a) * 6  # x = [2, 1] and the bias: 4 + 1 + 1
        loss, new_loss = -math.log(a), logistic.log_loss_from_logit(z_after, 1)
        promise = loss - eta * 6 * (1 - a) ** 2
        assert_says(frame, eta, a, z_after - z, logistic.sigmoid(z_after), loss, new_loss, promise)
        assert 0 <= new_loss <= loss and promise <= new_loss  # the tangent lies below the curve
        assert_at(explorer, frame.drawn["before"], z, loss)
        assert_at(explorer, frame.drawn["after"], z_after, new_loss)
        assert_at(explorer, frame.drawn["promised"], z_after, promise)


def test_the_running_example():
    said = {tuple(f.values.values()): numbers(f.sentence) for f in explored("step").frames}
    assert {0.395, 1.204, 0.929} < set(said[0.1, 0.3])


def test_walk():
    explorer, hours = explored("walk"), HOURS[:, None]
    here = {}  # for each rate: how many steps, and where they led
    for frame in explorer.frames:
        eta, steps = frame.values["eta"], frame.values["steps"]
        done, (w, b) = here.get(eta, (0, (np.zeros(1), 0.0)))
        for _ in range(steps - done):
            dw, db = logistic.parameter_gradient(hours, logistic.sigmoid(hours @ w + b), PASSED)
            w, b = logistic.update_step(w, b, dw, db, eta)
        here[eta] = steps, (w, b)
        assert_at(explorer, frame.drawn["here"], w[0], b)
        cost = logistic.mean_log_loss(logistic.sigmoid(hours @ w + b), PASSED)
        assert_says(frame, steps, eta, w[0], b, cost)
        assert frame.drawn["label"]["text"] == f"J = {cost:.3f}" and cost >= 0.401
        path = places_of(explorer, frame.drawn["path"]["d"])
        curve = places_of(explorer, frame.drawn["curve"]["d"], 1)
        gaps = [places_of(explorer, part["d"], 1) for part in frame.drawn["gaps"]]
        assert path[0] == pytest.approx([0, 0], abs=0.02)
        assert path[-1] == pytest.approx([w[0], b], abs=0.02)
        for x, a in [*curve, *(gap[1] for gap in gaps)]:
            assert a == pytest.approx(logistic.sigmoid(w[0] * x + b), abs=3e-3)
        assert [tuple(gap[0]) for gap in gaps] == [
            pytest.approx(student, abs=0.01) for student in zip(HOURS, PASSED, strict=True)
        ]


def test_walk_creeps_or_jumps():
    """Small steps go down and are not there; the largest, shown, never rest."""
    frames = explored("walk").frames
    cost = {tuple(f.values.values()): numbers(f.drawn["label"]["text"])[0] for f in frames}
    rates = sorted({eta for eta, _ in cost})
    slow = [cost[eta, steps] for eta, steps in cost if eta == rates[0]]
    assert slow == sorted(slow, reverse=True) and cost[rates[0], 400] > 0.42
    assert cost[rates[-1], 400] > 0.42 and cost[rates[1], 400] < 0.403


def test_a_step_keeps_less_than_its_tangent_promised():
    picture = lesson_06.plot_step()
    (axes,) = picture.figure.axes
    marked = {(-0.847, 1.204), (-0.427, 0.91), (-0.427, 0.929), (0.873, 0), (0.873, 0.349)}
    assert dots_of(axes) == marked
    tangents = [line.get_data() for line in axes.lines if line.get_color() == SLOPE]
    slopes = [np.diff(y)[0] / np.diff(x)[0] for x, y in tangents if len(x) == 2]
    assert slopes == pytest.approx([-0.7, -0.7])
    assert all(f"{loss:.3f}" in picture.alt for _, loss in marked)
