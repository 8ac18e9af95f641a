"""When products are judged for the markets: after a fact about them, after a new rule, on a new day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from core.clock import vietnam_date
from storefront.reactions import Payload, WorkerContext

JUDGED_AT_ONCE = 200


def judge_markets(context: WorkerContext, payloads: list[Payload], now: datetime) -> None:
    """Judge the products of many facts again, in small transactions so that buyers wait for none."""
    from catalog.markets import judge_products
    from catalog.search.indexing import find_product_ids

    with context.read() as session:
        ids = find_product_ids(session, payloads)
    for some in _chunks(ids):
        with context.write() as session:
            judge_products(session, some, on=vietnam_date(now), now=now)
            session.commit()


def apply_new_rules(context: WorkerContext, _payloads: list[Payload], now: datetime) -> None:
    """After a new version or a suspension: every listing and every verdict, whatever the rule was about."""
    from catalog.publishing import refresh_listings

    for some in _chunks(_published(context)):
        with context.write() as session:
            refresh_listings(session, some, on=vietnam_date(now))
            session.commit()
    _judge_everything(context, now)


def judge_markets_of_the_day(context: WorkerContext, now: datetime) -> None:
    """Once a day in Vietnam, and when this release brings other rules: the date of a rule may have passed.

    A file remembers the day and the rule set.
    """
    from catalog.regulation.loading import load_rules

    with context.read() as session:
        state = f"{vietnam_date(now).isoformat()} {load_rules(session).digest}"
    marker = context.settings.data_dir / "judged-markets"
    if marker.exists() and marker.read_text(encoding="ascii") == state:
        return
    _judge_everything(context, now)
    marker.write_text(state, encoding="ascii")


def _judge_everything(context: WorkerContext, now: datetime) -> None:
    judge_markets(context, [{"product_id": number} for number in _published(context)], now)


def _published(context: WorkerContext) -> list[int]:
    from catalog.markets import published_ids

    with context.read() as session:
        return published_ids(session)


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    remaining = iter(ids)
    while some := list(islice(remaining, JUDGED_AT_ONCE)):
        yield some
