"""The ledger of a period as journal lines: of the shop, or of one producer with its tax taken apart.

Nothing is counted anew: every line comes from an entry of the ledger, and a journal that does not add up
to the ledger is refused. The ledger is never changed, so a past period is always the same journal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from catalog.importing.profiles import SoftwareProfile
from catalog.models import Producer
from core.actor import Actor
from core.clock import VIETNAM, vietnam_date
from core.errors import Invalid
from core.money import Money
from core.people.permissions import require
from orders.errors import Unbalanced
from orders.models import CustomerOrder, LedgerEntry, LedgerTransaction, SubOrder
from orders.rules.bookkeeping import JournalLine, account_totals, pair_entries

MOST_DAYS = 366
CURRENCY = "VND"
"""What books are kept in here; entries in other money are counted and left to the accountant."""


class BadPeriod(Invalid):
    """The last day is before the first, or the two are more than a year apart; facts: first, last, most_days."""


@dataclass(frozen=True, slots=True)
class Journal:
    """The lines of a period, both days inclusive. `moved` is what the ledger says they must come to.

    For a producer that is what the shop owes it more than before; for the shop what came to its bank
    account and couriers. `foreign` counts entries in other money than đồng: they are not in the lines.
    """

    first: date
    last: date
    lines: tuple[JournalLine, ...]
    moved: Money
    foreign: int

    @property
    def totals(self) -> dict[str, tuple[Money, Money]]:
        """Debit and credit by account."""
        return account_totals(self.lines)

    @property
    def documents(self) -> int:
        """How many things happened."""
        return len({line.key.rpartition("/")[0] for line in self.lines})


def producer_journal(
    session: Session,
    producer_id: int,
    accounts: Mapping[str, str],
    *,
    first: date,
    last: date,
    actor: Actor,
) -> Journal:
    """What a producer books of its sales in the shop: goods, delivery and tax apart, by order.

    Raises BadPeriod, NotAllowed, and Unbalanced when the lines are not what the ledger says.
    """
    require(actor, "order.view", producer_id=producer_id)
    rows = _entries(session, first, last, producer_id)
    parcels = _parcels(session, producer_id, {row.order_id for row in rows if row.order_id})
    own = [row for row in rows if row.currency == CURRENCY]
    lines = []
    for row in own:
        parcel = parcels.get(row.order_id)
        made = _producer_lines(row, parcel, accounts)
        _refuse_difference(row.key, sum(line.amount.amount for line in made), abs(row.amount))
        lines += made
    moved = Money(-sum(row.amount for row in own), CURRENCY)
    return Journal(first, last, tuple(lines), moved, len(rows) - len(own))


def shop_journal(
    session: Session, profile: SoftwareProfile, *, first: date, last: date, actor: Actor
) -> Journal:
    """Every transaction of the shop's own ledger; raises BadPeriod, NotAllowed, Unbalanced."""
    require(actor, "payment.confirm")
    rows = _entries(session, first, last, None)
    codes: Mapping[str, str] = profile.more["shop_accounts"]
    own: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        if row.currency == CURRENCY:
            own[row.key].append(row)
    lines = []
    for key, entries in own.items():
        pairs = pair_entries([(entry, entry.amount) for entry in entries])
        for n, (debit, credit, amount) in enumerate(pairs, 1):
            lines.append(
                JournalLine(
                    key=f"{key}/{n}",
                    day=vietnam_date(debit.at),
                    document=debit.number or "",
                    kind=debit.kind,
                    part=debit.kind,
                    debit=codes[debit.account],
                    credit=codes[credit.account],
                    amount=Money(amount, CURRENCY),
                    party=credit.producer_code or debit.producer_code or "",
                )
            )
    held = [r.amount for entries in own.values() for r in entries if r.account in _HELD]
    return Journal(
        first,
        last,
        tuple(lines),
        Money(sum(held), CURRENCY),
        len(rows) - sum(map(len, own.values())),
    )


_HELD = ("bank", "courier")


def _entries(session: Session, first: date, last: date, producer_id: int | None) -> Sequence[Any]:
    """Entries of the period in the order in which they were posted, of one producer if given."""
    if not first <= last <= first + timedelta(days=MOST_DAYS):
        raise BadPeriod(first=first, last=last, most_days=MOST_DAYS)
    begin = datetime.combine(first, time(), VIETNAM)
    end = datetime.combine(last + timedelta(days=1), time(), VIETNAM)
    query = (
        select(
            LedgerTransaction.key,
            LedgerTransaction.kind,
            LedgerTransaction.at,
            LedgerTransaction.order_id,
            CustomerOrder.number,
            LedgerEntry.account,
            LedgerEntry.amount_minor.label("amount"),
            LedgerEntry.currency,
            Producer.code.label("producer_code"),
        )
        .join(LedgerEntry, LedgerEntry.transaction_id == LedgerTransaction.id)
        .outerjoin(CustomerOrder, CustomerOrder.id == LedgerTransaction.order_id)
        .outerjoin(Producer, Producer.id == LedgerEntry.producer_id)
        .where(LedgerTransaction.at >= begin, LedgerTransaction.at < end)
        .order_by(LedgerTransaction.at, LedgerTransaction.id, LedgerEntry.id)
    )
    if producer_id is not None:
        query = query.where(
            LedgerEntry.account == "producer", LedgerEntry.producer_id == producer_id
        )
    return session.execute(query).all()


def _parcels(session: Session, producer_id: int, order_ids: set[int]) -> dict[int, SubOrder]:
    found = session.scalars(
        select(SubOrder)
        .where(SubOrder.producer_id == producer_id, SubOrder.order_id.in_(sorted(order_ids)))
        .options(selectinload(SubOrder.lines))
    )
    return {parcel.order_id: parcel for parcel in found}


def _producer_lines(
    row: Any, parcel: SubOrder | None, accounts: Mapping[str, str]
) -> list[JournalLine]:
    """The lines of one entry: a sale or its undoing by goods, delivery and tax; anything else is money."""
    common = {"day": vietnam_date(row.at), "document": row.number or "", "kind": row.kind}
    lines: list[JournalLine] = []

    def add(part: str, account: str, amount: int, *, is_more: bool, **told: Any) -> None:
        if amount:
            ours, other = accounts["receivable"], accounts[account]
            debit, credit = (ours, other) if is_more else (other, ours)
            lines.append(
                JournalLine(
                    key=f"{row.key}/{len(lines) + 1}", part=part, debit=debit, credit=credit,
                    amount=Money(amount, CURRENCY), **common, **told,
                )
            )  # fmt: skip

    is_more = row.amount < 0
    if parcel is None or row.kind not in ("sale", "sale_undone"):
        add(row.kind, "bank", abs(row.amount), is_more=is_more)
        return lines
    tax: dict[int, int] = defaultdict(int)
    for sold in parcel.lines:
        tax[sold.vat_rate_bp] += sold.vat_minor
        add(
            "goods", "revenue", sold.line_minor - sold.discount_minor - sold.vat_minor, is_more=is_more,
            item_code=sold.sku, item=sold.name, quantity=sold.quantity,
            vat_rate_bp=sold.vat_rate_bp,
        )  # fmt: skip
    for rate, amount in sorted(tax.items()):
        add("vat", "vat", amount, is_more=is_more, vat_rate_bp=rate)
    add("delivery", "delivery", parcel.shipping_minor, is_more=is_more)
    return lines


def _refuse_difference(key: str, told: int, posted: int) -> None:
    if told != posted:
        raise Unbalanced(key=key, off_by=told - posted)
