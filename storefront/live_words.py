"""Words for livestream sessions: states, roles, platforms, and a sentence for each reason against a session."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from core.money import Money
from i18n.catalogue import gettext as _
from i18n.catalogue import lazy_gettext as later
from i18n.catalogue import pgettext, spoken
from i18n.formatting import colon, format_money, format_number, format_span
from orders.live.pages import LiveCoupon
from orders.rules.live import LiveProblem
from storefront.messages import problem_sentence

PLATFORM_NAMES: Mapping[str, str] = {
    "facebook": "Facebook",
    "tiktok": "TikTok",
    "youtube": "YouTube",
    "zalo": "Zalo",
    "shopee": "Shopee",
}
"""Brand names, the same in every language."""

PERCENT_BP = 100


def platform_name(platform: str) -> str:
    """What the platform is called."""
    return PLATFORM_NAMES.get(platform) or _("another site")


def span(first: datetime, last: datetime) -> str:
    """From when to when, on Vietnamese clocks."""
    return format_span(first, last, spoken())


def role_name(role: str) -> str:
    """What the host is to the producer."""
    names: dict[str, Callable[[], str]] = {
        "producer": lambda: pgettext("livestream host", "the producer"),
        "staff": lambda: pgettext("livestream host", "works for the producer"),
        "guest": lambda: pgettext("livestream host", "guest"),
    }
    return names[role]()


def state_name(standing: str) -> str:
    """Where a session stands, for the desks."""
    names: dict[str, Callable[[], str]] = {
        "planned": lambda: pgettext("livestream", "Planned"),
        "checked": lambda: pgettext("livestream", "Checked, announced"),
        "live": lambda: pgettext("livestream", "On air now"),
        "ended": lambda: pgettext("livestream", "Ended"),
        "replay_kept": lambda: pgettext("livestream", "Ended, recording noted"),
        "cancelled": lambda: pgettext("livestream", "Called off"),
    }
    return names[standing]()


def coupon_value(coupon: LiveCoupon) -> str:
    """What the code takes off: "10 %" or an amount."""
    if coupon.kind == "percent":
        percent = format_number(coupon.value // PERCENT_BP, spoken())
        return _("%(percent)s %%", percent=percent)
    return format_money(Money(coupon.value, coupon.currency), spoken())


def problem(problem: LiveProblem) -> str:
    """Why the session may not be announced or started, with the product it is about."""
    if problem.problem is not None:
        said = problem_sentence(problem.problem.code, problem.problem.facts)
    else:
        said = str(PROBLEMS[problem.code])
    if problem.code == "too_few":
        left = format_number(int(str(problem.facts["left"])), spoken())
        said = _("Only %(left)s are left to set aside.", left=left)
    if not problem.is_confirmed:
        said = f"{said} {_('(The legal text behind this has not been verified yet.)')}"
    return said if problem.item is None else f"{problem.item.name}{colon(spoken())}{said}"


PROBLEMS = {
    "host_unchecked": later("The office has not checked who the host is."),
    "no_link": later("Say where the session can be watched."),
    "no_products": later("Put at least one product into the session."),
    "over": later("This time has passed. Choose another one."),
    "not_published": later("It is not on sale."),
    "publication": later("It may not be shown on that day."),
    "stars_ended": later("Its certificate does not hold on that day."),
    "confirmation_missing": later("The written confirmation of the advertisement is missing."),
    "not_advertised": later("Strong drinks may not be advertised."),
    "price_above_retail": later("The price is above the usual price."),
    "too_few": later("There are too few to set aside."),
    "elsewhere": later("Another session sells it at the same time."),
}
"""One sentence for each code of `orders.rules.live.LiveProblem`."""

EVENTS = {
    "plan": later("Planned"),
    "change": later("Changed"),
    "translate": later("Text in another language"),
    "check_host": later("Host checked"),
    "check": later("Papers found complete, goods set aside"),
    "reopen": later("Opened again for changes"),
    "refuse": later("Not started: something is missing"),
    "start": later("Started"),
    "end": later("Ended, the rest is back on the shelf"),
    "keep_replay": later("Recording noted"),
    "cancel": later("Called off"),
}
"""What happened, for the history."""
