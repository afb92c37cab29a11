"""Lesson 02 · Sigmoid: what its notebook shows, asks and checks, in its order."""

from typing import Any

import numpy as np

from .engine.boxes import AnswerBox
from .engine.checking import check
from .engine.drawing import (
    NARROW,
    decimal,
    draw_dot,
    draw_guide,
    draw_line,
    draw_text,
    house_style,
    name_y_axis,
    new_axes,
    new_pair,
    place,
    write,
)
from .engine.explorer import Explorer, slider, stops
from .language import say
from .logistic import dsigmoid_dz, logit, sigmoid
from .palette import SLOPE
from .students import draw_students, put_students


def ask_sigmoid() -> AnswerBox:
    question = "What probability belongs to the score z = 3?"
    slips = {
        "{typed} is 1 − a: the minus in the exponent is lost.": sigmoid(-3),
        "{typed} is e³; σ has more steps than that.": np.exp(3),
        "{typed} is e to the power of −3; add 1, then divide 1 by it.": np.exp(-3),
        "{typed} is the slope there, a(1 − a).": dsigmoid_dz(3),
    }
    hints = ["A score of 3 lies between 2 and 4: so does its a.", "First e⁻³, add 1, then 1/x."]
    return AnswerBox(question, sigmoid(3), slips, hints, praise="Surer than σ(2).", percent=True)


def ask_logit() -> AnswerBox:
    question = "Which score z gives the probability a = 0.75?"
    slips = {
        "{typed} is the odds, 0.75/0.25; take the logarithm.": 3,
        "{typed} is to the base 10.": np.log10(3),
        "{typed} is log 0.75; divide 0.75 by 0.25 first.": np.log(0.75),
        "{typed} is the sigmoid of 0.75; the way back is asked for.": sigmoid(0.75),
    }
    hints = ["First the odds, a/(1 − a).", "The odds are 0.75/0.25. Take the key “ln”."]
    return AnswerBox(question, logit(0.75), slips, hints, praise="Odds of three to one.")


@house_style()
def explore_students() -> Explorer:
    """Slide b and w: the bias shifts the S-curve through the students, the weight squeezes it."""
    axes = new_axes(3.6, "", "", NARROW)
    curve, gaps = draw_students(axes)
    axes.set_ylim(-0.08, 1.26)
    middle, guide = draw_dot(axes, markerfacecolor="white"), draw_guide(axes)
    label = draw_text(axes, ha="center")

    def draw(b: float, w: float) -> str:
        put_students(curve, gaps, w, b)
        half = -b / w + 0.0 if w else np.inf  # not −0.0
        told = {"w": w, "b": b, "half": half, "slope": w / 4}
        inside = 0 <= half <= 6
        for artist in (middle, guide, label):
            artist.set_visible(inside)
        if inside:
            place(middle, (half, 0.5))
            place(guide, (half, -0.08), (half, 1.12))
            write(label, f"x = {decimal(half, 2)}", np.clip(half, 0.8, 5.4), 1.16)
            return say(
                "w = {w:.1f}, b = {b:.1f}: a is 0.5 at {half:.2f} hours, slope {slope:.3f}.", **told
            )
        if b > 0:
            return say("w = {w:.1f}, b = {b:.1f}: a is above 0.5 for everybody.", **told)
        if b < 0:
            return say("w = {w:.1f}, b = {b:.1f}: a is below 0.5 for everybody.", **told)
        return say("w = {w:.1f}, b = {b:.1f}: a is 0.5 for everybody.", **told)

    moving = {"middle": middle, "curve": curve, "gaps": gaps, "guide": guide, "label": label}
    b, w = slider(-0.5, -6, 1, 0.5), stops([0, 0.2, 0.5, 1, 1.5, 2, 3], 0.2)
    return Explorer(axes.figure, moving, draw, b=b, w=w)


def ask_middle() -> AnswerBox:
    question = "A model has w = 2 and b = −3.5. At which x does it say a = 0.5?"
    slips = {
        "{typed} has the wrong sign: put it into 2x − 3.5 and see.": -3.5 / 2,
        "{typed} is w divided by b, without its sign; solve 2x − 3.5 = 0.": 2 / 3.5,
        "{typed} is −b; divide it by w.": 3.5,
        "{typed} is σ(−3.5), the value at x = 0.": sigmoid(-3.5),
    }
    hints = ["a = 0.5 means z = 0.", "Solve 2x − 3.5 = 0."]
    return AnswerBox(question, 3.5 / 2, slips, hints, praise="There the score is 0.")


@house_style()
def explore_sigmoid() -> Explorer:
    """Slide z: the point on σ with its tangent above, its slope's hill below, one z for both."""
    upper, lower = new_pair(4.3, 2, NARROW, sharex=True, height_ratios=[3, 2])
    grid = np.linspace(-7.5, 7.5, 401)
    upper.set(xlim=(-7.5, 7.5), ylim=(-0.08, 1.12), yticks=[0, 0.5, 1])
    lower.set(xlabel="z", ylim=(-0.02, 0.34), xticks=range(-6, 7, 2), yticks=[0, 0.25])
    name_y_axis(upper, "a")
    name_y_axis(lower, "σ′")
    draw_line(upper, grid, sigmoid(grid))
    draw_line(lower, grid, dsigmoid_dz(grid), SLOPE)
    tangent = draw_line(upper, colour=SLOPE, linewidth=3)
    point, top = draw_dot(upper), draw_dot(lower, SLOPE, y=0)
    fall, rise = draw_guide(upper), draw_guide(lower)
    height, steep = draw_text(upper), draw_text(lower, y=0, colour=SLOPE)

    def draw(z: float) -> str:
        a, slope = sigmoid(z), dsigmoid_dz(z)
        reach = np.array([-1.6, 1.6]) / np.hypot(1, 4 * slope)
        tangent.set_data(z + reach, a + slope * reach)
        place(point, (z, a))
        place(top, (z, slope))
        place(fall, (z, -0.08), (z, a))
        place(rise, (z, slope), (z, 0.34))
        side = -1 if z < 0 else 1
        write(height, decimal(a), z, a, side, up=-20 if z >= 0 else 10)
        write(steep, decimal(slope), z, slope, side)
        return say(
            "z = {z:.1f}: a is {a:.3f}, and the slope there is {slope:.3f}.", z=z, a=a, slope=slope
        )

    moving = {
        "point": point, "top": top, "fall": fall, "rise": rise, "tangent": tangent,
        "height": height, "steep": steep,
    }  # fmt: skip
    return Explorer(upper.figure, moving, draw, z=slider(2, -5, 5, 0.1))


def ask_slope() -> AnswerBox:
    question = "How steep is the sigmoid at the point where a = 0.9?"
    a = 0.9
    slips = {
        "{typed} is 1 − a; the slope has a factor a as well.": 1 - a,
        "{typed} is a(a − 1): the sigmoid rises, so its slope is positive.": a * (a - 1),
        "{typed} is a itself.": a,
        "{typed} is the slope at z = 0.9; here a is 0.9.": dsigmoid_dz(a),
        "{typed} is the largest slope, at a = 0.5.": 0.25,
    }
    hints = ["The slope is a product of two factors.", "The factors are a and 1 − a."]
    return AnswerBox(question, dsigmoid_dz(logit(a)), slips, hints, praise="Already quite flat.")


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
    exp = np.exp
    slips = {
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
