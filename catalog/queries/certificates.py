"""The page of a certificate: what was decided, and whether it may still be claimed on a day."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, bindparam, case, null, select
from sqlalchemy.orm import Session

from catalog.queries.errors import CertificateNotFound
from catalog.queries.listing import (
    CERTIFICATE_COLUMNS,
    CERTIFICATE_RECORD,
    certificate,
    join_names,
    pick_name,
    producer,
    product,
    visible,
)
from catalog.queries.pages import CertificatePage
from catalog.queries.products import read_certificate
from catalog.rules.certification import CertificateFacts, star_claim

_RECORD = len(CERTIFICATE_RECORD)


def get_certificate_page(
    session: Session, certificate_id: int, *, locale: str, on: date
) -> CertificatePage:
    """A certificate as of `on`, with the claim it carries then; raises CertificateNotFound.

    `claim` is None when this certificate supports none that day: expired, revoked, unverified, or a
    later decision speaks for the product. Certificates of products never published are not shown.
    """
    row = session.execute(_main(locale), {"id": certificate_id, "on": on}).first()
    if row is None:
        raise CertificateNotFound(certificate_id=certificate_id)
    (product_id, name, slug, maker, maker_slug, province) = row[_RECORD : _RECORD + 6]
    others = session.execute(_ALL, {"product_id": product_id})
    claim = star_claim((CertificateFacts(*other) for other in others), on)
    return CertificatePage(
        certificate=read_certificate(("certificate", *row[:_RECORD]), on),
        claim=claim if claim and claim.certificate_id == certificate_id else None,
        product_id=product_id,
        product_name=pick_name(name, row[_RECORD + 6 :], locale),
        product_slug=slug,
        producer_name=maker,
        producer_slug=maker_slug,
        province_code=province,
        on=on,
    )


def certificate_facts_of(
    session: Session, which: ColumnElement[bool]
) -> dict[int, list[CertificateFacts]]:
    """The certificates of some products by product id, in the order they were entered; one statement."""
    found: dict[int, list[CertificateFacts]] = {}
    for product_id, *facts in session.execute(
        select(certificate.c.product_id, *CERTIFICATE_COLUMNS)
        .join(product, product.c.id == certificate.c.product_id)
        .where(which)
        .order_by(certificate.c.product_id, certificate.c.id)
    ):
        found.setdefault(product_id, []).append(CertificateFacts(*facts))
    return found


_ALL = select(*CERTIFICATE_COLUMNS).where(certificate.c.product_id == bindparam("product_id"))


@cache
def _main(locale: str) -> Select[Any]:
    source: FromClause = certificate.join(product, product.c.id == certificate.c.product_id).join(
        producer, producer.c.id == product.c.producer_id
    )
    source, names = join_names(source, locale)
    return (
        select(
            *CERTIFICATE_RECORD,
            product.c.id,
            product.c.name,
            case((visible(), product.c.slug), else_=null()),
            producer.c.name,
            producer.c.slug,
            producer.c.province_code,
            *names,
        )
        .select_from(source)
        .where(certificate.c.id == bindparam("id"), product.c.published_at.is_not(None))
    )
