"""The listing for spreadsheets says everything its import reads, and comes back to no change."""

from __future__ import annotations

import csv
from decimal import Decimal

from sqlalchemy import select

from catalog.exporting import write_csv
from catalog.importing import import_file
from catalog.models import Package, Product
from catalog.products import set_package, update_product
from catalog.record import AreaCode, set_growing_areas, set_nutrition
from catalog.rules.nutrition import Nutrition
from catalog.rules.packaging import Wrapping
from catalog.translating import set_translation
from catalog.wrapping import set_levels
from core.actor import Actor
from core.facts import newest_fact_id
from tests.factories.catalog import make_product

SYSTEM = Actor.system("test")


def filled(session, on, now):
    """A product with two packages, of which everything is told."""
    product = make_product(session)
    who = {"actor": SYSTEM, "on": on, "now": now}
    told = {"brand": "=Rừng", "warnings": "Không dùng cho trẻ dưới 12 tháng", "lead_time_days": 0,
            "storage_kind": "chilled", "shelf_life_days": None}  # fmt: skip
    update_product(session, product.id, told, **who)
    areas = [AreaCode("VN-LSOR-0001", "CN", status="suspended"), AreaCode("VN-CMPH-012")]
    set_growing_areas(session, product.id, areas, **who)
    declared = Nutrition("100ml", energy_kcal=Decimal(350), sodium_mg=Decimal("120.5"))
    set_nutrition(session, product.id, declared, source="laboratory", **who)
    package = product.packages[0]
    measures = {"gross_weight_g": 900, "length_mm": 80, "width_mm": 80, "height_mm": 200,
                "label": "Hũ thủy tinh 500 ml", "vat_rate_bp": 500}  # fmt: skip
    set_package(session, product.id, package.sku, measures, **who)
    case = Wrapping("case", 12, "18938500001236", 11_500)
    set_levels(
        session, package.id, [Wrapping("inner", 6), Wrapping("case", 2, case.gtin, 11_500)], **who
    )
    set_package(
        session, product.id, f"{package.sku}-2",
        {"net_content": Decimal("1.255"), "unit": "g", "price_minor": 1000, "label": "1,255 g"}, **who,
    )  # fmt: skip
    for locale, status in (("ko", "reviewed"), ("bn", "draft")):
        set_translation(
            session, entity_kind="product", entity_id=product.id, field="name", locale=locale,
            text=f"name {locale}", status=status, origin="hand", actor=SYSTEM, now=now,
        )  # fmt: skip
    session.flush()
    return product


def test_what_a_listing_exports_comes_back_to_no_change(session, on, now, tmp_path):
    filled(session, on, now)
    write_csv(session, tmp_path / "all.csv")
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as file:
        first, second = csv.DictReader(file)
    assert first["brand"] == "'=Rừng"
    assert first["growing_areas"] == "VN-CMPH-012; VN-LSOR-0001 (CN)"
    assert (first["nutrition_basis"], first["sodium_mg"]) == ("100 ml", "120.5")
    assert (first["gross_weight"], first["dimensions"]) == ("900 g", "80 x 80 x 200 mm")
    assert (first["units_per_case"], first["case_gross_weight"]) == ("12", "11500 g")
    assert (first["name_ko"], first["name_bn"]) == ("name ko", ""), (
        "a draft is not told as reviewed"
    )
    assert second["net_content"] == "1.2550 g"
    session.flush()
    session.expire_all()
    before = newest_fact_id(session)
    back = import_file(session, tmp_path / "all.csv", actor=SYSTEM, now=now, as_of=on)
    assert back.problems == []
    assert dict(back.outcomes) == {"same": 2}
    assert newest_fact_id(session) == before


def test_a_sheet_of_a_producer_fills_the_full_record(session, on, now, tmp_path):
    product = make_product(session)
    write_csv(session, tmp_path / "all.csv")
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    sheet = {
        **{name: row[name] for name in ("code", "producer_code", "province", "subgroup", "sku")},
        "Tên sản phẩm": row["name_vi"],
        "Quy cách": row["net_content"],
        "Giá bán": row["price_vnd"],
        "Mã số vùng trồng": "VN-LSOR-0001 (JP), VN-LSOR-0002",
        "Thành phần dinh dưỡng": "Năng lượng 350 kcal; Chất đạm 12 g",
        "Trọng lượng cả bì (kg)": "0,9",
        "Số lượng/thùng": "24 chai/thùng",
    }
    with (tmp_path / "sheet.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(sheet))
        writer.writeheader()
        writer.writerow(sheet)
    told = import_file(session, tmp_path / "sheet.csv", actor=SYSTEM, now=now, as_of=on)
    assert (told.problems, dict(told.outcomes)) == ([], {"updated": 1})
    session.expire_all()
    kept = session.get_one(Product, product.id)
    assert {(a.code, a.market) for a in kept.growing_areas} == {
        ("VN-LSOR-0001", "JP"), ("VN-LSOR-0002", ""),
    }  # fmt: skip
    assert (kept.nutrition.energy_kcal, kept.nutrition.protein) == (350, 12)
    package = session.scalars(select(Package).where(Package.product_id == kept.id)).one()
    assert (package.gross_weight_g, package.units_per_case) == (900, 24)
