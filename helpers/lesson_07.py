"""Lesson 07 · Find the bug: what its notebook shows, asks and checks, in its order."""

import itertools
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from .engine.boxes import AnswerBox, BlackBox, Lamp, Progress, another, written
from .engine.checking import gave, name_of, results_of, same, written_call
from .language import say
from .logistic import dsigmoid_dz, log_loss, log_loss_from_logit, mean_log_loss, sigmoid


class Piece(NamedTuple):
    """What is known of a black box; `mark` is the `_mark` of the code as it is shipped."""

    task: str
    right: Callable[..., Any]
    stops: Mapping[str, Sequence[float]]
    mark: int
    clause: str
    hint: str = ""
    source: str = ""


CLOSE = {"rtol": 1e-4, "atol": 1e-300}  # four digits, whatever the size: 1.4e-11 is not 0
ROUGH = {"rtol": 1e-4, "atol": 1e-12}  # what is left of them after 1 + exp(−30)
TENTHS = tuple(k / 10 for k in range(1, 10))
LABELS = {"a": TENTHS, "y": (0, 1)}
EXHIBITS = {
    0: Piece(
        "The log loss of one prediction a, where the truth is y.",
        log_loss, {"a": (0, *TENTHS, 1), "y": (0, 1)}, 98272729,
        "Everything is divided by 2, a habit from squared error.",
        "At which a do you know the loss without a calculator?",
    ),
    1: Piece(
        "The log loss of one prediction a, where the truth is y.",
        log_loss, LABELS, 4218320174,
        "The two branches are swapped.",
        "Try a prediction that is nearly right. Is its loss small?",
        "So it stood in the notebooks of a textbook, whose readers reported it five times in 18 "
        "months: fastai/fastbook, PR 349, 396, 480, 515, issue 403.",
    ),
    2: Piece(
        "The surprise of the truth y, where the prediction is a.",
        log_loss, LABELS, 2539407338,
        "The logarithm of 1/p is −log p, so the minus is there after all.",
    ),
    3: Piece(
        "The log loss of one prediction, as one formula for both labels.",
        log_loss, LABELS, 2712630398,
        "The minus reaches the first term only.",
        "Make sure that each of the two terms is switched on once.",
        "Reported for a machine-learning book: rasbt/machine-learning-book, issue 239.",
    ),
    4: Piece(
        "The cost of a batch of two samples, the mean of their losses. Both get the same a.",
        lambda a, y_1, y_2: mean_log_loss([a, a], [y_1, y_2]),
        {"a": TENTHS, "y₁": (0, 1), "y₂": (0, 1)}, 1053214673,
        "Only the last term is divided by n: a bracket is missing.",
        "At a = 0.5 the cost is the same for all labels. Is it here?",
        "Reported as rasbt/machine-learning-book, PR 104 and 241.",
    ),
    5: Piece(
        "How steep the sigmoid is at the score z.",
        dsigmoid_dz, {"z": tuple(range(-12, 13))}, 3703833221,
        "The factor a is missing.",
        "Where is the sigmoid flat? What does this code say there?",
        "Reported as schneider128k/machine_learning_course, issue 1.",
    ),
    6: Piece(
        "The weight after one step of training; it was 0.5. The feature is 2, and η is 0.1.",
        lambda a, y: 0.5 - 0.1 * (a - y) * 2, LABELS, 1731705664,
        "Adding η(y − a)x is subtracting η(a − y)x: two turned signs.",
    ),
    7: Piece(
        "The error a − y, prediction minus truth, of a model with w = 1 and b = 0.",
        lambda x, y: sigmoid(x) - y, {"x": tuple(range(-4, 5)), "y": (0, 1)}, 2712020550,
        "The label stands inside the model: h(x − y) for h(x) − y.",
        "Where the truth is 1, an error is negative. Is this one?",
        "Reported as ysh329/Chinese-UFLDL-Tutorial, issue 29.",
    ),
    8: Piece(
        "The surprise, in nats, of something that had the probability p.",
        lambda p: log_loss(p, 1), {"p": (*TENTHS, 1)}, 3863068762,
        "That is the base 10, so the results are digits and not nats.",
        "You know the surprise of one coin toss in nats.",
        "A base-10 logarithm stands beside natural-log code in the maximum-likelihood chapter of "
        "d2l-ai/d2l-en.",
    ),
    9: Piece(
        "The weight after one step of training on one sample with x = 2 and y = 1. It was 0.5; "
        "you choose the old bias b and the learning rate η.",
        lambda b, eta: 0.5 - eta * (sigmoid(0.5 * 2 + b) - 1) * 2,
        {"b": tuple(range(-4, 3)), "η": (0, 0.0001, 0.1, 0.5, 1, 2)}, 4176202853,
        "The bias is updated first, and its new value used in the gradient for w; a small "
        "learning rate hides it.",
        "Take a long step from a score that you know.",
        "So it stood in aws-samples/aws-mlu-explain.",
    ),
    10: Piece(
        "The log loss from the score z. It should be right for any score, however large.",
        log_loss_from_logit, {"z": (*range(-10, 41, 5), 720), "y": (0, 1)}, 1975407060,
        "For y = 1 it returns exactly 0 beyond the branch, and the loss is small but not 0.",
        "Look at each side of the branch, for both labels. Can a loss be 0 at a finite score?",
        "So it stood in the labs of the Machine Learning Specialization.",
    ),
    11: Piece(
        "A decision from the score z: 1 if y = 1 is held to be more probable than y = 0, else 0.",
        lambda z: int(sigmoid(z) > 0.5), {"z": tuple(k / 4 for k in range(-8, 9))}, 1130057435,
        "The threshold of a probability, 0.5, is compared with a score, whose threshold is 0.",
        "At which z is the probability 0.5?",
        "Found in marimo-team/learn, logistic regression.",
    ),
}  # fmt: skip


