"""What a class typed into the answer boxes: python3 course.py class FOLDER

Reads the saved notebooks in a folder and its ZIP files, however deep, and says who has done which
lesson, how each question went, and which slips were made, the most frequent first. No notebook is
run. What cannot be read is named and passed over.

--names             name the learners on the page, too; the table and the CSV always do
--html FILE         write one page to project or print
--csv FILE          write every try, a line each
--language zh_CN    in Chinese
"""

import argparse
import ast
import csv
import hashlib
import importlib
import json
import re
import sys
import time
import unicodedata
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from jinja2 import Environment

from helpers.language import LOCALE, catalogue, say, use_language

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = ROOT / "notebooks"
PAGE = Path(__file__).with_name("class_page.html")
MOST_BYTES = 50_000_000  # of a notebook
MOST_OF_A_ZIP = 2_000_000_000  # of all that is taken out of one
MOST_IN_A_ZIP = 20_000  # files
VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
# A lesson's own question or exercise, whatever stands in its brackets; or an earlier lesson's.
CALL = re.compile(
    r"\blesson\.((?:ask|check)_\w+)\(|\b(lesson_\d\d\.ask_\w+\([^#\n]*\))", re.MULTILINE
)
LESSON = re.compile(r"\blesson_(\d\d) as lesson\b")
# Parts of a path that are nobody's name: of the course, of tools, of what was handed in.
NOBODY = re.compile(
    r"(notebooks?|zh_CN|submitted|release|source|autograded|feedback|course|from-log-to-a-minus-y"
    r"|checkpoint|late|copy|attempt|assignsubmission|file|onlinetext|(ps|hw|week|lesson)\W*\d*|[\W\d_]*)",
    re.IGNORECASE,
)
LANGUAGES = ["en", *sorted(path.parent.name for path in LOCALE.glob("*/course.po"))]


# ---- Files ---------------------------------------------------------------------------------------


class Found(NamedTuple):
    """A file: its path below the folder that was asked for, and how to open it."""

    path: PurePosixPath
    when: float
    open: Callable[[], Any]


class Refused(Exception):
    """Why a file is passed over."""


def refuse(why: str) -> None:
    raise Refused(why)


def in_folder(folder: Path) -> Iterator[Found]:
    for path in sorted(folder.rglob("*")):
        name = PurePosixPath(path.relative_to(folder).as_posix())
        link = partial(refuse, "a link") if path.is_symlink() else None
        yield Found(name, path.lstat().st_mtime, link or partial(path.open, "rb"))


def in_zip(archive: zipfile.ZipFile, name: PurePosixPath) -> Iterator[Found]:
    """Find the files in a ZIP file; nothing is written anywhere."""
    members = archive.infolist()
    if len(members) > MOST_IN_A_ZIP or sum(one.file_size for one in members) > MOST_OF_A_ZIP:
        raise Refused("more in it than a class hands in")
    for one in members:
        path, when = PurePosixPath(one.filename.replace("\\", "/")), 0.0
        if one.date_time[1]:
            when = time.mktime((*one.date_time, 0, 0, -1))
        if path.is_absolute() or ".." in path.parts or ":" in "".join(path.parts[:1]):
            yield Found(name / path.name, when, partial(refuse, "a path outside"))
        else:
            yield Found(name / path, when, partial(archive.open, one))


def notebooks_in(
    files: Iterable[Found], refused: dict[str, str], depth: int = 0
) -> Iterator[Found]:
    """Find the notebooks among files, and in ZIP files; say in `refused` what is left out."""
    for one in files:
        if {".ipynb_checkpoints", "__MACOSX"}.intersection(one.path.parts):
            continue
        if one.path.suffix == ".ipynb":
            yield one
        if one.path.suffix != ".zip":
            continue
        try:
            if depth > 1:
                raise Refused("a ZIP file in a ZIP file in a ZIP file")
            file = BytesIO(contents(one)) if depth else one.open()
            with file, zipfile.ZipFile(file) as archive:
                yield from notebooks_in(in_zip(archive, one.path), refused, depth + 1)
        except Exception as error:  # a damaged ZIP file raises nearly anything
            refused[str(one.path)] = reason(error)


