"""Knows the file of names beside each segment: what may be suggested, and where in it a letter leads.

For each kind of thing there are *entries* (one thing), *lines* (one of its names without marks, or
with them) and positions in the lines, sorted by what follows: those where a line begins and those
where a later word, sign or syllable does. Entries stand best first, so a smaller position is a better
answer, and the best hits of a letter that thousands begin with are found without reading them.
"""

from __future__ import annotations

import errno
import json
import os
import sys
import weakref
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import chain
from pathlib import Path
from typing import Any, Protocol

from catalog.search.analysis import converter
from catalog.search.document import ProductDocument
from catalog.search.spelling import spelled
from i18n.locales import LOCALES

KINDS = ("type", "province", "producer", "product")
_HEAD = 1_024
"""The first line says how long each piece is, and has fewer bytes than these."""
_SORTED_BY = 48
_BEGINNING = 3
_WITNESSES = 8
"""Products that are noted of a type, a province or a producer: while one is listed, so is it."""
_CANDIDATES = 160
_FOLLOWED = 500
"""Names that are read one by one for words in any order: the most important ones."""
_LONG = 2_000
"""The best of a longer list of positions are kept for the next time."""

Entry = tuple[str, Mapping[str, str], tuple[int, ...], int]
"""Slug or key, names by locale, numbers of its products in the segment, importance."""
_Listed = tuple[Entry, list[tuple[str, str]]]
"""An entry with the names it is found by, each with its language."""


def encode(document: ProductDocument) -> bytes:
    """Return what the file of names needs of a product, as it is kept in the index."""
    stars = max((claim.stars for claim in document.claims), default=0)
    maker = (document.producer, document.producer_slug)
    own = (document.slug, document.names, stars, document.published)
    return json.dumps(
        [own, maker, document.province, document.types], ensure_ascii=False, separators=(",", ":")
    ).encode()


def write_missing(generation: Path, index: Any) -> None:
    """Write the file of each segment that has none yet."""
    reader = index.reader()
    try:
        for leaf, _ in reader.leaf_readers():
            if leaf.segment() is None:
                continue
            path = generation / f"{leaf.segment().segment_id()}.names"
            if not path.exists():
                column = leaf.column_reader("names")
                fresh = path.with_suffix(".new")
                fresh.write_bytes(make_file([column[n] for n in range(leaf.doc_count_all())]))
                fresh.replace(path)
    finally:
        reader.close()


def make_file(encoded: Sequence[bytes]) -> bytes:
    """Return the file of names of products that `encode` encoded, in their order."""
    parts = [_part(entries) for entries in _entries(encoded)]
    sizes = [[len(piece) for piece in part] for part in parts]
    return b"".join([json.dumps(sizes).encode(), b"\n", *chain.from_iterable(parts)])


def _entries(encoded: Sequence[bytes]) -> Iterator[Iterable[_Listed]]:
    """Return the entries of each kind, best first, each with the names it is found by."""
    from catalog.reference import PROVINCES
    from catalog.search.taxonomy import nodes

    groups: dict[str, dict[Any, list[int]]] = {kind: {} for kind in KINDS[:3]}
    weights = array("q")
    for number, text in enumerate(encoded):
        (_, _, stars, published), maker, province, types = json.loads(text)
        weights.append(stars * 10**11 + published)
        for kind, keys in (("type", types), ("province", [province]), ("producer", [tuple(maker)])):
            for key in keys:
                groups[kind].setdefault(key, []).append(number)
    yield _best_first(
        _group(key, nodes()[key].names, numbers)
        for key, numbers in groups["type"].items()
        if key in nodes()
    )
    yield _best_first(
        _group(
            PROVINCES[key].slug,
            {tag: (name,) for tag, name in PROVINCES[key].names.items()},
            numbers,
            PROVINCES[key].former,
        )
        for key, numbers in groups["province"].items()
        if key in PROVINCES
    )
    yield _best_first(
        _group(slug, {"vi": (name,)}, numbers)
        for (name, slug), numbers in groups["producer"].items()
        if slug
    )
    yield _products(encoded, weights)


def _best_first(listed: Iterable[_Listed]) -> list[_Listed]:
    return sorted(listed, key=lambda own: -own[0][3])


