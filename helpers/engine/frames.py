"""What moves in a picture, recorded as numbers: the part of `explorer` that knows matplotlib's SVG.

What the SVG says of an artist is one string in each frame. Strings that differ in their numbers
only are kept as one template, "M{3} {4}", and {3} stands for the number that column 3 has there.
"""

from __future__ import annotations

import functools
import io
import itertools
import math
import re
from collections.abc import Iterable, Sequence
from typing import Any
from xml.etree import ElementTree

import matplotlib
import numpy as np
from matplotlib.artist import Artist
from matplotlib.cbook import is_math_text
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.path import Path
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Transform

from ..language import say

WIDEST = 640  # pixels: a phone shows all of a picture, a wide window does not blow it up
DECIMALS = 1  # of a point, 1/72 inch: finer than a screen shows
ANCHORS = {"left": "start", "center": "middle", "right": "end"}
LETTERS = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C"}
# Numbers that come back as they were written: 07 is two of them, and the minus of -0 is text.
NUMBER = re.compile(r"(-?[1-9]\d*(?:\.\d+)?|-?0\.\d*[1-9]\d*|0(?:\.\d+)?)")

Strings = dict[str, list[str]]  # an attribute's value in each frame
Encoded = list[Any]  # as sent: column that says which template, or None; templates


class Columns:
    """Whole numbers over all frames; each column is kept once, along the controls that move it.

    A kept column is ``[decimals, strides, differences]``: the running sum of the differences, at
    the sum of each control's stop number times its stride. The differences are written as one
    string, which is shorter than JSON's list.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape
        self.kept: list[tuple[int, list[int], str]] = []
        self._numbers: dict[tuple[Any, ...], int] = {}

    def add(self, column: np.ndarray, decimals: int = 0) -> int:
        """Keep a column; return its number."""
        grid = column.reshape(self.shape)
        for axis in range(grid.ndim):
            first = grid.take([0], axis)
            if (first == grid).all():
                grid = first
        sizes = grid.shape
        strides = [math.prod(sizes[k + 1 :]) if size > 1 else 0 for k, size in enumerate(sizes)]
        differences = " ".join(map(str, np.diff(grid.ravel(), prepend=0).tolist()))
        key = (decimals, *strides, differences)
        if key not in self._numbers:
            self._numbers[key] = len(self.kept)
            self.kept.append((decimals, strides, differences))
        return self._numbers[key]

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Encode a string per frame. Templates with the same kinds of numbers share columns."""
        if len(set(texts)) == 1:  # most artists are always visible, and of one colour
            return [None, [texts[0]]]
        around, decimals, numbers = zip(*map(_split, texts))
        kinds = {kind: self._marks(kind, decimals, numbers) for kind in dict.fromkeys(decimals)}
        frames = list(zip(around, decimals))
        order = {template: k for k, template in enumerate(dict.fromkeys(frames))}
        templates = [_filled(words, kinds[kind]) for words, kind in order]
        which = np.array([order[template] for template in frames])
        return [self.add(which) if len(order) > 1 else None, templates]

    def _marks(self, kind: tuple, decimals: Sequence[tuple], numbers: Sequence[list]) -> list[str]:
        """Return what stands in the templates for each number of one kind of string."""
        here = [other == kind for other in decimals]
        table = np.zeros((len(here), len(kind)), dtype=np.int64)
        table[here] = list(itertools.compress(numbers, here))
        constant = (table[here] == table[here][0]).all(axis=0)
        return [
            _decimal(column[here][0], places) if same else f"{{{self.add(column, places)}}}"
            for places, column, same in zip(kind, table.T, constant)
        ]

    def read(self, text: Encoded, at: Sequence[int]) -> str:
        """Return the string that was encoded, at one combination of stops: what JavaScript does."""
        which, templates = text
        template = templates[0 if which is None else int(self._number(which, at))]
        return re.sub(r"\{(\d+)\}", lambda mark: self._number(int(mark[1]), at), template)

    def axes(self, text: Encoded) -> set[int]:
        """Return the axes along which an encoded string changes."""
        which, templates = text
        columns = {int(mark) for mark in re.findall(r"\{(\d+)\}", " ".join(templates))}
        columns |= set() if which is None else {which}
        return {axis for c in columns for axis, stride in enumerate(self.kept[c][1]) if stride}

    def _number(self, column: int, at: Sequence[int]) -> str:
        decimals, strides, differences = self.kept[column]
        place = sum(k * stride for k, stride in zip(at, strides))
        return _decimal(_running(differences)[place], decimals)


