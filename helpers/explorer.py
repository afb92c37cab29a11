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
from collections.abc import Callable, Iterable, Iterator, Sequence
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
from PIL import Image

MAX_FRAMES = 2_500
MAX_BYTES = 100_000
DECIMALS = 2  # of a point, 1/72 inch: finer than a screen shows

SLIDERS = (FloatSlider, IntSlider)
CHOICES = (Dropdown, ToggleButtons)

# A string that changes from frame to frame is kept as (template, numbers): the template holds
# text and, for each number, how many decimals it has.
Template = tuple[str | int, ...]
Value = tuple[Template, Sequence[int]]
Target = tuple[str, ElementTree.Element, str]  # a name for it, the node, the attribute
Read = Callable[[], Iterable[Value]]
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
        watched = [_watch(artist, group) for artist, group in zip(self.moving, groups)]
        sentences, rows = [], []
        for at in np.ndindex(self._shape):
            sentences.append(_split(self._move(at)))
            try:
                rows.append([list(read()) for _, read in watched])
            except FloatingPointError as error:
                raise ValueError(f"{error} for {self._values(at)}") from None
        self._sentence = self._columns.encode(sentences)
        self._slots = [
            {name: self._columns.encode(values) for (name, *_), values in zip(targets, zip(*row))}
            for (targets, _), row in zip(watched, zip(*rows))
        ]
        slots = self._bind([targets for targets, _ in watched])
        frames = {
            "stops": [
                stops if isinstance(control, SLIDERS) else None
                for control, stops in zip(self.controls.values(), self._stops.values())
            ],
            "columns": self._columns.kept,
            "sentence": self._sentence,
            "slots": slots,
            "handle": self._handle(watched[0][0]),
        }
        return frames, ElementTree.tostring(root, encoding="unicode")

    def _bind(self, watched: list[list[Target]]) -> list[list[Any]]:
        """Number the SVG nodes that change, set them to the initial frame, list what changes."""
        slots = []
        for targets, texts in zip(watched, self._slots):
            for name, node, attribute in targets:
                varies = self._columns.axes(texts[name])
                if varies:
                    node.set("data-node", node.get("data-node", str(len(slots))))
                    slots.append([node.get("data-node"), attribute, texts[name]])
                if varies or attribute not in ("fill", "stroke"):
                    _set(node, attribute, self._columns.read(texts[name], self._initial))
        return slots

    def _handle(self, targets: list[Target]) -> list[Any] | None:
        """Return how the first artist is dragged: axis, node, and its x and y in each frame."""
        texts = self._slots[0]
        if not {"x", "y"} <= texts.keys():
            return None
        moves = self._columns.axes(texts["x"]) | self._columns.axes(texts["y"])
        sliders = [k for k, control in enumerate(self.controls.values()) if isinstance(control, SLIDERS)]
        axis = next((k for k in sliders if k in moves), None)
        node = next(node for name, node, _ in targets if name == "x")
        return None if axis is None else [axis, node.get("data-node"), texts["x"], texts["y"]]


class _Columns:
    """Whole numbers over all frames; each column is kept once, along the controls that move it.

    A kept column is ``[strides, differences]``: the running sum of the differences, at the sum
    of each control's stop number times its stride.
    """

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape
        self.kept: list[list[list[int]]] = []
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
        differences = np.diff(grid.ravel(), prepend=0).tolist()
        key = (*strides, *differences)
        if key not in self._numbers:
            self._numbers[key] = len(self.kept)
            self.kept.append([strides, differences])
        return self._numbers[key]

    def encode(self, values: Sequence[Value]) -> Encoded:
        """Encode one string per frame."""
        templates = list(dict.fromkeys(template for template, _ in values))
        which = np.array([templates.index(template) for template, _ in values])
        texts = []
        for number, template in enumerate(templates):
            here = which == number
            table = np.array([numbers for (t, numbers), h in zip(values, here) if h], dtype=np.int64)
            texts.append(self._fill(template, table.reshape(len(table), -1), here))
        return [None if len(templates) == 1 else self.add(which), texts]

    def _fill(self, template: Template, table: np.ndarray, here: np.ndarray) -> list[Any]:
        """Replace each number of a template by its column, or by itself where it is constant."""
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
        return sum(differences[: 1 + sum(k * stride for k, stride in zip(at, strides))])


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


def _split(text: str) -> Value:
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
        parent.tail = None
    width = round(figure.get_figwidth() * 96)
    del root.attrib["width"], root.attrib["height"]
    root.set("style", f"display: block; width: 100%; max-width: {width}px; background: white")
    root.set("stroke-linejoin", "round")
    root.set("stroke-linecap", "butt")
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


