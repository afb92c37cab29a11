"""What a class typed: read from saved notebooks, added up, and shown without doing any harm."""

import csv
import io
import json
import random
import re
import zipfile
from collections import Counter
from pathlib import Path

import nbformat
import pytest

from tools import class_report

from .content import LESSONS, functions
from .judge import NOTEBOOKS, judge

ASKS = functions("ask_")
HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</style><b>", "&lt;b&gt;", "<!--",
    '"onload="', "'; DROP TABLE--", "=1+1", "=cmd|'/c calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "]]>",
    "\t=1+1", "\r=1+1", " =1+1", "＝1+1", "|cmd", "%0a=1", '=HYPERLINK("http://a.b")', "{typed}",
    "{0.__class__}", "%s", "\x1b[31mred", "\x1b]0;title\x07", "\u202e0.5", "\x00", "\x7f", 'a,b"c',
    "a\nb", "\\n", "../../etc/passwd", "${jndi:ldap://a}", "`id`", "$(id)", "--", "NaN", "∞",
    "😀" * 40, "0" * 40, "javascript:alert(1)", "\ud83d\ude00",
]  # fmt: skip


def keep(ask, box, rows, number=0):
    """What a box keeps when these texts are typed one after the other (boxes.js, AnswerBox)."""
    tries, wrong = [], 0
    for texts in rows:
        state, said = judge(box, *texts, tries=wrong, number=number)
        wrong += state == "not yet"
        typed = ", ".join(text.strip() for text in texts)
        sentences = [slip.format(typed=typed) for _, slip in box.sets[number]["slips"]]
        named = [k for k, sentence in enumerate(sentences) if said[-1] == sentence]
        slip = named[0] if named and state == "not yet" else None
        kept = [text[:40] for text in texts]
        tries.append({"set": number, "texts": kept, "state": state, "slip": slip})
    return {"set": number, "tries": tries}


def saved(lesson, kept, replies=None):
    """A lesson's notebook as JupyterLab saves it: what each box keeps, what each check said."""
    [path] = class_report.NOTEBOOKS.glob(f"{lesson}_*.ipynb")
    notebook, states = json.loads(path.read_text(encoding="utf-8")), {}
    for cell in notebook["cells"]:
        for call in class_report.calls_in("".join(cell["source"])):
            if call in kept:
                number = f"{len(states):032x}"
                states[number] = {"state": {"kind": "box", "kept": kept[call]}}
                view = {"model_id": number, "version_major": 2, "version_minor": 0}
                data = {class_report.VIEW: view, "text/plain": ["box"]}
                output = {"output_type": "execute_result", "data": data, "metadata": {}}
                cell["outputs"] = [{**output, "execution_count": 1}]
            elif call in (replies or {}):
                stream = {"output_type": "stream", "name": "stdout", "text": [replies[call]]}
                cell["outputs"] = [stream]
    notebook["metadata"]["widgets"] = {class_report.STATE: {"state": states}}
    return json.dumps(notebook, ensure_ascii=False)


def asked_in(lesson):
    """The boxes of a lesson, recalled ones with them, by what its cells call."""
    [path] = NOTEBOOKS.glob(f"{lesson}_*.ipynb")
    found = {}
    for cell in nbformat.read(path, as_version=4).cells:
        for call in class_report.calls_in(cell.source):
            if call in ASKS:
                found[call] = ASKS[call]()
            elif ".ask_" in call:
                found[call] = eval(call, {}, LESSONS)
    return found


def texts(values):
    return [f"{value:.3f}" for value in values]


def ways(box):
    """By how a question can go: what is typed for it."""
    right, slip = texts(box.content["right"]), texts(box.content["slips"][0][0])
    return {"once": [right], "end": [slip, right], "wrong": [slip, ["7.77"] * len(right)]}


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    """Twenty learners, two lessons, typed by a seeded chance; and how each question went."""
    folder, chance, counts = tmp_path_factory.mktemp("school"), random.Random(4), Counter()
    for number in range(20):
        for lesson in ("03", "04"):
            kept = {}
            for name, box in asked_in(lesson).items():
                way = chance.choice(["once", "end", "wrong", "untouched"])
                counts[name, way] += 1
                if way != "untouched":
                    kept[name] = keep(name, box, ways(box)[way])
                    counts[name, "slip"] += way != "once"
            place = folder / f"learner{chr(97 + number)}" / "notebooks"
            place.mkdir(parents=True, exist_ok=True)
            reply = "Right: my_cost agrees at all 3 inputs.\n" if number % 2 else "Not yet: …\n"
            [path] = NOTEBOOKS.glob(f"{lesson}_*.ipynb")
            text = saved(lesson, kept, {"check_cost": reply})
            (place / path.name).write_text(text, encoding="utf-8")
    return folder, counts


