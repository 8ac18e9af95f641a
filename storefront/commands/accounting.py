"""``ocop accounting``: journals of the ledger for accounting software."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from storefront.commands import environment
from storefront.commands.environment import OPERATOR, find_producer, say

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def accounting() -> None:
    """What happened to money, as journal lines that balance."""


@accounting.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--from", "first", required=True, type=_DAY, help="First day, Vietnam time.")
@click.option("--to", "last", required=True, type=_DAY, help="Last day, Vietnam time.")
@click.option(
    "--producer", help="Code of the producer whose books they are; without it the shop's own."
)
@click.option("--profile", default="waca", show_default=True, help="Columns and account codes.")
def export(file: Path, first: datetime, last: datetime, producer: str | None, profile: str) -> None:
    """Write the journal of a period to FILE (.csv or .xlsx), and its totals to stdout.

    Every line has a key that stays the same however often it is exported. Refused when the lines
    would not add up to the ledger.
    """
    from orders.accounting.journal import producer_journal, shop_journal
    from orders.accounting.profiles import accounting_profile, find_accounts
    from orders.accounting.writing import write_journal

    known = accounting_profile(profile)
    period = {"first": first.date(), "last": last.date()}
    with environment.reading() as session:
        if producer is None:
            journal = shop_journal(session, known, actor=OPERATOR, **period)
        else:
            maker = find_producer(session, producer).id
            accounts, confirmed = find_accounts(session, maker, known)
            journal = producer_journal(session, maker, accounts, actor=OPERATOR, **period)
            if not confirmed:
                say("the account codes are those of the profile: no accountant has confirmed them")
    count = write_journal(file, journal, known)
    for account, (debit, credit) in journal.totals.items():
        click.echo(f"{account}\t{debit.amount}\t{credit.amount}")
    say(
        f"{count} lines of {journal.documents} documents, {journal.moved.amount} đồng, as the ledger"
    )
    if journal.foreign:
        say(f"{journal.foreign} entries in other money are not in the file")
    say(f"the file format of this profile is {known.verified}")
