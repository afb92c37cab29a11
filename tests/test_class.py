"""What a class typed: read from saved notebooks, added up, and shown without doing any harm."""

import csv
import io
import json
import random
import re
import zipfile
from collections import Counter

import pytest

from tools import class_report

from .judge import NOTEBOOKS, judge

HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</style><b>", "&lt;b&gt;", "<!--",
    '"onload="', "'; DROP TABLE--", "=1+1", "=cmd|'/c calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "]]>",
    "\t=1+1", "\r=1+1", " =1+1", "＝1+1", "|cmd", "%0a=1", '=HYPERLINK("http://a.b")', "{typed}",
    "{0.__class__}", "%s", "\x1b[31mred", "\x1b]0;title\x07", "\u202e0.5", "\x00", "\x7f", 'a,b"c',
    "a\nb", "\\n", "../../etc/passwd", "${jndi:ldap://a}", "`id`", "$(id)", "--", "NaN", "∞",
    "😀" * 40, "0" * 40, "javascript:alert(1)", "\ud83d\ude00",
]  # fmt: skip


def keep(box, rows, number=0):
    """What a box keeps when these texts are typed one after the other (boxes.js, AnswerBox)."""
    tries = []
    for texts in rows:
        state, said = judge(box, *texts, number=number)
        slips = [slip.format(typed=", ".join(texts)) for _, slip in box.sets[number]["slips"]]
        slip = slips.index(said[-1]) if said[-1] in slips else None
        tries.append({"set": number, "texts": texts, "state": state, "slip": slip})
    return {"set": number, "tries": tries}


def saved(lesson, kept, replies=None):
    """A lesson's notebook as JupyterLab saves it: what each box keeps, what each check said."""
    [path] = NOTEBOOKS.glob(f"{lesson}_*.ipynb")
    notebook, states = json.loads(path.read_text(encoding="utf-8")), {}
    for cell in notebook["cells"]:
        outputs = []
        for call in class_report.calls_in("".join(cell["source"])):
            if call in kept:
                number = f"{len(states):032x}"
                states[number] = {"state": {"kind": "box", "kept": kept[call]}}
                outputs.append({"data": {class_report.VIEW: {"model_id": number}}})
            elif call in (replies or {}):
                outputs.append({"output_type": "stream", "text": replies[call]})
        cell["outputs"] = outputs
    notebook["metadata"]["widgets"] = {class_report.STATE: {"state": states}}
    return json.dumps(notebook)


def write(folder, name, lesson, kept, replies=None):
    """Hand in a lesson as somebody of this name."""
    [path] = NOTEBOOKS.glob(f"{lesson}_*.ipynb")
    (folder / f"{name}_{path.name}").write_text(saved(lesson, kept, replies), encoding="utf-8")


def of_call(report, lesson, call):
    [result] = [one for one in report.results[lesson] if one.call == call]
    return result


def texts(values):
    return [f"{value:.3f}" for value in values]


def ways(box):
    """By how a question can go: what is typed for it."""
    right, slip = texts(box.content["right"]), texts(box.content["slips"][0][0])
    ways = {"once": [right], "end": [slip, right], "wrong": [slip, ["7.77"] * len(right)]}
    return {way: keep(box, rows) for way, rows in ways.items()}


BOXES = {lesson: class_report.boxes_of(lesson) for lesson in ("03", "04")}


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    """Twenty learners, two lessons, typed by a seeded chance; and how each question went."""
    folder, chance, counts = tmp_path_factory.mktemp("school"), random.Random(4), Counter()
    typed = {call: ways(box) for lesson in ("03", "04") for call, box in BOXES[lesson].items()}
    for number in range(20):
        place = folder / f"learner{chr(97 + number)}" / "notebooks"
        place.mkdir(parents=True)
        said = "Right: my_cost agrees at all 3 inputs." if number % 2 else "还不对：…"
        for lesson in ("03", "04"):
            kept = {}
            for call in BOXES[lesson]:
                way = chance.choice(["once", "end", "wrong", "untouched"])
                counts[call, way] += 1
                if way != "untouched":
                    kept[call] = typed[call][way]
                    counts[call, "slip"] += way != "once"
            write(place, "", lesson, kept, {"check_cost": f"printed by the learner\n{said}\n"})
    return folder, counts


