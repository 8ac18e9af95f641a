"""When an event takes sign-ups, is on or is over, when a collection is current, and which steps there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from catalog.rules.seasons import ALL_YEAR

Phase = Literal["draft", "cancelled", "announced", "running", "over"]

EVENT_STEPS: Mapping[tuple[str, str], str] = {
    ("draft", "announce"): "announced",
    ("announced", "cancel"): "cancelled",
    ("draft", "cancel"): "cancelled",
}
"""(state, step) → state of an event, as the office sets it; what the dates say comes on top."""

TEXT_STEPS: Mapping[tuple[str, str], str] = {
    ("draft", "publish"): "published",
    ("published", "withdraw"): "withdrawn",
    ("withdrawn", "publish"): "published",
}
"""(state, step) → state of an article or a collection."""

SIGN_UP_STEPS: Mapping[tuple[str, str], str] = {
    ("asked", "accept"): "accepted",
    ("asked", "refuse"): "refused",
    ("accepted", "refuse"): "refused",
    ("refused", "accept"): "accepted",
    ("asked", "withdraw"): "withdrawn",
    ("accepted", "withdraw"): "withdrawn",
    ("refused", "ask"): "asked",
    ("withdrawn", "ask"): "asked",
}
"""(state, step) → state of a producer's sign-up: the producer asks and withdraws, the office decides."""


@dataclass(frozen=True, slots=True)
class EventDays:
    """What the dates of an event are judged by; all days are the last ones included.

    Without `sign_up_until` producers may sign up until the day before it begins.
    """

    state: str
    starts_on: date
    ends_on: date
    sign_up_until: date | None = None


def event_phase(event: EventDays, on: date) -> Phase:
    """What the event is on that day: its last day still counts as running."""
    if event.state == "draft":
        return "draft"
    if event.state == "cancelled":
        return "cancelled"
    if on > event.ends_on:
        return "over"
    return "running" if on >= event.starts_on else "announced"


def takes_sign_ups(event: EventDays, on: date) -> bool:
    """Whether a producer may sign up that day: announced, and the last day for it has not passed."""
    return event.state == "announced" and on <= last_sign_up(event)


def last_sign_up(event: EventDays) -> date:
    """The last day on which producers may sign up."""
    return min(event.sign_up_until or event.starts_on - timedelta(days=1), event.ends_on)


def takes_outcomes(event: EventDays, on: date) -> bool:
    """Whether exhibitors may write down what came of it: from its first day, without an end."""
    return event.state == "announced" and on >= event.starts_on


def event_mistakes(starts_on: date, ends_on: date, sign_up_until: date | None) -> dict[str, str]:
    """Days that cannot be: field → code."""
    mistakes: dict[str, str] = {}
    if ends_on < starts_on:
        mistakes["ends_on"] = "before_start"
    if sign_up_until is not None and sign_up_until > ends_on:
        mistakes["sign_up_until"] = "after_end"
    return mistakes


def is_current(
    state: str,
    on: date,
    *,
    starts_on: date | None = None,
    ends_on: date | None = None,
    months: Sequence[int] | None = None,
) -> bool:
    """Whether a published collection is of that day: between its days and in one of its months.

    Days are inclusive; an open side has no end. Without days and months it is always current.
    """
    if state != "published":
        return False
    if starts_on is not None and on < starts_on:
        return False
    if ends_on is not None and on > ends_on:
        return False
    return not months or len(months) == len(ALL_YEAR) or on.month in months
