"""Answer boxes, exercises, exhibits and the game: what they say to right, wrong and junk.

`judge` is the oracle for the browser: tests/browser/test_practice.py shows that it says the same.
"""

import html
import itertools
import json
import math
import random
import re
import time
from fractions import Fraction

import numpy as np
import pytest

from helpers import exercises, exhibits, game, questions
from helpers.engine import checking
from helpers.engine.boxes import AnswerBox
from helpers.language import say

from .execute import NOTEBOOKS
from .judge import SHIPPED, judge, parse

ASKS = sorted(name for name in dir(questions) if name.startswith("ask_"))
CHECKS = sorted(name for name in dir(exercises) if name.startswith("check_"))
every_question = pytest.mark.parametrize("ask", ASKS)
every_check = pytest.mark.parametrize("check", CHECKS)


NAMES = [path.name for path in sorted(NOTEBOOKS.glob("*.ipynb"))]
every_notebook = pytest.mark.parametrize("name", NAMES)
DETAILS = re.compile(r"<details>.*?</details>", re.DOTALL)


def cells_of(name):
    cells = json.loads((NOTEBOOKS / name).read_text("utf-8"))["cells"]
    return [{**cell, "source": "".join(cell["source"])} for cell in cells]


def box_of(ask):
    return getattr(questions, ask)()


# ---- Answer boxes --------------------------------------------------------------------------


def ways_to_write(exact):
    """Ways to write a number that rounds to the right one."""
    minus, size = ("\N{MINUS SIGN}" if exact < 0 else "", abs(exact))
    return [
        f"{exact:.3f}",
        f"{exact:.3f}".replace(".", ","),
        f" {minus} {size:.3f}\N{NO-BREAK SPACE}",
        f"{exact!r}",
        f"{exact:.6e}",
        str(Fraction(exact).limit_denominator(100_000)),
        f"{minus}{size:.4f}".replace("0.", ".", 1) if size < 1 else f"{exact:+.5f}",
    ]


@every_question
def test_right_answers_in_many_ways(ask):
    box = box_of(ask)
    for texts in zip(*map(ways_to_write, box.content["exact"])):
        assert judge(box, *texts)[0] == "right", texts
    in_percent = [f"{100 * exact:.3f} %" for exact in box.content["exact"]]
    expected = "right" if box.content["percent"] else "not attempted"
    assert judge(box, *in_percent)[0] == expected


@every_question
def test_every_slip_is_recognised(ask):
    box = box_of(ask)
    assert len(box.content["slips"]) >= 4
    for values, slip in box.content["slips"]:
        for texts in ([f"{v:.3f}" for v in values], [f"{v + 0.0004:.5f}" for v in values]):
            state, said = judge(box, *texts)
            if texts[0].count("0") < 4 or state != "right":  # not where a slip is a rounding off
                assert (state, said[-1]) == ("not yet", slip.format(typed=", ".join(texts)))


# The values that COURSE.md lists: worked out by hand, not by helpers.
COURSE_SLIPS = {
    "ask_batch_mean": "0.839 0.122 0.404 0.140 0.070 1.609 0.742 0.691 0.131 0.432 -0.280",
    "ask_gradient_for_w": "1.4,0.7 -0.7,-0.7 -0.294,-0.147 -6.667,-3.333",
}


@pytest.mark.parametrize(
    "ask, right", [("ask_batch_mean", [0.28]), ("ask_gradient_for_w", [-1.4, -0.7])]
)
def test_slips_of_the_course(ask, right):
    told = box_of(ask).content
    known = [[float(number) for number in text.split(",")] for text in COURSE_SLIPS[ask].split()]
    assert told["right"] == right
    assert all(values in [slip for slip, _ in told["slips"]] for values in known)


@every_question
def test_random_wrong_numbers_are_never_right(ask):
    box, chance = box_of(ask), random.Random(ask)
    right = [Fraction(value).limit_denominator(1000) for value in box.content["right"]]
    for _ in range(200):
        wide = 10 ** chance.uniform(-3, 3)
        texts = [f"{float(value) + chance.uniform(-wide, wide):.6f}" for value in right]
        off = max(abs(Fraction(text) - value) for text, value in zip(texts, right))
        assert (judge(box, *texts)[0] == "right") == (off <= Fraction(1, 2000)), texts


