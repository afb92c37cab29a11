"""Lesson 08 · Out in the world: what its notebook shows, asks and checks, in its order."""

from typing import Any

import numpy as np

from .engine import drawing as pen
from .engine.boxes import AnswerBox, another
from .engine.checking import check
from .engine.explorer import Explorer, stops
from .language import say
from .logistic import log_loss_from_logit, sigmoid
from .students import HOURS, LOWEST, PASSED, draw_students, put_students, students_cost

try:
    from sklearn.linear_model import LogisticRegression
except ImportError:
    rule = "lesson 08 needs scikit-learn: run `%pip install scikit-learn` in a cell of its own"
    raise ImportError(rule) from None

STRENGTHS = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, np.inf]


def fitted(strength: float) -> tuple[float, float]:
    """Return w and b that scikit-learn gives the twenty students with C = strength.

    `tol` tells it when to stop: with its default, 0.0001, the fourth digit is not yet right.
    This solver is the quicker for so few; the default one has threads, and waits for them.
    """
    model = LogisticRegression(C=strength, tol=1e-8, solver="newton-cholesky")
    model.fit(HOURS[:, np.newaxis], PASSED)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


@pen.house_style()
def explore_penalty() -> Explorer:
    """Slide C: the library's curve through the students bends into the one of lowest cost."""
    axes = pen.new_axes(2.6, "", "")
    students = draw_students(axes)
    axes.set_ylim(-0.08, 1.14)
    x = students["curve"].get_xdata()
    pen.line(axes, x, sigmoid(LOWEST[0] * x + LOWEST[1]), pen.GREY, (0, (6, 2)))
    pen.line(axes, (3.7, 4.3), (0.31, 0.31), pen.GREY, (0, (6, 2)))  # whose cost stands beside it
    pen.line(axes, (3.7, 4.3), (0.14, 0.14), linewidth=2.6)
    pen.text(axes, f"J = {pen.decimal(students_cost(*LOWEST))}", 4.4, 0.28, colour=pen.GREY)
    cost = pen.text(axes, "J", 4.4, 0.11, weight="bold")
    end = pen.dot(axes, markersize=7)  # the curve's end, by which it can be dragged
    fits = {strength: fitted(strength) for strength in STRENGTHS}

    def draw(C: float) -> str:
        w, b = fits[C]
        put_students(students, w, b)
        pen.place(end, (x[-1], sigmoid(w * x[-1] + b)))
        cost.set_text(f"J = {pen.decimal(students_cost(w, b))}")
        told = {"C": pen.shortest(C), "w": w, "b": b, "cost": students_cost(w, b)}
        return say("C = {C}: w = {w:.3f}, b = {b:.3f}, cost J = {cost:.3f}.", **told)

    options = [(pen.shortest(strength), strength) for strength in STRENGTHS]
    moving = {"end": end, **students, "cost": cost}
    return Explorer(axes.figure, moving, draw, C=stops(options, 1))


@another(1.5, 4.5, 2.5, 0.5, 3.5, 5.5, 1.75, 4.25)
def ask_predict_proba(hours: float = 5) -> AnswerBox:
    question = (
        "LogisticRegression() gave coef_ = {w:.3f} and intercept_ = {b:.3f}. What does its "
        "predict_proba say for passing, with {hours} hours?"
    )
    w, b = (round(value, 3) for value in fitted(1))
    free_w, free_b = fitted(np.inf)
    z, free = w * hours + b, free_w * hours + free_b
    slips = {
        "{typed} is the score, decision_function; turn it into a probability.": z,
        "{typed} is the chance of failing, the first of its two columns.": sigmoid(-z),
        "{typed} is what predict says, the decision.": float(z > 0),
        "{typed} leaves out the intercept.": sigmoid(w * hours),
        "{typed} belongs to the fit without a penalty; C is 1 here.": sigmoid(free),
        "{typed} is the loss if this student passes.": log_loss_from_logit(z, 1),
    }
    hints = ["First the score, wx + b, then σ.", "The score is {w:.3f} · {hours} + ({b:.3f})."]
    praise = "So much for one student; predict only says on which side of 0.5 that is."
    return AnswerBox(
        question, sigmoid(z), slips, hints, praise, percent=True, w=w, b=b, hours=hours
    )


