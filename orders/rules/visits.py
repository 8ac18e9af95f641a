"""The states of an enquiry about a visit, who may move it, and which days can be asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

FURTHEST = timedelta(days=365)
"""Nobody knows yet what a farm does in more than a year."""


class VisitState(StrEnum):
    """Where an enquiry stands."""

    NEW = "new"
    ANSWERED = "answered"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({VisitState.NEW, VisitState.ANSWERED})
"""Where the producer and the guest have not finished yet."""


class VisitEvent(StrEnum):
    """What can happen to it."""

    ANSWER = "answer"
    AGREE = "agree"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


BY_VISITOR = frozenset({VisitEvent.WITHDRAW})
"""The others are the producer's."""

TRANSITIONS: Mapping[tuple[VisitState, VisitEvent], VisitState] = {
    (VisitState.NEW, VisitEvent.ANSWER): VisitState.ANSWERED,
    (VisitState.NEW, VisitEvent.DECLINE): VisitState.DECLINED,
    (VisitState.NEW, VisitEvent.WITHDRAW): VisitState.WITHDRAWN,
    (VisitState.ANSWERED, VisitEvent.ANSWER): VisitState.ANSWERED,
    (VisitState.ANSWERED, VisitEvent.AGREE): VisitState.AGREED,
    (VisitState.ANSWERED, VisitEvent.DECLINE): VisitState.DECLINED,
    (VisitState.ANSWERED, VisitEvent.WITHDRAW): VisitState.WITHDRAWN,
    (VisitState.AGREED, VisitEvent.WITHDRAW): VisitState.WITHDRAWN,
}
"""Whatever is not here does not happen; what was declined or withdrawn stays so."""


def next_state(state: VisitState, event: VisitEvent) -> VisitState | None:
    """The state after the event; None where it leads nowhere."""
    return TRANSITIONS.get((state, event))


def day_problem(wished_on: date, today: date, months: tuple[int, ...] | None) -> str | None:
    """Why a day can't be asked for: past, too_far, out_of_season; None when it can."""
    if wished_on <= today:
        return "past"
    if wished_on - today > FURTHEST:
        return "too_far"
    if months and wished_on.month not in months:
        return "out_of_season"
    return None


def people_problem(people: int, least: int, most: int) -> str | None:
    """Why so many can't be asked for: too_few, too_many; None when they can."""
    if people < least:
        return "too_few"
    return "too_many" if people > most else None
