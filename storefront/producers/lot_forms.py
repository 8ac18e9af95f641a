"""The questions about lots, each a form of a few fields."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import Form, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from catalog.rules.dangers import DANGERS
from i18n.catalogue import gettext as _
from i18n.catalogue import lazy_gettext as later
from storefront.fields import CountField, DayField, QuantityField
from storefront.recall_words import DANGER_NAMES

_NEEDED = InputRequired(later("Please fill this in."))
_NOT_OFFERED = later("Choose one from the list.")
UNITS = ("kg", "g", "l", "ml")


def _up_to(longest: int) -> Length:
    return Length(
        max=longest, message=later("Use at most %(longest)s characters.", longest=longest)
    )


def _more_than_nothing(_form: Form, field: QuantityField) -> None:
    if field.data is not None and field.data <= 0:
        raise ValidationError(_("The quantity must be more than zero."))


class _Question(Form):  # type: ignore[misc]  # wtforms has no types
    """One screen."""


class NewLotForm(_Question):
    """Finished goods: three fields, and a few that may be left out."""

    package = SelectField(later("What is it?"), [_NEEDED], invalid_choice_message=_NOT_OFFERED)
    produced_on = DayField(later("Day it was made"), [_NEEDED])
    quantity = CountField(later("How many packages"), [_NEEDED, _more_than_nothing])
    number = StringField(later("Lot number on the label"), [Optional(), _up_to(20)])
    expires_on = DayField(later("Last day"), [Optional()])
    place = StringField(later("Where it was made"), [Optional(), _up_to(200)])
    area_code = StringField(later("Growing-area code"), [Optional(), _up_to(40)])

    def offer_packages(self, pairs: Iterable[tuple[int, str]]) -> None:
        """The producer's own packages."""
        choices = [SelectChoice(str(number), label) for number, label in pairs]
        self.package.choices = [SelectChoice("", _("Choose…")), *choices]


class _WithUnit(_Question):
    """A quantity in a unit of mass or volume."""

    def offer(self) -> None:
        """Units by name."""
        names = {
            "kg": _("kilogram (kg)"), "g": _("gram (g)"), "l": _("litre (l)"),
            "ml": _("millilitre (ml)"),
        }  # fmt: skip
        self.unit.choices = [SelectChoice(unit, names[unit]) for unit in UNITS]


class BroughtInForm(_WithUnit):
    """Something harvested, caught or bought: the beginning of everything made of it."""

    kind = RadioField(later("What happened?"), [_NEEDED], invalid_choice_message=_NOT_OFFERED)
    material = StringField(later("What is it?"), [_NEEDED, _up_to(200)])
    quantity = QuantityField(later("How much"), [_NEEDED, _more_than_nothing])
    unit = SelectField(later("Unit"), [_NEEDED], invalid_choice_message=_NOT_OFFERED)
    happened_on = DayField(later("On which day"), [_NEEDED])
    party = StringField(later("From whom (if it was bought)"), [Optional(), _up_to(200)])
    place = StringField(later("Where"), [Optional(), _up_to(200)])
    area_code = StringField(later("Growing-area code"), [Optional(), _up_to(40)])

    def offer(self) -> None:
        """Units, and the three ways goods come in."""
        super().offer()
        self.kind.choices = [
            SelectChoice("harvest", _("We harvested it")),
            SelectChoice("catch", _("We caught it")),
            SelectChoice("receive", _("We bought or received it")),
        ]

    def validate_party(self, field: StringField) -> None:
        """One step back must answer."""
        if self.kind.data == "receive" and not (field.data or "").strip():
            raise ValidationError(_("Write from whom it came."))


class MadeIntoForm(_WithUnit):
    """Something new came out of a lot."""

    used = QuantityField(later("How much of it went in"), [_NEEDED, _more_than_nothing])
    material = StringField(later("What came out"), [_NEEDED, _up_to(200)])
    quantity = QuantityField(later("How much came out"), [_NEEDED, _more_than_nothing])
    unit = SelectField(later("Unit"), [_NEEDED], invalid_choice_message=_NOT_OFFERED)
    happened_on = DayField(later("On which day"), [_NEEDED])


class MadeFromForm(_Question):
    """What a lot of packages was made of."""

    source = SelectField(later("From which lot"), [_NEEDED], invalid_choice_message=_NOT_OFFERED)
    used = QuantityField(later("How much of it went in"), [_NEEDED, _more_than_nothing])
    happened_on = DayField(later("On which day"), [_NEEDED])

    def offer_lots(self, pairs: Iterable[tuple[int, str]]) -> None:
        """The producer's other lots."""
        choices = [SelectChoice(str(number), label) for number, label in pairs]
        self.source.choices = [SelectChoice("", _("Choose…")), *choices]


class SentForm(_Question):
    """Goods sent to a shop, a trader or a supermarket."""

    quantity = QuantityField(later("How much was sent"), [_NEEDED, _more_than_nothing])
    party = StringField(later("To whom"), [_NEEDED, _up_to(200)])
    happened_on = DayField(later("On which day"), [_NEEDED])
    document = StringField(later("Number of the delivery note"), [Optional(), _up_to(80)])
    partner = SelectField(
        later("Supermarket of this shop"), [Optional()], invalid_choice_message=_NOT_OFFERED
    )

    def offer_partners(self, codes: Iterable[str]) -> None:
        """Supermarkets that get feeds, told by mail if the goods are ever called back."""
        self.partner.choices = [
            SelectChoice("", _("none of them")),
            *(SelectChoice(code, code) for code in codes),
        ]


class RecallForm(_Question):
    """Why goods are called back and what their holders should do."""

    danger = RadioField(
        later("What kind of danger?"), [_NEEDED], invalid_choice_message=_NOT_OFFERED
    )
    reason = TextAreaField(later("What is wrong with it?"), [_NEEDED, _up_to(500)])
    advice = TextAreaField(later("What should people do with it?"), [_NEEDED, _up_to(500)])

    def offer(self) -> None:
        """Kinds of danger by name."""
        self.danger.choices = [SelectChoice(code, str(DANGER_NAMES[code])) for code in DANGERS]
