"""The mathematics of the course: the sigmoid, log loss and their derivatives. NumPy only.

Numbers, lists or arrays go in and are broadcast; float64 comes out, and a plain Python float
where every argument was a single number. Losses are in nats (natural logarithms).

Every function raises ValueError for NaN, for an empty argument, for shapes that do not
broadcast and for a probability or label outside [0, 1]; TypeError for what is not a number.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatOrArray = float | NDArray[np.float64]


def sigmoid(z: ArrayLike) -> FloatOrArray:
    r"""Turn a logit into a probability: a = 1 / (1 + e^(-z)).

    >>> sigmoid([-2, 0, 2]).round(3).tolist()
    [0.119, 0.5, 0.881]
    """
    (z,) = _numbers(z=z)
    with _quiet():
        e = np.exp(-np.abs(z))
        return _plain(np.where(z < 0, e, 1.0) / (1 + e))


def logit(a: ArrayLike) -> FloatOrArray:
    """Turn a probability back into its logit: z = log(a / (1 - a)).

    >>> round(logit(0.3), 3)
    -0.847
    """
    (a,) = _probabilities(a=a)
    with _quiet():
        return _plain(2 * np.arcsinh((2 * a - 1) / (2 * np.sqrt(a * (1 - a)))))


def log_loss(a: ArrayLike, y: ArrayLike) -> FloatOrArray:
    """Charge each prediction: L = -[y log a + (1 - y) log(1 - a)].

    >>> log_loss([0.9, 0.6, 0.2], [1, 1, 0]).round(3).tolist()
    [0.105, 0.511, 0.223]
    """
    a, y = _probabilities(a=a, y=y)
    with _quiet():
        # A term switched off at its infinite end is 0 times infinity, NaN: fmax makes it 0.
        if_one = np.fmax(0 - y * np.log(a), 0)
        if_zero = np.fmax(0 - (1 - y) * np.log1p(-a), 0)
        return _plain(if_one + if_zero)


def log_loss_from_logit(z: ArrayLike, y: ArrayLike) -> FloatOrArray:
    """Charge each prediction from its logit: L = log(1 + e^(-z)) if y = 1, log(1 + e^z) if y = 0.

    >>> log_loss_from_logit(40, 0)
    40.0
    """
    z, y = _numbers(z=z), _probabilities(y=y)
    z, y = _broadcast(z=z[0], y=y[0])
    with _quiet():
        distance = np.fmax(z * ((z > 0) - y), 0)
        return _plain(distance + np.log1p(np.exp(-np.abs(z))))


def mean_log_loss(a: ArrayLike, y: ArrayLike) -> float:
    """Average the losses of a batch: J = (1/m) (L_1 + ... + L_m).

    >>> round(mean_log_loss([0.9, 0.6, 0.2], [1, 1, 0]), 3)
    0.28
    """
    return float(np.mean(log_loss(a, y)))


def dloss_da(a: ArrayLike, y: ArrayLike) -> FloatOrArray:
    """Slope of the loss over a: dL/da = (a - y) / (a (1 - a)).

    >>> round(dloss_da(0.01, 1), 3)
    -100.0
    """
    a, y = _probabilities(a=a, y=y)
    with _quiet():
        slope = (a - y) / (a * (1 - a))
        return _plain(np.where(np.isnan(slope), 1 - 2 * y, slope))


def dsigmoid_dz(z: ArrayLike) -> FloatOrArray:
    """Slope of the sigmoid over z: da/dz = a (1 - a).

    >>> dsigmoid_dz(0)
    0.25
    """
    (z,) = _numbers(z=z)
    with _quiet():
        e = np.exp(-np.abs(z))
        return _plain(e / (1 + e) ** 2)


def dloss_dz(a: ArrayLike, y: ArrayLike) -> FloatOrArray:
    """Slope of the loss over z: dL/dz = a - y, the product of the other two.

    >>> round(dloss_dz(0.2, 1), 3)
    -0.8
    """
    a, y = _probabilities(a=a, y=y)
    return _plain(a - y)


def parameter_gradient(
    x: ArrayLike, a: ArrayLike, y: ArrayLike
) -> tuple[NDArray[np.float64], float]:
    """Slopes of the loss over w and b: dw = (a - y) x, db = a - y; for a batch, their means.

    >>> dw, db = parameter_gradient([2, 1], a=0.3, y=1)
    >>> dw.round(3).tolist(), round(db, 3)
    ([-1.4, -0.7], -0.7)
    """
    (x,) = _finite(x=x)
    a, y = _probabilities(a=a, y=y)
    if x.ndim not in (1, 2):
        raise ValueError(f"x must have the shape (n,) or (m, n): received {x.shape}")
    if a.shape != x.shape[:-1]:
        raise ValueError(
            f"a and y must have the shape {x.shape[:-1]} when x has {x.shape}: received {a.shape}"
        )
    with _quiet():
        if x.ndim == 1:
            return (a - y) * x, float(a - y)
        share = (a - y) / len(x)
        return share @ x, float(share.sum())


def update_step(
    w: ArrayLike, b: ArrayLike, dw: ArrayLike, db: ArrayLike, learning_rate: float
) -> tuple[FloatOrArray, FloatOrArray]:
    """Step downhill: w - learning_rate dw and b - learning_rate db.

    >>> w, b = update_step([0, 0], -0.847, [-1.4, -0.7], -0.7, learning_rate=0.1)
    >>> w.round(3).tolist(), round(b, 3)
    ([0.14, 0.07], -0.777)
    """
    w, dw = _finite(w=w, dw=dw)
    b, db = _finite(b=b, db=db)
    (rate,) = _finite(learning_rate=learning_rate)
    if rate.ndim or rate < 0:
        raise ValueError(f"learning_rate must be one number, 0 or more: received {learning_rate}")
    with _quiet():
        return _plain(w - rate * dw), _plain(b - rate * db)


def _numbers(**named: ArrayLike) -> list[NDArray[np.float64]]:
    arrays = []
    for name, value in named.items():
        array = np.asarray(value)
        if array.dtype.kind not in "biuf":
            raise TypeError(f"{name} must be real numbers: received {value!r}")
        array = array.astype(np.float64, copy=False)
        if array.size == 0:
            raise ValueError(f"{name} must hold at least one number: received none")
        _require(name, array, "be a number, not NaN", lambda values: ~np.isnan(values))
        arrays.append(array)
    return _broadcast(**dict(zip(named, arrays, strict=True)))


def _probabilities(**named: ArrayLike) -> list[NDArray[np.float64]]:
    arrays = _numbers(**named)
    for name, array in zip(named, arrays, strict=True):
        _require(name, array, "lie between 0 and 1", lambda values: (values >= 0) & (values <= 1))
    return arrays


def _finite(**named: ArrayLike) -> list[NDArray[np.float64]]:
    arrays = _numbers(**named)
    for name, array in zip(named, arrays, strict=True):
        _require(name, array, "be finite", np.isfinite)
    return arrays


def _require(name, array, rule, test):
    passed = test(array)
    if not passed.all():
        raise ValueError(f"{name} must {rule}: received {array[~passed].flat[0]}")


def _broadcast(**arrays):
    try:
        return np.broadcast_arrays(*arrays.values())
    except ValueError:
        shapes = " and ".join(f"{name} {array.shape}" for name, array in arrays.items())
        raise ValueError(f"shapes must broadcast: received {shapes}") from None


def _quiet():
    """Let 0, infinity and underflow come out as results, whatever the caller's settings."""
    return np.errstate(all="ignore")


def _plain(result: NDArray[np.float64]) -> FloatOrArray:
    return float(result) if result.ndim == 0 else result
