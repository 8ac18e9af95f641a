"""The verdicts on a product for the nine markets, as they were last given."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, String, case, cast, literal

from catalog.models import MarketVerdict
from catalog.rules.eligibility import HOME, MARKETS, verdict_state
from catalog.rules.particulars import Particulars, read_particulars

_verdict = MarketVerdict.__table__


@dataclass(frozen=True, slots=True)
class VerdictView:
    """A verdict as it was last given; `reasons` are (code, facts)."""

    market: str
    allowed: bool
    confirmed: bool
    reasons: tuple[tuple[str, Mapping[str, str]], ...]
    documents: tuple[str, ...]
    rule_version: str
    judged_on: date
    particulars: Particulars = Particulars()

    @property
    def state(self) -> str:
        """open, later (papers or a label would help) or closed."""
        return verdict_state(allowed=self.allowed, reasons=(code for code, _ in self.reasons))


def verdict_view(
    market: str,
    allowed: bool,
    confirmed: bool,
    reasons: Sequence[Mapping[str, Any]],
    documents: Sequence[str],
    rule_version: str,
    judged_on: date,
    particulars: Mapping[str, Any] | None = None,
) -> VerdictView:
    """A verdict from the values of its row."""
    return VerdictView(
        market=market,
        allowed=allowed,
        confirmed=confirmed,
        reasons=tuple((one["code"], one.get("facts", {})) for one in reasons),
        documents=tuple(documents),
        rule_version=rule_version,
        judged_on=judged_on,
        particulars=read_particulars(particulars),
    )


def in_market_order(views: Iterable[VerdictView]) -> tuple[VerdictView, ...]:
    """Those of markets abroad, in their order; one nobody has judged yet is missing: it is closed."""
    by_market = {view.market: view for view in views if view.market != HOME}
    return tuple(by_market[market] for market in MARKETS if market in by_market)


def verdict_arm(row: Callable[..., Select[Any]], product_id: Any) -> Select[Any]:
    """The verdicts on a product as an arm of the record's union."""
    return row(
        "verdict",
        literal(0),
        (
            case((_verdict.c.allowed.is_(True), 1), else_=0),
            case((_verdict.c.confirmed.is_(True), 1), else_=0),
        ),
        (
            _verdict.c.market,
            cast(_verdict.c.reasons, String),
            cast(_verdict.c.documents, String),
            _verdict.c.rule_version,
            cast(_verdict.c.particulars, String),
        ),
        (_verdict.c.judged_on,),
    ).where(_verdict.c.product_id == product_id)


def read_verdict_arms(
    rows: Iterable[Sequence[Any]], *, texts: int, days: int
) -> tuple[VerdictView, ...]:
    """The verdicts from rows of the union; `texts` and `days` say where those begin in a row."""
    return in_market_order(
        verdict_view(
            row[texts],
            bool(row[2]),
            bool(row[3]),
            json.loads(row[texts + 1]),
            json.loads(row[texts + 2]),
            row[texts + 3],
            row[days],
            json.loads(row[texts + 4] or "null"),
        )
        for row in rows
    )
