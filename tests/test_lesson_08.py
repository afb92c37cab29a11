"""Lesson 08: the library's curve bends into ours as C grows, and its numbers are the library's."""

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from helpers.students import HOURS, LOWEST, PASSED

from .seen import numbers, walk


def test_penalty():
    for frame in walk("penalty"):
        strength, hours = frame.values["C"], HOURS[:, np.newaxis]
        model = LogisticRegression(C=strength, tol=1e-8).fit(hours, PASSED)
        w, b = model.coef_[0, 0], model.intercept_[0]
        cost = log_loss(PASSED, model.predict_proba(hours))
        frame.assert_says(*([strength] if np.isfinite(strength) else []), w, b, cost)
        assert numbers(frame["cost"]["text"]) == [numbers(frame.sentence)[-1]]
        frame.assert_students(w, b)


def test_the_black_curve_bends_into_the_dashed_one():
    """The larger C, the smaller the cost, the larger w, and the nearer the curve to ours."""
    drawn = [frame.corners(frame["curve"]).T for frame in walk("penalty")]
    apart = [np.abs(a - 1 / (1 + np.exp(-LOWEST[0] * x - LOWEST[1]))).max() for x, a in drawn]
    assert apart == sorted(apart, reverse=True) and apart[-1] < 6e-3 < apart[0]
    weights, _, costs = zip(*[numbers(frame.sentence)[-3:] for frame in walk("penalty")])
    assert list(weights) == sorted(weights) and list(costs) == sorted(costs, reverse=True)
    agree = [frame.values["C"] for frame, cost in zip(walk("penalty"), costs) if cost == costs[-1]]
    assert agree == [100, np.inf], "from which C on the costs agree to three decimals"
