"""Everything an installation cannot make again, in one verified file, and back.

A bundle is a tar.gz of the database (SQLite by VACUUM INTO, PostgreSQL by pg_dump of one snapshot), uploaded
media, keys of supermarket connections, the generated secret, and a manifest with a sha256 for each file and
a row count for each table. The search index is left out: it is rebuilt.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError

from core.db import make_engine
from core.errors import Conflict, Invalid, Unavailable
from core.settings import Settings

FORMAT = 1
MANIFEST = "manifest.json"
SQLITE_FILE = "database.sqlite"
POSTGRES_FILE = "database.dump"
KEPT_FOLDERS = ("media", "partners", "private")
KEPT_FILES = ("secret_key",)
_PIECE = 1 << 20


class BrokenBackup(Invalid):
    """The file is not a whole, unchanged backup of ours; ``problem`` says what is wrong with it."""


class NotEmpty(Conflict):
    """Something is already there; restoring over it must be asked for."""


class StillRunning(Conflict):
    """A worker uses the data directory; stop the shop first."""


class ToolFailed(Unavailable):
    """pg_dump or pg_restore did not do its work; ``said`` is the end of what it printed."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a backup holds: when it was made, the schema's revision, files and rows by table."""

    created_at: str
    engine: str
    revision: str
    files: dict[str, dict[str, Any]]
    rows: dict[str, int]


def write_backup(settings: Settings, target: Path, *, now: datetime) -> Summary:
    """Write a verified bundle while the shop goes on; the file appears whole or not at all."""
    engine = make_engine(settings.database_url)
    with _scratch(target.parent) as scratch:
        try:
            rows, revision, database = _dump(engine, scratch)
        finally:
            engine.dispose()
        sources = {database.name: database, **_kept(settings.data_dir)}
        unfinished = scratch / "bundle.tar.gz"
        with tarfile.open(unfinished, "w:gz", compresslevel=6) as bundle:
            files = {name: _add(bundle, name, path) for name, path in sources.items()}
            summary = Summary(now.isoformat(), engine.dialect.name, revision, files, rows)
            _add_manifest(bundle, summary, scratch)
        unfinished.chmod(0o600)  # it holds keys
        with unpacked(unfinished, scratch.parent):
            pass
        unfinished.replace(target)
    return summary


@contextmanager
def unpacked(bundle: Path, beside: Path) -> Iterator[tuple[Summary, Path]]:
    """The bundle in a temporary folder, every checksum, the database and its rows verified.

    Raises BrokenBackup.
    """
    with _scratch(beside) as folder:
        summary = _extract(bundle, folder)
        if summary.engine == "sqlite":
            _verify_sqlite(folder / SQLITE_FILE, summary)
        else:
            _run_tool(["pg_restore", "--list", str(folder / POSTGRES_FILE)])
        yield summary, folder


def restore_backup(settings: Settings, bundle: Path, *, force: bool) -> Summary:
    """Bring a bundle back; nothing is touched before the bundle has been verified.

    Raises BrokenBackup, StillRunning, and NotEmpty unless ``force``.
    """
    engine = make_engine(settings.database_url)
    try:
        _refuse_running(settings.data_dir)
        if not force and not _is_empty(engine, settings):
            raise NotEmpty(data_dir=settings.data_dir.name)
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        with unpacked(bundle, settings.data_dir) as (summary, folder):
            if summary.engine != engine.dialect.name:
                raise BrokenBackup(problem=f"it is of {summary.engine}, not {engine.dialect.name}")
            _restore_database(engine, folder, summary)
            _restore_files(settings.data_dir, folder)
    finally:
        engine.dispose()
    shutil.rmtree(settings.search_dir, ignore_errors=True)
    return summary


def _dump(engine: Engine, folder: Path) -> tuple[dict[str, int], str, Path]:
    """Row counts and revision of exactly what was dumped, and the dump."""
    if engine.dialect.name == "sqlite":
        copy = folder / SQLITE_FILE
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")  # VACUUM runs outside a transaction
            connection.exec_driver_sql("VACUUM INTO ?", (str(copy),))
            connection.exec_driver_sql("BEGIN")
        with _opened_copy(copy) as connection:
            rows, revision = _row_counts(connection), _revision(connection)
        return rows, revision, copy
    dump = folder / POSTGRES_FILE
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        rows, revision = _row_counts(connection), _revision(connection)
        _run_tool(
            ["pg_dump", "-Fc", "--no-owner", f"--snapshot={snapshot}", "-f", str(dump)], engine.url
        )
    return rows, revision, dump


def _row_counts(connection: Connection) -> dict[str, int]:
    quote = connection.dialect.identifier_preparer.quote
    return {
        table: connection.scalar(text(f"SELECT count(*) FROM {quote(table)}")) or 0  # noqa: S608 - quoted
        for table in sorted(inspect(connection).get_table_names())
    }


def _revision(connection: Connection) -> str:
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")))


def _kept(data_dir: Path) -> dict[str, Path]:
    """Name in the bundle → file, of everything beside the database that cannot be made again."""
    found = {name: data_dir / name for name in KEPT_FILES if (data_dir / name).is_file()}
    for folder in KEPT_FOLDERS:
        for path in sorted((data_dir / folder).rglob("*")):
            if path.is_file() and not path.is_symlink():
                found[path.relative_to(data_dir).as_posix()] = path
    return found


def _add(bundle: tarfile.TarFile, name: str, path: Path) -> dict[str, Any]:
    bundle.add(path, arcname=name, recursive=False)
    with path.open("rb") as file:
        return {"sha256": _digest(file), "bytes": path.stat().st_size}


