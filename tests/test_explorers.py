"""Every frame of every explorer of the course: the sentence, the point, what must always hold."""

import functools
import inspect
import math
import re

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from helpers import explorers, logistic
from helpers.engine.drawing import BLUE, VERMILION
from helpers.figures import HOURS, PASSED

EXPLORERS = {
    name: function
    for name, function in vars(explorers).items()
    if name.startswith("explore_") and inspect.isfunction(function)
}


@pytest.fixture(scope="module")
def explored():
    return functools.cache(lambda name: EXPLORERS[f"explore_{name}"]())


def numbers(text):
    """The numbers of a sentence, with a true minus sign before a negative one."""
    return [float(n.replace("−", "-")) for n in re.findall(r"(?<![\w∂])−?\d+(?:\.\d+)?", text)]


def is_rounded(shown, value, decimals=3):
    """Whether a number is shown as its own rounding (either way at a tie)."""
    return abs(shown - value) <= 0.5 * 10**-decimals + 1e-9


def assert_says(frame, *values):
    """The sentence has these numbers and no others, in any order, each rounded as it is shown."""
    texts = re.findall(r"(?<![\w∂])−?\d+(?:\.\d+)?", frame.sentence)
    shown = sorted((numbers(text)[0], len(text.partition(".")[2])) for text in texts)
    for (number, decimals), value in zip(shown, sorted(values), strict=True):
        assert is_rounded(number, value, decimals), (frame.sentence, value)


def points_of(path):
    """The corners of a path of straight lines, as the SVG has them."""
    return np.reshape(re.findall(r"-?[\d.]+", path), (-1, 2)).astype(float)


def places_of(explorer, path, axes=0):
    """The same corners, in the units of the axes."""
    back = explorer.figure.axes[axes].transData.inverted().transform
    return back(points_of(path) * (1, -1) + (0, explorer.figure.bbox.height))


def assert_at(explorer, drawn, x, y, axes=0):
    """The marker stands within a tenth of a point of (x, y) of the axes."""
    expected = explorer.figure.axes[axes].transData.transform((x, y))
    place = float(drawn["x"]), explorer.figure.bbox.height - float(drawn["y"])
    assert np.abs(np.subtract(place, expected)).max() < 0.06, (x, y)


# --- All of them ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name.removeprefix("explore_") for name in EXPLORERS])
class TestEach:
    def test_can_be_dragged(self, explored, name):
        axis, *_ = explored(name)._handle()
        assert "Slider" in type(list(explored(name).controls.values())[axis]).__name__

    def test_starts_at_a_stop(self, explored, name):
        explorer = explored(name)
        values = {name: control.value for name, control in explorer.controls.items()}
        assert values in [frame.values for frame in explorer.frames]

    def test_has_words_only_in_its_sentence(self, explored, name):
        texts = re.findall(r"<text[^>]*>([^<]*)</text>", explored(name).picture.svg)
        texts += [part.get("text", "") for frame in explored(name).frames for part in frame.drawn]
        words = {word for text in texts for word in re.findall(r"[^\W\d_₀₁₂Δ]{2,}", text)}
        assert words <= {"log", "ln", "wx"}

    def test_every_sentence_is_well_set(self, explored, name):
        for frame in explored(name).frames:
            assert not re.search(r"nan|inf|-\d|−0\.0*(?!\d)|[{}]|  ", frame.sentence)

    def test_every_point_is_inside_the_picture(self, explored, name):
        explorer = explored(name)
        width, height = explorer.figure.bbox.size
        for frame in explorer.frames:
            for part in frame.drawn:
                if "x" in part and part["visibility"] == "visible":
                    assert 0 < float(part["x"]) < width and 0 < float(part["y"]) < height


# All but the step's, where a label may stand on the line L = 0.
@pytest.mark.parametrize("name", [name[8:] for name in EXPLORERS if name != "explore_step"])
def test_no_label_is_cut_off_or_stands_on_a_line(name):
    explorer = EXPLORERS[f"explore_{name}"]()
    FigureCanvasAgg(explorer.figure).draw()
    labels = [artist for artist in explorer.moving if isinstance(artist, Text)]
    lines = [line for axes in explorer.figure.axes for line in axes.lines]
    curves = [line for line in lines if len(line.get_xdata()) > 1]
    for frame in explorer.frames:
        explorer._draw(**frame.values)
        paths = [c.get_transform().transform_path(c.get_path()) for c in curves if c.get_visible()]
        for label in filter(Text.get_visible, labels):
            box = label.get_window_extent()
            assert 0 <= box.x0 and box.x1 <= explorer.figure.bbox.width, frame
            ink = Bbox.from_extents(box.x0, box.y0 + 2, box.x1, box.y1 - 1)
            assert not any(path.intersects_bbox(ink, filled=False) for path in paths), frame


# --- One by one ----------------------------------------------------------------------------------