def contents(one: Found) -> bytes:
    """Read a file, and no more of it than a notebook has, whatever a ZIP file says of it."""
    with one.open() as stream:
        data = stream.read(MOST_BYTES)
    if len(data) >= MOST_BYTES:
        raise Refused(f"{MOST_BYTES // 1_000_000} MB or more")
    return data


def reason(error: Exception) -> str:
    return str(error) if isinstance(error, Refused) else f"damaged: {type(error).__name__}: {error}"


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
    when: float
    tries: dict[str, list[Try]]  # by the question's call
    replies: dict[str, str]  # by the exercise's function: its last reply


def calls_in(source: str) -> list[str]:
    """The questions and exercises that a cell calls.

    >>> calls_in("lesson.ask_cost()"), calls_in("lesson_01.ask_surprise( 0.6 )  # again")
    (['ask_cost'], ['lesson_01.ask_surprise(0.6)'])
    """
    return ["".join(found).replace(" ", "") for found in CALL.findall(source)]


def sheet_of(found: Found, data: bytes, fallback: str) -> Sheet:
    """Read a notebook, or raise whatever is wrong with it."""
    if not data.strip():
        raise Refused("empty")
    notebook = json.loads(data)
    states = within(notebook, "metadata", "widgets", STATE, "state")
    cells = within(notebook, "cells") or []
    sources = [joined(cell.get("source")) for cell in cells]
    lessons = LESSON.findall("\n".join(sources))
    if not lessons:
        raise Refused("no notebook of this course")
    tries: dict[str, list[Try]] = {}
    replies: dict[str, str] = {}
    for cell, source in zip(cells, sources):
        outputs = cell.get("outputs", [])
        for call in calls_in(source):
            if call.startswith("check_"):
                replies[call] = "".join(joined(one.get("text")) for one in outputs)
                continue
            models = [within(one, "data", VIEW, "model_id") for one in outputs]
            read = [tries_of(within(states, model, "state", "kept", "tries")) for model in models]
            tries[call] = max([tries.get(call, []), *read], key=len)
    learner = learner_of(found.path, fallback)
    return Sheet(str(found.path), learner, lessons[0], found.when, tries, replies)


def tries_of(kept: Any) -> list[Try]:
    """Read the tries that a box keeps, as helpers/engine/boxes.py says; others are left out."""
    found = []
    for one in kept[:50] if isinstance(kept, list) else []:
        match one:
            case {
                "set": int(number),
                "texts": [*texts],
                "state": "right" | "not yet" | "not attempted" as state,
                **rest,
            }:
                texts = [text[:40] for text in texts if isinstance(text, str)]
                slip = rest.get("slip")
                found.append(
                    Try(number, tuple(texts), state, slip if isinstance(slip, int) else None)
                )
    return found


