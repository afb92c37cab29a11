"""Answer boxes, exercises, black boxes and the game: what they say to right, wrong and junk.

`judge` is the oracle for the browser: tests/browser/test_practice.py shows that it says the same.
"""

import html
import inspect
import itertools
import json
import math
import re
import signal
import time
from decimal import Decimal
from fractions import Fraction
from unittest.mock import Mock

import comm
import mpmath
import numpy as np
import pytest
import sympy

from helpers import language, lesson_04, lesson_07
from helpers.engine import boxes, checking
from helpers.engine.boxes import AnswerBox
from helpers.language import say
from tools.class_report import boxes_of, calls_in

from .content import ENGLISH, LESSONS as LESSON_MODULES, cells_of, functions, lesson_of
from .judge import FORMULAS, JUNK, NUMBERS, SHIPPED, judge, parse

ASKS, CHECKS = functions("ask_"), functions("check_")
QUESTIONS = {name: ask() for name, ask in ASKS.items()}
every_question = pytest.mark.parametrize("box", QUESTIONS.values(), ids=QUESTIONS)
every_check = pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
every_exhibit = pytest.mark.parametrize("number", lesson_07.EXHIBITS)


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
def test_right_answers_and_every_slip(box):
    questions = [asked["question"] for asked in box.sets]
    assert len(questions) == len(set(questions)) >= 9
    for number, asked in enumerate(box.sets):
        for texts in zip(*map(ways_to_write, asked["exact"])):
            assert judge(box, *texts, number=number)[0] == "right", texts
        in_percent = [f"{100 * exact:.3f} %" for exact in asked["exact"]]
        expected = "right" if box.content["percent"] else "not attempted"
        assert judge(box, *in_percent, number=number)[0] == expected
        assert len(asked["slips"]) >= 4
        for values, slip in asked["slips"]:
            texts = [f"{value:.3f}" for value in values]
            said = judge(box, *texts, number=number)[1]
            assert said[-1] == slip.format(typed=", ".join(texts)) and "{typed}" in slip


@every_question
def test_sentences_are_whole_and_paper_does_not_show_the_answer(box):
    told, (data, metadata) = box.content, box._repr_mimebundle_()
    page = html.unescape(data["text/html"])
    assert "application/vnd.jupyter.widget-view+json" in data and isinstance(metadata, dict)
    assert told["question"] in page
    assert page.count("____________") == len(set(told["fields"])) == len(told["right"])
    for asked in box.sets:
        texts = [asked["question"], asked["example"], *told["say"].values()]
        assert not [text for text in texts if any(shows(text, one) for one in asked["right"])]
        slips = [slip for _, slip in asked["slips"]]
        assert all(text[-1] in ".?" for text in [*slips, *asked["hints"], asked["praise"] or "."])


@pytest.mark.parametrize("lesson", LESSON_MODULES.values(), ids=LESSON_MODULES)
def test_the_boxes_of_a_lesson_are_small(lesson):
    """What a notebook holds of them in Chinese, the longer, beside the script that each brings."""
    language.use_language("zh_CN")
    states = [ask().get_state() for ask in ASKS.values() if lesson_of(ask) is lesson]
    language.use_language("en")
    for state in states:
        assert len(state.pop("_esm")) + len(state.pop("_css")) < 30_000
    assert sum(len(json.dumps(state, default=str)) for state in states) <= 150_000


def test_what_is_typed_is_read():
    assert {text: parse(text)[0] for text in NUMBERS} == NUMBERS
    assert [text for text in [*JUNK, *FORMULAS] if parse(text)] == []


def test_rounding_and_hints():
    box = AnswerBox("?", 0.27977, {}, ["First.", "Second."], "Good.", percent=True)
    told = box.content["say"]
    for text in ("0.280", "0.28", "0.2798", "0.2795", "0.2804", "28 %"):
        assert judge(box, text) == ("right", [told["right"], "Good."]), text
    for text in ("0.2794", "0.2806", "0.281", "0.279"):
        assert judge(box, text)[1] == [told["wrong"], told["close"]], text
    coarse = told["coarse"].format(typed="0.3", digits=boxes.DIGITS)
    assert judge(box, "0.3")[1] == [told["wrong"], coarse]
    for text in ("7", "-0.65"):
        assert judge(box, text)[1] == [told["wrong"], told["outside"].format(typed=text)]
    hints = [judge(box, "0.7", tries=k)[1][-1] for k in (0, 1, 9)]
    assert hints == ["First.", "Second.", "Second."]


