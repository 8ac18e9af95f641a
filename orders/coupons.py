"""Coupons in use: finding a code, counting its uses so that the limit is never passed, giving uses back.

The coupon's row is locked after items and stock, so no two orders wait for each other in a circle.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from orders.errors import CartChanged
from orders.models import Coupon, CouponPackage, CouponUse
from orders.rules.coupons import CouponFacts, Discount

_coupon: Any = Coupon.__table__
_use: Any = CouponUse.__table__


def find_coupon(session: Session, code: str) -> CouponFacts | None:
    """The coupon of that code with its goods, or None. One statement."""
    rows = session.execute(
        select(Coupon, CouponPackage.package_id)
        .outerjoin(CouponPackage, CouponPackage.coupon_id == Coupon.id)
        .where(Coupon.code == code)
        .execution_options(populate_existing=True)
    ).all()
    if not rows:
        return None
    coupon: Coupon = rows[0][0]
    goods: list[int | None] = [row[1] for row in rows]
    return CouponFacts(
        id=coupon.id,
        code=coupon.code,
        kind=coupon.kind,
        value=coupon.value,
        currency=coupon.currency,
        starts_at=coupon.starts_at,
        ends_at=coupon.ends_at,
        uses_left=coupon.most_uses - coupon.used,
        active=coupon.active,
        package_ids=frozenset(package_id for package_id in goods if package_id is not None),
    )


def use(session: Session, discount: Discount, order_id: int, *, now: datetime) -> None:
    """Count one use for an order; raises CartChanged when the code has just run out or ended."""
    counted = session.scalar(
        update(_coupon)
        .where(
            _coupon.c.id == discount.coupon_id,
            _coupon.c.active.is_(True),
            _coupon.c.used < _coupon.c.most_uses,
            _coupon.c.starts_at <= now,
            _coupon.c.ends_at > now,
        )
        .values(used=_coupon.c.used + 1)
        .returning(_coupon.c.id)
    )
    if counted is None:
        raise CartChanged
    session.add(
        CouponUse(
            order_id=order_id,
            coupon_id=discount.coupon_id,
            code=discount.code,
            amount_minor=discount.total.amount,
            currency=discount.total.currency,
        )
    )
    session.flush()


def give_uses_back(session: Session, order_ids: Collection[int], *, now: datetime) -> int:
    """Orders that were given up count no more, each once; returns how many uses came back."""
    given = session.scalars(
        update(_use)
        .where(_use.c.order_id.in_(sorted(order_ids)), _use.c.given_back_at.is_(None))
        .values(given_back_at=now)
        .returning(_use.c.coupon_id)
    ).all()
    for coupon_id in sorted(set(given)):
        session.execute(
            update(_coupon)
            .where(_coupon.c.id == coupon_id)
            .values(used=_coupon.c.used - given.count(coupon_id))
        )
    return len(given)
