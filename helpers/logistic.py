"""The mathematics of the course: the sigmoid, log loss and their derivatives. NumPy only.

Numbers, lists or arrays go in and are broadcast against each other; float64 comes out, and a
plain Python float where every argument was a single number. Losses are in nats, because every
logarithm is natural. A label y may be soft: any number from 0 to 1.

All functions raise ValueError for NaN, for an argument that holds no number, for shapes that
do not broadcast, and for whatever else their own docstring names; TypeError for what is not a
real number. Infinite z is welcome; x, w, b and their gradients must be finite.
"""

from collections.abc import Callable
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

BLOCK = 16_384  # numbers worked on at a time: few enough to stay in the processor's cache


def sigmoid(z: ArrayLike) -> float | Array:
    """Turn any score into a probability: a = 1 / (1 + e^(-z)) = e^z / (1 + e^z).

    Parameters
    ----------
    z : logit, any shape, from -inf to inf

    Returns
    -------
    a : probability, the shape of z, from 0 to 1

    Source
    ------
    Bishop, Pattern Recognition and Machine Learning (2006), equation 4.59.

    Examples
    --------
    >>> print(sigmoid([-1000, 0, 2]).round(3))
    [0.    0.5   0.881]
    """

    def formula(z: Array) -> Array:
        power = np.exp(np.minimum(z, 40))  # from 40 on, a rounds to 1 and e^z would overflow
        return power / (1 + power)

    return _by_element(formula, _numbers("z", z))


def logit(a: ArrayLike) -> float | Array:
    """Turn a probability back into its score: z = log(a / (1 - a)), the inverse of the sigmoid.

    Worked out as 2 arsinh((2a - 1) / (2 √(a (1 - a)))), which is the same number: sinh(z / 2)
    is half of √(a / (1 - a)) - √((1 - a) / a). Near a = 0.5 the quotient a / (1 - a) is so
    close to 1 that its logarithm would lose most of its digits.

    Parameters
    ----------
    a : probability, any shape, from 0 to 1

    Returns
    -------
    z : logit, the shape of a; -inf at a = 0 and inf at a = 1

    Raises
    ------
    ValueError : a is outside [0, 1]

    Source
    ------
    Bishop, Pattern Recognition and Machine Learning (2006), equation 4.61.

    Examples
    --------
    >>> print(logit([0.9, 0.6, 0.2]).round(3))
    [ 2.197  0.405 -1.386]
    """

    def formula(a: Array) -> Array:
        spread = a * (1 - a) + 0  # + 0: at a = -0.0 the end would be inf, not -inf
        return 2 * np.arcsinh((2 * a - 1) / (2 * np.sqrt(spread)))

    return _by_element(formula, _probabilities("a", a))


def log_loss(a: ArrayLike, y: ArrayLike) -> float | Array:
    """Charge each prediction its log loss: L = -[y log a + (1 - y) log(1 - a)].

    Exactly 0 where the prediction is certain and right, inf where it is certain and wrong:
    nothing is clipped.

    Parameters
    ----------
    a : predicted probability of y = 1, from 0 to 1
    y : true label, 0 or 1 (or soft, between them), of a shape that broadcasts with a

    Returns
    -------
    L : loss in nats, one for each prediction, from 0 to inf

    Raises
    ------
    ValueError : a or y is outside [0, 1]

    Source
    ------
    Bishop, Pattern Recognition and Machine Learning (2006), equation 4.90, one term of the sum.

    Examples
    --------
    >>> print(log_loss([0.9, 0.6, 0.2], [1, 1, 0]).round(3))
    [0.105 0.511 0.223]
    """

    def formula(a: Array, y: Array) -> Array:
        # A switched-off term at its infinite end is 0 · (-inf) = NaN; fmin puts the 0 there.
        if_one = np.fmin(y * np.log(a), 0)
        if_zero = np.fmin((1 - y) * np.log1p(-a), 0)
        return 0 - (if_one + if_zero)  # a bare minus would turn 0.0 into -0.0

    return _by_element(formula, _probabilities("a", a), _probabilities("y", y))


def log_loss_from_logit(z: ArrayLike, y: ArrayLike) -> float | Array:
    """Charge each score its log loss: L = y log(1 + e^(-z)) + (1 - y) log(1 + e^z).

    Worked out as |z| times the share of the label that z is wrong about, plus
    log(1 + e^(-|z|)): nothing overflows, and no digit is lost however large z is.

    Parameters
    ----------
    z : logit, from -inf to inf
    y : true label, 0 or 1 (or soft, between them), of a shape that broadcasts with z

    Returns
    -------
    L : loss in nats, one for each score, from 0 to inf

    Raises
    ------
    ValueError : y is outside [0, 1]

    Source
    ------
    Hastie, Tibshirani and Friedman, The Elements of Statistical Learning (2nd edition, 2009),
    equation 4.20, one term of the sum with its sign changed.

    Examples
    --------
    >>> print(log_loss_from_logit([2.197, 40, -1000], [1, 0, 0]).round(3))
    [ 0.105 40.     0.   ]
    """

    def formula(z: Array, y: Array) -> Array:
        wrong = (z > 0) - y  # of z's sign, or 0, so that z times it is never negative
        return np.fmax(z * wrong, 0) + np.log1p(np.exp(-np.abs(z)))  # fmax: inf · 0 counts 0

    return _by_element(formula, _numbers("z", z), _probabilities("y", y))


