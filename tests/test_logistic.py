"""The mathematics against oracles that share no formula with it.

mpmath works every function out to 60 digits over the whole range of float64; fractions are
worked by hand; published numbers come from the course and its sources.
"""

import inspect
import math
import re
import warnings
from fractions import Fraction

import mpmath
import numpy as np
import pytest

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
from helpers.students import HOURS, LOWEST, PASSED

inf, nan = math.inf, math.nan
LARGEST, TINIEST = np.finfo(np.float64).max, 5e-324
OF_ONE = [sigmoid, dsigmoid_dz, logit]
OF_TWO = [log_loss, dloss_da, dloss_dz, log_loss_from_logit]
ELEMENTWISE = [*OF_ONE, *OF_TWO]
PUBLIC = [*ELEMENTWISE, mean_log_loss, parameter_gradient, update_step]


def arguments(function, first, second):
    return (first,) if function in OF_ONE else (first, second)


@pytest.fixture(autouse=True)
def strict():
    """Every test runs as the strictest caller would: no warning, no floating-point flag."""
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        yield


def test_each_has_an_example_which_pytest_runs_and_its_source():
    assert all(">>>" in function.__doc__ and "Source" in function.__doc__ for function in PUBLIC)


# Accuracy


def logits():
    rng = np.random.default_rng(1)
    sizes = np.concatenate([
        10 ** rng.uniform(-307, 308.25, 100),
        10 ** rng.uniform(-20, 3, 100),
        rng.uniform(0, 50, 300),
        rng.uniform(700, 750, 100),
        [TINIEST, 1e-310, 1.0, 36.7, 40.0, 709.8, 745.1, 746.0, 1.7e308, LARGEST],
        # The slope of the sigmoid, were (1 + e^(-z))^2 not multiplied out, is 4 ulp off here.
        [5.5377292195788765, 6.235060635839895, 6.930960843377521, 10.39937144546974],
    ])  # fmt: skip
    return np.concatenate([-sizes, [0.0], sizes])


def inner_probabilities():
    rng = np.random.default_rng(2)
    near_half = np.ldexp(rng.uniform(-1, 1, 200), -rng.integers(1, 50, 200))
    small = np.concatenate([
        10 ** rng.uniform(-307, -1, 200),
        10 ** rng.uniform(-16, -1, 200),
        rng.integers(1, 2**52, 30) * TINIEST,
        [TINIEST, 1e-310, 0.25],
    ])  # fmt: skip
    a = np.concatenate([small, 1 - small, 0.5 + near_half, rng.uniform(0, 1, 400)])
    return a[(a > 0) & (a < 1)]


def soft_labels(size):
    rng = np.random.default_rng(3)
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


# The definitions as mpmath reads them, with enough digits and exponents that nothing is lost.
exp, log, log1p = mpmath.exp, mpmath.log, mpmath.log1p
EXACT = {
    sigmoid: lambda z: 1 / (1 + exp(-z)),
    dsigmoid_dz: lambda z: exp(-z) / (1 + exp(-z)) ** 2,
    logit: lambda a: log(a) - log1p(-a),
    log_loss: lambda a, y: -(y * log(a) + (1 - y) * log1p(-a)),
    log_loss_from_logit: lambda z, y: y * log1p(exp(-z)) + (1 - y) * log1p(exp(z)),
    dloss_da: lambda a, y: -y / a + (1 - y) / (1 - a),
    dloss_dz: lambda a, y: a - y,
}


LABELLED = [(one, 0) for one in OF_ONE] + [(one, y) for one in OF_TWO for y in (0, 1, "soft")]


@pytest.mark.parametrize("function, label", LABELLED)
def test_right_to_4_ulp(function, label):
    first = logits() if "z" in inspect.signature(function).parameters else inner_probabilities()
    labels = soft_labels(len(first)) if label == "soft" else np.full(len(first), float(label))
    columns = arguments(function, first, labels)
    with mpmath.workdps(60):
        rows = zip(*(map(mpmath.mpf, column.tolist()) for column in columns), strict=True)
        truth = [EXACT[function](*row) for row in rows]
        assert units_in_the_last_place(function(*columns), truth) <= 4


# Numbers from the course and its sources, and fractions worked by hand


def test_the_published_fit_of_20_students_is_where_the_gradient_vanishes():
    a = sigmoid(LOWEST[0] * HOURS + LOWEST[1])
    dw, db = parameter_gradient(HOURS[:, np.newaxis], a, PASSED)
    assert abs(dw[0]) < 1e-4 and abs(db) < 1e-4  # of parameters rounded to four decimals
    assert round(mean_log_loss(a, PASSED), 3) == 0.401


