"""The pieces that pictures are drawn of: axes, lines, points, labels, and how numbers look."""

import base64
import html
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, SupportsFloat

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Annotation
from PIL import Image

from .words import say

GREY = "#5F6368"
WIDTH = 4.6  # inches: so few that its text, of 11 points, can be read on a phone
# An axis from 0 to 1.
HALVES: dict[str, Any] = {"xticks": [0, 0.5, 1], "xticklabels": ["0", "0.5", "1"]}
STYLE: dict[Any, Any] = {"font.size": 11, "axes.spines.top": False, "axes.spines.right": False}


@contextmanager
def house_style() -> Iterator[None]:
    """Draw on matplotlib's defaults and STYLE, whatever the session's style, and leave that alone.

    matplotlib looks at its settings whenever a line, a text or a tick is made, so all of a function
    that draws stands in it: write ``@house_style()`` above.
    """
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE)
        yield


class Picture:
    """A figure that displays itself in a notebook, and can also be read aloud.

    `alt` says what there is to see, with its numbers, for somebody who cannot see it. JupyterLab
    drops it from an ordinary picture output, so the figure goes out as HTML, which is made at
    once: in the style in which it was drawn.

    >>> Picture(Figure(), alt="Nothing yet.")
    Picture
    """

    def __init__(self, figure: Any, alt: str) -> None:
        if not isinstance(figure, Figure):
            kind = type(figure).__name__
            raise TypeError(say("figure must be a matplotlib Figure: received {kind}", kind=kind))
        if not isinstance(alt, str) or not alt.strip():
            rule = say("alt must say in words what there is to see: received {alt}", alt=repr(alt))
            raise ValueError(rule)
        self.figure, self.alt = figure, alt
        self._html = as_html(figure, alt)

    def __repr__(self) -> str:
        return "Picture"

    def _repr_html_(self) -> str:
        return self._html


def as_html(figure: Any, alt: str, caption: str = "") -> str:
    """Return a figure as an `<img>`; the first line says nothing, as a folded output shows it."""
    data = base64.b64encode(_png(figure)).decode("ascii")
    words = f"<figcaption>{html.escape(caption)}</figcaption>" if caption else ""
    return (
        f'<figure style="margin: auto">\n<img alt="{html.escape(alt)}" '
        f'style="width: {96 * figure.get_figwidth():.0f}px; max-width: 100%; height: auto" '
        f'src="data:image/png;base64,{data}">{words}</figure>'
    )


def _png(figure: Figure) -> bytes:
    """PNG with 64 colours (a third of the size) and without matplotlib's version in it.

    It has the figure's own background: one that a setting puts there may be as dark as the text.
    """
    drawn, small = io.BytesIO(), io.BytesIO()
    figure.savefig(
        drawn, format="png", dpi=160, transparent=False, facecolor=figure.get_facecolor()
    )
    image = Image.open(drawn).convert("RGBA")
    image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    image.quantize(64, dither=Image.Dither.NONE).save(small, format="png", optimize=True)
    return small.getvalue()


def new_axes(height: float, xlabel: str, ylabel: str, width: float = WIDTH, **limits: Any) -> Axes:
    """One set of axes on a new figure; `limits` are what `axes.set` takes, such as xlim."""
    axes = Figure(figsize=(width, height), layout="constrained").subplots()
    axes.set(xlabel=xlabel, **limits)
    name_y_axis(axes, ylabel)
    return axes


def new_pair(height: float, rows: int = 1, **shared: Any) -> tuple[Axes, Axes]:
    """Two sets of axes on one figure, side by side or (rows=2) one above the other."""
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    return tuple(figure.subplots(rows, 2 // rows, **shared))


def new_ground(xlim: tuple[float, float], ylim: tuple[float, float]) -> Axes:
    """Axes that fill a new figure and are not seen themselves; upwards, their unit is a point."""
    figure = Figure(figsize=(WIDTH, (ylim[1] - ylim[0]) / 72))
    axes = figure.add_axes((0, 0, 1, 1), xlim=xlim, ylim=ylim)
    axes.axis("off")
    return axes


def name_y_axis(axes: Axes, name: str) -> None:
    """Name the vertical axis; a letter stands upright: on its side, it is another sign."""
    axes.set_ylabel(name)
    if len(name) <= 2:
        axes.set_ylabel(name, rotation=0, ha="right", va="center", labelpad=10)


def line(axes: Axes, x=(0, 1), y=(0, 1), colour="black", style="-", **options) -> Line2D:
    """A line; one that moves needs no points yet: `place` gives it some, as `write` does a text."""
    return axes.plot(x, y, color=colour, linestyle=style, **{"linewidth": 2.2, **options})[0]


def guide(axes: Axes) -> Line2D:
    return line(axes, colour=GREY, style=":", linewidth=1.2)


def dot(axes: Axes, colour: str = "black", x=0.5, y=0.5, **options) -> Line2D:
    look = {"marker": "o", "markersize": 9, "zorder": 6, "clip_on": False, **options}
    return axes.plot([x], [y], color=colour, linestyle="none", **look)[0]


def text(axes: Axes, words="0", x=0.5, y=0.5, shift=(0, 0), colour="black", **look) -> Annotation:
    """A text, `shift` points away from its place."""
    return axes.annotate(
        words, (x, y), xytext=shift, textcoords="offset points", color=colour, **look
    )


def point(axes: Axes, x: float, y: float, words: str, shift, colour="black", **look) -> None:
    """A dot with its label."""
    dot(axes, colour, x, y, markersize=8, zorder=5)
    text(axes, words, x, y, shift, colour, **look)


def place(artist: Line2D, *points: tuple[Any, Any]) -> None:
    """Put a line, or a dot, through these points."""
    artist.set_data(*zip(*points))


def write(label: Annotation, words: str, x: float, y: float, side: int = 0, up: float = 8) -> None:
    """Write at a point; `side` puts a label to its right (1) or left (-1), `up` points above it."""
    label.xy = (x, y)
    label.set_text(words)
    if side:
        label.set(position=(10 * side, up), ha="left" if side > 0 else "right")


def decimal(value: SupportsFloat, digits: int = 3) -> str:
    """Fixed decimals with a true minus sign, never −0.000; or ∞."""
    return f"{round(float(value), digits) + 0.0:.{digits}f}".replace("-", "−").replace("inf", "∞")


def shortest(value: float) -> str:
    """Four significant digits at most, with a true minus sign; or ∞."""
    return f"{value:.4g}".replace("-", "−").replace("inf", "∞")
