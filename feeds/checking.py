"""Whether the files of a batch may leave the house: checked after they are made, and what was found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, undefer

from feeds.models import FeedBatch, FeedBatchCheck, FeedBatchFile

MOST_FAULTS = 100
"""Of one file; who mends the first hundred builds again anyway."""

DRIVER = "gdsn-driver.xsd"
"""The schema in the folder of GS1's schemas that imports those of every module."""


@dataclass(frozen=True, slots=True)
class FileFault:
    """Why a file may not be sent: a stable code, the line (0 for the file as a whole), what was found."""

    file: str
    line: int
    code: str
    found: str = ""


@dataclass(frozen=True, slots=True)
class MadeFile:
    """One file as it was made."""

    name: str
    format: str
    content: bytes


def is_unchecked() -> ColumnElement[bool]:
    """Whether nobody has looked at the files of a batch yet."""
    return ~select(FeedBatchCheck.batch_id).where(_of_batch()).exists()


def is_good() -> ColumnElement[bool]:
    """Whether the files of a batch were looked at and nothing was found."""
    return (
        select(FeedBatchCheck.batch_id)
        .where(_of_batch(), FeedBatchCheck.is_good.is_(True))
        .exists()
    )


def _of_batch() -> ColumnElement[bool]:
    return FeedBatchCheck.batch_id == FeedBatch.id


def list_unchecked(session: Session, partner: str) -> list[int]:
    """The partner's batches that wait to be sent and that nobody has looked at, oldest first."""
    return list(
        session.scalars(
            select(FeedBatch.id)
            .where(FeedBatch.partner == partner, FeedBatch.state == "built", is_unchecked())
            .order_by(FeedBatch.number)
        )
    )


def load_files(session: Session, batch_id: int) -> list[MadeFile]:
    """The files of a batch with their bytes."""
    files = session.scalars(
        select(FeedBatchFile)
        .where(FeedBatchFile.batch_id == batch_id)
        .order_by(FeedBatchFile.name)
        .options(undefer(FeedBatchFile.content))
    )
    return [MadeFile(file.name, file.format, file.content) for file in files]


def check_files(files: Iterable[MadeFile], *, schemas: Path | None) -> list[FileFault]:
    """Everything wrong with the files: by our own check, and by GS1's schemas where there is a folder of them.

    Takes seconds for thousands of lines, so nobody calls it inside a transaction. Schemas that are asked
    for and cannot be read are a fault: nothing leaves unchecked because a folder was renamed.
    """
    found: list[FileFault] = []
    for file in files:
        if file.format == "cin31":
            found += _check_message(file, schemas)[:MOST_FAULTS]
    return found


def _check_message(file: MadeFile, schemas: Path | None) -> list[FileFault]:
    from feeds.formats.checks import SchemasUnreadable, check_cin, validate_against_schemas

    found = [FileFault(file.name, f.transaction, f.code, f.found) for f in check_cin(file.content)]
    if schemas is None or found:
        return found
    try:
        told = validate_against_schemas(file.content, schemas / DRIVER)
    except SchemasUnreadable as error:
        return [FileFault(file.name, 0, "schemas_unreadable", str(error))]
    return [FileFault(file.name, 0, "schema", message) for message in told]


def record_check(
    session: Session, batch_id: int, faults: Iterable[FileFault], *, now: datetime
) -> None:
    """Write down what was found in the files of a batch, in place of what was found before."""
    listed = [asdict(fault) for fault in faults]
    check = session.get(FeedBatchCheck, batch_id)
    if check is None:
        check = FeedBatchCheck(batch_id=batch_id)
        session.add(check)
    check.checked_at = now
    check.is_good = not listed
    check.faults = listed


def faulty_batches(session: Session) -> int:
    """How many batches wait unsent because of their files, of all partners."""
    waiting = (
        select(func.count())
        .select_from(FeedBatch)
        .join(FeedBatchCheck, _of_batch())
        .where(FeedBatch.state == "built", FeedBatchCheck.is_good.is_(False))
    )
    return session.scalar(waiting) or 0
