"""A matplotlib figure that follows sliders in the browser, without asking Python again.

Every combination of control stops is drawn once, in Python, while the Explorer is made. What
the moved artists then look like is kept as numbers, the *frames*; the browser looks frames up.
"""

from __future__ import annotations

import base64
import functools
import html
import io
import itertools
import json
import math
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import matplotlib
import numpy as np
import traitlets
from anywidget import AnyWidget
from ipywidgets import Dropdown, FloatSlider, HBox, IntSlider, Layout, ToggleButtons, VBox
from ipywidgets import widget_serialization
from matplotlib.artist import Artist
from matplotlib.cbook import is_math_text
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.path import Path as Outline
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Transform
from PIL import Image

MAX_FRAMES = 2_500
MAX_BYTES = 100_000
DECIMALS = 1  # of a point, 1/72 inch: finer than a screen shows

SLIDERS = (FloatSlider, IntSlider)
CHOICES = (Dropdown, ToggleButtons)

ANCHORS = {"left": "start", "center": "middle", "right": "end"}

# A string that changes from frame to frame is kept as a template and numbers: the template holds
# text and, for each number, how many decimals it has.
Template = tuple[str | int, ...]
# As sent: [column that says which template, or None; templates of text and [decimals, column]].
Encoded = list[Any]


class Frame(NamedTuple):
    """What the browser shows for one combination of control values.

    `drawn` has one dictionary of SVG attributes, as text, for each artist in `moving`.
    """

    values: dict[str, Any]
    sentence: str
    drawn: list[dict[str, str]]


class Picture(AnyWidget):
    """The figure and its sentence, without the controls."""

    _esm = Path(__file__).with_name("explorer.js")
    svg = traitlets.Unicode().tag(sync=True)
    frames = traitlets.Dict().tag(sync=True)
    controls = traitlets.List().tag(sync=True, **widget_serialization)


