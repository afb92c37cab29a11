"""A matplotlib figure that follows sliders in the browser, without asking Python again.

Every combination of control stops is drawn once, in Python, while the Explorer is made. What
the SVG then says of the moved artists is kept, the *frames*; the browser looks frames up.
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
from matplotlib.figure import Figure

from .drawing import as_html, house_style
from .frames import Part, keep, part_of, read, save_svg, set_attribute

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
    controls = traitlets.List().tag(sync=True, **widgets.widget_serialization)


class Explorer(widgets.VBox):
    """A figure whose parts move with its controls.

    figure : drawn once; it belongs to the Explorer from then on
    moving : by name, what moves: lines, single markers, rectangles, polygons, and texts of one
        line without mathematics, or lists of these. If the first is a marker, it can also be
        dragged: that sets the first slider that moves it
    draw : ``draw(**values) -> str`` moves the artists by ordinary matplotlib calls (position,
        text, colour, visibility) and returns the sentence that says what is now seen
    **controls : FloatSlider, IntSlider, SelectionSlider, Dropdown or ToggleButtons, by name

    Raises TypeError for another kind of control or artist, or a `draw` without a sentence;
    ValueError for more frames or bytes than the budget, a position that is not finite, or an
    artist that is not in the figure. A slow machine raises nothing: keep within 300 ms yourself.

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
        figure: Figure,
        moving: Mapping[str, Artist | Sequence[Artist]],
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
        return [
            Frame(self._values(at), read(self._sentence, at), self._drawn(at))
            for at in np.ndindex(self._shape)
        ]

    def _drawn(self, at: Sequence[int]) -> dict[str, Any]:
        parts = iter([{k: read(v, at) for k, v in slots.items()} for slots in self._slots])
        return {
            name: next(parts) if isinstance(found, Artist) else [next(parts) for _ in found]
            for name, found in self.moving.items()
        }

    def __repr__(self) -> str:
        values = (f"{name}={value!r}" for name, value in self._values(self._at()).items())
        return f"{type(self).__name__}({', '.join(values)})"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data = super()._repr_mimebundle_(**kwargs)
        _, metadata = self.picture._repr_mimebundle_()  # which Colab needs to show an anywidget
        sentence = self._move(self._initial)
        with house_style():  # in the SVG's font, and whatever the session's settings are by now
            still = as_html(self.figure, sentence, caption=sentence)  # for readers without widgets
        return {**data, "text/plain": repr(self), "text/html": still}, metadata

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

    def _record(self) -> tuple[bytes, str]:
        """Draw every frame; return them packed, and the SVG that they apply to."""
        self.figure.set_dpi(72)  # a pixel is then a point, the unit of matplotlib's SVG
        self.figure.draw_without_rendering()
        self.figure.set_layout_engine("none")  # what is drawn once stays where it is
        self._move(self._initial)
        artists = named(self.moving)
        root, groups = save_svg(self.figure, artists)
        height = self.figure.bbox.height
        every = list(np.ndindex(self._shape))
        scene = height, [self._values(at) for at in every]
        parts = [part_of(*pair, *scene) for pair in zip(artists.values(), groups)]
        sentences = []
        for at in every:
            sentences.append(self._move(at))
            for part in parts:
                part.look()
        self._sentence = keep(sentences, self._shape)
        self._slots = [
            {name: keep(texts, self._shape) for name, texts in part.strings().items()}
            for part in parts
        ]
        slides = [isinstance(control, SLIDERS) for control in self.controls.values()]
        frames = {
            "traits": ["value" if one else "index" for one in slides],
            "stops": [v if s else [*range(len(v))] for s, v in zip(slides, self._stops.values())],
            "sentence": self._sentence,
            "slots": self._bind(parts),
            "handle": self._handle(),
        }
        packed = zlib.compress(json.dumps(frames).encode())
        return packed, ElementTree.tostring(root, encoding="unicode")

    def _bind(self, parts: list[Part]) -> list[list[Any]]:
        """Number the SVG nodes that change, set them to the initial frame, list what changes."""
        slots: list[list[Any]] = []
        for part, texts in zip(parts, self._slots):
            for name, (node, attribute) in part.targets.items():
                varies = any(texts[name][0])
                if varies:
                    node.set("data-node", node.get("data-node", str(len(slots))))
                    slots.append([node.get("data-node"), attribute, texts[name]])
                if varies or attribute not in ("fill", "stroke"):
                    set_attribute(node, attribute, read(texts[name], self._initial))
        return slots

    def _handle(self) -> list[Any] | None:
        """Return how the first artist is dragged: axis, and its x and y in each frame."""
        texts = self._slots[0] if self._slots else {}
        if not {"x", "y"} <= texts.keys():
            return None
        (across, _), (up, _) = texts["x"], texts["y"]
        moves = zip(across if any(across) else up, self.controls.values())
        for axis, (stride, control) in enumerate(moves):
            if stride and isinstance(control, (*SLIDERS, widgets.SelectionSlider)):
                return [axis, texts["x"], texts["y"]]
        return None


def named(moving: Mapping[str, Artist | Sequence[Artist]]) -> dict[str, Artist]:
    """Return what moves, one by one: "gaps" of two artists are "gaps[0]" and "gaps[1]"."""
    artists = {}
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


def stops(values: Sequence, value: float, name: str = "") -> Any:
    """A slider with these stops."""
    return widgets.SelectionSlider(options=values, value=value, description=name)


def buttons(values: Sequence, value: float, name: str = "") -> Any:
    """A button for each value."""
    look = {
        "style": {"button_width": "3.5em"},
        "layout": {"display": "flex", "align_items": "center"},
    }
    return widgets.ToggleButtons(options=values, value=value, description=name, **look)


def _values_of(name: str, control: Any) -> list[Any]:
    """Return the values that a control can have."""
    if isinstance(control, SLIDERS):
        steps = math.floor((control.max - control.min) / control.step + 1e-9)
        stops = [round(control.min + k * control.step, 10) for k in range(steps + 1)]
        return stops if math.isclose(stops[-1], control.max) else [*stops, control.max]
    if isinstance(control, CHOICES):
        return [o[1] if isinstance(o, tuple) and len(o) == 2 else o for o in control.options]
    kinds = ", ".join(kind.__name__ for kind in SLIDERS + CHOICES)
    raise TypeError(f"control {name!r} must be one of {kinds}, not {type(control).__name__}")
