"""The mathematics against oracles that share no formula with it.

mpmath works every function out to 60 digits over the whole range of float64; fractions are
worked by hand; published numbers come from the course and its sources.
"""

import doctest
import functools
import math
import warnings
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from helpers import logistic
from helpers.logistic import (
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

inf, nan = math.inf, math.nan
LARGEST = np.finfo(np.float64).max
TINIEST = 5e-324
PUBLIC = (
    *(sigmoid, logit, log_loss, log_loss_from_logit, mean_log_loss),
    *(dloss_da, dsigmoid_dz, dloss_dz, parameter_gradient, update_step),
)


@pytest.fixture(autouse=True)
def strict():
    """Every test runs as the strictest caller would: no warning, no floating-point flag."""
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        yield


def test_examples_in_the_docstrings():
    failed, attempted = doctest.testmod(logistic)
    assert failed == 0
    assert attempted >= len(PUBLIC)
    assert all(">>>" in function.__doc__ and "Source" in function.__doc__ for function in PUBLIC)


# Accuracy


def logits(seed=1, count=100):
    rng = np.random.default_rng(seed)
    sizes = [
        10 ** rng.uniform(-307, 308.25, count),
        10 ** rng.uniform(-20, 3, count),
        rng.uniform(0, 50, 3 * count),
        rng.uniform(700, 750, count),
        [TINIEST, 1e-310, 1.0, 36.7, 40.0, 709.8, 745.1, 746.0, 1.7e308, LARGEST],
    ]
    sizes = np.concatenate(sizes)
    return np.concatenate([-sizes, [0.0], sizes])


def inner_probabilities(seed=2, count=100):
    rng = np.random.default_rng(seed)
    near_half = np.ldexp(rng.uniform(-1, 1, 2 * count), -rng.integers(1, 50, 2 * count))
    small = np.concatenate([
        10 ** rng.uniform(-307, -1, 2 * count),
        10 ** rng.uniform(-16, -1, 2 * count),
        rng.integers(1, 2**52, 30) * TINIEST,
        [TINIEST, 1e-310, 0.25],
    ])  # fmt: skip
    a = np.concatenate([small, 1 - small, 0.5 + near_half, rng.uniform(0, 1, 2 * count)])
    return a[(a > 0) & (a < 1)]


def soft_labels(size, seed=3):
    rng = np.random.default_rng(seed)
    y = rng.uniform(0, 1, size)
    y[::3] = 10 ** rng.uniform(-300, 0, y[::3].size)
    y[1::3] = 1 - 10 ** rng.uniform(-16, 0, y[1::3].size)
    return y


def units_in_the_last_place(computed, exact):
    """Largest error, in the distance between neighbouring float64 numbers at the exact value."""

    def error(number, truth):
        nearest = float(truth)
        if math.isinf(nearest) or math.isinf(number):
            return 0.0 if nearest == number else inf
        return float(abs(mpmath.mpf(number) - truth) / mpmath.mpf(math.ulp(nearest)))

    assert len(computed) == len(exact)
    return max(map(error, computed.tolist(), exact))


class Exact:
    """The definitions as mpmath reads them, with enough digits that nothing cancels."""

    def power(z):
        return mpmath.exp(-min(abs(z), 10**5))  # beyond that, 0 to every digit of a float64

    def sigmoid(z):
        e = Exact.power(z)
        return 1 / (1 + e) if z >= 0 else e / (1 + e)

    def dsigmoid_dz(z):
        return Exact.sigmoid(z) * Exact.sigmoid(-z)

    def logit(a):
        return mpmath.log(a) - mpmath.log1p(-a)

    def log_loss(a, y):
        return -(y * mpmath.log(a) + (1 - y) * mpmath.log1p(-a))

    def log_loss_from_logit(z, y):
        softplus = mpmath.log1p(Exact.power(z))
        return y * (softplus + max(-z, 0)) + (1 - y) * (softplus + max(z, 0))

    def dloss_da(a, y):
        return -y / a + (1 - y) / (1 - a)

    def dloss_dz(a, y):
        return a - y


def exact(name, *columns):
    with mpmath.workdps(60):
        rows = zip(*(map(mpmath.mpf, column.tolist()) for column in columns), strict=True)
        return [getattr(Exact, name)(*row) for row in rows]


@pytest.mark.parametrize(
    "function, numbers",
    [(sigmoid, logits()), (dsigmoid_dz, logits()), (logit, inner_probabilities())],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_one_argument_is_right_to_4_ulp(function, numbers):
    truth = exact(function.__name__, numbers)
    assert units_in_the_last_place(function(numbers), truth) <= 4


@pytest.mark.parametrize("label", [0, 1, "soft"])
@pytest.mark.parametrize(
    "function, numbers",
    [
        (log_loss, inner_probabilities()),
        (log_loss_from_logit, logits()),
        (dloss_da, inner_probabilities()),
        (dloss_dz, inner_probabilities()),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_two_arguments_are_right_to_4_ulp(function, numbers, label):
    size = len(numbers)
    labels = soft_labels(size) if label == "soft" else np.full(size, float(label))
    truth = exact(function.__name__, numbers, labels)
    assert units_in_the_last_place(function(numbers, labels), truth) <= 4


def test_the_slope_of_the_sigmoid_where_a_square_loses_4_ulp():
    """Where e^(-z) / (1 + e^(-z))^2 is 3.8 to 4.1 ulp off, found by a search through millions."""
    z = np.array([5.5377292195788765, 6.235060635839895, 6.930960843377521, 10.39937144546974])
    assert units_in_the_last_place(dsigmoid_dz(z), exact("dsigmoid_dz", z)) <= 3.3


# Numbers from the course and its sources


def rounded(values, digits=3):
    return np.round(values, digits).tolist()


BATCH_A, BATCH_Y = [0.9, 0.6, 0.2], [1, 1, 0]


def test_the_running_batch():
    assert rounded(logit(BATCH_A)) == [2.197, 0.405, -1.386]
    assert rounded(log_loss(BATCH_A, BATCH_Y)) == [0.105, 0.511, 0.223]
    assert rounded(dloss_dz(BATCH_A, BATCH_Y)) == [-0.1, -0.4, 0.2]
    assert rounded(mean_log_loss(BATCH_A, BATCH_Y)) == 0.280
    assert rounded(mean_log_loss([0.9, 0.6, 0.99], BATCH_Y)) == 1.740


def test_single_numbers_of_the_course():
    assert rounded(sigmoid([0, 1, 2, 4])) == [0.5, 0.731, 0.881, 0.982]
    assert rounded(logit(0.3)) == -0.847
    assert rounded(dsigmoid_dz([0, 4, -4])) == [0.25, 0.018, 0.018]
    assert rounded(log_loss([0.1, 0.01, 0.5], 1)) == [2.303, 4.605, 0.693]
    assert rounded(log_loss([0.9, 0.99, 0.5], 0)) == [2.303, 4.605, 0.693]
    assert rounded(dloss_da(0.01, 1), 9) == -100.0
    assert rounded(dloss_dz(0.01, 1), 9) == -0.99
    assert rounded(log_loss_from_logit([40, 25], [0, 1]), 12) == [40.0, 1.4e-11]


def test_the_update_step_of_notebook_06():
    x, y = [2, 1], 1
    dw, db = parameter_gradient(x, 0.3, y)
    assert rounded(dw) == [-1.4, -0.7] and rounded(db) == -0.7
    w, b = update_step([0, 0], -0.847, dw, db, 0.1)
    assert rounded(w) == [0.14, 0.07] and rounded(b) == -0.777
    a = sigmoid(np.dot(w, x) + b)
    assert rounded(a) == 0.395 and rounded(log_loss(a, y)) == 0.929


def test_the_published_fit_of_20_students_is_where_the_gradient_vanishes():
    hours = "0.5 .75 1 1.25 1.5 1.75 1.75 2 2.25 2.5 2.75 3 3.25 3.5 4 4.25 4.5 4.75 5 5.5"
    x = np.array(hours.split(), dtype=float)[:, np.newaxis]
    y = np.array("0 0 0 0 0 0 1 0 1 0 1 0 1 0 1 1 1 1 1 1".split(), dtype=int)
    a = sigmoid(x[:, 0] * 1.5046 - 4.0777)
    dw, db = parameter_gradient(x, a, y)
    assert abs(dw[0]) < 1e-4 and abs(db) < 1e-4  # of parameters rounded to four decimals
    assert rounded(mean_log_loss(a, y)) == 0.401


# Fractions worked by hand


def test_fractions_by_hand():
    assert sigmoid(math.log(3)) == pytest.approx(3 / 4, rel=1e-15)
    assert logit(1 / 5) == pytest.approx(-math.log(4), rel=1e-15)
    assert log_loss(1 / 4, 1) == pytest.approx(2 * math.log(2), rel=1e-15)
    assert log_loss(1 / 4, 1 / 2) == pytest.approx(math.log(16 / 3) / 2, rel=1e-15)
    assert log_loss_from_logit(math.log(3), 0) == pytest.approx(math.log(4), rel=1e-15)
    assert dsigmoid_dz(math.log(3)) == pytest.approx(3 / 16, rel=1e-15)
    assert dloss_da([1 / 4, 3 / 4, 3 / 4], [1, 0, 1 / 4]).tolist() == [-4.0, 4.0, 8 / 3]
    assert dloss_dz([1 / 4, 3 / 4, 3 / 4], [1, 0, 1 / 4]).tolist() == [-0.75, 0.75, 0.5]


def test_the_gradient_of_a_batch_by_hand():
    x = [[1, 2], [3, 4], [5, 6], [7, 8]]
    a, y = [1 / 2, 1 / 4, 3 / 4, 1], [1, 0, 1, 1 / 2]
    # errors -1/2, 1/4, -1/4, 1/2; x error: -1/2 + 3/4 - 5/4 + 7/2 and -1 + 1 - 3/2 + 4
    dw, db = parameter_gradient(x, a, y)
    assert dw.tolist() == [5 / 8, 5 / 8] and db == 0.0


def test_a_step_by_hand():
    w, b = update_step([1, -2], 3, [4, 8], -16, 1 / 4)
    assert w.tolist() == [0.0, -4.0] and b == 7.0


# Relations that hold whatever the formula


def test_symmetry():
    z = logits()
    a = np.arange(1, 64) / 64  # 1 - a is exact
    assert sigmoid(-z) + sigmoid(z) == pytest.approx(1, abs=3e-16)
    assert dsigmoid_dz(-z).tolist() == dsigmoid_dz(z).tolist()
    assert log_loss_from_logit(-z, 1).tolist() == log_loss_from_logit(z, 0).tolist()
    assert logit(1 - a).tolist() == (-logit(a)).tolist()
    assert log_loss(1 - a, 1) == pytest.approx(log_loss(a, 0), rel=5e-16)
    assert dloss_da(1 - a, 1).tolist() == (-dloss_da(a, 0)).tolist()


def test_there_and_back():
    z = np.linspace(-700, 36, 1001)
    assert sigmoid(logit(inner_probabilities())) == pytest.approx(inner_probabilities(), rel=2e-13)
    assert log_loss(sigmoid(z), 1) == pytest.approx(log_loss_from_logit(z, 1), rel=1e-12, abs=2e-16)
    assert np.all(np.diff(sigmoid(np.linspace(-745, 37, 5001))) >= 0)


@pytest.mark.parametrize("y", [0, 0.25, 1])
def test_derivatives_against_central_differences(y):
    z, h = np.linspace(-4, 4, 41), 1e-5
    a = sigmoid(z)

    def slope(function, at):
        return (function(at + h) - function(at - h)) / (2 * h)

    assert dloss_da(a, y) == pytest.approx(slope(lambda v: log_loss(v, y), a), rel=1e-5, abs=1e-8)
    assert dsigmoid_dz(z) == pytest.approx(slope(sigmoid, z), abs=1e-9)
    assert dloss_dz(a, y) == pytest.approx(slope(lambda v: log_loss_from_logit(v, y), z), abs=1e-9)
    assert dloss_da(a, y) * dsigmoid_dz(z) == pytest.approx(dloss_dz(a, y), abs=1e-13)


def test_the_parameter_gradient_against_central_differences():
    rng = np.random.default_rng(5)
    x, y, w, b, h = rng.normal(size=(7, 3)), rng.integers(0, 2, 7), rng.normal(size=3), 0.3, 1e-6

    def cost(w, b):
        return mean_log_loss(sigmoid(x @ w + b), y)

    dw, db = parameter_gradient(x, sigmoid(x @ w + b), y)
    by_w = [(cost(w + step, b) - cost(w - step, b)) / (2 * h) for step in h * np.eye(3)]
    assert dw == pytest.approx(by_w, abs=1e-8)
    assert db == pytest.approx((cost(w, b + h) - cost(w, b - h)) / (2 * h), abs=1e-8)


def test_one_sample_is_a_batch_of_one():
    one, batch = parameter_gradient([2, -1], 0.3, 1), parameter_gradient([[2, -1]], [0.3], [1])
    assert one[0].tolist() == batch[0].tolist() and one[1] == batch[1]


# The ends


def same(left, right):
    """Equal, sign of zero included, and of one type."""
    return type(left) is type(right) and repr(left) == repr(right)


@pytest.mark.parametrize("certain", [0, 1, 0.0, 1.0, False, True, np.float32(1), np.bool_(0)])
def test_certain_and_right_costs_exactly_0_and_wrong_inf(certain):
    other = 1 - int(certain)
    assert same(log_loss(certain, certain), 0.0)
    assert same(log_loss(other, certain), inf)
    assert same(log_loss(certain, 0.25), inf)
    assert same(mean_log_loss([certain, certain], certain), 0.0)


def test_ends_of_the_other_functions():
    assert sigmoid([-inf, -1000, 1000, inf]).tolist() == [0.0, 0.0, 1.0, 1.0]
    assert logit([0, 0.5, 1]).tolist() == [-inf, 0.0, inf]
    assert dsigmoid_dz([-inf, inf]).tolist() == [0.0, 0.0]
    assert dloss_da([0, 0, 1, 1], [0, 1, 0, 1]).tolist() == [1.0, -inf, inf, -1.0]
    assert dloss_da([0, 1], 0.5).tolist() == [-inf, inf]
    assert dloss_dz([0, 0, 1, 1], [0, 1, 0, 1]).tolist() == [0.0, -1.0, 1.0, 0.0]
    assert logit(-0.0) == dloss_da(-0.0, 1) == -inf  # on which side of 0 it was rounded is no news
    for label, below, above in [(0, 0.0, inf), (1, inf, 0.0), (0.5, inf, inf)]:
        assert same(log_loss_from_logit(-inf, label), below)
        assert same(log_loss_from_logit(inf, label), above)


def test_no_result_is_minus_zero_or_nan():
    z, a = np.r_[-inf, logits(), inf], np.r_[0.0, inner_probabilities(), 1.0]
    for label in (0, 0.5, 1):
        for losses in (log_loss(a, label), log_loss_from_logit(z, label)):
            assert np.all(losses >= 0) and not np.any(np.signbit(losses))
        assert not np.any(np.isnan(dloss_da(a, label)))


def test_the_largest_numbers_raise_no_flag():
    for z in (-LARGEST, -1.7e308, -TINIEST, -0.0, TINIEST, 1.7e308, LARGEST):
        assert 0 <= sigmoid(z) <= 1 and 0 <= dsigmoid_dz(z) <= 0.25
        assert log_loss_from_logit(z, 1) == pytest.approx(max(-z, 0), abs=0.7)
        dw, db = parameter_gradient([[z], [z]], [0, 0], [1, 1])
        assert dw[0] == pytest.approx(-z, abs=TINIEST) and db == -1.0
        assert update_step(z, z, z, z, 0) == (z, z)
    assert update_step(0.0, 0.0, LARGEST, -LARGEST, 10) == (-inf, inf)


# What goes in and what comes out

ELEMENTWISE = {
    sigmoid: [0.25],
    logit: [0.25],
    dsigmoid_dz: [0.25],
    log_loss: [0.25, 1],
    log_loss_from_logit: [0.25, 1],
    dloss_da: [0.25, 1],
    dloss_dz: [0.25, 1],
}
by_name = pytest.mark.parametrize("function", ELEMENTWISE, ids=lambda function: function.__name__)


@by_name
def test_a_number_in_gives_a_python_float_out(function):
    numbers = ELEMENTWISE[function]
    for kind in (float, np.float64, np.array, Fraction):
        result = function(*map(kind, numbers))
        assert type(result) is float
        assert result == function(*([number] for number in numbers))[0]


@by_name
def test_shapes_broadcast_and_come_out_as_float64(function):
    first, *rest = ELEMENTWISE[function]
    column, row = np.full((3, 1), first), [np.full((1, 4), value) for value in rest]
    result = function(column, *row)
    assert result.shape == ((3, 4) if rest else (3, 1)) and result.dtype == np.float64
    assert np.all(result == function(first, *rest))
    assert function([[first]], *rest).shape == (1, 1)


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.longdouble, np.int8, np.uint64, bool])
@by_name
def test_every_number_type_is_taken(function, kind):
    numbers = [np.array([0, 1, 1], dtype=kind) for _ in ELEMENTWISE[function]]
    result = function(*numbers)
    assert result.dtype == np.float64
    assert result.tolist() == function(*([0.0, 1.0, 1.0] for _ in numbers)).tolist()


def test_integers_too_long_for_numpy():
    assert sigmoid([10**20, -(10**20)]).tolist() == [1.0, 0.0]
    assert log_loss_from_logit(10**20, 0) == 1e20


@by_name
def test_many_numbers_are_treated_like_few(function):
    """Longer than a block, in any memory layout: the seams must not show."""
    size = 2 * logistic.BLOCK + 3
    first = np.random.default_rng(6).uniform(0, 1, size)
    rest = [soft_labels(size) for _ in ELEMENTWISE[function][1:]]
    whole = function(first, *rest)
    close = functools.partial(np.testing.assert_allclose, rtol=1e-15)
    for i in (0, 1, logistic.BLOCK - 1, logistic.BLOCK, 2 * logistic.BLOCK, size - 1):
        close(whole[i], function(first[i], *(y[i] for y in rest)))
    close(function(first[::-1], *(y[::-1] for y in rest)), whole[::-1])
    tables = [column[: size - 3].reshape(2, -1) for column in (first, *rest)]
    close(function(*(table.T for table in tables)), function(*tables).T)


def test_inputs_stay_as_they_were():
    x, w = np.array([[2.0, 1.0], [0.5, -3.0]]), np.array([0.5, -0.5])
    a, y, z = np.array([0.0, 0.75]), np.array([0.0, 1.0]), np.array([-inf, 800.0])
    inputs = [x, w, a, y, z]
    before = [array.copy() for array in inputs]
    for array in inputs:
        array.flags.writeable = False
    results = [sigmoid(z), dsigmoid_dz(z), logit(a), log_loss(a, y), dloss_da(a, y), dloss_dz(a, y)]
    results += [log_loss_from_logit(z, y), *parameter_gradient(x, a, y)]
    results += update_step(w, 0.0, w, 0.0, 0)
    assert all(np.array_equal(old, new) for old, new in zip(before, inputs, strict=True))
    assert not any(np.shares_memory(result, array) for result in results for array in inputs)


def test_a_step_uses_the_old_values_and_returns_new_ones():
    w = np.array([1.0, 2.0])
    new_w, new_b = update_step(w, 5, [1, 1], 1, learning_rate=0)
    assert new_w is not w and new_w.tolist() == [1.0, 2.0]
    assert type(new_b) is float and new_b == 5.0
    assert same(update_step(1, 2, 3, 4, 0.5), (-0.5, 0.0))


def test_shapes_of_the_gradient():
    dw, db = parameter_gradient(np.ones((4, 3)), np.full(4, 0.5), np.zeros(4, dtype=bool))
    assert dw.shape == (3,) and dw.dtype == np.float64 and type(db) is float
    dw, db = parameter_gradient([1, 2, 3], 0.5, True)
    assert dw.tolist() == [-0.5, -1.0, -1.5] and same(db, -0.5)


def test_the_mean_takes_one_sample_and_a_shared_label():
    assert same(mean_log_loss(1, 1), 0.0)
    assert mean_log_loss([0.25, 0.5], 1) == pytest.approx(1.5 * math.log(2), rel=1e-15)
    assert mean_log_loss(0.5, [[1, 0], [0, 1]]) == pytest.approx(math.log(2), rel=1e-15)
    assert mean_log_loss([0.9, 0.0], [1, 1]) == inf


# What is refused, and what is said

TWO = (log_loss, dloss_da, dloss_dz, mean_log_loss)


def refuses(error, message, function, *numbers):
    with pytest.raises(error) as caught:
        function(*numbers)
    assert str(caught.value) == message
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("function", TWO, ids=lambda function: function.__name__)
@pytest.mark.parametrize(
    "wrong, shown",
    [
        *[(1.5, 1.5), (-0.25, -0.25), (nan, nan), (inf, inf), (2, 2.0), (-inf, -inf)],
        *[(math.nextafter(1, 2), 1.0000000000000002), (-TINIEST, -TINIEST)],
    ],
)
def test_probabilities_and_labels_outside_0_and_1(function, wrong, shown):
    rule = f"must lie between 0 and 1: received {shown}"
    refuses(ValueError, f"a {rule}", function, wrong, 1)
    refuses(ValueError, f"y {rule}", function, 0.5, wrong)
    refuses(ValueError, f"a {rule}", function, [[0.5, wrong, 7]], 1)
    refuses(ValueError, f"y {rule}", function, 0.5, [0, wrong, -7])


def test_probabilities_and_labels_outside_0_and_1_elsewhere():
    rule = "must lie between 0 and 1: received 1.01"
    refuses(ValueError, f"a {rule}", logit, [0, 1.01])
    refuses(ValueError, f"y {rule}", log_loss_from_logit, 3, [0, 1.01])
    refuses(ValueError, f"a {rule}", parameter_gradient, [1, 2], 1.01, 0)
    refuses(ValueError, f"y {rule}", parameter_gradient, [[1], [2]], [0.5, 0.5], [1, 1.01])


def test_nan_is_refused():
    for function, rest in [(sigmoid, []), (dsigmoid_dz, []), (log_loss_from_logit, [1])]:
        refuses(ValueError, "z must not be NaN: received nan", function, [1, nan], *rest)
    refuses(ValueError, "a must lie between 0 and 1: received nan", logit, nan)


@pytest.mark.parametrize("wrong", [nan, inf, -inf])
def test_parameters_and_features_must_be_finite(wrong):
    rule = f"must be finite: received {wrong}"
    refuses(ValueError, f"x {rule}", parameter_gradient, [1, wrong], 0.5, 1)
    for place, name in enumerate(["w", "b", "dw", "db"]):
        numbers = [1, 1, 1, 1, 0.1]
        numbers[place] = [1, wrong] if name in ("w", "dw") else wrong
        refuses(ValueError, f"{name} {rule}", update_step, *numbers)


@pytest.mark.parametrize("wrong, shown", [(-0.1, -0.1), (nan, nan), (inf, inf), (-inf, -inf)])
def test_learning_rates(wrong, shown):
    rule = "learning_rate must be finite and 0 or more"
    refuses(ValueError, f"{rule}: received {shown}", update_step, 1, 1, 1, 1, wrong)


def test_one_learning_rate():
    for rates, shape in [([0.1, 0.2], "(2,)"), ([0.1], "(1,)")]:
        message = f"learning_rate must be one number: received shape {shape}"
        refuses(ValueError, message, update_step, 1, 1, 1, 1, rates)


@pytest.mark.parametrize("empty", [[], np.zeros((0, 3)), ()])
def test_empty(empty):
    rule = f"must hold at least one number: received shape {np.shape(empty)}"
    refuses(ValueError, f"z {rule}", sigmoid, empty)
    refuses(ValueError, f"a {rule}", logit, empty)
    refuses(ValueError, f"z {rule}", log_loss_from_logit, empty, empty)
    refuses(ValueError, f"x {rule}", parameter_gradient, empty, [], [])
    refuses(ValueError, f"w {rule}", update_step, empty, 0, empty, 0, 0.1)
    for function in TWO:
        refuses(ValueError, f"a {rule}", function, empty, empty)
        refuses(ValueError, f"y {rule}", function, 0.5, empty)


def test_shapes_that_do_not_broadcast():
    rule = "shapes must broadcast: received (3,) and (2,)"
    for function in (*TWO, log_loss_from_logit):
        refuses(ValueError, rule, function, [0.1, 0.2, 0.3], [0, 1])
    refuses(ValueError, rule, update_step, [1, 2, 3], 0, [1, 2], 0, 0.1)


@pytest.mark.parametrize(
    "x, a, y, rule",
    [
        ([1, 2], [0.5, 0.5], [1, 1], "() when x has shape (2,): received shapes (2,) and (2,)"),
        ([[1], [2]], [0.5], [1, 1], "(2,) when x has shape (2, 1): received shapes (1,) and (2,)"),
        ([[1], [2]], [0.5, 0.5], 1, "(2,) when x has shape (2, 1): received shapes (2,) and ()"),
        ([[1]], [[0.5]], [1], "(1,) when x has shape (1, 1): received shapes (1, 1) and (1,)"),
    ],
)
def test_the_gradient_counts_its_samples(x, a, y, rule):
    refuses(ValueError, f"a and y must have shape {rule}", parameter_gradient, x, a, y)


@pytest.mark.parametrize("x", [2.0, np.ones((2, 2, 2))])
def test_features_are_one_sample_or_a_batch(x):
    rule = f"x must have shape (n,) or (m, n): received shape {np.shape(x)}"
    refuses(ValueError, rule, parameter_gradient, x, 0.5, 1)


@pytest.mark.parametrize(
    "wrong, shown",
    [
        ("0.5", "'0.5'"),
        (b"1", "b'1'"),
        (None, "None"),
        (0.5j, "0.5j"),
        ([0.5, None], "None"),
        ([0.5, "half"], "'half'"),
        (np.array([1 + 0j]), "(1+0j)"),
        ({"a": 1}, "{'a': 1}"),
        (np.array([object], dtype=object), "<class 'object'>"),
        (np.array(["2020-01-01"], dtype="M8[D]"), "datetime.date(2020, 1, 1)"),
    ],
)
def test_what_is_no_number(wrong, shown):
    rule = f"must be real numbers: received {shown}"
    for function in (sigmoid, dsigmoid_dz):
        refuses(TypeError, f"z {rule}", function, wrong)
    refuses(TypeError, f"a {rule}", logit, wrong)
    refuses(TypeError, f"z {rule}", log_loss_from_logit, wrong, 1)
    for function in (*TWO, log_loss_from_logit):
        refuses(TypeError, f"y {rule}", function, 0.5, wrong)
    refuses(TypeError, f"x {rule}", parameter_gradient, wrong, 0.5, 1)
    refuses(TypeError, f"learning_rate {rule}", update_step, 1, 1, 1, 1, wrong)