def test_slide_rule(explored):
    explorer = explored("slide_rule")
    for frame in explorer.frames:
        u, v = frame.values["u"], frame.values["v"]
        assert_at(explorer, frame.drawn[0], math.log10(u), 0)
        assert_at(explorer, frame.drawn[1], math.log10(u) + math.log10(v), 0)
        assert numbers(frame.drawn[-1]["text"]) == pytest.approx([u, v, u * v], abs=1e-9)
        assert numbers(frame.sentence)[-3:] == pytest.approx([u, v, u * v], abs=1e-9)


def test_sigmoid(explored):
    explorer = explored("sigmoid")
    for frame in explorer.frames:
        z = frame.values["z"]
        assert_says(frame, z, logistic.sigmoid(z), logistic.dsigmoid_dz(z))
        assert_at(explorer, frame.drawn[0], z, logistic.sigmoid(z))
        assert_at(explorer, frame.drawn[1], z, logistic.dsigmoid_dz(z), axes=1)
        (x0, y0), (x1, y1) = places_of(explorer, frame.drawn[4]["d"])
        assert (y1 - y0) / (x1 - x0) == pytest.approx(logistic.dsigmoid_dz(z), abs=3e-3)
        a, slope = [numbers(part["text"])[0] for part in frame.drawn[5:]]
        assert is_rounded(a, logistic.sigmoid(z)) and is_rounded(slope, logistic.dsigmoid_dz(z))


def test_students(explored):
    explorer = explored("students")
    for frame in explorer.frames:
        w, b = frame.values["w"], frame.values["b"]
        inside = w > 0 and 0 <= -b / w <= 6
        assert_says(frame, w, b, 0.5, *((-b / w, w / 4) if inside else ()))
        x, a = places_of(explorer, frame.drawn[1]["d"]).T
        assert a == pytest.approx(logistic.sigmoid(w * x + b), abs=4e-3)
        for gap, hours, y in zip(frame.drawn[2:22], HOURS, PASSED):
            (_, start), (_, end) = places_of(explorer, gap["d"])
            error = logistic.sigmoid(w * hours + b) - y
            assert abs(end - start) == pytest.approx(abs(error), abs=2e-3)
        assert (frame.drawn[0]["visibility"] == "visible") == inside
        if inside:
            assert_at(explorer, frame.drawn[0], -b / w, 0.5)
        elif b:
            a = logistic.sigmoid(w * np.linspace(0, 6, 61) + b)
            assert ("above" in frame.sentence) == (a > 0.5).all()


def test_loss(explored):
    explorer = explored("loss")
    curves, bar = explorer.figure.axes
    for frame in explorer.frames:
        a, y = frame.values["a"], frame.values["y"]
        given, loss = (a if y else 1 - a), logistic.log_loss(a, y)
        texts = [part.get("text") for part in frame.drawn]
        seen = frame.drawn[0]["visibility"] == "visible"
        assert seen == math.isfinite(loss) and ("∞" in frame.sentence) == (not seen)
        if seen:
            assert_at(explorer, frame.drawn[0], a, loss)
            assert_says(frame, a, y, given, loss)
            assert f"L = {loss:.3f}" in texts
        assert f"y = 1: {a:.2f}" in texts and f"y = 0: {1 - a:.2f}" in texts
        lit = [part["fill"] for part in frame.drawn if "d" in part and "fill" in part]
        assert [colour.upper() in (BLUE, VERMILION) for colour in lit] == [y == 1, y == 0]
    reached = {(f.values["a"], f.values["y"]) for f in explorer.frames if "∞" in f.sentence}
    assert reached == {(0, 1), (1, 0)}, "infinity is reached at both ends"


def test_batch(explored):
    explorer, labels = explored("batch"), (1, 1, 0)
    assert {0.105, 0.511, 0.223, 0.28} < set(numbers(explorer.sentence))
    for frame in explorer.frames:
        losses = [logistic.log_loss(a, y) for a, y in zip(frame.values.values(), labels)]
        mean, base = sum(losses) / 3, 0.636514
        assert_says(frame, *losses, mean, base)
        top = 0.8 if max(losses) <= 0.8 else 6.0
        order = (2, 0, 1)  # the third point comes first, as it can be dragged
        for point, k in zip(frame.drawn[:3], order):
            assert_at(explorer, point, list(frame.values.values())[k], losses[k] / top)
        texts = [part.get("text") for part in frame.drawn]
        assert {f"{loss:.3f}" for loss in (*losses, base)} <= set(texts)
        assert f"J = {mean:.3f}" in texts


@pytest.mark.parametrize(
    "name, at, expected",
    [("batch", (0.9, 0.6, 0.99), {4.605, 1.74}), ("step", (0.1, 0.3), {0.395, 1.204, 0.929})],
)
def test_the_running_example(explored, name, at, expected):
    said = {tuple(f.values.values()): numbers(f.sentence) for f in explored(name).frames}
    assert expected < set(said[at])


