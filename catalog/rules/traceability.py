"""What may happen to a lot, what must be written down with it, and what follows: state, balance, order of sale.

One step back and one step forward must always answer (Circular 02/2024/TT-BKHCN; Regulation (EC)
178/2002 Art. 18), so an event that takes goods in says from whom, and one that lets them go says to whom.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

KINDS = ("harvest", "catch", "receive", "process", "pack", "ship", "recall", "void")
"""In the order of a lot's life. ``void``: the corrected event never happened."""

BEGINNINGS = frozenset({"harvest", "catch", "receive"})
"""Lots come into being here; only outputs."""

CHANGES = frozenset({"process", "pack"})
"""Lots become other lots: inputs and outputs."""

EXPIRY_KINDS = ("use_by", "best_before")

_NUMBER = re.compile(r"[A-Za-z0-9!\"%&'()*+,\-./_:;<=>?]{1,20}")
"""GS1 General Specifications, application identifier 10: up to 20 of the 82 characters of ISO 646."""

_BALANCE_TOLERANCE = Decimal("1.001")
"""Scales and rounding; more than one in a thousand is worth a question."""

_MASS = {"g": Decimal(1), "kg": Decimal(1000), "tấn": Decimal(1_000_000), "mg": Decimal("0.001")}
_VOLUME = {"ml": Decimal(1), "l": Decimal(1000)}


