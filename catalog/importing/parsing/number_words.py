"""Reading whole numbers said in Vietnamese words: hai trăm nghìn, một triệu hai trăm năm mươi nghìn, tám mươi lăm ngàn."""

from __future__ import annotations

import re

_DIGITS = {
    "khong": 0, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "nham": 5,
    "sau": 6, "bay": 7, "tam": 8, "chin": 9,
}  # fmt: skip
_GROUPS = {"trieu": 1_000_000, "nghin": 1_000, "ngan": 1_000}
_LINKS = frozenset({"le", "linh"})


def read_words(folded: str) -> int | None:
    """The number of folded words ("hai tram nghin"); None unless every word of it is understood.

    A number below a thousand is not read: "ba tram" of a price list may mean three hundred thousand.
    """
    words = re.sub(r"\b(?:dong|chan|vnd|d)\b|[.,()]", " ", folded).split()
    if not words:
        return None
    total, last, part = 0, 10**12, []
    for word in words:
        if word not in _GROUPS:
            part.append(word)
            continue
        value, size = _below_thousand(part), _GROUPS[word]
        if not value or size >= last:
            return None
        total, last, part = total + value * size, size, []
    rest = _below_thousand(part) if part else 0
    if not total or rest is None or (rest and last != 1_000):  # noqa: PLR2004
        return None
    return total + rest


def _below_thousand(words: list[str]) -> int | None:
    """ "hai tram nam muoi lam": 255; None for no words or others."""
    if not words:
        return None
    left = list(words)
    total = 0
    if len(left) > 1 and left[1] == "tram":
        if left[0] not in _DIGITS:
            return None
        total, left = _DIGITS[left[0]] * 100, left[2:]
    if left and left[0] in _LINKS:
        left = left[1:]
        return total + _DIGITS[left[0]] if len(left) == 1 and left[0] in _DIGITS else None
    if left and left[0] == "muoi":
        total, left = total + 10, left[1:]
    elif len(left) > 1 and left[1] == "muoi" and left[0] in _DIGITS:
        total, left = total + _DIGITS[left[0]] * 10, left[2:]
    if not left:
        return total
    return total + _DIGITS[left[0]] if len(left) == 1 and left[0] in _DIGITS else None
