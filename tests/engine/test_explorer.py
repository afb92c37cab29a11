"""The Explorer by itself: what it records, what it refuses, what it shows without widgets."""

import base64
import html
import io
import json
import re
import sys
import types
import zlib
from xml.etree import ElementTree

import ipywidgets
import numpy as np
import pytest
from ipywidgets import Dropdown, FloatSlider, IntSlider, ToggleButtons
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle
from PIL import Image

from helpers.engine.explorer import MAX_BYTES, MAX_FRAMES, Explorer


class Scene:
    """A parabola with everything that can move on it."""

    def __init__(self):
        self.figure = Figure(figsize=(5, 3))
        self.axes = self.figure.add_subplot(xlim=(0, 4), ylim=(0, 16), xlabel="x")
        (self.point,) = self.axes.plot([0], [0], "o", color="black", clip_on=False)
        (self.line,) = self.axes.plot([0, 1], [0, 1])
        self.text = self.axes.text(0, 0, "0")
        self.note = self.axes.annotate("0", (0, 0), (5, 7), textcoords="offset points")
        self.box = self.axes.add_patch(Rectangle((1, 0), 1, 1))
        (self.sail,) = self.axes.fill([0, 1, 1], [0, 0, 1])
        names = ("point", "line", "text", "note", "box", "sail")
        self.moving = {name: getattr(self, name) for name in names}

    def draw(self, x, sign="+"):
        y = x**2
        colour = "#0072b2" if sign == "+" else "#d55e00"
        self.point.set_data([x], [y])
        self.point.set_color(colour)
        self.point.set_markeredgecolor("white" if sign == "+" else "none")
        self.line.set_data([0, x, x], [y, y, 0])
        self.line.set_visible(x > 0)
        self.text.set_position((x, 2))
        self.text.set_text("" if x == 0 else f"x = {x:.2f}")
        self.note.xy = (x, y)
        self.note.set_position((5, 7) if x < 3 else (-5, 9))
        self.note.set_horizontalalignment("left" if x < 3 else "center" if x < 4 else "right")
        self.note.set_color(colour)
        self.box.set_height(y)
        self.box.set_facecolor(colour)
        self.sail.set_xy([(x, 0), (x, y + 5), (0, 0)])
        return f"{sign}{x:.2f} squared is {y:.4f}"

    def explorer(self, **controls):
        controls = controls or {
            "x": FloatSlider(1.5, min=0, max=4, step=0.25),
            "sign": ToggleButtons(options=["+", "−"]),
        }
        return Explorer(self.figure, self.moving, self.draw, **controls)

    def data(self, x, y):
        """The place on the axes of a place in the SVG."""
        height = self.figure.bbox.height
        return self.axes.transData.inverted().transform((float(x), height - float(y)))


@pytest.fixture
def scene():
    return Scene()


def sent(picture):
    """What the browser is sent, unpacked."""
    return json.loads(zlib.decompress(picture.frames))


def points(text):
    """The points of a path, or of a shift."""
    return np.reshape(re.findall(r"-?\d+\.?\d*", text), (-1, 2)).astype(float)


# --- What is recorded ----------------------------------------------------------------------------


