"""The forms anybody may send about a product: a question, and a wholesale request."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import (
    BooleanField,
    Form,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional, ValidationError

from core.people.registration import UnreadablePhone, normal_phone
from i18n.catalogue import gettext as _
from i18n.catalogue import lazy_gettext as later
from orders.rules.voices import LARGEST_QUANTITY, LONGEST_TEXT
from storefront import voice_words
from storefront.fields import CountField, DayField
from storefront.voice_fields import AtMost, readable_email

NEEDED = InputRequired(later("Please fill this in."))


class QuestionForm(Form):  # type: ignore[misc]  # wtforms has no types
    """What somebody wants to know, and perhaps where to send the answer."""

    text = TextAreaField(later("Your question"), [NEEDED, AtMost(LONGEST_TEXT)])
    email = StringField(later("E-mail"), [AtMost(254), readable_email])
    website = StringField(later("Leave this empty"))


class WholesaleForm(Form):  # type: ignore[misc]
    """Who wants how much of it, where and when; nothing is sent without consent."""

    person = StringField(later("Your name"), [NEEDED, AtMost(120)])
    company = StringField(later("Shop or company"), [NEEDED, AtMost(200)])
    country = SelectField(
        later("Country"), [NEEDED], invalid_choice_message=later("Choose one from the list.")
    )
    email = StringField(later("E-mail"), [NEEDED, AtMost(254), readable_email])
    phone = TelField(later("Telephone"), [AtMost(40)])
    quantity = CountField(later("Quantity"), [NEEDED])
    unit = RadioField(
        later("Counted in"),
        [NEEDED],
        default="case",
        invalid_choice_message=later("Choose one from the list."),
    )
    needed_by = DayField(later("Needed by"), [Optional()])
    wishes = TextAreaField(later("Anything else the producer should know"), [AtMost(LONGEST_TEXT)])
    consent = BooleanField(
        later("The producer may get these details to answer me."),
        [InputRequired(later("Without this nobody could answer you."))],
    )
    website = StringField(later("Leave this empty"))

    def offer(self) -> None:
        """Countries and units in the spoken language."""
        self.country.choices = _offered([("", _("Choose…")), *voice_words.countries()])
        self.unit.choices = _offered([(c, str(w)) for c, w in voice_words.UNITS.items()])

    def validate_quantity(self, field: CountField) -> None:
        """More than nothing, less than a harvest."""
        if field.data is not None and not 0 < field.data <= LARGEST_QUANTITY:
            raise ValidationError(_("This cannot be right. Please check it."))

    def validate_phone(self, field: TelField) -> None:
        """Optional; a number that can be called."""
        text = (field.data or "").strip()
        try:
            field.data = normal_phone(text) if text else ""
        except UnreadablePhone as unreadable:
            raise ValidationError(_("This does not look like a telephone number.")) from unreadable


def _offered(pairs: Sequence[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in pairs]
