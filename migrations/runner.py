"""Brings a database to the newest revision, one process at a time, and says where it stands.

There are no downgrades: a backup is made before an upgrade (docs/operations.md).
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from core.db import writing

if TYPE_CHECKING:
    from alembic.config import Config

_FOLDER = Path(__file__).parent
_LOCK_KEY = 7_202_611


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run the missing steps in one transaction; a second caller waits, then finds nothing to do."""
    from alembic import command

    with _one_at_a_time(engine), writing(engine).begin() as connection:
        if engine.dialect.name == "postgresql":
            # A step that would wait long for a lock fails instead of stopping the shop.
            connection.execute(text("SET LOCAL lock_timeout = '4s'"))
        command.upgrade(_config(connection), revision)


def revision_of(engine: Engine) -> str | None:
    """The revision the database is at; None for an empty one."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def head() -> str:
    """The newest revision of this code; raises if there are two."""
    steps = sorted((_FOLDER / "versions").glob("[0-9][0-9][0-9][0-9]_*.py"))
    return steps[-1].name[:4]


def is_current(engine: Engine) -> bool:
    """Whether the database is at the newest revision."""
    return revision_of(engine) == head()


def differences(engine: Engine) -> list[object]:
    """What autogenerate would change: empty when models and migrations say the same."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from migrations.tables import metadata

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def write_step(engine: Engine, message: str, revision: str) -> None:
    """Write a new step from what the models say that the database does not (``make migration``)."""
    from alembic import command

    with engine.connect() as connection:
        command.revision(_config(connection), message=message, autogenerate=True, rev_id=revision)


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


@contextmanager
def _one_at_a_time(engine: Engine) -> Iterator[None]:
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK_KEY})
            connection.commit()
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK_KEY})
                connection.commit()
        return
    database = engine.url.database
    if not database or database == ":memory:":
        yield
        return
    with Path(f"{database}.migrating").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
