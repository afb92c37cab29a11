"""What an answer box must say, in Python: the oracle for helpers/engine/boxes.js.

And the functions that notebook 07 shows, by the number of their exhibit: SHIPPED.
"""

import math
import re
import unicodedata
from types import SimpleNamespace

from .content import NOTEBOOKS, cells_of

NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
ANSWER = re.compile(rf"({NUMBER})(?:/({NUMBER})|(%))?", re.ASCII)
RAISED = re.compile("[²³¹\u2070-\u209c]|[0-9] *[¼-¾\u2150-\u215e]")
FUNCTION = re.compile("(?:^|[^a-z])(?:ln|lg|log|exp|sqrt)|√", re.IGNORECASE)
OPERATION = re.compile(r"[^\W_][*^×·+/]+-?[\w.(]|\)[*^×·+/]+-?[\w.(]|[0-9)]-[0-9(]")
UNSEEN = re.compile("[ \t\n\r\u200b-\u200f\u061c\u2066-\u2069\ufeff]")
LIKE = str.maketrans({"。": ".", "٫": ".", "٪": "%", "\u2044": "/", "\u2215": "/", "÷": "/"})


# What may be typed: numbers, and what each is; formulas, of which a learner is told that they are;
# and what is neither.
NUMBERS = {
    "0.280": 0.28, "0,280": 0.28, ".28": 0.28, "28 %": 0.28, "1/3": 1 / 3, "-1/3": -1 / 3,
    "\N{MINUS SIGN}7": -7, "\N{EN DASH}7": -7, " - 7 ": -7, "+7": 7, "7.": 7, "1 000": 1000,
    "1e-3": 0.001, "½": 0.5, "０．２８": 0.28, "1,5/3": 0.5, "28\N{EM SPACE}%": 0.28,
    "0.385。": 0.385, "0。385": 0.385, "0，385": 0.385, "—0.65": -0.65, "－0.65": -0.65,
    "——0.65": -0.65, "负0.65": -0.65, "≈0.385": 0.385, "=0.385": 0.385, "＝－0.65": -0.65,
    "1÷3": 1 / 3, "１／３": 1 / 3, "２８％": 0.28, "0.385.": 0.385, "0.385,": 0.385,
    "۰٫۳۸۵": 0.385, "٠٫٣٨٥": 0.385, "०.३८५": 0.385, "٢٨٪": 0.28, "\u200f−۷": -7, "৭": 7,
}  # fmt: skip
FORMULAS = [
    "ln 3", "2^-5", "1 + 1", "-log(0.7)", "e^-2", "2²", "(1+2)/3", "0.5*0.3", "√2", "exp(−1)",
    "np.log(3)", "2×3", "1/2/3", "3-1", "lg2", "10⁻³", "π/4",
]  # fmt: skip
JUNK = "a third|0.2.8|1,000.5|1,2,3|--1|1/0|1/|/3|%|0x1|nan|inf|1e999|２x|0.28!|.|1½|1 ½|负|≈"
JUNK = [*f"{JUNK}|==1|0。3。8|1%%|无|28x|{{typed}}<b>| 0.28 nats".split("|"), "x" * 50, "1" * 41]


def plain(text):
    """What was typed, as an English keyboard would have written it."""
    text = unicodedata.normalize("NFKC", text)
    text = "".join(str(unicodedata.decimal(char, char)) for char in text)
    text = UNSEEN.sub("", text).translate(LIKE)
    text = re.sub("[\u2010-\u2015\u2212]+", "-", text)
    text = text[1:] if text[:1] in ("=", "≈") else text
    text = re.sub("^[负負]", "-", text)
    return text[:-1] if len(text) > 1 and text[-1] in ".,;" else text


def parse(text):
    """(value, decimals or None if they say nothing of its accuracy, whether in percent) or None."""
    if len(text) > 40 or RAISED.search(text):
        return None
    text = plain(text)
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
    return float(number) / below, decimals, bool(percent)


def misread(say, text, example):
    """Why a text is no number."""
    if RAISED.search(text) or FUNCTION.search(plain(text)) or OPERATION.search(plain(text)):
        return say["formula"].format(example=example)
    rest = re.sub("^[-+0-9., ]*[0-9] *", "", text)
    what = rest if any(map(str.isalpha, rest)) else text
    return say["junk"].format(what=f"{what[:39]}…" if len(what) > 40 else what, example=example)


def judge(box, *texts, tries=0, number=0):
    """(state, sentences) after `tries` wrong answers to this set of a box's numbers."""
    told, asked = box.content, box.sets[number]
    say, fields, example = told["say"], told["fields"], asked["example"]
    assert len(texts) == len(fields)
    if not any(text.strip() for text in texts):
        return "not attempted", [say["none"].format(example=example)]
    for field, text in zip(fields, texts):
        if not text.strip():
            return "not attempted", [say["empty"].format(field=field)]
    answers = [parse(text) for text in texts]
    if None in answers:
        return "not attempted", [misread(say, texts[answers.index(None)].strip(), example)]
    if not told["percent"] and any(percent for _, _, percent in answers):
        return "not attempted", [say["percent"].format(example=example)]
    values = [value for value, _, _ in answers]
    typed = ", ".join(text.strip() for text in texts)

    def near(others, within):
        reach = within / 10 ** told["digits"] * (1 + 1e-9)
        return [abs(value - other) <= reach for value, other in zip(values, others)]

    def coarse():
        return all(
            decimals and value not in asked["given"] and abs(value - exact) <= 0.5 / 10**decimals
            for (value, decimals, _), exact in zip(answers, asked["exact"])
        )

    if all(near(asked["right"], 0.5)):
        return "right", [say["right"], *filter(None, [asked["praise"]])]
    for others, slip in asked["slips"]:
        if all(near(others, 0.5)):
            return "not yet", [say["wrong"], slip.format(typed=typed)]
    if told["percent"] and not all(0 <= value <= 1 for value in values):
        return "not yet", [say["wrong"], say["outside"].format(typed=typed)]
    if coarse():
        return "not yet", [say["wrong"], say["coarse"].format(typed=typed, digits=told["digits"])]
    if all(near(asked["right"], 2.5)):
        return "not yet", [say["wrong"], say["close"]]
    fits = [f for f, fit in zip(fields, near(asked["right"], 0.5)) if fit]
    hint = asked["hints"][min(tries, len(asked["hints"]) - 1)]
    return "not yet", [say["wrong"], *(say["fits"].format(field=f) for f in fits), hint]


def shipped():
    """The setup cell, the exhibits' cells, and their functions."""
    cells = cells_of(NOTEBOOKS / "07_find_the_bug.ipynb")
    setup, *sources = [cell.source for cell in cells if cell.cell_type == "code"]
    sources = [
        source for source in sources if re.search(r"^lesson\.exhibit\(", source, re.MULTILINE)
    ]
    found, world = {}, {}
    exec(setup, world)
    world["lesson"] = SimpleNamespace(exhibit=found.__setitem__)
    for source in sources:
        exec(source, world)
    return setup, sources, found


SETUP, SOURCES, SHIPPED = shipped()
