"""Items, batches and a profile for tests of the feeds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from feeds.formats.lines import Batch, Line
from feeds.profiles import Profile, load
from feeds.rules.items import FeedItem, Recognition

CREATED = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
RECOGNITION = Recognition(
    stars=4,
    decision_number="2865/QĐ-UBND",
    issued_on="2025-12-31",
    issuer="UBND tỉnh Lạng Sơn",
    valid_to="2028-12-31",
)


def profile(partners_dir: Path | None = None) -> Profile:
    """The shipped profile of the demo supermarket."""
    return load("demo-supermarket", partners_dir or Path("/nonexistent"))


def item(**changes: Any) -> FeedItem:
    """A bottle of fish sauce, complete and certified, with the named facts changed."""
    base = FeedItem(
        gtin="02000000000015",
        sku="NM-500",
        name_vi="Nước mắm cá cơm 40°N",
        name_en="Anchovy fish sauce 40°N",
        short_name="Nước mắm cá cơm 40°N",
        producer_name="HTX Nước mắm Cát Hải (minh họa)",
        producer_gln=None,
        producer_address="Cát Hải, Hải Phòng",
        province="Hải Phòng",
        origin_country="VN",
        subgroup_code="F09",
        category="Tương, nước mắm, gia vị dạng lỏng khác",
        gpc="99999999",
        net_content="500",
        net_unit="MLT",
        inner_count=1,
        sold_by="piece",
        gross_weight_g=920,
        abv=None,
        price_minor=85_000,
        currency="VND",
        vat_rate_bp=800,
        units_per_case=12,
        case_gtin="12000000000012",
        min_order=6,
        shelf_life_days=720,
        shelf_life_at_arrival_days=475,
        storage_kind="ambient",
        ingredients="Cá cơm (77 %), muối biển (23 %)",
        allergens_state="declared",
        contains=("FIS",),
        may_contain=("CRU",),
        hs6="210390",
        recognition=RECOGNITION,
        is_illustrative=True,
    )
    return replace(base, **changes)


def batch(*lines: Line, number: int = 1, is_full: bool = False) -> Batch:
    """A batch of the given lines, or one of an addition, a change and a withdrawal."""
    if not lines:
        lines = (
            Line(1, "add", "02000000000015", item()),
            Line(2, "change", "02000000000022", plain_item()),
            Line(3, "withdraw", "02000000000039", item(gtin="02000000000039")),
        )
    return Batch("demo-supermarket", number, is_full, CREATED, lines)


def plain_item() -> FeedItem:
    """An item without case, certificate or allergens, whose text tries to be a formula."""
    return item(
        gtin="02000000000022",
        sku="=1+1",
        name_vi='=HYPERLINK("http://x","Muối") & <hột> ớt',
        short_name="=1+1",
        name_en=None,
        units_per_case=None,
        case_gtin=None,
        allergens_state="none_declared",
        contains=(),
        may_contain=(),
        recognition=None,
        storage_kind="chilled",
        gross_weight_g=None,
        is_illustrative=False,
    )
