"""Pictures by themselves: the way to a PNG, alternative text, and whose style they have."""

import base64
import io
import re

import matplotlib as mpl
import matplotlib.style
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image, ImageColor

from helpers.engine.drawing import Picture


def own_figure(**options):
    figure = Figure(figsize=(4, 3), **options)
    figure.subplots().set_xlabel("x", fontsize=40)
    return figure


def image_of(picture):
    data = re.search(r"base64,([^\"]+)", picture._repr_html_())[1]
    return Image.open(io.BytesIO(base64.b64decode(data)))


def test_a_picture_has_its_alternative_text_and_colours():
    colours = "#0072B2", "#D55E00"
    figure = Figure(figsize=(7, 3))
    for axes, colour in zip(figure.subplots(1, 2), colours):
        axes.plot([0, 1], [0, 1], color=colour)
    picture = Picture(figure, alt='a "curve" & its <end>')
    assert 'alt="a &quot;curve&quot; &amp; its &lt;end&gt;"' in picture._repr_html_()
    image = image_of(picture)
    assert image.format == "PNG"
    assert image.width >= 1.5 * 672, "the pixels it is shown at"
    assert image.info.get("Software") is None, "the matplotlib version would change the file"
    few = [colour for _, colour in image.convert("RGB").getcolors(64)]
    for kept in colours:
        assert min(np.abs(np.subtract(few, ImageColor.getrgb(kept))).max(axis=1)) <= 4


def test_a_picture_wants_a_figure_and_alternative_text():
    with pytest.raises(TypeError, match="must be a matplotlib Figure: received str"):
        Picture("picture.png", alt="x")
    for alt in ("   ", None):
        with pytest.raises(ValueError, match="alt must say in words"):
            Picture(Figure(), alt)


def test_a_picture_keeps_the_style_in_which_it_was_shown():
    with mpl.rc_context(mpl.style.library["dark_background"]):
        picture = Picture(own_figure(), alt="Nothing yet.")
    image = image_of(picture).convert("L")
    assert image.getpixel((0, 0)) == 0
    assert image.getextrema() == (0, 255), "white on black"


@pytest.mark.parametrize("own, seen", [("red", "red"), ("none", "white")])
def test_a_picture_stands_on_its_own_background(own, seen):
    figure = own_figure(facecolor=own)
    with mpl.rc_context({"savefig.facecolor": "black", "savefig.transparent": True}):
        image = image_of(Picture(figure, alt="Nothing yet.")).convert("RGB")
    assert image.getpixel((0, 0)) == ImageColor.getrgb(seen)
