"""Databases built by the migrations, one on each engine; a savepoint around every test.

SQLite is always there. PostgreSQL is used as well when OCOP_TEST_POSTGRES_URL points to a server whose user
may create databases. OCOP_TEST_REQUIRE=postgres,redis,chromium,sshd turns a missing part into a failure.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.orm import Session

from core.db import make_engine
from migrations.runner import upgrade

POSTGRES_URL = os.environ.get("OCOP_TEST_POSTGRES_URL", "")
REQUIRED = {part for part in os.environ.get("OCOP_TEST_REQUIRE", "").split(",") if part}
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)


def missing(part: str, why: str) -> None:
    """Skip because a part of the machine is missing, or fail when the run requires that part."""
    if part in REQUIRED:
        pytest.fail(f"{part} is required by OCOP_TEST_REQUIRE but {why}")
    pytest.skip(f"{part}: {why}")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that touches the database on both engines."""
    if "database_kind" in metafunc.fixturenames:
        metafunc.parametrize("database_kind", ["sqlite", "postgresql"], scope="session")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database at the newest revision, copied for whoever needs a file of its own."""
    path = tmp_path_factory.mktemp("template") / "ocop.db"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


def _create_postgres_database(template: str | None = None) -> str:
    url = make_url(POSTGRES_URL).set(drivername="postgresql+psycopg")
    name = f"ocop_test_{secrets.token_hex(6)}"
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        copied = f" TEMPLATE {template}" if template else ""
        connection.execute(text(f"CREATE DATABASE {name}{copied}"))  # noqa: S608 # our own name
    admin.dispose()
    return url.set(database=name).render_as_string(hide_password=False)


def _drop_postgres_database(database_url: str) -> None:
    url = make_url(database_url)
    admin = create_engine(
        make_url(POSTGRES_URL).set(drivername=url.drivername), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {url.database} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[str]:
    """The name of an empty PostgreSQL database at the newest revision."""
    if not POSTGRES_URL:
        missing("postgres", "OCOP_TEST_POSTGRES_URL is not set")
    url = _create_postgres_database()
    engine = make_engine(url)
    upgrade(engine)
    engine.dispose()
    yield str(make_url(url).database)
    _drop_postgres_database(url)


@pytest.fixture(scope="session")
def database_kind(request: pytest.FixtureRequest) -> str:
    """``sqlite`` or ``postgresql``; filled by pytest_generate_tests."""
    return str(request.param)


@pytest.fixture(scope="session")
def shared_engine(
    database_kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """One migrated database for all tests that roll back."""
    if database_kind == "sqlite":
        path = tmp_path_factory.mktemp("shared") / "ocop.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        engine = make_engine(f"sqlite:///{path}")
        yield engine
        engine.dispose()
        return
    url = _create_postgres_database(request.getfixturevalue("postgres_template"))
    engine = make_engine(url)
    yield engine
    engine.dispose()
    _drop_postgres_database(url)


@pytest.fixture
def session(shared_engine: Engine) -> Iterator[Session]:
    """A session whose every commit is inside a transaction that is rolled back after the test."""
    with shared_engine.execution_options(ocop_write=True).connect() as connection:
        outer = connection.begin()
        with Session(
            connection, join_transaction_mode="create_savepoint", expire_on_commit=False
        ) as session:
            yield session
        outer.rollback()


@pytest.fixture
def engine(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A migrated database of its own, for tests that commit, race or start processes."""
    if database_kind == "sqlite":
        path = tmp_path / "ocop.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        engine = make_engine(f"sqlite:///{path}")
        yield engine
        engine.dispose()
        return
    url = _create_postgres_database(request.getfixturevalue("postgres_template"))
    engine = make_engine(url)
    yield engine
    engine.dispose()
    _drop_postgres_database(url)


@pytest.fixture
def now() -> datetime:
    """A moment in the life of the project, the same in every test."""
    return NOW


@pytest.fixture
def on() -> date:
    """The day of ``now`` in Vietnam."""
    return TODAY


@pytest.fixture
def statements(shared_engine: Engine) -> Iterator[list[str]]:
    """The SQL statements sent since the test began (or since it cleared the list)."""
    from sqlalchemy import event

    seen: list[str] = []

    def note(_c: Any, _cur: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")):
            seen.append(statement)

    event.listen(shared_engine, "before_cursor_execute", note)
    yield seen
    event.remove(shared_engine, "before_cursor_execute", note)
