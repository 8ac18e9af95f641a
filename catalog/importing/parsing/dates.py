"""Reading days as offices write them: 5/3/2024, 05.03.24, "ngày 5 tháng 3 năm 2024", Excel's numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from catalog.importing.parsing.text import ascii_digits, fold

_ISO = re.compile(
    r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[t ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?z?)?$"
)
_SHORT = re.compile(
    r"^(\d{1,2})\s*[./\-–\s]\s*(\d{1,2})\s*[./\-–\s]\s*(\d{4}|\d{2})(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?$"
)
_WORDS = re.compile(
    r"^(?:ngay\s*)?(\d{1,2})\s*(?:thang|thg|[/.-])\s*(\d{1,2})\s*(?:nam|[/.,-])\s*(\d{4}|\d{2})$"
)
_ENGLISH = re.compile(
    r"^(?:(\d{1,2})(?:st|nd|rd|th)?[\s-]+([a-z]{3,9})\.?,?|([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?)[\s-]+(\d{4}|\d{2})$"
)
_PACKED = re.compile(r"^(20\d{2})(\d{2})(\d{2})$")
_MONTHS = {
    m: n
    for n, m in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
        start=1,
    )
}
_EPOCH = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 36526, 73050  # 2000 to 2099
ANYWHERE = re.compile(
    r"ngày\s*\d{1,2}\s*(?:tháng|/)\s*\d{1,2}\s*(?:năm|/)\s*\d{4}|\b\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}\b",
    re.IGNORECASE,
)
"""A whole date inside a sentence."""


@dataclass(frozen=True, slots=True)
class DateCell:
    """What a cell says about a day; `error` is date_impossible when it names one that does not exist."""

    day: date | None = None
    error: str = ""
    hint: str = ""


@lru_cache(maxsize=65_536)
def read_date(text: str) -> DateCell:
    """The day of a cell. Day before month, unless only the American order makes a day."""
    said = fold(ascii_digits(text.strip())).strip(" .,;()")
    said = re.sub(r"^(?:ngay ky|ngay ban hanh|date|ky ngay|ngay)\s*:?\s*(?=\d)", "", said)
    if not said:
        return DateCell()
    if re.fullmatch(r"\d{5}(?:\.\d+)?", said) and _FIRST_SERIAL <= float(said) <= _LAST_SERIAL:
        return DateCell(_EPOCH + timedelta(days=int(float(said))), hint="date_was_excel_serial")
    if found := _ISO.match(said) or _PACKED.match(said):
        return _made(int(found.group(1)), int(found.group(2)), int(found.group(3)))
    if found := _SHORT.match(said) or _WORDS.match(said):
        day, month, year = (int(part) for part in found.groups())
        hint = ""
        if year < 100:
            year, hint = year + 2000, "date_two_digit_year"
        if month > 12 >= day and month <= 31 and "thang" not in said:
            day, month, hint = month, day, "date_us_order"
        return _made(year, month, day, hint)
    if found := _ENGLISH.match(said):
        month_name = (found.group(2) or found.group(3))[:3]
        day, year = int(found.group(1) or found.group(4)), int(found.group(5))
        return _made(year + 2000 if year < 100 else year, _MONTHS.get(month_name, 0), day)
    return DateCell(error="date_impossible")


def _made(year: int, month: int, day: int, hint: str = "") -> DateCell:
    try:
        return DateCell(date(year, month, day), hint=hint)
    except ValueError:
        return DateCell(error="date_impossible")


def parse_date(text: str) -> date:
    """The day of a cell; raises ValueError if there is none."""
    found = read_date(text).day
    if found is None:
        raise ValueError("not a date")
    return found


def read_year(text: str) -> int | None:
    """A year of the programme ("2021", "năm 2021", "Đợt 2/2021", "2021-12-31"); None for anything else."""
    years = set(re.findall(r"(?<!\d)(20[12]\d)(?!\d)", ascii_digits(text)))
    if len(years) != 1:
        return None
    year = int(years.pop())
    return year if 2018 <= year <= 2029 else None
