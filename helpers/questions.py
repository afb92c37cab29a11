"""The course's questions: one function each, which returns an answer box for a notebook.

The right answer and the known slips are worked out here, by `helpers.logistic` where it can.
Each function takes the texts of an AnswerBox by name, to say it in another language; slips and
hints in the order in which they stand here.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .engine.boxes import AnswerBox, BeTheModel
from .logistic import (
    dloss_da,
    dloss_dz,
    dsigmoid_dz,
    log_loss,
    log_loss_from_logit,
    logit,
    mean_log_loss,
    parameter_gradient,
    sigmoid,
    update_step,
)

BATCH = ([0.9, 0.6, 0.2], [1, 1, 0])


def _ask(
    wording: dict[str, Any], question: str, right: Any, slips: dict[str, Any], **texts: Any
) -> AnswerBox:
    values = list(slips.values())
    told = dict(zip(wording.pop("slips", slips), values, strict=True))
    return AnswerBox(**({"question": question, "right": right, "slips": told} | texts | wording))


# ---- 01 · Logarithms ------------------------------------------------------------------------


def ask_log2_of_a_fraction(**wording: Any) -> AnswerBox:
    slips = {
        "has the wrong sign: 1/32 is below 1, so you divide by 2 and do not multiply": np.log2(32),
        "is 1/32 itself; its logarithm says how many times to multiply by 2": 1 / 32,
        "is the logarithm to the base 10": np.log10(1 / 32),
        "is the natural logarithm, to the base e": np.log(1 / 32),
        "is 1/32 divided by 2; ask for an exponent": 1 / 64,
    }
    hints = [
        "To which power must 2 be raised to give 1/32?",
        "Start at 1 and divide by 2 until you reach 1/32. Each division counts as −1.",
    ]
    praise = "Five divisions by 2 lead from 1 to 1/32."
    question = "What is the logarithm of 1/32 to the base 2?"
    return _ask(wording, question, np.log2(1 / 32), slips, hints=hints, praise=praise)


def ask_bits_of_a_pin(**wording: Any) -> AnswerBox:
    settings = 10**5
    slips = {
        "counts digits; a digit is worth more than three bits": np.log10(settings),
        "counts nats; for bits divide by ln 2": np.log(settings),
        "is five times log₁₀ 2: you went from bits to digits": 5 * np.log10(2),
        "is rounded up to whole questions": np.ceil(np.log2(settings)),
        "multiplies by ln 2 where you should divide": np.log(settings) * np.log(2),
    }
    hints = [
        "You want the exponent in 2 to the power of ? = 100 000.",
        "One digit is log₂ 10 bits, and there are five digits.",
    ]
    praise = "Five times log₂ 10."
    question = "A PIN has five digits, so there are 100 000 of them. How many bits is that?"
    return _ask(wording, question, np.log2(settings), slips, hints=hints, praise=praise)


def ask_log_of_18(**wording: Any) -> AnswerBox:
    two, three = np.log(2), np.log(3)
    slips = {
        "is what multiplying the logarithms gives; they are added": two * three**2,
        "is ln 6: one factor of 3 is missing": two + three,
        "is ln 12: that has two factors of 2": 2 * two + three,
        "is ln 36: that has two factors of 2": 2 * two + 2 * three,
        "is log₁₀ 18": np.log10(18),
        "is log₂ 18": np.log2(18),
        "squares ln 3; a factor that comes twice is added twice": two + three**2,
    }
    hints = ["Write 18 as a product of twos and threes.", "18 = 2 · 3 · 3. Products become sums."]
    question = "ln 2 = 0.6931 and ln 3 = 1.0986, to four decimals. What is ln 18, to three?"
    return _ask(wording, question, np.log(18), slips, hints=hints, praise="ln 2 + 2 ln 3.")


def ask_surprise(**wording: Any) -> AnswerBox:
    slips = {
        "is the logarithm; the surprise has a minus in front": np.log(0.2),
        "is to the base 10; the natural logarithm is wanted": -np.log10(0.2),
        "is to the base 2, in bits; nats are wanted": -np.log2(0.2),
        "is the surprise of the other outcome, which has 0.8": -np.log(0.8),
        "is 1/p; take its logarithm": 1 / 0.2,
    }
    hints = ["The surprise is −log p.", "Use the key “ln” with 0.2, then change the sign."]
    question = "Rain had the probability 0.2, and it rains. How many nats is the surprise?"
    praise = "More than two coin tosses' worth."
    return _ask(wording, question, log_loss(0.2, 1), slips, hints=hints, praise=praise)


# ---- 02 · Sigmoid ---------------------------------------------------------------------------


def ask_sigmoid(**wording: Any) -> AnswerBox:
    slips = {
        "is 1 − a: the minus in the exponent is lost": sigmoid(-3),
        "is e³; σ has more steps than that": np.exp(3),
        "is e to the power of −3; add 1, then divide 1 by it": np.exp(-3),
        "is 1 + e to the power of −3; divide 1 by it": 1 + np.exp(-3),
        "is the slope there, a(1 − a)": dsigmoid_dz(3),
    }
    hints = ["A score of 3 lies between 2 and 4: so does its a.", "First e⁻³, add 1, then 1/x."]
    question = "What probability belongs to the score z = 3?"
    return _ask(wording, question, sigmoid(3), slips, hints=hints, praise="Surer than σ(2).")


def ask_logit(**wording: Any) -> AnswerBox:
    slips = {
        "is the odds, 0.75/0.25; take the logarithm": 3,
        "is to the base 10": np.log10(3),
        "is to the base 2": np.log2(3),
        "is log 0.75; divide 0.75 by 0.25 first": np.log(0.75),
        "is the odds upside down, and their logarithm is not taken": 1 / 3,
        "is the sigmoid of 0.75; the way back is asked for": sigmoid(0.75),
    }
    hints = ["First the odds, a/(1 − a).", "The odds are 0.75/0.25. Take the key “ln”."]
    question = "Which score z gives the probability a = 0.75?"
    praise = "Odds of three to one."
    return _ask(wording, question, logit(0.75), slips, hints=hints, praise=praise)


def ask_slope(**wording: Any) -> AnswerBox:
    a = 0.9
    slips = {
        "is 1 − a; the slope has a factor a as well": 1 - a,
        "is a(a − 1): the sigmoid rises, so its slope is positive": a * (a - 1),
        "is a² (1 − a): one factor too many": a * a * (1 - a),
        "is a itself": a,
        "is the slope at z = 0.9; here a is 0.9": dsigmoid_dz(a),
        "is the largest slope, at a = 0.5": 0.25,
    }
    hints = ["The slope is a product of two factors.", "The factors are a and 1 − a."]
    question = "How steep is the sigmoid at the point where a = 0.9?"
    return _ask(
        wording, question, dsigmoid_dz(logit(a)), slips, hints=hints, praise="Already quite flat."
    )


def ask_middle(**wording: Any) -> AnswerBox:
    slips = {
        "has the wrong sign: put it into 2x − 3.5 and see": -3.5 / 2,
        "is w divided by b, and without its sign; solve 2x − 3.5 = 0": 2 / 3.5,
        "is −b; divide it by w": 3.5,
        "is w times b, without its sign": 7,
        "is σ(−3.5), the value at x = 0": sigmoid(-3.5),
    }
    hints = ["a = 0.5 means z = 0.", "Solve 2x − 3.5 = 0."]
    question = "A model has w = 2 and b = −3.5. At which x does it say a = 0.5?"
    return _ask(wording, question, 3.5 / 2, slips, hints=hints, praise="There the score is 0.")


# ---- 03 · Log loss --------------------------------------------------------------------------


def ask_loss(**wording: Any) -> AnswerBox:
    a = 0.85
    slips = {
        "charges for the label that did not happen; the truth is 0": log_loss(a, 1),
        "is the logarithm itself; the loss has a minus in front": -log_loss(a, 0),
        "is to the base 10": -np.log10(1 - a),
        "is to the base 2": -np.log2(1 - a),
        "is the squared error": a**2,
        "is what the truth was given; charge its surprise": 1 - a,
        "is what the other label was given; the truth got the rest": a,
    }
    hints = ["Which probability did the truth get?", "The truth got 1 − 0.85. Charge its surprise."]
    question = "A model says a = 0.85, and the truth is y = 0. What is the loss?"
    return _ask(wording, question, log_loss(a, 0), slips, hints=hints, praise="The truth got 0.15.")


def ask_rise_in_loss(**wording: Any) -> AnswerBox:
    slips = {
        "is the fall in a; the loss looks at the ratio": 0.8 - 0.5,
        "is the ratio; take its logarithm": 0.8 / 0.5,
        "has the wrong sign: less for the truth costs more": np.log(0.5 / 0.8),
        "is to the base 10": np.log10(0.8 / 0.5),
        "is to the base 2": np.log2(0.8 / 0.5),
        "is the loss at 0.5; subtract the loss at 0.8": log_loss(0.5, 1),
        "is the rise for y = 0, turned round": np.log(0.5 / 0.2),
    }
    hints = ["Work out both losses and subtract.", "Or take the logarithm of the ratio 0.8/0.5."]
    question = "The truth is y = 1, and a falls from 0.8 to 0.5. By how much does the loss rise?"
    right = log_loss(0.5, 1) - log_loss(0.8, 1)
    return _ask(wording, question, right, slips, hints=hints, praise="The logarithm of 0.8/0.5.")


def ask_truth_given(**wording: Any) -> AnswerBox:
    slips = {
        "is what the other label was given": 1 - np.exp(-2),
        "is 10 to the power of −2; the base is e": 10**-2,
        "is 2 to the power of −2; the base is e": 2**-2,
        "is e²; the minus in the exponent is lost": np.exp(2),
        "is log 2; go backwards, with the exponential": np.log(2),
        "is 1/2; the exponential is wanted": 1 / 2,
        "is the sigmoid of −2": sigmoid(-2),
    }
    hints = ["A loss is a logarithm; undo it.", "It is e to the power of −L."]
    question = "A prediction cost L = 2. Which probability was the truth given?"
    praise = "A little more than one in eight."
    return _ask(wording, question, np.exp(-2), slips, hints=hints, praise=praise)


def ask_loss_from_logit(**wording: Any) -> AnswerBox:
    slips = {
        "is the loss for y = 1; the truth is 0": log_loss_from_logit(3, 1),
        "is the straight arm; a small rest belongs to it": 3,
        "is a = σ(3); now charge the truth": sigmoid(3),
        "is 1 − σ(3), what the truth was given; charge its surprise": sigmoid(-3),
        "is 1 + e³; take the logarithm": 1 + np.exp(3),
        "is to the base 10": log_loss_from_logit(3, 0) / np.log(10),
        "is to the base 2": log_loss_from_logit(3, 0) / np.log(2),
    }
    hints = ["For y = 0 the loss is log(1 + e to the power of z).", "First e³, add 1, then “ln”."]
    question = "The score is z = 3, and the truth is y = 0. What is the loss?"
    praise = "Close to |z|, and a little more."
    return _ask(wording, question, log_loss_from_logit(3, 0), slips, hints=hints, praise=praise)


# ---- 04 · One mini-batch by hand ------------------------------------------------------------


def _cost_slips(a: Any, y: Any) -> dict[str, float]:
    """What people get for the mean log loss of a batch, and why."""
    a, y = np.array(a), np.array(y)
    losses, given = log_loss(a, y), np.where(y == 1, a, 1 - a)
    ones, zeros = losses[y == 1].sum(), losses[y == 0].sum()
    return {
        "is the sum; the batch loss is the mean": losses.sum(),
        "is to the base 10; use the natural logarithm": -np.log10(given).mean(),
        "is to the base 2; use the natural logarithm": -np.log2(given).mean(),
        "is half of it: you divided by 2m, a habit from squared error": losses.mean() / 2,
        "is the mean squared error": np.mean((a - y) ** 2),
        "comes from flipped labels, or swapped branches": mean_log_loss(a, 1 - y),
        "takes −log a for every sample, also where y = 0": mean_log_loss(a, np.ones(a.size)),
        "divides only the last term by m; a bracket is misplaced": ones + zeros / a.size,
        "has lost the minus on the second term": (ones - zeros) / a.size,
        "is the likelihood, the product; take −log and divide by m": given.prod(),
        "has the wrong sign: a loss is never negative": -losses.mean(),
    }


def ask_batch_mean(**wording: Any) -> AnswerBox:
    hints = [
        "Which probability did each truth get? Take −log of each.",
        "The truths got 0.9, 0.6 and 0.8. Take −log of each, add, divide by 3.",
    ]
    question = (
        "The batch of notebook 04: the labels are 1, 1, 0 and the predictions 0.9, 0.6, 0.2. "
        "What is the cost, the mean log loss?"
    )
    right, slips = mean_log_loss(*BATCH), _cost_slips(*BATCH)
    return _ask(wording, question, right, slips, hints=hints, praise="A third of 0.839.")


def ask_cost(**wording: Any) -> AnswerBox:
    a, y = [0.3, 0.8, 0.5], [0, 1, 1]
    hints = [
        "Which probability did each truth get? Take −log of each.",
        "The truths got 0.7, 0.8 and 0.5. Take −log of each, add, divide by 3.",
    ]
    question = "Another batch: labels 0, 1, 1 and predictions 0.3, 0.8, 0.5. What is its cost J?"
    praise = "Dearer than the batch above: its second 1 was a coin toss."
    return _ask(
        wording, question, mean_log_loss(a, y), _cost_slips(a, y), hints=hints, praise=praise
    )


def ask_typical_probability(**wording: Any) -> AnswerBox:
    slips = {
        "is one minus it": 1 - np.exp(-0.5),
        "is e to the power of +0.5; a probability cannot exceed 1": np.exp(0.5),
        "is 10 to the power of −0.5": 10**-0.5,
        "is 2 to the power of −0.5": 2**-0.5,
        "is −log 0.5; go backwards, with the exponential": np.log(2),
        "is 1 − 0.5, but a cost is no percentage": 0.5,
    }
    hints = ["Undo the logarithm.", "It is e to the power of −J."]
    question = (
        "A batch has the cost J = 0.5. What is the geometric mean of the probabilities that its "
        "truths were given?"
    )
    praise = "One probability that could stand for them all."
    return _ask(wording, question, np.exp(-0.5), slips, hints=hints, praise=praise)


def ask_base_rate(**wording: Any) -> AnswerBox:
    share = np.array([0.75, 0.25])
    right = share @ log_loss([0.75, 0.75], [1, 0])
    slips = {
        "is the loss where the label is 1; the other quarter costs more": log_loss(0.75, 1),
        "is what always saying 0.5 costs": np.log(2),
        "is to the base 10": right / np.log(10),
        "is to the base 2": right / np.log(2),
        "counts both labels alike; three in four are 1": log_loss([0.75, 0.75], [1, 0]).mean(),
        "is the sum of both losses, without their shares": log_loss([0.75, 0.75], [1, 0]).sum(),
        "is the loss where the label is 0; that is one sample in four": log_loss(0.75, 0),
    }
    hints = [
        "Three samples in four cost −log 0.75. What does the fourth cost?",
        "0.75 times −log 0.75, plus 0.25 times −log 0.25.",
    ]
    question = "In other data three labels in four are 1. What does always saying 0.75 cost?"
    praise = "This is what a model has to beat on these data."
    return _ask(wording, question, right, slips, hints=hints, praise=praise)


def ask_mistake(**wording: Any) -> AnswerBox:
    a, y = np.array([0.01, 0.6, 0.2]), np.array([1, 1, 0])
    right = mean_log_loss(a, y)
    slips = {
        "is the sum; divide by 3": 3 * right,
        "is the loss of sample 1 alone": log_loss(0.01, 1),
        "charges sample 1 as if its label were 0": mean_log_loss(a, [0, 1, 0]),
        "is to the base 10": right / np.log(10),
        "is to the base 2": right / np.log(2),
        "takes −log a for sample 3, too, whose label is 0": mean_log_loss(a, [1, 1, 1]),
    }
    hints = [
        "Samples 2 and 3 cost what they did. What does sample 1 cost now?",
        "Sample 1 costs −log 0.01. Add the other two, divide by 3.",
    ]
    question = (
        "The batch as it was at first, but now sample 1 (label 1) gets a = 0.01, not 0.9. "
        "What is the cost?"
    )
    praise = "One confident mistake again, on the other side."
    return _ask(wording, question, right, slips, hints=hints, praise=praise)


STATEMENTS = [
    ("The log loss of a single prediction can be larger than 1.", True,
     "It passes 1 where the truth is given less than 0.368, and it has no upper end."),
    ("A prediction on the right side of 0.5 costs nothing.", False,
     "Sample 2 is on the right side and costs 0.511."),
    ("At a = 0.5 the loss is the same for y = 1 and for y = 0.", True,
     "The truth gets one half either way: 0.693."),
    ("With y = 1, going from a = 0.1 to a = 0.01 makes the loss ten times as large.", False,
     "It adds log 10: from 2.303 to 4.605, twice as much."),
    ("The cost of a batch can be larger than each of its losses.", False,
     "It is their mean, which never lies above the largest."),
    ("exp(−J) is the geometric mean of the probabilities that the truths were given.", True,
     "Adding logarithms multiplies what is inside."),
    ("A model with a cost of 0.693 always does as well as the base rate.", False,
     "Only if both labels are equally common. Otherwise the base rate costs less."),
    ("For a confident mistake the loss grows in proportion to the size of the score z.", True,
     "Linear in the logit, not exponential."),
]  # fmt: skip


def be_the_model(**wording: Any) -> BeTheModel:
    """Eight statements to which the learner gives probabilities."""
    return BeTheModel(**({"statements": STATEMENTS} | wording))


# ---- 05 · The gradient ----------------------------------------------------------------------


def ask_error(**wording: Any) -> AnswerBox:
    a, y = 0.35, 1
    slips = {
        "is y − a; the slope is a − y, and it is negative: push z up": y - a,
        "is ∂L/∂a: you stopped before the sigmoid": dloss_da(a, y),
        "is the slope of half the squared error": (a - y) * a * (1 - a),
        "is the slope of the sigmoid, a(1 − a)": a * (1 - a),
        "is a, the prediction; subtract the truth": a,
        "is the loss, not its slope": log_loss(a, y),
    }
    hints = ["Prediction minus truth.", "Subtract 1 from 0.35."]
    question = "A model says a = 0.35, and the truth is y = 1. What is ∂L/∂z?"
    return _ask(wording, question, dloss_dz(a, y), slips, hints=hints, praise="Push z up.")


def ask_dloss_da(**wording: Any) -> AnswerBox:
    a, y = 0.6, 0
    slips = {
        "is −1/a, the slope for y = 1; the truth is 0": dloss_da(a, 1),
        "forgets that 1 − a falls when a rises: the sign turns twice": -dloss_da(a, y),
        "is the slope over z, a − y; here the slope over a is asked": dloss_dz(a, y),
        "is the slope of the sigmoid, a(1 − a)": a * (1 - a),
        "is the loss, not its slope": log_loss(a, y),
        "is the slope of half the squared error over z": (a - y) * a * (1 - a),
        "is 1/a; the truth got 1 − a": 1 / a,
    }
    hints = [
        "For y = 0 only the second term is left, (1 − y)/(1 − a).",
        "Divide 1 by what the truth got, 1 − 0.6.",
    ]
    question = "A model says a = 0.6, and the truth is y = 0. What is ∂L/∂a?"
    praise = "Times the sigmoid's slope, 0.24, that is a − y."
    return _ask(wording, question, dloss_da(a, y), slips, hints=hints, praise=praise)


def _gradient_slips(x: Any, a: Any, y: Any) -> dict[str, Any]:
    """What people get for the gradient for w, and why; means over the batch if it is one."""
    half = (a - y) * a * (1 - a)
    early = dloss_da(a, y)
    m = np.size(a)
    return {
        "has the sign of y − a; the gradient has a − y": (y - a) @ x / m,
        "has forgotten x": np.full(x.shape[1], np.mean(a - y)),
        "is the gradient of half the squared error": half @ x / m,
        "stopped at ∂L/∂a: the sigmoid's slope is missing": early @ x / m,
    }


def ask_gradient_of_a_batch(**wording: Any) -> AnswerBox:
    x, a, y = np.array([[2], [1]]), np.array([0.7, 0.9]), np.array([1, 0])
    dw, db = parameter_gradient(x, a, y)
    both = np.hstack([x, np.ones((2, 1))])  # the bias is a weight whose feature is 1
    slips = _gradient_slips(both, a, y) | {"are the sums; take the means": (a - y) @ both}
    hints = [
        "First a − y for each sample, then times x for w.",
        "The errors are −0.3 and 0.9. For w: (−0.3 · 2 + 0.9 · 1)/2.",
    ]
    question = (
        "Two samples: x = 2, a = 0.7, y = 1 and x = 1, a = 0.9, y = 0. "
        "What is the gradient of their cost J?"
    )
    fields, praise = ["∂J/∂w", "∂J/∂b"], "Both positive: the confident mistake wins."
    return _ask(wording, question, [dw[0], db], slips, hints=hints, praise=praise, fields=fields)


# ---- 06 · One update step -------------------------------------------------------------------


def ask_gradient_for_w(**wording: Any) -> AnswerBox:
    x, a, y = np.array([[2, 1]]), np.array([0.3]), np.array([1])
    dw, _ = parameter_gradient(x, a, y)
    hints = ["First the error, a − y.", "Multiply the error, 0.3 − 1, by each feature."]
    question = "A sample has x = [2, 1] and y = 1, and the model says a = 0.3. What is ∂L/∂w?"
    fields, praise = ["∂L/∂w₁", "∂L/∂w₂"], "The error times each feature."
    slips = _gradient_slips(x, a, y)
    return _ask(wording, question, dw, slips, hints=hints, praise=praise, fields=fields)


def ask_new_weights(**wording: Any) -> AnswerBox:
    w, x, a, y, rate = np.array([0.7, 0.2]), np.array([1, 3]), 0.9, 0, 0.5
    dw, _ = parameter_gradient(x, a, y)
    right, _ = update_step(w, 0, dw, 0, rate)
    slips = {
        "went uphill: the step goes against the gradient": w + rate * dw,
        "has forgotten x": w - rate * (a - y),
        "has forgotten the learning rate": w - dw,
        "is the gradient; take η times it from w": dw,
        "is the change; add it to w": -rate * dw,
        "used the gradient of half the squared error": w - rate * dw * a * (1 - a),
        "stopped at ∂L/∂a on the road back": w - rate * dloss_da(a, y) * x,
    }
    hints = ["The gradient is (a − y)x; take η times it from w.", "(a − y)x = [0.9, 2.7]."]
    question = (
        "Now w = [0.7, 0.2], x = [1, 3] and y = 0, the model says a = 0.9, and η = 0.5. "
        "What is w after one step?"
    )
    fields, praise = ["w₁", "w₂"], "The prediction was too high: both weights fall."
    return _ask(wording, question, right, slips, hints=hints, praise=praise, fields=fields)


def ask_promise(**wording: Any) -> AnswerBox:
    dw, db = parameter_gradient([1, 2], 0.5, 1)
    squares, rate = dw @ dw + db**2, 0.3
    slips = {
        "leaves out the bias": rate * (dw @ dw),
        "is the sum of the squares; multiply it by η": squares,
        "has η squared": rate**2 * squares,
        "uses the length of the gradient, not its square": rate * np.sqrt(squares),
        "is the loss before the step": log_loss(0.5, 1),
        "adds the slopes without squaring them": rate * -(dw.sum() + db),
    }
    hints = ["Square all three slopes and add.", "The slopes are −0.5, −1 and −0.5."]
    question = (
        "A sample has x = [1, 2] and y = 1, the model says a = 0.5, and η = 0.3. "
        "How much loss does the tangent promise to take away?"
    )
    praise = "The curve will give a little less."
    return _ask(wording, question, rate * squares, slips, hints=hints, praise=praise)


def ask_chance_to_pass(**wording: Any) -> AnswerBox:
    w, b, hours = 1.5046, -4.0777, 3
    z = w * hours + b
    slips = {
        "is the score z; turn it into a probability": z,
        "is the chance of failing": sigmoid(-z),
        "is the odds; divide them by 1 + odds": np.exp(z),
        "adds 4.0777 where the intercept is negative": sigmoid(w * hours - b),
        "leaves out the intercept": sigmoid(w * hours),
        "is the slope of the curve over z": dsigmoid_dz(z),
    }
    hints = ["First the score, z = wx + b.", "Then σ(z), with z = 1.5046 · 3 − 4.0777."]
    question = (
        "The fitted model has w = 1.5046 and b = −4.0777. Which probability of passing does it "
        "give a student with 3 hours?"
    )
    praise = "A little more than an even chance, which is at 2.71 hours."
    return _ask(wording, question, sigmoid(z), slips, hints=hints, praise=praise)


# ---- 07 · Find the bug ----------------------------------------------------------------------


def ask_loss_again(**wording: Any) -> AnswerBox:
    slips = {
        "charges for the label that did not happen; the truth is 0": log_loss(0.8, 1),
        "is the logarithm itself; the loss has a minus in front": -log_loss(0.8, 0),
        "is to the base 10": -np.log10(0.2),
        "is to the base 2": -np.log2(0.2),
        "is the squared error": 0.8**2,
        "is what the truth was given; charge its surprise": 0.2,
    }
    hints = ["Which probability did the truth get?", "The truth got 1 − 0.8. Charge its surprise."]
    question = "A model says a = 0.8, and the truth is y = 0. What is the loss?"
    praise = "If code says something else here, it is wrong."
    return _ask(wording, question, log_loss(0.8, 0), slips, hints=hints, praise=praise)


def ask_slope_at_a_score(**wording: Any) -> AnswerBox:
    z, a = -2, sigmoid(-2)
    slips = {
        "is 1 − a; the slope has a factor a as well": 1 - a,
        "is a(a − 1): the sigmoid rises, so its slope is positive": a * (a - 1),
        "is a itself, the height and not the slope": a,
        "takes z for a": z * (1 - z),
        "is the largest slope, at z = 0": 0.25,
    }
    hints = ["First a = σ(−2), then its slope.", "a is 1 − σ(2). The slope is a(1 − a)."]
    question = "How steep is the sigmoid at the score z = −2?"
    praise = "The same as at z = 2."
    return _ask(wording, question, dsigmoid_dz(z), slips, hints=hints, praise=praise)


def ask_naive_weight(**wording: Any) -> AnswerBox:
    w, x, a, y, rate = 1.0, 2.0, 0.6, 1, 0.5
    right, _ = update_step(w, 0, (a - y) * x, 0, rate)
    slips = {
        "went uphill, with y − a": w + rate * (a - y) * x,
        "has forgotten x": w - rate * (a - y),
        "has forgotten the learning rate": w - (a - y) * x,
        "is the gradient": (a - y) * x,
        "is the change; add it to w": -rate * (a - y) * x,
    }
    hints = ["w − η(a − y)x, with the old numbers.", "a − y = −0.4, times x = 2, times η = 0.5."]
    question = (
        "A sample has x = 2 and y = 1, the model says a = 0.6, w = 1 and η = 0.5. "
        "What is w after one correct step?"
    )
    praise = "The prediction was too small: w grows."
    return _ask(wording, question, right, slips, hints=hints, praise=praise)
