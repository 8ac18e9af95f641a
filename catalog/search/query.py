"""Answers a search: products in order, how many there are, facets with counts, a better spelling.

An index says which products match a text, and how well. What is on sale, under which facets, at what
price and with how many stars comes from the table that browsing uses too, which is read from the
database: an index that lags behind can hide a product for a moment, never show a wrong price or a ghost.
"""

import logging
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from heapq import nlargest, nsmallest
from typing import Literal

from sqlalchemy.orm import Session

from catalog.queries.facets.keeping import get_table
from catalog.queries.facets.table import Count, Counted, Good, Table
from catalog.rules.destinations import HOME_CURRENCY
from catalog.rules.facets import Chosen
from catalog.search.database import find_in_database
from catalog.search.errors import IndexUnhealthy
from catalog.search.home import Home, State, forget, opened, want_rebuild
from catalog.search.plan import Plan
from catalog.search.planning import make_plan
from catalog.search.reading import MAX_CHARACTERS
from catalog.search.scripts import fold, prepare, runs
from core.bits import numbers_of
from core.facts import Newest

Sort = Literal["relevance", "price", "price_desc", "newest"]
Place = tuple[float, int, int]
"""Where a product stands in an order: its score or price, its age, its id."""
MAX_PER_PAGE = 100
ASKED_STARS = 1.5
"""What a class that was asked for adds to a score, where it holds today."""

log = logging.getLogger("ocop.search")


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What somebody looks for, narrowed to the chosen values of facets (`catalog.rules.facets`).

    ``text`` may be anything a person can send; only its first 200 characters are read.
    """

    text: str
    locale: str = "vi"
    chosen: Chosen = field(default_factory=dict)
    sort: Sort = "relevance"
    page: int = 1
    per_page: int = 24
    after: Place | None = None
    """Continue behind this place instead of at a page: nothing is shown twice when goods come or go."""


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
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What communes and producers are called, by their values in the facets."""
    currency: str = HOME_CURRENCY
    """Goods with a price in it come first where prices decide; dong where no goods have another."""
    last: Place | None = None
    """Where the last product of this page stands, if more follow it."""


def search(
    session: Session,
    directory: Home,
    request: SearchRequest,
    *,
    on: date,
    newest: Newest | None = None,
    in_stock: Collection[int] = frozenset(),
    currency: str = HOME_CURRENCY,
) -> SearchResult:
    """Answer from the index, or from the database while the index is missing or damaged.

    ``directory`` is the search directory of the settings; ``in_stock`` are the packages that can be
    promised, ``currency`` is that of the prices shown (see `Table.shown_in`). Never raises for any
    text: when the index fails, a rebuild is asked for and the result says ``degraded``. Who has asked
    for the newest fact already says it.
    """
    goods = OnSale(get_table(session, on, newest).shown_in(currency), in_stock)
    try:
        return search_index(directory, request, on=on, goods=goods)
    except IndexUnhealthy as error:
        log.warning("search index unhealthy", extra={"facts": {"why": error.facts.get("why")}})
    except Exception:  # a damaged posting list raises almost any exception
        log.exception("search index failed")
        forget(directory)
    want_rebuild(directory)
    found = find_in_database(session, request.text, on=on)
    counted = goods.table.count(request.chosen, in_stock, goods.table.bits_of(found))
    return _Listing(goods.table, request).result(counted, degraded=True)


@dataclass(frozen=True, slots=True)
class OnSale:
    """What is on sale, and the packages that can be promised."""

    table: Table
    in_stock: Collection[int] = frozenset()


def search_index(
    directory: Home, request: SearchRequest, *, on: date, goods: OnSale | None = None
) -> SearchResult:
    """Answer from the index; raises `IndexUnhealthy` and whatever a torn file raises.

    Without ``goods`` an index that has no database counts what its own documents say.
    """
    started = time.perf_counter()
    with opened(directory) as snapshot:
        result = _Search(snapshot, request, goods or OnSale(_own_table(snapshot, on))).result()
    object.__setattr__(result, "seconds", time.perf_counter() - started)
    return result


def _own_table(snapshot: State, on: date) -> Table:
    day = on.toordinal()
    known: Table | None = snapshot.kept.get(day)
    if known is None:
        listed = [row for _, row in snapshot.all_rows() if row.is_listed(day)]
        known = snapshot.kept[day] = Table.build(
            [
                Good(
                    row.product_id,
                    province=row.province,
                    subgroup=row.subgroup,
                    stars=row.stars(day),
                    price=row.price,
                    published=row.published,
                )
                for row in listed
            ]
        )
    return known


