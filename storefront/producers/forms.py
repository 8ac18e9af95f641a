"""The questions of the producers' desk, each a form of a few fields."""

from __future__ import annotations

from collections.abc import Mapping

from wtforms import (
    Form,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from catalog.producers import PAPER_KINDS
from catalog.reference import ALLERGENS, GROUPS, PROVINCES, SUBGROUPS
from i18n.catalogue import gettext as _
from i18n.catalogue import lazy_gettext as later
from i18n.catalogue import spoken
from i18n.text import vietnamese_sort_key
from storefront.producers.fields import CountField, DayField, DongField, QuantityField

UNITS = ("g", "kg", "ml", "l", "piece", "set", "person")
NEEDED = InputRequired(later("Please fill this in."))


class _Question(Form):  # type: ignore[misc]  # wtforms has no types
    """One screen; knows its choices in the spoken language."""


class NameForm(_Question):
    """What the product is called."""

    name = StringField(later("Name of the product"), [NEEDED, Length(max=300)])
    summary = TextAreaField(later("What it is, in one sentence"), [Optional(), Length(max=300)])


class GroupForm(_Question):
    """Which of the 26 groups of the programme."""

    subgroup_code = SelectField(later("Product group"), [NEEDED])

    def offer(self) -> None:
        """Groups by their heading, in the spoken language."""
        self.subgroup_code.choices = [("", _("Choose…"))] + [
            (code, f"{_name(GROUPS[subgroup.group].names)}: {_name(subgroup.names)}")
            for code, subgroup in SUBGROUPS.items()
        ]


class PackageForm(_Question):
    """One package: how much is in it and what it costs."""

    price = DongField(later("Price in đồng, tax included"), [NEEDED])
    net_content = QuantityField(later("How much is inside"), [NEEDED])
    unit = SelectField(later("Unit"), [NEEDED])
    count = CountField(later("How many inside (1 for a single one)"), [Optional()])
    abv = QuantityField(later("Alcohol in percent by volume"), [Optional()])

    def offer(self) -> None:
        """Units by name."""
        names = {
            "g": _("gram (g)"),
            "kg": _("kilogram (kg)"),
            "ml": _("millilitre (ml)"),
            "l": _("litre (l)"),
            "piece": _("piece"),
            "set": _("set"),
            "person": _("person"),
        }
        self.unit.choices = [(unit, names[unit]) for unit in UNITS]

    def validate_price(self, field: DongField) -> None:
        """Nothing is given away by mistake."""
        if field.data is not None and field.data <= 0:
            raise ValidationError(_("The price must be more than zero."))

    def validate_net_content(self, field: QuantityField) -> None:
        """There is something inside."""
        if field.data is not None and field.data <= 0:
            raise ValidationError(_("The quantity must be more than zero."))


class IngredientsForm(_Question):
    """What it is made of."""

    ingredients = TextAreaField(later("Ingredients"), [NEEDED, Length(max=4000)])


class _TickField(SelectMultipleField):  # type: ignore[misc]
    """Several boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class AllergensForm(_Question):
    """Three answers, because not knowing is not the same as none."""

    state = RadioField(later("Does it contain any of these?"), [NEEDED])
    contains = _TickField(later("It contains"))
    may_contain = _TickField(later("It may contain traces of"))

    def offer(self) -> None:
        """The answers and the allergens by name."""
        self.state.choices = [
            ("none_declared", _("No, none of them")),
            ("declared", _("Yes, those ticked below")),
            ("unknown", _("I do not know yet")),
        ]
        names = [(code, _name(allergen.names)) for code, allergen in ALLERGENS.items()]
        self.contains.choices = names
        self.may_contain.choices = names

    def validate_contains(self, field: _TickField) -> None:
        """Ticks and answer must say the same."""
        ticked = bool(field.data or self.may_contain.data)
        if self.state.data == "declared" and not ticked:
            raise ValidationError(_("Tick at least one, or choose “No, none of them”."))
        if self.state.data != "declared" and ticked:
            raise ValidationError(_("You ticked some. Choose “Yes”, or take the ticks away."))
        if set(field.data or ()) & set(self.may_contain.data or ()):
            raise ValidationError(_("Tick each one only once: contains, or traces."))


class KeepingForm(_Question):
    """How long and how it keeps."""

    shelf_life_days = IntegerField(
        later("How many days it keeps"), [Optional(), NumberRange(1, 36500)]
    )
    storage_kind = SelectField(later("Where it must be kept"), [NEEDED])
    storage_note = StringField(later("Advice for keeping it"), [Optional(), Length(max=500)])

    def offer(self) -> None:
        """Four ways of keeping."""
        self.storage_kind.choices = [
            ("ambient", _("in a dry, cool place")),
            ("chilled", _("in the refrigerator")),
            ("frozen", _("in the freezer")),
            ("live", _("alive")),
        ]


class StockForm(_Question):
    """How many can be sold."""

    on_hand = CountField(later("How many packages you have"), [NEEDED])


class PlaceForm(_Question):
    """Where the producer is."""

    province_code = SelectField(later("Province"), [NEEDED])
    commune = StringField(later("Commune or ward"), [Optional(), Length(max=120)])

    def offer(self) -> None:
        """The 34 provinces in Vietnamese order."""
        named = [(code, _name(province.names)) for code, province in PROVINCES.items()]
        named.sort(key=lambda pair: vietnamese_sort_key(pair[1]))
        self.province_code.choices = [("", _("Choose…")), *named]


class CertificateForm(_Question):
    """An OCOP decision, copied from its paper."""

    stars = RadioField(later("Stars"), [NEEDED], choices=[("3", "3"), ("4", "4"), ("5", "5")])
    decision_number = StringField(later("Number of the decision"), [NEEDED, Length(max=80)])
    issued_on = DayField(later("Date of the decision"), [NEEDED])
    issuer = StringField(later("Who issued it"), [NEEDED, Length(max=200)])


class PaperForm(_Question):
    """A food-safety paper."""

    kind = SelectField(later("Kind of paper"), [NEEDED])
    number = StringField(later("Number"), [NEEDED, Length(max=80)])
    issued_on = DayField(later("Date of issue"), [NEEDED])
    valid_to = DayField(later("Valid until"), [Optional()])
    issuer = StringField(later("Who issued it"), [Optional(), Length(max=200)])

    def offer(self) -> None:
        """Kinds by name."""
        names = paper_names()
        self.kind.choices = [(kind, names[kind]) for kind in PAPER_KINDS]

    def validate_valid_to(self, field: DayField) -> None:
        """The end comes after the beginning."""
        if field.data and self.issued_on.data and field.data < self.issued_on.data:
            raise ValidationError(_("This is before the date of issue."))


def paper_names() -> dict[str, str]:
    """What each kind of food-safety paper is called."""
    return {
        "facility_certificate": _("Certificate of a food-safe facility"),
        "commitment": _("Commitment to safe food (small producers)"),
        "self_declaration": _("Product self-declaration"),
        "registration": _("Product registration"),
        "haccp": "HACCP",
        "iso22000": "ISO 22000",
        "test_report": _("Test report"),
    }


def _name(names: Mapping[str, str]) -> str:
    return names.get(spoken()) or names.get("en") or names["vi"]
