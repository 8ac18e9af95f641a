"""What happens by the clock rather than after a fact; every timer may run twice or late without harm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from core.clock import vietnam_date
from storefront.feeds import tend_feeds
from storefront.judging import judge_markets_of_the_day
from storefront.reactions import WorkerContext

JUDGED_AT_ONCE = 200
LETTERS_FORGOTTEN = ("question-answered:", "wholesale-answered:", "wholesale-confirmed:")
"""Sent to people of whom nothing shall be left but what they made public."""


@dataclass(frozen=True)
class Timer:
    """Something done at least every so often by each worker, and once when a worker starts."""

    run: Callable[[WorkerContext, datetime], None]
    every: timedelta

    @property
    def name(self) -> str:
        """The function's name."""
        return self.run.__name__


def give_up_unpaid_orders(context: WorkerContext, now: datetime) -> None:
    """Goods reserved by orders that nobody paid in time go back on sale."""
    from orders.lifecycle import expire_unpaid

    with context.write() as session:
        expire_unpaid(session, now=now)
        session.commit()


def follow_live_sessions(context: WorkerContext, now: datetime) -> None:
    """Livestreams start and end by their times; what was set aside comes back. Each in its own transaction."""
    from orders.live.checking import due, follow_clock

    with context.read() as session:
        late = due(session, now=now)
    for live_id in late:
        with context.write() as session:
            follow_clock(session, live_id, now=now)
            session.commit()


def judge_new_day(context: WorkerContext, now: datetime) -> None:
    """Once a day in Vietnam: hide listings whose papers ended, show those whose papers begin.

    Stars need no timer: every reader judges them by the date. In small transactions, so that buyers wait
    for none of it; a file remembers the day.
    """
    from catalog.models import Product
    from catalog.publishing import refresh_listings

    day = vietnam_date(now)
    marker = context.settings.data_dir / "judged-day"
    if marker.exists() and marker.read_text(encoding="ascii") == day.isoformat():
        return
    with context.read() as session:
        ids = session.scalars(
            select(Product.id).where(Product.state == "published").order_by(Product.id)
        ).all()
    for start in range(0, len(ids), JUDGED_AT_ONCE):
        with context.write() as session:
            refresh_listings(session, ids[start : start + JUDGED_AT_ONCE], on=day)
            session.commit()
    marker.write_text(day.isoformat(), encoding="ascii")


def begin_retail_prices(context: WorkerContext, now: datetime) -> None:
    """Prices of retail lists begin on their first day and give way after their last, before feeds speak of them."""
    from storefront.day_prices import hold_prices_of

    hold_prices_of(context.engine, vietnam_date(now), now)


def warn_of_endings(context: WorkerContext, now: datetime) -> None:
    """Once a day in Vietnam: tell producers which certificates, papers and licences end soon.

    Producer by producer in small transactions; the table of warnings allows each only once, so a worker
    killed half-way or asleep for weeks neither repeats nor forgets one.
    """
    from catalog.ending import warn_of
    from catalog.queries.endings import list_endings

    day = vietnam_date(now)
    marker = context.settings.data_dir / "warned-day"
    if marker.exists() and marker.read_text(encoding="ascii") == day.isoformat():
        return
    with context.read() as session:
        endings = sorted(list_endings(session, on=day), key=lambda ending: ending.producer_id)
    for start in range(0, len(endings), JUDGED_AT_ONCE):
        with context.write() as session:
            warn_of(session, endings[start : start + JUDGED_AT_ONCE], on=day)
            session.commit()
    marker.write_text(day.isoformat(), encoding="ascii")


def mend_search_index(context: WorkerContext, now: datetime) -> None:
    """Build the index where there is none, or where a reader found it damaged."""
    from catalog.search.indexing import look_for_index, rebuild_if_wanted

    look_for_index(context.settings)
    with context.read() as session:
        rebuild_if_wanted(session, context.settings, on=vietnam_date(now), now=now)


def keep_search_words(context: WorkerContext, now: datetime) -> None:
    """Copy what the office taught the search to where every search reads it."""
    from catalog.search.indexing import keep_words

    with context.read() as session:
        keep_words(session, context.settings, now=now)


def count_search_questions(context: WorkerContext, now: datetime) -> None:
    """Count what was searched on days that are over, and throw the notes away."""
    from storefront.search_log import count_past_days

    with context.write() as session:
        done = count_past_days(session, context.settings.data_dir, today=vietnam_date(now))
        session.commit()
    for path in done:
        path.unlink(missing_ok=True)


def keep_popular_words(context: WorkerContext, now: datetime) -> None:
    """List what many search and find, for the suggestions; what finds nothing today is left out."""
    from catalog.queries.facets.keeping import get_table
    from catalog.search.errors import IndexUnhealthy
    from catalog.search.home import search_home
    from catalog.search.popular import find_popular, write_file
    from catalog.search.query import OnSale

    on = vietnam_date(now)
    with context.read() as session:
        goods = OnSale(get_table(session, on))
        try:
            found = find_popular(session, search_home(context.settings), goods, on=on)
        except IndexUnhealthy:
            return  # it is being built; the list is made an hour later
    write_file(found, context.settings.search_dir)


def forget_what_expired(context: WorkerContext, now: datetime) -> None:
    """Ended sessions, used links, old attempts, left baskets, answered letters: personal data without use."""
    from core.mail import forget_sent
    from core.people import sessions, sign_in_links, throttle
    from orders import carts, visits
    from orders.voices.forgetting import forget_what_served

    with context.write() as session:
        sessions.prune(session, now=now)
        sign_in_links.prune(session, now=now)
        throttle.prune(session, now=now)
        carts.drop_expired(session, now=now)
        visits.forget_old(session, on=vietnam_date(now), now=now)
        forget_what_served(session, now=now)
        forget_sent(session, LETTERS_FORGOTTEN, before=now - timedelta(days=7))
        session.commit()


def sweep_uploads(context: WorkerContext, now: datetime) -> None:
    """Uploads nobody has confirmed for a day are thrown away."""
    from storefront.uploads import sweep

    sweep(context.settings.data_dir, now=now)


TIMERS: tuple[Timer, ...] = (
    Timer(mend_search_index, every=timedelta(seconds=10)),
    Timer(give_up_unpaid_orders, every=timedelta(minutes=1)),
    Timer(follow_live_sessions, every=timedelta(seconds=20)),
    Timer(begin_retail_prices, every=timedelta(minutes=1)),
    Timer(tend_feeds, every=timedelta(minutes=1)),
    Timer(judge_new_day, every=timedelta(minutes=5)),
    Timer(warn_of_endings, every=timedelta(minutes=5)),
    Timer(judge_markets_of_the_day, every=timedelta(minutes=5)),
    Timer(keep_search_words, every=timedelta(seconds=5)),
    Timer(count_search_questions, every=timedelta(hours=1)),
    Timer(keep_popular_words, every=timedelta(hours=1)),
    Timer(forget_what_expired, every=timedelta(hours=1)),
    Timer(sweep_uploads, every=timedelta(hours=1)),
)
