"""The newest lots of a product and where each says where its goods come from, as part of the record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, case, exists, select

from catalog.models import Lot, Package, Recall, RecallLot
from catalog.rules.digital_link import lot_path, may_be_link

NEWEST = 3
"""Lots a product page leads to; older ones are found with the code on their label."""

_lot, _package = Lot.__table__, Package.__table__
_recall, _covered = Recall.__table__, RecallLot.__table__


@dataclass(frozen=True, slots=True)
class LotLink:
    """A lot and the address of its public page; `is_recalled` while a recall covers it."""

    number: str
    path: str
    produced_on: date | None
    expires_on: date | None
    is_recalled: bool


def lot_arm(row: Callable[..., Select[Any]], product_id: Any) -> Select[Any]:
    """The lots of a product made last, as an arm of the record's union."""
    newest = (
        select(_lot.c.id)
        .where(_lot.c.product_id == product_id)
        .order_by(_lot.c.produced_on.is_(None), _lot.c.produced_on.desc(), _lot.c.id.desc())
        .limit(NEWEST)
        .subquery()
    )
    is_recalled = exists(
        select(_recall.c.id)
        .select_from(_recall.join(_covered, _covered.c.recall_id == _recall.c.id))
        .where(_covered.c.lot_id == _lot.c.id, _recall.c.ended_at.is_(None))
        .correlate(_lot)
    )
    return row(
        "lot",
        _lot.c.id,
        (
            case((_package.c.gtin_is_internal.is_(True), 1), else_=0),
            case((is_recalled, 1), else_=0),
        ),
        (_lot.c.code, _lot.c.number, _package.c.gtin, _lot.c.expiry_kind),
        (_lot.c.produced_on, _lot.c.expires_on),
    ).select_from(
        _lot.join(newest, newest.c.id == _lot.c.id).outerjoin(
            _package, _package.c.id == _lot.c.package_id
        )
    )


def read_lot_arm(rows: Iterable[Sequence[Any]], *, texts: int, days: int) -> tuple[LotLink, ...]:
    """The lots from the rows of `lot_arm`, the one made last first."""

    def newest_first(row: Sequence[Any]) -> tuple[bool, int, int]:
        made = row[days]
        return (made is None, -made.toordinal() if made else 0, -row[1])

    return tuple(_link(row, texts, days) for row in sorted(rows, key=newest_first))


def _link(row: Sequence[Any], texts: int, days: int) -> LotLink:
    code, number, gtin, expiry_kind = row[texts : texts + 4]
    path = f"/lots/{code}"
    if may_be_link(gtin, is_internal=bool(row[2])):
        path = lot_path(gtin, number, expires_on=row[days + 1], expiry_kind=expiry_kind)
    return LotLink(number, path, row[days], row[days + 1], bool(row[3]))
