"""What moves in a picture, recorded as numbers: the part of `explorer` that knows matplotlib's SVG.

A string that changes from frame to frame (a path, a text, a sentence) is kept as templates and
columns of whole numbers. A template holds text and, for each number in it, its decimals.
"""

from __future__ import annotations

import functools
import io
import itertools
import math
import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
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

Template = tuple[str | int, ...]
# As sent: [column that says which template, or None; templates of text and [decimals, column]].
Encoded = list[Any]


class Columns:
    """Whole numbers over all frames; each column is kept once, along the controls that move it.

    A kept column is ``[strides, differences]``: the running sum of the differences, at the sum
    of each control's stop number times its stride. The differences are written as one string,
    which is shorter than JSON's list.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape
        self.kept: list[tuple[list[int], str]] = []
        self._numbers: dict[tuple[Any, ...], int] = {}

    def add(self, column: np.ndarray) -> int:
        """Keep a column that is not constant; return its number."""
        grid = column.reshape(self.shape)
        for axis in range(grid.ndim):
            first = grid.take([0], axis)
            if np.array_equal(np.broadcast_to(first, grid.shape), grid):
                grid = first
        strides = [
            math.prod(grid.shape[axis + 1 :]) if grid.shape[axis] > 1 else 0
            for axis in range(grid.ndim)
        ]
        differences = " ".join(map(str, np.diff(grid.ravel(), prepend=0).tolist()))
        key = (*strides, differences)
        if key not in self._numbers:
            self._numbers[key] = len(self.kept)
            self.kept.append((strides, differences))
        return self._numbers[key]

    def encode(self, strings: Strings) -> Encoded:
        """Encode one string per frame. Templates with the same kinds of numbers share columns."""
        which, templates, tables = strings
        kinds = [tuple(part for part in t if isinstance(part, int)) for t in templates]
        numbers = {kind: self._numbers_of(kind, kinds, which, tables) for kind in kinds}
        texts = [_fill(template, numbers[kind]) for template, kind in zip(templates, kinds)]
        return [None if len(templates) == 1 else self.add(which), texts]

    def _numbers_of(self, kind, kinds, which, tables) -> list[str | list[int]]:
        """Return each number of one kind of template: its text if it is constant, or its column."""
        whole = np.zeros((len(which), len(kind)), dtype=np.int64)
        here = np.zeros(len(which), dtype=bool)
        for k, table in enumerate(tables):
            if kinds[k] == kind:
                whole[which == k] = table
                here |= which == k
        return [
            [decimals, self.add(column)]
            if (column[here] != column[here][0]).any()
            else _decimal(column[here][0], decimals)
            for decimals, column in zip(kind, whole.T)
        ]

    def read(self, text: Encoded, at: Sequence[int]) -> str:
        """Return the string that was encoded, at one combination of stops: what JavaScript does."""
        which, templates = text
        parts = templates[0 if which is None else self._number(which, at)]
        return "".join(
            part if isinstance(part, str) else _decimal(self._number(part[1], at), part[0])
            for part in parts
        )

    def axes(self, text: Encoded) -> set[int]:
        """Return the axes along which an encoded string changes."""
        which, templates = text
        columns = {part[1] for parts in templates for part in parts if not isinstance(part, str)}
        columns |= set() if which is None else {which}
        return {axis for c in columns for axis, stride in enumerate(self.kept[c][0]) if stride}

    def _number(self, column: int, at: Sequence[int]) -> int:
        strides, differences = self.kept[column]
        return _running(differences)[sum(k * stride for k, stride in zip(at, strides))]


@functools.lru_cache(maxsize=512)
def _running(differences: str) -> list[int]:
    return list(itertools.accumulate(map(int, differences.split())))


class Strings(NamedTuple):
    """One string per frame: which template, and a table of numbers for each template."""

    which: np.ndarray
    templates: list[Template]
    tables: list[np.ndarray]


def grouped(values: Sequence[tuple[Template, Sequence[int]]]) -> Strings:
    rows: dict[Template, list[Sequence[int]]] = {}
    for template, numbers in values:
        rows.setdefault(template, []).append(numbers)
    order = {template: k for k, template in enumerate(rows)}
    which = np.array([order[template] for template, _ in values])
    tables = [np.array(table, dtype=np.int64).reshape(len(table), -1) for table in rows.values()]
    return Strings(which, list(rows), tables)


def plain(words: Sequence[str]) -> Strings:
    if len(set(words)) == 1:  # most artists are always visible, and of one colour
        return Strings(
            np.zeros(len(words), dtype=int), [(words[0],)], [np.zeros((len(words), 0), int)]
        )
    return grouped([((word,), ()) for word in words])


def with_numbers(texts: Sequence[str]) -> Strings:
    return grouped([_split(text) for text in texts])


def _fill(template: Template, numbers: Sequence[str | list[int]]) -> list[str | list[int]]:
    """Put the numbers into a template and join neighbouring strings."""
    parts: list[Any] = [""]
    following = iter(numbers)
    for part in template:
        part = next(following) if isinstance(part, int) else part
        if isinstance(part, str):
            parts[-1] += part
        else:
            parts += [part, ""]
    return [part for part in parts if part]


def _decimal(number: int, decimals: int) -> str:
    return f"{number / 10**decimals:.{decimals}f}"


@functools.lru_cache(maxsize=4096)
def _split(text: str) -> tuple[Template, tuple[int, ...]]:
    """Return a string as a template and the numbers in it."""
    parts = re.split(r"(\d+(?:\.\d+)?)", text)
    template: list[str | int] = list(parts)
    numbers = []
    for k in range(1, len(parts), 2):
        decimals = len(parts[k].partition(".")[2])
        number = int(parts[k].replace(".", ""))
        if parts[k] == _decimal(number, decimals):  # not so for 007
            template[k] = decimals
            numbers.append(number)
    return tuple(template), tuple(numbers)


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
        artist.set_visible(visible)
        if isinstance(artist, Text):
            artist.set_text(text)
    bare = re.sub(r'\sxmlns(:\w+)?="[^"]*"', "", file.getvalue()).replace("xlink:href", "href")
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
    groups = {node.get("id"): node for node in root.iter("g")}
    for k, artist in enumerate(moving):
        if f"moving{k}" not in groups:
            raise ValueError(f"moving[{k}] is not in the figure: {artist}")
    return root, [groups[f"moving{k}"] for k in range(len(moving))]


def set_attribute(node: ElementTree.Element, attribute: str, value: str) -> None:
    if attribute == "text":
        node.text = value
        return
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
        self.targets: dict[str, tuple[ElementTree.Element, str]] = {
            "visibility": (group, "visibility")
        }
        self.looks: list[tuple[Any, ...]] = []
        for name in ("alpha", *self.still):
            setattr(artist, f"set_{name}", functools.partial(self.keep_still, name))

    def keep_still(self, name: str, value: Any) -> None:
        """Stand in for the artist's own set_…: setting what is already so does no harm."""
        get = getattr(self.artist, f"get_{name}")
        before = get()
        getattr(type(self.artist), f"set_{name}")(self.artist, value)
        if get() != before:
            raise ValueError(
                say(
                    "draw changes the {style} of {artist}, which frames cannot record",
                    style=name,
                    artist=self.artist,
                )
            )

    def release(self) -> None:
        for name in ("alpha", *self.still):
            delattr(self.artist, f"set_{name}")

    def points(self, x: Any, y: Any, lengths: Sequence[int], transform: Transform) -> np.ndarray:
        """Return places as the SVG has them: in whole steps, y downwards; `lengths` are frames'."""
        points = transform.transform(np.column_stack([x, y]).astype(float))
        bad = ~np.isfinite(points).all(axis=1)
        if bad.any():
            frame = np.searchsorted(np.cumsum(lengths), bad.argmax(), side="right")
            raise NotFinite(self.artist, int(frame))
        points[:, 1] = self.height - points[:, 1]
        return np.rint(points * 10**DECIMALS).astype(np.int64)

    def seen(self) -> dict[str, Strings]:
        shown = ["visible" if look[0] else "hidden" for look in self.looks]
        return {"visibility": plain(shown)}

    def colours(self, name: str, colours: Iterable[Any]) -> dict[str, Strings]:
        return {name: plain([_colour(colour) for colour in colours])}


