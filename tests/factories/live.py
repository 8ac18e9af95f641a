"""Livestream sessions for tests: planned, and with their papers checked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from catalog.models import Package, Product
from orders.live import checking, planning
from orders.live.planning import CouponPlan, ItemPlan, Plan
from orders.models import LiveSession
from tests.factories.orders import NOW, OFFICE, TESTER

STARTS = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)
"""8 in the evening of the day of ``NOW``, in Vietnam."""
ENDS = STARTS + timedelta(hours=1)
DURING = STARTS + timedelta(minutes=5)
LINKS = {"facebook": "https://www.facebook.com/htxrungngapman/videos/1"}


def make_plan(**values: Any) -> Plan:
    """One evening hour with a host of the producer."""
    return Plan(
        **{
            "title": "Mật ong rừng U Minh",
            "summary": "Xem tổ ong và nếm mật.",
            "host_name": "Trần Thị Mơ",
            "host_role": "producer",
            "starts_at": STARTS,
            "ends_at": ENDS,
            "links": LINKS,
            **values,
        }
    )


def make_session(
    session: Session, *items: tuple[Package, int, int], coupon: CouponPlan | None = None,
    **values: Any,
) -> LiveSession:  # fmt: skip
    """A planned session of the first package's producer with (package, price, pieces); the host is checked."""
    product = session.get_one(Product, items[0][0].product_id)
    live = planning.plan_session(
        session, product.producer_id, make_plan(**values), actor=TESTER, now=NOW
    )
    for package, price, pieces in items:
        item = ItemPlan(package.id, price, pieces)
        planning.put_item(session, live.id, item, actor=TESTER, now=NOW)
    if coupon is not None:
        planning.set_coupon(session, live.id, coupon, actor=TESTER, now=NOW)
    checking.check_host(session, live.id, actor=OFFICE, now=NOW)
    return live


def make_checked(
    session: Session, *items: tuple[Package, int, int], coupon: CouponPlan | None = None,
    **values: Any,
) -> LiveSession:  # fmt: skip
    """The same with its papers found complete and its goods set aside."""
    live = make_session(session, *items, coupon=coupon, **values)
    checking.check(session, live.id, actor=OFFICE, now=NOW)
    return live
