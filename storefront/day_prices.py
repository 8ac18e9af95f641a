"""Retail prices that begin or end at midnight, given by the first who asks on a new day: no worker need be awake."""

from __future__ import annotations

from datetime import date, datetime

from flask import current_app
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from catalog.price_list_retail import apply_retail_prices, is_any_price_due
from core.actor import Actor
from core.db import write_session
from storefront.logs import log_failure

SYSTEM = Actor.system("price lists")
_KEY = "prices_of_day"


def hold_prices_of(engine: Engine, day: date, now: datetime) -> int:
    """Give and take back the retail prices of that day in one transaction; returns how many changed.

    Writes only when a price is due; running it twice, or in several processes, changes nothing more.
    """
    with Session(engine) as session:
        if not is_any_price_due(session, day):
            return 0
    with write_session(engine) as session:
        changed = apply_retail_prices(session, on=day, actor=SYSTEM, now=now)
        session.commit()
    return changed


def hold_prices_once(engine: Engine, day: date, now: datetime, *, reference: str) -> None:
    """The same when the day has changed since this process last looked, once.

    On the day a process starts the worker has done it, which does so as soon as it starts. A database that
    is busy is asked again by the next request.
    """
    if current_app.extensions.setdefault(_KEY, day) == day:
        return
    try:
        hold_prices_of(engine, day, now)
    except OperationalError as busy:
        log_failure(busy, reference=reference)
        return
    current_app.extensions[_KEY] = day
