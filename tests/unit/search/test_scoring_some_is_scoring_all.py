"""Scoring only what matches is a short cut: nobody may see from the answer that it was taken."""

import random
from math import isclose

from catalog.search import scoring
from catalog.search.plan import Choice, Leaf, Plan, Unit
from tests.rows import each_row
from tests.unit.search.test_scoring_by_brute_force import Postings


def _plan(chance: random.Random) -> Plan:
    words = [tuple(Leaf(t, chance.choice([1.0, 0.7])) for t in own) for own in
             ("a", "ab", "bcd", "abcde", "de", "ace")]  # fmt: skip
    choices = [Choice((word,), chance.choice([1.0, 0.85])) for word in words]
    choices.append(Choice((words[0], words[2]), 0.95))
    units = tuple(
        Unit(
            tuple(chance.sample(choices, chance.randint(1, 3))),
            chance.choice([1.0, 1.0, 0.7]),
            tuple(chance.sample(choices, 1)) if chance.random() < 0.3 else (),
        )
        for _ in range(chance.randint(2, 7))
    )
    return Plan(units, tuple(chance.sample("abcde", 2)))


@each_row("seed", range(60))
def test_the_short_cut_changes_no_score_and_no_hit(seed: int) -> None:
    index, plan = Postings(seed), _plan(random.Random(seed))
    short, slow = scoring.run_plan(plan, index), scoring._score_all(plan, index)

    assert short.strict == slow.strict
    assert all(isclose(short.scores[doc], slow.scores[doc]) for doc in slow.strict)
    assert dict(short.scores.items()).keys() == slow.scores.keys()
    assert all(isclose(short.scores.get(doc, -1.0), slow.scores[doc]) for doc in slow.scores)


def test_the_short_cut_is_taken() -> None:
    taken = [
        isinstance(
            scoring.run_plan(_plan(random.Random(seed)), Postings(seed)).scores,
            scoring._LaterScores,
        )
        for seed in range(60)
    ]

    assert sum(taken) > 30
