"""Lots and events as an EPCIS 2.0 document (JSON-LD), for partners' and authorities' systems.

Classes are named by GS1 Digital Link where the goods have a true GTIN and by the lot's address in this
house where they have none, so that no in-house number ever looks like a GTIN (ADR 0012).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalog.models import Lot, LotEvent, LotEventItem, Producer
from catalog.producers import find_producer
from catalog.queries.lot_page import address_of
from catalog.queries.lots import load_events
from catalog.rules.identifiers import is_valid_gln
from core.clock import VIETNAM

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
ID_ROOT = "https://id.gs1.org"
OFFSET = "+07:00"
_UNITS = {"kg": "KGM", "g": "GRM", "mg": "MGM", "tấn": "TNE", "l": "LTR", "ml": "MLT"}
_STEPS = {
    "harvest": ("commissioning", "active"),
    "catch": ("commissioning", "active"),
    "receive": ("receiving", "in_progress"),
    "process": ("commissioning", "active"),
    "pack": ("packing", "in_progress"),
    "ship": ("shipping", "in_transit"),
    "recall": ("holding", "recalled"),
}
"""Business step and disposition, from the Core Business Vocabulary 2.0."""

_NAMESPACE = "ocop"


def epcis_document(
    producer: Producer, events: Sequence[LotEvent], *, base_url: str, now: datetime
) -> dict[str, Any]:
    """The events of one producer; corrected ones carry an error declaration, as the standard asks."""
    corrections = {event.corrects_id: event for event in events if event.corrects_id is not None}
    return {
        "@context": [CONTEXT, {_NAMESPACE: f"{base_url}/ns/"}],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": _moment(now),
        "epcisBody": {
            "eventList": [
                _event(event, producer, corrections.get(event.id), base_url)
                for event in events
                if event.kind != "void"
            ]
        },
    }


def producer_document(
    session: Session, producer_id: int, *, base_url: str, now: datetime
) -> dict[str, Any]:
    """Every event of every lot of one producer; raises ProducerNotFound."""
    producer = find_producer(session, producer_id)
    lots = session.scalars(select(Lot.id).where(Lot.producer_id == producer_id)).all()
    return epcis_document(producer, load_events(session, lots), base_url=base_url, now=now)


def _event(
    event: LotEvent, producer: Producer, correction: LotEvent | None, base_url: str
) -> dict[str, Any]:
    step, disposition = _STEPS[event.kind]
    inputs = [item for item in event.items if item.role == "input"]
    outputs = [item for item in event.items if item.role == "output"]
    told: dict[str, Any] = {
        "type": "TransformationEvent" if inputs and outputs else "ObjectEvent",
        "eventID": f"urn:uuid:{event.uuid}",
        "eventTime": _moment(event.happened_at),
        "recordTime": _moment(event.recorded_at),
        "eventTimeZoneOffset": OFFSET,
        "bizStep": step,
        "disposition": disposition,
        "readPoint": {"id": _place(producer, base_url)},
        "bizLocation": {"id": _place(producer, base_url)},
    }
    if inputs and outputs:
        told["transformationID"] = f"urn:uuid:{event.uuid}"
        told["inputQuantityList"] = _quantities(inputs, base_url)
        told["outputQuantityList"] = _quantities(outputs, base_url)
    else:
        told["action"] = "ADD" if step == "commissioning" else "OBSERVE"
        told["quantityList"] = _quantities(inputs or outputs, base_url)
    told.update(_parties(event, base_url))
    for name, value in (("place", event.place), ("kind", event.kind), ("party", event.party)):
        if value:
            told[f"{_NAMESPACE}:{name}"] = value
    if correction is not None:
        told["errorDeclaration"] = _declaration(correction)
    return told


def _declaration(correction: LotEvent) -> dict[str, Any]:
    if correction.kind == "void":
        return {"declarationTime": _moment(correction.recorded_at), "reason": "did_not_occur"}
    return {
        "declarationTime": _moment(correction.recorded_at),
        "reason": "incorrect_data",
        "correctiveEventIDs": [f"urn:uuid:{correction.uuid}"],
    }


def _quantities(items: Iterable[LotEventItem], base_url: str) -> list[dict[str, Any]]:
    listed = []
    for item in items:
        quantity = item.quantity
        whole = quantity == quantity.to_integral_value()
        element: dict[str, Any] = {
            "epcClass": epc_class(item.lot, base_url),
            "quantity": int(quantity) if whole else float(quantity),
        }
        unit = _UNITS.get(item.unit.casefold())
        if unit is not None:
            element["uom"] = unit
        listed.append(element)
    return listed


def epc_class(lot: Lot, base_url: str) -> str:
    """The class of a lot: GTIN and lot at id.gs1.org, else the lot's own address here."""
    path = address_of(lot).partition("?")[0]
    return f"{ID_ROOT}{path}" if path.startswith("/01/") else f"{base_url}{path}"


def _place(producer: Producer, base_url: str) -> str:
    if producer.gln and is_valid_gln(producer.gln):
        return f"{ID_ROOT}/414/{producer.gln}"
    return f"{base_url}/vi/producers/{producer.slug}"


def _parties(event: LotEvent, base_url: str) -> dict[str, Any]:
    """Where goods came from or go to, and the paper that went with them."""
    told: dict[str, Any] = {}
    if event.party_gln:
        other = f"{ID_ROOT}/417/{event.party_gln}"
        if event.kind == "receive":
            told["sourceList"] = [{"type": "owning_party", "source": other}]
        elif event.kind == "ship":
            told["destinationList"] = [{"type": "owning_party", "destination": other}]
    if event.document:
        told["bizTransactionList"] = [
            {
                "type": "recadv" if event.kind == "receive" else "desadv",
                "bizTransaction": f"{base_url}/ns/papers/{event.uuid}",
            }
        ]
        told[f"{_NAMESPACE}:document"] = event.document
    return told


def _moment(moment: datetime) -> str:
    return moment.astimezone(VIETNAM).isoformat(timespec="milliseconds")
