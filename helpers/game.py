"""Be the model: eight statements, a probability for each, and log loss for all of them."""

import numpy as np

from .engine.boxes import Bets
from .logistic import log_loss

STATEMENTS = [
    ("The log loss of a single prediction can be larger than 1.", True,
     "It passes 1 where the truth is given less than 0.368, and it has no upper end."),
    ("A prediction on the right side of 0.5 costs nothing.", False,
     "Sample 2 is on the right side, and its loss is 0.511."),
    ("At a = 0.5 the loss is the same for y = 1 and for y = 0.", True,
     "The truth gets one half either way: 0.693."),
    ("With y = 1, going from a = 0.1 to a = 0.01 makes the loss ten times as large.", False,
     "It adds log 10: from 2.303 to 4.605, twice as much."),
    ("The cost of a batch can be larger than each of its losses.", False,
     "It is their mean, which never lies above the largest."),
    ("exp(−J) is the geometric mean of the probabilities that the truths were given.", True,
     "Adding logarithms multiplies what is inside."),
    ("A model with a cost of 0.693 always does as well as one that says the base rate.", False,
     "Only if both labels are equally common. Otherwise saying the base rate costs less."),
    ("On the same batch, the model with the larger likelihood has the smaller cost.", True,
     "The cost is −log of the likelihood, divided by m."),
]  # fmt: skip
REPLIES = {
    "slider": "{percent} % sure that it is true",
    "paper": "Probability that it is true: ______ %",
    "score": "Score me",
    "again": "Start again",
    "true": "True.",
    "false": "False.",
    "item": "You were {percent} % sure that it is true, so the truth got {given} %: "
    "a loss of {cost}.",
    "mean": "Your cost, the mean of these losses, is {mean}.",
    "better": "Always saying 50 % would have cost {chance}: you did better.",
    "worse": "Always saying 50 % would have cost {chance}: you did worse.",
    "same": "Always saying 50 % would have cost {chance}: you did no better and no worse.",
    "worst": "Your most expensive confident mistake is statement {number}, a loss of {cost}.",
    "none": "No confident mistake: you gave no truth less than 50 %.",
}


def be_the_model() -> Bets:
    """Eight statements to which the learner gives probabilities."""
    percents = np.arange(101)
    return Bets(STATEMENTS, [log_loss(percents / 100, y).tolist() for y in (0, 1)], REPLIES)