@functools.lru_cache(maxsize=512)
def _running(differences: str) -> list[int]:
    return list(itertools.accumulate(map(int, differences.split())))


def _decimal(number: int, decimals: int) -> str:
    return f"{number / 10**decimals:.{decimals}f}"


def _filled(words: Sequence[str], marks: Sequence[str]) -> str:
    return "".join(itertools.chain(*itertools.zip_longest(words, marks, fillvalue="")))


@functools.lru_cache(maxsize=4096)
def _split(text: str) -> tuple[tuple[str, ...], tuple[int, ...], list[int]]:
    """Return the words around a string's numbers, their decimals, and they without their points."""
    words = NUMBER.split(text)
    numbers = words[1::2]
    decimals = tuple(len(number.partition(".")[2]) for number in numbers)
    return tuple(words[::2]), decimals, [int(number.replace(".", "")) for number in numbers]


def save_svg(
    figure: Figure, moving: Sequence[Artist]
) -> tuple[ElementTree.Element, list[ElementTree.Element]]:
    """Return the figure as SVG, with everything in `moving` in it, and the group of each."""
    before = [(artist.get_visible(), getattr(artist, "get_text", str)()) for artist in moving]
    for k, artist in enumerate(moving):
        artist.set(gid=f"moving{k}", visible=True)
        if isinstance(artist, Text) and not artist.get_text():
            artist.set_text("0")  # matplotlib leaves an empty text out
    file = io.StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "explorer"}):
        figure.savefig(file, format="svg", metadata=nothing)
    for artist, (visible, text) in zip(moving, before):
        artist.set(visible=visible, **({"text": text} if isinstance(artist, Text) else {}))
    root = _tidy(file.getvalue())
    groups = {node.get("id"): node for node in root.iter("g")}
    for k, artist in enumerate(moving):
        if f"moving{k}" not in groups:
            raise ValueError(f"moving[{k}] is not in the figure: {artist}")
    return root, [groups[f"moving{k}"] for k in range(len(moving))]


def _tidy(svg: str) -> ElementTree.Element:
    """Return matplotlib's SVG, shorter, as wide as the page, and without a style of the page's."""
    bare = re.sub(r'\sxmlns(:\w+)?="[^"]*"', "", svg).replace("xlink:href", "href")
    root = ElementTree.fromstring(bare)
    for parent in root.iter():
        for child in parent.findall("style"):  # it would reach the whole page
            parent.remove(child)
        for name in {"d", "x", "y", "width", "height"}.intersection(parent.keys()):
            shorter = re.sub(r"\d+\.\d{3,}", lambda m: f"{float(m[0]):.2f}", parent.get(name))
            parent.set(name, shorter)
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


def set_attribute(node: ElementTree.Element, attribute: str, value: str) -> None:
    if attribute == "text":
        node.text = value
    else:
        node.set(attribute, value)
        drop_style(node, attribute)


def drop_style(node: ElementTree.Element, attribute: str) -> None:
    """Take an attribute out of a node's style, where it would win over the attribute itself."""
    if "style" in node.attrib:
        kept = [rule for rule in node.get("style").split("; ") if rule.split(":")[0] != attribute]
        node.set("style", "; ".join(kept))


class NotFinite(ValueError):
    def __init__(self, artist: Artist, frame: int) -> None:
        super().__init__(str(artist))
        self.frame = frame


