"""One account of a recall for the producer's and the office's page, its CSV file, and its e-mails."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from catalog.exporting import guard
from catalog.lots.recalls import load_recall
from catalog.models import Recall
from core.clock import vietnam_date
from feeds.recalls import PartnerListing, partner_listings
from orders.recalls import AffectedLine, Delivery, affected_lines, deliveries

_COLUMNS = (
    "kind", "lot", "product", "package", "quantity", "sure", "order", "date", "state", "holder",
    "phone", "email", "document",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RecallReport:
    """A recall and everybody it reaches."""

    recall: Recall
    lines: tuple[AffectedLine, ...]
    deliveries: tuple[Delivery, ...]
    listings: tuple[PartnerListing, ...]

    @property
    def partners(self) -> frozenset[str]:
        """The codes of the supermarkets that got goods or list them."""
        sent = {each.partner for each in self.deliveries if each.partner}
        return frozenset(sent | {each.partner for each in self.listings})

    @property
    def orders(self) -> int:
        """How many orders are concerned."""
        return len({line.order_id for line in self.lines})

    @property
    def unreachable(self) -> tuple[AffectedLine, ...]:
        """Lines of buyers without an e-mail address: somebody has to telephone."""
        return tuple(line for line in self.lines if not line.email)


def load_report(session: Session, recall_id: int) -> RecallReport:
    """The account of a recall as of now; raises RecallNotFound."""
    recall = load_recall(session, recall_id)
    packages = {row.lot.package_id for row in recall.lots if row.lot.package_id is not None}
    return RecallReport(
        recall,
        tuple(affected_lines(session, recall_id)),
        tuple(deliveries(session, recall_id)),
        tuple(partner_listings(session, packages)),
    )


def report_csv(report: RecallReport) -> bytes:
    """Every line, delivery and listing as CSV that opens in Excel and holds no formulas."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for row in _rows(report):
        writer.writerow([guard(str(value)) for value in row])
    return out.getvalue().encode("utf-8-sig")


def _rows(report: RecallReport) -> Iterator[tuple[object, ...]]:
    for line in report.lines:
        yield (
            "order", line.lot_number, line.name, line.label, line.quantity,
            "yes" if line.is_sure else "perhaps", line.order_number,
            vietnam_date(line.placed_at).isoformat(), line.parcel_state, line.recipient,
            line.phone, line.email or "", "",
        )  # fmt: skip
    for sent in report.deliveries:
        yield (
            "delivery", sent.lot_number, sent.name, sent.unit, f"{sent.quantity:f}", "yes", "",
            vietnam_date(sent.happened_at).isoformat(), "", sent.party, "", "",
            sent.document or "",
        )  # fmt: skip
    for listing in report.listings:
        yield (
            "listing", "", "", listing.sku, "", "perhaps", "", "", "", listing.partner, "", "",
            listing.batch_number,
        )  # fmt: skip


def counts(report: RecallReport) -> Counter[str]:
    """How many packages are where: by the state of their parcel, sure ones only."""
    found: Counter[str] = Counter()
    for line in report.lines:
        if line.is_sure:
            found[line.parcel_state] += line.quantity
    return found