def within(value: Any, *keys: Any) -> Any:
    """What is found by these keys, one below the other, or None."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def joined(value: Any) -> str:
    """The text of a cell or an output, which a file may hold line by line."""
    if isinstance(value, list):
        return "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""


def learner_of(path: PurePosixPath, fallback: str) -> str:
    """Whose notebook it is: by its file's name, or else by the outermost folder that is a name, or
    else by its ZIP file.

    >>> [learner_of(PurePosixPath(path), "") for path in (
    ...     "anna_04_mini_batch.ipynb", "submitted/ben/ps1/04_mini_batch.ipynb",
    ...     "Carla Cruz_123_assignsubmission_file_/04_mini_batch.ipynb",
    ...     "dan/from-log-to-a-minus-y/notebooks/zh_CN/04_mini_batch (1).ipynb")]
    ['anna', 'ben', 'Carla Cruz', 'dan']
    """
    own = path.stem
    for lesson in NOTEBOOKS.glob("*.ipynb"):
        own = own.replace(lesson.stem, " ")
    folders = list(path.parts[:-1])
    if "submitted" in folders:
        folders = folders[folders.index("submitted") + 1 :]
    packed = [part.removesuffix(".zip") for part in reversed(folders) if part.endswith(".zip")]
    for part in (own, *(part for part in folders if not part.endswith(".zip")), *packed):
        words = [
            word for word in re.split(r"[_()]+|-\d+", part) if not NOBODY.fullmatch(word.strip())
        ]
        if words:
            return " ".join(word.strip() for word in words)
    return fallback


def read_class(folder: Path) -> tuple[list[Sheet], dict[str, str]]:
    """Read all notebooks; of each learner's lesson the one with most tries, the newest of these."""
    refused: dict[str, str] = {}
    seen: dict[tuple, str] = {}
    versions: dict[tuple, list[Sheet]] = defaultdict(list)
    count = sum(1 for _ in notebooks_in(in_folder(folder), {}))
    started = time.monotonic()
    for number, one in enumerate(notebooks_in(in_folder(folder), refused), 1):
        try:
            data = contents(one)
            sheet = sheet_of(one, data, folder.resolve().name)
        except Exception as error:  # whatever is wrong with one file, the others are read
            refused[str(one.path)] = reason(error)
            continue
        key = sheet.learner, sheet.lesson
        first = seen.setdefault((*key, hashlib.sha256(data).digest()), sheet.path)
        if first == sheet.path:
            versions[key].append(sheet)
        else:
            refused[sheet.path] = f"the same as {first}"
        if sys.stderr.isatty() and time.monotonic() - started > 1:
            ended = "\n" if number == count else ""
            print(f"\r{bar(number / count)} {number}/{count}", end=ended, file=sys.stderr)
    best = [max(sheets, key=weight) for sheets in versions.values()]
    for chosen in best:
        for other in versions[chosen.learner, chosen.lesson]:
            if other is not chosen:
                refused[other.path] = f"less than {chosen.path}"
    return best, refused


def weight(sheet: Sheet) -> tuple[int, float]:
    return sum(map(len, sheet.tries.values())), sheet.when


def bar(share: float, width: int = 20) -> str:
    full = round(share * width)
    return "█" * full + "░" * (width - full)


# ---- Questions -----------------------------------------------------------------------------------


class Question(NamedTuple):
    """A question, as its own function makes it with the numbers that its notebook calls it with."""

    call: str
    recalled: str  # the earlier lesson that it is of, or ""
    sets: list[dict]
    boards: list[str]  # what to ask the class, slip by slip of the first set


def questions(language_code: str) -> dict[str, list[Question]]:
    """Make every question of the course in this language, by lesson, in its notebook's order."""
    teaching = asked_in_teaching(language_code)
    found = defaultdict(list)
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        calls = [call for cell in cells for call in calls_in(joined(cell["source"]))]
        for call in calls:
            if call.startswith("check_"):
                continue
            use_language("en")
            english = [slip for _, slip in sets_of(call, path.stem[:2])[0]["slips"]]
            use_language(language_code)
            sets = sets_of(call, path.stem[:2])
            boards = [teaching.get(slip, sets[0]["hints"][0]) for slip in english]
            earlier = call[7:9] if call.startswith("lesson_") else ""
            found[path.stem[:2]].append(Question(call, earlier, sets, boards))
    return found


def sets_of(call: str, lesson: str) -> list[dict]:
    """The sets of numbers of the box that a notebook's call makes."""
    if not call.startswith("lesson_"):
        call = f"lesson_{lesson}.{call}()"
    module, ask, numbers = re.split(r"[.(]", call, maxsplit=2)
    given = ast.literal_eval(f"({numbers[:-1]},)") if numbers != ")" else ()
    return getattr(importlib.import_module(f"helpers.{module}"), ask)(*given).sets