def test_sentences_name_the_questions_numbers():
    slips = {"{typed} is {p} twice.": 0.5}
    box = AnswerBox("{p} squared?", 0.0625, slips, ["{p}²."], "{p} of {p}.", p=0.25)
    told = box.content
    assert (told["question"], told["praise"]) == ("0.25 squared?", "0.25 of 0.25.")
    assert judge(box, "0.5")[1] == [told["say"]["wrong"], "0.5 is 0.25 twice."]
    assert judge(box, "7")[1] == [told["say"]["wrong"], "0.25²."]


def test_a_number_copied_from_the_question_is_no_coarse_answer():
    for numbers, copied in (({"p": 0.5, "q": "y"}, True), ({"p": [1, 2]}, False)):
        box = AnswerBox("{p}?", 0.47, {}, ["Hint."], **numbers)
        coarse = box.content["say"]["coarse"].format(typed="0.5", digits=boxes.DIGITS)
        assert judge(box, "0.5")[1][-1] == ("Hint." if copied else coarse)


@pytest.mark.parametrize("right", [[0.25], [0.125], [0.25, 0.125]])
def test_an_example_is_never_the_answer(right):
    box = AnswerBox("?", right, {}, ["Hint."], fields=["p", "q"][: len(right)])
    assert float(box.content["example"]) not in right


def ask_product(p: float = 2, q: float = 3):
    """A question whose slip, the sum, is the right answer for 2 and 2."""
    slips = {"{typed} is the sum.": p + q, "{typed} is the first.": p}
    return AnswerBox("{p} · {q}?", p * q, slips, ["Hint."], p=p, q=q)


def test_another_one_is_made_by_the_questions_own_function(monkeypatch):
    heard_of = Mock(side_effect=comm.create_comm)
    monkeypatch.setattr(comm, "create_comm", heard_of)
    ask = boxes.another((4, 5), (0.5, 7))(ask_product)
    box, own = ask(), ask(6, 7).sets
    assert [one["question"] for one in box.sets] == ["2 · 3?", "4 · 5?", "0.5 · 7?"]
    assert [one["right"] for one in box.sets] == [[6], [20], [3.5]]
    assert judge(box, "9", number=1)[1][-1] == "9 is the sum."
    assert [one["question"] for one in own] == ["6 · 7?", "2 · 3?", "4 · 5?", "0.5 · 7?"]
    assert [one["right"] for one in ask(4, 5).sets] == [[20], [6], [3.5]]
    assert not heard_of.called, "the browser hears of none before it is shown"
    box._repr_mimebundle_()
    states = [call.kwargs["data"]["state"] for call in heard_of.mock_calls]
    assert [state["kind"] for state in states if "kind" in state] == ["box"]
    with pytest.raises(ValueError, match=r"ask_product\(2, 2\): a slip must have .* of its own"):
        boxes.another((4, 5), (2, 2))(ask_product)()


@pytest.mark.parametrize("slips", [{"a": 0.5}, {"b": 1, "c": 1.0001}, {"d": [0.5, 1]}])
def test_a_slip_must_be_one_of_its_own(slips):
    with pytest.raises(ValueError, match="of its own"):
        AnswerBox("?", 0.5, slips, ["Hint."])


# ---- Exercises -----------------------------------------------------------------------------


@pytest.fixture
def reply(capsys):
    """A function that calls what prints a reply, and returns its state and its sentences."""
    states = {}  # a reply's first words, as they are worded now
    for state, result in (("not attempted", None), ("not yet", 2), ("right", 1)):
        checking.check(lambda x, result=result: result, lambda x: 1, [(1,)], {}, "")
        states[capsys.readouterr().out.partition(":")[0]] = state

    def hear(call, *arguments):
        assert call(*arguments) is None
        out, err = capsys.readouterr()
        assert err == "" and out.endswith("\n")
        return states[out.partition(":")[0]], out.splitlines()

    return hear


