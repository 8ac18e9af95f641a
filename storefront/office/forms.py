"""What the office types in about money: a transfer that came, a transfer that went back."""

from __future__ import annotations

from wtforms import Form, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from i18n.catalogue import gettext as _
from i18n.catalogue import lazy_gettext as later
from orders.rules.bank_references import LONGEST
from storefront.fields import DayField, DongField

_NEEDED = InputRequired(later("Please fill this in."))
_SHORT = Length(max=LONGEST, message=later("Use at most %(longest)s characters.", longest=LONGEST))


class _OnTheStatement(Form):  # type: ignore[misc]  # wtforms has no types
    """What every line of a bank statement has."""

    amount = DongField(later("Amount in đồng"), [_NEEDED])
    bank_reference = StringField(later("Reference number of the bank"), [_NEEDED, _SHORT])
    day = DayField(later("Day on the statement"), [_NEEDED])

    def validate_amount(self, field: DongField) -> None:
        """Nothing is no transfer."""
        if field.data is not None and field.data <= 0:
            raise ValidationError(_("The amount must be more than zero."))


class TransferForm(_OnTheStatement):
    """A transfer that came; the order's number may stand anywhere in the text."""

    memo = StringField(
        later("Text of the transfer, or the order's number"),
        [
            _NEEDED,
            Length(max=300, message=later("Use at most %(longest)s characters.", longest=300)),
        ],
    )


class RefundForm(_OnTheStatement):
    """A transfer that went back to a buyer."""
