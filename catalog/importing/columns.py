"""Which column is which: our names for the headings of registers, price lists and catalogues, in any spelling.

The headings are data (`data/columns.json`, versioned); here is only how a heading is compared with them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from catalog.importing.parsing.text import fold

_TRANSLATED = ("name", "summary", "description", "ingredients", "usage", "storage_note")
_LOCALES = ("en", "ja", "ko", "zh-hans", "zh-hant", "fr", "de", "bn")
_LONGEST_HEADING = 90
_FILLER = re.compile(r"\b(?:ocop|cua|cac|duoc|theo|tai|nam 20\d\d|the|of|cap tinh|vnd|dong|d)\b")
_STAR_COLUMN = re.compile(
    r"^(?:hang|dat|dat hang|xep hang|loai|san pham|cap)?\s*([1-6])\s*(?:sao|stars?|\*|★)?$"
)
_STAR_SIGNS = re.compile(r"^[★⭐*]{1,5}$")
_OTHER_GIA = re.compile(
    r"\b(?:danh|quoc|tham|chuyen) gia\b|\bgia (?:dinh|cong|tri|vi|suc|cam|tang|han|truyen)\b"
)
"""Words that share the letters of giá, a price, when marks are left out: đánh giá, quốc gia, gia đình."""


def heading_key(heading: str) -> str:
    """A heading to compare: small letters without marks, single blanks, no punctuation."""
    return re.sub(r"[\W_]+", " ", fold(heading)).strip()


@cache
def _index() -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    data = json.loads(files("catalog.importing").joinpath("data/columns.json").read_text("utf-8"))
    exact: dict[str, str] = {}
    within: list[tuple[str, str]] = []
    for name, aliases in data["fields"].items():
        for alias in (name, *aliases["exact"]):
            exact.setdefault(heading_key(alias), name)
        within += [(heading_key(alias), name) for alias in aliases["within"]]
    for field in _TRANSLATED:
        for locale in _LOCALES:
            exact[heading_key(f"{field} {locale}")] = f"{field}_{locale}"
    within.sort(key=lambda pair: -len(pair[0]))
    return exact, tuple(within)


def known_fields() -> frozenset[str]:
    """Our names of columns."""
    return frozenset(_index()[0].values())


@cache
def match_heading(heading: str) -> tuple[str, int]:
    """(our name, how sure: 2 the whole heading, 1 words of it); ("", 0) for a heading nobody knows."""
    if not heading or len(heading) > _LONGEST_HEADING:
        return "", 0
    exact, within = _index()
    bare = re.sub(r"[(\[].*?[)\]]", " ", heading)
    for text in (heading, bare):
        key = heading_key(text)
        if key in exact:
            return exact[key], 2
        shorter = " ".join(_FILLER.sub(" ", key).split())
        if shorter and shorter in exact:
            return exact[shorter], 2
    for part in re.split(r"[/\n|]", bare):
        if (key := heading_key(part)) in exact and len(key) > 2:
            return exact[key], 1
    key = f" {heading_key(bare)} "
    if len(key.split()) > 10:
        return "", 0
    for alias, name in within:
        if f" {alias} " in (_OTHER_GIA.sub(" ", key) if alias == "gia" else key):
            return name, 1
    return "", 0


def star_class(heading: str) -> int | None:
    """The class of a column whose rows are only ticked: "3 sao", "Hạng 4 sao", "★★★★"."""
    said = fold(heading).strip()
    if _STAR_SIGNS.match(said):
        return len(said)
    found = _STAR_COLUMN.match(said)
    words = {"ba sao": 3, "bon sao": 4, "nam sao": 5}
    if found and ("sao" in said or "star" in said or "*" in said or "★" in said):
        return int(found.group(1))
    return words.get(re.sub(r"^(?:hang|dat)\s+", "", said))


def match_columns(headings: Sequence[str]) -> tuple[dict[str, int], tuple[str, ...]]:
    """Our names → positions, and the headings we don't know; a whole heading counts before words of one."""
    known: dict[str, int] = {}
    for sure in (2, 1):
        for position, heading in enumerate(headings):
            name, how = match_heading(heading)
            if how == sure and name not in known and position not in known.values():
                known[name] = position
    used = set(known.values())
    unknown = tuple(h for p, h in enumerate(headings) if h and p not in used)
    return known, unknown


def translation_columns(known: Mapping[str, int]) -> list[tuple[str, str, str]]:
    """(our column, field, locale) of every column that holds a translation."""
    return [
        (f"{field}_{locale}", field, locale)
        for field in _TRANSLATED
        for locale in _LOCALES
        if f"{field}_{locale}" in known
    ]
