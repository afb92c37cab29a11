"""A matplotlib figure that follows sliders in the browser, without asking Python again.

While the Explorer is made, Python moves the artists for every combination of the controls' stops.
What the SVG has to say of them each time is kept, the *frames*; the browser looks frames up.
"""

import json
import math
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import ipywidgets as widgets
import numpy as np
import traitlets
from anywidget import AnyWidget
from matplotlib.artist import Artist

from .drawing import as_html, house_style
from .frames import Drawn, Part, Table, drop_style, read, save_svg, tabulate

MAX_FRAMES = 2_500
MAX_BYTES = 100_000
SLIDERS = (widgets.FloatSlider, widgets.IntSlider)
CHOICES = (widgets.Dropdown, widgets.SelectionSlider, widgets.ToggleButtons)


class Frame(NamedTuple):
    """What the browser shows for one combination of control values."""

    values: dict[str, Any]
    sentence: str
    drawn: dict[str, Any]  # by the names in `moving`: SVG attributes as text, or a list of them


class MovingPicture(AnyWidget):
    """The figure and its sentence, without the controls."""

    _esm = Path(__file__).with_name("explorer.js")
    _css = Path(__file__).with_name("explorer.css")
    svg = traitlets.Unicode().tag(sync=True)
    frames = traitlets.Bytes().tag(sync=True)  # JSON, compressed by zlib
    controls: Any = traitlets.List().tag(sync=True, **widgets.widget_serialization)


class Explorer(widgets.VBox):
    """A figure whose parts move with its controls.

    figure : drawn once; it belongs to the Explorer from then on
    moving : by name, what moves: lines, single markers, rectangles, polygons, and texts of one
        line without mathematics, or lists of these. If the very first is a marker, it can also be
        dragged: that sets the first slider that moves it
    draw : ``draw(**values) -> str`` moves the artists by ordinary matplotlib calls (position,
        text, colour, visibility) and returns the sentence that says what is now seen
    **controls : FloatSlider, IntSlider, SelectionSlider, Dropdown or ToggleButtons, by name

    Raises TypeError for another kind of control or artist, or a `draw` without a sentence;
    ValueError for more frames or bytes than the budget, a position that is not finite, or an
    artist that is not in the figure. A slow machine raises nothing: keep within 300 ms yourself.

    >>> from matplotlib.figure import Figure
    >>> figure = Figure(figsize=(4, 3))
    >>> axes = figure.add_subplot(xlim=(0, 4), ylim=(0, 16))
    >>> point, = axes.plot([0], [0], "o")
    >>> def draw(x):
    ...     point.set_data([x], [x**2])
    ...     return f"{x} squared is {x**2}"
    >>> explorer = Explorer(figure, {"point": point}, draw, x=widgets.IntSlider(3, 0, 4))
    >>> explorer.sentence
    '3 squared is 9'
    >>> explorer.controls["x"].value = 4
    >>> explorer.sentence
    '4 squared is 16'
    """

    def __init__(
        self,
        figure: Any,  # a Figure: matplotlib does not promise that axes.figure is one
        moving: Mapping[str, Any],
        draw: Callable[..., str],
        **controls: Any,
    ) -> None:
        self.figure, self.moving, self.controls = figure, dict(moving), controls
        self._draw = draw
        self._stops = {name: _values_of(name, control) for name, control in controls.items()}
        self._shape = tuple(len(stops) for stops in self._stops.values())
        self._check(math.prod(self._shape), MAX_FRAMES, "frames")
        self._initial = self._at()
        frames, svg = self._record()
        self._check(len(frames) + len(svg), MAX_BYTES, "bytes")
        for name, control in controls.items():
            control.description = control.description or name
            control.style.description_width = "initial"  # a name is never cut off
        self.picture = MovingPicture(svg=svg, frames=frames, controls=list(controls.values()))
        row = widgets.HBox(list(controls.values()), layout=widgets.Layout(flex_flow="row wrap"))
        super().__init__([row, self.picture], _dom_classes=("explorer",))

    @property
    def sentence(self) -> str:
        """The sentence at the controls' present values."""
        return read(self._sentence, self._at())

    @property
    def frames(self) -> list[Frame]:
        """Every frame, as the browser reads it; the last control varies fastest."""
        return [self._frame(at) for at in np.ndindex(self._shape)]

    def _frame(self, at: Sequence[int]) -> Frame:
        def texts_of(artist: Artist) -> dict[str, str]:
            return {what: read(table, at) for what, table in self._tables[artist].items()}

        drawn = {
            name: texts_of(found) if isinstance(found, Artist) else [*map(texts_of, found)]
            for name, found in self.moving.items()
        }
        return Frame(self._values(at), read(self._sentence, at), drawn)

    def __repr__(self) -> str:
        values = (f"{name}={value!r}" for name, value in self._values(self._at()).items())
        return f"{type(self).__name__}({', '.join(values)})"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data = super()._repr_mimebundle_(**kwargs)
        bundle: Any = self.picture._repr_mimebundle_()
        _, metadata = bundle  # which Colab needs to show an anywidget
        sentence = self._move(self._initial)
        with house_style():  # in the SVG's font, and whatever the session's settings are by now
            still = as_html(self.figure, sentence, caption=sentence)  # for readers without widgets
        return {**data, "text/plain": repr(self), "text/html": still}, metadata

    def _at(self) -> tuple[int, ...]:
        """Return, for each control, the number of the stop that it is at, or is nearest to."""
        at = []
        for control, values in zip(self.controls.values(), self._stops.values()):
            if isinstance(control, SLIDERS):
                at.append(int(np.argmin(np.abs(np.subtract(values, control.value)))))
            else:
                at.append(control.index or 0)  # where nothing is chosen, the first
        return tuple(at)

    def _values(self, at: Sequence[int]) -> dict[str, Any]:
        return {name: values[k] for (name, values), k in zip(self._stops.items(), at)}

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

    def _record(self) -> tuple[bytes, str]:
        """Draw every frame; return them packed, and the SVG that they apply to."""
        self.figure.set_dpi(72)  # a pixel is then a point, the unit of matplotlib's SVG
        self.figure.draw_without_rendering()
        self.figure.set_layout_engine("none")  # what is drawn once stays where it is
        self._move(self._initial)
        every = list(np.ndindex(self._shape))
        values = [self._values(at) for at in every]
        picture = Drawn(self.figure.bbox.height, self._shape, values, every.index(self._initial))
        root, parts = save_svg(self.figure, named(self.moving), picture)
        sentences = []
        for at in every:
            sentences.append(self._move(at))
            for part in parts:
                part.look()
        self._sentence = tabulate(sentences, self._shape)
        self._tables = {part.artist: part.tables() for part in parts}
        return self._pack(self._bind(parts)), ElementTree.tostring(root, encoding="unicode")

    def _pack(self, slots: list[list[Any]]) -> bytes:
        """Return what the browser needs, beside the SVG."""
        slides = [isinstance(control, SLIDERS) for control in self.controls.values()]
        pairs = zip(slides, self._stops.values())
        frames = {
            "traits": ["value" if sliding else "index" for sliding in slides],
            "stops": [stops if sliding else list(range(len(stops))) for sliding, stops in pairs],
            "sentence": self._sentence,
            "slots": slots,
            "handle": self._handle(),
        }
        return zlib.compress(json.dumps(frames).encode())

    def _bind(self, parts: Sequence[Part]) -> list[list[Any]]:
        """Number the SVG nodes that change, set them to the initial frame, list what changes."""
        slots: list[list[Any]] = []
        for part in parts:
            for what, (node, attribute) in part.targets.items():
                table = self._tables[part.artist][what]
                varies = any(table[0])
                if varies:
                    node.set("data-node", node.get("data-node", str(len(slots))))
                    slots.append([node.get("data-node"), attribute, table])
                if attribute == "text":
                    node.text = read(table, self._initial)
                elif varies or attribute not in ("fill", "stroke"):
                    node.set(attribute, read(table, self._initial))
                    drop_style(node, attribute)
        return slots

    def _handle(self) -> list[Any] | None:
        """Return how the first artist is dragged: axis, and its x and y in each frame."""
        tables: dict[str, Table] = next(iter(self._tables.values()), {})
        if not {"x", "y"} <= tables.keys():
            return None
        across, up = tables["x"], tables["y"]
        for axis, (control, *moves) in enumerate(zip(self.controls.values(), across[0], up[0])):
            if any(moves) and isinstance(control, (*SLIDERS, widgets.SelectionSlider)):
                return [axis, across, up]
        return None


