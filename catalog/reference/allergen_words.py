"""Words of ingredient lists that name an allergen: a fixed glossary, and how a text is searched for it."""

from __future__ import annotations

import re
from functools import lru_cache

from catalog.reference.allergen_forms import FORMS, NOT_MEANT
from catalog.reference.allergens import ALLERGENS
from i18n.text import fold, nfc

_BRACKETS = re.compile(r"[(（)）,;、，・…]")
_ALSO = {
    "CRU": "tôm cua ghẹ tép ruốc ba khía krill shrimp prawn crab crustacean えび エビ 海老 かに カニ",
    "MOL": "mực hàu sò nghêu oyster squid clam mussel mollusc いか イカ かき 貝",
    "FIS": "cá fish anchovy anchovies gourami snakehead goby tuna 魚",
    "EGG": "trứng egg eggs 卵",
    "MIL": "sữa milk butter cream whey 乳 牛乳",
    "SOY": "đậu nành đậu tương soy soya soybean tofu 大豆",
    "GLU": "lúa mì bột mì wheat gluten barley 小麦",
    "PEA": "đậu phộng lạc peanut peanuts 落花生 ピーナッツ",
    "NUT": "hạt điều điều mắc ca hạnh nhân hạt dẻ cashew cashews macadamia almond chestnut walnut"
    " カシューナッツ 栗",
    "SES": "mè vừng sesame ごま 胡麻",
    "SUL": "sunfit sulphite sulphites sulfite 亜硫酸",
    "CEL": "cần tây celery セロリ",
    "MUS": "mù tạt mustard からし",
    "BN": "yến tổ yến bird's nest ツバメの巣",
}
_TWO_WORDS = re.compile(
    r"ba khía|đậu nành|đậu tương|lúa mì|bột mì|đậu phộng|hạt điều|mắc ca|hạnh nhân|hạt dẻ|cần tây"
    r"|mù tạt|tổ yến|bird's nest"
)
_NOT_MEANT = re.compile(r"chất điều|yến mạch|cá nhân|cà phê sữa đá|nước cốt dừa", re.IGNORECASE)
"""Phrases with the same syllables that name no allergen; they are read over."""

_TOGETHER = ("vi", "en", "ja")
"""Languages that are read with one set of words: a Vietnamese text often holds English, a Japanese one both."""

_EDGES = {
    "fr": (r"(?<!\w)", r"(?:s|x)?(?!\w)"),
    "de": (r"(?<!\w)", r"(?!\w)"),
    "ko": (r"(?<!(?-i:[가-힣]))", r"(?!(?-i:[가-힣]))"),
    "bn": (
        "(?<!(?-i:[\u0980-\u09ff]))",
        "(?:\u09c7\u09b0|\u09b0|\u09c7|\u099f\u09bf|\u0997\u09c1\u09b2\u09bf|\u0995\u09c7)?(?!(?-i:[\u0980-\u09ff]))",
    ),
    "zh-hans": ("", ""),
    "zh-hant": ("", ""),
}
"""Where a word begins and ends: Chinese has no borders, French adds a plural, Bengali a case ending.

``\\w`` is of no use for Bengali: its vowel signs are marks, not letters. Scripts without capitals are
compared as they are written: to ignore their case, `re` would look at each of 11,172 Korean syllables.
"""

SULPHITES = frozenset(map(str, range(220, 229)))
"""INS numbers of sulphites."""


def allergen_spans(text: str, codes: tuple[str, ...], locale: str) -> list[tuple[int, int]]:
    """Where the text, in that language, names one of these allergens: places in order, none overlapping."""
    places: list[tuple[int, int]] = []
    for code in codes:
        pattern = _pattern(code, locale)
        places += [found.span() for found in pattern.finditer(text) if found[1]] if pattern else []
    merged: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


@lru_cache(maxsize=512)
def _pattern(code: str, locale: str) -> re.Pattern[str] | None:
    """Group 1 is a word that names the allergen; a match without it is one that only looks like it."""
    if code not in ALLERGENS:
        return None
    if locale not in _EDGES:
        return _pattern_of_three(code)
    words = set(_parts(ALLERGENS[code].names[locale]))
    words |= set(FORMS[locale].get(code, "").split())
    meant = _alternatives(words, locale)
    looks_like = _alternatives(set(NOT_MEANT[locale].get(code, "").split()), locale)
    either = f"{looks_like}|({meant})" if looks_like else f"({meant})"
    return re.compile(either, re.IGNORECASE)


def _alternatives(words: set[str], locale: str) -> str:
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(_expression(nfc(word), locale) for word in ordered)


def _expression(word: str, locale: str) -> str:
    begins, ends = _EDGES[locale]
    # A German compound is one word to the eye and is emphasised whole ("Fischsoße").
    inside = r"\w*" if locale == "de" else ""
    core = re.escape(word.strip("*").replace("_", " ")).replace(r"\ ", r"\s+")
    left = (begins + inside if inside else "") if word.startswith("*") else begins
    right = (inside + ends if inside else "") if word.endswith("*") else ends
    return f"{left}{core}{right}"


def _parts(name: str) -> list[str]:
    return [part.strip() for part in _BRACKETS.split(name) if part.strip()]


def _pattern_of_three(code: str) -> re.Pattern[str]:
    known = _ALSO.get(code, "")
    words = set(_TWO_WORDS.findall(known)) | set(_TWO_WORDS.sub(" ", known).split())
    for tag in _TOGETHER:
        words |= set(_parts(ALLERGENS[code].names[tag]))
    ordered = sorted(words, key=len, reverse=True)
    latin = [re.escape(word) for word in ordered if fold(word).isascii()]
    other = [re.escape(word) for word in ordered if not fold(word).isascii()]
    parts = [rf"(?<!\w)(?:{'|'.join(latin)})(?!\w)"] if latin else []
    return re.compile(f"({'|'.join(parts + other)})", re.IGNORECASE)


def allergens_named_in(text: str, ins_number: str | None = None) -> tuple[str, ...]:
    """The codes of the allergens a text names by the glossary's words, in order of the glossary.

    It can miss one and it can be wrong ("tinh bột điều chế"): the producer's own statement decides,
    this only asks back.
    """
    plain = _NOT_MEANT.sub(" ", text)
    found = []
    for code in ALLERGENS:
        is_sulphite = code == "SUL" and ins_number in SULPHITES
        if is_sulphite or allergen_spans(plain, (code,), "vi"):
            found.append(code)
    return tuple(found)
