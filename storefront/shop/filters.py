"""The filters of a list of goods: read from the address, and every choice written back as an address.

The address holds the whole state, so it can be sent, kept and gone back to. Values nobody offers are
dropped, and the address without them is the canonical one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol
from urllib.parse import quote

from werkzeug.datastructures import MultiDict

from catalog.reference import GROUPS, MAIN_ALLERGENS, PROVINCES, SUBGROUPS
from catalog.rules.destinations import HOME_CURRENCY
from catalog.rules.eligibility import MARKETS
from catalog.rules.facets import BANDS, FACETS, PRICE_BANDS
from catalog.rules.marks import MARKS
from storefront.reading import read_page
from storefront.record_words import PRODUCER_KINDS

SORTS = ("newest", "name", "price", "-price")
SEARCH_SORTS = ("relevance", "newest", "price", "-price")
LARGEST_PAGE = 10**10 - 1
MOST_VALUES = 60
OFFERED: Mapping[str, Iterable[str]] = {
    "province": PROVINCES,
    "group": GROUPS,
    "subgroup": SUBGROUPS,
    "stars": ("5", "4", "3"),
    "certificate": MARKS,
    "price": PRICE_BANDS,
    "stock": ("in",),
    "ships_to": MARKETS,
    "free_from": MAIN_ALLERGENS,
    "season": ("now",),
    "maker": PRODUCER_KINDS,
}
"""The values of each facet; of communes and producers there are too many to list."""

FOR_ENGINES = frozenset({"province", "group", "subgroup", "stars", "certificate"})
"""Facets that make a page worth finding elsewhere: others are somebody's choice of the moment."""

_SLUGS = {code: province.slug for code, province in PROVINCES.items()}
_CODES = {slug: code for code, slug in _SLUGS.items()}
_SLUG = re.compile(r"[a-z0-9][a-z0-9.-]{0,139}")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a visitor chose, in the order the reference lists have it; ``text`` is a search query."""

    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = ""
    page: int = 1
    text: str | None = None

    def values(self, facet: str) -> tuple[str, ...]:
        """The chosen values of one facet."""
        return self.facets.get(facet, ())

    @property
    def is_filtered(self) -> bool:
        """Whether any facet is used."""
        return bool(self.facets)


class Counted(Protocol):
    """A value of a facet with its count, as browsing and searching both answer it."""

    @property
    def value(self) -> str:
        """The code."""

    @property
    def count(self) -> int:
        """How many products it shows."""

    @property
    def selected(self) -> bool:
        """Whether it is chosen."""


class Choice(NamedTuple):
    """One value of a facet as a link: following it chooses the value, or takes it back.

    ``lang`` is that of the label where it is not the page's.
    """

    label: str
    number: int
    selected: bool
    address: str
    lang: str = ""


def read(
    arguments: MultiDict[str, str],
    sorts: tuple[str, ...] = SORTS,
    currency: str = HOME_CURRENCY,
) -> Chosen:
    """The choices in the address; unknown values, sorts and pages are left out.

    Prices are narrowed in ``currency`` and, for goods that have none in it, in dong.
    """
    sort = arguments.get("sort", "")
    return Chosen(
        facets=read_facets(arguments, currency),
        sort=sort if sort in sorts[1:] else "",
        page=read_page(arguments.get("page", "1"), most=LARGEST_PAGE),
        text=arguments.get("q"),
    )


def read_facets(
    arguments: MultiDict[str, str], currency: str = HOME_CURRENCY
) -> dict[str, tuple[str, ...]]:
    """The chosen values of each facet that has any, as the catalogue writes them."""
    chosen: dict[str, tuple[str, ...]] = {}
    for facet in FACETS:
        given = {*arguments.getlist(facet)[:MOST_VALUES]}
        if facet == "province":
            given = {_CODES.get(value, value) for value in given}
        offered = OFFERED.get(facet, sorted(value for value in given if _SLUG.fullmatch(value)))
        if facet == "price" and currency != HOME_CURRENCY:
            offered = (*BANDS[currency], *PRICE_BANDS)
        values = tuple(value for value in offered if value in given) if given else ()
        if values:
            chosen[facet] = values
    return chosen


def query(chosen: Chosen, *, without: str = "", page: int = 1, sort: bool = True) -> str:
    """The choices as a query string ("?province=ca-mau&stars=4"), "" for none."""
    parts = _parts(chosen, without)
    if sort and chosen.sort:
        parts.append(f"sort={chosen.sort}")
    if page > 1:
        parts.append(f"page={page}")
    return f"?{'&'.join(parts)}" if parts else ""


def query_for_engines(chosen: Chosen) -> str:
    """The address under which search engines keep such a page: without choices of the moment.

    A list in another order has other goods on its second page, so that leads to the whole list.
    """
    facets = {facet: own for facet, own in chosen.facets.items() if facet in FOR_ENGINES}
    page = chosen.page if facets == chosen.facets and not chosen.sort else 1
    return query(Chosen(facets, text=chosen.text), page=page)


def _parts(chosen: Chosen, without: str = "") -> list[str]:
    parts = [] if chosen.text is None else [f"q={quote(chosen.text)}"]
    for facet in FACETS:
        if facet != without:
            parts += [f"{facet}={written(facet, value)}" for value in chosen.values(facet)]
    return parts


def written(facet: str, value: str) -> str:
    """A value as addresses have it: provinces go by their slugs."""
    return _SLUGS.get(value, value) if facet == "province" else value


def choices(  # noqa: PLR0913 - each is a part of the link
    chosen: Chosen,
    facet: str,
    values: Iterable[Counted],
    names: Mapping[str, str],
    path: str,
    lang: str = "",
) -> list[Choice]:
    """The values of a facet with names (in that language) and addresses, in the order given."""
    others = "&".join(_parts(chosen, facet) + ([f"sort={chosen.sort}"] if chosen.sort else []))
    start = f"{path}?{others}&" if others else f"{path}?"
    selected = [f"{facet}={written(facet, value)}" for value in chosen.values(facet)]
    listed = []
    for entry in values:
        own = f"{facet}={written(facet, entry.value)}"
        kept = [part for part in selected if part != own] if entry.selected else [*selected, own]
        address = (start + "&".join(kept)).rstrip("?&")
        listed.append(
            Choice(names.get(entry.value, entry.value), entry.count, entry.selected, address, lang)
        )
    return listed


def page_numbers(page: int, pages: int) -> list[int]:
    """The pages worth a link: the ends and the neighbours; 0 stands for a gap."""
    wanted = sorted({1, 2, page - 1, page, page + 1, pages} & set(range(1, pages + 1)))
    numbers: list[int] = []
    for number in wanted:
        if numbers and number - numbers[-1] > 1:
            numbers.append(0)
        numbers.append(number)
    return numbers
