"""The questions of the producers' desk, each a form of a few fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wtforms import (
    Form,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from catalog.producers import PAPER_KINDS
from catalog.reference import ALLERGENS, GROUPS, PROVINCES, SUBGROUPS
from i18n.catalogue import gettext as _
from i18n.catalogue import lazy_gettext as later
from i18n.catalogue import spoken
from i18n.text import vietnamese_sort_key
from storefront.fields import CountField, DayField, DongField, QuantityField

UNITS = ("g", "kg", "ml", "l", "piece", "set", "person")
NEEDED = InputRequired(later("Please fill this in."))
_NOT_OFFERED = later("Choose one from the list.")


def _up_to(longest: int) -> Length:
    return Length(
        max=longest, message=later("Use at most %(longest)s characters.", longest=longest)
    )


def _offered(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in pairs]


class _Question(Form):  # type: ignore[misc]  # wtforms has no types
    """One screen; knows its choices in the spoken language."""


class NameForm(_Question):
    """What the product is called."""

    name = StringField(later("Name of the product"), [NEEDED, _up_to(300)])
    summary = TextAreaField(later("What it is, in one sentence"), [Optional(), _up_to(300)])


class GroupForm(_Question):
    """Which of the 26 groups of the programme."""

    subgroup_code = SelectField(
        later("Product group"), [NEEDED], invalid_choice_message=_NOT_OFFERED
    )

    def offer(self) -> None:
        """Groups by their heading, in the spoken language."""
        named = [
            (code, f"{_name(GROUPS[subgroup.group].names)}: {_name(subgroup.names)}")
            for code, subgroup in SUBGROUPS.items()
        ]
        self.subgroup_code.choices = _offered([("", _("Choose…")), *named])


class PackageForm(_Question):
    """One package: how much is in it and what it costs."""

    price = DongField(later("Price in đồng, tax included"), [NEEDED])
    net_content = QuantityField(later("How much is inside"), [NEEDED])
    unit = SelectField(later("Unit"), [NEEDED], invalid_choice_message=_NOT_OFFERED)
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
        stored = self.unit.object_data
        others = (stored,) if stored and stored not in UNITS else ()
        self.unit.choices = _offered((unit, names.get(unit, unit)) for unit in (*UNITS, *others))

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

    ingredients = TextAreaField(later("Ingredients"), [NEEDED, _up_to(4000)])


class _TickField(SelectMultipleField):  # type: ignore[misc]
    """Several boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class AllergensForm(_Question):
    """Three answers, because not knowing is not the same as none."""

    state = RadioField(
        later("Does it contain any of these?"), [NEEDED], invalid_choice_message=_NOT_OFFERED
    )
    contains = _TickField(later("It contains"), invalid_choice_message=_NOT_OFFERED)
    may_contain = _TickField(later("It may contain traces of"), invalid_choice_message=_NOT_OFFERED)

    def offer(self) -> None:
        """The answers and the allergens by name."""
        self.state.choices = _offered(
            [
                ("none_declared", _("No, none of them")),
                ("declared", _("Yes, those ticked below")),
                ("unknown", _("I do not know yet")),
            ]
        )
        names = [(code, _name(allergen.names)) for code, allergen in ALLERGENS.items()]
        self.contains.choices = _offered(names)
        self.may_contain.choices = _offered(names)

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

    shelf_life_days = CountField(later("How many days it keeps"), [Optional()])
    storage_kind = SelectField(
        later("Where it must be kept"), [NEEDED], invalid_choice_message=_NOT_OFFERED
    )
    storage_note = StringField(later("Advice for keeping it"), [Optional(), _up_to(500)])

    def validate_shelf_life_days(self, field: CountField) -> None:
        """Between a day and a hundred years."""
        if field.data is not None and not 1 <= field.data <= 36_500:
            raise ValidationError(_("Write a number of days between 1 and 36500."))

    def offer(self) -> None:
        """Four ways of keeping."""
        self.storage_kind.choices = _offered(
            [
                ("ambient", _("in a dry, cool place")),
                ("chilled", _("in the refrigerator")),
                ("frozen", _("in the freezer")),
                ("live", _("alive")),
            ]
        )


class StockForm(_Question):
    """How many can be sold."""

    on_hand = CountField(later("How many packages you have"), [NEEDED])


class PlaceForm(_Question):
    """Where the producer is."""

    province_code = SelectField(later("Province"), [NEEDED], invalid_choice_message=_NOT_OFFERED)
    commune = StringField(later("Commune or ward"), [Optional(), _up_to(120)])

    def offer(self) -> None:
        """The 34 provinces in Vietnamese order."""
        named = [(code, _name(province.names)) for code, province in PROVINCES.items()]
        named.sort(key=lambda pair: vietnamese_sort_key(pair[1]))
        self.province_code.choices = _offered([("", _("Choose…")), *named])


class CertificateForm(_Question):
    """An OCOP decision, copied from its paper."""

    stars = RadioField(
        later("Stars"),
        [NEEDED],
        choices=[SelectChoice(number, number) for number in "345"],
        invalid_choice_message=_NOT_OFFERED,
    )
    decision_number = StringField(later("Number of the decision"), [NEEDED, _up_to(80)])
    issued_on = DayField(later("Date of the decision"), [NEEDED])
    issuer = StringField(later("Who issued it"), [NEEDED, _up_to(200)])


class PaperForm(_Question):
    """A food-safety paper."""

    kind = SelectField(later("Kind of paper"), [NEEDED], invalid_choice_message=_NOT_OFFERED)
    number = StringField(later("Number"), [NEEDED, _up_to(80)])
    issued_on = DayField(later("Date of issue"), [NEEDED])
    valid_to = DayField(later("Valid until"), [Optional()])
    issuer = StringField(later("Who issued it"), [Optional(), _up_to(200)])

    def offer(self) -> None:
        """Kinds by name."""
        names = paper_names()
        self.kind.choices = _offered((kind, names[kind]) for kind in PAPER_KINDS)

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
