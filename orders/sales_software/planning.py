"""What a file of sales software would change: every row beside the goods it means, nothing written yet."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.importing.parsing.barcodes import read_barcode
from catalog.importing.parsing.prices import decimal_mark, heading_factor, read_price
from catalog.models import Package, Product
from core.money import Money
from i18n.text import fold
from orders.models import StockItem
from orders.sales_software.reading import CountCell, SalesFile, SalesRow, read_counts

JUMP = 3
"""A price that becomes so many times higher or lower is pointed at: often it is a slip."""


@dataclass(frozen=True, slots=True)
class Goods:
    """One package as it stands in the shop: on the shelf (None: never counted), promised of that, its price."""

    package_id: int
    product_id: int
    sku: str
    gtin: str | None
    name: str
    content: str
    unit: str
    on_hand: int | None
    promised: int
    price: Money
    is_sold: bool


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """One row: `outcome` is "change", "same" or "refused".

    `stock` and `price` are what they become; None leaves them. `problems` and `warnings` are
    (column, code) with the cell as it was written in `told`.
    """

    line: int
    outcome: str
    told: Mapping[str, str]
    goods: Goods | None = None
    stock: int | None = None
    price: Money | None = None
    problems: tuple[tuple[str, str], ...] = ()
    warnings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would do; `digest` is another when the shop has changed since somebody looked."""

    lines: tuple[PlannedLine, ...]
    unknown_columns: tuple[str, ...]
    missing: tuple[Goods, ...]
    """Goods on sale of which the file says nothing: they stay as they are."""

    def count(self, outcome: str) -> int:
        """How many lines end so."""
        return sum(line.outcome == outcome for line in self.lines)

    @property
    def changes(self) -> list[PlannedLine]:
        """The lines that change something."""
        return [line for line in self.lines if line.outcome == "change"]

    @property
    def digest(self) -> str:
        """A fingerprint of every change with what it replaces."""
        told = [
            (one.goods.package_id, one.goods.on_hand, one.goods.price.amount, one.stock,
             None if one.price is None else one.price.amount)
            for one in self.changes
            if one.goods is not None
        ]  # fmt: skip
        return hashlib.sha256(repr(sorted(told, key=repr)).encode()).hexdigest()[:32]


def list_goods(session: Session, producer_id: int) -> list[Goods]:
    """Every package of the producer, those not sold at the moment too, by product; one statement."""
    rows = session.execute(
        select(Package, Product.name, StockItem.on_hand, StockItem.reserved, Product.state)
        .join(Product, Product.id == Package.product_id)
        .outerjoin(StockItem, StockItem.package_id == Package.id)
        .where(Product.producer_id == producer_id)
        .order_by(Product.name_key, Product.id, Package.position, Package.id)
    )
    return [
        Goods(
            package_id=package.id,
            product_id=package.product_id,
            sku=package.sku,
            gtin=package.gtin,
            name=name,
            content=_content(package),
            unit=package.unit,
            on_hand=on_hand,
            promised=reserved or 0,
            price=Money(package.price_minor, package.currency),
            is_sold=package.active and state == "published",
        )
        for package, name, on_hand, reserved, state in rows
    ]


def _content(package: Package) -> str:
    times = f"{package.count} × " if package.count > 1 else ""
    return f"{times}{package.net_content.normalize():f} {package.unit}".replace(".", ",")


def plan_file(session: Session, producer_id: int, file: SalesFile) -> Plan:
    """Match every row with the producer's goods and say what would become of them."""
    goods = list_goods(session, producer_id)
    finder = _Finder(goods)
    counts = read_counts([row.cell("stock") for row in file.rows])
    mark = decimal_mark(row.cell("price") for row in file.rows)
    factor = heading_factor(file.price_heading)
    found = [finder.find(row) for row in file.rows]
    times = Counter(one.package_id for one in found if isinstance(one, Goods))
    lines = []
    for row, match, count in zip(file.rows, found, counts, strict=True):
        if not isinstance(match, Goods):
            lines.append(PlannedLine(row.line, "refused", row.cells, problems=(match,)))
        elif times[match.package_id] > 1:
            twice = (("sku", "named_twice"),)
            lines.append(PlannedLine(row.line, "refused", row.cells, match, problems=twice))
        else:
            lines.append(_planned(row, match, count, mark, factor))
    missing = tuple(one for one in goods if one.is_sold and not times[one.package_id])
    return Plan(tuple(lines), file.unknown, missing)


def _planned(row: SalesRow, goods: Goods, count: CountCell, mark: str, factor: int) -> PlannedLine:
    """A whole row or nothing of it: half a row would leave the two programs further apart than before."""
    problems: list[tuple[str, str]] = []
    warnings: list[tuple[str, str]] = []
    stock, price = count.count, None
    if count.error:
        problems.append(("stock", count.error))
    elif stock is not None and stock < goods.promised:
        problems.append(("stock", "below_promises"))
    if row.cell("price"):
        read = read_price(row.cell("price"), mark=mark, factor=factor)
        if read.dong is None:
            problems.append(("price", "not_a_price"))
        elif goods.price.currency != "VND":
            problems.append(("price", "other_currency"))
        else:
            price = Money(read.dong, "VND")
            old = goods.price.amount
            if old and not old <= JUMP * read.dong <= JUMP * JUMP * old:
                warnings.append(("price", "price_jump"))
    stock = None if stock == goods.on_hand else stock
    price = None if price == goods.price else price
    if problems:
        return PlannedLine(row.line, "refused", row.cells, goods, problems=tuple(problems))
    if stock == 0:
        warnings.append(("stock", "sold_out"))
    outcome = "same" if stock is None and price is None else "change"
    return PlannedLine(row.line, outcome, row.cells, goods, stock, price, warnings=tuple(warnings))


class _Finder:
    """Which goods a row means: by our code, else by barcode, else by a name that only one package has."""

    def __init__(self, goods: Sequence[Goods]) -> None:
        self.by_sku: dict[str, list[Goods]] = defaultdict(list)
        self.by_gtin: dict[str, list[Goods]] = defaultdict(list)
        self.by_name: dict[str, list[Goods]] = defaultdict(list)
        for one in goods:
            self.by_sku[one.sku.casefold()].append(one)
            if one.gtin:
                self.by_gtin[one.gtin.zfill(14)].append(one)
            for name in {fold(one.name), fold(f"{one.name} {one.content}")}:
                self.by_name[" ".join(name.split())].append(one)

    def find(self, row: SalesRow) -> Goods | tuple[str, str]:
        """The goods, or (column, code) of why they are not known."""
        barcode = read_barcode(row.cell("gtin"))
        by_sku = self.by_sku.get(row.cell("sku").casefold(), [])
        by_gtin = self.by_gtin.get(barcode.gtin.zfill(14), []) if barcode.gtin else []
        if by_sku and by_gtin and by_sku[0] not in by_gtin:
            return "gtin", "codes_disagree"
        if by_sku:
            return by_sku[0]
        if len(by_gtin) > 1:
            return "gtin", "several_goods"
        if by_gtin:
            return by_gtin[0]
        if barcode.error and not row.cell("sku"):
            return "gtin", barcode.error
        by_name = self.by_name.get(" ".join(fold(row.cell("name")).split()), [])
        if len(by_name) == 1:
            return by_name[0]
        return ("name", "several_goods") if by_name else ("sku", "unknown_goods")
