"""Lesson 01 · Logarithms: what its notebook shows, asks and checks, in its order."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.ticker import LogLocator

from .engine.boxes import AnswerBox
from .engine.checking import check
from .engine.drawing import (
    NARROW,
    Picture,
    draw_dot,
    draw_guide,
    draw_line,
    house_style,
    new_pair,
    place,
    show as show,  # for the pictures that a learner draws
)
from .engine.explorer import Explorer, stops
from .language import say
from .logistic import log_loss
from .palette import OCHRE, TEAL


def ask_log2() -> AnswerBox:
    question = "What is the logarithm of 1/32 to the base 2?"
    slips = {
        "{typed} has the wrong sign: 1/32 is below 1, so you divide by 2.": np.log2(32),
        "{typed} is 1/32 itself; its logarithm says how often to multiply by 2.": 1 / 32,
        "{typed} is the logarithm to the base 10.": np.log10(1 / 32),
        "{typed} is the natural logarithm, to the base e.": np.log(1 / 32),
    }
    hints = ["To which power must 2 be raised?", "Divide 1 by 2 until you reach 1/32."]
    praise = "Five divisions by 2 lead from 1 to 1/32."
    return AnswerBox(question, np.log2(1 / 32), slips, hints, praise)


STOCK = [0.01, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 100]


SLIDE = [0.1, 0.2, 0.5, 1, 2, 5, 10]


FACTORS = [0.1, 0.2, 0.5, 0.6, 0.9, 1, 2, 3, 4, 5, 8, 10]


def _comb(low: int, high: int, named: list[float], side: int) -> tuple[np.ndarray, np.ndarray]:
    """A logarithmic scale from 10^low to 10^high, its ticks to one side, as one line."""
    values = [digit * 10.0**k for k in range(low, high) for digit in range(1, 10)] + [10.0**high]
    tall = [9 if np.isclose(value, named).any() else 5 for value in values]
    return np.repeat(np.log10(values), 3), side * np.ravel([(0, height, 0) for height in tall])


def _put_arrow(arrow: Line2D, label: Text, u: float, ends: tuple, y: float, taken: list) -> None:
    """An arrow of length log u; its name right of it, or left where that is taken or too narrow."""
    (start, end), text = ends, f"log {u:g}"
    head = np.clip(end - start, -0.07, 0.07)  # a short arrow has a short head
    tip, up, down = (end, y), (end - head, y + 60 * head), (end - head, y - 60 * head)
    place(arrow, (start, y), tip, up, tip, down)
    left, right, room = min(ends) - 0.08, max(ends) + 0.08, 0.01 + 0.08 * len(text)
    free = right + room < 2.2 and not any(right - 0.07 < x < right + room for x in taken)
    label.set(text=text, x=right if free else left, y=y, ha="left" if free else "right")


def _slide_rule() -> Axes:
    """The fixed lower scale, in decades from left to right and points from top to bottom."""
    axes = Figure(figsize=(NARROW, 3.2)).add_axes((0, 0, 1, 1), xlim=(-2.2, 2.2), ylim=(-138, 92.4))
    axes.axis("off")
    axes.add_patch(Rectangle((-2.2, -36), 4.4, 36, facecolor="#E9EDF1"))
    draw_line(axes, *_comb(-2, 2, STOCK, -1), linewidth=1)
    place(draw_guide(axes), (0, -36), (0, -122))
    for value in STOCK:
        axes.text(np.log10(value), -24, f"{value:g}", ha="center", fontsize=11)
    return axes


@house_style()
def explore_slide_rule() -> Explorer:
    """Two logarithmic scales, one slides: lengths add, numbers multiply."""
    axes = _slide_rule()
    body = axes.add_patch(Rectangle((-1.2, 0), 2.4, 46, color="#FBEFD5"))
    comb, rise = _comb(-1, 1, SLIDE, 1)
    scale = draw_line(axes, comb, rise, linewidth=1)
    names = [axes.text(0, 14, f"{value:g}", ha="center", fontsize=11) for value in SLIDE]
    guides = [draw_guide(axes), draw_guide(axes)]
    colours = TEAL, OCHRE, "black"
    arrows = [draw_line(axes, colour=c, linewidth=2.6, solid_joinstyle="round") for c in colours]
    labels = [axes.text(0, 0, "1", va="center", color=c, fontsize=12) for c in colours]
    factor = axes.text(0, 30, "1", ha="center", color=OCHRE, fontsize=12, weight="bold")
    product = axes.text(0, 62, "1", ha="center", fontsize=14, weight="bold")
    dot, result = draw_dot(axes, TEAL, markersize=10), draw_dot(axes, markersize=7)

    def draw(u: float, v: float) -> str:
        at, end = np.log10(u), np.log10(u * v)
        place(dot, (at, 0))
        place(result, (end, 0))
        body.set_x(at - 1.2)
        scale.set_xdata(comb + at)
        for name, value in zip(names, SLIDE):
            name.set_x(np.log10(value) + at)
        factor.set(text=f"{v:g}", x=end)
        place(guides[0], (at, -36), (at, -90))
        place(guides[1], (end, -36), (end, -122))
        _put_arrow(arrows[0], labels[0], u, (0, at), -58, [end])
        _put_arrow(arrows[1], labels[1], v, (at, end), -90, [0])
        _put_arrow(arrows[2], labels[2], u * v, (0, end), -122, [])
        product.set(text=f"{u:g} · {v:g} = {u * v:g}", x=np.clip(end, -1.25, 1.25))
        return say(
            "The 1 stands over {u:g}, and under {v:g} stands {uv:g}: "
            "log {u:g} + log {v:g} = log {uv:g}",
            u=u, v=v, uv=u * v,
        )  # fmt: skip

    moving = {
        "dot": dot, "result": result, "body": body, "scale": scale, "names": names,
        "guides": guides, "arrows": arrows, "labels": labels, "factor": factor, "product": product,
    }  # fmt: skip
    return Explorer(axes.figure, moving, draw, u=stops(FACTORS, 2), v=stops(FACTORS, 4))


def ask_log_of_18() -> AnswerBox:
    question = "ln 2 = 0.6931 and ln 3 = 1.0986, to four decimals. What is ln 18, to three?"
    two, three = np.log(2), np.log(3)
    slips = {
        "{typed} comes from multiplying the logarithms; add them.": two * three**2,
        "{typed} is ln 6: one factor of 3 is missing.": two + three,
        "{typed} is ln 12: that has two factors of 2.": 2 * two + three,
        "{typed} is log₁₀ 18.": np.log10(18),
        "{typed} has ln 3 squared; a factor that comes twice is added twice.": two + three**2,
    }
    hints = ["Write 18 as twos and threes.", "18 = 2 · 3 · 3: products become sums."]
    return AnswerBox(question, np.log(18), slips, hints, praise="It is ln 2 + 2 ln 3.")


@house_style()
def plot_linear_and_log(values: Sequence[float], unit: str = "") -> Picture:
    """The same values, in numbered rows, on a linear axis and on a logarithmic one."""
    if len(values) == 0 or min(values) <= 0:
        raise ValueError(say("values must be positive: received {values}", values=list(values)))
    linear, logarithmic = new_pair(0.36 * len(values) + 1.0, sharey=True)
    for axes in (linear, logarithmic):
        axes.plot(values, range(len(values)), "o", color="black", clip_on=False, zorder=5)
        axes.set_yticks(range(len(values)), range(1, len(values) + 1))
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
    return Picture(linear.figure, alt)


def ask_surprise() -> AnswerBox:
    question = "Rain had the probability 0.2, and it rains. How many nats is the surprise?"
    slips = {
        "{typed} is the logarithm; the surprise has a minus in front.": np.log(0.2),
        "{typed} is to the base 10; the natural logarithm is wanted.": -np.log10(0.2),
        "{typed} is to the base 2, in bits; nats are wanted.": -np.log2(0.2),
        "{typed} is the surprise of the other outcome, which has 0.8.": -np.log(0.8),
        "{typed} is 1/p; take its logarithm.": 1 / 0.2,
    }
    hints = ["The surprise is −log p.", "Use the key “ln” with 0.2, then change the sign."]
    praise = "More than two coin tosses' worth."
    return AnswerBox(question, log_loss(0.2, 1), slips, hints, praise)


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


def ask_bits_of_a_pin() -> AnswerBox:
    question = (
        "There are 100 000 five-digit PINs. How many bits is one PIN worth, to three decimals?"
    )
    settings = 10**5
    slips = {
        "{typed} counts digits; a digit is worth more than three bits.": np.log10(settings),
        "{typed} counts nats; for bits divide by ln 2.": np.log(settings),
        "{typed} is rounded up to whole questions.": np.ceil(np.log2(settings)),
        "{typed} comes from multiplying by ln 2; divide by it.": np.log(settings) * np.log(2),
    }
    hints = ["2 to which power is 100 000?", "One digit is log₂ 10 bits."]
    return AnswerBox(question, np.log2(settings), slips, hints, praise="Five times log₂ 10.")


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
