"""What a class typed into the answer boxes: python3 course.py class FOLDER

Reads the saved notebooks in a folder, in its ZIP files, and in ZIP files in these, and says who has
done which lesson, how each question went, and which slips were made, the most frequent first. No
notebook is run. What cannot be read is named and passed over.

--names             name the learners on the page, too; the table and the CSV always do
--html FILE         write one page to project or print
--csv FILE          write every try, a line each
--language zh_CN    in Chinese
"""

import argparse
import ast
import csv
import json
import re
import sys
import time
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from importlib import import_module
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from jinja2 import Environment

from helpers import lesson_04, lesson_06
from helpers.engine.boxes import AnswerBox
from helpers.language import LOCALE, catalogue, say, use_language

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
PAGE = Path(__file__).with_name("class_page.html")
MOST_BYTES = 50_000_000  # of a notebook
MOST_OF_A_ZIP = 2_000_000_000  # of all that is taken out of one
VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
# A lesson's own question or exercise, whatever stands in its brackets; or an earlier lesson's.
CALL = re.compile(r"\blesson\.((?:ask|check)_\w+)\(|\b(lesson_\d\d\.ask_\w+\([^#\n]*\))")
LESSON = re.compile(r"\blesson_(\d\d) as lesson\b")
SCRAPS = {".ipynb_checkpoints", "__MACOSX"}
# Parts of a path that are nobody's name: of the course, of tools, of what was handed in.
NOBODY = set(
    "notebook notebooks zh cn submitted release source autograded feedback course checkpoint late "
    "from-log-to-a-minus-y copy attempt assignsubmission file onlinetext ps hw week lesson".split()
)
LANGUAGES = ["en", *sorted(path.parent.name for path in LOCALE.glob("*/course.po"))]


# ---- Files ---------------------------------------------------------------------------------------


class Found(NamedTuple):
    """A file: its path below the folder that was asked for, and how to open it, or why not to."""

    path: PurePosixPath
    open: Callable[[], Any]
    fault: Exception | None = None


class Refused(Exception):
    """Why a file is passed over."""


def in_folder(folder: Path) -> Iterator[Found]:
    for path in sorted(folder.rglob("*")):
        name = PurePosixPath(path.relative_to(folder).as_posix())
        fault = Refused("a link") if path.is_symlink() else None
        yield Found(name, partial(path.open, "rb"), fault)