def check_total(my_total: Any) -> None:
    """Check my_total(w, b, C), the twenty students' losses and the penalty on w."""

    def losses(w: float, b: float) -> Any:
        return 20 * students_cost(w, b)

    slips = {
        "The penalty is missing.": lambda w, b, C: losses(w, b),
        "That is the mean of the losses; scikit-learn adds them.": lambda w, b, C: (
            students_cost(w, b) + w**2 / (2 * C)
        ),
        "The half is missing.": lambda w, b, C: losses(w, b) + w**2 / C,
        "You multiply by C: a large C makes the penalty small.": lambda w, b, C: (
            losses(w, b) + w**2 * C / 2
        ),
        "The bias is not penalised.": lambda w, b, C: losses(w, b) + (w**2 + b**2) / (2 * C),
        "The square is missing.": lambda w, b, C: losses(w, b) + w / (2 * C),
    }
    inputs = [(1.5, -4.0, 1.0), (0.5, 1.0, 0.1), (-1.0, 0.25, 10.0), (2.0, -3.0, 5.0)]
    hint = "Twenty losses, added; then w² divided by 2C."
    check(my_total, lambda w, b, C: losses(w, b) + w**2 / (2 * C), inputs, slips, hint)


@another(-1.5, 0.3, 1.2, -0.4, 2.5, -0.9, 1.6, -0.2)
def ask_odds_ratio(w: float = 0.8) -> AnswerBox:
    question = (
        "A fitted model has coef_ = {coefficient}. By which factor are the odds multiplied where "
        "x grows by 1?"
    )
    slips = {
        "{typed} is the coefficient: so much is added to the score.": w,
        "{typed} is σ(coefficient); a coefficient is no score and has no probability.": sigmoid(w),
        "{typed} is 10 to the power of the coefficient; the base is e.": 10**w,
        "{typed} is 1 plus the coefficient, which comes close for small ones only.": 1 + w,
        "{typed} is the factor where x falls by 1.": np.exp(-w),
    }
    hints = [
        "What is added to the log-odds multiplies the odds.",
        "It is e to the power of the coefficient.",
    ]
    praise = "A sum of scores is a product of odds."
    return AnswerBox(question, np.exp(w), slips, hints, praise, coefficient=w)


@another(
    ((0.5, 0.3, 0.2), 1), ((0.1, 0.6, 0.3), 1), ((0.05, 0.15, 0.8), 0), ((0.25, 0.35, 0.4), 2),
    ((0.06, 0.04, 0.9), 2), ((0.55, 0.3, 0.15), 0), ((0.02, 0.18, 0.8), 1), ((0.65, 0.1, 0.25), 2),
)  # fmt: skip
def ask_softmax(shares: tuple[float, ...] = (0.7, 0.2, 0.1), truth: int = 1) -> AnswerBox:
    question = (
        "Softmax gives the three classes {shares}, and the truth is the class with {a}. What is "
        "the slope of the loss over the score of that class?"
    )
    a = shares[truth]
    slips = {
        "{typed} is y − a; the slope is a − y.": 1 - a,
        "{typed} is the probability; subtract the truth, 1.": a,
        "{typed} is the loss, not its slope.": -np.log(a),
        "{typed} is the slope over the probability, −1/a.": -1 / a,
    }
    hints = ["Prediction minus truth, for this class.", "Its y is 1, its a is {a}."]
    praise = "The same a − y; the other two classes have y = 0."
    written = ", ".join(map(str, shares))
    return AnswerBox(question, a - 1, slips, hints, praise, shares=written, a=a)
