"""The sentences for errors and problems, made from their codes and facts; nobody below knows sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from core.errors import Conflict, Forbidden, Invalid, OcopError, Unavailable
from i18n.catalogue import gettext as _
from i18n.catalogue import ngettext, spoken
from i18n.formatting import format_date

Facts = Mapping[str, Any]


def status_heading(status: int) -> str:
    """The heading of an error page."""
    headings: dict[int, Callable[[], str]] = {
        400: lambda: _("This request cannot be understood"),
        403: lambda: _("You may not open this page"),
        404: lambda: _("This page is not here"),
        405: lambda: _("This page cannot be used that way"),
        409: lambda: _("Something has changed meanwhile"),
        410: lambda: _("This page is gone"),
        413: lambda: _("That is too large"),
        422: lambda: _("Something in the form is not right"),
        429: lambda: _("Too many tries"),
        503: lambda: _("This part of the shop is resting"),
    }
    return headings.get(status, lambda: _("Something went wrong on our side"))()


def status_sentence(status: int) -> str:
    """What to do about a status that says too little by itself; "" for the others."""
    if status == 413:  # noqa: PLR2004
        return _(
            "What you sent is too large to take at once. Send pictures a few at a time, each smaller than "
            "15 MB and together smaller than 60 MB; everything else smaller than 12 MB."
        )
    return ""


def error_sentence(error: OcopError) -> str:
    """What happened and what to do now, in the spoken language."""
    make = _ERRORS.get(type(error).__name__)
    if make is not None:
        return make(error.facts)
    if isinstance(error, Conflict):
        return _("Somebody else changed this while you were looking. Load the page again.")
    if isinstance(error, Forbidden):
        return _("Your account does not allow this. Ask the shop's office if you need it.")
    if isinstance(error, Invalid):
        return _("Please go back, check what you entered and send it again.")
    if isinstance(error, Unavailable):
        return _("Please try again in a few minutes. Nothing you entered was lost.")
    return ""


_ERRORS: dict[str, Callable[[Facts], str]] = {
    "InsufficientStock": lambda facts: ngettext(
        "Only %(num)s is left of this article. Please lower the quantity.",
        "Only %(num)s are left of this article. Please lower the quantity.",
        int(facts.get("available") or 0),
    ),
    "NeverSent": lambda _facts: _(
        "This cannot go into a parcel, so it was not put into your cart. A visit is asked for on its page."
    ),
    "SetNotOnSale": lambda facts: _(
        "There is not enough of one part of the set: %(part)s. Nothing was put into your cart.",
        part=facts.get("part", "–"),
    ),
    "ForeignForm": lambda _facts: _(
        "This form was sent from another website, so we did not accept it. Open the shop and try again."
    ),
    "Throttled": lambda facts: ngettext(
        "Please wait %(num)s minute before you try again.",
        "Please wait %(num)s minutes before you try again.",
        max(1, -(-int(facts.get("retry_after") or 60) // 60)),
    ),
    "LotCalledBack": lambda facts: _(
        "Lot %(number)s is called back or past its date. Please take goods of another lot.",
        number=facts.get("number", "–"),
    ),
    "LotsDoNotFit": lambda _facts: _(
        "The numbers of the lots do not add up to what was ordered. Please count again."
    ),
    "UnreadableEmail": lambda _facts: _("This does not look like an e-mail address."),
    "UnreadablePhone": lambda _facts: _("This does not look like a telephone number."),
    "PersonExists": lambda _facts: _(
        "Somebody with this e-mail or telephone number is known already."
    ),
}


_PROBLEMS: dict[str, Callable[[Facts], str]] = {
    "name_missing": lambda _facts: _("Give the product a name."),
    "producer_missing": lambda _facts: _("Say which producer makes it."),
    "province_missing": lambda _facts: _("Choose the province it comes from."),
    "subgroup_missing": lambda _facts: _("Choose the product group."),
    "package_missing": lambda _facts: _("Add at least one package with its size and price."),
    "price_missing": lambda facts: _(
        "Enter a price above zero for package %(sku)s.", sku=facts.get("sku", "–")
    ),
    "net_content_missing": lambda facts: _(
        "Enter the net content of package %(sku)s, with its unit.", sku=facts.get("sku", "–")
    ),
    "abv_missing": lambda facts: _(
        "Enter the alcohol content of package %(sku)s in percent by volume.",
        sku=facts.get("sku", "–"),
    ),
    "ingredients_missing": lambda _facts: _("List the ingredients, the largest share first."),
    "allergens_unknown": lambda _facts: _(
        "Say which allergens it contains, or that it contains none; not saying is not the same as none."
    ),
    "shelf_life_missing": lambda _facts: _("Enter how long it keeps."),
    "food_safety_missing": lambda _facts: _(
        "Add a food-safety paper: a facility certificate, a commitment or a product self-declaration."
    ),
    "food_safety_expired": lambda facts: _(
        "The food-safety paper ended on %(day)s. Add the new one.", day=_day(facts, "valid_to")
    ),
}


def problem_sentence(code: str, facts: Facts) -> str:
    """Why a product cannot be listed and how to mend it; an unknown code is shown as it is."""
    make = _PROBLEMS.get(code)
    return make(facts) if make is not None else code.replace("_", " ")


def _day(facts: Facts, name: str) -> str:
    value = facts.get(name)
    if isinstance(value, str):
        value = date.fromisoformat(value)
    return format_date(value, spoken()) if isinstance(value, date) else "–"
