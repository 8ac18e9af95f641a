"""Commands that write everything into one file and bring it back."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from core import clock
from storefront.commands import environment
from storefront.commands.environment import say, show_json


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print what was written, for a program.")
def backup(file: Path, as_json: bool) -> None:
    """Write database, media, keys and secret into FILE while the shop goes on; verified at once.

    FILE is a tar.gz that holds secrets: it is readable by its owner only. Keep it like a key.
    """
    from storefront.backups import write_backup

    summary = write_backup(environment.settings(), file.absolute(), now=clock.now())
    if as_json:
        show_json(asdict(summary))
    rows = sum(summary.rows.values())
    say(
        f"{file.name}: {len(summary.files)} files, {rows} rows, revision {summary.revision}; verified"
    )


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace what is in the data directory and database.")
@click.option("--verify-only", is_flag=True, help="Only say whether FILE is whole.")
def restore(file: Path, force: bool, verify_only: bool) -> None:
    """Bring back what `ocop backup` wrote; FILE is verified before anything is touched.

    Refuses while a worker runs, and over existing data unless --force. Brings an older backup up to this
    version's revision and rebuilds the search index.
    """
    from catalog.search.home import search_home
    from catalog.search.index import rebuild
    from storefront.backups import restore_backup, unpacked
    from storefront.commands.setup import bring_up_to_date

    settings = environment.settings()
    if verify_only:
        with unpacked(file, file.absolute().parent) as (summary, _folder):
            say(f"{file.name}: whole, of {summary.created_at}, revision {summary.revision}")
        return
    summary = restore_backup(settings, file, force=force)
    with environment.engine() as engine:
        bring_up_to_date(engine)
    say("rebuilding the search index")
    with environment.reading() as session:
        rebuild(session, search_home(settings), on=clock.today(), now=clock.now())
    say(f"restored {sum(summary.rows.values())} rows of {summary.created_at}")
