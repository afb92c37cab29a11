"""Widgets to practise with: an answer box, an exhibit with a bug to find, a game of bets.

Python works out every right and wrong number while a widget is made. The browser reads what was
typed or chosen and looks it up (boxes.js), so a widget answers with the kernel stopped, too.
"""

from __future__ import annotations

import html
import inspect
import itertools
import math
import textwrap
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import traitlets
from anywidget import AnyWidget

from ..language import say


class Practice(AnyWidget):
    """What the widgets have in common: one front end, and a still form for paper."""

    _esm = Path(__file__).with_name("boxes.js")
    _css = Path(__file__).with_name("boxes.css")
    kind = traitlets.Unicode().tag(sync=True)
    content = traitlets.Dict().tag(sync=True)
    kept = traitlets.Dict().tag(sync=True)  # what the learner did; only the browser writes it

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        return {**data, "text/plain": repr(self), "text/html": self._fallback()}, metadata

    def __repr__(self) -> str:
        return f"{type(self).__name__}: {self._title()}"

    def _title(self) -> str:
        raise NotImplementedError

    def _fallback(self) -> str:
        raise NotImplementedError


class AnswerBox(Practice):
    """A question, a field for each number of its answer, and a reply that names the slip.

    An answer is right if, rounded to `digits` decimals, it is the right number rounded to
    `digits` decimals; more decimals than asked for are welcome.

    Parameters
    ----------
    question : plain text
    right : the right number, or several
    slips : what is said of a known wrong answer, a whole sentence in which {typed} is what was
        typed; and that answer
    hints : said one after the other, one a try, when no slip is recognised
    praise : said after "Right."
    fields : the label of each field
    digits : decimals asked for
    percent : whether 25 % may be written for 0.25

    Raises
    ------
    ValueError : a slip that cannot be told from the right answer or from another slip

    Examples
    --------
    >>> AnswerBox("What is 2 · 3?", 6, {"{typed} is the sum.": 5}, hints=["Count 3 and 3."])
    AnswerBox: What is 2 · 3?
    """

    def __init__(
        self,
        question: str,
        right: float | Sequence[float],
        slips: Mapping[str, float | Sequence[float]],
        hints: Sequence[str],
        praise: str = "",
        fields: Sequence[str] = (),
        digits: int = 3,
        percent: bool = False,
    ) -> None:
        shown = _rounded(right, digits)
        wrong = [[_rounded(values, digits), say(slip)] for slip, values in slips.items()]
        for k, (values, slip) in enumerate(wrong):
            if len(values) != len(shown) or values in [shown, *(others for others, _ in wrong[:k])]:
                raise ValueError(f"a slip must have values of its own: received {values}, {slip}")
        opposite = [-value for value in shown]
        if opposite not in [shown, *(values for values, _ in wrong)]:
            wrong.append([opposite, say("{typed} has the right size and the wrong sign.")])
        content = {
            "question": say(question),
            "fields": [say(field) for field in fields] or [say("Your answer")],
            "right": shown,
            "exact": np.atleast_1d(right).astype(float).tolist(),
            "digits": digits,
            "percent": percent,
            "slips": wrong,
            "hints": [say(hint) for hint in hints],
            "praise": say(praise) if praise else "",
            "say": _replies(digits, "0.125" if 0.28 in shown else "0.280"),
        }
        super().__init__(kind="box", content=content)

    def _title(self) -> str:
        return self.content["question"]

    def _fallback(self) -> str:
        blanks = " ".join(f"{html.escape(f)}: ____________" for f in self.content["fields"])
        return f"<p><b>{html.escape(self.content['question'])}</b></p><p>{blanks}</p>"


def _replies(digits: int, example: str) -> dict[str, str]:
    """Return what every answer box says; {typed} and {field} are filled in by the browser."""
    return {
        "button": say("Check"),
        "none": say("Not attempted yet: please type a number such as {example}.", example=example),
        "empty": say("{field} is still empty: please type a number there, too."),
        "junk": say("Please type a number such as {example}.", example=example),
        "percent": say("This is no percentage: type a number such as {example}.", example=example),
        "right": say("Right."),
        "wrong": say("Not yet."),
        "coarse": say(
            "{typed} is right as far as it goes. Give {digits} decimals.",
            typed="{typed}",
            digits=digits,
        ),
        "close": say("Very close: keep all digits while you calculate, and round once."),
        "fits": say("{field} is right."),
    }