def in_zip(archive: zipfile.ZipFile, name: PurePosixPath) -> Iterator[Found]:
    """Find the files in a ZIP file; nothing is written anywhere."""
    if sum(one.file_size for one in archive.infolist()) > MOST_OF_A_ZIP:
        raise Refused("more in it than a class hands in")
    for one in archive.infolist():
        path = PurePosixPath(one.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or one.filename[1:2] == ":":
            yield Found(name / path.name, partial(archive.open, one), Refused("a path outside"))
        else:
            yield Found(name / path, partial(archive.open, one))


def notebooks_in(files: Iterable[Found], depth: int = 0) -> Iterator[Found]:
    """Find the notebooks among files, and in ZIP files; and each ZIP file that cannot be read."""
    for one in files:
        if SCRAPS.intersection(one.path.parts) or one.path.suffix not in (".ipynb", ".zip"):
            continue
        if one.path.suffix == ".ipynb" or one.fault:
            yield one
            continue
        try:
            if depth > 1:
                raise Refused("a ZIP file in a ZIP file in a ZIP file")
            file = BytesIO(contents(one)) if depth else one.open()
            with file, zipfile.ZipFile(file) as archive:
                yield from notebooks_in(in_zip(archive, one.path), depth + 1)
        except Exception as error:  # a damaged ZIP file raises nearly anything
            yield one._replace(fault=error)


def contents(one: Found) -> bytes:
    """Read a file, and no more of it than a notebook has, whatever a ZIP file says of it."""
    if one.fault:
        raise one.fault
    with one.open() as stream:
        data = stream.read(MOST_BYTES)
    if len(data) >= MOST_BYTES:
        raise Refused(f"{MOST_BYTES // 1_000_000} MB or more")
    return data


# ---- Notebooks -----------------------------------------------------------------------------------


class Try(NamedTuple):
    """What was typed once into an answer box, and what it was taken for."""

    set: int
    texts: tuple[str, ...]
    state: str
    slip: int | None


class Sheet(NamedTuple):
    """What one saved notebook holds."""

    path: str
    learner: str
    lesson: str
    tries: dict[str, list[Try]]  # by the question's call
    replies: dict[str, str]  # by the exercise's function: "right", "wrong" or "none"

    @property
    def done(self) -> int:
        return sum(map(len, self.tries.values())) + Counter(self.replies.values())["right"]


def calls_in(source: str) -> list[str]:
    """The questions and exercises that a cell calls.

    >>> calls_in("lesson.ask_cost()"), calls_in("lesson_01.ask_surprise( 0.6 )  # again")
    (['ask_cost'], ['lesson_01.ask_surprise(0.6)'])
    """
    return ["".join(found).replace(" ", "") for found in CALL.findall(source)]


def sheet_of(found: Found, fallback: str) -> Sheet:
    """Read a notebook, or raise whatever is wrong with it."""
    data = contents(found)
    if not data.strip():
        raise Refused("empty")
    notebook = json.loads(data)
    sources = ["".join(cell["source"]) for cell in notebook["cells"]]
    lessons = LESSON.findall("\n".join(sources))
    if not lessons:
        raise Refused("no notebook of this course")
    states = notebook["metadata"].get("widgets", {}).get(STATE, {}).get("state", {})
    tries: dict[str, list[Try]] = {}
    replies: dict[str, str] = {}
    for cell, source in zip(notebook["cells"], sources):
        outputs = cell.get("outputs", [])
        for call in calls_in(source):
            if call.startswith("check_"):
                replies[call] = state_of("".join("".join(one.get("text", "")) for one in outputs))
                continue
            models = [one.get("data", {}).get(VIEW, {}).get("model_id") for one in outputs]
            boxes = [states.get(model, {}).get("state", {}).get("kept", {}) for model in models]
            tries[call] = max([tries.get(call, []), *map(tries_of, boxes)], key=len)
    return Sheet(str(found.path), learner_of(found.path, fallback), lessons[0], tries, replies)


def tries_of(kept: dict) -> list[Try]:
    """Read the tries that a box keeps, as helpers/engine/boxes.py says, or raise what is wrong."""
    found = []
    for one in kept.get("tries", [])[:50]:
        texts = tuple(str(text)[:40] for text in one["texts"])
        slip = None if one["slip"] is None else int(one["slip"])
        found.append(Try(int(one["set"]), texts, str(one["state"]), slip))
    return found


def state_of(printed: str) -> str:
    """What an exercise's last reply says: "right", "wrong" for not yet, or "none"."""
    right = beginnings("Right: {name} agrees at all {count} inputs.")
    wrong = beginnings("Not yet: {call} gave {saw}.")
    replies = [line for line in printed.splitlines() if line.startswith(right + wrong)]
    if not replies:
        return "none"
    return "right" if replies[-1].startswith(right) else "wrong"


@cache
def beginnings(reply: str) -> tuple[str, ...]:
    """What stands before the first field of a reply, in every language."""
    spoken = [{}, *map(catalogue, LANGUAGES[1:])]
    return tuple(words.get(reply, reply).partition("{")[0] for words in spoken)


def learner_of(path: PurePosixPath, fallback: str) -> str:
    """Whose notebook it is: by its file's name, or else by the outermost folder that is a name, or
    else by its ZIP file.

    >>> [learner_of(PurePosixPath(path), "") for path in (
    ...     "anna_04_mini_batch.ipynb", "week 2/submitted/ben/ps1/04_mini_batch.ipynb",
    ...     "Carla Cruz_123_assignsubmission_file_/04_mini_batch.ipynb",
    ...     "dan/from-log-to-a-minus-y/notebooks/zh_CN/04_mini_batch (1).ipynb",
    ...     "platform.zip/eve.zip/04_mini_batch.ipynb")]
    ['anna', 'ben', 'Carla Cruz', 'dan', 'eve']
    """
    own = path.stem
    for lesson in NOTEBOOKS.glob("*.ipynb"):
        own = own.replace(lesson.stem, " ")
    folders = list(path.parts[:-1])
    if "submitted" in folders:
        folders = folders[folders.index("submitted") + 1 :]
    packed = [part.removesuffix(".zip") for part in reversed(folders) if part.endswith(".zip")]
    for part in (own, *(part for part in folders if not part.endswith(".zip")), *packed):
        words = [word.strip() for word in re.split(r"[_()]+|-\d+", part)]
        names = [word for word in words if word.lower().strip(" -.0123456789") not in NOBODY | {""}]
        if names:
            return " ".join(names)
    return fallback


def read_class(folder: Path) -> tuple[list[Sheet], dict[str, str]]:
    """Read all notebooks; of each learner's lesson the one in which most is done."""
    best: dict[tuple[str, str], Sheet] = {}
    refused: dict[str, str] = {}
    count = sum(1 for _ in notebooks_in(in_folder(folder)))
    started = time.monotonic()
    for number, one in enumerate(notebooks_in(in_folder(folder)), 1):
        if sys.stderr.isatty() and time.monotonic() - started > 1:
            bar = ("█" * (20 * number // count)).ljust(20, "░")
            print(f"\r{bar} {number}/{count}", end="\n" * (number == count), file=sys.stderr)
        try:
            sheet = sheet_of(one, folder.resolve().name)
        except Exception as error:  # whatever is wrong with one file, the others are read
            kind = "" if isinstance(error, Refused) else f"damaged: {type(error).__name__}: "
            refused[str(one.path)] = f"{kind}{error}"
            continue
        key = sheet.learner, sheet.lesson
        if key in best:
            less, sheet = sorted([best[key], sheet], key=lambda sheet: sheet.done)
            refused[less.path] = f"no more in it than in {sheet.path}"
        best[key] = sheet
    return list(best.values()), refused


# ---- Questions -----------------------------------------------------------------------------------


def boxes_of(lesson: str) -> dict[str, AnswerBox]:
    """Make a lesson's answer boxes in the present language, by what its notebook calls."""
    found = {}
    for path in NOTEBOOKS.glob(f"{lesson}_*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        for call in calls_in("\n".join("".join(cell["source"]) for cell in cells)):
            if not call.startswith("check_"):
                whole = call if "." in call else f"lesson_{lesson}.{call}()"
                module, ask, numbers = re.split(r"[.(]", whole, maxsplit=2)
                given = ast.literal_eval(f"[{numbers[:-1]}]")  # of a notebook nothing is run
                found[call] = getattr(import_module(f"helpers.{module}"), ask)(*given)
    return found


def asked_in_teaching(language: str) -> dict[str, str]:
    """What TEACHING.md asks those who made a slip, by the sentence in which a box names it.

    Its tables have the numbers of the course's own batch and step.
    """
    suffix = "" if language == "en" else f".{language}"
    text = (ROOT / f"TEACHING{suffix}.md").read_text(encoding="utf-8").replace("−", "-")
    rows = re.findall(r"^\| \[?(-?\d[-\d., ]*)\]? \|[^|\n]*\| ([^|\n]+) \|$", text, re.MULTILINE)
    asked = {tuple(map(float, numbers.split(","))): ask for numbers, ask in rows}
    boxes = [
        lesson_04.ask_cost((0.9, 0.6, 0.2), (1, 1, 0)),
        lesson_06.ask_gradient_for_w((2, 1), 0.3, 1),
    ]
    slips = [slip for box in boxes for slip in box.first["slips"]]
    return {slip: asked[tuple(numbers)] for numbers, slip in slips if tuple(numbers) in asked}


class Result(NamedTuple):
    """How one question went in a class."""

    call: str
    asked: str
    told: str
    ways: Counter  # how often it was "once" right, in the "end", "wrong", or "untouched"
    slips: list[tuple[str, int, str]]  # the box's words, how often, and what to ask the class


def result_of(call: str, box: AnswerBox, sheets: list[Sheet], teaching: dict[str, str]) -> Result:
    """Count who was right, and group what was typed by what the box said of it."""
    ways = Counter(once=0, end=0, wrong=0, untouched=0)
    typed: dict[tuple, Counter] = defaultdict(Counter)
    for tries in (sheet.tries.get(call, []) for sheet in sheets):
        ways[way_of(tries)] += 1
        for one in tries:
            if one.state != "right":
                typed[slip_of(one, box, teaching)][", ".join(one.texts)] += 1
    slips = []
    for (phrase, board), texts in typed.items():
        often = texts.most_common(1 if board else 5)  # a slip is one number, however written
        sentence = phrase.replace("{typed}", " · ".join(text for text, _ in often))
        slips.append((sentence, texts.total(), board))
    asked = box.title
    if call.startswith("lesson_"):
        asked = say("Recalled from lesson {lesson}: {question}", lesson=call[7:9], question=asked)
    told = say(
        "right at once {once} · right in the end {end} · not right {wrong} · untouched {untouched}",
        **ways,
    )
    return Result(call, asked, told, ways, sorted(slips, key=lambda slip: -slip[1])[:8])


def way_of(tries: list[Try]) -> str:
    states = [one.state for one in tries if one.set == 0 and one.state != "not attempted"]
    if not states:
        return "untouched"
    if "right" not in states:
        return "wrong"
    return "once" if states[0] == "right" else "end"


def slip_of(one: Try, box: AnswerBox, teaching: dict[str, str]) -> tuple[str, str]:
    """What is said of a try that was not right, with {typed} in it; and what to ask the class."""
    if one.state == "not attempted":
        return say("no number: {typed}", typed="{typed}"), ""
    asked = box.sets[one.set] if one.set in range(len(box.sets)) else {"slips": []}
    if one.slip not in range(len(asked["slips"])):
        return say("no known slip: {typed}", typed="{typed}"), ""
    phrase = asked["slips"][one.slip][1]
    return phrase, teaching.get(phrase, asked["hints"][0])


def exercises(sheets: list[Sheet]) -> list[str]:
    """Say how many have done each exercise."""
    found: dict[str, Counter] = defaultdict(lambda: Counter(right=0, wrong=0, none=0))
    for sheet in sheets:
        for call, state in sheet.replies.items():
            found[call.removeprefix("check_")][state] += 1
    return [
        say(
            "Exercise {name}: right {right} · not yet {wrong} · not attempted {none}",
            name=name,
            **counts,
        )
        for name, counts in sorted(found.items())
    ]


# ---- The report ----------------------------------------------------------------------------------


class Report(NamedTuple):
    """All that is said of a class."""

    language: str
    sheets: list[Sheet]
    refused: dict[str, str]
    table: list[list[str]]
    results: dict[str, list[Result]]  # by lesson
    exercises: dict[str, list[str]]  # by lesson, a line each

    @property
    def counted(self) -> str:
        counts = {"files": len(self.sheets), "learners": len(self.table) - 1}
        return say("{files} notebooks of {learners} learners", **counts)


def report_on(folder: Path, language: str) -> Report:
    """Read a folder and work out what is said of it, in this language."""
    use_language(language)
    teaching = asked_in_teaching(language)
    sheets, refused = read_class(folder)
    results, replies = {}, {}
    for lesson in sorted({sheet.lesson for sheet in sheets}):
        some, boxes = [sheet for sheet in sheets if sheet.lesson == lesson], boxes_of(lesson)
        results[lesson] = [result_of(call, box, some, teaching) for call, box in boxes.items()]
        replies[lesson] = exercises(some)
    return Report(language, sheets, refused, table_of(sheets, results), results, replies)


def table_of(sheets: list[Sheet], results: dict[str, list[Result]]) -> list[list[str]]:
    """A learner a row: the name, and how many of each lesson's questions were right: "3/4"."""
    done = {}
    for sheet in sheets:
        tried = [sheet.tries.get(result.call, []) for result in results[sheet.lesson]]
        right = sum(any(one.state == "right" for one in tries) for tries in tried)
        done[sheet.learner, sheet.lesson] = f"{right}/{len(tried)}"
    rows = [[say("learner"), *results]]
    for learner in sorted({sheet.learner for sheet in sheets}):
        rows.append([visible(learner), *(done.get((learner, one), "") for one in results)])
    return rows


def visible(text: str) -> str:
    """A text without control characters, which a terminal might obey."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def as_text(report: Report) -> Iterator[str]:
    """The report for a terminal, line by line; names stand last, for they differ in width."""
    yield report.counted
    for name, *done in report.table:
        yield "".join(f"{one:7}" for one in done) + name
    for lesson, results in report.results.items():
        yield "\n" + say("Lesson {lesson}", lesson=lesson)
        for result in results:
            yield f"  {result.asked}"
            yield f"    {result.told}"
            for sentence, count, board in result.slips:
                yield f"    {count:4} × {visible(sentence)}"
                if board:
                    yield f"           {say('For the board: {question}', question=board)}"
        yield from (f"  {line}" for line in report.exercises[lesson])
    if report.refused:
        yield "\n" + say("Passed over")
    for path, why in report.refused.items():
        yield f"  {visible(path)}: {visible(why)}"


def as_html(report: Report, names: bool) -> str:
    """One page that needs nothing else; without the learners' names, unless they are asked for."""
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["visible"] = visible
    page = environment.from_string(PAGE.read_text(encoding="utf-8"))
    return page.render(report=report, names=names, say=say)


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    text = visible(text)
    return f"'{text}" if re.match(r"\s*[-=+@|%－＝＋＠｜％]", text) else text


def write_csv(report: Report, path: Path) -> None:
    """Write every try, a line each."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["learner", "lesson", "question", "set", "try", "typed", "state", "slip"])
        for sheet in sorted(report.sheets):
            for call, tries in sheet.tries.items():
                for number, one in enumerate(tries, 1):
                    what = ", ".join(one.texts), one.state, "" if one.slip is None else one.slip
                    row = sheet.learner, sheet.lesson, call, one.set, number, *what
                    writer.writerow(harmless(str(cell)) for cell in row)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="course.py class",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--names", action="store_true")
    parser.add_argument("--html", type=Path)
    parser.add_argument("--csv", type=Path)
    parser.add_argument("--language", choices=LANGUAGES, default="en")
    asked = parser.parse_args(arguments)
    if not asked.folder.is_dir():
        parser.error(f"{asked.folder} is no folder")
    report = report_on(asked.folder, asked.language)
    if not report.sheets:
        print(say("No notebook of the course was found in {folder}.", folder=asked.folder))
    for line in as_text(report):
        print(line)
    if asked.html:
        asked.html.write_text(as_html(report, asked.names), encoding="utf-8")
    if asked.csv:
        write_csv(report, asked.csv)
    return 0 if report.sheets else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
