"""How an item becomes the columns of a partner's template: headings, order and the text of each cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from catalog.reference import ALLERGENS
from core.money import EXPONENTS, Money, vat_included
from feeds.rules.completeness import UNITS
from feeds.rules.items import FeedItem

ACTION_WORDS: Mapping[str, str] = {"add": "THÊM", "change": "SỬA", "withdraw": "NGỪNG"}
UNIT_WORDS: Mapping[str, str] = {
    "GRM": "g",
    "KGM": "kg",
    "MGM": "mg",
    "MLT": "ml",
    "CLT": "cl",
    "LTR": "l",
    "MTR": "m",
    "CMT": "cm",
    "H87": "cái",
}
STORAGE_WORDS: Mapping[str, str] = {
    "ambient": "Nhiệt độ thường",
    "chilled": "Mát 0-4 °C",
    "frozen": "Đông lạnh từ -18 °C trở xuống",
    "live": "Hàng sống",
}
STORAGE_CELSIUS: Mapping[str, tuple[int | None, int | None]] = {
    "ambient": (None, None),
    "chilled": (0, 4),
    "frozen": (None, -18),
    "live": (None, None),
}
"""Lowest and highest storage temperature; None where the catalogue states none."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in profiles, the heading a clerk reads, and the cell's text."""

    name: str
    heading: str
    cell: Callable[[FeedItem], str]


def decimal_amount(minor: int, currency: str) -> str:
    """Minor units as decimal text: 35000 VND is "35000", 1999 EUR is "19.99"."""
    digits = EXPONENTS[currency]
    if digits == 0:
        return str(minor)
    whole, rest = divmod(abs(minor), 10**digits)
    return f"{'-' if minor < 0 else ''}{whole}.{rest:0{digits}d}"


def plain_decimal(value: Decimal) -> str:
    """A decimal as text without exponent or trailing zeros: 1.50 is "1.5", 1E+3 is "1000"."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def unit_code(unit: str) -> str:
    """The UN/ECE code of a unit of the catalogue; goods counted one by one are pieces (H87)."""
    return UNITS.get(unit.strip().lower(), UNITS["piece"])


def percent(basis_points: int) -> str:
    """Basis points as text: 800 is "8", 550 is "5.5"."""
    whole, rest = divmod(basis_points, 100)
    return str(whole) if rest == 0 else f"{whole}.{rest:02d}".rstrip("0")


def price_without_tax(item: FeedItem) -> str:
    """The price with the included value-added tax taken out, as decimal text."""
    gross = Money(item.price_minor, item.currency)
    net = gross - vat_included(gross, item.vat_rate_bp)
    return decimal_amount(net.amount, item.currency)


def allergen_names(codes: tuple[str, ...]) -> str:
    """Vietnamese names from the fixed glossary, in the order given."""
    return "; ".join(ALLERGENS[code].names["vi"] if code in ALLERGENS else code for code in codes)


def _allergens(item: FeedItem) -> str:
    if item.allergens_state == "none_declared":
        return "Không có"
    return allergen_names(item.contains)


def _recognition(item: FeedItem) -> str:
    return "" if item.recognition is None else f"OCOP {item.recognition.stars} sao"


def _text(value: object) -> str:
    return "" if value is None else str(value)


COLUMNS: Mapping[str, Column] = {
    column.name: column
    for column in (
        Column("gtin", "Mã GTIN", lambda i: i.gtin),
        Column("sku", "Mã hàng nhà cung cấp", lambda i: i.sku),
        Column("name_vi", "Tên hàng", lambda i: i.name_vi),
        Column("short_name", "Tên ngắn", lambda i: i.short_name),
        Column("name_en", "Tên tiếng Anh", lambda i: _text(i.name_en)),
        Column("producer", "Nhà sản xuất", lambda i: i.producer_name),
        Column("producer_address", "Địa chỉ sản xuất", lambda i: _text(i.producer_address)),
        Column("province", "Tỉnh/thành", lambda i: _text(i.province)),
        Column("origin", "Xuất xứ", lambda i: i.origin_country),
        Column("category", "Ngành hàng", lambda i: _text(i.category)),
        Column("net_content", "Định lượng", lambda i: i.net_content),
        Column("net_unit", "Đơn vị", lambda i: UNIT_WORDS.get(i.net_unit, i.net_unit)),
        Column("inner_count", "Số đơn vị trong gói", lambda i: str(i.inner_count)),
        Column("sold_by", "Bán theo", lambda i: "Cân" if i.sold_by == "weight" else "Cái"),
        Column("gross_weight", "Khối lượng cả bì (g)", lambda i: _text(i.gross_weight_g)),
        Column("units_per_case", "Số lượng/thùng", lambda i: _text(i.units_per_case)),
        Column("case_gtin", "Mã thùng", lambda i: _text(i.case_gtin)),
        Column("min_order", "Đặt tối thiểu", lambda i: str(i.min_order)),
        Column("price_net", "Giá chưa VAT", price_without_tax),
        Column("vat", "Thuế suất VAT (%)", lambda i: percent(i.vat_rate_bp)),
        Column("price", "Giá gồm VAT", lambda i: decimal_amount(i.price_minor, i.currency)),
        Column("currency", "Tiền tệ", lambda i: i.currency),
        Column("shelf_life", "Hạn sử dụng (ngày)", lambda i: _text(i.shelf_life_days)),
        Column(
            "shelf_life_at_arrival",
            "HSD còn lại khi nhận (ngày)",
            lambda i: _text(i.shelf_life_at_arrival_days),
        ),
        Column("storage", "Bảo quản", lambda i: STORAGE_WORDS.get(i.storage_kind, i.storage_kind)),
        Column("ingredients", "Thành phần", lambda i: _text(i.ingredients)),
        Column("allergens", "Chất gây dị ứng", _allergens),
        Column("may_contain", "Có thể lẫn", lambda i: allergen_names(i.may_contain)),
        Column("abv", "Độ cồn (%)", lambda i: _text(i.abv)),
        Column("hs6", "Mã HS", lambda i: _text(i.hs6)),
        Column("recognition", "Công nhận", _recognition),
        Column(
            "decision",
            "Quyết định công nhận",
            lambda i: i.recognition.decision_number if i.recognition else "",
        ),
        Column(
            "decided_on",
            "Ngày quyết định",
            lambda i: i.recognition.issued_on if i.recognition else "",
        ),
        Column(
            "decision_valid_to",
            "Công nhận có hiệu lực đến",
            lambda i: i.recognition.valid_to if i.recognition else "",
        ),
        Column("illustrative", "Dữ liệu minh họa", lambda i: "Có" if i.is_illustrative else ""),
    )
}
"""Every column there is; a profile chooses and orders them. No heading says the programme's name."""


def cells(item: FeedItem, columns: tuple[str, ...]) -> list[str]:
    """The texts of the item's row, in the order of the profile's columns."""
    return [COLUMNS[name].cell(item) for name in columns]
