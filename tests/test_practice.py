"""Answer boxes, exercises, exhibits and the game: what they say to right, wrong and junk.

`judge` is the oracle for the browser: tests/browser/test_practice.py shows that it says the same.
"""

import html
import itertools
import json
import math
import re
import signal
import time
from fractions import Fraction

import nbformat
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
every_exhibit = pytest.mark.parametrize("number", exhibits.EXHIBITS)


def box_of(ask):
    return getattr(questions, ask)()


def shows(text, value):
    """Whether the number stands there, to the digits asked for; whole numbers are everywhere."""
    number = f"{value:.3f}"
    short = number.rstrip("0")
    forms = [number] if short.endswith(".") else [number, short]
    text = text.replace("\N{MINUS SIGN}", "-")
    return any(re.search(rf"(?<![\d.]){re.escape(form)}0*(?!\d)", text) for form in forms)


# ---- Answer boxes --------------------------------------------------------------------------


def ways_to_write(exact):
    """Ways to write a number that rounds to the right one."""
    minus, size = ("\N{MINUS SIGN}" if exact < 0 else "", abs(exact))
    fraction = str(Fraction(exact).limit_denominator(100_000))
    comma, spaced = f"{exact:.3f}".replace(".", ","), f" {minus} {size:.3f}\N{NO-BREAK SPACE}"
    return [f"{exact:.3f}", comma, spaced, f"{exact!r}", f"{exact:.6e}", fraction]


@every_question
def test_right_answers_and_every_slip(ask):
    box = box_of(ask)
    for texts in zip(*map(ways_to_write, box.content["exact"])):
        assert judge(box, *texts)[0] == "right", texts
    in_percent = [f"{100 * exact:.3f} %" for exact in box.content["exact"]]
    expected = "right" if box.content["percent"] else "not attempted"
    assert judge(box, *in_percent)[0] == expected
    assert len(box.content["slips"]) >= 4
    for values, slip in box.content["slips"]:
        texts = [f"{value:.3f}" for value in values]
        assert judge(box, *texts)[1][-1] == slip.format(typed=", ".join(texts))


@every_question
def test_sentences_are_whole_and_paper_does_not_show_the_answer(ask):
    box = box_of(ask)
    told, (data, metadata) = box.content, box._repr_mimebundle_()
    page = html.unescape(data["text/html"])
    assert "application/vnd.jupyter.widget-view+json" in data and isinstance(metadata, dict)
    assert told["question"] in page and page.count("____________") == len(told["right"])
    texts = [page, *told["say"].values()]
    assert not [text for text in texts if any(shows(text, value) for value in told["right"])]
    slips = [slip for _, slip in told["slips"]]
    assert all(text[-1] in ".?" for text in [*slips, *told["hints"], told["praise"] or "."])
    assert all("{typed}" in slip for slip in slips)


# The values that COURSE.md lists: worked out by hand, not by helpers.
COURSE = {
    "ask_cost": "0.385: 1.155 0.167 0.556 0.193 0.117 1.400 0.667 0.917 0.147 0.315 -0.385",
    "ask_gradient_for_w": "-1.4,-0.7: 1.4,0.7 -0.7,-0.7 -0.294,-0.147 -6.667,-3.333",
}


@pytest.mark.parametrize("ask", COURSE)
def test_slips_of_the_course(ask):
    right, wrong = COURSE[ask].split(":")
    assert judge(box_of(ask), *right.split(","))[0] == "right"
    known = [values for values, _ in box_of(ask).content["slips"]]
    assert all([float(n) for n in text.split(",")] in known for text in wrong.split())


def test_parse():
    junk = "a third|0.2.8|1,000.5|1,2,3|--1|1/0|1/|/3|%|0x1|nan|inf|1e999|1 + 1|ln 2|２x|0.28!|."
    assert [parse(text) for text in [*junk.split("|"), "1" * 41]] == [None] * 19
    read = {
        "0.280": 0.28, "0,280": 0.28, ".28": 0.28, "28 %": 0.28, "1/3": 1 / 3, "-1/3": -1 / 3,
        "\N{MINUS SIGN}7": -7, "\N{EN DASH}7": -7, " - 7 ": -7, "+7": 7, "7.": 7, "1 000": 1000,
        "1e-3": 0.001, "½": 0.5, "０．２８": 0.28, "1,5/3": 0.5, "28\N{EM SPACE}%": 0.28,
    }  # fmt: skip
    assert {text: parse(text)[0] for text in read} == read


