"""Lesson 07 · Find the bug: what its notebook shows, asks and checks, in its order."""

import itertools
import zlib
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from .engine.boxes import AnswerBox, Exhibit, Score, written
from .engine.checking import Verdict, gave, name_of, no_answer, same
from .language import say
from .logistic import dsigmoid_dz, log_loss, log_loss_from_logit, mean_log_loss, sigmoid
from .slips import of_a_loss, of_a_step


def ask_loss_again() -> AnswerBox:
    question = "A model says a = 0.8, and the truth is y = 0. What is the loss?"
    right, slips = of_a_loss(0.8)
    hints = ["Which probability did the truth get?", "Charge the surprise of 0.2."]
    praise = "If code says something else here, it is wrong."
    return AnswerBox(question, right, slips, hints, praise)


def ask_slope_at_a_score() -> AnswerBox:
    question = "How steep is the sigmoid at the score z = −2?"
    z, a = -2, sigmoid(-2)
    slips = {
        "{typed} is 1 − a; the slope has a factor a as well.": 1 - a,
        "{typed} is a(a − 1): the sigmoid rises, so its slope is positive.": a * (a - 1),
        "{typed} is a itself, the height and not the slope.": a,
        "{typed} comes from z(1 − z); turn the score into a first.": z * (1 - z),
        "{typed} is the largest slope, at z = 0.": 0.25,
    }
    hints = ["First a = σ(−2), then its slope.", "a is 1 − σ(2). The slope is a(1 − a)."]
    return AnswerBox(question, dsigmoid_dz(z), slips, hints, praise="The same as at z = 2.")


def ask_naive_weight() -> AnswerBox:
    question = (
        "A sample has x = 2 and y = 1, the model says a = 0.6, w = 1 and η = 0.5. "
        "What is w after one correct step?"
    )
    right, slips = of_a_step(w=1.0, x=2.0, a=0.6, y=1, rate=0.5)
    hints = ["w − η(a − y)x, with the old numbers.", "a − y = −0.4, times x = 2, times η = 0.5."]
    praise = "The prediction was too small: w grows."
    return AnswerBox(question, right, slips, hints, praise)


class Piece(NamedTuple):
    """What is known of an exhibit; `mark` is the `_mark` of the code as it is shipped."""

    task: str
    right: Callable[..., float]
    stops: dict[str, Sequence[float]]
    mark: int
    source: str
    hint: str = ""


