"""Which language a text is shown in when the buyer's own is missing, field by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SHOWN = frozenset({"machine", "reviewed"})
"""Translations a buyer may see; a draft is for its author."""

NEVER_FALLS_BACK = frozenset({"allergens", "legal"})
"""Fields where a text in a foreign language is worse than none, and that are never machine-made."""


@dataclass(frozen=True, slots=True)
class Text:
    """A resolved text and the language it is really in (`locale` may differ from the one asked)."""

    value: str
    locale: str


def resolve(field: str, values: Mapping[str, str | None], chain: Sequence[str]) -> Text | None:
    """The first non-empty value along the chain of locales, with its locale; None if there is none.

    `chain` begins with the locale asked for. For allergens and legal text only that one counts.
    """
    for locale in chain[:1] if field in NEVER_FALLS_BACK else chain:
        value = values.get(locale)
        if value:
            return Text(value, locale)
    return None
