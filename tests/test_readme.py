"""The README's links lead somewhere, and its numbers and picture are the notebooks'."""

import io
import re
import runpy
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from helpers.lesson_06 import explore_walk
from tools import execute

from .content import ENGLISH

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| \[[^]]+\]\((notebooks/\S+)\) \| .* \| (.+) \|$", README, re.MULTILINE)
PAGES = sorted(path.name for path in ROOT.glob("*.md"))
every_page = pytest.mark.parametrize("name", PAGES)


@every_page
def test_links(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)]+)\)", text) + re.findall(r'src="([^"]+)"', text):
        path, _, heading = link.partition("#")
        assert (ROOT / path).exists(), link
        if heading:
            headings = re.findall("^#+ (.+)$", (ROOT / path).read_text(encoding="utf-8"), re.M)
            assert heading in [found.lower().replace(" ", "-") for found in headings], link


@every_page
def test_files_and_commands_that_are_named(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    for path in re.findall(r"(?<![\w/=%.-])[\w./-]+\.(?:py|ipynb|yml|txt|toml|md)\b", text):
        assert (ROOT / path).is_file(), path
    known = runpy.run_path(str(ROOT / "course.py"))["COMMANDS"]
    assert set(re.findall(r"course\.py (\w+)", text)) <= set(known)


def test_conda_makes_the_environment_that_is_activated():
    environment = (ROOT / "environment.yml").read_text(encoding="utf-8")
    [name] = re.findall("^name: (.+)$", environment, re.MULTILINE)
    assert f"    conda activate {name}\n" in README


def test_the_picture_of_a_lesson_is_the_one_it_opens_with():
    assert [ROOT / path for path, shown in ROWS] == ENGLISH
    for path, shown in ROWS:
        made = execute.small_picture(ROOT / path)
        found = re.search(r"\]\((assets/.+)\)$", shown)
        assert bool(found) == bool(made)
        if found:
            pictures = Image.open(io.BytesIO(made)), Image.open(ROOT / found[1])
            one, two = [np.asarray(picture.convert("L"), dtype=float) for picture in pictures]
            assert np.abs(one - two).mean() < 1, f"python3 course.py execute {path} writes it"


def test_the_moving_picture_is_notebook_06_s_walk():
    [alt] = re.findall(r'<img src="assets/walk.webp" width="\d+" alt="([^"]+)">', README)
    assert "J" in alt and "contour" in alt
    moving = Image.open(execute.README_WALK)
    steps = [f for f in explore_walk().frames if f.values["eta"] == 0.5]
    assert moving.n_frames == len(steps), "python3 course.py execute writes it"
    assert execute.README_WALK.stat().st_size < 400_000


def test_ci_leaves_nothing_out():
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    switches = ["CURRENT_TRANSLATIONS=1", "CLEAN_INSTALL=1", "REQUIRE_BROWSER=1"]
    assert " ".join([*switches, "python3 course.py test\n"]) in ci
