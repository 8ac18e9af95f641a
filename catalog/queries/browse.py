"""Browsing the catalogue: filters, facets and pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, bindparam, func, select
from sqlalchemy.orm import Session

from catalog.queries.counts import Cell, Counts, get_counts
from catalog.queries.listing import (
    card_select,
    certificate,
    in_force,
    join_names,
    latest_certificate,
    name_chain,
    producer,
    product,
    read_card,
    visible,
)
from catalog.queries.pages import BrowsePage, BrowseRequest, Card, FacetValue
from catalog.reference import GROUPS, PROVINCES, SUBGROUPS
from core.facts import Newest

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
) -> BrowsePage:
    """One page of products and the facets around it; at most four statements.

    A page beyond the last is empty. Values that do not exist (a province "XX") match nothing; an
    unknown sort is the newest first. Who has asked for the newest fact already says it (see
    `get_counts`).
    """
    counts = get_counts(session, on, newest)
    total, facets = _counted(counts, request)
    per_page = min(max(request.per_page, 1), MAX_PER_PAGE)
    page = max(request.page, 1)
    cards: tuple[Card, ...] = ()
    if (page - 1) * per_page < total:
        cards = _cards(session, request, (page - 1) * per_page, per_page, locale=locale, on=on)
    return BrowsePage(
        cards=cards,
        total=total,
        page=page,
        pages=max(1, -(-total // per_page)),
        per_page=per_page,
        facets=facets,
    )


def _counted(
    counts: Counts, request: BrowseRequest
) -> tuple[int, dict[str, tuple[FacetValue, ...]]]:
    """Total and facets of a choice; kept with the counts, which take 15 ms to go through."""
    key = (request.provinces, request.groups, request.subgroups, request.stars)
    answer: tuple[int, dict[str, tuple[FacetValue, ...]]] | None = counts.answers.get(key)
    if answer is None:
        wanted = _wanted(request)
        total = sum(c.count for c in counts.cells if all(test(c) for test in wanted.values()))
        answer = total, _facets(counts.cells, request, wanted)
        if len(counts.answers) < MOST_ANSWERS:
            counts.answers[key] = answer
    return answer


def subgroups_wanted(request: BrowseRequest) -> tuple[str, ...]:
    """The subgroups of the chosen groups, or the chosen subgroups themselves when there are any."""
    if request.subgroups:
        return request.subgroups
    return tuple(code for code, sub in SUBGROUPS.items() if sub.group in request.groups)


def _wanted(request: BrowseRequest) -> dict[str, Callable[[Cell], bool]]:
    provinces, groups = frozenset(request.provinces), frozenset(request.groups)
    subgroups, stars = frozenset(request.subgroups), frozenset(request.stars)
    tests: dict[str, Callable[[Cell], bool]] = {}
    if provinces:
        tests["province"] = lambda cell: cell.province in provinces
    if subgroups:
        tests["subgroup"] = lambda cell: cell.subgroup in subgroups
    elif groups:
        tests["group"] = lambda cell: cell.subgroup[:1] in groups
    if stars:
        tests["stars"] = lambda cell: cell.stars in stars
    return tests


def _facets(
    cells: Collection[Cell], request: BrowseRequest, wanted: dict[str, Callable[[Cell], bool]]
) -> dict[str, tuple[FacetValue, ...]]:
    """Each facet counted under all other filters, so that choosing a value never leads to nothing."""
    goods = ("group", "subgroup")
    return {
        "province": _facet(cells, wanted, ("province",), lambda c: c.province, request.provinces),
        "group": _facet(cells, wanted, goods, lambda c: c.subgroup[:1], request.groups),
        "subgroup": _facet(
            cells,
            wanted,
            ("subgroup",),
            lambda c: c.subgroup if not request.groups or c.subgroup[:1] in request.groups else "",
            request.subgroups,
        ),
        "stars": _facet(
            cells, wanted, ("stars",), lambda c: str(c.stars or ""), tuple(map(str, request.stars))
        ),
    }


_ORDER = {
    value: position
    for position, value in enumerate([*PROVINCES, *GROUPS, *SUBGROUPS, "5", "4", "3"])
}


def _facet(
    cells: Collection[Cell],
    wanted: dict[str, Callable[[Cell], bool]],
    own: Collection[str],
    value: Callable[[Cell], str],
    selected: Collection[str],
) -> tuple[FacetValue, ...]:
    tests = [test for name, test in wanted.items() if name not in own]
    counted: Counter[str] = Counter()
    for cell in cells:
        if all(test(cell) for test in tests):
            counted[value(cell)] += cell.count
    counted.pop("", None)
    for chosen in selected:
        if chosen in _ORDER:
            counted.setdefault(chosen, 0)
    return tuple(
        FacetValue(name, counted[name], name in selected)
        for name in sorted(counted, key=lambda name: _ORDER.get(name, len(_ORDER)))
    )


def _cards(
    session: Session,
    request: BrowseRequest,
    offset: int,
    limit: int,
    *,
    locale: str,
    on: date,
) -> tuple[Card, ...]:
    subgroups = subgroups_wanted(request)
    sort = request.sort if request.sort in SORTS else "newest"
    statement = _page_select(
        locale, sort, bool(request.provinces), bool(subgroups), bool(request.stars)
    )
    values: dict[str, Any] = {"on": on, "limit": limit, "offset": offset}
    if request.provinces:
        values["provinces"] = list(request.provinces)
    if subgroups:
        values["subgroups"] = list(subgroups)
    if request.stars:
        values["stars"] = list(request.stars)
    return tuple(read_card(row, locale, on) for row in session.execute(statement, values))


@cache
def _page_select(
    locale: str, sort: str, by_province: bool, by_subgroup: bool, by_stars: bool
) -> Select[Any]:
    """Choose the ids of the page from narrow indexes first, then load cards for these only."""
    source: FromClause = product
    tests: list[ColumnElement[bool]] = [visible()]
    if by_province:
        source = source.join(producer, producer.c.id == product.c.producer_id)
        tests.append(producer.c.province_code.in_(bindparam("provinces", expanding=True)))
    if by_subgroup:
        tests.append(product.c.subgroup_code.in_(bindparam("subgroups", expanding=True)))
    if by_stars:
        source = source.join(certificate, latest_certificate())
        tests += [in_force(), certificate.c.stars.in_(bindparam("stars", expanding=True))]
    key: ColumnElement[Any]
    if sort == "name" and name_chain(locale):
        source, names = join_names(source, locale)
        texts = names[: len(name_chain(locale))]
        key = func.lower(func.coalesce(*texts, product.c.search_fold))
    elif sort == "name":
        key = product.c.name_key
    else:
        key = product.c.published_at if sort == "newest" else product.c.price_from_minor
    descending = sort in {"newest", "-price"}
    inner_id = product.c.id.desc() if descending else product.c.id
    chosen = (
        select(product.c.id, key.label("sort_key"))
        .select_from(source)
        .where(and_(*tests))
        .order_by(key.desc() if descending else key, inner_id)
        .limit(bindparam("limit"))
        .offset(bindparam("offset"))
        .subquery("chosen")
    )
    outer = (chosen.c.sort_key, chosen.c.id)
    if descending:
        return card_select(locale, chosen).order_by(*(column.desc() for column in outer))
    return card_select(locale, chosen).order_by(*outer)
