"""Answer boxes, exercises, exhibits and the game: what they say to right, wrong and junk.

tests/browser/test_practice.py shows that the browser says the same.
"""

import html
import itertools
import json
import math
import random
import re
from fractions import Fraction

import numpy as np
import pytest

from helpers import exercises, exhibits, questions
from helpers.engine.boxes import AnswerBox, BeTheModel, Exhibit, parse

from .execute import NOTEBOOKS

ASKS = sorted(name for name in dir(questions) if name.startswith("ask_"))
CHECKS = sorted(name for name in dir(exercises) if name.startswith("check_"))
every_question = pytest.mark.parametrize("ask", ASKS)


def box_of(ask):
    return getattr(questions, ask)()


# ---- Answer boxes --------------------------------------------------------------------------


def ways_to_write(exact):
    """Five ways and more to write a number that rounds to the right one."""
    minus, size = ("\N{MINUS SIGN}" if exact < 0 else "", abs(exact))
    return [
        f"{exact:.3f}",
        f"{exact:.3f}".replace(".", ","),
        f" {minus} {size:.3f}\N{NO-BREAK SPACE}",
        f"{exact!r}",
        f"{100 * exact:.3f} %",
        f"{100 * exact:.1f}%",
        f"{exact:.6e}",
        str(Fraction(exact).limit_denominator(100_000)),
        f"{minus}{size:.4f}".replace("0.", ".", 1) if size < 1 else f"{exact:+.5f}",
    ]


@every_question
def test_right_answers_in_five_ways_and_more(ask):
    box = box_of(ask)
    columns = [ways_to_write(exact) for exact in box.content["exact"]]
    for texts in zip(*columns):
        assert box.judge(*texts).state == "right", texts


@every_question
def test_every_slip_is_recognised(ask):
    box = box_of(ask)
    assert len(box.content["slips"]) >= 4
    for values, slip in box.content["slips"]:
        texts = [f"{value:.3f}" for value in values]
        verdict = box.judge(*texts)
        assert verdict == ("not yet", f"Not yet: {', '.join(texts)} {slip}.")
        texts = [f"{value + 0.0004:.5f}" for value in values]  # more decimals than asked for
        if box.judge(*texts).state != "right":
            assert box.judge(*texts).reply == f"Not yet: {', '.join(texts)} {slip}."


COURSE_SLIPS = {
    "ask_batch_mean": {
        "0.839": "the sum", "0.122": "base 10", "0.404": "base 2", "0.140": "2m",
        "0.070": "squared error", "1.609": "flipped labels", "0.742": "−log a for every sample",
        "0.691": "bracket", "0.131": "minus on the second term", "0.432": "likelihood",
        "-0.280": "sign",
    },
    "ask_gradient_for_w": {
        "1.4, 0.7": "sign", "-0.7, -0.7": "forgotten x", "-0.294, -0.147": "half the squared error",
        "-6.667, -3.333": "∂L/∂a",
    },
}  # fmt: skip


@pytest.mark.parametrize(
    "ask, typed, word",
    [(ask, typed, word) for ask, slips in COURSE_SLIPS.items() for typed, word in slips.items()],
)
def test_slips_of_the_course(ask, typed, word):
    state, reply = box_of(ask).judge(*typed.split(", "))
    assert state == "not yet" and word in reply and typed in reply


def test_the_course_s_right_answers():
    assert box_of("ask_batch_mean").judge("0.280").state == "right"
    assert box_of("ask_gradient_for_w").judge("-1.4", "-0.7").state == "right"


@every_question
def test_random_wrong_numbers_are_never_right(ask):
    box, chance = box_of(ask), random.Random(ask)
    shown = [Fraction(value).limit_denominator(1000) for value in box.content["shown"]]
    for _ in range(200):
        wide = 10 ** chance.uniform(-3, 3)
        texts = [f"{float(value) + chance.uniform(-wide, wide):.6f}" for value in shown]
        off = max(abs(Fraction(text) - value) for text, value in zip(texts, shown))
        assert (box.judge(*texts).state == "right") == (off <= Fraction(1, 2000)), texts


