"""Answers a search: products in order, how many there are, facets with counts, a better spelling."""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from heapq import nsmallest
from pathlib import Path
from typing import Literal

from sqlalchemy.orm import Session

from catalog.search import store
from catalog.search.database import search_database
from catalog.search.errors import IndexUnhealthy
from catalog.search.index import Index
from catalog.search.plan import Plan
from catalog.search.planning import make_plan
from catalog.search.reading import MAX_CHARACTERS
from catalog.search.scoring import run_plan
from catalog.search.scripts import fold, prepare, runs
from catalog.search.snapshot import Row, Snapshot
from catalog.search.synonyms import taught

Sort = Literal["relevance", "price", "price_desc", "newest"]
FACETS = ("province", "group", "subgroup", "stars")
Place = tuple[float, int, int]
"""Where a product stands in an order: its score or price, its age, its id."""
MAX_PER_PAGE = 100
ASKED_STARS = 1.5
"""What a class that was asked for adds to a score, where it holds today."""

log = logging.getLogger("ocop.search")


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What somebody looks for. Within a filter any value will do; every filter must be met.

    ``text`` may be anything a person can send; only its first 200 characters are read.
    """

    text: str
    locale: str = "vi"
    provinces: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    subgroups: frozenset[str] = frozenset()
    stars: frozenset[int] = frozenset()
    sort: Sort = "relevance"
    page: int = 1
    per_page: int = 24
    after: Place | None = None
    """Continue behind this place instead of at a page: nothing is shown twice when goods come or go."""


@dataclass(frozen=True, slots=True)
class Count:
    """One value of a facet: how many products it would show, and whether it is chosen."""

    value: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of product ids, best first, and what is known of all hits.

    ``related`` are products that match only part of the text, for the first page of a sort by
    relevance; they are in neither ``total`` nor ``facets``. A page past the end is empty.
    ``degraded`` says that the index was missing and the database answered.
    """

    ids: tuple[int, ...]
    total: int
    page: int
    pages: int
    per_page: int
    facets: Mapping[str, tuple[Count, ...]] = field(default_factory=dict)
    related: tuple[int, ...] = ()
    did_you_mean: str | None = None
    degraded: bool = False
    seconds: float = 0.0
    last: Place | None = None
    """Where the last product of this page stands, if more follow it."""


def search(session: Session, directory: Path, request: SearchRequest, *, on: date) -> SearchResult:
    """Answer from the index, or from the database while the index is missing or damaged.

    ``directory`` is the search directory of the settings. Never raises for any text: when the
    index fails, a rebuild is asked for and the result says ``degraded``.
    """
    try:
        return search_index(directory, request, on=on)
    except IndexUnhealthy as error:
        log.warning("search index unhealthy", extra={"facts": {"why": error.facts.get("why")}})
    except Exception:  # a damaged posting list raises almost any exception
        log.exception("search index failed")
        Index.open(directory).forget()
    store.want_rebuild(directory)
    ids, total = search_database(session, request, on=on)
    return _result(request, ids, total, degraded=True)


def search_index(directory: Path, request: SearchRequest, *, on: date) -> SearchResult:
    """Answer from the index alone; raises `IndexUnhealthy` and whatever a torn file raises."""
    started = time.perf_counter()
    with Index.open(directory).snapshot() as snapshot:
        result = _Search(snapshot, request, on).result()
    object.__setattr__(result, "seconds", time.perf_counter() - started)
    return result


