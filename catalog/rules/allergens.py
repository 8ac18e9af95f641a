"""Reading and judging an allergen statement: what is contained, what may be, and what is unknown."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

CONTAINMENTS = ("contains", "may_contain")


@dataclass(frozen=True, slots=True)
class AllergenFacts:
    """A statement: `state` is declared, none_declared or unknown."""

    state: str
    contains: frozenset[str] = frozenset()
    may_contain: frozenset[str] = frozenset()


def statement_mistakes(facts: AllergenFacts, known: Collection[str]) -> list[str]:
    """What is contradictory: stable codes, empty when the statement can be stored.

    `unknown_code:X`, `both:X` (contained and maybe contained), `declared_empty`, `not_declared`
    (codes given although the state says there are none or that nothing is known).
    """
    mistakes = [
        f"unknown_code:{c}" for c in sorted((facts.contains | facts.may_contain) - set(known))
    ]
    mistakes += [f"both:{c}" for c in sorted(facts.contains & facts.may_contain)]
    named = bool(facts.contains or facts.may_contain)
    if facts.state == "declared" and not named:
        mistakes.append("declared_empty")
    if facts.state in {"none_declared", "unknown"} and named:
        mistakes.append("not_declared")
    if facts.state not in {"declared", "none_declared", "unknown"}:
        mistakes.append("unknown_state")
    return mistakes
