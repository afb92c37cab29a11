"""Calling what a learner wrote, safely; comparing what it returns; saying what was seen.

`check` is behind every exercise. It never raises, and it never prints a right answer.
"""

import copy
import io
import math
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, redirect_stdout, suppress
from typing import Any, Literal

import numpy as np

from .words import say

SECONDS = 5  # what all calls together may take
ROUNDED = range(2, 9)  # decimals to which a result may have been rounded
NEARLY = 1e-4  # off by less, and yet not the same: a small number was added, or a value clipped
Overflow = Literal["ignore", "raise"]  # of NumPy's numbers, in what a learner wrote


class Raised(str):
    """What a function raised, in place of its result."""


class Endless(BaseException):
    """A function has not come to an end in time; no learner's `except Exception` stops it."""


@contextmanager
def time_limit() -> Iterator[None]:
    """Raise Endless after SECONDS; where there is no alarm, between two lines of Python only."""
    end = time.monotonic() + SECONDS

    def stop(*_: Any) -> None:
        raise Endless

    def look(*_: Any) -> Callable[..., Any]:
        if time.monotonic() > end:
            raise Endless
        return look

    with ExitStack() as afterwards:
        if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
            before = signal.signal(signal.SIGALRM, stop)
            afterwards.callback(signal.signal, signal.SIGALRM, before)
            afterwards.callback(signal.setitimer, signal.ITIMER_REAL, 0)
            signal.setitimer(signal.ITIMER_REAL, SECONDS)
        else:  # Windows, a thread, or Python in a browser
            afterwards.callback(sys.settrace, sys.gettrace())
            sys.settrace(look)
        yield


def call(
    function: Callable[..., Any], arguments: Sequence[Any], overflow: Overflow = "ignore"
) -> Any:
    """Return what the function returns, or what it raises as Raised."""
    try:
        with np.errstate(all="ignore", over=overflow), warnings.catch_warnings(action="ignore"):
            return function(*arguments)
    except (Exception, SystemExit) as error:
        return Raised(f"{type(error).__name__}: {short(error, str)}".rstrip(": "))


def short(value: Any, write: Callable[[Any], str] = repr, digits: int = 6) -> str:
    """Write a value on one line, without the type of a NumPy number, whatever it is."""
    found = real_numbers(value)
    if found is not None and len(found) < 9:
        written = [f"{number + 0.0:.{digits}g}" for number in found]
        return f"[{', '.join(written)}]" if np.iterable(value) else written[0]
    try:
        words = " ".join(write(value).split())
    except Exception:
        words = f"<{type(value).__name__}>"
    return words if len(words) <= 60 else f"{words[:57]}..."


def real_numbers(value: Any) -> list[float] | None:
    """Return the real numbers in a number, list, array or nest of these; None for anything else.

    >>> from decimal import Decimal
    >>> real_numbers([1, np.array([2, 3]), Decimal("0.25")])
    [1.0, 2.0, 3.0, 0.25]
    """
    try:
        if isinstance(value, (tuple, list)):
            found: list[float] = []
            for part in value:
                numbers = real_numbers(part)
                if numbers is None:
                    return None
                found += numbers
            return found
        array = np.asarray(value)
        if array.dtype.kind == "O":  # Decimal, Fraction, SymPy's and mpmath's numbers
            return [number.__float__() for number in array.ravel()]
        return array.astype(float).ravel().tolist() if array.dtype.kind in "iuf" else None
    except Exception:  # whatever a learner's own class does
        return None


def same(one: Any, two: Any, rtol: float = 1e-6, atol: float = 1e-12) -> bool:
    """Tell whether two results are the same numbers, or errors both."""
    numbers, others = real_numbers(one), real_numbers(two)
    if numbers is None or others is None or len(numbers) != len(others):
        return isinstance(one, Raised) and isinstance(two, Raised)
    with np.errstate(all="ignore"):
        return bool(np.allclose(numbers, others, rtol=rtol, atol=atol, equal_nan=True))


def same_but_rounded(results: Sequence[Any], expected: Sequence[Any]) -> bool:
    """Tell whether all results are right, and all rounded to as many decimals.

    >>> same_but_rounded([0.11, 0.51], [0.1054, 0.5108]), same_but_rounded([0.1], [0.1])
    (True, False)
    """
    exact = real_numbers(list(expected)) or []
    for decimals in ROUNDED:
        if same(list(results), [round(number, decimals) for number in exact], rtol=0):
            return not same(list(results), exact)
    return False