def _add_manifest(bundle: tarfile.TarFile, summary: Summary, folder: Path) -> None:
    path = folder / MANIFEST
    manifest = {"format": FORMAT} | {
        name: getattr(summary, name) for name in Summary.__dataclass_fields__
    }
    path.write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8")
    bundle.add(path, arcname=MANIFEST, recursive=False)


def _extract(bundle: Path, folder: Path) -> Summary:
    """Unpack what the manifest names, and nothing else, checking each file on the way."""
    try:
        with tarfile.open(bundle, "r:gz") as archive:
            members = {m.name: m for m in archive.getmembers() if m.isfile()}
            manifest = json.loads(_member(archive, members, MANIFEST).read())
            if manifest.pop("format", None) != FORMAT:
                raise BrokenBackup(problem="it has a format this version does not know")
            summary = Summary(**manifest)
            for name, expected in summary.files.items():
                _extract_one(_member(archive, members, name), _inside(folder, name), expected)
    except (tarfile.TarError, OSError, EOFError, ValueError, TypeError, AttributeError) as error:
        raise BrokenBackup(problem=f"it cannot be read ({type(error).__name__})") from error
    return summary


def _member(archive: tarfile.TarFile, members: dict[str, tarfile.TarInfo], name: str) -> IO[bytes]:
    file = archive.extractfile(members[name]) if name in members else None
    if file is None:
        raise BrokenBackup(problem=f"{name} is missing")
    return file


def _inside(folder: Path, name: str) -> Path:
    """Where the file goes; only names a backup of ours has are taken."""
    parts = PurePosixPath(name).parts
    known = name in (SQLITE_FILE, POSTGRES_FILE, *KEPT_FILES) or parts[0] in KEPT_FOLDERS
    if not known or ".." in parts:
        raise BrokenBackup(problem=f"it holds a file that does not belong there: {name}")
    return folder.joinpath(*parts)


def _extract_one(source: IO[bytes], target: Path, expected: dict[str, Any]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as out:
        shutil.copyfileobj(source, out, _PIECE)
    with target.open("rb") as written:
        if _digest(written) != expected["sha256"]:
            raise BrokenBackup(problem=f"{target.name} is not what was written")


def _digest(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _verify_sqlite(path: Path, summary: Summary) -> None:
    with _opened_copy(path) as connection:
        whole = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
        dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if whole != "ok" or dangling is not None:
            raise BrokenBackup(problem="the database in it is damaged")
        if _row_counts(connection) != summary.rows:
            raise BrokenBackup(problem="the database in it has other rows than were written")


@contextmanager
def _opened_copy(path: Path) -> Iterator[Connection]:
    """A SQLite file that nobody writes, opened without leaving anything beside it."""
    engine = create_engine(f"sqlite:///file:{path}?mode=ro&immutable=1&uri=true")
    try:
        with engine.connect() as connection:
            yield connection
    except DatabaseError as error:
        raise BrokenBackup(problem=f"the database in it cannot be read ({error.orig})") from error
    finally:
        engine.dispose()


def _restore_database(engine: Engine, folder: Path, summary: Summary) -> None:
    if engine.dialect.name == "sqlite":
        target = Path(str(engine.url.database))
        engine.dispose()
        for ending in ("-wal", "-shm"):
            Path(f"{target}{ending}").unlink(missing_ok=True)
        (folder / SQLITE_FILE).replace(target)
        return
    dump = str(folder / POSTGRES_FILE)
    options = ["--clean", "--if-exists", "--single-transaction", "--no-owner", "--exit-on-error"]
    _run_tool(["pg_restore", *options, "-d", str(engine.url.database), dump], engine.url)
    with engine.connect() as connection:
        if _row_counts(connection) != summary.rows:
            raise BrokenBackup(problem="the restored database has other rows than were written")


def _restore_files(data_dir: Path, folder: Path) -> None:
    for name in (*KEPT_FOLDERS, *KEPT_FILES):
        replaced = folder / f"replaced-{name}"
        if (data_dir / name).exists():
            (data_dir / name).rename(replaced)
        if (folder / name).exists():
            (folder / name).rename(data_dir / name)


def _is_empty(engine: Engine, settings: Settings) -> bool:
    if engine.dialect.name == "sqlite":
        used = Path(str(engine.url.database)).exists()
    else:
        with engine.connect() as connection:
            used = bool(inspect(connection).get_table_names())
    return not used and not _kept(settings.data_dir).keys() - set(KEPT_FILES)


def _refuse_running(data_dir: Path) -> None:
    from storefront.worker import running_workers

    if running_workers(data_dir):
        raise StillRunning(data_dir=data_dir.name)


def _run_tool(arguments: list[str], url: URL | None = None) -> None:
    """Run a PostgreSQL program; the password goes through the environment, never the command line."""
    environment = dict(os.environ)
    if url is not None:
        given = {
            "PGHOST": url.host,
            "PGPORT": str(url.port) if url.port else None,
            "PGUSER": url.username,
            "PGPASSWORD": url.password,
            "PGDATABASE": url.database,
        }
        environment |= {name: str(value) for name, value in given.items() if value}
    try:
        done = subprocess.run(
            arguments, env=environment, capture_output=True, text=True, check=False, timeout=3600
        )
    except FileNotFoundError as error:
        raise ToolFailed(tool=arguments[0], said="it is not installed") from error
    if done.returncode:
        raise ToolFailed(tool=arguments[0], said=done.stderr[-500:])


@contextmanager
def _scratch(beside: Path) -> Iterator[Path]:
    """A private temporary folder on the same disk, so that finished files are moved, not copied."""
    beside.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=beside, prefix=".ocop-") as folder:
        yield Path(folder)