JUNK = [
    "a third", "0.2.8", "1,000.5", "1,2,3", "--1", "1/0", "1/", "/3", "%", "0x1", "nan", "inf",
    "1e999", "1 + 1", "ln 2", "２x", "0.28!", "1" * 41, "1_000", ".", "-", "e5",
]  # fmt: skip


@pytest.mark.parametrize("text", JUNK)
def test_junk_is_no_attempt(text):
    assert parse(text) is None
    assert judge(AnswerBox("?", 1 / 3, {}, ["Hint."]), text)[0] == "not attempted"


@pytest.mark.parametrize(
    "text, value",
    [
        ("0.280", 0.28), ("0,280", 0.28), (".28", 0.28), ("28 %", 0.28), ("28%", 0.28),
        ("1/3", 1 / 3), ("-1/3", -1 / 3), ("\N{MINUS SIGN}7", -7), ("\N{EN DASH}7", -7),
        (" - 7 ", -7), ("+7", 7), ("7.", 7), ("1 000", 1000), ("1e-3", 0.001), ("1.5E2", 150),
        ("½", 0.5), ("０．２８", 0.28), ("1,5/3", 0.5), ("28\N{NARROW NO-BREAK SPACE}%", 0.28),
    ],
)  # fmt: skip
def test_parse(text, value):
    assert parse(text)[0] == value


def test_rounding_signs_and_hints():
    box = AnswerBox("?", 0.27977, {}, ["First.", "Second."], "Good.", percent=True)
    told = box.content["say"]
    for text in ("0.280", "0.28", "0.2798", "0.2795", "0.2804", "28 %"):
        assert judge(box, text) == ("right", [told["right"], "Good."]), text
    for text in ("0.2794", "0.2806", "0.281", "0.279"):
        assert judge(box, text)[1] == [told["wrong"], told["close"]], text
    assert judge(box, "0.3")[1] == [told["wrong"], told["coarse"].format(typed="0.3")]
    assert "0.280" in judge(box, "-0.28")[1][1] or "-0.28" in judge(box, "-0.28")[1][1]
    hints = [judge(box, "7", tries=tries)[1][-1] for tries in (0, 1, 9)]
    assert hints == ["First.", "Second.", "Second."]


def test_several_numbers():
    slips = {"{typed} are swapped.": [2, 1]}
    box = AnswerBox("?", [1, 2], slips, ["Hint."], fields=["p", "q"])
    told = box.content["say"]
    assert judge(box, "1", "2") == ("right", [told["right"]])
    assert judge(box, "2", "1")[1] == [told["wrong"], "2, 1 are swapped."]
    assert judge(box, "1", "9")[1] == [told["wrong"], told["fits"].format(field="p"), "Hint."]
    assert judge(box, "1", " ") == ("not attempted", [told["empty"].format(field="q")])
    assert judge(box, "", "") == ("not attempted", [told["none"]])


@pytest.mark.parametrize("slips", [{"a": 0.5}, {"b": 1, "c": 1.0001}, {"d": [0.5, 1]}])
def test_a_slip_must_be_one_of_its_own(slips):
    with pytest.raises(ValueError, match="of its own"):
        AnswerBox("?", 0.5, slips, ["Hint."])


def sentences_of(content):
    """Every text that a widget was given, of whatever depth."""
    if isinstance(content, str):
        return [content]
    parts = content.values() if isinstance(content, dict) else content
    return [s for part in parts if isinstance(part, (str, dict, list)) for s in sentences_of(part)]


@every_question
def test_on_paper_the_question_and_a_blank_and_nowhere_the_answer(ask):
    box = box_of(ask)
    data, metadata = box._repr_mimebundle_()
    page = html.unescape(data["text/html"])
    assert "application/vnd.jupyter.widget-view+json" in data and isinstance(metadata, dict)
    assert box.content["question"] in page and box.content["question"] in data["text/plain"]
    assert page.count("____________") == len(box.content["right"])
    for text in [page, *box.content["say"].values()]:
        assert not any(shows(text, value) for value in box.content["right"]), text


