"""What moves in a picture, recorded: the part of `explorer` that knows matplotlib's SVG."""

import functools
import io
import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple
from xml.etree import ElementTree

import matplotlib
import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.cbook import is_math_text
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Polygon, Rectangle
from matplotlib.text import Annotation, Text

from .words import say

WIDEST = 640  # pixels: a phone shows all of a picture, a wide window does not blow it up
DECIMALS = 1  # of a point, 1/72 inch: finer than a screen shows
ANCHORS = {"left": "start", "center": "middle", "right": "end"}

Element = ElementTree.Element
Strings = dict[str, Sequence[str]]  # an attribute's value in each frame
Table = list[Any]  # strides, texts: the text at the sum of each control's stop times its stride


def tabulate(texts: Sequence[str], shape: Sequence[int]) -> Table:
    """Keep a text for each frame, along the controls that change it."""
    grid = np.array(texts, dtype=object).reshape(shape)
    for axis in range(grid.ndim):
        first = grid.take([0], axis)
        if (first == grid).all():
            grid = first
    strides = [math.prod(grid.shape[k + 1 :]) * (size > 1) for k, size in enumerate(grid.shape)]
    return [strides, grid.ravel().tolist()]


def read(table: Table, at: Sequence[int]) -> str:
    """Return the text at one combination of stops, as the browser does."""
    strides, texts = table
    return texts[sum(k * stride for k, stride in zip(at, strides))]


class Drawn(NamedTuple):
    """What all parts of a picture share."""

    height: float  # of the picture, in points
    shape: tuple[int, ...]  # how many stops each control has
    values: list[dict[str, Any]]  # of the controls, by frame
    first: int  # the frame in which the SVG is drawn


class Part:
    """An artist that moves: what can change of it in the SVG, and what it was in each frame.

    `look` is called once a frame and must be quick; positions are worked out for all frames
    together, by `tables`. What of `still` changes would be lost, and so is an error.
    """

    still: tuple[str, ...] = ()

    def __init__(self, artist: Any, group: Element, picture: Drawn) -> None:
        self.artist, self.picture = artist, picture
        self.transform = Artist.get_transform(artist)  # a patch's own has its size in it
        self.targets: dict[str, tuple[Element, str]] = {}  # by name: a node, and its attribute
        self.looks: dict[str, Callable[[], str]] = {}
        self.texts: dict[str, list[str]] = {}
        self.places: list[Any] = []
        getters = {name: getattr(artist, f"get_{name}") for name in ("alpha", *self.still)}
        self.style = [(name, get, get()) for name, get in getters.items()]
        self.follow("visibility", group, lambda: "visible" if artist.get_visible() else "hidden")

    def follow(self, name: str, node: Element, look: Callable[[], str] | None = None) -> None:
        """Have an attribute of a node be what `look` returns; without it, what `moved` does."""
        self.targets[name] = node, name.removeprefix("marker ")
        if look:
            self.looks[name], self.texts[name] = look, []

    def look(self) -> None:
        """Note what the artist is like now, and that its style is as it was."""
        for name, get, before in self.style:
            if get() != before:
                rule = "draw changes the {style} of {artist}, which frames cannot record"
                raise ValueError(say(rule, style=name, artist=self.artist))
        self.places.append(self.place())
        for name, look in self.looks.items():
            self.texts[name].append(look())

    def tables(self) -> dict[str, Table]:
        """Return what was noted, as the SVG has it: in points, rounded, y downwards."""
        ends = np.cumsum([len(places) for places in self.places])
        points = self.transform.transform(np.concatenate(self.places, dtype=float))
        points[:, 1] = self.picture.height - points[:, 1]
        bad = ~np.isfinite(points).all(axis=1)
        if bad.any():
            values = self.picture.values[np.searchsorted(ends, bad.argmax(), side="right")]
            raise ValueError(f"{self.artist} has a position that is not finite for {values}")
        found = {**self.texts, **self.moved(np.split(_rounded(points), ends[:-1]))}
        return {what: tabulate(texts, self.picture.shape) for what, texts in found.items()}

    def place(self) -> Any:
        """Return where the artist is now: points, in its transform's units."""
        raise NotImplementedError

    def moved(self, points: list[np.ndarray]) -> Strings:
        """Return the attributes that say where it is, from each frame's points."""
        raise NotImplementedError


