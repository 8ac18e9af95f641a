"""Keeping price lists: whose, for whom, in which money, and whether they are in force."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.announcing import announce_once, touch
from catalog.errors import CodeTaken, InvalidFields, ListInForce, PriceListNotFound
from catalog.models import Offer, Package, PriceList, Product
from catalog.models.price_list import LIST_KINDS
from catalog.price_list_retail import apply_retail_prices
from catalog.producers import find_producer
from catalog.rules.pricing import day_before
from core import audit
from core.actor import Actor
from core.money import EXPONENTS
from core.people.permissions import require


def create_price_list(
    session: Session,
    producer_id: int,
    code: str,
    *,
    name: str,
    kind: str,
    currency: str = "VND",
    tax_inclusive: bool = True,
    partner_code: str | None = None,
    active: bool = True,
    actor: Actor,
    now: datetime,
) -> PriceList:
    """Open a list of a producer, in force or (not `active`) as a draft.

    A retail list is for everybody and with tax, for the shop shows no other price. Raises
    InvalidFields, CodeTaken, ListInForce for a second list for the same buyers, ProducerNotFound,
    Forbidden.
    """
    find_producer(session, producer_id)
    require(actor, "package.edit", producer_id=producer_id)
    mistakes = _list_mistakes(code, name, kind, currency)
    if kind == "retail" and partner_code is not None:
        mistakes["kind"] = "retail_is_for_everybody"
    if kind == "retail" and not tax_inclusive:
        mistakes["tax_inclusive"] = "retail_includes_tax"
    if mistakes:
        raise InvalidFields(mistakes)
    if session.scalar(select(PriceList.id).where(PriceList.code == code)) is not None:
        raise CodeTaken(field="code", value=code)
    opened = PriceList(
        code=code,
        producer_id=producer_id,
        name=name,
        kind=kind,
        currency=currency,
        tax_inclusive=tax_inclusive,
        partner_code=partner_code,
        active=False,
        created_at=now,
    )
    if active:
        _refuse_second(session, opened)
        opened.active = True
    session.add(opened)
    session.flush()
    subject = f"price_list:{opened.id}"
    audit.record(session, actor, "price_list.create", subject=subject, now=now, code=code)
    return opened


def _list_mistakes(code: str, name: str, kind: str, currency: str) -> dict[str, str]:
    mistakes = {}
    if kind not in LIST_KINDS:
        mistakes["kind"] = "unknown_kind"
    if currency not in EXPONENTS:
        mistakes["currency"] = "unknown_currency"
    if not name.strip():
        mistakes["name"] = "missing"
    if not code.strip():
        mistakes["code"] = "missing"
    return mistakes


def list_in_force(
    session: Session,
    producer_id: int,
    *,
    kind: str,
    currency: str = "VND",
    partner_code: str | None = None,
) -> PriceList | None:
    """The producer's list in force for those buyers (None: everybody) in that currency, if there is one."""
    return session.scalar(
        select(PriceList)
        .where(
            PriceList.producer_id == producer_id,
            PriceList.kind == kind,
            PriceList.currency == currency,
            PriceList.partner_code.is_(None)
            if partner_code is None
            else PriceList.partner_code == partner_code,
            PriceList.active.is_(True),
        )
        .order_by(PriceList.id.desc())
        .limit(1)
    )


def _refuse_second(session: Session, listed: PriceList) -> None:
    """Two lists in force for the same buyers would make a price a matter of luck."""
    other = list_in_force(
        session,
        listed.producer_id,
        kind=listed.kind,
        currency=listed.currency,
        partner_code=listed.partner_code,
    )
    if other is not None and other is not listed:
        raise ListInForce(code=other.code, price_list_id=other.id)


def put_list_in_force(
    session: Session,
    price_list_id: int,
    *,
    instead: bool = False,
    actor: Actor,
    on: date,
    now: datetime,
) -> PriceList:
    """Let a draft hold from now on; with `instead` the list in force for the same buyers stops.

    The offers of the old list end the day before, so its history stays readable. Prices of a retail
    list that have begun become the prices of their packages. Raises PriceListNotFound, ListInForce,
    Forbidden.
    """
    listed = find_price_list(session, price_list_id)
    require(actor, "package.edit", producer_id=listed.producer_id)
    if listed.active:
        return listed
    if instead:
        other = list_in_force(
            session,
            listed.producer_id,
            kind=listed.kind,
            currency=listed.currency,
            partner_code=listed.partner_code,
        )
        if other is not None:
            stop_list(session, other.id, actor=actor, on=on, now=now)
    _refuse_second(session, listed)
    listed.active = True
    session.flush()
    _tell_of(session, listed, "price_list.in_force", actor, now)
    if listed.kind == "retail":
        apply_retail_prices(session, on=on, actor=actor, now=now, price_list_id=listed.id)
    return listed


def stop_list(
    session: Session, price_list_id: int, *, actor: Actor, on: date, now: datetime
) -> PriceList:
    """Take a list out of force: its running offers end the day before. Raises PriceListNotFound, Forbidden."""
    listed = find_price_list(session, price_list_id)
    require(actor, "package.edit", producer_id=listed.producer_id)
    if not listed.active:
        return listed
    for offer in listed.offers:
        if offer.valid_from < on and (offer.valid_to is None or offer.valid_to >= on):
            offer.valid_to, offer.version = day_before(on), offer.version + 1
    listed.active = False
    session.flush()
    _tell_of(session, listed, "price_list.stop", actor, now)
    apply_retail_prices(session, on=on, actor=actor, now=now, price_list_id=listed.id)
    return listed


def _tell_of(session: Session, listed: PriceList, action: str, actor: Actor, now: datetime) -> None:
    """Note it in the journal, and announce every product of the list as changed."""
    subject = f"price_list:{listed.id}"
    audit.record(session, actor, action, subject=subject, now=now, code=listed.code)
    of_list = select(Package.product_id).join(Offer).where(Offer.price_list_id == listed.id)
    for product in session.scalars(select(Product).where(Product.id.in_(of_list))):
        touch(product, now)
        announce_once(session, "product.changed", product_id=product.id)


def find_price_list(session: Session, price_list_id: int) -> PriceList:
    """The list; raises PriceListNotFound."""
    listed = session.get(PriceList, price_list_id)
    if listed is None:
        raise PriceListNotFound(price_list_id=price_list_id)
    return listed


def wholesale_list(
    session: Session, producer_id: int, *, name: str, actor: Actor, now: datetime
) -> PriceList:
    """The producer's list for everybody who buys much, in đồng with tax; opened when there is none."""
    found = list_in_force(session, producer_id, kind="wholesale")
    if found is not None:
        return found
    return create_price_list(
        session,
        producer_id,
        free_code(session, f"wholesale-{producer_id}"),
        name=name,
        kind="wholesale",
        actor=actor,
        now=now,
    )


def free_code(session: Session, wanted: str) -> str:
    """The code, or the next numbered one that no list has yet."""
    taken = set(session.scalars(select(PriceList.code).where(PriceList.code.startswith(wanted))))
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return next(code for code in (wanted, *numbered) if code not in taken)