def test_every_combination_of_stops_is_a_frame_and_shows_what_was_drawn(scene):
    frames, near = scene.explorer().frames, {"abs": 0.05}  # 0.1 points: 0.002 along x, 0.01 along y
    expected = [(x, s) for x in np.arange(0, 4.25, 0.25) for s in "+−"]
    assert [tuple(frame.values.values()) for frame in frames] == expected
    for (x, sign), frame in zip(expected, frames):
        assert frame.sentence == f"{sign}{x:.2f} squared is {x * x:.4f}"
        point, line, text, note, box, sail = frame.drawn.values()
        colour = "#0072b2" if sign == "+" else "#d55e00"
        assert scene.data(point["x"], point["y"]) == pytest.approx((x, x * x), **near)
        assert point["marker fill"] == colour
        assert point["marker stroke"] == ("#ffffff" if sign == "+" else "none")
        assert line["visibility"] == ("visible" if x else "hidden")
        found = [scene.data(*place) for place in points(line["d"])]
        assert np.ravel(found) == pytest.approx([0, x * x, x, x * x, x, 0], **near)
        assert text["text"] == (f"x = {x:.2f}" if x else "")
        assert note["fill"] == colour and box["fill"] == colour
        assert note["text-anchor"] == ("start" if x < 3 else "middle" if x < 4 else "end")
        assert scene.data(*points(box["d"])[2]) == pytest.approx((2, x * x), **near)
        assert scene.data(*points(sail["d"])[1]) == pytest.approx((x, x * x + 5), **near)


def test_texts_move_by_the_recorded_shift(scene):
    frames = scene.explorer(x=FloatSlider(1.5, min=0, max=4, step=0.5)).frames
    across, up = np.subtract(*scene.axes.transData.transform([(1, 1), (0, 0)]))
    for frame in frames:
        x = frame.values["x"]
        [text], [note] = (points(frame.drawn[name]["transform"]) for name in ("text", "note"))
        assert text == pytest.approx([(x - 1.5) * across, 0], abs=0.11)
        side = 0 if x < 3 else -10  # from 5 points on the right to 5 on the left
        rise = (x**2 - 1.5**2) * up + (0 if x < 3 else 2)  # which the SVG counts downwards
        assert note == pytest.approx([(x - 1.5) * across + side, -rise], abs=0.11)


def test_the_svg_starts_at_the_initial_values_and_what_stands_still_is_exact(scene):
    scene.axes.plot([0, 1.3], [0, 7.7], gid="still")
    picture = scene.explorer().picture
    assert "x = 1.50" in picture.svg and scene.line.get_visible()
    assert picture.svg.startswith("<svg") and "<style" not in picture.svg
    root = ElementTree.fromstring(picture.svg)
    [path] = [group[0].get("d") for group in root.iter("g") if group.get("id") == "still"]
    assert scene.data(*points(path)[1]) == pytest.approx((1.3, 7.7), abs=0.005)
    first, second = Scene().explorer().picture, Scene().explorer().picture
    assert (first.svg, first.frames) == (second.svg, second.frames), "not the same twice"


def test_no_style_wins_over_what_changes(scene):
    picture = scene.explorer().picture
    root = ElementTree.fromstring(picture.svg)
    nodes = {node.get("data-node"): node for node in root.iter()}
    shapes = {"#" + node.get("id", ""): node for node in root.iter("path")}
    slots = [(nodes[node], attribute) for node, attribute, _ in sent(picture)["slots"]]
    assert {"fill", "stroke", "d", "text"} <= {attribute for _, attribute in slots}
    for node, attribute in slots:
        for styled in (node, shapes.get(node.get("href"), node)):
            assert f"{attribute}:" not in styled.get("style", "").replace("stroke-", "")


def test_what_is_hidden_or_empty_at_first_can_appear_or_stay_so(scene):
    still = Scene()
    still.line.set_visible(False)
    still.text.set_text("")
    still.draw = lambda x: "fine"
    for one, later in ((scene, ("visible", "x = 1.00")), (still, ("hidden", ""))):
        explorer = one.explorer(x=IntSlider(0, 0, 4))
        shown = [(f.drawn["line"]["visibility"], f.drawn["text"]["text"]) for f in explorer.frames]
        assert shown[:2] == [("hidden", ""), later]
        assert 'visibility="hidden"' in explorer.picture.svg


def test_what_depends_on_one_control_is_kept_along_that_one(scene):
    explorer = scene.explorer()
    lengths = {len(texts) for *_, (_, texts) in sent(explorer.picture)["slots"]}
    assert lengths == {17, 2}  # and never 34: only the sentence depends on both


