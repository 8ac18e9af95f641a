"""Sheets of labels for lots: a QR code and a few lines each, on A4 paper, as PDF with fonts embedded."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fpdf import FPDF

_FONTS = Path(__file__).parent / "fonts"
_PAGE = (210.0, 297.0)
_QUIET = 4
"""Light modules around a code (ISO/IEC 18004); scanners need them."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of labels as sold in stationers' shops; millimetres."""

    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    gap: float = 0.0
    title_pt: float = 8.0
    line_pt: float = 6.5

    @property
    def count(self) -> int:
        """Labels on one sheet."""
        return self.columns * self.rows


SHEETS = {
    "24": Sheet(3, 8, 70.0, 36.0, 0.0, 4.5, title_pt=8.5, line_pt=7.0),
    "65": Sheet(5, 13, 38.1, 21.2, 4.75, 10.7, gap=2.5, title_pt=5.2, line_pt=4.6),
}
"""24 of 70 × 36 mm, 65 of 38.1 × 21.2 mm."""

MOST_LABELS = 2_000


@dataclass(frozen=True, slots=True)
class Label:
    """What one label says: an address in the code, a title, and lines below it."""

    address: str
    title: str
    lines: tuple[str, ...]


def qr_svg(address: str) -> bytes:
    """The code alone as a picture, to be printed by somebody else."""
    import segno

    out = io.BytesIO()
    code = segno.make_qr(address, error="m", boost_error=False)
    code.save(out, kind="svg", border=_QUIET, scale=4, xmldecl=False, svgns=True)
    return out.getvalue()


def label_sheet(label: Label, sheet: Sheet, count: int, *, now: datetime) -> bytes:
    """So many copies of a label as PDF; raises ValueError for none or too many.

    The code is drawn as rectangles, so that it is sharp on any printer.
    """
    from fpdf import FPDF

    if not 0 < count <= MOST_LABELS:
        raise ValueError("how many labels?")
    pdf = FPDF(unit="mm", format="A4")
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    pdf.set_creation_date(now)
    pdf.set_title(label.title)
    pdf.set_lang("vi")
    for style, name in (("", "Regular"), ("B", "Bold")):
        pdf.add_font("Noto Sans", style, _FONTS / f"NotoSans-{name}.ttf")
    modules = _modules(label.address)
    for number in range(count):
        place = number % sheet.count
        if place == 0:
            pdf.add_page()
        row, column = divmod(place, sheet.columns)
        left = sheet.left + column * (sheet.width + sheet.gap)
        _draw(pdf, label, sheet, modules, left, sheet.top + row * sheet.height)
    return bytes(pdf.output())


def _modules(address: str) -> list[bytes]:
    import segno

    code = segno.make_qr(address, error="m", boost_error=False)
    return [bytes(row) for row in code.matrix]


def _draw(
    pdf: FPDF, label: Label, sheet: Sheet, modules: list[bytes], left: float, top: float
) -> None:
    pad = sheet.height * 0.06
    side = sheet.height - 2 * pad
    _draw_code(pdf, modules, left + pad, top + pad, side)
    text_left = left + pad + side
    width = sheet.width - side - 2 * pad
    pdf.set_xy(text_left, top + pad + sheet.height * 0.02)
    pdf.set_font("Noto Sans", "B", sheet.title_pt)
    step = sheet.title_pt * 0.42
    for line in _wrapped(pdf, label.title, width)[:2]:
        pdf.set_x(text_left)
        pdf.cell(width, step, line, new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("Noto Sans", "", sheet.line_pt)
    step = sheet.line_pt * 0.43
    for text in label.lines:
        for line in _wrapped(pdf, text, width)[:2]:
            if pdf.get_y() + step > top + sheet.height - pad * 0.6:
                return
            pdf.set_x(text_left)
            pdf.cell(width, step, line, new_x="LMARGIN", new_y="NEXT")


def _draw_code(pdf: FPDF, modules: list[bytes], left: float, top: float, side: float) -> None:
    size = side / (len(modules) + 2 * _QUIET)
    pdf.set_fill_color(0)
    for y, row in enumerate(modules):
        x = 0
        while x < len(row):
            length = 0
            while x + length < len(row) and row[x + length]:
                length += 1
            if length:
                pdf.rect(
                    left + (x + _QUIET) * size, top + (y + _QUIET) * size, length * size, size, "F"
                )
            x += length or 1


def _wrapped(pdf: FPDF, text: str, width: float) -> list[str]:
    """The text in lines that fit; a word too long for a line is broken."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        for piece in _pieces(pdf, word, width):
            longer = f"{line} {piece}".strip()
            if line and pdf.get_string_width(longer) > width - 0.4:
                lines.append(line)
                line = piece
            else:
                line = longer
    return [*lines, line] if line else lines


def _pieces(pdf: FPDF, word: str, width: float) -> list[str]:
    pieces = []
    while pdf.get_string_width(word) > width - 0.4 and len(word) > 1:
        cut = len(word) - 1
        while cut > 1 and pdf.get_string_width(word[:cut]) > width - 0.4:
            cut -= 1
        pieces.append(word[:cut])
        word = word[cut:]
    return [*pieces, word]
