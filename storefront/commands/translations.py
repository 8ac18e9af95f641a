"""Commands for translation work: how far it is, files for translators, the translation machine."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from catalog.importing.report import UnusableFile
from core import clock
from core.actor import Actor
from i18n.locales import LOCALES
from storefront.commands import environment
from storefront.commands.environment import say, show_json

FOREIGN = tuple(tag for tag in LOCALES if tag != "vi")
REJECTED, UNUSABLE = 1, 2
_language = click.option(
    "--locale", required=True, type=click.Choice(FOREIGN), help="The language of the work."
)
_register = click.option(
    "--all", "whole_register", is_flag=True, help="Not only what is published, the whole register."
)


@click.group()
def translations() -> None:
    """Texts of products and producers in eight languages besides Vietnamese."""


@translations.command()
@_register
@click.option("--json", "as_json", is_flag=True, help="Print the figures for a program.")
def status(whole_register: bool, as_json: bool) -> None:
    """Say how far each language and each market is."""
    from catalog.queries.translation_status import get_status

    with environment.reading() as session:
        found = get_status(session, whole_register=whole_register)
    if as_json:
        show_json(found.as_dict())
        return
    click.echo("language  done  reviewed  machine  older  missing  drafts")
    for row in found.locales:
        click.echo(
            f"{row.locale:8}  {row.percent:3}%  {row.reviewed:8}  {row.machine:7}  "
            f"{row.older:5}  {row.missing:7}  {row.drafts:6}"
        )
    click.echo("market  products ready  needs")
    for market in found.markets:
        needs = " and ".join(" or ".join(any_of) for any_of in market.needs)
        click.echo(f"{market.market:6}  {market.ready:5} of {market.products:<5}  {needs}")


@translations.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_language
@_register
@click.option("--missing", is_flag=True, help="Texts without a translation.")
@click.option("--stale", is_flag=True, help="Translations of an older Vietnamese text.")
@click.option("--unreviewed", is_flag=True, help="Drafts and what a machine made.")
def export(
    file: Path, locale: str, whole_register: bool, missing: bool, stale: bool, unreviewed: bool
) -> None:
    """Write translation work to FILE: .xlsx for people, .xlf (XLIFF 1.2) for translators' tools."""
    from catalog.exchanging import collect, write_work
    from catalog.exchanging.writing import format_of

    kind = format_of(file)
    if kind is None:
        say("the file must end in .xlsx, .xlf or .xliff")
        sys.exit(UNUSABLE)
    with environment.reading() as session:
        units = collect(
            session,
            locale,
            missing=missing,
            stale=stale,
            unreviewed=unreviewed,
            whole_register=whole_register,
        )
    write_work(file, units, locale, kind)
    say(f"{len(units)} texts written to {file}")


@translations.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--by", required=True, help="Who translated it, for the history.")
@click.option("--reviewed", is_flag=True, help="Somebody has reviewed all of it: show it at once.")
@click.option("--dry-run", is_flag=True, help="Only say what would happen; keep nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report for a program.")
def import_(file: Path, by: str, reviewed: bool, dry_run: bool, as_json: bool) -> None:
    """Take translations back from FILE.

    Work on a text that has changed meanwhile is kept as a draft. Exit codes: 0 everything was taken,
    1 some pieces were kept as drafts or refused, 2 nothing of the file can be read.
    """
    from catalog.exchanging import take_back

    try:
        with environment.writing() as session:
            report = take_back(
                session,
                file,
                actor=Actor.system(by.strip()[:200] or "ocop"),
                now=clock.now(),
                dry_run=dry_run,
                reviewed=reviewed,
            )
            if not dry_run:
                session.commit()
    except UnusableFile as refusal:
        say(f"{file.name}: {refusal.reason}")
        sys.exit(UNUSABLE)
    if as_json:
        show_json(report.as_dict())
    else:
        for line in report.lines:
            click.echo(f"{line.line}\t{line.key}\t{line.outcome}\t{line.reason}")
    counted = ", ".join(f"{count} {name}" for name, count in sorted(report.outcomes.items()))
    say(f"{report.pieces} pieces: {counted}" + ("; a dry run: nothing was kept" if dry_run else ""))
    if report.lines:
        sys.exit(REJECTED)


@translations.command()
@_language
@click.option("--limit", default=500, show_default=True, help="At most so many texts.")
def machine(locale: str, limit: int) -> None:
    """Let the translation machine make what is missing (needs OCOP_TRANSLATOR_URL).

    Its texts are shown with a note that nobody has reviewed them. Ingredients, storage, warnings and
    allergens are never sent to it.
    """
    from catalog.machine_translation import MachineUnavailable, ask, keep, plan
    from catalog.translators.libretranslate import LibreTranslate

    found = environment.settings()
    if not found.translator_url:
        say("no translation machine is configured: set OCOP_TRANSLATOR_URL")
        sys.exit(UNUSABLE)
    translator = LibreTranslate(found.translator_url, key=found.translator_key)
    with environment.reading() as session:
        units = plan(session, locale, limit=limit)
    done = 0
    try:
        for answered in ask(translator, units, locale):
            # The database is held only while storing, never while the machine thinks.
            with environment.writing() as session:
                done += keep(session, translator.name, answered, now=clock.now())
                session.commit()
            say(f"  {done} of {len(units)} texts")
    except MachineUnavailable as refusal:
        say(f"the translation machine does not answer: {refusal.facts}")
        sys.exit(REJECTED)
    say(f"{done} texts made by the machine, to be reviewed")


@translations.command()
@click.option("--mend", is_flag=True, help="Correct the marks that are wrong.")
def check(mend: bool) -> None:
    """Compare the marks of age with the texts; exit 1 when one was wrong."""
    from catalog.translating import mend_marks

    with environment.writing() as session:
        wrong = mend_marks(session)
        for row in wrong:
            click.echo(f"{row.entity_kind}:{row.entity_id}\t{row.field}\t{row.locale}")
        if mend:
            session.commit()
    say(f"{len(wrong)} marks were wrong" + (", mended" if mend and wrong else ""))
    if wrong and not mend:
        sys.exit(REJECTED)
