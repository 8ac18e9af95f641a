"""Knows which words mean the same to a buyer, from the curated file of concepts."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from pathlib import Path

from catalog.search.analysis import bengali_key, exact, ideographs
from catalog.search.scripts import Run, Script, fold, runs


@dataclass(frozen=True, slots=True)
class Phrase:
    """One spelling of a concept, cut into runs."""

    runs: tuple[Run, ...]

    @property
    def script(self) -> Script:
        """The script of its first run."""
        return self.runs[0].script


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a query that names a concept: runs ``start`` to ``end``, and the other spellings.

    In a row of CJK signs, ``first`` and ``last`` bound the signs of the concept.
    """

    start: int
    end: int
    others: tuple[Phrase, ...]
    first: int = 0
    last: int = 0


class Concepts:
    """Lines of spellings with one meaning, and how they are found in a query."""

    def __init__(self, text: str) -> None:
        self._concepts = tuple(
            tuple(Phrase(tuple(runs(part))) for part in line.split("|") if runs(part))
            for line in text.splitlines()
            if line.strip() and not line.startswith("#")
        )

    def find_spans(self, query: Sequence[Run]) -> list[Span]:
        """Return the concepts that a query names, longest first at each place."""
        found: list[Span] = []
        for start, run in enumerate(query):
            if run.script in ("cjk", "ko"):
                found += self._sign_spans(run, start)
            else:
                found += self._word_spans(query, start)
        return found

    def _word_spans(self, query: Sequence[Run], start: int) -> list[Span]:
        spans = []
        for phrase, concept in self._by_first_word.get(_key(query[start]), ()):
            end = start + len(phrase.runs)
            typed = query[start:end]
            if len(typed) == len(phrase.runs) and all(map(_agrees, typed, phrase.runs)):
                spans.append(Span(start, end, _others(concept, phrase)))
        longest = max((span.end for span in spans), default=0)
        return [span for span in spans if span.end == longest]

    def _sign_spans(self, run: Run, at: int) -> list[Span]:
        row = ideographs(run.text) if run.script == "cjk" else run.text
        return [
            Span(
                at,
                at + 1,
                _others(concept, phrase),
                row.index(signs),
                row.index(signs) + len(signs),
            )
            for signs, phrase, concept in self._rows
            if signs in row and (len(signs) > 1 or signs == row)
        ]

    @cached_property
    def _by_first_word(self) -> dict[str, list[tuple[Phrase, tuple[Phrase, ...]]]]:
        found: dict[str, list[tuple[Phrase, tuple[Phrase, ...]]]] = {}
        for concept in self._concepts:
            for phrase in concept:
                if phrase.script not in ("cjk", "ko"):
                    found.setdefault(_key(phrase.runs[0]), []).append((phrase, concept))
        return found

    @cached_property
    def _rows(self) -> tuple[tuple[str, Phrase, tuple[Phrase, ...]], ...]:
        rows = []
        for concept in self._concepts:
            for phrase in concept:
                if phrase.script in ("cjk", "ko") and len(phrase.runs) == 1:
                    text = phrase.runs[0].text
                    signs = ideographs(text) if phrase.script == "cjk" else text
                    rows.append((signs, phrase, concept))
        return tuple(rows)


def find_spans(query: Sequence[Run]) -> list[Span]:
    """Return the concepts of the curated file that a query names."""
    return curated().find_spans(query)


@cache
def curated() -> Concepts:
    """Return the concepts of the curated file."""
    text = resources.files("catalog.search").joinpath("synonyms.txt").read_text(encoding="utf-8")
    return Concepts(text)


_taught: dict[Path, tuple[int, Concepts]] = {}


def taught(directory: Path) -> Concepts | None:
    """Return the concepts that the office entered, from the file beside the index; None if none."""
    path = directory / "words.txt"
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        return None
    known = _taught.get(directory)
    if known is None or known[0] != changed:
        known = _taught[directory] = (changed, Concepts(path.read_text(encoding="utf-8")))
    return known[1]


def _agrees(typed: Run, listed: Run) -> bool:
    """Say whether a typed word is a listed one: same letters, and the same tones if it has any."""
    if typed.script != "word" or listed.script != "word":
        return typed.script == listed.script and _key(typed) == _key(listed)
    if _key(typed) != _key(listed):
        return False
    return fold(typed.text) == typed.text or exact(typed.text) == exact(listed.text)


def _key(run: Run) -> str:
    if run.script == "bn":
        return bengali_key(run.text)
    word = fold(run.text)
    return word[:-1] if word.endswith("s") and len(word) > 4 else word


def _others(concept: tuple[Phrase, ...], phrase: Phrase) -> tuple[Phrase, ...]:
    return tuple(other for other in concept if other is not phrase)
