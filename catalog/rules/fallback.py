"""Which texts a buyer may see, and in which language, when the buyer's own is missing: field by field.

A text that somebody reviewed is shown; one a machine made is shown and marked; a draft is for its author.
When the Vietnamese text has changed since, what a machine made is hidden, and what somebody reviewed is
shown and marked as older, except for the fields one must be able to rely on when eating (`FieldRule`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

STATUSES = ("draft", "machine", "reviewed")
SHOWN = frozenset({"machine", "reviewed"})
"""Translations a buyer may see; a draft is for its author."""


@dataclass(frozen=True, slots=True)
class FieldRule:
    """What may be done with the translations of a field.

    `falls_back`: another language is better than nothing. `machine`: a machine may make it.
    `shown_when_old`: a reviewed translation of an older text may still be shown, marked.
    """

    falls_back: bool = True
    machine: bool = True
    shown_when_old: bool = True


LEGAL = FieldRule(falls_back=False, machine=False, shown_when_old=False)
"""Where a text in a foreign language, a guessed one or an old one is worse than none."""

_TO_RELY_ON = FieldRule(machine=False, shown_when_old=False)
RULES: Mapping[str, FieldRule] = {
    "name": FieldRule(),
    "summary": FieldRule(),
    "description": FieldRule(),
    "story": FieldRule(),
    "body": FieldRule(),
    "alt": FieldRule(),
    "directions": FieldRule(shown_when_old=False),
    "meeting_place": FieldRule(shown_when_old=False),
    "usage": FieldRule(shown_when_old=False),
    "ingredients": _TO_RELY_ON,
    "storage_note": _TO_RELY_ON,
    "warnings": LEGAL,
    "allergens": LEGAL,
    "legal": LEGAL,
}
NEVER_FALLS_BACK = frozenset(field for field, rule in RULES.items() if not rule.falls_back)
NEVER_BY_MACHINE = frozenset(field for field, rule in RULES.items() if not rule.machine)
SHOWN_WHEN_OLD = frozenset(field for field, rule in RULES.items() if rule.shown_when_old)


def rule_of(field: str) -> FieldRule:
    """The rule of a field; one nobody thought about is treated as legal text."""
    return RULES.get(field, LEGAL)


@dataclass(frozen=True, slots=True)
class Text:
    """A resolved text and the language it is really in (`locale` may differ from the one asked).

    `by_machine`: nobody has reviewed it. `is_old`: the Vietnamese text has changed since.
    """

    value: str
    locale: str
    by_machine: bool = False
    is_old: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """A text in one language as stored, before anybody has decided whether it may be shown."""

    text: str
    status: str
    is_stale: bool = False


def is_shown(field: str, status: str, *, is_stale: bool) -> bool:
    """Whether buyers may read a translation of that field in that state."""
    if status == "reviewed":
        return not is_stale or rule_of(field).shown_when_old
    return status == "machine" and not is_stale and rule_of(field).machine


def resolve(
    field: str, values: Mapping[str, str | Version | None], chain: Sequence[str]
) -> Text | None:
    """The first text along the chain of locales that may be shown, with its locale; None without one.

    `chain` begins with the locale asked for; for allergens and legal text only that one counts. A
    plain string is a text that needs no judging: the Vietnamese source, or what was judged before.
    """
    for locale in chain if rule_of(field).falls_back else chain[:1]:
        value = values.get(locale)
        if isinstance(value, Version):
            if value.text and is_shown(field, value.status, is_stale=value.is_stale):
                return Text(value.text, locale, value.status == "machine", value.is_stale)
        elif value:
            return Text(value, locale)
    return None
