"""What is said to a reader, in the reader's language."""

import re
from collections.abc import Mapping

_said: Mapping[str, str] = {}  # English to the present language; empty for English itself


def speak(sentences: Mapping[str, str]) -> None:
    """Say these from now on, by the English sentences in whose place they stand."""
    global _said
    _said = sentences


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
