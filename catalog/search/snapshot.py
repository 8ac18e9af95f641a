"""Knows one unchanging state of the index: postings, vocabulary and facts of every product.

What belongs to a segment (facts, vocabulary) is read once and carried over to the next snapshot;
deletions are read anew. Whoosh's own ``refresh()`` is never used: it unites old and new segments.
"""

import json
from array import array
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, overload

from catalog.search.document import ProductDocument
from catalog.search.names import Names, OnDisk
from catalog.search.plan import Plan
from catalog.search.scoring import Prepared, Scored, run_plan
from catalog.search.synonyms import Concepts, taught
from catalog.search.words import WordLists

_CACHED_POSTINGS = 750_000
_CACHED_FREQUENCIES = 50_000


_FOR_EVER = -1
_GONE = 0
"""Stands for the id of a product whose document was deleted; ids begin at 1."""


Claim = tuple[int, int, int]
"""Stars, first and last day."""


@dataclass(frozen=True, slots=True)
class Row:
    """What sorting, filters and facets need to know of a product; days are proleptic ordinals."""

    product_id: int
    province: str
    group: str
    subgroup: str
    claims: tuple[Claim, ...]
    price: int
    published: int
    listed_until: int | None

    def stars(self, day: int) -> int:
        """Return the stars that hold on a day, 0 for none."""
        return max((s for s, start, end in self.claims if start <= day <= end), default=0)

    def is_listed(self, day: int) -> bool:
        """Say whether the product may still be listed on a day."""
        return self.listed_until is None or day <= self.listed_until


def encode_row(document: ProductDocument) -> str:
    """Return the facts of a document as they are kept in the index."""
    claims = [(c.stars, c.valid_from.toordinal(), c.valid_to.toordinal()) for c in document.claims]
    until = document.listed_until
    facts = [
        document.product_id,
        document.province,
        document.group,
        document.subgroup,
        claims,
        document.price,
        document.published,
        until.toordinal() if isinstance(until, date) else None,
        document.digest,
    ]
    return json.dumps(facts, separators=(",", ":"))


def decode_row(text: str) -> Row:
    """Read the facts of a document."""
    *facts, _digest = json.loads(text)
    facts[4] = tuple(tuple(claim) for claim in facts[4])
    return Row(*facts)


