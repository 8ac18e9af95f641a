"""What buyers may say in public, who decides about it, how long it is kept: reviews, questions, wholesale requests.

A review is a buyer's own experience with goods that arrived. Its points are never the stars of the
programme: those are a certificate. The Law on Consumer Protection 19/2023/QH15 forbids to hide or
fake reviews, so a refusal needs one of a few reasons, none of which is "negative".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from core.actor import Role
from orders.rules.states import Step, Table

MOST_POINTS = 5
LONGEST_TEXT = 2000
SHORTEST_TEXT = 2
LONGEST_NAME = 40
LONGEST_ANSWER = 2000

REFUSALS = ("not_about_goods", "personal_data", "insult", "advertising", "unlawful")
"""The only reasons to keep a text off the shop; how many points it gives is none of them."""

UNITS = ("package", "case", "pallet", "kg", "l", "piece")
LARGEST_QUANTITY = 10_000_000
LONGEST_WAIT = timedelta(days=3 * 365)
"""A wholesale buyer does not ask for goods later than this."""

_OFFICE = frozenset({Role.OFFICE, Role.SYSTEM})
_SELLER = frozenset({Role.PRODUCER, Role.OFFICE, Role.SYSTEM})

REVIEW: Table = {
    ("held", "show"): Step("shown", _OFFICE),
    ("held", "refuse"): Step("refused", _OFFICE),
    ("shown", "refuse"): Step("refused", _OFFICE),
    ("refused", "show"): Step("shown", _OFFICE),
}
"""A text that its writer changes is held again, whatever it was; a withdrawn one is gone."""

QUESTION: Table = {
    ("held", "answer"): Step("answered", _SELLER),
    ("answered", "answer"): Step("answered", _SELLER),
    ("held", "refuse"): Step("refused", _OFFICE),
    ("answered", "refuse"): Step("refused", _OFFICE),
}

WHOLESALE: Table = {
    ("new", "answer"): Step("answered", _SELLER),
    ("answered", "answer"): Step("answered", _SELLER),
    ("new", "decline"): Step("declined", _SELLER),
    ("answered", "decline"): Step("declined", _SELLER),
    ("answered", "close"): Step("closed", _SELLER),
}

KEEP_EMAIL_UNANSWERED = timedelta(days=90)
"""The e-mail address of a question goes when the answer is sent, and after this at the latest."""
KEEP_UNANSWERED = timedelta(days=365)
KEEP_REFUSED = timedelta(days=90)
KEEP_ENDED_REQUEST = timedelta(days=365)
KEEP_OPEN_REQUEST = timedelta(days=730)


def states(table: Table, first: str) -> tuple[str, ...]:
    """Every state of a table, the one in which things begin first."""
    found = {state for state, _event in table} | {step.to for step in table.values()}
    return (first, *sorted(found - {first}))


def next_state(table: Table, state: str, event: str, roles: frozenset[Role]) -> str | None:
    """Where the event leads for people with these roles; None where it leads nowhere."""
    step = table.get((state, event))
    return step.to if step is not None and not step.roles.isdisjoint(roles) else None


_LINES = re.compile(r"\n{3,}")
_SPACES = re.compile(r"[^\S\n]+")


def tidy_text(text: str | None) -> str:
    """What was typed, without control characters, trailing blanks and stacks of empty lines."""
    kept = "".join(
        letter if letter in "\n\t" or letter.isprintable() or letter in "\u200c\u200d" else " "
        for letter in (text or "").replace("\r\n", "\n").replace("\r", "\n")
    )
    lines = (_SPACES.sub(" ", line).strip() for line in kept.split("\n"))
    return _LINES.sub("\n\n", "\n".join(lines)).strip()


def tidy_line(text: str | None) -> str:
    """The same as one line."""
    return " ".join(tidy_text(text).split())


def text_mistake(text: str, longest: int = LONGEST_TEXT) -> str | None:
    """Why a tidy text cannot be kept ("missing", "too_long"); None when it can."""
    if len(text) < SHORTEST_TEXT:
        return "missing"
    return "too_long" if len(text) > longest else None


@dataclass(frozen=True, slots=True)
class Rating:
    """The points of all shown reviews of one product: how many gave 1, 2, … 5."""

    counts: tuple[int, int, int, int, int]

    @classmethod
    def of(cls, by_points: Mapping[int, int]) -> Rating:
        """From points → how many; raises ValueError for points nobody can give."""
        if not set(by_points) <= set(range(1, MOST_POINTS + 1)):
            raise ValueError("points go from 1 to 5")
        one, two, three, four, five = (by_points.get(n, 0) for n in range(1, MOST_POINTS + 1))
        return cls((one, two, three, four, five))

    @property
    def count(self) -> int:
        """How many reviews."""
        return sum(self.counts)

    @property
    def tenths(self) -> int:
        """The mean in tenths of a point, rounded half up; 0 without reviews."""
        total = sum(points * count for points, count in enumerate(self.counts, start=1))
        return (20 * total + self.count) // (2 * self.count) if self.count else 0

    @property
    def mean(self) -> str:
        """The mean as a plain decimal number ("4.3"), for machines; "" without reviews."""
        return f"{self.tenths // 10}.{self.tenths % 10}" if self.count else ""

    @property
    def drawn(self) -> int:
        """How many of five marks are filled: the mean rounded half up; 0 without reviews."""
        return (self.tenths + 5) // 10
