"""Long files an officer sent: looked through and stored by the worker, told of beside the upload."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from catalog.importing import UnusableFile, import_file
from catalog.importing.accounts import RunView, find_run
from catalog.importing.mappings import find_mapping
from catalog.importing.understanding import Understood, understand
from core.actor import Actor
from core.clock import vietnam_date
from core.people.queries import find_actor
from storefront import uploads
from storefront.import_looks import SHOWN, look_at, write_look
from storefront.reactions import Payload, WorkerContext

SUFFIXES = (".csv", ".xlsx", ".docx")
LOOK, MEND = ".look.json", ".mend.xlsx"
"""What is kept beside an upload once it is looked through."""


class _ThrownAway(Exception):
    """The officer does not want the file any more."""


@dataclass(frozen=True)
class _Job:
    """An upload in the state the work begins with, and who wants it done."""

    path: Path
    actor: Actor

    @property
    def said(self) -> uploads.Said:
        """What is known about it now."""
        return uploads.said_of(self.path)

    def tell(self, **changes: object) -> None:
        """Write down how far it is; raises _ThrownAway when it is gone."""
        if not self.path.is_file():
            raise _ThrownAway
        uploads.tell(self.path, replace(self.said, **changes))  # type: ignore[arg-type]

    def tell_progress(self, done: int, _total: int) -> None:
        """How many rows are done."""
        self.tell(done=done)


def look_through_import(context: WorkerContext, payloads: list[Payload], now: datetime) -> None:
    """Find out what a long file would change; begins again when it was broken off."""
    for payload in payloads:
        job = _job(context, payload, "reading")
        if job is None:
            continue
        try:
            _look_through(context, job, now)
        except UnusableFile as refusal:
            _refuse(job, refusal)
        except _ThrownAway:
            uploads.drop(job.path)


def store_import(context: WorkerContext, payloads: list[Payload], now: datetime) -> None:
    """Store a long file chunk by chunk; one that was broken off goes on where it stopped."""
    for payload in payloads:
        job = _job(context, payload, "storing")
        if job is None:
            continue
        try:
            run = _stored_since(context, job) or _store(context, job, now)
            job.tell(state="done", run_id=run.id if run else 0)
        except UnusableFile as refusal:
            _refuse(job, refusal)
        except _ThrownAway:
            uploads.drop(job.path)


def _refuse(job: _Job, refusal: UnusableFile) -> None:
    facts = {name: value for name, value in refusal.facts.items() if name != "reason"}
    job.tell(state="refused", refusal=refusal.reason, facts=facts)


def _job(context: WorkerContext, payload: Payload, state: str) -> _Job | None:
    """The upload, unless it is gone, in another state, or its owner may do nothing any more."""
    owner, folder = payload["person_id"], context.settings.data_dir / "uploads"
    path = uploads.find(folder, payload["token"], owner=owner, endings=SUFFIXES)
    if path is None or uploads.said_of(path).state != state:
        return None
    with context.read() as session:
        actor = find_actor(session, owner)
    return None if actor is None else _Job(path, actor)


def _understand(context: WorkerContext, job: _Job, now: datetime) -> Understood:
    said = job.said
    with context.read() as session:
        mapping = find_mapping(session, said.source) if said.source else {}
    read = understand(
        job.path,
        as_of=vietnam_date(now),
        name=said.name,
        province=said.province,
        mapping=mapping,
    )
    job.tell(rows=sum(len(table.rows) for table in read.tables), kind=read.kind)
    return read


def _look_through(context: WorkerContext, job: _Job, now: datetime) -> None:
    from storefront.error_workbook import write_error_workbook

    job.tell(done=0)
    read = _understand(context, job, now)
    with context.write() as session:
        report = import_file(
            session,
            job.path,
            actor=job.actor,
            now=now,
            dry_run=True,
            as_of=vietnam_date(now),
            understood=read,
            compare=True,
            between=session.rollback,
            progress=job.tell_progress,
        )
        session.rollback()
    if report.problems or report.warnings:
        book = uploads.beside(job.path, MEND)
        part = book.with_suffix(".part")
        write_error_workbook(part, read, report)
        part.replace(book)
    write_look(uploads.beside(job.path, LOOK), look_at(read, report, most=SHOWN))
    job.tell(state="looked")


def _store(context: WorkerContext, job: _Job, now: datetime) -> RunView | None:
    read = _understand(context, job, now)
    with context.write() as session:
        import_file(
            session,
            job.path,
            actor=job.actor,
            now=now,
            as_of=vietnam_date(now),
            name=job.said.name,
            understood=read,
            on_chunk=session.commit,
            progress=job.tell_progress,
        )
        session.commit()
        return find_run(session, uploads.digest_of(job.path), read.kind)


def _stored_since(context: WorkerContext, job: _Job) -> RunView | None:
    """The run that was finished for this very word, when the worker was killed just before it told."""
    said = job.said
    with context.read() as session:
        run = find_run(session, uploads.digest_of(job.path), said.kind)
    if run is None or run.finished_at is None or not said.confirmed:
        return None
    return run if run.finished_at >= datetime.fromisoformat(said.confirmed) else None
