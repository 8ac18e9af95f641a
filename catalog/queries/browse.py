"""Browsing the catalogue: filters, facets and pages."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from catalog.queries.facets.keeping import get_table
from catalog.queries.facets.table import Counted, Order, Table
from catalog.queries.listing import join_names, list_cards, name_chain, product, visible
from catalog.queries.pages import BrowsePage, BrowseRequest, Card
from catalog.rules.destinations import Destination
from catalog.rules.facets import Chosen
from core.facts import Newest
from i18n.collation import sort_key

SORTS = ("newest", "name", "price", "-price")
MAX_PER_PAGE = 100
MOST_ANSWERS = 200
"""Choices of facets remembered per state of the catalogue; somebody may try them all."""


def browse(
    session: Session,
    request: BrowseRequest,
    *,
    locale: str,
    on: date,
    newest: Newest | None = None,
    in_stock: Collection[int] = frozenset(),
    destination: Destination | None = None,
) -> BrowsePage:
    """One page of products and the facets around it; one statement where nothing has changed.

    A page beyond the last is empty, and any page costs what the first does: the order of all goods is
    known, so a page is a slice of it. Values that do not exist (a province "XX") match nothing; an
    unknown sort is the newest first. ``in_stock`` are the packages that can be promised. Who has
    asked for the newest fact already says it (see `get_table`). With a destination, prices are those
    its cards show (see `Table.shown_in`).
    """
    table = get_table(session, on, newest)
    if destination is not None:
        table = table.shown_in(destination.currency)
    counted = _counted(table, request.chosen, in_stock)
    per_page = min(max(request.per_page, 1), MAX_PER_PAGE)
    page, total = max(request.page, 1), counted.total
    first = (page - 1) * per_page
    cards: list[Card] = []
    if first < total:
        order = _order(session, table, request.sort, locale=locale, on=on)
        rows = table.ordered(counted.rows, order)[first : first + per_page]
        ids = [table.good(row).product_id for row in rows]
        cards = list_cards(session, ids, locale=locale, on=on, destination=destination)
    return BrowsePage(
        cards=tuple(cards),
        total=total,
        page=page,
        pages=max(1, -(-total // per_page)),
        per_page=per_page,
        facets=counted.facets,
        names=table.names,
        currency=table.currency,
    )


def _counted(table: Table, chosen: Chosen, in_stock: Collection[int]) -> Counted:
    """Who meets the choices, and the facets; kept with the table while the stock is the same."""
    narrowed = tuple((facet, tuple(values)) for facet, values in chosen.items() if values)
    key = table.currency, narrowed
    known: dict[Any, Counted]
    stock, known = table.kept.get("answers", (None, {}))
    if stock is not in_stock:
        known = {}
        table.kept["answers"] = in_stock, known
    answer = known.get(key)
    if answer is None:
        answer = table.count(chosen, in_stock)
        if len(known) < MOST_ANSWERS:
            known[key] = answer
    return answer


def _order(session: Session, table: Table, sort: str, *, locale: str, on: date) -> Order:
    if sort != "name":
        return table.order(sort if sort in SORTS else "newest")
    key = ("name", name_chain(locale))
    known: Order | None = table.kept.get(key)
    if known is None:
        rows = (table.number.get(product_id) for product_id in _ids_by_name(session, locale, on))
        known = table.kept[key] = [row for row in rows if row is not None]
    return known


def _ids_by_name(session: Session, locale: str, on: date) -> Iterable[int]:
    """All goods in the order of their names in a language; Vietnamese has a column for it."""
    if not name_chain(locale):
        return session.scalars(_in_vietnamese(), {"on": on})
    named = session.execute(_named(locale), {"on": on}).all()
    return [row.id for row in sorted(named, key=lambda row: (sort_key(row.name, locale), row.id))]


@cache
def _in_vietnamese() -> Select[Any]:
    return select(product.c.id).where(visible()).order_by(product.c.name_key, product.c.id)


@cache
def _named(locale: str) -> Select[Any]:
    source, names = join_names(product, locale)
    shown = func.coalesce(*names[: len(name_chain(locale))], product.c.name).label("name")
    return select(product.c.id, shown).select_from(source).where(visible())
