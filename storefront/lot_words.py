"""Names for what stands on pages about lots: events, states, and quantities of packages."""

from __future__ import annotations

from decimal import Decimal

from catalog.rules.certification import StarClaim
from i18n.catalogue import gettext as _
from i18n.catalogue import lazy_gettext, lazy_pgettext, ngettext, spoken
from i18n.formatting import format_number, format_quantity, format_short_date

EVENT_NAMES = {
    "harvest": lazy_gettext("Harvested"),
    "catch": lazy_gettext("Caught or landed"),
    "receive": lazy_pgettext("event of a lot", "Received"),
    "process": lazy_gettext("Processed"),
    "pack": lazy_gettext("Packed"),
    "ship": lazy_gettext("Sent out"),
    "recall": lazy_gettext("Called back"),
    "void": lazy_gettext("Struck out"),
}
STATE_NAMES = {
    "good": lazy_gettext("May be sold"),
    "recalled": lazy_gettext("Called back"),
    "expired": lazy_gettext("Past its use-by date"),
    "past_best_before": lazy_gettext("Past its best-before date"),
}
STORAGE = {
    "ambient": lazy_gettext("Keep cool and dry, out of the sun"),
    "chilled": lazy_gettext("Keep chilled at 0–4 °C"),
    "frozen": lazy_gettext("Keep frozen at −18 °C or below"),
    "live": lazy_gettext("Delivered alive; prepare on the day it arrives"),
}


def amount(quantity: Decimal, unit: str) -> str:
    """A quantity of a lot in the spoken language: packages are counted, anything else is measured."""
    if unit == "piece":
        whole = int(quantity)
        return ngettext(
            "%(count)s package",
            "%(count)s packages",
            whole,
            count=format_number(quantity, spoken()),
        )
    return format_quantity(quantity, unit, spoken())


def claim_sentence(claim: StarClaim) -> str:
    """What the recognition says; only ever made from a claim."""
    return _(
        "OCOP, %(stars)s stars, decision %(number)s of %(day)s, valid until %(until)s",
        stars=claim.stars,
        number=claim.decision_number,
        day=format_short_date(claim.issued_on, spoken()),
        until=format_short_date(claim.valid_to, spoken()),
    )