JUNK = [
    "a third", "0.2.8", "1,000.5", "1,2,3", "--1", "1/0", "1/", "/3", "%", "0x1", "nan", "inf",
    "1e999", "1 + 1", "ln 2", "２x", "0.28!", "1" * 41, "1_000", ".", "-", "e5",
]  # fmt: skip


@pytest.mark.parametrize("text", JUNK)
def test_junk_is_no_attempt(text):
    assert parse(text) is None
    box = AnswerBox("?", 1 / 3, {}, ["Hint."])
    assert box.judge(text) == ("not attempted", "Please type a number such as 0.280.")


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
    assert parse(text).value == value


def test_three_states_and_two_hints():
    box = AnswerBox("?", 2.5, {"is upside down": 0.4}, ["First hint.", "Second hint."], "Good.")
    assert box.judge("  ").state == "not attempted"
    assert box.judge("7") == ("not yet", "Not yet: 7 is too large, by less than 10. First hint.")
    reply = box.judge("2.4", tries=1).reply
    assert reply == "Not yet: 2.4 is too small, by less than 1. Second hint."
    assert box.judge("2.4", tries=9).reply == reply
    assert box.judge("1e9").reply.startswith("Not yet: 1e9 is too large, by more than 100.")
    assert box.judge("0.4").reply == "Not yet: 0.4 is upside down."
    assert box.judge("-2.5").reply == "Not yet: -2.5 has the right size and the wrong sign."
    assert box.judge("2.5") == ("right", "Right. Good.")


def test_rounding():
    box = AnswerBox("?", 0.27977, {}, ["Hint."])
    for text in ("0.280", "0.28", "0.2798", "0.2795", "0.2804", "28 %"):
        assert box.judge(text).state == "right", text
    for text in ("0.2794", "0.2806", "0.281", "0.279"):
        assert box.judge(text).state == "not yet", text
        assert "round once" in box.judge(text).reply, text
    assert box.judge("0.3").reply == "Not yet: 0.3 is right as far as it goes. Give 3 decimals."
    assert box.judge("0").reply.startswith("Not yet: 0 is too small")


def test_several_numbers():
    box = AnswerBox("?", [1, 2], {"are swapped": [2, 1]}, ["Hint."], fields=["p", "q"])
    assert box.judge("1", "2").state == "right"
    assert box.judge("2", "1").reply == "Not yet: 2, 1 are swapped."
    assert (
        box.judge("1", "9").reply
        == "Not yet: p is right. q: 9 is too large, by less than 10. Hint."
    )
    assert box.judge("1", "").state == "not attempted"
    assert box.judge("", "").state == "not attempted"
    with pytest.raises(ValueError, match="2 texts"):
        box.judge("1")


@pytest.mark.parametrize("slips", [{"is right": 0.5}, {"is one": 1, "is another": 1.0001}])
def test_a_slip_must_be_one_of_its_own(slips):
    with pytest.raises(ValueError, match="of its own"):
        AnswerBox("?", 0.5, slips, ["Hint."])


@every_question
def test_texts_can_be_replaced(ask):
    box = box_of(ask)
    own = [f"Fehler {k}" for k in range(len(box.content["slips"]))]
    count = sum(slip != "has the right size and the wrong sign" for _, slip in box.content["slips"])
    other = getattr(questions, ask)(
        question="Frage?", hints=["Tipp."], slips=own[:count], phrases={"slip": "{typed}: {slip}"}
    )
    assert other.content["question"] == "Frage?" and other.content["exact"] == box.content["exact"]
    values = [f"{value:.3f}" for value in other.content["slips"][0][0]]
    assert other.judge(*values).reply == f"{', '.join(values)}: Fehler 0"