@every_question
def test_every_sentence_is_whole(ask):
    content = box_of(ask).content
    told = [slip for _, slip in content["slips"]] + content["hints"] + [content["praise"]]
    assert all(text[-1] in ".?" for text in told)
    assert all("{typed}" in slip for _, slip in content["slips"])


# ---- Exercises -----------------------------------------------------------------------------


@pytest.fixture
def verdict(monkeypatch, capsys):
    """A function that returns the verdict on what a learner wrote; it must be what is printed."""
    given = []

    def spy(*arguments):
        given.append(judged(*arguments))
        return given[-1]

    judged = checking.judge
    monkeypatch.setattr(checking, "judge", spy)

    def ask(check, function):
        assert getattr(exercises, check)(function) is None
        printed = capsys.readouterr()
        assert printed.err == "" and printed.out == "\n".join(given[-1].sentences) + "\n"
        return given[-1]

    return ask


def declared(check, monkeypatch):
    """What an exercise declares: right, inputs, slips, hint."""
    said = {}
    with monkeypatch.context() as patch:
        patch.setattr(exercises, "check", lambda f, *rest, **more: said.update(rest=rest))
        getattr(exercises, check)(None)
    return said["rest"]


@every_check
def test_right_and_wrong_and_untouched(check, verdict, monkeypatch):
    right, inputs, slips, hint = declared(check, monkeypatch)
    assert verdict(check, right).state == "right" and len(slips) >= 5
    assert verdict(check, lambda *v: None).state == "not attempted"
    for slip, formula in slips.items():
        state, said = verdict(check, formula)
        assert (state, said[-1]) == ("not yet", slip) and slip[-1] == "."
    wrong = right(*inputs[0])
    state, said = verdict(check, lambda *v: wrong)
    assert (state, said[-1]) == ("not yet", hint)


class Awkward:
    def __repr__(self):
        raise RuntimeError("no")


def fails(*arguments):
    raise ValueError("a long\nstory " * 20)


def leaves(*arguments):
    raise SystemExit


def spoils(first, *rest):
    if isinstance(first, list):
        first.clear()
    return first


NO_ANSWER = [None, ..., 3, "f", lambda *v: None, lambda *v: ...]
ODD = [
    fails, leaves, spoils, Awkward, lambda: 1, lambda *v: Awkward(), lambda *v: "0.5",
    lambda *v: True, lambda *v: {}, lambda *v: float("nan"), lambda *v: 1j, lambda *v: [[1], 2],
    lambda *v: np.ones((2, 3)), lambda *v: 10**400, lambda *v: "x" * 10_000, lambda *v: (None, 1),
    int, print.__class__, np.nan.__class__, lambda *v: 77,
]  # fmt: skip


@every_check
def test_checks_never_raise_and_never_tell(check, verdict, monkeypatch):
    right, inputs, _, _ = declared(check, monkeypatch)
    for function in NO_ANSWER:
        assert verdict(check, function).state == "not attempted"
    for function in ODD:
        state, said = verdict(check, function)
        assert state == "not yet" and len(" ".join(said)) < 400
        if check in ("check_log_loss", "check_cost"):
            assert not any(shows(text, float(right(*inputs[0]))) for text in said)


def test_what_is_printed_is_not_returned(verdict):
    state, said = verdict("check_sigmoid", lambda z: print(1 / (1 + np.exp(-z))))
    assert (state, said) == (
        "not yet",
        [say("Not yet: {name} prints its result. Let it return it instead.", name="<lambda>")],
    )


def test_an_endless_loop_is_ended(verdict, monkeypatch):
    def waits(z):
        while z < 10:
            time.sleep(0.01)

    monkeypatch.setattr(checking, "SECONDS", 0.1)
    state, said = verdict("check_sigmoid", waits)
    assert state == "not yet" and "waits(0)" in said[0] and "0.1" in said[0]


