"""The supermarket's clerk: checks every line of a batch and writes the answer file, reasons in Vietnamese."""

from __future__ import annotations

import csv
import io
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from feeds.demo_supermarket.reading import Row, Unreadable, read_message, read_sheet

MIN_DAYS_AT_ARRIVAL = 30
MIN_DAYS_FRESH = 3
FRESH = ("Rau, củ, quả, hạt tươi", "Thịt, thủy sản, trứng, sữa tươi")
NOT_EATEN = ("Mỹ phẩm", "Tinh dầu", "Thủ công", "Vải")
NAME_LIMIT = 40
ACTIONS = {"THÊM": {"ADD"}, "SỬA": {"CHANGE_BY_REFRESH"}, "NGỪNG": {"DELETE"}}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The clerk's answer to one line; no code means accepted."""

    row: Row
    code: str = ""
    text: str = ""


Finding = tuple[str, str] | None


def answer_inbox(
    inbox: Path, outbox: Path, *, today: date, settle_seconds: float = 0
) -> list[Path]:
    """Answer every batch of the inbox that has no answer yet; returns the answer files written.

    Files that are still being uploaded end in ``.part`` and are left alone, as is a spreadsheet younger than
    ``settle_seconds`` whose message has not come yet.
    """
    outbox.mkdir(parents=True, exist_ok=True)
    written = []
    for sheet in sorted(inbox.glob("*.xlsx")):
        answer = outbox / f"{sheet.stem}.ack.csv"
        message = sheet.with_suffix(".xml")
        if answer.exists():
            continue
        if not message.exists() and time.time() - sheet.stat().st_mtime < settle_seconds:
            continue
        content = message.read_bytes() if message.exists() else None
        draft = answer.with_suffix(".part")
        draft.write_bytes(answer_batch(sheet.name, sheet.read_bytes(), content, today=today))
        draft.rename(answer)
        written.append(answer)
    return written


def answer_batch(name: str, sheet: bytes, message: bytes | None, *, today: date) -> bytes:
    """The answer to one batch as CSV in UTF-8 with a byte order mark, as spreadsheets write it."""
    number = name.rsplit("-", 1)[-1].split(".")[0]
    try:
        rows = read_sheet(sheet)
        differing = _differing(rows, message)
    except Unreadable as error:
        return _written([[number, "0", "", "REJECTED", "E00", str(error)]])
    verdicts = judge(rows, today=today, differing=differing)
    return _written(
        [
            v.row.batch,
            v.row.line,
            v.row["Mã GTIN"],
            "REJECTED" if v.code else "ACCEPTED",
            v.code,
            v.text,
        ]
        for v in verdicts
    )


def judge(
    rows: list[Row], *, today: date, differing: frozenset[str] = frozenset()
) -> list[Verdict]:
    """The clerk's verdict on each row: the first finding decides."""
    counts = Counter(row["Mã GTIN"] for row in rows)
    verdicts = []
    for row in rows:
        finding: Finding = None
        if counts[row["Mã GTIN"]] > 1:
            finding = ("E02", "Mã GTIN lặp lại trong cùng một lô")
        elif row["Mã GTIN"] in differing:
            finding = ("E90", "Tệp XLSX và thông điệp GS1 không khớp nhau")
        else:
            finding = _first(row, today)
        verdicts.append(Verdict(row, *(finding or ("", ""))))
    return verdicts


def _first(row: Row, today: date) -> Finding:
    if row.action not in ACTIONS:
        return ("E09", f"Không hiểu thao tác {row.action!r}")
    checks = [_number] if row.action == "NGỪNG" else [*CHECKS, lambda r: _recognition(r, today)]
    for check in checks:
        finding = check(row)
        if finding:
            return finding
    return None


