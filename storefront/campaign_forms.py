"""What the desks type in about events, collections, articles, requests and offers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import (
    BooleanField,
    Form,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from catalog.errors import InvalidFields
from catalog.reference import GROUPS, PROVINCES, SUBGROUPS
from catalog.rules.marks import MARKS
from i18n.catalogue import gettext as _
from i18n.catalogue import lazy_gettext as later
from i18n.catalogue import lazy_pgettext, spoken
from storefront import campaign_words, ledger_words
from storefront.fields import DayField, DongField, QuantityField
from storefront.record_words import month_names

NEEDED = InputRequired(later("Please fill this in."))
NOT_OFFERED = later("Choose one from the list.")
_NOTHING = SelectChoice("", "–")


def up_to(longest: int) -> Length:
    """At most so many characters."""
    return Length(
        max=longest, message=later("Use at most %(longest)s characters.", longest=longest)
    )


class TickField(SelectMultipleField):  # type: ignore[misc]  # wtforms has no types
    """Several boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class EventForm(Form):  # type: ignore[misc]
    """What is said of an event."""

    name = StringField(later("Name"), [NEEDED, up_to(200)])
    kind = SelectField(later("Kind"), [NEEDED], invalid_choice_message=NOT_OFFERED)
    organiser = StringField(later("Organiser"), [NEEDED, up_to(200)])
    province_code = SelectField(later("Province"), [Optional()], invalid_choice_message=NOT_OFFERED)
    commune = StringField(later("Commune"), [Optional(), up_to(120)])
    address = StringField(later("Address"), [Optional(), up_to(300)])
    starts_on = DayField(later("First day"), [NEEDED])
    ends_on = DayField(later("Last day"), [NEEDED])
    sign_up_until = DayField(later("Last day to sign up"), [Optional()])
    description = TextAreaField(later("Description"), [Optional(), up_to(5000)])

    def offer(self) -> None:
        """Kinds and provinces by name."""
        self.kind.choices = [
            SelectChoice(kind, str(campaign_words.EVENT_NAMES[kind]))
            for kind in campaign_words.EVENT_KINDS
        ]
        self.province_code.choices = [_NOTHING, *_named(PROVINCES)]

    def values(self) -> dict[str, Any]:
        """As the catalogue takes them."""
        return {**self.data, "province_code": self.province_code.data or None}


class CollectionForm(Form):  # type: ignore[misc]
    """When a collection is current, and which goods belong to it."""

    name = StringField(later("Name"), [NEEDED, up_to(200)])
    description = TextAreaField(later("Description"), [Optional(), up_to(5000)])
    starts_on = DayField(later("First day"), [Optional()])
    ends_on = DayField(later("Last day"), [Optional()])
    months = TickField(later("Months of its season"), invalid_choice_message=NOT_OFFERED)
    products = TextAreaField(
        later("Goods chosen by hand: the address of each, one a line, in their order"),
        [Optional(), up_to(20_000)],
    )
    province = SelectField(
        later("And all goods of this province"), [Optional()], invalid_choice_message=NOT_OFFERED
    )
    group = TickField(later("Only these groups of goods"), invalid_choice_message=NOT_OFFERED)
    certificate = TickField(
        later("Only with one of these certificates"), invalid_choice_message=NOT_OFFERED
    )
    season = BooleanField(later("Only what is in season now"))

    def offer(self) -> None:
        """Months, provinces, groups and certificates by name."""
        self.months.choices = [
            SelectChoice(str(number), name) for number, name in month_names(spoken()).items()
        ]
        self.province.choices = [_NOTHING, *_named(PROVINCES)]
        self.group.choices = _named(GROUPS)
        self.certificate.choices = [
            SelectChoice(code, str(ledger_words.KINDS[code])) for code in MARKS
        ]

    def values(self) -> dict[str, Any]:
        """As the catalogue takes them, without the goods chosen by hand."""
        return {
            "name": self.name.data,
            "description": self.description.data,
            "starts_on": self.starts_on.data,
            "ends_on": self.ends_on.data,
            "months": tuple(sorted(int(month) for month in self.months.data)) or None,
            "rule": {
                "province": [self.province.data] if self.province.data else [],
                "group": self.group.data,
                "certificate": self.certificate.data,
                "season": ["now"] if self.season.data else [],
            },
        }

    def slugs(self) -> list[str]:
        """The products of the lines: the end of each address."""
        lines = (line.strip().partition("?")[0] for line in (self.products.data or "").split("\n"))
        return [line.rstrip("/").rpartition("/")[2] for line in lines if line]


class ArticleForm(Form):  # type: ignore[misc]
    """An article as it is written, in Vietnamese."""

    kind = SelectField(later("Kind"), [NEEDED], invalid_choice_message=NOT_OFFERED)
    name = StringField(later("Title"), [NEEDED, up_to(200)])
    summary = TextAreaField(later("In one sentence"), [Optional(), up_to(500)])
    body = TextAreaField(
        lazy_pgettext("field of an article", "Text"),
        [Optional(), up_to(20_000)],
        render_kw={"rows": 16},
    )
    media_id = SelectField(later("Picture"), [Optional()], invalid_choice_message=NOT_OFFERED)

    def offer(self, pictures: Iterable[tuple[int, str]]) -> None:
        """Kinds, and the pictures that may stand above it."""
        self.kind.choices = [
            SelectChoice(kind, str(campaign_words.ARTICLE_NAMES[kind]))
            for kind in campaign_words.ARTICLE_KINDS
        ]
        listed = [SelectChoice(str(number), f"{number}: {text}") for number, text in pictures]
        self.media_id.choices = [_NOTHING, *listed]

    def values(self) -> dict[str, Any]:
        """As the catalogue takes them."""
        picture = self.media_id.data
        return {**self.data, "media_id": int(picture) if picture else None}


