"""What a way to pay must be able to do, and the news it brings; each way is one module beside this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from core.money import Money


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Where and how a way to pay works. ``pay_within`` None: nothing is paid before delivery."""

    currencies: frozenset[str]
    countries: frozenset[str]
    pay_within: timedelta | None


@dataclass(frozen=True, slots=True)
class Instructions:
    """What the buyer does now; ``kind`` chooses the part of the page: "cash" or "transfer"."""

    kind: str
    amount: Money
    memo: str = ""
    qr_payload: str = ""
    bank_name: str = ""
    account: str = ""
    account_name: str = ""
    is_illustrative: bool = False


@dataclass(frozen=True, slots=True)
class ProviderEvent:
    """News of money from a provider or a person who looked at the bank account.

    ``reference`` is ours (the order number in the memo), ``provider_ref`` theirs for this very payment.
    """

    provider: str
    event_id: str
    kind: str
    reference: str
    provider_ref: str
    amount: Money
    occurred_at: datetime
    raw: Mapping[str, Any] = field(default_factory=dict)


class Gateway(Protocol):
    """One way to pay."""

    @property
    def code(self) -> str:
        """The name stored with an order, such as "cod"."""

    @property
    def capabilities(self) -> Capabilities:
        """Where it works and how long a buyer has."""

    def problem(self, total: Money, country: str, open_orders: int) -> str | None:
        """Why it is not offered for this order (a code), or None."""

    def instructions(self, number: str, amount: Money) -> Instructions:
        """What the buyer of that order does now to pay so much."""