class Bets(Practice):
    """Statements, true or false: the learner bets a percentage on each, and is charged for it.

    Parameters
    ----------
    statements : (text, is it true, why), one after the other
    costs : what 0, 1 … 100 % cost where the statement is false, and where it is true
    replies : what is said; see helpers/game.py, which has them all
    """

    def __init__(
        self,
        statements: Sequence[tuple[str, bool, str]],
        costs: Sequence[Sequence[float]],
        replies: Mapping[str, str],
    ) -> None:
        # JSON has no infinity: the browser takes null for it.
        finite = [[cost if math.isfinite(cost) else None for cost in table] for table in costs]
        content = {
            "statements": [[say(text), int(truth), say(why)] for text, truth, why in statements],
            "costs": finite,
            "say": {key: say(sentence) for key, sentence in replies.items()},
        }
        super().__init__(kind="bets", content=content)

    def _title(self) -> str:
        return " / ".join(text for text, _, _ in self.content["statements"])

    def _fallback(self) -> str:
        paper = html.escape(self.content["say"]["paper"])
        items = [f"<li>{html.escape(s[0])}<br>{paper}</li>" for s in self.content["statements"]]
        return f"<ol>{''.join(items)}</ol>"


def _rounded(values: float | Sequence[float], digits: int) -> list[float]:
    return [round(float(value), digits) + 0.0 for value in np.atleast_1d(values)]


EXHIBIT_PHRASES = {
    "try": "Try this input",
    "declare": "There is no bug here",
    "exposed": "Exposed. At {input} this code says {says}; right is {right}. {source}",
    "hidden": "Not exposed: at {input} this code says {says}, and that is right.",
    "bug": "There is a bug in it. {hint}",
    "sound": "Right: at all {count} inputs this code says what it should. {source}",
    "paper": "Input that exposes it: ____________ (or: no bug)",
}
NAMES = {"eta": "η", "y_1": "y₁", "y_2": "y₂"}  # as the notebooks write them


class Verdict(NamedTuple):
    """What a learner is told; `state` is "not attempted", "not yet" or "right"."""

    state: str
    reply: str


class Exhibit(Practice):
    """A piece of code, right or wrong, and inputs of which one may expose it.

    Parameters
    ----------
    code : the function on show; its source is what the learner sees
    right : what it should return
    source : where the bug was found, or why the code is right; told with the verdict
    hint : told to a learner who sees no bug where there is one
    phrases : replaces some of EXHIBIT_PHRASES
    **stops : the values that the learner can choose, for each argument of `code`
    """

    def __init__(
        self,
        code: Callable[..., float],
        right: Callable[..., float],
        source: str,
        hint: str = "",
        phrases: Mapping[str, str] | None = None,
        **stops: Sequence[float],
    ) -> None:
        self.code, self.right, self.stops = code, right, stops
        with np.errstate(all="ignore"):
            table = [self._row(values) for values in itertools.product(*stops.values())]
        content = {
            "code": textwrap.dedent(inspect.getsource(code)).rstrip(),
            "names": [NAMES.get(name, name) for name in stops],
            "stops": [[_written(value) for value in values] for values in stops.values()],
            "table": table,
            "start": self._start(table),
            "bug": any(exposed for _, _, exposed in table),
            "source": source,
            "hint": hint,
            "phrases": EXHIBIT_PHRASES | dict(phrases or {}),
        }
        super().__init__(kind="exhibit", content=content)

    def _row(self, values: Sequence[float]) -> list[Any]:
        says, right = (_written(f(*values)) for f in (self.code, self.right))
        return [says, right, says != right]

    def _start(self, table: list[list[Any]]) -> list[int]:
        """Return the input nearest to the middle that exposes nothing: finding is left to do."""
        middle = [len(values) // 2 for values in self.stops.values()]
        places = itertools.product(*(range(len(values)) for values in self.stops.values()))
        kept = [list(place) for place, row in zip(places, table) if not row[2]]
        return min(kept, key=lambda at: math.dist(at, middle), default=middle)

    def judge(self, **values: float) -> Verdict:
        """Say what the browser says when this input is tried."""
        told, place, chosen = self.content, 0, []
        for name, written, stops in zip(told["names"], told["stops"], self.stops.items()):
            at = list(stops[1]).index(values[stops[0]])
            place = place * len(written) + at
            chosen.append(f"{name} = {written[at]}")
        says, right, exposed = told["table"][place]
        reply = told["phrases"]["exposed" if exposed else "hidden"].format(
            input=", ".join(chosen), says=says, right=right, source=told["source"]
        )
        return Verdict("right" if exposed else "not yet", reply)

    def declare(self) -> Verdict:
        """Say what the browser says to "There is no bug here"."""
        told = self.content
        if told["bug"]:
            return Verdict("not yet", told["phrases"]["bug"].format(hint=told["hint"]).strip())
        sound = told["phrases"]["sound"]
        return Verdict("right", sound.format(count=len(told["table"]), source=told["source"]))

    def _title(self) -> str:
        return f"{self.code.__name__}({', '.join(self.stops)})"

    def _fallback(self) -> str:
        paper = html.escape(self.content["phrases"]["paper"])
        return f"<p><b>{self._title()}</b></p><p>{paper}</p>"


def _written(value: float) -> str:
    return f"{float(value) + 0.0:.4g}".replace("-", "−").replace("inf", "∞")
