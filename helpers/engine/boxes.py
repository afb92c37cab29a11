"""Widgets to practise with: an answer box, an exhibit with a bug to find, a game of probabilities.

Python works out every right and wrong number while a widget is made. The browser reads what was
typed or chosen and looks it up, so a widget answers with the kernel stopped, too. Each has a
method here that judges as the browser does.
"""

from __future__ import annotations

import html
import inspect
import itertools
import math
import re
import textwrap
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import traitlets
from anywidget import AnyWidget

from ..logistic import log_loss

# What the widgets say. A translation gives its own, as `phrases`.
PHRASES = {
    "field": "Your answer",
    "button": "Check",
    "empty": "Not attempted yet: please type a number such as {example}.",
    "junk": "Please type a number such as {example}.",
    "right": "Right. {praise}",
    "slip": "Not yet: {typed} {slip}.",
    "sign": "has the right size and the wrong sign",
    "coarse": "Not yet: {typed} is right as far as it goes. Give {digits} decimals.",
    "close": "Very close, but not yet: keep all digits while you calculate, and round once.",
    "far": "Not yet: {places} {hint}",
    "fits": "{field} is right.",
    "large": "{typed} is too large, by {bound}.",
    "small": "{typed} is too small, by {bound}.",
    "less": "less than {bound}",
    "more": "more than {bound}",
}
EXHIBIT_PHRASES = {
    "try": "Try this input",
    "declare": "There is no bug here",
    "exposed": "Exposed. At {input} this code says {says}; right is {right}. {source}",
    "hidden": "Not exposed: at {input} this code says {says}, and that is right.",
    "bug": "There is a bug in it. {hint}",
    "sound": "Right: at all {count} inputs this code says what it should. {source}",
    "paper": "Input that exposes it: ____________ (or: no bug)",
}
GAME_PHRASES = {
    "slider": "{percent} % sure that it is true",
    "score": "Score me",
    "again": "Start again",
    "true": "True",
    "false": "False",
    "item": "{truth}. You gave this {given} %, which costs {loss}. {why}",
    "mean": "Your mean log loss is {mean}, and exp(−{mean}) = {typical}: "
    "that is the geometric mean of what you gave the truths.",
    "better": "Always saying 50 % would have cost {chance}. You did better.",
    "worse": "Always saying 50 % would have cost {chance}. You did worse.",
    "same": "Always saying 50 % would have cost {chance}: the same.",
    "worst": "Your most expensive confident mistake is statement {number}: {loss}.",
    "none": "No confident mistake: you gave no truth less than 50 %.",
    "paper": "Probability that it is true: ______ %",
}
NAMES = {"eta": "η", "y_1": "y₁", "y_2": "y₂"}  # as the notebooks write them
BOUNDS = (0.01, 0.1, 1, 10, 100)

SPACES = re.compile("[ \t\n\r]")
NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
ANSWER = re.compile(rf"({NUMBER})(?:/({NUMBER})|(%))?", re.ASCII)


class Verdict(NamedTuple):
    """What a learner is told; `state` is "not attempted", "not yet" or "right"."""

    state: str
    reply: str


class Typed(NamedTuple):
    """A number as typed; `decimals` is None where that says nothing of its accuracy."""

    value: float
    decimals: int | None


def parse(text: str) -> Typed | None:
    """Read a number as people write it, or return None.

    Examples
    --------
    >>> [parse(text).value for text in ("0,280", "28 %", "7/25", "\N{MINUS SIGN}1.5", "3e-2")]
    [0.28, 0.28, 0.28, -1.5, 0.03]
    >>> parse("a third") is None
    True
    """
    if len(text) > 40:
        return None
    text = SPACES.sub("", unicodedata.normalize("NFKC", text))
    text = text.replace("\u2212", "-").replace("\u2013", "-").replace("\u2044", "/")
    if text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    found = ANSWER.fullmatch(text)
    if not found:
        return None
    number, divisor, percent = found.groups()
    below = float(divisor) if divisor else 100 if percent else 1
    if below == 0 or not math.isfinite(float(number) / below):
        return None
    exact = divisor or "e" in number.lower()
    decimals = None if exact else len(number.partition(".")[2]) + (2 if percent else 0)
    return Typed(float(number) / below, decimals)


