"""Commands that make an installation: data directory and tables, demo data, a developer's next migration."""

from __future__ import annotations

import click
from sqlalchemy import Engine

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
    say(
        f"database at revision {after}" + ("" if before == after else f" (was {before or 'empty'})")
    )


def prepare() -> None:
    """The directories of an installation, private to the account that runs it."""
    settings = environment.settings()
    for directory in (settings.data_dir, settings.media_dir, settings.partners_dir):
        directory.mkdir(parents=True, exist_ok=True)
    settings.partners_dir.chmod(0o700)  # keys of supermarket connections


@click.command()
def demo() -> None:
    """Load the illustrative demo catalogue, its stock and its people; loads nothing twice."""
    from migrations import runner

    prepare()
    with environment.engine() as engine:
        runner.upgrade(engine)
        load_demo(engine)


def load_demo(engine: Engine) -> None:
    """Products, stock and people of the demonstration, each step in one transaction of its own."""
    from catalog.demo import load_demo as load_catalogue
    from core.db import write_session
    from orders.stock import stock_demo
    from storefront.demo_people import ensure_demo_people

    now = clock.now()
    with write_session(engine) as session:
        say("loading the demo catalogue")
        load_catalogue(session, actor=OPERATOR, now=now)
        stock_demo(session, actor=OPERATOR, now=now)
        ensure_demo_people(session, now, actor=OPERATOR)
        session.commit()


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
