"""Lesson 08: the library's curve bends into ours as C grows, and its numbers are the library's."""

import json
import re

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from helpers.students import HOURS, LOWEST, PASSED
from tools.execute import NOTEBOOKS

from .seen import assert_says, explored, numbers, places_of

NAMES = "penalty regularisation standardised accuracy clips Softmax".split()


def test_penalty():
    explorer = explored("penalty")
    for frame in explorer.frames:
        strength = frame.values["C"]
        model = LogisticRegression(C=strength, tol=1e-8).fit(HOURS[:, np.newaxis], PASSED)
        w, b = model.coef_[0, 0], model.intercept_[0]
        cost = log_loss(PASSED, model.predict_proba(HOURS[:, np.newaxis]))
        assert_says(frame, *([strength] if np.isfinite(strength) else []), w, b, cost)
        assert numbers(frame.drawn["cost"]["text"]) == [pytest.approx(cost, abs=5e-4)]
        x, a = places_of(explorer, frame.drawn["curve"]["d"]).T
        assert a == pytest.approx(1 / (1 + np.exp(-w * x - b)), abs=6e-3)


def test_the_black_curve_bends_into_the_dashed_one():
    """The larger C, the smaller the cost, the larger w, and the nearer the curve to ours."""
    explorer = explored("penalty")
    drawn = [places_of(explorer, f.drawn["curve"]["d"]).T for f in explorer.frames]
    ours = [1 / (1 + np.exp(-LOWEST[0] * x - LOWEST[1])) for x, _ in drawn]
    apart = [np.abs(a - other).max() for (_, a), other in zip(drawn, ours)]
    assert apart == sorted(apart, reverse=True) and apart[-1] < 6e-3 < apart[0]
    told = [numbers(frame.sentence)[-3:] for frame in explorer.frames]
    weights, _, costs = zip(*told)
    assert list(weights) == sorted(weights) and list(costs) == sorted(costs, reverse=True)
    agree = [frame.values["C"] for frame, cost in zip(explorer.frames, costs) if cost == costs[-1]]
    assert agree == [100, np.inf], "from which C on the costs agree to three decimals"


def test_its_names_are_given_once():
    cells = json.loads((NOTEBOOKS / "08_in_the_world.ipynb").read_text("utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    bold = re.findall(r"\*\*([^*]+)\*\*", text)
    assert {name: bold.count(name) for name in NAMES} == dict.fromkeys(NAMES, 1)
