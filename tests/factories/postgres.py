"""PostgreSQL databases for tests: copied once for each content, then put back as they were.

A copy of a database with a hundred and fifty tables takes as long as most tests. What a test changed is a
few rows: the server counts them for each table, so only those tables are filled again. Whoever changed the
tables themselves, or has not gone away, loses the database.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, create_engine, delete, make_url, text
from sqlalchemy import table as sql_table
from sqlalchemy.pool import NullPool

_EMPTY = 21
"""Bytes of a binary copy without rows: a head of 19 and a tail of 2."""
PATIENCE = 1.0
"""Seconds in which the connections of a test must have ended."""
_SHAPE = """
    SELECT (SELECT count(*) FROM pg_class),
           (SELECT md5(string_agg(oid || ':' || relfilenode, ',' ORDER BY oid)) FROM pg_class
             WHERE relnamespace = 'public'::regnamespace),
           (SELECT count(*) FROM pg_attribute), (SELECT count(*) FROM pg_constraint),
           (SELECT count(*) FROM pg_trigger), (SELECT count(*) FROM pg_proc)
"""
_CHANGES = """
    SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables WHERE schemaname = 'public'
"""
_SEQUENCES = """
    SELECT c.relname, s.relname, q.last_value, q.start_value FROM pg_depend d
      JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
      JOIN pg_class c ON c.oid = d.refobjid
      JOIN pg_sequences q ON q.sequencename = s.relname AND q.schemaname = 'public'
     WHERE d.deptype IN ('a', 'i')
"""
_STAND = text("SELECT setval(quote_ident(:name)::regclass, :last, :is_called)")


@dataclass(frozen=True)
class _Content:
    """What a source holds: its tables by shape, the rows of those that have any, where sequences stand."""

    shape: tuple[Any, ...]
    rows: dict[str, bytes]
    sequences: dict[str, list[tuple[str, int, bool]]]


@dataclass
class _Lent:
    """A copy of a source, and how many rows of each table had ever changed when it was as its source."""

    source: str
    changes: dict[str, int]


class PostgresServer:
    """A server on which tests make databases of their own, as copies."""

    def __init__(self, url: str) -> None:
        """Keep one connection open for making and dropping."""
        self._url = make_url(url).set(drivername="postgresql+psycopg")
        self._admin = create_engine(self._url, isolation_level="AUTOCOMMIT")
        with self._admin.connect() as connection:
            is_superuser = connection.exec_driver_sql("SHOW is_superuser").scalar() == "on"
            new_enough = (connection.dialect.server_version_info or (0,)) >= (15,)
        self._can_put_back = is_superuser and new_enough
        self._how = " STRATEGY FILE_COPY" if new_enough else ""
        self._made: set[str] = set()
        self._contents: dict[str, _Content] = {}
        self._lent: dict[str, _Lent] = {}
        self._idle: dict[str, list[str]] = {}
        self.template = ""

    def create(self, template: str = "") -> str:
        """The name of a new database, a copy of another one to which nobody is connected."""
        name = f"ocop_test_{secrets.token_hex(6)}"
        copied = f" TEMPLATE {template}{self._how}" if template else ""
        self._do(f"CREATE DATABASE {name}{copied}")
        self._made.add(name)
        return name

    def lend(self, source: str) -> str:
        """The name of a database that is as ``source`` is, to be given back."""
        if idle := self._idle.get(source):
            return idle.pop()
        name = self.create(source)
        if self._can_put_back:
            if source not in self._contents:
                with self._connected(name) as connection:
                    self._contents[source] = _content(connection)
            self._lent[name] = _Lent(source, {})
        return name

    def give_back(self, name: str) -> None:
        """Put a lent database back as it was, or drop it."""
        lent = self._lent.get(name)
        if lent is None or not self._is_left(name):
            self.drop(name)
            return
        content = self._contents[lent.source]
        with self._connected(name) as connection:
            is_whole = _shape(connection) == content.shape
            if is_whole:
                _put_back(connection, content, lent)
        if is_whole:
            self._idle.setdefault(lent.source, []).append(name)
        else:
            self.drop(name)

    def url(self, name: str) -> str:
        """The address of a database of this server."""
        return self._url.set(database=name).render_as_string(hide_password=False)

    def drop(self, name: str) -> None:
        """Drop a database, even when a killed process seems to hold it."""
        self._lent.pop(name, None)
        self._do(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self._made.discard(name)

    def close(self) -> None:
        """Drop what is left and go."""
        for name in list(self._made):
            self.drop(name)
        self._admin.dispose()

    @contextmanager
    def _connected(self, name: str) -> Iterator[Connection]:
        engine = create_engine(self.url(name), poolclass=NullPool)
        with engine.connect() as connection:
            yield connection

    def _is_left(self, name: str) -> bool:
        """Whether nobody is connected any more; what they changed is counted by then."""
        count = text("SELECT count(*) FROM pg_stat_activity WHERE datname = :name")
        until = time.monotonic() + PATIENCE
        with self._admin.connect() as connection:
            while connection.execute(count, {"name": name}).scalar():
                if time.monotonic() > until:
                    return False
                time.sleep(0.002)
        return True

    def _do(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.exec_driver_sql(statement)


def _shape(connection: Connection) -> tuple[Any, ...]:
    return tuple(connection.exec_driver_sql(_SHAPE).one())


def _changes(connection: Connection) -> dict[str, int]:
    return {str(table): int(count) for table, count in connection.exec_driver_sql(_CHANGES)}


def _content(connection: Connection) -> _Content:
    """Everything a copy holds before anybody used it."""
    sequences: dict[str, list[tuple[str, int, bool]]] = {}
    for table, name, last, start in connection.exec_driver_sql(_SEQUENCES):
        sequences.setdefault(table, []).append((name, last or start, last is not None))
    rows = {}
    for table in _changes(connection):
        with (
            _raw(connection).cursor() as cursor,
            cursor.copy(f'COPY "{table}" TO STDOUT (FORMAT binary)') as out,
        ):
            copied = b"".join(bytes(piece) for piece in out)
        if len(copied) > _EMPTY:
            rows[table] = copied
    return _Content(_shape(connection), rows, sequences)


def _put_back(connection: Connection, content: _Content, lent: _Lent) -> None:
    """Fill the tables that changed as they were; no trigger and no foreign key has a say in it."""
    now = _changes(connection)
    changed = [table for table, count in now.items() if count != lent.changes.get(table, 0)]
    if not changed:
        return
    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    for table in changed:
        connection.execute(delete(sql_table(table)))
        if table in content.rows:
            with (
                _raw(connection).cursor() as cursor,
                cursor.copy(f'COPY "{table}" FROM STDIN (FORMAT binary)') as into,
            ):
                into.write(content.rows[table])
        for name, last, is_called in content.sequences.get(table, ()):
            connection.execute(_STAND, {"name": name, "last": last, "is_called": is_called})
    connection.exec_driver_sql("SELECT pg_stat_force_next_flush()")
    connection.commit()
    lent.changes = _changes(connection)


def _raw(connection: Connection) -> Any:
    """The connection as the driver knows it."""
    return connection.connection.driver_connection