class Explorer(VBox):
    """A figure whose parts move with its controls.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Drawn once. It belongs to the Explorer from then on.
    moving : sequence of artists
        The parts that move: lines, patches, and texts of one line without mathematics. If the
        first is a line that is a single marker, it can also be dragged: that sets the first
        slider that moves it.
    draw : callable
        ``draw(**values) -> str`` moves the artists by ordinary matplotlib calls (position,
        text, colour, visibility) and returns the sentence that says what is now seen.
    **controls : FloatSlider, IntSlider, Dropdown or ToggleButtons
        By name. A control without a description is described by its name.

    Raises
    ------
    TypeError
        A control or artist of another kind, or a `draw` that returns no sentence.
    ValueError
        More frames or bytes than the budget, naming the control to coarsen; a position that is
        not finite; an artist that is not in the figure.

    Examples
    --------
    >>> figure = Figure(figsize=(4, 3))
    >>> axes = figure.add_subplot(xlim=(0, 4), ylim=(0, 16))
    >>> point, = axes.plot([0], [0], "o")
    >>> def draw(x):
    ...     point.set_data([x], [x**2])
    ...     return f"{x} squared is {x**2}"
    >>> explorer = Explorer(figure, [point], draw, x=IntSlider(3, 0, 4))
    >>> explorer.sentence
    '3 squared is 9'
    >>> explorer.controls["x"].value = 4
    >>> explorer.sentence
    '4 squared is 16'
    """

    def __init__(
        self, figure: Figure, moving: Sequence[Artist], draw: Callable[..., str], **controls: Any
    ) -> None:
        self.figure, self.moving, self.controls = figure, list(moving), controls
        self._draw = draw
        self._stops = {name: _stops(name, control) for name, control in controls.items()}
        self._shape = tuple(len(stops) for stops in self._stops.values())
        self._check(math.prod(self._shape), MAX_FRAMES, "frames")
        self._initial = self._at()
        self._columns = _Columns(self._shape)
        frames, svg = self._record()
        self._check(len(json.dumps([frames, svg])), MAX_BYTES, "bytes")
        for name, control in controls.items():
            control.description = control.description or name
        self.picture = Picture(svg=svg, frames=frames, controls=list(controls.values()))
        row = HBox(list(controls.values()), layout=Layout(flex_flow="row wrap"))
        super().__init__([row, self.picture], _dom_classes=("explorer",))

    @property
    def sentence(self) -> str:
        """The sentence at the controls' present values."""
        return self._columns.read(self._sentence, self._at())

    @property
    def frames(self) -> list[Frame]:
        """Every frame, decoded from what the browser is sent; the last control varies fastest."""
        return [
            Frame(
                self._values(at),
                self._columns.read(self._sentence, at),
                [
                    {name: self._columns.read(text, at) for name, text in slots.items()}
                    for slots in self._slots
                ],
            )
            for at in np.ndindex(self._shape)
        ]

    def __repr__(self) -> str:
        values = (f"{name}={value!r}" for name, value in self._values(self._at()).items())
        return f"{type(self).__name__}({', '.join(values)})"

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        bundle = super()._repr_mimebundle_(**kwargs)
        return {**bundle, "text/plain": repr(self), "text/html": self._fallback()}

    def _fallback(self) -> str:
        """Return the picture at the initial values, for readers who see no widgets."""
        sentence = html.escape(self._move(self._initial))
        png, small = io.BytesIO(), io.BytesIO()
        self.figure.savefig(png, format="png", dpi=120, metadata={"Software": None})
        Image.open(png).convert("RGB").quantize(64).save(small, "png", optimize=True)
        data = base64.b64encode(small.getvalue()).decode()
        return (
            f'<figure style="margin:0"><img alt="{sentence}" style="max-width:100%" '
            f'src="data:image/png;base64,{data}"><figcaption>{sentence}</figcaption></figure>'
        )

    def _at(self) -> tuple[int, ...]:
        """Return, for each control, the number of the stop nearest to its present value."""
        return tuple(
            min(range(len(stops)), key=lambda k: abs(stops[k] - control.value))
            if isinstance(control, SLIDERS)
            else control.index or 0
            for control, stops in zip(self.controls.values(), self._stops.values())
        )

    def _values(self, at: Sequence[int]) -> dict[str, Any]:
        return {name: stops[k] for (name, stops), k in zip(self._stops.items(), at)}

    def _check(self, count: int, most: int, unit: str) -> None:
        if count > most:
            name = max(self._stops, key=lambda name: len(self._stops[name]))
            raise ValueError(
                f"an Explorer has at most {most} {unit}, not {count}: "
                f"coarsen {name!r}, which has {len(self._stops[name])} stops"
            )

    def _move(self, at: Sequence[int]) -> str:
        values = self._values(at)
        sentence = self._draw(**values)
        if not isinstance(sentence, str) or not sentence.strip():
            raise TypeError(f"draw must return a sentence, not {sentence!r} for {values}")
        return sentence

    def _record(self) -> tuple[dict[str, Any], str]:
        """Draw every frame; return them encoded, and the SVG that they apply to."""
        self.figure.set_dpi(72)  # a pixel is then a point, the unit of matplotlib's SVG
        self.figure.draw_without_rendering()
        self.figure.set_layout_engine("none")  # what is drawn once stays where it is
        self._move(self._initial)
        root, groups = _save(self.figure, self.moving)
        parts = [_part(artist, group) for artist, group in zip(self.moving, groups)]
        sentences = []
        for at in np.ndindex(self._shape):
            sentences.append(self._move(at))
            for part in parts:
                part.look()
        self._sentence = self._columns.encode(_texts(sentences))
        try:
            self._slots = [
                {name: self._columns.encode(strings) for name, strings in part.strings().items()}
                for part in parts
            ]
        except _NotFinite as error:
            values = self._values(np.unravel_index(error.frame, self._shape))
            raise ValueError(f"{error} has a position that is not finite for {values}") from None
        frames = {
            "stops": [
                stops if isinstance(control, SLIDERS) else None
                for control, stops in zip(self.controls.values(), self._stops.values())
            ],
            "sentence": self._sentence,
            "slots": self._bind(parts),
            "handle": self._handle(parts[0]) if parts else None,
            "columns": self._columns.kept,
        }
        return frames, ElementTree.tostring(root, encoding="unicode")

    def _bind(self, parts: list[_Part]) -> list[list[Any]]:
        """Number the SVG nodes that change, set them to the initial frame, list what changes."""
        slots: list[list[Any]] = []
        for part, texts in zip(parts, self._slots):
            for name, (node, attribute) in part.targets.items():
                varies = self._columns.axes(texts[name])
                if varies:
                    node.set("data-node", node.get("data-node", str(len(slots))))
                    slots.append([node.get("data-node"), attribute, texts[name]])
                if varies or attribute not in ("fill", "stroke"):
                    _set(node, attribute, self._columns.read(texts[name], self._initial))
        return slots

    def _handle(self, part: _Part) -> list[Any] | None:
        """Return how the first artist is dragged: axis, and its x and y in each frame."""
        texts = self._slots[0]
        if not {"x", "y"} <= texts.keys():
            return None
        moves = self._columns.axes(texts["x"]) | self._columns.axes(texts["y"])
        for axis, control in enumerate(self.controls.values()):
            if axis in moves and isinstance(control, SLIDERS):
                return [axis, texts["x"], texts["y"]]
        return None


