"""The checkout form: eight fields, and what may stand in them."""

from __future__ import annotations

from typing import Any

from wtforms import Form, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from catalog.reference import PROVINCES
from core.people.registration import (
    UnreadableEmail,
    UnreadablePhone,
    normal_email,
    normal_phone,
)
from i18n.catalogue import gettext as _
from i18n.catalogue import lazy_gettext as later
from i18n.collation import sort_key


def _one_line(text: str | None) -> str:
    """Spaces around and control characters inside are slips of a keyboard."""
    return " ".join((text or "").split())


class AtMost:
    """No more characters than fit; WTForms' own sentence would come in English."""

    def __init__(self, most: int) -> None:
        """``most`` also becomes the input's maxlength."""
        self.most = most
        self.field_flags = {"maxlength": most}

    def __call__(self, _form: Any, field: Any) -> None:
        """Refuse what is too long."""
        if field.data and len(field.data) > self.most:
            raise ValidationError(_("At most %(most)s characters.", most=self.most))


class CheckoutForm(Form):  # type: ignore[misc]  # wtforms has no types
    """Who gets it, where, and how it is paid."""

    recipient = StringField(
        later("Full name"),
        [InputRequired(later("Enter the name of the person who receives it.")), AtMost(120)],
        filters=[_one_line],
    )
    phone = StringField(
        later("Telephone"),
        [InputRequired(later("Enter a telephone number: the courier calls it.")), AtMost(40)],
        filters=[_one_line],
    )
    email = StringField(later("E-mail"), [AtMost(254)], filters=[_one_line])
    province = SelectField(
        later("Province or city"),
        [InputRequired(later("Choose a province or city from the list."))],
    )
    commune = StringField(
        later("Commune or ward"),
        [InputRequired(later("Enter the commune or ward.")), AtMost(120)],
        filters=[_one_line],
    )
    street = StringField(
        later("House number and street, or hamlet"),
        [InputRequired(later("Enter where in the commune it is.")), AtMost(200)],
        filters=[_one_line],
    )
    note = TextAreaField(later("Note for the producers"), [AtMost(500)])
    payment_method = RadioField(
        later("How do you want to pay?"),
        [InputRequired(later("Choose how you want to pay."))],
        validate_choice=False,
    )

    def offer(self, locale: str, ways: dict[str, str]) -> None:
        """Fill the lists: provinces in the language's order, ways to pay as offered.

        Nothing is ticked for a buyer who has a choice: the terms of sale say so.
        """
        named = {code: p.names.get(locale) or p.names["vi"] for code, p in PROVINCES.items()}
        self.province.choices = [
            ("", _("Choose…")),
            *sorted(named.items(), key=lambda entry: sort_key(entry[1], locale)),
        ]
        self.payment_method.choices = list(ways.items())
        if self.payment_method.data is None and len(ways) == 1:
            self.payment_method.data = next(iter(ways))

    def validate_province(self, field: Any) -> None:
        """One of the 34."""
        if field.data not in PROVINCES:
            raise ValidationError(_("Choose a province or city from the list."))

    def validate_payment_method(self, field: Any) -> None:
        """One of the ways offered."""
        if field.data not in dict(field.choices):
            raise ValidationError(
                _("This way to pay is not possible for this order. Choose another.")
            )

    def validate_phone(self, field: Any) -> None:
        """A number that can be called; kept as +84…"""
        try:
            field.data = normal_phone(field.data)
        except UnreadablePhone as unreadable:
            raise ValidationError(
                _("This does not look like a telephone number. Example: 0912 345 678.")
            ) from unreadable

    def validate_email(self, field: Any) -> None:
        """Optional; when given it must be an address."""
        if not field.data:
            return
        try:
            field.data = normal_email(field.data)
        except UnreadableEmail as unreadable:
            raise ValidationError(
                _("This does not look like an e-mail address. Example: lan@example.vn.")
            ) from unreadable
