"""Widgets to practise with: an answer box, an exhibit with a bug to find, a game of bets.

Python works out every right and wrong number while a widget is made. The browser reads what was
typed or chosen and looks it up (boxes.js), so a widget answers with the kernel stopped, too.
"""

import math
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import traitlets
from anywidget import AnyWidget
from ipywidgets import widget_serialization

from .checking import real_numbers, short
from .words import say

DIGITS = 3  # decimals that an answer box asks for
FINE = 3  # tries that seeing no bug costs where there is one
NAMES = {"eta": "η", "y_1": "y₁", "y_2": "y₂"}  # as the notebooks write them


class Practice(AnyWidget):
    """What the widgets have in common: one front end, and a still form for paper."""

    _esm = Path(__file__).with_name("boxes.js")
    _css = Path(__file__).with_name("boxes.css")
    kind = traitlets.Unicode().tag(sync=True)
    content = traitlets.Dict().tag(sync=True)
    kept = traitlets.Dict().tag(sync=True)  # what the learner did; only the browser writes it
    title = traitlets.Unicode()
    paper = traitlets.Unicode()  # HTML

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return {**data, "text/plain": repr(self), "text/html": self.paper}, metadata

    def __repr__(self) -> str:
        return f"{type(self).__name__}: {self.title}"


REPLIES = {  # of every answer box; the browser fills in {typed} and {field}
    "button": "Check",
    "none": "Not attempted yet: please type a number such as {example}.",
    "empty": "{field} is still empty: please type a number there, too.",
    "junk": "Please type a number such as {example}.",
    "percent": "This is no percentage: type a number such as {example}.",
    "right": "Right.",
    "wrong": "Not yet.",
    "coarse": "{typed} is right as far as it goes. Give {digits} decimals.",
    "close": "Very close: keep all digits while you calculate, and round once.",
    "fits": "{field} is right.",
}