def test_gradient(explored):
    explorer = explored("gradient")
    assert {0.6, 1, 0.511} < set(numbers(explorer.sentence))
    for frame in explorer.frames:
        z, y = frame.values["z"], frame.values["y"]
        a, loss = logistic.sigmoid(z), logistic.log_loss(logistic.sigmoid(z), y)
        assert_says(frame, z, a, y, loss, a * (1 - a), logistic.dloss_da(a, y), a - y)
        for point, place, axes in zip(frame.drawn, [(z, a), (a, loss), (z, loss)], (1, 4, 3)):
            assert_at(explorer, point, *place, axes=axes)
        *labels, product, _ = [part["text"] for part in frame.drawn if "text" in part]
        factors, sign, result, _, difference = re.split(" ([=≈]) ", product)
        shown = [numbers(label)[0] for label in labels]
        assert numbers(factors) + numbers(result) == shown and shown[2] == pytest.approx(a - y)
        off = abs(shown[0] * shown[1] / shown[2] - 1)  # the sign is = where nothing was rounded
        assert off < 0.004 and (off < 1e-9) == (sign == "=") and difference == f"{a:.2f} − {y}"


def test_the_nudge_arrives_as_it_does_in_one_go(explored):
    """ΔL by way of a and ΔL from z at once are equally long, and the band joins them."""
    explorer = explored("gradient")
    for frame in explorer.frames:
        (_, _, up_a), (_, _, up_z) = (
            [points_of(part["d"]) for part in frame.drawn[k : k + 3]] for k in (9, 12)
        )
        assert up_a[:, 1] == pytest.approx(up_z[:, 1], abs=0.1)
        band = points_of(frame.drawn[5]["d"])[:4]
        assert sorted(band[:, 1]) == pytest.approx(sorted([*up_a[:, 1]] * 2), abs=0.1)


def test_step(explored):
    explorer = explored("step")
    for frame in explorer.frames:
        eta, a = frame.values["eta"], frame.values["a"]
        z = logistic.logit(a)
        z_after = z + eta * (1 - a) * 6  # x = [2, 1] and the bias: 4 + 1 + 1
        loss, new_loss = -math.log(a), logistic.log_loss_from_logit(z_after, 1)
        promise = loss - eta * 6 * (1 - a) ** 2
        assert_says(frame, eta, a, z_after - z, logistic.sigmoid(z_after), loss, new_loss, promise)
        assert 0 <= new_loss <= loss and promise <= new_loss  # the tangent lies below the curve
        assert_at(explorer, frame.drawn[0], z, loss)
        assert_at(explorer, frame.drawn[1], z_after, new_loss)
        assert_at(explorer, frame.drawn[2], z_after, promise)


def test_walk(explored):
    explorer, hours = explored("walk"), HOURS[:, None]
    here = {}  # for each rate: how many steps, and where they led
    for frame in explorer.frames:
        eta, steps = frame.values["eta"], frame.values["steps"]
        done, (w, b) = here.get(eta, (0, (np.zeros(1), 0.0)))
        for _ in range(steps - done):
            dw, db = logistic.parameter_gradient(hours, logistic.sigmoid(hours @ w + b), PASSED)
            w, b = logistic.update_step(w, b, dw, db, eta)
        here[eta] = steps, (w, b)
        assert_at(explorer, frame.drawn[0], w[0], b)
        cost = logistic.mean_log_loss(logistic.sigmoid(hours @ w + b), PASSED)
        assert_says(frame, steps, eta, w[0], b, cost)
        assert frame.drawn[-1]["text"] == f"J = {cost:.3f}" and cost >= 0.401
        path = places_of(explorer, frame.drawn[1]["d"])
        curve, *gaps = [places_of(explorer, part["d"], 1) for part in frame.drawn[2:-1]]
        assert path[0] == pytest.approx([0, 0], abs=0.02)
        assert path[-1] == pytest.approx([w[0], b], abs=0.02)
        for x, a in [*curve, *(gap[1] for gap in gaps)]:
            assert a == pytest.approx(logistic.sigmoid(w[0] * x + b), abs=3e-3)
        assert [tuple(gap[0]) for gap in gaps] == [
            pytest.approx(student, abs=0.01) for student in zip(HOURS, PASSED, strict=True)
        ]


def test_walk_creeps_or_jumps(explored):
    """Small steps go down and are not there; the largest, shown, never rest."""
    frames = explored("walk").frames
    cost = {tuple(f.values.values()): numbers(f.drawn[-1]["text"])[0] for f in frames}
    rates = sorted({eta for eta, _ in cost})
    slow = [cost[eta, steps] for eta, steps in cost if eta == rates[0]]
    assert slow == sorted(slow, reverse=True) and cost[rates[0], 400] > 0.42
    assert cost[rates[-1], 400] > 0.42 and cost[rates[1], 400] < 0.403


def test_the_students_are_as_published():
    assert (len(HOURS), len(PASSED), PASSED.sum()) == (20, 20, 10)
    w, b = explorers.LOWEST
    dw, db = logistic.parameter_gradient(HOURS[:, None], logistic.sigmoid(w * HOURS + b), PASSED)
    assert max(abs(dw[0]), abs(db)) < 1e-4
