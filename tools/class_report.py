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
import csv
import hashlib
import json
import re
import sys
import time
import unicodedata
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from html import escape
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
MOST_BYTES = 50_000_000  # of a notebook
MOST_OF_A_ZIP = 2_000_000_000  # of all that is taken out of one
MOST_IN_A_ZIP = 20_000  # files
VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
CALL = re.compile(r"\blesson\.((?:ask|check)_\w+)\(")
LESSON = re.compile(r"\blesson_(\d\d)\b")
# Parts of a path that are nobody's name: of the course, of tools, of what was handed in.
NOBODY = re.compile(
    r"(notebooks?|zh_CN|submitted|release|source|autograded|feedback|course|from-log-to-a-minus-y"
    r"|checkpoint|late|copy|attempt|assignsubmission|file|onlinetext|(ps|hw|week|lesson)\W*\d*|[\W\d_]*)",
    re.IGNORECASE,
)
WORDS = {
    "en": {
        "title": "The class",
        "files": "{files} notebooks of {learners} learners",
        "passed": "Passed over",
        "learner": "learner",
        "once": "right at once",
        "end": "right in the end",
        "wrong": "not right",
        "untouched": "untouched",
        "board": "For the board:",
        "unknown": "no known slip",
        "unread": "no number",
        "exercise": "Exercise",
        "right": "right",
        "not yet": "not yet",
        "not attempted": "not attempted",
        "nothing": "No notebook of the course was found in {folder}.",
        "lesson": "Lesson {lesson}",
    },
    "zh_CN": {
        "title": "全班情况",
        "files": "{learners} 名学生的 {files} 个笔记本",
        "passed": "没有读的文件",
        "learner": "学生",
        "once": "一次就对",
        "end": "后来对了",
        "wrong": "没有做对",
        "untouched": "没有作答",
        "board": "课堂上可以问：",
        "unknown": "不是已知的失误",
        "unread": "不是数",
        "exercise": "练习",
        "right": "对了",
        "not yet": "还不对",
        "not attempted": "没有作答",
        "nothing": "在 {folder} 里没有找到这门课的笔记本。",
        "lesson": "第 {lesson} 课",
    },
}


# ---- Files ---------------------------------------------------------------------------------------


class Found(NamedTuple):
    """A notebook's file: its path below the folder that was asked for, and how to read it."""

    path: PurePosixPath
    when: float
    read: Callable[[], bytes]


class Refused(Exception):
    """Why a file is passed over."""


def files_in(folder: Path, refused: dict[str, str]) -> Iterator[Found]:
    """Find the notebooks in a folder and its ZIP files; say in `refused` what is left out."""
    for path in sorted(folder.rglob("*")):
        name = PurePosixPath(path.relative_to(folder).as_posix())
        if ".ipynb_checkpoints" in name.parts or "__MACOSX" in name.parts:
            continue
        if path.suffix not in (".ipynb", ".zip"):
            continue
        if path.is_symlink():
            refused[str(name)] = "a link"
        elif not path.is_file():
            refused[str(name)] = "no file"
        elif path.suffix == ".zip":
            yield from files_in_zip(path.open("rb"), name, refused)
        elif path.stat().st_size >= MOST_BYTES:
            refused[str(name)] = f"{path.stat().st_size // 1_000_000} MB"
        else:
            yield Found(name, path.stat().st_mtime, path.read_bytes)


def files_in_zip(
    file: Any, name: PurePosixPath, refused: dict[str, str], depth: int = 0
) -> Iterator[Found]:
    """Find the notebooks in a ZIP file, and in those within it; nothing is written anywhere."""
    try:
        archive = zipfile.ZipFile(file)
        members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        refused[str(name)] = f"no ZIP file: {error}"
        return
    if len(members) > MOST_IN_A_ZIP or sum(one.file_size for one in members) > MOST_OF_A_ZIP:
        refused[str(name)] = "more in it than a class hands in"
        return
    for one in members:
        path = PurePosixPath(one.filename.replace("\\", "/"))
        if "__MACOSX" in path.parts or path.suffix not in (".ipynb", ".zip") or one.is_dir():
            continue
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
            refused[str(name / path.name)] = "a path outside"
        elif one.flag_bits & 1:
            refused[str(name / path)] = "encrypted"
        elif one.file_size >= MOST_BYTES:
            refused[str(name / path)] = f"{one.file_size // 1_000_000} MB"
        elif path.suffix == ".ipynb":
            when = time.mktime((*one.date_time, 0, 0, -1)) if one.date_time[1] else 0
            yield Found(name / path, when, lambda one=one: taken_out(archive, one))
        elif depth:
            refused[str(name / path)] = "a ZIP file in a ZIP file in a ZIP file"
        else:
            try:
                within = BytesIO(taken_out(archive, one))
            except Refused as error:
                refused[str(name / path)] = str(error)
                continue
            yield from files_in_zip(within, name / path, refused, depth + 1)


