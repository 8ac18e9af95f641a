"""What buyers see of livestream sessions: the list, and one session before, during and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Producer
from catalog.rules.fallback import Text
from core.money import Money
from i18n.locales import DEFAULT, FALLBACKS
from orders.errors import LiveNotFound
from orders.models import Coupon, LiveItem, LiveSession, LiveText
from orders.offers import Offer, load_offers
from orders.rules.live import standing

MOST_SHOWN = 60
RUNNING, COMING, PAST = "live", "checked", "ended"


@dataclass(frozen=True, slots=True)
class LiveCard:
    """A session in a list; `standing` is what it truly is at the moment asked (`orders.rules.live`)."""

    id: int
    slug: str
    title: Text
    summary: Text | None
    producer_name: str
    producer_slug: str
    host_name: str
    host_role: str
    host_checked_at: datetime | None
    starts_at: datetime
    ends_at: datetime
    standing: str
    links: Mapping[str, str]
    replay_url: str | None
    is_illustrative: bool

    @property
    def is_over(self) -> bool:
        """Whether it has ended, with a replay or without."""
        return self.standing in ("ended", "replay_kept")


@dataclass(frozen=True, slots=True)
class LiveGoods:
    """A package of a session: its offer as the cart knows it, its locked price, what was set aside."""

    offer: Offer
    locked: Money
    set_aside: int
    is_running: bool

    @property
    def left(self) -> int:
        """How many are left at the locked price; before the start all that is set aside."""
        if not self.is_running:
            return self.set_aside
        return 0 if self.offer.live is None else self.offer.live.left

    @property
    def price(self) -> Money:
        """What one costs in the cart at this moment."""
        return self.offer.price_of(1).unit


@dataclass(frozen=True, slots=True)
class LiveCoupon:
    """A code as it is told to buyers."""

    code: str
    kind: str
    value: int
    currency: str
    uses_left: int


@dataclass(frozen=True, slots=True)
class LivePage:
    """One session with its goods, and its code while it works."""

    card: LiveCard
    goods: tuple[LiveGoods, ...]
    coupon: LiveCoupon | None


def list_live(
    session: Session, *, locale: str, now: datetime, producer_id: int | None = None
) -> list[LiveCard]:
    """Announced sessions: those that run, then those to come by their start, then past ones. One statement."""
    query = select(LiveSession).where(
        LiveSession.checked_at.is_not(None), LiveSession.state.not_in(("planned", "cancelled"))
    )
    if producer_id is not None:
        query = query.where(LiveSession.producer_id == producer_id)
    newest = query.order_by(LiveSession.starts_at.desc()).limit(MOST_SHOWN).subquery()
    found = _cards(session, LiveSession.id.in_(select(newest.c.id)), locale, now)
    rank = {RUNNING: 0, COMING: 1}
    return sorted(
        found,
        key=lambda card: (
            rank.get(card.standing, 2),
            card.starts_at.timestamp() * (-1 if card.is_over else 1),
        ),
    )


def list_live_addresses(session: Session) -> list[tuple[str, datetime | None]]:
    """Paths (without language) and last changes of the sessions in `list_live`. One statement."""
    rows = session.execute(
        select(LiveSession.slug, LiveSession.changed_at)
        .where(
            LiveSession.checked_at.is_not(None),
            LiveSession.state.not_in(("planned", "cancelled")),
        )
        .order_by(LiveSession.id)
    )
    return [(f"/live/{slug}", changed) for slug, changed in rows]


def get_live_page(session: Session, slug: str, *, locale: str, on: date, now: datetime) -> LivePage:
    """An announced session with its goods; raises LiveNotFound for one never announced. Five statements."""
    cards = _cards(session, LiveSession.slug == slug, locale, now)
    if not cards:
        raise LiveNotFound(slug=slug)
    card = cards[0]
    rows = session.execute(
        select(LiveItem, Coupon)
        .outerjoin(Coupon, Coupon.live_session_id == LiveItem.session_id)
        .where(LiveItem.session_id == card.id)
        .order_by(LiveItem.id)
        .execution_options(populate_existing=True)
    ).all()
    items = [row[0] for row in rows]
    offers = load_offers(
        session, [item.package_id for item in items], locale=locale, on=on, now=now
    )
    goods = tuple(
        LiveGoods(
            offer=offers[item.package_id],
            locked=Money(item.price_minor, item.currency),
            set_aside=item.quantity,
            is_running=card.standing == RUNNING,
        )
        for item in items
        if item.package_id in offers
    )
    coupon = rows[0][1] if rows and card.standing == RUNNING else None
    return LivePage(card, goods, _coupon(coupon, now))


def _coupon(stored: Coupon | None, now: datetime) -> LiveCoupon | None:
    """The code as buyers see it, while it works."""
    if stored is None or not stored.active or not stored.starts_at <= now < stored.ends_at:
        return None
    left = stored.most_uses - stored.used
    if left <= 0:
        return None
    return LiveCoupon(stored.code, stored.kind, stored.value, stored.currency, left)


def _cards(session: Session, which: Any, locale: str, now: datetime) -> list[LiveCard]:
    """The sessions with their texts in the language or the next one that has them."""
    tags = FALLBACKS[locale]
    rows = session.execute(
        select(LiveSession, Producer.name, Producer.slug, LiveText)
        .join(Producer, Producer.id == LiveSession.producer_id)
        .outerjoin(LiveText, (LiveText.session_id == LiveSession.id) & LiveText.locale.in_(tags))
        .where(which, LiveSession.checked_at.is_not(None))
        .execution_options(populate_existing=True)
    ).all()
    texts: dict[int, list[LiveText]] = {}
    for live, _name, _slug, text in rows:
        if text is not None:
            texts.setdefault(live.id, []).append(text)
    once = {row[0].id: row for row in rows}
    return [
        _card(live, name, slug, _text(live, texts.get(live.id, ()), tags), now)
        for live, name, slug, _text_row in once.values()
    ]


def _text(
    live: LiveSession, texts: Sequence[LiveText], tags: Sequence[str]
) -> tuple[Text, Text | None]:
    by_locale = {text.locale: (text.title, text.summary) for text in texts}
    by_locale[DEFAULT] = (live.title, live.summary)
    tag = next(tag for tag in tags if tag in by_locale)
    title, summary = by_locale[tag]
    return Text(title, tag), None if summary is None else Text(summary, tag)


def _card(
    live: LiveSession, name: str, slug: str, texts: tuple[Text, Text | None], now: datetime
) -> LiveCard:
    return LiveCard(
        id=live.id,
        slug=live.slug,
        title=texts[0],
        summary=texts[1],
        producer_name=name,
        producer_slug=slug,
        host_name=live.host_name,
        host_role=live.host_role,
        host_checked_at=live.host_checked_at,
        starts_at=live.starts_at,
        ends_at=live.ends_at if live.over_at is None else min(live.ends_at, live.over_at),
        standing=standing(live.state, live.starts_at, live.ends_at, now),
        links=live.links,
        replay_url=live.replay_url,
        is_illustrative=live.is_illustrative,
    )