def declared(check):
    """What an exercise declares: right, inputs, slips, hint."""
    said = Mock()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lesson_of(check), "check", said)
        check(None)
    return said.call_args.args[1:5]


@every_check
def test_right_and_wrong_and_untouched(check, reply):
    right, inputs, slips, hint = declared(check)
    assert reply(check, right)[0] == "right" and len(slips) >= 5
    for slip, formula in slips.items():
        state, said = reply(check, formula)
        assert (state, said[-1]) == ("not yet", slip) and slip[-1] == "."
    same_everywhere = right(*inputs[0])
    state, said = reply(check, lambda *v: same_everywhere)
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
    int, lambda *v: 77,
]  # fmt: skip


@every_check
def test_checks_never_raise_and_never_tell(check, reply):
    right, inputs, _, _ = declared(check)
    for function in NO_ANSWER:
        assert reply(check, function)[0] == "not attempted"
    assert len(reply(check, fails)[1]) == 1, "no hint after an error"
    for function in ODD:
        state, said = reply(check, function)
        assert state == "not yet" and len(" ".join(said)) < 400
        if check.__name__ in ("check_log_loss", "check_cost"):
            assert not any(shows(text, float(right(*inputs[0]))) for text in said)


DOUBLE = "That is the double."


@pytest.fixture
def reply_to(reply):
    """The reply to a function that should return −log x, or ∞ at 0."""

    def right(x):
        return -math.log(x) if x else math.inf

    def ask(function, *inputs):
        slips = {DOUBLE: lambda x: 2 * right(x)}
        return reply(checking.check, function, right, [(x,) for x in inputs], slips, "Hint.")

    return ask


KINDS = [Decimal, Fraction, sympy.Float, sympy.Rational, mpmath.mpf, np.float32, np.array]


@pytest.mark.parametrize("kind", [*KINDS, lambda number: [number]])
def test_numbers_of_every_kind_are_numbers(kind, reply_to):
    assert reply_to(lambda x: kind(-math.log(x)), 0.9, 0.4)[0] == "right"
    assert reply_to(lambda x: kind(-2 * math.log(x)), 0.9, 0.4)[1][-1] == DOUBLE


@pytest.mark.parametrize("decimals", [2, 3, 4, 6])
def test_a_check_knows_rounding(decimals, reply_to):
    inputs = 0.9, 0.4, 0.3
    state, (_, said) = reply_to(lambda x: round(-math.log(x), decimals), *inputs)
    assert state == "not yet" and "rounded" in said
    assert reply_to(lambda x: round(-2 * math.log(x), decimals), *inputs)[1][1] == DOUBLE
    assert reply_to(lambda x: round(x, 3), *inputs)[1][1] == "Hint."


@pytest.mark.parametrize("tiny", [1e-6, 1e-7, 1e-8])
def test_a_check_knows_a_tiny_number_in_the_logarithm(tiny, reply_to):
    def clipped(x):
        return -math.log(min(max(x, tiny), 1 - tiny))

    for nearly in (clipped, lambda x: -math.log(x + tiny)):
        assert "nearly" in reply_to(nearly, 0.1, 1.0, 0.0)[1][-1]
    for wrong in (lambda x: 1e-3 + clipped(x), lambda x: -math.log(x) if x else 0.0):
        assert reply_to(wrong, 0.1, 1.0, 0.0)[1][-1] == "Hint."


def test_nothing_depends_on_how_numpy_is_set(capsys):
    """A learner may let NumPy raise, or print fewer digits."""

    def all_said():
        for check in CHECKS.values():
            right, _, slips, _ = declared(check)
            for function in (right, *slips.values()):
                check(function)
        return capsys.readouterr().out, [ask().content for ask in ASKS.values()]

    expected = all_said()
    with np.errstate(all="raise"), np.printoptions(precision=1, legacy="1.13"):
        assert all_said() == expected


def test_printing_is_not_returning(reply):
    state, said = reply(CHECKS["check_sigmoid"], lambda z: print(1 / (1 + np.exp(-z))))
    assert state == "not yet" and "<lambda>" in said[0] and "None" not in said[0]
    state, said = reply(CHECKS["check_sigmoid"], lambda z: print(z) if z else 0.5)
    assert state == "not yet" and "None" in said[0], "it does return something"


