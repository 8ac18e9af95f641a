"""Words for events, collections and articles: kinds, phases, states, and the days they are about."""

from __future__ import annotations

from datetime import date

from catalog.models.article import ARTICLE_KINDS
from catalog.models.trade_event import EVENT_KINDS, OUTCOME_KINDS
from catalog.rules.matching import UNITS
from catalog.rules.seasons import month_spans
from core.money import Money
from i18n import glossary
from i18n.catalogue import gettext as _
from i18n.catalogue import lazy_gettext, lazy_pgettext, spoken
from i18n.formatting import format_date, format_list, format_money
from storefront.record_words import month_names

EVENT_NAMES = {
    "fair": lazy_gettext("Trade fair"),
    "conference": lazy_gettext("Supply–demand conference"),
}
PHASES = {
    "draft": lazy_gettext("Draft"),
    "announced": lazy_pgettext("event", "To come"),
    "running": lazy_pgettext("event", "On now"),
    "over": lazy_pgettext("event", "Over"),
    "cancelled": lazy_gettext("Cancelled"),
}
EVENT_STATES = {
    "draft": lazy_gettext("Draft"),
    "announced": lazy_pgettext("event", "Announced"),
    "cancelled": lazy_gettext("Cancelled"),
}
ARTICLE_NAMES = {
    "news": lazy_pgettext("kind of article", "News"),
    "guide": lazy_pgettext("kind of article", "Guide"),
    "producers": lazy_pgettext("kind of article", "For producers"),
}
TEXT_STATES = {
    "draft": lazy_gettext("Draft"),
    "published": lazy_pgettext("state of an article", "Published"),
    "withdrawn": lazy_pgettext("state of an article", "Withdrawn"),
}
SIGN_UP_STATES = {
    "asked": lazy_pgettext("sign-up", "Waiting for the office"),
    "accepted": lazy_gettext("Accepted"),
    "refused": lazy_gettext("Refused"),
    "withdrawn": lazy_pgettext("sign-up", "Withdrawn"),
}
STEPS = {
    "announce": lazy_gettext("Announce it"),
    "cancel": lazy_gettext("Cancel the event"),
    "publish": lazy_gettext("Publish it"),
    "withdraw": lazy_gettext("Withdraw it"),
}
OUTCOME_NAMES = {
    "contact": lazy_pgettext("came of an event", "Contact"),
    "order": lazy_pgettext("came of an event", "Order"),
    "memorandum": lazy_pgettext("came of an event", "Memorandum"),
}


def dong(amount: int) -> str:
    """Whole đồng as money in the page's language."""
    return format_money(Money(amount, "VND"), spoken())


def unit_name(unit: str) -> str:
    """A unit of a request or offer in the page's language."""
    return glossary.term("units", unit, spoken())


def period(first: date | None, last: date | None) -> str:
    """From one day to another, both inclusive; "" without days."""
    if first is not None and first == last:
        return format_date(first, spoken())
    if first is not None and last is not None:
        return _(
            "%(first)s to %(last)s",
            first=format_date(first, spoken()),
            last=format_date(last, spoken()),
        )
    if first is not None:
        return _("from %(day)s", day=format_date(first, spoken()))
    if last is not None:
        return _("until %(day)s", day=format_date(last, spoken()))
    return ""


def season(months: tuple[int, ...] | None) -> str:
    """The months of a collection: "November–January, April"; "" for none."""
    names = month_names(spoken())
    spans = [
        names[first] if first == last else f"{names[first]}–{names[last]}"
        for first, last in month_spans(months or ())
    ]
    return format_list(spans, spoken()) if spans else ""


__all__ = [
    "ARTICLE_KINDS",
    "ARTICLE_NAMES",
    "EVENT_KINDS",
    "EVENT_NAMES",
    "EVENT_STATES",
    "OUTCOME_KINDS",
    "OUTCOME_NAMES",
    "PHASES",
    "SIGN_UP_STATES",
    "STEPS",
    "TEXT_STATES",
    "UNITS",
    "dong",
    "period",
    "season",
    "unit_name",
]
