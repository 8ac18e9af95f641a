"""The office's forms for protected names, licences, upgrades, suspensions and revocations."""

from __future__ import annotations

from decimal import Decimal

from wtforms import (
    Form,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from catalog.models.certificate import ISSUING_LEVELS
from catalog.reference import PROVINCES
from catalog.rules.marks import RIGHTS
from i18n.catalogue import gettext as _
from i18n.catalogue import lazy_gettext as later
from i18n.catalogue import spoken
from storefront import ledger_words
from storefront.fields import DayField, QuantityField

NEEDED = InputRequired(later("Please fill this in."))
_NOT_OFFERED = later("Choose one from the list.")


def _up_to(longest: int) -> Length:
    return Length(
        max=longest, message=later("Use at most %(longest)s characters.", longest=longest)
    )


class SuspendForm(Form):  # type: ignore[misc]  # wtforms has no types
    """From when to when, and why everybody will read."""

    starts_on = DayField(later("First day"), [NEEDED])
    ends_on = DayField(later("Last day"), [Optional()])
    reason = TextAreaField(later("Reason"), [NEEDED, _up_to(500)])


class RevokeForm(Form):  # type: ignore[misc]
    """Why it ends today."""

    why = TextAreaField(later("Reason"), [NEEDED, _up_to(500)])


class RightForm(Form):  # type: ignore[misc]
    """A registered right, copied from its certificate."""

    kind = SelectField(later("Kind of right"), [NEEDED], invalid_choice_message=_NOT_OFFERED)
    number = StringField(later("Registration number"), [NEEDED, _up_to(40)])
    name = StringField(later("Protected name"), [NEEDED, _up_to(200)])
    goods = StringField(later("Registered for (in Vietnamese)"), [NEEDED, _up_to(200)])
    goods_en = StringField(later("Registered for (in English)"), [Optional(), _up_to(200)])
    province_code = SelectField(
        later("Province"), [Optional()], invalid_choice_message=_NOT_OFFERED
    )
    holder = StringField(later("Managed by"), [Optional(), _up_to(300)])
    decision_number = StringField(later("Number of the decision"), [Optional(), _up_to(80)])
    registered_on = DayField(later("Registered on"), [Optional()])
    valid_to = DayField(later("Valid to"), [Optional()])
    source = StringField(later("Where you looked it up"), [Optional(), _up_to(300)])

    def offer(self) -> None:
        """Kinds and provinces by name."""
        self.kind.choices = [SelectChoice(kind, str(ledger_words.KINDS[kind])) for kind in RIGHTS]
        named = [
            SelectChoice(code, province.names.get(spoken()) or province.names["vi"])
            for code, province in PROVINCES.items()
        ]
        self.province_code.choices = [SelectChoice("", "–"), *named]


class _TickField(SelectMultipleField):  # type: ignore[misc]
    """Several boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class LicenceForm(Form):  # type: ignore[misc]
    """A licence under a right for those goods that meet its specification."""

    right_id = SelectField(later("Protected name"), [NEEDED], invalid_choice_message=_NOT_OFFERED)
    number = StringField(later("Number of the licence"), [NEEDED, _up_to(80)])
    issuer = StringField(later("Who granted it"), [Optional(), _up_to(200)])
    issued_on = DayField(later("Valid from"), [NEEDED])
    valid_to = DayField(later("Valid to"), [Optional()])
    product_ids = _TickField(
        later("Products that meet the specification"), invalid_choice_message=_NOT_OFFERED
    )


class UpgradeForm(Form):  # type: ignore[misc]
    """The decision that takes the place of an older one."""

    stars = RadioField(
        later("Stars"),
        [NEEDED],
        choices=[SelectChoice(number, number) for number in "345"],
        invalid_choice_message=_NOT_OFFERED,
    )
    decision_number = StringField(later("Number of the decision"), [NEEDED, _up_to(80)])
    issued_on = DayField(later("Date of the decision"), [NEEDED])
    issuer = StringField(later("Who issued it"), [NEEDED, _up_to(200)])
    issuing_level = SelectField(later("Level"), [Optional()], invalid_choice_message=_NOT_OFFERED)
    score_a = QuantityField(later("Part A: product and community, up to 40"), [Optional()])
    score_b = QuantityField(later("Part B: marketing, up to 25"), [Optional()])
    score_c = QuantityField(later("Part C: quality, up to 35"), [Optional()])

    def offer(self) -> None:
        """Levels by name."""
        names = {
            "district": _("District level"),
            "province": _("Province level"),
            "central": _("National level"),
        }
        self.issuing_level.choices = [
            SelectChoice("", "–"),
            *(SelectChoice(level, names[level]) for level in ISSUING_LEVELS),
        ]

    @property
    def parts(self) -> tuple[Decimal, Decimal, Decimal] | None:
        """The three parts of the score, when all are given."""
        given = (self.score_a.data, self.score_b.data, self.score_c.data)
        return None if any(part is None for part in given) else given