def taken_out(archive: zipfile.ZipFile, one: zipfile.ZipInfo) -> bytes:
    """Read one file of a ZIP file, and no more of it than a notebook has."""
    try:
        with archive.open(one) as stream:
            data = stream.read(MOST_BYTES)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise Refused(f"damaged: {error}") from error
    except Exception as error:  # zlib.error and its like, which have no common name
        raise Refused(f"damaged: {type(error).__name__}") from error
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
    when: float
    tries: dict[str, list[Try]]  # by the question's function
    replies: dict[str, str]  # by the exercise's function: its last reply


def sheet_of(found: Found, data: bytes, fallback: str) -> Sheet:
    """Read a notebook; raises Refused where it is none of the course, or no notebook."""
    if not data.strip():
        raise Refused("empty")
    try:
        notebook = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Refused(f"damaged: {type(error).__name__}") from error
    cells = [one for one in listed(mapped(notebook).get("cells")) if isinstance(one, dict)]
    sources = [joined(cell.get("source")) for cell in cells]
    lessons = [found for source in sources for found in LESSON.findall(source)]
    if not lessons:
        raise Refused("no notebook of this course")
    states = mapped(notebook)
    for key in ("metadata", "widgets", STATE, "state"):
        states = mapped(states.get(key))
    tries: dict[str, list[Try]] = {}
    replies: dict[str, str] = {}
    for cell, source in zip(cells, sources):
        for call in CALL.findall(source):
            outputs = [mapped(one) for one in listed(cell.get("outputs"))]
            if call.startswith("check_"):
                replies[call] = "".join(joined(one.get("text")) for one in outputs)
                continue
            seen = [mapped(mapped(one.get("data")).get(VIEW)).get("model_id") for one in outputs]
            models = [mapped(states.get(one)) for one in seen if isinstance(one, str)]
            kept = [mapped(mapped(model.get("state")).get("kept")) for model in models]
            read = [tries_of(one) for one in kept]
            tries[call] = max([tries.get(call, []), *read], key=len)
    learner = learner_of(found.path, fallback)
    return Sheet(str(found.path), learner, lessons[0], found.when, tries, replies)


def tries_of(kept: dict) -> list[Try]:
    """Read the tries that a box keeps, as helpers/engine/boxes.py says; others are left out."""
    found = []
    for one in map(mapped, listed(kept.get("tries"))[:50]):
        number, texts, state, slip = (one.get(name) for name in ("set", "texts", "state", "slip"))
        known = state in ("right", "not yet", "not attempted")
        if not (known and type(number) is int and isinstance(texts, list)):
            continue
        texts = tuple(text[:40] for text in texts if isinstance(text, str))
        found.append(Try(number, texts, state, slip if type(slip) is int else None))
    return found


def mapped(value: Any) -> dict:
    return value if isinstance(value, dict) else {}


