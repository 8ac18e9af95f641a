"""Reading decision numbers as typed: "Số: 377", "38/QD-UBND", "365/QĐ-UBND ngày 14/02/2020"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from catalog.importing.parsing.dates import ANYWHERE, read_date
from catalog.importing.parsing.text import ascii_digits, clean

_PREFIX = re.compile(
    r"^\s*(?:(?:quyết định|quyet dinh|quyết đinh|qđ|qd|decision)(?:\b|(?=\d))\s*)?(?:số|so|no)?\.?\s*[:.]?\s*(?=\d)",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(\d{1,5}(?:/20\d{2})?[a-z]?)\s*(?:[/\-]?\s*(Q[ĐD][A-ZĐ0-9\s/&.-]*))?", re.IGNORECASE
)
_ISSUER = re.compile(r"\b(?:của|by)\s+(.+)$", re.IGNORECASE)
_BODIES = re.compile(r"^QĐ[\s./-]*")
_IN_TEXT = re.compile(
    r"(?:quyết\s*định|qđ)(?:\s+(?:phê duyệt|công nhận))?\s*(?:số)?\s*:?\s*(\d{1,5}(?:/20\d{2})?\s*/\s*Q[ĐDÐ][A-ZĐÐ\s-]*?(?=[\s,;.)]*(?:ngày|của|năm|về|$|[,;.)])))"
    r"(?:[\s,]*(ngày\s*\d{1,2}\s*(?:tháng|[/.-])\s*\d{1,2}\s*(?:năm|[/.-])\s*\d{4}))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DecisionCell:
    """A decision as typed in one cell: its number, and date and issuer when they stand there too."""

    number: str = ""
    day: date | None = None
    issuer: str = ""
    mended: bool = False


@lru_cache(maxsize=65_536)
def read_decision(text: str) -> DecisionCell:
    """The tidy number ("365/QĐ-UBND") of a cell and what stands beside it."""
    said = re.sub(r"^(\d{1,5})\.0$", r"\1", clean(ascii_digits(text)))
    if not said:
        return DecisionCell()
    day = None
    dated = ANYWHERE.search(said)
    if dated:
        day = read_date(dated.group()).day
        said = (said[: dated.start()] + said[dated.end() :]).strip(" ,;.-()")
        said = re.sub(r"[,;(\s-]*ngày\s*$", "", said, flags=re.IGNORECASE)
    issuer = ""
    if found := _ISSUER.search(said):
        issuer, said = found.group(1).strip(" .;,"), said[: found.start()].strip(" ,;")
    bare = _PREFIX.sub("", said).strip(" .;,")
    found = _NUMBER.fullmatch(bare)
    if not found:
        return DecisionCell(bare, day, issuer)
    number = tidy(found.group(1), found.group(2) or "")
    return DecisionCell(number, day, issuer, mended=number != text.strip())


def tidy(number: str, suffix: str) -> str:
    """Number and suffix as the offices write them: no blanks, Đ with its bar, hyphens between bodies."""
    if not suffix.strip(" /-."):
        return number
    upper = re.sub(r"\s+", " ", suffix.upper().replace("\u00d0", "Đ")).strip(" /-.")
    upper = re.sub(r"^QD", "QĐ", upper)
    bodies = _BODIES.sub("", upper)
    bodies = re.sub(r"\s*[-/.]\s*|\s+", "-", bodies).replace("VPDP", "VPĐP").strip("-")
    return f"{number}/QĐ-{bodies}" if bodies else f"{number}/QĐ"


def decision_in_sentence(text: str) -> DecisionCell:
    """The decision a title names ("Kèm theo Quyết định số 4261/QĐ-UBND của UBND tỉnh …"), with its own date only."""
    found = _IN_TEXT.search(clean(text))
    if not found:
        return DecisionCell()
    cell = read_decision(found.group(1))
    day = read_date(found.group(2)).day if found.group(2) else None
    return DecisionCell(cell.number, day)
