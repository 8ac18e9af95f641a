"""How a livestream session moves, what it is at a moment, and everything that keeps it from starting.

Source: E-commerce Law 122/2025 (host checked, papers before the session, recording kept), domain.md 6.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from urllib.parse import urlsplit

from catalog.rules.publication import Problem
from catalog.rules.regulation import Rule, RuleSet
from core.actor import Role
from core.money import Money
from orders.rules.states import Step


class LiveState(StrEnum):
    """Where a session stands; the prices hold by the clock, see `standing`."""

    PLANNED = "planned"
    CHECKED = "checked"
    LIVE = "live"
    ENDED = "ended"
    REPLAY_KEPT = "replay_kept"
    CANCELLED = "cancelled"


_SYSTEM = frozenset({Role.SYSTEM})
_OFFICE = frozenset({Role.OFFICE, Role.SYSTEM})
_SELLER = frozenset({Role.PRODUCER, Role.OFFICE, Role.SYSTEM})

STEPS: Mapping[tuple[str, str], Step] = {
    ("planned", "check"): Step("checked", _OFFICE),
    ("checked", "reopen"): Step("planned", _SELLER),
    ("checked", "refuse"): Step("planned", _SYSTEM),
    ("checked", "start"): Step("live", _SYSTEM),
    ("checked", "end"): Step("ended", _SYSTEM),
    ("live", "end"): Step("ended", _SELLER),
    ("ended", "keep_replay"): Step("replay_kept", _SELLER),
    ("replay_kept", "keep_replay"): Step("replay_kept", _SELLER),
    ("planned", "cancel"): Step("cancelled", _SELLER),
    ("checked", "cancel"): Step("cancelled", _SELLER),
    ("live", "cancel"): Step("cancelled", _OFFICE),
}
"""(state, event) → where it leads and who may cause it."""

SELLING = frozenset({"checked", "live"})
"""States in which the clock alone decides whether the session sells."""

HOST_ROLES = ("producer", "staff", "guest")
PLATFORMS: Mapping[str, tuple[str, ...]] = {
    "facebook": ("facebook.com", "fb.watch", "fb.com"),
    "tiktok": ("tiktok.com",),
    "youtube": ("youtube.com", "youtu.be"),
    "zalo": ("zalo.me", "zalo.vn"),
    "shopee": ("shopee.vn", "shp.ee"),
    "other": (),
}
"""Platforms and the hosts their addresses may have; any host for the last."""

LONGEST_LINK = 300
LONGEST_HOURS = 12


def step_of(state: str, event: str) -> Step | None:
    """Where the event leads from that state, or None when it leads nowhere."""
    return STEPS.get((state, event))


def sources_of(event: str, roles: frozenset[Role]) -> dict[str, str]:
    """The states from which somebody with these roles may cause the event, and where each leads."""
    return {
        state: step.to
        for (state, name), step in STEPS.items()
        if name == event and not step.roles.isdisjoint(roles)
    }


def standing(state: str, starts_at: datetime, ends_at: datetime, now: datetime) -> str:
    """What the session truly is at that moment, however late the worker is.

    Checked and live sessions are checked before their start, live until their end (that moment not
    included), and ended from then on.
    """
    if state not in SELLING:
        return state
    if now < starts_at:
        return LiveState.CHECKED.value
    return LiveState.LIVE.value if now < ends_at else LiveState.ENDED.value


def link_problem(platform: str, address: str) -> str | None:
    """Why an address cannot be the link of a platform: not_https, too_long, other_host; None when it can."""
    if len(address) > LONGEST_LINK:
        return "too_long"
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        is_plain = parts.scheme == "https" and "." in host and parts.port in (None, 443)
    except ValueError:
        return "not_https"
    spaced = re.search(r"[\s\x00-\x1f\"<>\\]", address)
    if not is_plain or spaced or "@" in parts.netloc:
        return "not_https"
    known = PLATFORMS[platform]
    if known and not any(host == name or host.endswith(f".{name}") for name in known):
        return "other_host"
    return None


CONFIRMATION_RULE = "act.live.confirmation"
NOT_ADVERTISED_RULE = "act.live.not_advertised"
RECORDING_RULE = "act.live.recording"
_GROUPS = re.compile(r"\b[A-Z]\d\d\b")
_DEGREES = re.compile(r"(\d+) độ")
_YEARS = re.compile(r"(\d+) năm")


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """One product of a session as judged for its day.

    `problems` is what the publication rule says for that day; `stars_end` the last day of a star
    decision that is the newest one and no longer holds on the day; `left` what the shelf can promise.
    """

    package_id: int
    name: str
    is_published: bool
    problems: tuple[Problem, ...]
    subgroup_code: str | None
    abv: float | None
    ad_number: str | None
    stars_ended: bool
    price: Money
    retail: Money
    quantity: int
    left: int | None
    is_elsewhere: bool


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What is known of a session before it may start; `on` are the days it touches, Vietnam time."""

    host_is_checked: bool
    links: int
    starts_at: datetime
    ends_at: datetime
    on: tuple[date, ...]
    items: tuple[ItemFacts, ...]


