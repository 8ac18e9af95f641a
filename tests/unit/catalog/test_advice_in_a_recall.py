"""Every kind of danger has its name and its advice, so that no recall leaves a buyer without a word."""

from __future__ import annotations

from catalog.rules.dangers import DANGERS
from storefront.recall_words import ADVICE, DANGER_NAMES


def test_every_danger_has_a_name_and_advice() -> None:
    assert tuple(DANGER_NAMES) == DANGERS
    assert tuple(ADVICE) == DANGERS
    assert len({str(sentence) for sentence in ADVICE.values()}) == len(DANGERS)
