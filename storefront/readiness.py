"""Whether the parts the shop needs are in order: asked by /readyz and, more thoroughly, by ``ocop doctor``."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from core import tasks
from core.settings import Settings
from core.tasks import Backlog
from storefront.logs import describe_failure

OLDEST_WORK_SECONDS = 300.0
LEAST_DISK_SHARE = 0.05
LEAST_DISK_BYTES = 200 * 2**20
AMPLE_DISK_BYTES = 4 * 2**30


@dataclass(frozen=True, slots=True)
class Check:
    """One question and its answer for an operator; ``problem`` is None when all is well."""

    name: str
    problem: str | None
    answer: str = "in order"


def readiness(session: Session, settings: Settings, *, now: datetime) -> list[Check]:
    """Every check that decides whether this process can answer pages; quick enough for each probe."""
    steps: tuple[tuple[str, Callable[[], str]], ...] = (
        ("database", lambda: _database(session)),
        ("revision", lambda: _revision(session)),
        ("search index", lambda: _search_index(settings)),
        ("backlog", lambda: _backlog(session, now)),
        ("disk", lambda: _disk(settings.data_dir)),
    )
    return [_asked(name, step) for name, step in steps]


class NotInOrder(Exception):
    """A check failed; the text is for an operator."""


def gauges(session: Session, settings: Settings, *, now: datetime) -> dict[str, tuple[str, float]]:
    """What /metrics shows of the work behind the shop: name → (help, value)."""
    waiting = tasks.backlog(session, now=now)
    usage = shutil.disk_usage(_existing(settings.data_dir))
    return {
        "ocop_feed_batches_faulty": (
            "Batches that are not sent because of their files.",
            _faulty_batches(session),
        ),
        "ocop_facts_undispatched": (
            "Facts no task was made for yet.",
            waiting.undispatched,
        ),
        "ocop_tasks_queued": ("Tasks that wait, for now or for a later try.", waiting.queued),
        "ocop_tasks_running": ("Tasks a worker holds.", waiting.running),
        "ocop_tasks_parked": ("Tasks that gave up and need a person.", waiting.parked),
        "ocop_backlog_oldest_seconds": ("Age of the oldest due work.", waiting.oldest_seconds),
        "ocop_feed_acknowledgements_overdue": (
            "Batches a supermarket should have answered by now.",
            overdue_acknowledgements(session, now=now),
        ),
        "ocop_disk_free_bytes": ("Free space where the data directory is.", usage.free),
    }


def overdue_acknowledgements(session: Session, *, now: datetime) -> int:
    """How many sent batches wait for an answer past the day the partner promised it."""
    from feeds.models import FeedBatch

    waiting = select(func.count()).where(
        FeedBatch.state.in_(("sent", "unknown")), FeedBatch.ack_due_at < now
    )
    return session.scalar(waiting) or 0


def _faulty_batches(session: Session) -> int:
    from feeds.checking import faulty_batches

    return faulty_batches(session)


def faulty_feeds(session: Session) -> str | None:
    """What a person must mend before supermarkets hear of it, or None."""
    count = _faulty_batches(session)
    if not count:
        return None
    return f"{count} batches are not sent because of their files: ocop feeds status PARTNER"


def parked_work(waiting: Backlog) -> str | None:
    """What a person must look at, or None."""
    if not waiting.parked:
        return None
    return f"{waiting.parked} tasks gave up and wait for a person: ocop worker parked"


def _asked(name: str, step: Callable[[], str]) -> Check:
    try:
        return Check(name, None, step())
    except NotInOrder as found:
        return Check(name, str(found))
    except (SQLAlchemyError, OSError) as error:
        described = describe_failure(error)
        return Check(name, f"{described['error']}: {described['error_message']}")


def _database(session: Session) -> str:
    session.execute(text("SELECT 1"))
    return session.get_bind().dialect.name


def _revision(session: Session) -> str:
    from migrations import runner

    found = session.scalar(text("SELECT version_num FROM alembic_version"))
    if found != runner.head():
        raise NotInOrder(f"the database is at {found}, the code needs {runner.head()}: ocop init")
    return str(found)


def _search_index(settings: Settings) -> str:
    from catalog.search.errors import IndexUnhealthy
    from catalog.search.home import document_count, search_home

    try:
        return f"{document_count(search_home(settings))} products"
    except IndexUnhealthy as found:
        raise NotInOrder(f"{found.facts.get('why')}; a running worker rebuilds it") from found


def _backlog(session: Session, now: datetime) -> str:
    waiting = tasks.backlog(session, now=now)
    if waiting.oldest_seconds > OLDEST_WORK_SECONDS:
        raise NotInOrder(
            f"the oldest work has waited {waiting.oldest_seconds:.0f} s; does ocop worker run?"
        )
    return f"{waiting.undispatched + waiting.queued} waiting, {waiting.parked} parked"


def _disk(directory: Path) -> str:
    usage = shutil.disk_usage(_existing(directory))
    scarce = usage.free < LEAST_DISK_SHARE * usage.total and usage.free < AMPLE_DISK_BYTES
    if scarce or usage.free < LEAST_DISK_BYTES:
        raise NotInOrder(f"only {usage.free / 2**20:.0f} MB are free")
    return f"{usage.free / 2**30:.1f} GB free"


def _existing(path: Path) -> Path:
    return next((p for p in _upwards(path) if p.exists()), Path("/"))


def _upwards(path: Path) -> Iterator[Path]:
    yield path
    yield from path.parents
