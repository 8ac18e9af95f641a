"""Writing the whole catalogue as a table that `catalog.importing` reads again."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.exporting_record import RECORD_COLUMNS, load_beside, record_cells
from catalog.importing.listings import LABEL_TEXTS
from catalog.models import Certificate, Package, Producer, Product, ProductAllergen, Translation
from catalog.reference import PROVINCES

_TEXTS = ("name", "summary", "description", "ingredients", "usage", "storage_note")
_LOCALES = ("en", "ja", "ko", "zh-hans", "zh-hant", "fr", "de", "bn")
_MAKER = ("tax_number", "registration_number", "gln", "phone", "email")
COLUMNS = (
    "code",
    "producer_code",
    "producer_name",
    "commune",
    "province",
    "state",
    "subgroup",
    "sku",
    "gtin",
    "net_content",
    "price_vnd",
    "shelf_life_storage",
    "allergens",
    "hs6",
    "vat_class",
    "packshot",
    "season",
    *LABEL_TEXTS,
    "lead_time_days",
    *_MAKER,
    *RECORD_COLUMNS,
    *(f"{field}_{locale}" for field in _TEXTS for locale in ("vi", *_LOCALES)),
    "translation_status",
    "stars",
    "rating_year",
    "decision_number",
    "decision_date",
    "issuer",
)
_STORAGE = {"ambient": "amb", "chilled": "chl", "frozen": "frz", "live": "liv"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export_rows(session: Session) -> Iterator[dict[str, str]]:
    """One row for each package, or for a product without any; the latest certificate beside it."""
    texts = _texts(session)
    allergens: dict[int, list[str]] = {}
    for row in session.scalars(select(ProductAllergen).order_by(ProductAllergen.code)):
        mark = "?" if row.containment == "may_contain" else ""
        allergens.setdefault(row.product_id, []).append(row.code + mark)
    certificates = {
        row.product_id: row
        for row in session.scalars(
            select(Certificate).order_by(Certificate.issued_on.asc().nulls_first(), Certificate.id)
        )
    }
    beside = load_beside(session)
    query = (
        select(Product, Producer, Package)
        .join(Producer, Producer.id == Product.producer_id)
        .outerjoin(Package, Package.product_id == Product.id)
        .order_by(Product.code, Package.position, Package.id)
    )
    for product, producer, package in session.execute(query):
        yield {
            **_product_cells(product, producer, allergens.get(product.id, [])),
            **_package_cells(package),
            **_certificate_cells(certificates.get(product.id)),
            **record_cells(beside, product, package),
            **texts.get(product.id, {}),
        }


def _texts(session: Session) -> dict[int, dict[str, str]]:
    """The translations by product and column; one status for all of them, as the import reads it.

    Where statuses differ only what is reviewed is told: a draft must not come back as reviewed.
    """
    query = select(
        Translation.entity_id, Translation.field, Translation.locale, Translation.text,
        Translation.status,
    ).where(Translation.entity_kind == "product", Translation.field.in_(_TEXTS))  # fmt: skip
    said: dict[int, dict[str, tuple[str, str]]] = {}
    for product_id, field, locale, text, status in session.execute(query):
        if locale in _LOCALES:
            said.setdefault(product_id, {})[f"{field}_{locale}"] = (text, status)
    found: dict[int, dict[str, str]] = {}
    for product_id, cells in said.items():
        statuses = {status for _text, status in cells.values()}
        told = statuses.pop() if len(statuses) == 1 else "reviewed"
        found[product_id] = {n: text for n, (text, status) in cells.items() if status == told}
        found[product_id]["translation_status"] = told
    return found


def write_csv(session: Session, path: Path) -> int:
    """Write all rows as UTF-8 with a byte order mark (for Excel); returns how many."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\r\n")
        writer.writeheader()
        for row in export_rows(session):
            writer.writerow({name: guard(value) for name, value in row.items()})
            count += 1
    return count


def guard(value: str) -> str:
    """The value as text that no spreadsheet takes for a formula (ASVS 1.2.10)."""
    return f"'{value}" if value.startswith(_FORMULA) else value


def _product_cells(product: Product, producer: Producer, allergens: list[str]) -> dict[str, str]:
    province = PROVINCES.get(producer.province_code or "")
    days = "no limit" if product.shelf_life_days is None else f"{product.shelf_life_days}d"
    days = f"{days} {_STORAGE[product.storage_kind]}"
    stated = {"unknown": "", "none_declared": "–"}
    cells: dict[str, Any] = {
        "code": product.code,
        "producer_code": producer.code,
        "producer_name": producer.name,
        "commune": producer.commune,
        "province": province.names["vi"] if province else "",
        "state": product.state,
        "subgroup": product.subgroup_code,
        "shelf_life_storage": days,
        "allergens": stated.get(product.allergens_state, " ".join(allergens)),
        "hs6": product.hs6,
        "vat_class": product.vat_class,
        "packshot": product.packshot,
        "season": product.season,
        **{name: getattr(product, name) for name in LABEL_TEXTS},
        **{name: getattr(producer, name) for name in _MAKER},
        **{f"{field}_vi": getattr(product, field) for field in _TEXTS},
    }
    if product.lead_time_days is not None:
        cells["lead_time_days"] = str(product.lead_time_days)
    return {name: value or "" for name, value in cells.items()}


def _package_cells(package: Package | None) -> dict[str, str]:
    if package is None:
        return {}
    times = f"{package.count}×" if package.count > 1 else ""
    net = f"{times}{_shown(package.net_content)} {package.unit}"
    if "(≈" in package.label:
        net += package.label[package.label.index(" (≈") :]
    if package.sold_by == "weight":
        net += " (weight item)"
    if package.abv is not None:
        net += f" {package.abv:f} %"
    return {
        "sku": package.sku,
        "gtin": package.gtin or "",
        "net_content": net,
        "price_vnd": str(package.price_minor) if package.currency == "VND" else "",
    }


def _certificate_cells(certificate: Certificate | None) -> dict[str, str]:
    if certificate is None:
        return {}
    cells = {
        "stars": certificate.stars,
        "rating_year": certificate.rating_year,
        "decision_number": certificate.decision_number,
        "decision_date": certificate.issued_on,
        "issuer": certificate.issuer,
    }
    return {name: "" if value is None else str(value) for name, value in cells.items()}


def _shown(amount: Decimal) -> str:
    """Three places behind the mark become four, for "1.255" grams would be read as thousands."""
    shown = f"{amount.normalize():f}"
    return f"{shown}0" if shown[-4:-3] == "." else shown