class LinePart(Part):
    still = ("linewidth", "linestyle", "marker", "markersize", "markeredgewidth")

    def __init__(self, line: Line2D, group: ElementTree.Element, height: float) -> None:
        super().__init__(line, group, height)
        path, self.marks = group.find("path"), group.findall("g/use")
        self.has_path = path is not None
        if line.get_marker() not in ("None", "none", "", " ", None):
            if len(self.marks) != len(line.get_xdata()):
                raise ValueError(f"a marker of {line} is not in the picture at the initial values")
        if path is not None:
            self.targets |= {"d": (path, "d"), "stroke": (path, "stroke")}
        for shape in group.findall("defs/path"):  # that the marks use; they have the same stroke
            drop_style(shape, "stroke")
        for k, mark in enumerate(self.marks):
            for name in ("x", "y", "marker fill", "marker stroke"):
                self.targets[f"{name}{k or ''}"] = (mark, name.removeprefix("marker "))

    def look(self) -> None:
        line = self.artist
        colours = line.get_color(), line.get_markerfacecolor(), line.get_markeredgecolor()
        xy = line.get_xdata(orig=True), line.get_ydata(orig=True)  # not yet prepared for drawing
        self.looks.append((line.get_visible(), xy, *colours))

    def strings(self) -> dict[str, Strings]:
        _, pairs, line, face, edge = zip(*self.looks)
        x, y = (np.concatenate(values) for values in zip(*pairs))
        lengths = [len(pair[0]) for pair in pairs]
        points = self.points(x, y, lengths, self.artist.get_transform())
        found = self.seen()
        if self.has_path:
            rows = np.split(points.ravel(), 2 * np.cumsum(lengths)[:-1])
            found["d"] = grouped([(_outline(len(row) // 2), row) for row in rows])
            found |= self.colours("stroke", line)
        if self.marks and set(lengths) != {len(self.marks)}:
            raise ValueError(f"the number of markers of {self.artist} changes")
        for k in range(len(self.marks)):
            for name, column in zip("xy", points[k :: len(self.marks)].T):
                one = np.zeros(len(column), dtype=int)
                found[f"{name}{k or ''}"] = Strings(one, [(DECIMALS,)], [column[:, None]])
            found |= self.colours(f"marker fill{k or ''}", face)
            found |= self.colours(f"marker stroke{k or ''}", edge)
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
        self.start = self.places([text.xy if self.noted else text.get_position()])
        self.start_shift = text.get_position()

    def places(self, places: Sequence[Any]) -> np.ndarray:
        text = self.artist
        transform = text.axes.transData if self.noted else text.get_transform()
        x, y = zip(*places)
        return self.points(x, y, np.ones(len(x), dtype=int), transform)

    def look(self) -> None:
        text = self.artist
        words, position = text.get_text(), text.get_position()
        if "\n" in words or is_math_text(words):
            raise ValueError(f"a text that moves is one line without mathematics, not {words!r}")
        place = text.xy if self.noted else position
        style = text.get_color(), ANCHORS[text.get_horizontalalignment()]
        self.looks.append((text.get_visible(), place, position, words, *style))

    def strings(self) -> dict[str, Strings]:
        _, places, positions, words, colours, anchors = zip(*self.looks)
        points = self.places(places) - self.start
        if self.noted:  # the position is then in points, from the place
            shifts = np.subtract(positions, self.start_shift) * (1, -1)
            points += np.rint(shifts * 10**DECIMALS).astype(np.int64)
        moved = ("translate(", DECIMALS, " ", DECIMALS, ")")
        one = np.zeros(len(points), dtype=int)
        return {
            **self.seen(),
            "transform": Strings(one, [moved], [points]),
            "text": with_numbers(words),
            **self.colours("fill", colours),
            "text-anchor": plain(anchors),
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

    def strings(self) -> dict[str, Strings]:
        _, places, codes, faces, edges = zip(*self.looks)
        lengths = [len(place) for place in places]
        flat = np.concatenate(places).T
        points = self.points(*flat, lengths, Artist.get_transform(self.artist))
        points = np.split(points, np.cumsum(lengths)[:-1])
        outlines: list[list[Any]] = [[] for _ in self.pieces]
        for code, row in zip(codes, points):
            starts = np.flatnonzero(code == Path.MOVETO)[: len(self.pieces)]
            for k, (start, stop) in enumerate(itertools.pairwise([*starts, len(code)])):
                drawn = code[start:stop] != Path.CLOSEPOLY
                template = _outline_of(code[start:stop].tobytes(), code.dtype.str)
                outlines[k].append((template, row[start:stop][drawn].ravel()))
        found = self.seen()
        for k in range(len(self.pieces)):
            found[f"d{k or ''}"] = grouped(outlines[k])
            found |= self.colours(f"fill{k or ''}", faces)
            found |= self.colours(f"stroke{k or ''}", edges)
        return found


def part_of(artist: Artist, group: ElementTree.Element, height: float) -> Part:
    for kind, part in ((Line2D, LinePart), (Text, TextPart), (Patch, PatchPart)):
        if isinstance(artist, kind):
            return part(artist, group, height)
    raise TypeError(f"lines, texts and patches can move, not {artist}")


@functools.cache
def _outline(count: int) -> Template:
    return ("M", *([DECIMALS, " "] * (2 * count))[:-1])


@functools.cache
def _outline_of(codes: bytes, kind: str) -> Template:
    letters = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C"}
    template: list[str | int] = []
    before = None
    for code in np.frombuffer(codes, dtype=kind):
        if code == Path.CLOSEPOLY:
            template += ["Z"]
        else:
            template += [letters[code] if code != before else " ", DECIMALS, " ", DECIMALS]
        before = code
    return tuple(template)


@functools.lru_cache(maxsize=256)
def _colour(colour: Any) -> str:
    return "none" if colour in ("none", None) else to_hex(colour)
