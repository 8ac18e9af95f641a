"""Knows how a text becomes search tokens: one pure function, the same for every engine."""

import re
import unicodedata
from functools import lru_cache
from typing import Any

from catalog.search.scripts import fold, runs

CHAINS = ("fold", "exact", "en", "fr", "de", "cjk", "ko", "bn")

# The tone of -oa, -oe, -uy at the end of a syllable is written on either vowel
# (hoà = hòa): both are read as the older spelling.
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_MOVABLE_TONE = re.compile(rf"(?<!q)(o|u)([aey])([{_TONES}])$")
_HEADS = [
    "blatter",
    "blatt",
    "bohnen",
    "brot",
    "bonbons",
    "essig",
    "extrakt",
    "fisch",
    "flocken",
    "fruchte",
    "frucht",
    "garnelen",
    "gebaeck",
    "geback",
    "gemuse",
    "getrank",
    "gewurz",
    "grau",
    "honig",
    "kaffee",
    "kerne",
    "keks",
    "konfekt",
    "korb",
    "korn",
    "kraut",
    "kuchen",
    "likor",
    "matte",
    "mehl",
    "milch",
    "nudeln",
    "nusse",
    "nuss",
    "ol",
    "paste",
    "papier",
    "pfeffer",
    "pilze",
    "pilz",
    "pulver",
    "reis",
    "saft",
    "salz",
    "samen",
    "sauce",
    "schal",
    "schalotten",
    "seife",
    "sirup",
    "sosse",
    "stabchen",
    "starke",
    "stangen",
    "suppe",
    "tasche",
    "tee",
    "vase",
    "wein",
    "wolle",
    "wurst",
    "wurzel",
    "zucker",
    "fruchtchips",
    "chips",
    "bilder",
    "bild",
]
_FIRST_PARTS = [
    "kokos",
    "fisch",
    "seiden",
    "ingwer",
    "lotus",
    "kaffee",
    "kakao",
    "kassava",
    "kuh",
    "reis",
    "soja",
    "sesam",
    "palm",
    "rohr",
    "honig",
    "wild",
    "schwein",
    "rind",
    "buffel",
    "garnelen",
    "erdnuss",
    "cashew",
    "mango",
    "bananen",
    "trocken",
    "natur",
    "duft",
    "klebe",
    "kleb",
    "glas",
    "bienen",
    "blumen",
    "meer",
    "pfeffer",
    "zimt",
    "chili",
    "knoblauch",
    "kurkuma",
    "zitronengras",
    "kräuter",
    "krauter",
    "keramik",
    "bambus",
    "rattan",
    "wasser",
    "boot",
    "boots",
    "wurz",
    "rotwein",
    "rot",
    "gewurz",
    "mungbohnen",
]


def tokens(chain: str, text: str) -> list[str]:
    """Return the tokens of a text in one chain, in reading order.

    Chains are ``fold`` (words without marks), ``exact`` (words with their tones), the stems
    ``en``, ``fr`` and ``de``, and ``cjk``, ``ko`` (single signs and overlapping pairs) and ``bn``.
    Raises ``ValueError`` for another chain.
    """
    if chain not in CHAINS:
        raise ValueError(f"unknown chain {chain!r}")
    if chain in ("cjk", "ko", "bn"):
        found = [run.text for run in runs(text) if run.script == chain]
    else:
        found = [run.text for run in runs(text) if run.script == "word"]
    return [token for word in found for token in word_tokens(chain, word)]


def word_tokens(chain: str, word: str) -> tuple[str, ...]:
    """Return the tokens of one prepared word or run; the first is the word's own form."""
    if chain == "fold":
        return (fold(word),)
    if chain == "exact":
        return (exact(word),)
    if chain in ("en", "fr", "de"):
        return _stems(chain, word)
    if chain == "bn":
        return tuple(dict.fromkeys((word, _bengali_stem(word))))
    signs = ideographs(word) if chain == "cjk" else word
    return (*signs, *pairs(signs))


def pairs(signs: str) -> tuple[str, ...]:
    """Return the overlapping pairs of a row of signs."""
    return tuple(signs[i : i + 2] for i in range(len(signs) - 1))


@lru_cache(maxsize=65536)
def exact(word: str) -> str:
    """Return a prepared word with tones, the tone of ``-oa -oe -uy`` in one place."""
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", _MOVABLE_TONE.sub(r"\1\3\2", parts))


@lru_cache(maxsize=65536)
def ideographs(signs: str) -> str:
    """Return a row of Han and kana in simplified signs and hiragana.

    Japanese shapes become traditional ones first, else they never meet their Chinese forms.
    """
    row = "".join(chr(ord(c) - 0x60) if "\u30a1" <= c <= "\u30f6" else c for c in signs)
    if any(c > "\u3400" for c in row):
        row = _converter("t2s").convert(_converter("jp2t").convert(row))
    return row


@lru_cache(maxsize=65536)
def _stems(language: str, word: str) -> tuple[str, ...]:
    if language == "en":
        return (_stemmer("english").stemWord(fold(word)),)
    if language == "fr":
        stem = _stemmer("french").stemWord
        return tuple(dict.fromkeys((fold(stem(word)), fold(stem(fold(word))))))
    stem = _stemmer("german").stemWord
    plain = _without_umlaut_spelling(fold(word))
    return tuple(dict.fromkeys(stem(part) for part in (plain, *_german_parts(plain))))


def _without_umlaut_spelling(word: str) -> str:
    return word.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def _german_parts(word: str) -> tuple[str, ...]:
    """Split a compound at a known head or first part; both sides keep three letters or more."""
    for head in sorted(_HEADS, key=len, reverse=True):
        if word.endswith(head) and len(word) - len(head) >= 4:
            return (word[: -len(head)], head)
    for first in sorted(_FIRST_PARTS, key=len, reverse=True):
        if word.startswith(first) and len(word) - len(first) >= 4:
            return (first, word[len(first) :])
    return ()


_BENGALI_ENDINGS = (
    "গুলোর",
    "গুলির",
    "গুলো",
    "গুলি",
    "দের",
    "টির",
    "টি",
    "টা",
    "ের",
    "কে",
    "তে",
    "র",
    "ে",
)


def _bengali_stem(word: str) -> str:
    word = word.strip("\u09e4\u09e5\u0964")
    for ending in _BENGALI_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=4)
def _stemmer(language: str) -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer(language)


@lru_cache(maxsize=4)
def _converter(name: str) -> Any:
    import opencc

    return opencc.OpenCC(name)