@every_question
def test_paper_shows_the_question_and_a_blank(ask):
    box = box_of(ask)
    bundle = box._repr_mimebundle_()
    page = html.unescape(bundle["text/html"])
    assert bundle["text/plain"] == f"AnswerBox: {box.content['question']}" == repr(box_of(ask))
    assert box.content["question"] in page
    assert page.count("____________") == len(box.content["exact"])
    for text in [page, *box.content["phrases"].values()]:
        for value in box.content["shown"]:
            assert not shows(text, value), text


# ---- Exercises -----------------------------------------------------------------------------

# For each check three plausible wrong answers, and what the reply must name (None: no known slip).
WRONG = {
    "check_log": [
        (lambda x, base: np.log(x), "natural logarithm"),
        (lambda x, base: np.log(x) * np.log(base), "multiply"),
        (lambda x, base: np.log(x) / base, "itself"),
        (lambda x, base: round(np.log(x) / np.log(base)), None),
    ],
    "check_surprise": [
        (lambda p: np.sum(np.log(p)), "minus"),
        (lambda p: -np.log(np.prod(p)), "vanish"),
        (lambda p: -math.log(math.prod(p)), "no logarithm"),
        (lambda p: -np.log(p[0]), None),
    ],
    "check_sigmoid": [
        (lambda z: 1 / (1 + np.exp(-z)), "overflows"),
        (lambda z: math.exp(z) / (1 + math.exp(z)), "overflows"),
        (lambda z: 1 / (1 + np.exp(z)), "minus"),
        (lambda z: np.where(z < 0, np.exp(z) / (1 + np.exp(z)), 1 / (1 + np.exp(-z))), "own side"),
        (lambda z: 1 / (1 + np.exp(-z if z >= 0 else z)), "negative"),
        (lambda z: 0.5, None),
    ],
    "check_slope": [
        (lambda z: 1 - 1 / (1 + np.exp(-z)), "factor a"),
        (lambda z: -np.exp(-z) / (1 + np.exp(-z)) ** 2, "negative"),
        (lambda z: z * (1 - z), "score"),
    ],
    "check_log_loss": [
        (lambda a, y: y * np.log(a) + (1 - y) * np.log(1 - a), "minus"),
        (lambda a, y: -y * np.log(1 - a) - (1 - y) * np.log(a), "swapped"),
        (lambda a, y: -np.log10(a if y else 1 - a), "base 10"),
        (lambda a, y: (a - y) ** 2, "squared"),
        (lambda a, y: -(a * np.log(y) + (1 - a) * np.log(1 - y)), "arguments"),
        (lambda a, y: 1 - a, None),
    ],
    "check_cost": [
        (lambda a, y: sum(-math.log(p if t else 1 - p) for p, t in zip(a, y)), "sum"),
        (lambda a, y: np.mean((np.array(a) - np.array(y)) ** 2), "squared"),
        (lambda a, y: sum(-math.log(p if t else 1 - p) for p, t in zip(a, y)) / 3, "by 3"),
        (lambda a, y: [-math.log(p if t else 1 - p) for p, t in zip(a, y)], "expected: a number"),
    ],
    "check_gradient": [
        (lambda x, a, y: ((y - a) * x, y - a), "sign"),
        (lambda x, a, y: (a - y, a - y), "factor x"),
        (lambda x, a, y: (a - y) * x, "expected: 2 numbers"),
        (lambda x, a, y: (a * x, a), None),
    ],
    "check_step": [
        (lambda w, b, x, y, eta: (w + eta * (s(w * x + b) - y) * x, b + eta * (s(w * x + b) - y)),
         "uphill"),
        (lambda w, b, x, y, eta: bias_first(w, b, x, y, eta), "new b"),
        (lambda w, b, x, y, eta: (w - eta * (s(w * x + b) - y) * x, b), "bias"),
    ],
}  # fmt: skip


def s(z):
    return 1 / (1 + math.exp(-z))


