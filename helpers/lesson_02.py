"""Lesson 02 · Sigmoid: what its notebook shows, asks and checks, in its order."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from .engine import drawing as pen
from .engine.boxes import AnswerBox, another
from .engine.checking import check
from .engine.explorer import Explorer, slider, stops
from .language import say
from .logistic import dsigmoid_dz, logit, sigmoid
from .palette import OCHRE, SLOPE, TEAL
from .students import draw_students, put_students, total_length

# The three students of the course: how much an hour multiplies the odds, and the odds without one.
FACTOR, START = 6, 1 / 4
HEIGHTS = 132, 74, 4  # of the three rulers, in points; from left to right a unit is one of z


def _places(hours: float) -> tuple[float, float, float]:
    """Where odds, score and probability after some hours stand on their rulers.

    The one from 0 to 1 is as long as that of the scores from −3 to 4.
    """
    z = np.log(START) + hours * np.log(FACTOR)
    return z, z, 7 * sigmoid(z) - 3


def _draw_ruler(axes: Axes, height: float, name: str, colour: str, marks: dict) -> None:
    """A ruler with its marks, and how each is written."""
    pen.line(axes, (min(marks), max(marks)), (height, height), linewidth=1)
    for at, text in marks.items():
        pen.line(axes, (at, at), (height, height - 4), linewidth=1)
        axes.text(at, height - 15, text, ha="center")
    axes.text(-3.3, height + 12, name, color=colour, fontsize=12)


def _put_hop(hop: Line2D, start: float, end: float, height: float) -> None:
    """An arch from place to place on a ruler."""
    t = np.linspace(0, 1, 13)
    hop.set_data(start + (end - start) * t, height + 6 + 60 * t * (1 - t))


@pen.house_style()
def explore_rulers() -> Explorer:
    """Odds, score and probability on three rulers: × 6 an hour, + log 6, and ever less."""
    axes = pen.new_ground((-3.4, 5.2), (-30, 171.6))
    odds = {np.log(2.0**k): f"{2**k}" if k >= 0 else f"1/{2**-k}" for k in range(-4, 7, 2)}
    scores = {z: pen.shortest(z) for z in range(-3, 5)}
    marks: list[dict] = [odds, scores, {-3: "0", 0.5: "0.5", 4: "1"}]
    colours = TEAL, OCHRE, "black"
    for ruler in zip(HEIGHTS, ("a/(1−a)", "z", "a"), colours, marks):
        _draw_ruler(axes, *ruler)
    links = [pen.guide(axes), pen.guide(axes)]
    hops = [pen.line(axes, colour=c, linewidth=1.8) for c in colours for _ in range(3)]
    ghosts = [pen.dot(axes, pen.GREY, markersize=7) for _ in hops]
    dots = [pen.dot(axes, markersize=size) for size in (9, 9, 7)]  # the last nears its ruler's end
    values = [pen.text(axes) for _ in colours]
    students = [  # by their hours, where their probabilities are
        axes.text(_places(k)[2], HEIGHTS[2] - 28, f"x={k}", ha="center", color=pen.GREY)
        for k in range(3)
    ]
    steps = [pen.text(axes, colour=c, ha="right") for c in colours]

    def draw(x: float) -> str:
        here, a = _places(x), sigmoid(_places(x)[1])
        began = max(0, np.ceil(x) - 1)  # the present hour
        rise = a - sigmoid(_places(began)[1])
        written = pen.shortest(a / (1 - a)), pen.decimal(here[1]), pen.decimal(a)
        for dot, value, at, height, text in zip(dots, values, here, HEIGHTS, written):
            pen.place(dot, (at, height))
            pen.write(value, text, at, height, 1, 6)
        pen.place(links[0], (here[0], HEIGHTS[0] - 19), (here[1], HEIGHTS[1]))
        elbow = here[2], HEIGHTS[2] + 43
        pen.place(links[1], (here[1], HEIGHTS[1] - 19), elbow, (here[2], HEIGHTS[2]))
        for k, (hop, ghost) in enumerate(zip(hops, ghosts)):
            row, hour = divmod(k, 3)
            start, end = _places(hour)[row], _places(min(max(x, hour), hour + 1))[row]
            _put_hop(hop, start, end, HEIGHTS[row])
            pen.place(ghost, (start, HEIGHTS[row]))
            for artist in (hop, ghost):
                artist.set_visible(hour < x)
        for hour, student in enumerate(students):
            student.set_visible(hour <= x)
        factor, hours = pen.shortest(FACTOR ** (x - began)), x - began
        told = f"× {factor}", f"+ {pen.decimal(hours * np.log(FACTOR))}", f"+ {pen.decimal(rise)}"
        for step, text, at, height in zip(steps, told, here, HEIGHTS):
            step.set_visible(x > 0)
            pen.write(step, text, at - 0.15, height + 26)
        return say(
            "x = {x:g} h: odds {odds}, score {z:.3f}, probability {a:.3f}.",
            x=x, odds=written[0], z=here[1], a=a,
        )  # fmt: skip

    moving = {
        "dots": dots, "links": links, "hops": hops, "ghosts": ghosts, "values": values,
        "steps": steps, "students": students,
    }  # fmt: skip
    return Explorer(axes.figure, moving, draw, x=slider(1, 0, 3, 0.5))


@another(-1.6, 0.9, 2.4, -0.7, 1.3, -2.3, 0.3, -2.8)
def ask_sigmoid(z: float = 3) -> AnswerBox:
    question = "What probability belongs to the score z = {z}?"
    slips = {
        "{typed} is 1 − a: the minus in the exponent is lost.": sigmoid(-z),
        "{typed} is e to the power of {z}; σ has more steps than that.": np.exp(z),
        "{typed} is e to the power of {minus}; add 1, then divide 1 by it.": np.exp(-z),
        "{typed} is the slope there, a(1 − a).": dsigmoid_dz(z),
    }
    hints = [
        "σ(0) is 0.5; a positive score gives more, a negative one less.",
        "First e to the power of {minus}, add 1, then 1/x.",
    ]
    return AnswerBox(
        question, sigmoid(z), slips, hints, "Odds of about {odds:.3g} to 1.", percent=True,
        z=z, minus=-z, odds=np.exp(z),
    )  # fmt: skip


@another(0.35, 0.95, 0.15, 0.55, 0.88, 0.08, 0.28, 0.64)
def ask_logit(a: float = 0.75) -> AnswerBox:
    question = "Which score z gives the probability a = {a}?"
    rest = round(1 - a, 6)
    slips = {
        "{typed} is the odds, {a}/{rest}; take the logarithm.": a / rest,
        "{typed} is to the base 10.": np.log10(a / rest),
        "{typed} is log {a}; divide {a} by {rest} first.": np.log(a),
        "{typed} is the sigmoid of {a}; the way back is asked for.": sigmoid(a),
    }
    hints = ["First the odds, a/(1 − a).", "The odds are {a}/{rest}. Take the key “ln”."]
    return AnswerBox(question, logit(a), slips, hints, "σ of it is {a}.", a=a, rest=rest)


@pen.house_style()
def explore_students() -> Explorer:
    """Slide b and w: the bias shifts the S-curve through the students, the weight squeezes it."""
    axes = pen.new_axes(3.2, "", "")
    students = draw_students(axes)
    axes.set_ylim(-0.08, 1.34)
    middle, mark = pen.dot(axes, markerfacecolor="white"), pen.dot(axes, marker="v", markersize=7)
    label = pen.text(axes, ha="center")

    def draw(b: float, w: float) -> str:
        put_students(students, w, b)
        half = -b / w + 0.0 if w else np.inf  # not −0.0
        inside = 0 <= half <= 6
        for artist in (middle, mark, label):
            artist.set_visible(inside)
        if inside:
            pen.place(middle, (half, 0.5))
            pen.place(mark, (half, 1.13))
            pen.write(label, f"x = {pen.decimal(half, 2)}", np.clip(half, 0.8, 5.4), 1.2)
            height = say("a is 0.5 at {half:.2f} h", half=half)
        elif b > 0:
            height = say("a is above 0.5 for everybody")
        elif b < 0:
            height = say("a is below 0.5 for everybody")
        else:
            height = say("a is 0.5 for everybody")
        return say(
            "b = {b:.1f}, w = {w:.1f}: the lines have a total length of {total:.2f}, and {height}.",
            b=b, w=w, total=total_length(w, b), height=height,
        )  # fmt: skip

    moving = {"middle": middle, "mark": mark, **students, "label": label}
    b, w = slider(-0.5, -9, 1, 0.5), stops([0, 0.2, 0.5, 1, 1.5, 2, 3], 0.2)
    return Explorer(axes.figure, moving, draw, b=b, w=w)


@pen.house_style()
def explore_sigmoid() -> Explorer:
    """A step of 1 in z: its rise on σ, and the strip under the slope's hill whose area it is."""
    upper, lower = pen.new_pair(3.5, 2, sharex=True, height_ratios=[3, 2])
    grid = np.linspace(-7.5, 7.5, 301)
    upper.set(xlim=(-7.5, 7.5), ylim=(-0.08, 1.12), yticks=[0, 0.5, 1])
    lower.set(xlabel="z", ylim=(0, 0.32), xticks=range(-6, 7, 2), yticks=[0, 0.25])
    pen.name_y_axis(upper, "a")
    pen.name_y_axis(lower, "σ′")
    pen.line(upper, grid, sigmoid(grid))
    strip = lower.fill([0, 1, 1], [0, 0, 1], color=OCHRE)[0]
    pen.line(lower, grid, dsigmoid_dz(grid), SLOPE)
    point, top = pen.dot(upper), pen.dot(lower, SLOPE, y=0)
    guides = [pen.guide(upper), pen.guide(upper)]
    run, rise = pen.line(upper, colour=pen.GREY), pen.line(upper, colour=OCHRE, linewidth=4)
    grown, steep = pen.text(upper, colour=OCHRE), pen.text(lower, y=0, colour=SLOPE)

    def draw(z: float) -> str:
        left, right, slope = z - 0.5, z + 0.5, dsigmoid_dz(z)
        low, high = sigmoid(left), sigmoid(right)
        pen.place(point, (z, sigmoid(z)))
        pen.place(top, (z, slope))
        pen.place(run, (left, low), (right, low))
        pen.place(rise, (right, low), (right, high))
        for guide, at in zip(guides, (left, right)):
            pen.place(guide, (at, -0.08), (at, low))
        hill = np.linspace(left, right, 11)
        strip.set_xy([(left, 0), *zip(hill, dsigmoid_dz(hill)), (right, 0)])
        side, up = (1, -16) if z >= 0 else (-1, 10)
        pen.write(grown, pen.decimal(high - low), z + 0.5 * side, (low + high) / 2, side, up)
        pen.write(steep, pen.decimal(slope), z + 0.5 * side, slope, side)
        return say(
            "From z = {left:.1f} to {right:.1f}, a grows by {rise:.3f}, the area of the strip; "
            "in its middle the slope is {slope:.3f}.",
            left=left, right=right, rise=high - low, slope=slope,
        )  # fmt: skip

    moving = {
        "point": point, "top": top, "strip": strip, "guides": guides, "run": run, "rise": rise,
        "grown": grown, "steep": steep,
    }  # fmt: skip
    return Explorer(upper.figure, moving, draw, z=slider(2, -4.5, 4.5, 0.5))


