"""An allergen statement: what is contained, what may be, what is unknown, and what each market asks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from catalog.rules.regulation import RuleSet

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


@dataclass(frozen=True, slots=True)
class AllergenLabel:
    """What a label for one market says: codes that must stand there, codes that should.

    `name_which` lists groups of which the market wants to know the kind and the producer has not
    said it: (group, kinds to choose from). `known` is False while the producer has said nothing.
    """

    known: bool
    must: tuple[str, ...] = ()
    should: tuple[str, ...] = ()
    name_which: tuple[tuple[str, tuple[str, ...]], ...] = ()
    rule_versions: tuple[str, ...] = ()


def allergens_to_declare(
    rules: RuleSet,
    market: str,
    facts: AllergenFacts,
    on: date,
    kinds: Mapping[str, tuple[str, ...]],
) -> AllergenLabel:
    """Which of the allergens contained that market wants on the label on that day.

    `kinds` maps a group to its kinds (`catalog.reference.KINDS_OF`): whoever contains shrimp
    contains crustaceans; whoever only says crustaceans has to name the kind for Japan.
    """
    if facts.state not in {"declared", "none_declared"}:
        return AllergenLabel(known=False)
    group_of = {kind: group for group, listed in kinds.items() for kind in listed}
    contained = facts.contains | {group_of[code] for code in facts.contains if code in group_of}
    must, versions = _asked(rules, f"allergens.{market}.mandatory", on)
    should, more = _asked(rules, f"allergens.{market}.recommended", on)
    open_groups = []
    for group in sorted(contained & kinds.keys()):
        asked = tuple(kind for kind in kinds[group] if kind in must)
        if asked and group not in must and not contained.intersection(kinds[group]):
            open_groups.append((group, asked))
    return AllergenLabel(
        known=True,
        must=tuple(code for code in must if code in contained),
        should=tuple(code for code in should if code in contained and code not in must),
        name_which=tuple(open_groups),
        rule_versions=versions + more,
    )


def _asked(rules: RuleSet, code: str, on: date) -> tuple[tuple[str, ...], tuple[str, ...]]:
    rule = rules.find(code, on)
    return ((), ()) if rule is None else (rule.lists("codes"), (rule.version,))