class _Columns:
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

    def encode(self, strings: _Strings) -> Encoded:
        """Encode one string per frame."""
        which, templates, tables = strings
        texts = [
            self._fill(template, table, which == number)
            for number, (template, table) in enumerate(zip(templates, tables))
        ]
        return [None if len(templates) == 1 else self.add(which), texts]

    def _fill(self, template: Template, table: np.ndarray, here: np.ndarray) -> list[Any]:
        """Replace each number of a template by its column, or by itself if it is constant."""
        parts: list[Any] = [""]
        columns = iter(table.T)
        for part in template:
            if not isinstance(part, str):
                column = next(columns)
                if (column != column[0]).any():
                    whole = np.zeros(here.shape, dtype=np.int64)
                    whole[here] = column
                    parts += [[part, self.add(whole)], ""]
                    continue
                part = f"{column[0] / 10**part:.{part}f}"
            parts[-1] += part
        return [part for part in parts if part]

    def read(self, text: Encoded, at: Sequence[int]) -> str:
        """Return the string that was encoded, at one combination of stops: what JavaScript does."""
        which, templates = text
        parts = templates[0 if which is None else self._number(which, at)]
        return "".join(
            part if isinstance(part, str) else f"{self._number(part[1], at) / 10 ** part[0]:.{part[0]}f}"
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
        place = sum(k * stride for k, stride in zip(at, strides))
        return sum(map(int, differences.split(" ", place + 1)[: place + 1]))


def _stops(name: str, control: Any) -> list[Any]:
    """Return the values that a control can have."""
    if isinstance(control, SLIDERS):
        steps = math.floor((control.max - control.min) / control.step + 1e-9)
        stops = [round(control.min + k * control.step, 10) for k in range(steps + 1)]
        return stops if math.isclose(stops[-1], control.max) else [*stops, control.max]
    if isinstance(control, CHOICES):
        return [o[1] if isinstance(o, tuple) and len(o) == 2 else o for o in control.options]
    kinds = ", ".join(kind.__name__ for kind in SLIDERS + CHOICES)
    raise TypeError(f"control {name!r} must be one of {kinds}, not {type(control).__name__}")


class _Strings(NamedTuple):
    """One string per frame: which template, and a table of numbers for each template."""

    which: np.ndarray
    templates: list[Template]
    tables: list[np.ndarray]


def _strings(values: Sequence[tuple[Template, Sequence[int]]]) -> _Strings:
    rows: dict[Template, list[Sequence[int]]] = {}
    for template, numbers in values:
        rows.setdefault(template, []).append(numbers)
    order = {template: k for k, template in enumerate(rows)}
    which = np.array([order[template] for template, _ in values])
    tables = [np.array(table, dtype=np.int64).reshape(len(table), -1) for table in rows.values()]
    return _Strings(which, list(rows), tables)


def _plain(words: Sequence[str]) -> _Strings:
    return _strings([((word,), ()) for word in words])


def _texts(texts: Sequence[str]) -> _Strings:
    return _strings([_split(text) for text in texts])


def _split(text: str) -> tuple[Template, list[int]]:
    """Return a string as a template and the numbers in it."""
    parts = re.split(r"(\d+(?:\.\d+)?)", text)
    template: list[str | int] = list(parts)
    numbers = []
    for k in range(1, len(parts), 2):
        decimals = len(parts[k].partition(".")[2])
        number = int(parts[k].replace(".", ""))
        if parts[k] == f"{number / 10**decimals:.{decimals}f}":  # not so for 007
            template[k] = decimals
            numbers.append(number)
    return tuple(template), numbers


def _save(
    figure: Figure, moving: Sequence[Artist]
) -> tuple[ElementTree.Element, list[ElementTree.Element]]:
    """Return the figure as SVG, with everything in `moving` in it, and the group of each."""
    before = [(artist.get_visible(), isinstance(artist, Text) and artist.get_text()) for artist in moving]
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
            parent.set(name, re.sub(r"\d+\.\d{3,}", lambda m: f"{float(m[0]):.2f}", parent.get(name)))
        if parent.tag == "text":  # said once, on the whole picture
            style = parent.get("style", "")
            parent.set("style", re.sub(r"font-family: [^;]*(; )?", "", style))
        parent.text, parent.tail = parent.text and parent.text.strip(), None
    width = round(figure.get_figwidth() * 96)
    del root.attrib["width"], root.attrib["height"]
    root.set("style", f"display: block; width: 100%; max-width: {width}px; background: white")
    root.set("stroke-linejoin", "round")
    root.set("stroke-linecap", "butt")
    root.set("font-family", "DejaVu Sans, Verdana, Arial, sans-serif")
    root.set("role", "img")
    groups = {node.get("id"): node for node in root.iter("g")}
    for k, artist in enumerate(moving):
        if f"moving{k}" not in groups:
            raise ValueError(f"moving[{k}] is not in the figure: {artist}")
    return root, [groups[f"moving{k}"] for k in range(len(moving))]


def _set(node: ElementTree.Element, attribute: str, value: str) -> None:
    if attribute == "text":
        node.text = value
        return
    node.set(attribute, value)
    style = re.sub(rf"(^|; ){attribute}: [^;]*", "", node.get("style", ""))
    if style:
        node.set("style", style)  # a style would win over the attribute


class _NotFinite(ValueError):
    def __init__(self, artist: Artist, frame: int) -> None:
        super().__init__(str(artist))
        self.frame = frame


class _Part:
    """An artist that moves: what can change of it in the SVG, and what it was in each frame.

    `look` is called once a frame and must be quick; positions are worked out for all frames
    together, by `strings`.
    """

    def __init__(self, artist: Any, group: ElementTree.Element) -> None:
        self.artist = artist
        self.height = artist.get_figure(root=True).bbox.height
        self.targets: dict[str, tuple[ElementTree.Element, str]] = {
            "visibility": (group, "visibility")
        }
        self.looks: list[tuple[Any, ...]] = []

    def points(self, places: Sequence[np.ndarray], transform: Transform) -> np.ndarray:
        """Return places as the SVG has them: in whole steps, y downwards."""
        flat = np.concatenate(places)
        points = transform.transform(flat.astype(float))
        bad = ~np.isfinite(points).all(axis=1)
        if bad.any():
            ends = np.cumsum([len(place) for place in places])
            raise _NotFinite(self.artist, int(np.searchsorted(ends, bad.argmax(), side="right")))
        points[:, 1] = self.height - points[:, 1]
        return np.rint(points * 10**DECIMALS).astype(np.int64)

    def seen(self) -> dict[str, _Strings]:
        shown = ["visible" if look[0] else "hidden" for look in self.looks]
        return {"visibility": _plain(shown)}

    def colours(self, name: str, colours: Iterable[Any]) -> dict[str, _Strings]:
        return {name: _plain([_colour(colour) for colour in colours])}


class _LinePart(_Part):
    def __init__(self, line: Line2D, group: ElementTree.Element) -> None:
        super().__init__(line, group)
        path, self.marks = group.find("path"), group.findall("g/use")
        self.has_path = path is not None
        if line.get_marker() not in ("None", "none", "", " ", None):
            if len(self.marks) != len(line.get_xdata()):
                raise ValueError(f"a marker of {line} is not in the picture at the initial values")
        if path is not None:
            self.targets |= {"d": (path, "d"), "stroke": (path, "stroke")}
        for k, mark in enumerate(self.marks):
            for name in ("x", "y", "marker fill", "marker stroke"):
                self.targets[f"{name}{k or ''}"] = (mark, name.removeprefix("marker "))

    def look(self) -> None:
        line = self.artist
        colours = line.get_color(), line.get_markerfacecolor(), line.get_markeredgecolor()
        self.looks.append((line.get_visible(), line.get_xydata(), *colours))

    def strings(self) -> dict[str, _Strings]:
        _, places, line, face, edge = zip(*self.looks)
        points = self.points(places, self.artist.get_transform())
        found = self.seen()
        if self.has_path:
            ends = np.cumsum([2 * len(place) for place in places])[:-1]
            rows = np.split(points.ravel(), ends)
            found["d"] = _strings([(_outline(len(row) // 2), row) for row in rows])
            found |= self.colours("stroke", line)
        if self.marks and any(len(place) != len(self.marks) for place in places):
            raise ValueError(f"the number of markers of {self.artist} changes")
        for k in range(len(self.marks)):
            for name, column in zip("xy", points[k :: len(self.marks)].T):
                one = np.zeros(len(column), dtype=int)
                found[f"{name}{k or ''}"] = _Strings(one, [(DECIMALS,)], [column[:, None]])
            found |= self.colours(f"marker fill{k or ''}", face)
            found |= self.colours(f"marker stroke{k or ''}", edge)
        return found


class _TextPart(_Part):
    def __init__(self, text: Text, group: ElementTree.Element) -> None:
        super().__init__(text, group)
        self.noted = isinstance(text, Annotation)
        node = group.find("text")
        if node is None:
            raise ValueError(f"a text that moves must be without mathematics, not {text}")
        if self.noted and (
            text.arrow_patch or (text.xycoords, text.anncoords) != ("data", "offset points")
        ):
            raise TypeError(f"a note that moves is without arrow, in offset points from data: {text}")
        self.targets |= {"transform": (group, "transform")}
        self.targets |= {name: (node, name) for name in ("text", "fill", "text-anchor")}
        self.look()  # the initial values, from which the SVG's place is counted

    def look(self) -> None:
        text = self.artist
        words, shift = text.get_text(), text.get_position()
        if "\n" in words or is_math_text(words):
            raise ValueError(f"a text that moves is one line without mathematics, not {words!r}")
        place, shift = (text.xy, shift) if self.noted else (shift, (0, 0))
        style = text.get_color(), ANCHORS[text.get_horizontalalignment()]
        self.looks.append((text.get_visible(), place, shift, words, *style))

    def strings(self) -> dict[str, _Strings]:
        text = self.artist
        transform = text.axes.transData if self.noted else text.get_transform()
        _, places, shifts, words, colours, anchors = zip(*self.looks)
        points = self.points([np.array([place]) for place in places], transform)
        points += np.rint(np.array(shifts) * (1, -1) * 10**DECIMALS).astype(np.int64)
        self.looks.pop(0)
        moved = ("translate(", DECIMALS, " ", DECIMALS, ")")
        one = np.zeros(len(self.looks), dtype=int)
        return {
            **self.seen(),
            "transform": _Strings(one, [moved], [points[1:] - points[0]]),
            "text": _texts(words[1:]),
            **self.colours("fill", colours[1:]),
            "text-anchor": _plain(anchors[1:]),
        }


class _PatchPart(_Part):
    def __init__(self, patch: Patch, group: ElementTree.Element) -> None:
        super().__init__(patch, group)
        self.pieces = group.findall("path")  # an arrow's shaft and head are two
        for k, piece in enumerate(self.pieces):
            for name in ("d", "fill", "stroke"):
                self.targets[f"{name}{k or ''}"] = (piece, name)

    def look(self) -> None:
        patch = self.artist
        path = patch.get_path()
        vertices = patch.get_patch_transform().transform(path.vertices)
        codes = np.full(len(vertices), Outline.LINETO) if path.codes is None else path.codes.copy()
        codes[0] = Outline.MOVETO
        colours = patch.get_facecolor(), patch.get_edgecolor()
        self.looks.append((patch.get_visible(), vertices, codes, *colours))

    def strings(self) -> dict[str, _Strings]:
        _, places, codes, faces, edges = zip(*self.looks)
        points = self.points(places, Artist.get_transform(self.artist))
        points = np.split(points, np.cumsum([len(place) for place in places])[:-1])
        outlines: list[list[Any]] = [[] for _ in self.pieces]
        for code, row in zip(codes, points):
            starts = np.flatnonzero(code == Outline.MOVETO)[: len(self.pieces)]
            for k, (start, stop) in enumerate(itertools.pairwise([*starts, len(code)])):
                drawn = code[start:stop] != Outline.CLOSEPOLY
                template = _outline_of(code[start:stop].tobytes(), code.dtype.str)
                outlines[k].append((template, row[start:stop][drawn].ravel()))
        found = self.seen()
        for k in range(len(self.pieces)):
            found[f"d{k or ''}"] = _strings(outlines[k])
            found |= self.colours(f"fill{k or ''}", faces)
            found |= self.colours(f"stroke{k or ''}", edges)
        return found


def _part(artist: Artist, group: ElementTree.Element) -> _Part:
    for kind, part in ((Line2D, _LinePart), (Text, _TextPart), (Patch, _PatchPart)):
        if isinstance(artist, kind):
            return part(artist, group)
    raise TypeError(f"lines, texts and patches can move, not {artist}")


@functools.cache
def _outline(count: int) -> Template:
    return ("M", *([DECIMALS, " "] * (2 * count))[:-1])


@functools.cache
def _outline_of(codes: bytes, kind: str) -> Template:
    letters = {Outline.MOVETO: "M", Outline.LINETO: "L", Outline.CURVE3: "Q", Outline.CURVE4: "C"}
    template: list[str | int] = []
    before = None
    for code in np.frombuffer(codes, dtype=kind):
        if code == Outline.CLOSEPOLY:
            template += ["Z"]
        else:
            template += [letters[code] if code != before else " ", DECIMALS, " ", DECIMALS]
        before = code
    return tuple(template)


@functools.lru_cache(maxsize=256)
def _colour(colour: Any) -> str:
    return "none" if colour in ("none", None) else to_hex(colour)
