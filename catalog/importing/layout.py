"""Telling the rows of products in a sheet from titles, sections, repeated headings, totals and signatures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice

from catalog.importing.headers import Header, find_header, grid, is_number_row
from catalog.importing.parsing.makers import maker_kind
from catalog.importing.parsing.places import is_district, read_province, write_out
from catalog.importing.parsing.stars import is_mark, read_stars
from catalog.importing.parsing.text import clean, fold, is_ditto
from catalog.importing.sheets import Sheet
from catalog.importing.titles import TitleFacts, read_titles

_TOTAL = re.compile(
    r"^(?:[-*+]\s*)?(?:tong(?:\s+(?:cong|so|so luong|hop|gia tri|tien))?|cong|total|grand total|sub\s*total|sum)\b"
    r"(?:\s*(?:san pham|mat hang|sp|chu the|ocop|items?|products?|cong|so))*\s*(?:[:(=.]|\d|$)"
)
_SUBTOTAL = re.compile(
    r"^(?:[-*+]\s*)?(?:tong|cong|tieu cong)\s+(?:so\s+)?(?:huyen|thi xa|thanh pho|tp|tx|quan|tinh|xa|phuong|thi tran|nhom|muc|phan|hang|loai|"
    r"bang|trang|dia ban|cum|[ivx]+\b|[a-h]\b|\d)|^(?:cong\s+)?(?:mang|chuyen)\s+(?:sang|trang)\b|^luy ke\b"
)
_PAGE = re.compile(
    r"^[-–—\s]*(?:trang|page|tr\.?)\s*(?:so\s*)?\d+(?:\s*(?:/|of|tren)\s*\d+)?[-–—\s]*$|^[-–—]\s*\d+\s*[-–—]$"
)
_SIGNATURE = re.compile(
    r"nguoi lap|lap bieu|nguoi ky|ky,? (?:va )?ghi ro|ky ten|ky va dong dau|noi nhan\s*:|^\s*(?:tm|kt|t/m|q)\s*\.\s*|"
    r"^(?:chu tich|pho chu tich|giam doc|pho giam doc|truong phong|thu truong|chu tich hoi dong)\b|xac nhan cua|"
    r"^[\w\s]{2,30}, ngay\s.*thang.*nam|ke toan truong|thu ky hoi dong|prepared by|signature"
)
_NOTE = re.compile(
    r"^(?:\(?\*+\)?|ghi chu|luu y|nguon|note|source|danh sach (?:nay|tren)|bang chu|gia tren|bao gia co|don vi tinh)\b.*[:\w]"
)
_ROMAN = re.compile(r"^\(?(?:[ivxlc]+|[a-h])\s*[.)/-]?\)?$", re.IGNORECASE)
_PREFIX = re.compile(r"^\s*(?:[IVXLC]+|[A-H]|\d{1,2}(?:\.\d{1,2})*)\s*[.)/:-]+\s*(?=\S)")
_COUNTED = re.compile(
    r"\(\s*(?:gồm|có)?\s*\d+\s*(?:sản phẩm|sp|chủ thể|mặt hàng|products?)?\s*\)|:?\s*\d+\s*(?:sản phẩm|sp)\b\.?",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"[\d.,%\s]+|=.*")
_DOWN = ("province", "district")
_MANY = 5
"""Cells with words: a line with so many is no total, no signature and no note."""


@dataclass(slots=True)
class FoundRow:
    """A row of a product: its cells by our names, the others by their headings, and the facts of its section."""

    line: int
    cells: dict[str, str]
    extra: dict[str, str] = field(default_factory=dict)
    section: dict[str, str] = field(default_factory=dict)
    formulas: frozenset[str] = frozenset()
    ticked: tuple[int, ...] = ()
    hints: list[str] = field(default_factory=list)


@dataclass(slots=True)
class FoundTable:
    """A table with its heading, rows, facts of its titles, and why other lines are not rows.

    `number` tells which sheet or Word table of the document it is, counted from 1.
    """

    sheet: str
    header: Header
    rows: list[FoundRow]
    titles: TitleFacts
    title_lines: list[str]
    ignored: dict[int, str]
    number: int = 0

    @property
    def headings(self) -> dict[str, str]:
        """Our names → headings as printed."""
        return {name: column.heading for name, column in self.header.by_field.items()}

    @property
    def unknown(self) -> tuple[str, ...]:
        """Headings nobody knows."""
        return tuple(
            c.heading for c in self.header.columns if c.heading and not c.field and not c.star
        )


def find_table(
    sheet: Sheet,
    *,
    file_name: str = "",
    like: Header | None = None,
    mapping: Mapping[str, str] | None = None,
) -> FoundTable | None:
    """The table of a sheet; None when there is none.

    `like` is the heading of a table this one goes on from, `mapping` what a person said about headings.
    """
    rows = grid(sheet)
    header = find_header(sheet, rows, mapping or {})
    if header is None:
        if like is None or not rows or max(map(len, rows.values())) != len(like.columns):
            return None
        header = Header([], like.columns, like.by_field)
    first = header.lines[0] if header.lines else 0
    titles = [
        *sheet.above,
        *(
            text
            for line, cells in rows.items()
            if line < first
            for text in dict.fromkeys(cells)
            if text
        ),
    ]
    table = FoundTable(
        sheet.name, header, [], read_titles(titles, sheet.name, file_name), titles, {}
    )
    for line in rows:
        if line < first:
            table.ignored[line] = "title"
        elif line in header.lines:
            table.ignored[line] = "heading"
    _Walk(sheet, table).over(rows)
    _carry_down(sheet, table)
    return table


class _Walk:
    """Goes down the rows and remembers the section it is in."""

    def __init__(self, sheet: Sheet, table: FoundTable) -> None:
        self.sheet = sheet
        self.raw = sheet.by_line()
        self.table = table
        self.header = table.header
        self.section: dict[str, str] = {}
        self.last: dict[str, str] = {}
        self.wide = {
            first: right - left + 1 for first, left, last, right in sheet.merged if right > left
        }
        name = self.header.by_field.get("name") or self.header.by_field.get("producer_name")
        self.name_at = name.position if name else 0
        self.heads = {
            text.lower() for line in self.header.lines for text in self.raw.get(line, []) if text
        }
        self.longest_head = max(map(len, self.heads), default=0)
        maker = self.header.by_field.get("producer_name")
        self.maker_at = maker.position if maker else -1

    def over(self, rows: dict[int, list[str]]) -> None:
        ended = False
        end = self.header.lines[-1] if self.header.lines else 0
        for line, cells in rows.items():
            if line <= end:
                continue
            own = self.raw.get(line, [])
            reason = "after the end" if ended else self._reason(line, own, cells)
            if reason == "signature":
                ended = True
            if reason:
                self.table.ignored[line] = reason
            else:
                self.table.rows.append(self._row(line, cells))

    def _reason(self, line: int, own: list[str], cells: list[str]) -> str:
        """Why a line is no row of a product; "" when it is one."""
        filled = [cell for cell in own if cell]
        if not filled and (line, self.name_at) not in self.sheet.formulas:
            return "blank"
        if is_number_row(own) and len(filled) >= 4 and self._is_text_column(filled):
            return "column numbers"
        longest = self.longest_head
        same = sum(len(cell) <= longest and cell.lower() in self.heads for cell in filled)
        if same >= 2 and same * 5 >= len(filled) * 3:
            return "heading again"
        text = fold(filled[0]) if filled else ""
        others = list(islice((cell for cell in filled if not _FIGURE.fullmatch(cell)), _MANY))
        maker = cells[self.maker_at] if self.maker_at >= 0 else ""
        maker = "" if filled and maker == filled[0] else maker
        if _TOTAL.search(text) and (len(others) <= 2 and not maker or len(filled) == 1):
            return "total"
        if _SUBTOTAL.search(text) and len(others) == 1:
            return "total"
        if len(filled) == 1 and _PAGE.match(text):
            return "page"
        if (
            len(others) <= 4
            and any(_SIGNATURE.search(fold(cell)) for cell in others)
            and not re.match(r"^\d+$", text)
        ):
            return "signature"
        if len(others) == 1 and _NOTE.match(fold(others[0])) and len(filled) == 1:
            return "note"
        return self._section_reason(line, own, filled)

    def _is_text_column(self, filled: list[str]) -> bool:
        return all(len(cell) <= 4 for cell in filled)

    def _section_reason(self, line: int, own: list[str], filled: list[str]) -> str:
        texts = list(dict.fromkeys(filled))
        head = bool(own and own[0]) and _ROMAN.match(own[0].strip()) is not None
        if head and len(texts) >= 2:
            rest = [t for t in texts[1:] if not re.fullmatch(r"[\d.,\s]+(?:sản phẩm|sp)?", t)]
            if len(rest) == 1 and len(texts) <= 3:
                return self._enter(rest[0], sure=True)
        if len(texts) != 1:
            only_number = len(texts) == 0 or all(re.fullmatch(r"[\d.]+", t) for t in texts)
            return (
                "empty numbered line"
                if only_number and not self._named(own) and len(texts) < 2
                else ""
            )
        text = texts[0]
        at = own.index(text)
        if re.fullmatch(r"\d{1,4}\.?", text) and at != self.name_at:
            return "empty numbered line"
        spread = self.wide.get(line, 1) > 1 or len(filled) > 1
        styled = text.isupper() and len(text) > 3 or _PREFIX.match(text) is not None
        first_cell = at == 0 and self.name_at != 0
        known = self._section_facts(text)
        if at == self.name_at and not spread and not known and not styled:
            return ""
        if spread or styled or first_cell or known:
            return self._enter(text, sure=spread or styled or first_cell)
        return "note"

    def _named(self, own: list[str]) -> bool:
        return self.name_at < len(own) and bool(own[self.name_at])

    def _section_facts(self, text: str) -> dict[str, str]:
        bare = _COUNTED.sub(" ", _PREFIX.sub("", clean(text))).strip(" :.-")
        said = fold(bare)
        facts: dict[str, str] = {}
        if re.search(r"\bsao\b|★|\bstars?\b|\*{2,}", said):
            facts["stars"] = bare
            return facts
        place = write_out(bare)
        province = read_province(re.sub(r"^(?:ubnd|UBND)\s+", "", bare))
        if province and (
            not is_district(place)
            or said.startswith("tinh")
            or (province[1].kind == "city" and province[0] == province[1].names["vi"])
        ):
            return {"province": bare}
        if is_district(place) and len(place.split()) <= 7:
            return {"district": place}
        if maker_kind(bare) != "unknown" and len(bare) < 120:
            return {"producer_name": bare}
        return facts

    def _enter(self, text: str, *, sure: bool) -> str:
        facts = self._section_facts(text)
        if facts.get("stars") and read_stars(facts["stars"]) == read_stars(""):
            facts = {}
        if not facts and sure:
            facts = {"group_guess": _COUNTED.sub(" ", _PREFIX.sub("", clean(text))).strip(" :.-")}
        if "province" in facts:
            self.section.pop("district", None)
        self.section.update(facts)
        self.last = {}
        return "section"

    def _row(self, line: int, cells: list[str]) -> FoundRow:
        row = FoundRow(line, {}, section=dict(self.section))
        broken = set()
        for column in self.header.columns:
            value = cells[column.position] if column.position < len(cells) else ""
            if (line, column.position) in self.sheet.formulas:
                broken.add(column.field or column.heading)
            if column.star:
                if value and (is_mark(value) or read_stars(value).stars == column.star):
                    row.ticked += (column.star,)
            elif column.field:
                row.cells[column.field] = self._same_as_above(column.field, value, row)
            elif value:
                row.extra[column.heading or f"#{column.position + 1}"] = value
        row.formulas = frozenset(broken)
        return row

    def _same_as_above(self, name: str, value: str, row: FoundRow) -> str:
        if value and name not in {"row_no", "code", "gtin"} and is_ditto(value):
            row.hints.append(f"ditto:{name}")
            return self.last.get(name, "")
        self.last[name] = value
        return value


def _carry_down(sheet: Sheet, table: FoundTable) -> None:
    """In a file without merged cells a district printed once for its block counts for the lines below it.

    Only where the column is clearly filled by blocks: the first line has a value, most lines have none, and no value
    stands twice in a row.
    """
    if sheet.merged:
        return
    for name in _DOWN:
        values = [row.cells.get(name, "") for row in table.rows]
        filled = [value for value in values if value]
        if (
            len(values) < 4
            or not values[0]
            or len(filled) * 2 > len(values)
            or len(set(filled)) != len(filled)
        ):
            continue
        current = ""
        for row in table.rows:
            if row.cells.get(name):
                current = row.cells[name]
            else:
                row.cells[name] = current
                row.hints.append(f"carried:{name}")
