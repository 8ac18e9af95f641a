"""Names of nine languages as parts of addresses: Latin letters where a script can be read without a dictionary."""

from __future__ import annotations

import re

from i18n.text import fold, slugify

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々]")
_LATIN = re.compile(r"[a-z]")
_NEXT_SYLLABLE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SYLLABLES = frozenset({"ko", "zh-hans", "zh-hant"})


def slug_in(text: str, locale: str) -> str:
    """The name as an address part of its own language; "" when none can be made faithfully.

    Hangul, kana, Bengali and Chinese have one usual reading that a table knows. Japanese reads Han
    characters by the word, so a Japanese name that has any makes no address: Chinese readings of it
    would be nonsense. A text without a letter (only digits) makes none either.
    """
    if locale == "ja" and _HAN.search(text):
        return ""
    if locale == "de":
        text = text.translate(_UMLAUTS)
    if locale in _SYLLABLES:
        from anyascii import anyascii

        text = _NEXT_SYLLABLE.sub(" ", anyascii(fold(text)))
    made = slugify(text)
    return made if _LATIN.search(made) else ""
