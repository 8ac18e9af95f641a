"""Reading dates, prices and quantities the way people in Vietnam write them."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from catalog.rules.identifiers import is_valid_gtin

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


def read_number(text: str) -> int | None:
    """A number that one of our own pages wrote into an address or a form: 15 plain digits at most, else None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None  # noqa: PLR2004


def read_page(text: str, *, most: int = 99_999) -> int:
    """The number of a page as an address has it, the first one for anything else."""
    number = read_number(text)
    return number if number and number <= most else 1


def read_temperature(text: str) -> Decimal | None:
    """Degrees Celsius: "4", "-18", "−18 °C", "2,5 độ"; None when it is none."""
    plain = re.sub(r"\s*(°\s*c|độ( c)?|c)?$", "", text.casefold().strip().replace("−", "-"))
    sign = -1 if plain.startswith(("-", "âm")) else 1
    value = read_quantity(plain.removeprefix("-").removeprefix("âm").strip())
    return None if value is None else sign * value


_DAYS = {"": 1, "ngày": 1, "day": 1, "days": 1, "tuần": 7, "week": 7, "weeks": 7, "tháng": 30,
         "month": 30, "months": 30, "năm": 365, "year": 365, "years": 365}  # fmt: skip


def read_days(text: str) -> int | None:
    """A time in days: "180", "6 tháng" (30 days each), "2 năm", "1 tuần"; None when it is none."""
    found = re.fullmatch(r"(\d[\d.,\s]*?)\s*([^\d\s]*)", text.casefold().strip())
    if found is None or found[2] not in _DAYS:
        return None
    number = read_count(found[1])
    days = None if number is None else number * _DAYS[found[2]]
    return days if days is not None and days <= 100 * 365 else None


def read_grams(text: str) -> int | None:
    """A weight in whole grams: "550", "550 g", "1,2 kg", "0,5kg"; None when it is none."""
    plain = text.casefold().strip()
    factor = 1
    for ending, by in (("kg", 1000), ("tấn", 1_000_000), ("gam", 1), ("gram", 1), ("g", 1)):
        if plain.endswith(ending):
            plain, factor = plain.removesuffix(ending).strip(), by
            break
    value = read_quantity(plain)
    if value is None:
        return None
    grams = value * factor
    return int(grams) if grams == int(grams) and 0 < grams <= LARGEST_WEIGHT else None


LARGEST_WEIGHT = 2_000_000_000


def read_size(text: str) -> tuple[int, int, int] | None:
    """Three sides in centimetres as millimetres: "40 x 30 x 20", "40*30*20,5 cm"; None otherwise."""
    plain = text.casefold().removesuffix("cm").strip()
    sides = [read_quantity(side.strip()) for side in re.split(r"[x×*]", plain)]
    found = [int(side * 10) for side in sides if side is not None and side * 10 == int(side * 10)]
    if len(sides) != 3 or len(found) != 3 or not all(0 < side < 100_000 for side in found):  # noqa: PLR2004
        return None
    return found[0], found[1], found[2]


def read_gtin(text: str) -> str | None:
    """The digits of a bar code when the check digit fits; None when it does not."""
    digits = re.sub(r"[\s.-]", "", text)
    return digits if is_valid_gtin(digits) else None