class Practice(AnyWidget):
    """What the three widgets have in common: one front end, and a still form for paper."""

    _esm = Path(__file__).with_name("boxes.js")
    _css = Path(__file__).with_name("boxes.css")
    kind = traitlets.Unicode().tag(sync=True)
    content = traitlets.Dict().tag(sync=True)
    kept = traitlets.Dict().tag(sync=True)  # what the learner did; only the browser writes it

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        return {**data, "text/plain": repr(self), "text/html": self._fallback()}

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
    slips : what is said of a known wrong answer (after the number itself, without a full stop),
        and that answer
    hints : said one after the other, one a try, when no slip is recognised
    praise : said after "Right."
    fields : the label of each field
    digits : decimals asked for
    phrases : replaces some of PHRASES

    Raises
    ------
    ValueError : a slip that cannot be told from the right answer or from another slip

    Examples
    --------
    >>> box = AnswerBox("What is 2 · 3?", 6, {"is the sum": 5}, hints=["Count 3 and 3."])
    >>> print(box.judge("5").reply)
    Not yet: 5 is the sum.
    >>> print(box.judge("7").reply)
    Not yet: 7 is too large, by less than 10. Count 3 and 3.
    >>> box.judge("6.0").state
    'right'
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
        phrases: Mapping[str, str] | None = None,
    ) -> None:
        say = PHRASES | dict(phrases or {})
        exact = _floats(right)
        wrong = [[_rounded(values, digits), slip] for slip, values in slips.items()]
        shown = _rounded(right, digits)
        seen = [shown]
        for values, slip in wrong:
            if values in seen or len(values) != len(exact):
                raise ValueError(f"a slip must have values of its own: received {values}, {slip}")
            seen.append(values)
        opposite = [-value for value in shown]
        if opposite not in seen:
            wrong.append([opposite, say["sign"]])
        example = "0.280" if 0.28 not in shown else "0.125"
        say = {key: text.replace("{example}", example) for key, text in say.items()}
        content = {
            "question": question,
            "fields": list(fields) or [say["field"]],
            "exact": exact,
            "shown": shown,
            "unit": 10.0**-digits,
            "digits": digits,
            "slips": wrong,
            "hints": list(hints),
            "praise": praise,
            "bounds": list(BOUNDS),
            "phrases": say,
        }
        super().__init__(kind="box", content=content)

    def judge(self, *texts: str, tries: int = 0) -> Verdict:
        """Say what the browser says to these texts, typed after `tries` wrong answers."""
        told = self.content
        say, unit, fields = told["phrases"], told["unit"], told["fields"]
        if len(texts) != len(fields):
            raise ValueError(f"there must be {len(fields)} texts: received {len(texts)}")
        if not any(text.strip() for text in texts):
            return Verdict("not attempted", say["empty"])
        answers = [parse(text) for text in texts]
        if None in answers:
            return Verdict("not attempted", say["junk"])
        typed = ", ".join(text.strip() for text in texts)

        def near(values: list[float], within: float) -> bool:
            # A billionth more, for a number that lies exactly between two roundings.
            reach = within * unit * (1 + 1e-9)
            return all(abs(answer.value - v) <= reach for answer, v in zip(answers, values))

        if near(told["shown"], 0.5):
            return Verdict("right", say["right"].format(praise=told["praise"]).strip())
        for values, slip in told["slips"]:
            if near(values, 0.5):
                return Verdict("not yet", say["slip"].format(typed=typed, slip=slip))
        if all(
            answer.decimals and abs(answer.value - value) <= 0.5 / 10**answer.decimals
            for answer, value in zip(answers, told["exact"])
        ):
            return Verdict("not yet", say["coarse"].format(typed=typed, digits=told["digits"]))
        if near(told["shown"], 2.5):
            return Verdict("not yet", say["close"])
        places = [
            self._place(k, text.strip(), answer.value)
            for k, (text, answer) in enumerate(zip(texts, answers))
        ]
        hint = told["hints"][min(tries, len(told["hints"]) - 1)]
        return Verdict("not yet", say["far"].format(places=" ".join(places), hint=hint))

    def _place(self, k: int, typed: str, value: float) -> str:
        """Say of one number that it is right, or which way it is off and how far at most."""
        told = self.content
        say, fields, away = told["phrases"], told["fields"], abs(value - told["exact"][k])
        if abs(value - told["shown"][k]) <= 0.5 * told["unit"] * (1 + 1e-9):
            return say["fits"].format(field=fields[k])
        reach = next((bound for bound in told["bounds"] if away < bound), None)
        bound = say["less" if reach else "more"].format(bound=f"{reach or told['bounds'][-1]:g}")
        off = say["large" if value > told["exact"][k] else "small"].format(typed=typed, bound=bound)
        return off if len(fields) == 1 else f"{fields[k]}: {off}"

    def _title(self) -> str:
        return self.content["question"]

    def _fallback(self) -> str:
        blanks = " ".join(f"{html.escape(f)}: ____________" for f in self.content["fields"])
        return f"<p><b>{html.escape(self.content['question'])}</b></p><p>{blanks}</p>"


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


