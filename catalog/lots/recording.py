"""Writing down lots and what happened to them; events are only added, a correction is a new event."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.errors import InvalidFields
from catalog.lots.errors import (
    AlreadyCorrected,
    EventNotFound,
    EventRefused,
    LotNotFound,
    LotNumberTaken,
)
from catalog.models import Lot, LotEvent, LotEventItem, Package, Product
from catalog.producers import find_producer
from catalog.queries.lots import used_of
from catalog.rules.food import last_day
from catalog.rules.identifiers import is_valid_gln
from catalog.rules.traceability import (
    EXPIRY_KINDS,
    EventFacts,
    EventProblem,
    Portion,
    event_problems,
    is_lot_number,
    overdrawn,
    propose_number,
)
from core import audit
from core.actor import Actor
from core.facts import announce
from core.people.permissions import require
from i18n.text import fold, nfc

PIECE = "piece"
"""The unit of a lot of packages."""

_CODE_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""For addresses people may have to type: nothing that looks like something else."""


@dataclass(frozen=True, slots=True)
class NewLot:
    """What is known of a lot when it is written down; without a number it gets one from the day."""

    quantity: Decimal
    unit: str = PIECE
    package_id: int | None = None
    product_id: int | None = None
    material: str | None = None
    number: str | None = None
    produced_on: date | None = None
    expires_on: date | None = None
    expiry_kind: str | None = None
    place: str | None = None
    area_code: str | None = None
    link: str | None = None
    source: str | None = None
    is_illustrative: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """So much of a lot, in a unit; of a lot of packages, so many of them."""

    lot_id: int
    quantity: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class NewEvent:
    """What happened: inputs and outputs, and the other side of the step."""

    kind: str
    happened_at: datetime
    inputs: tuple[Flow, ...] = ()
    outputs: tuple[Flow, ...] = ()
    place: str | None = None
    party: str | None = None
    party_gln: str | None = None
    partner: str | None = None
    document: str | None = None
    note: str | None = None
    details: dict[str, Any] = field(default_factory=dict)
    corrects_id: int | None = None
    is_illustrative: bool = False
    uuid: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as written, and what about it should be looked at again."""

    event: LotEvent
    warnings: tuple[EventProblem, ...]


def create_lot(
    session: Session, producer_id: int, new: NewLot, *, actor: Actor, on: date, now: datetime
) -> Lot:
    """Write a lot down; its last day follows from the product's shelf life unless told.

    Raises InvalidFields, LotNumberTaken, NotAllowed, ProducerNotFound.
    """
    require(actor, "lot.record", producer_id=producer_id)
    find_producer(session, producer_id)
    product_id, shelf_life = _product_of(session, producer_id, new)
    material = nfc(" ".join((new.material or "").split())) or None
    _check_lot(new, product_id, material, on=on)
    item_key = _item_key(new.package_id, product_id, material)
    taken = set(
        session.scalars(
            select(Lot.number).where(Lot.producer_id == producer_id, Lot.item_key == item_key)
        )
    )
    number = (new.number or "").strip() or propose_number(new.produced_on or on, taken)
    if number in taken:
        raise LotNumberTaken(number=number)
    lot = Lot(
        code="".join(secrets.choice(_CODE_LETTERS) for _ in range(10)),
        producer_id=producer_id,
        product_id=product_id,
        package_id=new.package_id,
        material=material,
        item_key=item_key,
        number=number,
        produced_on=new.produced_on,
        expires_on=new.expires_on or _last_day(new.produced_on, shelf_life),
        expiry_kind=new.expiry_kind or "best_before",
        quantity=new.quantity,
        unit=new.unit.strip(),
        place=(new.place or "").strip() or None,
        area_code=(new.area_code or "").strip() or None,
        link=_safe_link(new.link),
        source=new.source,
        is_illustrative=new.is_illustrative,
        created_at=now,
    )
    session.add(lot)
    session.flush()
    audit.record(
        session, actor, "lot.create", subject=f"lot:{lot.id}", now=now,
        producer_id=producer_id, number=number, item=item_key, quantity=str(new.quantity),
        unit=lot.unit,
    )  # fmt: skip
    announce(session, "lot.created", lot_id=lot.id)
    return lot


def record_event(
    session: Session, producer_id: int, new: NewEvent, *, actor: Actor, on: date, now: datetime
) -> Recorded:
    """Add an event; warns when more comes out than went in or than there was of a lot.

    Raises EventRefused with every problem, EventNotFound, AlreadyCorrected, LotNotFound, NotAllowed.
    """
    require(actor, "lot.record", producer_id=producer_id)
    lots = load_lots(session, producer_id, [flow.lot_id for flow in (*new.inputs, *new.outputs)])
    found = event_problems(_facts(new, lots, on))
    mistakes = [problem for problem in found if not problem.is_warning]
    if new.party_gln and not is_valid_gln(new.party_gln):
        mistakes.append(EventProblem("gln_invalid", "party_gln"))
    if mistakes:
        raise EventRefused(mistakes)
    _check_correction(session, producer_id, new.corrects_id)
    event = LotEvent(
        uuid=new.uuid or str(uuid.uuid4()),
        producer_id=producer_id,
        kind=new.kind,
        happened_at=new.happened_at,
        recorded_at=now,
        place=new.place or None,
        party=(new.party or "").strip() or None,
        party_gln=new.party_gln or None,
        partner=new.partner or None,
        document=(new.document or "").strip() or None,
        note=new.note or None,
        details=new.details,
        corrects_id=new.corrects_id,
        actor_name=actor.name,
        actor_person_id=actor.person_id,
        is_illustrative=new.is_illustrative,
        items=[
            LotEventItem(lot_id=flow.lot_id, role=role, quantity=flow.quantity, unit=flow.unit)
            for role, flows in (("input", new.inputs), ("output", new.outputs))
            for flow in flows
        ],
    )
    session.add(event)
    session.flush()
    audit.record(
        session, actor, f"lot.{new.kind}", subject=f"lot_event:{event.id}", now=now,
        producer_id=producer_id, inputs=_listed(new.inputs), outputs=_listed(new.outputs),
        party=event.party, corrects=new.corrects_id,
    )  # fmt: skip
    announce(session, "lot.event_recorded", event_id=event.id)
    return Recorded(event, (*found, *_overdrawn(session, new, lots)))


def load_lots(session: Session, producer_id: int, lot_ids: Iterable[int]) -> dict[int, Lot]:
    """These lots of this producer; raises LotNotFound when one is missing or somebody else's."""
    wanted = set(lot_ids)
    rows = session.scalars(
        select(Lot).where(Lot.id.in_(sorted(wanted)), Lot.producer_id == producer_id)
    )
    lots = {lot.id: lot for lot in rows}
    for lot_id in sorted(wanted - set(lots)):
        raise LotNotFound(lot_id=lot_id)
    return lots


