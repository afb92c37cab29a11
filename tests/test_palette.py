"""One palette: what cannot import a colour from it has one of its colours all the same."""

import colorsys
import re
from pathlib import Path

import pytest
from PIL import ImageColor

from helpers import palette

ROOT = Path(__file__).resolve().parent.parent
KINDS = {".py", ".css", ".js", ".mjs", ".svg", ".ipynb"}
FILES = [
    path
    for folder in ("helpers", "site", "notebooks", "benchmarks")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in KINDS and path.stem != "palette" and ".ipynb_checkpoints" not in path.parts
]
NAMED = [palette.BLUE, palette.VERMILION, palette.SLOPE, palette.TEAL, palette.OCHRE]
TINTS = {"site/conf.py"}  # links need a darker blue on white, and a lighter one on black


def strong(text):
    """The colours in a text that are neither grey nor pale."""
    for colour in re.findall(r"#[0-9a-fA-F]{6}\b", text):
        red, green, blue = ImageColor.getrgb(colour)
        if max(red, green, blue) - min(red, green, blue) > 60:
            yield colour.upper()


def hue(colour):
    return round(360 * colorsys.rgb_to_hsv(*ImageColor.getrgb(colour))[0])


def strangers(text, tints=False):
    """The strong colours of a text that are not the palette's; tints need only have its hues."""
    if tints:
        return {c for c in strong(text) if min(abs(hue(c) - hue(one)) for one in NAMED) > 2}
    return set(strong(text)) - {one.upper() for one in NAMED}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_file_has_a_strong_colour_of_its_own(path):
    tints = path.relative_to(ROOT).as_posix() in TINTS
    assert strangers(path.read_text(encoding="utf-8"), tints) == set()


def test_a_colour_that_was_left_behind_is_noticed(monkeypatch):
    monkeypatch.setattr(f"{__name__}.NAMED", ["#0072B3", *NAMED[1:]])
    assert strangers((ROOT / "site/favicon.svg").read_text()) == {palette.BLUE}
    monkeypatch.setattr(f"{__name__}.NAMED", NAMED[1:])
    assert strangers((ROOT / "site/conf.py").read_text(encoding="utf-8"), tints=True)