def test_rounding_and_hints():
    box = AnswerBox("?", 0.27977, {}, ["First.", "Second."], "Good.", percent=True)
    told = box.content["say"]
    for text in ("0.280", "0.28", "0.2798", "0.2795", "0.2804", "28 %"):
        assert judge(box, text) == ("right", [told["right"], "Good."]), text
    for text in ("0.2794", "0.2806", "0.281", "0.279"):
        assert judge(box, text)[1] == [told["wrong"], told["close"]], text
    assert judge(box, "0.3")[1] == [told["wrong"], told["coarse"].format(typed="0.3")]
    assert [judge(box, "7", tries=k)[1][-1] for k in (0, 1, 9)] == ["First.", "Second.", "Second."]


def test_several_numbers():
    box = AnswerBox("?", [1, 2], {"{typed} are swapped.": [2, 1]}, ["Hint."], fields=["p", "q"])
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


# ---- Exercises -----------------------------------------------------------------------------


@pytest.fixture
def printed(capsys):
    """A function that returns what has been printed: a reply's state, and its sentences."""
    states = {}  # a reply's first words, as they are worded now
    for state, result in (("not attempted", None), ("not yet", 2), ("right", 1)):
        checking.check(lambda x, result=result: result, lambda x: 1, [(1,)], {}, "")
        states[capsys.readouterr().out.partition(":")[0]] = state

    def read():
        out, err = capsys.readouterr()
        assert err == "" and out.endswith("\n")
        return states[out.partition(":")[0]], out.splitlines()

    return read


@pytest.fixture
def verdict(printed):
    """A function that returns the reply to what a learner wrote."""

    def ask(check, function):
        assert getattr(exercises, check)(function) is None
        return printed()

    return ask


def declared(check):
    """What an exercise declares: right, inputs, slips, hint."""
    said = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exercises, "check", lambda function, *rest, **more: said.extend(rest))
        getattr(exercises, check)(None)
    return said


@every_check
def test_right_and_wrong_and_untouched(check, verdict):
    right, inputs, slips, hint = declared(check)
    assert verdict(check, right)[0] == "right" and len(slips) >= 5
    assert verdict(check, lambda *v: None)[0] == "not attempted"
    for slip, formula in slips.items():
        state, said = verdict(check, formula)
        assert (state, said[-1]) == ("not yet", slip) and slip[-1] == "."
    same_everywhere = right(*inputs[0])
    state, said = verdict(check, lambda *v: same_everywhere)
    assert (state, said[-1]) == ("not yet", hint)


class Awkward:
    def __repr__(self):
        raise RuntimeError("no")


def fails(*arguments):
    raise ValueError("a long\nstory " * 20)


def spoils(first, *rest):
    if isinstance(first, list):
        first.clear()
    return first


NO_ANSWER = [None, ..., 3, "f", lambda *v: None, lambda *v: ...]
ODD = [
    fails, exit, spoils, Awkward, lambda: 1, lambda *v: Awkward(), lambda *v: "0.5",
    lambda *v: True, lambda *v: {}, lambda *v: float("nan"), lambda *v: 1j, lambda *v: [[1], 2],
    lambda *v: np.ones((2, 3)), lambda *v: 10**400, lambda *v: "x" * 10_000, lambda *v: (None, 1),
    int, print.__class__, np.nan.__class__, lambda *v: 77,
]  # fmt: skip


@every_check
def test_checks_never_raise_and_never_tell(check, verdict):
    right, inputs, _, _ = declared(check)
    for function in NO_ANSWER:
        assert verdict(check, function)[0] == "not attempted"
    for function in ODD:
        state, said = verdict(check, function)
        assert state == "not yet" and len(" ".join(said)) < 400
        if check in ("check_log_loss", "check_cost"):
            assert not any(shows(text, float(right(*inputs[0]))) for text in said)


def test_printing_is_not_returning(verdict):
    state, said = verdict("check_sigmoid", lambda z: print(1 / (1 + np.exp(-z))))
    assert state == "not yet" and "<lambda>" in said[0] and "None" not in said[0]


@pytest.mark.parametrize("alarm", [True, False], ids=["alarm", "no alarm"])
def test_an_endless_loop_is_ended(verdict, monkeypatch, alarm):
    if not alarm:  # as on Windows, and in a browser
        monkeypatch.delattr(signal, "setitimer", raising=False)

    def waits(z):
        while z < 10:
            time.sleep(0.01)

    monkeypatch.setattr(checking, "SECONDS", 0.1)
    state, said = verdict("check_sigmoid", waits)
    assert state == "not yet" and "waits(0)" in said[0] and "0.1" in said[0]


def test_a_function_that_changes_its_input_is_told(verdict):
    right = declared("check_cost")[0]
    assert verdict("check_cost", lambda a, y: [right(a, y), a.sort()][0])[0] == "not yet"


# ---- Exhibits ------------------------------------------------------------------------------


def sigma(z):
    return 1 / (1 + math.exp(-z))


