"""Lesson 03: pictures and explorers show what the formulas say, at every stop."""

import math

import nbformat
import numpy as np
import pytest

from helpers import lesson_03, logistic
from helpers.palette import BLUE, VERMILION
from tools.execute import NOTEBOOKS

from .seen import assert_at, assert_says, dots_of, explored, places_of, texts_of


def test_loss():
    explorer = explored("loss")
    curves, bar = explorer.figure.axes
    for frame in explorer.frames:
        a, y = frame.values["a"], frame.values["y"]
        given, loss = (a if y else 1 - a), logistic.log_loss(a, y)
        texts = texts_of(frame)
        seen = frame.drawn["dot"]["visibility"] == "visible"
        assert seen == math.isfinite(loss) and ("∞" in frame.sentence) == (not seen)
        if seen:
            assert_at(explorer, frame.drawn["dot"], a, loss)
            assert_says(frame, a, y, given, loss)
            assert f"L = {loss:.3f}" in texts
        assert f"a = {a:.2f}" in texts and f"1 − a = {1 - a:.2f}" in texts
        lit = [part["fill"] for part in frame.drawn["parts"]]
        assert [colour.upper() in (BLUE, VERMILION) for colour in lit] == [y == 1, y == 0]
        assert lit[y].lower() == "#ffffff", "the other part has no colour"


def height_of(drawn):
    """How high the point stands, in points above the lower edge; what left stands highest."""
    shown = "dot" if drawn["dot"]["visibility"] == "visible" else "gone"
    return -float(drawn[shown]["y"])


@pytest.mark.parametrize("y", [1, 0])
def test_the_shorter_the_lit_part_the_higher_the_point(y):
    explorer, height = explored("loss"), {}
    for frame in explorer.frames:
        if frame.values["y"] == y:
            corners = places_of(explorer, frame.drawn["parts"][1 - y]["d"], axes=1)
            width, a = np.ptp(corners[:, 0]), frame.values["a"]
            assert width == pytest.approx(a if y else 1 - a, abs=0.001)
            height[width] = height_of(frame.drawn)
    falling = [height[width] for width in sorted(height)]
    assert len(falling) == len(lesson_03.PREDICTIONS)
    assert all(one > two for one, two in zip(falling, falling[1:]))


def test_nothing_is_left_where_the_point_leaves_and_there_only():
    gone = {
        (frame.values["a"], frame.values["y"])
        for frame in explored("loss").frames
        if frame.drawn["gone"]["visibility"] == "visible"
    }
    assert gone == {(0, 1), (1, 0)}
    explorer = explored("loss")
    arrow = next(f.drawn["gone"] for f in explorer.frames if f.values == {"a": 0, "y": 1})
    top = explorer.figure.bbox.height - explorer.figure.axes[0].get_window_extent().y1
    assert float(arrow["y"]) < top, "above all that has a height"


def test_it_opens_with_the_question():
    explorer = explored("loss")
    assert {name: control.value for name, control in explorer.controls.items()} == {
        "a": 0.2,
        "y": 1,
    }
    text = (NOTEBOOKS / "03_log_loss.ipynb").read_text(encoding="utf-8")
    assert "1.609" in explorer.sentence and "probability 0.2" in text


def test_honesty_pays():
    picture = lesson_03.plot_honesty(0.3)
    assert dots_of(picture.figure.axes[0]) == {(0.3, 0.611)}
    assert "0.611" in picture.alt


# ---- Its names: bold where the thing is defined, and in the table at the end of the core ----

NAMES = {
    "": (
        "loss function", "cross-entropy", "binary cross-entropy", "logistic loss", "likelihood",
        "negative log-likelihood", "maximum likelihood estimation", "penalty", "log loss",
    ),
    "zh_CN": (
        "损失函数", "交叉熵", "二元交叉熵", "逻辑斯谛损失", "似然", "负对数似然", "最大似然估计",
        "惩罚", "对数损失",
    ),
}  # fmt: skip
LIBRARIES = ("`log_loss`", "`BCELoss`", "`BCEWithLogitsLoss`", "BCE", "MLE")


@pytest.mark.parametrize("folder", NAMES)
def test_names(folder):
    notebook = nbformat.read(NOTEBOOKS / folder / "03_log_loss.ipynb", as_version=4)
    cells = {cell.id: cell.source for cell in notebook.cells}
    text = "\n".join(cells.values())
    assert [name for name in NAMES[folder] if text.count(f"**{name}**") != 1] == []
    assert [name for name in LIBRARIES if name not in cells["carry-on"]] == []
