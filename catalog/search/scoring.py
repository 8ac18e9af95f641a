"""Knows how a plan is scored: best form of a word, sum over units, a bonus for neighbours.

Whoosh keeps the postings; its matchers do not score. Its DisjunctionMax takes the maximum of scores
of different documents, its Or(scale=) counts terms instead of words, and both are slow.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Protocol

from catalog.search.plan import Choice, Plan, Word

PAIR_BOOST = 1.0
STRICT_SHARE = 0.8
TYPED_TOO = 0.15

_MANY = 3_000
"""Above so many documents that match everything, scoring them apart gains nothing."""

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

    scores: Mapping[int, float]
    strict: frozenset[int]


def run_plan(plan: Plan, index: Postings) -> Scored:
    """Score every document of an index against a plan.

    Where documents match all that was asked, only they are scored at once: others are scored when
    somebody asks for them, which a page full of better ones never does.
    """
    sets = _Sets(index)
    levels = _matching_all(plan, sets)
    if levels:
        return Scored(_LaterScores(plan, sets, levels), frozenset(levels))
    return _score_all(plan, index)


def _score_all(plan: Plan, index: Postings) -> Scored:
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


class _Sets:
    """Postings that also know the documents of a word as a set, for the time of one search."""

    def __init__(self, index: Postings) -> None:
        self.size = index.size
        self.postings = index.postings
        self._words: dict[int, set[int]] = {}
        self._tables: dict[str, Scores] = {}

    def documents(self, word: Word) -> set[int]:
        """Return the documents that have any form of a word."""
        found = self._words.get(id(word))
        if found is None:
            found = set().union(*(self.postings(leaf.term)[0] for leaf in word))
            self._words[id(word)] = found
        return found

    def table(self, term: str) -> Scores:
        """Return what a term says about each of its documents."""
        found = self._tables.get(term)
        if found is None:
            docs, weights = self.postings(term)
            found = self._tables[term] = dict(zip(docs, weights, strict=True))
        return found


def _matching_all(plan: Plan, index: _Sets) -> dict[int, float]:
    """Return what `_score_all` would call strict with their levels, by sets alone.

    Empty where sets cannot tell: no document matches every unit, or nearly all of them do.
    """
    weights = [unit.weight for unit in plan.units]
    wanted = sum(weights)
    if len(weights) < 2 or wanted - sum(sorted(weights)[:2]) >= STRICT_SHARE * wanted:
        return {}
    known: dict[int, set[int]] = {}
    found = [_documents(unit.choices, index, known) for unit in plan.units]
    if not set.intersection(*sorted(found, key=len)):
        return {}
    exact = [
        _documents(unit.strict, index, known) if unit.strict else own
        for unit, own in zip(plan.units, found, strict=True)
    ]
    chosen = exact if set.intersection(*sorted(exact, key=len)) else found
    strict = _nearly_all(chosen, weights)
    if len(strict) > _MANY:
        return {}
    pairs = list(zip(found, weights, strict=True))
    return {doc: sum(weight for own, weight in pairs if doc in own) for doc in strict}


def _nearly_all(sets: list[set[int]], weights: list[float]) -> set[int]:
    """Return what is in all the sets, or in all but one that weighs little enough."""
    found = set.intersection(*sorted(sets, key=len))
    enough = STRICT_SHARE * sum(weights)
    for at in range(len(sets)):
        if len(sets) > 1 and sum(weights[:at] + weights[at + 1 :]) >= enough:
            found |= set.intersection(*sorted(sets[:at] + sets[at + 1 :], key=len))
    return found


def _documents(choices: Iterable[Choice], index: _Sets, known: dict[int, set[int]]) -> set[int]:
    found: set[int] = set()
    for choice in choices:
        own = known.get(id(choice))
        if own is None:
            words = [index.documents(word) for word in choice.words]
            own = known[id(choice)] = set.intersection(*words)
        found |= own
    return found


class _LaterScores(Mapping[int, float]):
    """The scores of all documents; those in ``levels`` are known at once."""

    def __init__(self, plan: Plan, index: _Sets, levels: Mapping[int, float]) -> None:
        self._plan, self._index = plan, index
        known: dict[int, Scores] = {}
        wanted = sum(unit.weight for unit in plan.units)
        self._some: Scores = dict.fromkeys(levels, 0.0)
        for unit in plan.units:
            for doc, score in _best(unit.choices, index, known, levels).items():
                self._some[doc] += unit.weight * score
        for doc, level in levels.items():
            self._some[doc] *= 0.5 + 0.5 * level / wanted
        _add_bonuses(plan, index, self._some)
        self._all: Mapping[int, float] | None = None

    def _every(self) -> Mapping[int, float]:
        if self._all is None:
            self._all = _score_all(self._plan, self._index).scores
        return self._all

    def __getitem__(self, doc: int) -> float:
        """Return the score of a document; raises ``KeyError`` for one that matches nothing."""
        return self._some[doc] if doc in self._some else self._every()[doc]

    def __iter__(self) -> Iterator[int]:
        """Yield every document that matches anything."""
        return iter(self._every())

    def __len__(self) -> int:
        """Return how many match anything."""
        return len(self._every())


def _reaches(levels: Scores, wanted: float) -> bool:
    return max(levels.values(), default=0.0) >= wanted


def _add_bonuses(plan: Plan, index: Postings, scores: Scores) -> None:
    for term in plan.pairs:
        docs, _ = index.postings(term)
        bonus = PAIR_BOOST * rarity(len(docs), index.size)
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


def _best(
    choices: Iterable[Choice],
    index: Postings,
    known: dict[int, Scores],
    within: Collection[int] | None = None,
) -> Scores:
    """Return the best score of each document over choices; ``known`` is by identity of a choice.

    The first choice is what was typed: it also counts a little beside a better one.
    """
    best: Scores = {}
    typed: Scores = {}
    for number, choice in enumerate(choices):
        found = known.get(id(choice))
        if found is None:
            found = known[id(choice)] = _choice(choice, index, within)
        if number == 0:
            typed = found
        elif not best:
            best = dict(found)
        else:
            for doc, score in found.items():
                if score > best.get(doc, 0.0):
                    best[doc] = score
    if not best:
        return dict(typed)
    for doc, score in typed.items():
        other = best.get(doc, 0.0)
        best[doc] = max(score, other) + TYPED_TOO * min(score, other)
    return best


def _choice(choice: Choice, index: Postings, within: Collection[int] | None) -> Scores:
    found = [score_word(word, index, within) for word in choice.words]
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


def score_word(word: Word, index: Postings, within: Collection[int] | None = None) -> Scores:
    """Score documents by the best form of a word and by how rare the word in any form is.

    With ``within`` only these documents get a score, the same as they would get among all.
    """
    if within is not None and isinstance(index, _Sets):
        return _score_some(word, index, within)
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
    rare = rarity(len(best), index.size)
    return {doc: rare * score for doc, score in best.items()}


def _score_some(word: Word, index: _Sets, within: Collection[int]) -> Scores:
    rare = rarity(len(index.documents(word)), index.size)
    wanted = index.documents(word).intersection(within)
    best: Scores = {}
    for leaf in word if wanted else ():
        boost, table = leaf.boost, index.table(leaf.term)
        for doc in wanted:
            score = boost * table.get(doc, 0.0)
            if score > best.get(doc, 0.0):
                best[doc] = score
    return {doc: rare * score for doc, score in best.items()}


def rarity(frequency: int, size: int) -> float:
    return log(1 + (size - frequency + 0.5) / (frequency + 0.5))
