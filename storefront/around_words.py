"""The words of places and gift sets at the desks: drawings, mistakes, and texts in other languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from catalog.rules.translation import digest
from core.errors import NotFound
from i18n.catalogue import gettext as _
from i18n.catalogue import lazy_gettext as later
from i18n.locales import DEFAULT, LOCALES, bcp47
from storefront.market_messages import language_name

SCENES = {
    "mangrove": later("Mangrove forest"),
    "mountains": later("Mountains"),
    "terraces": later("Terraced fields"),
    "village": later("Village"),
    "coast": later("Coast"),
    "river": later("River"),
}
FIELD_NAMES = {
    "name": later("Name"),
    "story": later("Its story"),
    "directions": later("How to get there"),
    "summary": later("In a few words"),
}


class LanguageNotFound(NotFound):
    """Texts are not kept in that language (facts: tag)."""


class DeedNotFound(NotFound):
    """There is no such button (facts: deed)."""


class TextRow(NamedTuple):
    """One field beside its Vietnamese source; ``is_old`` when the source has changed since."""

    field: str
    label: str
    source: str
    text: str
    is_old: bool


class LanguageLine(NamedTuple):
    """A language with whether anything is written in it."""

    tag: str
    name: str
    is_written: bool


def languages_of(texts: Mapping[str, Any]) -> list[LanguageLine]:
    """Every language but Vietnamese."""
    return [
        LanguageLine(tag, language_name(tag), bool(texts.get(tag)))
        for tag in LOCALES
        if tag != DEFAULT
    ]


def known_language(tag: str) -> tuple[str, str]:
    """Name and tag for a browser; raises LanguageNotFound."""
    if tag == DEFAULT or tag not in LOCALES:
        raise LanguageNotFound(tag=tag)
    return language_name(tag), bcp47(tag)


def text_rows(record: Any, fields: Sequence[str], tag: str) -> list[TextRow]:
    """The fields of a record that have a Vietnamese text."""
    own = record.texts.get(tag, {})
    rows = []
    for field in fields:
        source = getattr(record, field)
        if source:
            entry = own.get(field, {})
            is_old = bool(entry) and entry["of"] != digest(source)
            rows.append(
                TextRow(field, str(FIELD_NAMES[field]), source, entry.get("text", ""), is_old)
            )
    return rows


def is_to_be_shown(deed: str) -> bool:
    """Whether "publish" or "withdraw" was pressed; raises DeedNotFound for anything else."""
    if deed not in ("publish", "withdraw"):
        raise DeedNotFound(deed=deed)
    return deed == "publish"


def mistake(code: str) -> str:
    """What keeps a place or a set from being kept."""
    sentences = {
        "missing": _("Please fill this in."),
        "too_long": _("Please write less."),
        "too_few": _("A set needs at least two packages."),
        "too_many": _("A set holds at most twelve different packages."),
        "not_of_this_producer": _("This product belongs to another producer."),
        "not_of_these_producers": _("Choose a picture of one of the producers."),
        "never_sent": _("A visit cannot be part of a set."),
        "out_of_range": _("This number is not possible here."),
    }
    return sentences.get(code) or _("This cannot be right. Please check it.")