def _result(
    request: SearchRequest, ids: Iterable[int], total: int, *, degraded: bool = False
) -> SearchResult:
    per_page = _per_page(request)
    return SearchResult(
        ids=tuple(ids),
        total=total,
        page=request.page,
        pages=-(-total // per_page),
        per_page=per_page,
        degraded=degraded,
    )


def _per_page(request: SearchRequest) -> int:
    return min(max(1, request.per_page), MAX_PER_PAGE)


class _Search:
    def __init__(self, snapshot: Snapshot, request: SearchRequest, on: date) -> None:
        self.snapshot = snapshot
        self.request = request
        self.day = on.toordinal()
        self.stars: frozenset[int] = frozenset()
        self.taught = taught(snapshot.generation.parent)

    def result(self) -> SearchResult:
        request, per_page = self.request, _per_page(self.request)
        text = request.text.strip()
        plan = make_plan(text, request.locale, self.snapshot, self.taught)
        scores: Mapping[int, float] = {}
        wanted: Iterable[int]
        if plan.units:
            scored = run_plan(plan, self.snapshot)
            scores, wanted = scored.scores, scored.strict
        elif plan.stars:
            wanted = [n for n, row in self.snapshot.all_rows() if row.stars(self.day) in plan.stars]
        else:
            wanted = () if text else (number for number, _ in self.snapshot.all_rows())
        hits, facets = self._filter(wanted)
        first = (request.page - 1) * per_page
        page: list[int] = []
        self.stars = plan.stars
        order = self._order(scores)
        left = hits
        if request.after is not None:
            first, left = 0, [number for number in hits if order(number) > request.after]
        if 0 <= first < len(left):
            page = nsmallest(first + per_page, left, key=order)[first:]
        return SearchResult(
            ids=tuple(self._row(number).product_id for number in page),
            total=len(hits),
            page=request.page,
            pages=-(-len(hits) // per_page),
            per_page=per_page,
            facets=facets,
            related=self._related(scores, set(hits), per_page - len(page)),
            did_you_mean=self._better_spelling(plan, text),
            last=order(page[-1]) if page and first + len(page) < len(left) else None,
        )

    def _row(self, number: int) -> Row:
        row = self.snapshot.rows[number]
        if row is None:  # `_filter` and `_passes` leave these out
            raise IndexUnhealthy(directory=str(self.snapshot.generation), why="a ghost")
        return row

    def _order(self, scores: Mapping[int, float]) -> Callable[[int], tuple[float, int, int]]:
        """Return a sort key that ends with the newest product, then the id: pages are stable."""
        row, sort = self._row, self.request.sort

        def key(number: int) -> tuple[float, int, int]:
            own = row(number)
            first = {
                "price": float(own.price),
                "price_desc": -float(own.price),
                "newest": 0.0,
            }.get(sort, -scores.get(number, 0.0))
            if sort == "relevance" and own.stars(self.day) in self.stars:
                first *= ASKED_STARS
            return (round(first, 6), -own.published, own.product_id)

        return key

    def _related(self, scores: Mapping[int, float], hits: set[int], room: int) -> tuple[int, ...]:
        request = self.request
        if request.sort != "relevance" or request.page != 1 or request.after or room <= 0:
            return ()
        rest = nsmallest(
            room,
            (number for number in scores if number not in hits and self._passes(number)),
            key=self._order(scores),
        )
        return tuple(self._row(number).product_id for number in rest)

    def _passes(self, number: int) -> bool:
        row = self.snapshot.rows[number]
        return row is not None and row.is_listed(self.day) and not self._failed(row)

    def _failed(self, row: Row) -> list[str]:
        request = self.request
        failed = []
        if request.provinces and row.province not in request.provinces:
            failed.append("province")
        if request.groups and row.group not in request.groups:
            failed.append("group")
        if request.subgroups and row.subgroup not in request.subgroups:
            failed.append("subgroup")
        if request.stars and row.stars(self.day) not in request.stars:
            failed.append("stars")
        return failed

    def _filter(self, wanted: Iterable[int]) -> tuple[list[int], dict[str, tuple[Count, ...]]]:
        """Return the hits that pass every filter, and facets that each ignore their own filter."""
        counters: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
        hits: list[int] = []
        for number in wanted:
            row = self.snapshot.rows[number]
            if row is None or not row.is_listed(self.day):
                continue
            failed = self._failed(row)
            if len(failed) > 1:
                continue
            if not failed:
                hits.append(number)
            values = (row.province, row.group, row.subgroup, str(row.stars(self.day) or ""))
            for name, value in zip(FACETS, values, strict=True):
                if value and (not failed or failed[0] == name):
                    counters[name][value] += 1
        return hits, {name: self._counts(name, counters[name]) for name in FACETS}

    def _counts(self, name: str, counter: Counter[str]) -> tuple[Count, ...]:
        chosen = {
            "province": self.request.provinces,
            "group": self.request.groups,
            "subgroup": self.request.subgroups,
            "stars": frozenset(str(number) for number in self.request.stars),
        }[name]
        counter.update(dict.fromkeys(chosen - counter.keys(), 0))
        ranked = sorted(counter.items(), key=lambda item: (-item[1], item[0]))
        if name == "stars":
            ranked.sort(reverse=True)
        return tuple(Count(value, count, value in chosen) for value, count in ranked)

    def _better_spelling(self, plan: Plan, text: str) -> str | None:
        if not plan.corrections:
            return None
        better = dict(plan.corrections)
        words = [run.text for run in runs(text[:MAX_CHARACTERS])]
        vietnamese = self.request.locale == "vi"
        fixed = [
            (self.snapshot.surface(better[word]) if vietnamese else better[word])
            if word in better
            else word
            for word in words
        ]
        answer = " ".join(fixed)
        return answer if fold(answer) != fold(prepare(text)) else None
