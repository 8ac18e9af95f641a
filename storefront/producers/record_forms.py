"""The forms of the full record of a product: label, keeping, cases, supply, prices for larger quantities."""

from __future__ import annotations

from datetime import date

from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from catalog.models.growing_area import AREA_KINDS
from catalog.record import read_ingredients
from catalog.rules.ingredients import list_mistakes
from i18n.catalogue import gettext as _
from i18n.catalogue import lazy_gettext as later
from storefront.fields import (
    CountField,
    DayField,
    DongField,
    DurationField,
    GtinField,
    QuantityField,
    SizeField,
    TemperatureField,
    WeightField,
)
from storefront.producers.forms import (
    NEEDED,
    NOT_OFFERED,
    Question,
    TickField,
    offered,
    up_to,
)

MARKETS = ("AU", "CA", "CN", "EU", "GB", "HK", "JP", "KR", "NZ", "SG", "TW", "US")


class IngredientsForm(Question):
    """What it is made of, one ingredient on each line."""

    ingredients = TextAreaField(later("Ingredients"), [NEEDED, up_to(4000)])

    def validate_ingredients(self, field: TextAreaField) -> None:
        """The list can be taken apart and adds up."""
        listed = read_ingredients(field.data or "")
        for mistake in list_mistakes(listed):
            name = listed[mistake.position].name
            sentences = {
                "over_100": _("“%(name)s”: all shares together are more than 100 %%.", name=name),
                "parts_over_whole": _(
                    "“%(name)s”: the parts are more than the whole they belong to.", name=name
                ),
            }
            raise ValidationError(
                sentences.get(mistake.code) or _("“%(name)s” cannot be read.", name=name)
            )


class NutritionForm(Question):
    """What 100 g or 100 ml hold."""

    basis = RadioField(later("Per"), [NEEDED], invalid_choice_message=NOT_OFFERED)
    energy_kcal = QuantityField(later("Energy in kcal"), [Optional()])
    energy_kj = QuantityField(later("Energy in kJ"), [Optional()])
    fat = QuantityField(later("Fat in g"), [Optional()])
    saturates = QuantityField(later("of which saturates, in g"), [Optional()])
    carbohydrate = QuantityField(later("Carbohydrate in g"), [Optional()])
    sugars = QuantityField(later("of which sugars, in g"), [Optional()])
    fibre = QuantityField(later("Fibre in g"), [Optional()])
    protein = QuantityField(later("Protein in g"), [Optional()])
    sodium_mg = QuantityField(later("Sodium in mg"), [Optional()])
    salt = QuantityField(later("Salt in g"), [Optional()])
    source = SelectField(later("Where the figures come from"), [Optional()])

    def offer(self) -> None:
        """Two bases, three sources."""
        self.basis.choices = offered([("100g", "100 g"), ("100ml", "100 ml")])
        self.source.choices = offered(
            [
                ("", _("Choose…")),
                ("laboratory", _("a laboratory")),
                ("calculated", _("calculated from the recipe")),
                ("label", _("copied from the label")),
            ]
        )


class KeepingForm(Question):
    """How long and how it keeps."""

    shelf_life_days = DurationField(later("How many days it keeps"), [Optional()])
    opened_shelf_life_days = DurationField(later("How many days after opening"), [Optional()])
    durability = SelectField(later("What the date on the pack means"), [Optional()])
    storage_kind = SelectField(
        later("Where it must be kept"), [NEEDED], invalid_choice_message=NOT_OFFERED
    )
    storage_min_c = TemperatureField(later("Not colder than (°C)"), [Optional()])
    storage_max_c = TemperatureField(later("Not warmer than (°C)"), [Optional()])
    storage_note = StringField(later("Advice for keeping it"), [Optional(), up_to(500)])

    def validate_shelf_life_days(self, field: DurationField) -> None:
        """Between a day and a hundred years."""
        if field.data is not None and not 1 <= field.data <= 36_500:
            raise ValidationError(_("Write a number of days between 1 and 36500."))

    def offer(self) -> None:
        """Four ways of keeping, two kinds of date."""
        self.durability.choices = offered(
            [
                ("", _("Choose…")),
                ("best_before", _("Best before: still good for a while afterwards")),
                ("use_by", _("Use by: not to be eaten afterwards")),
            ]
        )
        self.storage_kind.choices = offered(
            [
                ("ambient", _("in a dry, cool place")),
                ("chilled", _("in the refrigerator")),
                ("frozen", _("in the freezer")),
                ("live", _("alive")),
            ]
        )


class UseForm(Question):
    """How to use it, and what to beware of."""

    usage = TextAreaField(later("How to use it"), [Optional(), up_to(2000)])
    warnings = TextAreaField(later("Warnings"), [Optional(), up_to(1000)])


class CodesForm(Question):
    """Names and numbers that shops and customs ask for."""

    brand = StringField(later("Brand"), [Optional(), up_to(120)])
    short_name = StringField(later("Short name for receipts"), [Optional(), up_to(40)])
    hs6 = StringField(later("Customs code (HS, 6 digits)"), [Optional(), up_to(12)])
    gpc_brick = StringField(later("GPC brick (8 digits)"), [Optional(), up_to(12)])
    vat_class = SelectField(
        later("What kind of goods they are for the tax (VAT)"),
        [Optional()],
        invalid_choice_message=NOT_OFFERED,
    )

    def offer(self) -> None:
        """The kinds of goods the tax tells apart; producers know the goods, the law the rate."""
        from storefront.producers.record_words import tax_kinds

        self.vat_class.choices = offered([("", _("Not said: taxed like most goods")), *tax_kinds()])


