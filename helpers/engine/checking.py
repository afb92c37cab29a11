"""Calling what a learner wrote, safely; comparing what it returns; saying what was seen.

`check` is behind every exercise. It never raises, and it never prints a right answer.
"""

import copy
import io
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, redirect_stdout, suppress
from typing import Any, NamedTuple

import numpy as np

from ..language import say

SECONDS = 5  # what all calls together may take


class Raised(str):
    """What a function raised, in place of its result."""


class Endless(BaseException):
    """A function has not come to an end in time; no learner's `except Exception` stops it."""


class Verdict(NamedTuple):
    """What a learner is told where there is nothing to judge."""

    sentences: list[str]


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


def call(function: Callable[..., Any], arguments: Sequence[Any], overflow: str = "ignore") -> Any:
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
    """Return the real numbers in a number, list, array or nest of these; None for anything else."""
    try:
        if isinstance(value, (tuple, list)):
            return [number for part in value for number in real_numbers(part)]
        array = np.asarray(value)
        return array.astype(float).ravel().tolist() if array.dtype.kind in "iuf" else None
    except Exception:  # as there is where a part is None
        return None


def same(one: Any, two: Any, rtol: float = 1e-6, atol: float = 1e-12) -> bool:
    """Tell whether two results are the same numbers, or errors both."""
    numbers, others = real_numbers(one), real_numbers(two)
    if numbers is None or others is None or len(numbers) != len(others):
        return isinstance(one, Raised) and isinstance(two, Raised)
    return bool(np.allclose(numbers, others, rtol=rtol, atol=atol, equal_nan=True))


def check(
    function: Any,
    right: Callable[..., Any],
    inputs: Sequence[tuple[Any, ...]],
    slips: Mapping[str, Callable[..., Any]],
    hint: str,
    overflow: str = "ignore",
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
    slips, hint = {say(slip): formula for slip, formula in slips.items()}, say(hint)
    given = copy.deepcopy(list(inputs))
    results = no_answer(function, given, overflow)
    if isinstance(results, Verdict):
        return print(*results.sentences, sep="\n")
    name = name_of(function)
    for arguments, result in zip(inputs, results):
        expected = call(right, arguments, overflow)
        if not same(result, expected):
            made = {s: [call(f, one, overflow) for one in inputs] for s, f in slips.items()}
            known = [slip for slip, others in made.items() if all(map(same, results, others))]
            told = known[:1] or _where_to_look(result, expected, hint)
            return print(gave(name, arguments, result), *told, sep="\n")
    if repr(given) != repr(list(inputs)):
        changed = say("Not yet: the results are right, but {name} changes its input.", name=name)
        return print(changed)
    print(say("Right: {name} agrees at all {count} inputs.", name=name, count=len(inputs)))


def _where_to_look(result: Any, expected: Any, hint: str) -> list[str]:
    """Say what helps with a wrong result that no known slip makes; of an error, no more."""
    if isinstance(result, Raised):
        return []
    count = len(real_numbers(expected))
    if len(real_numbers(result) or []) == count:
        return [hint]
    single = say("A single number is expected.")
    return [single if count == 1 else say("Expected: {count} numbers.", count=count)]


def no_answer(function: Any, inputs: Sequence[tuple], overflow: str = "ignore") -> Verdict | list:
    """Return the function's results, or why there are none to judge."""
    if not callable(function):
        text = say("Not attempted yet: give the check the function itself, without brackets.")
        return Verdict([text])
    name, results = name_of(function), []
    with suppress(Endless), redirect_stdout(io.StringIO()) as printed, time_limit():
        for arguments in inputs:
            results.append(call(function, arguments, overflow))
    if len(results) < len(inputs):
        endless = written_call(name, inputs[len(results)])
        text = say("Not yet: {call} was stopped after {n} seconds.", call=endless, n=SECONDS)
        return Verdict([text, say("Does a loop in it never come to an end?")])
    returned = [result for result in results if result is not None and result is not Ellipsis]
    failed = all(isinstance(result, Raised) for result in returned)
    if printed.getvalue() and failed and len(returned) < len(results):
        text = say("Not yet: {name} prints its result. Let it return it instead.", name=name)
        return Verdict([text])
    if not returned:
        return Verdict([say("Not attempted yet: let {name} return your result.", name=name)])
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
