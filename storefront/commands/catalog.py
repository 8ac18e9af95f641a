"""Commands for the catalogue: import a register or listings from a file, export everything."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import click

from catalog.exporting import guard, write_csv
from catalog.importing import ImportReport, UnusableFile, import_file
from core import clock
from i18n.catalogue import speaking
from storefront.commands import environment
from storefront.commands.environment import OPERATOR, say, show_json
from storefront.import_messages import file_sentence, problem_sentences

REJECTED, UNUSABLE = 1, 2


@click.group()
def catalog() -> None:
    """Import and export products and certificates."""


@catalog.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would happen; keep nothing.")
@click.option(
    "--report",
    "report_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write every rejected cell to this CSV file.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report for a program.")
@click.option(
    "--locale", default="en", show_default=True, help="The language of the sentences: vi or en."
)
def import_(
    file: Path, dry_run: bool, report_file: Path | None, as_json: bool, locale: str
) -> None:
    """Read FILE, a register or a catalogue (CSV or XLSX), row by row.

    A row is stored whole or not at all; importing the same file again changes nothing.
    Exit codes: 0 all rows stored, 1 some were rejected, 2 nothing of the file can be read.
    """
    with speaking(locale):
        try:
            report = _run(file, dry_run=dry_run)
        except UnusableFile as refusal:
            if as_json:
                show_json({"unusable": refusal.reason, "facts": refusal.facts})
            say(f"{file.name}: {file_sentence(refusal)}")
            sys.exit(UNUSABLE)
        _tell(report, as_json=as_json, report_file=report_file)
    if report.rejected:
        sys.exit(REJECTED)


@catalog.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def export(file: Path) -> None:
    """Write the whole catalogue to FILE as CSV (UTF-8, opens in Excel)."""
    with environment.reading() as session:
        count = write_csv(session, file)
    say(f"{count} rows written to {file}")


def _run(file: Path, *, dry_run: bool) -> ImportReport:
    def progress(done: int, total: int) -> None:
        if done == total or done % 100 == 0:
            say(f"  {done} of {total} rows")

    with environment.writing() as session:
        report = import_file(
            session, file, actor=OPERATOR, now=clock.now(), dry_run=dry_run, progress=progress
        )
        if not dry_run:
            session.commit()
    return report


def _tell(report: ImportReport, *, as_json: bool, report_file: Path | None) -> None:
    sentences = problem_sentences(report.problems)
    if report_file is not None:
        with report_file.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(("line", "column", "field", "reason", "value", "what", "mend"))
            for problem, said in zip(report.problems, sentences, strict=True):
                writer.writerow(
                    (said.line, said.column, problem.field, problem.reason, guard(said.value))
                    + (said.what, said.mend)
                )
    if as_json:
        show_json(report.as_dict())
    else:
        for said in sentences:
            click.echo(f"{said.line}\t{said.column}\t{said.value}\t{said.what} {said.mend}")
    counted = ", ".join(f"{report.outcomes[name]} {name}" for name in _OUTCOMES)
    say(f"{report.rows} rows ({report.kind}, {report.encoding}): {counted}")
    if report.unknown_columns:
        say(f"columns nobody knows: {', '.join(report.unknown_columns)}")
    if report.dry_run:
        say("a dry run: nothing was kept")


_OUTCOMES = ("created", "updated", "same", "rejected")
