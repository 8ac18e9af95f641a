"""``ocop stock``: stock and prices to and from the sales software of producers."""

from __future__ import annotations

from pathlib import Path

import click

from core import clock
from storefront.commands import environment
from storefront.commands.environment import OPERATOR, find_producer, say

_FAILED = 1
_FILE = click.Path(path_type=Path, dir_okay=False)
_PROFILE = click.option(
    "--profile", default="hanbai", show_default=True, help="How its columns are named."
)
_PRODUCER = click.option("--producer", required=True, help="Code of the producer.")


@click.group()
def stock() -> None:
    """Goods with stock and price out, counts and prices in."""


@stock.command()
@click.argument("file", type=_FILE)
@_PROFILE
@_PRODUCER
def export(file: Path, profile: str, producer: str) -> None:
    """Write a producer's goods with stock and price to FILE (.csv or .xlsx)."""
    from orders.sales_software.reading import sales_profile
    from orders.sales_software.writing import write_goods

    known = sales_profile(profile)
    with environment.reading() as session:
        found = find_producer(session, producer)
        count = write_goods(session, file, known, found.id, on=clock.today())
    say(f"{count} goods written to {file}; the file format of this profile is {known.verified}")


@stock.command("import")
@click.argument("file", type=_FILE)
@_PROFILE
@_PRODUCER
@click.option("--dry-run", is_flag=True, help="Only say what would change; keep nothing.")
def import_(file: Path, profile: str, producer: str, dry_run: bool) -> None:
    """Read counts and prices from FILE (CSV or XLSX); reading it again changes nothing.

    Each line that changes something or is refused is printed: line, goods, what. Exit codes: 0 all
    lines are right, 1 some were refused.
    """
    from catalog.importing.profiles import find_columns
    from orders.sales_software.reading import read_sales_file, sales_profile
    from orders.sales_software.taking import take_file

    known = sales_profile(profile)
    with environment.writing() as session:
        maker = find_producer(session, producer).id
        read = read_sales_file(file, known, said=find_columns(session, maker, profile))
        plan = take_file(
            session, maker, read, source=known.name, actor=OPERATOR, on=clock.today(),
            now=clock.now(),
        )  # fmt: skip
        if not dry_run:
            session.commit()
    for line in plan.lines:
        sku = line.goods.sku if line.goods else line.told.get("sku", "")
        if line.stock is not None and line.goods is not None:
            click.echo(f"{line.line}\t{sku}\tstock\t{line.goods.on_hand}\t{line.stock}")
        if line.price is not None and line.goods is not None:
            click.echo(f"{line.line}\t{sku}\tprice\t{line.goods.price.amount}\t{line.price.amount}")
        for column, code in line.problems:
            click.echo(f"{line.line}\t{sku}\t{column}\t{code}")
    refused = plan.count("refused")
    say(
        f"{plan.count('change')} lines change, {plan.count('same')} are as before, {refused} refused"
    )
    if plan.unknown_columns:
        say(f"columns nobody knows, left alone: {', '.join(plan.unknown_columns)}")
    say(f"the file format of this profile is {known.verified}")
    if dry_run:
        say("a dry run: nothing was kept")
    if refused:
        raise SystemExit(_FAILED)