@another(0.34, 0.96, 0.16, 0.72, 0.54, 0.83, 0.22, 0.12)
def ask_slope(a: float = 0.9) -> AnswerBox:
    question = "How steep is the sigmoid at the point where a = {a}?"
    rest = round(1 - a, 6)
    slips = {
        "{typed} is 1 − a; the slope has a factor a as well.": rest,
        "{typed} is a(a − 1): the sigmoid rises, so its slope is positive.": -a * rest,
        "{typed} is a itself.": a,
        "{typed} is the slope at z = {a}; here a is {a}.": dsigmoid_dz(a),
        "{typed} is the largest slope, at a = 0.5.": 0.25,
    }
    hints = ["The slope is a product of two factors.", "The factors are a and 1 − a."]
    praise = "As steep as where a = {rest}."
    return AnswerBox(question, dsigmoid_dz(logit(a)), slips, hints, praise, a=a, rest=rest)


@another((2, 5.2), (3, -4.2), (0.5, 1.2), (-2, -3), (4, 5), (-0.5, -1.8), (5, 3), (-1.5, 4.2))
def ask_middle(w: float = 2, below: float = 3.5) -> AnswerBox:
    """The bias is −below."""
    question = "A model has w = {w} and b = {b}. At which x does it say a = 0.5?"
    slips = {
        "{typed} has the wrong sign: put it into {score} and see.": -below / w,
        "{typed} is upside down: divide −b by w, not w by −b.": w / below,
        "{typed} is −b; divide it by w.": below,
        "{typed} is σ({b}), the value at x = 0.": sigmoid(-below),
    }
    hints = ["a = 0.5 means z = 0.", "Solve {score} = 0."]
    score = f"{w}x − {below}" if below > 0 else f"{w}x + {-below}"
    praise = "There the score is 0."
    return AnswerBox(question, below / w, slips, hints, praise, w=w, b=-below, score=score)


