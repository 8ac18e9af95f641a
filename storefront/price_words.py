"""Price lists in words: for whom, in which state, and what a refusal of an offer means."""

from __future__ import annotations

from catalog.price_list_offers import Terms
from catalog.queries.price_lists import ListView, PackageName
from i18n.catalogue import gettext as _
from i18n.catalogue import spoken
from i18n.formatting import format_number, format_quantity, format_short_date


def package_name(package: PackageName) -> str:
    """ "Tôm khô, 500 g × 2 (TK-500)"."""
    content = format_quantity(package.net_content, package.unit, spoken())
    several = f" × {package.count}" if package.count > 1 else ""
    return f"{package.name}, {content}{several} ({package.sku})"


def buyers(listed: ListView) -> str:
    """For whom the list is."""
    if listed.partner_code:
        return _("only for %(partner)s", partner=listed.partner_code)
    if listed.kind == "retail":
        return _("retail prices of the shop")
    return _("for everybody who buys much")


def money(listed: ListView) -> str:
    """The money, and whether tax is inside."""
    tax = _("VAT included") if listed.tax_inclusive else _("without VAT")
    return f"{listed.currency} · {tax}"


def conditions(terms: Terms) -> str:
    """Smallest order, step and last day, where there are any."""
    said = []
    if terms.min_order > 1:
        said.append(_("at least %(count)s", count=format_number(terms.min_order, spoken())))
    if terms.order_multiple > 1:
        count = format_number(terms.order_multiple, spoken())
        said.append(_("in steps of %(count)s", count=count))
    if terms.valid_to is not None:
        said.append(_("valid to %(day)s", day=format_short_date(terms.valid_to, spoken())))
    return " · ".join(said)


def mistake(code: str) -> str:
    """What a refusal means; "" for a code that has no words of its own here."""
    sentences = {
        "overlaps": _("Other prices of this package hold on some of these days already."),
        "before_first_day": _("This is before the first day."),
        "day_is_over": _("This day is over. Past prices are not changed."),
        "has_ended": _("These prices have ended. Add new ones."),
        "dearer_for_more": _("Whoever buys more must not pay more for each."),
        "repeated": _("Two prices begin at the same quantity."),
        "retail_has_one_price": _("A retail price is for one package."),
        "other_currency": _("The package is sold in other money."),
        "not_of_this_producer": _("This package is of another producer."),
    }
    return sentences.get(code, "")
