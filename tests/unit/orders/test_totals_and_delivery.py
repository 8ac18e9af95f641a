from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from core.money import Money
from orders.rules.cod import cod_problem
from orders.rules.delivery import (
    BANDS,
    ORDER_CAP,
    arrival_days,
    package_weight_g,
    parcel_fee,
    quote_delivery,
)
from orders.rules.splitting import PricedLine, split_by_producer
from orders.rules.totals import order_total
from tests.rows import each_row


def line(package_id: int = 1, producer_id: int = 1, quantity: int = 1, **values: int) -> PricedLine:
    return PricedLine(
        package_id=package_id,
        producer_id=producer_id,
        quantity=quantity,
        unit_price=Money(values.get("price", 85_000), "VND"),
        vat_rate_bp=values.get("vat", 800),
        weight_g=values.get("weight", 600),
    )


LINES = st.lists(
    st.builds(
        line,
        package_id=st.integers(1, 500),
        producer_id=st.integers(1, 6),
        quantity=st.integers(1, 20),
        price=st.integers(0, 5_000_000),
        vat=st.sampled_from([0, 500, 800, 1000]),
        weight=st.integers(1, 2_000),
    ),
    max_size=20,
    unique_by=lambda made: made.package_id,
)


@given(LINES)
def test_parcels_add_up_to_the_order(lines: list[PricedLine]) -> None:
    total = order_total(lines, "VN")
    assert sum(parcel.goods.amount for parcel in total.parcels) == total.goods.amount
    assert sum(parcel.shipping.amount for parcel in total.parcels) == total.shipping.amount
    assert sum(parcel.total.amount for parcel in total.parcels) == total.total.amount
    assert total.goods.amount == sum(made.unit_price.amount * made.quantity for made in lines)
    assert total.shipping <= ORDER_CAP
    assert Money(0, "VND") <= total.vat <= total.goods


@given(LINES)
def test_splitting_loses_and_doubles_nothing(lines: list[PricedLine]) -> None:
    parcels = split_by_producer(lines)
    assert sorted(made.package_id for parcel in parcels for made in parcel.lines) == sorted(
        made.package_id for made in lines
    )
    assert [parcel.producer_id for parcel in parcels] == sorted(
        {made.producer_id for made in lines}
    )


@each_row(
    ("price", "rate", "vat"),
    [(108_000, 800, 8_000), (85_000, 800, 6_296), (110, 1000, 10), (7, 1000, 1), (5, 800, 0)],
)
def test_tax_is_taken_out_of_a_line_and_rounded_half_up(price: int, rate: int, vat: int) -> None:
    assert order_total([line(price=price, vat=rate)], "VN").vat.amount == vat


def test_tax_is_rounded_per_line_and_then_added() -> None:
    lines = [line(package_id=number, price=85_000) for number in range(1, 4)]
    assert order_total(lines, "VN").vat.amount == 3 * 6_296


def test_two_producers_are_two_parcels() -> None:
    total = order_total([line(1, 1), line(2, 2)], "VN")
    assert [parcel.shipping.amount for parcel in total.parcels] == [27_000, 27_000]


def test_many_producers_share_the_capped_delivery_without_losing_a_dong() -> None:
    total = order_total([line(number, number, weight=1_500) for number in range(1, 8)], "VN")
    assert total.shipping == ORDER_CAP
    shares = [parcel.shipping.amount for parcel in total.parcels]
    assert sum(shares) == ORDER_CAP.amount
    assert max(shares) - min(shares) <= 1


@each_row(
    ("grams", "price"),
    [(1, 22_000), (500, 22_000), (501, 27_000), (30_000, 150_000), (30_001, None)],
)
def test_a_parcel_costs_by_its_weight(grams: int, price: int | None) -> None:
    fee = parcel_fee(grams)
    assert (fee.amount if fee else None) == price


def test_heavier_never_costs_less() -> None:
    assert [weight for weight, _ in BANDS] == sorted(weight for weight, _ in BANDS)
    assert [price for _, price in BANDS] == sorted(price for _, price in BANDS)


@each_row(
    ("gross", "content", "unit", "count", "grams"),
    [
        (650, "500", "ml", 1, 650),
        (None, "500", "ml", 1, 600),
        (None, "1.5", "kg", 1, 1_800),
        (None, "70", "ml", 6, 504),
        (None, "1", "piece", 3, 1_500),
        (None, "0.4", "mg", 1, 1),
    ],
)
def test_a_package_weighs_what_was_entered_or_can_be_reckoned(
    gross: int | None, content: str, unit: str, count: int, grams: int
) -> None:
    assert package_weight_g(gross, Decimal(content), unit, count) == grams


def test_a_parcel_too_heavy_is_named() -> None:
    assert [problem.code for problem in quote_delivery([600, 31_000], "VN").problems] == [
        "too_heavy"
    ]


def test_abroad_is_not_yet_possible_and_says_so() -> None:
    quote = quote_delivery([600], "JP")
    assert [problem.code for problem in quote.problems] == ["country"]


@each_row(
    ("amount", "currency", "country", "open_orders", "problem"),
    [
        (5_000_000, "VND", "VN", 0, None),
        (5_000_001, "VND", "VN", 0, "amount"),
        (100, "USD", "VN", 0, "currency"),
        (100, "VND", "JP", 0, "country"),
        (100, "VND", "VN", 2, None),
        (100, "VND", "VN", 3, "open_orders"),
    ],
)
def test_cash_has_limits(
    amount: int, currency: str, country: str, open_orders: int, problem: str | None
) -> None:
    assert cod_problem(Money(amount, currency), country, open_orders) == problem


@each_row(
    ("on", "ready_after", "closed_to", "first", "last"),
    [
        (date(2026, 3, 2), None, None, date(2026, 3, 4), date(2026, 3, 9)),  # a Monday
        (date(2026, 3, 6), 0, None, date(2026, 3, 10), date(2026, 3, 13)),  # a Friday
        (date(2026, 3, 7), 0, None, date(2026, 3, 10), date(2026, 3, 13)),  # a Saturday
        (date(2026, 3, 2), 3, None, date(2026, 3, 9), date(2026, 3, 12)),
        (date(2026, 3, 2), 1, date(2026, 3, 8), date(2026, 3, 12), date(2026, 3, 17)),
        (date(2026, 3, 2), None, date(2026, 2, 8), date(2026, 3, 4), date(2026, 3, 9)),
    ],
)
def test_a_parcel_travels_two_to_five_working_days(
    on: date, ready_after: int | None, closed_to: date | None, first: date, last: date
) -> None:
    assert arrival_days(on, ready_after, closed_to) == (first, last)
