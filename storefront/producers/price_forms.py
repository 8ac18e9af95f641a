"""The questions about price lists: a new list, and what a package is offered for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from wtforms import RadioField, SelectChoice, SelectField, StringField
from wtforms.validators import Optional, ValidationError

from catalog.price_list_offers import Terms
from catalog.rules.pricing import Tier, tier_mistakes
from core.money import EXPONENTS
from i18n.catalogue import gettext as _
from i18n.catalogue import lazy_gettext as later
from storefront import reading
from storefront.fields import CountField, DayField, DongField
from storefront.producers.forms import NEEDED, NOT_OFFERED, Question, up_to

TIERS = 5


class AmountField(DongField):
    """A price in the money of its list, kept in minor units."""

    def __init__(self, *args: Any, currency: str = "VND", **kwargs: Any) -> None:
        """`currency` says how many digits there are after the comma."""
        super().__init__(*args, **kwargs)
        self.currency = currency

    def read(self, text: str) -> int | None:
        """Đồng as people write them, other money as a decimal number."""
        if self.currency == "VND":
            return reading.read_dong(text)
        number = reading.read_quantity(text)
        worth = None if number is None else number.scaleb(EXPONENTS[self.currency])
        return int(worth) if worth is not None and worth == worth.to_integral_value() else None

    def written(self, value: int) -> str:
        """Decimal comma, as in Vietnam."""
        if self.currency == "VND":
            return super().written(value)
        return f"{Decimal(value).scaleb(-EXPONENTS[self.currency]):f}".replace(".", ",")


class NewListForm(Question):
    """A list: what it is called, for whom, in which money."""

    name = StringField(later("Name of the price list"), [NEEDED, up_to(120)])
    kind = RadioField(later("Whose prices?"), [NEEDED], invalid_choice_message=NOT_OFFERED)
    partner = SelectField(
        later("Only for this supermarket"), [Optional()], invalid_choice_message=NOT_OFFERED
    )
    currency = SelectField(later("Currency"), [NEEDED], invalid_choice_message=NOT_OFFERED)
    tax = RadioField(
        later("Do the prices include VAT?"), [NEEDED], invalid_choice_message=NOT_OFFERED
    )

    def offer(self) -> None:
        """Kinds, money and tax in words."""
        self.kind.choices = [
            SelectChoice("wholesale", _("Prices for larger quantities")),
            SelectChoice("retail", _("Retail prices of the shop")),
        ]
        self.currency.choices = [SelectChoice(code, code) for code in EXPONENTS]
        self.tax.choices = [
            SelectChoice("yes", _("VAT included")),
            SelectChoice("no", _("without VAT")),
        ]

    def offer_partners(self, codes: Iterable[str]) -> None:
        """The supermarkets that get feeds."""
        self.partner.choices = [
            SelectChoice("", _("No, for everybody")),
            *(SelectChoice(code, code) for code in codes),
        ]

    def validate_partner(self, field: SelectField) -> None:
        """The shop has one retail price for everybody."""
        if field.data and self.kind.data == "retail":
            raise ValidationError(_("Retail prices are for everybody."))

    def validate_tax(self, field: RadioField) -> None:
        """The shop shows what the buyer pays."""
        if field.data == "no" and self.kind.data == "retail":
            raise ValidationError(_("Retail prices always include VAT."))


class OfferQuestion(Question):
    """What all forms of an offer share; the fields of prices follow with their money."""

    package: Any
    valid_from: Any

    def terms(self) -> Terms:
        """What was filled in; the least quantity is the first tier unless another is said."""
        tiers = tuple(Tier(quantity, price) for quantity, price in self._pairs() if price)
        first = min((tier.from_quantity for tier in tiers), default=1)
        least = self["min_order"].data if "min_order" in self else None
        step = self["order_multiple"].data if "order_multiple" in self else None
        return Terms(
            tuple(sorted(tiers, key=lambda tier: tier.from_quantity)),
            self["valid_to"].data,
            least or first,
            step or 1,
        )

    def _pairs(self) -> list[tuple[int, int]]:
        if "quantity_1" not in self:
            return [(1, self["price_1"].data or 0)]
        numbers = range(1, TIERS + 1)
        pairs = [(self[f"quantity_{n}"].data, self[f"price_{n}"].data) for n in numbers]
        return [(quantity or 1, price or 0) for quantity, price in pairs if quantity or price]

    def validate_price_1(self, _field: Any) -> None:
        """A quantity has a price, and more never costs more."""
        tiers = [Tier(quantity, price) for quantity, price in self._pairs()]
        if any(not tier.price_minor for tier in tiers):
            raise ValidationError(_("A quantity and its price belong together."))
        code = tier_mistakes(tiers).get("tiers")
        sentences = {
            "missing": _("Please fill this in."),
            "repeated": _("Two prices begin at the same quantity."),
            "dearer_for_more": _("Whoever buys more must not pay more for each."),
        }
        if code:
            raise ValidationError(sentences.get(code) or _("This must be more than zero."))

    def validate_valid_to(self, field: DayField) -> None:
        """The end comes after the beginning."""
        first: date | None = self["valid_from"].data if "valid_from" in self else None
        if field.data and first and field.data < first:
            raise ValidationError(_("This is before the first day."))


@cache
def offer_form(currency: str, kind: str, *, is_new: bool) -> type[OfferQuestion]:
    """The form of an offer on a list of that money and kind; a retail list has one price."""
    fields: dict[str, Any] = {}
    if is_new:
        fields["package"] = SelectField(
            later("Which package?"), [NEEDED], invalid_choice_message=NOT_OFFERED
        )
    if kind == "retail":
        fields["price_1"] = AmountField(later("Price of one"), [NEEDED], currency=currency)
    else:
        for number in range(1, TIERS + 1):
            fields[f"quantity_{number}"] = CountField(
                later("%(number)s. From how many", number=number), [Optional()]
            )
            fields[f"price_{number}"] = AmountField(
                later("%(number)s. Price of each", number=number),
                [] if number == 1 else [Optional()],
                currency=currency,
            )
        fields["min_order"] = CountField(later("Smallest order"), [Optional()])
        fields["order_multiple"] = CountField(later("Sold only in steps of"), [Optional()])
    if is_new:
        fields["valid_from"] = DayField(later("First day of these prices"), [NEEDED])
    fields["valid_to"] = DayField(later("Last day of these prices"), [Optional()])
    return type("OfferForm", (OfferQuestion,), fields)


def filled(terms: Terms) -> dict[str, Any]:
    """The fields of stored terms."""
    values: dict[str, Any] = {
        "min_order": terms.min_order,
        "order_multiple": terms.order_multiple,
        "valid_to": terms.valid_to,
    }
    for number, tier in enumerate(terms.tiers[:TIERS], start=1):
        values[f"quantity_{number}"] = tier.from_quantity
        values[f"price_{number}"] = tier.price_minor
    return values
