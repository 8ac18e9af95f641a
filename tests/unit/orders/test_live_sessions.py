"""A session sells by the clock, starts only with complete papers, and its code takes off what it says."""

from datetime import UTC, date, datetime, timedelta

from catalog.regulation.files import rules_of_files
from catalog.rules.price_in_shop import LivePrice, shop_price
from catalog.rules.pricing import OfferFacts, Tier
from catalog.rules.publication import Problem
from core.actor import Role
from core.money import Money
from orders.rules import live
from orders.rules.coupons import CouponFacts, coupon_problem, discount, tidy_code
from orders.rules.live import ItemFacts, LiveState, SessionFacts, link_problem, live_problems
from tests.rows import each_row

RULES = rules_of_files()
STARTS = datetime(2026, 12, 1, 13, 0, tzinfo=UTC)
ENDS = STARTS + timedelta(hours=1)
BEFORE = STARTS - timedelta(days=1)
DAY = date(2026, 12, 1)


def vnd(amount: int) -> Money:
    return Money(amount, "VND")


def item(**values: object) -> ItemFacts:
    facts: dict[str, object] = {
        "package_id": 1, "name": "Mật ong", "is_published": True, "problems": (),
        "subgroup_code": "F04", "abv": None, "ad_number": None, "stars_ended": False,
        "price": vnd(90_000), "retail": vnd(120_000), "quantity": 5, "left": 9,
        "is_elsewhere": False, **values,
    }  # fmt: skip
    return ItemFacts(**facts)  # type: ignore[arg-type]


def reasons(*items: ItemFacts, host: bool = True, links: int = 1, **values: bool) -> list[str]:
    facts = SessionFacts(host, links, STARTS, ENDS, (DAY,), items)
    return [problem.code for problem in live_problems(facts, RULES, BEFORE, **values)]


@each_row("state", ["checked", "live"])
def test_a_session_sells_from_its_first_moment_until_its_last_whatever_was_written_down(
    state: str,
) -> None:
    second = timedelta(seconds=1)
    assert live.standing(state, STARTS, ENDS, STARTS - second) == "checked"
    assert live.standing(state, STARTS, ENDS, STARTS) == "live"
    assert live.standing(state, STARTS, ENDS, ENDS - second) == "live"
    assert live.standing(state, STARTS, ENDS, ENDS) == "ended"


@each_row("state", ["planned", "cancelled", "ended", "replay_kept"])
def test_no_clock_makes_an_unchecked_or_ended_session_sell(state: str) -> None:
    assert live.standing(state, STARTS, ENDS, STARTS) == state


def test_only_the_office_finds_papers_complete_and_only_the_clock_starts() -> None:
    assert live.sources_of("check", frozenset({Role.PRODUCER})) == {}
    assert live.sources_of("check", frozenset({Role.OFFICE})) == {"planned": "checked"}
    assert live.sources_of("start", frozenset({Role.OFFICE, Role.PRODUCER})) == {}
    assert live.sources_of("cancel", frozenset({Role.PRODUCER})) == {
        "planned": "cancelled",
        "checked": "cancelled",
    }


def test_every_step_leads_from_a_state_to_a_state() -> None:
    states = {str(state) for state in LiveState}
    assert {state for state, _ in live.STEPS} | {step.to for step in live.STEPS.values()} == states


def test_a_session_with_everything_in_order_may_start() -> None:
    assert reasons(item()) == []


def test_every_reason_is_told_at_once() -> None:
    bad = item(
        is_published=False, problems=(Problem("food_safety_expired", "food_safety"),),
        stars_ended=True, price=vnd(130_000), is_elsewhere=True, left=4, subgroup_code="H01",
    )  # fmt: skip
    assert reasons(bad, host=False, links=0) == [
        "host_unchecked", "no_link", "not_published", "publication", "stars_ended",
        "confirmation_missing", "price_above_retail", "elsewhere", "too_few",
    ]  # fmt: skip
    assert reasons() == ["no_products"]


def test_functional_food_needs_a_confirmed_advertisement_and_honey_does_not() -> None:
    assert reasons(item(subgroup_code="H01")) == ["confirmation_missing"]
    assert reasons(item(subgroup_code="H01", ad_number="12/2026/XNQC")) == []


def test_spirits_of_unknown_or_high_strength_are_not_shown_and_the_law_is_marked_unverified() -> (
    None
):
    for strength in (None, 15.0, 29.5):
        assert reasons(item(subgroup_code="D01", abv=strength)) == ["not_advertised"]
    assert reasons(item(subgroup_code="D02", abv=14.9)) == []
    facts = SessionFacts(True, 1, STARTS, ENDS, (DAY,), (item(subgroup_code="D01"),))
    assert not live_problems(facts, RULES, BEFORE)[0].is_confirmed


def test_goods_set_aside_already_are_not_asked_of_the_shelf_again() -> None:
    assert reasons(item(left=0), holds_stock=True) == []


