"""Reading stars: "4", "4*", "****", "4 sao", "Bốn sao", "tiềm năng 5 sao", "3-4 sao", and points."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from catalog.importing.parsing.text import ascii_digits, fold

_STAR_SIGNS = "★⭐✭✮✯🌟✪☆✩"
_WORDS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "sau": 6, "khong": 0,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "zero": 0,
    "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5,
}  # fmt: skip
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?|[a-z]+")
_POTENTIAL = re.compile(
    r"tiem nang|de xuat|de nghi|du kien|dang ky|phan dau|potential|proposed|cho cong nhan|ky vong"
)
_RANGE = re.compile(
    r"(?<![\d.,])(\d)\s*(?:sao|\*|★)?\s*(?:-|–|—|~|/|;|,\s|va|den|to|hoac|or|and|len|thanh|[-=]*>|[→⇒➔➜])\s*(\d)(?![\d.,]*\d)(?!\s*diem)"
)
_ABOVE = re.compile(r"tro len|tro xuong|or (?:more|above)|\+\s*$|>=|≥|toi thieu")
_FAILED = re.compile(r"(?:khong|chua)\s+(?:dat|duoc|cong nhan|xep)|^\s*(?:loai|rot|fail)")
_MARK = frozenset(
    [
        "x",
        "v",
        "✓",
        "✔",
        "☑",
        "√",
        "x.",
        "co",
        "yes",
        "•",
        "●",
        "*",
        "×",
        "✗",
        "✘",
        "1",
        "dat",
        "☒",
        "ⅹ",
    ]
)
BANDS = ((Decimal(90), 5), (Decimal(70), 4), (Decimal(50), 3), (Decimal(30), 2), (Decimal(0), 1))
"""Least points of each class (Decision 148/QĐ-TTg); half-open, so 69.99 is three stars."""


@dataclass(frozen=True, slots=True)
class StarCell:
    """What a cell says about stars: the number (3 to 5) or the error code why there is none."""

    stars: int | None = None
    error: str = ""
    unreadable: bool = False


@lru_cache(maxsize=65_536)
def read_stars(text: str) -> StarCell:
    """The stars of a cell; codes: star_out_of_range, star_zero, star_range, potential_star_not_recognised."""
    text = ascii_digits(text.strip())
    signs = [c for c in text if not c.isspace()]
    if signs and all(c in _STAR_SIGNS + "*\ufe0e\ufe0f" for c in signs):
        return _judged(sum(c in "★⭐✭✮✯🌟✪*" for c in signs))
    said = fold(text.replace("⭐", "★"))
    if not said:
        return StarCell()
    if _FAILED.search(said):
        return StarCell(error="star_zero")
    spread = _RANGE.search(said)
    if spread and spread.group(1) != spread.group(2) and not re.search(r"\d\s*/\s*5\b", said):
        return StarCell(error="star_range")
    potential = _POTENTIAL.search(said)
    if potential:
        before, _, after = said.partition(potential.group())
        earlier, later = _first(before), _first(after)
        if earlier is not None and later is not None and earlier != later:
            return _judged(earlier)
        return StarCell(error="potential_star_not_recognised")
    if _ABOVE.search(said):
        return StarCell(error="star_range")
    counted = re.search(r"[★*]{2,}", said)
    number = len(counted.group()) if counted and not re.search(r"\d", said) else _first(said)
    return StarCell(unreadable=True) if number is None else _judged(number)


def _first(said: str) -> int | None:
    """The first number in digits or words that can be a number of stars."""
    for found in _NUMBER.findall(said):
        if found[0].isdigit():
            try:
                number = Decimal(found.replace(",", "."))
            except InvalidOperation:
                return None
            return int(number) if number == int(number) and number < 100 else None
        if found in _WORDS and (
            len(found) > 2 or re.fullmatch(r"(?:(?:dat )?(?:hang )?)(?:[iv]+|ba|tu)(?: sao)?", said)
        ):
            return _WORDS[found]
    return None


def _judged(number: int) -> StarCell:
    if number == 0:
        return StarCell(error="star_zero")
    if not 3 <= number <= 5:
        return StarCell(error="star_out_of_range")
    return StarCell(stars=number)


def is_mark(text: str) -> bool:
    """Whether the cell is only a tick: x, X, ✓ …"""
    return fold(text.strip()) in _MARK or text.strip() in _MARK


def parse_stars(text: str) -> int:
    """The number of stars, in range or not; raises ValueError when the cell names none."""
    said = read_stars(text)
    if said.stars is not None:
        return said.stars
    number = _first(fold(ascii_digits(text)))
    if number is None or said.error in {"star_range", "potential_star_not_recognised"}:
        raise ValueError("not a number of stars")
    return number


def read_score(text: str) -> Decimal | None:
    """Points from 0 to 100 ("91,14", "91.14 điểm"); None when there are none."""
    found = re.search(r"\d{1,3}(?:[.,]\d{1,4})?", ascii_digits(text))
    if not found or re.search(r"\d", ascii_digits(text)[found.end() :].replace("/100", "")):
        return None
    score = Decimal(found.group().replace(",", "."))
    return score.normalize() if 0 < score <= 100 else None


def stars_of_score(score: Decimal) -> int:
    """The class a number of points belongs to."""
    return next(stars for least, stars in BANDS if score >= least)