def _product_of(session: Session, producer_id: int, new: NewLot) -> tuple[int | None, int | None]:
    """The product a lot is of and its shelf life in days; refuses somebody else's."""
    if new.package_id is not None:
        query = select(Product.id, Product.shelf_life_days, Product.producer_id).join(
            Package, Package.product_id == Product.id
        )
        row = session.execute(query.where(Package.id == new.package_id)).one_or_none()
        name = "package_id"
    elif new.product_id is not None:
        query = select(Product.id, Product.shelf_life_days, Product.producer_id)
        row = session.execute(query.where(Product.id == new.product_id)).one_or_none()
        name = "product_id"
    else:
        return None, None
    if row is None or row.producer_id != producer_id:
        raise InvalidFields({name: "unknown"})
    if new.product_id is not None and new.product_id != row.id:
        raise InvalidFields({"product_id": "unknown"})
    return row.id, row.shelf_life_days


def _check_lot(new: NewLot, product_id: int | None, material: str | None, *, on: date) -> None:
    number = (new.number or "").strip()
    made, last = new.produced_on, new.expires_on
    mistakes = {
        "material": "missing" if product_id is None and material is None else "",
        "quantity": "not_positive" if new.quantity <= 0 else "",
        "unit": _unit_mistake(new),
        "number": "not_a_lot_number" if number and not is_lot_number(number) else "",
        "produced_on": "in_future" if made is not None and made > on else "",
        "expires_on": "before_produced_on" if last and made and last < made else "",
        "expiry_kind": "" if new.expiry_kind in (None, *EXPIRY_KINDS) else "unknown",
        "link": "not_an_address" if new.link and _safe_link(new.link) is None else "",
    }
    found = {name: code for name, code in mistakes.items() if code}
    if found:
        raise InvalidFields(found)


def _unit_mistake(new: NewLot) -> str:
    if not new.unit.strip():
        return "missing"
    return "packages_are_counted" if new.package_id is not None and new.unit != PIECE else ""


def _safe_link(link: str | None) -> str | None:
    """A diary's own page for the lot, when it is a plain web address."""
    text = (link or "").strip()
    if len(text) <= 400 and text.startswith(("https://", "http://")) and " " not in text:
        return text
    return None


def _item_key(package_id: int | None, product_id: int | None, material: str | None) -> str:
    if package_id is not None:
        return f"package:{package_id}"
    if product_id is not None:
        return f"product:{product_id}"
    return f"material:{fold(material or '')}"


def _last_day(produced_on: date | None, shelf_life_days: int | None) -> date | None:
    if produced_on is None or shelf_life_days is None:
        return None
    return last_day(produced_on, shelf_life_days)


def _facts(new: NewEvent, lots: dict[int, Lot], on: date) -> EventFacts:
    from core.clock import vietnam_date

    def portion(flow: Flow, role: str) -> Portion:
        package = lots[flow.lot_id].package
        content = None if package is None else package.net_content * package.count
        inner = None if package is None else package.unit
        return Portion(flow.lot_id, role, flow.quantity, flow.unit, content, inner)

    return EventFacts(
        kind=new.kind,
        on=vietnam_date(new.happened_at),
        today=on,
        party=new.party or "",
        portions=(
            *(portion(flow, "input") for flow in new.inputs),
            *(portion(flow, "output") for flow in new.outputs),
        ),
        corrects=new.corrects_id is not None,
    )


def _check_correction(session: Session, producer_id: int, corrects_id: int | None) -> None:
    if corrects_id is None:
        return
    corrected = session.get(LotEvent, corrects_id)
    if corrected is None or corrected.producer_id != producer_id:
        raise EventNotFound(event_id=corrects_id)
    if session.scalar(select(LotEvent.id).where(LotEvent.corrects_id == corrects_id)) is not None:
        raise AlreadyCorrected(event_id=corrects_id)


def _overdrawn(session: Session, new: NewEvent, lots: dict[int, Lot]) -> list[EventProblem]:
    """A warning for each lot of which more is gone now than was ever made."""
    if new.kind == "recall":
        return []
    used = used_of(session, [flow.lot_id for flow in new.inputs])
    return [
        EventProblem(
            "more_used_than_made",
            "input",
            {"lot_id": flow.lot_id, "number": lots[flow.lot_id].number},
            is_warning=True,
        )
        for flow in new.inputs
        if overdrawn(lots[flow.lot_id].quantity, used.get(flow.lot_id, Decimal(0)))
    ]


def _listed(flows: Sequence[Flow]) -> list[list[Any]]:
    return [[flow.lot_id, str(flow.quantity), flow.unit] for flow in flows]
