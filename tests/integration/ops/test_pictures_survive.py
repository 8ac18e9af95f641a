"""Sizes of pictures survive ``kill -9`` of the worker; pictures come back with a backup; commands say the truth."""

from __future__ import annotations

import random
import time
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from PIL import Image
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from catalog.models import Media, Product
from catalog.pictures import keeping
from catalog.pictures.receiving import receive
from catalog.pictures.store import MASTER, FolderStore, name_of
from catalog.rules.pictures import rendition_names
from core import clock
from core.actor import Actor
from core.db import write_session
from core.settings import Settings
from core.tasks import Task
from storefront.backups import restore_backup, write_backup
from storefront.commands import environment, ocop
from storefront.picture_work import make_renditions
from storefront.reactions import WorkerContext
from storefront.worker import Worker, work
from tests.factories.catalog import make_product
from tests.factories.live_shop import kill, start_worker
from tests.factories.pictures import draw, encoded, photo

pytestmark = pytest.mark.slow

SYSTEM = Actor.system("test")
WIDTH = 1000


@pytest.fixture
def settings(engine: Engine, tmp_path: Path) -> Settings:
    url = engine.url.render_as_string(hide_password=False)
    return Settings.from_env({"OCOP_DATA_DIR": str(tmp_path / "var"), "OCOP_DATABASE_URL": url})


def send(engine: Engine, settings: Settings, *pictures: bytes) -> list[str]:
    """Pictures of a new product, as the desk keeps them; returns their digests."""
    store = FolderStore(settings.media_dir)
    received = [receive(store, content) for content in pictures]
    with write_session(engine) as session:
        product = make_product(session)
        for one in received:
            keeping.add_picture(
                session,
                producer_id=product.producer_id,
                product_id=product.id,
                received=one,
                file_name="IMG.jpg",
                actor=SYSTEM,
                now=clock.now(),
            )
        session.commit()
    return [one.digest for one in received]


def ready(engine: Engine) -> int:
    with Session(engine) as session:
        return len(session.scalars(select(Media.id).where(Media.ready_at.is_not(None))).all())


def test_a_worker_that_is_killed_over_pictures_makes_them_all_the_same(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    chance = random.Random(9)
    digests = send(
        engine, settings, *(encoded(draw(WIDTH, 750), quality=85) for _ in range(3)), photo()
    )
    store, log = FolderStore(settings.media_dir), tmp_path / "worker.log"
    for number in range(4):
        worker = start_worker(settings, log)
        deadline = time.monotonic() + 30
        there = len(list(store.files()))
        while (
            len(list(store.files())) == there and time.monotonic() < deadline and ready(engine) < 4
        ):
            time.sleep(0.01)
        if number % 2:
            time.sleep(chance.uniform(0, 0.4))
        assert worker.pid is not None
        kill(worker.pid)
        worker.join(10)
        with Session(engine) as session:  # whatever is shown by now is whole
            for media in session.scalars(select(Media).where(Media.ready_at.is_not(None))):
                for name in rendition_names(media.width):
                    assert store.has(name_of(media.digest, name))
    with WorkerContext.opened(settings) as context:
        name = (settings.data_dir / "worker-0.lock").read_text()
        for _ in range(3):
            with context.write() as session:
                session.execute(
                    update(Task).where(Task.state == "queued").values(run_at=clock.now())
                )
                session.commit()
            Worker(context, name).work_off()
        with context.read() as session:
            mine = Task.reaction == "make_renditions"
            states = set(session.scalars(select(Task.state).where(mine)))
            widths = {media.digest: media.width for media in session.scalars(select(Media))}
        assert states == {"done"}
        assert ready(engine) == 4
        for digest in digests:
            for file in rendition_names(widths[digest]):
                content = store.read(name_of(digest, file))
                assert content is not None
                picture = Image.open(BytesIO(content))
                picture.load()
                assert picture.width == int(file.partition(".")[0])


def test_making_the_sizes_twice_changes_nothing(engine: Engine, settings: Settings) -> None:
    digest = send(engine, settings, photo(500, 400))[0]
    work(settings, once=True)
    store = FolderStore(settings.media_dir)
    path = store.path(name_of(digest, "320.avif"))
    before = path.stat().st_mtime_ns
    with WorkerContext.opened(settings) as context:
        with context.read() as session:
            number = session.scalars(select(Media.id)).one()
        with context.write() as session:
            session.execute(update(Media).values(ready_at=None))
            session.commit()
        for _ in range(2):
            make_renditions(context, [{"media_id": number}], clock.now())
        make_renditions(context, [{"media_id": number + 99}], clock.now())
    assert path.stat().st_mtime_ns == before
    assert ready(engine) == 1


def test_pictures_come_back_with_a_backup(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    digest = send(engine, settings, photo(500, 400))[0]
    work(settings, once=True)
    store = FolderStore(settings.media_dir)
    before = {one.name: store.read(one.name) for one in store.files()}
    assert len(before) == 1 + len(rendition_names(500))
    engine.dispose()
    write_backup(settings, tmp_path / "b.tar.gz", now=clock.now())
    for name in before:
        store.delete(name)
    with write_session(engine) as session:
        session.execute(update(Media).values(digest="0" * 64))
        session.commit()
    engine.dispose()
    restore_backup(settings, tmp_path / "b.tar.gz", force=True)
    assert {one.name: store.read(one.name) for one in store.files()} == before
    with Session(engine) as session:
        assert session.scalars(select(Media.digest)).one() == digest
        assert session.scalars(select(Product)).first() is not None


def run(monkeypatch: pytest.MonkeyPatch, settings: Settings, *words: str) -> Result:
    monkeypatch.setattr(environment, "settings", lambda: settings)
    return CliRunner().invoke(ocop, list(words))


def test_the_commands_find_mend_and_sweep(
    engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = send(engine, settings, photo(500, 400))[0]
    work(settings, once=True)
    store = FolderStore(settings.media_dir)
    assert run(monkeypatch, settings, "media", "check").exit_code == 0
    store.delete(name_of(digest, "320.jpg"))
    store.write(name_of("9" * 64, "320.jpg"), b"left over")
    found = run(monkeypatch, settings, "media", "check")
    assert found.exit_code == 1
    assert f"missing\t{name_of(digest, '320.jpg')}" in found.output
    assert run(monkeypatch, settings, "media", "mend").exit_code == 0
    assert store.has(name_of(digest, "320.jpg"))

    later: Any = clock.now() + timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert run(monkeypatch, settings, "media", "sweep", "--dry-run").exit_code == 0
    assert store.has(name_of("9" * 64, "320.jpg"))
    assert run(monkeypatch, settings, "media", "sweep").exit_code == 0
    assert not store.has(name_of("9" * 64, "320.jpg"))
    assert store.has(name_of(digest, MASTER))

    with write_session(engine) as session:
        for media in session.scalars(select(Media)):
            session.delete(media)
        session.commit()
    refused = run(monkeypatch, settings, "media", "sweep")
    assert refused.exit_code == 1
    assert store.has(name_of(digest, MASTER)), "never against a database that knows no picture"
