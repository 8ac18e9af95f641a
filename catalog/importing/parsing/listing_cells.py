"""Reading the cells of a catalogue: prices, net contents, shelf lives, allergens, whole numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from catalog.importing.parsing.text import ascii_digits
from catalog.reference import ALLERGENS
from catalog.rules.food import DAYS_PER_MONTH
from i18n.text import fold

NONE_MARKS = frozenset({"", "-", "–", "—", "không", "none"})
_UNITS = {
    "g": "g",
    "gr": "g",
    "gram": "g",
    "kg": "kg",
    "mg": "mg",
    "ml": "ml",
    "l": "l",
    "lit": "l",
    "pc": "piece",
    "pcs": "piece",
    "piece": "piece",
    "pieces": "piece",
    "cai": "piece",
    "chiec": "piece",
    "pot": "piece",
    "chau": "piece",
    "set": "set",
    "bo": "set",
    "person-day": "person",
    "person": "person",
    "khach": "person",
    "bottle": "bottle",
    "chai": "bottle",
    "box": "box",
    "hop": "box",
    "bag": "bag",
    "goi": "bag",
    "tui": "bag",
}
_NET = re.compile(r"^(?:(\d{1,4})\s*[×x*]\s*)?(\d+(?:[.,]\d+)?)\s*([a-z-]+)\.?(?=\s|\(|$)(.*)$")
_ABV = re.compile(r"(\d{1,2}(?:[.,]\d+)?)\s*(?:%|°|do)")
_SHELF = re.compile(r"^(\d{1,4})\s*(d|day|days|ngay|m|month|months|thang|y|nam)\b\s*([a-z]*)")
_ENDLESS = re.compile(r"(?:no limit|khong thoi han|khong gioi han)(?:\s+(amb|chl|frz|liv))?")
_STORAGE = {"": "ambient", "amb": "ambient", "chl": "chilled", "frz": "frozen", "liv": "live"}
_CODES = re.compile(r"\b([A-Z]{2,3})\b(\?| trace| traces| cross| caution)?")


@dataclass(frozen=True, slots=True)
class NetContent:
    """`count` inner units of `amount` `unit`; the label as it may be printed in any language."""

    amount: Decimal
    unit: str
    count: int
    label: str
    sold_by: str
    abv: Decimal | None


@dataclass(frozen=True, slots=True)
class ShelfLife:
    """Days (None: no limit or not said) and how the goods are kept."""

    days: int | None
    storage_kind: str


@dataclass(frozen=True, slots=True)
class Allergens:
    """A statement as written; `note` is what was said beside it."""

    state: str
    contains: tuple[str, ...]
    may_contain: tuple[str, ...]
    note: str


def parse_whole(text: str) -> int:
    """A whole number; raises ValueError."""
    return int(ascii_digits(text.strip()))


def parse_price(text: str) -> int:
    """Whole dong from "85000", "85.000", "85,000đ", "85k" or "0,85tr"; raises ValueError."""
    folded = re.sub(r"\s|vnd|₫|dong|d$", "", fold(ascii_digits(text.strip())))
    found = re.match(r"^(\d+(?:[.,]\d+)?)(k|nghin|ngan|tr|trieu)$", folded)
    if found:
        factor = 1_000_000 if found.group(2) in {"tr", "trieu"} else 1000
        exact = Decimal(found.group(1).replace(",", ".")) * factor
        if exact != exact.to_integral_value():
            raise ValueError("not a whole number of dong")
        return int(exact)
    if re.match(r"^\d{1,3}(?:[.,]\d{3})+$", folded):
        folded = re.sub(r"[.,]", "", folded)
    if not folded.isdigit():
        raise ValueError("not a price")
    return int(folded)


def parse_net_content(text: str) -> NetContent:
    """A net content such as "6×70 ml", "500 ml 25 %" or "1 kg (weight item)"; raises ValueError."""
    folded = fold(ascii_digits(text.strip())).replace("×", "x")
    found = _NET.match(folded)
    if not found or found.group(3) not in _UNITS:
        raise ValueError("not a net content")
    try:
        amount = _amount(found.group(2), _UNITS[found.group(3)])
    except InvalidOperation as error:
        raise ValueError("not a number") from error
    count = int(found.group(1) or 1)
    if amount <= 0 or count <= 0 or amount * 1000 != int(amount * 1000):
        raise ValueError("not a positive amount in thousandths")
    unit, rest = _UNITS[found.group(3)], found.group(4)
    abv = _ABV.search(rest)
    about = re.search(r"\(\s*[≈~]\s*(\d+)\s*(g|kg|ml|l)\s*\)", rest)
    return NetContent(
        amount=amount,
        unit=unit,
        count=count,
        label=_label(amount, unit, count, about.groups() if about else None),
        sold_by="weight" if "weight" in rest or "theo can" in rest else "piece",
        abv=Decimal(abv.group(1).replace(",", ".")) if abv else None,
    )


def _amount(number: str, unit: str) -> Decimal:
    """ "1.250" and "1,250" grams or millilitres are thousands; of kilograms or litres they are fractions."""
    if unit in ("g", "ml", "mg") and re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", number):
        return Decimal(re.sub(r"[.,]", "", number))
    return Decimal(number.replace(",", "."))


def _label(amount: Decimal, unit: str, count: int, about: tuple[str, ...] | None) -> str:
    if unit not in {"g", "kg", "mg", "ml", "l"}:
        return ""
    text = f"{amount.normalize():f} {unit}"
    if count > 1:
        text = f"{count} × {text}"
    return f"{text} (≈ {about[0]} {about[1]})" if about else text


def parse_shelf_life(text: str) -> ShelfLife:
    """A shelf life such as "36m amb", "20d chl", "no limit" or "–"; a bare number is days.

    Raises ValueError.
    """
    folded = fold(ascii_digits(text.strip()))
    endless = _ENDLESS.fullmatch(folded)
    if folded in NONE_MARKS or endless:
        return ShelfLife(None, _STORAGE[endless.group(1) or ""] if endless else "ambient")
    found = _SHELF.match(f"{folded} d" if folded.isdigit() else folded)
    if not found or found.group(3) not in _STORAGE:
        raise ValueError("not a shelf life")
    number = int(found.group(1))
    if number == 0:
        raise ValueError("not a shelf life")
    unit = found.group(2)
    factor = (
        1 if unit[0] == "d" or unit == "ngay" else 360 if unit in {"y", "nam"} else DAYS_PER_MONTH
    )
    return ShelfLife(number * factor, _STORAGE[found.group(3)])


def parse_allergens(text: str) -> Allergens:
    """A statement such as "CRU EGG (GLU trace)", "SES NUT?" or "– (SUL?)"; raises ValueError.

    Outside brackets a code is contained and a code with "?" may be; inside brackets only codes
    marked trace, cross, caution or "?" count. An empty cell is unknown, a dash means none.
    """
    text = text.strip()
    if not text:
        return Allergens("unknown", (), (), "")
    outside = re.sub(r"\([^)]*\)", " ", text).strip()
    inside = " ".join(re.findall(r"\(([^)]*)\)", text))
    contains: list[str] = []
    may_contain: list[str] = []
    if fold(outside) not in NONE_MARKS:
        for word in outside.replace(",", " ").split():
            code = word.rstrip("?")
            if code not in ALLERGENS:
                raise ValueError(f"unknown allergen {code}")
            (may_contain if word.endswith("?") else contains).append(code)
    for code, mark in _CODES.findall(inside):
        if code in ALLERGENS and mark and code not in contains:
            may_contain.append(code)
    named = bool(contains or may_contain)
    return Allergens(
        "declared" if named else "none_declared", tuple(contains), tuple(may_contain), inside
    )
