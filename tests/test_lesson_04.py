"""Lesson 04: pictures and explorers show what the formulas say, at every stop."""

import itertools
import math
import re
from fractions import Fraction

import nbformat
import numpy as np
import pytest

from helpers import lesson_04, logistic
from helpers.engine.explorer import named
from helpers.students import HOURS, PASSED
from tools.execute import NOTEBOOKS

from .seen import assert_at, explored, numbers, places_of, texts_of

LABELS = (1, 1, 0)


def shown(loss):
    return f"{loss:.3f}" if math.isfinite(loss) else "∞"


def losses_of(frame):
    return [logistic.log_loss(a, y) for a, y in zip(frame.values.values(), LABELS)]


def top_of(line, axis):
    """The height of a line's upper end."""
    return places_of(explored("batch"), line["d"], axis)[:, 1].max()


def test_batch():
    explorer = explored("batch")
    assert {0.105, 0.511, 0.223, 0.28} <= set(numbers(explorer.sentence))
    for frame in explorer.frames:
        losses, texts = losses_of(frame), texts_of(frame)
        mean = sum(losses) / 3
        told = [shown(loss) for loss in (*losses, mean)]
        assert re.findall(r"\d+\.\d+|∞", frame.sentence) == told
        assert set(told[:3]) <= set(texts) and f"J = {told[3]}" in texts
        points = [*frame.drawn["points"], frame.drawn["third"]]  # which can be dragged
        for point, a, loss, gone in zip(
            points, frame.values.values(), losses, frame.drawn["gones"]
        ):
            shows = [part["visibility"] == "visible" for part in (point, gone)]
            assert shows == [math.isfinite(loss), math.isinf(loss)]
            if shows[0]:
                assert_at(explorer, point, a, loss)


def test_the_running_example():
    said = {tuple(f.values.values()): numbers(f.sentence) for f in explored("batch").frames}
    assert {4.605, 1.74} < set(said[0.9, 0.6, 0.99])
    assert 1.535 in said[1, 1, 0.99]
    assert "∞" in next(f for f in explored("batch").frames if f.values["a_3"] == 1).sentence


def test_a_larger_loss_is_a_taller_bar_at_every_stop_on_an_axis_that_never_changes():
    heights = {}
    for frame in explored("batch").frames:
        for loss, bar in zip(losses_of(frame), frame.drawn["bars"]):
            heights.setdefault(round(loss, 9), set()).add(round(top_of(bar, 1), 2))
    assert all(len(found) == 1 for found in heights.values()), "one loss, one height"
    tops = [heights[loss].pop() for loss in sorted(heights)]
    assert all(one < two for one, two in zip(tops, tops[1:]))
    for loss, top in zip(sorted(heights), tops):
        assert top == pytest.approx(min(loss, lesson_04.LOSS_TOP), abs=0.02)
    moving = set(named(explored("batch").moving).values())
    for axes in explored("batch").figure.axes:
        assert axes.get_ylim() == (0, lesson_04.LOSS_TOP)
        assert moving.isdisjoint(axes.get_yticklabels())


@pytest.mark.parametrize("sample", range(3))
def test_the_mean_moves_a_third_as_far_as_the_bar(sample):
    """Whichever bar grows, wherever the other two stand."""
    seen = {}
    for frame in explored("batch").frames:
        losses = losses_of(frame)
        if all(map(math.isfinite, losses)):
            others = losses[:sample] + losses[sample + 1 :]
            pair = top_of(frame.drawn["bars"][sample], 1), top_of(frame.drawn["means"][1], 1)
            seen.setdefault(tuple(others), []).append(pair)
    for pairs in seen.values():
        (bar, mean), *rest = pairs
        for other_bar, other_mean in rest:
            assert other_mean - mean == pytest.approx((other_bar - bar) / 3, abs=0.02)
    assert len(seen) >= 9


def test_two_good_predictions_cannot_pay_for_a_confident_mistake():
    mistaken = [f for f in explored("batch").frames if f.values["a_3"] == 0.99]
    means = [numbers(f.sentence)[-1] for f in mistaken if "∞" not in f.sentence]
    assert min(means) == 1.535 > 5 * 0.280