def test_stops(scene):
    explorer = scene.explorer(x=FloatSlider(0.3, min=0, max=2.1, step=0.3))
    assert [frame.values["x"] for frame in explorer.frames] == [k * 3 / 10 for k in range(8)]
    explorer = scene.explorer(x=FloatSlider(0, min=0, max=1, step=0.3))
    assert [frame.values["x"] for frame in explorer.frames] == [0, 0.3, 0.6, 0.9, 1]
    options = [("one", 1), ("two", 2)]
    explorer = scene.explorer(x=Dropdown(options=options, value=2))
    assert [frame.values["x"] for frame in explorer.frames] == [1, 2]
    assert explorer.sentence == "+2.00 squared is 4.0000"
    explorer = scene.explorer(x=Dropdown(options=options, value=None))
    assert explorer.sentence == "+1.00 squared is 1.0000", "nothing chosen: the first"


def test_controls_stay_usable_from_python(scene):
    explorer = scene.explorer()
    assert explorer.sentence == "+1.50 squared is 2.2500"
    explorer.controls["x"].value = 2.1  # between two stops: the nearest
    assert explorer.sentence == "+2.00 squared is 4.0000"
    explorer.controls["sign"].value = "−"
    assert explorer.sentence == "−2.00 squared is 4.0000"


def test_the_point_is_dragged_along_the_first_slider_that_moves_it(scene):
    order = {"sign": ToggleButtons(options=["+", "−"]), "x": IntSlider(1, 0, 4)}
    assert scene.explorer(**order)._handle()[0] == 1
    scene.draw = lambda n, x: Scene.draw(scene, x)
    order = {"n": IntSlider(1, 0, 4), "x": IntSlider(1, 0, 4)}
    assert scene.explorer(**order)._handle()[0] == 1
    scene.moving = dict(reversed(scene.moving.items()))  # the first is no marker
    assert scene.explorer(**order)._handle() is None


# --- What is refused -----------------------------------------------------------------------------


def note(scene, text="a", **options):
    return scene.axes.annotate(text, (0, 0), (5, 7), **{"textcoords": "offset points", **options})


UNFIT = {  # what is said, and what cannot move
    "can move, not .*PathCollection": lambda scene: scene.axes.scatter([0], [0]),
    "polygons can move, not Circle": lambda scene: scene.axes.add_patch(Circle((1, 1))),
    "what moves as 'unfit' is not in the figure": lambda scene: Scene().point,
    "offset from data": lambda scene: note(scene, textcoords="data"),
    "has no arrow": lambda scene: note(scene, arrowprops={"arrowstyle": "->"}),
    "without mathematics": lambda scene: note(scene, "$x^2$"),
    "one point in the picture": lambda scene: scene.axes.plot([99], [99], "o")[0],
}


@pytest.mark.parametrize("said", UNFIT)
def test_what_cannot_move_is_named(scene, said):
    scene.moving["unfit"] = UNFIT[said](scene)
    with pytest.raises((TypeError, ValueError), match=said):
        scene.explorer()


AT_3 = r"not finite .*'x': 3\b"


@pytest.mark.parametrize("said, spoil", [
    (AT_3, lambda scene: scene.point.set_data([3], [np.nan])),
    (AT_3, lambda scene: setattr(scene.note, "xy", (0, np.inf))),
    (AT_3, lambda scene: scene.box.set_height(np.nan)),
    ("one line without", lambda scene: scene.text.set_text("a\nb")),
    ("without mathematics", lambda scene: scene.text.set_text("$x$")),
    ("number of markers", lambda scene: scene.point.set_data([1, 2], [1, 2])),
    ("changes the linewidth of", lambda scene: scene.line.set_linewidth(5)),
    ("changes the alpha of", lambda scene: scene.line.set_alpha(0.5)),
    ("changes the linestyle of", lambda scene: scene.line.set_linestyle(":")),
    ("changes the markersize of", lambda scene: scene.point.set_markersize(3)),
    ("changes the fontsize of", lambda scene: scene.text.set_fontsize(20)),
    ("changes the rotation of", lambda scene: scene.note.set_rotation(45)),
    ("changes the alpha of", lambda scene: scene.box.set_alpha(0.1)),
])  # fmt: skip
def test_what_frames_cannot_record_is_named(scene, said, spoil):
    def draw(x):
        if x == 3:
            spoil(scene)
        return "fine"

    scene.draw = draw
    with pytest.raises(ValueError, match=said):
        scene.explorer(x=IntSlider(1, 0, 4))