def _products(encoded: Sequence[bytes], weights: Sequence[int]) -> Iterator[_Listed]:
    """Read the products once more, best first: all of them at once would be 100 MB of objects."""
    for number in sorted(range(len(encoded)), key=lambda number: -weights[number]):
        slug, names, *_ = json.loads(encoded[number])[0]
        names |= {tag: convert(names[known]) for tag, known, convert in _other_script(names)}
        yield (slug, names, (number,), weights[number]), list(names.items())


def _other_script(names: Mapping[str, object]) -> Iterator[tuple[str, str, Callable[[str], str]]]:
    """Yield the Chinese script that names lack, the one they have, and what turns this into that.

    Nobody is shown signs of the other script.
    """
    for missing, known, way in (("zh-hant", "zh-hans", "s2tw"), ("zh-hans", "zh-hant", "t2s")):
        if names.get(known) and not names.get(missing):
            yield missing, known, converter(way).convert


def _group(
    key: str, names: Mapping[str, tuple[str, ...]], numbers: list[int], more: Iterable[str] = ()
) -> _Listed:
    lacking = {tag: tuple(map(to, names[known])) for tag, known, to in _other_script(names)}
    names = {**names, **lacking}
    labels = {tag: own[0][:1].upper() + own[0][1:] for tag, own in names.items() if own}
    lines = [(tag, name) for tag, own in names.items() for name in own]
    entry = (key, labels, tuple(numbers[:_WITNESSES]), len(numbers))
    return entry, lines + [("vi", name) for name in more]


def _part(entries: Iterable[_Listed]) -> list[bytes]:
    kept, offsets = bytearray(), array("I")
    blob, starts, owners, tongues = bytearray(), array("I"), array("I"), bytearray()
    heads, inner = array("I"), array("I")
    for number, (entry, lines) in enumerate(entries):
        offsets.append(len(kept))
        kept += json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        seen: set[str] = set()
        for tag, name in lines:
            for line, places in spelled(name):
                if line in seen:
                    continue
                seen.add(line)
                at = len(blob)
                starts.append(at)
                owners.append(number)
                tongues.append(LOCALES.index(tag))
                heads.append(at)
                inner.extend(at + place for place in places)
                blob += line.encode() + b"\n"
    text = bytes(blob)
    ordered = [_sorted_by_text(own, text) for own in (heads, inner)]
    arrays = [offsets, starts, owners, *ordered]
    return [bytes(kept), text, bytes(tongues), *(own.tobytes() for own in arrays)]


def _sorted_by_text(positions: array[int], text: bytes) -> array[int]:
    """Sort positions by what stands there, one beginning after another: a key takes 90 bytes."""
    begun: dict[bytes, array[int]] = {}
    for at in positions:
        begun.setdefault(text[at : at + _BEGINNING], array("I")).append(at)
    found = array("I")
    for beginning in sorted(begun):
        found.extend(sorted(begun[beginning], key=lambda at: text[at : at + _SORTED_BY]))
    return found


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """A name that fits: not at its beginning, not in the reader's language, which entry."""

    is_inner: bool
    is_foreign: bool
    entry: int


class Source(Protocol):
    """Where the bytes of a file of names are, and how many."""

    size: int

    def read(self, start: int, size: int) -> bytes:
        """Return exactly these bytes; raises ``OSError`` where they are not."""
        ...


class InMemory:
    """A file of names that was made or fetched just now and lies nowhere."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self.size = len(content)

    def read(self, start: int, size: int) -> bytes:
        """Return these bytes."""
        return self._content[start : start + size]


class OnDisk:
    """A file of names that stays where it is: 20,000 products in three languages have 12 MB.

    It is read by position, never mapped: pages of a map count as memory of the process, and reading a
    file that has shrunk would kill it.
    """

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        weakref.finalize(self, os.close, self._handle)
        self.size = os.fstat(self._handle).st_size

    def read(self, start: int, size: int) -> bytes:
        """Return these bytes; raises ``OSError`` where the file ends before."""
        found = os.pread(self._handle, size, start)
        if len(found) < size:
            raise OSError(errno.EIO, "a file of names ends too early")
        return found


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of a file of names; of numbers, where each has four bytes."""

    source: Source
    start: int
    size: int

    def read(self, at: int, size: int) -> bytes:
        return self.source.read(self.start + at, min(size, self.size - at))

    def numbers(self) -> array[int]:
        return array("I", self.read(0, self.size))

    def __len__(self) -> int:
        return self.size // 4

    def __getitem__(self, number: int) -> int:
        return int.from_bytes(self.read(4 * number, 4), sys.byteorder)

    def between(self, low: int, high: int) -> array[int]:
        return array("I", self.read(4 * low, 4 * (high - low)))


