"""What the states of an enquiry about a visit, and the reasons to refuse one, are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from i18n.catalogue import gettext as _
from i18n.catalogue import lazy_gettext as later
from i18n.catalogue import pgettext
from orders.rules.visits import VisitState

_REFUSALS = {
    "contact": (
        "email",
        later("Give an e-mail address or a telephone number: the producer answers there."),
    ),
    "past": ("wished_on", later("Choose a day after today.")),
    "too_far": ("wished_on", later("Choose a day within a year.")),
    "out_of_season": ("wished_on", later("There are no visits in that month.")),
    "too_few": ("people", later("That is fewer people than they receive.")),
    "too_many": ("people", later("That is more people than they receive.")),
    "words": ("words", later("Please write an answer.")),
}


def state_word(state: str) -> str:
    """Where an enquiry stands, in a word or two."""
    words = {
        VisitState.NEW: pgettext("visit", "New"),
        VisitState.ANSWERED: pgettext("visit", "Answered"),
        VisitState.AGREED: pgettext("visit", "Agreed"),
        VisitState.DECLINED: pgettext("visit", "Declined"),
        VisitState.WITHDRAWN: pgettext("visit", "Withdrawn"),
    }
    return words[VisitState(state)]


def refusal(code: str) -> tuple[str, str]:
    """The field a refused enquiry or answer is about, and what is wrong."""
    field, sentence = _REFUSALS[code]
    return field, str(sentence)


def what_now(state: str) -> str:
    """What whoever asked should know now."""
    sentences: Mapping[VisitState, Any] = {
        VisitState.NEW: lambda: _("The producer has your enquiry and will answer you."),
        VisitState.ANSWERED: lambda: _(
            "The producer has answered. Write back to them to settle the day."
        ),
        VisitState.AGREED: lambda: _("The day is agreed. You pay on the spot."),
        VisitState.DECLINED: lambda: _("The producer cannot receive you that day."),
        VisitState.WITHDRAWN: lambda: _("You have taken the enquiry back."),
    }
    return str(sentences[VisitState(state)]())


def moved_meanwhile() -> str:
    """That an answer came too late."""
    return _("Somebody else changed this while you were looking. Load the page again.")
