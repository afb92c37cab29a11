"""What the course says, in the reader's language: `use_language` chooses it, `say` speaks it.

English sentences stand where they are used; other languages have a catalogue in `locale`.
"""

from pathlib import Path

from .engine.words import say as say, speak

LOCALE = Path(__file__).with_name("locale")


def use_language(code: str) -> None:
    """Speak this language from now on: "en", or one that has a catalogue, such as "zh_CN".

    Raises ValueError: there is no catalogue of that name
    """
    speak({} if code == "en" else catalogue(code))


def catalogue(code: str) -> dict[str, str]:
    """Read one language's translations: what is said in English, and how it is said there."""
    path = LOCALE / code / "course.po"
    known = ["en", *sorted(found.parent.name for found in LOCALE.glob("*/course.po"))]
    if code not in known:
        raise ValueError(f"language must be one of {', '.join(known)}: received {code!r}")
    from babel.messages.pofile import read_po  # English readers need not wait for it

    with path.open("rb") as file:
        messages = read_po(file, locale=code)
    return {str(m.id): str(m.string) for m in messages if m.id and m.string}
