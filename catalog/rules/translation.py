"""How far a text is translated: what a translation was made from, and what a market asks for."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog.rules.fallback import Version, is_shown


def digest(source: str | None) -> str:
    """A fingerprint of the Vietnamese text; "" for no text."""
    if not source:
        return ""
    return hashlib.sha256(unicodedata.normalize("NFC", source).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class MarketLanguages:
    """What a market must be able to read before a product is offered there.

    `needs`: languages, each of which must be there; within one of them any will do. `relied_on`: the
    fields that must be reviewed and current in it. `threshold`: percent of all other written fields
    that must be shown in it (by whoever made them).
    """

    market: str
    needs: tuple[tuple[str, ...], ...]
    relied_on: frozenset[str]
    threshold: int


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether a market's languages are there; `missing` lists (field, locale) of what is relied on.

    `share` is the percentage of the other fields in the worst language the market needs.
    """

    ready: bool
    share: int
    missing: tuple[tuple[str, str], ...]


Stored = Mapping[tuple[str, str], Version]
"""What is stored for one product, by (field, locale)."""


def readiness(fields: Sequence[str], stored: Stored, market: MarketLanguages) -> Readiness:
    """Judge one product, of which `fields` have a Vietnamese text, for one market.

    Where any of several languages will do, the one that comes nearest counts.
    """
    verdicts = [
        min((_in(fields, stored, market, locale) for locale in any_of), key=_distance)
        for any_of in market.needs
    ]
    return Readiness(
        ready=all(verdict.ready for verdict in verdicts),
        share=min((verdict.share for verdict in verdicts), default=100),
        missing=tuple(pair for verdict in verdicts for pair in verdict.missing),
    )


def _in(fields: Sequence[str], stored: Stored, market: MarketLanguages, locale: str) -> Readiness:
    if locale == "vi":
        return Readiness(ready=True, share=100, missing=())
    missing = tuple(
        (field, locale)
        for field in fields
        if field in market.relied_on and not is_settled(stored.get((field, locale)))
    )
    others = [field for field in fields if field not in market.relied_on]
    there = [field for field in others if _is_there(field, stored.get((field, locale)))]
    share = 100 * len(there) // len(others) if others else 100
    return Readiness(not missing and share >= market.threshold, share, missing)


def _distance(verdict: Readiness) -> tuple[bool, int, int]:
    return (not verdict.ready, len(verdict.missing), -verdict.share)


def is_settled(version: Version | None) -> bool:
    """Reviewed, and of the present Vietnamese text."""
    return version is not None and version.status == "reviewed" and not version.is_stale


def _is_there(field: str, version: Version | None) -> bool:
    return version is not None and is_shown(field, version.status, is_stale=version.is_stale)
