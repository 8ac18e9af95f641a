"""What happens by the clock rather than after a fact; every timer may run twice or late without harm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from storefront.reactions import WorkerContext


@dataclass(frozen=True)
class Timer:
    """Something done at least every so often by each worker, and once when a worker starts."""

    run: Callable[[WorkerContext, datetime], None]
    every: timedelta

    @property
    def name(self) -> str:
        """The function's name."""
        return self.run.__name__


def release_expired_stock(context: WorkerContext, now: datetime) -> None:
    """Goods reserved by orders that nobody paid in time go back on sale."""
    from orders.stock import sweep_expired

    with context.write() as session:
        sweep_expired(session, now=now)
        session.commit()


def forget_old_sign_ins(context: WorkerContext, now: datetime) -> None:
    """Ended sessions, used links and old attempts are deleted: they are personal data without use."""
    from core.people import sessions, sign_in_links

    with context.write() as session:
        sessions.prune(session, now=now)
        sign_in_links.prune(session, now=now)
        session.commit()


TIMERS: tuple[Timer, ...] = (
    Timer(release_expired_stock, every=timedelta(minutes=1)),
    Timer(forget_old_sign_ins, every=timedelta(hours=1)),
)