def test_a_function_that_changes_its_input_is_told(verdict, monkeypatch):
    right = declared("check_cost", monkeypatch)[0]

    def sorts(a, y):
        result = right(a, y)
        a.sort()
        return result

    assert verdict("check_cost", sorts).state == "not yet"


# ---- Exhibits ------------------------------------------------------------------------------


def sigma(z):
    return 1 / (1 + math.exp(-z))


def loss_from(z, y):
    return math.log1p(math.exp(-abs(z))) + max(0, -z if y else z)


REPAIRS = {
    1: lambda a, y: -math.log(a) if y == 1 else -math.log(1 - a),
    3: lambda a, y: -y * math.log(a) - (1 - y) * math.log(1 - a),
    4: lambda a, y_1, y_2: -((y_1 + y_2) * np.log(a) + (2 - y_1 - y_2) * np.log(1 - a)) / 2,
    5: lambda z: sigma(z) * (1 - sigma(z)),
    7: lambda x, y: sigma(x) - y,
    8: lambda p: -np.log(p),
    9: lambda b, eta: 0.5 - eta * (sigma(1 + b) - 1) * 2,
    10: loss_from,
    11: lambda z: z > 0,
}
SOUND = {2, 6}


every_exhibit = pytest.mark.parametrize("number", exhibits.EXHIBITS)


def test_every_exhibit_is_shown_and_repaired_here():
    assert list(SHIPPED) == list(exhibits.EXHIBITS) and set(SHIPPED) == set(REPAIRS) | SOUND


@every_exhibit
def test_an_exhibit_is_a_black_box(number, capsys):
    piece = exhibits.EXHIBITS[number]
    box = exhibits.exhibit(number, SHIPPED[number])
    told, right = box.content, REPAIRS.get(number, SHIPPED[number])
    for values, (says, truth, exposed) in zip(
        itertools.product(*piece.stops.values()), told["table"]
    ):
        with np.errstate(over="ignore"):
            one, two = float(SHIPPED[number](*values)), float(right(*values))
        assert exposed == (says != truth)
        assert (
            abs(one - two) <= 1e-3 * abs(two) if not exposed else abs(one - two) > 1e-5 * abs(two)
        )
    exposing = sum(exposed for *_, exposed in told["table"])
    assert told["bug"] == (number not in SOUND) == (0 < exposing < len(told["table"]))
    assert bool(told["hint"]) == told["bug"] == (say(piece.source) not in sentences_of(told))
    start = np.ravel_multi_index(told["start"], [len(stops) for stops in told["stops"]])
    assert not told["table"][start][2]
    assert exhibits.exhibit(number, SHIPPED[number]) is box, "run again, its tries are kept"
    page = html.unescape(box._repr_mimebundle_()[0]["text/html"])
    assert told["task"] in page and "____" in page and capsys.readouterr().out == ""


@every_exhibit
def test_a_repair_is_judged(number, capsys):
    source = say(exhibits.EXHIBITS[number].source)
    if number in REPAIRS:
        assert exhibits.exhibit(number, REPAIRS[number]) is None
        assert source in capsys.readouterr().out
    for function in [*NO_ANSWER, *ODD]:
        assert exhibits.exhibit(number, function) is None
        told = capsys.readouterr().out
        assert told.strip() and source not in told


def test_a_repair_that_is_nearly_right_far_out_is_told_where(capsys):
    exhibits.exhibit(10, lambda z, y: np.log(1 + np.exp(-z if y else z)))
    assert "(30, 1)" in capsys.readouterr().out


# ---- Be the model --------------------------------------------------------------------------


def test_be_the_model_charges_log_loss_and_keeps_its_secret():
    box = game.be_the_model()
    false, true = box.content["costs"]
    assert true[0] is None is false[100] and true[100] == 0 == false[0]
    np.testing.assert_allclose(true[1:], -np.log(np.arange(1, 101) / 100), atol=1e-15)
    np.testing.assert_allclose(false[:100], -np.log(1 - np.arange(100) / 100), atol=1e-15)
    page = html.unescape(box._repr_mimebundle_()[0]["text/html"])
    for text, _, why in game.STATEMENTS:
        assert text in page and why not in page
    assert 2 < sum(truth for _, truth, _ in game.STATEMENTS) < 6