class Rows(Sequence[Row]):
    """The rows of many documents, packed: 20,000 have 1 MB, as objects they would have 5."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.product_ids = array("Q")
        self._prices, self._published, self._until = array("q"), array("q"), array("q")
        self._kinds, self._claims = array("I"), array("I")
        kinds: dict[tuple[str, str, str], int] = {}
        claims: dict[tuple[Claim, ...], int] = {}
        for row in map(decode_row, texts):
            kind = row.province, row.group, row.subgroup
            self.product_ids.append(row.product_id)
            self._prices.append(row.price)
            self._published.append(row.published)
            self._until.append(_FOR_EVER if row.listed_until is None else row.listed_until)
            self._kinds.append(kinds.setdefault(kind, len(kinds)))
            self._claims.append(claims.setdefault(row.claims, len(claims)))
        self._known = list(kinds), list(claims)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.product_ids)

    @overload
    def __getitem__(self, number: int) -> Row: ...
    @overload
    def __getitem__(self, number: slice) -> list[Row]: ...
    def __getitem__(self, number: int | slice) -> Row | list[Row]:
        """Return the row of a document, made anew at each call."""
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        until = self._until[number]
        kinds, claims = self._known
        return Row(
            self.product_ids[number],
            *kinds[self._kinds[number]],
            claims[self._claims[number]],
            self._prices[number],
            self._published[number],
            None if until == _FOR_EVER else until,
        )


def decode_digest(text: str) -> str:
    """Read the digest of a document, which only a comparison with the database needs."""
    return str(json.loads(text)[-1])


Posting = tuple[Sequence[int], Sequence[float]]


class Segment:
    """What never changes in one segment of the index.

    Postings that were read stay here although documents may be deleted later: whoever reads them
    skips rows that are gone.
    """

    def __init__(self, reader: Any) -> None:
        self.name: str = reader.segment().segment_id()
        self.size: int = reader.doc_count_all()
        column = reader.column_reader("facts")
        self.rows = Rows(column[number] for number in range(self.size))
        self._vocabulary: list[str] | None = None
        self._postings: OrderedDict[str, Posting] = OrderedDict()
        self._cached = 0
        self._names: Names | None = None

    def vocabulary(self, reader: Any) -> list[str]:
        """Return the sorted terms."""
        if self._vocabulary is None:
            self._vocabulary = sorted(term.decode() for term in reader.lexicon("terms"))
        return self._vocabulary

    def names(self, generation: Path) -> Names:
        """Return what may be suggested; raises ``OSError`` while the worker still writes it."""
        if self._names is None:
            self._names = Names(OnDisk(generation / f"{self.name}.names"))
        return self._names

    def postings(self, reader: Any, term: str) -> Posting:
        """Return documents (numbered in this segment) and weights of a term."""
        found = self._postings.get(term)
        if found is not None:
            self._postings.move_to_end(term)
            return found
        from catalog.search.impacts import read_postings

        found = self._postings[term] = read_postings(reader, term)
        self._cached += len(found[0]) + 1
        while self._cached > _CACHED_POSTINGS and len(self._postings) > 1:
            _, old = self._postings.popitem(last=False)
            self._cached -= len(old[0]) + 1
        return found


def _stands_in(words: Sequence[str], word: str) -> bool:
    """Say whether a sorted list has a word; the file would be asked forty times as long."""
    at = bisect_left(words, word)
    return at < len(words) and words[at] == word


def _storage(generation: Path) -> Any:
    from whoosh.filedb import filestore

    storage: Any = filestore.FileStorage
    return storage(str(generation), supports_mmap=False)


class Snapshot(WordLists):
    """An open state of the index; usable by many threads, closed when its last user leaves.

    Whoosh reads through one file with one position here, never through a map: a mapped segment is copied
    into memory whole, in each process (26 MB at 20,000 products). So whoever reads holds the lock, and a
    process does not hand an open snapshot to its children.
    """

    def __init__(self, generation: Path, before: Iterable[Segment] = ()) -> None:
        self.generation = generation
        self._index = _storage(generation).open_index()
        self._reader = self._index.reader()
        known = {segment.name: segment for segment in before}
        self._leaves: list[tuple[Any, int, Segment]] = []
        self._ids = array("Q")
        for leaf, base in self._reader.leaf_readers():
            if leaf.segment() is None:  # an index without documents
                continue
            name = leaf.segment().segment_id()
            segment = known.get(name) or Segment(leaf)
            self._leaves.append((leaf, base, segment))
            gone = set(leaf.segment().deleted_docs()) if leaf.has_deletions() else set()
            self._ids += segment.rows.product_ids
            for number in gone:
                self._ids[base + number] = _GONE
        self.size = len(self._ids) - self._ids.count(_GONE)
        self.kept: dict[int, Any] = {}
        """What was worked out from this state by day; goes with it."""
        self._frequencies: dict[str, int] = {}
        self._lock = Lock()
        self._prepared = Prepared(self, len(self._ids) + 1)

    @property
    def segments(self) -> list[Segment]:
        """The segments, for the next snapshot."""
        return [segment for _, _, segment in self._leaves]

    def is_current(self) -> bool:
        """Say whether nothing was committed since."""
        return bool(self._index.latest_generation() == self._reader.generation())

    def close(self) -> None:
        """Close the files."""
        self._reader.close()
        self._index.close()

    def all_rows(self) -> Iterator[tuple[int, Row]]:
        """Yield every product that is not deleted."""
        for _, base, segment in self._leaves:
            for number, row in enumerate(segment.rows, base):
                if self._ids[number] != _GONE:
                    yield number, row

    def row(self, number: int) -> Row | None:
        """Return the row of a document, None where its product is gone."""
        if self._ids[number] == _GONE:
            return None
        at = bisect_right(self._leaves, number, key=lambda leaf: leaf[1]) - 1
        _, base, segment = self._leaves[at]
        return segment.rows[number - base]

    def digests(self) -> Iterator[tuple[int, str]]:
        """Yield product id and digest of every product that is not deleted, as the files say them."""
        for leaf, base, segment in self._leaves:
            column = leaf.column_reader("facts")
            for number in range(segment.size):
                product_id = self._ids[base + number]
                if product_id != _GONE:
                    yield product_id, decode_digest(column[number])

    @cached_property
    def documents(self) -> dict[int, int]:
        """The document of each product."""
        return {own: number for number, own in enumerate(self._ids) if own != _GONE}

    def postings(self, term: str) -> Posting:
        """Return documents and weights of a term; some of the documents may be gone."""
        with self._lock:
            found = [(base, segment.postings(leaf, term)) for leaf, base, segment in self._leaves]
        used = [(base, own) for base, own in found if own[0]]
        if len(used) == 1 and used[0][0] == 0:
            return used[0][1]
        docs = [base + number for base, own in used for number in own[0]]
        return docs, [weight for _, own in used for weight in own[1]]

    @property
    def taught(self) -> Concepts | None:
        """What the office taught, from the file beside the index."""
        return taught(self.generation.parent)

    def products(self, documents: Iterable[int]) -> Iterator[int]:
        """Return the ids of the products that documents are; ghosts are left out."""
        ids = self._ids
        return (own for number in documents if (own := ids[number]) != _GONE)

    def document(self, product_id: int) -> int:
        """Return the number of a product's document here, -1 where it has none."""
        return self.documents.get(product_id, -1)

    def row_of(self, product_id: int) -> Row | None:
        """Return the row of a product, None where it has no document."""
        number = self.documents.get(product_id)
        return None if number is None else self.row(number)

    def run(self, plan: Plan) -> Scored:
        """Return what matches a plan, by the numbers of documents."""
        return run_plan(plan, self._prepared)

    def named(self) -> list[tuple[int, Names]]:
        """Return the names of each segment with the number its first document has here."""
        return [(base, segment.names(self.generation)) for _, base, segment in self._leaves]

    def frequency(self, term: str) -> int:
        """Return about how many products a term occurs in."""
        known = self._frequencies.get(term)
        if known is None:
            having = [
                leaf
                for (leaf, _, _), words in zip(self._leaves, self._vocabularies, strict=True)
                if _stands_in(words, term)
            ]
            with self._lock:
                known = sum(leaf.doc_frequency("terms", term) for leaf in having)
            if len(self._frequencies) > _CACHED_FREQUENCIES:
                self._frequencies.clear()
            self._frequencies[term] = known
        return known

    @cached_property
    def _vocabularies(self) -> list[list[str]]:
        with self._lock:
            return [segment.vocabulary(leaf) for leaf, _, segment in self._leaves]
