"""Databases built by the migrations, one on each engine; a savepoint around every test; and what is missing.

SQLite is always there. PostgreSQL is used as well when OCOP_TEST_POSTGRES_URL points to a server whose user
may create databases. A test that lacks a part of the machine is skipped, one line for each part at the end;
OCOP_TEST_REQUIRE=postgres,redis,chromium,sshd (or `all`) makes it a failure.

Nothing heavy is imported here: the pure tests in tests/unit pass through this file too.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import pytest

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    from tests.factories.forked import Ocop
    from tests.factories.postgres import PostgresServer

POSTGRES_URL = os.environ.get("OCOP_TEST_POSTGRES_URL", "")
Made = TypeVar("Made")
REQUIRED = {part for part in os.environ.get("OCOP_TEST_REQUIRE", "").split(",") if part}
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)


def missing(part: str, why: str) -> NoReturn:
    """Skip because a part of the machine is missing, or fail when the run requires that part."""
    if part in REQUIRED or "all" in REQUIRED:
        pytest.fail(f"{part} is required by OCOP_TEST_REQUIRE but {why}")
    pytest.skip(f"{part}: {why}")


def needs_program(name: str, part: str = "") -> str:
    """The path of a program; without it the test is skipped as lacking ``part`` (the program itself)."""
    return shutil.which(name) or missing(part or name, f"there is no {name} on the PATH")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long files begin when the tests are spread over processes; alone, the order of the folders stays."""
    if hasattr(config, "workerinput"):
        from tests.spreading import long_files_first

        long_files_first(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Our own way to spread files; xdist's where another way was asked for."""
    if config.getoption("dist") != "loadfile":
        return None
    from tests.spreading import WholeFiles

    return WholeFiles(config, log)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One line for each reason why tests were not run."""
    reasons = Counter(
        str(report.longrepr[2]).removeprefix("Skipped: ")
        for report in terminalreporter.stats.get("skipped", [])
    )
    for reason, tests in sorted(reasons.items()):
        terminalreporter.write_line(f"NOT TESTED ({tests} tests): {reason}", yellow=True)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that touches the database on both engines."""
    if "database_kind" in metafunc.fixturenames:
        metafunc.parametrize("database_kind", ["sqlite", "postgresql"], scope="session")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database at the newest revision, copied for whoever needs a file of its own."""
    from core.db import make_engine
    from migrations.runner import upgrade

    path = tmp_path_factory.mktemp("template") / "ocop.db"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    _close(engine)
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The PostgreSQL server, with an empty database at the newest revision as its template."""
    if not POSTGRES_URL:
        missing("postgres", "OCOP_TEST_POSTGRES_URL is not set")
    from core.db import make_engine
    from migrations.runner import upgrade
    from tests.factories.postgres import PostgresServer

    server = PostgresServer(POSTGRES_URL)
    server.template = server.create()
    engine = make_engine(server.url(server.template))
    upgrade(engine)
    engine.dispose()
    yield server
    server.close()


class Databases:
    """Databases of one engine, each a copy of one that was migrated, and perhaps filled, before."""

    def __init__(self, empty: str, server: PostgresServer | None, folder: Path) -> None:
        """``empty`` is a file of SQLite, or the name of a database of the server."""
        self._empty = empty
        self._server = server
        self._folder = folder
        self._filled: dict[Callable[[Session], Any], tuple[str, Any]] = {}

    @contextmanager
    def copy(self, folder: Path, source: str = "") -> Iterator[Engine]:
        """A database of its own, empty or a copy of ``source``; a file of SQLite lies in ``folder``."""
        from core.db import make_engine

        if self._server is None:
            path = shutil.copy(source or self._empty, folder / "ocop.db")
            engine = make_engine(f"sqlite:///{path}")
            try:
                yield engine
            finally:
                engine.dispose()
            return
        name = self._server.lend(source or self._empty)
        engine = make_engine(self._server.url(name))
        try:
            yield engine
        finally:
            engine.dispose()
            self._server.give_back(name)

    def filled(self, fill: Callable[[Session], Made]) -> tuple[str, Made]:
        """A source for ``copy`` with what ``fill`` put in, and what it answered; filled once in a run."""
        if fill not in self._filled:
            from core.db import make_engine, write_session

            if self._server is None:
                name = f"{self._folder / fill.__module__}.{fill.__name__}.db"
                url = f"sqlite:///{shutil.copy(self._empty, name)}"
            else:
                name = self._server.create(self._empty)
                url = self._server.url(name)
            engine = make_engine(url)
            with write_session(engine) as session:
                made = fill(session)
                session.commit()
            _close(engine)
            self._filled[fill] = name, made
        return self._filled[fill]

    def destroy(self, engine: Engine) -> None:
        """Take a copy away while the application believes it is there."""
        engine.dispose()
        if self._server is None:
            Path(str(engine.url.database)).unlink()
        else:
            self._server.drop(str(engine.url.database))


def _close(engine: Engine) -> None:
    """Close a database so that a copy of it is whole."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


@pytest.fixture(scope="session")
def database_kind(request: pytest.FixtureRequest) -> str:
    """``sqlite`` or ``postgresql``; filled by pytest_generate_tests."""
    return str(request.param)


@pytest.fixture(scope="session")
def databases(
    database_kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Databases:
    """Where the databases of this engine come from."""
    folder = tmp_path_factory.mktemp("databases")
    if database_kind == "sqlite":
        return Databases(str(request.getfixturevalue("sqlite_template")), None, folder)
    server: PostgresServer = request.getfixturevalue("postgres")
    return Databases(server.template, server, folder)


@pytest.fixture(scope="session")
def shared_engine(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """One migrated database for all tests that roll back."""
    with databases.copy(tmp_path_factory.mktemp("shared")) as engine:
        yield engine


@pytest.fixture
def engine(databases: Databases, tmp_path: Path) -> Iterator[Engine]:
    """A migrated database of its own, for tests that commit, race or start processes."""
    with databases.copy(tmp_path) as engine:
        yield engine


@pytest.fixture
def session(shared_engine: Engine) -> Iterator[Session]:
    """A session whose every commit is inside a transaction that is rolled back after the test."""
    from sqlalchemy.orm import Session

    with shared_engine.execution_options(ocop_write=True).connect() as connection:
        outer = connection.begin()
        with Session(
            connection, join_transaction_mode="create_savepoint", expire_on_commit=False
        ) as session:
            yield session
        outer.rollback()


@pytest.fixture
def ocop(engine: Engine, tmp_path: Path) -> Ocop:
    """The command line on the test's own database, each time in a process of its own."""
    from tests.factories.forked import run_ocop

    url = engine.url.render_as_string(hide_password=False)
    environment = {"OCOP_DATA_DIR": str(tmp_path), "OCOP_DATABASE_URL": url}
    return lambda *arguments: run_ocop(arguments, environment)


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
