"""Finding the heading of a table: under titles, on two levels, with merged cells or a row of column numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from catalog.importing.columns import heading_key, match_heading, star_class
from catalog.importing.parsing.stars import read_stars
from catalog.importing.sheets import Sheet

_SEARCHED = 120
_NUMBER_CELL = re.compile(r"^\(?\s*(?:\d{1,2}|[a-zA-Z])\s*\)?(?:\s*=.*)?$")
_NAMES_STARS = re.compile(r"\bsao\b|\bstars?\b|[★⭐]|\*{3,5}", re.IGNORECASE)
_ENOUGH = {"name", "producer_name"}
_OF_PARENT = {
    "ten": {"producer_name": "producer_name", "name": "name"},
    "ho ten": {"producer_name": "producer_name"},
}


@dataclass(slots=True)
class Column:
    """One column: what we call it ("" for one nobody knows), its heading, and its class if it is only ticked."""

    position: int
    heading: str
    field: str = ""
    star: int = 0


@dataclass(slots=True)
class Header:
    """Where the heading stands and what the columns are."""

    lines: list[int]
    columns: list[Column]
    by_field: dict[str, Column] = field(default_factory=dict)

    @property
    def stars(self) -> list[Column]:
        """The columns of which one is ticked."""
        return [column for column in self.columns if column.star]


def grid(sheet: Sheet) -> dict[int, list[str]]:
    """The rows by line, all equally wide, with merged cells filled downwards (not sideways)."""
    width = max((len(cells) for _line, cells in sheet.rows), default=0)
    rows = {line: [*cells, *[""] * (width - len(cells))] for line, cells in sheet.rows}
    for first, left, last, _right in sheet.merged:
        if left >= width or first not in rows:
            continue
        value = rows[first][left]
        for line in range(first + 1, last + 1):
            if line in rows and value:
                rows[line][left] = value
            elif value and line - first < 1000:
                rows[line] = [""] * width
                rows[line][left] = value
    return dict(sorted(rows.items()))


def find_header(
    sheet: Sheet, rows: dict[int, list[str]], mapping: Mapping[str, str]
) -> Header | None:
    """The heading with the most columns we know; None when no row names a product or a maker.

    `mapping` (folded heading → our name, "" for "leave it") counts before what we know ourselves.
    """
    best, chosen = 1.5, 0
    for line in list(rows)[:_SEARCHED]:
        worth = _worth(rows[line], mapping)
        if worth > best:
            best, chosen = worth, line
    if not chosen:
        return None
    lines = _lines(sheet, rows, chosen)
    columns = _columns(sheet, rows, lines)
    said = {c.position for c in columns if heading_key(c.heading) in mapping}
    for column in columns:
        if column.position in said:
            column.field, column.star = mapping[heading_key(column.heading)], 0
    _name(columns, sheet.hidden_columns, said)
    _find_stars(columns, [cells for line, cells in rows.items() if line > lines[-1]], said)
    header = Header(lines, columns)
    for column in columns:
        if column.field:
            header.by_field[column.field] = column
    return header


def _find_stars(columns: list[Column], body: list[list[str]], said: set[int]) -> None:
    """Without a column of stars, one under a heading nobody knows whose cells say "3 sao" or ★★★."""
    if any(column.star or column.field == "stars" for column in columns):
        return
    for column in columns:
        if column.field or not column.heading or column.position in said:
            continue
        cells = [text for cells in body if (text := cells[column.position].strip())]
        named = [text for text in cells if _NAMES_STARS.search(text) and read_stars(text).stars]
        if len(named) >= 2 and len(named) * 5 >= len(cells) * 3:
            column.field = "stars"
            return


def is_number_row(cells: list[str]) -> bool:
    """Whether a row only numbers the columns: (1) (2) (3), or A B 1 2."""
    filled = [cell for cell in cells if cell]
    return (
        len(filled) >= 3
        and all(map(_NUMBER_CELL.match, filled))
        and len(set(filled)) == len(filled)
        and _rising(filled)
    )


def _rising(filled: list[str]) -> bool:
    numbers = [int(n) for cell in filled if (n := re.sub(r"\D", "", cell.split("=")[0]))]
    return (
        numbers == list(range(numbers[0], numbers[0] + len(numbers)))
        if numbers
        else len(filled) >= 3
    )


def _worth(cells: list[str], mapping: Mapping[str, str]) -> float:
    """How much a row looks like a heading; 0 when it names neither product nor maker."""
    found: dict[str, float] = {}
    other = 0
    for cell in dict.fromkeys(filter(None, cells)):
        name, sure = match_heading(cell)
        if heading_key(cell) in mapping:
            name, sure = mapping[heading_key(cell)], 2
        if star_class(cell):
            found[f"star {cell}"] = 0.7
        elif name:
            found[name] = max(found.get(name, 0.0), 1.0 if sure == 2 else 0.6)
        elif len(cell) > 60 or re.fullmatch(r"[\d.,%/\s-]+", cell):
            other += 1
    if not _ENOUGH & found.keys():
        return 0.0
    return sum(found.values()) - other * 0.5


def _is_heading(cell: str) -> bool:
    return bool(match_heading(cell)[0] or star_class(cell))


def _lines(sheet: Sheet, rows: dict[int, list[str]], chosen: int) -> list[int]:
    """The line chosen, group headings above it and parts of it below it."""
    raw = sheet.by_line()
    order = list(rows)
    at = order.index(chosen)
    lines = [chosen]
    if at and _groups(sheet, order[at - 1], rows[order[at - 1]]):
        lines.insert(0, order[at - 1])
    down = {last for first, _l, last, _r in sheet.merged if first in lines and last > first}
    reach = max(down, default=chosen)
    for line in order[at + 1 : at + 4]:
        filled = [cell for cell in raw.get(line, []) if cell]
        known = sum(map(_is_heading, filled))
        deeper = line <= reach and known * 2 >= len(filled)
        parts = known >= 2 and known == len(filled) and _fits_below(rows[chosen], raw.get(line, []))
        if is_number_row(raw.get(line, [])) or deeper or parts:
            lines.append(line)
        else:
            break
    return lines


def _groups(sheet: Sheet, line: int, cells: list[str]) -> bool:
    """Whether the row above holds headings of several columns each, not a title over all of them."""
    spans = [
        right - left + 1
        for first, left, _last, right in sheet.merged
        if first == line and right > left
    ]
    filled = len(set(filter(None, cells)))
    return bool(spans) and filled >= 2 and max(spans) < len(cells)


def _fits_below(top: list[str], below: list[str]) -> bool:
    """Whether each part stands under an empty cell or under a heading it can belong to."""
    under = [top[p] if p < len(top) else "" for p, cell in enumerate(below) if cell]
    return sum(not text for text in under) > 0 or all(map(_is_heading, under))


def _columns(sheet: Sheet, rows: dict[int, list[str]], lines: list[int]) -> list[Column]:
    shown = [line for line in lines if not is_number_row(rows[line])]
    spread = {line: _sideways(sheet, rows, line, shown) for line in shown}
    columns = []
    for position in range(len(rows[lines[0]])):
        parts = list(dict.fromkeys(text for line in shown if (text := spread[line][position])))
        columns.append(_column(position, parts, spread, shown))
    return columns


def _sideways(sheet: Sheet, rows: dict[int, list[str]], line: int, shown: list[int]) -> list[str]:
    """The headings of a line, repeated over the columns they are merged over (in a CSV: over empty cells
    that have a part below)."""
    cells = list(rows[line])
    merged = False
    for first, left, last, right in sheet.merged:
        if first <= line <= last and right > left and left < len(cells):
            merged = True
            for position in range(left + 1, min(right + 1, len(cells))):
                cells[position] = cells[position] or cells[left]
    if not merged and not sheet.merged and line != shown[-1]:
        below = rows[shown[shown.index(line) + 1]]
        for position in range(1, len(cells)):
            if (
                not cells[position]
                and below[position]
                and cells[position - 1]
                and below[position - 1]
            ):
                cells[position] = cells[position - 1]
    return cells


def _column(
    position: int, parts: list[str], spread: dict[int, list[str]], shown: list[int]
) -> Column:
    heading = " ".join(parts)
    column = Column(position, heading)
    if not parts:
        return column
    child, parent = parts[-1], parts[-2] if len(parts) > 1 else ""
    star = star_class(child)
    if star and (not parent or match_heading(parent)[0] in {"stars", "score", ""}):
        column.star = star
        return column
    column.field = _field(child, parent, heading)
    if not column.field and parent:
        alone = (
            sum(cells[position] == parent for cells in (spread[shown[0]],))
            and spread[shown[0]].count(parent) == 1
        )
        column.field = match_heading(parent)[0] if alone else ""
    return column


def _field(child: str, parent: str, heading: str) -> str:
    above = match_heading(parent)[0] if parent else ""
    special = _OF_PARENT.get(heading_key(child), {})
    if above in special:
        return special[above]
    for text in (heading, child):
        name, sure = match_heading(text)
        if sure == 2:
            return name
    for text in (child, heading):
        name, _sure = match_heading(text)
        if name:
            return name
    return ""


def _name(columns: list[Column], hidden: set[int], said: set[int]) -> None:
    """Each name once: a visible column before a hidden one, a whole heading before words of one."""
    taken: dict[str, Column] = {}

    def rank(column: Column) -> tuple[bool, bool, int, int]:
        exact = max(match_heading(column.heading)[1], 1)
        return (column.position not in said, column.position in hidden, -exact, column.position)

    for column in sorted((c for c in columns if c.field), key=rank):
        if column.field in taken:
            column.field = ""
        else:
            taken[column.field] = column
