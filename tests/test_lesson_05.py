"""Lesson 05: pictures and explorers show what the formulas say, at every stop."""

import re

import pytest

from helpers import logistic

from .seen import assert_at, assert_says, explored, numbers, points_of, texts_of


def test_gradient():
    explorer = explored("gradient")
    assert {0.6, 1, 0.511} < set(numbers(explorer.sentence))
    for frame in explorer.frames:
        z, y = frame.values["z"], frame.values["y"]
        a, loss = logistic.sigmoid(z), logistic.log_loss(logistic.sigmoid(z), y)
        assert_says(frame, z, a, y, loss, a * (1 - a), logistic.dloss_da(a, y), a - y)
        for point, place, axes in zip(
            (frame.drawn["dot"], *frame.drawn["dots"]), [(z, a), (a, loss), (z, loss)], (1, 4, 3)
        ):
            assert_at(explorer, point, *place, axes=axes)
        *labels, product, _ = texts_of(frame)
        factors, sign, result, _, difference = re.split(" ([=≈]) ", product)
        shown = [numbers(label)[0] for label in labels]
        assert numbers(factors) + numbers(result) == shown and shown[2] == pytest.approx(a - y)
        off = abs(shown[0] * shown[1] / shown[2] - 1)  # the sign is = where nothing was rounded
        assert off < 0.004 and (off < 1e-9) == (sign == "=") and difference == f"{a:.2f} − {y}"


def test_the_nudge_arrives_as_it_does_in_one_go():
    """ΔL by way of a and ΔL from z at once are equally long, and the band joins them."""
    explorer = explored("gradient")
    for frame in explorer.frames:
        (_, _, up_a), (_, _, up_z) = (
            [points_of(part["d"]) for part in frame.drawn["triangles"][k : k + 3]] for k in (3, 6)
        )
        assert up_a[:, 1] == pytest.approx(up_z[:, 1], abs=0.1)
        band = points_of(frame.drawn["bands"][2]["d"])[:4]
        assert sorted(band[:, 1]) == pytest.approx(sorted([*up_a[:, 1]] * 2), abs=0.1)
