"""What headings and titles of a price list say beside the prices: for whom, from how many, since when, with tax."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from catalog.importing.parsing.dates import ANYWHERE, read_date
from catalog.importing.parsing.text import ascii_digits, fold

_SELLING_MUCH = re.compile(
    r"\b(?:si|ban si|buon|ban buon|dai ly|npp|ctv|cong tac vien|wholesale)\b"
)
_RETAIL = re.compile(r"\b(?:ban le|gia le|le|niem yet|retail)\b")
_LEAST = re.compile(r"\b(?:moq|toi thieu|minimum|min order|dat it nhat)\b")
_STEP = re.compile(r"\b(?:boi so|buoc dat|order multiple|chan thung)\b")
_TIER = re.compile(r"(?:\btu|>=|≥|\bfrom)\s*(\d{1,6})\b(?!\s*[/.-]\s*\d)")
_COUNTED = re.compile(
    r"\b(?:gia|price|thung|hop|chai|goi|tui|lo|hu|cai|sp|san pham|don vi|pcs|tro len|units?|packs?)\b"
)
_SINCE = re.compile(r"\b(?:ap dung tu|hieu luc tu|co hieu luc tu|valid from|effective from)\b")
_UNTIL = re.compile(r"\b(?:ap dung den|hieu luc den|het hieu luc|valid to|valid until)\b")
_WITHOUT_TAX = re.compile(
    r"\b(?:chua|khong) (?:bao gom |gom |co |tinh )?(?:thue|vat|gtgt)|\bex(?:cl)?\w* vat"
)
_WITH_TAX = re.compile(r"\b(?:da|co) (?:bao gom |gom |co )?(?:thue|vat|gtgt)|\binc\w* vat")
_FROM_DAY = re.compile(r"\b(?:ap dung|hieu luc|co hieu luc)?\s*(?:ke )?(?:tu|from)\b")
_TO_DAY = re.compile(r"\b(?:den|den het|to|until)\b|[-–]\s*$")


@lru_cache(maxsize=4096)
def meaning_of(heading: str) -> tuple[str, int]:
    """What a column holds: tier (and its quantity), min_order, order_multiple, valid_from, valid_to or ""."""
    said = fold(ascii_digits(heading))
    for name, pattern in (
        ("valid_from", _SINCE),
        ("valid_to", _UNTIL),
        ("min_order", _LEAST),
        ("order_multiple", _STEP),
    ):
        if pattern.search(said):
            return name, 0
    found = _TIER.search(said)
    if found and _COUNTED.search(said) and int(found.group(1)) > 0:
        return "tier", int(found.group(1))
    return "", 0


def sells_much(text: str) -> bool:
    """Whether a heading or title speaks of the price for shops and agents; a cost or an old price does not."""
    return bool(_SELLING_MUCH.search(fold(text)))


@dataclass(frozen=True, slots=True)
class TitleTerms:
    """What the titles say of the whole list; "" or None where they say nothing."""

    kind: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    tax_inclusive: bool | None = None


def title_terms(lines: Iterable[str]) -> TitleTerms:
    """The kind (retail, wholesale), the days and the tax named in titles and price headings."""
    kind, since, until, tax = "", None, None, None
    for line in lines:
        said = fold(line)
        if not kind:
            kind = "wholesale" if sells_much(line) else "retail" if _RETAIL.search(said) else ""
        if tax is None:
            tax = False if _WITHOUT_TAX.search(said) else True if _WITH_TAX.search(said) else None
        for found in ANYWHERE.finditer(line):
            before = fold(line[: found.start()]).rstrip()[-24:]
            day = read_date(found.group(0)).day
            if since is None and _FROM_DAY.search(before) and not _TO_DAY.search(before):
                since = day
            elif until is None and _TO_DAY.search(before):
                until = day
    return TitleTerms(kind, since, until, tax)
