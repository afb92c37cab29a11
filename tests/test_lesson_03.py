"""Lesson 03: pictures and explorers show what the formulas say, at every stop."""

import math

from helpers import lesson_03, logistic
from helpers.palette import BLUE, VERMILION

from .seen import assert_at, assert_says, dots_of, explored, texts_of


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
        assert f"y = 1: {a:.2f}" in texts and f"y = 0: {1 - a:.2f}" in texts
        lit = [part["fill"] for part in frame.drawn["parts"]]
        assert [colour.upper() in (BLUE, VERMILION) for colour in lit] == [y == 1, y == 0]
    reached = {(f.values["a"], f.values["y"]) for f in explorer.frames if "∞" in f.sentence}
    assert reached == {(0, 1), (1, 0)}, "infinity is reached at both ends"


def test_honesty_pays():
    picture = lesson_03.plot_honesty(0.3)
    assert dots_of(picture.figure.axes[0]) == {(0.3, 0.611)}
    assert "0.611" in picture.alt
