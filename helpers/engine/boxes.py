"""Widgets to practise with: an answer box, a black box with a bug to find, a game of bets.

Python works out every right and wrong number while a widget is made. The browser reads what was
typed or chosen and looks it up (boxes.js), so a widget answers with the kernel stopped, too.
"""

import functools
import math
from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import traitlets
from anywidget import AnyWidget

from .checking import real_numbers, short
from .words import say

DIGITS = 3  # decimals that an answer box asks for
PATIENCE = 3  # wrong tries after which other numbers are offered
FINE = 3  # tries that it costs to call right wrong, or wrong right
EXAMPLES = ("0.250", "0.125", "0.375", "0.625")  # of how a number may be written


class Practice(AnyWidget):
    """What the widgets have in common: one front end, and a still form for paper.

    The browser hears of one when it is shown, and not of those that only lend their content.
    """

    _esm = Path(__file__).with_name("boxes.js")
    _css = Path(__file__).with_name("boxes.css")
    kind = traitlets.Unicode().tag(sync=True)
    content = traitlets.Dict().tag(sync=True)
    kept = traitlets.Dict().tag(sync=True)  # what the learner did; only the browser writes it
    title = traitlets.Unicode()
    paper = traitlets.Unicode()  # HTML

    def open(self) -> None:
        """Leave it to `model_id`, by which whatever shows a widget calls it."""

    @property
    def model_id(self) -> str:
        super().open()
        return super().model_id

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle or ({}, {})
        return {**data, "text/plain": repr(self), "text/html": self.paper}, metadata

    def __repr__(self) -> str:
        return f"{type(self).__name__}: {self.title}"


