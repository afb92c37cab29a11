"""TEACHING: its minutes are the notebooks', its wrong answers are what the slips really give."""

import re
from pathlib import Path
from urllib.parse import parse_qsl

import nbformat
import numpy as np
import pytest

from tools import lessons

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "TEACHING.md").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("README*.md"), *ROOT.glob("TEACHING*.md")])
MINUTES = re.compile(r"^\| \[[^]]+\]\((notebooks/\S+)\) .*?\| (\d+)(?: \+ (\d+))? \|", re.MULTILINE)

Y, A = np.array([1, 1, 0]), np.array([0.9, 0.6, 0.2])
TRUTH = np.array([0.9, 0.6, 0.8])  # what each truth was given
MEANS = {
    "added the losses": -np.log(TRUTH).sum(),
    "divided by 2m": -np.log(TRUTH).sum() / 6,
    "lost the minus": np.log(TRUTH).mean(),
    "lost the minus on the second term": (-np.log(0.9) - np.log(0.6) + np.log(0.8)) / 3,
    "divided only the last term": -np.log(0.9) - np.log(0.6) - np.log(0.8) / 3,
    "log₁₀": -np.log10(TRUTH).mean(),
    "log₂": -np.log2(TRUTH).mean(),
    "−log a for every sample": -np.log(A).mean(),
    "swapped the branches": -np.log(1 - TRUTH).mean(),
    "mean squared error": ((A - Y) ** 2).mean(),
    "likelihood": TRUTH.prod(),
}
X, ERROR = np.array([2, 1]), 0.3 - 1
GRADIENTS = {
    "y − a": -ERROR * X,
    "forgot x": ERROR * np.ones(2),
    "half the squared error": ERROR * 0.3 * 0.7 * X,
    "stopped at ∂L/∂a": ERROR / (0.3 * 0.7) * X,
}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_lesson_is_on_the_page_with_its_minutes(page):
    text, total = page.read_text(encoding="utf-8"), 0
    rows = MINUTES.findall(text)
    [folder] = {(ROOT / path).parent for path, *_ in rows}
    assert [ROOT / path for path, *_ in rows] == sorted(folder.glob("*.ipynb"))
    for path, *shown in rows:
        notebook = nbformat.read(ROOT / path, as_version=4)
        assert [int(n) for n in shown if n] == lessons.stated_minutes(notebook), path
        total += int(shown[0])
    hours, minutes = divmod(total, 60)
    assert f"{hours} hours {minutes} minutes" in text or f"{hours} 小时 {minutes} 分钟" in text


def test_wrong_answers_are_what_the_slips_give():
    answers = {slip: f"{mean:.3f}" for slip, mean in MEANS.items()}
    for slip, gradient in GRADIENTS.items():
        numbers = [np.format_float_positional(round(g, 3), trim="-") for g in gradient]
        answers[slip] = f"[{', '.join(numbers)}]"
    rows = re.findall(r"^\| (−?\d+\.\d+|\[[−\d., ]+\]) \| ([^|]+) \|", PAGE, re.MULTILINE)
    assert len(rows) == len(answers)
    for slip, answer in answers.items():
        assert slip in dict(rows)[answer.replace("-", "−")]


def test_the_expansion_for_the_board():
    [line] = re.findall(r"^line by line: (.+)\.$", PAGE, re.MULTILINE)
    code = re.sub(r"(?<=[ya)])(?=[ya(])", "*", line.replace("−", "-"))
    sides = [eval(side, {"y": 0.3, "a": 0.8}) for side in code.split("=")]
    assert len(sides) == 3 and sides == pytest.approx([0.5] * 3)


@pytest.mark.parametrize("page", PAGES[-2:], ids=lambda page: page.name)
def test_the_exit_ticket_and_its_slips(page):
    [key] = re.findall(r"^(?:Key: |答案：)(.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    two = -np.log([0.5, 0.9])
    right = [-np.log(0.8), -np.log(0.2), two.mean(), 0.3 - 1]
    slips = [-np.log10(0.8), -np.log2(0.8), two.sum(), 1 - 0.3]
    found = [float(number.replace("−", "-")) for number in re.findall(r"−?\d+\.\d+", key)]
    assert found == pytest.approx([*right, *slips], abs=5e-4)


def test_the_share_of_sample_2():
    share = 100 * np.log(0.6) / np.log(TRUTH).sum()
    assert f"Sample 2: 0.511, or {share:.0f} % of the total" in PAGE


def test_link_for_the_class_opens_notebook_01():
    [query] = re.findall(r"^    https://HUB/hub/user-redirect/git-pull\?(\S+)$", PAGE, re.M)
    asked = dict(parse_qsl(query))
    [repository] = re.findall(r"^ +(https://github\.com/\S+)$", PAGE, re.M)
    assert asked["repo"] == repository and asked["branch"] == "main"
    folder, path = asked["urlpath"].removeprefix("lab/tree/").split("/", 1)
    assert folder == Path(repository).name and (ROOT / path).is_file()