@dataclass(frozen=True, slots=True)
class Portion:
    """So much of a lot going into or coming out of an event.

    ``content`` and ``content_unit`` say what one piece holds where ``unit`` counts packages.
    """

    lot_id: int
    role: str
    quantity: Decimal
    unit: str
    content: Decimal | None = None
    content_unit: str | None = None


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What the rule needs to know of an event before it is written."""

    kind: str
    on: date
    today: date
    party: str = ""
    portions: tuple[Portion, ...] = ()
    corrects: bool = False


@dataclass(frozen=True, slots=True)
class EventProblem:
    """Why an event cannot be written, or (``is_warning``) what should be looked at again."""

    code: str
    field: str
    facts: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class LotFacts:
    """What decides whether a lot may be sold: its last day, and whether it is called back."""

    id: int
    number: str
    produced_on: date | None
    expires_on: date | None
    expiry_kind: str = "best_before"
    recalled: bool = False
    left: Decimal = Decimal(0)


def is_lot_number(text: str) -> bool:
    """Whether this can stand behind application identifier 10 of a GS1 code."""
    return _NUMBER.fullmatch(text) is not None


def propose_number(produced_on: date, taken: Collection[str]) -> str:
    """A number nobody has yet: the day as yymmdd, then yymmdd-2, yymmdd-3 …"""
    day = f"{produced_on:%y%m%d}"
    if day not in taken:
        return day
    n = 2
    while f"{day}-{n}" in taken:
        n += 1
    return f"{day}-{n}"


def lot_state(lot: LotFacts, on: date) -> str:
    """One of recalled, expired, past_best_before, good; the last day itself still counts as good."""
    if lot.recalled:
        return "recalled"
    if lot.expires_on is not None and on > lot.expires_on:
        return "expired" if lot.expiry_kind == "use_by" else "past_best_before"
    return "good"


def may_be_sold(lot: LotFacts, on: date) -> bool:
    """Neither called back nor past its date; a shop sells nothing past best-before either."""
    return lot_state(lot, on) == "good"


def first_expired_first_out(
    lots: Iterable[LotFacts], wanted: Decimal, on: date
) -> list[tuple[int, Decimal]]:
    """Which lots to send, the soonest to expire first; may cover less than wanted, never more.

    Lots without a date go last, then the older before the newer.
    """
    usable = [lot for lot in lots if may_be_sold(lot, on) and lot.left > 0]
    usable.sort(key=lambda lot: (lot.expires_on or date.max, lot.produced_on or date.max, lot.id))
    chosen: list[tuple[int, Decimal]] = []
    for lot in usable:
        if wanted <= 0:
            break
        taken = min(wanted, lot.left)
        chosen.append((lot.id, taken))
        wanted -= taken
    return chosen


def event_problems(event: EventFacts) -> list[EventProblem]:
    """Everything that is wrong or odd with an event, errors before warnings."""
    if event.kind not in KINDS:
        return [EventProblem("unknown_kind", "kind", {"kind": event.kind})]
    problems = [*_shape_problems(event), *_quantity_problems(event)]
    if event.on > event.today:
        problems.append(EventProblem("in_future", "happened_on", {"on": event.on.isoformat()}))
    if event.kind in ("receive", "ship") and not event.party.strip():
        problems.append(EventProblem("party_missing", "party"))
    if event.kind == "void" and not event.corrects:
        problems.append(EventProblem("nothing_to_correct", "corrects"))
    return problems + ([] if problems else balance_warnings(event.portions))


def _shape_problems(event: EventFacts) -> list[EventProblem]:
    """Whether lots go in and come out as the kind of event has it."""
    roles = {portion.role for portion in event.portions}
    if event.kind in BEGINNINGS:
        wanted = {"output"}
    elif event.kind in CHANGES:
        wanted = {"input", "output"}
    elif event.kind == "void":
        wanted = set()
    else:
        wanted = {"input"}
    missing = [EventProblem(f"{role}_missing", role) for role in sorted(wanted - roles)]
    extra = [EventProblem(f"{role}_not_allowed", role) for role in sorted(roles - wanted)]
    both = {p.lot_id for p in event.portions if p.role == "input"} & {
        p.lot_id for p in event.portions if p.role == "output"
    }
    into_itself = [
        EventProblem("into_itself", "output", {"lot_id": lot_id}) for lot_id in sorted(both)
    ]
    return missing + extra + into_itself


def _quantity_problems(event: EventFacts) -> list[EventProblem]:
    return [
        EventProblem("not_positive", portion.role, {"lot_id": portion.lot_id})
        for portion in event.portions
        if portion.quantity <= 0
    ]


def balance_warnings(portions: Iterable[Portion]) -> list[EventProblem]:
    """A warning when more comes out than went in; silent where the two cannot be compared.

    Mass and volume are not turned into each other, and an input that cannot be weighed makes the
    comparison impossible rather than wrong.
    """
    listed = tuple(portions)
    for measure in ("g", "ml"):
        inputs = [_measured(p, measure) for p in listed if p.role == "input"]
        outputs = [_measured(p, measure) for p in listed if p.role == "output"]
        if not inputs or not outputs or None in inputs or None in outputs:
            continue
        went_in = sum((q for q in inputs if q is not None), Decimal(0))
        came_out = sum((q for q in outputs if q is not None), Decimal(0))
        if came_out > went_in * _BALANCE_TOLERANCE:
            facts = {"inputs": str(went_in), "outputs": str(came_out), "unit": measure}
            return [EventProblem("more_out_than_in", "output", facts, is_warning=True)]
    return []


def _measured(portion: Portion, measure: str) -> Decimal | None:
    """The portion in grams or millilitres, or None."""
    scale = _MASS if measure == "g" else _VOLUME
    unit = portion.unit.casefold()
    if unit in scale:
        return portion.quantity * scale[unit]
    inner = (portion.content_unit or "").casefold()
    if portion.content is not None and inner in scale:
        return portion.quantity * portion.content * scale[inner]
    return None


def in_unit(quantity: Decimal, unit: str, wanted: str) -> Decimal | None:
    """The quantity in another unit of the same measure; None where the two do not compare."""
    own, other = unit.casefold(), wanted.casefold()
    if own == other:
        return quantity
    for scale in (_MASS, _VOLUME):
        if own in scale and other in scale:
            return quantity * scale[own] / scale[other]
    return None


def overdrawn(made: Decimal | None, used: Decimal) -> bool:
    """Whether more of a lot was used and sent than was ever made of it."""
    return made is not None and used > made * _BALANCE_TOLERANCE