def bias_first(w, b, x, y, eta):
    b = b - eta * (s(w * x + b) - y)
    w = w - eta * (s(w * x + b) - y) * x
    return w, b


def reply_of(check, function, capsys):
    assert getattr(exercises, check)(function) is None
    printed = capsys.readouterr()
    assert printed.err == "" and printed.out.count("\n") == 1
    return printed.out.strip()


def test_every_check_has_wrong_answers():
    assert sorted(WRONG) == CHECKS and all(len(wrong) >= 3 for wrong in WRONG.values())


@pytest.mark.parametrize(
    "check, number", [(check, k) for check, wrong in WRONG.items() for k in range(len(wrong))]
)
def test_wrong_answers(check, number, capsys):
    function, word = WRONG[check][number]
    reply = reply_of(check, function, capsys)
    assert reply.startswith("Not yet: ") and (word is None or word in reply), reply
    if word is None:
        assert "is not right" in reply


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
    int, print.__class__, np.nan.__class__,
]  # fmt: skip


@pytest.mark.parametrize("check", CHECKS)
def test_checks_never_raise(check, capsys):
    for function in NO_ANSWER:
        assert reply_of(check, function, capsys).startswith("Not attempted yet: ")
    for function in ODD:
        reply = reply_of(check, function, capsys)
        assert reply.startswith("Not yet: ") and len(reply) < 400, reply


def test_a_function_that_changes_its_input_is_told(capsys):
    def sorts(a, y):
        result = -np.mean(np.log(np.where(np.array(y) == 1, a, 1 - np.array(a))))
        a.sort()
        return result

    assert "changes what it was given" in reply_of("check_cost", sorts, capsys)


def test_checks_know_no_more_than_they_say(capsys):
    """A wrong number is repeated, and the right one is not said."""
    right = {"check_log_loss": "0.105", "check_cost": "0.280", "check_sigmoid": "0.881"}
    for check, number in right.items():
        reply = reply_of(check, lambda *v: 77, capsys)
        assert "gave 77" in reply and number not in reply


# ---- Exhibits ------------------------------------------------------------------------------

REPAIRS = {
    1: lambda a, y: -np.log(a) if y == 1 else -np.log(1 - a),
    3: lambda a, y: -y * np.log(a) - (1 - y) * np.log(1 - a),
    4: lambda a, y_1, y_2: -(
        (y_1 + y_2) * np.log(a) + (2 - y_1 - y_2) * np.log(1 - a)
    ) / 2,
    5: lambda z: s(z) * (1 - s(z)),
    7: lambda x, y: s(x) - y,
    8: lambda p: -np.log(p),
    9: lambda b, eta: 0.5 - eta * (s(1 + b) - 1) * 2,
    10: lambda z, y: np.log1p(np.exp(-z)) if y else max(z, 0) + np.log1p(np.exp(-abs(z))),
    11: lambda z: int(z > 0),
}  # fmt: skip
SOUND = {2, 6}


def inputs_of(number):
    stops = exhibits.EXHIBITS[number][4]
    return [dict(zip(stops, values)) for values in itertools.product(*stops.values())]


def repair(number, function, capsys):
    exhibits.check_repair(number, function)
    return capsys.readouterr().out.strip()


def test_there_are_enough_exhibits():
    assert set(exhibits.EXHIBITS) == set(REPAIRS) | SOUND and len(REPAIRS) >= 8