def asked_in_teaching(language_code: str) -> dict[str, str]:
    """What TEACHING.md asks those who made a slip, by the English sentence that names it.

    Its tables have the numbers of the course's own batch and step.
    """
    use_language("en")
    known = sets_of("lesson_04.ask_cost((0.9, 0.6, 0.2), (1, 1, 0))", "04")[0]["slips"]
    known += sets_of("lesson_06.ask_gradient_for_w((2, 1), 0.3, 1)", "06")[0]["slips"]
    suffix = "" if language_code == "en" else f".{language_code}"
    text = (ROOT / f"TEACHING{suffix}.md").read_text(encoding="utf-8").replace("−", "-")
    rows = re.findall(r"^\| *\[?([-\d., ]+)\]? *\|[^|\n]*\|([^|\n]+)\|$", text, re.MULTILINE)
    asked = {
        tuple(map(float, re.findall(r"-?\d+\.\d+", values))): ask.strip() for values, ask in rows
    }
    return {slip: asked[tuple(values)] for values, slip in known if tuple(values) in asked}


class Result(NamedTuple):
    """How one question went in a class."""

    question: Question
    ways: Counter  # how often it was "once" right, in the "end", "wrong", or "untouched"
    slips: list[tuple[str, int, str]]  # the box's words, how often, and what to ask the class

    @property
    def asked(self) -> str:
        title, lesson = self.question.sets[0]["question"], self.question.recalled
        if not lesson:
            return title
        return say("Recalled from lesson {lesson}: {question}", lesson=lesson, question=title)

    @property
    def told(self) -> str:
        return say(
            "right at once {once} · right in the end {end} · not right {wrong} · "
            "untouched {untouched}",
            **self.ways,
        )


def result_of(question: Question, sheets: list[Sheet]) -> Result:
    """Count who was right, and group what was typed by the slip that the box named."""
    ways = Counter(once=0, end=0, wrong=0, untouched=0)
    typed: dict[Any, Counter] = defaultdict(Counter)
    for sheet in sheets:
        tries = sheet.tries.get(question.call, [])
        ways[way_of(tries)] += 1
        for one in tries:
            if one.state != "right":
                typed[group_of(one, question)][", ".join(one.texts)] += 1
    groups = sorted(typed.items(), key=lambda pair: -pair[1].total())
    return Result(question, ways, [told(group, texts, question) for group, texts in groups])


def way_of(tries: list[Try]) -> str:
    states = [one.state for one in tries if one.set == 0 and one.state != "not attempted"]
    if not states:
        return "untouched"
    if "right" not in states:
        return "wrong"
    return "once" if states[0] == "right" else "end"


def group_of(one: Try, question: Question) -> int | str:
    """The number of the slip that was named; or that none was, or that it was no number."""
    if one.state == "not attempted":
        return "unread"
    slips = question.sets[one.set]["slips"] if 0 <= one.set < len(question.sets) else []
    return one.slip if one.slip in range(len(slips)) else "unknown"


def told(group: int | str, texts: Counter, question: Question) -> tuple[str, int, str]:
    """What a group is called, how often it came, and the question for the board."""
    often = [text for text, _ in texts.most_common(5)]
    if group == "unread":
        return say("no number: {typed}", typed=" · ".join(often)), texts.total(), ""
    if group == "unknown":
        return say("no known slip: {typed}", typed=" · ".join(often)), texts.total(), ""
    _, slip = question.sets[0]["slips"][group]
    return slip.replace("{typed}", often[0]), texts.total(), question.boards[group]


def exercises(sheets: list[Sheet]) -> dict[str, Counter]:
    """How often each exercise's last reply began so; the states as they are worded now."""
    beginnings = {
        "Not attempted yet: let {name} return your result.": "none",
        "Not yet: {call} gave {saw}.": "not yet",
        "Right: {name} agrees at all {count} inputs.": "right",
    }
    said = [{}, *map(catalogue, LANGUAGES[1:])]
    states = {
        re.split("[:：]", words.get(sentence, sentence))[0]: state
        for words in said
        for sentence, state in beginnings.items()
    }
    found: dict[str, Counter] = {}
    for call, reply in sorted(pair for sheet in sheets for pair in sheet.replies.items()):
        counts = found.setdefault(call, Counter())
        counts[states.get(re.split("[:：]", reply)[0], "none")] += 1
    return found


