"""Why a lot, an event or a recall is refused; each error carries facts for a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from catalog.queries.errors import LotNotFound
from catalog.rules.traceability import EventProblem
from core.errors import Conflict, Invalid, NotFound

__all__ = [
    "AlreadyCorrected",
    "AlreadyRecalled",
    "EventNotFound",
    "EventRefused",
    "LotNotFound",
    "LotNumberTaken",
    "RecallNotFound",
]


class EventNotFound(NotFound):
    """There is no such event (facts: event_id)."""


class RecallNotFound(NotFound):
    """There is no such recall (facts: recall_id)."""


class LotNumberTaken(Conflict):
    """The producer has a lot of the same thing with this number (facts: number)."""


class AlreadyCorrected(Conflict):
    """Somebody corrected this event before; correct the correction (facts: event_id)."""


class AlreadyRecalled(Conflict):
    """The lot is called back already (facts: lot_id)."""


class EventRefused(Invalid):
    """The event cannot be written as it was told; `problems` names everything at once."""

    def __init__(self, problems: Sequence[EventProblem]) -> None:
        """Keep the problems; facts list their codes."""
        super().__init__(codes=[problem.code for problem in problems])
        self.problems = tuple(problems)