@pytest.mark.parametrize("language", class_report.LANGUAGES)
def test_the_sums_are_what_was_typed(school, language):
    folder, counts = school
    report = class_report.report_on(folder, language)
    assert len(report.sheets) == 40 and not report.refused
    assert report.learners == [f"learner{chr(97 + number)}" for number in range(20)]
    for lesson, results in report.results.items():
        boxes = asked_in(lesson)
        for result in results:
            call = result.question.call
            for way in ("once", "end", "wrong", "untouched"):
                assert result.ways[way] == counts[call, way], (call, way)
            sentence, count, board = max(result.slips, key=lambda slip: (bool(slip[2]), slip[1]))
            assert count == counts[call, "slip"] and board
            slip = boxes[call].content["slips"][0]
            assert sentence.startswith(texts(slip[0])[0]) or language != "en"
    assert report.exercises["04"]["check_cost"] == {"right": 10, "not yet": 10}
    assert "\n".join(class_report.as_text(report)).count("learner") > 10


def test_the_page_names_nobody_unless_asked(school):
    report = class_report.report_on(school[0], "en")
    assert "learnera" not in class_report.as_html(report, names=False)
    page = class_report.as_html(report, names=True)
    assert page.count("learner") >= 20
    assert not re.search(r"(src|href)=|@import|url\(", page)


def test_what_teaching_asks_is_asked(school):
    report = class_report.report_on(school[0], "en")
    asked = class_report.asked_in_teaching("en")
    assert len(asked) >= 12 and set(class_report.asked_in_teaching("zh_CN")) == set(asked)
    [cost] = [one for one in report.results["04"] if one.question.call == "ask_cost"]
    assert set(cost.question.boards) & set(asked.values())


def test_a_recalled_question_is_one_of_the_lesson_in_which_it_stands(tmp_path):
    call, again = next((call, box) for call, box in asked_in("03").items() if "." in call)
    own = call.partition(".")[2].partition("(")[0]
    first = ASKS[own]()
    slip = texts(again.content["slips"][1][0])
    typed = {
        call[len("lesson_") :][:2]: {own: keep(own, first, ways(first)["once"])},
        "03": {call: keep(call, again, [slip, texts(again.content["right"])])},
    }
    for lesson, kept in typed.items():
        [path] = NOTEBOOKS.glob(f"{lesson}_*.ipynb")
        (tmp_path / f"anna_{path.name}").write_text(saved(lesson, kept), encoding="utf-8")
    report = class_report.report_on(tmp_path, "en")
    [earlier, _] = typed
    of_earlier = {result.question.call: result for result in report.results[earlier]}[own]
    of_03 = {result.question.call: result for result in report.results["03"]}[call]
    assert +of_earlier.ways == {"once": 1} and not of_earlier.slips
    [(sentence, count, _)] = of_03.slips
    assert +of_03.ways == {"end": 1} and count == 1
    assert sentence == again.sets[0]["slips"][1][1].format(typed=slip[0])
    assert of_03.asked == f"Recalled from lesson {earlier}: {again.title}"


def test_hostile_strings_are_only_text(tmp_path):
    box = ASKS["ask_cost"]()
    for number, text in enumerate(HOSTILE):
        kept = keep("ask_cost", box, [[text]])
        name = f"x{chr(97 + number % 26)}{chr(97 + number // 26)}"
        (tmp_path / f"{name}_04_mini_batch.ipynb").write_text(
            saved("04", {"ask_cost": kept}), encoding="utf-8", errors="surrogatepass"
        )
    (tmp_path / "=cmd()<b>_04_mini_batch.ipynb").write_text(saved("04", {}), encoding="utf-8")
    report = class_report.report_on(tmp_path, "en")
    assert len(report.sheets) == len(HOSTILE) + 1, report.refused
    page = class_report.as_html(report, names=True)
    tags = set(re.findall(r"<(/?\w+)", page))
    assert not tags & {"script", "img", "b", "/b"} and "<!--" not in page
    path = tmp_path / "class.csv"
    class_report.write_csv(report, path)
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    assert len(rows) >= len(HOSTILE) - 5
    for row in rows[1:]:
        assert all(cell[:1] not in "=+-@\t\r|%＝" or not cell for cell in row), row
    said = "\n".join([*class_report.as_text(report), page, path.read_text(encoding="utf-8-sig")])
    assert not re.search("[\x00\x07\x1b\x7f\u202e]", said)


