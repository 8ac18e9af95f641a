"""The front page of the shop."""

from __future__ import annotations

from collections import Counter
from datetime import date

from sqlalchemy.orm import Session

from catalog.queries.counts import get_counts
from catalog.queries.listing import list_cards
from catalog.queries.pages import FacetValue, HomePage
from catalog.reference import GROUPS, PROVINCES
from core.facts import Newest


def get_home_page(
    session: Session, *, locale: str, on: date, newest: Newest | None = None
) -> HomePage:
    """Featured and newest goods and the figures of the catalogue; one to four statements.

    Who has asked for the newest fact already says it (see `get_counts`).
    """
    counts = get_counts(session, on, newest)
    newest_ids = [i for i in counts.newest_ids if i not in counts.featured_ids]
    cards = {
        card.product_id: card
        for card in list_cards(session, [*counts.featured_ids, *newest_ids], locale=locale, on=on)
    }
    groups: Counter[str] = Counter()
    provinces: Counter[str] = Counter()
    for cell in counts.cells:
        groups[cell.subgroup[:1]] += cell.count
        provinces[cell.province] += cell.count
    return HomePage(
        featured=tuple(cards[i] for i in counts.featured_ids if i in cards),
        newest=tuple(cards[i] for i in newest_ids if i in cards),
        groups=tuple(FacetValue(code, groups[code], False) for code in GROUPS if groups[code]),
        provinces=tuple(
            FacetValue(code, provinces[code], False) for code in PROVINCES if provinces[code]
        ),
        product_count=counts.product_count,
        producer_count=counts.producer_count,
    )
