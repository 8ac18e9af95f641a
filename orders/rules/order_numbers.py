"""How an order number is built: VN, year and month, six digits, one check digit (VN2611000123x).

The number is also the memo of a bank transfer. Banks cut it, put things around it and people type it, so it
recognises itself and a slip of the finger: the check digit is ISO 7064 MOD 11,10, which finds every single
wrong digit and nearly every swap of neighbours. Source: payments.md 2.1 and 3.7.
"""

from __future__ import annotations

import re
from datetime import date

PREFIX = "VN"
LARGEST = 999_999
_SHAPE = re.compile(r"VN(\d{10})(\d)", re.ASCII)
_WITHIN = re.compile(r"VN[ .\-]?(\d[ .\-]?(?:\d[ .\-]?){9}\d)(?!\d)", re.ASCII | re.IGNORECASE)


def month_key(on: date) -> str:
    """Year and month as the counter keeps them: "2611" for November 2026."""
    return f"{on.year % 100:02d}{on.month:02d}"


def check_digit(digits: str) -> str:
    """The ISO 7064 MOD 11,10 check digit of a string of decimal digits."""
    rest = 10
    for digit in digits:
        rest = (rest + int(digit)) % 10 or 10
        rest = rest * 2 % 11
    return str((11 - rest) % 10)


def order_number(month: str, count: int) -> str:
    """The number of the ``count``-th order of a month; raises ValueError beyond 999,999."""
    if not 1 <= count <= LARGEST:
        raise ValueError(f"an order number holds 1 to {LARGEST}, not {count}")
    digits = f"{month}{count:06d}"
    return f"{PREFIX}{digits}{check_digit(digits)}"


def is_order_number(text: str) -> bool:
    """Whether the text is exactly one order number with a right check digit."""
    match = _SHAPE.fullmatch(text)
    return match is not None and check_digit(match[1]) == match[2]


def order_numbers_within(memo: str) -> list[str]:
    """The order numbers in what a bank made of a memo, each once, in order; wrong check digits are left out.

    Case does not matter; single spaces, dots and dashes between the digits are forgiven.
    """
    found = []
    for match in _WITHIN.finditer(memo):
        number = PREFIX + re.sub(r"[ .\-]", "", match[1])
        if is_order_number(number) and number not in found:
            found.append(number)
    return found