def mean_log_loss(a: ArrayLike, y: ArrayLike) -> float:
    """Average the log losses of a batch: J = (1/m) (L_1 + ... + L_m).

    Parameters
    ----------
    a : predicted probabilities of y = 1, from 0 to 1
    y : true labels, 0 or 1 (or soft, between them), of a shape that broadcasts with a

    Returns
    -------
    J : mean loss in nats, from 0 to inf

    Raises
    ------
    ValueError : a or y is outside [0, 1]

    Source
    ------
    Bishop, Pattern Recognition and Machine Learning (2006), equation 4.90, divided by m.

    Examples
    --------
    >>> print(f"{mean_log_loss([0.9, 0.6, 0.2], [1, 1, 0]):.3f}")
    0.280
    """
    return float(np.mean(log_loss(a, y)))


def dloss_da(a: ArrayLike, y: ArrayLike) -> float | Array:
    """Slope of the loss over a: dL/da = -y / a + (1 - y) / (1 - a) = (a - y) / (a (1 - a)).

    Parameters
    ----------
    a : predicted probability of y = 1, from 0 to 1
    y : true label, 0 or 1 (or soft, between them), of a shape that broadcasts with a

    Returns
    -------
    dL/da : nats per unit of probability, from -inf to inf; 1 at a = y = 0 and -1 at a = y = 1

    Raises
    ------
    ValueError : a or y is outside [0, 1]

    Source
    ------
    The derivative of Bishop's equation 4.90, worked out in notebook 05.

    Examples
    --------
    >>> print(f"{dloss_da(0.01, 1):.3f}")
    -100.000
    """

    def formula(a: Array, y: Array) -> Array:
        slope = (a - y) / (a * (1 - a) + 0)  # + 0: at a = -0.0 its sign would be the other
        # 0 / 0, NaN, only where a = y = 0 (the term 1 / (1 - a) is left) or a = y = 1 (-1 / a).
        return np.where(np.isnan(slope), 1 - 2 * y, slope)

    return _by_element(formula, _probabilities("a", a), _probabilities("y", y))


def dsigmoid_dz(z: ArrayLike) -> float | Array:
    """Slope of the sigmoid over z: da/dz = a (1 - a).

    Worked out as e^(-|z|) / (1 + e^(-|z|))^2, the same from either side: from z = 40 on, a
    rounds to 1 and 1 - a would have no digit left.

    Parameters
    ----------
    z : logit, any shape, from -inf to inf

    Returns
    -------
    da/dz : probability per unit of z, the shape of z, from 0 to 0.25

    Source
    ------
    Bishop, Pattern Recognition and Machine Learning (2006), equation 4.88.

    Examples
    --------
    >>> print(dsigmoid_dz([-4, 0, 4]).round(3))
    [0.018 0.25  0.018]
    """

    def formula(z: Array) -> Array:
        power = np.exp(-np.abs(z))
        return power / (1 + power * (2 + power))  # (1 + power)^2, rounded once less

    return _by_element(formula, _numbers("z", z))


def dloss_dz(a: ArrayLike, y: ArrayLike) -> float | Array:
    """Slope of the loss over z, by the chain rule: dL/dz = dL/da · da/dz = a - y.

    Parameters
    ----------
    a : predicted probability of y = 1, from 0 to 1
    y : true label, 0 or 1 (or soft, between them), of a shape that broadcasts with a

    Returns
    -------
    dL/dz : nats per unit of z, from -1 to 1

    Raises
    ------
    ValueError : a or y is outside [0, 1]

    Source
    ------
    Bishop, Pattern Recognition and Machine Learning (2006), equation 4.91, one sample's error.

    Examples
    --------
    >>> print(dloss_dz([0.9, 0.6, 0.2], [1, 1, 0]).round(3))
    [-0.1 -0.4  0.2]
    """

    def formula(a: Array, y: Array) -> Array:
        return a - y

    return _by_element(formula, _probabilities("a", a), _probabilities("y", y))


