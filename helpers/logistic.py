"""The mathematics of the course: the sigmoid, log loss and their derivatives. NumPy only.

Numbers, lists or arrays go in and are broadcast against each other; float64 comes out, and a
plain Python float where every argument was a single number. Losses are in nats, because every
logarithm is natural. A label y may be soft: any number from 0 to 1.

All functions raise ValueError for NaN, for a or y outside [0, 1], for x, w, b, their gradients
or a learning rate that is not finite, for an integer too large for a float, for an argument that
holds no number, for shapes that do not broadcast, and for whatever else their own docstring
names; TypeError for what is not a real number, and for masked arrays. Infinite z is welcome.

Sources, with the number of the equation: Bishop, Pattern Recognition and Machine Learning (2006);
Hastie, Tibshirani and Friedman, The Elements of Statistical Learning (2nd edition, 2009).

0, infinity and underflow are results here, not warnings: that is what `np.errstate` says above
a function.
"""

from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .language import say

Array = NDArray[np.float64]
Numbers = Any  # a float where every argument was a single number, else an Array


@np.errstate(all="ignore")
def sigmoid(z: ArrayLike) -> Numbers:
    """Turn any score into a probability: a = 1 / (1 + e^(-z)) = e^z / (1 + e^z).

    z : logit, any shape, from -inf to inf
    Returns a : probability, the shape of z, from 0 to 1
    Source: Bishop 4.59.

    >>> print(sigmoid([-1000, 0, 2]).round(3))
    [0.    0.5   0.881]
    """
    z = _numbers("z", z)
    return _plain(np.where(z < 0, np.exp(z) / (1 + np.exp(z)), 1 / (1 + np.exp(-z))))


@np.errstate(all="ignore")
def logit(a: ArrayLike) -> Numbers:
    """Turn a probability back into its score: z = log(a / (1 - a)), the inverse of the sigmoid.

    `np.log1p(x)` is log(1 + x) with every digit: near a = 0.5 the odds a / (1 - a) are so close
    to 1 that their plain logarithm would lose most of them.

    a : probability, any shape, from 0 to 1
    Returns z : logit, the shape of a; -inf at a = 0 and inf at a = 1
    Source: Bishop 4.61.

    >>> print(logit([0.9, 0.6, 0.2]).round(3))
    [ 2.197  0.405 -1.386]
    """
    a = _probabilities("a", a)
    odds, odds_minus_1 = a / (1 - a), (2 * a - 1) / (1 - a)
    return _plain(np.where(a < 0.25, np.log(odds), np.log1p(odds_minus_1)))


@np.errstate(all="ignore")
def log_loss(a: ArrayLike, y: ArrayLike) -> Numbers:
    """Charge each prediction its log loss: L = -[y log a + (1 - y) log(1 - a)].

    Exactly 0 where the prediction is certain and right, inf where it is certain and wrong:
    nothing is clipped. `np.where` puts 0 for a label that did not happen, where 0 · log 0 would
    be NaN.

    a : predicted probability of y = 1, from 0 to 1
    y : true label, 0 or 1, or soft
    Returns L : loss in nats, one for each prediction, from 0 to inf
    Source: Bishop 4.90, one term of the sum.

    >>> print(log_loss([0.9, 0.6, 0.2], [1, 1, 0]).round(3))
    [0.105 0.511 0.223]
    """
    a, y = _probabilities("a", a), _probabilities("y", y)
    if_one = np.where(y > 0, -y * np.log(a), 0)
    if_zero = np.where(y < 1, -(1 - y) * np.log1p(-a), 0)
    return _plain(if_one + if_zero)


@np.errstate(all="ignore")
def log_loss_from_logit(z: ArrayLike, y: ArrayLike) -> Numbers:
    """Charge each score its log loss: L = y log(1 + e^(-z)) + (1 - y) log(1 + e^z).

    `np.logaddexp(0, z)` is log(1 + e^z), which neither overflows nor loses a digit.

    z : logit, from -inf to inf
    y : true label, 0 or 1, or soft
    Returns L : loss in nats, one for each score, from 0 to inf
    Source: Hastie, Tibshirani and Friedman 4.20, one term of the sum with its sign changed.

    >>> print(log_loss_from_logit([2.197, 40, -1000], [1, 0, 0]).round(3))
    [ 0.105 40.     0.   ]
    """
    z, y = _numbers("z", z), _probabilities("y", y)
    if_one = np.where(y > 0, y * np.logaddexp(0, -z), 0)
    if_zero = np.where(y < 1, (1 - y) * np.logaddexp(0, z), 0)
    return _plain(if_one + if_zero)


