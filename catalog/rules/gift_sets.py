"""What is true of a gift set because it is true of its parts: allergens, markets, how many can be had."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from catalog.rules.eligibility import HOPELESS, MARKETS
from catalog.rules.food import is_food


@dataclass(frozen=True, slots=True)
class PartFacts:
    """What is known of one part. `state` is declared, none_declared or unknown (see the product).

    `verdicts` has for each market that was judged whether it is open and why (code, facts).
    """

    subgroup_code: str | None
    state: str
    contains: frozenset[str] = frozenset()
    may_contain: frozenset[str] = frozenset()
    verdicts: Mapping[str, tuple[bool, Sequence[tuple[str, Mapping[str, str]]]]] = field(
        default_factory=dict
    )


@dataclass(frozen=True, slots=True)
class SetAllergens:
    """The allergens of all parts together; `unknown` are the places of parts that say nothing."""

    contains: tuple[str, ...]
    may_contain: tuple[str, ...]
    unknown: tuple[int, ...]


def united_allergens(parts: Sequence[PartFacts]) -> SetAllergens:
    """The union over the parts: one part that contains it makes the set contain it.

    What is not eaten needs no statement; unknown is never read as none.
    """
    contains: frozenset[str] = frozenset().union(*(part.contains for part in parts))
    may: frozenset[str] = frozenset().union(*(part.may_contain for part in parts))
    unknown = tuple(
        place
        for place, part in enumerate(parts)
        if part.state == "unknown" and is_food(part.subgroup_code)
    )
    return SetAllergens(tuple(sorted(contains)), tuple(sorted(may - contains)), unknown)


@dataclass(frozen=True, slots=True)
class SetMarket:
    """A market for the whole set: `state` is open, later or closed.

    `reasons` are (place of the part, code, facts) of every part that keeps it closed.
    """

    market: str
    state: str
    reasons: tuple[tuple[int, str, Mapping[str, str]], ...]


def set_markets(parts: Sequence[PartFacts]) -> list[SetMarket]:
    """For each market abroad whether all parts may go there; one nobody has judged yet is closed."""
    return [_market(market, parts) for market in MARKETS]


def _market(market: str, parts: Sequence[PartFacts]) -> SetMarket:
    reasons: list[tuple[int, str, Mapping[str, str]]] = []
    for place, part in enumerate(parts):
        allowed, why = part.verdicts.get(market, (False, (("not_listed", {}),)))
        if not allowed:
            reasons += [(place, code, facts) for code, facts in why]
    if not reasons:
        return SetMarket(market, "open", ())
    hopeless = any(code in HOPELESS for _, code, _ in reasons)
    return SetMarket(market, "closed" if hopeless else "later", tuple(reasons))


def sets_to_be_had(parts: Sequence[tuple[int, int]]) -> int:
    """How many whole sets the shelves give: (available, needed in one set) of each part."""
    return min((max(available, 0) // needed for available, needed in parts), default=0)
