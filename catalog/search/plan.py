"""Knows what a plan is: units, choices and words to look for, the same for every engine."""

from dataclasses import dataclass
from typing import Protocol


class Vocabulary(Protocol):
    """What a plan needs to know of the index it will run on."""

    def frequency(self, term: str) -> int:
        """Return in how many documents' names, taxonomy or text a term occurs, roughly."""
        ...

    def starting_with(self, term: str, limit: int) -> list[str]:
        """Return the most frequent terms that begin with ``term``."""
        ...

    def similar(self, word: str, limit: int) -> list[tuple[str, int]]:
        """Return folded words near a folded word, with their distance."""
        ...

    def followers(self, first: str, second: str) -> list[str]:
        """Return folded words near ``second`` that stand after ``first`` in some name."""
        ...


@dataclass(frozen=True, slots=True)
class Leaf:
    """One index term and its weight."""

    term: str
    boost: float = 1.0


Word = tuple[Leaf, ...]
"""Forms of one word; the best one counts."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Words that must all be in a document."""

    words: tuple[Word, ...]
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing the searcher asked for; the best of its choices counts.

    ``strict`` are the choices that count when only exact matches are wanted (tones were typed).
    """

    choices: tuple[Choice, ...]
    weight: float = 1.0
    strict: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What to look for, and the pairs of neighbouring words that earn a bonus."""

    units: tuple[Unit, ...]
    pairs: tuple[str, ...] = ()
    corrections: tuple[tuple[str, str], ...] = ()
    stars: frozenset[int] = frozenset()
    """Classes of certificate that were asked for; they go first where they hold on the day."""
