"""How the supermarket reads what it received: with openpyxl and ElementTree, and none of our writers' code."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Row:
    """One line as the clerk sees it: batch and line as written, what to do, and the cells by heading."""

    batch: str
    line: str
    action: str
    cells: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, heading: str) -> str:
        """The cell under the heading, "" when the column is not there."""
        return self.cells.get(heading, "")


class Unreadable(Exception):
    """The file can't be read; the text says why, in Vietnamese."""


def read_sheet(content: bytes) -> list[Row]:
    """The rows of the spreadsheet; raises Unreadable."""
    from openpyxl import load_workbook

    try:
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=False)
    except Exception as error:
        raise Unreadable(f"Không mở được tệp XLSX: {type(error).__name__}") from error
    with_cells = workbook.active
    if with_cells is None:
        raise Unreadable("Tệp XLSX không có trang tính")
    rows = with_cells.iter_rows()
    headings = [str(cell.value or "") for cell in next(rows, ())]
    if headings[:3] != ["Số lô", "Dòng", "Thao tác"]:
        raise Unreadable("Ba cột đầu phải là Số lô, Dòng, Thao tác")
    read: list[Row] = []
    for row in rows:
        for cell in row:
            if cell.data_type == "f":
                raise Unreadable("Tệp có công thức, không phải dữ liệu")
        texts = [unicodedata.normalize("NFC", str(c.value or "")) for c in row]
        cells = dict(zip(headings, texts, strict=False))
        read.append(Row(cells["Số lô"], cells["Dòng"], cells["Thao tác"], cells))
    workbook.close()
    return read


@dataclass(frozen=True, slots=True)
class Notified:
    """An item of the GS1 message: the command, the consumer unit's number, and the certificates it names."""

    command: str
    gtin: str
    certificates: tuple[str, ...]


def read_message(content: bytes) -> list[Notified]:
    """The items of the Catalogue Item Notification; raises Unreadable."""
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(content)
    except (ParseError, DefusedXmlException) as error:
        raise Unreadable(f"Không đọc được thông điệp GS1: {type(error).__name__}") from error
    return list(_notified(root.iter("transaction")))


def _notified(transactions: Iterator[object]) -> Iterator[Notified]:
    for transaction in transactions:
        header = transaction.find("documentCommand/documentCommandHeader")  # type: ignore[attr-defined]
        items = list(transaction.iter("tradeItem"))  # type: ignore[attr-defined]
        if header is None or not items:
            raise Unreadable("Giao dịch GS1 thiếu lệnh hoặc thiếu mặt hàng")
        named = tuple(
            certificate.findtext("certificationIdentification") or ""
            for certificate in transaction.iter("certification")  # type: ignore[attr-defined]
        )
        # The consumer unit is the innermost, which comes last.
        yield Notified(header.get("type", ""), items[-1].findtext("gtin") or "", named)
