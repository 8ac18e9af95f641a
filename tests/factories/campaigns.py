"""Events with booths, collections and articles for tests, as the office and producers would make them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from catalog.models import Article, Collection, Product
from catalog.programme import articles, collections, events, joining
from core.actor import Actor
from tests.factories.catalog import NOW

OFFICE = Actor.system("test")


@dataclass(frozen=True)
class Fair:
    """An announced event with one booth and its exhibitor."""

    event: int
    slug: str
    booth: int
    code: str
    participation: int


def make_fair(
    session: Session,
    product: Product,
    *,
    on: date,
    starts_in: int = 5,
    now: datetime = NOW,
    **values: Any,
) -> Fair:
    """A fair of three days that begins in so many days; the product's maker shows it at booth A1."""
    first = on + timedelta(days=max(starts_in, 1))
    facts = {
        "name": "Hội chợ OCOP Đất Mũi",
        "description": "Ba ngày giới thiệu đặc sản.",
        "kind": "fair",
        "organiser": "Sở Nông nghiệp và Môi trường Cà Mau",
        "province_code": "96",
        "commune": "Đất Mũi",
        "starts_on": first,
        "ends_on": first + timedelta(days=2),
        **values,
    }
    event = events.create_event(session, facts, actor=OFFICE, now=now)
    events.move_event(session, event.id, "announce", actor=OFFICE, now=now)
    booth = events.add_booth(session, event.id, "A1", actor=OFFICE, now=now)
    row = joining.sign_up(session, event.id, product.producer_id, actor=OFFICE, on=on, now=now)
    events.accept(session, row.id, booth_id=booth.id, actor=OFFICE, now=now)
    joining.show_products(session, row.id, [product.id], actor=OFFICE, now=now)
    if starts_in < 1:
        days = {
            "starts_on": on + timedelta(days=starts_in),
            "ends_on": on + timedelta(days=starts_in + 2),
        }
        events.update_event(session, event.id, days, actor=OFFICE, now=now)
    return Fair(event.id, event.slug, booth.id, booth.code, row.id)


def make_collection(
    session: Session, *slugs: str, now: datetime = NOW, **values: Any
) -> Collection:
    """A published collection of these products, current all year."""
    facts = {"name": "Quà quê ngày Tết", "description": "Chọn từ những nhà làm lâu năm.", **values}
    row = collections.create_collection(session, facts, actor=OFFICE, now=now)
    collections.choose_products(session, row.id, slugs, actor=OFFICE, now=now)
    return collections.move_collection(session, row.id, "publish", actor=OFFICE, now=now)


def make_article(session: Session, *, on: date, now: datetime = NOW, **values: Any) -> Article:
    """Published news of that day."""
    facts = {
        "kind": "news",
        "name": "Chợ quê mở cửa",
        "summary": "Từ tháng này, mỗi tuần một phiên.",
        "body": "Mỗi tuần **một phiên**.\n\n# Ở đâu\n\n- Đất Mũi\n- Năm Căn",
        **values,
    }
    row = articles.create_article(session, facts, actor=OFFICE, now=now)
    return articles.move_article(session, row.id, "publish", actor=OFFICE, on=on, now=now)
