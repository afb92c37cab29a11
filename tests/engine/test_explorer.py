"""The Explorer by itself: what it records, what it refuses, what it shows without widgets."""

import base64
import html
import io
import json
import re
import sys
import types
import warnings
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


def numbers(text):
    return [float(number) for number in re.findall(r"-?\d+\.?\d*", text)]


# --- What is recorded ----------------------------------------------------------------------------


def test_every_combination_of_stops_is_a_frame(scene):
    frames = scene.explorer().frames
    expected = [(x, s) for x in np.arange(0, 4.25, 0.25) for s in "+−"]
    assert [tuple(frame.values.values()) for frame in frames] == expected
    for frame in frames:
        x, sign = frame.values["x"], frame.values["sign"]
        assert frame.sentence == f"{sign}{x:.2f} squared is {x * x:.4f}"


def test_every_kind_of_artist_is_where_it_was_put(scene):
    near = {"abs": 0.05}  # a tenth of a point is 0.002 along x and 0.01 along y
    for frame in scene.explorer().frames:
        x, sign = frame.values["x"], frame.values["sign"]
        point, line, text, note, box, sail = frame.drawn.values()
        colour = "#0072b2" if sign == "+" else "#d55e00"
        assert scene.data(point["x"], point["y"]) == pytest.approx((x, x * x), **near)
        assert point["marker fill"] == colour
        assert point["marker stroke"] == ("#ffffff" if sign == "+" else "none")
        assert line["visibility"] == ("visible" if x else "hidden")
        places = np.reshape(numbers(line["d"]), (-1, 2))
        found = [scene.data(*place) for place in places]
        assert np.ravel(found) == pytest.approx([0, x * x, x, x * x, x, 0], **near)
        assert text["text"] == (f"x = {x:.2f}" if x else "")
        assert note["fill"] == colour and box["fill"] == colour
        assert note["text-anchor"] == ("start" if x < 3 else "middle" if x < 4 else "end")
        corners = np.reshape(numbers(box["d"]), (-1, 2))
        assert scene.data(*corners[2]) == pytest.approx((2, x * x), **near)
        tip = np.reshape(numbers(sail["d"]), (-1, 2))[1]
        assert scene.data(*tip) == pytest.approx((x, x * x + 5), **near)


def test_texts_move_by_the_recorded_shift(scene):
    frames = scene.explorer(x=FloatSlider(1.5, min=0, max=4, step=0.5)).frames
    across, up = np.subtract(*scene.axes.transData.transform([(1, 1), (0, 0)]))
    for frame in frames:
        x = frame.values["x"]
        text, note = (numbers(frame.drawn[name]["transform"]) for name in ("text", "note"))
        assert text == pytest.approx([(x - 1.5) * across, 0], abs=0.11)
        side = 0 if x < 3 else -10  # from 5 points on the right to 5 on the left
        rise = (x**2 - 1.5**2) * up + (0 if x < 3 else 2)  # which the SVG counts downwards
        assert note == pytest.approx([(x - 1.5) * across + side, -rise], abs=0.11)


def test_the_svg_starts_at_the_initial_values(scene):
    svg = scene.explorer().picture.svg
    assert "x = 1.50" in svg
    assert svg.startswith("<svg") and "<style" not in svg and "metadata" not in svg
    assert 'role="img"' in svg and ">x</text>" in svg
    assert 'viewBox="0 0 360 216"' in svg and "width: 100%" in svg
    assert scene.line.get_visible()
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


def test_what_stands_still_is_where_it_was_put(scene):
    scene.axes.plot([0, 1.3], [0, 7.7], gid="still")
    root = ElementTree.fromstring(scene.explorer().picture.svg)
    [path] = [group[0].get("d") for group in root.iter("g") if group.get("id") == "still"]
    assert scene.data(*numbers(path)[2:]) == pytest.approx((1.3, 7.7), abs=0.005)


def test_what_is_hidden_or_empty_at_first_can_appear(scene):
    explorer = scene.explorer(x=IntSlider(0, 0, 4))
    assert [frame.drawn["line"]["visibility"] for frame in explorer.frames[:2]] == [
        "hidden",
        "visible",
    ]
    assert [frame.drawn["text"]["text"] for frame in explorer.frames[:2]] == ["", "x = 1.00"]
    svg = explorer.picture.svg
    assert 'visibility="hidden"' in svg


def test_what_draw_leaves_alone_stays_as_it_was(scene):
    scene.draw = lambda x: "fine"
    scene.line.set_visible(False)
    scene.text.set_text("")
    explorer = scene.explorer(x=IntSlider(0, 0, 4))
    assert 'visibility="hidden"' in explorer.picture.svg
    for frame in explorer.frames:
        assert (frame.drawn["line"]["visibility"], frame.drawn["text"]["text"]) == ("hidden", "")


