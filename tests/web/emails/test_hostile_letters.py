"""Whatever stands in names and messages: every letter leaves, says it as text, and gains no header."""

from __future__ import annotations

import re
from datetime import date, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from catalog.models import Product
from core import clock
from core.db import make_engine, write_session
from core.mail import OutgoingMail, queue_mail
from core.settings import Settings
from orders import lifecycle, visits
from orders.recalls import start_recall
from orders.visits import VisitRequest
from orders.voices import questions, wholesale
from storefront import timers
from storefront.emails import compose
from storefront.reactions import WorkerContext
from storefront.worker import Worker
from tests.factories.around import make_visit
from tests.factories.catalog import make_certificate
from tests.factories.hostile import HOSTILE, UNSAFE, WORD, poison
from tests.factories.lots import happened, make_lot
from tests.factories.orders import NOW, TESTER, TODAY, make_order, make_stocked, transfer
from tests.factories.people import make_member, make_partner_user
from tests.factories.voices import make_delivered, make_question, make_request, producer_of

KINDS = {
    "order-placed", "order-paid", "order-cancelled", "parcel-delivered", "question-asked",
    "question-answered", "wholesale-asked", "wholesale-confirmed", "wholesale-answered",
    "visit-asked", "visit-withdrawn", "visit", "recall:order", "recall:person", "papers-ending",
}  # fmt: skip
"""Every letter but the sign-in link, which says nothing anybody typed but the own name."""
HEADERS = {
    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Language",
    "MIME-Version", "Content-Type",
}  # fmt: skip


def _orders(session: Session) -> None:
    """Orders at every step buyers are written about, and a recall of what one of them holds."""
    goods = make_stocked(session, 60)
    seller = goods.product
    make_member(session, seller.producer_id)
    make_certificate(session, seller, issued_on=clock.today() - timedelta(days=1060))
    lot = make_lot(session, goods)
    make_delivered(session, goods, email="an@example.test")
    paid = make_order(session, (goods, 1), email="binh@example.test")
    transfer(session, paid, paid.total_minor, "FT1")
    given_up = make_order(session, (goods, 1), email="chi@example.test")
    lifecycle.cancel(session, given_up.id, actor=TESTER, now=NOW)
    make_partner_user(session)
    happened(
        session, seller.producer_id, "ship", inputs=((lot, 24),),
        party="Co.opmart", partner="demo-supermarket",
    )  # fmt: skip
    start_recall(
        session, lot.id, reason="Histamin", advice="Không dùng", actor=TESTER, on=TODAY, now=NOW
    )


def _voices(session: Session) -> None:
    """Questions and wholesale requests, with and without an answer."""
    goods = make_stocked(session, 5).product
    make_member(session, goods.producer_id)
    make_question(session, goods, HOSTILE, email="dung@example.test")
    asked = make_question(session, goods, HOSTILE, email="em@example.test")
    questions.answer(session, asked.id, HOSTILE, locale="en", actor=producer_of(goods), now=NOW)
    make_request(session, goods, company=WORD, wishes=HOSTILE)
    made = make_request(session, goods, wishes=HOSTILE, email="giang@example.test")
    wholesale.reply(session, made.id, "answer", HOSTILE, actor=producer_of(goods), now=NOW)


def _visits(session: Session) -> None:
    """Three people ask for a day: one waits, one is answered, one thinks better of it."""
    tour, _ = make_visit(session)
    make_member(session, tour.producer_id)
    _ask(session, tour, "a")
    answered = _ask(session, tour, "b")
    visits.move(session, answered.id, "answer", HOSTILE, actor=producer_of(tour), now=NOW)
    visits.withdraw(session, _ask(session, tour, "c").public_token, now=NOW)


def _ask(session: Session, tour: Product, key: str) -> visits.VisitEnquiry:
    day = date(TODAY.year + 1, 1, 15)
    wish = VisitRequest(tour.slug, key * 24, day, 4, WORD, "hoa@example.test", None, HOSTILE, "en")
    return visits.ask(session, wish, on=TODAY, now=NOW)


@pytest.fixture
def context(sqlite_template: Path, tmp_path: Path) -> WorkerContext:
    path = tmp_path / "ocop.db"
    path.write_bytes(sqlite_template.read_bytes())
    settings = Settings(
        data_dir=tmp_path, database_url=f"sqlite:///{path}", secret_key="x" * 40,
        base_url="https://shop.example", mail_url="console:",
    )  # fmt: skip
    return WorkerContext(settings, make_engine(settings.database_url))


def _kind(mail: OutgoingMail) -> str:
    return re.sub(r"[-:]\d.*?(?=:[a-z]|$)", "", mail.key)


def test_every_letter_leaves_with_hostile_texts_as_texts(context: WorkerContext) -> None:
    with context.write() as session:
        for prepare in (_orders, _voices, _visits):
            prepare(session)
        session.commit()
    timers.warn_of_endings(context, clock.now())
    assert poison(context.engine) > 20
    Worker(context, "test", timers=()).work_off()
    with context.read() as session:
        mails = session.scalars(select(OutgoingMail)).all()
    context.engine.dispose()
    assert {mail.state for mail in mails} == {"sent"}
    assert {_kind(mail) for mail in mails} == KINDS
    for mail in mails:
        letter = BytesParser(policy=default).parsebytes(compose(mail, context.settings).as_bytes())
        assert set(letter.keys()) <= HEADERS, mail.key
        assert letter["To"] == mail.recipient
        _check_parts(letter, mail.key)


def _check_parts(letter: EmailMessage, key: str) -> None:
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None
    assert html is not None
    assert f"{WORD}<svg" in text.get_content(), key
    assert WORD in html.get_content(), key
    assert not UNSAFE.search(html.get_content()), key


def test_a_subject_is_one_line_that_fits_whatever_the_names(engine: Engine) -> None:
    with write_session(engine) as session:
        mail = queue_mail(
            session, key="long", recipient="an@example.test", subject="Mắm\r\nBcc: x@y.z " + "é" * 900,
            body_text="", body_html=None, locale="vi", now=NOW,
        )  # fmt: skip
        session.commit()
        assert mail.subject.startswith("Mắm Bcc: x@y.z é")
        assert len(mail.subject) == 300
