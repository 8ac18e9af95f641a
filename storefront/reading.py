"""Reading dates, prices and quantities the way people in Vietnam write them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

_DAY_FIRST = re.compile(r"(\d{1,2})[\s./-]+(\d{1,2})[\s./-]+(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})[\s./-]+(\d{1,2})[\s./-]+(\d{1,2})")
_COMPACT = re.compile(r"(\d{2})(\d{2})(\d{4})")
_CURRENCY = re.compile(r"(vn[dđ]|[₫đd]|đồng|dong)$")
_THOUSANDS = re.compile(r"\d{1,3}([.,\s])\d{3}(?:\1\d{3})*")
LARGEST_PRICE = 10**12


def read_day(text: str) -> date | None:
    """A day written dd/mm/yyyy, with any of / - . or blanks, or 2024-03-05; None when it is none.

    Two digits for the year mean this century. "ngày 5 tháng 3 năm 2024" is understood too.
    """
    plain = re.sub(r"ngày|tháng|năm", " ", text.casefold()).strip()
    if found := _YEAR_FIRST.fullmatch(plain):
        year, month, day = (int(part) for part in found.groups())
    elif found := _DAY_FIRST.fullmatch(plain) or _COMPACT.fullmatch(plain):
        day, month, year = (int(part) for part in found.groups())
    else:
        return None
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


def read_dong(text: str) -> int | None:
    """A price in whole đồng: "120.000", "120 000 đ", "120,000₫", "120k"; None when it is none."""
    plain = _CURRENCY.sub("", text.casefold().strip()).strip()
    factor = 1
    if plain.endswith("k"):
        plain, factor = plain[:-1].strip(), 1000
    if _THOUSANDS.fullmatch(plain):
        plain = re.sub(r"[.,\s]", "", plain)
    if not (plain.isascii() and plain.isdigit()):
        return None
    price = int(plain) * factor
    return price if price <= LARGEST_PRICE else None


def read_quantity(text: str) -> Decimal | None:
    """A quantity with up to three decimal places: "0,5", "1.5", "1.200" (thousands); None otherwise."""
    plain = text.strip()
    if re.fullmatch(r"[1-9]\d{0,2}(\.\d{3})+(,\d{1,3})?", plain):
        plain = plain.replace(".", "")
    plain = plain.replace(",", ".")
    if not re.fullmatch(r"\d{1,9}(\.\d{1,3})?", plain):
        return None
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def read_count(text: str, *, most: int = 10_000_000) -> int | None:
    """A whole number of things, thousands marked or not; None when it is none."""
    number = read_dong(text)
    return number if number is not None and number <= most else None
