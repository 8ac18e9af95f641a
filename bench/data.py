"""Makes the catalogue that is measured: 20,000 products in three languages, the same in every run."""

from __future__ import annotations

import os
import random
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine, func, insert, select

from catalog.models import Certificate, Package, Paper, Producer, Product, Translation
from catalog.models.product import sort_text
from catalog.reference import PROVINCES, SUBGROUPS
from catalog.rules.certification import valid_to
from core.db import Base, writing
from i18n.text import fold, slugify
from migrations import runner
from orders.models import StockItem

PRODUCTS = int(os.environ.get("OCOP_BENCH_PRODUCTS", "20000"))
"""Fewer for a quick look; only figures of 20,000 are compared."""
PRODUCERS = 2_000
NOW = datetime(2026, 11, 1, tzinfo=UTC)
_GOODS = (
    ("Nước mắm", "Fish sauce", "魚醤", "bottle"),
    ("Mật ong", "Honey", "蜂蜜", "honey"),
    ("Cà phê", "Coffee", "コーヒー", "coffee"),
    ("Trà", "Tea", "お茶", "tea"),
    ("Gạo", "Rice", "米", "rice"),
    ("Tôm khô", "Dried shrimp", "干しエビ", "shrimp"),
    ("Khô cá", "Dried fish", "干物", "fish"),
    ("Bánh tráng", "Rice paper", "ライスペーパー", "noodle"),
    ("Muối", "Salt", "塩", "salt"),
    ("Rượu", "Spirit", "蒸留酒", "spirit"),
)
_KINDS = (
    ("hoa rừng", "forest flower", "森の花"),
    ("đặc biệt", "special", "特製"),
    ("truyền thống", "traditional", "伝統"),
    ("nguyên chất", "pure", "純粋"),
    ("hữu cơ", "organic", "有機"),
    ("thượng hạng", "premium", "特級"),
)
_PLACES = ("Cà Mau", "Lạng Sơn", "Phú Quốc", "Đắk Lắk", "Sa Pa", "Hội An", "Bến Tre", "Cao Bằng")
_SENTENCE = {
    "vi": "Làm thủ công từ nguyên liệu địa phương, phơi nắng tự nhiên và kiểm tra từng mẻ. ",
    "en": "Made by hand from local produce, dried in the sun and checked batch by batch. ",
    "ja": "地元の原料から手作業で作り、天日で干し、一回ごとに検査しています。",
}
_FIELDS = ("name", "summary", "description", "ingredients")
_Row = dict[str, Any]


def fill(engine: Engine, *, products: int = PRODUCTS) -> None:
    """Migrate and fill an empty database; does nothing when it already has as many products."""
    runner.upgrade(engine)
    with engine.connect() as connection:
        if connection.scalar(select(func.count()).select_from(Product)) == products:
            return
    sys.stderr.write(f"filling {engine.dialect.name} with {products} products\n")
    producers = [_producer(n) for n in range(1, PRODUCERS + 1)]
    rows: dict[type[Base], list[_Row]] = {
        Producer: producers,
        Paper: [_paper(n) for n in range(1, PRODUCERS + 1)],
    }
    for number in range(1, products + 1):
        for table, row in _product(number):
            rows.setdefault(table, []).append(row)
    with writing(engine).begin() as connection:
        for table in (
            Producer,
            Paper,
            Product,
            Package,
            Certificate,
            Translation,
            StockItem,
        ):
            for start in range(0, len(rows[table]), 2_000):
                connection.execute(insert(table), rows[table][start : start + 2_000])
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _producer(number: int) -> _Row:
    name = producer_name(number)
    return {
        "id": number,
        "code": f"bench-{number}",
        "slug": slugify(name),
        "name": name,
        "kind": "cooperative",
        "province_code": list(PROVINCES)[number % len(PROVINCES)],
        "story": _SENTENCE["vi"] * 4,
        "created_at": NOW,
        "updated_at": NOW,
    }


def _paper(producer: int) -> _Row:
    return {
        "producer_id": producer,
        "kind": "facility_certificate",
        "number": f"{producer}/2025/NNPTNT",
        "issued_on": date(2025, 1, 10),
        "created_at": NOW,
    }


