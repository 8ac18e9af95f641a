"""A shared brand (geographical indication, collective or certification mark) with those who may use it today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from catalog.errors import LedgerEntryNotFound
from catalog.models import Licence, Producer, ProtectedName, SuspensionRow, licence_product
from catalog.queries.ledger import right_standing
from catalog.queries.ledger_pages import Pause, RightView, right_view
from catalog.queries.listing import chain, list_cards
from catalog.queries.pages import Card
from catalog.queries.picked_pictures import PickedView, picture_of_right
from catalog.rules.destinations import Destination
from catalog.rules.rights import IN_FORCE, Standing, Suspension, licence_end, licence_state
from i18n.text import vietnamese_sort_key

_HELD = (
    select(Licence, Producer.name, Producer.slug, licence_product.c.product_id)
    .join(Producer, Producer.id == Licence.producer_id)
    .outerjoin(licence_product, licence_product.c.licence_id == Licence.id)
    .where(Licence.protected_name_id == bindparam("right_id"))
    .order_by(Licence.id, licence_product.c.product_id)
)
_PAUSES = (
    select(SuspensionRow)
    .where(
        or_(
            SuspensionRow.protected_name_id == bindparam("right_id"),
            SuspensionRow.licence_id.in_(
                select(Licence.id).where(Licence.protected_name_id == bindparam("right_id"))
            ),
        )
    )
    .order_by(SuspensionRow.starts_on)
)


@dataclass(frozen=True, slots=True)
class Member:
    """A producer who may use the brand on the day asked, up to `last`."""

    licence_id: int
    number: str
    name: str
    slug: str
    last: date | None
    is_illustrative: bool


@dataclass(frozen=True, slots=True)
class BrandPage:
    """A shared brand as of a day; outside the right's own validity it has neither members nor goods."""

    right: RightView
    members: tuple[Member, ...]
    cards: tuple[Card, ...]
    on: date
    picture: PickedView | None = None


def get_brand_page(
    session: Session,
    kind: str,
    number: str,
    *,
    locale: str,
    on: date,
    destination: Destination | None = None,
) -> BrandPage:
    """The brand with that kind and registration number (names repeat, numbers do not). Five statements.

    Raises LedgerEntryNotFound. Goods are those named in a licence in force and on sale that day.
    """
    right = session.scalar(
        select(ProtectedName).where(ProtectedName.kind == kind, ProtectedName.number == number)
    )
    if right is None:
        raise LedgerEntryNotFound(subject=kind, subject_id=number)
    pauses, suspended = _suspensions(session, right.id)
    members: dict[int, Member] = {}
    makers: set[int] = set()
    goods: dict[int, None] = {}
    for licence, name, slug, product_id, last in _held(session, right, pauses, suspended, on=on):
        members[licence.id] = Member(
            licence.id, licence.number, name, slug, last, licence.is_illustrative
        )
        makers.add(licence.producer_id)
        if product_id is not None:
            goods[product_id] = None
    return BrandPage(
        right=right_view(right, pauses, on),
        members=tuple(sorted(members.values(), key=lambda one: vietnamese_sort_key(one.name))),
        cards=tuple(
            list_cards(session, list(goods), locale=locale, on=on, destination=destination)
        ),
        on=on,
        picture=picture_of_right(session, right.id, makers, chain(locale), on=on),
    )


def member_ids(session: Session, right: ProtectedName, *, on: date) -> frozenset[int]:
    """The producers who may use a protected name that day. Two statements."""
    pauses, suspended = _suspensions(session, right.id)
    held = _held(session, right, pauses, suspended, on=on)
    return frozenset(licence.producer_id for licence, *_ in held)


def _held(
    session: Session,
    right: ProtectedName,
    pauses: Sequence[Pause],
    suspended: Mapping[int, Sequence[Suspension]],
    *,
    on: date,
) -> Iterator[tuple[Licence, str, str, int | None, date | None]]:
    """Each product of each licence in force that day, with the producer's name and slug, and its last day."""
    above = tuple(Suspension(pause.first, pause.last) for pause in pauses)
    ground = right_standing(right.registered_on, right.valid_to, right.revoked_on, above)
    for licence, name, slug, product_id in session.execute(_HELD, {"right_id": right.id}):
        standing = Standing(
            licence.issued_on,
            licence.valid_to,
            licence.revoked_on,
            tuple(suspended.get(licence.id, ())),
        )
        if licence_state(standing, ground, on) in IN_FORCE:
            yield licence, name, slug, product_id, licence_end(standing, ground)


def _suspensions(
    session: Session, right_id: int
) -> tuple[list[Pause], Mapping[int, list[Suspension]]]:
    """Those of the right itself, and those of its licences by licence."""
    own: list[Pause] = []
    licences: dict[int, list[Suspension]] = {}
    rows: Any = session.scalars(_PAUSES, {"right_id": right_id})
    for row in rows:
        if row.ends_on is not None and row.ends_on < row.starts_on:
            continue  # lifted before it began
        if row.licence_id is None:
            own.append(Pause(row.id, row.starts_on, row.ends_on, row.reason, of_right=True))
        else:
            licences.setdefault(row.licence_id, []).append(Suspension(row.starts_on, row.ends_on))
    return own, licences
