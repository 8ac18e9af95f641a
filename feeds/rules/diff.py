"""What must be said to a partner now, from what it last accepted and what it has not yet answered."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

IN_FLIGHT = frozenset({"pending", "sent", "received"})
"""States of a line that has left or may have left the house and has no final answer."""


@dataclass(frozen=True, slots=True)
class LastLine:
    """The newest line about an item that was sent or may have been sent, and the partner's answer."""

    action: str
    content_hash: str
    state: str

    @property
    def is_in_flight(self) -> bool:
        """Whether the partner has not yet said yes or no."""
        return self.state in IN_FLIGHT


@dataclass(frozen=True, slots=True)
class Known:
    """What a partner knows of an item: the content it accepted, and the newest line about it."""

    accepted_hash: str | None = None
    last: LastLine | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """What to say (item key -> add, change or withdraw), and why the rest is not said again."""

    actions: dict[str, str]
    same: tuple[str, ...]
    awaiting: tuple[str, ...]
    refused: tuple[str, ...]


def difference(
    current: Mapping[str, str],
    known: Mapping[str, Known],
    *,
    held: Set[str] = frozenset(),
    withdrawal_hashes: Mapping[str, str],
    full: bool = False,
) -> Difference:
    """Compare hashes of the items on sale now with what the partner knows; never timestamps.

    ``held`` items are on sale but not complete: nothing is said about them, and they are not withdrawn.
    What the partner refused is said again only when it has changed (or in a full batch); what it has not yet
    answered is said again only when it has changed since.
    """
    actions: dict[str, str] = {}
    quiet: dict[str, list[str]] = {"same": [], "awaiting": [], "refused": []}
    for key in sorted(set(current) | (set(known) - set(held))):
        facts = known.get(key, Known())
        if key in current:
            verdict = _offered(current[key], facts, full=full)
        else:
            verdict = _gone(withdrawal_hashes.get(key, ""), facts)
        if verdict in quiet:
            quiet[verdict].append(key)
        elif verdict:
            actions[key] = verdict
    return Difference(
        actions=actions,
        same=tuple(quiet["same"]),
        awaiting=tuple(quiet["awaiting"]),
        refused=tuple(quiet["refused"]),
    )


def _offered(wanted: str, facts: Known, *, full: bool) -> str:
    say = "add" if facts.accepted_hash is None else "change"
    if full:
        return say
    last = facts.last
    if last is not None and last.is_in_flight:
        return "awaiting" if last.content_hash == wanted else say
    if facts.accepted_hash == wanted:
        return "same"
    if last is not None and last.state == "rejected" and last.content_hash == wanted:
        return "refused"
    return say


def _gone(withdrawal_hash: str, facts: Known) -> str:
    last = facts.last
    if last is not None and last.action == "withdraw":
        if last.is_in_flight:
            return "awaiting"
        if last.state == "rejected" and last.content_hash == withdrawal_hash:
            return "refused"
    if facts.accepted_hash is not None or (last is not None and last.is_in_flight):
        return "withdraw"
    return ""