class Part:
    """An artist that moves: what can change of it in the SVG, and what it was in each frame.

    `look` is called once a frame and must be quick; positions are worked out for all frames
    together, by `strings`. What of `still` changes would be lost, and so is an error.
    """

    still: tuple[str, ...] = ()

    def __init__(self, artist: Any, group: ElementTree.Element, height: float) -> None:
        self.artist, self.height = artist, height
        self.targets = {"visibility": (group, "visibility")}
        self.looks: list[tuple[Any, ...]] = []
        for name in ("alpha", *self.still):
            setattr(artist, f"set_{name}", functools.partial(self.keep_still, name))

    def keep_still(self, name: str, value: Any) -> None:
        """Stand in for the artist's own set_…: setting what is already so does no harm."""
        get = getattr(self.artist, f"get_{name}")
        before = get()
        getattr(type(self.artist), f"set_{name}")(self.artist, value)
        if get() != before:
            rule = "draw changes the {style} of {artist}, which frames cannot record"
            raise ValueError(say(rule, style=name, artist=self.artist))

    def release(self) -> None:
        for name in ("alpha", *self.still):
            delattr(self.artist, f"set_{name}")

    def points(self, places: Sequence[Any], transform: Transform) -> list[np.ndarray]:
        """Return each frame's places as the SVG has them: rounded, y downwards."""
        ends = np.cumsum([len(frame) for frame in places])
        points = transform.transform(np.concatenate(places).astype(float))
        bad = ~np.isfinite(points).all(axis=1)
        if bad.any():
            raise NotFinite(self.artist, int(np.searchsorted(ends, bad.argmax(), side="right")))
        points[:, 1] = self.height - points[:, 1]
        return np.split(_rounded(points), ends[:-1])

    def seen(self) -> Strings:
        return {"visibility": ["visible" if look[0] else "hidden" for look in self.looks]}


class LinePart(Part):
    still = ("linewidth", "linestyle", "marker", "markersize", "markeredgewidth")

    def __init__(self, line: Line2D, group: ElementTree.Element, height: float) -> None:
        super().__init__(line, group, height)
        self.path, self.marks = group.find("path"), group.findall("g/use")
        marked = line.get_marker() not in ("None", "none", "", " ", None)
        if marked and len(self.marks) != len(line.get_xdata()):
            raise ValueError(f"a marker of {line} is not in the picture at the initial values")
        if self.path is not None:
            self.targets |= {name: (self.path, name) for name in ("d", "stroke")}
        for shape in group.findall("defs/path"):  # that the marks use; they have the same stroke
            drop_style(shape, "stroke")
        for k, mark in enumerate(self.marks):
            for name in ("x", "y", "marker fill", "marker stroke"):
                self.targets[f"{name}{k or ''}"] = (mark, name.removeprefix("marker "))

    def look(self) -> None:
        line = self.artist
        colours = line.get_color(), line.get_markerfacecolor(), line.get_markeredgecolor()
        xy = line.get_xdata(orig=True), line.get_ydata(orig=True)  # not yet prepared for drawing
        self.looks.append((line.get_visible(), np.array(xy).T, *colours))

    def strings(self) -> Strings:
        _, places, line, face, edge = zip(*self.looks)
        points = self.points(places, self.artist.get_transform())
        found = self.seen()
        if self.path is not None:
            found["d"] = [f"M{_written(row.ravel())}" for row in points]
            found["stroke"] = _colours(line)
        if self.marks and {len(row) for row in points} != {len(self.marks)}:
            raise ValueError(f"the number of markers of {self.artist} changes")
        for k in range(len(self.marks)):
            for axis, name in enumerate("xy"):
                found[f"{name}{k or ''}"] = [f"{row[k, axis]:.{DECIMALS}f}" for row in points]
            found[f"marker fill{k or ''}"] = _colours(face)
            found[f"marker stroke{k or ''}"] = _colours(edge)
        return found