@dataclass(frozen=True, slots=True)
class LiveProblem:
    """One reason why a session may not start: a stable code, the product it is about, and facts.

    Codes: host_unchecked, no_link, no_products, over; and of a product: not_published, publication
    (problem: what the publication rule says), stars_ended, confirmation_missing, not_advertised,
    price_above_retail, too_few, elsewhere. `is_confirmed` is False when the law behind it is unverified.
    """

    code: str
    item: ItemFacts | None = None
    problem: Problem | None = None
    is_confirmed: bool = True
    facts: dict[str, object] = field(default_factory=dict)


def live_problems(
    session: SessionFacts, rules: RuleSet, now: datetime, *, holds_stock: bool = False
) -> list[LiveProblem]:
    """All reasons at once why the session may not be announced or started.

    `holds_stock`: the pieces are set aside already, so the shelf is not asked again.
    """
    found: list[LiveProblem] = []
    if not session.host_is_checked:
        found.append(LiveProblem("host_unchecked"))
    if not session.links:
        found.append(LiveProblem("no_link"))
    if session.ends_at <= now:
        found.append(LiveProblem("over"))
    if not session.items:
        found.append(LiveProblem("no_products"))
    for item in session.items:
        found += _item_problems(item, rules, session.on[0], holds_stock=holds_stock)
    return found


def _item_problems(
    item: ItemFacts, rules: RuleSet, on: date, *, holds_stock: bool
) -> Iterable[LiveProblem]:
    if not item.is_published:
        yield LiveProblem("not_published", item)
    for problem in item.problems:
        yield LiveProblem("publication", item, problem)
    if item.stars_ended:
        yield LiveProblem("stars_ended", item)
    yield from _advertising_problems(item, rules, on)
    if item.price.currency != item.retail.currency or item.price > item.retail:
        yield LiveProblem("price_above_retail", item)
    if item.is_elsewhere:
        yield LiveProblem("elsewhere", item)
    if not holds_stock and (item.left or 0) < item.quantity:
        yield LiveProblem("too_few", item, facts={"left": item.left or 0})


def _advertising_problems(item: ItemFacts, rules: RuleSet, on: date) -> Iterable[LiveProblem]:
    """What the rules about advertising say of the class of goods on that day."""
    banned = rules.find(NOT_ADVERTISED_RULE, on)
    if banned is not None and item.subgroup_code in _groups(banned):
        degrees = _DEGREES.search(banned.says("says"))
        least = int(degrees[1]) if degrees else 0
        if item.abv is None or item.abv >= least:  # strength unknown is not "weak"
            known = banned.is_confirmed(on)
            yield LiveProblem("not_advertised", item, None, known, {"least": least})
    needed = rules.find(CONFIRMATION_RULE, on)
    if needed is not None and item.subgroup_code in _groups(needed) and not item.ad_number:
        yield LiveProblem("confirmation_missing", item, None, needed.is_confirmed(on))


def _groups(rule: Rule) -> Sequence[str]:
    return _GROUPS.findall(rule.says("says"))


def recording_kept_until(rules: RuleSet, ended_on: date) -> tuple[date, str] | None:
    """The last day a recording made that day must be kept, and the version of the rule; None without one."""
    rule = rules.find(RECORDING_RULE, ended_on)
    years = _YEARS.search(rule.says("says")) if rule is not None else None
    if rule is None or years is None:
        return None
    year = ended_on.year + int(years[1])
    try:
        return ended_on.replace(year=year), rule.version
    except ValueError:  # 29 February: the day after is the safe side
        return date(year, 3, 1), rule.version
