"""The three kinds of work that may follow from a fact, and the reactions that are only glue.

* ``effect``: all it does is in the database, so the effect and "done" commit together.
* ``batch``: many tasks at once, outside any transaction (one commit of the search index for many facts).
* ``delivery``: talks to somebody else (mail, SFTP) in short transactions of its own; safe to repeat.

Every reaction takes ids, looks up the present state, and may run twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.clock import vietnam_date
from core.db import make_engine, write_session
from core.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

Payload = dict[str, Any]
Finish = Callable[[Session], None]


@dataclass(frozen=True)
class WorkerContext:
    """What reactions and timers work with."""

    settings: Settings
    engine: Engine

    @classmethod
    @contextmanager
    def opened(cls, settings: Settings) -> Iterator[WorkerContext]:
        """A context with an engine of its own, closed afterwards; all tables are known to the mapper."""
        import_module("migrations.tables")
        engine = make_engine(settings.database_url)
        try:
            yield cls(settings, engine)
        finally:
            engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for looking."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose transactions begin as writes; whoever opens it commits."""
        with write_session(self.engine) as session:
            yield session

    @cached_property
    def app(self) -> Flask:
        """The application, for reactions that render a template; made when first needed."""
        from storefront.app import create_app

        return create_app(self.settings)


class Reaction(Protocol):
    """One thing that follows from a fact; ``name`` stands in task rows, so it does not change."""

    @property
    def name(self) -> str: ...

    @property
    def takes_many(self) -> bool: ...

    def work(
        self, context: WorkerContext, payloads: list[Payload], finish: Finish, now: datetime
    ) -> None:
        """Do it and call ``finish`` in the transaction that shall hold the mark "done"."""


@dataclass(frozen=True)
class Effect:
    """Runs in one write transaction together with its mark."""

    run: Callable[..., None]
    takes_many = False

    @property
    def name(self) -> str:
        """The function's name."""
        return self.run.__name__

    def work(
        self, context: WorkerContext, payloads: list[Payload], finish: Finish, now: datetime
    ) -> None:
        """Effect and mark commit together or not at all."""
        with context.write() as session:
            for payload in payloads:
                self.run(session, payload, now=now, context=context)
            finish(session)
            session.commit()


@dataclass(frozen=True)
class Batch:
    """Runs once for many tasks, outside any transaction; marked done afterwards."""

    run: Callable[[WorkerContext, list[Payload], datetime], None]
    takes_many = True

    @property
    def name(self) -> str:
        """The function's name."""
        return self.run.__name__

    def work(
        self, context: WorkerContext, payloads: list[Payload], finish: Finish, now: datetime
    ) -> None:
        """Killed between the two steps it runs again: that is why it must be idempotent."""
        self.run(context, payloads, now)
        with context.write() as session:
            finish(session)
            session.commit()


@dataclass(frozen=True)
class Delivery(Batch):
    """A batch of one: each delivery succeeds, fails and waits alone."""

    takes_many = False


def readdress_products(context: WorkerContext, payloads: list[Payload], now: datetime) -> None:
    """Let the addresses of the products of many facts follow their names."""
    from catalog.addressing import readdress

    with context.write() as session:
        readdress(session, {payload["product_id"] for payload in payloads}, now=now)
        session.commit()


def index_products(context: WorkerContext, payloads: list[Payload], now: datetime) -> None:
    """Bring the search index up to date for the products of many facts, in one commit of the index."""
    from catalog.search.indexing import apply_pending, find_product_ids

    with context.read() as session:
        ids = find_product_ids(session, payloads)
        apply_pending(session, context.settings, ids, on=vietnam_date(now), now=now)
