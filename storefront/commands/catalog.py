"""Commands for the catalogue: import registers, price lists and listings from files, export everything."""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from catalog.archive.reading import is_archive
from catalog.exporting import guard, write_csv
from catalog.importing import ImportReport, UnusableFile, import_file
from catalog.importing.mappings import find_mapping, save_mapping
from catalog.importing.price_store import PriceTerms
from catalog.importing.report import OUTCOMES
from catalog.importing.understanding import KINDS, Understood, understand
from catalog.importing.use_case import judge_only
from core import clock
from core.money import EXPONENTS
from i18n.catalogue import speaking
from storefront.commands import archive, environment
from storefront.commands.environment import OPERATOR, say, show_json
from storefront.import_messages import file_sentence, problem_sentences

REJECTED, UNUSABLE = 1, 2
_BAR = 24


@click.group()
def catalog() -> None:
    """Import and export products and certificates."""


@catalog.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would happen; keep nothing.")
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    default="auto",
    show_default=True,
    help="What the file is; auto finds out.",
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day validity is judged by; today without it.",
)
@click.option("--province", default="", help="The province, if nothing in the file names it.")
@click.option("--source", default="", help="Who sends it: a mapping saved under this name is used.")
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="HEADING=FIELD",
    help="What a heading means; with --source it is saved for the next time.",
)
@click.option(
    "--report",
    "report_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write every row as it was understood to this .json file, or what to mend to a .csv file.",
)
@click.option(
    "--errors",
    "errors_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the sheet again as .xlsx with a column that says what to mend.",
)
@click.option("--price-list", "code", default="", help="The code of the price list to fill.")
@click.option(
    "--price-kind",
    type=click.Choice(["retail", "wholesale"]),
    help="Whose prices they are; read from the headings without it.",
)
@click.option("--partner", help="The only partner a new price list is for.")
@click.option("--producer", default="", help="The code of the only producer meant.")
@click.option(
    "--currency", type=click.Choice(sorted(EXPONENTS)), help="What the prices must be in."
)
@click.option(
    "--with-vat/--without-vat", "tax", default=None, help="Whether the prices include VAT."
)
@click.option("--valid-from", type=click.DateTime(["%Y-%m-%d"]), help="The first day.")
@click.option("--valid-to", type=click.DateTime(["%Y-%m-%d"]), help="The last day.")
@click.option("--in-force", is_flag=True, help="Let the prices hold; without it they are a draft.")
@click.option("--json", "as_json", is_flag=True, help="Print the report for a program.")
@click.option(
    "--locale", default="en", show_default=True, help="The language of the sentences: vi or en."
)
def import_(
    file: Path,
    dry_run: bool,
    kind: str,
    as_of: datetime | None,
    province: str,
    source: str,
    maps: tuple[str, ...],
    report_file: Path | None,
    errors_file: Path | None,
    code: str,
    price_kind: str | None,
    partner: str | None,
    producer: str,
    currency: str | None,
    tax: bool | None,
    valid_from: datetime | None,
    valid_to: datetime | None,
    in_force: bool,
    as_json: bool,
    locale: str,
) -> None:
    """Read FILE, a register, price list or catalogue (CSV, XLSX or DOCX), row by row.

    What `ocop catalog export` wrote is taken back whole or not at all.

    A row is stored whole or not at all; importing the same file again changes nothing, and an import
    that was broken off goes on where it stopped. Rows without maker or stars become drafts. Prices of
    a price list are stored on a list that is a draft until a person puts it in force, or --in-force.
    Exit codes: 0 all rows stored or nothing was to be stored,
    1 some were rejected or wait for a person, 2 nothing of the file can be read.
    """
    if kind == "auto" and is_archive(file):
        archive.import_all(file, dry_run=dry_run, as_json=as_json)
        return
    said = dict(_pair(text) for text in maps)
    on = as_of.date() if as_of else clock.today()
    with speaking(locale):
        try:
            read = understand(
                file, as_of=on, kind=kind, province=province, mapping=_mapping(source) | said
            )
        except UnusableFile as refusal:
            _give_up(file, refusal, as_json=as_json)
        if report_file is not None and report_file.suffix.lower() == ".json":
            _write_rows(report_file, read)
        terms = PriceTerms(
            code=code,
            kind=price_kind or "",
            partner_code=partner,
            producer_code=producer,
            currency=currency or "",
            tax_inclusive=tax,
            valid_from=valid_from.date() if valid_from else None,
            valid_to=valid_to.date() if valid_to else None,
            in_force=in_force,
        )
        report = _run(file, read, dry_run=dry_run, as_of=on, prices=terms)
        if source and said:
            _remember(source, said)
        _tell(report, as_json=as_json, report_file=report_file)
        if errors_file is not None:
            from storefront.error_workbook import write_error_workbook

            write_error_workbook(errors_file, read, report)
            say(f"what to mend: {errors_file}")
    if (report.rejected or report.outcomes["review"]) and not dry_run:
        sys.exit(REJECTED)


