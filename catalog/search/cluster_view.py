"""Knows one state of a cluster as a searching process sees it: its words, what is suggested, a plan's answer.

The words of a generation are fetched once and what changed since is added as it comes. The documents and
their terms stay on the cluster, which says what matches a plan and how well.
"""

from __future__ import annotations

import base64
import json
import threading
import time
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any

from catalog.search.cluster import Cluster, Request, action
from catalog.search.cluster_query import (
    FIELD,
    Counts,
    Levels,
    level_query,
    score_query,
    strict_filter,
    with_any,
    words_of,
)
from catalog.search.document import ProductDocument
from catalog.search.errors import IndexUnhealthy
from catalog.search.names import InMemory, Names, encode, make_file
from catalog.search.plan import Plan
from catalog.search.scoring import Scored
from catalog.search.snapshot import Row, Rows, decode_row, encode_row
from catalog.search.synonyms import Concepts
from catalog.search.words import WordLists

CHECK_EVERY_SECONDS = 0.5
_CHUNK = 4_000_000
_PAGE = 1_000
_MOST_STRICT = 50_000
_MOST_RELATED = 1_000
"""Products that match only a part fill what room a page has; nobody pages through them."""


def pack(value: Any) -> str:
    """Return a value as it is kept in a document of words."""
    return base64.b64encode(zlib.compress(json.dumps(value, ensure_ascii=False).encode())).decode()


def _unpack(content: str) -> Any:
    return json.loads(zlib.decompress(base64.b64decode(content)))


class Gathered:
    """What a rebuild gathers of all products for those who search."""

    def __init__(self) -> None:
        self._names: list[bytes] = []
        self._rows: list[str] = []
        self._counts: Counter[str] = Counter()

    def add(self, document: ProductDocument, terms: Iterable[str]) -> None:
        """Note a product."""
        self._names.append(encode(document))
        self._rows.append(encode_row(document))
        self._counts.update(terms)

    @property
    def size(self) -> int:
        """How many products there are."""
        return len(self._rows)

    def lines(self, index: str, version: int) -> Iterator[list[Request]]:
        """Yield what writes it, some lines at a time; what comes last says that it is whole."""
        names = base64.b64encode(make_file(self._names)).decode()
        terms = sorted(self._counts.items())
        packed = pack([names, terms, self._rows])
        parts = [packed[at : at + _CHUNK] for at in range(0, len(packed), _CHUNK)]
        for number, part in enumerate(parts):
            source = {"kind": "base", "content": part}
            yield [action("index", index, f"base-{number}", version), source]
        about = {"kind": "about", "content": pack(len(parts))}
        yield [action("index", index, "about", version), about]


def change(
    index: str, number: int, document: ProductDocument | None, terms: Iterable[str], version: int
) -> list[Request]:
    """Return the lines that tell those who search of a product that changed, or that is gone."""
    own = [encode(document).decode(), encode_row(document), list(terms)] if document else None
    source = {"kind": "product", "content": pack([number, own])}
    return [action("index", index, f"p{number}", version), source]


def tell_words(index: str, text: str, version: int) -> list[Request]:
    """Return the lines that tell those who search what the office taught."""
    source = {"kind": "taught", "content": pack(text)}
    return [action("index", index, "taught", version), source]


@dataclass(frozen=True)
class _Base:
    index: str
    names: Names
    counts: Mapping[str, int]
    rows: Rows

    @cached_property
    def terms(self) -> list[str]:
        return list(self.counts)

    @cached_property
    def places(self) -> Mapping[int, int]:
        return {own: number for number, own in enumerate(self.rows.product_ids)}


@dataclass(frozen=True, slots=True)
class _Change:
    encoded: bytes
    row: Row
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _State:
    base: _Base
    last: int = -1
    """The newest change that was read, by the number the cluster gave it."""
    changes: Mapping[int, _Change | None] = field(default_factory=dict)
    taught: str = ""