def listed(value: Any) -> list:
    return value if isinstance(value, list) else []


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
    for lesson in (ROOT / "notebooks").glob("*.ipynb"):
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
    found, seen, best = list(files_in(folder, refused)), {}, {}
    started, shown = time.monotonic(), False
    for number, one in enumerate(found, 1):
        try:
            data = one.read()
            digest = hashlib.sha256(data).digest()
            sheet = sheet_of(one, data, folder.resolve().name)
        except (Refused, OSError) as error:
            refused[str(one.path)] = str(error)
            continue
        key = (sheet.learner, sheet.lesson)
        if (key, digest) in seen:
            refused[sheet.path] = f"the same as {seen[key, digest]}"
            continue
        seen[key, digest] = sheet.path
        weight = (sum(map(len, sheet.tries.values())), sheet.when)
        if key not in best or weight > best[key][0]:
            if key in best:
                refused[best[key][1].path] = f"less than {sheet.path}"
            best[key] = weight, sheet
        else:
            refused[sheet.path] = f"less than {best[key][1].path}"
        if sys.stderr.isatty() and time.monotonic() - started > 1:
            shown = True
            print(f"\r{bar(number / len(found))} {number}/{len(found)}", end="", file=sys.stderr)
    if shown:
        print(file=sys.stderr)
    return [sheet for _, sheet in best.values()], refused


# ---- Questions -----------------------------------------------------------------------------------


class Question(NamedTuple):
    """A question of the course, as its own function makes it."""

    call: str
    lesson: str
    sets: list[dict]
    boards: list[str]  # what to ask the class, slip by slip of the first set


def questions(language_code: str) -> dict[str, Question]:
    """Make every question of the course, in this language."""
    import importlib
    import inspect

    from helpers import language

    teaching = asked_in_teaching(language_code)
    found = {}
    for path in sorted((ROOT / "helpers").glob("lesson_*.py")):
        lesson = importlib.import_module(f"helpers.{path.stem}")
        for name, function in inspect.getmembers(lesson, inspect.isfunction):
            if not name.startswith("ask_") or function.__module__ != lesson.__name__:
                continue
            language.use_language("en")
            english = [slip for _, slip in function().sets[0]["slips"]]
            language.use_language(language_code)
            sets = function().sets
            boards = [teaching.get(slip, sets[0]["hints"][0]) for slip in english]
            found[name] = Question(name, path.stem[-2:], sets, boards)
    return found


def asked_in_teaching(language_code: str) -> dict[str, str]:
    """What TEACHING.md asks those who made a slip, by the English sentence that names it.

    Its tables have the numbers of the course's own batch and step.
    """
    import numpy as np

    from helpers import slips
    from helpers.engine.checking import real_numbers

    batch = np.array([0.9, 0.6, 0.2]), np.array([1, 1, 0])
    known = slips.of_a_cost(*batch)[1]
    known |= slips.of_a_gradient(np.array([[2, 1]]), np.array([0.3]), np.array([1]))[1]
    suffix = "" if language_code == "en" else f".{language_code}"
    text = (ROOT / f"TEACHING{suffix}.md").read_text(encoding="utf-8").replace("−", "-")
    rows = re.findall(r"^\| *\[?([-\d., ]+)\]? *\|[^|\n]*\|([^|\n]+)\|$", text, re.MULTILINE)
    asked = {
        tuple(map(float, re.findall(r"-?\d+\.\d+", values))): ask.strip() for values, ask in rows
    }
    rounded = {
        slip: tuple(round(value, 3) + 0.0 for value in real_numbers(made))
        for slip, made in known.items()
    }
    return {slip: asked[values] for slip, values in rounded.items() if values in asked}


class Result(NamedTuple):
    """How one question went in a class."""

    question: Question
    once: int
    end: int
    wrong: int
    untouched: int
    slips: list[tuple[str, int, str]]  # the box's words, how often, and what to ask the class


def result_of(question: Question, sheets: list[Sheet], words: dict[str, str]) -> Result:
    """Count who was right, and group what was typed by the slip that the box named."""
    counts: Counter = Counter()
    typed: dict[Any, Counter] = defaultdict(Counter)
    for sheet in sheets:
        tries = sheet.tries.get(question.call, [])
        first = [one.state for one in tries if one.set == 0 and one.state != "not attempted"]
        if not first:
            counts["untouched"] += 1
        elif "right" not in first:
            counts["wrong"] += 1
        else:
            counts["once" if first[0] == "right" else "end"] += 1
        for one in tries:
            if one.state != "right":
                typed[group_of(one, question)][", ".join(one.texts)] += 1
    groups = sorted(typed.items(), key=lambda pair: -sum(pair[1].values()))
    slips = [told(kind, texts, question, words) for kind, texts in groups]
    return Result(
        question, *(counts[name] for name in ("once", "end", "wrong", "untouched")), slips
    )