class RequestForm(Form):  # type: ignore[misc]
    """What a buyer asks for."""

    buyer = StringField(later("Who asks"), [NEEDED, up_to(200)])
    what = StringField(later("What is needed"), [NEEDED, up_to(200)])
    subgroup_code = SelectField(
        later("Kind of goods"), [NEEDED], invalid_choice_message=NOT_OFFERED
    )
    quantity = QuantityField(later("Quantity"), [NEEDED])
    unit = SelectField(later("Unit"), [NEEDED], invalid_choice_message=NOT_OFFERED)
    needed_from = DayField(later("First day"), [NEEDED])
    needed_to = DayField(later("Last day"), [NEEDED])
    province_code = SelectField(
        later("From which province"), [Optional()], invalid_choice_message=NOT_OFFERED
    )
    deliver_to = StringField(later("Where it is needed"), [NEEDED, up_to(200)])
    event_id = SelectField(
        lazy_pgettext("of a request", "Event"), [Optional()], invalid_choice_message=NOT_OFFERED
    )

    def offer(self, events: Iterable[tuple[int, str]]) -> None:
        """Groups and subgroups, units, provinces and the events to come."""
        self.subgroup_code.choices = [*_named(GROUPS), *_named(SUBGROUPS)]
        self.unit.choices = _units()
        self.province_code.choices = [_NOTHING, *_named(PROVINCES)]
        self.event_id.choices = _events(events)

    def values(self) -> dict[str, Any]:
        """As the catalogue takes them."""
        event = self.event_id.data
        return {
            **self.data,
            "province_code": self.province_code.data or None,
            "event_id": int(event) if event else None,
        }


class OfferForm(Form):  # type: ignore[misc]
    """What a producer can deliver."""

    product_id = SelectField(later("Product"), [NEEDED], invalid_choice_message=NOT_OFFERED)
    quantity = QuantityField(later("Quantity"), [NEEDED])
    unit = SelectField(later("Unit"), [NEEDED], invalid_choice_message=NOT_OFFERED)
    ready_from = DayField(later("First day"), [NEEDED])
    ready_to = DayField(later("Last day"), [NEEDED])
    event_id = SelectField(
        lazy_pgettext("of a request", "Event"), [Optional()], invalid_choice_message=NOT_OFFERED
    )

    def offer(self, products: Iterable[tuple[int, str]], events: Iterable[tuple[int, str]]) -> None:
        """One's own products, units, and the events to come."""
        self.product_id.choices = [SelectChoice(str(number), name) for number, name in products]
        self.unit.choices = _units()
        self.event_id.choices = _events(events)

    def values(self) -> dict[str, Any]:
        """As the catalogue takes them, without the product."""
        event = self.event_id.data
        told = {name: value for name, value in self.data.items() if name != "product_id"}
        return {**told, "event_id": int(event) if event else None}


class OutcomeForm(Form):  # type: ignore[misc]
    """What came of an event."""

    kind = SelectField(later("Kind"), [NEEDED], invalid_choice_message=NOT_OFFERED)
    with_whom = StringField(later("With whom"), [NEEDED, up_to(200)])
    amount_vnd = DongField(later("Amount in đồng"), [Optional()])

    def offer(self) -> None:
        """Contacts, orders, memoranda."""
        self.kind.choices = [
            SelectChoice(kind, str(name)) for kind, name in campaign_words.OUTCOME_NAMES.items()
        ]


def show_mistakes(form: Form, refusal: InvalidFields) -> None:
    """Put a refusal beside the fields it is about, or on the first field."""
    for name, code in refusal.mistakes.items():
        target = name if name in form else next(iter(form)).name
        form[target].errors = [*form[target].errors, mistake_sentence(code)]


def mistake_sentence(code: str) -> str:
    """What a code of the catalogue means to the person who filled in the form."""
    sentences = {
        "missing": _("Please fill this in."),
        "too_long": _("The text is too long."),
        "before_start": _("The last day comes before the first."),
        "not_positive": _("This must be more than zero."),
        "out_of_range": _("This number is not possible here."),
        "unknown": _("Choose one from the list."),
    }
    return sentences.get(code) or _("This cannot be right. Please check it.")


def _named(table: Mapping[str, Any]) -> list[SelectChoice]:
    return [
        SelectChoice(code, entry.names.get(spoken()) or entry.names["vi"])
        for code, entry in table.items()
    ]


def _units() -> list[SelectChoice]:
    return [SelectChoice(unit, campaign_words.unit_name(unit)) for unit in campaign_words.UNITS]


def _events(events: Iterable[tuple[int, str]]) -> list[SelectChoice]:
    return [_NOTHING, *(SelectChoice(str(number), name) for number, name in events)]
