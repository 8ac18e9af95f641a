"""Texts that stand with their record: in other languages, each knowing which Vietnamese text it was made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from catalog.rules.fallback import Text, Version, resolve
from catalog.rules.translation import digest
from i18n.locales import LOCALES

Texts = Mapping[str, Any]
"""By locale, by field: `{"text": …, "of": digest of the Vietnamese text it was made from}`."""


def read_text(field: str, source: str | None, texts: Texts, chain: Sequence[str]) -> Text | None:
    """The text a reader of the first of these locales sees, by the rule of the field; None without one.

    Whoever keeps the record wrote it, so every version counts as reviewed; one made from an older
    Vietnamese text is shown or hidden as `catalog.rules.fallback.RULES` says.
    """
    values: dict[str, str | Version | None] = {"vi": source}
    now = digest(source)
    for locale, own in texts.items():
        entry = own.get(field)
        if entry and locale != "vi":
            values[locale] = Version(entry["text"], "reviewed", entry["of"] != now)
    return resolve(field, values, chain)


def translation_mistakes(
    locale: str, new: Mapping[str, str], longest: Mapping[str, int]
) -> dict[str, str]:
    """What stands against writing these texts in a language, by field; Vietnamese is the source."""
    mistakes = {field: "too_long" for field, text in new.items() if len(text) > longest[field]}
    if locale == "vi" or locale not in LOCALES:
        mistakes["locale"] = "unknown_locale"
    return mistakes


def write_texts(
    texts: Texts, locale: str, new: Mapping[str, str], sources: Mapping[str, str | None]
) -> dict[str, Any]:
    """The texts with those of one locale replaced; an empty text is taken out.

    A text that stays as it is and whose source has changed counts as looked at again.
    """
    own = {
        field: {"text": text, "of": digest(sources.get(field))}
        for field, text in new.items()
        if text and sources.get(field)
    }
    others = {tag: kept for tag, kept in texts.items() if tag != locale}
    return {**others, locale: own} if own else others