class Reader:
    """Keeps the newest view of a cluster for one process; usable by many threads."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._lock = threading.Lock()
        self._view: ClusterView | None = None
        self._checked = 0.0

    def view(self) -> ClusterView:
        """Return the newest state, looked for at most every half second; raises `IndexUnhealthy`."""
        with self._lock:
            moment = time.monotonic()
            if self._view is None or moment - self._checked >= CHECK_EVERY_SECONDS:
                self._view = self._newest(self._view)
                self._checked = moment
            return self._view

    def forget(self) -> None:
        """Look anew, from the beginning."""
        with self._lock:
            self._view, self._checked = None, 0.0

    def _newest(self, view: ClusterView | None) -> ClusterView:
        state = view.state if view is not None else None
        while True:
            hits = self._changes(state.last if state else -1)
            about = next((hit for hit in hits if hit["_id"] == "about"), None)
            if about is None:
                raise IndexUnhealthy(directory=self._cluster.prefix, why="no words")
            if state is None or state.base.index != about["_index"]:
                state, view = _State(self._base(about)), None
                continue
            more = [hit for hit in hits if hit["_id"] != "about"]
            if not more:
                return view if view is not None else ClusterView(self._cluster, state)
            state, view = _with(state, more), None

    def _changes(self, last: int) -> list[dict[str, Any]]:
        newer = {"range": {"_seq_no": {"gt": last}}}
        told = {"terms": {"kind": ["product", "taught"]}}
        body = {
            "size": _PAGE,
            "query": {
                "bool": {
                    "should": [
                        {"ids": {"values": ["about"]}},
                        {"bool": {"filter": [newer, told]}},
                    ]
                }
            },
            "sort": ["_seq_no"],
            "seq_no_primary_term": True,
        }
        answer = self._cluster.ask(self._cluster.alias("words"), [body])[0]
        return list(answer["hits"]["hits"])

    def _base(self, about: Mapping[str, Any]) -> _Base:
        number = _unpack(about["_source"]["content"])
        packed = ""
        for part in range(number):
            body = {"query": {"ids": {"values": [f"base-{part}"]}}}
            (hit,) = self._cluster.ask(about["_index"], [body])[0]["hits"]["hits"]
            packed += hit["_source"]["content"]
        names, terms, rows = _unpack(packed)
        return _Base(
            about["_index"],
            Names(InMemory(base64.b64decode(names))),
            dict(terms),
            Rows(rows),
        )


def _with(state: _State, hits: Iterable[Mapping[str, Any]]) -> _State:
    changes, taught, last = dict(state.changes), state.taught, state.last
    for hit in hits:
        last = max(last, hit["_seq_no"])
        content = _unpack(hit["_source"]["content"])
        if hit["_source"]["kind"] == "taught":
            taught = content
            continue
        number, own = content
        encoded, row, terms = own or ("", "", ())
        changes[number] = _Change(encoded.encode(), decode_row(row), tuple(terms)) if own else None
    return _State(state.base, last, changes, taught)


class ClusterView(WordLists):
    """An unchanging state of the words, and the way to the documents of the same generation."""

    def __init__(self, cluster: Cluster, state: _State) -> None:
        self.state = state
        self.kept: dict[int, Any] = {}
        self._cluster = cluster
        base = state.base
        self._index = base.index.replace("-words-", "-products-")
        added = [own for own in state.changes.values() if own is not None]
        self._gone = {base.places[number] for number in state.changes if number in base.places}
        self._rows = [own.row for own in added]
        self._added = [own.encoded for own in added]
        self._more = Counter(term for own in added for term in own.terms)

    @cached_property
    def taught(self) -> Concepts | None:
        """What the office taught."""
        return Concepts(self.state.taught) if self.state.taught else None

    @property
    def size(self) -> int:
        """How many products there are."""
        return len(self.state.base.rows) - len(self._gone) + len(self._rows)

    def all_rows(self) -> Iterator[tuple[int, Row]]:
        """Yield every product that is not deleted."""
        rows = enumerate(chain(self.state.base.rows, self._rows))
        return ((number, row) for number, row in rows if number not in self._gone)

    def row(self, number: int) -> Row | None:
        """Return a row by its number, None where its product is gone or has another row now."""
        base = self.state.base.rows
        if number < len(base):
            return None if number in self._gone else base[number]
        return self._rows[number - len(base)]

    def row_of(self, product_id: int) -> Row | None:
        """Return the row of a product, None where it has none."""
        if product_id in self.state.changes:
            own = self.state.changes[product_id]
            return own.row if own is not None else None
        number = self.state.base.places.get(product_id)
        return None if number is None else self.state.base.rows[number]

    def frequency(self, term: str) -> int:
        """Return about how many products a term occurs in."""
        return self.state.base.counts.get(term, 0) + self._more.get(term, 0)

    @cached_property
    def _vocabularies(self) -> list[list[str]]:
        base = self.state.base
        return [base.terms, sorted(term for term in self._more if term not in base.counts)]

    def named(self) -> list[tuple[int, Names]]:
        """Return the names of all products, and of those that changed, with their first row."""
        base = (0, self.state.base.names)
        return [base, (len(self.state.base.rows), self._added_names)] if self._added else [base]

    @cached_property
    def _added_names(self) -> Names:
        return Names(InMemory(make_file(self._added)))

    def products(self, documents: Iterable[int]) -> Iterable[int]:
        """Return the ids of products found by `run`, which speaks of them by their ids."""
        return documents

    def document(self, product_id: int) -> int:
        """Return the number by which `run` speaks of a product."""
        return product_id

    def run(self, plan: Plan) -> Scored:
        """Return what matches a plan, as `scoring.run_plan` would; raises `IndexUnhealthy`."""
        counts, levels = self._count(plan)
        if not levels.found:
            return Scored({}, frozenset())
        answer = _Answer(self._cluster, self._index, plan, counts, levels)
        return Scored(answer, answer.strict)

    def _count(self, plan: Plan) -> tuple[Counts, Levels]:
        words, pairs = words_of(plan), list(dict.fromkeys(plan.pairs))
        filters = {f"w{at}": with_any(word) for at, word in enumerate(words)}
        filters |= {f"p{at}": {"term": {FIELD: pair}} for at, pair in enumerate(pairs)}
        bodies: list[Request] = [
            {
                "size": 0,
                "track_total_hits": True,
                "aggs": {name: {"filter": own} for name, own in filters.items()},
            },
            {"size": 1, "query": level_query(plan), **_NOTHING},
        ]
        if any(unit.strict for unit in plan.units):
            bodies.append({"size": 1, "query": level_query(plan, exact=True), **_NOTHING})
        counted, *most = self._cluster.ask(self._index, bodies)
        numbers = {name: own["doc_count"] for name, own in counted["aggregations"].items()}
        found = [float(own["hits"]["max_score"] or 0.0) for own in most]
        return (
            Counts(
                counted["hits"]["total"]["value"],
                {word: numbers[f"w{at}"] for at, word in enumerate(words)},
                {pair: numbers[f"p{at}"] for at, pair in enumerate(pairs)},
            ),
            Levels(found[0], found[-1]),
        )


class _Answer(Mapping[int, float]):
    """Scores by product: of what matches all that was asked at once, of the rest when it is wanted."""

    def __init__(
        self, cluster: Cluster, index: str, plan: Plan, counts: Counts, levels: Levels
    ) -> None:
        self._cluster, self._index = cluster, index
        self._query = score_query(plan, counts, levels)
        self._filter = strict_filter(plan, levels)
        self._scores = self._ask({"filter": [self._filter]}, _MOST_STRICT)
        self.strict = frozenset(self._scores)
        self._rest: dict[int, float] | None = None

    def _ask(self, clauses: Mapping[str, Any], most: int) -> dict[int, float]:
        body = {
            "size": most,
            "query": {"bool": {"must": [self._query], **clauses}},
            "docvalue_fields": ["product_id"],
            **_NOTHING,
        }
        hits = self._cluster.ask(self._index, [body])[0]["hits"]["hits"]
        return {hit["fields"]["product_id"][0]: hit["_score"] for hit in hits}

    def _every(self) -> Mapping[int, float]:
        if self._rest is None:
            self._rest = self._ask({"must_not": [self._filter]}, _MOST_RELATED)
        return self._scores | self._rest

    def __getitem__(self, product_id: int) -> float:
        """Return a product's score; raises ``KeyError`` for one that is not among the best."""
        known = self._scores.get(product_id)
        return self._every()[product_id] if known is None else known

    def __iter__(self) -> Iterator[int]:
        """Yield what matches, of what matches only a part the best."""
        return iter(self._every())

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._every())


_NOTHING: Mapping[str, Any] = {
    "_source": False,
    "stored_fields": "_none_",
    "track_total_hits": False,
}
"""No more of a hit than its score."""
