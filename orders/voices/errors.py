"""Why a review, a question or a wholesale request is refused; facts only."""

from __future__ import annotations

from collections.abc import Mapping

from core.errors import Conflict, Invalid, NotFound


class VoiceNotFound(NotFound):
    """There is no such review, question or request, or not for this person."""


class NotDeliveredYet(Conflict):
    """Goods are reviewed by who has received them: this parcel has not arrived."""


class AnsweredAlready(Conflict):
    """A producer answers a review once."""


class TextChanged(Conflict):
    """The buyer has changed the text since it was read."""


class WrongVoice(Invalid):
    """Something of it cannot be kept; ``mistakes`` gives a code for each field."""

    def __init__(self, mistakes: Mapping[str, str]) -> None:
        super().__init__(**mistakes)
        self.mistakes = dict(mistakes)
