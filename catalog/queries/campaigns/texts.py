"""Rows of one kind with their texts in one language, each with the language it is really in: one statement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, select
from sqlalchemy.orm import Session

from catalog.models.translation import TRANSLATABLE
from catalog.queries.listing import chain, foreign_chain, translation
from catalog.rules.fallback import Text, Version, resolve

Order = Callable[[Any], Sequence[ColumnElement[Any]]]


@dataclass(frozen=True, slots=True)
class Told:
    """A row (its columns by name) and its translatable texts as a reader of the language gets them."""

    row: Row[Any]
    texts: Mapping[str, Text | None]

    @property
    def name(self) -> Text:
        """Its name, which always exists in Vietnamese."""
        return self.texts["name"] or Text(self.row.name, "vi")


def read_told(
    session: Session, chosen: Select[Any], kind: str, *, locale: str, order: Order
) -> list[Told]:
    """The rows of `chosen` (with `id` and every translatable field of that kind) in the order given."""
    own = chosen.subquery("own")
    told = (
        translation.c.field.label("told_field"),
        translation.c.locale.label("told_locale"),
        translation.c.text.label("told_text"),
        translation.c.status.label("told_status"),
        translation.c.is_stale.label("told_stale"),
    )
    rows = session.execute(
        select(own, *told)
        .select_from(
            own.outerjoin(
                translation,
                and_(
                    translation.c.entity_kind == kind,
                    translation.c.entity_id == own.c.id,
                    translation.c.locale.in_(foreign_chain(locale)),
                    translation.c.status != "draft",
                ),
            )
        )
        .order_by(*order(own.c), own.c.id)
    )
    return gathered(rows, TRANSLATABLE[kind], locale)


def gathered(rows: Iterable[Row[Any]], fields: Sequence[str], locale: str) -> list[Told]:
    """One entry for each `id`, from rows that repeat it for every translation."""
    first: dict[int, Row[Any]] = {}
    versions: dict[int, dict[str, dict[str, str | Version | None]]] = {}
    for row in rows:
        if row.id not in first:
            first[row.id] = row
            versions[row.id] = {field: {"vi": getattr(row, field)} for field in fields}
        if row.told_field in versions[row.id]:
            versions[row.id][row.told_field][row.told_locale] = Version(
                row.told_text, row.told_status, bool(row.told_stale)
            )
    return [
        Told(row, {f: resolve(f, values, chain(locale)) for f, values in versions[number].items()})
        for number, row in first.items()
    ]
