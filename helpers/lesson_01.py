"""Lesson 01 · Logarithms: what its notebook shows, asks and checks, in its order."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.ticker import LogLocator

from .engine import drawing as pen
from .engine.boxes import AnswerBox, another
from .engine.checking import check
from .engine.explorer import Explorer, stops
from .language import say
from .logistic import log_loss
from .palette import OCHRE, TEAL

show = pen.Picture  # for the pictures that a learner draws
FACTORS = [0.1, 0.2, 0.5, 0.6, 0.9, 1, 2, 3, 4, 5, 8, 10]


class View(NamedTuple):
    """How a slide rule is looked at."""

    one: float  # where the 1 of the fixed scale is
    decade: float  # how long a factor of 10 is
    names: tuple[float, ...]  # written on the slide, as many in each; the ends are powers of 10
    fixed_names: tuple[float, ...]

    def at(self, x: Any) -> Any:
        return self.one + self.decade * np.log10(x)


FAR = View(0, 1, (0.1, 0.5, 1, 2, 5, 10), (0.01, 0.1, 0.5, 1, 2, 5, 10, 20, 100))
TENTHS = 0.1, 0.2, 0.4, 0.6, 0.8, 1
NEAR = View(2, 4, TENTHS, TENTHS)
LEFT, RIGHT = -3.15, 2.2  # the edges of the picture; left of the scales is room for the sum
ROWS = -49, -78, -107  # of the arrows, in points


def _comb(view: View, named: Sequence[float], side: int) -> np.ndarray:
    """A logarithmic scale, its ticks to one side, as one line."""
    low, high = (round(math.log10(value)) for value in (named[0], named[-1]))
    values = [digit * 10.0**k for k in range(low, high) for digit in range(1, 10)] + [10.0**high]
    tall = [9 if np.isclose(value, named).any() else 5 for value in values]
    ticks = np.ravel([(0, side * height, 0) for height in tall])
    return np.array([np.repeat(view.at(values), 3), ticks])


def _draw_fixed_scale(axes: Axes, view: View) -> list[Line2D | Text]:
    scale = pen.line(axes, *_comb(view, view.fixed_names, -1), linewidth=1)
    start = pen.guide(axes)
    pen.place(start, (view.one, -33), (view.one, ROWS[2]))
    names = [axes.text(view.at(v), -22, f"{v:g}", ha="center") for v in view.fixed_names]
    return [scale, start, *names]


def _put_arrow(arrow: Line2D, start: float, end: float, y: float) -> None:
    head = np.clip(end - start, -0.07, 0.07)  # a short arrow has a short head
    tip, up, down = (end, y), (end - head, y + 60 * head), (end - head, y - 60 * head)
    pen.place(arrow, (start, y), tip, up, tip, down)


@pen.house_style()
def explore_slide_rule() -> Explorer:
    """Two logarithmic scales, one slides: lengths add, numbers multiply."""
    axes = pen.new_ground((LEFT, RIGHT), (-121.4, 73))  # a unit across is a decade
    axes.add_patch(Rectangle((LEFT, -33), RIGHT - LEFT, 33, facecolor="#E9EDF1"))
    body = axes.add_patch(Rectangle((0, 0), 1, 42, color="#FBEFD5"))
    fixed = {view: _draw_fixed_scale(axes, view) for view in (FAR, NEAR)}
    combs = {view: _comb(view, view.names, 1) for view in (FAR, NEAR)}
    slides = {view: pen.line(axes, *comb, linewidth=1) for view, comb in combs.items()}
    names = [axes.text(0, 13, "1", ha="center") for _ in FAR.names]
    guides = [pen.guide(axes), pen.guide(axes)]
    colours = TEAL, OCHRE, "black"
    arrows = [pen.line(axes, colour=c, linewidth=2.6) for c in colours]
    labels = [  # one below the other, as a sum is written
        axes.text(-2.15, y, "1", va="center", ha="right", color=c) for y, c in zip(ROWS, colours)
    ]
    factor = axes.text(0, 28, "1", ha="center", color=OCHRE, fontsize=12, weight="bold")
    product = axes.text(0, 52, "1", ha="center", fontsize=14, weight="bold")
    dot, result = pen.dot(axes, TEAL, markersize=10), pen.dot(axes, markersize=7)

    def draw(u: float, v: float) -> str:
        view = NEAR if 0.5 < min(u, v) and max(u, v) <= 1 else FAR  # for 0.6 and 0.9
        shift, at, end = view.at(u) - view.one, view.at(u), view.at(u * v)
        for one, slide in slides.items():
            for artist in [*fixed[one], slide]:
                artist.set_visible(one is view)
            slide.set_xdata(combs[one][0] + shift)
        low, high = view.at([view.names[0], view.names[-1]]) + shift
        body.set(x=low - 0.2, width=high - low + 0.4)
        for name, value in zip(names, view.names):
            name.set(x=view.at(value) + shift, text=f"{value:g}")
        pen.place(dot, (at, 0))
        pen.place(result, (end, 0))
        pen.place(guides[0], (at, -33), (at, ROWS[1]))
        pen.place(guides[1], (end, -33), (end, ROWS[2]))
        ends = (view.one, at), (at, end), (view.one, end)
        written = f"log {u:g}", f"+ log {v:g}", f"= log {u * v:g}"
        for arrow, label, (tail, tip), y, text in zip(arrows, labels, ends, ROWS, written):
            _put_arrow(arrow, tail, tip, y)
            label.set_text(text)
        factor.set(text=f"{v:g}", x=end)
        product.set(text=f"{u:g} · {v:g} = {u * v:g}", x=np.clip(end, -2, 1))
        told = say(
            "The 1 stands over {u:g}, and under {v:g} stands {uv:g}: "
            "log {u:g} + log {v:g} = log {uv:g}",
            u=u, v=v, uv=u * v,
        )  # fmt: skip
        return say("Magnified, from 0.1 to 1.") + " " + told if view is NEAR else told

    moving = {
        "dot": dot, "result": result, "body": body,
        "far": fixed[FAR], "near": fixed[NEAR], "slides": list(slides.values()),
        "names": names, "guides": guides, "arrows": arrows, "labels": labels,
        "factor": factor, "product": product,
    }  # fmt: skip
    return Explorer(axes.figure, moving, draw, u=stops(FACTORS, 2), v=stops(FACTORS, 4))


@another((7,), (4, 3), (10,), (5, 3), (6,), (3, 4), (8,), (3, 5), (4,))
def ask_logarithm(power: int = 5, base: int = 2) -> AnswerBox:
    question = "What is the logarithm of 1/{x} to the base {base}?"
    x = base**power
    slips = {
        "{typed} has the wrong sign: 1/{x} is below 1, so you divide by {base}.": power,
        "{typed} is 1/{x} itself; its logarithm says how often to multiply by {base}.": 1 / x,
        "{typed} is the logarithm to the base 10.": -np.log10(x),
        "{typed} is the natural logarithm, to the base e.": -np.log(x),
    }
    hints = ["To which power must {base} be raised?", "Divide 1 by {base} until you reach 1/{x}."]
    praise = "{power} divisions by {base} lead from 1 to 1/{x}."
    return AnswerBox(question, -power, slips, hints, praise, x=x, power=power, base=base)


# With these, sums of the four decimals that are given round to the right three.
@another((2, 1), (1, 3), (3, 1), (2, 3), (4, 1), (4, 2), (2, 4), (5, 1))
def ask_log_of_product(twos: int = 1, threes: int = 2) -> AnswerBox:
    question = (
        "ln 2 = {two:.4f} and ln 3 = {three:.4f}, to four decimals. What is ln {x}, to three?"
    )
    two, three = np.log(2), np.log(3)
    x, fewer, swapped = 2**twos * 3**threes, 2**twos * 3 ** (threes - 1), 2**threes * 3**twos
    slips = {
        "{typed} comes from multiplying the logarithms; add them.": two**twos * three**threes,
        "{typed} is ln {fewer}: one factor of 3 is missing.": np.log(fewer),
        "{typed} is ln {swapped}: count the factors 2 and 3 again.": np.log(swapped),
        "{typed} is log₁₀ {x}.": np.log10(x),
        "{typed} has a logarithm to a power; add a logarithm as often as its factor comes.": (
            two**twos + three**threes
        ),
    }
    hints = ["Write {x} as a product of factors 2 and 3.", "{x} = {factors}: products become sums."]
    parts = [f"{count} ln {k}" if count > 1 else f"ln {k}" for count, k in ((twos, 2), (threes, 3))]
    return AnswerBox(
        question, np.log(x), slips, hints, "It is {parts}.",
        x=x, fewer=fewer, swapped=swapped, two=two, three=three,
        factors=" · ".join("2" * twos + "3" * threes), parts=" + ".join(parts),
    )  # fmt: skip


@pen.house_style()
def explore_halvings() -> Explorer:
    """Halve p again and again: the curve −log p goes one equal step up each time."""
    axes = pen.new_axes(2.9, "p", "−log p", xlim=(0, 1.06), ylim=(-0.12, 4.7))
    axes.set(xticks=[0, 0.25, 0.5, 1], xticklabels=["0", "0.25", "0.5", "1"])
    grid = np.geomspace(0.008, 1, 200)
    pen.line(axes, grid, -np.log(grid))
    most, step = 6, np.log(2)
    treads, risers, heights = [], [], []
    for k in range(most):
        p, height = 0.5**k, k * step
        treads.append(pen.line(axes, (p, p / 2), (height, height), pen.GREY))
        riser = {"linewidth": 4, "solid_capstyle": "butt"}
        risers.append(pen.line(axes, (p / 2, p / 2), (height, height + step), OCHRE, **riser))
        beside = 0.5 ** (k + 0.5), height + step / 2
        heights.append(pen.text(axes, f"+ {pen.decimal(step)}", *beside, (8, 2), OCHRE))
    point, label = pen.dot(axes), pen.text(axes)

    def draw(n: int) -> str:
        for k, parts in enumerate(zip(treads, risers, heights)):
            for part in parts:
                part.set_visible(k < n)
        p, height = 0.5**n, n * step
        written = f"1/{2**n}" if n else "1"
        pen.place(point, (p, height))
        side, up = (1, 8) if n else (-1, 18)
        pen.write(label, f"p = {written}: {pen.decimal(height)}", p, height, side, up)
        return say("n = {n}: p = {p}, and −log p ≈ {height:.3f}", n=n, p=written, height=height)

    moving = {
        "point": point, "label": label, "risers": risers, "treads": treads, "heights": heights
    }  # fmt: skip
    return Explorer(axes.figure, moving, draw, n=stops(range(most + 1), 1))


@another(0.3, 0.05, 0.7, 0.15, 0.95, 0.04, 0.8, 0.4)
def ask_surprise(p: float = 0.2) -> AnswerBox:
    question = "Rain had the probability {p}, and it rains. How many nats is the surprise?"
    bits = -np.log2(p)
    slips = {
        "{typed} is the logarithm; the surprise has a minus in front.": np.log(p),
        "{typed} is to the base 10; the natural logarithm is wanted.": -np.log10(p),
        "{typed} is to the base 2, in bits; nats are wanted.": bits,
        "{typed} is the surprise of the other outcome, which has {rest:g}.": -np.log(1 - p),
        "{typed} is 1/p; take its logarithm.": 1 / p,
    }
    hints = ["The surprise is −log p.", "Use the key “ln” with {p}, then change the sign."]
    praise = "About {times:.2g} times the surprise of heads, when a coin is tossed."
    return AnswerBox(question, log_loss(p, 1), slips, hints, praise, p=p, rest=1 - p, times=bits)


def check_surprise(my_surprise: Any) -> None:
    """Check my_surprise(probabilities), the surprise of independent events together."""
    slips = {
        "The minus is missing.": lambda p: np.sum(np.log(p)),
        "You multiply first, and 1100 factors vanish.": lambda p: -np.log(np.prod(p)),
        "You multiply first: 1100 factors make 0, and 0 has no logarithm.": lambda p: (
            -math.log(math.prod(p))
        ),
        "That is to the base 10.": lambda p: -np.sum(np.log10(p)),
        "That is to the base 2.": lambda p: -np.sum(np.log2(p)),
        "That is the logarithm of a sum; add the logarithms.": lambda p: -np.log(np.sum(p)),
        "That is the mean; surprises are added.": lambda p: -np.mean(np.log(p)),
    }
    inputs = [([0.5],), ([0.1, 0.5],), ([0.9, 0.6, 0.8],), ([0.5] * 1100,)]
    hint = "One surprise for each probability; add them."
    check(my_surprise, lambda p: np.sum(log_loss(p, 1)), inputs, slips, hint)


@pen.house_style()
def plot_linear_and_log(values: Sequence[float], unit: str = "") -> pen.Picture:
    """The same values, in numbered rows, on a linear axis and, below, on a logarithmic one."""
    if len(values) == 0 or min(values) <= 0:
        raise ValueError(say("values must be positive: received {values}", values=list(values)))
    linear, logarithmic = pen.new_pair(0.4 * len(values) + 1.2, rows=2)
    for axes in (linear, logarithmic):
        axes.plot(values, range(len(values)), "o", color="black", clip_on=False, zorder=5)
        axes.set_yticks(range(len(values)), [str(row) for row in range(1, len(values) + 1)])
        axes.set_xlabel(unit)
        axes.grid(axis="y", color="#DDDDDD")
    linear.set_xlim(left=0)
    logarithmic.set_xscale("log")
    logarithmic.xaxis.set_major_locator(LogLocator(numticks=99))
    alt = say(
        "{count} values from {least} to {most}, as points on two axes. On the linear axis "
        "{crowd} of them lie within a fiftieth of its length from zero; on the logarithmic axis "
        "equal factors are equally long, and all stand apart.",
        count=len(values),
        least=np.format_float_positional(min(values), trim="-"),
        most=np.format_float_positional(max(values), trim="-"),
        crowd=int(np.sum(np.asarray(values) < max(values) / 50)),
    )
    return pen.Picture(linear.figure, alt)


@another(4, 6, 8, 2, 7, 10, 9, 12)
def ask_bits_of_a_pin(digits: int = 5) -> AnswerBox:
    question = (
        "There are {pins} PINs of {digits} digits. How many bits pick one, to three decimals?"
    )
    pins = 10**digits
    slips = {
        "{typed} counts digits; a digit is worth more than three bits.": digits,
        "{typed} counts nats; for bits divide by ln 2.": np.log(pins),
        "{typed} is rounded up to whole questions.": np.ceil(np.log2(pins)),
        "{typed} comes from multiplying by ln 2; divide by it.": np.log(pins) * np.log(2),
    }
    hints = ["2 to which power is {pins}?", "One digit is log₂ 10 bits."]
    praise = "{digits} times log₂ 10."
    written = f"{pins:,}".replace(",", " ")
    return AnswerBox(question, np.log2(pins), slips, hints, praise, digits=digits, pins=written)


def check_log(my_log: Any) -> None:
    """Check my_log(x, base), the logarithm of x to any base."""
    slips = {
        "That is the natural logarithm, whatever the base.": lambda x, base: math.log(x),
        "You multiply by the logarithm of the base.": lambda x, base: math.log(x) * math.log(base),
        "That is upside down.": lambda x, base: math.log(base) / math.log(x),
        "You subtract where you should divide.": lambda x, base: math.log(x / base),
        "That is x divided by the base.": lambda x, base: x / base,
        "You divide by the base itself, not by its logarithm.": lambda x, base: math.log(x) / base,
    }
    inputs = [(8, 2), (1000, 10), (0.125, 2), (10, 2), (5, 3), (20, math.e)]
    hint = "Another base is another unit: divide by the size of the unit."
    check(my_log, lambda x, base: math.log(x) / math.log(base), inputs, slips, hint)
