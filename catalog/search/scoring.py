"""Knows how a plan is scored: best form of a word, sum over units, a bonus for neighbours.

Whoosh keeps the postings; its matchers do not score. Its DisjunctionMax takes the maximum of scores
of different documents, its Or(scale=) counts terms instead of words, and both are slow.
"""

from array import array
from collections import OrderedDict
from collections.abc import ItemsView, Iterable, Iterator, Mapping, Sequence, ValuesView
from dataclasses import dataclass
from math import log
from typing import Any, Protocol

from catalog.search.plan import Choice, Plan, Word
from core.bits import as_bits, numbers_of

PAIR_BOOST = 1.0
STRICT_SHARE = 0.8
TYPED_TOO = 0.15

_FREQUENT = 1_000
_KEPT_ROWS = 30
_KEPT_BITS = 1_500
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


class Prepared:
    """Postings in forms in which they are quickly put together, kept from one search to the next.

    ``length`` is greater than every number of a document. Of frequent terms the weights stand in a row
    by document; of others they are a table.
    """

    def __init__(self, index: Postings, length: int) -> None:
        self.size = index.size
        self.postings = index.postings
        self._length = length
        self._bits: OrderedDict[str, int] = OrderedDict()
        self._rows: OrderedDict[str, array[float]] = OrderedDict()

    def bits(self, term: str) -> int:
        """Return the documents of a term as bits."""
        found = self._bits.get(term)
        if found is None:
            found = self._bits[term] = as_bits(self.postings(term)[0], self._length)
            _drop_oldest(self._bits, _KEPT_BITS)
        return found

    def weights(self, term: str, wanted: Sequence[int]) -> list[float]:
        """Return what a term says about each of some documents, 0 where it does not occur."""
        row = self._rows.get(term)
        if row is not None:
            return [row[doc] for doc in wanted]
        docs, weights = self.postings(term)
        if len(docs) < _FREQUENT:
            get = dict(zip(docs, weights, strict=True)).get
            return [get(doc, 0.0) for doc in wanted]
        row = self._rows[term] = array("f", bytes(4 * self._length))
        for doc, weight in zip(docs, weights, strict=True):
            row[doc] = weight
        _drop_oldest(self._rows, _KEPT_ROWS)
        return [row[doc] for doc in wanted]


def _drop_oldest(kept: OrderedDict[str, Any], most: int) -> None:
    while len(kept) > most:
        try:
            kept.popitem(last=False)
        except KeyError:  # another thread was quicker
            return


def run_plan(plan: Plan, index: Postings | Prepared) -> Scored:
    """Score every document of an index against a plan.

    Where documents match all that was asked, only they are scored at once: others are scored when
    somebody asks for them, which a page full of better ones never does.
    """
    prepared = index if isinstance(index, Prepared) else Prepared(index, index.size + 1)
    sets = _Sets(prepared)
    levels = _matching_all(plan, sets)
    if levels:
        return Scored(_LaterScores(plan, sets, levels), frozenset(levels))
    return _score_all(plan, prepared)


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
    """Postings that also know the documents of each word of one search as bits."""

    def __init__(self, index: Prepared) -> None:
        self.size = index.size
        self.postings = index.postings
        self.weights = index.weights
        self._bits = index.bits
        self._words: dict[int, int] = {}

    def documents(self, word: Word) -> int:
        """Return the documents that have any form of a word."""
        found = self._words.get(id(word))
        if found is None:
            found = 0
            for leaf in word:
                found |= self._bits(leaf.term)
            self._words[id(word)] = found
        return found


def _matching_all(plan: Plan, index: _Sets) -> dict[int, float]:
    """Return what `_score_all` would call strict with their levels, by sets alone.

    Empty where sets cannot tell: no document matches every unit, or nearly all of them do.
    """
    weights = [unit.weight for unit in plan.units]
    wanted = sum(weights)
    if len(weights) < 2 or wanted - sum(sorted(weights)[:2]) >= STRICT_SHARE * wanted:
        return {}
    known: dict[int, int] = {}
    found = [_documents(unit.choices, index, known) for unit in plan.units]
    if not _in_all(found):
        return {}
    exact = [
        _documents(unit.strict, index, known) if unit.strict else own
        for unit, own in zip(plan.units, found, strict=True)
    ]
    strict = _nearly_all(exact if _in_all(exact) else found, weights)
    if strict.bit_count() > _MANY:
        return {}
    levels = dict.fromkeys(numbers_of(strict), wanted)
    for own, weight in zip(found, weights, strict=True):
        for doc in numbers_of(strict & ~own):
            levels[doc] -= weight
    return levels


def _in_all(sets: Sequence[int]) -> int:
    found = sets[0]
    for own in sets[1:]:
        found &= own
    return found


def _nearly_all(sets: list[int], weights: list[float]) -> int:
    """Return what is in all the sets, or in all but one that weighs little enough."""
    found = _in_all(sets)
    enough = STRICT_SHARE * sum(weights)
    for at in range(len(sets)):
        if len(sets) > 1 and sum(weights[:at] + weights[at + 1 :]) >= enough:
            found |= _in_all(sets[:at] + sets[at + 1 :])
    return found


def _documents(choices: Iterable[Choice], index: _Sets, known: dict[int, int]) -> int:
    found = 0
    for choice in choices:
        own = known.get(id(choice))
        if own is None:
            own = known[id(choice)] = _in_all([index.documents(word) for word in choice.words])
        found |= own
    return found


class _LaterScores(Mapping[int, float]):
    """The scores of all documents; those in ``levels`` are known at once."""

    def __init__(self, plan: Plan, index: _Sets, levels: Mapping[int, float]) -> None:
        self._plan, self._index = plan, index
        known: dict[int, Scores] = {}
        wanted = sum(unit.weight for unit in plan.units)
        self._some: Scores = dict.fromkeys(levels, 0.0)
        within = as_bits(levels, max(levels) + 1)
        for unit in plan.units:
            for doc, score in _best(unit.choices, index, known, within).items():
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

    def items(self) -> ItemsView[int, float]:
        """Return every document with its score, without asking for each."""
        return self._every().items()

    def values(self) -> ValuesView[float]:
        """Return all scores, without asking for each."""
        return self._every().values()


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
    within: int | None = None,
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
    _add_typed(typed, best)
    return best


def _add_typed(typed: Scores, best: Scores) -> None:
    """Do ``max(score, other) + TYPED_TOO * min(score, other)``, which calls would make twice as long."""
    for doc, score in typed.items():
        other = best.get(doc)
        if other is None:
            best[doc] = score
        elif score > other:
            best[doc] = score + TYPED_TOO * other
        else:
            best[doc] = other + TYPED_TOO * score


def _choice(choice: Choice, index: Postings, within: int | None) -> Scores:
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


def score_word(word: Word, index: Postings, within: int | None = None) -> Scores:
    """Score documents by the best form of a word and by how rare the word in any form is.

    With ``within`` only these documents (as bits) get a score, the same as they would get among all.
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


def _score_some(word: Word, index: _Sets, within: int) -> Scores:
    having = index.documents(word)
    wanted = numbers_of(having & within)
    if not wanted:
        return {}
    rare = rarity(having.bit_count(), index.size)
    best: list[float] = []
    for leaf in word:
        scale = rare * leaf.boost
        own = [scale * weight for weight in index.weights(leaf.term, wanted)]
        best = list(map(max, best, own)) if best else own
    return dict(zip(wanted, best, strict=True))


def rarity(frequency: int, size: int) -> float:
    return log(1 + (size - frequency + 0.5) / (frequency + 0.5))