REPLIES = {  # of every answer box; the browser fills in the fields
    "button": "Check",
    "another": "Another one",
    "none": "Not attempted yet: please type a number such as {example}.",
    "empty": "{field} is still empty: please type a number there, too.",
    "junk": "“{what}” was not understood: please type a number such as {example}.",
    "formula": "That is a formula: work it out, and type the number, such as {example}.",
    "percent": "This is no percentage: type a number such as {example}.",
    "right": "Right.",
    "wrong": "Not yet.",
    "outside": "{typed} is no probability: that lies between 0 and 1.",
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
    percent : whether it is a probability, for which 25 % may be written instead of 0.25
    **numbers : the question's own numbers, which its sentences name: "a = {a}, y = {y}"; none of
        them, copied, is taken for a coarse answer

    What a learner did is in `kept`, which a saved notebook holds:

    set : the number of the set of numbers that is shown, see `another`; 0 is the first
    answers : by the number of a set: texts, state, said, tries (wrong ones), open (whether
        another set is offered)
    state : "right" once any set has been; else the last reply's, "not yet" or "not attempted"
    draft : what stands in the fields and is not checked yet, or null
    tries : the first 49 and the last: set, texts (40 characters each), state, and slip, the
        number of the slip that was named, or null

    Raises ValueError: a slip that cannot be told from the right answer or from another slip

    >>> AnswerBox("What is 2 · 3?", 6, {"{typed} is the sum.": 5}, hints=["Count 3 and 3."])
    AnswerBox: What is 2 · 3?
    """

    def __init__(
        self,
        question: str,
        right: Any,
        slips: Mapping[str, Any],
        hints: Sequence[str],
        praise: str = "",
        fields: Sequence[str] = (),
        percent: bool = False,
        **numbers: Any,
    ) -> None:
        def told(sentence: str) -> str:
            return say(sentence, typed="{typed}", **numbers)

        shown = _rounded(right)
        wrong = [[_rounded(values), told(slip)] for slip, values in slips.items()]
        taken = [shown, *(values for values, _ in wrong)]
        for values, slip in wrong:
            if len(values) != len(shown) or taken.count(values) > 1:
                raise ValueError(f"a slip must have values of its own: received {values}, {slip}")
        opposite = [-value for value in shown]
        if opposite not in taken:
            wrong.append([opposite, say("{typed} has the right size and the wrong sign.")])
        examples = [text for text in EXAMPLES if float(text) not in shown]
        self.first: dict[str, Any] = {
            "question": told(question),
            "right": shown,
            "exact": real_numbers(right),
            "slips": wrong,
            "hints": [told(hint) for hint in hints],
            "praise": told(praise),
            "example": examples[0],
            "given": real_numbers([*filter(real_numbers, numbers.values())]),
        }
        fields = list(fields) or [say("Your answer")]
        content: dict[str, Any] = {
            **self.first,
            "more": [],  # further sets, see `another`
            "fields": fields,
            "digits": DIGITS,
            "percent": percent,
            "patience": PATIENCE,
            "say": {key: say(text) for key, text in REPLIES.items()},
        }
        blanks = " ".join(say("{field}: ____________", field=field) for field in fields)
        question = self.first["question"]
        paper = f"<p><b>{escape(question)}</b></p><p>{escape(blanks)}</p>"
        super().__init__(kind="box", content=content, title=question, paper=paper)

    @property
    def sets(self) -> list[dict[str, Any]]:
        """All that differs from one set of numbers to the next, set by set."""
        return [self.first, *self.content["more"]]


def _rounded(values: Any) -> list[float]:
    return [round(value, DIGITS) + 0.0 for value in real_numbers(values) or []]


def another(*sets: Any) -> Callable[[Callable[..., AnswerBox]], Callable[..., AnswerBox]]:
    """Decorate a question's function with further numbers to ask it with, in this order.

    The function's defaults are the first set; "Another one" leads on. Called with numbers of its
    own, the function asks with those first, and then with all the others.

    sets : the function's arguments, a tuple a set; a single argument needs none

    >>> @another(2, 5)
    ... def ask_half(x: float = 8) -> AnswerBox:
    ...     slips = {"{typed} is {x} itself.": x}
    ...     return AnswerBox("What is half of {x}?", x / 2, slips, ["x / 2"], x=x)
    >>> [one["question"] for one in ask_half().sets]
    ['What is half of 8?', 'What is half of 2?', 'What is half of 5?']

    Raises ValueError: what AnswerBox raises, with the set of numbers that it is about
    """

    def decorate(ask: Callable[..., AnswerBox]) -> Callable[..., AnswerBox]:
        @functools.wraps(ask)
        def ask_in_turn(*numbers: Any) -> AnswerBox:
            box = _asked(ask, numbers)
            further = [(), *(one if isinstance(one, tuple) else (one,) for one in sets)]
            more = [_asked(ask, one).first for one in further]
            more = [one for one in more if one["question"] != box.title]
            box.content = {**box.content, "more": more}
            return box

        return ask_in_turn

    return decorate


def _asked(ask: Callable[..., AnswerBox], numbers: tuple) -> AnswerBox:
    try:
        return ask(*numbers)
    except ValueError as error:
        raise ValueError(f"{ask.__name__}{numbers}: {error}") from error


class Bets(Practice):
    """Statements, true or false: the learner bets a percentage on each, and is charged for it.

    statements : (text, is it true, why), one after the other
    costs : what 0, 1 … 100 % cost where the statement is false, and where it is true
    replies : what is said, by the names that boxes.js has for it
    """

    def __init__(
        self, statements: Sequence[Any], costs: Sequence[Any], replies: Mapping[str, str]
    ) -> None:
        told = [[say(text), int(truth), say(why)] for text, truth, why in statements]
        # JSON has no infinity: the browser takes null for it.
        finite = [[cost if math.isfinite(cost) else None for cost in table] for table in costs]
        spoken = {key: say(reply) for key, reply in replies.items()}
        content = {"statements": told, "costs": finite, "say": spoken}
        texts, blank = [say(text) for text, *_ in statements], escape(spoken["paper"])
        paper = f"<ol>{''.join(f'<li>{escape(text)}<br>{blank}</li>' for text in texts)}</ol>"
        super().__init__(kind="bets", content=content, title=" / ".join(texts), paper=paper)


WORDS = {  # of every black box; the browser fills in the fields
    "try": "Try this input",
    "declare": "There is no bug here",
    "right": "right",
    "wrong": "wrong",
    "tries": "Tries: {count}",
    "returned": "returned",
    "called": "you said",
    "truth": "should be",
    "mark": "exposes it",
    "asks": "It returned {says}. Is that right, or wrong?",
    "agreed": "Yes, {says} is right. This input does not expose it.",
    "exposed": "Exposed: it should be {truth}.",
    "doubted": "No, {says} is right. To say so wrongly costs {fine} tries.",
    "passed": "No, it should be {truth}: you let it pass, which costs {fine} tries.",
    "again": "You have tried this input, so it costs nothing: {says}, and it should be {truth}.",
    "seen": "It returned {says}, and it should be {truth}.",
    "repair": "Now read the code: which change repairs it?",
    "bug": "There is a bug in it. That costs {fine} tries.",
    "sound": "It is sound: it returns what it should at every input here.",
    "paper": "Input that exposes it: ____________ (or: no bug)",
}


class BlackBox(Practice):
    """A piece of code, right or wrong, that shows of itself only what it returns.

    The learner chooses an input, sees the result, and says whether that is right; only then the
    truth is told. A wrong result exposes the code. Each input costs a try, the same one again
    nothing, and to be mistaken FINE tries more.

    key : by which it is known again when its cell is run again
    title, task : what the code is called, and what it should return
    stops : for each argument of the code, the values that the learner can choose
    says, truths : what the code returns and what is right, at each combination of stops
    clause : said when it is settled: what kind of bug it is, or why there is none
    hint : said to a learner who sees no bug where there is one

    What a learner did is in `kept`:

    at : where the sliders stand, as numbers of stops
    tried : each input and what its result was called: "right", "wrong", "" while it waits for
        that, or "seen" where the box was settled already
    count : what all of it has cost, in tries
    state : "right" once it is exposed, or rightly called sound; "not yet" after a mistake
    """

    def __init__(
        self,
        key: str,
        title: str,
        task: str,
        stops: Mapping[str, Sequence[float]],
        says: Sequence[float],
        truths: Sequence[float],
        clause: str,
        hint: str = "",
    ) -> None:
        pairs = zip(map(written, says), map(written, truths), strict=True)
        table = [[one, two, one != two] for one, two in pairs]
        content: dict[str, Any] = {
            "key": key,
            "title": title,
            "task": task,
            "clause": clause,
            "hint": hint,
            "names": list(stops),
            "stops": [[written(value) for value in values] for values in stops.values()],
            "table": table,
            "start": _harmless([len(values) for values in stops.values()], table),
            "bug": any(exposed for *_, exposed in table),
            "fine": FINE,
            "say": {key: say(text) for key, text in WORDS.items()},
        }
        blank = escape(content["say"]["paper"])
        paper = f"<p><b>{escape(title)}</b></p><p>{escape(task)}</p><p>{blank}</p>"
        super().__init__(kind="blackbox", content=content, title=title, paper=paper)


def _harmless(shape: Sequence[int], table: Sequence[Sequence[Any]]) -> list[int]:
    """Return the input nearest to the middle that exposes nothing: finding is left to do."""
    middle = [size // 2 for size in shape]
    kept = [place for place, row in zip(np.ndindex(*shape), table) if not row[2]]
    return list(min(kept, key=lambda at: math.dist(at, middle), default=middle))


class Lamp(Practice):
    """What stays of a black box when its code is no longer as shipped: whether it is settled.

    key : of the black box; what that had cost is taken over in the browser
    lit : whether the code is right now
    """

    def __init__(self, key: str, title: str, lit: bool) -> None:
        content = {"key": key, "title": title, "say": {"tries": say("Tries: {count}")}}
        kept = {"state": "right"} if lit else {}
        paper = f"<p><b>{escape(title)}</b></p>"
        super().__init__(kind="lamp", content=content, kept=kept, title=title, paper=paper)


class Progress(Practice):
    """How many of the notebook's boxes are right, with a link to each of the others.

    It finds them in the page, so nothing has to be told to it, and a saved notebook has it too.

    kinds : of the widgets that it counts
    some, every : what is said while one is missing, and when none is, with {done}, {count} and
        {tries}; the titles of the missing ones follow, or the headings under which they stand
    """

    def __init__(self, kinds: Sequence[str], some: str, every: str) -> None:
        none = say("This is counted once the notebook is run, in JupyterLab or on its web page.")
        words = {"some": say(some), "all": say(every), "none": none}
        content, paper = {"kinds": list(kinds), "say": words}, f"<p>{escape(none)}</p>"
        super().__init__(kind="progress", content=content, title=none, paper=paper)


def progress() -> Progress:
    """Show how many of the notebook's answer boxes are right."""
    return Progress(["box"], "{done} of {count} right; not yet:", "All {count} are right.")


def written(value: Any) -> str:
    """Write a result with four digits, however small it is."""
    return short(value, digits=4).replace("-", "−").replace("inf", "∞")