class TextPart(Part):
    still = ("fontsize", "fontweight", "fontstyle", "rotation", "verticalalignment")

    def __init__(self, text: Text, group: ElementTree.Element, height: float) -> None:
        super().__init__(text, group, height)
        self.noted = isinstance(text, Annotation)
        node = group.find("text")
        if node is None:
            raise ValueError(f"a text that moves must be without mathematics, not {text}")
        if self.noted and (
            text.arrow_patch or (text.xycoords, text.anncoords) != ("data", "offset points")
        ):
            raise TypeError(f"a note that moves has no arrow, and is offset from data: {text}")
        self.targets |= {"transform": (group, "transform")}
        self.targets |= {name: (node, name) for name in ("text", "fill", "text-anchor")}
        self.start = self.place()

    def place(self) -> tuple[Any, Any]:
        """Return where the text is, in its transform's units, and its shift from there."""
        position = self.artist.get_position()
        return (self.artist.xy, position) if self.noted else (position, (0, 0))

    def found(self, looks: Sequence[tuple[Any, Any]]) -> np.ndarray:
        """Return where the text is in the SVG, for each of these places with their shifts."""
        places, shifts = zip(*looks)
        transform = self.artist.axes.transData if self.noted else self.artist.get_transform()
        points = np.concatenate(self.points(np.reshape(places, (-1, 1, 2)), transform))
        return points + np.multiply(shifts, (1, -1))

    def look(self) -> None:
        text, words = self.artist, self.artist.get_text()
        if "\n" in words or is_math_text(words):
            raise ValueError(f"a text that moves is one line without mathematics, not {words!r}")
        style = text.get_color(), ANCHORS[text.get_horizontalalignment()]
        self.looks.append((text.get_visible(), self.place(), words, *style))

    def strings(self) -> Strings:
        _, looks, words, colours, anchors = zip(*self.looks)
        moved = _rounded(self.found(looks) - self.found([self.start]))
        return {
            **self.seen(),
            "transform": [f"translate({_written(row)})" for row in moved],
            "text": list(words),
            "fill": _colours(colours),
            "text-anchor": list(anchors),
        }


class PatchPart(Part):
    still = ("linewidth", "linestyle", "hatch")

    def __init__(self, patch: Patch, group: ElementTree.Element, height: float) -> None:
        super().__init__(patch, group, height)
        self.pieces = group.findall("path")  # an arrow's shaft and head are two
        for k, piece in enumerate(self.pieces):
            for name in ("d", "fill", "stroke"):
                self.targets[f"{name}{k or ''}"] = (piece, name)

    def look(self) -> None:
        patch = self.artist
        path = patch.get_path()
        vertices = patch.get_patch_transform().transform(path.vertices)
        codes = np.full(len(vertices), Path.LINETO) if path.codes is None else path.codes.copy()
        codes[0] = Path.MOVETO
        colours = patch.get_facecolor(), patch.get_edgecolor()
        self.looks.append((patch.get_visible(), vertices, codes, *colours))

    def strings(self) -> Strings:
        _, places, codes, faces, edges = zip(*self.looks)
        points = self.points(places, Artist.get_transform(self.artist))
        outlines = zip(*map(self.outlines, codes, points))
        found = self.seen()
        for k, outline in enumerate(outlines):
            found[f"d{k or ''}"] = outline
            found[f"fill{k or ''}"] = _colours(faces)
            found[f"stroke{k or ''}"] = _colours(edges)
        return found

    def outlines(self, codes: np.ndarray, points: np.ndarray) -> list[str]:
        """Return what each piece is in one frame."""
        starts = np.flatnonzero(codes == Path.MOVETO)[: len(self.pieces)]
        return [
            _outline(codes[start:stop], points[start:stop])
            for start, stop in itertools.pairwise([*starts, len(codes)])
        ]


def part_of(artist: Artist, group: ElementTree.Element, height: float) -> Part:
    for kind, part in ((Line2D, LinePart), (Text, TextPart), (Patch, PatchPart)):
        if isinstance(artist, kind):
            return part(artist, group, height)
    raise TypeError(f"lines, texts and patches can move, not {artist}")


def _outline(codes: Iterable[int], points: np.ndarray) -> str:
    written = ""
    for before, code, point in zip((None, *codes), codes, points):
        letter = " " if code == before else LETTERS.get(code, "Z")
        written += letter if code == Path.CLOSEPOLY else letter + _written(point)
    return written


def _rounded(points: np.ndarray) -> np.ndarray:
    return np.round(points, DECIMALS) + 0.0  # never -0.0


def _written(numbers: np.ndarray) -> str:
    return _written_before(numbers.tobytes())


@functools.lru_cache(maxsize=512)  # what stands still is written once, not once a frame
def _written_before(numbers: bytes) -> str:
    return " ".join([f"{number:.{DECIMALS}f}" for number in np.frombuffer(numbers).tolist()])


def _colours(colours: Iterable[Any]) -> list[str]:
    return [_colour(colour) for colour in colours]


@functools.lru_cache(maxsize=256)
def _colour(colour: Any) -> str:
    return "none" if colour in ("none", None) else to_hex(colour)