@np.errstate(all="ignore")
def mean_log_loss(a: ArrayLike, y: ArrayLike) -> float:
    """Average the log losses of a batch: J = (1/m) (L_1 + ... + L_m).

    a : predicted probabilities of y = 1, from 0 to 1
    y : true labels, 0 or 1, or soft
    Returns J : mean loss in nats, from 0 to inf
    Source: Bishop 4.90, divided by m.

    >>> print(f"{mean_log_loss([0.9, 0.6, 0.2], [1, 1, 0]):.3f}")
    0.280
    """
    return float(np.mean(log_loss(a, y)))


@np.errstate(all="ignore")
def dloss_da(a: ArrayLike, y: ArrayLike) -> Numbers:
    """Slope of the loss over a: dL/da = -y / a + (1 - y) / (1 - a) = (a - y) / (a (1 - a)).

    a : predicted probability of y = 1, from 0 to 1
    y : true label, 0 or 1, or soft
    Returns dL/da : nats per unit of probability; 1 at a = y = 0 and -1 at a = y = 1
    Source: the derivative of Bishop 4.90, worked out in notebook 05.

    >>> print(f"{dloss_da(0.01, 1):.3f}")
    -100.000
    """
    a, y = _probabilities("a", a), _probabilities("y", y)
    slope = (a - y) / (a * (1 - a))
    return _plain(np.where(np.isnan(slope), 1 - 2 * y, slope))  # 0 / 0 at a = y = 0 and a = y = 1


@np.errstate(all="ignore")
def dsigmoid_dz(z: ArrayLike) -> Numbers:
    """Slope of the sigmoid over z: da/dz = a (1 - a).

    Worked out as e^(-|z|) / (1 + e^(-|z|))^2, the same from either side: from z = 40 on, a
    rounds to 1 and 1 - a would have no digit left. The square is multiplied out, which
    rounds once less.

    z : logit, any shape, from -inf to inf
    Returns da/dz : probability per unit of z, the shape of z, from 0 to 0.25
    Source: Bishop 4.88.

    >>> print(dsigmoid_dz([-4, 0, 4]).round(3))
    [0.018 0.25  0.018]
    """
    power = np.exp(-np.abs(_numbers("z", z)))
    return _plain(power / (1 + power * (2 + power)))


def dloss_dz(a: ArrayLike, y: ArrayLike) -> Numbers:
    """Slope of the loss over z, by the chain rule: dL/dz = dL/da · da/dz = a - y.

    a : predicted probability of y = 1, from 0 to 1
    y : true label, 0 or 1, or soft
    Returns dL/dz : nats per unit of z, from -1 to 1
    Source: Bishop 4.91, one sample's error.

    >>> print(dloss_dz([0.9, 0.6, 0.2], [1, 1, 0]).round(3))
    [-0.1 -0.4  0.2]
    """
    a, y = _probabilities("a", a), _probabilities("y", y)
    return _plain(a - y)


@np.errstate(all="ignore")
def parameter_gradient(x: ArrayLike, a: ArrayLike, y: ArrayLike) -> tuple[Array, float]:
    """Slopes of the loss over w and b: dw = (a - y) x and db = a - y, or their batch means.

    x : features, of shape (n,) for one sample or (m, n) for a batch of m; finite
    a : predicted probability of y = 1: one number for one sample, shape (m,) for a batch
    y : true label, 0 or 1, or soft; as many as a
    Returns dw, db : nats per unit of w, of shape (n,), and per unit of b
    Raises ValueError: a and y do not count the samples
    Source: Bishop 4.91, divided by m.

    >>> dw, db = parameter_gradient(x=[2, 1], a=0.3, y=1)
    >>> print(dw.round(3), round(db, 3))
    [-1.4 -0.7] -0.7
    """
    x, a, y = _finite("x", x), _probabilities("a", a), _probabilities("y", y)
    _count_samples(x, a, y)
    error = np.atleast_1d(a - y)
    # Divided by m before the sum, so that not even the largest features overflow.
    return (error / error.size) @ np.atleast_2d(x), float(error.mean())


