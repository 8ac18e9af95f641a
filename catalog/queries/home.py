"""The front page of the shop."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy.orm import Session

from catalog.queries.facets.keeping import get_table
from catalog.queries.facets.table import Good, Table
from catalog.queries.listing import list_cards
from catalog.queries.pages import FacetValue, HomePage
from catalog.reference import GROUPS, PROVINCES
from catalog.rules.destinations import Destination
from core.facts import Newest

FEATURED = 8
NEWEST = 12
_LOOKED_AT = 60
"""So many of the best goods are looked at for those to feature."""


def get_home_page(
    session: Session,
    *,
    locale: str,
    on: date,
    newest: Newest | None = None,
    destination: Destination | None = None,
) -> HomePage:
    """Featured and newest goods and the figures of the catalogue; one statement where nothing changed.

    Who has asked for the newest fact already says it (see `get_table`).
    """
    table = get_table(session, on, newest)
    featured, new, producers = _chosen(table)
    new = [product_id for product_id in new if product_id not in featured]
    cards = {
        card.product_id: card
        for card in list_cards(
            session, [*featured, *new], locale=locale, on=on, destination=destination
        )
    }
    return HomePage(
        featured=tuple(cards[i] for i in featured if i in cards),
        newest=tuple(cards[i] for i in new if i in cards),
        groups=_figures(table, "group", GROUPS),
        provinces=_figures(table, "province", PROVINCES),
        product_count=table.listed.bit_count(),
        producer_count=producers,
    )


def _figures(table: Table, facet: str, codes: Iterable[str]) -> tuple[FacetValue, ...]:
    numbers = table.facet(facet)
    return tuple(FacetValue(c, numbers[c], selected=False) for c in codes if numbers.get(c))


def _chosen(table: Table) -> tuple[list[int], list[int], int]:
    """The ids of featured and newest goods and the number of producers; kept with the table."""
    known: tuple[list[int], list[int], int] | None = table.kept.get("home")
    if known is None:
        best = [table.good(row) for row in table.order("best")[:_LOOKED_AT]]
        new = [table.good(row).product_id for row in table.order("newest")[:NEWEST]]
        producers = {good.producer for good in table.goods if good is not None}
        known = table.kept["home"] = _varied(best), new, len(producers)
    return known


def _varied(best: Sequence[Good]) -> list[int]:
    """The first of each subgroup before a second of any, up to the number featured."""
    turns: list[tuple[int, int]] = []
    seen: dict[str, int] = {}
    for good in best:
        seen[good.subgroup] = seen.get(good.subgroup, 0) + 1
        turns.append((seen[good.subgroup], good.product_id))
    turns.sort(key=lambda entry: entry[0])
    return [product_id for _, product_id in turns[:FEATURED]]
