"""How a question to the interface is read: every parameter is checked, and the first mistake named."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, cast

from werkzeug.datastructures import MultiDict

from catalog.models.producer import PRODUCER_KINDS
from catalog.reference import GROUPS, MAIN_ALLERGENS, PROVINCES, SUBGROUPS
from catalog.rules.eligibility import MARKETS
from catalog.rules.facets import FACETS, PRICE_BANDS
from catalog.rules.marks import MARKS
from core.errors import Invalid
from i18n.locales import LOCALES

if TYPE_CHECKING:
    from catalog.search.query import Place, SearchRequest

SORTS = ("relevance", "newest", "price", "-price")
PER_PAGE, MOST_PER_PAGE = 24, 100
LONGEST_TEXT = 2_000
_SEARCH = {"q", "locale", "sort", "limit", "cursor", *FACETS}
_SLUGS = {province.slug: code for code, province in PROVINCES.items()}
OFFERED: Mapping[str, Collection[str]] = {
    "province": {*PROVINCES, *_SLUGS},
    "group": {*GROUPS},
    "subgroup": {*SUBGROUPS},
    "stars": {"3", "4", "5"},
    "certificate": {*MARKS},
    "price": {*PRICE_BANDS},
    "stock": {"in"},
    "ships_to": {*MARKETS},
    "free_from": {*MAIN_ALLERGENS},
    "season": {"now"},
    "maker": {*PRODUCER_KINDS},
}
"""The values of each facet; communes and producers go by their slugs, of which there are too many."""

_SLUG = re.compile(r"[a-z0-9][a-z0-9.-]{0,139}")
_Sort = Literal["relevance", "price", "price_desc", "newest"]


class BadQuestion(Invalid):
    """A parameter nobody can answer; ``parameter`` names it and ``why`` says what is wrong."""


@dataclass(frozen=True, slots=True)
class Question:
    """A search as the index takes it, and a mark of it that a cursor must carry."""

    request: SearchRequest
    mark: str

    def cursor(self, place: Place) -> str:
        """The cursor that continues this question behind a place."""
        text = json.dumps([self.mark, *place], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def read_search(given: MultiDict[str, str]) -> Question:
    """The question in an address; raises `BadQuestion`."""
    from catalog.search.query import SearchRequest

    unknown = sorted(set(given) - _SEARCH)
    if unknown:
        raise BadQuestion(parameter=unknown[0], why="unknown parameter")
    sort = given.get("sort", "relevance")
    if sort not in SORTS:
        raise BadQuestion(parameter="sort", why=f"one of {', '.join(SORTS)}")
    request = SearchRequest(
        text=read_text(given),
        locale=read_locale(given),
        chosen={facet: values for facet in FACETS if (values := _chosen(given, facet))},
        sort=cast(_Sort, {"-price": "price_desc"}.get(sort, sort)),
        per_page=read_limit(given, PER_PAGE, MOST_PER_PAGE),
    )
    mark = hashlib.blake2b(_canonical(request).encode(), digest_size=6).hexdigest()
    if "cursor" in given:
        request = replace(request, after=_place(given["cursor"], mark))
    return Question(request, mark)


def read_text(given: MultiDict[str, str]) -> str:
    """The text of a question; raises `BadQuestion` for one nobody types."""
    text = given.get("q", "").strip()
    if len(text) > LONGEST_TEXT:
        raise BadQuestion(parameter="q", why=f"at most {LONGEST_TEXT} characters")
    return text


def read_locale(given: MultiDict[str, str]) -> str:
    """The language of a question, Vietnamese if it does not say; raises `BadQuestion`."""
    locale = given.get("locale", "vi").lower()
    if locale not in LOCALES:
        raise BadQuestion(parameter="locale", why=f"one of {', '.join(LOCALES)}")
    return locale


def read_limit(given: MultiDict[str, str], usual: int, most: int) -> int:
    """How many are wanted at once; raises `BadQuestion`."""
    text = given.get("limit", str(usual))
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= most):
        raise BadQuestion(parameter="limit", why=f"a whole number from 1 to {most}")
    return int(text)


def _chosen(given: MultiDict[str, str], facet: str) -> tuple[str, ...]:
    values = {value for text in given.getlist(facet) for value in text.split(",") if value}
    offered = OFFERED.get(facet)
    unknown = sorted(
        value
        for value in values
        if (value not in offered if offered is not None else not _SLUG.fullmatch(value))
    )
    if unknown:
        raise BadQuestion(parameter=facet, why=f"nobody offers {unknown[0][:40]!r}")
    if facet == "province":
        values = {_SLUGS.get(value, value) for value in values}
    return tuple(sorted(values))


def _canonical(request: SearchRequest) -> str:
    """Everything that decides the order and the hits, but not how many are shown at once."""
    return repr([request.text, request.locale, request.sort, sorted(request.chosen.items())])


def _place(cursor: str, mark: str) -> Place:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        own, first, second, number = json.loads(base64.b64decode(padded, b"-_", validate=True))
        place = (float(first), int(second), int(number))
    except (binascii.Error, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise BadQuestion(parameter="cursor", why="not a cursor of ours") from error
    if not math.isfinite(place[0]):
        raise BadQuestion(parameter="cursor", why="not a cursor of ours")
    if own != mark:
        raise BadQuestion(parameter="cursor", why="belongs to another question")
    return place