@catalog.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--listing", is_flag=True, help="Only one line for each package, as .csv for people.")
def export(file: Path, listing: bool) -> None:
    """Write the whole catalogue to FILE (.csv, .xlsx or .jsonl); `ocop catalog import` takes it back.

    Every row of every table of the catalogue, so that an empty database filled from the file is the
    same. Pictures themselves travel with `ocop backup`. With --listing: a table for a spreadsheet.
    """
    if not listing:
        archive.export_all(file)
        return
    with environment.reading() as session:
        count = write_csv(session, file)
    say(f"{count} rows written to {file}")


def _pair(text: str) -> tuple[str, str]:
    heading, found, name = text.rpartition("=")
    if not found or not heading.strip():
        raise click.BadParameter("write HEADING=FIELD", param_hint="--map")
    return heading, name.strip()


def _mapping(source: str) -> dict[str, str]:
    if not source:
        return {}
    with environment.reading() as session:
        return find_mapping(session, source)


def _remember(source: str, said: dict[str, str]) -> None:
    with environment.writing() as session:
        save_mapping(session, source, said, actor=OPERATOR, now=clock.now())
        session.commit()


def _give_up(file: Path, refusal: UnusableFile, *, as_json: bool) -> None:
    if as_json:
        show_json({"unusable": refusal.reason, "facts": refusal.facts})
    say(f"{file.name}: {file_sentence(refusal)}")
    sys.exit(UNUSABLE)


def _run(
    file: Path, read: Understood, *, dry_run: bool, as_of: date, prices: PriceTerms
) -> ImportReport:
    """Store what was understood, committing after each chunk; without a database a dry run still judges."""
    shows_bar = sys.stderr.isatty()

    def progress(done: int, total: int) -> None:
        if shows_bar:
            filled = _BAR * done // max(total, 1)
            bar = f"\r  [{'#' * filled}{'.' * (_BAR - filled)}] {done} of {total} rows"
            click.echo(bar, nl=done == total, err=True)
        elif done == total or done % 1000 == 0:
            say(f"  {done} of {total} rows")

    try:
        with environment.writing() as session:
            return import_file(
                session,
                file,
                actor=OPERATOR,
                now=clock.now(),
                dry_run=dry_run,
                progress=progress,
                as_of=as_of,
                understood=read,
                on_chunk=session.commit,
                prices=prices,
            )
    except (OperationalError, ProgrammingError):
        if not dry_run:
            raise
    say("there is no database to compare with: the rows are judged by themselves")
    return judge_only(read)


def _write_rows(path: Path, read: Understood) -> None:
    rows = [row.as_row() for row in read.rows]
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _tell(report: ImportReport, *, as_json: bool, report_file: Path | None) -> None:
    sentences = problem_sentences(report.problems)
    if report_file is not None and report_file.suffix.lower() != ".json":
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
    _account(report)


def _account(report: ImportReport) -> None:
    """Every row accounted for: by what became of it, by how it was judged, by what is wrong."""
    counted = ", ".join(f"{report.outcomes[name]} {name}" for name in OUTCOMES)
    say(f"{report.rows} rows ({report.kind}, {report.encoding}): {counted}")
    if report.resumed:
        say(f"{report.resumed} rows were stored before the last import was broken off")
    if report.judged:
        judged = Counter(row.status for row in report.judged)
        say("judged: " + ", ".join(f"{count} {name}" for name, count in judged.most_common()))
        codes = Counter(code for row in report.judged for code in row.errors)
        for code, count in codes.most_common():
            say(f"  {count} × {code}")
    for sheet, lines in report.ignored.items():
        left_out = Counter(lines.values())
        said = ", ".join(f"{count} {reason}" for reason, count in left_out.items())
        say(f"lines that are no rows{f' ({sheet})' if sheet else ''}: {said}")
    if report.unknown_columns:
        say(f"columns nobody knows: {', '.join(report.unknown_columns)}")
    if report.dry_run:
        say("a dry run: nothing was kept")