@np.errstate(all="ignore")
def update_step(
    w: ArrayLike, b: ArrayLike, dw: ArrayLike, db: ArrayLike, learning_rate: float
) -> tuple[Numbers, Numbers]:
    """Take one step downhill: w - learning_rate · dw and b - learning_rate · db.

    w, b : weights and bias, finite
    dw, db : their gradients at the old w and b, finite
    learning_rate : length of the step, one finite number, 0 or more
    Returns w, b : new objects; the old ones are as they were
    Raises ValueError: learning_rate is negative
    Source: Bishop 5.41.

    >>> w, b = update_step(w=[0, 0], b=-0.847, dw=[-1.4, -0.7], db=-0.7, learning_rate=0.1)
    >>> print(w.round(3), round(b, 3))
    [0.14 0.07] -0.777
    """
    w, b, dw, db = _finite("w", w), _finite("b", b), _finite("dw", dw), _finite("db", db)
    rate = _learning_rate(learning_rate)
    return _plain(w - rate * dw), _plain(b - rate * db)


LARGEST = float(np.finfo(np.float64).max)


def _numbers(name: str, value: ArrayLike) -> Array:
    return _within(name, value, -np.inf, np.inf, say("{name} must not be NaN: received {value}"))


def _finite(name: str, value: ArrayLike) -> Array:
    return _within(name, value, -LARGEST, LARGEST, say("{name} must be finite: received {value}"))


def _probabilities(name: str, value: ArrayLike) -> Array:
    rule = say("{name} must lie between 0 and 1: received {value}")
    return _within(name, value, 0, 1, rule) + 0  # + 0: no -0.0, over which -1 would be +inf


def _learning_rate(value: ArrayLike) -> Array:
    rule = say("{name} must be finite and 0 or more: received {value}")
    rate = _within("learning_rate", value, 0, LARGEST, rule)
    if rate.ndim:
        rule = say("learning_rate must be one number: received shape {shape}")
        raise ValueError(rule.format(shape=rate.shape))
    return rate


def _count_samples(x: Array, a: Array, y: Array) -> None:
    if x.ndim not in (1, 2):
        rule = say("x must have shape (n,) or (m, n): received shape {shape}")
        raise ValueError(rule.format(shape=x.shape))
    if not a.shape == y.shape == x.shape[:-1]:
        rule = say("a and y must have shape {right} when x has shape {x}: received {a} and {y}")
        raise ValueError(rule.format(right=x.shape[:-1], x=x.shape, a=a.shape, y=y.shape))


def _within(name: str, value: ArrayLike, low: float, high: float, rule: str) -> Array:
    """Return value as float64; the errors show numbers as Python does, with its own minus."""
    array = _floats(name, value)
    if array.size == 0:
        empty = say("{name} must hold at least one number: received shape {shape}")
        raise ValueError(empty.format(name=name, shape=array.shape))
    outside = array[~((array >= low) & (array <= high))]  # NaN fails every comparison
    if outside.size:
        raise ValueError(rule.format(name=name, value=outside[0]))
    return array


def _floats(name: str, value: ArrayLike) -> Array:
    rule = say("{name} must be real numbers: received {value}")
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError(rule.format(name=name, value=repr(value)))
    if not (isinstance(value, np.ndarray) and value.dtype.kind in "biuf"):  # b: bool, u: unsigned
        value = np.asarray(value, dtype=object)
        for item in value.flat:
            if not isinstance(item, (Real, np.bool_)):
                raise TypeError(rule.format(name=name, value=repr(item)))
    try:
        return value.astype(np.float64, copy=False)
    except OverflowError:
        rule = say("{name} must fit into a float: received {value}")
        first = next(item for item in value.flat if LARGEST < abs(item) < np.inf)
        raise ValueError(rule.format(name=name, value=f"{Decimal(int(first)):.3e}")) from None


def _plain(result: Array) -> Numbers:
    """Turn the result for single numbers into Python's own float."""
    return result if result.ndim else float(result)
