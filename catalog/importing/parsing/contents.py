"""Reading weights, volumes and shelf lives: 6 x 70 ml, hộp 10 gói x 20g, 500g (±10), HSD: 12 tháng kể từ NSX."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from catalog.importing.parsing.text import ascii_digits, clean, fold

_GRAMS = {"kg": 1000, "kgs": 1000, "ki lo gam": 1000, "kilogam": 1000, "kilogram": 1000, "kilo": 1000, "ki": 1000,
          "can": 1000, "g": 1, "gr": 1, "gam": 1, "gram": 1, "grams": 1, "grs": 1, "lang": 100, "tan": 1_000_000}  # fmt: skip
_MILLILITRES = {
    "ml": 1,
    "mililit": 1,
    "cc": 1,
    "l": 1000,
    "lit": 1000,
    "litre": 1000,
    "liter": 1000,
    "cl": 10,
}
_UNIT = r"(kilogram|kilogam|ki lo gam|kgs?|kilo|ki|gram|grams|gam|grs?|g|lang|mililit|ml|cc|cl|litre|liter|lit|l)"
_NUM = r"(\d+(?:[.,]\d+)?)"
_SIMPLE = re.compile(rf"(?<![\d.,]){_NUM}\s*{_UNIT}(?![a-z0-9])")
_COUNT_FIRST = re.compile(
    rf"(?<![\d.,])(\d{{1,3}})\s*(?:[a-z]+\s*)?[x×*]\s*(?:(\d{{1,3}})\s*(?:[a-z]+\s*)?[x×*]\s*)?{_NUM}\s*{_UNIT}(?![a-z0-9])"
)
_COUNT_LAST = re.compile(
    rf"(?<![\d.,]){_NUM}\s*{_UNIT}\s*(?:/\s*[a-z]+\s*)?[x×*]\s*(\d{{1,3}})(?![\d.,]*\s*{_UNIT}(?![a-z]))"
)
_FRACTION = re.compile(rf"(?<![\d.,/])([1-9])\s*/\s*([2-9]|10)(?=\s*{_UNIT}(?![a-z0-9]))")
_SIGNS = {"½": "0.5", "¼": "0.25", "¾": "0.75"}
_SPOKEN = re.compile(r"(?<![\d.,])(\d{1,2})\s*(kg|kilo|ki|lit|l)\s*(\d{1,3})(?![\d.,]|\s*[a-z×*])")
"""1kg2, as one says it: a kilogram and two tenths."""
_COUNT_WORD = (
    r"(goi|tui|tep|vien|ong|lo|hu|chai|lon|hop|thanh|cai|mieng|bich|sachets?|bags?|packs?|bottles?)"
)
_COUNT_EACH = re.compile(
    rf"(?<![\d.,])(\d{{1,3}})\s*{_COUNT_WORD}\b[^\d;]{{0,12}}?{_NUM}\s*{_UNIT}\s*/\s*\2(?![a-z0-9])"
)
_COUNT_BARE = re.compile(
    rf"(?<![\d.,])\d{{1,3}}\s*(?:goi|tui|tep|vien|ong|sachets?)\s+{_NUM}\s*{_UNIT}(?![a-z0-9])"
)
_TOLERANCE = re.compile(r"\(?\s*(?:±|\+\s*/\s*-|\+-)\s*\d+(?:[.,]\d+)?\s*(?:%|[a-z]{1,2}\b)?\s*\)?")
_RANGE = re.compile(rf"{_NUM}\s*{_UNIT}?\s*(?:-|–|~|den)\s*{_NUM}\s*{_UNIT}(?![a-z0-9])")
_LIFE = re.compile(
    r"(?<![\d.,/])(\d{1,4})\s*(thang|ngay|nam|tuan|gio|months?|days?|years?|weeks?|th|t|mo|m|d|y)\b"
)
_COLD = re.compile(
    r"\(?(?:(?:bao quan )?(?:o|tai) (?:nhiet do )?)?[-–+]?\d+\s*(?:°|º|do)?\s*(?:c\b)?\s*(?:-|–|den)?\s*[-–+]?\d*\s*(?:°|º|do)\s*c\b\)?"
)
_LIFE_UNITS = {"thang": "tháng", "th": "tháng", "t": "tháng", "mo": "tháng", "m": "tháng", "month": "tháng",
               "ngay": "ngày", "d": "ngày", "day": "ngày", "nam": "năm", "y": "năm", "year": "năm",
               "tuan": "tuần", "week": "tuần", "gio": "giờ"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Content:
    """A total in grams (kind "g") or millilitres ("ml"), made of `count` inner units of `each`."""

    total: Decimal
    kind: str
    count: int
    each: Decimal


def heading_unit(heading: str) -> str:
    """The unit a heading names in brackets or after a comma: "Khối lượng tịnh (kg)" → "kg"; "" for none."""
    said = fold(heading)
    found = re.search(
        r"(?:\(|,|/|\bdvt\s*:?|\btinh theo|\bin)\s*" + _UNIT + r"\s*(?:\)|$|,|/)", said
    )
    return found.group(1) if found else ""


def read_contents(text: str, *, unit: str = "", mark: str = "") -> list[Content]:
    """Every content a text names; a bare number counts in `unit` (of the heading). [] when none is sure."""
    for sign, number in _SIGNS.items():
        text = re.sub(rf"(?<!\d){sign}", number, text)
    said = _TOLERANCE.sub(" ", fold(ascii_digits(text))).replace("×", "x").strip()
    said = _SPOKEN.sub(r"\1.\3 \2", said)
    if unit and re.fullmatch(rf"{_NUM}", said):
        made = _content(said, unit, 1, mark)
        return [made] if made else []
    said = _FRACTION.sub(lambda part: str(Decimal(part.group(1)) / Decimal(part.group(2))), said)
    if _RANGE.search(said):
        return []
    found: list[Content | None] = []
    rest = said
    for match in list(_COUNT_EACH.finditer(said)):
        count, _word, amount, word = match.groups()
        found.append(_content(amount, word, int(count), mark))
        rest = rest.replace(match.group(), " ")
    said = rest
    if _COUNT_BARE.search(said):
        return []
    for match in list(_COUNT_FIRST.finditer(said)):
        first, second, amount, word = match.groups()
        found.append(_content(amount, word, int(first) * int(second or 1), mark))
        rest = rest.replace(match.group(), " ")
    for match in list(_COUNT_LAST.finditer(rest)):
        amount, word, count = match.groups()[:3]
        found.append(_content(amount, word, int(count), mark))
        rest = rest.replace(match.group(), " ")
    found += [_content(amount, word, 1, mark) for amount, word in _SIMPLE.findall(rest)]
    return [content for content in found if content]


def read_content(text: str, *, unit: str = "", mark: str = "") -> Content | None:
    """The one content of a cell; None when it names none, a range, or several that differ."""
    contents = read_contents(text, unit=unit, mark=mark)
    if not contents:
        return None
    first = contents[0]
    agree = all(
        c.kind == first.kind
        and (c.total == first.total or first.total == c.each or c.each == first.total)
        for c in contents[1:]
    )
    if not agree:
        return None
    return max(contents, key=lambda c: (c.count, c.total))


_PRICED_BY = re.compile(rf"(?:/|\bmot |\bper |\b1 )\s*({_NUM}?\s*{_UNIT})(?![a-z0-9])")


def priced_by(price: str) -> Content | None:
    """The amount of goods a price is for, as in "1.250.000 đ/kg" or "99k/100g"; None when it names none."""
    found = _PRICED_BY.search(fold(ascii_digits(price)))
    if not found:
        return None
    text = found.group(1).strip()
    return read_content(text if text[0].isdigit() else f"1 {text}")


def agree(column: Content, named: list[Content]) -> bool:
    """Whether a content of a column is one of those a name mentions; other kinds don't contradict."""
    same = [c for c in named if c.kind == column.kind]
    return not same or any(
        column.total in (c.total, c.each) or c.total == column.each for c in same
    )


