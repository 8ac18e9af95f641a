"""The page of a certificate: what was decided, and whether it may still be claimed on a day."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import FromClause, Select, bindparam, case, null, select
from sqlalchemy.orm import Session

from catalog.queries.errors import CertificateNotFound
from catalog.queries.listing import (
    CERTIFICATE_COLUMNS,
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

_C = len(CERTIFICATE_COLUMNS)


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
    (product_id, name, slug, maker, maker_slug, province) = row[_C + 4 : _C + 10]
    others = session.execute(_ALL, {"product_id": product_id})
    claim = star_claim((CertificateFacts(*other) for other in others), on)
    return CertificatePage(
        certificate=read_certificate(("certificate", *row[: _C + 4]), on),
        claim=claim if claim and claim.certificate_id == certificate_id else None,
        product_id=product_id,
        product_name=pick_name(name, row[_C + 10 :], locale),
        product_slug=slug,
        producer_name=maker,
        producer_slug=maker_slug,
        province_code=province,
        on=on,
    )


_ALL = select(*CERTIFICATE_COLUMNS).where(certificate.c.product_id == bindparam("product_id"))


@cache
def _main(locale: str) -> Select[Any]:
    source: FromClause = certificate.join(product, product.c.id == certificate.c.product_id).join(
        producer, producer.c.id == product.c.producer_id
    )
    source, names = join_names(source, locale)
    return (
        select(
            *CERTIFICATE_COLUMNS,
            certificate.c.scheme,
            certificate.c.issuing_level,
            certificate.c.rating_year,
            certificate.c.is_illustrative,
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
