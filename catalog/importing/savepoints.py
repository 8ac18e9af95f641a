"""Taking back what a row or a dry run has made, and telling a full disk from other faults."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session


@contextmanager
def savepoint(session: Session) -> Iterator[None]:
    """A savepoint after which nothing it made lives on in the session when it is rolled back.

    Rows read again inside of it are not known to the session as new; the database gives their ids away a second time.
    """
    before = set(session.identity_map.keys())
    point = session.begin_nested()
    try:
        yield
        session.flush()
    except BaseException:
        point.rollback()
        for row in list(session.identity_map.values()):
            if row in session and inspect(row).key not in before:  # its parts go with a whole
                session.expunge(row)
        raise
    point.commit()


def is_full(error: Exception) -> bool:
    """Whether the disk has no room left."""
    if isinstance(error, OSError):
        return error.errno in {errno.ENOSPC, errno.EDQUOT}
    return isinstance(error, OperationalError) and any(
        words in str(error.orig) for words in ("disk is full", "disk I/O error", "No space left")
    )
