"""Why a change of an event, a collection, an article or a request is refused."""

from __future__ import annotations

from core.errors import Conflict


class StepNotPossible(Conflict):
    """The thing is not in a state from which that step leads anywhere (facts: state, step)."""


class SignUpClosed(Conflict):
    """Producers cannot sign up, or change what they show, on that day (facts: event_id, on)."""


class OutcomesClosed(Conflict):
    """Nothing can have come of an event that has not begun, or of a refused sign-up (participation_id)."""


class BoothTaken(Conflict):
    """The event has a booth with this number already (facts: event_id, number)."""


class BoothInUse(Conflict):
    """Somebody exhibits at this booth, so it cannot be taken away (facts: booth_id)."""
