"""No edition is behind the other: tools/parity.py says what is compared."""

import contextlib
import copy
import functools
import random
import re

import nbformat
import pytest

from tools import execute, parity

from .content import ENGLISH

PAIRS = [
    (path, execute.NOTEBOOKS / path.name)
    for path in execute.committed_notebooks()
    if path.parent != execute.NOTEBOOKS
]
LANGUAGES = sorted({path.parent.name for path, _ in PAIRS})
every_pair = pytest.mark.parametrize(
    "path, english", PAIRS, ids=lambda p: f"{p.parent.name}-{p.stem}"
)
# One term for each notion: what else it is called elsewhere.
OTHER_TERMS = "成本 费用函数 胜算 赔率 学习速率 步长 Sigmoid函数 偏差项 互熵 代价函数值"


@functools.cache
def both(path, english):
    return [nbformat.read(name, as_version=4) for name in (english, path)]


def test_every_lesson_is_there_in_every_language():
    for language in LANGUAGES:
        there = [english for path, english in PAIRS if path.parent.name == language]
        assert there == ENGLISH


@every_pair
def test_editions_say_the_same(path, english, left_to_translate):
    found = [*parity.differences(*both(path, english))]
    assert not found, "\n".join(["", *found])
    left_to_translate([*parity.to_translate(path)])


@every_pair
def test_each_edition_links_to_the_other(path, english):
    one, two = both(path, english)
    assert f"({path.parent.name}/{path.name})" in one.cells[0].source
    assert f"(../{path.name})" in two.cells[0].source


@every_pair
def test_chinese_punctuation_and_terms(path, english):
    for cell in both(path, english)[1].cells:
        text = parity.FORMULA.sub("", parity.FENCE.sub("", cell.source))
        half = re.findall("[\u3400-\u9fff] ?[,.?!;:] ?[\u3400-\u9fff]", text)
        assert not half, f"{cell.id}: half-width punctuation between Chinese characters: {half}"
        found = [term for term in OTHER_TERMS.split() if term in text]
        assert not found, f"{cell.id}: another term than the course's: {found}"


ENGLISH_WORDS = re.compile(r"\b[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}")  # three words in a row


@every_pair
def test_no_english_sentence_is_left_in_an_output(path, english, left_to_translate):
    found = []
    for cell in both(path, english)[1].cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            text = output.get("text", "") + data.get("text/html", "")
            text = re.sub(r"<[^>]*?alt=\"([^\"]*)\"[^>]*>", r"\1", parity.DATA_URI.sub("", text))
            text = re.sub("<[^>]*>", " ", text)
            found += [
                f"{path.parent.name}: {words!r} in {path.stem}"
                for words in ENGLISH_WORDS.findall(text)
            ]
    left_to_translate(found)


# ---- What an English edit leaves, and what it does not excuse ------------------------------


@pytest.fixture
def editions():
    """A notebook, and one that says all of it, for a test to change."""
    english = copy.deepcopy(both(*PAIRS[0])[0])
    translated = copy.deepcopy(english)
    for cell in translated.cells:
        cell.metadata["english"] = parity.fingerprint(cell)
    return english, translated


def test_changed_and_new_cells_wait_and_are_not_compared(editions):
    english, translated = editions
    text, code = (
        next(c for c in english.cells[2:] if c.cell_type == kind) for kind in ("markdown", "code")
    )
    text.source += " And $1 + 1 = 2$."
    code.source += "\nprint(4321)"
    code.outputs.append(nbformat.v4.new_output("stream", text="4321\n"))
    english.cells.append(nbformat.v4.new_markdown_cell("The end."))
    assert dict(parity.waiting(english, translated)) == {
        text.id: "has changed in English",
        code.id: "has changed in English",
        english.cells[-1].id: "is new in English",
    }
    assert [*parity.differences(english, translated)] == []


def test_what_anybody_can_mend_does_not_wait(editions):
    english, translated = editions
    gone, moved = english.cells.pop(5), english.cells.pop(3)
    english.cells.append(moved)
    assert [*parity.waiting(english, translated)] == []
    [told] = parity.differences(english, translated)
    assert f"+ {gone.id}" in told and f"+ {moved.id}" in told


def test_changed_code_is_shown(editions):
    english, translated = editions
    cell = next(c for c in translated.cells[2:] if c.cell_type == "code")
    cell.source += "\nprint(4321)"
    assert [*parity.differences(english, translated)] == [
        f"{cell.id}: the code differs: \n    + print(4321)"
    ]


# ---- The comparison bites ------------------------------------------------------------------

TELLING = re.compile(r"\d|[−+=<>]|\\[a-z]+|(?<=\$)[a-zA-Z]")
OTHER = dict(zip("0123456789−+=<>", "1234567890+−<=<"))


@every_pair
def test_a_change_in_any_translated_cell_is_caught(path, english):
    """One digit, sign, command or symbol; of an English cell, its fingerprint is another one."""
    chance, survivors = random.Random(2026), []
    for one, cell in zip(*(notebook.cells for notebook in both(path, english))):
        unread = r"\]\([^)]*\)" if cell.cell_type == "markdown" else r"#.*|\\n"
        text = re.sub(unread, lambda found: " " * len(found[0]), cell.source)
        if places := [*TELLING.finditer(text)]:
            place, two = chance.choice(places), copy.deepcopy(cell)
            other = OTHER.get(place[0], f"{place[0]}q")
            two.source = cell.source[: place.start()] + other + cell.source[place.end() :]
            with contextlib.suppress(SyntaxError):  # noticed too, by Python
                if not [*parity.cell_differences(one, two)]:
                    survivors.append((cell.id, two.source))
    assert survivors == []
