"""Knows the words of an index: which begin so, which are near, which stand behind another."""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections import Counter
from functools import cached_property

from catalog.search.document import PAIR_SIGN


class WordLists(ABC):
    """What an unchanging state of an index says about its words; any engine can give the lists."""

    @cached_property
    @abstractmethod
    def _vocabularies(self) -> list[list[str]]:
        """The sorted terms of each part of the index."""

    @abstractmethod
    def frequency(self, term: str) -> int:
        """Return about how many products a term occurs in."""

    def starting_with(self, term: str, limit: int) -> list[str]:
        """Return the most frequent terms that begin with ``term``."""
        found: set[str] = set()
        for words in self._vocabularies:
            at = bisect_left(words, term)
            while at < len(words) and words[at].startswith(term) and len(found) < 400:
                found.add(words[at])
                at += 1
        nearest = sorted(found, key=lambda word: (len(word), word))[: limit * 4]
        return sorted(nearest, key=lambda word: -self.frequency(word))[:limit]

    def similar(self, word: str, limit: int) -> list[tuple[str, int]]:
        """Return folded words near a word: a slip or a swap of neighbours, two in long words.

        Distances are optimal string alignment, where a swap costs one: Whoosh's own costs two.
        """
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        most = 1 if len(word) < 7 else 2
        found: dict[str, int] = {}
        for words in self._folded_words:
            for near, distance, _ in extract(
                word, words, scorer=OSA.distance, score_cutoff=most, limit=limit * 3
            ):
                found[near] = int(distance)
        ranked = sorted(
            found.items(),
            key=lambda item: (item[1], item[0][0] != word[0], -self.frequency("f" + item[0])),
        )
        return ranked[:limit]

    def followers(self, first: str, second: str) -> list[str]:
        """Return folded words near ``second`` that stand after ``first`` in a name."""
        from rapidfuzz.distance import OSA

        most = 1 if len(second) < 7 else 2
        start = f"{PAIR_SIGN}{first}_"
        found: Counter[str] = Counter()
        for words in self._vocabularies:
            at = bisect_left(words, start)
            while at < len(words) and words[at].startswith(start):
                word = words[at][len(start) :]
                if OSA.distance(word, second, score_cutoff=most) <= most:
                    found[word] = self.frequency(words[at])
                at += 1
        return [word for word, _ in found.most_common()]

    def surface(self, folded: str) -> str:
        """Return the most frequent spelling with tones of a folded word."""
        return self._surfaces.get(folded, folded)

    @cached_property
    def _folded_words(self) -> list[list[str]]:
        return [
            [word[1:] for word in words[bisect_left(words, "f") : bisect_left(words, "g")]]
            for words in self._vocabularies
        ]

    @cached_property
    def _surfaces(self) -> dict[str, str]:
        from catalog.search.scripts import fold

        best: dict[str, tuple[int, str]] = {}
        for words in self._vocabularies:
            for term in words[bisect_left(words, "x") : bisect_left(words, "y")]:
                word = fold(term[1:])
                best[word] = max(best.get(word, (0, "")), (self.frequency(term), term[1:]))
        return {word: spelling for word, (_, spelling) in best.items()}
