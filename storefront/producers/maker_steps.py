"""The questions about a producer: place, register entry, story and how to reach it, days of closing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from catalog.models import Producer
from catalog.models.producer import PRODUCER_KINDS
from catalog.producers import update_producer
from catalog.reference import PROVINCES
from catalog.rules.identifiers import is_valid_gln
from catalog.rules.tax_numbers import is_valid_tax_number
from i18n.catalogue import gettext as _
from i18n.catalogue import lazy_gettext as later
from i18n.text import vietnamese_sort_key
from storefront.fields import CountField, DayField
from storefront.producers.asking import Doing, NoSuchQuestion, Step, tidy
from storefront.producers.forms import NEEDED, NOT_OFFERED, Question, name_of, offered, up_to
from storefront.record_words import PRODUCER_KINDS as KIND_NAMES


class PlaceForm(Question):
    """Where the producer is."""

    province_code = SelectField(later("Province"), [NEEDED], invalid_choice_message=NOT_OFFERED)
    commune = StringField(later("Commune or ward"), [Optional(), up_to(120)])
    commune_code = StringField(later("Code of the commune (5 digits)"), [Optional(), up_to(5)])
    address = StringField(later("House number, hamlet"), [Optional(), up_to(300)])
    former_unit = StringField(
        later("What the place was called before July 2025"), [Optional(), up_to(200)]
    )

    def offer(self) -> None:
        """The 34 provinces in Vietnamese order."""
        named = [(code, name_of(province.names)) for code, province in PROVINCES.items()]
        named.sort(key=lambda pair: vietnamese_sort_key(pair[1]))
        self.province_code.choices = offered([("", _("Choose…")), *named])


class RegisterForm(Question):
    """What kind of business it is, and its numbers."""

    name = StringField(later("Name of the producer"), [NEEDED, up_to(300)])
    kind = SelectField(later("Kind of business"), [NEEDED], invalid_choice_message=NOT_OFFERED)
    registration_number = StringField(
        later("Number of the business registration"), [Optional(), up_to(60)]
    )
    registered_on = DayField(later("Date of the registration"), [Optional()])
    tax_number = StringField(later("Tax number"), [Optional(), up_to(20)])
    gln = StringField(later("GLN, the GS1 number of the place"), [Optional(), up_to(16)])

    def offer(self) -> None:
        """Kinds by name."""
        self.kind.choices = offered((kind, str(KIND_NAMES[kind])) for kind in PRODUCER_KINDS)

    def validate_tax_number(self, field: StringField) -> None:
        """Ten digits with a check digit, thirteen for a branch, twelve of a person."""
        if field.data and not is_valid_tax_number(field.data):
            raise ValidationError(
                _(
                    "This is not a tax number: it has 10 digits (13 for a branch), or the 12 digits"
                    " of the owner's identity card. Please compare it with the paper."
                )
            )

    def validate_gln(self, field: StringField) -> None:
        """Thirteen digits with a check digit."""
        if field.data and not is_valid_gln(_digits(field.data)):
            raise ValidationError(
                _("This is not a GLN: it has 13 digits, and the last one must fit the others.")
            )


class StoryForm(Question):
    """What buyers read about the producer, and how to reach it."""

    story = TextAreaField(later("Who you are and how you work"), [Optional(), up_to(4000)])
    founded_year = CountField(later("Since which year"), [Optional()])
    phone = StringField(later("Telephone"), [Optional(), up_to(32)])
    email = StringField(later("E-mail"), [Optional(), up_to(254)])

    def validate_founded_year(self, field: CountField) -> None:
        """A year people can remember."""
        if field.data is not None and not 1000 <= field.data <= 2100:  # noqa: PLR2004
            raise ValidationError(_("Write the year with four digits, such as 2015."))


class ClosingForm(Question):
    """The next days on which nothing is made or sent."""

    closed_from = DayField(later("First day closed"), [Optional()])
    closed_to = DayField(later("Last day closed"), [Optional()])
    closed_note = StringField(later("Why, in a few words"), [Optional(), up_to(300)])

    def validate_closed_to(self, field: DayField) -> None:
        """The end comes after the beginning."""
        if field.data and not self.closed_from.data:
            raise ValidationError(_("Write the first day too."))
        if field.data and field.data < self.closed_from.data:
            raise ValidationError(_("This is before the first day."))


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign not in " .-")


def _read(*names: str) -> Any:
    def read(_session: Session, producer: Producer, _item: str) -> dict[str, Any]:
        return {name: getattr(producer, name) for name in names}

    return read


def _keep(*names: str) -> Any:
    def keep(session: Session, producer: Producer, form: Any, doing: Doing) -> None:
        changes = {name: tidy(form[name].data) for name in names}
        if changes.get("gln"):
            changes["gln"] = _digits(changes["gln"])
        update_producer(session, producer.id, changes, **doing.use)

    return keep


def _step(key: str, title: Any, lead: Any, form: type[Question]) -> Step:
    names = tuple(form()._fields)  # noqa: SLF001 - WTForms keeps them in order
    return Step(key, title, lead, form, _read(*names), _keep(*names), group="maker")


MAKER_STEPS: Mapping[str, Step] = {
    step.key: step
    for step in (
        _step(
            "place", later("Where are you?"), later("Buyers look for goods by province."), PlaceForm
        ),
        _step(
            "register",
            later("Your business"),
            later("Copy the numbers from the registration paper. Shops need them for contracts."),
            RegisterForm,
        ),
        _step(
            "story",
            later("Your story"),
            later("Buyers like to know who made it."),
            StoryForm,
        ),
        _step(
            "closing",
            later("When are you closed?"),
            later("Such as Tết, or the months without harvest. Buyers see it before they order."),
            ClosingForm,
        ),
    )
}
"""All questions about a producer, in the order in which they are listed."""


def find_maker_step(key: str) -> Step:
    """The question of that name; raises NoSuchQuestion."""
    if key not in MAKER_STEPS:
        raise NoSuchQuestion(question=key)
    return MAKER_STEPS[key]
