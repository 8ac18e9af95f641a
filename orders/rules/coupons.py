"""What a coupon takes off a basket: whether it holds, how much, and each line's share of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.money import Money, sum_money

WHOLE = 10_000
MOST_PERCENT_BP = 9_000
SHORTEST_CODE, LONGEST_CODE = 4, 24
_CODE = re.compile(rf"[A-Z0-9]{{{SHORTEST_CODE},{LONGEST_CODE}}}")


@dataclass(frozen=True, slots=True)
class CouponFacts:
    """A coupon as stored; `value` is basis points of a percentage or minor units of an amount."""

    id: int
    code: str
    kind: str
    value: int
    currency: str
    starts_at: datetime
    ends_at: datetime
    uses_left: int
    active: bool
    package_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class Discount:
    """What a coupon does to a basket: shares by package, all of them zero when `problem` says why.

    Problems: unknown, not_begun, ended, used_up, other_goods, other_money.
    """

    code: str
    coupon_id: int
    total: Money
    shares: Mapping[int, Money]
    problem: str = ""


def tidy_code(text: str) -> str | None:
    """The code as it is stored (capitals and digits, blanks and hyphens left out), None for what is none."""
    code = re.sub(r"[\s\-]", "", text).upper()
    return code if _CODE.fullmatch(code) else None


def coupon_problem(coupon: CouponFacts | None, now: datetime) -> str:
    """Why a code cannot be used at that moment; "" when it can. The first moment counts, the last not."""
    if coupon is None or not coupon.active:
        return "unknown"
    if now < coupon.starts_at:
        return "not_begun"
    if now >= coupon.ends_at:
        return "ended"
    return "used_up" if coupon.uses_left <= 0 else ""


def discount(
    code: str,
    coupon: CouponFacts | None,
    lines: Mapping[int, Money],
    *,
    currency: str,
    now: datetime,
) -> Discount:
    """What the code takes off `lines` (what each package's line costs), shared by largest remainder.

    A percentage is rounded half up over all lines together, so the shares always add up to what the
    buyer was told; an amount never takes off more than the goods cost.
    """
    nothing = Money.zero(currency)
    problem = coupon_problem(coupon, now)
    if coupon is None or problem:
        return Discount(code, 0, nothing, {}, problem)
    if coupon.currency != currency:
        return Discount(code, coupon.id, nothing, {}, "other_money")
    fitting = {
        package: gross
        for package, gross in sorted(lines.items())
        if package in coupon.package_ids and gross.amount > 0
    }
    if not fitting:
        return Discount(code, coupon.id, nothing, {}, "other_goods")
    goods = sum_money(list(fitting.values()), currency)
    off = _off(coupon, goods)
    shares = off.allocate([gross.amount for gross in fitting.values()])
    return Discount(code, coupon.id, off, dict(zip(fitting, shares, strict=True)))


def _off(coupon: CouponFacts, goods: Money) -> Money:
    if coupon.kind == "percent":
        return Money((2 * goods.amount * coupon.value + WHOLE) // (2 * WHOLE), goods.currency)
    return Money(min(coupon.value, goods.amount), goods.currency)


def value_mistake(kind: str, value: int) -> str | None:
    """What is wrong with a coupon's value: not_positive, too_much; None when nothing is."""
    if value <= 0:
        return "not_positive"
    return "too_much" if kind == "percent" and value > MOST_PERCENT_BP else None