def _watch(artist: Artist, group: ElementTree.Element) -> tuple[list[Target], Read]:
    """Return what can change of an artist, and a function that reads the present values."""
    for kind, watch in ((Line2D, _watch_line), (Text, _watch_text), (Patch, _watch_patch)):
        if isinstance(artist, kind):
            targets, read = watch(artist, group)
            shown = {True: (("visible",), ()), False: (("hidden",), ())}
            targets = [("visibility", group, "visibility"), *targets]
            return targets, lambda: [shown[artist.get_visible()], *read()]
    raise TypeError(f"lines, texts and patches can move, not {artist}")


def _watch_line(line: Line2D, group: ElementTree.Element) -> tuple[list[Target], Read]:
    path, marks = group.find("path"), group.findall("g/use")
    if line.get_marker() not in ("None", "", " ", None) and len(marks) != len(line.get_xdata()):
        raise ValueError(f"a marker of {line} is outside the figure at the initial values")
    targets: list[Target] = []
    if path is not None:
        targets += [("d", path, "d"), ("stroke", path, "stroke")]
    for k, mark in enumerate(marks):
        names = ("x", "y", "fill", "stroke")
        targets += [(f"{name}{k or ''}" if k or name in "xy" else f"marker {name}", mark, name) for name in names]

    def read() -> Iterator[Value]:
        points = _points(line, line.get_xydata())
        if path is not None:
            yield _outline(None, points)
            yield _colour(line.get_color())
        if marks and len(points) != len(marks):
            raise ValueError(f"the number of markers of {line} must not change")
        for point in points if marks else ():
            yield from (((DECIMALS,), point[:1]), ((DECIMALS,), point[1:]))
            yield _colour(line.get_markerfacecolor())
            yield _colour(line.get_markeredgecolor())

    return targets, read


def _watch_text(text: Text, group: ElementTree.Element) -> tuple[list[Target], Read]:
    node = group.find("text")
    if node is None or getattr(text, "arrow_patch", None):
        raise TypeError(f"a text that moves has no mathematics and no arrow: {text}")

    def place() -> np.ndarray:
        if isinstance(text, Annotation):
            text.update_positions(None)
        return _points(text, [text.get_unitless_position()])[0]

    start = place()

    def read() -> Iterator[Value]:
        words = text.get_text()
        if "\n" in words or is_math_text(words):
            raise ValueError(f"a text that moves is one line without mathematics, not {words!r}")
        yield ("translate(", DECIMALS, " ", DECIMALS, ")"), place() - start
        yield _split(words)
        yield _colour(text.get_color())

    return [("transform", group, "transform"), ("text", node, "text"), ("fill", node, "fill")], read


def _watch_patch(patch: Patch, group: ElementTree.Element) -> tuple[list[Target], Read]:
    pieces = group.findall("path")  # the shaft and the head of an arrow are two
    targets: list[Target] = []
    for k, piece in enumerate(pieces):
        targets += [(f"{name}{k or ''}", piece, name) for name in ("d", "fill", "stroke")]

    def read() -> Iterator[Value]:
        path = patch.get_path()
        points = _points(patch, path.vertices)
        codes = np.full(len(points), Outline.LINETO) if path.codes is None else path.codes.copy()
        codes[0] = Outline.MOVETO
        starts = [*np.flatnonzero(codes == Outline.MOVETO), len(codes)]
        starts = [*starts[: len(pieces)], len(codes)]
        for start, stop in itertools.pairwise(starts):
            yield _outline(codes[start:stop], points[start:stop])
            yield _colour(patch.get_facecolor())
            yield _colour(patch.get_edgecolor())

    return targets, read


def _points(artist: Artist, places: Any) -> np.ndarray:
    """Return an artist's points as the SVG has them: whole hundredths of a point, y downwards."""
    points = artist.get_transform().transform(np.asarray(places, dtype=float))
    if not np.isfinite(points).all():
        raise FloatingPointError(f"a position is not finite: {artist}")
    points[:, 1] = artist.get_figure(root=True).bbox.height - points[:, 1]
    return np.rint(points * 10**DECIMALS).astype(np.int64)


def _outline(codes: np.ndarray | None, points: np.ndarray) -> Value:
    if codes is None:
        return _line_template(len(points)), points.ravel()
    drawn = codes != Outline.CLOSEPOLY
    return _path_template(codes.tobytes(), codes.dtype.str), points[drawn].ravel()


@functools.cache
def _line_template(count: int) -> Template:
    return ("M", *[DECIMALS, " "] * (2 * count))


@functools.cache
def _path_template(codes: bytes, kind: str) -> Template:
    letters = {1: "M", 2: "L", 3: "Q", 4: "C"}
    template: list[str | int] = []
    before = None
    for code in np.frombuffer(codes, dtype=kind):
        if code == Outline.CLOSEPOLY:
            template += ["Z"]
        else:
            template += [letters[code] if code != before else " ", DECIMALS, " ", DECIMALS]
        before = code
    return tuple(template)


def _colour(colour: Any) -> Value:
    return ("none" if colour in ("none", None) else to_hex(colour),), ()
