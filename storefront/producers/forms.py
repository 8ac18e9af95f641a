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
from catalog.reference import ALLERGENS, GROUPS, SUBGROUPS
from i18n.catalogue import gettext as _
from i18n.catalogue import lazy_gettext as later
from i18n.catalogue import spoken
from storefront.fields import CountField, DayField, DongField, QuantityField

UNITS = ("g", "kg", "ml", "l", "piece", "set", "person")
NEEDED = InputRequired(later("Please fill this in."))
NOT_OFFERED = later("Choose one from the list.")


def up_to(longest: int) -> Length:
    return Length(
        max=longest, message=later("Use at most %(longest)s characters.", longest=longest)
    )


def offered(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in pairs]


class Question(Form):  # type: ignore[misc]  # wtforms has no types
    """One screen; knows its choices in the spoken language."""


class NameForm(Question):
    """What the product is called."""

    name = StringField(later("Name of the product"), [NEEDED, up_to(300)])
    summary = TextAreaField(later("What it is, in one sentence"), [Optional(), up_to(300)])


class GroupForm(Question):
    """Which of the 26 groups of the programme."""

    subgroup_code = SelectField(
        later("Product group"), [NEEDED], invalid_choice_message=NOT_OFFERED
    )

    def offer(self) -> None:
        """Groups by their heading, in the spoken language."""
        named = [
            (code, f"{name_of(GROUPS[subgroup.group].names)}: {name_of(subgroup.names)}")
            for code, subgroup in SUBGROUPS.items()
        ]
        self.subgroup_code.choices = offered([("", _("Choose…")), *named])


class PackageForm(Question):
    """One package: how much is in it and what it costs."""

    price = DongField(later("Price in đồng, tax included"), [NEEDED])
    net_content = QuantityField(later("How much is inside"), [NEEDED])
    unit = SelectField(later("Unit"), [NEEDED], invalid_choice_message=NOT_OFFERED)
    count = CountField(later("How many inside (1 for a single one)"), [Optional()])
    sold_by = RadioField(
        later("How is it weighed?"),
        [Optional()],
        default="piece",
        invalid_choice_message=NOT_OFFERED,
    )
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
        self.sold_by.choices = offered(
            [
                ("piece", _("Every package holds the same")),
                ("weight", _("Each one weighs differently; the amount is about right")),
            ]
        )
        self.unit.choices = offered((unit, names.get(unit, unit)) for unit in (*UNITS, *others))

    def validate_price(self, field: DongField) -> None:
        """Nothing is given away by mistake."""
        if field.data is not None and field.data <= 0:
            raise ValidationError(_("The price must be more than zero."))

    def validate_net_content(self, field: QuantityField) -> None:
        """There is something inside."""
        if field.data is not None and field.data <= 0:
            raise ValidationError(_("The quantity must be more than zero."))


class TickField(SelectMultipleField):  # type: ignore[misc]
    """Several boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class AllergensForm(Question):
    """Three answers, because not knowing is not the same as none."""

    state = RadioField(
        later("Does it contain any of these?"), [NEEDED], invalid_choice_message=NOT_OFFERED
    )
    contains = TickField(later("It contains"), invalid_choice_message=NOT_OFFERED)
    may_contain = TickField(later("It may contain traces of"), invalid_choice_message=NOT_OFFERED)

    def offer(self) -> None:
        """The answers and the allergens by name."""
        self.state.choices = offered(
            [
                ("none_declared", _("No, none of them")),
                ("declared", _("Yes, those ticked below")),
                ("unknown", _("I do not know yet")),
            ]
        )
        names = [(code, name_of(allergen.names)) for code, allergen in ALLERGENS.items()]
        self.contains.choices = offered(names)
        self.may_contain.choices = offered(names)

    def validate_contains(self, field: TickField) -> None:
        """Ticks and answer must say the same."""
        ticked = bool(field.data or self.may_contain.data)
        if self.state.data == "declared" and not ticked:
            raise ValidationError(_("Tick at least one, or choose “No, none of them”."))
        if self.state.data != "declared" and ticked:
            raise ValidationError(_("You ticked some. Choose “Yes”, or take the ticks away."))
        if set(field.data or ()) & set(self.may_contain.data or ()):
            raise ValidationError(_("Tick each one only once: contains, or traces."))


class StockForm(Question):
    """How many can be sold."""

    on_hand = CountField(later("How many packages you have"), [NEEDED])


class CertificateForm(Question):
    """An OCOP decision, copied from its paper."""

    stars = RadioField(
        later("Stars"),
        [NEEDED],
        choices=[SelectChoice(number, number) for number in "345"],
        invalid_choice_message=NOT_OFFERED,
    )
    decision_number = StringField(later("Number of the decision"), [NEEDED, up_to(80)])
    issued_on = DayField(later("Date of the decision"), [NEEDED])
    issuer = StringField(later("Who issued it"), [NEEDED, up_to(200)])


class PaperForm(Question):
    """A food-safety paper."""

    kind = SelectField(later("Kind of paper"), [NEEDED], invalid_choice_message=NOT_OFFERED)
    number = StringField(later("Number"), [NEEDED, up_to(80)])
    issued_on = DayField(later("Date of issue"), [NEEDED])
    valid_to = DayField(later("Valid until"), [Optional()])
    issuer = StringField(later("Who issued it"), [Optional(), up_to(200)])

    def offer(self) -> None:
        """Kinds by name."""
        names = paper_names()
        self.kind.choices = offered((kind, names[kind]) for kind in PAPER_KINDS)

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


def name_of(names: Mapping[str, str]) -> str:
    return names.get(spoken()) or names.get("en") or names["vi"]
