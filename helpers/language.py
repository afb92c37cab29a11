"""What the course says, in the reader's language: `use_language` chooses it, `say` speaks it.

English sentences stand where they are used; other languages have a catalogue in `locale`.
"""

import re
from pathlib import Path

LOCALE = Path(__file__).with_name("locale")

_said: dict[str, str] = {}  # English to the present language; empty for English itself


def use_language(code: str) -> None:
    """Speak this language from now on: "en", or one that has a catalogue, such as "zh_CN".

    Raises ValueError: there is no catalogue of that name
    """
    global _said
    _said = {} if code == "en" else catalogue(code)


def catalogue(code: str) -> dict[str, str]:
    """Read one language's translations: what is said in English, and how it is said there."""
    path = LOCALE / code / "course.po"
    known = ["en", *sorted(found.parent.name for found in LOCALE.glob("*/course.po"))]
    if code not in known:
        raise ValueError(f"language must be one of {', '.join(known)}: received {code!r}")
    from babel.messages.pofile import read_po  # English readers need not wait for it

    with path.open("rb") as file:
        return {m.id: m.string for m in read_po(file, locale=code) if m.id and m.string}


def say(english: str, **fields: object) -> str:
    """Return a sentence in the present language, with its {fields} filled in if any are given.

    A hyphen before a digit becomes a minus sign.

    >>> say("The slope is {slope:.1f}.", slope=-0.42)
    'The slope is −0.4.'
    """
    sentence = _said.get(english, english)
    if not fields:
        return sentence
    return re.sub(r"-(?=[\d.∞])", "−", sentence.format(**fields))
