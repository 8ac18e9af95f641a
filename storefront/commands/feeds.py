"""Commands for the feeds to supermarkets: build, look, carry, follow, book answers."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from core import clock
from feeds import profiles
from feeds.batches import BuildReport
from feeds.checking import FileFault
from feeds.profiles import BadProfile, Profile, UnknownPartner
from storefront.commands import environment
from storefront.commands.environment import OPERATOR, say, show_json

NEEDS_A_PERSON = 1
NOT_UNDERSTOOD = 2
as_json = click.option("--json", "as_json", is_flag=True, help="Answer with JSON on stdout.")


@click.group()
def feeds() -> None:
    """Build, push and follow batches for supermarkets.

    PARTNER is the name of a profile, such as demo-supermarket.
    """


@feeds.command()
@click.argument("partner")
@click.option("--full", is_flag=True, help="Say everything again, not only what has changed.")
@as_json
def build(partner: str, full: bool, as_json: bool) -> None:
    """Build the next batch of what has changed since the partner's last acceptance.

    Exit code 1 when its files have faults and are not sent.
    """
    from storefront.feeds import build_batch, schema_folder

    profile = _profile(partner)
    with environment.engine() as engine:
        report = build_batch(
            engine,
            profile,
            actor=OPERATOR,
            now=clock.now(),
            full=full,
            schemas=schema_folder(environment.settings()),
        )
    if as_json:
        show_json(asdict(report))
    else:
        _say_built(report)
    if report.faults:
        sys.exit(NEEDS_A_PERSON)


def _say_built(report: BuildReport) -> None:
    _say_held(report.held)
    if report.faults:
        number = report.number or report.waiting
        say(f"batch {number} is not sent: its files have {len(report.faults)} faults")
        for fault in report.faults:
            _say_fault(fault)
    elif report.waiting is not None:
        click.echo(f"nothing new: batch {report.waiting} says exactly this and waits to be sent")
    elif report.number is None:
        click.echo(
            f"nothing to send: {report.same} items unchanged, {report.awaiting} wait for an answer,"
            f" {report.refused} were refused and have not changed"
        )
    else:
        told = ", ".join(f"{count} {action}" for action, count in report.actions.items())
        click.echo(f"batch {report.number}: {told}")
    for number in report.superseded:
        say(f"batch {number} had not been sent and is superseded")


@feeds.command()
@click.argument("partner")
@click.option("--full", is_flag=True, help="As the next full batch would be.")
@as_json
def preview(partner: str, full: bool, as_json: bool) -> None:
    """Show what the next batch would say, without building it."""
    from feeds.batches import make_plan

    profile = _profile(partner)
    now = clock.now()
    with environment.reading() as session:
        plan = make_plan(session, profile, on=clock.vietnam_date(now), full=full)
    if as_json:
        lines = [asdict(line) for line in plan.lines]
        show_json({"lines": lines, "held": [asdict(item) for item in plan.held]})
        return
    for line in plan.lines:
        click.echo(f"{line.action:<9} {line.gtin}  {line.payload.get('name_vi', '')}")
    _say_held(plan.held)
    say(f"{len(plan.lines)} lines, {len(plan.held)} items held")


@feeds.command()
@click.argument("partner")
@as_json
def push(partner: str, as_json: bool) -> None:
    """Carry the batches that wait to the partner, oldest first."""
    from storefront.feeds import push as carry
    from storefront.feeds import schema_folder

    profile = _profile(partner)
    schemas = schema_folder(environment.settings())
    with _transport_told(), environment.engine() as engine:
        pushed = carry(engine, profile, schemas=schemas, progress=_progress)
    if as_json:
        show_json([asdict(p) for p in pushed])
        return
    if not pushed:
        click.echo("nothing waits to be sent")
    for done in pushed:
        names = ", ".join(r.name for r in done.receipts)
        click.echo(f"batch {done.number} is at the partner: {names}")


@feeds.command()
@click.argument("partner")
@click.argument("number", type=int)
def resend(partner: str, number: int) -> None:
    """Send batch NUMBER once more: the same bytes under the same names."""
    from storefront.feeds import resend as carry_again

    profile = _profile(partner)
    with _transport_told(), environment.engine() as engine:
        done = carry_again(engine, profile, number, progress=_progress)
    for receipt in done.receipts:
        click.echo(f"{receipt.name}: {'was there already' if receipt.was_there else 'sent'}")


@feeds.command()
@click.argument("partner")
@as_json
def status(partner: str, as_json: bool) -> None:
    """Show batches, refused and held items, late and stray answers.

    Exit code 1 if an answer is late or a batch is not sent because of its files.
    """
    from feeds.queries import get_batch_page, partner_status

    profile = _profile(partner)
    with environment.reading() as session:
        found = partner_status(session, profile.code, now=clock.now())
        refused = [
            line
            for row in found.batches
            if row.counts.get("rejected")
            for line in get_batch_page(session, profile.code, row.number).lines
            if line.state == "rejected"
        ]
    if as_json:
        show_json({**asdict(found), "rejected": [asdict(line) for line in refused]})
    else:
        items = ", ".join(f"{n} {state}" for state, n in sorted(found.items.items())) or "none yet"
        click.echo(f"{profile.name}: items {items}; {len(found.held)} held")
        for row in found.batches:
            counts = ", ".join(f"{n} {state}" for state, n in sorted(row.counts.items()))
            click.echo(f"batch {row.number:>6} {row.kind:<5} {row.fate:<12} {counts}")
            for fault in row.faults:
                _say_fault(fault)
        for line in refused:
            click.echo(f"  refused {line.gtin} {line.name}: {line.reason_code} {line.reason_text}")
        for answer in found.stray_answers:
            say(f"answer {answer.file_name} could not be booked: {answer.outcome}")
        for late in found.overdue:
            say(f"batch {late.number}: the answer was due {late.due_at:%Y-%m-%d %H:%M} UTC")
    if found.overdue or any(row.fate == "faulty" for row in found.batches):
        sys.exit(NEEDS_A_PERSON)


@feeds.command()
@click.argument("partner_or_file")
@click.option("--partner", help="Whose answer the file is, if its name does not begin with it.")
@as_json
def acknowledge(partner_or_file: str, partner: str | None, as_json: bool) -> None:
    """Book a partner's answers: fetch them by SFTP (PARTNER), or read one FILE.

    Exit code 1 when something in an answer could not be booked.
    """
    from storefront.feeds import book_answers, fetch_answers

    path = Path(partner_or_file)
    with _transport_told(), environment.engine() as engine:
        if path.is_file():
            profile = _profile(partner or _partner_of(path.name))
            raw = path.read_bytes()
            reports = [book_answers(engine, profile, name=path.name, raw=raw)]
        else:
            profile = _profile(partner_or_file)
            reports = fetch_answers(engine, profile)
    if as_json:
        show_json([asdict(report) for report in reports])
    else:
        if not reports:
            click.echo("no new answers")
        for report in reports:
            booked = ", ".join(f"{n} {state}" for state, n in sorted(report.booked.items()))
            click.echo(f"{report.file_name}: {report.outcome} {booked}".rstrip())
            for mistake in report.reported:
                say(f"  row {mistake.row}: {mistake.code} {mistake.found}")
    if any(report.reported for report in reports):
        sys.exit(NEEDS_A_PERSON)


def _profile(partner: str) -> Profile:
    try:
        return profiles.load(partner, environment.settings().partners_dir)
    except UnknownPartner as unknown:
        say(f"there is no partner {partner}; there are: {', '.join(unknown.facts['known'])}")
    except BadProfile as bad:
        say(f"the profile of {partner} is not right:")
        for problem in bad.facts["problems"]:
            say(f"  {problem}")
    sys.exit(NOT_UNDERSTOOD)


def _partner_of(file_name: str) -> str:
    """The partner whose code the file's name begins with; the longest one if several fit."""
    codes = profiles.codes(environment.settings().partners_dir)
    fitting = [code for code in codes if file_name.startswith(code)]
    if not fitting:
        say(f"{file_name} does not begin with a partner's name; say --partner")
        sys.exit(NOT_UNDERSTOOD)
    return max(fitting, key=len)


@contextmanager
def _transport_told() -> Iterator[None]:
    """A refusal of the transport as one plain line and exit code 1."""
    from core.errors import OcopError

    try:
        yield
    except OcopError as refusal:
        facts = ", ".join(f"{name}: {value}" for name, value in refusal.facts.items())
        say(f"{type(refusal).__name__}: {facts}")
        sys.exit(NEEDS_A_PERSON)


def _say_fault(fault: FileFault) -> None:
    where = f"{fault.file}, line {fault.line}" if fault.line else fault.file
    say(f"  {where}: {fault.code} {fault.found}".rstrip())


def _say_held(held: tuple[Any, ...]) -> None:
    for item in held:
        codes = ", ".join(lack.code for lack in item.problems)
        say(f"held {item.sku} {item.name}: {codes}")


def _progress(name: str, written: int, size: int) -> None:
    if written == size:
        say(f"{name}: {size} bytes")