@each_row(
    ("platform", "address", "problem"),
    [
        ("facebook", "https://www.facebook.com/x/videos/1", None),
        ("facebook", "https://evil.example/facebook.com", "other_host"),
        ("facebook", "https://facebook.com.evil.example/x", "other_host"),
        ("youtube", "http://youtube.com/live/1", "not_https"),
        ("other", "javascript:alert(1)", "not_https"),
        ("other", "https://name@live.example/x", "not_https"),
        ("other", "https://live.example/\u00a0x y", "not_https"),
        ("zalo", "https://zalo.me/" + "x" * 300, "too_long"),
    ],
)
def test_a_link_is_a_plain_https_address_of_its_platform(
    platform: str, address: str, problem: str | None
) -> None:
    assert link_problem(platform, address) == problem


def test_a_recording_is_kept_three_years_from_the_law_on_and_nobody_guesses_before() -> None:
    last = live.recording_kept_until(RULES, date(2028, 2, 29))
    assert last is not None
    assert last[0] == date(2031, 3, 1)
    assert live.recording_kept_until(RULES, date(2026, 6, 30)) is None


LIST = OfferFacts(7, 1, date(2026, 1, 1), None, "VND", True, (Tier(10, 80_000),), list_id=3)


def test_the_locked_price_holds_for_as_many_as_are_left_and_the_list_when_it_is_cheaper() -> None:
    def price(quantity: int, left: int) -> tuple[int, int]:
        found = shop_price(
            vnd(120_000), [LIST], package_id=1, quantity=quantity, on=DAY, vat_rate_bp=800,
            live=LivePrice(5, vnd(90_000), left),
        )  # fmt: skip
        return found.unit.amount, found.live_item_id

    assert price(1, 3) == (90_000, 5)
    assert price(3, 3) == (90_000, 5)
    assert price(4, 3) == (120_000, 0)
    assert price(10, 30) == (80_000, 0)
    assert price(1, 0) == (120_000, 0)


def test_who_wants_more_than_are_left_is_told_how_many_cost_less() -> None:
    found = shop_price(
        vnd(120_000), [], package_id=1, quantity=5, on=DAY, vat_rate_bp=800,
        live=LivePrice(5, vnd(90_000), 3),
    )  # fmt: skip
    assert [(step.quantity, step.unit.amount) for step in found.cheaper] == [(3, 90_000)]


def coupon(**values: object) -> CouponFacts:
    facts: dict[str, object] = {
        "id": 1, "code": "ONG10", "kind": "percent", "value": 1_000, "currency": "VND",
        "starts_at": STARTS, "ends_at": ENDS, "uses_left": 2, "active": True,
        "package_ids": frozenset({1, 2, 3}), **values,
    }  # fmt: skip
    return CouponFacts(**facts)  # type: ignore[arg-type]


@each_row(
    ("kind", "value", "lines", "shares"),
    [
        ("percent", 1_000, {1: 100_000, 2: 50_000}, {1: 10_000, 2: 5_000}),
        ("percent", 333, {1: 1, 2: 1, 3: 1}, {1: 0, 2: 0, 3: 0}),
        ("percent", 5_000, {1: 1, 2: 1, 3: 1}, {1: 1, 2: 1, 3: 0}),
        ("amount", 10, {1: 33, 2: 33, 3: 34}, {1: 3, 2: 3, 3: 4}),
        ("amount", 100_000, {1: 30_000, 9: 500_000}, {1: 30_000}),
    ],
)
def test_shares_of_a_coupon_add_up_to_what_it_takes_off(
    kind: str, value: int, lines: dict[int, int], shares: dict[int, int]
) -> None:
    priced = {package: vnd(amount) for package, amount in lines.items()}
    found = discount("ONG10", coupon(kind=kind, value=value), priced, currency="VND", now=STARTS)
    assert {package: share.amount for package, share in found.shares.items()} == shares
    assert sum(share.amount for share in found.shares.values()) == found.total.amount


@each_row(
    ("values", "now", "problem"),
    [
        ({}, STARTS, ""),
        ({}, ENDS - timedelta(seconds=1), ""),
        ({}, STARTS - timedelta(seconds=1), "not_begun"),
        ({}, ENDS, "ended"),
        ({"uses_left": 0}, STARTS, "used_up"),
        ({"active": False}, STARTS, "unknown"),
    ],
)
def test_a_code_works_for_its_time_and_uses_only(
    values: dict[str, object], now: datetime, problem: str
) -> None:
    assert coupon_problem(coupon(**values), now) == problem


def test_a_code_for_other_goods_takes_nothing_off() -> None:
    found = discount("ONG10", coupon(), {9: vnd(10_000)}, currency="VND", now=STARTS)
    assert (found.problem, found.total.amount) == ("other_goods", 0)


def test_a_code_is_read_as_people_type_it() -> None:
    assert tidy_code(" ong-1 0 ") == "ONG10"
    assert tidy_code("ÔNG10") is None
    assert tidy_code("x") is None
