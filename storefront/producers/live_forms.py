"""The questions about a livestream session, each form a few fields that a phone shows on one screen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from wtforms import RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from core.clock import VIETNAM
from i18n.catalogue import gettext as _
from i18n.catalogue import lazy_gettext as later
from i18n.formatting import format_money
from orders.live.desks import Choice
from orders.live.planning import CouponPlan, ItemPlan, Plan
from orders.models import Coupon, LiveItem, LiveSession
from orders.rules.live import HOST_ROLES, LONGEST_LINK, PLATFORMS
from storefront import live_words
from storefront.fields import CountField, DayField, DongField
from storefront.producers.forms import NEEDED, NOT_OFFERED, Question, up_to

_CLOCK = re.compile(r"(\d{1,2})(?:\s*[:hg.]\s*(\d{2})?)?")
_LINK = [Optional(), up_to(LONGEST_LINK)]
_DAY = timedelta(days=1)
PERCENT_BP = 100


class ClockField(DayField):
    """A time of day, as people write it: 20:00, 20h, 20h30."""

    def read(self, text: str) -> Any:
        """The time, or None."""
        found = _CLOCK.fullmatch(text.strip().lower())
        if found is None:
            return None
        hour, minute = int(found[1]), int(found[2] or 0)
        return time(hour, minute) if hour < 24 and minute < 60 else None  # noqa: PLR2004

    def written(self, value: Any) -> str:
        """Hour and minute."""
        return f"{value:%H:%M}"

    def complaint(self) -> str:
        """An example."""
        return _("“%(typed)s” is not a time. Write hour:minute, such as 20:00.", typed=self.typed)


class SessionForm(Question):
    """What, who, when and where; an end before the beginning is on the day after."""

    title = StringField(later("What is the session called?"), [NEEDED, up_to(160)])
    summary = TextAreaField(later("What will people see?"), [Optional(), up_to(600)])
    host_name = StringField(later("Who speaks?"), [NEEDED, up_to(120)])
    host_role = RadioField(
        later("What is this person to you?"), [NEEDED], invalid_choice_message=NOT_OFFERED
    )
    day = DayField(later("Day"), [NEEDED])
    starts = ClockField(later("Begins at"), [NEEDED])
    ends = ClockField(later("Ends at"), [NEEDED])
    facebook = StringField("Facebook", _LINK)
    tiktok = StringField("TikTok", _LINK)
    youtube = StringField("YouTube", _LINK)
    zalo = StringField("Zalo", _LINK)
    shopee = StringField("Shopee", _LINK)
    other = StringField(later("Another address"), _LINK)

    def offer(self) -> None:
        """Roles in words."""
        self.host_role.choices = [
            SelectChoice(role, live_words.role_name(role)) for role in HOST_ROLES
        ]

    def plan(self) -> Plan:
        """What was filled in."""
        starts = datetime.combine(self.day.data, self.starts.data, VIETNAM)
        ends = datetime.combine(self.day.data, self.ends.data, VIETNAM)
        return Plan(
            title=self.title.data,
            summary=self.summary.data or "",
            host_name=self.host_name.data,
            host_role=self.host_role.data,
            starts_at=starts,
            ends_at=ends if ends > starts else ends + _DAY,
            links={name: self[name].data.strip() for name in PLATFORMS if self[name].data},
        )


def filled_session(live: LiveSession) -> dict[str, Any]:
    """The fields of a stored session, on Vietnamese clocks."""
    starts, ends = live.starts_at.astimezone(VIETNAM), live.ends_at.astimezone(VIETNAM)
    return {
        "title": live.title,
        "summary": live.summary,
        "host_name": live.host_name,
        "host_role": live.host_role,
        "day": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
        **live.links,
    }


class ItemForm(Question):
    """A package, its price in the session, and how many are kept for it."""

    package = SelectField(later("Which package?"), [NEEDED], invalid_choice_message=NOT_OFFERED)
    price = DongField(later("Price during the session, tax included"), [NEEDED])
    quantity = CountField(later("How many are kept for the session?"), [NEEDED])
    ad_number = StringField(
        later("Number of the confirmed advertisement, where one is needed"),
        [Optional(), up_to(80)],
    )
    ad_issued_on = DayField(later("Date of the confirmation"), [Optional()])

    def offer_packages(self, packages: Sequence[Choice], locale: str) -> None:
        """The producer's packages with their usual prices."""
        self.package.choices = [SelectChoice("", _("Choose…"))] + [
            SelectChoice(
                str(one.package_id),
                f"{one.name}, {one.label or one.sku}: {format_money(one.retail, locale)}",
            )
            for one in packages
        ]

    def item(self) -> ItemPlan:
        """What was filled in."""
        return ItemPlan(
            int(self.package.data),
            self.price.data,
            self.quantity.data,
            self.ad_number.data,
            self.ad_issued_on.data,
        )


def filled_item(item: LiveItem) -> dict[str, Any]:
    """The fields of a stored item."""
    return {
        "package": str(item.package_id),
        "price": item.price_minor,
        "quantity": item.quantity,
        "ad_number": item.ad_number,
        "ad_issued_on": item.ad_issued_on,
    }


class CouponForm(Question):
    """A code, what it takes off and how many orders may use it."""

    code = StringField(later("Code, such as MATONG10"), [NEEDED, up_to(40)])
    kind = RadioField(later("What does it take off?"), [NEEDED], invalid_choice_message=NOT_OFFERED)
    value = CountField(later("How much: percent, or đồng"), [NEEDED])
    most_uses = CountField(later("For how many orders at most?"), [NEEDED])

    def offer(self) -> None:
        """Percent or amount."""
        self.kind.choices = [
            SelectChoice("percent", _("A part in percent")),
            SelectChoice("amount", _("An amount in đồng")),
        ]

    def plan(self) -> CouponPlan:
        """What was filled in; percent are kept as basis points."""
        factor = PERCENT_BP if self.kind.data == "percent" else 1
        return CouponPlan(
            self.code.data, self.kind.data, self.value.data * factor, self.most_uses.data
        )


def filled_coupon(coupon: Coupon | None) -> dict[str, Any]:
    """The fields of a stored code; a percentage to begin with."""
    if coupon is None:
        return {"kind": "percent"}
    factor = PERCENT_BP if coupon.kind == "percent" else 1
    return {
        "code": coupon.code,
        "kind": coupon.kind,
        "value": coupon.value // factor,
        "most_uses": coupon.most_uses,
    }


class TextForm(Question):
    """Title and summary in another language."""

    title = StringField(later("Title"), [Optional(), up_to(160)])
    summary = TextAreaField(later("What will people see?"), [Optional(), up_to(600)])


class ReplayForm(Question):
    """Where to watch it again, and where the recording lies."""

    replay_url = StringField(later("Address of the replay"), _LINK)
    place = StringField(later("Where is the recording kept?"), [NEEDED, up_to(200)])
    reference = StringField(
        later("SHA-256 of the file, or the platform's number of the recording"),
        [NEEDED, up_to(200)],
    )