def test_what_depends_on_one_control_is_kept_along_that_one(scene):
    explorer = scene.explorer()
    lengths = {len(texts) for *_, (_, texts) in sent(explorer.picture)["slots"]}
    assert lengths == {17, 2}  # and never 34: only the sentence depends on both


def test_stops(scene):
    explorer = scene.explorer(x=FloatSlider(0.3, min=0, max=1, step=0.1))
    assert [frame.values["x"] for frame in explorer.frames] == [k / 10 for k in range(11)]
    explorer = Scene().explorer(x=FloatSlider(0, min=0, max=1, step=0.3))
    assert [frame.values["x"] for frame in explorer.frames] == [0, 0.3, 0.6, 0.9, 1]
    options = [("one", 1), ("two", 2)]
    explorer = Scene().explorer(x=Dropdown(options=options, value=2))
    assert [frame.values["x"] for frame in explorer.frames] == [1, 2]
    assert explorer.sentence == "+2.00 squared is 4.0000"
    explorer = Scene().explorer(x=Dropdown(options=options, value=None))
    assert explorer.sentence == "+1.00 squared is 1.0000", "nothing chosen: the first"


def test_controls_stay_usable_from_python(scene):
    explorer = scene.explorer()
    assert explorer.sentence == "+1.50 squared is 2.2500"
    explorer.controls["x"].value = 2
    assert explorer.sentence == "+2.00 squared is 4.0000"
    explorer.controls["x"].value = 2.1  # between two stops: the nearest
    assert explorer.sentence == "+2.00 squared is 4.0000"
    explorer.controls["sign"].value = "−"
    assert explorer.sentence == "−2.00 squared is 4.0000"


def test_the_point_is_dragged_along_the_first_slider_that_moves_it(scene):
    assert scene.explorer()._handle()[0] == 0
    order = {"sign": ToggleButtons(options=["+", "−"]), "x": IntSlider(1, 0, 4)}
    assert Scene().explorer(**order)._handle()[0] == 1
    scene = Scene()
    scene.draw = lambda n, x: Scene.draw(scene, x)
    order = {"n": IntSlider(1, 0, 4), "x": IntSlider(1, 0, 4)}
    assert scene.explorer(**order)._handle()[0] == 1
    scene = Scene()
    scene.moving = dict(reversed(scene.moving.items()))  # the first is no marker
    assert scene.explorer()._handle() is None


# --- What is refused -----------------------------------------------------------------------------


def test_an_unknown_kind_of_control_is_named(scene):
    with pytest.raises(TypeError, match="control 'x' must be one of FloatSlider.*not Text"):
        scene.explorer(x=ipywidgets.Text("1"))


def test_an_unknown_kind_of_artist_is_named(scene):
    scene.moving["cloud"] = scene.axes.scatter([0], [0])
    with pytest.raises(TypeError, match="lines, texts and patches can move, not .*PathCollection"):
        scene.explorer()
    scene.moving["cloud"] = scene.axes.add_patch(Circle((1, 1)))
    with pytest.raises(TypeError, match="is a rectangle or a polygon, not Circle"):
        scene.explorer()


def test_an_artist_of_another_figure(scene):
    scene.moving["point"] = Scene().point
    with pytest.raises(ValueError, match="what moves as 'point' is not in the figure"):
        scene.explorer()


def test_too_many_frames_names_the_control_to_coarsen(scene):
    controls = {"x": FloatSlider(1, min=0, max=1, step=0.001), "s": IntSlider(1, 0, 2)}
    with pytest.raises(ValueError, match=f"at most {MAX_FRAMES} frames, not 3003: coarsen 'x'"):
        scene.explorer(**controls)


def test_too_many_bytes_names_the_control_to_coarsen(scene):
    grid = np.linspace(0, 4, 300)

    def draw(n, m):
        scene.line.set_data(grid, np.sin(grid * n * m) ** 2)
        return f"{n} {m}"

    controls = {"n": IntSlider(1, 1, 15), "m": IntSlider(1, 1, 8)}
    with pytest.raises(ValueError, match=f"at most {MAX_BYTES} bytes, .*coarsen 'n'"):
        Explorer(scene.figure, {"line": scene.line}, draw, **controls)


@pytest.mark.parametrize("nothing", [None, "", "  ", 3])
def test_draw_must_return_a_sentence(scene, nothing):
    scene.draw = lambda x: nothing if x == 3 else "fine"
    with pytest.raises(TypeError, match="draw must return a sentence, not .* 3"):
        scene.explorer(x=IntSlider(1, 0, 4))


@pytest.mark.parametrize("part", ["point", "line", "text", "note", "box"])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_positions_must_be_finite(scene, part, bad):
    def draw(x):
        y = bad if x == 3 else 1.0
        scene.point.set_data([x], [y if part == "point" else 1])
        scene.line.set_data([0, 1], [0, y if part == "line" else 1])
        scene.text.set_position((0, y if part == "text" else 1))
        scene.note.xy = (0, y if part == "note" else 1)
        scene.box.set_height(y if part == "box" else 1)
        return "fine"

    scene.draw = draw
    with warnings.catch_warnings(), pytest.raises(ValueError, match=r"not finite .*'x': 3\b"):
        warnings.simplefilter("ignore")
        scene.explorer(x=IntSlider(1, 0, 4))


