"""Every count of every facet is what choosing the value shows, on one table and on one that was followed."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest

from catalog.queries.facets.table import Count, Good, Table
from catalog.rules.facets import ALL_OF, BANDS, FACETS, PRICE_BANDS, price_band
from core.bits import numbers_of

PLACES = ("96", "86", "01")
ALLERGENS = ("FIS", "CRU", "MIL", "PEA")
MARKETS = ("JP", "AU", "EU")
SCHEMES = ("vietgap", "halal", "gi")


def a_good(chance: random.Random, product_id: int) -> Good:
    place = chance.choice(PLACES)
    return Good(
        product_id=product_id,
        package_id=product_id + 1_000,
        province=place,
        commune=chance.choice(["", f"{place}.dat-mui", f"{place}.tan-thanh"]),
        subgroup=chance.choice(["F09", "F07", "C01", ""]),
        stars=chance.choice([0, 0, 3, 4, 5]),
        certificates=tuple(s for s in SCHEMES if chance.random() < 0.3),
        free_from=tuple(a for a in ALLERGENS if chance.random() < 0.5),
        in_season=chance.random() < 0.3,
        price=chance.choice([20_000, 60_000, 150_000, 2_000_000]),
        published=chance.randint(1, 50),
        maker=chance.choice(["cooperative", "household", ""]),
        producer=f"maker-{chance.randint(1, 6)}",
        ships_to=tuple(m for m in MARKETS if chance.random() < 0.4),
        abroad=chance.choice(["", "", "EUR:990", "JPY:380", "EUR:1900,JPY:1480", "JPY:12000"]),
    )


def values(table: Table, good: Good, facet: str, stock: Iterable[int]) -> set[str]:
    """The values a product stands under, without a table."""
    match facet:
        case "province" | "commune" | "subgroup" | "maker" | "producer":
            return {getattr(good, facet)} - {""}
        case "group":
            return {good.subgroup[:1]} - {""}
        case "stars":
            return {str(good.stars)} - {"0"}
        case "certificate":
            return {*good.certificates}
        case "price":
            yen = good.price_in("JPY") if table.currency == "JPY" else None
            return {price_band(good.price) if yen is None else price_band(yen, "JPY")}
        case "stock":
            return {"in"} if good.package_id in stock else set()
        case "season":
            return {"now"} if good.in_season else set()
    return {*getattr(good, facet)}


def passes(table: Table, good: Good, facet: str, wanted: set[str], stock: Iterable[int]) -> bool:
    own = values(table, good, facet, stock)
    return wanted <= own if facet in ALL_OF else bool(wanted & own)


def shown(
    table: Table, goods: Iterable[Good], chosen: dict[str, set[str]], stock: Iterable[int]
) -> set[int]:
    return {
        good.product_id
        for good in goods
        if all(
            passes(table, good, facet, wanted, stock) for facet, wanted in chosen.items() if wanted
        )
    }


OFFERED = {
    "province": PLACES,
    "commune": ("96.dat-mui", "86.tan-thanh"),
    "group": "FC",
    "subgroup": ("F09", "C01"),
    "stars": "345",
    "certificate": SCHEMES,
    "price": (*PRICE_BANDS, *BANDS["JPY"]),
    "stock": ("in",),
    "ships_to": MARKETS,
    "free_from": ALLERGENS,
    "season": ("now",),
    "maker": ("cooperative", "household"),
    "producer": ("maker-1", "maker-2"),
}


def check(table: Table, goods: list[Good], stock: frozenset[int], chance: random.Random) -> int:
    chosen = {
        facet: set(chance.sample(OFFERED[facet], chance.randint(1, min(2, len(OFFERED[facet])))))
        for facet in chance.sample(FACETS, chance.randint(0, 4))
    }
    counted = table.count(chosen, stock)
    found = {table.good(row).product_id for row in numbers_of(counted.rows)}
    assert found == shown(table, goods, chosen, stock), chosen
    looked = 0
    for facet, counts in counted.facets.items():
        for one in counts:
            more = {one.value} | (chosen.get(facet, set()) if facet in ALL_OF else set())
            assert one.count == len(shown(table, goods, {**chosen, facet: more}, stock)), (
                one,
                chosen,
            )
            assert one.selected == (one.value in chosen.get(facet, ()))
            looked += 1
        assert {one.value for one in counts} >= chosen.get(facet, set())
    return looked


@pytest.mark.parametrize("seed", range(4))
def test_a_count_is_what_choosing_the_value_shows(seed: int) -> None:
    chance = random.Random(seed)
    goods = [a_good(chance, number) for number in range(1, 120)]
    stock = frozenset(good.package_id for good in goods if chance.random() < 0.6)
    table = Table.build(goods)

    assert sum(check(table, goods, stock, chance) for _ in range(15)) > 60
    assert sum(check(table.shown_in("JPY"), goods, stock, chance) for _ in range(15)) > 60


@pytest.mark.parametrize("seed", range(4))
def test_a_table_that_followed_changes_is_one_built_anew(seed: int) -> None:
    chance = random.Random(100 + seed)
    kept = {number: a_good(chance, number) for number in range(1, 60)}
    table = Table.build(list(kept.values()))
    for _ in range(20):
        touched = chance.sample(range(1, 90), chance.randint(1, 6))
        table.count({"producer": ("maker-1",)})  # what is worked out must not outlive the state
        for number in touched:
            kept.pop(number, None)
            if chance.random() < 0.7:
                kept[number] = a_good(chance, number)
        table = table.changed(touched, [kept[n] for n in touched if n in kept], {})
        goods = list(kept.values())
        stock = frozenset(good.package_id for good in goods if chance.random() < 0.5)
        check(table, goods, stock, chance)
        check(table.shown_in("JPY"), goods, stock, chance)
        for sort in ("newest", "price", "-price"):
            listed = [table.good(row) for row in table.ordered(table.listed, table.order(sort))]
            assert listed == sorted(goods, key=ORDERS[sort])


def test_a_buyer_in_japan_sees_goods_in_the_order_of_the_prices_shown() -> None:
    goods = [
        Good(1, price=20_000, abroad="EUR:990,JPY:1480"),
        Good(2, price=90_000, abroad="JPY:380"),
        Good(3, price=60_000, abroad="EUR:100"),
        Good(4, price=10_000),
        Good(5, price=10_000, abroad="JPY:380"),
    ]
    table = Table.build(goods)

    def listed(currency: str, sort: str) -> list[int]:
        there = table.shown_in(currency)
        return [goods[row].product_id for row in there.order(sort)]

    for _ in range(2):  # what is kept for one currency is not another's
        assert listed("JPY", "price") == [2, 5, 1, 4, 3]
        assert listed("JPY", "-price") == [1, 5, 2, 3, 4]
        assert listed("EUR", "price") == [3, 1, 4, 5, 2]
        assert listed("VND", "price") == [4, 5, 1, 3, 2]
        assert listed("KRW", "price") == [4, 5, 1, 3, 2], "nobody has a price in won"


ORDERS = {
    "newest": lambda good: (-good.published, -good.product_id),
    "price": lambda good: (good.price, good.product_id),
    "-price": lambda good: (-good.price, -good.product_id),
}


def test_of_many_producers_the_greatest_are_listed_and_the_chosen_ones() -> None:
    goods = [Good(n, producer=f"maker-{n % 40:02}") for n in range(1, 400)]
    goods += [Good(1_000, producer="tiny"), Good(1_001, producer="small")]
    table = Table.build(goods)

    counts = table.count({"producer": ("tiny",)}).facets["producer"]

    assert len(counts) == 13
    assert counts[-1] == Count("tiny", 1, selected=True)