def slug_of(number: int) -> str:
    """The address of the product with that number."""
    return slugify(_names(number, random.Random(number))["vi"])


def names_of(number: int) -> dict[str, str]:
    """The names of the product with that number by locale."""
    return _names(number, random.Random(number))


def producer_name(number: int) -> str:
    """The name of the producer with that number."""
    return f"HTX {_PLACES[number % len(_PLACES)]} {number}"


def sentence(locale: str) -> str:
    """A sentence of which the texts are made."""
    return _SENTENCE[locale]


def _names(number: int, chance: random.Random) -> dict[str, str]:
    good, kind, place = chance.choice(_GOODS), chance.choice(_KINDS), chance.choice(_PLACES)
    return {
        "vi": f"{good[0]} {kind[0]} {place} {number}",
        "en": f"{kind[1].capitalize()} {good[1].lower()} from {place} {number}",
        "ja": f"{place} {kind[2]}{good[2]} {number}",
        "packshot": good[3],
    }


def _product(number: int) -> list[tuple[type[Base], _Row]]:
    chance = random.Random(number)
    names = _names(number, chance)
    price = chance.randrange(30, 900) * 1_000
    subgroup = list(SUBGROUPS)[number % len(SUBGROUPS)]
    rows: list[tuple[type[Base], _Row]] = [
        (
            Product,
            {
                "id": number,
                "code": f"bench-{number}",
                "slug": slugify(names["vi"]),
                "producer_id": 1 + number % PRODUCERS,
                "name": names["vi"],
                "name_key": sort_text(names["vi"]),
                "search_fold": fold(names["vi"]),
                **{field: _text(field, "vi", names) for field in _FIELDS if field != "name"},
                "subgroup_code": subgroup,
                "packshot": names["packshot"],
                "state": "published",
                "published_at": NOW - timedelta(minutes=number * 7),
                "price_from_minor": price,
                "shelf_life_days": 365,
                "allergens_state": "none_declared",
                "created_at": NOW,
                "updated_at": NOW,
            },
        )
    ]
    for position in range(2):
        package_id = number * 2 + position - 1
        rows.append((Package, _package(package_id, number, position, price)))
        rows.append((StockItem, {"package_id": package_id, "on_hand": 40, "reserved": 0}))
    if chance.random() < 0.9:
        rows.append((Certificate, _certificate(number, chance)))
    for locale in ("en", "ja"):
        rows += [
            (Translation, translation_row(number, field, locale, _text(field, locale, names)))
            for field in _FIELDS
        ]
    return rows


def _text(field: str, locale: str, names: dict[str, str]) -> str:
    repeats = {"name": 0, "summary": 1, "description": 6, "ingredients": 1}[field]
    return names[locale] if not repeats else _SENTENCE[locale] * repeats


def _package(package_id: int, product: int, position: int, price: int) -> _Row:
    return {
        "id": package_id,
        "product_id": product,
        "sku": f"BENCH-{package_id}",
        "net_content": Decimal(250 * (position + 1)),
        "unit": "g",
        "price_minor": price * (position + 1),
        "vat_rate_bp": 800,
        "position": position,
    }


def _certificate(product: int, chance: random.Random) -> _Row:
    issued = date(2023, 6, 1) + timedelta(days=chance.randrange(1_200))
    return {
        "product_id": product,
        "decision_number": f"{product}/QĐ-UBND",
        "issued_on": issued,
        "issuer": "UBND tỉnh",
        "issuing_level": "province",
        "stars": chance.choice((3, 3, 3, 4, 4, 5)),
        "valid_to": valid_to(issued),
        "created_at": NOW,
    }


def translation_row(product: int, field: str, locale: str, text: str) -> _Row:
    """A reviewed text of a product as a row of the table."""
    return {
        "entity_kind": "product",
        "entity_id": product,
        "field": field,
        "locale": locale,
        "text": text,
        "status": "reviewed",
        "source_digest": "0" * 64,
        "author": "bench",
        "updated_at": NOW,
    }