def _number(row: Row) -> Finding:
    gtin = row["Mã GTIN"]
    if not (gtin.isascii() and gtin.isdigit() and len(gtin) == 14):
        return ("E01", "Mã GTIN phải là văn bản gồm 14 chữ số")
    digits = [int(d) for d in gtin]
    if (sum(digits[0:13:2]) * 3 + sum(digits[1:13:2]) + digits[13]) % 10:
        return ("E01", f"Sai số kiểm tra của mã GTIN {gtin}")
    return None


def _names(row: Row) -> Finding:
    if not row["Tên hàng"]:
        return ("E03", "Thiếu tên hàng")
    if not 0 < len(row["Tên ngắn"]) <= NAME_LIMIT:
        return ("E03", f"Tên ngắn phải có từ 1 đến {NAME_LIMIT} ký tự")
    return None


def _price(row: Row) -> Finding:
    try:
        net, gross = Decimal(row["Giá chưa VAT"]), Decimal(row["Giá gồm VAT"])
    except InvalidOperation:
        return ("E04", "Giá không phải là số")
    if net <= 0 or gross < net:
        return ("E04", "Giá phải lớn hơn 0 và giá gồm VAT không thấp hơn giá chưa VAT")
    return None


def _shelf_life(row: Row) -> Finding:
    if row["Bảo quản"] == "Hàng sống":
        return ("E06", "Kho trung tâm không nhận hàng sống; đề nghị giao thẳng từng cửa hàng")
    days = row["HSD còn lại khi nhận (ngày)"]
    wanted = MIN_DAYS_FRESH if row["Ngành hàng"] in FRESH else MIN_DAYS_AT_ARRIVAL
    if days and int(days) < wanted:
        return (
            "E05",
            f"Hạn sử dụng còn lại khi nhận chỉ {days} ngày, yêu cầu ít nhất {wanted} ngày",
        )
    return None


def _allergens(row: Row) -> Finding:
    if row["Ngành hàng"].startswith(NOT_EATEN):
        return None
    if row["Thành phần"] and not row["Chất gây dị ứng"] and not row["Có thể lẫn"]:
        return ("E07", "Thiếu thông tin chất gây dị ứng (ghi “Không có” nếu không có)")
    return None


def _case(row: Row) -> Finding:
    if row["Bảo quản"].startswith("Đông lạnh") and not row["Số lượng/thùng"]:
        return ("E08", "Hàng đông lạnh phải có quy cách thùng (số lượng/thùng)")
    return None


def _recognition(row: Row, today: date) -> Finding:
    if not row["Công nhận"]:
        return None
    try:
        ends = date.fromisoformat(row["Công nhận có hiệu lực đến"])
    except ValueError:
        return ("E10", "Công nhận OCOP thiếu ngày hết hiệu lực")
    if not row["Quyết định công nhận"]:
        return ("E10", "Công nhận OCOP thiếu số quyết định")
    if ends < today:
        return ("E10", f"Công nhận OCOP đã hết hiệu lực ngày {ends:%d/%m/%Y}")
    return None


CHECKS: tuple[Callable[[Row], Finding], ...] = (
    _number,
    _names,
    _price,
    _shelf_life,
    _allergens,
    _case,
)


def _differing(rows: list[Row], message: bytes | None) -> frozenset[str]:
    """GTINs about which spreadsheet and message do not say the same; none when no message came."""
    if message is None:
        return frozenset()
    told = {n.gtin: n for n in read_message(message)}
    differing = set(told) ^ {row["Mã GTIN"] for row in rows}
    for row in rows:
        notified = told.get(row["Mã GTIN"])
        decision = row["Quyết định công nhận"]
        if notified is not None and (
            notified.command not in ACTIONS.get(row.action, set())
            or notified.certificates != ((decision,) if decision else ())
        ):
            differing.add(row["Mã GTIN"])
    return frozenset(differing)


def _written(rows: Iterable[list[str]]) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(["batch", "line", "item", "state", "code", "text"])
    writer.writerows(rows)
    return buffer.getvalue().encode("utf-8-sig")