class AnswerBox(Practice):
    """A question, a field for each number of its answer, and a reply that names the slip.

    An answer is right if, rounded to DIGITS decimals, it is the right number rounded to DIGITS
    decimals; more decimals than asked for are welcome.

    right : the right number, or several
    slips : a sentence, with {typed} for what was typed, and the wrong answer of which it is said
    hints : said one after the other, one a try, when no slip is recognised
    praise : said after "Right."
    fields : the symbol of each number, if there are several
    percent : whether 25 % may be written for 0.25
    numbers : the question's own numbers, which its sentences name: "a = {a}, y = {y}"

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
        percent: bool = False,
        numbers: Mapping[str, Any] | None = None,
    ) -> None:
        def told(sentence: str) -> str:
            return say(sentence, typed="{typed}", **(numbers or {}))

        shown = _rounded(right)
        wrong = [[_rounded(values), told(slip)] for slip, values in slips.items()]
        taken = [shown, *(values for values, _ in wrong)]
        for values, slip in wrong:
            if len(values) != len(shown) or taken.count(values) > 1:
                raise ValueError(f"a slip must have values of its own: received {values}, {slip}")
        opposite = [-value for value in shown]
        if opposite not in taken:
            wrong.append([opposite, say("{typed} has the right size and the wrong sign.")])
        question, fields = told(question), list(fields) or [say("Your answer")]
        example = "0.125" if 0.28 in shown else "0.280"  # never the answer itself
        known = {"example": example, "digits": DIGITS, "typed": "{typed}", "field": "{field}"}
        content = {
            "question": question,
            "fields": fields,
            "right": shown,
            "exact": real_numbers(right),
            "digits": DIGITS,
            "percent": percent,
            "slips": wrong,
            "hints": [told(hint) for hint in hints],
            "praise": praise and told(praise),
            "say": {key: say(reply, **known) for key, reply in REPLIES.items()},
        }
        blanks = " ".join(say("{field}: ____________", field=field) for field in fields)
        paper = f"<p><b>{escape(question)}</b></p><p>{escape(blanks)}</p>"
        super().__init__(kind="box", content=content, title=question, paper=paper)


def _rounded(values: float | Sequence[float]) -> list[float]:
    return [round(value, DIGITS) + 0.0 for value in real_numbers(values)]


class Bets(Practice):
    """Statements, true or false: the learner bets a percentage on each, and is charged for it.

    statements : (text, is it true, why), one after the other
    costs : what 0, 1 … 100 % cost where the statement is false, and where it is true
    replies : what is said; see helpers/game.py, which has them all
    """

    def __init__(self, statements: Sequence, costs: Sequence, replies: Mapping[str, str]) -> None:
        told = [[say(text), int(truth), say(why)] for text, truth, why in statements]
        # JSON has no infinity: the browser takes null for it.
        finite = [[cost if math.isfinite(cost) else None for cost in table] for table in costs]
        spoken = {key: say(reply) for key, reply in replies.items()}
        content = {"statements": told, "costs": finite, "say": spoken}
        texts, blank = [text for text, _, _ in told], escape(spoken["paper"])
        paper = f"<ol>{''.join(f'<li>{escape(text)}<br>{blank}</li>' for text in texts)}</ol>"
        super().__init__(kind="bets", content=content, title=" / ".join(texts), paper=paper)


class Exhibit(Practice):
    """A piece of code as a black box, right or wrong: inputs to try, of which one may expose it.

    title, task : what the code is called, and what it should return
    stops : for each argument of the code, the values that the learner can choose
    says, truths : what the code returns and what is right, at each combination of stops
    hint, why : told to a learner who sees no bug: where there is one, and where there is none
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
        words = {"title": title, "task": task, "hint": hint, "why": why}
        content = {
            **words,
            "names": [NAMES.get(name, name) for name in stops],
            "stops": [[written(value) for value in values] for values in stops.values()],
            "table": table,
            "start": _harmless([len(values) for values in stops.values()], table),
            "bug": any(exposed for *_, exposed in table),
            "fine": FINE,
            "say": {
                "try": say("Try this input"),
                "declare": say("There is no bug here"),
                "tries": say("Tries: {count}"),
                "says": say("returned"),
                "truth": say("right"),
                "exposed": say("Exposed: the two differ. Now read the code, and repair it there."),
                "hidden": say("At this input it agrees with what it should return."),
                "bug": say("There is a bug in it. That counts as {count} tries.", count=FINE),
                "sound": say("It is sound: it returns what it should at every input here."),
                "paper": say("Input that exposes it: ____________ (or: no bug)"),
            },
        }
        blank = escape(content["say"]["paper"])
        paper = f"<p><b>{escape(title)}</b></p><p>{escape(task)}</p><p>{blank}</p>"
        super().__init__(kind="exhibit", content=content, title=title, paper=paper)


def _harmless(shape: Sequence[int], table: Sequence[Sequence[Any]]) -> list[int]:
    """Return the input nearest to the middle that exposes nothing: finding is left to do."""
    middle = [size // 2 for size in shape]
    kept = [place for place, row in zip(np.ndindex(*shape), table) if not row[2]]
    return list(min(kept, key=lambda at: math.dist(at, middle), default=middle))


class Score(Practice):
    """How many exhibits are settled, and what all of them have cost together."""

    exhibits = traitlets.List().tag(sync=True, **widget_serialization)

    def __init__(self, exhibits: list[Exhibit]) -> None:
        score = say("You have settled {settled} of {count} exhibits, in {tries} tries.")
        par = say(
            "Settled: exposed, or rightly called sound. {count} tries, one each, would be luck: "
            "a box takes several before you can call it sound.", count=len(exhibits),
        )  # fmt: skip
        content, paper = {"say": {"score": score, "par": par}}, f"<p>{escape(par)}</p>"
        super().__init__(kind="score", content=content, title=par, paper=paper, exhibits=exhibits)


def written(value: Any) -> str:
    """Write a result with four digits, however small it is."""
    return short(value, digits=4).replace("-", "−").replace("inf", "∞")