@pytest.mark.parametrize("number", REPAIRS)
def test_a_bug_shows_at_some_inputs_only(number, capsys):
    exhibit = exhibits.exhibit(number)
    verdicts = [exhibit.judge(**values) for values in inputs_of(number)]
    assert {verdict.state for verdict in verdicts} == {"right", "not yet"}
    code, source = exhibit.code, exhibits.EXHIBITS[number][2]
    for values, (state, reply) in zip(inputs_of(number), verdicts):
        off = abs(float(code(**values)) - float(REPAIRS[number](**values)))
        if state == "right":
            assert off > 0 and source in reply
        else:
            assert off <= 1e-3 * abs(code(**values)) and source not in reply
    start = dict(zip(exhibit.stops, exhibit.content["start"]))
    values = {name: exhibit.stops[name][at] for name, at in start.items()}
    assert exhibit.judge(**values).state == "not yet"
    assert exhibit.declare().state == "not yet" and exhibit.content["hint"]
    assert "still says the same" in repair(number, code, capsys)
    assert "right at all" in repair(number, REPAIRS[number], capsys)
    assert "not yet" in repair(number, lambda *v: 3, capsys)


@pytest.mark.parametrize("number", SOUND)
def test_correct_code_cannot_be_exposed(number, capsys):
    exhibit = exhibits.exhibit(number)
    assert {exhibit.judge(**values).state for values in inputs_of(number)} == {"not yet"}
    assert exhibit.declare().state == "right"
    assert "still says the same" in repair(number, exhibit.code, capsys)
    assert "not yet" in repair(number, lambda *v: 3, capsys)


def test_a_repair_may_say_true_for_1(capsys):
    assert "right at all" in repair(11, lambda z: z > 0, capsys)
    assert "not yet" in repair(11, lambda z: z >= 0, capsys)
    assert "still says the same" in repair(11, lambda z: z > 0.5, capsys)


def test_a_repair_that_is_nearly_right_far_out_is_shown_what_it_said(capsys):
    reply = repair(10, lambda z, y: np.log(1 + np.exp(-z if y else z)), capsys)
    assert "safe_loss(z=30, y=1) gave 9.34" in reply and "e-14" in reply


@pytest.mark.parametrize("number", exhibits.EXHIBITS)
def test_repairs_never_raise(number, capsys):
    for function in [*NO_ANSWER, *ODD]:
        reply = repair(number, function, capsys)
        assert reply.startswith(f"Exhibit {number}: ") and "right at all" not in reply, reply


def test_an_exhibit_on_paper_and_in_words():
    def half(x):
        return x / 2 if x < 3 else 0

    exhibit = Exhibit(half, lambda x: x / 2, "Somewhere.", "Go far.", x=(1, 2, 3))
    assert exhibit.judge(x=2).reply == "Not exposed: at x = 2 this code says 1, and that is right."
    assert exhibit.judge(x=3).reply == (
        "Exposed. At x = 3 this code says 0; right is 1.5. Somewhere."
    )
    assert exhibit.declare() == ("not yet", "There is a bug in it. Go far.")
    page = html.unescape(exhibit._repr_mimebundle_()["text/html"])
    assert "half(x)" in page and "____" in page and "Somewhere" not in page


# ---- Be the model --------------------------------------------------------------------------


def test_be_the_model_charges_log_loss():
    game, chance = questions.be_the_model(), random.Random(4)
    truths = [truth for _, truth, _ in questions.STATEMENTS]
    assert len(truths) == 8 and 2 < sum(truths) < 6
    for _ in range(50):
        percents = [chance.randint(1, 99) for _ in truths]
        given = [p if truth else 100 - p for p, truth in zip(percents, truths)]
        *items, mean, against, worst = game.judge(percents)
        for item, share in zip(items, given):
            assert f"You gave this {share} %, which costs {math.log(100 / share):.3f}." in item
        loss = sum(math.log(100 / share) for share in given) / 8
        assert f"is {loss:.3f}" in mean and f"= {math.exp(-loss):.3f}" in mean
        assert ("better" in against) == (loss < math.log(2)) and "0.693" in against
        if min(given) < 50:
            assert f"{math.log(100 / min(given)):.3f}" in worst