REPAIRS = {
    1: lambda a, y: -math.log(a) if y == 1 else -math.log(1 - a),
    3: lambda a, y: -y * math.log(a) - (1 - y) * math.log(1 - a),
    4: lambda a, y_1, y_2: -((y_1 + y_2) * np.log(a) + (2 - y_1 - y_2) * np.log(1 - a)) / 2,
    5: lambda z: sigma(z) * (1 - sigma(z)),
    7: lambda x, y: sigma(x) - y,
    8: lambda p: -np.log(p),
    9: lambda b, eta: 0.5 - eta * (sigma(1 + b) - 1) * 2,
    10: lambda z, y: math.log1p(math.exp(-abs(z))) + max(0, -z if y else z),
    11: lambda z: z > 0,  # True is as good as 1
}
SOUND = {2, 6}


@every_exhibit
def test_an_exhibit_is_a_black_box(number, capsys):
    piece = exhibits.EXHIBITS[number]
    box = exhibits.exhibit(number, SHIPPED[number])
    told, right = box.content, REPAIRS.get(number, SHIPPED[number])
    inputs = itertools.product(*piece.stops.values())
    for values, (says, truth, exposed) in zip(inputs, told["table"], strict=True):
        with np.errstate(over="ignore"):
            off = float(SHIPPED[number](*values)) - float(right(*values))
        assert exposed == (says != truth)
        assert (abs(off) > 1e-5 * right(*values)) if exposed else abs(off) < 1e-3
    exposing = sum(exposed for *_, exposed in told["table"])
    assert told["bug"] == (number not in SOUND) == (0 < exposing < len(told["table"]))
    start = np.ravel_multi_index(told["start"], [len(stops) for stops in told["stops"]])
    assert not told["table"][start][2]
    assert bool(told["hint"]) == told["bug"] != (told["why"] == say(piece.source))
    assert not told["bug"] or piece.source not in json.dumps(told, ensure_ascii=False)
    assert exhibits.exhibit(number, SHIPPED[number]) is box, "run again, its tries are kept"
    page = html.unescape(box._repr_mimebundle_()[0]["text/html"])
    assert told["task"] in page and "____" in page and capsys.readouterr().out == ""


@every_exhibit
def test_a_repair_is_judged(number, capsys):
    assert number in SOUND or exhibits.exhibit(number, REPAIRS[number]) is None
    source = say(exhibits.EXHIBITS[number].source)
    assert number in SOUND or source in capsys.readouterr().out
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
    for text, _, why in box.content["statements"]:
        assert text in page and why not in page


# ---- In the notebooks ----------------------------------------------------------------------

LESSONS = {path.stem: nbformat.read(path, 4).cells for path in sorted(NOTEBOOKS.glob("*.ipynb"))}
every_lesson = pytest.mark.parametrize("name", LESSONS)
DETAILS = re.compile(r"<details>.*?</details>", re.DOTALL)


def visible(cells):
    """What can be read without opening anything."""
    texts = []
    for cell in cells:
        texts.append(DETAILS.sub("", cell["source"]))
        for output in cell.get("outputs", []):
            page = output.get("data", {}).get("text/html", "")
            texts += [output.get("text", ""), re.sub(r"data:image/[^\"']*", "", page)]
    return html.unescape("\n".join(texts))


def calls(cell, beginning):
    found = re.findall(rf"^({beginning}\w+)\(", cell["source"], flags=re.MULTILINE)
    return found if cell["cell_type"] == "code" else []


def test_every_question_and_exercise_is_used_once():
    cells = [cell for lesson in LESSONS.values() for cell in lesson]
    assert sorted(ask for cell in cells for ask in calls(cell, "ask_")) == ASKS
    assert sorted(check for cell in cells for check in calls(cell, "check_")) == CHECKS


@every_lesson
def test_no_answer_stands_above_its_box(name):
    for number, cell in enumerate(LESSONS[name]):
        for ask in calls(cell, "ask_"):
            above = visible(LESSONS[name][: number + 1])
            answers = box_of(ask).content["right"]
            found = [value for value in answers if value % 1 and shows(above, value)]
            assert not found, f"{ask}: {found} can be read above"


@every_lesson
def test_stubs_and_solutions(name, printed):
    """Each exercise runs as shipped, and each solution in the text below it is right."""
    setup = next(cell["source"] for cell in LESSONS[name] if cell["cell_type"] == "code")
    for number, stub in enumerate(LESSONS[name]):
        if not calls(stub, "check_"):
            continue
        world, (call,) = {}, re.findall(r"^check_.*", stub["source"], flags=re.MULTILINE)
        exec(f"{setup}\n{stub['source']}", world)
        assert printed()[0] == "not attempted"
        below = next(c for c in LESSONS[name][number + 1 :] if c["cell_type"] == "markdown")
        solutions = re.findall(r"```python\n(.*?)```", below["source"], flags=re.DOTALL)
        for solution in solutions:
            exec(f"{solution}\n{call}", world)
            assert printed()[0] == "right", solution
        assert solutions