@pytest.mark.parametrize("alarm", [True, False], ids=["alarm", "no alarm"])
def test_an_endless_loop_is_ended(reply, monkeypatch, alarm):
    if not alarm:  # as on Windows, and in a browser
        monkeypatch.delattr(signal, "setitimer", raising=False)

    def waits(z):
        while z < 10:
            time.sleep(0.01)

    monkeypatch.setattr(checking, "SECONDS", 0.1)
    state, said = reply(CHECKS["check_sigmoid"], waits)
    assert state == "not yet" and "waits(0)" in said[0] and "0.1" in said[0]


def test_a_function_that_changes_its_input_is_told(reply):
    check = CHECKS["check_cost"]
    right = declared(check)[0]
    assert reply(check, lambda a, y: [right(a, y), a.sort()][0])[0] == "not yet"


# ---- Exhibits ------------------------------------------------------------------------------


def sigma(z):
    return 1 / (1 + math.exp(-z))


REPAIRS = {
    0: lambda a, y: -math.log(a if y else 1 - a) if a not in (0, 1) else 0 if a == y else math.inf,
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
def test_a_black_box_knows_right_and_wrong(number, capsys):
    piece = lesson_07.EXHIBITS[number]
    box = lesson_07.exhibit(number, SHIPPED[number])
    told, right = box.content, REPAIRS.get(number, SHIPPED[number])
    inputs = itertools.product(*piece.stops.values())
    for values, (says, truth, exposed) in zip(inputs, told["table"], strict=True):
        assert exposed == (says != truth)
        if 0 < values[0] < 1 or "a" not in piece.stops:
            with np.errstate(over="ignore"):
                off = float(SHIPPED[number](*values)) - float(right(*values))
            assert (abs(off) > 1e-5 * right(*values)) if exposed else abs(off) < 1e-3
    exposing = sum(exposed for *_, exposed in told["table"])
    assert told["bug"] == (number not in SOUND) == (0 < exposing < len(told["table"]))
    start = np.ravel_multi_index(told["start"], [len(stops) for stops in told["stops"]])
    assert not told["table"][start][2]
    assert bool(told["hint"]) == told["bug"] and told["clause"] == say(piece.clause)
    assert not piece.source or piece.source not in json.dumps(told, ensure_ascii=False)
    page = html.unescape(box._repr_mimebundle_()[0]["text/html"])
    assert told["task"] in page and "____" in page and capsys.readouterr().out == ""


@every_exhibit
def test_a_repair_is_judged(number, capsys):
    source = say(lesson_07.EXHIBITS[number].source or "—")
    if number not in SOUND:
        lamp = lesson_07.exhibit(number, REPAIRS[number])
        assert lamp.kept == {"state": "right"} and lamp.content["key"] == str(number)
        assert (source in capsys.readouterr().out) == (number > 0)
    for function in NO_ANSWER:
        assert lesson_07.exhibit(number, function) is None
    for function in ODD:
        lamp = lesson_07.exhibit(number, function)
        assert lamp is None or lamp.kept == {}
        told = capsys.readouterr().out
        assert told.strip() and source not in told


def test_deleting_the_branch_overflows_and_lost_digits_are_told(capsys):
    lamp = lesson_07.exhibit(10, lambda z, y: np.log(1 + np.exp(z)) - y * z)
    assert lamp.kept == {} and "(720, 0)" in capsys.readouterr().out
    lamp = lesson_07.exhibit(10, lambda z, y: np.logaddexp(0, z) - y * z)
    repaired, lost, _ = capsys.readouterr().out.splitlines()
    assert lamp.kept == {"state": "right"} and "(30, 1)" in lost and "9.237e−14" in lost
    lesson_07.exhibit(10, REPAIRS[10])
    assert len(capsys.readouterr().out.splitlines()) == 2
    lamp = lesson_07.exhibit(10, lambda z, y: SHIPPED[10](z, y) + (1e-11 if z > 20 and y else 0))
    assert lamp.kept == {} and "(25, 1)" in capsys.readouterr().out


# What notebook 07 advises to try, by the names of the sliders.
ADVICE = {
    ("a", "y"): [("0.9", "1"), ("0.9", "0"), ("0.5", "1"), ("0.5", "0")],
    ("a", "y₁", "y₂"): [("0.9", "1", "1"), ("0.9", "0", "0"), ("0.5", "1", "0")],
    ("z",): [("−12",), ("0.25",), ("0",)],
    ("z", "y"): [("720", "0"), ("720", "1"), ("−10", "0"), ("−10", "1")],
    ("x", "y"): [("0", "1"), ("0", "0")],
    ("p",): [("0.9",), ("0.5",)],
    ("b", "η"): [("−1", "2"), ("−4", "2")],
}


def test_the_advice_exposes_every_bug_in_about_20_tries():
    """Who follows it stops at the first input that exposes the box."""
    tries, sound = 0, set()
    for number in set(SHIPPED) - {0}:
        told = lesson_07.exhibit(number, SHIPPED[number]).content
        table = dict(zip(itertools.product(*told["stops"]), told["table"]))
        tried = [table[one][2] for one in ADVICE[tuple(told["names"])] if one in table]
        tries += tried.index(True) + 1 if True in tried else len(tried)
        if True not in tried:
            sound.add(number)
    assert sound == SOUND and round(tries, -1) == 20
    assert "about 20 tries" in visible(LESSONS["07_find_the_bug"])


# ---- Be the model --------------------------------------------------------------------------


def test_be_the_model_charges_log_loss_and_keeps_its_secret():
    box = lesson_04.be_the_model()
    false, true = box.content["costs"]
    assert true[0] is None is false[100] and true[100] == 0 == false[0]
    np.testing.assert_allclose(true[1:], -np.log(np.arange(1, 101) / 100), atol=1e-15)
    np.testing.assert_allclose(false[:100], -np.log(1 - np.arange(100) / 100), atol=1e-15)
    page = html.unescape(box._repr_mimebundle_()[0]["text/html"])
    for text, _, why in box.content["statements"]:
        assert f"{text}<br>{box.content['say']['paper']}" in page and why not in page


# ---- In the notebooks ----------------------------------------------------------------------

LESSONS = {path.stem: cells_of(path) for path in ENGLISH}
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


@every_lesson
def test_every_question_and_exercise_is_used_once_and_they_stand_in_this_order(name):
    source = inspect.getsource(LESSON_MODULES[f"lesson_{name[:2]}"])
    calls = [call for cell in LESSONS[name] for call in calls_in(cell.source)]
    own = [call for call in calls if "." not in call]
    assert own == re.findall(r"^def ((?:ask|check)_\w+)", source, re.MULTILINE)


@every_lesson
def test_recalled_questions_are_of_earlier_lessons_with_other_numbers(name):
    for call, box in boxes_of(name[:2]).items():
        lesson, recalled, ask = call.partition("(")[0].rpartition(".")
        if recalled:
            assert lesson < f"lesson_{name[:2]}", call
            assert box.title not in [one["question"] for one in QUESTIONS[ask].sets], call


@every_lesson
def test_no_answer_stands_above_its_box(name):
    known = boxes_of(name[:2])
    for number, cell in enumerate(LESSONS[name]):
        for call in known.keys() & set(calls_in(cell.source)):
            above = visible(LESSONS[name][: number + 1])
            answers = known[call].content["right"]
            found = [value for value in answers if value % 1 and shows(above, value)]
            assert not found, f"{call}: {found} can be read above"


@every_lesson
def test_stubs_and_solutions(name, reply):
    """Each exercise runs as shipped, and each solution in the text below it is right."""
    for number, stub in enumerate(LESSONS[name]):
        if "lesson.check_" not in stub.source:
            continue
        above = "\n".join(c.source for c in LESSONS[name][:number] if c.cell_type == "code")
        imports = re.findall("^(?:from|import) .*", above, re.MULTILINE)
        world, (call,) = {}, re.findall(r"^lesson\.check_.*", stub.source, flags=re.MULTILINE)
        assert reply(exec, "\n".join([*imports, stub.source]), world)[0] == "not attempted"
        below = next(c for c in LESSONS[name][number + 1 :] if c.cell_type == "markdown")
        solutions = re.findall(r"```python\n(.*?)```", below.source, flags=re.DOTALL)
        for solution in solutions:
            assert reply(exec, f"{solution}\n{call}", world)[0] == "right", solution
        assert solutions
