"""``ocop lots``: lots and their events in and out, for other systems."""

from __future__ import annotations

import json
from pathlib import Path

import click
from sqlalchemy import select

from catalog.models import Lot
from core import clock
from storefront.commands import environment
from storefront.commands.environment import OPERATOR, find_producer, say

_FAILED = 1
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def lots() -> None:
    """Lots and what happened to them: EPCIS out, diaries in and out."""


@lots.command()
@click.argument("what")
@click.argument("file", type=_FILE)
def epcis(what: str, file: Path) -> None:
    """Write the events of WHAT to FILE as an EPCIS 2.0 document.

    WHAT is the code of a producer (all its lots) or the code of a lot as in its address /lots/CODE.
    """
    from catalog.lots.epcis import epcis_document, producer_document
    from catalog.queries.lots import load_events

    base_url, now = environment.settings().base_url, clock.now()
    with environment.reading() as session:
        found = session.scalar(select(Lot).where(Lot.code == what))
        producer = found.producer if found is not None else find_producer(session, what)
        if found is not None:
            events = load_events(session, [found.id])
            document = epcis_document(producer, events, base_url=base_url, now=now)
        else:
            document = producer_document(session, producer.id, base_url=base_url, now=now)
        file.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    say(f"{len(document['epcisBody']['eventList'])} events of {producer.name} written to {file}")


@lots.command("import")
@click.argument("file", type=_FILE)
@click.option("--profile", default="facefarm", show_default=True, help="How its columns are named.")
@click.option("--producer", required=True, help="Code of the producer whose diary it is.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen; keep nothing.")
def import_(file: Path, profile: str, producer: str, dry_run: bool) -> None:
    """Read a diary (CSV or XLSX) into lots and events; reading it again adds nothing.

    Exit codes: 0 all rows kept, 1 some were refused.
    """
    from catalog.importing.profiles import find_columns
    from catalog.lots.diary import import_diary, load_profile

    with environment.writing() as session:
        maker = find_producer(session, producer).id
        report = import_diary(
            session, file, load_profile(profile), maker, said=find_columns(session, maker, profile),
            actor=OPERATOR, on=clock.today(), now=clock.now(),
        )  # fmt: skip
        if not dry_run:
            session.commit()
    for line, column, code in report.problems:
        click.echo(f"{line}\t{column}\t{code}")
    say(
        f"{report.rows} rows: {report.lots} lots and {report.events} events added, "
        f"{report.same} known already, {len(report.refused)} refused"
    )
    if report.unknown_columns:
        say(f"columns nobody knows, kept with the events: {', '.join(report.unknown_columns)}")
    say(f"the file format of this profile is {load_profile(profile).verified}")
    if dry_run:
        say("a dry run: nothing was kept")
    if report.refused:
        raise SystemExit(_FAILED)


@lots.command()
@click.argument("file", type=_FILE)
@click.option("--profile", default="facefarm", show_default=True, help="How its columns are named.")
@click.option("--producer", required=True, help="Code of the producer.")
def export(file: Path, profile: str, producer: str) -> None:
    """Write a producer's lots and events to FILE (CSV) in the columns of a profile."""
    from catalog.lots.diary import export_diary, load_profile

    with environment.reading() as session:
        found = find_producer(session, producer)
        count = export_diary(session, file, load_profile(profile), found.id)
    say(f"{count} rows written to {file}")