@pytest.mark.parametrize("share", explored("base_rate").controls["share"].options)
def test_the_base_rate_costs_least(share):
    frames = [f for f in explored("base_rate").frames if f.values["share"] == share]
    costs, share = {}, float(Fraction(share))
    for frame in frames:
        a = frame.values["a"]
        costs[a] = cost = -share * math.log(a) - (1 - share) * math.log(1 - a)
        assert_at(explored("base_rate"), frame.drawn["dot"], a, cost)
        assert numbers(frame.sentence)[-1] == pytest.approx(cost, abs=0.0006)
    assert min(costs, key=costs.get) == pytest.approx(share)
    written = sorted(numbers(frame.sentence)[-1] for frame in frames)
    assert written[0] < written[1], "the lowest stop is seen to be the lowest"
    at_half = next(f for f in frames if f.values["a"] == 0.5)
    assert "J = 0.693" in texts_of(at_half)


PUBLISHED = {0.2: 0.603, 1: 0.422, 1.5: 0.401, 2: 0.414, 3: 0.485, 6: 0.802}


def test_the_cost_of_the_students_has_a_lowest_point():
    explorer = explored("steepness")
    costs = {}
    for frame in explorer.frames[:-1]:
        w, b, costs[w] = frame.values["w"], *numbers(frame.sentence)[1:]
        assert b == pytest.approx(lesson_04.best_bias(w), abs=0.005)
        cost = logistic.mean_log_loss(1 / (1 + np.exp(-w * HOURS - lesson_04.best_bias(w))), PASSED)
        assert cost == pytest.approx(costs[w], abs=0.0005)
        assert_at(explorer, frame.drawn["dot"], w, cost, axes=1)
        trail = places_of(explorer, frame.drawn["trail"]["d"], axes=1)
        assert trail[-1] == pytest.approx([w, cost], abs=0.01), "no more is seen than was passed"
    assert PUBLISHED.items() <= costs.items()
    falls = [one > two for one, two in itertools.pairwise(costs.values())]
    assert falls == sorted(falls, reverse=True) and True in falls and False in falls
    step = explorer.frames[-1]
    assert step.values["w"] == math.inf and "∞" in step.sentence and numbers(step.sentence) == [4]
    assert step.drawn["gone"]["visibility"] == "visible" != step.drawn["dot"]["visibility"]
    x, a = places_of(explorer, step.drawn["curve"]["d"]).T
    assert x[a > 0.5].min() - x[a < 0.5].max() < 0.02, "a step, not a slant"
    trail, axes = step.drawn["trail"]["d"], explorer.figure.axes[1]
    assert places_of(explorer, trail, axes=1)[-1, 0] == pytest.approx(7, abs=0.01)
    box, gone = axes.get_window_extent(), step.drawn["gone"]
    assert float(gone["y"]) < explorer.figure.bbox.height - box.y1, "above all that has a height"
    assert 7 < places_of(explorer, f"M {gone['x']} {gone['y']}", axes=1)[0, 0] < 8


def test_no_other_bias_costs_less():
    for w in (0.2, 1.5, 6):
        b = lesson_04.best_bias(w)
        costs = [float(lesson_04.students_cost(w, b + step)) for step in (-0.01, 0, 0.01)]
        assert min(costs) == costs[1]


# ---- Its names: bold where the thing is defined, and in the table at the end of the core ----

NAMES = {
    "": ("mini-batch", "cost", "mean loss", "empirical risk", "base rate", "threshold", "accuracy"),
    "zh_CN": ("小批量", "代价", "平均损失", "经验风险", "基准率", "阈值", "准确率"),
}
LIBRARIES = ("`log_loss`", '`reduction="mean"`', "`predict`", "`batch_size`")


@pytest.mark.parametrize("folder", NAMES)
def test_names(folder):
    notebook = nbformat.read(NOTEBOOKS / folder / "04_mini_batch.ipynb", as_version=4)
    cells = {cell.id: cell.source for cell in notebook.cells}
    text = "\n".join(cells.values())
    assert [name for name in NAMES[folder] if text.count(f"**{name}**") != 1] == []
    assert [name for name in LIBRARIES if name not in cells["carry-on"]] == []