def zipped(**files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


def test_damaged_files_are_named_and_passed_over(tmp_path, monkeypatch):
    monkeypatch.setattr(class_report, "MOST_BYTES", 5_000_000)
    monkeypatch.setattr(class_report, "MOST_OF_A_ZIP", 50_000_000)
    good = saved("04", {"ask_cost": keep("ask_cost", ASKS["ask_cost"](), [["1.155"], ["0.385"]])})
    damage = {
        "empty.ipynb": b"", "space.ipynb": b" \n", "half.ipynb": good[:5000].encode(),
        "binary.ipynb": bytes(range(256)), "list.ipynb": b"[1, 2]", "number.ipynb": b"7",
        "deep.ipynb": b"[" * 100_000, "huge.ipynb": b" " * 5_000_000,
        "foreign.ipynb": b'{"cells": [{"source": "print(1)", "cell_type": "code"}]}',
        "odd.ipynb": b'{"cells": {"a": 1}, "metadata": []}', "digits.ipynb": b"9" * 9000,
        "utf16.ipynb": good.encode("utf-16")[:999], "nozip.zip": b"PK no", "void.zip": b"",
        "bomb.zip": zipped(**{f"{k}.ipynb": b" " * 4_900_000 for k in range(20)}),
        "outside.zip": zipped(**dict.fromkeys(["../../evil.ipynb", "/b.ipynb", "C:/c.ipynb"], "")),
        "cut.zip": zipped(**{"a.ipynb": good})[:-30],
        "big.zip": zipped(**{"a.ipynb": b" " * 6_000_000}),
    }  # fmt: skip
    for name, data in damage.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "folder.ipynb").mkdir()
    (tmp_path / "link.ipynb").symlink_to(Path("/etc/hostname"))
    (tmp_path / "anna_04_mini_batch.ipynb").write_text(good, encoding="utf-8")
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "anna_04_mini_batch.ipynb").write_text(good, encoding="utf-8")
    (tmp_path / "ben.zip").write_bytes(zipped(**{"04_mini_batch.ipynb": good}))
    inner = zipped(**{"Carla Cruz_12_assignsubmission_file_/04_mini_batch.ipynb": good})
    (tmp_path / "platform.zip").write_bytes(zipped(**{"inner.zip": inner}))
    weird = json.loads(good)
    for state in weird["metadata"]["widgets"][class_report.STATE]["state"].values():
        state["state"]["kept"] = {
            "tries": [7, {"set": "x"}, {"set": 0, "texts": 5}, None],
            "set": [],
        }
    (tmp_path / "dan_04_mini_batch.ipynb").write_text(json.dumps(weird), encoding="utf-8")
    report = class_report.report_on(tmp_path, "en")
    passed = " ".join(report.refused)
    missing = [name for name in damage if name not in passed]
    assert not missing and "folder.ipynb" in passed and "link.ipynb" in passed
    assert "evil" in passed and "the same as" in " ".join(report.refused.values())
    assert report.learners == ["Carla Cruz", "anna", "ben", "dan"]
    [cost] = [one for one in report.results["04"] if one.question.call == "ask_cost"]
    assert cost.ways == {"once": 0, "end": 3, "wrong": 0, "untouched": 1}
    assert not list(tmp_path.rglob("evil.ipynb"))


def test_the_better_of_two_files_counts(tmp_path):
    box = ASKS["ask_cost"]()
    for name, rows in (("a", [["7"]]), ("b", [["7"], ["0.385"]])):
        (tmp_path / name).mkdir()
        text = saved("04", {"ask_cost": keep("ask_cost", box, rows)})
        (tmp_path / name / "anna_04_mini_batch.ipynb").write_text(text, encoding="utf-8")
    report = class_report.report_on(tmp_path, "en")
    assert [sheet.path for sheet in report.sheets] == ["b/anna_04_mini_batch.ipynb"]
    assert list(report.refused) == ["a/anna_04_mini_batch.ipynb"]


def test_the_command(school, tmp_path, capsys):
    page, table = tmp_path / "class.html", tmp_path / "class.csv"
    asked = [str(school[0]), "--html", str(page), "--csv", str(table), "--language", "zh_CN"]
    assert class_report.main(asked) == 0
    assert "一次就对" in capsys.readouterr().out and "<html" in page.read_text(encoding="utf-8")
    assert table.read_text(encoding="utf-8-sig").startswith("learner,")
    assert class_report.main([str(tmp_path)]) == 1
