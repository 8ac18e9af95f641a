"""Vietnamese tax numbers: which digits may stand where, and the check digit of the ten-digit kind."""

from __future__ import annotations

import re

_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
_TEN = re.compile(r"\d{10}")
_BRANCH = re.compile(r"(\d{10})-?(\d{3})")
_PERSON = re.compile(r"0\d{2}[0-9]\d{8}")
_HIGHEST_PROVINCE = 96


def tidy_tax_number(text: str) -> str:
    """The number without blanks and points; a branch is written 0123456789-001."""
    plain = re.sub(r"[\s.]", "", text)
    if found := _BRANCH.fullmatch(plain):
        return f"{found[1]}-{found[2]}"
    return plain


def tax_check_digit(nine: str) -> int | None:
    """The tenth digit that belongs to the first nine; None when no number begins like this."""
    digit = 10 - sum(int(d) * w for d, w in zip(nine, _WEIGHTS, strict=True)) % 11
    return digit if digit < len(_WEIGHTS) + 1 else None


def is_valid_tax_number(text: str) -> bool:
    """Whether this can be a tax number (Circular 86/2024/TT-BTC).

    Ten digits with a check digit name a firm; three more after a hyphen name its branch; since
    1 July 2025 households and people use the twelve digits of their personal number, which begin
    with the province of birth (001-096) and have no check digit.
    """
    plain = tidy_tax_number(text)
    if not plain.isascii():
        return False
    if _PERSON.fullmatch(plain):
        return 1 <= int(plain[:3]) <= _HIGHEST_PROVINCE
    found = _BRANCH.fullmatch(plain)
    ten = found[1] if found else plain
    if found and found[2] == "000":
        return False
    return bool(_TEN.fullmatch(ten)) and tax_check_digit(ten[:9]) == int(ten[9])
