"""Lesson 04: pictures and explorers show what the formulas say, at every stop."""

from helpers import logistic

from .seen import assert_at, assert_says, explored, numbers, texts_of


def test_batch():
    explorer, labels = explored("batch"), (1, 1, 0)
    assert {0.105, 0.511, 0.223, 0.28} < set(numbers(explorer.sentence))
    for frame in explorer.frames:
        losses = [logistic.log_loss(a, y) for a, y in zip(frame.values.values(), labels)]
        mean, base = sum(losses) / 3, 0.636514
        assert_says(frame, *losses, mean, base)
        top = 0.8 if max(losses) <= 0.8 else 6.0
        order = (2, 0, 1)  # the third point comes first, as it can be dragged
        for point, k in zip((frame.drawn["third"], *frame.drawn["points"]), order):
            assert_at(explorer, point, list(frame.values.values())[k], losses[k] / top)
        texts = texts_of(frame)
        assert {f"{loss:.3f}" for loss in (*losses, base)} <= set(texts)
        assert f"J = {mean:.3f}" in texts


def test_the_running_example():
    said = {tuple(f.values.values()): numbers(f.sentence) for f in explored("batch").frames}
    assert {4.605, 1.74} < set(said[0.9, 0.6, 0.99])
