"""B2: the engine's own DisjunctionMax mixes scores of different documents; ours must not."""

import random
from collections.abc import Sequence
from math import isclose, log

from catalog.search.plan import Choice, Leaf, Plan, Unit
from catalog.search.scoring import run_plan, score_word


class Postings:
    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        self.size = 60
        self.table = {
            term: {d: chance.random() for d in range(60) if chance.random() < 0.3}
            for term in "abcde"
        }

    def postings(self, term: str) -> tuple[Sequence[int], Sequence[float]]:
        found = self.table.get(term, {})
        return list(found), list(found.values())


def _slow(word: tuple[Leaf, ...], index: Postings) -> dict[int, float]:
    parts: dict[int, list[float]] = {}
    for leaf in word:
        for doc, weight in index.table.get(leaf.term, {}).items():
            parts.setdefault(doc, []).append(leaf.boost * weight)
    rarity = log(1 + (index.size - len(parts) + 0.5) / (len(parts) + 0.5))
    return {doc: rarity * max(own) for doc, own in parts.items()}


def test_the_best_form_of_a_word_counts_for_each_document_alone() -> None:
    for seed in range(40):
        index = Postings(seed)
        word = (Leaf("a"), Leaf("b", 1.35), Leaf("c", 0.7))
        fast, slow = score_word(word, index), _slow(word, index)

        assert fast.keys() == slow.keys()
        assert all(isclose(fast[doc], slow[doc]) for doc in slow)


def test_units_count_once_however_many_forms_match() -> None:
    for seed in range(40):
        index = Postings(seed)
        units = tuple(Unit((Choice(((Leaf(t),),)),)) for t in "abc")
        scored = run_plan(Plan(units), index)
        sets = [set(index.table[t]) for t in "abc"]
        level = {d: sum(d in s for s in sets) for d in set().union(*sets)}

        assert scored.scores.keys() == level.keys()
        assert scored.strict == {d for d, n in level.items() if n == max(level.values())}