def test_fractions_by_hand():
    assert dloss_da([1 / 4, 3 / 4, 3 / 4], [1, 0, 1 / 4]).tolist() == [-4.0, 4.0, 8 / 3]
    # errors -1/2, 1/4, -1/4, 1/2; x error: -1/2 + 3/4 - 5/4 + 7/2 and -1 + 1 - 3/2 + 4
    x, a, y = [[1, 2], [3, 4], [5, 6], [7, 8]], [1 / 2, 1 / 4, 3 / 4, 1], [1, 0, 1, 1 / 2]
    dw, db = parameter_gradient(x, a, y)
    assert dw.tolist() == [5 / 8, 5 / 8] and db == 0.0
    w, b = update_step([1, -2], 3, [4, 8], -16, 1 / 4)
    assert w.tolist() == [0.0, -4.0] and b == 7.0


# Relations that hold whatever the formula


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


# The ends


def same(left, right):
    """Equal, sign of zero included, and of one type."""
    return type(left) is type(right) and repr(left) == repr(right)


@pytest.mark.parametrize("certain", [0, 1, 0.0, 1.0, False, True, np.float32(1), np.bool_(0)])
def test_certain_and_right_costs_exactly_0_and_wrong_inf(certain):
    assert same(log_loss(certain, certain), 0.0)
    assert same(log_loss(1 - int(certain), certain), inf)
    assert same(log_loss(certain, 0.25), inf)
    assert same(mean_log_loss([certain, certain], certain), 0.0)


def test_ends_of_the_other_functions():
    assert sigmoid([-inf, -1000, 1000, inf]).tolist() == [0.0, 0.0, 1.0, 1.0]
    assert logit([0, 0.5, 1]).tolist() == [-inf, 0.0, inf]
    assert sigmoid([10**20, -(10**20)]).tolist() == [1.0, 0.0]  # too long for NumPy's integers
    assert dsigmoid_dz([-inf, inf]).tolist() == [0.0, 0.0]
    assert dloss_da([0, 0, 1, 1], [0, 1, 0, 1]).tolist() == [1.0, -inf, inf, -1.0]
    assert dloss_da([0, 1], 0.5).tolist() == [-inf, inf]
    assert dloss_dz([0, 0, 1, 1], [0, 1, 0, 1]).tolist() == [0.0, -1.0, 1.0, 0.0]
    assert logit(-0.0) == dloss_da(-0.0, 1) == -inf  # on which side of 0 it was rounded is no news
    for label, below, above in [(0, 0.0, inf), (1, inf, 0.0), (0.5, inf, inf)]:
        assert same(log_loss_from_logit(-inf, label), below)
        assert same(log_loss_from_logit(inf, label), above)


def test_no_result_is_minus_zero_or_nan():
    z, a = np.r_[-inf, logits(), inf], np.r_[-0.0, 0.0, inner_probabilities(), 1.0]
    for label in (0, 0.5, 1):
        for losses in (log_loss(a, label), log_loss_from_logit(z, label)):
            assert np.all(losses >= 0) and not np.any(np.signbit(losses))
        assert not np.any(np.isnan(dloss_da(a, label)))


def test_the_largest_and_the_smallest_numbers_raise_no_flag():
    assert parameter_gradient([[1], [1]], [TINIEST, 0], [0, 0]) == (0.0, 0.0)
    assert mean_log_loss([TINIEST, 0], 0) == 0.0
    for x in (-LARGEST, -1.7e308, 1.7e308, LARGEST):
        dw, db = parameter_gradient([[x], [x]], [0, 0], [1, 1])
        assert dw[0] == -x and db == -1.0
        assert update_step(x, x, x, x, 0) == (x, x)
    assert update_step(0.0, 0.0, LARGEST, -LARGEST, 10) == (-inf, inf)


# What goes in and what comes out


@pytest.mark.parametrize("function", ELEMENTWISE)
def test_a_number_in_gives_a_python_float_out_and_arrays_broadcast_to_float64(function):
    [expected] = function(*arguments(function, [0.25], [1]))
    for kind in (float, np.float64, np.array, Fraction):
        assert same(function(*map(kind, arguments(function, 0.25, 1))), float(expected))
    table = function(*arguments(function, np.full((3, 1), 0.25), np.full((1, 4), True)))
    assert table.shape in ((3, 4), (3, 1)) and table.dtype == np.float64
    assert np.all(table == expected)
    ends = function(*arguments(function, [0.0, 1.0, 1.0], [0.0, 1.0, 1.0]))
    for kind in (np.float16, np.float32, np.longdouble, np.int8, np.uint64, bool, object):
        numbers = np.array([0, 1, 1], dtype=kind)
        assert function(*arguments(function, numbers, numbers)).tolist() == ends.tolist()


