"""What an answer box must say, in Python: the oracle for helpers/engine/boxes.js.

And the functions that notebook 07 shows, by the number of their exhibit: SHIPPED.
"""

import math
import re
import unicodedata
from types import SimpleNamespace

import nbformat

from tools.execute import NOTEBOOKS

SPACES = re.compile("[ \t\n\r]")
NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
ANSWER = re.compile(rf"({NUMBER})(?:/({NUMBER})|(%))?", re.ASCII)


def parse(text):
    """(value, decimals or None if they say nothing of its accuracy, whether in percent) or None."""
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
    return float(number) / below, decimals, bool(percent)


def judge(box, *texts, tries=0):
    """(state, sentences) after `tries` wrong answers."""
    told = box.content
    say, fields = told["say"], told["fields"]
    assert len(texts) == len(fields)
    if not any(text.strip() for text in texts):
        return "not attempted", [say["none"]]
    for field, text in zip(fields, texts):
        if not text.strip():
            return "not attempted", [say["empty"].format(field=field)]
    answers = [parse(text) for text in texts]
    if None in answers:
        return "not attempted", [say["junk"]]
    if not told["percent"] and any(percent for _, _, percent in answers):
        return "not attempted", [say["percent"]]
    values = [value for value, _, _ in answers]
    typed = ", ".join(text.strip() for text in texts)

    def near(others, within):
        reach = within / 10 ** told["digits"] * (1 + 1e-9)
        return [abs(value - other) <= reach for value, other in zip(values, others)]

    def coarse():
        return all(
            decimals and abs(value - exact) <= 0.5 / 10**decimals
            for (value, decimals, _), exact in zip(answers, told["exact"])
        )

    if all(near(told["right"], 0.5)):
        return "right", [say["right"], *filter(None, [told["praise"]])]
    for others, slip in told["slips"]:
        if all(near(others, 0.5)):
            return "not yet", [say["wrong"], slip.format(typed=typed)]
    if coarse():
        return "not yet", [say["wrong"], say["coarse"].format(typed=typed)]
    if all(near(told["right"], 2.5)):
        return "not yet", [say["wrong"], say["close"]]
    fits = [f for f, fit in zip(fields, near(told["right"], 0.5)) if fit]
    hint = told["hints"][min(tries, len(told["hints"]) - 1)]
    return "not yet", [say["wrong"], *(say["fits"].format(field=f) for f in fits), hint]


def shipped():
    """The setup cell, the exhibits' cells, and their functions."""
    cells = nbformat.read(NOTEBOOKS / "07_find_the_bug.ipynb", 4).cells
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
