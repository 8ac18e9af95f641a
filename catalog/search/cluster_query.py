"""Knows how a plan is asked of a cluster: the same choices and weights, written as its queries.

Nothing a person typed is parsed there: only terms, of which the documents hold the same. A term's
frequency in a document is what the term says about it, in thousandths; how rare a word is in all
its forms comes from the counts that are asked first. So scores do not depend on the shard.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.search.plan import Choice, Plan, Unit, Word
from catalog.search.scoring import PAIR_BOOST, STRICT_SHARE, TYPED_TOO, rarity

FIELD = "terms"
SCALE = 1_000
"""A weight of 1 is kept as this frequency."""

Query = dict[str, Any]
_SLACK = 1e-5
"""Sums of weights are single precision there."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted before: all documents, those of each word and of each pair."""

    size: int
    words: Mapping[Word, int]
    pairs: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Levels:
    """The most that a document matches of what was asked, in any way and exactly."""

    found: float
    exact: float


def words_of(plan: Plan) -> list[Word]:
    """Return every word of a plan once."""
    found = (word for unit in plan.units for choice in unit.choices for word in choice.words)
    return list(dict.fromkeys(found))


def with_any(word: Word) -> Query:
    """Return the documents that have any form of a word."""
    return {"terms": {FIELD: sorted({leaf.term for leaf in word})}}


def level_query(plan: Plan, *, exact: bool = False) -> Query:
    """Return a query whose score says how much of a plan a document matches."""
    return _any(
        {"constant_score": {"filter": _documents(_choices(unit, exact)), "boost": unit.weight}}
        for unit in plan.units
    )


def strict_filter(plan: Plan, levels: Levels) -> Query:
    """Return the documents that match what was asked, exactly where one does (`Scored.strict`)."""
    exact = levels.exact >= levels.found * (1 - _SLACK)
    least = STRICT_SHARE * levels.found * (1 - _SLACK)
    return {"function_score": {"query": level_query(plan, exact=exact), "min_score": least}}


def score_query(plan: Plan, counts: Counts, levels: Levels) -> Query:
    """Return a query that finds what matches anything and scores it as `run_plan` does."""
    scored = _any(_unit(unit, counts) for unit in plan.units)
    if len(plan.units) > 1 and levels.found:
        share = 0.5 / levels.found
        scored = {
            "function_score": {
                "query": scored,
                "functions": [
                    {"weight": 0.5},
                    *(
                        {"filter": _documents(unit.choices), "weight": share * unit.weight}
                        for unit in plan.units
                    ),
                ],
                "score_mode": "sum",
                "boost_mode": "multiply",
            }
        }
    bonuses = [
        {
            "constant_score": {
                "filter": {"term": {FIELD: term}},
                "boost": PAIR_BOOST * rarity(counts.pairs[term], counts.size),
            }
        }
        for term in plan.pairs
        if counts.pairs.get(term)
    ]
    return {"bool": {"must": [scored], "should": bonuses}} if bonuses else scored


def _choices(unit: Unit, exact: bool) -> Sequence[Choice]:  # noqa: FBT001
    return unit.strict if exact and unit.strict else unit.choices


def _any(queries: Iterable[Query]) -> Query:
    found = list(queries)
    return found[0] if len(found) == 1 else {"bool": {"should": found}}


def _documents(choices: Iterable[Choice]) -> Query:
    """Return the documents of any of the choices; terms that stand alone share one clause."""
    alone: set[str] = set()
    found: list[Query] = []
    for choice in choices:
        if len(choice.words) == 1:
            alone.update(leaf.term for leaf in choice.words[0])
        else:
            found.append({"bool": {"filter": [with_any(word) for word in choice.words]}})
    if alone:
        found.append({"terms": {FIELD: sorted(alone)}})
    return _any(found)


def _unit(unit: Unit, counts: Counts) -> Query:
    """The best choice counts, and what was typed (the first) a little beside a better one."""
    typed, *others = (_choice(choice, counts, unit.weight) for choice in unit.choices)
    if not others:
        return typed
    best = others[0] if len(others) == 1 else {"dis_max": {"queries": others}}
    return {"dis_max": {"queries": [typed, best], "tie_breaker": TYPED_TOO}}


def _choice(choice: Choice, counts: Counts, weight: float) -> Query:
    share = weight * choice.boost / len(choice.words)
    words = [_word(word, counts, share) for word in choice.words]
    return words[0] if len(words) == 1 else {"bool": {"must": words}}


def _word(word: Word, counts: Counts, share: float) -> Query:
    scale = share * rarity(counts.words[word], counts.size)
    forms = list(_forms(word, scale))
    return forms[0] if len(forms) == 1 else {"dis_max": {"queries": forms}}


def _forms(word: Word, scale: float) -> Iterator[Query]:
    for leaf in word:
        yield {"term": {FIELD: {"value": leaf.term, "boost": scale * leaf.boost}}}