def test_inputs_stay_as_they_were_and_results_are_new():
    x, w = np.array([[2.0, 1.0], [0.5, -3.0]]), np.array([0.5, -0.5])
    a, y = np.array([0.0, 0.75]), np.array([0.0, 1.0])
    inputs = [x, w, a, y]
    before = [array.copy() for array in inputs]
    for array in inputs:
        array.flags.writeable = False
    results = [function(*arguments(function, a, y)) for function in ELEMENTWISE]
    results += [*parameter_gradient(x, a, y), *update_step(w, 0.0, w, 0.0, 0)]
    assert all(np.array_equal(old, new) for old, new in zip(before, inputs, strict=True))
    assert not any(np.shares_memory(result, array) for result in results for array in inputs)
    assert same(update_step(1, 2, 3, 4, 0.5), (-0.5, 0.0))


def test_one_sample_and_a_shared_label():
    one, batch = parameter_gradient([2, -1], 0.3, True), parameter_gradient([[2, -1]], [0.3], [1])
    assert one[0].tolist() == batch[0].tolist() and same(one[1], batch[1])
    assert same(mean_log_loss(1, 1), 0.0)
    assert mean_log_loss([0.25, 0.5], 1) == pytest.approx(1.5 * math.log(2), rel=1e-15)
    assert mean_log_loss(0.5, [[1, 0], [0, 1]]) == pytest.approx(math.log(2), rel=1e-15)


# What is refused, and what is said: the argument, the rule, and what was received

GOOD = {"z": 0.5, "a": 0.5, "y": 1, "x": [1], "w": 1, "b": 1, "dw": 1, "db": 1}
GOOD |= {"learning_rate": 0.1}
PLACES = [(one, name) for one in PUBLIC for name in inspect.signature(one).parameters]
RULE = {"z": "not be NaN", "a": "between 0 and 1", "y": "between 0 and 1"}
RULE |= {"learning_rate": "finite and 0 or more"}


def refuses(error, pattern, function, *numbers, **named):
    with pytest.raises(error, match=pattern) as caught:
        function(*numbers, **named)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("function, name", PLACES)
def test_every_argument_is_checked(function, name):
    good = {other: GOOD[other] for other in inspect.signature(function).parameters}

    def said(error, wrong, rule, shown):
        pattern = f"^{name} must.* {rule}: received {re.escape(shown)}"
        refuses(error, pattern, function, **(good | {name: wrong}))

    outside = {"a": [1.5, -0.25, 2, -inf, math.nextafter(1, 2), -TINIEST], "z": []}
    outside |= {"y": outside["a"], "learning_rate": [-0.1, inf, -inf]}
    for wrong in [nan, *outside.get(name, [inf, -inf])]:
        said(ValueError, wrong, RULE.get(name, "finite"), str(float(wrong)))
        if name != "learning_rate":
            said(ValueError, [0.5, wrong, nan], RULE.get(name, "finite"), str(float(wrong)))
    said(ValueError, [], "at least one number", "shape (0,)")
    said(ValueError, np.zeros((0, 3)), "at least one number", "shape (0, 3)")
    said(ValueError, 10**400, "float", "1.000e+400")
    said(ValueError, [0.5, -(10**5000), inf], "float", "-1.000e+5000")
    for wrong in ("0.5", b"1", None, 0.5j, {"a": 1}, np.ma.masked):
        said(TypeError, wrong, "real numbers", repr(wrong))
    for wrong in ([0.5, None], [[0.5, "half"]], np.array([0, 1j]), [[1], [1, 2]], [np.ma.masked]):
        said(TypeError, wrong, "real numbers", "")
    said(TypeError, np.ma.array([0.5, 1], mask=[0, 1]), "real numbers", "masked_array")
    said(TypeError, np.array(["2020-01-01"], dtype="M8[D]"), "real numbers", "datetime.date(2020")


def test_shapes_that_do_not_fit():
    for function in (*OF_TWO, mean_log_loss):
        refuses(ValueError, r"broadcast.*\(\d,\) \(\d,\)", function, [0.1, 0.2, 0.3], [0, 1])
    refuses(ValueError, r"broadcast.*\(3,\) \(2,\)", update_step, [1, 2, 3], 0, [1, 2], 0, 0.1)
    for rates in ([0.1, 0.2], [0.1]):
        shape = re.escape(str(np.shape(rates)))
        refuses(ValueError, f"learning_rate .*{shape}", update_step, 1, 1, 1, 1, rates)
    for x in (2.0, np.ones((2, 2, 2))):
        refuses(ValueError, re.escape(f"shape {np.shape(x)}"), parameter_gradient, x, 0.5, 1)
    for x, a, y in [
        ([1, 2], [0.5, 0.5], [1, 1]),
        ([[1], [2]], [0.5], [1, 1]),
        ([[1], [2]], [0.5, 0.5], 1),
        ([[1]], [[0.5]], [1]),
    ]:
        right, given = np.shape(x)[:-1], f"{np.shape(a)} and {np.shape(y)}"
        rule = f"a and y must have shape {right}.*received {given}"
        refuses(ValueError, re.sub(r"[()]", r"\\\g<0>", rule), parameter_gradient, x, a, y)