def parameter_gradient(x: ArrayLike, a: ArrayLike, y: ArrayLike) -> tuple[Array, float]:
    """Slopes of the loss over w and b: dw = (a - y) x and db = a - y, or their batch means.

    Parameters
    ----------
    x : features, of shape (n,) for one sample or (m, n) for a batch of m; finite
    a : predicted probability of y = 1: one number for one sample, shape (m,) for a batch
    y : true label, 0 or 1 (or soft, between them), as many as a

    Returns
    -------
    dw : nats per unit of w, shape (n,)
    db : nats per unit of b

    Raises
    ------
    ValueError : a or y is outside [0, 1], x is not finite, or a and y do not count the samples

    Source
    ------
    Bishop, Pattern Recognition and Machine Learning (2006), equation 4.91, divided by m.

    Examples
    --------
    >>> dw, db = parameter_gradient(x=[2, 1], a=0.3, y=1)
    >>> print(dw.round(3), round(db, 3))
    [-1.4 -0.7] -0.7
    """
    x, a, y = _finite("x", x), _probabilities("a", a), _probabilities("y", y)
    if x.ndim not in (1, 2):
        raise ValueError(f"x must have shape (n,) or (m, n): received shape {x.shape}")
    samples = x.shape[:-1]
    if a.shape != samples or y.shape != samples:
        rule = f"a and y must have shape {samples} when x has shape {x.shape}"
        raise ValueError(f"{rule}: received shapes {a.shape} and {y.shape}")
    with np.errstate(all="ignore"):
        error = np.atleast_1d(a - y)
        # Divided by m before the sum, so that not even the largest features overflow.
        return (error / error.size) @ np.atleast_2d(x), float(error.mean())


def update_step(
    w: ArrayLike, b: ArrayLike, dw: ArrayLike, db: ArrayLike, learning_rate: float
) -> tuple[float | Array, float | Array]:
    """Take one step downhill: w - learning_rate · dw and b - learning_rate · db.

    Parameters
    ----------
    w, b : weights and bias, finite
    dw, db : their gradients at the old w and b, finite
    learning_rate : length of the step, one finite number, 0 or more

    Returns
    -------
    w, b : new objects; the old ones are as they were

    Raises
    ------
    ValueError : an argument is not finite, or learning_rate is negative

    Source
    ------
    Bishop, Pattern Recognition and Machine Learning (2006), equation 5.41.

    Examples
    --------
    >>> w, b = update_step(w=[0, 0], b=-0.847, dw=[-1.4, -0.7], db=-0.7, learning_rate=0.1)
    >>> print(w.round(3), round(b, 3))
    [0.14 0.07] -0.777
    """
    rate = _within("learning_rate", learning_rate, 0, _LARGEST, "be finite and 0 or more")
    if rate.ndim:
        raise ValueError(f"learning_rate must be one number: received shape {rate.shape}")

    def formula(old: Array, slope: Array) -> Array:
        return old - rate * slope

    new_w = _by_element(formula, _finite("w", w), _finite("dw", dw))
    new_b = _by_element(formula, _finite("b", b), _finite("db", db))
    return new_w, new_b


_LARGEST = np.finfo(np.float64).max


def _numbers(name: str, value: ArrayLike) -> Array:
    return _within(name, value, -np.inf, np.inf, "not be NaN")


def _finite(name: str, value: ArrayLike) -> Array:
    return _within(name, value, -_LARGEST, _LARGEST, "be finite")


def _probabilities(name: str, value: ArrayLike) -> Array:
    return _within(name, value, 0, 1, "lie between 0 and 1")


def _within(name: str, value: ArrayLike, low: float, high: float, rule: str) -> Array:
    """Return value as float64, or raise an error that names the rule and what broke it."""
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":  # bool, integers, floats
        array = np.asarray(value, dtype=object)
        for item in array.flat:
            if not isinstance(item, Real):
                raise TypeError(f"{name} must be real numbers: received {item!r}")
    array = array.astype(np.float64, copy=False)
    if array.size == 0:
        raise ValueError(f"{name} must hold at least one number: received shape {array.shape}")
    if not (array.min() >= low and array.max() <= high):  # NaN fails every comparison
        first = array[~((array >= low) & (array <= high))][0]
        raise ValueError(f"{name} must {rule}: received {first}")
    return array


def _by_element(formula: Callable[..., Array], *arrays: Array) -> float | Array:
    """Broadcast the arrays and apply the formula block by block, without a warning.

    0, infinity and underflow are results here, whatever np.errstate the caller has set. Blocks
    keep a formula's intermediate results in the cache: twice as fast on a million numbers.
    """
    try:
        np.broadcast_shapes(*(array.shape for array in arrays))
    except ValueError:
        shapes = " and ".join(str(array.shape) for array in arrays)
        raise ValueError(f"shapes must broadcast: received {shapes}") from None
    access = [["readonly"]] * len(arrays) + [["writeonly", "allocate"]]
    options = {"flags": ["external_loop", "buffered"], "op_flags": access, "buffersize": BLOCK}
    with np.errstate(all="ignore"), np.nditer([*arrays, None], **options) as blocks:
        for *inputs, output in blocks:
            output[...] = formula(*inputs)
        result = blocks.operands[-1]
    return result if result.ndim else float(result)
