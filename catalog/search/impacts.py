"""What Whoosh does not have: a field of terms with weights made before, and a quick way to write it.

Imported only where Whoosh is. Whoosh pickles `ImpactField` by its name into every index, so renaming
it needs a new `TERMS_VERSION`.
"""

from __future__ import annotations

from array import array
from collections.abc import Generator, Iterator, Mapping
from typing import Any

from whoosh import fields
from whoosh.codec.whoosh3 import W3Codec

_ONCE = b"\x00\x00\x00\x01"
"""A frequency of one as Whoosh packs it; without a value, its merge of short lists fails."""
_BLOCK = 16_384
"""Postings in one block. All are read, none skipped, so few large blocks are quickest."""

_Item = tuple[str, bytes, int, float, bytes]


class ImpactField(fields.KEYWORD):
    """Keeps for each document its terms and a weight for each; nothing is analysed here."""

    def __init__(self) -> None:
        super().__init__(stored=False, scorable=False)

    def index(
        self, value: Mapping[str, float], **_options: Any
    ) -> Generator[tuple[bytes, int, float | int, bytes], Any, None]:
        """Yield term, frequency, weight and packed frequency for each term."""
        for term, weight in value.items():
            yield term.encode(), 1, weight, _ONCE


class ImpactPool:
    """Gathers the postings of one commit by term, in place of Whoosh's pool.

    That one pickles every single posting to disk and sorts them there: half the time of a rebuild.
    Documents come in rising order, so only the terms need sorting; 20,000 products take 150 MB.
    """

    def __init__(self, writer: Any) -> None:
        self.fieldnames: set[str] = set()
        self._writer = writer
        self._terms: dict[str, tuple[array[int], array[float]]] = {}
        self._others: list[_Item] = []

    def take(self, number: int, weights: Mapping[str, float]) -> None:
        """Note the terms of the document with that number in the new segment."""
        terms = self._terms
        for term, weight in weights.items():
            own = terms.get(term)
            if own is None:
                terms[term] = array("I", (number,)), array("f", (weight,))
            else:
                own[0].append(number)
                own[1].append(weight)

    def add(self, item: _Item) -> None:
        """Note one posting, as Whoosh asks it: of other fields, and of segments that are merged."""
        name, term, number, weight, _ = item
        self.fieldnames.add(name)
        if name != "terms":
            self._others.append(item)
            return
        own = self._terms.setdefault(term.decode(), (array("I"), array("f")))
        own[0].append(number)
        own[1].append(weight)

    def iter_postings(self) -> Iterator[_Item]:
        """Write the terms and return the postings of all other fields, sorted."""
        self._write_terms()
        return iter(sorted(self._others))

    def _write_terms(self) -> None:
        if not self._terms:
            return
        output = self._writer.fieldwriter
        output.start_field("terms", self._writer.schema["terms"])
        block = output._postwriter  # noqa: SLF001  # its `add_posting` takes them one by one
        for term in sorted(self._terms):
            numbers, weights = self._terms[term]
            output.start_term(term.encode())
            for start in range(0, len(numbers), _BLOCK):
                if start:
                    block._write_block()  # noqa: SLF001  # the same
                block._ids = numbers[start : start + _BLOCK]  # noqa: SLF001
                block._weights = weights[start : start + _BLOCK]  # noqa: SLF001
                block._values = [_ONCE] * len(block._ids)  # noqa: SLF001
                block._maxweight = max(block._weights)  # noqa: SLF001
            output.finish_term()
        output.finish_field()
        self._terms = {}

    def cleanup(self) -> None:
        """Forget everything."""
        self._terms, self._others = {}, []


def open_writer(index: Any, *, wait_seconds: float = 0.0) -> Any:
    """Return a writer of an index that gathers its postings in an `ImpactPool`."""
    codec: Any = W3Codec
    writer = index.writer(timeout=wait_seconds, delay=0.05, codec=codec(blocklimit=_BLOCK))
    writer.pool = ImpactPool(writer)
    return writer


def read_postings(reader: Any, term: str) -> tuple[array[int], array[float]]:
    """Return documents and weights of a term in one segment, deleted documents among them.

    Block by block: asking the matcher for each posting takes fifteen times as long.
    """
    numbers, weights = array("I"), array("f")
    raw = term.encode()
    if ("terms", raw) not in reader:
        return numbers, weights
    matcher = reader._terms.matcher("terms", raw, reader.schema["terms"].format)  # noqa: SLF001
    while matcher.is_active():
        matcher.id(), matcher.weight()  # these read the block
        numbers.extend(matcher._ids)  # noqa: SLF001
        weights.extend(matcher._weights)  # noqa: SLF001
        matcher._next_block()  # noqa: SLF001
    return numbers, weights
