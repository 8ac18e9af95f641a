"""GS1 numbers: check digits, what may be called a GTIN, and location numbers (GS1 General Specs)."""

from __future__ import annotations

from dataclasses import dataclass

GTIN_LENGTHS = (8, 12, 13, 14)


@dataclass(frozen=True, slots=True)
class Gtin:
    """A number with a right length and check digit; `parse` raises ValueError for any other."""

    digits: str

    @classmethod
    def parse(cls, text: str) -> Gtin:
        """Read a number as people type it, with spaces or hyphens."""
        digits = text.replace(" ", "").replace("-", "")
        if not is_valid_gtin(digits):
            raise ValueError("not a GTIN")
        return cls(digits)

    @property
    def gtin14(self) -> str:
        """The number padded to the fourteen digits of a GS1 Digital Link and of GDSN messages."""
        return self.digits.zfill(14)

    @property
    def is_restricted(self) -> bool:
        """Whether it is only a number within a company, never to be sent to a supermarket."""
        return is_restricted_circulation(self.digits)


def check_digit(body: str) -> int:
    """The GS1 check digit of the digits before it: weights 3, 1, 3 … from the right."""
    if not (body.isascii() and body.isdigit()):
        raise ValueError("only the digits 0-9 have a check digit")
    total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(body)))
    return -total % 10


def _has_check_digit(digits: str) -> bool:
    return digits.isascii() and digits.isdigit() and check_digit(digits[:-1]) == int(digits[-1])


def is_valid_gtin(digits: str) -> bool:
    """Whether these are 8, 12, 13 or 14 digits with the right check digit, not all of them zero."""
    return len(digits) in GTIN_LENGTHS and digits.strip("0") != "" and _has_check_digit(digits)


def is_restricted_circulation(gtin: str) -> bool:
    """Whether the number begins with 20-29 (or 02, 04 in 13 digits): valid in-house only, no GTIN.

    A GTIN-14 is judged by the number it packs, an eight-digit number by its first digit (0 or 2).
    """
    if len(gtin) == 8:
        return gtin[0] in "02"
    thirteen = gtin.zfill(14)[1:]
    return thirteen[0] == "2" or thirteen[:2] in {"02", "04"}


def is_valid_gln(digits: str) -> bool:
    """Whether these are the thirteen digits of a location number."""
    return len(digits) == 13 and digits.strip("0") != "" and _has_check_digit(digits)


def internal_gtin(number: int, *, prefix: str = "20") -> str:
    """A thirteen-digit in-house number (prefix 20-29) with its check digit, for `number` < 10^10."""
    if not (prefix.isdigit() and 20 <= int(prefix) <= 29) or not 0 <= number < 10**10:
        raise ValueError("prefix 20-29 and at most ten digits")
    body = f"{prefix}{number:010d}"
    return f"{body}{check_digit(body)}"
