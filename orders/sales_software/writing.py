"""A producer's goods with stock and price, in the columns of its sales software."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from catalog.importing.profiles import SoftwareProfile
from catalog.tables_out import Cell, write_table
from orders.sales_software.planning import Goods, list_goods

_SOLD, _NOT_SOLD = "Đang bán", "Ngừng bán"
"""What stands in the file: words of the Vietnamese program, not of our pages."""


def write_goods(
    session: Session, path: Path, profile: SoftwareProfile, producer_id: int, *, on: date
) -> int:
    """Write every package to a CSV or XLSX file that `read_sales_file` reads again; returns the rows.

    Raises UnknownTableFormat.
    """
    goods = list_goods(session, producer_id)
    return write_table(
        path,
        [profile.heading(column) for column in profile.columns],
        ([_cell(column, one) for column in profile.columns] for one in goods),
        name=profile.name,
        made_on=on,
    )


def _cell(column: str, goods: Goods) -> Cell:
    """One cell; money in đồng only, since the program knows no other."""
    cells: dict[str, Cell] = {
        "sku": goods.sku,
        "gtin": goods.gtin,
        "name": goods.name,
        "content": goods.content,
        "unit": goods.unit,
        "stock": goods.on_hand,
        "promised": goods.promised,
        "price": goods.price.amount if goods.price.currency == "VND" else None,
        "state": _SOLD if goods.is_sold else _NOT_SOLD,
    }
    return cells[column]
