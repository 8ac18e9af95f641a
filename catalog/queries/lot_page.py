"""The public page of a lot: what a code on a label leads to, in four statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import FromClause, Select, bindparam, case, null, or_, select
from sqlalchemy.orm import Session

from catalog.models import Lot, Media, ProductAllergen
from catalog.queries.errors import LotNotFound
from catalog.queries.listing import (
    CERTIFICATE_COLUMNS,
    certificate,
    join_names,
    package,
    pick_name,
    producer,
    product,
    visible,
)
from catalog.queries.lots import Step, active_recall, lot, recall, steps_to
from catalog.queries.pages import AllergenStatement
from catalog.queries.pictures import PICTURE_COLUMNS, main_picture, read_main_picture
from catalog.queries.slugs import local_slug
from catalog.rules.certification import CertificateFacts, StarClaim, star_claim
from catalog.rules.digital_link import lot_path, may_be_link, spellings
from catalog.rules.fallback import Text
from catalog.rules.pictures import Picture
from catalog.rules.traceability import LotFacts, lot_state


@dataclass(frozen=True, slots=True)
class RecallView:
    """Why goods are called back and what their holder should do."""

    id: int
    reason: str
    advice: str
    started_on: date
    danger: str | None = None


@dataclass(frozen=True, slots=True)
class LotPage:
    """Everything the public page of a lot says; claims are judged on the day asked and on the day made."""

    id: int
    code: str
    number: str
    name: Text
    product_slug: str | None
    packshot: str
    gtin: str | None
    link_path: str
    net_content: Decimal | None
    content_unit: str | None
    count: int
    produced_on: date | None
    expires_on: date | None
    expiry_kind: str
    state: str
    place: str | None
    area_code: str | None
    diary_link: str | None
    origin_country: str
    storage_kind: str | None
    producer_name: str
    producer_slug: str
    producer_address: str | None
    province_code: str | None
    commune: str | None
    gln: str | None
    tax_number: str | None
    phone: str | None
    recall: RecallView | None
    claim: StarClaim | None
    claim_when_made: StarClaim | None
    allergens: AllergenStatement
    steps: tuple[Step, ...]
    is_illustrative: bool
    picture: Picture | None = None


_LOT_COLUMNS = (
    lot.c.id,
    lot.c.code,
    lot.c.number,
    lot.c.material,
    lot.c.produced_on,
    lot.c.expires_on,
    lot.c.expiry_kind,
    lot.c.place,
    lot.c.area_code,
    lot.c.link,
    lot.c.is_illustrative,
)
_MAKER_COLUMNS = (
    producer.c.name,
    producer.c.slug,
    producer.c.address,
    producer.c.province_code,
    producer.c.commune,
    producer.c.gln,
    producer.c.tax_number,
    producer.c.phone,
    producer.c.is_illustrative,
)

_RECALL = ("recall_id", "reason", "advice", "started_on", "danger")


@cache
def _page_statement(locale: str) -> Select[Any]:
    called_back = recall.alias("called_back")
    source: FromClause = (
        lot.join(producer, producer.c.id == lot.c.producer_id)
        .outerjoin(product, product.c.id == lot.c.product_id)
        .outerjoin(package, package.c.id == lot.c.package_id)
        .outerjoin(called_back, called_back.c.id == active_recall())
        .outerjoin(Media.__table__, main_picture())
    )
    source, names = join_names(source, locale)
    return select(
        *(column.label(f"lot_{column.name}") for column in _LOT_COLUMNS),
        *(column.label(f"maker_{column.name}") for column in _MAKER_COLUMNS),
        product.c.id.label("product_id"),
        product.c.name.label("product_name"),
        case((visible(), local_slug(locale)), else_=null()).label("product_slug"),
        product.c.packshot,
        product.c.origin_country,
        product.c.storage_kind,
        product.c.allergens_state,
        package.c.gtin,
        package.c.gtin_is_internal,
        package.c.net_content,
        package.c.unit.label("content_unit"),
        package.c.count.label("inner_count"),
        called_back.c.id.label("recall_id"),
        called_back.c.reason,
        called_back.c.advice,
        called_back.c.started_on,
        called_back.c.danger,
        *(column.label(f"picture_{column.name}") for column in PICTURE_COLUMNS),
        *(name.label(f"name_{number}") for number, name in enumerate(names)),
    ).select_from(source)


def get_lot_by_gtin(
    session: Session, gtin14: str, number: str, *, locale: str, on: date
) -> LotPage:
    """The page behind ``/01/GTIN/10/LOT``; raises LotNotFound. Four statements.

    A number of a case finds the lot of what is inside it; an in-house number finds nothing.
    """
    named = spellings(gtin14)
    statement = _page_statement(locale).where(
        lot.c.number == bindparam("number"),
        or_(package.c.gtin.in_(named), package.c.case_gtin.in_(named)),
        package.c.gtin_is_internal.is_(False),
    )
    return _page(session, statement, {"number": number, "on": on}, locale, on)


def get_lot_by_code(session: Session, code: str, *, locale: str, on: date) -> LotPage:
    """The page at the lot's own address in this house; raises LotNotFound. Four statements."""
    statement = _page_statement(locale).where(lot.c.code == bindparam("code"))
    return _page(session, statement, {"code": code, "on": on}, locale, on)


