"""A language nobody speaks: interface sentences in brackets, with marks on the letters and 40 % longer.

What a page shows outside the brackets was not said through the catalogue, and what does not fit in it
would not fit in German either. It is put on in place of a real language, for tests only.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from babel.support import NullTranslations

from i18n import catalogue

OPENS, CLOSES = "⟦", "⟧"
_KEPT = re.compile(r"%\([a-z_]+\)[sd]|%%|\{[a-z]+\}|<[^>]+>|&[a-z]+;")
_MARKED = str.maketrans("aceinosuyACEINOSUY", "áçéíñöšúýÁÇÉÍÑÖŠÚÝ")
_SEGMENT = re.compile(f"{OPENS}[^{OPENS}{CLOSES}]*{CLOSES}")


def pseudo(sentence: str) -> str:
    """The sentence in the language nobody speaks; placeholders and tags stay what they are."""
    said = []
    end = 0
    for kept in _KEPT.finditer(sentence):
        said += [_longer(sentence[end : kept.start()]), kept[0]]
        end = kept.end()
    said.append(_longer(sentence[end:]))
    return f"{OPENS}{''.join(said)}{CLOSES}"


def _longer(words: str) -> str:
    return re.sub(r"([aeiou])", r"\1\1", words).translate(_MARKED)


class PseudoTranslations(NullTranslations):
    """Answers every sentence in the language nobody speaks."""

    def ugettext(self, message: str) -> str:
        return pseudo(message)

    def ungettext(self, singular: str, plural: str, num: int) -> str:
        return pseudo(singular if num == 1 else plural)

    def upgettext(self, context: str, message: str) -> str:
        return pseudo(message)


def put_on(monkeypatch: pytest.MonkeyPatch, locale: str) -> None:
    """From here on, that language speaks pseudo."""
    real = catalogue.translations
    instead = PseudoTranslations()

    def chosen(tag: str) -> Any:
        return instead if tag == locale else real(tag)

    monkeypatch.setattr(catalogue, "translations", chosen)


def outside(text: str) -> str:
    """What is left of a page's text when everything said through the catalogue is taken away."""
    while True:
        text, removed = _SEGMENT.subn(" ", text)
        if not removed:
            return text
