"""Checking a session's papers, setting its goods aside, starting and ending it by the clock, keeping the replay.

Locks are always taken in the order: session, its items, stock by package id, coupon.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from catalog.errors import InvalidFields
from catalog.models import Certificate, Package, Product
from catalog.queries.office import load_publication_facts
from catalog.regulation.loading import load_rules
from catalog.rules.certification import CertificateFacts, is_verifiable, star_claim
from catalog.rules.publication import Problem, PublicationFacts, publication_problems
from catalog.rules.regulation import RuleSet
from core import audit
from core.actor import Actor
from core.clock import vietnam_date
from core.moments import note_turning_points
from core.money import Money
from core.people.permissions import require
from orders import stock
from orders.errors import LiveRefused, NoSuchStep
from orders.live import moving
from orders.models import Coupon, CouponPackage, LiveItem, LiveSession
from orders.rules.live import (
    SELLING,
    ItemFacts,
    LiveProblem,
    SessionFacts,
    link_problem,
    live_problems,
    recording_kept_until,
)


def check_host(session: Session, live_id: int, *, actor: Actor, now: datetime) -> LiveSession:
    """An officer has seen who the host is; only that, when and by whom is kept. Raises NotAllowed."""
    require(actor, "live.check")
    live = moving.lock(session, live_id)
    live.host_checked_at, live.host_checked_by = now, actor.name
    live.version += 1
    audit.record(session, actor, "live.host_checked", subject=f"live:{live_id}", now=now)
    moving.note(session, live, "check_host", live.state, actor=actor, now=now, before=live.state)
    return live


def session_problems(
    session: Session, live: LiveSession, *, now: datetime, holds_stock: bool = False
) -> list[LiveProblem]:
    """Every reason at once why the session may not be announced or started, judged for its days."""
    session.flush()
    days = _days(live)
    rules = load_rules(session)
    facts = SessionFacts(
        host_is_checked=live.host_checked_at is not None,
        links=len(live.links),
        starts_at=live.starts_at,
        ends_at=live.ends_at,
        on=days,
        items=_load_items(session, live, days, rules),
    )
    return live_problems(facts, rules, now, holds_stock=holds_stock)


def check(session: Session, live_id: int, *, actor: Actor, now: datetime) -> None:
    """Find the papers complete: the session is announced, its goods are set aside, its code will work.

    Raises LiveRefused with every reason, NotAllowed, NoSuchStep, InsufficientStock when somebody bought
    the pieces at this very moment.
    """
    require(actor, "live.check")
    live = moving.lock(session, live_id)
    if live.state != "planned":
        raise NoSuchStep(axis="live", event="check", state=live.state)
    problems = session_problems(session, live, now=now)
    if problems:
        raise LiveRefused(problems)
    moving.apply(session, live, "check", actor=actor, now=now)
    live.checked_at = now
    items = session.scalars(
        select(LiveItem).where(LiveItem.session_id == live_id).order_by(LiveItem.id)
    ).all()
    for item in items:
        # What orders took before a refusal stays counted: they may still give it back.
        item.set_aside, item.is_open = item.taken + item.quantity, True
    session.flush()
    stock.reserve(session, {item.package_id: item.quantity for item in items})
    _open_coupon(session, live, [item.package_id for item in items])
    note_turning_points(session, live.starts_at, live.ends_at)
    audit.record(session, actor, "live.checked", subject=f"live:{live_id}", now=now)


def reopen(session: Session, live_id: int, *, actor: Actor, now: datetime) -> None:
    """Back to planning before the start: the goods go back to the shelf, the papers are checked anew."""
    live = _own(session, live_id, actor)
    if live.starts_at <= now:
        raise NoSuchStep(axis="live", event="reopen", state="live")
    moving.apply(session, live, "reopen", actor=actor, now=now)
    _close(session, live, now=now)


def cancel(session: Session, live_id: int, *, reason: str, actor: Actor, now: datetime) -> None:
    """Call the session off; the office may stop one that runs. What was set aside goes back."""
    live = _own(session, live_id, actor)
    moving.apply(session, live, "cancel", actor=actor, now=now, reason=reason or None)
    live.over_at = now
    _close(session, live, now=now)


def end_now(session: Session, live_id: int, *, actor: Actor, now: datetime) -> None:
    """The host has finished before the planned end: prices end at this moment."""
    live = _own(session, live_id, actor)
    if (
        live.state == "checked" and live.starts_at <= now
    ):  # the worker has not noticed the start yet
        moving.apply(session, live, "start", actor=Actor.system("clock"), now=now)
    moving.apply(session, live, "end", actor=actor, now=now)
    live.over_at = now
    _close(session, live, now=now)


def due(session: Session, *, now: datetime) -> list[int]:
    """The sessions whose start or end has passed and that still stand as before."""
    is_late = (LiveSession.ends_at <= now) | (
        (LiveSession.state == "checked") & (LiveSession.starts_at <= now)
    )
    return list(
        session.scalars(
            select(LiveSession.id)
            .where(LiveSession.state.in_(sorted(SELLING)), is_late)
            .order_by(LiveSession.id)
        )
    )


def follow_clock(session: Session, live_id: int, *, now: datetime) -> str:
    """Write down what the clock has done to a session; done twice it changes nothing. Returns its state.

    At its start the papers are judged once more: if one no longer holds, the session goes back to
    planning and everything set aside back to the shelf. The end gives back what is left.
    """
    system = Actor.system("clock")
    live = moving.lock(session, live_id)
    if live.state not in SELLING:
        return live.state
    if live.ends_at <= now:
        moving.apply(session, live, "end", actor=system, now=now)
        live.over_at = live.ends_at
        _close(session, live, now=now)
    elif live.state == "checked" and live.starts_at <= now:
        problems = session_problems(session, live, now=now, holds_stock=True)
        if problems:
            codes = ", ".join(sorted({problem.code for problem in problems}))
            moving.apply(session, live, "refuse", actor=system, now=now, reason=codes)
            _close(session, live, now=now)
        else:
            moving.apply(session, live, "start", actor=system, now=now)
    session.flush()
    return live.state


def keep_replay(
    session: Session, live_id: int, *, replay_url: str, place: str, reference: str, actor: Actor,
    now: datetime,
) -> LiveSession:  # fmt: skip
    """Where to watch it again, where the recording lies, and until when the law wants it kept.

    `reference` is a SHA-256 of the file or the platform's number of the recording. Raises InvalidFields
    (missing, not_https, too_long), NoSuchStep before the end, NotAllowed.
    """
    live = _own(session, live_id, actor)
    mistakes = {
        name: "missing"
        for name, value in (("place", place), ("reference", reference))
        if not value.strip()
    }
    problem = link_problem("other", replay_url) if replay_url else None
    if problem is not None:
        mistakes["replay_url"] = problem
    if mistakes:
        raise InvalidFields(mistakes)
    moving.apply(session, live, "keep_replay", actor=actor, now=now)
    live.replay_url = replay_url or None
    live.recording_place, live.recording_ref = place.strip(), reference.strip()
    kept = recording_kept_until(load_rules(session), vietnam_date(live.over_at or live.ends_at))
    live.recording_kept_until, live.recording_rule = kept or (None, None)
    session.flush()
    return live


def _own(session: Session, live_id: int, actor: Actor) -> LiveSession:
    live = moving.lock(session, live_id)
    require(actor, "live.manage", producer_id=live.producer_id)
    return live


def _days(live: LiveSession) -> tuple[date, ...]:
    """The days in Vietnam that the session touches: one, or two around midnight."""
    return tuple(dict.fromkeys((vietnam_date(live.starts_at), vietnam_date(live.ends_at))))


def _close(session: Session, live: LiveSession, *, now: datetime) -> None:
    """End what the session holds, once: its goods go back to the shelf, its code stops."""
    session.flush()
    closed = session.execute(
        update(LiveItem)
        .where(LiveItem.session_id == live.id, LiveItem.is_open.is_(True))
        .values(is_open=False)
        .returning(LiveItem.package_id, (LiveItem.set_aside - LiveItem.taken).label("left"))
    ).all()
    stock.give_back(session, stock.summed((row.package_id, row.left) for row in closed))
    coupon = session.scalar(select(Coupon).where(Coupon.live_session_id == live.id))
    if coupon is None:
        return
    if live.state == "ended" and coupon.starts_at < now:
        coupon.ends_at = min(coupon.ends_at, now)
    else:
        coupon.active = False
    session.flush()


def _open_coupon(session: Session, live: LiveSession, package_ids: Sequence[int]) -> None:
    coupon = session.scalar(select(Coupon).where(Coupon.live_session_id == live.id))
    if coupon is None:
        return
    coupon.active, coupon.starts_at, coupon.ends_at = True, live.starts_at, live.ends_at
    known = set(
        session.scalars(
            select(CouponPackage.package_id).where(CouponPackage.coupon_id == coupon.id)
        )
    )
    session.execute(
        delete(CouponPackage).where(
            CouponPackage.coupon_id == coupon.id, CouponPackage.package_id.not_in(package_ids)
        )
    )
    fresh = [number for number in package_ids if number not in known]
    if fresh:
        session.execute(
            insert(CouponPackage),
            [{"coupon_id": coupon.id, "package_id": number} for number in fresh],
        )


def _load_items(
    session: Session, live: LiveSession, days: tuple[date, ...], rules: RuleSet
) -> tuple[ItemFacts, ...]:
    rows = session.execute(
        select(LiveItem, Package, Product)
        .join(Package, Package.id == LiveItem.package_id)
        .join(Product, Product.id == Package.product_id)
        .where(LiveItem.session_id == live.id)
        .order_by(LiveItem.id)
        .execution_options(populate_existing=True)
    ).all()
    product_ids = sorted({product.id for _, _, product in rows})
    facts = load_publication_facts(session, product_ids, rules=rules)
    ended = _stars_ended(session, product_ids, days)
    packages = [package.id for _, package, _ in rows]
    left = stock.available(session, packages)
    elsewhere = _elsewhere(session, live, packages)
    return tuple(
        ItemFacts(
            package_id=package.id,
            name=product.name,
            is_published=product.state == "published" and package.active,
            problems=_publication(facts[product.id], days),
            subgroup_code=product.subgroup_code,
            abv=None if package.abv is None else float(package.abv),
            ad_number=item.ad_number,
            stars_ended=product.id in ended,
            price=Money(item.price_minor, item.currency),
            retail=Money(package.price_minor, package.currency),
            quantity=item.quantity,
            left=left.get(package.id),
            is_elsewhere=package.id in elsewhere,
        )
        for item, package, product in rows
    )


def _publication(facts: PublicationFacts, days: tuple[date, ...]) -> tuple[Problem, ...]:
    """What the publication rule has against the product on any of the days, each reason once."""
    found: dict[tuple[str, str], Problem] = {}
    for day in days:
        for problem in publication_problems(facts, day):
            found.setdefault((problem.code, str(problem.facts.get("sku", ""))), problem)
    return tuple(found.values())


def _stars_ended(
    session: Session, product_ids: Sequence[int], days: tuple[date, ...]
) -> frozenset[int]:
    """Products with a decision on stars of which none speaks on one of the days."""
    by_product: dict[int, list[CertificateFacts]] = defaultdict(list)
    for row in session.scalars(
        select(Certificate).where(
            Certificate.product_id.in_(product_ids), Certificate.decision_number.is_not(None)
        )
    ):
        decision = CertificateFacts(
            row.id, row.stars, row.decision_number, row.issued_on, row.issuer, row.valid_to,
            row.revoked_on,
        )  # fmt: skip
        if is_verifiable(decision):
            by_product[row.product_id].append(decision)
    return frozenset(
        product_id
        for product_id, decisions in by_product.items()
        if any(star_claim(decisions, day) is None for day in days)
    )


def _elsewhere(session: Session, live: LiveSession, package_ids: Sequence[int]) -> set[int]:
    """Packages that another session sells at the same time: one package has one live price."""
    return set(
        session.scalars(
            select(LiveItem.package_id)
            .join(LiveSession, LiveSession.id == LiveItem.session_id)
            .where(
                LiveItem.package_id.in_(package_ids),
                LiveItem.is_open.is_(True),
                LiveSession.id != live.id,
                LiveSession.starts_at < live.ends_at,
                LiveSession.ends_at > live.starts_at,
            )
        )
    )
