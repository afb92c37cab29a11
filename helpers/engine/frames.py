"""What moves in a picture, recorded: the part of `explorer` that knows matplotlib's SVG."""

import functools
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
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
from matplotlib.transforms import Transform

from .words import say

WIDEST = 640  # pixels: a phone shows all of a picture, a wide window does not blow it up
DECIMALS = 1  # of a point, 1/72 inch: finer than a screen shows
ANCHORS = {"left": "start", "center": "middle", "right": "end"}

_hex = functools.lru_cache(maxsize=256)(to_hex)

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


def save_svg(figure: Figure, moving: Mapping[str, Artist]) -> tuple[Element, dict[str, Element]]:
    """Return the figure as SVG, with everything in `moving` in it, and the group of each."""
    before = {name: _show(artist) for name, artist in moving.items()}
    for number, artist in enumerate(moving.values()):
        artist.set_gid(f"moving{number}")
    file = io.StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "explorer"}):
        FigureCanvasSVG(figure).print_svg(file, metadata=nothing)  # savefig draws twice
    root = _tidy(file.getvalue())
    found = {node.get("id"): node for node in root.iter("g")}
    groups = {}
    for name, artist in moving.items():
        artist.set(**before[name])
        if artist.get_gid() not in found:
            raise ValueError(f"what moves as {name!r} is not in the figure: {artist}")
        groups[name] = found[artist.get_gid()]
    return root, groups


def _show(artist: Artist) -> dict[str, Any]:
    """Make sure that matplotlib draws it; return what was changed for that, as it was."""
    before: dict[str, Any] = {"visible": artist.get_visible()}
    artist.set_visible(True)
    if isinstance(artist, Text) and not artist.get_text():
        before["text"] = ""
        artist.set_text("0")  # matplotlib leaves an empty text out
    return before


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


def set_attribute(node: Element, attribute: str, value: str) -> None:
    if attribute == "text":
        node.text = value
    else:
        node.set(attribute, value)
        drop_style(node, attribute)


def drop_style(node: Element, attribute: str) -> None:
    """Take an attribute out of a node's style, where it would win over the attribute itself."""
    if "style" in node.attrib:
        rules = node.attrib["style"].split("; ")
        node.set("style", "; ".join(rule for rule in rules if rule.split(":")[0] != attribute))


class Drawn(NamedTuple):
    """What all parts of a picture share: its height in points, the controls' values by frame."""

    height: float
    values: list[dict[str, Any]]


class Part:
    """An artist that moves: what can change of it in the SVG, and what it was in each frame.

    `look` is called once a frame and must be quick; positions are worked out for all frames
    together, by `strings`. What of `still` changes would be lost, and so is an error.
    """

    still: tuple[str, ...] = ()

    def __init__(self, artist: Any, group: Element, picture: Drawn) -> None:
        self.artist, self.picture = artist, picture
        self.targets = {"visibility": (group, "visibility")}
        self.looks: list[tuple[Any, ...]] = []
        self.getters = {name: getattr(artist, f"get_{name}") for name in ("alpha", *self.still)}
        self.style = {name: get() for name, get in self.getters.items()}

    def look(self) -> None:
        """Note what the artist is like now; here, that its style is as it was."""
        for name, get in self.getters.items():
            if get() != self.style[name]:
                rule = "draw changes the {style} of {artist}, which frames cannot record"
                raise ValueError(say(rule, style=name, artist=self.artist))

    def points(self, places: Sequence[Any], transform: Transform) -> list[np.ndarray]:
        """Return each frame's places as the SVG has them: rounded, y downwards."""
        ends = np.cumsum([len(frame) for frame in places])
        points = transform.transform(np.concatenate(places, dtype=float))
        points[:, 1] = self.picture.height - points[:, 1]
        bad = ~np.isfinite(points).all(axis=1)
        if bad.any():
            values = self.picture.values[np.searchsorted(ends, bad.argmax(), side="right")]
            raise ValueError(f"{self.artist} has a position that is not finite for {values}")
        return np.split(_rounded(points), ends[:-1])

    def strings(self) -> Strings:
        """Return what was noted, as the SVG has it."""
        raise NotImplementedError

    def seen(self) -> Strings:
        return {"visibility": ["visible" if look[0] else "hidden" for look in self.looks]}


