"""The course's questions: one function each, which returns an answer box for a notebook.

The right answer and the known slips are worked out here, by `helpers.logistic` where it can.
In a slip, {typed} is what the learner typed.
"""

from typing import Any

import numpy as np

from .engine.boxes import AnswerBox
from .logistic import (
    Array,
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

# ---- 01 · Logarithms ------------------------------------------------------------------------


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


# ---- 02 · Sigmoid ---------------------------------------------------------------------------


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


# ---- 03 · Log loss --------------------------------------------------------------------------


def _loss(a: float) -> tuple[float, dict[str, float]]:
    """The loss of a prediction whose truth is 0, and what people get instead."""
    return log_loss(a, 0), {
        "{typed} charges for the label that did not happen; the truth is 0.": log_loss(a, 1),
        "{typed} is the logarithm itself; the loss has a minus in front.": -log_loss(a, 0),
        "{typed} is to the base 10.": -np.log10(1 - a),
        "{typed} is to the base 2.": -np.log2(1 - a),
        "{typed} is the squared error.": a**2,
        "{typed} is what the truth was given; charge its surprise.": 1 - a,
        "{typed} is what the other label was given; the truth got the rest.": a,
    }


def ask_loss() -> AnswerBox:
    question = "A model says a = 0.85, and the truth is y = 0. What is the loss?"
    right, slips = _loss(0.85)
    hints = ["Which probability did the truth get?", "Charge the surprise of 0.15."]
    return AnswerBox(question, right, slips, hints, praise="The truth got 0.15.")


def ask_rise_in_loss() -> AnswerBox:
    question = "The truth is y = 1, and a falls from 0.8 to 0.5. By how much does the loss rise?"
    slips = {
        "{typed} is the fall in a; the loss looks at the ratio.": 0.8 - 0.5,
        "{typed} is the ratio; take its logarithm.": 0.8 / 0.5,
        "{typed} has the wrong sign: less for the truth costs more.": np.log(0.5 / 0.8),
        "{typed} is to the base 10.": np.log10(0.8 / 0.5),
        "{typed} is the loss at 0.5; subtract the loss at 0.8.": log_loss(0.5, 1),
    }
    hints = ["Work out both losses and subtract.", "Or take the logarithm of the ratio 0.8/0.5."]
    praise = "It is the logarithm of 0.8/0.5."
    return AnswerBox(question, log_loss(0.5, 1) - log_loss(0.8, 1), slips, hints, praise)


def ask_truth_given() -> AnswerBox:
    question = "A prediction has the loss L = 2. Which probability was the truth given?"
    slips = {
        "{typed} is what the other label was given.": 1 - np.exp(-2),
        "{typed} is 10 to the power of −2; the base is e.": 10**-2,
        "{typed} is e²; the minus in the exponent is lost.": np.exp(2),
        "{typed} is log 2; go backwards, with the exponential.": np.log(2),
    }
    hints = ["A loss is a logarithm; undo it.", "It is e to the power of −L."]
    praise = "A little more than one in eight."
    return AnswerBox(question, np.exp(-2), slips, hints, praise, percent=True)


def ask_loss_from_logit() -> AnswerBox:
    question = "The score is z = 3, and the truth is y = 0. What is the loss?"
    z, loss = 3, log_loss_from_logit(3, 0)
    slips = {
        "{typed} is the loss for y = 1; the truth is 0.": log_loss_from_logit(z, 1),
        "{typed} is the straight arm; a small rest belongs to it.": z,
        "{typed} is a = σ(3); now charge the truth.": sigmoid(z),
        "{typed} is 1 − σ(3), what the truth was given; charge its surprise.": sigmoid(-z),
        "{typed} is to the base 10.": loss / np.log(10),
    }
    hints = ["For y = 0 it is log(1 + e to the power of z).", "First e³, add 1, then “ln”."]
    return AnswerBox(question, loss, slips, hints, praise="Close to |z|, and a little more.")


# ---- 04 · One mini-batch by hand ------------------------------------------------------------


def _cost(a: Array, y: Array) -> tuple[float, dict[str, float]]:
    """The mean log loss of a batch, and what people get instead."""
    losses, given = log_loss(a, y), np.where(y == 1, a, 1 - a)
    ones, zeros = losses[y == 1].sum(), losses[y == 0].sum()
    return mean_log_loss(a, y), {
        "{typed} is the sum; the cost is the mean.": losses.sum(),
        "{typed} is to the base 10; use the natural logarithm.": -np.log10(given).mean(),
        "{typed} is to the base 2; use the natural logarithm.": -np.log2(given).mean(),
        "{typed} is divided by 2m, a habit from squared error.": losses.mean() / 2,
        "{typed} is the mean squared error.": np.mean((a - y) ** 2),
        "{typed} comes from flipped labels, or swapped branches.": mean_log_loss(a, 1 - y),
        "{typed} has −log a for every sample, also where y = 0.": mean_log_loss(a, np.ones(a.size)),
        "{typed} divides only the second term by m: a misplaced bracket.": ones + zeros / a.size,
        "{typed} has lost the minus on the second term.": (ones - zeros) / a.size,
        "{typed} is the likelihood, the product; take −log and divide by m.": given.prod(),
        "{typed} has the wrong sign: a cost is never negative.": -losses.mean(),
    }


def ask_cost() -> AnswerBox:
    question = "Another batch: labels 0, 1, 1 and predictions 0.3, 0.9, 0.5. What is its cost J?"
    right, slips = _cost(np.array([0.3, 0.9, 0.5]), np.array([0, 1, 1]))
    hints = ["Take −log of what each truth got, then the mean.", "They got 0.7, 0.9 and 0.5."]
    praise = "Costlier than the batch above: its second 1 was a coin toss."
    return AnswerBox(question, right, slips, hints, praise)


def ask_typical_probability() -> AnswerBox:
    question = (
        "A batch has the cost J = 0.5. What is the geometric mean of the probabilities "
        "that its truths were given?"
    )
    slips = {
        "{typed} is one minus it.": 1 - np.exp(-0.5),
        "{typed} is e to the power of +0.5; a probability cannot exceed 1.": np.exp(0.5),
        "{typed} is 10 to the power of −0.5; the base is e.": 10**-0.5,
        "{typed} is −log 0.5; go backwards, with the exponential.": np.log(2),
        "{typed} is 1 − 0.5, but a cost is no percentage.": 0.5,
    }
    hints = ["Undo the logarithm.", "It is e to the power of −J."]
    praise = "One probability that could stand for them all."
    return AnswerBox(question, np.exp(-0.5), slips, hints, praise, percent=True)


def ask_base_rate() -> AnswerBox:
    question = "In other data three labels in four are 1. What does always saying 0.75 cost?"
    when_1, when_0 = log_loss(0.75, 1), log_loss(0.75, 0)
    right = 0.75 * when_1 + 0.25 * when_0
    slips = {
        "{typed} is the loss where the label is 1; the other quarter costs more.": when_1,
        "{typed} is what always saying 0.5 costs.": np.log(2),
        "{typed} is to the base 10.": right / np.log(10),
        "{typed} counts both labels alike; three in four are 1.": (when_1 + when_0) / 2,
        "{typed} is the sum of both losses, without their shares.": when_1 + when_0,
        "{typed} is the loss where the label is 0; that is one sample in four.": when_0,
    }
    hints = [
        "Three samples in four cost −log 0.75. What does the fourth cost?",
        "Take 0.75 times −log 0.75, plus 0.25 times −log 0.25.",
    ]
    praise = "This is what a model has to beat on these data."
    return AnswerBox(question, right, slips, hints, praise)


def ask_mistake() -> AnswerBox:
    question = (
        "The batch as it was at first, but now sample 1 (label 1) gets a = 0.01, not 0.9. "
        "What is the cost?"
    )
    right, slips = _cost(np.array([0.01, 0.6, 0.2]), np.array([1, 1, 0]))
    slips = {"{typed} is the loss of sample 1 alone.": log_loss(0.01, 1)} | slips
    hints = ["Only sample 1 costs something else now.", "Sample 1 costs −log 0.01."]
    praise = "One confident mistake again, on the other side."
    return AnswerBox(question, right, slips, hints, praise)


# ---- 05 · The gradient ----------------------------------------------------------------------


def ask_error() -> AnswerBox:
    question = "A model says a = 0.35, and the truth is y = 1. What is ∂L/∂z?"
    a, y = 0.35, 1
    slips = {
        "{typed} is y − a; the slope is a − y, and it is negative: push z up.": y - a,
        "{typed} is ∂L/∂a: you stopped before the sigmoid.": dloss_da(a, y),
        "{typed} is the slope of half the squared error.": (a - y) * a * (1 - a),
        "{typed} is the slope of the sigmoid, a(1 − a).": a * (1 - a),
        "{typed} is a, the prediction; subtract the truth.": a,
        "{typed} is the loss, not its slope.": log_loss(a, y),
    }
    hints = ["Prediction minus truth.", "Subtract 1 from 0.35."]
    return AnswerBox(question, dloss_dz(a, y), slips, hints, praise="Push z up.")


def ask_dloss_da() -> AnswerBox:
    question = "A model says a = 0.6, and the truth is y = 0. What is ∂L/∂a of log loss?"
    a, y = 0.6, 0
    slips = {
        "{typed} is −1/a, the slope for y = 1; the truth is 0.": dloss_da(a, 1),
        "{typed}: 1 − a falls when a rises, so the sign turns twice.": -dloss_da(a, y),
        "{typed} is the slope over z, a − y; here the slope over a is asked.": dloss_dz(a, y),
        "{typed} is the slope of the sigmoid, a(1 − a).": a * (1 - a),
        "{typed} is the loss, not its slope.": log_loss(a, y),
    }
    hints = ["For y = 0 only (1 − y)/(1 − a) is left.", "Divide 1 by what the truth got, 0.4."]
    praise = "Times the sigmoid's slope, 0.24, that is a − y."
    return AnswerBox(question, dloss_da(a, y), slips, hints, praise)


def _gradient(x: Array, a: Array, y: Array) -> tuple[Array, dict[str, Array]]:
    """The gradient of a batch for w, and what people get instead."""
    m = len(a)
    return parameter_gradient(x, a, y)[0], {
        "{typed}: the sign is that of y − a; the gradient has a − y.": (y - a) @ x / m,
        "{typed}: you have forgotten x.": np.full(x.shape[1], np.mean(a - y)),
        "{typed}: that is the gradient of half the squared error.": (a - y) * a * (1 - a) @ x / m,
        "{typed}: you stopped at ∂L/∂a; the sigmoid's slope is missing.": dloss_da(a, y) @ x / m,
    }


def ask_gradient_of_a_batch() -> AnswerBox:
    question = (
        "Two samples: x = 2, a = 0.7, y = 1 and x = 1, a = 0.9, y = 0. "
        "What is the gradient of their cost J?"
    )
    x = np.array([[2, 1], [1, 1]])  # the bias is a weight whose feature is 1
    a, y = np.array([0.7, 0.9]), np.array([1, 0])
    right, slips = _gradient(x, a, y)
    slips |= {"{typed}: those are the sums; take the means.": (a - y) @ x}
    hints = ["First a − y for each, then times x for w.", "The errors are −0.3 and 0.9."]
    praise = "Both positive: the confident mistake wins."
    return AnswerBox(question, right, slips, hints, praise, fields=["∂J/∂w", "∂J/∂b"])


# ---- 06 · One update step -------------------------------------------------------------------


def ask_gradient_for_w() -> AnswerBox:
    question = "A sample has x = [2, 1] and y = 1, and the model says a = 0.3. What is ∂L/∂w?"
    right, slips = _gradient(np.array([[2, 1]]), np.array([0.3]), np.array([1]))
    hints = ["First the error, a − y.", "Multiply the error, 0.3 − 1, by each feature."]
    praise = "The error times each feature."
    return AnswerBox(question, right, slips, hints, praise, fields=["∂L/∂w₁", "∂L/∂w₂"])


def _step(w: Any, x: Any, a: float, y: int, rate: float) -> tuple[Any, dict[str, Any]]:
    """The new weight or weights, and what people get instead."""
    dw = (a - y) * x
    return update_step(w, 0, dw, 0, rate)[0], {
        "{typed}: that went uphill; the step goes against the gradient.": w + rate * dw,
        "{typed}: you have forgotten x.": w - rate * (a - y),
        "{typed}: you have forgotten the learning rate.": w - dw,
        "{typed}: that is the gradient; take η times it from w.": dw,
        "{typed}: that is the change; add it to w.": -rate * dw,
        "{typed}: that is half the squared error's gradient.": w - rate * dw * a * (1 - a),
        "{typed}: you stopped at ∂L/∂a on the road back.": w - rate * dloss_da(a, y) * x,
    }


def ask_new_weights() -> AnswerBox:
    question = (
        "Now w = [0.7, 0.2], x = [1, 3] and y = 0, the model says a = 0.9, and η = 0.5. "
        "What is w after one step?"
    )
    right, slips = _step(np.array([0.7, 0.2]), np.array([1, 3]), a=0.9, y=0, rate=0.5)
    hints = ["The gradient is (a − y)x; take η times it from w.", "Here (a − y)x = [0.9, 2.7]."]
    praise = "The prediction was too high: both weights fall."
    return AnswerBox(question, right, slips, hints, praise, fields=["w₁", "w₂"])


def ask_promise() -> AnswerBox:
    question = (
        "A sample has x = [1, 2] and y = 1, the model says a = 0.5, and η = 0.3. "
        "How much loss does the tangent promise to take away?"
    )
    dw, db = parameter_gradient([1, 2], 0.5, 1)
    squares, rate = dw @ dw + db**2, 0.3
    slips = {
        "{typed} leaves out the bias.": rate * (dw @ dw),
        "{typed} is the sum of the squares; multiply it by η.": squares,
        "{typed} has the length of the gradient, not its square.": rate * np.sqrt(squares),
        "{typed} is the loss before the step.": log_loss(0.5, 1),
    }
    hints = ["Square all three slopes and add.", "The slopes are −0.5, −1 and −0.5."]
    praise = "The curve gives less."
    return AnswerBox(question, rate * squares, slips, hints, praise)


def ask_chance_to_pass() -> AnswerBox:
    question = (
        "The fitted model has w = 1.5046 and b = −4.0777. Which probability of passing "
        "does it give a student with 3 hours?"
    )
    w, b, hours = 1.5046, -4.0777, 3
    z = w * hours + b
    slips = {
        "{typed} is the score z; turn it into a probability.": z,
        "{typed} is the chance of failing.": sigmoid(-z),
        "{typed} is the odds; divide them by 1 + odds.": np.exp(z),
        "{typed} has 4.0777 added; the bias is negative.": sigmoid(w * hours - b),
        "{typed} leaves out the bias.": sigmoid(w * hours),
    }
    hints = ["First the score, z = wx + b.", "z = 1.5046 · 3 − 4.0777, then σ(z)."]
    praise = "A little more than an even chance, which is at 2.71 hours."
    return AnswerBox(question, sigmoid(z), slips, hints, praise, percent=True)


# ---- 07 · Find the bug ----------------------------------------------------------------------


def ask_loss_again() -> AnswerBox:
    question = "A model says a = 0.8, and the truth is y = 0. What is the loss?"
    right, slips = _loss(0.8)
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
    right, slips = _step(w=1.0, x=2.0, a=0.6, y=1, rate=0.5)
    hints = ["w − η(a − y)x, with the old numbers.", "a − y = −0.4, times x = 2, times η = 0.5."]
    praise = "The prediction was too small: w grows."
    return AnswerBox(question, right, slips, hints, praise)
