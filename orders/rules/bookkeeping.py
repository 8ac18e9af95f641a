"""From entries that add up to zero to lines with one debit and one credit account each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from core.money import Money

Side = TypeVar("Side")


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One amount from one account to another; `key` is the same however often it is exported.

    `document` is the number of the order, `kind` what happened, `part` what of it this line is (goods,
    delivery, vat, or the kind itself). The rate is in basis points, None where tax plays no role.
    """

    key: str
    day: date
    document: str
    kind: str
    part: str
    debit: str
    credit: str
    amount: Money
    party: str = ""
    item_code: str = ""
    item: str = ""
    quantity: int | None = None
    vat_rate_bp: int | None = None


def pair_entries(entries: Sequence[tuple[Side, int]]) -> list[tuple[Side, Side, int]]:
    """(debited, credited, amount) for entries with plus for debit, in their order; raises ValueError.

    Sides with several amounts are split so that every line has one account on each side.
    """
    if sum(amount for _side, amount in entries):
        raise ValueError("entries must add up to zero")
    creditors = [(side, -amount) for side, amount in entries if amount < 0]
    lines: list[tuple[Side, Side, int]] = []
    for side, amount in entries:
        left = amount
        while left > 0:
            other, owed = creditors.pop(0)
            part = min(left, owed)
            lines.append((side, other, part))
            left -= part
            if owed > part:
                creditors.insert(0, (other, owed - part))
    return lines


def account_totals(lines: Iterable[JournalLine]) -> dict[str, tuple[Money, Money]]:
    """What was debited and what was credited on each account, in the order of the codes; one currency."""
    totals: dict[str, list[Money]] = {}
    for line in lines:
        for code, place in ((line.debit, 0), (line.credit, 1)):
            sums = totals.setdefault(code, [Money.zero(line.amount.currency)] * 2)
            sums[place] = sums[place] + line.amount
    return {code: (sums[0], sums[1]) for code, sums in sorted(totals.items())}
