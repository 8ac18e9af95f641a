"""Planning a session: what it is called, who speaks, when and where, which goods, which coupon, its texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from catalog.errors import InvalidFields, StaleVersion
from catalog.models import Package, Product
from core.actor import Actor
from core.people.permissions import require
from i18n.locales import DEFAULT, LOCALES
from i18n.text import slugify
from orders.errors import NoSuchStep, PackageNotFound
from orders.live import moving
from orders.models import Coupon, LiveItem, LiveSession, LiveText, OrderLine
from orders.rules.coupons import tidy_code, value_mistake
from orders.rules.live import HOST_ROLES, LONGEST_HOURS, PLATFORMS, link_problem

MOST_ITEMS = 30
_HOURS = timedelta(hours=LONGEST_HOURS)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a producer says of a session; links by platform."""

    title: str
    summary: str
    host_name: str
    host_role: str
    starts_at: datetime
    ends_at: datetime
    links: Mapping[str, str]


def plan_mistakes(plan: Plan, now: datetime) -> dict[str, str]:
    """Field → code: missing, unknown_kind, in_past, before_start, too_long, not_https, other_host."""
    mistakes = {}
    for name in ("title", "host_name"):
        if not getattr(plan, name).strip():
            mistakes[name] = "missing"
    if plan.host_role not in HOST_ROLES:
        mistakes["host_role"] = "unknown_kind"
    if plan.starts_at <= now:
        mistakes["starts_at"] = "in_past"
    if plan.ends_at <= plan.starts_at:
        mistakes["ends_at"] = "before_start"
    elif plan.ends_at - plan.starts_at > _HOURS:
        mistakes["ends_at"] = "too_long"
    for platform, address in plan.links.items():
        problem = "unknown_kind" if platform not in PLATFORMS else link_problem(platform, address)
        if problem is not None:
            mistakes[platform] = problem
    return mistakes


def plan_session(
    session: Session, producer_id: int, plan: Plan, *, actor: Actor, now: datetime,
    is_illustrative: bool = False,
) -> LiveSession:  # fmt: skip
    """A new session, to be checked by the office; raises NotAllowed, InvalidFields."""
    require(actor, "live.manage", producer_id=producer_id)
    _refuse(plan_mistakes(plan, now))
    live = LiveSession(
        producer_id=producer_id,
        slug=_free_slug(session, plan),
        created_at=now,
        is_illustrative=is_illustrative,
        **_columns(plan, now),
    )
    session.add(live)
    session.flush()
    moving.note(session, live, "plan", live.state, actor=actor, now=now, before=None)
    return live


def change_session(
    session: Session, live_id: int, plan: Plan, *, seen_version: int, actor: Actor, now: datetime
) -> LiveSession:
    """Change what is planned; another host has to be checked anew.

    Raises LiveNotFound, NotAllowed, InvalidFields, StaleVersion, NoSuchStep once it is checked.
    """
    live = _to_change(session, live_id, actor)
    if live.version != seen_version:
        raise StaleVersion(subject=f"live:{live_id}", seen=seen_version, current=live.version)
    _refuse(plan_mistakes(plan, now))
    if live.host_name != plan.host_name.strip():
        live.host_checked_at = live.host_checked_by = None
    for name, value in _columns(plan, now).items():
        setattr(live, name, value)
    live.version += 1
    _fit_coupon_times(session, live)
    moving.note(session, live, "change", live.state, actor=actor, now=now, before=live.state)
    return live


def write_text(
    session: Session, live_id: int, locale: str, title: str, summary: str, *, actor: Actor,
    now: datetime,
) -> None:  # fmt: skip
    """Title and summary in another language; an empty title takes them away. Raises InvalidFields."""
    live = moving.lock(session, live_id)
    require(actor, "live.manage", producer_id=live.producer_id)
    if locale not in LOCALES or locale == DEFAULT:
        raise InvalidFields({"locale": "unknown_kind"})
    text = session.get(LiveText, (live_id, locale))
    if not title.strip():
        if text is not None:
            session.delete(text)
    elif text is None:
        session.add(
            LiveText(
                session_id=live_id, locale=locale, title=title.strip(),
                summary=summary.strip() or None,
            )
        )  # fmt: skip
    else:
        text.title, text.summary = title.strip(), summary.strip() or None
    moving.note(session, live, "translate", live.state, actor=actor, now=now, before=live.state)


@dataclass(frozen=True, slots=True)
class ItemPlan:
    """A package in a session: price in minor units, pieces to set aside, confirmed advertisement."""

    package_id: int
    price_minor: int
    quantity: int
    ad_number: str | None = None
    ad_issued_on: date | None = None


def put_item(
    session: Session, live_id: int, item: ItemPlan, *, actor: Actor, now: datetime
) -> LiveItem:
    """Put a package into the session or change it there.

    Raises PackageNotFound (also for another producer's), InvalidFields, NoSuchStep, NotAllowed.
    """
    live = _to_change(session, live_id, actor)
    found = session.execute(
        select(Package.price_minor, Package.currency)
        .join(Product)
        .where(Package.id == item.package_id, Product.producer_id == live.producer_id)
    ).one_or_none()
    if found is None:
        raise PackageNotFound(package_id=item.package_id)
    _refuse(_item_mistakes(item, found.price_minor))
    row = session.scalar(
        select(LiveItem).where(
            LiveItem.session_id == live_id, LiveItem.package_id == item.package_id
        )
    )
    if row is None:
        row = LiveItem(session_id=live_id, package_id=item.package_id)
        session.add(row)
    row.price_minor, row.currency = item.price_minor, found.currency
    row.quantity = item.quantity
    row.ad_number = (item.ad_number or "").strip() or None
    row.ad_issued_on = item.ad_issued_on if row.ad_number else None
    moving.note(session, live, "change", live.state, actor=actor, now=now, before=live.state)
    return row


