"""GS1 Digital Link addresses: how a GTIN and a lot become a web address, and how one is read back.

Source: GS1 Digital Link URI Syntax 1.4 and the General Specifications (dates: six digits yymmdd, where
day 00 means the last day of the month and the century lies within fifty years).
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from catalog.rules.identifiers import Gtin

DATE_KEYS = {"11": "produced_on", "13": "packed_on", "15": "best_before", "17": "use_by"}
_LEFT_ALONE = "!'()*,-._:;"
"""Characters of the 82 that may stand in a part of an address as they are."""


@dataclass(frozen=True, slots=True)
class Attributes:
    """What the query of a Digital Link says besides the key; unreadable dates are listed, not guessed."""

    produced_on: date | None = None
    packed_on: date | None = None
    best_before: date | None = None
    use_by: date | None = None
    unreadable: tuple[str, ...] = ()

    @property
    def expires_on(self) -> date | None:
        """The last day the code itself claims."""
        return self.use_by or self.best_before


def may_be_link(gtin: str | None, *, is_internal: bool) -> bool:
    """Whether the number may stand behind /01/: a true GTIN, never an in-house number (ADR 0012)."""
    if not gtin or is_internal:
        return False
    try:
        return not Gtin.parse(gtin).is_restricted
    except ValueError:
        return False


def lot_path(
    gtin: str, number: str, *, expires_on: date | None = None, expiry_kind: str = "best_before"
) -> str:
    """``/01/08938500001239/10/NM2605A?15=260501``; raises ValueError for what is no GTIN."""
    parsed = Gtin.parse(gtin)
    if parsed.is_restricted:
        raise ValueError("an in-house number is no GTIN")
    path = f"/01/{parsed.gtin14}/10/{quote(number, safe=_LEFT_ALONE)}"
    if expires_on is None:
        return path
    return f"{path}?{'17' if expiry_kind == 'use_by' else '15'}={expires_on:%y%m%d}"


def read_attributes(query: Mapping[str, str], *, today: date) -> Attributes:
    """The dates among the parameters of an address; anything else there is left to others."""
    found: dict[str, date] = {}
    unreadable = []
    for key, name in DATE_KEYS.items():
        text = query.get(key, "")
        if not text:
            continue
        day = read_date(text, today=today)
        if day is None:
            unreadable.append(key)
        else:
            found[name] = day
    return Attributes(**found, unreadable=tuple(unreadable))


def read_date(text: str, *, today: date) -> date | None:
    """Six digits yymmdd as a day, or None."""
    if len(text) != 6 or not (text.isascii() and text.isdigit()):
        return None
    year, month, day = int(text[:2]), int(text[2:4]), int(text[4:])
    century = today.year - today.year % 100
    gap = year - today.year % 100
    if gap > 50:
        century -= 100
    elif gap < -49:
        century += 100
    try:
        last = calendar.monthrange(century + year, month)[1]
        return date(century + year, month, day or last)
    except (ValueError, calendar.IllegalMonthError):
        return None


def spellings(gtin14: str) -> tuple[str, ...]:
    """The same number as it may be kept: with 14, 13, 12 or 8 digits."""
    return tuple(
        gtin14[14 - length :]
        for length in (14, 13, 12, 8)
        if gtin14[: 14 - length].strip("0") == ""
    )
