"""What time it is; read only at the edges (views, commands, worker), everything below takes it by argument."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
"""Certificates, prices and taxes begin and end at midnight in Vietnam, wherever the buyer is."""


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def vietnam_date(moment: datetime) -> date:
    """The calendar day in Vietnam at that moment."""
    return moment.astimezone(VIETNAM).date()


def today() -> date:
    """The calendar day in Vietnam now: the day every rule with dates is judged on."""
    return vietnam_date(now())
