"""What the office types in about a rule: a new version of it, or a time in which it rests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from wtforms import Form, SelectChoice, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput

from catalog.reference import ALLERGENS
from catalog.rules.eligibility import DECISIONS, REASONS
from catalog.rules.regulation import Rule
from catalog.rules.rule_values import DOCUMENTS, DUTIES
from catalog.rules.vat import TREATMENTS
from i18n.catalogue import gettext as _
from i18n.catalogue import lazy_gettext as later
from storefront import market_messages as market_words
from storefront import rule_words
from storefront.fields import DayField

_NEEDED = InputRequired(later("Please fill this in."))
_NOT_OFFERED = later("Choose one from the list.")


def _up_to(longest: int) -> Length:
    return Length(
        max=longest, message=later("Use at most %(longest)s characters.", longest=longest)
    )


def _offered(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    return [SelectChoice(value, str(label)) for value, label in pairs]


class _Entry(Form):  # type: ignore[misc]  # wtforms has no types
    """What every entry has: its days, the law it rests on, and how sure that is."""

    first = DayField(later("First day"), [_NEEDED])
    last = DayField(later("Last day, if it has one"), [Optional()])
    legal_basis = StringField(later("Law or decree, with its number"), [_NEEDED, _up_to(300)])
    source = StringField(later("Where you read it"), [_NEEDED, _up_to(300)])
    certainty = SelectField(
        later("How sure is it?"), [_NEEDED], invalid_choice_message=_NOT_OFFERED
    )
    note = TextAreaField(later("Note"), [Optional(), _up_to(1000)])

    def offer(self) -> None:
        """The choices in the spoken language."""
        names = rule_words.CERTAINTY_NAMES
        self.certainty.choices = _offered((c, names[c]) for c in ("published", "unverified"))

    def mark(self, mistakes: Mapping[str, str]) -> None:
        """Put the refusals of the use case beside their fields."""
        for name, code in mistakes.items():
            target = self._fields.get(name, self.first)
            target.errors = [*target.errors, mistake_sentence(code)]


class SuspensionForm(_Entry):
    """From when to when a version rests."""


class VersionForm(_Entry):
    """What the rule says from a day on; the fields of the value depend on the kind."""

    def value(self) -> dict[str, str]:
        """What was entered, as the rule keeps it."""
        raise NotImplementedError

    def fill(self, rule: Rule) -> None:
        """Begin with what the rule says now."""
        raise NotImplementedError


class ActVersion(VersionForm):
    """A law or decree."""

    says = TextAreaField(later("What it says"), [_NEEDED, _up_to(1000)])

    def value(self) -> dict[str, str]:
        return {"says": self.says.data}

    def fill(self, rule: Rule) -> None:
        self.says.data = rule.says("says")


class VatVersion(VersionForm):
    """A tax rate."""

    treatment = SelectField(
        later("How it is taxed"), [_NEEDED], invalid_choice_message=_NOT_OFFERED
    )
    rate = StringField(later("Rate in percent"), [Optional(), _up_to(5)])

    def offer(self) -> None:
        super().offer()
        self.treatment.choices = _offered((t, rule_words.TREATMENT_NAMES[t]) for t in TREATMENTS)

    def validate_rate(self, field: StringField) -> None:
        """Whole or half percents: 8, 10, 2,5."""
        if not _as_decimal(field.data):
            raise ValidationError(_("Write a rate in percent, such as 8 or 10."))

    def value(self) -> dict[str, str]:
        rate = _as_decimal(self.rate.data) or Decimal(0)
        return {"treatment": self.treatment.data, "rate_bp": str(int(rate * 100))}

    def fill(self, rule: Rule) -> None:
        self.treatment.data = rule.says("treatment")
        self.rate.data = str(Decimal(rule.says("rate_bp") or 0) / 100).replace(".", ",")


def _as_decimal(text: str | None) -> Decimal | None:
    text = (text or "0").strip().replace(",", ".").removesuffix("%").strip()
    if not text.replace(".", "", 1).isdigit() or not text.isascii():
        return None
    rate = Decimal(text)
    return rate if rate <= 100 and rate * 100 == int(rate * 100) else None


class MarketVersion(VersionForm):
    """Whether such goods may be sent there."""

    decision = SelectField(later("May it be sent?"), [_NEEDED], invalid_choice_message=_NOT_OFFERED)
    reason = SelectField(later("What buyers read"), [_NEEDED], invalid_choice_message=_NOT_OFFERED)
    documents = SelectMultipleField(
        later("Papers needed"),
        [Optional()],
        option_widget=CheckboxInput(),
    )

    def offer(self) -> None:
        super().offer()
        self.decision.choices = _offered((d, rule_words.DECISION_NAMES[d]) for d in DECISIONS)
        self.reason.choices = _offered(
            (code, market_words.reason_sentence(code, {}))
            for code in REASONS
            if code not in {"label_incomplete", "allergen_kinds", "on_file"}
        )
        names = market_words.DOCUMENT_NAMES
        self.documents.choices = _offered((d, names[d]) for d in DOCUMENTS)

    def value(self) -> dict[str, str]:
        return {
            "decision": self.decision.data,
            "reason": self.reason.data,
            "documents": " ".join(self.documents.data or ()),
        }

    def fill(self, rule: Rule) -> None:
        self.decision.data, self.reason.data = rule.says("decision"), rule.says("reason")
        self.documents.data = list(rule.lists("documents"))


class LabelVersion(VersionForm):
    """Whether a particular must stand on the label; of which goods and in which languages stays."""

    duty = SelectField(later("Must it be there?"), [_NEEDED], invalid_choice_message=_NOT_OFFERED)
    kept: Mapping[str, str] = {}

    def offer(self) -> None:
        super().offer()
        self.duty.choices = _offered((d, rule_words.DUTY_NAMES[d]) for d in DUTIES)

    def value(self) -> dict[str, str]:
        return {**self.kept, "duty": self.duty.data}

    def fill(self, rule: Rule) -> None:
        self.duty.data = rule.says("duty")


class AllergensVersion(VersionForm):
    """Which allergens a market names."""

    codes = SelectMultipleField(
        later("Allergens"),
        [_NEEDED],
        option_widget=CheckboxInput(),
    )

    def offer(self) -> None:
        super().offer()
        self.codes.choices = _offered((c, market_words.allergen_name(c)) for c in ALLERGENS)

    def value(self) -> dict[str, str]:
        return {"codes": " ".join(self.codes.data or ())}

    def fill(self, rule: Rule) -> None:
        self.codes.data = list(rule.lists("codes"))


VERSION_FORMS: Mapping[str, type[VersionForm]] = {
    "act": ActVersion,
    "vat": VatVersion,
    "market": MarketVersion,
    "label": LabelVersion,
    "allergens": AllergensVersion,
}
VALUE_FIELDS: Mapping[str, tuple[str, ...]] = {
    "act": ("says",),
    "vat": ("treatment", "rate"),
    "market": ("decision", "reason", "documents"),
    "label": ("duty",),
    "allergens": ("codes",),
}


def mistake_sentence(code: str) -> str:
    """Why an entry was refused, in the spoken language."""
    sentences = {
        "in_the_past": _("What has been judged stays as it was: choose today or a later day."),
        "before_first": _("The last day comes before the first."),
        "leaves_a_gap": _("Then some sales would have no tax rate. Enter the new rate first."),
        "missing": _("Please fill this in."),
        "untaxed_has_no_rate": _("Goods that are not taxed have the rate 0."),
    }
    return sentences.get(code) or _("Choose one from the list.")
