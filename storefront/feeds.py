"""Running the feeds: short transactions around each step, and no transaction while files are carried.

Used by the commands and by the worker (``deliver_batch`` follows ``feed.batch_built``; ``tend_feeds`` is a timer).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from core import clock
from core.actor import Actor
from core.clock import vietnam_date
from core.db import write_session
from core.errors import OcopError, Unavailable
from core.settings import Settings
from feeds import checking, delivery, profiles
from feeds.acknowledgements import AcknowledgementReport, apply_file, seen_files
from feeds.batches import BuildReport, build
from feeds.checking import FileFault
from feeds.delivery import Parcel
from feeds.models import FeedBatch
from feeds.profiles import Profile
from feeds.transports import sftp
from storefront.day_prices import hold_prices_of

if TYPE_CHECKING:
    from storefront.reactions import WorkerContext

log = logging.getLogger("ocop.feeds")
WORKER = Actor.system("worker")
_MAY_HAVE_ARRIVED = (sftp.ConnectionBroken, sftp.TransferRefused)


@dataclass(frozen=True, slots=True)
class Pushed:
    """A batch that reached its partner, and its files as the partner's server showed them."""

    number: int
    receipts: tuple[sftp.Receipt, ...]


def build_batch(
    engine: Engine,
    profile: Profile,
    *,
    actor: Actor,
    now: datetime,
    full: bool = False,
    schemas: Path | None = None,
) -> BuildReport:
    """Build the next batch in one transaction and commit it; then check its files and write that down.

    A batch that waits because of its files is checked again: the schemas, or the check, may be mended.
    """
    hold_prices_of(engine, vietnam_date(now), now)
    with write_session(engine) as session:
        report = build(session, profile, now=now, on=vietnam_date(now), actor=actor, full=full)
        session.commit()
    if report.batch_id is None:
        return report
    return replace(report, faults=tuple(_checked(engine, profile, report.batch_id, schemas)))


def push(
    engine: Engine,
    profile: Profile,
    *,
    schemas: Path | None = None,
    progress: sftp.Progress | None = None,
) -> list[Pushed]:
    """Carry every batch that waits, oldest first. Raises the transport's error after writing it down.

    A batch that nobody has looked at yet is checked first; one with faults stays and stops no other.
    """
    with Session(engine) as session:
        unchecked = checking.list_unchecked(session, profile.code)
    for batch_id in unchecked:
        _checked(engine, profile, batch_id, schemas)
    pushed: list[Pushed] = []
    while (parcel := _claim_next(engine, profile)) is not None:
        receipts = _carry(engine, profile, parcel, progress)
        with write_session(engine) as session:
            delivery.mark_sent(session, parcel, receipts, profile, now=clock.now())
            session.commit()
        pushed.append(Pushed(parcel.number, tuple(receipts)))
    return pushed


def _checked(
    engine: Engine, profile: Profile, batch_id: int, schemas: Path | None
) -> list[FileFault]:
    """Check the files of a batch with no transaction open, then write down what was found."""
    with Session(engine) as session:
        files = checking.load_files(session, batch_id)
    faults = checking.check_files(files, schemas=schemas)
    with write_session(engine) as session:
        checking.record_check(session, batch_id, faults, now=clock.now())
        session.commit()
    if faults:
        facts = {"partner": profile.code, "batch_id": batch_id, "faults": len(faults)}
        log.warning("feed files are not good", extra={"facts": facts})
    return faults


def schema_folder(settings: Settings) -> Path | None:
    """Where the operator has put GS1's schemas, if anywhere."""
    return Path(settings.gs1_schema_dir) if settings.gs1_schema_dir else None


def resend(
    engine: Engine, profile: Profile, number: int, *, progress: sftp.Progress | None = None
) -> Pushed:
    """Send a batch that is out once more, the same bytes under the same names."""
    with Session(engine) as session:
        parcel = delivery.sent_before(session, profile.code, number)
    receipts = sftp.send(profile.transport, parcel.files, progress=progress)
    return Pushed(number, tuple(receipts))