def exhibit(number: int, function: Any) -> BlackBox | Lamp | None:
    """Show the function as a black box; or, if it is no longer as shipped, judge the repair."""
    piece = EXHIBITS[number]
    task, clause, hint = say(piece.task), say(piece.clause), say(piece.hint)
    inputs = list(itertools.product(*piece.stops.values()))
    says = results_of(function, inputs)
    if says is None:
        return None
    says = [int(one) if isinstance(one, (bool, np.bool_)) else one for one in says]
    truths = [piece.right(*values) for values in inputs]
    key, title = str(number), f"{number} · {name_of(function)}({', '.join(piece.stops)})"
    if _mark(says) == piece.mark:
        return BlackBox(key, title, task, piece.stops, says, truths, clause, hint)
    holds = _judge(name_of(function), inputs, says, truths)
    if holds and piece.source:
        print(say(piece.source))
    return Lamp(key, title, holds)


def _judge(name: str, inputs: list, says: list, truths: list) -> bool:
    """Say whether a repair holds at all inputs, and if not, where it does not."""
    for values, said, truth in zip(inputs, says, truths):
        if not same(said, truth, **ROUGH):
            print(gave(name, values, said))
            print(say("There the right result is {truth}.", truth=written(truth)))
            return False
    print(say("The repair holds at all {count} inputs.", count=len(inputs)))
    for values, said, truth in zip(inputs, says, truths):
        if not same(said, truth, **CLOSE):
            lost = say(
                "Far out it loses digits, though: {call} is {truth}, and it gives {said}. The "
                "stable form in notebook 03, “Going further”, keeps them.",
                call=written_call(name, values), truth=written(truth), said=written(said),
            )  # fmt: skip
            print(lost)
            break
    return True


def _mark(results: Sequence[Any]) -> int:
    """Return a number by which to know code again from its results, to four digits each."""
    return zlib.crc32(" ".join(map(written, results)).encode())


@another(-1, 1.5, -3, 2.5, -0.6, 0.8, -1.8, 2.2)
def ask_slope_at_a_score(z: float = -2) -> AnswerBox:
    question = "How steep is the sigmoid at the score z = {z}?"
    a = sigmoid(z)
    slips = {
        "{typed} is 1 − a; the slope has a factor a as well.": 1 - a,
        "{typed} is a(a − 1): the sigmoid rises, so its slope is positive.": a * (a - 1),
        "{typed} is a itself, the height and not the slope.": a,
        "{typed} comes from z(1 − z); turn the score into a first.": z * (1 - z),
        "{typed} is the largest slope, at z = 0.": 0.25,
    }
    hints = ["First a = σ({z}), then its slope.", "With that a, the slope is a(1 − a)."]
    praise = "The same as at z = {opposite}."
    return AnswerBox(question, dsigmoid_dz(z), slips, hints, praise, z=z, opposite=-z)


def score() -> Progress:
    """Show how many black boxes are settled, and what they have cost together."""
    some = "Settled: {done} of {count} black boxes, in {tries} tries. Not yet:"
    every = "All {count} black boxes are settled, in {tries} tries."
    return Progress(["blackbox", "lamp"], some, every)
