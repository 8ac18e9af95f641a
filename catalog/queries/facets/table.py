"""Knows everything on sale by facet, as sets of bits: who is in, how many there are, in which order."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from catalog.rules.destinations import HOME_CURRENCY
from catalog.rules.eligibility import MARKETS
from catalog.rules.facets import ALL_OF, BANDS, FACETS, Chosen, price_band
from core.bits import as_bits, numbers_of

MOST_PRODUCERS = 12
"""Of thousands of producers, those with most goods among what is listed, and the chosen ones."""
MOST_COMMUNES = 40
_SPARSE = ("commune", "producer")
"""Facets with thousands of values: each is kept as a list of rows, not as a set of bits."""
_RANK = {
    (facet, value): position
    for facet, values in {
        "group": "FDHCST",
        "stars": "543",
        "price": [
            *(band for currency in BANDS if currency != HOME_CURRENCY for band in BANDS[currency]),
            *BANDS[HOME_CURRENCY],
        ],
        "ships_to": MARKETS,
    }.items()
    for position, value in enumerate(values)
}
"""Values with an order of their own; the others go by how many goods they have."""

_BEHIND = 10**15
"""Added to a price at home, it puts goods behind all that have a price in the currency asked."""

Order = Sequence[int]


@dataclass(frozen=True, slots=True)
class Good:
    """One product on sale: what it stands under and what it is sorted by, on one day.

    ``package_id`` is the package its card shows and ``price`` its price in dong; ``published`` is in
    seconds since 1970. ``commune`` and ``producer`` are written as in addresses. ``abroad`` has the
    prices of lists in other money in minor units, "JPY:1480,EUR:990": a text takes a fifth of the
    memory that a mapping for each of 20,000 products would.
    """

    product_id: int
    package_id: int = 0
    province: str = ""
    commune: str = ""
    subgroup: str = ""
    stars: int = 0
    certificates: tuple[str, ...] = ()
    free_from: tuple[str, ...] = ()
    in_season: bool = False
    price: int = 0
    published: int = 0
    maker: str = ""
    producer: str = ""
    ships_to: tuple[str, ...] = ()
    abroad: str = ""

    def price_in(self, currency: str) -> int | None:
        """Return the price on a list in that currency; None without one."""
        _, found, rest = self.abroad.partition(f"{currency}:")
        return int(rest.partition(",")[0]) if found else None


@dataclass(frozen=True, slots=True)
class Count:
    """One value of a facet: how many products it shows beside the other choices, and whether it is chosen."""

    value: str
    count: int
    selected: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """The rows that meet every choice, as bits, and each facet counted under all the others."""

    rows: int
    facets: Mapping[str, tuple[Count, ...]]

    @property
    def total(self) -> int:
        """How many products."""
        return self.rows.bit_count()


def _values(good: Good) -> Iterable[tuple[str, str]]:
    yield "province", good.province
    yield "group", good.subgroup[:1]
    yield "subgroup", good.subgroup
    yield "stars", str(good.stars or "")
    yield "price", price_band(good.price)
    yield "season", "now" if good.in_season else ""
    yield "maker", good.maker
    for facet, listed in (
        ("certificate", good.certificates),
        ("free_from", good.free_from),
        ("ships_to", good.ships_to),
    ):
        for value in listed:
            yield facet, value


@dataclass(frozen=True, slots=True)
class Table:
    """A state of the catalogue on one day; never changed, so that threads may share it.

    ``goods`` has a row for each product, None where one is no longer on sale; ``names`` says how
    communes and producers are called.
    """

    goods: Sequence[Good | None]
    number: Mapping[int, int]
    names: Mapping[str, Mapping[str, str]]
    bits: Mapping[str, Mapping[str, int]]
    listed: int
    kept: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was worked out from this state; thrown away with it."""
    currency: str = HOME_CURRENCY
    """In which money goods are shown that have a price in it; the others at their price in dong."""

    @classmethod
    def build(
        cls, goods: Sequence[Good], names: Mapping[str, Mapping[str, str]] | None = None
    ) -> Table:
        """Return the table of these products."""
        return cls(
            goods=tuple(goods),
            number={good.product_id: row for row, good in enumerate(goods)},
            names=names or {},
            bits=_bits(enumerate(goods), len(goods)),
            listed=(1 << len(goods)) - 1,
        )

    def changed(
        self,
        product_ids: Collection[int],
        goods: Iterable[Good],
        names: Mapping[str, Mapping[str, str]],
    ) -> Table:
        """Return the next state: of these products exactly ``goods`` are on sale now."""
        rows, number, own = list(self.goods), dict(self.number), {}
        gone = 0
        for product_id in product_ids:
            if product_id in number:
                gone |= 1 << number[product_id]
                rows[number[product_id]] = None
        for good in goods:
            row = number.setdefault(good.product_id, len(rows))
            if row == len(rows):
                rows.append(None)
            rows[row] = own[row] = good
        bits = {facet: {v: b & ~gone for v, b in kept.items()} for facet, kept in self.bits.items()}
        for facet, added in _bits(own.items(), len(rows)).items():
            kept = bits.setdefault(facet, {})
            for value, some in added.items():
                kept[value] = kept.get(value, 0) | some
        listed = self.listed & ~gone
        for row in own:
            listed |= 1 << row
        merged = {facet: {**self.names.get(facet, {}), **more} for facet, more in names.items()}
        return Table(tuple(rows), number, merged, bits, listed)

    def shown_in(self, currency: str) -> Table:
        """Return the same state as somebody sees it who is shown prices in that currency.

        Goods without a price in it stand under the bands of dong, for that is what their cards say.
        Where no goods have one, this is the table itself. It shares what is kept, and is not `changed`.
        """
        if currency == HOME_CURRENCY or self.currency != HOME_CURRENCY:
            return self
        bands: dict[str, int] | None = self.kept.get(("bands", currency))
        if bands is None:
            bands = self.kept["bands", currency] = self._bands_in(currency)
        if not bands:
            return self
        return replace(self, bits={**self.bits, "price": bands}, currency=currency)

    def _bands_in(self, currency: str) -> dict[str, int]:
        """The rows of each band, of both currencies; nothing where no goods have a price in that one."""
        local: dict[str, list[int]] = {}
        for row, good in enumerate(self.goods):
            price = good.price_in(currency) if good is not None and good.abroad else None
            if price is not None:
                local.setdefault(price_band(price, currency), []).append(row)
        found = {band: as_bits(rows, len(self.goods)) for band, rows in local.items()}
        taken = 0
        for bits in found.values():
            taken |= bits
        at_home = self.bits.get("price", {}) if found else {}
        return found | {band: bits & ~taken for band, bits in at_home.items()}

    def by_price(self, good: Good, *, dearest: bool = False) -> int:
        """Return where a product stands by the price its card shows, cheapest or dearest first.

        Two currencies cannot be compared: goods with a price in that of the table come first, then
        those with the price in dong, each by its own price.
        """
        price = good.price if self.currency == HOME_CURRENCY else good.price_in(self.currency)
        behind = 0
        if price is None:
            price, behind = good.price, _BEHIND
        return behind + (-price if dearest else price)

    def bits_of(self, product_ids: Iterable[int]) -> int:
        """Return the rows of products as bits; products that are not on sale are left out."""
        found = (self.number.get(product_id) for product_id in product_ids)
        return as_bits((row for row in found if row is not None), len(self.goods)) & self.listed

    def facet(self, name: str) -> dict[str, int]:
        """Return how many products stand under each value of a facet, whatever was chosen."""
        return {value: bits.bit_count() for value, bits in self.bits.get(name, {}).items()}

    def good(self, row: int) -> Good:
        """Return the product of a row that is on sale."""
        found = self.goods[row]
        if found is None:
            raise LookupError(row)
        return found

    def ordered(self, bits: int, order: Order) -> Sequence[int]:
        """Return the rows of a set of bits in an order of all rows."""
        if bits == self.listed:
            return order
        text = bin(bits)[:1:-1].ljust(len(self.goods), "0")
        return [row for row in order if text[row] == "1"]

    def order(self, sort: str) -> Order:
        """Return all rows by ``newest``, ``price``, ``-price`` or ``best`` (stars, then the newest)."""
        is_by_price = sort.endswith("price")
        at = (sort, self.currency) if is_by_price else sort
        known: Order | None = self.kept.get(at)
        if known is None:
            key = self._by_price(sort) if is_by_price else _KEYS[sort]
            known = self.kept[at] = self._sorted(key)
        return known

    def _by_price(self, sort: str) -> Callable[[Good], tuple[int, ...]]:
        dearest = sort == "-price"
        turn = -1 if dearest else 1
        return lambda good: (self.by_price(good, dearest=dearest), turn * good.product_id)

    def _sorted(self, key: Callable[[Good], tuple[int, ...]]) -> Order:
        listed = [(key(good), row) for row, good in enumerate(self.goods) if good is not None]
        return array("I", [row for _, row in sorted(listed)])

    def in_stock(self, package_ids: Collection[int]) -> int:
        """Return the rows whose package on the card is among those that can be promised."""
        known = self.kept.get("stock")
        if known is None or known[0] is not package_ids:
            rows = (
                row
                for row, good in enumerate(self.goods)
                if good is not None and good.package_id in package_ids
            )
            known = self.kept["stock"] = package_ids, as_bits(rows, len(self.goods))
        bits: int = known[1]
        return bits

    def count(
        self, chosen: Chosen, stock: Collection[int] = frozenset(), within: int | None = None
    ) -> Counted:
        """Return who meets every choice, and every facet counted under the choices in the others.

        ``stock`` are the packages that can be promised; ``within`` counts only among these rows.
        """
        start = self.listed if within is None else self.listed & within
        narrowed = self._narrowed(chosen, stock)
        rows = start
        for bits in narrowed.values():
            rows &= bits
        facets = {}
        for facet in FACETS:
            beside = rows
            if facet in narrowed and facet not in ALL_OF:
                beside = start
                for other, bits in narrowed.items():
                    if other != facet:
                        beside &= bits
            own = tuple(chosen.get(facet, ()))
            if own or beside:
                found = self._counts(facet, beside, own, stock, narrow_place="province" in narrowed)
                if found:
                    facets[facet] = found
        return Counted(rows, facets)

    def passing(self, chosen: Chosen, stock: Collection[int] = frozenset()) -> int:
        """Return the rows that meet every choice, as bits."""
        rows = self.listed
        for bits in self._narrowed(chosen, stock).values():
            rows &= bits
        return rows

    def having(self, facet: str, values: Collection[str]) -> int:
        """Return the rows that have any of the values, as bits."""
        return self._chosen(facet, values, ())

    def _narrowed(self, chosen: Chosen, stock: Collection[int]) -> dict[str, int]:
        return {
            facet: self._chosen(facet, values, stock) for facet, values in chosen.items() if values
        }

    def _chosen(self, facet: str, values: Collection[str], stock: Collection[int]) -> int:
        each = [self._having(facet, value, stock) for value in values]
        if facet in ALL_OF:
            found = self.listed
            for bits in each:
                found &= bits
            return found
        found = 0
        for bits in each:
            found |= bits
        return found

    def _having(self, facet: str, value: str, stock: Collection[int]) -> int:
        if facet == "stock":
            return self.in_stock(stock) if value == "in" else 0
        if facet in _SPARSE:
            return as_bits(self._sparse(facet).get(value, ()), len(self.goods))
        return self.bits.get(facet, {}).get(value, 0)

    def _sparse(self, facet: str) -> dict[str, list[int]]:
        known: dict[str, list[int]] | None = self.kept.get(facet)
        if known is None:
            known = self.kept[facet] = {}
            for row, good in enumerate(self.goods):
                if good is not None:
                    known.setdefault(getattr(good, facet), []).append(row)
        return known

    def _counts(
        self,
        facet: str,
        beside: int,
        own: tuple[str, ...],
        stock: Collection[int],
        *,
        narrow_place: bool,
    ) -> tuple[Count, ...]:
        counted: Mapping[str, int]
        if facet == "stock":
            counted = {"in": (self.in_stock(stock) & beside).bit_count()}
        elif facet == "commune" and not narrow_place and not own:
            return ()  # of three thousand communes, those of the chosen provinces
        elif facet in _SPARSE:
            counted = Counter(getattr(self.goods[row], facet) for row in numbers_of(beside))
        else:
            counted = {v: (b & beside).bit_count() for v, b in self.bits.get(facet, {}).items()}
        numbers = {value: count for value, count in counted.items() if count and value}
        numbers |= {value: numbers.get(value, 0) for value in own}
        ranked = sorted(
            numbers.items(), key=lambda item: (_RANK.get((facet, item[0]), 99), -item[1], item[0])
        )
        if facet in _SPARSE:
            most = MOST_PRODUCERS if facet == "producer" else MOST_COMMUNES
            ranked = [item for at, item in enumerate(ranked) if at < most or item[0] in own]
        return tuple(Count(value, count, value in own) for value, count in ranked)


_KEYS: Mapping[str, Callable[[Good], tuple[int, ...]]] = {
    "best": lambda good: (-good.stars, -good.published, -good.product_id),
    "newest": lambda good: (-good.published, -good.product_id),
}


def _bits(goods: Iterable[tuple[int, Good]], size: int) -> dict[str, dict[str, int]]:
    rows: dict[str, dict[str, list[int]]] = {}
    for row, good in goods:
        for facet, value in _values(good):
            if value:
                rows.setdefault(facet, {}).setdefault(value, []).append(row)
    return {
        facet: {value: as_bits(listed, size) for value, listed in values.items()}
        for facet, values in rows.items()
    }