def named(moving: Mapping[str, Artist | Sequence[Artist]]) -> dict[str, Artist]:
    """Return what moves, one by one: "gaps" of two artists are "gaps[0]" and "gaps[1]"."""
    artists: dict[str, Artist] = {}
    for name, found in moving.items():
        if isinstance(found, Artist):
            artists[name] = found
        else:
            artists |= {f"{name}[{k}]": artist for k, artist in enumerate(found)}
    return artists


def slider(value: float, low: float, high: float, step: float, name: str = "") -> Any:
    """A slider with even stops; one decimal is shown."""
    look = {"readout_format": ".1f", "description": name}
    return widgets.FloatSlider(value, min=low, max=high, step=step, **look)


def stops(values: Sequence, value: Any, name: str = "") -> Any:
    """A slider with these stops."""
    return widgets.SelectionSlider(options=values, value=value, description=name)


def buttons(values: Sequence, value: Any, name: str = "") -> Any:
    """A button for each value."""
    look = {
        "style": {"button_width": "3.5em"},
        "layout": {"display": "flex", "align_items": "center"},
    }
    return widgets.ToggleButtons(options=values, value=value, description=name, **look)


def _values_of(name: str, control: Any) -> list[Any]:
    """Return the values that a control can have."""
    if isinstance(control, SLIDERS):
        steps = math.ceil((control.max - control.min) / control.step - 1e-9)
        return [round(control.min + k * control.step, 10) for k in range(steps)] + [control.max]
    if isinstance(control, CHOICES):
        return [o[1] if isinstance(o, tuple) and len(o) == 2 else o for o in control.options]
    kinds = ", ".join(kind.__name__ for kind in SLIDERS + CHOICES)
    raise TypeError(f"control {name!r} must be one of {kinds}, not {type(control).__name__}")