class LinePart(Part):
    still = ("linewidth", "linestyle", "marker", "markersize", "markeredgewidth")

    def __init__(self, line: Line2D, group: Element, picture: Drawn) -> None:
        super().__init__(line, group, picture)
        self.path, marks = group.find("path"), group.findall("g/use")
        self.marked = line.get_marker() not in ("None", "none", "", " ", None)
        if self.marked and len(marks) != 1:
            raise ValueError(
                f"a marker that moves is one point in the picture at first, not {line}"
            )
        if self.path is not None:
            self.targets |= {name: (self.path, name) for name in ("d", "stroke")}
        for shape in group.findall("defs/path"):  # that the mark uses; it has the same stroke
            drop_style(shape, "stroke")
        for mark in marks:
            for name in ("x", "y", "marker fill", "marker stroke"):
                self.targets[name] = (mark, name.removeprefix("marker "))

    def look(self) -> None:
        super().look()
        line = self.artist
        colours = line.get_color(), line.get_markerfacecolor(), line.get_markeredgecolor()
        xy = line.get_xdata(orig=True), line.get_ydata(orig=True)  # not yet prepared for drawing
        self.looks.append((line.get_visible(), np.array(xy).T, *colours))

    def strings(self) -> Strings:
        _, places, line, face, edge = zip(*self.looks)
        points = self.points(places, self.artist.get_transform())
        found = self.seen()
        if self.path is not None:
            found["d"] = [f"M{_written(row)}" for row in points]
            found["stroke"] = _colours(line)
        if self.marked:
            if {len(row) for row in points} != {1}:
                raise ValueError(f"the number of markers of {self.artist} changes")
            found["x"], found["y"] = zip(*(_written(row).split() for row in points))
            found["marker fill"], found["marker stroke"] = _colours(face), _colours(edge)
        return found


class TextPart(Part):
    still = ("fontsize", "fontweight", "fontstyle", "rotation", "verticalalignment")

    def __init__(self, text: Text, group: Element, picture: Drawn) -> None:
        super().__init__(text, group, picture)
        self.noted = isinstance(text, Annotation)
        node = group.find("text")
        if node is None:
            raise ValueError(f"a text that moves must be without mathematics, not {text}")
        if isinstance(text, Annotation):
            offset = (text.xycoords, text.anncoords) == ("data", "offset points")
            if text.arrow_patch or not offset:
                raise TypeError(f"a note that moves has no arrow, and is offset from data: {text}")
        self.targets |= {"transform": (group, "transform")}
        self.targets |= {name: (node, name) for name in ("text", "fill", "text-anchor")}
        self.start = self.place()

    def place(self) -> tuple[Any, Any]:
        """Return where the text is, in its transform's units, and its shift from there."""
        position = self.artist.get_position()
        if self.noted:
            return self.artist.xy, position
        return position, (0, 0)

    def found(self, looks: Sequence[tuple[Any, Any]]) -> np.ndarray:
        """Return where the text is in the SVG, for each of these places with their shifts."""
        places, shifts = zip(*looks)
        transform = self.artist.axes.transData if self.noted else self.artist.get_transform()
        points = np.concatenate(self.points([[place] for place in places], transform))
        return points + np.multiply(shifts, (1, -1))

    def look(self) -> None:
        super().look()
        text, words = self.artist, self.artist.get_text()
        if "\n" in words or is_math_text(words):
            raise ValueError(f"a text that moves is one line without mathematics, not {words!r}")
        style = text.get_color(), ANCHORS[text.get_horizontalalignment()]
        self.looks.append((text.get_visible(), self.place(), words, *style))

    def strings(self) -> Strings:
        _, looks, words, colours, anchors = zip(*self.looks)
        moved = _rounded(self.found(looks) - self.found([self.start]))
        found = {"text": words, "fill": _colours(colours), "text-anchor": anchors}
        return {
            "transform": [f"translate({_written(row)})" for row in moved],
            **found,
            **self.seen(),
        }


class PatchPart(Part):
    still = ("linewidth", "linestyle", "hatch")

    def __init__(self, patch: Patch, group: Element, picture: Drawn) -> None:
        super().__init__(patch, group, picture)
        if not isinstance(patch, (Polygon, Rectangle)):
            raise TypeError(f"a patch that moves is a rectangle or a polygon, not {patch}")
        [piece] = group.iterfind("path")
        for name in ("d", "fill", "stroke"):
            self.targets[name] = piece, name

    def look(self) -> None:
        super().look()
        patch = self.artist
        corners = patch.get_patch_transform().transform(patch.get_path().vertices[:-1])
        colours = patch.get_facecolor(), patch.get_edgecolor()
        self.looks.append((patch.get_visible(), corners, *colours))

    def strings(self) -> Strings:
        _, places, faces, edges = zip(*self.looks)
        points = self.points(places, Artist.get_transform(self.artist))
        outlines = [f"M{_written(row[:1])}L{_written(row[1:])}Z" for row in points]
        return {**self.seen(), "d": outlines, "fill": _colours(faces), "stroke": _colours(edges)}


def part_of(artist: Artist, group: Element, picture: Drawn) -> Part:
    if isinstance(artist, Line2D):
        return LinePart(artist, group, picture)
    if isinstance(artist, Text):
        return TextPart(artist, group, picture)
    if isinstance(artist, Patch):
        return PatchPart(artist, group, picture)
    raise TypeError(f"lines, texts and patches can move, not {artist}")


def _rounded(points: np.ndarray) -> np.ndarray:
    return np.round(points, DECIMALS) + 0.0  # never -0.0


def _written(points: np.ndarray) -> str:
    return _written_before(points.tobytes())


@functools.lru_cache(maxsize=512)  # what stands still is written once, not once a frame
def _written_before(numbers: bytes) -> str:
    return " ".join([f"{number:.{DECIMALS}f}" for number in np.frombuffer(numbers).tolist()])


def _colours(colours: Iterable[Any]) -> list[str]:
    return ["none" if colour in ("none", None) else _hex(colour) for colour in colours]
