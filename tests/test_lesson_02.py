"""Lesson 02: pictures and explorers show what the formulas say, at every stop."""

import itertools

import nbformat
import numpy as np
import pytest

from helpers import lesson_02, logistic
from helpers.students import HOURS, PASSED, total_length
from tools.execute import NOTEBOOKS

from .seen import assert_at, assert_says, explored, is_rounded, numbers, places_of

NAMES = {  # COURSE.md's table, as each edition writes them where they are defined
    ".": ["score", "logit", "log-odds", "weight", "bias", "coefficient", "intercept",
          "logistic regression", "binary classifier", "prediction", "sigmoid", "logistic function",
          "expit", "decision", "accuracy"],
    "zh_CN": ["得分", "对数几率", "logit", "log-odds", "权重", "偏置", "系数", "截距", "逻辑回归",
              "二分类", "二分类器", "预测概率", "sigmoid 函数", "逻辑斯谛函数", "expit", "判定",
              "准确率"],
}  # fmt: skip
IN_CODE = ["decision_function", "predict_proba", "coef_", "intercept_", "predict"]


@pytest.mark.parametrize("folder", NAMES)
def test_the_names_of_the_field_are_given_bold_once(folder):
    notebook = nbformat.read(NOTEBOOKS / folder / "02_sigmoid.ipynb", 4)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    counts = {name: text.count(f"**{name}**") for name in NAMES[folder]}
    assert counts == dict.fromkeys(NAMES[folder], 1)
    assert [name for name in IN_CODE if f"`{name}`" not in text] == []
    assert "ŷ" in text and "p̂" in text


def _seen(part):
    return part["visibility"] == "visible"


class TestRulers:
    def test_odds_score_and_probability_stand_where_they_belong(self):
        explorer = explored("rulers")
        for frame in explorer.frames:
            x = frame.values["x"]
            odds = 0.25 * 6**x
            places = np.log(odds), np.log(odds), 7 * odds / (1 + odds) - 3
            dots = [frame.drawn["dots"], *frame.drawn["lower dots"]]
            for dot, at, height in zip(dots, places, lesson_02.HEIGHTS, strict=True):
                assert_at(explorer, dot, at, height)
            shown = [numbers(value["text"])[0] for value in frame.drawn["values"]]
            assert shown == pytest.approx([odds, np.log(odds), odds / (1 + odds)], rel=2e-3)
            assert numbers(frame.sentence) == [x, *shown]

    def test_an_hour_is_one_step_on_two_rulers_and_ever_less_on_the_third(self):
        explorer = explored("rulers")
        (last,) = [frame for frame in explorer.frames if frame.values["x"] == 3]
        spans = []
        for hop in last.drawn["hops"]:
            places = places_of(explorer, hop["d"])
            spans.append(places[-1][0] - places[0][0])
        assert spans[:6] == pytest.approx([np.log(6)] * 6, abs=3e-3)
        assert 2.8 > spans[6] - 0.01 > spans[7] > spans[8] > 0
        whole = [frame for frame in explorer.frames if frame.values["x"] in (1, 2, 3)]
        steps = [[numbers(step["text"])[0] for step in frame.drawn["steps"]] for frame in whole]
        assert [step[:2] for step in steps] == [[6, 1.792]] * 3
        assert [step[2] for step in steps] == pytest.approx([0.4, 0.3, 0.082], abs=5e-4)

    def test_no_hop_is_shown_before_its_hour(self):
        for frame in explored("rulers").frames:
            named = [name["text"] for name in frame.drawn["students"] if _seen(name)]
            assert named == [f"x={hour}" for hour in (0, 1, 2) if hour <= frame.values["x"]]
            shown = [_seen(hop) for hop in frame.drawn["hops"]]
            assert shown == [hour < frame.values["x"] for hour in (0, 1, 2)] * 3