class LinePart(Part):
    still = ("linewidth", "linestyle", "marker", "markersize", "markeredgewidth")

    def __init__(self, line: Line2D, group: Element, picture: Drawn) -> None:
        super().__init__(line, group, picture)
        path, marks = group.find("path"), group.findall("g/use")
        self.marked = line.get_marker() not in ("None", "none", "", " ", None)
        if self.marked and len(marks) != 1:
            raise ValueError(
                f"a marker that moves is one point in the picture at first, not {line}"
            )
        if path is not None:
            self.follow("d", path)
            self.follow("stroke", path, lambda: _colour(line.get_color()))
        for shape in group.findall("defs/path"):  # that the mark uses; it has the same stroke
            drop_style(shape, "stroke")
        for mark in marks:
            self.follow("x", mark)
            self.follow("y", mark)
            self.follow("marker fill", mark, lambda: _colour(line.get_markerfacecolor()))
            self.follow("marker stroke", mark, lambda: _colour(line.get_markeredgecolor()))

    def place(self) -> Any:
        line = self.artist
        return np.array((line.get_xdata(orig=True), line.get_ydata(orig=True))).T

    def moved(self, points: list[np.ndarray]) -> Strings:
        found: Strings = {}
        if "d" in self.targets:
            found["d"] = [f"M{_written(row)}" for row in points]
        if self.marked:
            if {len(row) for row in points} != {1}:
                raise ValueError(f"the number of markers of {self.artist} changes")
            found["x"], found["y"] = zip(*(_written(row).split() for row in points))
        return found


class TextPart(Part):
    still = ("fontsize", "fontweight", "fontstyle", "rotation", "verticalalignment")

    def __init__(self, text: Text, group: Element, picture: Drawn) -> None:
        super().__init__(text, group, picture)
        self.words()
        [node] = group.iterfind("text")
        self.note = text if isinstance(text, Annotation) else None
        if self.note:
            offset = (self.note.xycoords, self.note.anncoords) == ("data", "offset points")
            if self.note.arrow_patch or not offset:
                raise TypeError(f"a note that moves has no arrow, and is offset from data: {text}")
            self.transform = self.artist.axes.transData
        self.shifts: list[Any] = []
        self.follow("transform", group)
        self.follow("text", node, self.words)
        self.follow("fill", node, lambda: _colour(text.get_color()))
        self.follow("text-anchor", node, lambda: ANCHORS[text.get_horizontalalignment()])

    def words(self) -> str:
        words = self.artist.get_text()
        if "\n" in words or is_math_text(words):
            raise ValueError(f"a text that moves is one line without mathematics, not {words!r}")
        return words

    def place(self) -> Any:
        position = self.artist.get_position()
        self.shifts.append(position if self.note else (0, 0))
        return [self.note.xy if self.note else position]

    def moved(self, points: list[np.ndarray]) -> Strings:
        found = np.concatenate(points) + np.multiply(self.shifts, (1, -1))
        shifts = _rounded(found - found[self.picture.first])
        return {"transform": [f"translate({_written(row)})" for row in shifts]}


class PatchPart(Part):
    still = ("linewidth", "linestyle", "hatch")

    def __init__(self, patch: Patch, group: Element, picture: Drawn) -> None:
        super().__init__(patch, group, picture)
        [piece] = group.iterfind("path")
        self.follow("d", piece)
        self.follow("fill", piece, lambda: _colour(patch.get_facecolor()))
        self.follow("stroke", piece, lambda: _colour(patch.get_edgecolor()))

    def place(self) -> Any:
        patch = self.artist
        return patch.get_patch_transform().transform(patch.get_path().vertices[:-1])

    def moved(self, points: list[np.ndarray]) -> Strings:
        return {"d": [f"M{_written(row[:1])}L{_written(row[1:])}Z" for row in points]}


