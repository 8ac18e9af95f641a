"""The filters of a list of goods: read from the address, and every choice written back as an address.

The address holds the whole state, so it can be sent, kept and gone back to. Values nobody offers are
dropped, and the address without them is the canonical one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol
from urllib.parse import quote

from werkzeug.datastructures import MultiDict

from catalog.reference import GROUPS, PROVINCES, SUBGROUPS

FACETS = ("province", "group", "subgroup", "stars")
SORTS = ("newest", "name", "price", "-price")
SEARCH_SORTS = ("relevance", "newest", "price", "-price")
LONGEST_PAGE_NUMBER = 10
_SLUGS = {code: province.slug for code, province in PROVINCES.items()}
_CODES = {slug: code for code, slug in _SLUGS.items()}
_OFFERED: Mapping[str, Iterable[str]] = {
    "province": PROVINCES,
    "group": GROUPS,
    "subgroup": SUBGROUPS,
    "stars": ("5", "4", "3"),
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a visitor chose, in the order the reference lists have it; ``text`` is a search query."""

    province: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    subgroup: tuple[str, ...] = ()
    stars: tuple[str, ...] = ()
    sort: str = ""
    page: int = 1
    text: str | None = None

    def values(self, facet: str) -> tuple[str, ...]:
        """The chosen values of one facet."""
        chosen: tuple[str, ...] = getattr(self, facet)
        return chosen

    @property
    def is_filtered(self) -> bool:
        """Whether any facet is used."""
        return bool(self.province or self.group or self.subgroup or self.stars)


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
    """One value of a facet as a link: following it chooses the value, or takes it back."""

    label: str
    number: int
    selected: bool
    address: str


def read(arguments: MultiDict[str, str], sorts: tuple[str, ...] = SORTS) -> Chosen:
    """The choices in the address; unknown values, sorts and pages are left out."""
    chosen: dict[str, tuple[str, ...]] = {}
    for facet, offered in _OFFERED.items():
        given = arguments.getlist(facet)[:60]
        wanted = {_CODES.get(value, value) for value in given} if facet == "province" else {*given}
        chosen[facet] = tuple(value for value in offered if value in wanted)
    sort = arguments.get("sort", "")
    return Chosen(
        **chosen,
        sort=sort if sort in sorts[1:] else "",
        page=_page(arguments.get("page", "1")),
        text=arguments.get("q"),
    )


def _page(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > LONGEST_PAGE_NUMBER:
        return 1
    return max(int(text), 1)


def query(chosen: Chosen, *, without: str = "", page: int = 1, sort: bool = True) -> str:
    """The choices as a query string ("?province=ca-mau&stars=4"), "" for none."""
    parts = _parts(chosen, without)
    if sort and chosen.sort:
        parts.append(f"sort={chosen.sort}")
    if page > 1:
        parts.append(f"page={page}")
    return f"?{'&'.join(parts)}" if parts else ""


def _parts(chosen: Chosen, without: str = "") -> list[str]:
    parts = [] if chosen.text is None else [f"q={quote(chosen.text)}"]
    for facet in FACETS:
        if facet != without:
            parts += [f"{facet}={_written(facet, value)}" for value in chosen.values(facet)]
    return parts


def _written(facet: str, value: str) -> str:
    return _SLUGS[value] if facet == "province" else value


def choices(
    chosen: Chosen, facet: str, values: Iterable[Counted], names: Mapping[str, str], path: str
) -> list[Choice]:
    """The values of a facet with names and addresses, in the order given."""
    others = "&".join(_parts(chosen, facet) + ([f"sort={chosen.sort}"] if chosen.sort else []))
    start = f"{path}?{others}&" if others else f"{path}?"
    selected = [f"{facet}={_written(facet, value)}" for value in chosen.values(facet)]
    listed = []
    for entry in values:
        own = f"{facet}={_written(facet, entry.value)}"
        kept = [part for part in selected if part != own] if entry.selected else [*selected, own]
        address = (start + "&".join(kept)).rstrip("?&")
        listed.append(
            Choice(names.get(entry.value, entry.value), entry.count, entry.selected, address)
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