def remove_item(
    session: Session, live_id: int, package_id: int, *, actor: Actor, now: datetime
) -> None:
    """Take a package out of a planned session; one that is not in it is left alone.

    Raises NoSuchStep for what a buyer has ordered from the session already.
    """
    live = _to_change(session, live_id, actor)
    row = session.scalar(
        select(LiveItem).where(LiveItem.session_id == live_id, LiveItem.package_id == package_id)
    )
    if row is not None:
        if session.scalar(select(OrderLine.id).where(OrderLine.live_item_id == row.id).limit(1)):
            raise NoSuchStep(axis="live", event="remove", state="sold")
        session.delete(row)
        moving.note(session, live, "change", live.state, actor=actor, now=now, before=live.state)


@dataclass(frozen=True, slots=True)
class CouponPlan:
    """A code for the session's goods: percent (basis points) or amount (minor units), and its uses."""

    code: str
    kind: str
    value: int
    most_uses: int


def set_coupon(
    session: Session, live_id: int, coupon: CouponPlan | None, *, actor: Actor, now: datetime
) -> None:
    """Give the session a code, change it, or take it away (None); it works once the session is checked.

    Raises InvalidFields: code missing, bad_code or taken, value not_positive or too_much, most_uses
    not_positive; NoSuchStep, NotAllowed.
    """
    live = _to_change(session, live_id, actor)
    row = session.scalar(select(Coupon).where(Coupon.live_session_id == live_id))
    if coupon is None:
        if row is not None and row.used == 0:
            session.delete(row)
        moving.note(session, live, "change", live.state, actor=actor, now=now, before=live.state)
        return
    code = _checked_code(session, coupon, row)
    if row is None:
        row = Coupon(live_session_id=live_id, producer_id=live.producer_id, created_at=now)
        session.add(row)
    row.code, row.kind, row.value, row.currency = code, coupon.kind, coupon.value, "VND"
    row.most_uses, row.active = coupon.most_uses, False
    row.starts_at, row.ends_at = live.starts_at, live.ends_at
    try:
        with session.begin_nested():
            session.flush()
    except IntegrityError:  # the same code was taken at this very moment
        raise InvalidFields({"code": "taken"}) from None
    moving.note(session, live, "change", live.state, actor=actor, now=now, before=live.state)


def _checked_code(session: Session, coupon: CouponPlan, row: Coupon | None) -> str:
    mistakes = {}
    code = tidy_code(coupon.code)
    if code is None:
        mistakes["code"] = "bad_code" if coupon.code.strip() else "missing"
    else:
        other = session.scalar(select(Coupon.id).where(Coupon.code == code))
        if other is not None and (row is None or other != row.id):
            mistakes["code"] = "taken"
    problem = value_mistake(coupon.kind, coupon.value)
    if problem is not None:
        mistakes["value"] = problem
    if coupon.most_uses < max(1, 0 if row is None else row.used):
        mistakes["most_uses"] = "not_positive"
    _refuse(mistakes)
    return code or ""


def _item_mistakes(item: ItemPlan, retail_minor: int) -> dict[str, str]:
    mistakes = {}
    if item.price_minor <= 0:
        mistakes["price"] = "not_positive"
    elif item.price_minor > retail_minor:
        mistakes["price"] = "above_retail"
    if item.quantity <= 0:
        mistakes["quantity"] = "not_positive"
    return mistakes


def _to_change(session: Session, live_id: int, actor: Actor) -> LiveSession:
    live = moving.lock(session, live_id)
    require(actor, "live.manage", producer_id=live.producer_id)
    if live.state != "planned":
        raise NoSuchStep(axis="live", event="change", state=live.state)
    return live


def _columns(plan: Plan, now: datetime) -> dict[str, object]:
    return {
        "title": plan.title.strip(),
        "summary": plan.summary.strip() or None,
        "host_name": plan.host_name.strip(),
        "host_role": plan.host_role,
        "starts_at": plan.starts_at,
        "ends_at": plan.ends_at,
        "links": dict(plan.links),
        "changed_at": now,
    }


def _fit_coupon_times(session: Session, live: LiveSession) -> None:
    coupon = session.scalar(select(Coupon).where(Coupon.live_session_id == live.id))
    if coupon is not None:
        coupon.starts_at, coupon.ends_at = live.starts_at, live.ends_at


def _free_slug(session: Session, plan: Plan) -> str:
    base = (slugify(plan.title) or "live")[:80].strip("-")
    taken = set(session.scalars(select(LiveSession.slug).where(LiveSession.slug.startswith(base))))
    number = 1
    while (slug := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return slug


def _refuse(mistakes: dict[str, str]) -> None:
    if mistakes:
        raise InvalidFields(mistakes)
