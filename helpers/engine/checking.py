"""Calling what a learner wrote, safely; comparing what it returns; saying what was seen.

`check` is behind every exercise. It never raises, and it never prints a right answer.
"""

from __future__ import annotations

import contextlib
import copy
import io
import signal
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..language import say

SECONDS = 5  # what all calls together may take


class Raised(str):
    """What a function raised, in place of its result."""


class Endless(BaseException):
    """A function has not come to an end in time; no learner's `except Exception` stops it."""


class Verdict(NamedTuple):
    """What a learner is told; `state` is "not attempted", "not yet" or "right"."""

    state: str
    sentences: list[str]


@contextlib.contextmanager
def time_limit() -> Iterator[None]:
    """Raise Endless after SECONDS: where there are such alarms, and in the main thread only."""
    here = threading.current_thread() is threading.main_thread()
    if not (here and hasattr(signal, "setitimer")):
        yield
        return

    def stop(*_: Any) -> None:
        raise Endless

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def call(function: Callable[..., Any], arguments: Sequence[Any], overflow: str = "ignore") -> Any:
    """Return what the function returns, or what it raises as Raised."""
    try:
        with np.errstate(all="ignore", over=overflow), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return function(*arguments)
    except (Exception, SystemExit) as error:
        return Raised(f"{type(error).__name__}: {short(error, str)}".rstrip(": "))


def call_all(
    function: Callable[..., Any], inputs: Sequence[Sequence[Any]], overflow: str = "ignore"
) -> tuple[list[Any], bool]:
    """Return the results, fewer than inputs if one took too long, and whether it printed."""
    results: list[Any] = []
    with contextlib.suppress(Endless), contextlib.redirect_stdout(io.StringIO()) as printed:
        with time_limit():
            for arguments in inputs:
                results.append(call(function, arguments, overflow))
    return results, bool(printed.getvalue())


def short(value: Any, write: Callable[[Any], str] = repr) -> str:
    """Write a value on one line, without the type of a NumPy number, whatever it is."""
    found = real_numbers(value)
    if found is not None and len(found) < 9:
        written = [f"{number + 0.0:.6g}" for number in found]
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
            parts = [real_numbers(part) for part in value]
            return None if None in parts else [number for part in parts for number in part]
        array = np.asarray(value)
        return array.astype(float).ravel().tolist() if array.dtype.kind in "iuf" else None
    except Exception:
        return None


def same(one: Any, two: Any, rtol: float = 1e-6, atol: float = 1e-12) -> bool:
    """Tell whether two results are the same numbers."""
    one, two = real_numbers(one), real_numbers(two)
    if one is None or two is None or len(one) != len(two):
        return False
    return bool(np.allclose(one, two, rtol=rtol, atol=atol, equal_nan=True))


def check(
    function: Any,
    right: Callable[..., Any],
    inputs: Sequence[tuple[Any, ...]],
    slips: Mapping[str, Callable[..., Any]],
    hint: str,
    overflow: str = "ignore",
) -> None:
    """Print the reply to a learner's function, a sentence a line.

    function : what the learner wrote
    right : what it should compute
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
    print("\n".join(judge(function, right, inputs, slips, hint, overflow).sentences))


def judge(
    function: Any,
    right: Callable[..., Any],
    inputs: Sequence[tuple[Any, ...]],
    slips: Mapping[str, Callable[..., Any]],
    hint: str,
    overflow: str,
) -> Verdict:
    """Return what `check` says."""
    given = copy.deepcopy(list(inputs))
    results = no_answer(function, given, overflow)
    if isinstance(results, Verdict):
        return results
    name = name_of(function)
    expected = [call(right, arguments, overflow) for arguments in inputs]
    wrong = [k for k, pair in enumerate(zip(results, expected)) if not same(*pair)]
    if wrong:
        at = wrong[0]
        made = {s: [call(f, given, overflow) for given in inputs] for s, f in slips.items()}
        slip = next((s for s, other in made.items() if all(map(_alike, results, other))), None)
        told = [slip] if slip else _where_to_look(results[at], expected[at], hint)
        return Verdict("not yet", [gave(name, inputs[at], results[at]), *told])
    if repr(given) != repr(list(inputs)):
        changed = say("Not yet: the results are right, but {name} changes its input.", name=name)
        return Verdict("not yet", [changed])
    agrees = say("Right: {name} agrees at all {count} inputs.", name=name, count=len(inputs))
    return Verdict("right", [agrees])


def _alike(result: Any, made: Any) -> bool:
    """Tell whether a result is what a wrong formula makes; an error is like any other."""
    if isinstance(made, Raised):
        return isinstance(result, Raised)
    return same(result, made)


def _where_to_look(result: Any, expected: Any, hint: str) -> list[str]:
    """Say what helps with a wrong result that no known slip makes; of an error, no more."""
    if isinstance(result, Raised):
        return []
    count = len(real_numbers(expected) or [])
    if len(real_numbers(result) or []) == count:
        return [hint]
    if count == 1:
        return [say("A single number is expected.")]
    return [say("Expected: {count} numbers.", count=count)]


def no_answer(
    function: Any, inputs: Sequence[Sequence[Any]], overflow: str = "ignore"
) -> Verdict | list[Any]:
    """Return the function's results, or why there are none to judge."""
    if not callable(function):
        text = say("Not attempted yet: give the check the function itself, without brackets.")
        return Verdict("not attempted", [text])
    name = name_of(function)
    results, printed = call_all(function, inputs, overflow)
    if len(results) < len(inputs):
        endless = written_call(name, inputs[len(results)])
        text = say("Not yet: {call} was stopped after {n} seconds.", call=endless, n=SECONDS)
        return Verdict("not yet", [text, say("Does a loop in it never come to an end?")])
    nothing = [result is None or result is Ellipsis for result in results]
    failed = [isinstance(result, Raised) for result in results]
    if printed and any(nothing) and all(map(max, nothing, failed)):
        text = say("Not yet: {name} prints its result. Let it return it instead.", name=name)
        return Verdict("not yet", [text])
    if all(nothing):
        text = say("Not attempted yet: {name} returns nothing so far.", name=name)
        return Verdict("not attempted", [text])
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