class _Listing:
    """Puts rows of the table in order and cuts a page out of them."""

    def __init__(
        self, table: Table, request: SearchRequest, asked_stars: Collection[int] = ()
    ) -> None:
        self.table = table
        self.request = request
        self.asked_stars = asked_stars
        self.per_page = min(max(1, request.per_page), MAX_PER_PAGE)

    def order(self, scores: Callable[[int], float]) -> Callable[[int], Place]:
        """Return a sort key that ends with the newest product, then the id: pages are stable."""
        good, sort, asked = self.table.good, self.request.sort, self.asked_stars
        by_price = self.table.by_price

        def key(row: int) -> Place:
            own = good(row)
            if sort == "relevance":
                first = -scores(row)
                if own.stars in asked:
                    first *= ASKED_STARS
            elif sort == "newest":
                first = 0.0
            else:
                first = float(by_price(own, dearest=sort == "price_desc"))
            return (round(first, 6), -own.published, own.product_id)

        return key

    def result(
        self,
        counted: Counted,
        scores: Callable[[int], float] = lambda _row: 0.0,
        *,
        degraded: bool = False,
    ) -> SearchResult:
        """Return the page asked for of the rows that were counted."""
        request, per_page, total = self.request, self.per_page, counted.total
        order = self.order(scores)
        rows: Iterable[int] = numbers_of(counted.rows)
        first, left = (request.page - 1) * per_page, total
        if request.after is not None:
            after = request.after
            rows = [row for row in rows if order(row) > after]
            first, left = 0, len(rows)
        page: list[int] = []
        if 0 <= first < left:
            page = nsmallest(first + per_page, rows, key=order)[first:]
        return SearchResult(
            ids=tuple(self.table.good(row).product_id for row in page),
            total=total,
            page=request.page,
            pages=-(-total // per_page),
            per_page=per_page,
            facets=counted.facets,
            names=self.table.names,
            currency=self.table.currency,
            degraded=degraded,
            last=order(page[-1]) if page and first + len(page) < left else None,
        )


class _Search:
    def __init__(self, snapshot: State, request: SearchRequest, goods: OnSale) -> None:
        self.snapshot = snapshot
        self.request = request
        self.table, self.in_stock = goods.table, goods.in_stock

    def result(self) -> SearchResult:
        request = self.request
        text = request.text.strip()
        plan = make_plan(text, request.locale, self.snapshot, self.snapshot.taught)
        scores: Mapping[int, float] = {}
        wanted = self._without_words(plan, text)
        if plan.units:
            scored = self.snapshot.run(plan)
            scores, wanted = scored.scores, self._rows(scored.strict)
        counted = self.table.count(request.chosen, self.in_stock, wanted)
        listing = _Listing(self.table, request, plan.stars)
        found = listing.result(counted, self._by_row(scores))
        return replace(
            found,
            related=self._related(listing, scores, counted, found),
            did_you_mean=self._better_spelling(plan, text),
        )

    def _without_words(self, plan: Plan, text: str) -> int:
        """Return the rows that a text without a word to look for asks for: by stars, all, or none."""
        if plan.stars:
            return self.table.having("stars", [str(stars) for stars in plan.stars])
        return 0 if text else self.table.listed

    def _rows(self, documents: Iterable[int]) -> int:
        """Return the rows of documents of the index, as bits; ghosts and goods of tomorrow have none."""
        return self.table.bits_of(self.snapshot.products(documents))

    def _by_row(self, scores: Mapping[int, float]) -> Callable[[int], float]:
        document, good = self.snapshot.document, self.table.good

        def score(row: int) -> float:
            return scores.get(document(good(row).product_id), 0.0)

        return score

    def _related(
        self,
        listing: _Listing,
        scores: Mapping[int, float],
        counted: Counted,
        found: SearchResult,
    ) -> tuple[int, ...]:
        """Return what matches only part of the text, where the first page has room for it."""
        request, room = self.request, listing.per_page - len(found.ids)
        if request.sort != "relevance" or request.page != 1 or request.after or room <= 0:
            return ()
        passing = self.table.passing(request.chosen, self.in_stock) & ~counted.rows
        rest = numbers_of(self._best_rows(scores, passing, room, bool(listing.asked_stars)))
        nearest = nsmallest(room, rest, key=listing.order(self._by_row(scores)))
        return tuple(self.table.good(row).product_id for row in nearest)

    def _best_rows(
        self, scores: Mapping[int, float], passing: int, room: int, stars_are_asked: bool
    ) -> int:
        """Return rows among which are the ``room`` best: to compare thousands would take long."""
        listed, found = 4 * room, 0
        while True:
            least = min(nlargest(listed, scores.values()), default=0.0) - 1e-6
            if stars_are_asked:
                least /= ASKED_STARS
            best = [document for document, score in scores.items() if score >= least]
            found = self._rows(best) & passing
            if found.bit_count() >= room or len(best) == len(scores):
                return found
            listed *= 8

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
