"""What must hold in every frame of every explorer of the course."""

import re

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from helpers.engine.explorer import named

from .content import functions
from .seen import explored, is_seen, parts_of, texts_of, walk

NAMES = [name.removeprefix("explore_") for name in functions("explore_")]


@pytest.mark.parametrize("name", NAMES)
class TestEach:
    def test_starts_at_a_stop_and_can_be_dragged(self, name):
        controls = explored(name).controls
        values = {name: control.value for name, control in controls.items()}
        assert values in [frame.values for frame in walk(name)]
        axis, *_ = explored(name)._handle()
        assert "Slider" in type(list(controls.values())[axis]).__name__

    def test_has_words_only_in_its_sentence(self, name):
        texts = re.findall(r"<text[^>]*>([^<]*)</text>", explored(name).picture.svg)
        texts += [text for frame in walk(name) for text in texts_of(frame)]
        words = {word for text in texts for word in re.findall(r"[^\W\d_₀₁₂₃Δ]{2,}", text)}
        assert words <= {"log", "ln", "wx"}

    def test_every_sentence_is_well_set(self, name):
        for frame in walk(name):
            assert not re.search(r"nan|inf|-\d|−0\.0*(?!\d)|[{}]|  ", frame.sentence)

    def test_every_point_is_inside_the_picture(self, name):
        width, height = explored(name).figure.bbox.size
        for frame in walk(name):
            for part in parts_of(frame):
                if "x" in part and is_seen(part):
                    assert 0 < float(part["x"]) < width and 0 < float(part["y"]) < height


@pytest.mark.parametrize("name", NAMES)
def test_axes_stand_still_and_no_label_is_cut_off_or_stands_on_a_line(name):
    explorer, axes = explored(name), explored(name).figure.axes
    FigureCanvasAgg(explorer.figure).draw()
    labels = [a for a in named(explorer.moving).values() if isinstance(a, Text)]
    ticks = [tick for one in axes for tick in one.get_xticklabels() + one.get_yticklabels()]
    assert set(ticks).isdisjoint(labels)
    limits = [one.axis() for one in axes]
    curves = [line for one in axes for line in one.lines if len(line.get_xdata()) > 1]
    for frame in walk(name):
        explorer._draw(**frame.values)
        assert [one.axis() for one in axes] == limits
        paths = [c.get_transform().transform_path(c.get_path()) for c in curves if c.get_visible()]
        for label in filter(Text.get_visible, labels):
            box = label.get_window_extent()
            assert 0 <= box.x0 and box.x1 <= explorer.figure.bbox.width, frame.values
            ink = Bbox.from_extents(box.x0, box.y0 + 2, box.x1, box.y1 - 1)
            assert not any(path.intersects_bbox(ink, filled=False) for path in paths), frame.values
