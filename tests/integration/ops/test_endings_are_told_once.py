"""Warnings before an end: by the worker's timer, each threshold once, whether it ran late, twice or was killed."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from catalog.ending import warn_of
from catalog.models import EndWarning, Product
from catalog.queries.endings import list_endings
from catalog.rules.ending import THRESHOLDS
from core.facts import Fact
from core.mail import OutgoingMail
from core.settings import Settings
from storefront import timers
from storefront.ending_mail import mail_ending_papers
from storefront.reactions import WorkerContext
from tests.factories import rights as make
from tests.factories.catalog import make_certificate, make_paper, make_producer, make_product
from tests.factories.people import make_member

LAST = date(2027, 6, 30)


@pytest.fixture
def context(engine: Engine, tmp_path: Path) -> WorkerContext:
    """One producer with five things that end on one day, two members who can be written to, one who left."""
    settings = Settings(
        data_dir=tmp_path, database_url=engine.url.render_as_string(hide_password=False),
        secret_key="k" * 48, base_url="http://localhost",
    )  # fmt: skip
    context = WorkerContext(settings, engine)
    with context.write() as session:
        producer = make_producer(session, papers=False)
        make_paper(session, producer, valid_to=LAST)
        product = make_product(session, "Cua Cà Mau", producer)
        make_certificate(session, product, issued_on=date(2024, 6, 30))
        make.make_scheme_paper(session, product, valid_to=LAST)
        make.make_licence(session, make.make_right(session), product, valid_to=LAST)
        right = make.make_right(session, kind="collective_mark", name="Rạch Gốc", valid_to=LAST)
        make.make_licence(session, right, product)
        make_member(session, producer.id, name="Chị Sáu", locale="vi")
        make_member(session, producer.id, name="Anh Bảy", locale="en")
        make_member(
            session, producer.id, name="Chú Tám", disabled_at=datetime(2026, 1, 1, tzinfo=UTC)
        )
        make_product(session, "Của người khác")
        session.commit()
    return context


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


def _run(context: WorkerContext, days_left: int) -> None:
    timers.warn_of_endings(context, _at(LAST - timedelta(days=days_left)))


def _warned(context: WorkerContext) -> list[tuple[int, int]]:
    with context.read() as session:
        rows = session.execute(
            select(EndWarning.threshold, func.count())
            .group_by(EndWarning.threshold)
            .order_by(EndWarning.threshold.desc())
        ).all()
        return [(row[0], row[1]) for row in rows]


def _mail(context: WorkerContext, day: date) -> list[OutgoingMail]:
    """What the reaction queues for everything announced so far; it may run twice."""
    with context.write() as session:
        for fact in session.scalars(select(Fact).where(Fact.name == "papers.ending")).all():
            for _ in range(2):
                mail_ending_papers(session, fact.payload, now=_at(day), context=context)
        session.commit()
        return list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def test_a_worker_that_looks_often_warns_six_times_of_everything(
    context: WorkerContext,
) -> None:
    near = {threshold + day for threshold in THRESHOLDS for day in (1, 0, -1)}
    for days in sorted({*near, 1, 0, -1}, reverse=True):
        _run(context, days)
    assert _warned(context) == [(threshold, 5) for threshold in THRESHOLDS]


def test_a_worker_that_slept_gives_only_the_warning_that_counts_now(context: WorkerContext) -> None:
    _run(context, 175)
    _run(context, 33)
    _run(context, 32)
    assert _warned(context) == [(180, 5), (60, 5)]
    _run(context, -1)
    assert _warned(context) == [(180, 5), (60, 5)]


def test_a_timer_killed_before_its_mark_repeats_nothing(context: WorkerContext) -> None:
    _run(context, 60)
    (context.settings.data_dir / "warned-day").unlink()
    _run(context, 60)
    assert _warned(context) == [(60, 5)]


def test_a_timer_killed_half_way_goes_on_where_it_was(
    context: WorkerContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timers, "JUDGED_AT_ONCE", 2)
    given = 0

    def die_on_the_second(session: object, endings: object, *, on: date) -> int:
        nonlocal given
        given += 1
        if given == 2:
            raise KeyboardInterrupt
        return warn_of(session, endings, on=on)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr("catalog.ending.warn_of", die_on_the_second)
        with pytest.raises(KeyboardInterrupt):
            _run(context, 30)
    assert _warned(context) == [(30, 2)]
    _run(context, 30)
    assert _warned(context) == [(30, 5)]


def test_two_workers_at_the_same_time_warn_once(context: WorkerContext) -> None:
    day = LAST - timedelta(days=7)
    with context.read() as session:
        endings = list_endings(session, on=day)
    start = threading.Barrier(4)

    def work() -> None:
        with context.write() as session:
            start.wait(10)
            warn_of(session, endings, on=day)
            session.commit()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join(30)
    assert _warned(context) == [(7, 5)]
    with context.read() as session:
        told = session.scalars(select(Fact).where(Fact.name == "papers.ending")).all()
    assert sum(len(fact.payload["warning_ids"]) for fact in told) == 5


def test_each_member_gets_one_letter_in_their_language_that_names_everything(
    context: WorkerContext,
) -> None:
    _run(context, 90)
    letters = _mail(context, LAST - timedelta(days=90))
    assert sorted(letter.locale for letter in letters) == ["en", "vi"]
    english = next(letter for letter in letters if letter.locale == "en")
    assert english.subject.startswith("5 papers of HTX Rừng Ngập Mặn end soon")
    for words in ("VietGAP", "OCOP", "Rạch Gốc", "Cà Mau", "90 days left", "/papers"):
        assert words in english.body_text, words
    assert "&lt;" not in str(english.body_html)


def test_what_was_renewed_meanwhile_is_not_written_about(context: WorkerContext) -> None:
    _run(context, 90)
    with context.write() as session:
        product = session.scalars(select(Product).where(Product.name == "Cua Cà Mau")).one()
        make.make_scheme_paper(session, product, valid_to=LAST + timedelta(days=700))
        session.commit()
    letters = _mail(context, LAST - timedelta(days=90))
    assert all("VietGAP" not in letter.body_text for letter in letters)


def test_a_moved_last_day_is_warned_of_anew(context: WorkerContext) -> None:
    _run(context, 7)
    with context.write() as session:
        for ending in list_endings(session, on=LAST):
            assert ending.last_day == LAST
        from catalog.models import Paper

        for paper in session.scalars(select(Paper).where(Paper.valid_to == LAST)):
            paper.valid_to = LAST + timedelta(days=365)
        session.commit()
    timers.warn_of_endings(context, _at(LAST + timedelta(days=365 - 7)))
    assert _warned(context) == [(7, 7)]