@pytest.mark.parametrize("language", class_report.LANGUAGES)
def test_the_sums_are_what_was_typed(school, language):
    folder, counts = school
    report = class_report.report_on(folder, language)
    asked = class_report.asked_in_teaching(language)
    assert len(asked) == 15 and len(report.sheets) == 40 and not report.refused
    assert [name for name, *_ in report.table[1:]] == [f"learner{chr(97 + n)}" for n in range(20)]
    for lesson, results in report.results.items():
        assert [result.call for result in results] == list(BOXES[lesson])
        for result in results:
            sentence, count, board = max(result.slips, key=lambda slip: (bool(slip[2]), slip[1]))
            assert result.ways == {way: counts[result.call, way] for way in result.ways}
            assert count == counts[result.call, "slip"] and board
            value, slip = BOXES[lesson][result.call].content["slips"][0]
            known = slip.replace("{typed}", ", ".join(texts(value)))
            assert sentence == known or language != "en"
    assert of_call(report, "04", "ask_cost").slips[0][2] in asked.values()
    assert re.findall(r"\d+", report.exercises["04"][0]) == ["10", "10", "0"]
    class_report.use_language("en")


def names_its_numbers(box):
    """Whether the second slip is told in other words when the box is had another time."""
    first, further, *_ = [one["slips"][1][1] for one in box.sets]
    return first != further


def test_each_question_is_told_with_the_numbers_that_it_was_asked_with(tmp_path):
    """Also one that is recalled from an earlier lesson, and one that was had another time."""
    recalled = {call: box for call, box in BOXES["03"].items() if "." in call}
    call, again = next(pair for pair in recalled.items() if names_its_numbers(pair[1]))
    lesson, own = call[7:9], call[10:].partition("(")[0]
    earlier, slips = class_report.boxes_of(lesson), [one["slips"][1] for one in again.sets[:2]]
    tries = keep(again, [texts(slips[0][0])])["tries"]
    tries += keep(again, [texts(slips[1][0]), texts(again.sets[1]["right"])], number=1)["tries"]
    [other, *_] = [one for one in earlier if one != own]
    typed = {own: ways(earlier[own])["once"], other: ways(earlier[other])["wrong"]}
    write(tmp_path, "anna", lesson, typed)
    write(tmp_path, "anna", "03", {call: {"set": 1, "tries": tries}})
    report = class_report.report_on(tmp_path, "en")
    of_earlier, of_03 = of_call(report, lesson, own), of_call(report, "03", call)
    assert +of_earlier.ways == {"once": 1} and not of_earlier.slips
    assert +of_03.ways == {"wrong": 1}  # of the numbers that all were asked with
    told = [(slip.format(typed=", ".join(texts(numbers))), 1) for numbers, slip in slips]
    assert [(sentence, count) for sentence, count, _ in of_03.slips] == told
    assert of_03.asked == f"Recalled from lesson {lesson}: {again.title}"
    assert report.table[1] == ["anna", f"1/{len(earlier)}", f"1/{len(BOXES['03'])}"]


def test_hostile_strings_are_only_text(tmp_path):
    kept = keep(BOXES["04"]["ask_cost"], [[text] for text in HOSTILE])
    kept["tries"][0]["state"] = "=1+1"
    write(tmp_path, "=cmd()<b>\x1b", "04", {"ask_cost": kept})
    report = class_report.report_on(tmp_path, "en")
    assert len(report.sheets) == 1 and class_report.as_html(report, names=True).count("cmd") == 1
    cost = of_call(report, "04", "ask_cost")._replace(slips=[(text, 1, "") for text in HOSTILE])
    report.results["04"][:] = [cost]
    page, path = class_report.as_html(report, names=True), tmp_path / "class.csv"
    assert not re.search("<(script|img|/?b>|!--)", page)
    class_report.write_csv(report, path)
    table = path.read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(table)))[1:]
    assert len(rows) == len(HOSTILE)
    assert not [cell for row in rows for cell in row if cell and cell[0] in "=+-@\t\r|%＝"]
    said = "\n".join([*class_report.as_text(report), page, table])
    assert not re.search("[\x00\x07\x1b\x7f\u202e\ud800-\udfff]", said)