def _content(number: str, word: str, count: int, mark: str) -> Content | None:
    kind, factor = ("g", _GRAMS[word]) if word in _GRAMS else ("ml", _MILLILITRES[word])
    value = _decimal(number, factor, mark)
    if value is None or value <= 0 or count <= 0:
        return None
    each = _tidy(value * factor)
    return Content(_tidy(each * count), kind, count, each)


def _decimal(number: str, factor: int, mark: str) -> Decimal | None:
    """0,225 is a fraction; 1.250 g is a thousand and more, but 1.250 kg is not 1250 kg."""
    grouped = re.fullmatch(r"([1-9]\d{0,2})([.,])(\d{3})", number)
    if grouped and factor == 1 and grouped.group(2) != mark:
        return Decimal(grouped.group(1) + grouped.group(3))
    return Decimal(number.replace(",", "."))


def _tidy(value: Decimal) -> Decimal:
    return Decimal(int(value)) if value == value.to_integral_value() else value.normalize()


def read_shelf_life(text: str, *, heading: str = "") -> str:
    """A shelf life in one form ("12 tháng", "60 ngày"); what has no length in it stays as printed."""
    shown = clean(text)
    said = _COLD.sub(" ", fold(ascii_digits(shown)))
    if re.fullmatch(r"\d{1,4}", said):
        word = next((u for u in ("thang", "ngay", "month", "day", "nam") if u in fold(heading)), "")
        return f"{int(said)} {_LIFE_UNITS[word]}" if word else shown
    found = _LIFE.findall(said)
    lengths = {
        f"{int(n)} {_LIFE_UNITS[w if w in _LIFE_UNITS else w.rstrip('s')]}" for n, w in found
    }
    if (
        len(lengths) == 1
        and not re.search(r"\d\s*(?:-|–|den)\s*\d", said)
        and not re.search(r"\d+[/.]\d+[/.]\d+", said)
    ):
        return lengths.pop()
    return re.sub(r"^(?:HSD|Hạn sử dụng|Hạn dùng)\s*:\s*", "", shown, flags=re.IGNORECASE)