# ---- In the notebooks ----------------------------------------------------------------------


def printed(cell):
    texts = []
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        page = re.sub(r"data:image/[^\"']*", "", "".join(data.get("text/html", "")))
        texts += ["".join(output.get("text", "")), html.unescape(page)]
    return "\n".join(texts)


def visible(cells):
    """What can be read without opening anything."""
    return "\n".join(DETAILS.sub("", cell["source"]) + "\n" + printed(cell) for cell in cells)


def shows(text, value):
    """Whether the number stands there, to the digits asked for; whole numbers are everywhere."""
    number = f"{value:.3f}"
    short = number.rstrip("0")
    forms = [number] if short.endswith(".") else [number, short]
    text = text.replace("\N{MINUS SIGN}", "-")
    # Not part of a longer number; with its sign, if it is negative.
    return any(re.search(rf"(?<![\d.]){re.escape(form)}0*(?!\d)", text) for form in forms)


def calls(cell, beginning):
    found = re.findall(rf"^((?:{beginning})\w*)\(", cell["source"], flags=re.MULTILINE)
    return found if cell["cell_type"] == "code" else []


@every_notebook
def test_each_notebook_has_three_boxes_and_something_to_write(name):
    cells = cells_of(name)
    assert sum(len(calls(cell, "ask_")) for cell in cells) >= 3
    assert any(calls(cell, "check_|exhibit") for cell in cells)


def test_every_question_and_exercise_is_used_once():
    used = [
        call for name in NAMES for cell in cells_of(name) for call in calls(cell, "(?:ask|check)_")
    ]
    assert sorted(used) == sorted(ASKS + CHECKS)


@every_notebook
def test_no_answer_stands_above_its_box(name):
    cells = cells_of(name)
    for number, cell in enumerate(cells):
        for ask in calls(cell, "ask_"):
            above = visible(cells[:number]) + cell["source"] + printed(cell)
            answers = box_of(ask).content["right"]
            found = [value for value in answers if value % 1 and shows(above, value)]
            assert not found, f"{ask}: {found} can be read above"


@every_notebook
def test_no_recall_answer_stands_above_its_question(name):
    """The details before the first section of the lesson: their new decimals are new indeed."""
    above = ""
    for cell in cells_of(name):
        if cell["cell_type"] == "markdown" and above.count("\n## ") > 1:
            break
        position = 0
        for match in DETAILS.finditer(cell["source"]):
            asked = above + "\n" + DETAILS.sub("", cell["source"][: match.start()])
            question = cell["source"][position : match.start()]
            for number in set(re.findall(r"\d+\.\d+", match[0])) - set(
                re.findall(r"\d+\.\d+", question)
            ):
                assert not shows(asked, float(number)), f"{number} can be read above\n{question}"
            position = match.end()
        above += "\n" + visible([cell])


def exercises_in(name):
    """(stub, solutions) for each exercise of a notebook."""
    cells = cells_of(name)
    for number, cell in enumerate(cells):
        if calls(cell, "check_"):
            after = next(c["source"] for c in cells[number + 1 :] if c["cell_type"] == "markdown")
            details = DETAILS.search(after)[0]
            yield cell["source"], re.findall(r"```python\n(.*?)```", details, re.DOTALL)


@every_notebook
def test_stubs_and_solutions(name, monkeypatch):
    states = []
    judged = checking.judge

    def spy(*arguments):
        states.append(judged(*arguments).state)
        return judged(*arguments)

    monkeypatch.setattr(checking, "judge", spy)
    setup = next(cell["source"] for cell in cells_of(name) if cell["cell_type"] == "code")
    for stub, solutions in exercises_in(name):
        world = {}
        exec(setup, world)
        exec(stub, world)
        assert states.pop() == "not attempted" and solutions
        for solution in solutions:
            exec(solution, world)
            exec(stub.splitlines()[-1], world)
            assert states.pop() == "right", solution
