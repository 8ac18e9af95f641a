"""Registering a producer and keeping its facts and papers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.announcing import announce_once
from catalog.changing import refuse_stale, set_changed
from catalog.checking import producer_mistakes
from catalog.errors import CodeTaken, InvalidFields, ProducerNotFound
from catalog.models import Paper, Producer
from catalog.papers import record_paper
from catalog.publishing import refresh_producer
from catalog.rules.publication import FACILITY_OR_PRODUCT_PAPERS
from catalog.rules.tax_numbers import tidy_tax_number
from catalog.slugs import free_slug
from core import audit
from core.actor import Actor
from core.people.permissions import require

PAPER_KINDS = (*sorted(FACILITY_OR_PRODUCT_PAPERS), "test_report")


def find_producer(session: Session, producer_id: int) -> Producer:
    """The row; raises ProducerNotFound."""
    producer = session.get(Producer, producer_id)
    if producer is None:
        raise ProducerNotFound(producer_id=producer_id)
    return producer


def create_producer(
    session: Session, code: str, values: Mapping[str, Any], *, actor: Actor, now: datetime
) -> Producer:
    """Register a producer under the key of its source; raises InvalidFields, CodeTaken, Forbidden."""
    require(actor, "catalog.import")
    _check({"name": "", **values})
    if session.scalar(select(Producer.id).where(Producer.code == code)) is not None:
        raise CodeTaken(field="code", value=code)
    slug = free_slug(session, Producer, str(values["name"]))
    producer = Producer(code=code, slug=slug, created_at=now, updated_at=now, **values)
    session.add(producer)
    session.flush()
    _tell(session, producer, "producer.create", actor, now, fields=sorted(values))
    return producer


def update_producer(
    session: Session,
    producer_id: int,
    changes: Mapping[str, Any],
    *,
    actor: Actor,
    on: date,
    now: datetime,
    version: int | None = None,
) -> bool:
    """Change the given fields; returns whether anything changed.

    With `version` (the one the form showed), raises StaleVersion when somebody was faster. Raises
    ProducerNotFound, InvalidFields and Forbidden too.
    """
    producer = find_producer(session, producer_id)
    require(actor, "producer.edit", producer_id=producer_id)
    refuse_stale(producer, version)
    if changes.get("tax_number"):
        changes = {**changes, "tax_number": tidy_tax_number(str(changes["tax_number"]))}
    _check(changes, producer)
    changed = set_changed(producer, changes)
    if not changed:
        return False
    producer.updated_at = now
    refresh_producer(session, producer_id, on=on)
    _tell(session, producer, "producer.update", actor, now, fields=changed)
    return True


def record_food_safety_document(
    session: Session,
    producer_id: int,
    *,
    kind: str,
    number: str | None,
    issued_on: date | None,
    valid_to: date | None,
    issuer: str | None,
    actor: Actor,
    on: date,
    now: datetime,
    product_id: int | None = None,
    is_illustrative: bool = False,
) -> Paper:
    """Add a food-safety paper of the producer, or of one of its products; raises InvalidFields."""
    if kind not in PAPER_KINDS:
        raise InvalidFields({"kind": "unknown_kind"})
    return record_paper(
        session,
        producer_id,
        kind=kind,
        number=number,
        issued_on=issued_on,
        valid_to=valid_to,
        issuer=issuer,
        product_id=product_id,
        is_illustrative=is_illustrative,
        actor=actor,
        on=on,
        now=now,
    )


def _check(values: Mapping[str, Any], producer: Producer | None = None) -> None:
    mistakes = producer_mistakes(values, producer)
    if mistakes:
        raise InvalidFields(mistakes)


def _tell(
    session: Session, producer: Producer, action: str, actor: Actor, now: datetime, **details: Any
) -> None:
    subject = f"producer:{producer.id}"
    audit.record(session, actor, action, subject=subject, now=now, **details)
    announce_once(session, "producer.changed", producer_id=producer.id)