def test_texts_that_cannot_be_moved(scene):
    scene.text.set_text("$x^2$")
    scene.draw = lambda x: "fine"
    with pytest.raises(ValueError, match="mathematics"):
        scene.explorer(x=IntSlider(1, 0, 4))
    scene = Scene()
    scene.draw = lambda x: scene.text.set_text("a\nb"[: x + 1]) or "fine"
    with pytest.raises(ValueError, match="one line"):
        scene.explorer(x=IntSlider(1, 0, 4))
    scene = Scene()
    scene.draw = lambda x: scene.text.set_text("$x$" if x == 3 else "x") or "fine"
    with pytest.raises(ValueError, match="one line without mathematics"):
        scene.explorer(x=IntSlider(1, 0, 4))
    offset = {"textcoords": "offset points"}
    for options in ({}, {**offset, "arrowprops": {"arrowstyle": "->"}}):
        scene = Scene()
        scene.moving["other"] = scene.axes.annotate("a", (0, 0), (1, 1), **options)
        with pytest.raises(TypeError, match="has no arrow, and is offset from data"):
            scene.explorer()


def test_markers_that_cannot_be_moved(scene):
    scene.draw = lambda x: scene.point.set_data(range(x), range(x)) or "fine"
    with pytest.raises(ValueError, match="number of markers"):
        scene.explorer(x=IntSlider(1, 1, 4))
    scene = Scene()
    scene.draw = lambda x: scene.point.set_data([99], [99]) or "fine"
    with pytest.raises(ValueError, match="one point in the picture"):
        scene.explorer(x=IntSlider(1, 1, 4))


# --- What is shown -------------------------------------------------------------------------------


def test_the_output_carries_a_picture_for_readers_without_widgets(scene):
    explorer = scene.explorer()
    bundle, _ = explorer._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/plain"] == "Explorer(x=1.5, sign='+')"
    found = re.fullmatch(
        r'<figure [^>]*>\n<img alt="([^"]*)" [^>]*src="data:image/png;base64,([^"]*)">'
        r"<figcaption>(.*)</figcaption></figure>",
        bundle["text/html"],
    )
    assert found[1] == found[3] == html.escape("+1.50 squared is 2.2500")
    png = base64.b64decode(found[2])
    image = Image.open(io.BytesIO(png))
    assert image.width >= 500 and image.info.keys().isdisjoint({"Software"})
    assert len(png) < 30_000
    explorer.controls["x"].value = 4
    assert explorer._repr_mimebundle_()[0]["text/html"] == bundle["text/html"], "not as it began"


def test_the_sentence_is_escaped(scene):
    scene.draw = lambda x: f'<b> & "{x}"'
    fallback = scene.explorer(x=IntSlider(1, 0, 4))._repr_mimebundle_()[0]["text/html"]
    assert "&lt;b&gt; &amp; &quot;1&quot;" in fallback and "<b>" not in fallback


def test_the_browser_script_is_short_and_knows_no_formula():
    scene = Scene()
    script = str(scene.explorer().picture._esm)
    assert len(script.splitlines()) <= 120
    used = set(re.findall(r"Math\.(\w+)", script))
    assert used <= {"abs", "min", "hypot", "random"}  # for the nearest stop, and for ids
    assert "import" not in script and "http:" not in script.replace("http://www.w3.org", "")


@pytest.mark.parametrize(
    "name, value",
    [("line", {"linewidth": 5}), ("line", {"alpha": 0.5}), ("line", {"linestyle": ":"}),
     ("point", {"markersize": 3}), ("text", {"fontsize": 20}), ("text", {"rotation": 45}),
     ("box", {"alpha": 0.1})],
)  # fmt: skip
def test_a_change_that_frames_cannot_record_is_named(scene, name, value):
    def draw(x):
        if x == 3:
            getattr(scene, name).set(**value)
        return "fine"

    scene.draw = draw
    with pytest.raises(ValueError, match=f"draw changes the {next(iter(value))} of"):
        scene.explorer(x=IntSlider(1, 0, 4))


def test_colab_is_told_how_to_show_it(scene, monkeypatch):
    assert scene.explorer()._repr_mimebundle_()[1] == {}
    colab = types.SimpleNamespace(
        enable_custom_widget_manager=lambda: None,
        _widgets=types.SimpleNamespace(_installed_url="https://manager.example"),
    )
    monkeypatch.setitem(sys.modules, "google.colab.output", colab)
    _, metadata = Scene().explorer()._repr_mimebundle_()
    assert "https://manager.example" in str(metadata)