KINDS = {Line2D: LinePart, Text: TextPart, Rectangle: PatchPart, Polygon: PatchPart}


def part_of(artist: Artist, group: Element, picture: Drawn) -> Part:
    for kind, part in KINDS.items():
        if isinstance(artist, kind):
            return part(artist, group, picture)
    raise TypeError(f"lines, texts, rectangles and polygons can move, not {artist}")


def save_svg(
    figure: Figure, moving: Mapping[str, Artist], picture: Drawn
) -> tuple[Element, list[Part]]:
    """Return the figure as SVG, with everything in `moving` in it, and what can change in it."""
    artists = moving.values()
    hidden = [artist for artist in artists if not artist.get_visible()]
    empty = [artist for artist in artists if isinstance(artist, Text) and not artist.get_text()]
    for number, artist in enumerate(artists):
        artist.set(gid=f"moving{number}", visible=True)
    for text in empty:
        text.set_text("0")  # matplotlib leaves an empty one out
    file = io.StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "explorer"}):
        FigureCanvasSVG(figure).print_svg(file, metadata=nothing)  # savefig draws twice
    for artist in hidden:
        artist.set_visible(False)
    for text in empty:
        text.set_text("")
    root = _tidy(file.getvalue())
    found = {node.get("id"): node for node in root.iter("g")}
    for name, artist in moving.items():
        if artist.get_gid() not in found:
            raise ValueError(f"what moves as {name!r} is not in the figure: {artist}")
    return root, [part_of(artist, found[artist.get_gid()], picture) for artist in artists]


def _tidy(svg: str) -> Element:
    """Return matplotlib's SVG, shorter, as wide as the page, and without a style of the page's."""
    bare = re.sub(r'\sxmlns(:\w+)?="[^"]*"', "", svg).replace("xlink:href", "href")
    root = ElementTree.fromstring(bare)
    for parent in root.iter():
        for child in parent.findall("style"):  # it would reach the whole page
            parent.remove(child)
        for name in {"d", "x", "y", "width", "height"}.intersection(parent.keys()):
            numbers = parent.attrib[name]
            parent.set(name, re.sub(r"\d+\.\d{3,}", lambda m: f"{float(m[0]):.2f}", numbers))
        if parent.tag == "text":  # said once, on the whole picture
            style = parent.get("style", "")
            parent.set("style", re.sub(r"font-family: [^;]*(; )?", "", style))
        parent.text, parent.tail = parent.text and parent.text.strip(), None
    del root.attrib["width"], root.attrib["height"]
    root.set("style", f"display: block; width: 100%; max-width: {WIDEST}px; background: white")
    root.set("stroke-linejoin", "round")
    root.set("stroke-linecap", "butt")
    root.set("font-family", "DejaVu Sans, Verdana, Arial, sans-serif")
    root.set("role", "img")
    return root


def drop_style(node: Element, attribute: str) -> None:
    """Take an attribute out of a node's style, where it would win over the attribute itself."""
    if "style" in node.attrib:
        rules = node.attrib["style"].split("; ")
        node.set("style", "; ".join(rule for rule in rules if rule.split(":")[0] != attribute))


def _rounded(points: np.ndarray) -> np.ndarray:
    return np.round(points, DECIMALS) + 0.0  # never -0.0


def _written(points: np.ndarray) -> str:
    return " ".join([f"{number:.{DECIMALS}f}" for number in points.ravel().tolist()])


@functools.lru_cache(maxsize=256)
def _colour(colour: Any) -> str:
    return "none" if colour in ("none", None) else to_hex(colour)
