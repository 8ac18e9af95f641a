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
_HEADS = """
    blatter blatt bohnen bohne brot bonbons bonbon essig extrakt fisch flocken fruchte frucht
    garnelen gebaeck geback gemuse getrank gewurz grau honig kaffee kerne keks konfekt korb
    korbe korn kraut krauter kuchen likor matte mehl milch nudeln nudel nusse nuss ol paste
    papier pfeffer pilze pilz pulver reis saft salz samen sauce schal schalotten seife sirup
    sosse stabchen starke stangen suppe tasche taschen tee vase vasen wein wolle wurst wurste
    wurzel zucker fruchtchips chips bilder bild butter creme marmelade melasse mischung riegel
    set shampoo schnaps schokolade sprossen tuch hut hute laterne laternen lampe schmuck perlen
    fleisch schinken ei eier kekse cracker waffeln brei wasser
"""
_FIRST_PARTS = """
    kokos kokosnuss fisch seiden ingwer lotus kaffee kakao kassava kuh reis soja sesam palm rohr
    zuckerrohr honig wild schwein schweine rind rinder buffel garnelen krabben erdnuss cashew
    mango bananen trocken natur duft klebe kleb glas bienen blumen meer meeres pfeffer zimt
    chili knoblauch kurkuma zitronengras krauter keramik bambus rattan wasser boot boots wurz
    rotwein rot weiss schwarz grun gewurz mungbohnen bohnen lack leder krokodil tinten stern
    trauben apfel artischocken jasmin bio haut haar ol vogel schwalben mond geschenk tee hand
    stroh kegel ananas durian litschi longan orangen pomelo jackfrucht suppen instant milch
    hafer
"""
_HEADS_LONGEST_FIRST = sorted(_HEADS.split(), key=len, reverse=True)
_FIRST_PARTS_LONGEST_FIRST = sorted(_FIRST_PARTS.split(), key=len, reverse=True)


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
        return tuple(dict.fromkeys((word, bengali_key(word))))
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

    Japanese shapes become traditional ones first, else they never meet their Chinese forms. The
    long-vowel sign is dropped, because loan words are written with it and without it.
    """
    row = "".join(chr(ord(c) - 0x60) if "\u30a1" <= c <= "\u30f6" else c for c in signs)
    row = row.replace("\u30fc", "").translate(_SAME_KANA) or row
    if any(c > "\u3400" for c in row):
        row = converter("t2s").convert(converter("jp2t").convert(row)).translate(_SAME_HAN)
    return row


# Signs that go another way over Japanese than straight to their simplified shape.
_SAME_HAN = str.maketrans("竝倂戯敍沪緖芸苧衞颖餠", "并并戏叙滤绪艺苎卫颕饼")
_SAME_KANA = str.maketrans("ゔぢづ", "ぶじず")
_WORD_ENDINGS = ("es", "en", "er", "em", "s", "e", "n")


@lru_cache(maxsize=65536)
def word_key(word: str) -> str:
    """Return what is left of a Latin word without marks, umlaut spelling and endings.

    Two words of names in any European language are taken for one when their keys are equal.
    """
    key = fold(word)
    if len(key) <= 4:
        return key[:-1] if len(key) == 4 and key.endswith("s") and not key.endswith("ss") else key
    key = without_umlaut_spelling(key)
    while True:
        for ending in _WORD_ENDINGS:
            if key.endswith(ending) and len(key) - len(ending) >= 4 and not key.endswith("ss"):
                key = key[: -len(ending)]
                break
        else:
            return key


@lru_cache(maxsize=65536)
def _stems(language: str, word: str) -> tuple[str, ...]:
    if word.isdigit():
        return (fold(word),)
    if language == "en":
        return (_stemmer("english").stemWord(fold(word)),)
    if language == "fr":
        stem = _stemmer("french").stemWord
        return tuple(dict.fromkeys((fold(stem(word)), fold(stem(fold(word))))))
    stem = _stemmer("german").stemWord
    plain = without_umlaut_spelling(fold(word))
    return tuple(dict.fromkeys(stem(part) for part in (plain, *german_parts(plain))))


def without_umlaut_spelling(word: str) -> str:
    """Return a folded German word with ``ae oe ue`` as plain vowels."""
    return word.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def german_parts(word: str) -> tuple[str, ...]:
    """Split a compound at a known head or first part; both sides keep three letters or more."""
    for head in _HEADS_LONGEST_FIRST:
        if word.endswith(head) and len(word) - len(head) >= 4:
            return (word[: -len(head)], head)
    for first in _FIRST_PARTS_LONGEST_FIRST:
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


# Signs that sound alike and that people mix: long and short i and u, the two n, the three sh, …
_BENGALI_ALIKE = str.maketrans(
    {"\u09c0": "\u09bf", "\u09c2": "\u09c1", "\u0988": "\u0987", "\u098a": "\u0989"}
    | {"\u09a3": "\u09a8", "\u09b7": "\u09b6", "\u09b8": "\u09b6", "\u0999": "\u0982"}
    | {"\u09bc": None, "\u0981": None, "\u09af": "\u099c", "\u200d": None}
)


@lru_cache(maxsize=65536)
def bengali_key(word: str) -> str:
    """Return a Bengali word without its ending, vowel signs kept, signs that sound alike as one."""
    stem = bengali_stem(word).replace("\u09a1\u09bc", "\u09b0")
    return stem.translate(_BENGALI_ALIKE) or word


def bengali_stem(word: str) -> str:
    """Return a Bengali word without its ending."""
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
def converter(name: str) -> Any:
    """Return the converter of Chinese signs that OpenCC calls so (``t2s``, ``s2tw``)."""
    import opencc

    return opencc.OpenCC(name)