def nearly_same(results: Sequence[Any], expected: Sequence[Any]) -> bool:
    """Tell whether the results are off by less than NEARLY, or large where they should be ∞."""
    numbers, others = real_numbers(list(results)), real_numbers(list(expected))
    if numbers is None or others is None or len(numbers) != len(others):
        return False
    off = [abs(one - two) for one, two in zip(numbers, others) if math.isfinite(two)]
    endless = [one for one, two in zip(numbers, others) if math.isinf(two)]
    return all(one < NEARLY for one in off) and all(abs(one) > 10 for one in endless)


def check(
    function: Any,
    right: Callable[..., Any],
    inputs: Sequence[tuple[Any, ...]],
    slips: Mapping[str, Callable[..., Any]],
    hint: str,
    overflow: Overflow = "ignore",
) -> None:
    """Print the reply to a learner's function, a sentence a line.

    function, right : what the learner wrote, and what it should compute
    inputs : the arguments to try, one tuple a call
    slips : what is said of a known wrong formula, a whole sentence, and that formula
    hint : said when no slip is recognised
    overflow : "raise" if NumPy's overflow is to count as an error

    >>> slips = {"That doubles.": lambda x: 2 * x}
    >>> check(lambda x: x + x, lambda x: x * x, [(2,), (3,)], slips, "Think of an area.")
    Not yet: <lambda>(3) gave 6.
    That doubles.
    """
    told, hint = {say(slip): formula for slip, formula in slips.items()}, say(hint)
    told[say("That is right as far as it goes, but rounded: return all digits.")] = right
    given = copy.deepcopy(list(inputs))
    results = results_of(function, given, overflow)
    if results is None:
        return
    name = name_of(function)
    expected = [call(right, arguments, overflow) for arguments in inputs]
    for arguments, result, wanted in zip(inputs, results, expected):
        if not same(result, wanted):
            made = {slip: [call(f, one, overflow) for one in inputs] for slip, f in told.items()}
            known = [slip for slip, others in made.items() if _agree(results, others)]
            if nearly_same(results, expected):
                known.append(
                    say("That is nearly right: is a small number added in it, or a value clipped?")
                )
            seen = known[:1] or _where_to_look(result, wanted, hint)
            print(gave(name, arguments, result), *seen, sep="\n")
            return
    if real_numbers(given) != real_numbers(list(inputs)):
        print(say("Not yet: the results are right, but {name} changes its input.", name=name))
        return
    print(say("Right: {name} agrees at all {count} inputs.", name=name, count=len(inputs)))


def _agree(results: Sequence[Any], others: Sequence[Any]) -> bool:
    """Tell whether a slip has made these results, rounded or not."""
    return all(map(same, results, others)) or same_but_rounded(results, others)


def _where_to_look(result: Any, wanted: Any, hint: str) -> list[str]:
    """Say what helps with a wrong result that no known slip makes; of an error, no more."""
    if isinstance(result, Raised):
        return []
    count = len(real_numbers(wanted) or [])
    if len(real_numbers(result) or []) == count:
        return [hint]
    if count == 1:
        return [say("A single number is expected.")]
    return [say("Expected: {count} numbers.", count=count)]


def results_of(
    function: Any, inputs: Sequence[tuple], overflow: Overflow = "ignore"
) -> list | None:
    """Return what the function returns or raises; where there is nothing to judge, print why."""
    if not callable(function):
        print(say("Not attempted yet: give the check the function itself, without brackets."))
        return None
    name, results = name_of(function), []
    with suppress(Endless), redirect_stdout(io.StringIO()) as printed, time_limit():
        for arguments in inputs:
            results.append(call(function, arguments, overflow))
    if len(results) < len(inputs):
        endless = written_call(name, inputs[len(results)])
        print(say("Not yet: {call} was stopped after {n} seconds.", call=endless, n=SECONDS))
        print(say("Does a loop in it never come to an end?"))
        return None
    returned = [result for result in results if result is not None and result is not Ellipsis]
    failed = all(isinstance(result, Raised) for result in returned)
    if printed.getvalue() and failed and len(returned) < len(results):
        print(say("Not yet: {name} prints its result. Let it return it instead.", name=name))
        return None
    if not returned:
        print(say("Not attempted yet: let {name} return your result.", name=name))
        return None
    return results


def name_of(function: Any) -> str:
    """Return the name of a function, whatever it is."""
    return str(getattr(function, "__name__", type(function).__name__))


def written_call(name: str, arguments: Sequence[Any]) -> str:
    """Write a call as a learner would."""
    return f"{name}({', '.join(map(short, arguments))})"


def gave(name: str, arguments: Sequence[Any], result: Any) -> str:
    """Say what a call returned or raised."""
    written = written_call(name, arguments)
    if isinstance(result, Raised):
        return say("Not yet: {call} raised {error}.", call=written, error=result)
    return say("Not yet: {call} gave {saw}.", call=written, saw=short(result))