def group_of(one: Try, question: Question) -> tuple[str, int]:
    """The slip that was named; or that none was, or that it was no number."""
    if one.state == "not attempted":
        return "unread", 0
    if one.slip is None or not 0 <= one.set < len(question.sets):
        return "unknown", 0
    known = 0 <= one.slip < len(question.sets[one.set]["slips"])
    return ("slip", one.slip) if known else ("unknown", 0)


def told(
    kind: tuple[str, int], texts: Counter, question: Question, words: dict[str, str]
) -> tuple[str, int, str]:
    """What a group is called, how often it came, and the question for the board."""
    often = [text for text, _ in texts.most_common(5)]
    count = sum(texts.values())
    if kind[0] == "slip":
        sentence = question.sets[0]["slips"][kind[1]][1].replace("{typed}", often[0])
        return sentence, count, question.boards[kind[1]]
    return f"{words[kind[0]]}: {' · '.join(often)}", count, ""


def exercises(sheets: list[Sheet]) -> dict[str, Counter]:
    """How often each exercise's last reply began so; the states as they are worded now."""
    from helpers import language

    beginnings = {
        "not attempted": "Not attempted yet: let {name} return your result.",
        "not yet": "Not yet: {call} gave {saw}.",
        "right": "Right: {name} agrees at all {count} inputs.",
    }
    states = {}
    for code in WORDS:
        language.use_language(code)
        for state, sentence in beginnings.items():
            states[re.split("[:：]", language.say(sentence))[0]] = state
    found: dict[str, Counter] = defaultdict(Counter)
    for sheet in sheets:
        for call, reply in sheet.replies.items():
            found[call][states.get(re.split("[:：]", reply)[0], "not attempted")] += 1
    return dict(sorted(found.items()))


# ---- The report ----------------------------------------------------------------------------------


class Report(NamedTuple):
    """All that is said of a class."""

    sheets: list[Sheet]
    refused: dict[str, str]
    results: dict[str, list[Result]]  # by lesson
    exercises: dict[str, dict[str, Counter]]
    words: dict[str, str]

    @property
    def learners(self) -> list[str]:
        return sorted({sheet.learner for sheet in self.sheets})

    def done(self, learner: str, lesson: str) -> str:
        """How many of a lesson's questions a learner had right: "3/4", or "" without a file."""
        calls = [result.question.call for result in self.results[lesson]]
        for sheet in self.sheets:
            if (sheet.learner, sheet.lesson) == (learner, lesson):
                states = [{one.state for one in sheet.tries.get(call, [])} for call in calls]
                return f"{sum('right' in one for one in states)}/{len(calls)}"
        return ""


