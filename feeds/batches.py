"""Building a batch: what is on sale, what is complete, what is new; then numbered, rendered and kept for good."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from core.actor import Actor
from core.audit import record
from core.facts import announce
from feeds.checking import FileFault
from feeds.formats.lines import Batch, Line
from feeds.locking import lock_partner
from feeds.models import (
    FeedBatch,
    FeedBatchFile,
    FeedBatchLine,
    FeedHeldItem,
    FeedItem,
    FeedSequence,
)
from feeds.profiles import Profile
from feeds.rules import completeness
from feeds.rules.completeness import Lack
from feeds.rules.diff import Difference, Known, LastLine, difference
from feeds.rules.items import content_hash, item_of, payload_of, withdrawal_of
from feeds.snapshot import Offer, load_offers
from feeds.writing import digest_of, write_files

_UNSENT = "built"


@dataclass(frozen=True, slots=True)
class HeldItem:
    """A package that is on sale but not complete for this partner."""

    package_id: int
    sku: str
    name: str
    problems: tuple[Lack, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a build would do: lines in order, held items, and why the rest stays unsaid."""

    lines: tuple[PlannedLine, ...]
    held: tuple[HeldItem, ...]
    difference: Difference


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """One line before it has a number."""

    action: str
    gtin: str
    package_id: int | None
    payload: dict[str, Any]
    content_hash: str


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. ``number`` is None when there was nothing to say.

    ``waiting`` is the number of an unsent batch that already says exactly this; ``superseded`` are unsent
    batches that this one replaces; ``faults`` are why the files of the batch may not be sent.
    """

    number: int | None
    batch_id: int | None
    actions: Mapping[str, int]
    held: tuple[HeldItem, ...]
    same: int
    awaiting: int
    refused: int
    waiting: int | None = None
    superseded: tuple[int, ...] = field(default=())
    faults: tuple[FileFault, ...] = field(default=())


def build(
    session: Session, profile: Profile, *, now: datetime, on: date, actor: Actor, full: bool = False
) -> BuildReport:
    """Build the next batch for the partner in the caller's transaction.

    An incomplete item is held with its reasons and never stops the others. Two builds for one partner wait
    for each other on the partner's sequence row, so numbers have no gap and no double. When nothing is new,
    there is no batch and no number is used. The session's transaction began as a write.
    """
    last_number = lock_partner(session, profile.code)
    plan = make_plan(session, profile, on=on, full=full)
    _keep_held(session, profile.code, plan.held, now=now)
    unsent = _unsent_batches(session, profile.code)
    said = [(line.gtin, line.action, line.content_hash) for line in plan.lines]
    if not said:
        superseded = _supersede(session, unsent)
        return _report(plan, superseded=superseded)
    for batch in unsent:
        if batch.kind != ("full" if full else "delta") or _said_by(session, batch.id) != said:
            continue
        if _is_written_as_now(batch, plan, profile):
            return _report(plan, batch_id=batch.id, waiting=batch.number)
    superseded = _supersede(session, unsent)
    batch = _store(session, profile, plan, number=last_number + 1, now=now, full=full)
    session.execute(
        update(FeedSequence)
        .where(FeedSequence.partner == profile.code)
        .values(last_number=batch.number)
    )
    announce(session, "feed.batch_built", batch_id=batch.id)
    record(
        session,
        actor,
        "feed.build",
        subject=f"feed_batch:{batch.id}",
        now=now,
        partner=profile.code,
        number=batch.number,
        lines=batch.item_count,
    )
    return _report(plan, batch_id=batch.id, number=batch.number, superseded=superseded)


def make_plan(session: Session, profile: Profile, *, on: date, full: bool = False) -> Plan:
    """What a build would say now; reads only, so it also serves a preview."""
    offers = load_offers(session, profile, on=on)
    known, payloads, packages = _known(session, profile.code)
    complete, held = _judged(offers, profile)
    held_keys = {offer.item.gtin for offer in offers} - set(complete)
    current = {gtin: (offer.package_id, payload_of(offer.item)) for gtin, offer in complete.items()}
    current |= _changed_recognitions(offers, held_keys, payloads)
    hashes = {gtin: content_hash(payload) for gtin, (_package, payload) in current.items()}
    gone = {gtin: _withdrawal(gtin, payloads) for gtin in set(known) - set(current)}
    found = difference(
        hashes,
        known,
        held=frozenset(held_keys),
        withdrawal_hashes={gtin: content_hash(payload) for gtin, payload in gone.items()},
        full=full,
    )
    lines = []
    for gtin, action in list(found.actions.items())[: profile.max_items]:
        package_id, payload = current.get(gtin, (packages.get(gtin), gone.get(gtin, {})))
        lines.append(PlannedLine(action, gtin, package_id, payload, content_hash(payload)))
    return Plan(tuple(lines), tuple(held), found)


def _judged(offers: Iterable[Offer], profile: Profile) -> tuple[dict[str, Offer], list[HeldItem]]:
    listed = list(offers)
    doubled = completeness.doubled(offer.item for offer in listed)
    complete: dict[str, Offer] = {}
    held: list[HeldItem] = []
    for offer in listed:
        item = offer.item
        problems = completeness.lacks(item, profile.requirements)
        if item.gtin in doubled:
            facts = {"gtin": item.gtin, "skus": doubled[item.gtin]}
            problems.append(Lack("gtin_doubled", "gtin", facts))
        if problems:
            held.append(HeldItem(offer.package_id, item.sku, item.name_vi, tuple(problems)))
        else:
            complete[item.gtin] = offer
    return complete, held


def _changed_recognitions(
    offers: Iterable[Offer], held_keys: set[str], payloads: Mapping[str, dict[str, Any]]
) -> dict[str, tuple[int, dict[str, Any]]]:
    """Held items whose accepted content claims another recognition than today's: said again with today's.

    Whatever else is missing, a partner must not go on showing stars that are no longer valid.
    """
    changed = {}
    for offer in offers:
        gtin = offer.item.gtin
        accepted = payloads.get(gtin)
        if gtin not in held_keys or accepted is None:
            continue
        claim = payload_of(offer.item)["recognition"]
        if accepted.get("recognition") and accepted["recognition"] != claim:
            changed[gtin] = (offer.package_id, {**accepted, "recognition": claim})
    return changed


def _withdrawal(gtin: str, payloads: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """A withdrawal carries the number, and the name by which the partner knew the item."""
    accepted = payloads.get(gtin) or {}
    known_as: dict[str, Any] = {
        name: accepted[name] for name in ("sku", "name_vi") if name in accepted
    }
    return {**withdrawal_of(gtin), **known_as}


def _known(
    session: Session, partner: str
) -> tuple[dict[str, Known], dict[str, dict[str, Any]], dict[str, int | None]]:
    """What the partner knows: accepted hashes, accepted contents, and the newest line that left the house."""
    items = session.execute(
        select(
            FeedItem.item_key,
            FeedItem.accepted_hash,
            FeedItem.accepted_payload,
            FeedItem.package_id,
        ).where(FeedItem.partner == partner)
    ).all()
    left = (
        select(FeedBatchLine.item_key, func.max(FeedBatch.number).label("number"))
        .join(FeedBatch, FeedBatch.id == FeedBatchLine.batch_id)
        .where(
            FeedBatch.partner == partner,
            FeedBatch.state.not_in((_UNSENT, "superseded")),
            FeedBatchLine.state != "superseded",
        )
        .group_by(FeedBatchLine.item_key)
        .subquery()
    )
    lines = session.execute(
        select(
            FeedBatchLine.item_key,
            FeedBatchLine.action,
            FeedBatchLine.content_hash,
            FeedBatchLine.state,
            FeedBatchLine.package_id,
        )
        .join(FeedBatch, FeedBatch.id == FeedBatchLine.batch_id)
        .join(
            left,
            (left.c.item_key == FeedBatchLine.item_key) & (left.c.number == FeedBatch.number),
        )
        .where(FeedBatch.partner == partner)
    ).all()
    last = {row[0]: LastLine(row[1], row[2], row[3]) for row in lines}
    accepted = {row[0]: row[1] for row in items}
    packages = {row[0]: row[4] for row in lines} | {row[0]: row[3] for row in items}
    payloads = {row[0]: row[2] for row in items if row[2] is not None}
    known = {key: Known(accepted.get(key), last.get(key)) for key in set(accepted) | set(last)}
    return known, payloads, packages


def _unsent_batches(session: Session, partner: str) -> list[FeedBatch]:
    return list(
        session.scalars(
            select(FeedBatch)
            .where(FeedBatch.partner == partner, FeedBatch.state == _UNSENT)
            .order_by(FeedBatch.number)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def _said_by(session: Session, batch_id: int) -> list[tuple[str, str, str]]:
    rows = session.execute(
        select(FeedBatchLine.item_key, FeedBatchLine.action, FeedBatchLine.content_hash)
        .where(FeedBatchLine.batch_id == batch_id)
        .order_by(FeedBatchLine.line_no)
    )
    return [(key, action, digest) for key, action, digest in rows]


def _supersede(session: Session, batches: Iterable[FeedBatch]) -> tuple[int, ...]:
    """Mark unsent batches, and their lines, as replaced; one that has left the house is never touched."""
    numbers = []
    for batch in batches:
        session.execute(
            update(FeedBatch).where(FeedBatch.id == batch.id).values(state="superseded")
        )
        session.execute(
            update(FeedBatchLine)
            .where(FeedBatchLine.batch_id == batch.id)
            .values(state="superseded")
        )
        numbers.append(batch.number)
    return tuple(numbers)


def _is_written_as_now(batch: FeedBatch, plan: Plan, profile: Profile) -> bool:
    """Whether an unsent batch is as we would write it today; one with faults is, until somebody mends that.

    Only then it is worth the time: a good batch goes out as it is.
    """
    if batch.check is None or batch.check.is_good:
        return True
    files = _rendered(
        plan, profile, number=batch.number, created=batch.created_at, full=batch.kind == "full"
    )
    return digest_of(files) == batch.sha256


def _store(
    session: Session, profile: Profile, plan: Plan, *, number: int, now: datetime, full: bool
) -> FeedBatch:
    created = now.replace(microsecond=0)
    files = _rendered(plan, profile, number=number, created=created, full=full)
    batch = FeedBatch(
        partner=profile.code,
        number=number,
        kind="full" if full else "delta",
        created_at=created,
        item_count=len(plan.lines),
        sha256=digest_of(files),
        files=files,
    )
    session.add(batch)
    session.flush()
    session.add_all(
        FeedBatchLine(
            batch_id=batch.id,
            line_no=line_no,
            package_id=planned.package_id,
            item_key=planned.gtin,
            action=planned.action,
            content_hash=planned.content_hash,
            payload=planned.payload,
        )
        for line_no, planned in enumerate(plan.lines, start=1)
    )
    session.flush()
    return batch


def _rendered(
    plan: Plan, profile: Profile, *, number: int, created: datetime, full: bool
) -> list[FeedBatchFile]:
    lines = tuple(
        Line(
            line_no,
            planned.action,
            planned.gtin,
            None if planned.action == "withdraw" else item_of(planned.payload),
        )
        for line_no, planned in enumerate(plan.lines, start=1)
    )
    return write_files(Batch(profile.code, number, full, created, lines), profile)


def _keep_held(session: Session, partner: str, held: Iterable[HeldItem], *, now: datetime) -> None:
    """Rewrite the list of held items; one that was held before keeps the day it began."""
    before = session.execute(
        select(FeedHeldItem.package_id, FeedHeldItem.since).where(FeedHeldItem.partner == partner)
    )
    since = {row.package_id: row.since for row in before}
    session.execute(delete(FeedHeldItem).where(FeedHeldItem.partner == partner))
    session.add_all(
        FeedHeldItem(
            partner=partner,
            package_id=item.package_id,
            sku=item.sku,
            name=item.name,
            problems=[
                {"code": lack.code, "field": lack.field, "facts": lack.facts}
                for lack in item.problems
            ],
            since=since.get(item.package_id, now),
        )
        for item in held
    )


def _report(
    plan: Plan,
    *,
    batch_id: int | None = None,
    number: int | None = None,
    waiting: int | None = None,
    superseded: tuple[int, ...] = (),
) -> BuildReport:
    actions = {"add": 0, "change": 0, "withdraw": 0}
    for line in plan.lines:
        actions[line.action] += 1
    return BuildReport(
        number=number,
        batch_id=batch_id,
        actions=actions,
        held=plan.held,
        same=len(plan.difference.same),
        awaiting=len(plan.difference.awaiting),
        refused=len(plan.difference.refused),
        waiting=waiting,
        superseded=superseded,
    )
