"""Knows how a text is cleaned and cut into runs of one script."""

import re
import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

Script = Literal["word", "cjk", "ko", "bn"]

_CJK = (
    "\u3005-\u3007\u3041-\u3096\u309d\u309e\u30a1-\u30fa\u30fc-\u30fe"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_HANGUL = "\uac00-\ud7af\u1100-\u11ff\u3131-\u318e"
_BENGALI = "\u0980-\u09ff"
RUN = re.compile(
    rf"(?P<word>(?:[^\W_{_CJK}{_HANGUL}{_BENGALI}]+[\u0300-\u036f]*)+)"
    rf"|(?P<cjk>[{_CJK}]+)"
    rf"|(?P<ko>[{_HANGUL}]+)"
    rf"|(?P<bn>[{_BENGALI}]+)"
)
_SCRIPTS: tuple[Script, ...] = ("word", "cjk", "ko", "bn")
"""The groups of a run, in their order."""
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
# What stands for the long-vowel sign where a keyboard has none at hand.
_KANA_DASH = re.compile(
    "(?<=[\u3041-\u30fa])[\u002d\u2010-\u2015\u2212\uff0d](?=[\u3041-\u30fa]|$|\\s)"
)
_ELISION = re.compile(r"\b(?:l|d|j|t|s|n|c|qu|jusqu|lorsqu|puisqu)['’ʼ](?=\w)")
_POSSESSIVE = re.compile(r"(?<=\w)['’ʼ]s\b")
# Letters that Unicode does not decompose although a reader types the plain letter.
_PLAIN = str.maketrans(
    {"đ": "d", "ð": "d", "ø": "o", "ł": "l", "ı": "i", "œ": "oe", "æ": "ae", "ß": "ss"}
)


class Run(NamedTuple):
    """A stretch of text in one script: one word, or an unbroken row of CJK signs."""

    script: Script
    text: str


def prepare(text: str) -> str:
    """Return text in NFKC and without case, so that spellings of one text are one text."""
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    text = unicodedata.normalize("NFKC", text.casefold())
    return text if text.isascii() else _KANA_DASH.sub("\u30fc", text)


def runs(text: str) -> list[Run]:
    """Cut a text into words and rows of CJK, Hangul and Bengali signs, in reading order."""
    return [
        Run(script, own)
        for found in cut(text)
        for script, own in zip(_SCRIPTS, found, strict=True)
        if own
    ]


def cut(text: str) -> list[tuple[str, str, str, str]]:
    """Do what `runs` does, four times as fast: of word, CJK, Hangul and Bengali one is not empty."""
    clean = prepare(text)
    if "'" in clean or "’" in clean or "ʼ" in clean:
        clean = _POSSESSIVE.sub("", _ELISION.sub("", clean))
    return RUN.findall(clean)


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Return a prepared Latin word without tones and other marks (``nước`` gives ``nuoc``)."""
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFD", word.translate(_PLAIN))
    return "".join(c for c in parts if unicodedata.category(c) != "Mn")
