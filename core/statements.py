"""Statements that never change and are asked for every page of the shop: asked with little ado around them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

from sqlalchemy import Engine, Executable, Row, lambda_stmt
from sqlalchemy.orm import Session

_numbers = count()


class FixedStatement:
    """A statement in which only the values of its named parameters differ from time to time.

    SQLAlchemy finds what it has compiled of a statement by all the parts of it, and walking the parts of the
    product page's takes as long as half of SQLite's work. This one is found by a number of its own. It reads
    columns, no entities, so it is asked of the session's connection.
    """

    def __init__(self, statement: Executable) -> None:
        """What the statement holds now holds for good."""
        self._found_by_number: Any = lambda_stmt(
            lambda: statement, track_on=[next(_numbers)], track_bound_values=False
        )

    def rows(self, session: Session, **values: Any) -> Sequence[Row[Any]]:
        """All rows for these values of the parameters, what the session has changed before among them."""
        if session.autoflush:
            session.flush()
        return session.connection().execute(self._found_by_number, values).all()


def bare_row(engine: Engine, statement: str, values: Sequence[Any]) -> Sequence[Any]:
    """The one row of a statement in the driver's own words, in a transaction of its own; () for no row.

    A kept page asks one statement, and SQLAlchemy's connection, transaction and result around it take four
    times as long as all else of it (0.13 ms and 0.03). Who listens to ``before_cursor_execute`` hears of it,
    without a connection. Raises the driver's own errors.
    """
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        for heard in engine.dispatch.before_cursor_execute:
            heard(None, cursor, statement, values, None, False)
        cursor.execute(statement, values)
        row: Sequence[Any] | None = cursor.fetchone()
        connection.commit()  # at a rollback psycopg forgets what it has let PostgreSQL prepare
        return row or ()
    finally:
        connection.close()
