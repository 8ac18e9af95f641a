"""The forms for papers other than OCOP decisions and food-safety documents."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import Form, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from catalog.papers import LEVELS
from catalog.rules.eligibility import MARKETS
from catalog.rules.marks import PRODUCT_SCHEMES, RECOGNITIONS, SITE_SCHEMES
from catalog.rules.rule_values import MARKET_DOCUMENTS
from i18n.catalogue import gettext as _
from i18n.catalogue import lazy_gettext as later
from storefront import ledger_words
from storefront.fields import CountField, DayField
from storefront.market_messages import DOCUMENT_NAMES, MARKET_NAMES

NEEDED = InputRequired(later("Please fill this in."))
NOT_OFFERED = later("Choose one from the list.")


def up_to(longest: int) -> Length:
    """At most so many characters, said in the spoken language."""
    return Length(
        max=longest, message=later("Use at most %(longest)s characters.", longest=longest)
    )


def offered(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Choices of a select field."""
    return [SelectChoice(value, label) for value, label in pairs]


class SchemeForm(Form):  # type: ignore[misc]  # wtforms has no types
    """A certificate of a scheme, copied from its paper."""

    KINDS = (*PRODUCT_SCHEMES, *SITE_SCHEMES)

    kind = SelectField(later("Scheme"), [NEEDED], invalid_choice_message=NOT_OFFERED)
    product_id = SelectField(
        later("For which product"), [Optional()], invalid_choice_message=NOT_OFFERED
    )
    number = StringField(later("Number of the certificate"), [NEEDED, up_to(80)])
    issuer = StringField(later("Certification body"), [NEEDED, up_to(200)])
    issued_on = DayField(later("Valid from"), [NEEDED])
    valid_to = DayField(later("Valid to"), [NEEDED])
    facility = StringField(later("Site, farm or workshop"), [Optional(), up_to(300)])
    scope = TextAreaField(later("Scope as printed"), [Optional(), up_to(1000)])

    def offer(self) -> None:
        """Schemes by name; the products are offered by the view."""
        names = ledger_words.KINDS
        self.kind.choices = offered(
            [("", _("Choose…")), *((kind, str(names[kind])) for kind in self.KINDS)]
        )


class AwardForm(Form):  # type: ignore[misc]  # wtforms has no types
    """A recognition by province, region or nation, with year and decision."""

    kind = SelectField(later("Award"), [NEEDED], invalid_choice_message=NOT_OFFERED)
    product_id = SelectField(
        later("For which product"), [Optional()], invalid_choice_message=NOT_OFFERED
    )
    year = CountField(later("Year"), [NEEDED])
    number = StringField(later("Number of the decision"), [NEEDED, up_to(80)])
    issued_on = DayField(later("Date of the decision"), [Optional()])
    valid_to = DayField(later("Valid to"), [Optional()])
    level = SelectField(later("Level"), [Optional()], invalid_choice_message=NOT_OFFERED)
    issuer = StringField(later("Who issued it"), [Optional(), up_to(200)])

    def offer(self) -> None:
        """Awards and levels by name."""
        names = ledger_words.KINDS
        self.kind.choices = offered(
            [("", _("Choose…")), *((kind, str(names[kind])) for kind in RECOGNITIONS)]
        )
        self.level.choices = offered(
            [("", "–"), *((level, str(ledger_words.LEVELS[level])) for level in LEVELS)]
        )


class MarketPaperForm(Form):  # type: ignore[misc]  # wtforms has no types
    """A registration or permit that the rules of a market name."""

    market = SelectField(later("Market"), [NEEDED], invalid_choice_message=NOT_OFFERED)
    document = SelectField(later("Which paper"), [NEEDED], invalid_choice_message=NOT_OFFERED)
    product_id = SelectField(
        later("For which product"), [Optional()], invalid_choice_message=NOT_OFFERED
    )
    number = StringField(later("Number"), [NEEDED, up_to(80)])
    issuer = StringField(later("Who issued it"), [NEEDED, up_to(200)])
    issued_on = DayField(later("Valid from"), [NEEDED])
    valid_to = DayField(later("Valid to"), [Optional()])
    facility = StringField(later("Site, farm or workshop"), [Optional(), up_to(300)])
    scope = TextAreaField(later("Scope as printed"), [Optional(), up_to(1000)])

    def offer(self) -> None:
        """Markets and papers by name."""
        for field, codes, names in (
            (self.market, MARKETS, MARKET_NAMES),
            (self.document, MARKET_DOCUMENTS, DOCUMENT_NAMES),
        ):
            field.choices = offered(
                [("", _("Choose…")), *((code, str(names[code])) for code in codes)]
            )


FORMS: dict[str, type[SchemeForm] | type[AwardForm] | type[MarketPaperForm]] = {
    "scheme": SchemeForm,
    "award": AwardForm,
    "market": MarketPaperForm,
}