class TestStudents:
    def test_curve_lines_and_middle(self):
        explorer = explored("students")
        for frame in explorer.frames:
            w, b = frame.values["w"], frame.values["b"]
            inside = w > 0 and 0 <= -b / w <= 6
            x, a = places_of(explorer, frame.drawn["curve"]["d"]).T
            assert a == pytest.approx(logistic.sigmoid(w * x + b), abs=4e-3)
            total = 0
            for gap, hours, y in zip(frame.drawn["gaps"], HOURS, PASSED):
                (_, start), (_, end) = places_of(explorer, gap["d"])
                error = logistic.sigmoid(w * hours + b) - y
                assert abs(end - start) == pytest.approx(abs(error), abs=2e-3)
                total += abs(error)
            assert_says(frame, w, b, total, 0.5, *((-b / w,) if inside else ()))
            assert _seen(frame.drawn["middle"]) == inside
            if inside:
                assert_at(explorer, frame.drawn["middle"], -b / w, 0.5)
            elif b:
                a = logistic.sigmoid(w * np.linspace(0, 6, 61) + b)
                assert ("above" in frame.sentence) == (a > 0.5).all()

    def test_steeper_is_shorter_without_end_if_the_bias_is_the_best(self):
        shortest = {}
        for frame in explored("students").frames:
            total = numbers(frame.sentence)[2]
            w = frame.values["w"]
            shortest[w] = min(total, shortest.get(w, np.inf))
        totals = [shortest[w] for w in sorted(shortest)]
        assert all(more > less for more, less in itertools.pairwise(totals))
        assert [shortest[w] for w in (0.2, 1.5, 3)] == [9.00, 5.25, 4.56]  # as the text says
        kept = [total_length(w, -0.5) for w in (0.5, 1, 1.5, 2, 3)]
        assert kept == sorted(kept), "and with the bias that it opens with, steeper is worse"

    def test_the_best_step_is_wrong_about_four(self):
        wrong = [np.sum((hours < HOURS) != PASSED) for hours in np.arange(0, 6, 0.125)]
        assert min(wrong) == 4

    def test_the_bias_shifts_to_the_left_by_its_change_over_w(self):
        explorer = explored("students")
        middles = {
            (frame.values["w"], frame.values["b"]): float(frame.drawn["middle"]["x"])
            for frame in explorer.frames
            if _seen(frame.drawn["middle"])
        }
        hour = np.diff(explorer.figure.axes[0].transData.transform([(0, 0), (1, 0)])[:, 0])[0]
        pairs = [(key, (key[0], key[1] + 0.5)) for key in middles]
        for before, after in pairs:
            if after in middles:
                moved = (middles[after] - middles[before]) / hour
                assert moved == pytest.approx(-0.5 / before[0], abs=5e-3)


class TestHill:
    def test_point_rise_and_slope(self):
        explorer = explored("sigmoid")
        for frame in explorer.frames:
            z = frame.values["z"]
            low, high = logistic.sigmoid(z - 0.5), logistic.sigmoid(z + 0.5)
            slope = logistic.dsigmoid_dz(z)
            assert_says(frame, z - 0.5, z + 0.5, high - low, slope)
            assert_at(explorer, frame.drawn["point"], z, logistic.sigmoid(z))
            assert_at(explorer, frame.drawn["top"], z, slope, axes=1)
            (x0, y0), (x1, y1) = places_of(explorer, frame.drawn["rise"]["d"])
            assert (x0, x1, y1 - y0) == pytest.approx((z + 0.5, z + 0.5, high - low), abs=0.02)
            shown = [numbers(frame.drawn[name]["text"])[0] for name in ("grown", "steep")]
            assert is_rounded(shown[0], high - low) and is_rounded(shown[1], slope)

    def test_the_strip_is_one_wide_and_its_area_is_the_rise(self):
        explorer = explored("sigmoid")
        for frame in explorer.frames:
            path = frame.drawn["strip"]["d"].replace("Z", "")
            x, y = places_of(explorer, path, axes=1).T
            area = abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))) / 2
            rise = np.diff(logistic.sigmoid(frame.values["z"] + np.array([-0.5, 0.5])))[0]
            assert x.max() - x.min() == pytest.approx(1, abs=0.02)
            assert area == pytest.approx(rise, abs=2e-3)