@pytest.mark.parametrize("nothing", [None, "  ", 3])
def test_draw_must_return_a_sentence(scene, nothing):
    scene.draw = lambda x: nothing if x == 3 else "fine"
    with pytest.raises(TypeError, match="draw must return a sentence, not .* 3"):
        scene.explorer(x=IntSlider(1, 0, 4))


def test_an_unknown_kind_of_control_is_named(scene):
    with pytest.raises(TypeError, match="control 'x' must be one of FloatSlider.*not Text"):
        scene.explorer(x=ipywidgets.Text("1"))


def test_too_much_names_the_control_to_coarsen(scene):
    controls = {"x": FloatSlider(1, min=0, max=1, step=0.001), "s": IntSlider(1, 0, 2)}
    with pytest.raises(ValueError, match=f"at most {MAX_FRAMES} frames, not 3003: coarsen 'x'"):
        scene.explorer(**controls)
    grid = np.linspace(0, 4, 300)
    scene.draw = lambda n, m: scene.line.set_data(grid, np.sin(grid * n * m) ** 2) or "fine"
    controls = {"n": IntSlider(1, 1, 15), "m": IntSlider(1, 1, 8)}
    with pytest.raises(ValueError, match=f"at most {MAX_BYTES} bytes, .*coarsen 'n'"):
        scene.explorer(**controls)


# --- What is shown -------------------------------------------------------------------------------


def test_the_output_carries_a_picture_for_readers_without_widgets(scene):
    scene.draw = lambda x: f'<b> & "{x}"'
    explorer = scene.explorer(x=IntSlider(1, 0, 4))
    bundle, metadata = explorer._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle and metadata == {}
    assert bundle["text/plain"] == "Explorer(x=1)"
    found = re.fullmatch(
        r'<figure [^>]*>\n<img alt="([^"]*)" [^>]*src="data:image/png;base64,([^"]*)">'
        r"<figcaption>(.*)</figcaption></figure>",
        bundle["text/html"],
    )
    assert found[1] == found[3] == html.escape('<b> & "1"')
    png = base64.b64decode(found[2])
    image = Image.open(io.BytesIO(png))
    assert image.width >= 500 and image.info.keys().isdisjoint({"Software"})
    assert len(png) < 30_000
    explorer.controls["x"].value = 4
    assert explorer._repr_mimebundle_()[0]["text/html"] == bundle["text/html"], "not as it began"


def test_the_browser_script_is_short_and_knows_no_formula(scene):
    script = str(scene.explorer().picture._esm)
    assert len(script.splitlines()) <= 120
    used = set(re.findall(r"Math\.(\w+)", script))
    assert used <= {"abs", "min", "hypot", "random"}  # for the nearest stop, and for ids
    assert "import" not in script and "http" not in script


def test_colab_is_told_how_to_show_it(scene, monkeypatch):
    colab = types.SimpleNamespace(
        enable_custom_widget_manager=lambda: None,
        _widgets=types.SimpleNamespace(_installed_url="https://manager.example"),
    )
    monkeypatch.setitem(sys.modules, "google.colab.output", colab)
    _, metadata = scene.explorer()._repr_mimebundle_()
    assert "https://manager.example" in str(metadata)