CLOSE = {"rtol": 1e-4, "atol": 1e-300}  # four digits, whatever the size: 1.4e-11 is not 0
TENTHS = tuple(k / 10 for k in range(1, 10))
LABELS = {"a": TENTHS, "y": (0, 1)}
EXHIBITS = {
    1: Piece(
        "The log loss of one prediction a, where the truth is y.",
        log_loss, LABELS, 4218320174,
        "The branches were swapped, as in the notebooks of a textbook whose readers reported it "
        "five times in 18 months: fastai/fastbook, PR 349, 396, 480, 515, issue 403.",
        "Try a prediction that is nearly right. Is it cheap?",
    ),
    2: Piece(
        "The surprise of the truth y, where the prediction is a.",
        log_loss, LABELS, 2539407338,
        "The logarithm of 1/p is −log p, so the minus is there after all.",
    ),
    3: Piece(
        "The log loss of one prediction, as one formula for both labels.",
        log_loss, LABELS, 2712630398,
        "The minus reached the first term only; reported for a machine-learning book: "
        "rasbt/machine-learning-book, issue 239.",
        "Make sure that each of the two terms is switched on once.",
    ),
    4: Piece(
        "The cost of a batch of two samples, the mean of their losses. Both get the same a.",
        lambda a, y_1, y_2: mean_log_loss([a, a], [y_1, y_2]),
        {"a": TENTHS, "y₁": (0, 1), "y₂": (0, 1)}, 1053214673,
        "Only the last term was divided by n: a bracket was missing. Reported as "
        "rasbt/machine-learning-book, PR 104 and 241.",
        "Does the cost stay the same when both labels turn from 0 to 1 and a is 0.5?",
    ),
    5: Piece(
        "How steep the sigmoid is at the score z.",
        dsigmoid_dz, {"z": tuple(range(-12, 13))}, 3703833221,
        "The factor a was missing; reported as schneider128k/machine_learning_course, issue 1.",
        "Where is the sigmoid flat? What does this code say there?",
    ),
    6: Piece(
        "The weight after one step of training; it was 0.5. The feature is 2, and η is 0.1.",
        lambda a, y: 0.5 - 0.1 * (a - y) * 2, LABELS, 1731705664,
        "Adding η(y − a)x is subtracting η(a − y)x: two turned signs.",
    ),
    7: Piece(
        "The error a − y, prediction minus truth, of a model with w = 1 and b = 0.",
        lambda x, y: sigmoid(x) - y, {"x": tuple(range(-4, 5)), "y": (0, 1)}, 2712020550,
        "h(x − y) stood for h(x) − y; reported as ysh329/Chinese-UFLDL-Tutorial, issue 29.",
        "An error can be negative. Can this one?",
    ),
    8: Piece(
        "The surprise, in nats, of something that had the probability p.",
        lambda p: log_loss(p, 1), {"p": (*TENTHS, 1)}, 3863068762,
        "That was the base 10, so the results were digits and not nats; a base-10 logarithm "
        "stands beside natural-log code in the maximum-likelihood chapter of d2l-ai/d2l-en.",
        "You know the surprise of one coin toss in nats.",
    ),
    9: Piece(
        "The weight after one step of training on one sample with x = 2 and y = 1. It was 0.5; "
        "you choose the old bias b and the learning rate η.",
        lambda b, eta: 0.5 - eta * (sigmoid(0.5 * 2 + b) - 1) * 2,
        {"b": tuple(range(-4, 3)), "η": (0, 0.0001, 0.1, 0.5, 1, 2)}, 4176202853,
        "The bias was updated first, and its new value used in the gradient for w; so it stood in "
        "aws-samples/aws-mlu-explain. A small learning rate hides it.",
        "Take a long step.",
    ),
    10: Piece(
        "The log loss from the score z. It should be right for any score, however large.",
        log_loss_from_logit, {"z": tuple(range(-10, 41, 5)), "y": (0, 1)}, 2018794998,
        "For y = 1 it returned exactly 0, and the loss is small but not 0; so it stood in the "
        "labs of the Machine Learning Specialization.",
        "Look at each side of the branch, for both labels.",
    ),
    11: Piece(
        "A decision from the score z: 1 if y = 1 is held to be more probable than y = 0, else 0.",
        lambda z: int(sigmoid(z) > 0.5), {"z": tuple(k / 4 for k in range(-8, 9))}, 1130057435,
        "The threshold of a probability, 0.5, was compared with a logit, whose threshold is 0; "
        "found in marimo-team/learn, logistic regression.",
        "At which z is the probability 0.5?",
    ),
}  # fmt: skip

_hung: dict[int, Exhibit] = {}  # an exhibit run again is the same one, with its tries


def exhibit(number: int, function: Any) -> Exhibit | None:
    """Show the function as a black box; or, if it is no longer as shipped, judge the repair."""
    piece = EXHIBITS[number]
    task, source, hint = say(piece.task), say(piece.source), piece.hint and say(piece.hint)
    inputs = list(itertools.product(*piece.stops.values()))
    says = no_answer(function, inputs)
    if isinstance(says, Verdict):
        return print(*says.sentences, sep="\n")
    says = [int(one) if isinstance(one, (bool, np.bool_)) else one for one in says]
    truths = [piece.right(*values) for values in inputs]
    if _mark(says) == piece.mark:
        if number not in _hung:
            title = f"{number} · {function.__name__}({', '.join(piece.stops)})"
            why = "" if hint else source
            _hung[number] = Exhibit(title, task, piece.stops, says, truths, hint, why)
        return _hung[number]
    for values, said, truth in zip(inputs, says, truths):
        if not same(said, truth, **CLOSE):
            print(gave(name_of(function), values, said))
            return print(say("There the right result is {truth}.", truth=written(truth)))
    print(say("The repair holds at all {count} inputs.", count=len(inputs)), source, sep="\n")


def _mark(results: Sequence[Any]) -> int:
    """Return a number by which to know code again from its results, to four digits each."""
    return zlib.crc32(" ".join(map(written, results)).encode())


def score() -> Score:
    """Show what the exhibits so far have cost together."""
    return Score(list(_hung.values()))
