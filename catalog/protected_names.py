"""Recording protected names and granting producers the licence to use them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.errors import AlreadyRecorded, InvalidFields, LedgerEntryNotFound, ProducerNotFound
from catalog.models import Licence, Producer, Product, ProtectedName
from catalog.reference.protected_names import CHECKED_ON, KNOWN
from catalog.rules.marks import RIGHTS
from core import audit
from core.actor import Actor
from core.facts import announce
from core.people.permissions import require
from i18n.text import nfc


def record_protected_name(
    session: Session,
    *,
    kind: str,
    number: str,
    name: str,
    goods: Mapping[str, str],
    actor: Actor,
    on: date,
    now: datetime,
    province_code: str | None = None,
    holder: str | None = None,
    decision_number: str | None = None,
    registered_on: date | None = None,
    valid_to: date | None = None,
    source: str | None = None,
    checked_on: date | None = None,
) -> ProtectedName:
    """Enter a registered right under its kind and number; raises InvalidFields, AlreadyRecorded, Forbidden.

    `goods` has at least the Vietnamese ("vi") words for what it is registered for.
    """
    require(actor, "right.keep")
    number, name = nfc("".join(number.split())), nfc(" ".join(name.split()))
    goods = {tag: nfc(" ".join(text.split())) for tag, text in goods.items() if text.strip()}
    needed = {"number": number, "name": name, "goods": goods.get("vi")}
    mistakes = {field: "missing" for field, value in needed.items() if not value}
    if kind not in RIGHTS:
        mistakes["kind"] = "unknown_kind"
    if registered_on is not None and registered_on > on:
        mistakes["registered_on"] = "in_future"
    if registered_on is not None and valid_to is not None and valid_to < registered_on:
        mistakes["valid_to"] = "before_issued_on"
    if mistakes:
        raise InvalidFields(mistakes)
    if _find(session, kind, number) is not None:
        raise AlreadyRecorded(kind=kind, number=number)
    right = ProtectedName(
        kind=kind,
        number=number,
        name=name,
        goods=goods,
        province_code=province_code,
        holder=holder,
        decision_number=decision_number,
        registered_on=registered_on,
        valid_to=valid_to,
        source=source,
        checked_on=checked_on or on,
        created_at=now,
    )
    session.add(right)
    session.flush()
    subject = f"right:{right.id}"
    audit.record(session, actor, "right.record", subject=subject, now=now, kind=kind, number=number)
    announce(session, "right.recorded", right_id=right.id)
    return right


def load_known_names(session: Session, *, actor: Actor, on: date, now: datetime) -> int:
    """Enter the rights whose number was verified, unless they are there; returns how many were new."""
    new = [known for known in KNOWN if _find(session, known.kind, known.number) is None]
    for known in new:
        record_protected_name(
            session,
            kind=known.kind,
            number=known.number,
            name=known.name,
            goods=known.goods,
            province_code=known.province_code,
            holder=known.holder,
            decision_number=known.decision_number,
            registered_on=known.registered_on,
            source=known.source,
            checked_on=CHECKED_ON,
            actor=actor,
            on=on,
            now=now,
        )
    return len(new)


def grant_licence(
    session: Session,
    protected_name_id: int,
    producer_id: int,
    *,
    number: str,
    issued_on: date,
    valid_to: date | None,
    issuer: str | None,
    product_ids: Collection[int],
    actor: Actor,
    on: date,
    now: datetime,
    evidence: str | None = None,
    is_illustrative: bool = False,
) -> Licence:
    """Let a producer use a protected name for those of its products that meet the specification.

    Raises LedgerEntryNotFound, ProducerNotFound, InvalidFields, AlreadyRecorded, Forbidden.
    """
    require(actor, "right.keep")
    right = find_right(session, protected_name_id)
    if session.get(Producer, producer_id) is None:
        raise ProducerNotFound(producer_id=producer_id)
    number = nfc(" ".join(number.split()))
    products = session.scalars(
        select(Product).where(
            Product.id.in_(sorted(product_ids)), Product.producer_id == producer_id
        )
    ).all()
    mistakes: dict[str, str] = {}
    if not number:
        mistakes["number"] = "missing"
    if issued_on > on:
        mistakes["issued_on"] = "in_future"
    if valid_to is not None and valid_to < issued_on:
        mistakes["valid_to"] = "before_issued_on"
    if not product_ids:
        mistakes["product_ids"] = "missing"
    elif len(products) != len(set(product_ids)):
        mistakes["product_ids"] = "not_of_this_producer"
    if mistakes:
        raise InvalidFields(mistakes)
    same = select(Licence.id).where(
        Licence.protected_name_id == protected_name_id,
        Licence.producer_id == producer_id,
        Licence.number == number,
    )
    if session.scalar(same) is not None:
        raise AlreadyRecorded(kind="licence", number=number)
    licence = Licence(
        protected_name_id=protected_name_id,
        producer_id=producer_id,
        number=number,
        issuer=issuer or right.holder,
        issued_on=issued_on,
        valid_to=valid_to,
        evidence=evidence,
        is_illustrative=is_illustrative,
        created_at=now,
        products=list(products),
    )
    session.add(licence)
    session.flush()
    audit.record(
        session,
        actor,
        "licence.grant",
        subject=f"licence:{licence.id}",
        now=now,
        right=f"{right.kind} {right.number}",
        producer_id=producer_id,
        product_ids=sorted(product_ids),
        number=number,
    )
    announce(session, "licence.granted", licence_id=licence.id, producer_id=producer_id)
    return licence


def find_right(session: Session, right_id: int) -> ProtectedName:
    """The protected name; raises LedgerEntryNotFound."""
    right = session.get(ProtectedName, right_id)
    if right is None:
        raise LedgerEntryNotFound(subject="right", subject_id=right_id)
    return right


def _find(session: Session, kind: str, number: str) -> ProtectedName | None:
    return session.scalar(
        select(ProtectedName).where(ProtectedName.kind == kind, ProtectedName.number == number)
    )