class SupplyForm(Question):
    """When and how much can be delivered."""

    season_months = TickField(later("In which months you make it"), coerce=int)
    capacity_per_month = QuantityField(later("How much you can make in a month"), [Optional()])
    capacity_unit = SelectField(later("Unit"), [Optional()], invalid_choice_message=NOT_OFFERED)
    lead_time_days = CountField(later("How many days from the order to sending"), [Optional()])

    def offer(self) -> None:
        """Months and units by name."""
        from storefront.producers.record_words import month_choices, unit_names

        self.season_months.choices = month_choices()
        names = unit_names()
        stored = self.capacity_unit.object_data
        if stored and stored not in names:
            names[stored] = stored
        self.capacity_unit.choices = offered(names.items())


class AreasForm(Question):
    """Codes of places that importing countries have registered."""

    remove = TickField(later("Take these away"))
    kind = SelectField(later("What it is a code of"), [Optional()])
    code = StringField(later("Code"), [Optional(), up_to(40)])
    market = SelectField(later("For which country"), [Optional()])

    def offer(self) -> None:
        """Kinds and countries; the codes to remove are those that are stored."""
        from storefront.producers.record_words import area_kind_names, market_names

        names = area_kind_names()
        self.kind.choices = offered((kind, names[kind]) for kind in AREA_KINDS)
        self.market.choices = offered(market_names(MARKETS).items())
        stored = self.remove.object_data or ()
        self.remove.choices = offered((value, value.replace("|", " ").strip()) for value in stored)
        if self.remove.raw_data is None:
            self.remove.data = []


class MeasuresForm(Question):
    """Bar code, weights and size of one package."""

    gtin = GtinField(later("Number under the bar code (GTIN)"), [Optional()])
    gross_weight_g = WeightField(later("Weight with the packing"), [Optional()])
    drained = QuantityField(later("Drained, without the liquid"), [Optional()])
    size = SizeField(later("Length x width x height in cm"), [Optional()])


class CasesForm(Question):
    """The case and the pallet around a package."""

    case_quantity = CountField(later("How many packages are in a case"))
    case_gtin = GtinField(later("Bar code of the case"), [Optional()])
    case_weight = WeightField(later("Weight of a full case"), [Optional()])
    case_size = SizeField(later("Size of a case in cm"), [Optional()])
    pallet_quantity = CountField(later("How many cases are on a pallet"))
    pallet_layers = CountField(later("In how many layers"), [Optional()])
    pallet_gtin = GtinField(later("Bar code of the pallet"), [Optional()])
    pallet_weight = WeightField(later("Weight of a full pallet"), [Optional()])
    pallet_size = SizeField(later("Size of a full pallet in cm"), [Optional()])

    def validate_case_quantity(self, field: CountField) -> None:
        """What is said of a case or pallet needs to know how many are inside."""
        case = (self.case_gtin.data, self.case_weight.data, self.case_size.data)
        if field.data is None and (any(case) or self.pallet_quantity.data):
            raise ValidationError(_("Please fill this in."))

    def validate_pallet_quantity(self, field: CountField) -> None:
        """The same for the pallet."""
        pallet = (
            self.pallet_layers.data,
            self.pallet_gtin.data,
            self.pallet_weight.data,
            self.pallet_size.data,
        )
        if field.data is None and any(pallet):
            raise ValidationError(_("Please fill this in."))


class BulkForm(Question):
    """Up to three prices for larger quantities."""

    quantity_1 = CountField(later("From how many packages"), [Optional()])
    price_1 = DongField(later("Price of one, in đồng"))
    quantity_2 = CountField(later("From how many packages (second price)"), [Optional()])
    price_2 = DongField(later("Price of one, in đồng (second price)"), [Optional()])
    quantity_3 = CountField(later("From how many packages (third price)"), [Optional()])
    price_3 = DongField(later("Price of one, in đồng (third price)"), [Optional()])
    order_multiple = CountField(later("Sold only in steps of"), [Optional()])
    valid_from = DayField(later("First day of these prices"), [Optional()])
    valid_to = DayField(later("Last day of these prices"), [Optional()])

    def tiers(self) -> list[tuple[int, int]]:
        """The pairs of quantity and price that are filled in."""
        pairs = ((self[f"quantity_{n}"].data, self[f"price_{n}"].data) for n in (1, 2, 3))
        return [(quantity, price) for quantity, price in pairs if quantity and price]

    def validate_price_1(self, _field: DongField) -> None:
        """A quantity has a price, a price a quantity, and more never costs more."""
        for number in (1, 2, 3):
            quantity, price = self[f"quantity_{number}"], self[f"price_{number}"]
            if bool(quantity.data) != bool(price.data) and not quantity.errors:
                raise ValidationError(_("A quantity and its price belong together."))
        tiers = sorted(self.tiers())
        if len({quantity for quantity, _price in tiers}) != len(tiers):
            raise ValidationError(_("Two prices begin at the same quantity."))
        if any(b[1] > a[1] for a, b in zip(tiers, tiers[1:], strict=False)):
            raise ValidationError(_("Whoever buys more must not pay more for each."))

    def validate_valid_to(self, field: DayField) -> None:
        """The end comes after the beginning."""
        first: date | None = self.valid_from.data
        if field.data and first and field.data < first:
            raise ValidationError(_("This is before the first day."))