def report_on(folder: Path, language_code: str) -> Report:
    """Read a folder and work out what is said of it."""
    words, known = WORDS[language_code], questions(language_code)
    sheets, refused = read_class(folder)
    by_lesson: dict[str, list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        by_lesson[sheet.lesson].append(sheet)
    results, replies = {}, {}
    for lesson, some in sorted(by_lesson.items()):
        asked = [question for question in known.values() if question.lesson == lesson]
        results[lesson] = [result_of(question, some, words) for question in asked]
        replies[lesson] = exercises(some)
    return Report(sheets, refused, results, replies, words)


def bar(share: float, width: int = 20) -> str:
    full = round(share * width)
    return "█" * full + "░" * (width - full)


def padded(text: str, width: int) -> str:
    """A text with room behind it; Chinese characters are two wide."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return text + " " * max(width - len(text) - wide, 0)


def visible(text: str) -> str:
    """A text without control characters, which a terminal might obey."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def as_text(report: Report) -> Iterator[str]:
    """The report for a terminal, line by line."""
    words = report.words
    counts = {"files": len(report.sheets), "learners": len(report.learners)}
    yield words["files"].format(**counts)
    lessons = list(report.results)
    yield "  ".join([padded(words["learner"], 24), *(padded(one, 5) for one in lessons)])
    for learner in report.learners:
        row = [padded(report.done(learner, lesson), 5) for lesson in lessons]
        yield "  ".join([padded(visible(learner)[:24], 24), *row])
    for lesson, results in report.results.items():
        yield ""
        yield words["lesson"].format(lesson=lesson)
        for result in results:
            yield f"  {result.question.sets[0]['question']}"
            names = ("once", "end", "wrong", "untouched")
            yield "    " + " · ".join(f"{words[name]} {getattr(result, name)}" for name in names)
            for sentence, count, board in result.slips[:8]:
                yield f"    {count:4} × {visible(sentence)}"
                if board:
                    yield f"           {words['board']} {board}"
        for call, states in report.exercises[lesson].items():
            told = " · ".join(f"{words[state]} {count}" for state, count in states.items())
            yield f"  {words['exercise']} {call.removeprefix('check_')}: {told}"
    if report.refused:
        yield ""
        yield words["passed"]
        for path, why in report.refused.items():
            yield f"  {visible(path)}: {visible(why)}"


STYLE = """
body { font: 18px/1.5 system-ui, sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; }
table { border-collapse: collapse; } td, th { padding: 0.1em 0.7em; text-align: left; }
.bar { display: flex; height: 1em; max-width: 30em; border: 1px solid; }
.once { background: #333; } .end { background: #999; } .untouched { background: #fff; }
.wrong { background: repeating-linear-gradient(45deg, #333 0 2px, #fff 2px 7px); }
section { break-inside: avoid; } li small { display: block; }
"""


def as_html(report: Report, names: bool) -> str:
    """One page that needs nothing else; without the learners' names, unless they are asked for."""
    words, lessons = report.words, list(report.results)
    language = "zh-CN" if words is WORDS["zh_CN"] else "en"
    counts = {"files": len(report.sheets), "learners": len(report.learners)}
    parts = [
        f'<!DOCTYPE html><html lang="{language}"><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        f"<title>{escape(words['title'])}</title><style>{STYLE}</style>",
        f"<h1>{escape(words['title'])}</h1><p>{escape(words['files'].format(**counts))}</p>",
    ]
    if names:
        heads = "".join(f"<th>{lesson}</th>" for lesson in lessons)
        parts.append(f"<table><tr><th>{escape(words['learner'])}</th>{heads}</tr>")
        for learner in report.learners:
            row = "".join(f"<td>{report.done(learner, lesson)}</td>" for lesson in lessons)
            parts.append(f"<tr><td>{escape(learner)}</td>{row}</tr>")
        parts.append("</table>")
    for lesson, results in report.results.items():
        parts.append(f"<h2>{escape(words['lesson'].format(lesson=lesson))}</h2>")
        parts += [result_as_html(result, words) for result in results]
        for call, states in report.exercises[lesson].items():
            told = " · ".join(f"{words[state]} {count}" for state, count in states.items())
            name = call.removeprefix("check_")
            parts.append(f"<p>{escape(words['exercise'])} {escape(name)}: {escape(told)}</p>")
    return "\n".join(parts)


def result_as_html(result: Result, words: dict[str, str]) -> str:
    counts = {name: getattr(result, name) for name in ("once", "end", "wrong", "untouched")}
    bars = "".join(
        f'<span class="{name}" style="flex: {count}"></span>' for name, count in counts.items()
    )
    told = " · ".join(f"{words[name]} {count}" for name, count in counts.items())
    items = []
    for sentence, count, board in result.slips[:8]:
        ask = f"<small>{escape(words['board'])} {escape(board)}</small>" if board else ""
        items.append(f"<li>{count} × {escape(visible(sentence))}{ask}</li>")
    question = escape(result.question.sets[0]["question"])
    return (
        f'<section><h3>{question}</h3><div class="bar">{bars}</div><p>{escape(told)}</p>'
        f"<ul>{''.join(items)}</ul></section>"
    )


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
    parser.add_argument("--language", choices=list(WORDS), default="en")
    asked = parser.parse_args(arguments)
    if not asked.folder.is_dir():
        parser.error(f"{asked.folder} is no folder")
    report = report_on(asked.folder, asked.language)
    if not report.sheets:
        print(report.words["nothing"].format(folder=asked.folder))
    for line in as_text(report):
        print(line)
    if asked.html:
        asked.html.write_text(as_html(report, asked.names), encoding="utf-8")
    if asked.csv:
        write_csv(report, asked.csv)
    return 0 if report.sheets else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
