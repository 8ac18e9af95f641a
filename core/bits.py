"""Sets of small whole numbers as the bits of one long number: to unite, to intersect and to count is one step."""

from __future__ import annotations

from collections.abc import Iterable


def as_bits(numbers: Iterable[int], below: int) -> int:
    """Return numbers, all less than ``below``, as bits: a row of bytes takes each in a moment."""
    found = bytearray(below // 8 + 1)
    for number in numbers:
        found[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(found, "little")


def numbers_of(bits: int) -> list[int]:
    """Return the numbers of a set, rising."""
    text = bin(bits)[:1:-1]
    if bits.bit_count() * 8 > len(text):
        return [number for number, bit in enumerate(text) if bit == "1"]
    found, at = [], text.find("1")
    while at >= 0:
        found.append(at)
        at = text.find("1", at + 1)
    return found
