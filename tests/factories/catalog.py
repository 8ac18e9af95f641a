"""Producers, products, packages and papers for tests, in a state in which they may be sold."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from catalog.models import (
    Certificate,
    Package,
    Paper,
    Producer,
    Product,
    ProductAllergen,
    Translation,
)
from catalog.rules.certification import valid_to
from core.facts import announce
from i18n.text import slugify

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
_numbers = itertools.count(1)


def make_producer(session: Session, name: str = "HTX Rừng Ngập Mặn", **values: Any) -> Producer:
    """A cooperative in Cà Mau with a facility certificate that has no end."""
    number = next(_numbers)
    papers = values.pop("papers", True)
    producer = Producer(
        **{
            "code": f"test-producer-{number}",
            "slug": f"{slugify(name)}-{number}",
            "name": name,
            "kind": "cooperative",
            "province_code": "96",
            "commune": "Đất Mũi",
            "created_at": NOW,
            "updated_at": NOW,
            **values,
        }
    )
    session.add(producer)
    session.flush()
    if papers:
        make_paper(session, producer)
    return producer


def make_paper(session: Session, producer: Producer, **values: Any) -> Paper:
    """A facility certificate of 2025 without an end."""
    paper = Paper(
        **{
            "producer_id": producer.id,
            "kind": "facility_certificate",
            "number": "012/2025/NNPTNT-CMU",
            "issued_on": date(2025, 1, 10),
            "created_at": NOW,
            **values,
        }
    )
    session.add(paper)
    session.flush()
    return paper


def make_product(
    session: Session, name: str = "Nước mắm cá cơm", producer: Producer | None = None, **values: Any
) -> Product:
    """A published fish sauce with one package of 500 ml for 85 000 VND; `packages=0` for none.

    Keys of the first package may be given with the prefix ``package_``.
    """
    number = next(_numbers)
    producer = producer or make_producer(session)
    packages = values.pop("packages", 1)
    package = {
        k.removeprefix("package_"): values.pop(k) for k in list(values) if k.startswith("package_")
    }
    price = package.get("price_minor", 85_000)
    product = Product(
        **{
            "code": f"test-product-{number}",
            "slug": f"{slugify(name)}-{number}",
            "producer_id": producer.id,
            "name": name,
            "summary": "Nước mắm ủ chượp truyền thống.",
            "ingredients": "Cá cơm, muối",
            "subgroup_code": "F09",
            "packshot": "bottle",
            "state": "published",
            "published_at": NOW,
            "price_from_minor": price if packages else None,
            "shelf_life_days": 720,
            "allergens_state": "declared",
            "vat_class": "8",
            "hs6": "210390",
            "created_at": NOW,
            "updated_at": NOW,
            **values,
        }
    )
    session.add(product)
    session.flush()
    if product.allergens_state == "declared":
        session.add(ProductAllergen(product_id=product.id, code="FIS", containment="contains"))
    if packages:
        make_package(session, product, **package)
    announce(session, "product.changed", product_id=product.id)
    session.flush()
    return product


def make_package(session: Session, product: Product, **values: Any) -> Package:
    """A bottle of 500 ml for 85 000 VND."""
    number = next(_numbers)
    package = Package(
        **{
            "product_id": product.id,
            "sku": f"TEST-{number}",
            "net_content": Decimal(500),
            "unit": "ml",
            "label": "500 ml",
            "price_minor": 85_000,
            "vat_rate_bp": 800,
            **values,
        }
    )
    session.add(package)
    session.flush()
    return package


def make_certificate(
    session: Session, product: Product, stars: int = 4, **values: Any
) -> Certificate:
    """A provincial decision of 1 March 2025, valid to 1 March 2028."""
    number = next(_numbers)
    issued_on = values.pop("issued_on", date(2025, 3, 1))
    certificate = Certificate(
        **{
            "product_id": product.id,
            "decision_number": f"{number}/QĐ-UBND",
            "issued_on": issued_on,
            "issuer": "UBND tỉnh Cà Mau",
            "issuing_level": "province",
            "stars": stars,
            "valid_to": valid_to(issued_on) if issued_on else None,
            "created_at": NOW,
            **values,
        }
    )
    session.add(certificate)
    announce(session, "certificate.recorded", product_id=product.id)
    session.flush()
    return certificate


def make_translation(
    session: Session, entity: Product | Producer, locale: str, field: str, text: str, **values: Any
) -> Translation:
    """A reviewed translation of one field."""
    row = Translation(
        **{
            "entity_kind": "product" if isinstance(entity, Product) else "producer",
            "entity_id": entity.id,
            "field": field,
            "locale": locale,
            "text": text,
            "status": "reviewed",
            "source_digest": "",
            "author": "test",
            "updated_at": NOW,
            **values,
        }
    )
    session.add(row)
    session.flush()
    return row