class BeTheModel(Practice):
    """Statements, true or false; the learner gives each a probability and is charged log loss.

    Parameters
    ----------
    statements : (text, is it true, why), one after the other
    phrases : replaces some of GAME_PHRASES

    Examples
    --------
    >>> game = BeTheModel([("2 > 1", True, "By 1."), ("e < 2", False, "e = 2.718...")])
    >>> for line in game.judge([80, 50]):
    ...     print(line)
    1. True. You gave this 80 %, which costs 0.223. By 1.
    2. False. You gave this 50 %, which costs 0.693. e = 2.718...
    Your mean log loss is 0.458, and exp(−0.458) = 0.632: that is the geometric mean of what you \
gave the truths.
    Always saying 50 % would have cost 0.693. You did better.
    No confident mistake: you gave no truth less than 50 %.
    """

    def __init__(
        self,
        statements: Sequence[tuple[str, bool, str]],
        phrases: Mapping[str, str] | None = None,
    ) -> None:
        percents = np.arange(101)
        # JSON has no infinity: the browser takes null for it.
        losses = [
            [loss if math.isfinite(loss) else None for loss in log_loss(percents / 100, y).tolist()]
            for y in (0, 1)
        ]
        content = {
            "statements": [[text, int(truth), why] for text, truth, why in statements],
            "losses": losses,
            "given": [(100 - percents).tolist(), percents.tolist()],
            "phrases": GAME_PHRASES | dict(phrases or {}),
        }
        super().__init__(kind="game", content=content)

    def judge(self, percents: Sequence[int]) -> list[str]:
        """Return the lines that the browser shows for these probabilities, in percent."""
        told = self.content
        say, tables = told["phrases"], told["losses"]
        losses, given, lines = [], [], []
        for number, (percent, (_, truth, why)) in enumerate(zip(percents, told["statements"]), 1):
            loss = tables[truth][percent]
            losses.append(math.inf if loss is None else loss)
            given.append(told["given"][truth][percent])
            lines.append(
                f"{number}. "
                + say["item"].format(
                    truth=say["true" if truth else "false"],
                    given=given[-1],
                    loss=_three(losses[-1]),
                    why=why,
                )
            )
        mean, chance, worst = sum(losses) / len(losses), tables[1][50], max(losses)
        lines.append(say["mean"].format(mean=_three(mean), typical=_three(math.exp(-mean))))
        order = "same" if abs(mean - chance) < 0.0005 else "better" if mean < chance else "worse"
        lines.append(say[order].format(chance=_three(chance)))
        number = losses.index(worst) + 1
        wrong = "worst" if given[number - 1] < 50 else "none"
        lines.append(say[wrong].format(number=number, loss=_three(worst)))
        return lines

    def _title(self) -> str:
        return " / ".join(text for text, _, _ in self.content["statements"])

    def _fallback(self) -> str:
        paper = html.escape(self.content["phrases"]["paper"])
        items = [f"<li>{html.escape(s[0])}<br>{paper}</li>" for s in self.content["statements"]]
        return f"<ol>{''.join(items)}</ol>"


def _floats(values: float | Sequence[float]) -> list[float]:
    return [float(value) for value in np.atleast_1d(values)]


def _rounded(values: float | Sequence[float], digits: int) -> list[float]:
    return [round(value, digits) + 0.0 for value in _floats(values)]


def _written(value: float) -> str:
    return f"{float(value) + 0.0:.4g}".replace("-", "−").replace("inf", "∞")


def _three(value: float) -> str:
    return f"{value:.3f}" if math.isfinite(value) else "∞"
