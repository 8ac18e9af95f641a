"""The database at the bottom of the house: base class, column types, engine, and how a write begins.

SQLite is opened in WAL mode with explicit BEGIN. A unit of work that will write must begin with BEGIN
IMMEDIATE: a deferred transaction that reads first and writes later fails at once with "database is
locked" when somebody else wrote meanwhile, and no busy timeout helps (measured, see ADR 0003).
On PostgreSQL the same calls do nothing.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    create_engine,
    event,
    text,
)
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

_WRITE = "ocop_write"
_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What every table class derives from; constraints get predictable names so migrations can drop them."""

    metadata = MetaData(naming_convention=_NAMES)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC. SQLite has no time zones, so it is stored there as naive UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive moments: nobody knows where they are."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(  # the signature is SQLAlchemy's
        self,
        value: datetime | None,
        dialect: Dialect,  # noqa: ARG002
    ) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def as_kept(value: str | None) -> str | None:
    """NFC without NUL: Excel and macOS send 'ế' as three code points, PostgreSQL refuses NUL."""
    return None if value is None else unicodedata.normalize("NFC", value).replace("\x00", "")


class NfcText(TypeDecorator[str]):
    """Long text, normalised to NFC on its way in."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Normalise."""
        return as_kept(value)


class NfcString(TypeDecorator[str]):
    """Short text of at most ``length`` characters, normalised to NFC on its way in."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Normalise."""
        return as_kept(value)


BigInt = BigInteger().with_variant(Integer(), "sqlite")
"""64-bit keys; SQLite only counts up by itself on a column typed INTEGER."""


class Json(TypeDecorator[Any]):
    """Structured facts that no query looks into; JSONB on PostgreSQL.

    That dialect is loaded when a PostgreSQL database asks for it: a web process on SQLite saves 3 MB.
    """

    impl = JSON
    cache_ok = True
    # As JSON itself: a value nobody has set is NULL, not the JSON "null".
    should_evaluate_none = True
    hashable = False

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type of the column on this engine."""
        if dialect.name != "postgresql":
            return dialect.type_descriptor(JSON())
        from sqlalchemy.dialects.postgresql import JSONB

        return dialect.type_descriptor(JSONB())


Id = Annotated[int, mapped_column(BigInt, primary_key=True)]
"""A surrogate key."""


def make_engine(url: str, *, echo: bool = False) -> Engine:
    """An engine for ``sqlite:///…`` or ``postgresql+psycopg://…`` with the house's transaction rules."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(
            url,
            echo=echo,
            connect_args={"timeout": 15},
            pool_size=10,
            json_serializer=compact_json,
        )
        _teach_sqlite(engine)
        return engine
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    return create_engine(parsed, echo=echo, pool_pre_ping=True, pool_size=10)


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index over the rows of which ``where`` is true.

    The migrations build it on both engines. The model states it for SQLite only, because an option of
    PostgreSQL's here would load that dialect into every process.
    """
    return Index(name, *columns, unique=unique, sqlite_where=text(where))


def insert_into(session: Session, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ON CONFLICT, in the words of the engine behind this session."""
    if session.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert

        return insert(table)
    from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite

    return insert_on_sqlite(table)


def compact_json(value: Any) -> str:
    """JSON with its letters as they are: a Vietnamese or Japanese text takes half the room of its escapes.

    A lone surrogate, which some client sent and no file holds, stays an escape.
    """
    text = _COMPACT(value)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return text


_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def keep_more_pages(session: Session) -> None:
    """Before a long write: 16 MB of pages in memory instead of 2, else SQLite reads and writes some again and again."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA cache_size=-16000")


def _teach_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: Any) -> None:
        # pysqlite's own transaction handling sends no BEGIN before a SELECT: two readers then both write
        # what they read. We take it over entirely.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA busy_timeout=15000")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        write = connection.get_execution_options().get(_WRITE, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def begin_write(session: Session) -> None:
    """Say, before the first statement, that this unit of work will write."""
    session.connection(execution_options={_WRITE: True})


def writing(engine: Engine) -> Engine:
    """The same engine (and pool) whose every transaction begins as a write."""
    return engine.execution_options(**{_WRITE: True})


@contextmanager
def write_session(engine: Engine) -> Iterator[Session]:
    """A session whose every transaction begins as a write; the caller commits, an error rolls back."""
    with Session(writing(engine), expire_on_commit=False) as session:
        yield session
