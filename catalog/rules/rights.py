"""Whether a paper, a licence or a right stands on a day: dates, revocation and suspensions, nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from catalog.rules.certification import EXPIRING_DAYS

IN_FORCE = frozenset({"valid", "expiring"})
STATES = (
    "valid",
    "expiring",
    "suspended",
    "expired",
    "revoked",
    "upcoming",
    "unverified",
    "right_lapsed",
)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Suspension:
    """Days, both inclusive, on which a thing gives no right; without `last` until it is lifted."""

    first: date
    last: date | None

    def covers(self, on: date) -> bool:
        """Whether that day is one of them."""
        return self.first <= on and (self.last is None or on <= self.last)


@dataclass(frozen=True, slots=True)
class Standing:
    """The dates that decide over a paper, a licence or a right.

    `last` is the last day, inclusive; None has no end. `first` None means that nobody knows when it
    began: a paper is then unverified, while a registered right (`began_before_records`) is taken to
    have begun before anything kept here. Without a number nobody can look it up.
    """

    first: date | None
    last: date | None
    revoked_on: date | None = None
    suspensions: tuple[Suspension, ...] = ()
    has_number: bool = True
    began_before_records: bool = False


def state_on(standing: Standing, on: date) -> str:
    """One of unverified, revoked, upcoming, expired, suspended, expiring (90 days or less), valid."""
    if not standing.has_number or (standing.first is None and not standing.began_before_records):
        return "unverified"
    if standing.revoked_on is not None and standing.revoked_on <= on:
        return "revoked"
    if standing.first is not None and on < standing.first:
        return "upcoming"
    if standing.last is not None and on > standing.last:
        return "expired"
    if any(suspension.covers(on) for suspension in standing.suspensions):
        return "suspended"
    if standing.last is not None and (standing.last - on).days <= EXPIRING_DAYS:
        return "expiring"
    return "valid"


def stands(standing: Standing, on: date) -> bool:
    """Whether it gives its right on that day."""
    return state_on(standing, on) in IN_FORCE


def licence_state(licence: Standing, right: Standing, on: date) -> str:
    """The state of a licence under a right: outside the right's own validity it is `right_lapsed`.

    A right that ends soon makes its licences end soon as well.
    """
    own = state_on(licence, on)
    if own not in IN_FORCE:
        return own
    above = state_on(right, on)
    if above not in IN_FORCE:
        return "right_lapsed"
    return "expiring" if "expiring" in (own, above) else "valid"


def licence_end(licence: Standing, right: Standing) -> date | None:
    """The last day on which the licence can be used: its own, or the right's if that comes first."""
    ends = [day for day in (licence.last, right.last) if day is not None]
    return min(ends, default=None)


def standing_intervals(standing: Standing) -> Iterator[tuple[date | None, date | None]]:
    """The stretches of days, both inclusive, on which it stands; None is an open side.

    This is what rules read that know nothing of revocation and suspension, such as publication.
    """
    last = standing.last
    if standing.revoked_on is not None:
        before = standing.revoked_on - _DAY
        last = before if last is None else min(last, before)
    first = standing.first
    for pause in sorted(standing.suspensions, key=lambda s: s.first):
        if last is not None and pause.first > last:
            break
        if first is None or first < pause.first:
            yield first, pause.first - _DAY
        if pause.last is None:
            return
        first = pause.last + _DAY if first is None else max(first, pause.last + _DAY)
    if first is None or last is None or first <= last:
        yield first, last