def find_slug_by_gtin(session: Session, gtin14: str, *, locale: str, on: date) -> str | None:
    """The address in a language of the product on sale with this GTIN (or packed in a case with it)."""
    named = spellings(gtin14)
    return session.scalar(
        select(local_slug(locale))
        .select_from(product.join(package, package.c.product_id == product.c.id))
        .where(
            or_(package.c.gtin.in_(named), package.c.case_gtin.in_(named)),
            package.c.gtin_is_internal.is_(False),
            visible(),
        )
        .order_by(package.c.active.desc(), package.c.id)
        .limit(1),
        {"on": on},
    )


def _page(
    session: Session, statement: Select[Any], values: dict[str, Any], locale: str, on: date
) -> LotPage:
    row = session.execute(statement.order_by(lot.c.id.desc()).limit(1), values).mappings().first()
    if row is None:
        raise LotNotFound(**{name: value for name, value in values.items() if name != "on"})
    called_back = None
    if row["recall_id"] is not None:
        called_back = RecallView(*(row[name] for name in _RECALL))
    judged = LotFacts(
        row["lot_id"],
        row["lot_number"],
        row["lot_produced_on"],
        row["lot_expires_on"],
        row["lot_expiry_kind"],
        recalled=called_back is not None,
    )
    decisions = _decisions(session, row["product_id"])
    made_on = row["lot_produced_on"]
    names = [row[key] for key in row if key.startswith("name_")]
    return LotPage(
        id=row["lot_id"],
        code=row["lot_code"],
        number=row["lot_number"],
        name=pick_name(row["product_name"], names, locale)
        if row["product_name"]
        else Text(row["lot_material"], "vi"),
        product_slug=row["product_slug"],
        packshot=row["packshot"] or "box",
        gtin=None if row["gtin_is_internal"] else row["gtin"],
        link_path=public_path(row),
        net_content=row["net_content"],
        content_unit=row["content_unit"],
        count=row["inner_count"] or 1,
        produced_on=made_on,
        expires_on=row["lot_expires_on"],
        expiry_kind=row["lot_expiry_kind"],
        state=lot_state(judged, on),
        place=row["lot_place"],
        area_code=row["lot_area_code"],
        diary_link=row["lot_link"],
        origin_country=row["origin_country"] or "VN",
        storage_kind=row["storage_kind"],
        producer_name=row["maker_name"],
        producer_slug=row["maker_slug"],
        producer_address=row["maker_address"],
        province_code=row["maker_province_code"],
        commune=row["maker_commune"],
        gln=row["maker_gln"],
        tax_number=row["maker_tax_number"],
        phone=row["maker_phone"],
        recall=called_back,
        claim=star_claim(decisions, on),
        claim_when_made=None if made_on is None else star_claim(decisions, made_on),
        allergens=_allergens(session, row["product_id"], row["allergens_state"]),
        steps=tuple(steps_to(session, row["lot_id"])),
        is_illustrative=bool(row["lot_is_illustrative"] or row["maker_is_illustrative"]),
        picture=read_main_picture([row[f"picture_{column.name}"] for column in PICTURE_COLUMNS]),
    )


def public_path(row: Any) -> str:
    """The address of a lot for a code on its label: a Digital Link for a true GTIN, else our own."""
    if may_be_link(row["gtin"], is_internal=bool(row["gtin_is_internal"])):
        return lot_path(
            row["gtin"],
            row["lot_number"],
            expires_on=row["lot_expires_on"],
            expiry_kind=row["lot_expiry_kind"],
        )
    return f"/lots/{row['lot_code']}"


def address_of(found: Lot) -> str:
    """`public_path` of a loaded lot."""
    pack = found.package
    return public_path(
        {
            "gtin": pack.gtin if pack else None,
            "gtin_is_internal": pack.gtin_is_internal if pack else False,
            "lot_number": found.number,
            "lot_expires_on": found.expires_on,
            "lot_expiry_kind": found.expiry_kind,
            "lot_code": found.code,
        }
    )


def _decisions(session: Session, product_id: int | None) -> list[CertificateFacts]:
    if product_id is None:
        return []
    rows = session.execute(
        select(*CERTIFICATE_COLUMNS).where(certificate.c.product_id == product_id)
    )
    return [CertificateFacts(*row) for row in rows]


def _allergens(session: Session, product_id: int | None, state: str | None) -> AllergenStatement:
    found: dict[str, list[str]] = {"contains": [], "may_contain": []}
    if product_id is not None:
        for containment, code in session.execute(
            select(ProductAllergen.containment, ProductAllergen.code)
            .where(ProductAllergen.product_id == product_id)
            .order_by(ProductAllergen.code)
        ):
            found.setdefault(containment, []).append(code)
    return AllergenStatement(
        state or "unknown", tuple(found["contains"]), tuple(found["may_contain"])
    )