def check_slope(my_slope: Any) -> None:
    """Check my_slope(z), the slope of the sigmoid at one score."""
    slips = {
        "That is 1 − a; a factor a is missing.": lambda z: 1 - sigmoid(z),
        "That is a(a − 1), which is negative; the sigmoid rises.": lambda z: -dsigmoid_dz(z),
        "That is the sigmoid itself.": sigmoid,
        "z is a score: turn it into a first, then take a(1 − a).": lambda z: z * (1 - z),
        "That is a squared.": lambda z: sigmoid(z) ** 2,
    }
    inputs = [(0.0,), (1.0,), (-2.0,), (4.0,)]
    check(my_slope, dsigmoid_dz, inputs, slips, "First a = σ(z), then a product of two.")


def check_sigmoid(my_sigmoid: Any) -> None:
    """Check my_sigmoid(z), for one score, however large."""
    exp: Any = np.exp
    slips: dict[str, Any] = {
        "The minus in the exponent is lost.": lambda z: sigmoid(-z),
        "The minus in the exponent is lost, and a power overflows.": lambda z: 1 / (1 + exp(z)),
        "The power overflows: use another form where z is negative.": lambda z: 1 / (1 + exp(-z)),
        "The power overflows: use another form where z is positive.": lambda z: (
            exp(z) / (1 + exp(z))
        ),
        "A power overflows at both ends: work out each form only on its own side.": lambda z: (
            np.where(z >= 0, 1 / (1 + exp(-z)), exp(z) / (1 + exp(z)))
        ),
        "Where z is negative, that is σ(−z).": lambda z: sigmoid(abs(z)),
        "That is the slope, a(1 − a).": dsigmoid_dz,
        "That is the way back, from a to z.": logit,
    }
    inputs = [(0.0,), (2.0,), (-1.5,), (5.0,), (1000.0,), (-1000.0,)]
    hint = "First e to the power of −z, then add 1."
    check(my_sigmoid, sigmoid, inputs, slips, hint, overflow="raise")
