"""Backup and restore while others write, and what a broken or misplaced bundle is answered with."""

from __future__ import annotations

import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from catalog.models import Product
from core import clock, facts
from core.db import make_engine, write_session
from core.facts import Fact
from core.settings import Settings
from storefront.backups import (
    BrokenBackup,
    NotEmpty,
    StillRunning,
    restore_backup,
    unpacked,
    write_backup,
)
from storefront.worker import worker_name
from tests.conftest import missing
from tests.factories.catalog import make_product
from tests.factories.live_shop import InBackground

NAMES = {f"Mật ong rừng {number}" for number in range(20)}


@pytest.fixture
def settings(engine: Engine, tmp_path: Path) -> Settings:
    """An installation with products, a picture, a partner's key and a secret."""
    if engine.dialect.name == "postgresql" and shutil.which("pg_dump") is None:
        missing("postgres", "pg_dump is not installed")
    url = engine.url.render_as_string(hide_password=False)
    settings = Settings.from_env({"OCOP_DATA_DIR": str(tmp_path / "var"), "OCOP_DATABASE_URL": url})
    for name in ("media/pictures/1.webp", "partners/demo-supermarket.key"):
        path = settings.data_dir / name
        path.parent.mkdir(parents=True)
        path.write_bytes(name.encode() * 1000)
    with write_session(engine) as session:
        for name in sorted(NAMES):
            make_product(session, name)
        session.commit()
    return settings


def names_in(settings: Settings) -> set[str]:
    engine = make_engine(settings.database_url)
    try:
        with Session(engine) as session:
            return set(session.scalars(select(Product.name)))
    finally:
        engine.dispose()


def test_a_backup_taken_while_others_write_comes_back_whole(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    written: list[int] = []

    def write(number: int) -> None:
        with write_session(engine) as session:
            facts.announce(session, "stock.changed", package_id=number)
            session.commit()
        written.append(number)

    writer = InBackground(write)
    writer.start()
    summary = write_backup(settings, tmp_path / "b.tar.gz", now=clock.now())
    during = len(written)
    writer.finish()
    assert during > 0
    with write_session(engine) as session:
        first = session.scalars(select(Product).order_by(Product.id)).first()
        assert first is not None
        first.name = "written after the backup"
        session.commit()
    (settings.media_dir / "pictures/1.webp").unlink()
    (settings.media_dir / "pictures/2.webp").write_bytes(b"later")
    engine.dispose()

    restore_backup(settings, tmp_path / "b.tar.gz", force=True)

    assert names_in(settings) == NAMES
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Fact)) == summary.rows["fact"]
    pictures = sorted(path.name for path in (settings.media_dir / "pictures").iterdir())
    assert pictures == ["1.webp"]
    assert (settings.media_dir / "pictures/1.webp").read_bytes() == b"media/pictures/1.webp" * 1000


def test_a_backup_is_readable_by_its_owner_only(settings: Settings, tmp_path: Path) -> None:
    write_backup(settings, tmp_path / "b.tar.gz", now=clock.now())

    assert (tmp_path / "b.tar.gz").stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in tmp_path.glob(".ocop-*")) == []


def test_a_restore_needs_to_be_forced_over_existing_data(
    settings: Settings, tmp_path: Path
) -> None:
    write_backup(settings, tmp_path / "b.tar.gz", now=clock.now())

    with pytest.raises(NotEmpty):
        restore_backup(settings, tmp_path / "b.tar.gz", force=False)
    assert names_in(settings) == NAMES


def test_nothing_is_restored_under_a_running_worker(settings: Settings, tmp_path: Path) -> None:
    write_backup(settings, tmp_path / "b.tar.gz", now=clock.now())

    with worker_name(settings.data_dir), pytest.raises(StillRunning):
        restore_backup(settings, tmp_path / "b.tar.gz", force=True)


def cut_short(bundle: Path) -> None:
    bundle.write_bytes(bundle.read_bytes()[:-2000])


def one_bit_turned(bundle: Path) -> None:
    content = bytearray(bundle.read_bytes())
    content[len(content) // 2] ^= 1
    bundle.write_bytes(content)


def not_a_bundle(bundle: Path) -> None:
    bundle.write_text("a diary")


def with_another_secret(bundle: Path) -> None:
    """Repacked by somebody: whole as a tar.gz, but not what was written."""
    folder = bundle.parent / "repacked"
    with tarfile.open(bundle) as archive:
        archive.extractall(folder, filter="data")
    (folder / "secret_key").write_text("x" * 64)
    with tarfile.open(bundle, "w:gz") as archive:
        for path in sorted(folder.rglob("*")):
            archive.add(path, arcname=path.relative_to(folder).as_posix(), recursive=False)


@pytest.mark.parametrize("damage", [cut_short, one_bit_turned, not_a_bundle, with_another_secret])
def test_a_damaged_bundle_is_refused_and_nothing_is_touched(
    settings: Settings, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    bundle = tmp_path / "b.tar.gz"
    write_backup(settings, bundle, now=clock.now())
    damage(bundle)

    with pytest.raises(BrokenBackup):
        restore_backup(settings, bundle, force=True)
    assert names_in(settings) == NAMES
    assert (settings.media_dir / "pictures/1.webp").exists()


def test_a_bundle_names_no_file_outside_the_data_directory(
    settings: Settings, tmp_path: Path
) -> None:
    bundle = tmp_path / "b.tar.gz"
    write_backup(settings, bundle, now=clock.now())
    folder = tmp_path / "repacked"
    with tarfile.open(bundle) as archive:
        archive.extractall(folder, filter="data")
    manifest = (folder / "manifest.json").read_text()
    (folder / "manifest.json").write_text(manifest.replace('"secret_key"', '"media/../../escaped"'))
    with tarfile.open(bundle, "w:gz") as archive:
        archive.add(folder / "manifest.json", arcname="manifest.json")
        archive.add(folder / "secret_key", arcname="media/../../escaped")

    with pytest.raises(BrokenBackup), unpacked(bundle, tmp_path):
        pass
    assert not list(tmp_path.rglob("escaped"))


def test_the_commands_bring_an_installation_to_another_machine(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from storefront.commands import environment
    from storefront.commands.backup import backup, restore

    def run(command: click.Command, data_dir: Path, *arguments: str) -> None:
        environment.settings.cache_clear()
        monkeypatch.setenv("OCOP_DATA_DIR", str(data_dir))
        done = CliRunner().invoke(command, arguments)
        assert done.exit_code == 0, done.output

    bundle, elsewhere = str(tmp_path / "b.tar.gz"), tmp_path / "elsewhere"
    monkeypatch.setenv("OCOP_DATABASE_URL", settings.database_url)
    run(backup, settings.data_dir, bundle)
    if settings.database_url.startswith("sqlite"):
        monkeypatch.setenv("OCOP_DATABASE_URL", f"sqlite:///{elsewhere}/ocop.db")
        run(restore, elsewhere, bundle)
    else:
        run(restore, elsewhere, bundle, "--force")

    restored = environment.settings()
    environment.settings.cache_clear()
    assert names_in(restored) == NAMES
    assert (restored.search_dir / "current").exists()