# ---- The report ----------------------------------------------------------------------------------


class Report(NamedTuple):
    """All that is said of a class."""

    language: str
    sheets: list[Sheet]
    refused: dict[str, str]
    results: dict[str, list[Result]]  # by lesson
    exercises: dict[str, dict[str, Counter]]  # by lesson and function

    @property
    def learners(self) -> list[str]:
        return sorted({sheet.learner for sheet in self.sheets})

    @property
    def counted(self) -> str:
        counts = {"files": len(self.sheets), "learners": len(self.learners)}
        return say("{files} notebooks of {learners} learners", **counts)

    def table(self) -> Iterator[list[str]]:
        """A learner a row: the name, and how many of each lesson's questions were right: "3/4"."""
        done = {}
        for sheet in self.sheets:
            calls = [result.question.call for result in self.results[sheet.lesson]]
            states = [{one.state for one in sheet.tries.get(call, [])} for call in calls]
            right = sum("right" in one for one in states)
            done[sheet.learner, sheet.lesson] = f"{right}/{len(calls)}"
        yield [say("learner"), *self.results]
        for learner in self.learners:
            yield [visible(learner), *(done.get((learner, one), "") for one in self.results)]

    def practised(self, lesson: str) -> Iterator[str]:
        """A line an exercise."""
        for call, states in self.exercises[lesson].items():
            yield say(
                "Exercise {name}: right {right} · not yet {wrong} · not attempted {none}",
                name=call.removeprefix("check_"),
                right=states["right"],
                wrong=states["not yet"],
                none=states["none"],
            )


def report_on(folder: Path, language: str) -> Report:
    """Read a folder and work out what is said of it, in this language."""
    asked = questions(language)
    sheets, refused = read_class(folder)
    results, replies = {}, {}
    for lesson in sorted({sheet.lesson for sheet in sheets}):
        some = [sheet for sheet in sheets if sheet.lesson == lesson]
        results[lesson] = [result_of(question, some) for question in asked[lesson]]
        replies[lesson] = exercises(some)
    return Report(language, sheets, refused, results, replies)


def padded(text: str, width: int) -> str:
    """A text with room behind it; Chinese characters are two wide."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return text + " " * max(width - len(text) - wide, 0)


def visible(text: str) -> str:
    """A text without control characters, which a terminal might obey."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def as_text(report: Report) -> Iterator[str]:
    """The report for a terminal, line by line."""
    yield report.counted
    for name, *done in report.table():
        yield "  ".join([padded(name[:24], 24), *(padded(one, 5) for one in done)])
    for lesson, results in report.results.items():
        yield "\n" + say("Lesson {lesson}", lesson=lesson)
        for result in results:
            yield f"  {result.asked}"
            yield f"    {result.told}"
            for sentence, count, board in result.slips[:8]:
                yield f"    {count:4} × {visible(sentence)}"
                if board:
                    yield f"           {say('For the board: {question}', question=board)}"
        yield from (f"  {line}" for line in report.practised(lesson))
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
    start = unicodedata.normalize("NFKC", text.lstrip())[:1]
    return f"'{text}" if start in ("=", "+", "-", "@", "|", "%") else text


def write_csv(report: Report, path: Path) -> None:
    """Write every try, a line each."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["learner", "lesson", "question", "set", "try", "typed", "state", "slip"])
        for sheet in sorted(report.sheets):
            for call, tries in sheet.tries.items():
                for number, one in enumerate(tries, 1):
                    typed = harmless(", ".join(one.texts))
                    slip = "" if one.slip is None else one.slip
                    row = [harmless(sheet.learner), sheet.lesson, call, one.set, number]
                    writer.writerow([*row, typed, one.state, slip])


def main(arguments: list[str]) -> int:
    description = __doc__ or ""
    parser = argparse.ArgumentParser(
        prog="course.py class",
        description=description,
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