def fetch_answers(engine: Engine, profile: Profile) -> list[AcknowledgementReport]:
    """Fetch the partner's new answer files and book them, each in a transaction of its own."""
    with Session(engine) as session:
        seen = seen_files(session, profile.code)
    files = sftp.fetch(profile.transport, profile.ack_outbox, seen)
    reports = [book_answers(engine, profile, name=f.name, raw=f.content) for f in files]
    return [report for report in reports if report.outcome != "received_before"]


def book_answers(
    engine: Engine, profile: Profile, *, name: str, raw: bytes
) -> AcknowledgementReport:
    """Book one answer file and commit."""
    with write_session(engine) as session:
        report = apply_file(session, profile.code, name=name, raw=raw, now=clock.now())
        session.commit()
    return report


def deliver_batch(context: WorkerContext, payloads: list[dict[str, Any]], _now: datetime) -> None:
    """Follow ``feed.batch_built``: carry what waits for that partner. An error is retried by the worker."""
    for payload in payloads:
        with Session(context.engine) as session:
            partner = session.scalar(
                select(FeedBatch.partner).where(FeedBatch.id == payload["batch_id"])
            )
        if partner is None:
            continue
        profile = profiles.load(partner, context.settings.partners_dir)
        if profile.is_connected:
            push(context.engine, profile, schemas=schema_folder(context.settings))


def tend_feeds(context: WorkerContext, now: datetime) -> None:
    """A timer: for each partner with keys, build what is due, carry what waits, fetch answers.

    One partner that does not answer never stops the others.
    """
    schemas = schema_folder(context.settings)
    for profile in _connected(context.settings.partners_dir):
        with _reported(profile, "build"):
            if _build_is_due(context.engine, profile, now):
                build_batch(context.engine, profile, actor=WORKER, now=now, schemas=schemas)
        with _reported(profile, "push"):
            push(context.engine, profile, schemas=schemas)
        with _reported(profile, "fetch"):
            fetch_answers(context.engine, profile)


def _connected(partners_dir: Path) -> Iterator[Profile]:
    for code in profiles.codes(partners_dir):
        try:
            profile = profiles.load(code, partners_dir)
        except OcopError as refusal:
            log.warning("profile", extra={"facts": {"partner": code, "why": str(refusal)}})
            continue
        if profile.is_connected:
            yield profile


@contextmanager
def _reported(profile: Profile, step: str) -> Iterator[None]:
    try:
        yield
    except OcopError as refusal:
        level = logging.INFO if isinstance(refusal, Unavailable) else logging.WARNING
        facts = {"partner": profile.code, "step": step, "why": str(refusal)}
        log.log(level, "feed", extra={"facts": facts})


def _build_is_due(engine: Engine, profile: Profile, now: datetime) -> bool:
    """Due when nothing was built for a while, and no later than the first round of a new day."""
    with Session(engine) as session:
        last = session.scalar(
            select(FeedBatch.created_at)
            .where(FeedBatch.partner == profile.code)
            .order_by(FeedBatch.number.desc())
            .limit(1)
        )
    if last is None or vietnam_date(last) != vietnam_date(now):
        return True
    return now - last >= timedelta(minutes=profile.build_every_minutes)


def _claim_next(engine: Engine, profile: Profile) -> Parcel | None:
    now = clock.now()
    with write_session(engine) as session:
        batch_id = delivery.next_due(session, profile.code, now=now)
        if batch_id is None:
            return None
        parcel = delivery.claim(session, batch_id, now=now)
        session.commit()
    return parcel


def _carry(
    engine: Engine, profile: Profile, parcel: Parcel, progress: sftp.Progress | None
) -> list[sftp.Receipt]:
    try:
        return sftp.send(profile.transport, parcel.files, progress=progress)
    except Exception as error:
        arrived = not isinstance(error, OcopError) or isinstance(error, _MAY_HAVE_ARRIVED)
        with write_session(engine) as session:
            delivery.mark_failed(session, parcel, str(error), arrived=arrived)
            session.commit()
        raise
