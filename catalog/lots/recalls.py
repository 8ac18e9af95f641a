"""Calling goods back: a recall covers a lot and everything made from it, and ends with a reason."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from catalog.errors import InvalidFields
from catalog.lots.errors import AlreadyRecalled, RecallNotFound
from catalog.lots.recording import Flow, NewEvent, record_event
from catalog.models import Lot, Recall, RecallLot
from catalog.queries.lots import load_lot, lots_made_from, recalled_lots
from catalog.rules.dangers import DANGERS
from core import audit
from core.actor import Actor
from core.facts import announce
from core.people.permissions import require


def open_recall(
    session: Session,
    lot_id: int,
    *,
    reason: str,
    advice: str,
    actor: Actor,
    on: date,
    now: datetime,
    danger: str | None = None,
) -> Recall:
    """Call a lot back with every lot made from it, from this moment on.

    The stock is taken off the shelf by `orders.recalls.start_recall`, which callers outside use.
    Raises InvalidFields, AlreadyRecalled, LotNotFound, NotAllowed.
    """
    lot = load_lot(session, lot_id)
    require(actor, "lot.recall", producer_id=lot.producer_id)
    texts = {"reason": " ".join(reason.split()), "advice": " ".join(advice.split())}
    missing = {name: "missing" for name, text in texts.items() if not text}
    if danger is not None and danger not in DANGERS:
        missing["danger"] = "unknown_kind"
    if missing:
        raise InvalidFields(missing)
    if lot_id in recalled_lots(session, [lot_id]):
        raise AlreadyRecalled(lot_id=lot_id)
    covered = lots_made_from(session, lot_id)
    row = Recall(
        producer_id=lot.producer_id,
        lot_id=lot_id,
        started_on=on,
        started_at=now,
        started_by=actor.name,
        danger=danger,
        is_illustrative=lot.is_illustrative,
        lots=[RecallLot(lot_id=number) for number in covered],
        **texts,
    )
    session.add(row)
    session.flush()
    lots = session.scalars(select(Lot).where(Lot.id.in_(covered)).order_by(Lot.id))
    record_event(
        session,
        lot.producer_id,
        NewEvent(
            "recall",
            now,
            inputs=tuple(Flow(each.id, each.quantity, each.unit) for each in lots),
            note=texts["reason"],
            details={"recall_id": row.id},
            is_illustrative=lot.is_illustrative,
        ),
        actor=actor,
        on=on,
        now=now,
    )
    audit.record(
        session, actor, "recall.start", subject=f"recall:{row.id}", now=now,
        lot_id=lot_id, lots=covered, reason=texts["reason"],
    )  # fmt: skip
    announce(session, "lot.recalled", recall_id=row.id)
    return row


def end_recall(
    session: Session, recall_id: int, *, reason: str, actor: Actor, now: datetime
) -> Recall:
    """End a recall; ending twice changes nothing. What was off the shelf stays off until counted anew.

    Raises RecallNotFound, InvalidFields without a reason, NotAllowed.
    """
    row = load_recall(session, recall_id)
    require(actor, "lot.recall", producer_id=row.producer_id)
    text = " ".join(reason.split())
    if not text:
        raise InvalidFields({"reason": "missing"})
    if row.ended_at is None:
        session.execute(
            update(Recall)
            .where(Recall.id == recall_id, Recall.ended_at.is_(None))
            .values(ended_at=now, ended_reason=text)
        )
        session.refresh(row)
        audit.record(
            session, actor, "recall.end", subject=f"recall:{recall_id}", now=now, reason=text
        )
        announce(session, "lot.recall_ended", recall_id=recall_id)
    return row


def load_recall(session: Session, recall_id: int) -> Recall:
    """A recall with the lots it covers; raises RecallNotFound."""
    row = session.scalar(
        select(Recall)
        .where(Recall.id == recall_id)
        .options(
            selectinload(Recall.lots).joinedload(RecallLot.lot).joinedload(Lot.product),
            selectinload(Recall.lots).joinedload(RecallLot.lot).joinedload(Lot.package),
        )
    )
    if row is None:
        raise RecallNotFound(recall_id=recall_id)
    return row


def list_recalls(
    session: Session, *, producer_ids: list[int] | None = None, limit: int = 50
) -> list[Recall]:
    """Recalls with their first lot, open ones first, then the newest."""
    query = select(Recall).options(
        selectinload(Recall.lots).options(
            joinedload(RecallLot.lot).joinedload(Lot.product),
            joinedload(RecallLot.lot).joinedload(Lot.package),
        )
    )
    if producer_ids is not None:
        query = query.where(Recall.producer_id.in_(producer_ids))
    return list(
        session.scalars(query.order_by(Recall.ended_at.is_not(None), Recall.id.desc()).limit(limit))
    )
