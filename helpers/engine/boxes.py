"""Widgets to practise with: an answer box, an exhibit with a bug to find, a game of bets.

Python works out every right and wrong number while a widget is made. The browser reads what was
typed or chosen and looks it up (boxes.js), so a widget answers with the kernel stopped, too.
"""

from __future__ import annotations

import html
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import traitlets
from anywidget import AnyWidget
from ipywidgets import widget_serialization

from ..language import say
from .checking import real_numbers, short

FINE = 3  # tries that seeing no bug costs where there is one
NAMES = {"eta": "η", "y_1": "y₁", "y_2": "y₂"}  # as the notebooks write them


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

    question : plain text
    right : the right number, or several
    slips : what is said of a known wrong answer, a whole sentence in which {typed} is what was
        typed; and that answer
    hints : said one after the other, one a try, when no slip is recognised
    praise : said after "Right."
    fields : the symbol of each number, if there are several
    digits : decimals asked for
    percent : whether 25 % may be written for 0.25

    Raises ValueError: a slip that cannot be told from the right answer or from another slip

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
            "fields": list(fields) or [say("Your answer")],
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
        blanks = " ".join(say("{field}: ____________", field=f) for f in self.content["fields"])
        question, blanks = html.escape(self.content["question"]), html.escape(blanks)
        return f"<p><b>{question}</b></p><p>{blanks}</p>"


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


class Exhibit(Practice):
    """A piece of code as a black box, right or wrong: inputs to try, of which one may expose it.

    title, task : what the code is called, and what it should return
    stops : for each argument of the code, the values that the learner can choose
    says, truths : what the code returns and what is right, at each combination of stops
    hint : told to a learner who sees no bug where there is one
    why : why code without a bug is right
    """

    def __init__(
        self,
        title: str,
        task: str,
        stops: Mapping[str, Sequence[float]],
        says: Sequence[float],
        truths: Sequence[float],
        hint: str = "",
        why: str = "",
    ) -> None:
        pairs = zip(map(written, says), map(written, truths), strict=True)
        table = [[one, two, one != two] for one, two in pairs]
        content = {
            "title": title,
            "task": task,
            "names": [NAMES.get(name, name) for name in stops],
            "stops": [[written(value) for value in values] for values in stops.values()],
            "table": table,
            "start": _harmless([len(values) for values in stops.values()], table),
            "bug": any(exposed for *_, exposed in table),
            "hint": hint,
            "why": why,
            "fine": FINE,
            "say": {
                "try": say("Try this input"),
                "declare": say("There is no bug here"),
                "tries": say("Tries: {count}"),
                "says": say("returned"),
                "truth": say("truth"),
                "exposed": say("Exposed: the two differ. Now read the code, and repair it there."),
                "hidden": say("At this input it returns what it should."),
                "bug": say("There is a bug in it. That counts as {count} tries.", count=FINE),
                "sound": say("It is sound: it returns what it should at every input here."),
                "paper": say("Input that exposes it: ____________ (or: no bug)"),
            },
        }
        super().__init__(kind="exhibit", content=content)

    def _title(self) -> str:
        return self.content["title"]

    def _fallback(self) -> str:
        texts = [html.escape(self.content[name]) for name in ("title", "task")]
        paper = html.escape(self.content["say"]["paper"])
        return f"<p><b>{texts[0]}</b></p><p>{texts[1]}</p><p>{paper}</p>"


def _harmless(shape: Sequence[int], table: Sequence[Sequence[Any]]) -> list[int]:
    """Return the input nearest to the middle that exposes nothing: finding is left to do."""
    middle = [size // 2 for size in shape]
    kept = [place for place, row in zip(np.ndindex(*shape), table) if not row[2]]
    return list(min(kept, key=lambda at: math.dist(at, middle), default=middle))


class Score(Practice):
    """How many exhibits are settled, and what all of them have cost together."""

    exhibits = traitlets.List().tag(sync=True, **widget_serialization)

    def __init__(self, exhibits: Sequence[Exhibit]) -> None:
        count = len(exhibits)
        told = {
            "score": say(
                "You have settled {settled} of {count} exhibits, in {tries} tries.",
                settled="{settled}",
                count=count,
                tries="{tries}",
            ),
            "par": say(
                "One good input for each wrong one, one word for each sound one: {count} would do.",
                count=count,
            ),
        }
        super().__init__(kind="score", content={"say": told}, exhibits=list(exhibits))

    def _title(self) -> str:
        return self.content["say"]["par"]

    def _fallback(self) -> str:
        return f"<p>{html.escape(self._title())}</p>"


def _rounded(values: float | Sequence[float], digits: int) -> list[float]:
    return [round(float(value), digits) + 0.0 for value in np.atleast_1d(values)]


def written(value: Any) -> str:
    """Write a number with four digits, however small it is; anything else as `short` does."""
    numbers = real_numbers(value)
    if numbers is None or len(numbers) != 1:
        return short(value)
    return f"{numbers[0] + 0.0:.4g}".replace("-", "−").replace("inf", "∞")
