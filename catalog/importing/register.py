"""A row of an OCOP register: a producer, a draft product and what was recognised."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.certificates import record_certificate, record_unverified, tidy_number
from catalog.importing.rows import Row
from catalog.models import Certificate, Producer, Product
from catalog.producers import create_producer, update_producer
from catalog.products import create_product, update_product
from catalog.reference import Province, find_province
from core.actor import Actor
from core.facts import announce
from i18n.text import fold, slugify

REQUIRED = ("code", "name", "producer_name", "province")

KINDS = {
    "company": "enterprise",
    "doanh nghiep": "enterprise",
    "cong ty": "enterprise",
    "enterprise": "enterprise",
    "htx": "cooperative",
    "hop tac xa": "cooperative",
    "cooperative": "cooperative",
    "cooperative group": "cooperative_group",
    "to hop tac": "cooperative_group",
    "tht": "cooperative_group",
    "household": "household",
    "ho kinh doanh": "household",
    "ho san xuat": "household",
    "hkd": "household",
    "facility": "facility",
    "co so": "facility",
    "co so san xuat": "facility",
    "farm": "farm",
    "trang trai": "farm",
    "board": "board",
    "ban quan ly": "board",
    "unknown": "unknown",
}
_PACKSHOTS = {
    "food": "bag",
    "drink": "bottle",
    "handicraft": "craft",
    "herbal": "plant",
    "tourism": "tour",
}


def store_register_row(
    session: Session, row: Row, *, actor: Actor, on: date, now: datetime
) -> None:
    """Store one recognition; raises RowRejected with everything wrong in the row.

    The row becomes a draft, never a listing. Only with a decision number and a date is the
    certificate verifiable; else it is kept with stars and year and supports no claim.
    """
    code = row.required("code", 80)
    name = row.required("name")
    maker = row.required("producer_name")
    province = row.province()
    _check_former(row, province)
    stars, year = row.stars(), row.year()
    issued_on = row.day("decision_date", on=on)
    number = row.text("decision_number", 80)
    if number and issued_on and stars is None and not row.problems:
        row.refuse("stars", "missing")
    kind = _kind(row)
    row.finish()
    producer = _store_producer(session, row, maker, kind, province, actor=actor, on=on, now=now)
    product = session.scalar(select(Product).where(Product.code == code))
    values = {"name": name, "source": _source(row)}
    if product is None:
        values["packshot"] = _PACKSHOTS.get(row.text("group_guess") or "", "box")
        product = create_product(session, producer.id, code, values, actor=actor, now=now)
    else:
        if product.producer_id != producer.id:
            row.refuse("code", "taken", producer=product.producer.name)
            row.finish()
        update_product(session, product.id, values, actor=actor, on=on, now=now)
    _store_certificate(session, row, product, stars, year, number, issued_on, actor, on, now)


def producer_code(province: Province, name: str) -> str:
    """The key of a maker a register only names: province and name without marks."""
    return f"reg:{province.code}:{slugify(name, longest=70)}"


def _kind(row: Row) -> str:
    text = row.text("producer_type")
    if text is None:
        return "unknown"
    kind = KINDS.get(fold(text).replace("_", " "))
    if kind is None:
        row.refuse("producer_type", "unknown_kind", allowed=sorted(set(KINDS.values())))
    return kind or "unknown"


def _check_former(row: Row, province: Province | None) -> None:
    former = row.text("former_province", 100)
    if former is None or province is None:
        return
    present = find_province(former)
    if present is None:
        row.refuse("former_province", "unknown_province")
    elif present.code != province.code and fold(former) != fold(province.names["vi"]):
        row.refuse("former_province", "former_unit_mismatch", belongs_to=present.names["vi"])


def _former_unit(row: Row, province: Province) -> str | None:
    former = row.text("former_province", 100)
    if former and fold(former) == fold(province.names["vi"]):
        former = None
    parts = [part for part in (row.text("place", 100), former) if part]
    return ", ".join(parts) or None


def _store_producer(
    session: Session,
    row: Row,
    name: str,
    kind: str,
    province: Province | None,
    *,
    actor: Actor,
    on: date,
    now: datetime,
) -> Producer:
    """Find or register the maker; a later row only fills what is still empty, never overwrites."""
    if province is None:  # row.finish() has raised already
        raise ValueError("a province is needed")
    code = row.text("producer_code", 80) or producer_code(province, name)
    producer = session.scalar(select(Producer).where(Producer.code == code))
    former = _former_unit(row, province)
    if producer is None:
        values = {
            "name": name,
            "kind": kind,
            "province_code": province.code,
            "former_unit": former,
            "commune": row.text("commune", 120),
            "source": row.text("source_site"),
        }
        return create_producer(session, code, values, actor=actor, now=now)
    changes: dict[str, str] = {}
    if producer.kind == "unknown" and kind != "unknown":
        changes["kind"] = kind
    if producer.former_unit is None and former:
        changes["former_unit"] = former
    if changes:
        update_producer(session, producer.id, changes, actor=actor, on=on, now=now)
    return producer


def _source(row: Row) -> str | None:
    """Where the row was read, with the columns nobody knows kept as "heading: value"."""
    names = ("source_site", "source_title", "source_date")
    parts = [text for name in names if (text := row.text(name))]
    parts += [f"{heading}: {value}" for heading, value in row.extra.items() if value]
    return " · ".join(parts) or None


def _store_certificate(
    session: Session,
    row: Row,
    product: Product,
    stars: int | None,
    year: int | None,
    number: str | None,
    issued_on: date | None,
    actor: Actor,
    on: date,
    now: datetime,
) -> None:
    known = session.scalars(select(Certificate).where(Certificate.product_id == product.id)).all()
    if number and issued_on and stars is not None:
        number = tidy_number(number)
        issuer = row.text("issuer", 200)
        for certificate in known:
            if (certificate.decision_number, certificate.issued_on) == (number, issued_on):
                if certificate.stars != stars:
                    row.refuse("stars", "taken", recorded=certificate.stars)
                    row.finish()
                return
        record_certificate(
            session,
            product.id,
            decision_number=number,
            issued_on=issued_on,
            issuer=issuer,
            issuing_level="central" if "BNN" in number else None,
            stars=stars,
            rating_year=year,
            source=_source(row),
            actor=actor,
            on=on,
            now=now,
        )
        return
    if stars is None and year is None and number is None:
        return
    values: dict[str, Any] = {
        "stars": stars,
        "rating_year": year,
        "decision_number": tidy_number(number) if number else None,
        "issued_on": issued_on,
    }
    loose = [c for c in known if c.decision_number is None or c.issued_on is None]
    if not loose:
        record_unverified(session, product.id, **values, source=_source(row), actor=actor, now=now)
    elif any(getattr(loose[0], name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(loose[0], name, value)
        announce(session, "certificate.recorded", product_id=product.id)
