"""Knows how a plan is scored: best form of a word, sum over units, a bonus for neighbours.

Whoosh keeps the postings; its matchers do not score. Its DisjunctionMax takes the maximum of scores
of different documents, its Or(scale=) counts terms instead of words, and both are slow.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log
from typing import Protocol

from catalog.search.plan import Choice, Plan, Word

PAIR_BOOST = 1.0
STRICT_SHARE = 0.8

Scores = dict[int, float]


class Postings(Protocol):
    """Where a term occurs."""

    @property
    def size(self) -> int:
        """Return how many documents there are."""
        ...

    def postings(self, term: str) -> tuple[Sequence[int], Sequence[float]]:
        """Return the documents of a term and how much it says about each."""
        ...


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores of all documents that match anything, and those that match what was asked."""

    scores: Scores
    strict: frozenset[int]


def run_plan(plan: Plan, index: Postings) -> Scored:
    """Score every document of an index against a plan."""
    scores: Scores = {}
    levels: Scores = {}
    exact_levels: Scores = {}
    known: dict[int, Scores] = {}
    for unit in plan.units:
        found = _best(unit.choices, index, known)
        _add(found, scores, levels, unit.weight)
        exact = _best(unit.strict, index, known) if unit.strict else found
        for doc in exact:
            exact_levels[doc] = exact_levels.get(doc, 0.0) + unit.weight
    wanted = max(levels.values(), default=0.0)
    chosen = exact_levels if _reaches(exact_levels, wanted) else levels
    strict = frozenset(doc for doc, level in chosen.items() if level >= STRICT_SHARE * wanted)
    if len(plan.units) > 1:
        for doc, level in levels.items():
            scores[doc] *= 0.5 + 0.5 * level / wanted
    _add_bonuses(plan, index, scores)
    return Scored(scores, strict)


def _reaches(levels: Scores, wanted: float) -> bool:
    return max(levels.values(), default=0.0) >= wanted


def _add_bonuses(plan: Plan, index: Postings, scores: Scores) -> None:
    for term in plan.pairs:
        docs, _ = index.postings(term)
        bonus = PAIR_BOOST * _idf(len(docs), index.size)
        for doc in docs:
            if doc in scores:
                scores[doc] += bonus


def _add(found: Scores, scores: Scores, levels: Scores, weight: float) -> None:
    if not scores:
        scores.update(found if weight == 1.0 else {d: weight * s for d, s in found.items()})
        levels.update(dict.fromkeys(found, weight))
        return
    for doc, score in found.items():
        if doc in scores:
            scores[doc] += weight * score
            levels[doc] += weight
        else:
            scores[doc] = weight * score
            levels[doc] = weight


def _best(choices: Iterable[Choice], index: Postings, known: dict[int, Scores]) -> Scores:
    """Return the best score of each document over choices; ``known`` is by identity of a choice."""
    best: Scores = {}
    for choice in choices:
        found = known.get(id(choice))
        if found is None:
            found = known[id(choice)] = _choice(choice, index)
        if not best:
            best = dict(found)
            continue
        for doc, score in found.items():
            if score > best.get(doc, 0.0):
                best[doc] = score
    return best


def _choice(choice: Choice, index: Postings) -> Scores:
    found = [score_word(word, index) for word in choice.words]
    if len(found) == 1:
        boost = choice.boost
        return found[0] if boost == 1.0 else {d: s * boost for d, s in found[0].items()}
    found.sort(key=len)
    share = choice.boost / len(found)
    return {
        doc: share * sum(scores[doc] for scores in found)
        for doc in found[0]
        if all(doc in scores for scores in found[1:])
    }


def score_word(word: Word, index: Postings) -> Scores:
    """Score documents by the best form of a word and by how rare the word in any form is."""
    lists = [(leaf.boost, *index.postings(leaf.term)) for leaf in word]
    lists = sorted((own for own in lists if own[1]), key=lambda own: -len(own[1]))
    if not lists:
        return {}
    boost, docs, weights = lists[0]
    best = dict(zip(docs, weights, strict=True))
    if boost != 1.0:
        best = {doc: boost * weight for doc, weight in best.items()}
    for boost, docs, weights in lists[1:]:
        for doc, weight in zip(docs, weights, strict=True):
            score = boost * weight
            if score > best.get(doc, 0.0):
                best[doc] = score
    rarity = _idf(len(best), index.size)
    return {doc: rarity * score for doc, score in best.items()}


def _idf(frequency: int, size: int) -> float:
    return log(1 + (size - frequency + 0.5) / (frequency + 0.5))