class Part:
    """The names of one kind in one segment.

    What each hit needs is held; texts, and where later words begin, are read from the file.
    """

    def __init__(self, pieces: list[_Piece]) -> None:
        self._kept, self._text, tongues, offsets, starts, owners, self._heads, self._inner = pieces
        self._tongues = tongues.read(0, tongues.size)
        self._offsets, self._starts, self._owners = (
            own.numbers() for own in (offsets, starts, owners)
        )
        self._best: dict[tuple[bool, bytes], list[int]] = {}

    def entry(self, number: int) -> Entry:
        """Return an entry by its number."""
        text = self._between(self._kept, self._offsets, number)
        key, names, numbers, weight = json.loads(text)
        return key, names, tuple(numbers), weight

    @staticmethod
    def _between(piece: _Piece, starts: array[int], number: int) -> bytes:
        """Return one line of a piece, whose lines begin at ``starts``."""
        start = starts[number]
        end = starts[number + 1] if number + 1 < len(starts) else piece.size
        return piece.read(start, end - start - 1)

    def find(self, prefix: bytes, locale: str) -> list[Hit]:
        """Return the best entries with a name, or a later part of one, that begins so; unsorted."""
        tongue = LOCALES.index(locale)
        return [
            self._hit(position, tongue, is_inner=is_inner)
            for is_inner in (False, True)
            for position in self._positions(prefix, is_inner=is_inner)
        ]

    def find_words(self, words: list[bytes], locale: str) -> list[Hit]:
        """Return entries with a name in which all the words begin somewhere, in any order."""
        tongue = LOCALES.index(locale)
        ranges = {word: self._ranges(word) for word in words}
        rarest = min(ranges.values(), key=lambda own: sum(high - low for _, low, high in own))
        found = []
        for positions, low, high in rarest:
            for position in nsmallest(_FOLLOWED, positions.between(low, high)):
                number = bisect_right(self._starts, position) - 1
                line = b" " + self._between(self._text, self._starts, number)
                if all(b" " + word in line for word in words):
                    found.append(self._hit(position, tongue, is_inner=True))
        return found

    def _ranges(self, prefix: bytes) -> list[tuple[_Piece, int, int]]:
        return [
            (self._inner if is_inner else self._heads, *self._range(prefix, is_inner=is_inner))
            for is_inner in (False, True)
        ]

    def _hit(self, position: int, tongue: int, *, is_inner: bool) -> Hit:
        line = bisect_right(self._starts, position) - 1
        return Hit(is_inner, self._tongues[line] != tongue, self._owners[line])

    def _range(self, prefix: bytes, *, is_inner: bool) -> tuple[int, int]:
        positions = self._inner if is_inner else self._heads
        text, size = self._text, len(prefix)
        low = bisect_left(positions, prefix, key=lambda at: text.read(at, size))
        return low, bisect_right(positions, prefix, lo=low, key=lambda at: text.read(at, size))

    def _positions(self, prefix: bytes, *, is_inner: bool) -> list[int]:
        key = (is_inner, prefix)
        known = self._best.get(key)
        if known is not None:
            return known
        low, high = self._range(prefix, is_inner=is_inner)
        found = nsmallest(
            _CANDIDATES, (self._inner if is_inner else self._heads).between(low, high)
        )
        if high - low > _LONG:
            if len(self._best) > _LONG:
                self._best.clear()
            self._best[key] = found
        return found


class Names:
    """The file of names of one segment."""

    def __init__(self, source: Source) -> None:
        head, _, _ = source.read(0, min(_HEAD, source.size)).partition(b"\n")
        at = len(head) + 1
        self.parts: dict[str, Part] = {}
        for kind, sizes in zip(KINDS, json.loads(head), strict=True):
            pieces = []
            for size in sizes:
                pieces.append(_Piece(source, at, size))
                at += size
            self.parts[kind] = Part(pieces)

    def __iter__(self) -> Iterator[tuple[str, Part]]:
        """Yield each kind with its part."""
        return iter(self.parts.items())
