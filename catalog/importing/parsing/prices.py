"""Reading prices in đồng as shops write them: 85k, 85.000đ, 0,85tr, 1tr2, 85 nghìn, 77.000,00, hai trăm nghìn."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from catalog.importing.parsing.number_words import read_words
from catalog.importing.parsing.text import ascii_digits, fold
from core.money import EXPONENTS

_ASK = re.compile(
    r"lien he|thoa thuan|call|contact|theo thoi gia|thoi gia|cap nhat|het hang|hoi gia|tuy "
)
_FOREIGN = re.compile(r"\$|usd|eur|€|¥|jpy|cny|ndt|krw|won")
_CURRENCY = re.compile(r"vn[dđ]|₫|dong|(?<=[\d\s.,kr])d(?![a-z])|(?<=\d)\s*,-|(?<=\d)/-")
_PER = re.compile(
    r"\s*(?:/|mot |per |1 )\s*(?:\d+(?:[.,]\d+)?\s*)?[a-z]+\.?(?:\s+\d+(?:[.,]\d+)?\s*[a-z]+)?\s*$"
)
_FOR_SEVERAL = re.compile(
    r"/\s*(?:[2-9]|\d{2,})\s*(?!kg|gr?\b|gam|gram|ml|l\b|lit|cc)[a-z]+\.?\s*$"
)
_THOUSANDS_WORD = "k|nghin|ngan|ng|n|thousand"
_MILLION_WORD = "tr|trieu|cu|m|million"
_SHORT = re.compile(
    rf"^(\d+(?:[.,]\d+)?)\s*(?:({_THOUSANDS_WORD})|({_MILLION_WORD}))\s*(\d{{1,3}})?$"
)
_BOTH_WORDS = re.compile(
    rf"^(\d{{1,3}})\s*(?:{_MILLION_WORD})\s*(\d{{1,3}})\s*(?:{_THOUSANDS_WORD})$"
)
"""1 triệu 250 nghìn."""
_NUMBER = r"\d+(?:[.,\s]\d+)*"
_RANGE = re.compile(
    rf"{_NUMBER}\s*(?:{_THOUSANDS_WORD}|{_MILLION_WORD})?\s*(?:-|–|—|~|den|toi|to)\s*{_NUMBER}"
)
_FACTORS = (
    (re.compile(r"1[.,]?000\s*(?:d|vnd|vn)|nghin|ngan\b|\bk\b|x\s*1[.,]?000"), 1000),
    (re.compile(r"trieu"), 1_000_000),
)
LEAST = 500
"""A price below this is a number of thousands without the zeros, or a mistake: a person decides."""


@dataclass(frozen=True, slots=True)
class PriceCell:
    """Whole đồng (minor units of a foreign price), or price_ambiguous with the number probably meant."""

    dong: int | None = None
    error: str = ""
    suggestion: int | None = None


def decimal_mark(cells: Iterable[str]) -> str:
    """The decimal mark a whole table uses: "," or "." or "" when nothing tells."""
    comma = dot = 0
    for cell in cells:
        said = re.sub(r"[^\d.,]", "", ascii_digits(cell)).strip(".,")
        if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,3})?|\d+,(?:\d{1,2}|\d{4,})|0,\d+", said):
            comma += 1
        elif re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,3})?|\d+\.(?:\d{1,2}|\d{4,})|0\.\d+", said):
            dot += 1
    return "," if comma > dot else "." if dot > comma else ""


def heading_factor(heading: str) -> int:
    """1000 for a heading such as "Giá (nghìn đồng)" or "ĐVT: 1.000đ", else 1."""
    said = fold(heading)
    return next((factor for pattern, factor in _FACTORS if pattern.search(said)), 1)


def read_price(text: str, *, mark: str = "", factor: int = 1) -> PriceCell:
    """Whole đồng of one cell; `mark` is the decimal mark of the table, `factor` what its heading says."""
    said = fold(ascii_digits(text)).strip()
    if not re.search(r"\d", said):
        return PriceCell(read_words(said))
    if _ASK.search(said):
        return PriceCell()
    said = re.sub(r"\([^)]*\)", " ", said).strip()
    foreign = _FOREIGN.search(said)
    unsure = re.search(r"^(?:tu|khoang|tren|duoi|~|>|<|from|chi tu|-)\s*\d|tro len|\d\s*\+$", said)
    said = re.sub(r"^[a-z\s:~><]*(?=\d)", "", said)
    if re.search(r"\d.*\d", said) and _FOR_SEVERAL.search(said):
        return PriceCell(error="price_ambiguous")
    said = _PER.sub("", said) if re.search(r"\d.*(?:/|mot |per )", said) else said
    said = _CURRENCY.sub(" ", said).strip(" .-/,:")
    if foreign or unsure or _RANGE.search(said):
        return PriceCell(error="price_ambiguous")
    short = _short_form(said)
    if short is not None:
        return short
    said = re.sub(r"(?<=\d)\s(?=\d{3}\b)", "", said)
    value, doubt = _number(said, mark)
    if value is None:
        return PriceCell(error="price_ambiguous")
    worth = value * factor
    if doubt or worth != worth.to_integral_value():
        return PriceCell(error="price_ambiguous", suggestion=_digits(said))
    if factor > 1 and value >= 20_000:
        return PriceCell(error="price_ambiguous", suggestion=int(value))
    if worth < LEAST:
        return PriceCell(error="price_ambiguous", suggestion=int(worth * 1000) or None)
    return PriceCell(int(worth))


_SIGNS = {"$": "USD", "us$": "USD", "€": "EUR"}
_CODE = re.compile(rf"\b({'|'.join(code.lower() for code in EXPONENTS if code != 'VND')})\b")


def heading_currency(heading: str) -> str:
    """The currency a heading such as "Giá (USD)" or "Price, €" names; VND when it names none."""
    said = fold(heading)
    if found := _CODE.search(said):
        return found.group(1).upper()
    return next((code for sign, code in _SIGNS.items() if sign in heading.lower()), "VND")


def read_foreign_price(text: str, currency: str, *, mark: str = "") -> PriceCell:
    """Minor units of a price in the currency of its column, such as 12.50 below "Price (USD)".

    A cell that names another currency, a range or more digits than the money has is ambiguous.
    """
    said = fold(ascii_digits(text)).strip()
    if not said or not re.search(r"\d", said):
        return PriceCell()
    named = {code.upper() for code in _CODE.findall(said)} | {
        code for sign, code in _SIGNS.items() if sign in said
    }
    said = _CODE.sub(" ", said).replace("us$", " ").replace("$", " ").replace("€", " ").strip()
    if named - {currency} or re.search(r"[^\d.,\s]", said):
        return PriceCell(error="price_ambiguous")
    value, doubt = _number(re.sub(r"(?<=\d)\s(?=\d{3}\b)", "", said), mark)
    if value is None or doubt:
        return PriceCell(error="price_ambiguous")
    worth = value.scaleb(EXPONENTS[currency])
    if worth != worth.to_integral_value() or worth < 1:
        return PriceCell(error="price_ambiguous")
    return PriceCell(int(worth))


def _short_form(said: str) -> PriceCell | None:
    """85k, 1tr2, 1 triệu 250 nghìn; None for a number written out."""
    if found := _BOTH_WORDS.match(said):
        return PriceCell(int(found.group(1)) * 1_000_000 + int(found.group(2)) * 1000)
    found = _SHORT.match(said)
    return _short(*found.groups()) if found else None


def _short(number: str, thousands: str | None, million: str | None, tail: str | None) -> PriceCell:
    """85k, 0,85tr, 1tr2 (1 200 000), 1tr250."""
    del million
    unit = 1000 if thousands else 1_000_000
    value = Decimal(number.replace(",", ".")) * unit
    if re.fullmatch(r"\d{1,3}[.,]\d{3}", number) and thousands:
        return PriceCell(error="price_ambiguous", suggestion=_digits(number))
    if tail:
        value += Decimal(tail) * unit / 10 ** len(tail)
    if value != value.to_integral_value() or value < LEAST:
        return PriceCell(error="price_ambiguous")
    return PriceCell(int(value))


def _number(said: str, mark: str) -> tuple[Decimal | None, bool]:
    """The number, and whether its groups contradict the decimal mark of the table."""
    if re.fullmatch(r"\d+", said):
        return Decimal(said), False
    for decimal, group in ((",", "."), (".", ",")):
        d, g = re.escape(decimal), re.escape(group)
        if re.fullmatch(rf"\d{{1,3}}(?:{g}\d{{3}})+(?:{d}\d+)?", said):
            doubt = mark == group and said.count(group) == 1 and decimal not in said
            return Decimal(said.replace(group, "").replace(decimal, ".")), doubt
        if re.fullmatch(rf"\d+{d}(?:\d{{1,2}}|\d{{4,}})", said):
            return Decimal(said.replace(decimal, ".")), False
    return None, True


def _digits(said: str) -> int | None:
    digits = re.sub(r"\D", "", said)
    return int(digits) if digits and len(digits) < 12 else None
