"""Commands for pictures: what is missing or left over in the store, making sizes again, sweeping."""

from __future__ import annotations

import sys

import click

from core import clock
from storefront.commands import environment
from storefront.commands.environment import say, show_json
from storefront.pictures import store_of

MISSING = 1


@click.group()
def media() -> None:
    """Pictures of products and producers, and their files."""


@media.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings for a program.")
def check(as_json: bool) -> None:
    """Compare the files with the pictures; exit 1 when a file is missing that should be there."""
    from catalog.pictures import sweeping

    store = store_of(environment.settings())
    with environment.reading() as session:
        found = sweeping.check(session, store, now=clock.now())
    if as_json:
        show_json(
            {
                "pictures": found.pictures,
                "files": found.files,
                "bytes": found.bytes,
                "orphans": [one.name for one in found.orphans],
                "orphan_bytes": found.orphan_bytes,
                "missing": list(found.missing),
            }
        )
    else:
        for name in found.missing:
            click.echo(f"missing\t{name}")
        for one in found.orphans:
            click.echo(f"orphan\t{one.name}\t{one.size}")
    say(
        f"{found.pictures} pictures, {found.files} files, {found.bytes / 1e6:.1f} MB; "
        f"{len(found.missing)} missing, {len(found.orphans)} belong to no picture"
    )
    if found.missing:
        sys.exit(MISSING)


@media.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be taken away.")
def sweep(dry_run: bool) -> None:
    """Take away files older than a day that belong to no picture (removed ones are kept for 30 days).

    Refuses when no picture at all is known: then it is rather the wrong database.
    """
    from catalog.pictures import sweeping

    store = store_of(environment.settings())
    with environment.reading() as session:
        found = sweeping.check(session, store, now=clock.now())
    if not found.pictures and found.orphans and not dry_run:
        say("the database knows no picture: nothing was taken away; is it the right database?")
        sys.exit(MISSING)
    if not dry_run:
        sweeping.sweep(store, found)
    for one in found.orphans:
        click.echo(one.name)
    say(f"{len(found.orphans)} files, {found.orphan_bytes / 1e6:.1f} MB" + (" (dry run)" * dry_run))


@media.command()
def mend() -> None:
    """Make the sizes that are missing, from the picture as it is kept."""
    from sqlalchemy import select

    from catalog.models import Media
    from catalog.pictures.receiving import MasterMissing, make_renditions

    store = store_of(environment.settings())
    with environment.reading() as session:
        wanted = session.execute(
            select(Media.digest, Media.width)
            .where(Media.removed_at.is_(None), Media.ready_at.is_not(None))
            .distinct()
        ).all()
    made = lost = 0
    for digest, width in wanted:
        try:
            made += make_renditions(store, digest, width)
        except MasterMissing:
            click.echo(f"lost\t{digest}")
            lost += 1
    say(f"{made} files made, {lost} pictures are lost")
    if lost:
        sys.exit(MISSING)
