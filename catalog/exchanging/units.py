"""What is to be translated, piece by piece, each with a key that tells later what it was made from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.models import Media, Producer, Product, Translation
from catalog.models.translation import TRANSLATABLE, TranslationEntry
from catalog.queries.translatable import MODELS, is_public
from catalog.rules.translation import digest
from i18n.locales import LOCALES

_SHORT = 16
_KEY = re.compile(
    r"(?P<locale>[a-z]{2}(?:-[a-z]{4})?):(?P<kind>product|producer|media)/(?P<code>.{1,80})/"
    r"(?P<field>[a-z_]{1,24})#(?P<made_from>[0-9a-f]{0,16})\.(?P<entry>[0-9]{1,15})"
)


@dataclass(frozen=True, slots=True)
class Key:
    """What a piece of a returned file is about.

    `made_from` is the beginning of the digest of the Vietnamese text that was sent out, `entry` the
    newest entry of the history at that time (0: none). The key travels as the piece's id, which every
    tool must return unchanged, so a source edited by mistake does no harm.
    """

    locale: str
    kind: str
    code: str
    field: str
    made_from: str
    entry: int

    def __str__(self) -> str:
        """As it stands in files."""
        return f"{self.locale}:{self.kind}/{self.code}/{self.field}#{self.made_from}.{self.entry}"

    @property
    def is_sound(self) -> bool:
        """Whether such a field exists and may be translated into that language."""
        return (
            self.locale in LOCALES
            and self.locale != "vi"
            and self.field in TRANSLATABLE.get(self.kind, ())
        )


def read_key(text: str) -> Key | None:
    """The key written by `Key.__str__`; None for anything else."""
    found = _KEY.fullmatch(text.strip())
    if found is None:
        return None
    part = found.groupdict()
    key = Key(
        part["locale"],
        part["kind"],
        part["code"],
        part["field"],
        part["made_from"],
        int(part["entry"]),
    )
    return key if key.is_sound else None


@dataclass(frozen=True, slots=True)
class WorkUnit:
    """One text to be translated, of the thing `number`; `target` is what is stored, `help` the English for orientation."""

    key: Key
    number: int
    name: str
    source: str
    target: str
    status: str
    is_stale: bool
    help: str


def collect(
    session: Session,
    locale: str,
    *,
    missing: bool = False,
    stale: bool = False,
    unreviewed: bool = False,
    whole_register: bool = False,
    producer_id: int | None = None,
) -> list[WorkUnit]:
    """The texts that need work in a language, in the order of the codes.

    Without any of `missing`, `stale` and `unreviewed`, all. Only what is published, and its makers,
    unless `whole_register`.
    """
    everything = not (missing or stale or unreviewed)
    units: list[WorkUnit] = []
    for kind in TRANSLATABLE:
        units += _collect(session, kind, locale, whole_register, producer_id)
    return [
        unit
        for unit in units
        if everything
        or (missing and not unit.target)
        or (stale and unit.is_stale)
        or (unreviewed and unit.target and unit.status != "reviewed")
    ]


_OWNERS = {"product": Product.producer_id, "producer": Producer.id, "media": Media.producer_id}


def short(full: str) -> str:
    """As much of a digest as a key carries."""
    return full[:_SHORT]


def _collect(
    session: Session, kind: str, locale: str, whole_register: bool, producer_id: int | None
) -> list[WorkUnit]:
    model = MODELS[kind]
    fields = TRANSLATABLE[kind]
    query = select(model.id, model.code, model.name, *(getattr(model, f) for f in fields))
    if not whole_register:
        query = query.where(is_public(kind))
    if producer_id is not None:
        own = _OWNERS.get(kind)
        if own is None:  # what the programme office writes belongs to no producer
            return []
        query = query.where(own == producer_id)
    stored = _stored(session, kind, {locale, "en"})
    newest = _newest(session, kind, locale)
    units = []
    for number, code, name, *texts in session.execute(query.order_by(model.code)):
        for field, source in zip(fields, texts, strict=True):
            if not source:
                continue
            text, status, is_stale = stored.get((number, field, locale), ("", "", False))
            english = stored.get((number, field, "en"), ("", "", False))[0]
            entry = newest.get((number, field), 0)
            key = Key(locale, kind, code, field, short(digest(source)), entry)
            helping = english if locale != "en" else ""
            units.append(
                WorkUnit(key, number, name or code, source, text, status, is_stale, helping)
            )
    return units


def _stored(
    session: Session, kind: str, locales: set[str]
) -> Mapping[tuple[int, str, str], tuple[str, str, bool]]:
    rows = session.execute(
        select(
            Translation.entity_id,
            Translation.field,
            Translation.locale,
            Translation.text,
            Translation.status,
            Translation.is_stale,
        ).where(Translation.entity_kind == kind, Translation.locale.in_(sorted(locales)))
    )
    return {(row[0], row[1], row[2]): (row[3], row[4], row[5]) for row in rows}


def _newest(session: Session, kind: str, locale: str) -> Mapping[tuple[int, str], int]:
    rows = session.execute(
        select(TranslationEntry.entity_id, TranslationEntry.field, func.max(TranslationEntry.id))
        .where(TranslationEntry.entity_kind == kind, TranslationEntry.locale == locale)
        .group_by(TranslationEntry.entity_id, TranslationEntry.field)
    )
    return {(row[0], row[1]): row[2] for row in rows}
