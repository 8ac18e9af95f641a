"""Entries that add up to zero become lines with one account on each side, and nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.rules.bookkeeping import pair_entries


def test_one_buyer_who_pays_for_two_parcels_makes_two_lines() -> None:
    assert pair_entries([("buyer", 300), ("a", -100), ("b", -200)]) == [
        ("buyer", "a", 100),
        ("buyer", "b", 200),
    ]


@given(st.lists(st.integers(-(10**9), 10**9).filter(bool), max_size=8))
def test_every_account_moves_by_what_its_entries_say(amounts: list[int]) -> None:
    entries = list(enumerate([*amounts, -sum(amounts)]))
    moved = dict.fromkeys(range(len(entries)), 0)
    for debit, credit, amount in pair_entries(entries):
        assert amount > 0
        moved[debit] += amount
        moved[credit] -= amount
    assert list(moved.items()) == entries


def test_what_does_not_balance_is_refused() -> None:
    with pytest.raises(ValueError, match="zero"):
        pair_entries([("bank", 1)])