def zipped(**files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


def test_damaged_files_are_named_and_passed_over(tmp_path, monkeypatch):
    monkeypatch.setattr(class_report, "MOST_BYTES", 500_000)
    monkeypatch.setattr(class_report, "MOST_OF_A_ZIP", 5_000_000)
    box = BOXES["04"]["ask_cost"]
    good = saved("04", {"ask_cost": keep(box, [["1.155"], ["0.385"]])})
    weird = json.dumps({"tries": [{"set": "x", "texts": ["1"], "state": "right", "slip": None}]})
    inner = zipped(**{"Carla Cruz_12_assignsubmission_file_/04_mini_batch.ipynb": good})
    files = {
        "empty.ipynb": b"", "half.ipynb": good[:5000].encode(),
        "binary.ipynb": bytes(range(256)), "list.ipynb": b"[1, 2]", "digits.ipynb": b"9" * 9000,
        "deep.ipynb": b"[" * 100_000, "huge_04_mini_batch.ipynb": f"{good:500000}".encode(),
        "foreign.ipynb": b'{"cells": [{"source": "print(1)", "cell_type": "code"}]}',
        "odd.ipynb": b'{"cells": {"a": 1}, "metadata": []}', "nozip.zip": b"PK no",
        "weird.ipynb": re.sub(r'(?<="kept": )\{.*?\]\}', weird, good).encode(),
        "bomb.zip": zipped(**{f"{k}.ipynb": f"{good:490000}" for k in range(20)}),
        "outside.zip": zipped(**dict.fromkeys(["../../evil.ipynb", "/b.ipynb", "C:/c.ipynb"], "")),
        "cut.zip": zipped(**{"a.ipynb": good})[:-30],
        "big.zip": zipped(**{"a.ipynb": f"{good:600000}"}),
        "russian.zip": zipped(**{"doll.zip": zipped(**{"in.zip": zipped(**{"a.ipynb": good})})}),
        "copy/anna_04_mini_batch.ipynb": saved("04", {"ask_cost": keep(box, [["7"]])}).encode(),
    }  # fmt: skip
    read = {
        "anna_04_mini_batch.ipynb": good.encode(),
        "ben.zip": zipped(**{"04_mini_batch.ipynb": good}),
        "platform.zip": zipped(**{"inner.zip": inner}),
    }
    unseen = {".ipynb_checkpoints/eve_04_mini_batch.ipynb": good.encode()}
    for name, data in (files | read | unseen).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    (tmp_path / "folder.ipynb").mkdir()
    (tmp_path / "link.ipynb").symlink_to(tmp_path / "anna_04_mini_batch.ipynb")
    report = class_report.report_on(tmp_path, "en")
    passed = " ".join(report.refused)
    assert not [name for name in [*files, "folder.ipynb", "link.ipynb"] if name not in passed]
    assert {f"outside.zip/{name}.ipynb" for name in ("evil", "b", "c")} <= set(report.refused)
    assert set(report.refused).isdisjoint(read | unseen) and all(report.refused.values())
    assert [name for name, *_ in report.table[1:]] == ["Carla Cruz", "anna", "ben"]
    assert +of_call(report, "04", "ask_cost").ways == {"end": 3}
    assert not list(tmp_path.rglob("evil.ipynb"))


def test_the_command(school, tmp_path, capsys):
    page, table = tmp_path / "class.html", tmp_path / "class.csv"
    asked = [str(school[0]), "--html", str(page)]
    assert class_report.main([*asked, "--names"]) == 0
    assert page.read_text(encoding="utf-8").count("learner") > 20
    assert capsys.readouterr().out.count("learner") > 20
    assert class_report.main([*asked, "--csv", str(table), "--language", "zh_CN"]) == 0
    text = page.read_text(encoding="utf-8")
    assert "learnera" not in text and not re.search(r"(src|href)=|@import|url\(", text)
    assert "一次就对" in text and "一次就对" in capsys.readouterr().out
    assert table.read_text(encoding="utf-8-sig").startswith("learner,")
    assert class_report.main([str(tmp_path)]) == 1


def test_no_notebook_is_run_not_even_the_course_s_own(tmp_path, monkeypatch):
    """A teacher may have saved a learner's notebook over it."""
    own = 'lesson_01.ask_surprise(__import__("pathlib").Path("run").touch())'
    cells = [{"cell_type": "code", "source": [own]}]
    (tmp_path / "03_log_loss.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    monkeypatch.setattr(class_report, "NOTEBOOKS", tmp_path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match="malformed node"):
        class_report.boxes_of("03")
    assert not (tmp_path / "run").exists()
