"""The rows of a catalogue: those of a table, a code that stands twice for one package refused the second time."""

from __future__ import annotations

from catalog.importing.layout import FoundTable
from catalog.importing.rows import Row

ListingRow = Row


def listing_rows(table: FoundTable) -> list[ListingRow]:
    """All rows; one whose code and article another had before it in the file has a problem already."""
    rows = []
    first_lines: dict[tuple[str, str], int] = {}
    headings = table.headings
    for found in table.rows:
        cells = {name: _plain(value) for name, value in found.cells.items()}
        cells.setdefault("province", cells.get("province_2025", ""))
        cells.setdefault("code", cells.get("row_no", ""))
        extra = {heading: _plain(value) for heading, value in found.extra.items()}
        row = Row(found.line, cells, headings, extra, sheet=table.sheet)
        code, sku = row.text("code"), row.text("sku") or ""
        if code is not None and (code, sku) in first_lines:
            row.refuse("code", "duplicate_code", first_line=first_lines[code, sku])
        elif code is not None:
            first_lines[code, sku] = found.line
        rows.append(row)
    return rows


def _plain(cell: str) -> str:
    """The cell without outer spaces and without the apostrophe that guards against formulas."""
    cell = cell.strip()
    return cell[1:] if cell[:1] == "'" and cell[1:2] in {"=", "+", "-", "@"} else cell