def test_be_the_model_at_the_ends():
    game = BeTheModel([("p", True, "."), ("q", False, ".")])
    assert (
        "costs 0.000" in game.judge([100, 0])[0]
        and "exp(−0.000) = 1.000" in game.judge([100, 0])[2]
    )
    lost = game.judge([0, 0])
    assert (
        "costs ∞" in lost[0]
        and "is ∞, and exp(−∞) = 0.000" in lost[2]
        and "statement 1: ∞" in lost[4]
    )
    assert (
        game.judge([50, 50])[3].endswith("the same.")
        and "No confident mistake" in game.judge([50, 50])[4]
    )


def test_be_the_model_on_paper_keeps_its_secret():
    page = html.unescape(questions.be_the_model()._repr_mimebundle_()["text/html"])
    assert page.count("______ %") == 8
    for text, _, why in questions.STATEMENTS:
        assert text in page and why not in page


# ---- In the notebooks ----------------------------------------------------------------------

NAMES = [path.name for path in sorted(NOTEBOOKS.glob("*.ipynb"))]
every_notebook = pytest.mark.parametrize("name", NAMES)
DETAILS = re.compile(r"<details>.*?</details>", re.DOTALL)


def cells_of(name):
    cells = json.loads((NOTEBOOKS / name).read_text("utf-8"))["cells"]
    return [{**cell, "source": "".join(cell["source"])} for cell in cells]


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
    found = re.findall(rf"^({beginning}\w+)\(", cell["source"], flags=re.MULTILINE)
    return found if cell["cell_type"] == "code" else []


@every_notebook
def test_each_notebook_has_three_boxes_and_something_to_write(name):
    cells = cells_of(name)
    assert sum(len(calls(cell, "ask_")) for cell in cells) >= 3
    assert any(calls(cell, "check_") for cell in cells)


def test_every_question_and_exercise_is_used_once():
    used = [
        call for name in NAMES for cell in cells_of(name) for call in calls(cell, "(?:ask|check)_")
    ]
    assert sorted(set(used) - {"check_repair"}) == sorted(ASKS + CHECKS)
    assert len(used) - used.count("check_repair") == len(ASKS + CHECKS)


@every_notebook
def test_no_answer_stands_above_its_box(name):
    cells = cells_of(name)
    for number, cell in enumerate(cells):
        for ask in calls(cell, "ask_"):
            above = visible(cells[:number]) + cell["source"] + printed(cell)
            answers = box_of(ask).content["shown"]
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


def test_what_is_repaired_is_what_is_shown():
    cells = cells_of("07_find_the_bug.ipynb")
    shown = [
        int(number) for cell in cells for number in re.findall(r"^exhibit\((\d+)\)", cell["source"])
    ]
    assert shown == list(exhibits.EXHIBITS)
    repaired = [cell for cell in cells if "\ncheck_repair(" in cell["source"]]
    for number, cell in zip(shown, repaired, strict=True):
        code = exhibits.exhibit(number).content["code"]
        call = f"check_repair({number}, {exhibits.EXHIBITS[number][0].__name__})"
        assert cell["source"] == f"{code}\n\n\n{call}"


def exercises_in(name):
    """(stub, solutions) for each exercise of a notebook."""
    cells = cells_of(name)
    for number, cell in enumerate(cells):
        if calls(cell, "check_(?!repair)"):
            after = next(c["source"] for c in cells[number + 1 :] if c["cell_type"] == "markdown")
            details = DETAILS.search(after)[0]
            yield cell["source"], re.findall(r"```python\n(.*?)```", details, re.DOTALL)


@every_notebook
def test_stubs_and_solutions(name, capsys):
    setup = cells_of(name)
    setup = next(cell["source"] for cell in setup if cell["cell_type"] == "code")
    for stub, solutions in exercises_in(name):
        world = {}
        exec(setup, world)
        exec(stub, world)
        assert capsys.readouterr().out.startswith("Not attempted yet: ")
        assert solutions
        for solution in solutions:
            exec(solution, world)
            exec(stub.splitlines()[-1], world)
            reply = capsys.readouterr().out
            assert reply.startswith("Right: "), f"{solution}\n{reply}"
