"""Commands that make an installation: data directory and tables, demo data, a developer's next migration."""

from __future__ import annotations

import hashlib
from pathlib import Path

import click
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import clock
from storefront.commands import environment
from storefront.commands.environment import OPERATOR, say


@click.command()
def init() -> None:
    """Make the data directory, the secret and the tables; run again after an upgrade.

    Does nothing that is already done, and may be run by several processes at once.
    """
    from migrations import runner

    prepare()
    with environment.engine() as engine:
        before = runner.revision_of(engine)
        runner.upgrade(engine)
        after = runner.revision_of(engine)
        _load_known_names(engine)
    say(
        f"database at revision {after}" + ("" if before == after else f" (was {before or 'empty'})")
    )


def _load_known_names(engine: Engine) -> None:
    """Enter the protected names this release knows and the register lacks; what is there is left alone."""
    from catalog.protected_names import load_known_names
    from core.db import write_session

    with write_session(engine) as session:
        try:
            added = load_known_names(session, actor=OPERATOR, on=clock.today(), now=clock.now())
            session.commit()
        except IntegrityError:  # another process has entered them at this very moment
            session.rollback()
            return
    if added:
        say(f"entered {added} protected names")


def bring_up_to_date(engine: Engine) -> None:
    """Run missing migrations; asks first, because loading Alembic takes longer than the answer."""
    from migrations import runner

    if not runner.is_current(engine):
        runner.upgrade(engine)


def prepare() -> None:
    """The directories of an installation, private to the account that runs it."""
    settings = environment.settings()
    private = (settings.partners_dir, settings.private_dir)
    for directory in (settings.data_dir, settings.media_dir, *private):
        directory.mkdir(parents=True, exist_ok=True)
    for directory in private:  # keys of supermarket connections, copies of papers
        directory.chmod(0o700)


@click.command()
def demo() -> None:
    """Load the illustrative demo catalogue, its stock and its people; loads nothing twice."""
    prepare()
    with environment.engine() as engine:
        bring_up_to_date(engine)
        load_demo(engine)


def load_demo(engine: Engine) -> None:
    """Products, stock and people of the demonstration in one transaction.

    A file remembers which data were loaded, so that a later start does not compare each row again.
    """
    from catalog import demo as demonstration
    from catalog.demo.campaigns import load_campaigns
    from catalog.demo.lots import load_lots
    from catalog.demo.pictures import load_pictures
    from core.db import write_session
    from orders.live.demo import load_live_demo
    from orders.stock import stock_demo
    from orders.visit_demo import load_visits
    from orders.voices.demo import load_voices
    from storefront.demo_people import ensure_demo_people
    from storefront.pictures import store_of

    settings = environment.settings()
    marker = settings.data_dir / "demo-loaded"
    version = _digest_of(Path(demonstration.__file__).parent)
    now = clock.now()
    with write_session(engine) as session:
        if not (marker.exists() and marker.read_text() == version and _has_demo(session)):
            say("loading the demo catalogue")
            demonstration.load_demo(session, actor=OPERATOR, now=now, progress=_say_progress)
            stock_demo(session, actor=OPERATOR, now=now)
            load_lots(session, actor=OPERATOR, now=now)
            load_campaigns(session, actor=OPERATOR, now=now)
            load_pictures(
                session, store_of(settings), actor=OPERATOR, on=clock.vietnam_date(now), now=now
            )
            load_voices(session, actor=OPERATOR, now=now)
            load_visits(session, actor=OPERATOR, now=now)
            load_live_demo(session, actor=OPERATOR, now=now)
            ensure_demo_people(session, now, actor=OPERATOR)
            session.commit()
    marker.write_text(version)


def _digest_of(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _has_demo(session: Session) -> bool:
    from catalog.models import Product

    return session.scalar(select(Product.id).where(Product.is_illustrative).limit(1)) is not None


def _say_progress(step: str, done: int, total: int) -> None:
    if done == total:
        say(f"  {step}: {total}")


@click.command()
@click.argument("message")
def migration(message: str) -> None:
    """Write the next migration from what the models say and the database does not yet have."""
    from migrations import runner

    with environment.engine() as engine:
        runner.upgrade(engine)
        revision = f"{int(runner.head()) + 1:04d}"
        runner.write_step(engine, message, revision)
    say(f"wrote revision {revision}; read it before you commit it")
