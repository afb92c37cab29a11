"""Every sentence that a learner meets has its translation, and every translation its sentence."""

import ast
import re
import string
from collections import Counter
from itertools import chain

import pytest
from babel.messages.extract import extract_from_dir, extract_from_file

from helpers import language, lesson_04, lesson_07
from helpers.engine import boxes, words

from .content import functions
from .judge import SHIPPED

LANGUAGES = sorted(path.parent.name for path in language.LOCALE.glob("*/course.po"))
HELPERS = language.LOCALE.parent
TOOLS = HELPERS.parent / "tools"
COURSE = HELPERS.parent / "course.py"
NUMBER = re.compile(r"\d+(?:[.,]\d+)*", re.ASCII)


class Recorder(dict):
    """A catalogue that translates nothing and remembers what was asked of it."""

    def get(self, english, default=None):
        self[english] = english
        return default


def written():
    """Return the sentences that stand as literals inside say(…)."""
    sources = [("**.py", "python"), ("**.html", "jinja2")]
    found = [
        extract_from_dir(folder, sources, keywords={"say": None}, comment_tags=[])
        for folder in (HELPERS, TOOLS)
    ]
    return {message for _, _, message, _, _ in chain(*found)}


def commanded():
    """Return what course.py says: its help, and the literals in say(…)."""
    found = extract_from_file("python", COURSE, keywords={"say": None})
    help_text = ast.get_docstring(ast.parse(COURSE.read_text(encoding="utf-8")))
    return {help_text, *(message for _, message, _, _ in found)}


def declared():
    """Return the sentences of boxes, checks, exhibits and the game, which the engine says."""
    calls = [*functions("ask_").values(), lesson_04.be_the_model]
    calls += [lambda check=check: check(None) for check in functions("check_").values()]
    calls += [lambda n=n: lesson_07.exhibit(n, SHIPPED[n]) for n in lesson_07.EXHIBITS]
    repairs = [(n, piece.right) for n, piece in lesson_07.EXHIBITS.items()]
    calls += [lambda repair=repair: lesson_07.exhibit(*repair) for repair in repairs]
    calls += [boxes.progress, lesson_07.score]
    recorder = Recorder()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(words, "_said", recorder)
        for call in calls:
            call()
    return set(recorder) - {""}


def fields(sentence):
    """Return the fields of a sentence with their formats: {loss:.3f} must stay what it is."""
    return Counter((name, spec) for _, name, spec, _ in string.Formatter().parse(sentence) if name)


def as_entry(sentence):
    quoted = sentence.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'msgid "{quoted}"'


def disagreements(catalogue):
    """Yield the translations whose fields or numbers are not those of the English."""
    for sentence, translation in catalogue.items():
        bare = [re.sub(r"\{[^}]*\}", "", text) for text in (sentence, translation)]
        numbers = [Counter(NUMBER.findall(text)) for text in bare]
        if fields(sentence) != fields(translation) or numbers[0] != numbers[1]:
            yield f"{sentence!r} ≠ {translation!r}"


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_sentence_has_its_translation(code, left_to_translate):
    english, catalogue = written() | declared() | commanded(), language.catalogue(code)
    found = [*disagreements(catalogue)]
    assert not found, "\n".join(["", *found])
    place = f"helpers/locale/{code}/course.po:"
    untold = [f"{place} add {as_entry(sentence)}" for sentence in sorted(english - set(catalogue))]
    no_longer = [f"{place} take out {text!r}" for text in sorted(set(catalogue) - english)]
    left_to_translate(untold + no_longer)


def test_what_lessons_say_is_written_where_they_say_it():
    """The one exception is what is said of an exhibit, which is among what is declared."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in HELPERS.glob("*.py")]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    said = [call.args[0] for call in calls if ast.unparse(call.func) == "say"]
    others = {ast.unparse(one) for one in said if not isinstance(one, ast.Constant)}
    assert others == {"piece.task", "piece.clause", "piece.hint", "piece.source"}


def test_a_terminal_of_a_chinese_windows_can_show_what_commands_say():
    for sentence in commanded():
        assert language.catalogue("zh_CN").get(sentence, "").encode("gbk")


def test_a_translation_may_change_the_order(monkeypatch):
    monkeypatch.setattr(words, "_said", {"{loss:.1f} for {name}": "{name}: {loss:.1f}"})
    assert language.say("{loss:.1f} for {name}", loss=-0.25, name="Gaius") == "Gaius: −0.2"
    assert language.say("nothing is known of this") == "nothing is known of this"


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match=", ".join(["en", *LANGUAGES]) + ": received 'fr'"):
        language.use_language("fr")


def test_a_translation_with_another_number_or_field_is_noticed():
    assert not list(disagreements({"{a} of 3": "3: {a}"}))
    assert list(disagreements({"{a} of 3": "2: {a}"}))
    assert list(disagreements({"{a:.1f}": "{a:.2f}"}))
