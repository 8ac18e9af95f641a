"""The page of a certificate: what was decided, and whether it may still be claimed on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, bindparam, case, null, select
from sqlalchemy.orm import Session

from catalog.queries.errors import CertificateNotFound
from catalog.queries.ledger import list_mark_claims
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
from catalog.queries.slugs import local_slug
from catalog.rules.certification import CertificateFacts, star_claim, state_among

_RECORD = len(CERTIFICATE_RECORD)
_NAMES = _RECORD + 12


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
    (product_id, name, slug, maker, maker_slug, province, superseded_by, *said) = row[
        _RECORD:_NAMES
    ]
    others = session.execute(_ALL, {"product_id": product_id}).all()
    known = [CertificateFacts(*other[:-1]) for other in others]
    claim = star_claim(known, on)
    view = read_certificate(("certificate", *row[:_RECORD]), on)
    return CertificatePage(
        certificate=replace(view, state=state_among(known, certificate_id, on)),
        claim=claim if claim and claim.certificate_id == certificate_id else None,
        product_id=product_id,
        product_name=pick_name(name, row[_NAMES:], locale),
        product_slug=slug,
        producer_name=maker,
        producer_slug=maker_slug,
        province_code=province,
        on=on,
        superseded_by=_other(known, superseded_by, on),
        replaces=_other(known, next((c[0] for c in others if c[-1] == certificate_id), None), on),
        revoked_reason=said[0] if view.state == "revoked" else None,
        score=said[1],
        score_parts=tuple(part for part in said[2:] if part is not None),
        marks=list_mark_claims(session, [product_id], on=on).get(product_id, ()),
    )


def _other(
    known: list[CertificateFacts], certificate_id: int | None, on: date
) -> CertificateFacts | None:
    """The decision before or after, unless it had not been made on that day."""
    return next(
        (c for c in known if c.id == certificate_id and c.issued_on and c.issued_on <= on), None
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


_ALL = select(*CERTIFICATE_COLUMNS, certificate.c.superseded_by_id).where(
    certificate.c.product_id == bindparam("product_id")
)


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
            case((visible(), local_slug(locale)), else_=null()),
            producer.c.name,
            producer.c.slug,
            producer.c.province_code,
            certificate.c.superseded_by_id,
            certificate.c.revoked_reason,
            certificate.c.score,
            certificate.c.score_a,
            certificate.c.score_b,
            certificate.c.score_c,
            *names,
        )
        .select_from(source)
        .where(certificate.c.id == bindparam("id"), product.c.published_at.is_not(None))
    )
