"""The letters that follow a question, a wholesale request and a parcel that arrived."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from catalog.models import Product
from core.db import write_session
from core.mail import OutgoingMail, forget_sent
from core.settings import Settings
from orders.models import CustomerOrder, Question
from orders.voices import questions, wholesale
from storefront.reactions import WorkerContext
from storefront.timers import LETTERS_FORGOTTEN, forget_what_expired
from storefront.worker import Worker
from tests.factories.catalog import make_product
from tests.factories.orders import NOW
from tests.factories.people import make_member
from tests.factories.voices import (
    OFFICER,
    make_delivered,
    make_question,
    make_request,
    producer_of,
)

Change = Callable[[Session], Any]


class Post:
    """A shop whose worker queues letters; the console is its mail server."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine = engine
        settings = Settings(
            data_dir=folder,
            database_url=engine.url.render_as_string(hide_password=False),
            secret_key="x" * 40,
            base_url="https://shop.example",
            mail_url="console:",
        )
        self.context = WorkerContext(settings, engine)

    def after(self, change: Change) -> list[OutgoingMail]:
        """What the change causes to be written, once the worker is through; worked off twice."""
        with write_session(self.engine) as session:
            known = set(session.scalars(select(OutgoingMail.id)))
            change(session)
            session.commit()
        worker = Worker(self.context, "test", timers=())
        worker.work_off()
        worker.work_off()
        with Session(self.engine) as session:
            mails = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
            return [mail for mail in mails if mail.id not in known]


@pytest.fixture
def post(engine: Engine, tmp_path: Path) -> Post:
    return Post(engine, tmp_path)


@pytest.fixture
def product(engine: Engine) -> Product:
    """Goods of a producer with one member."""
    with write_session(engine) as session:
        product = make_product(session, "Mắm <b>tép</b>")
        make_member(session, product.producer_id, name="Chị Sáu", email="sau@example.vn")
        session.commit()
        return product


def test_the_producer_hears_of_a_question_and_the_asker_of_the_answer(
    post: Post, product: Product, engine: Engine
) -> None:
    asked = post.after(
        lambda session: make_question(
            session, product, "Is it <i>raw</i>?", locale="en", email="ann@example.org"
        )
    )
    assert [mail.recipient for mail in asked] == ["sau@example.vn"]
    assert asked[0].body_html is not None
    assert "&lt;i&gt;raw" in asked[0].body_html
    assert "https://shop.example/portal/voices" in asked[0].body_text
    with Session(engine) as session:
        question = session.scalars(select(Question)).one()

    def answer(session: Session) -> None:
        questions.answer(session, question.id, "No, boiled.", locale="en", actor=OFFICER, now=NOW)

    (sent,) = post.after(answer)
    assert (sent.recipient, sent.locale) == ("ann@example.org", "en")
    assert "No, boiled." in sent.body_text
    with Session(engine) as session:
        assert session.get_one(Question, question.id).email is None
    assert post.after(answer) == [], "a better answer is not sent to an address we forgot"


def test_a_wholesale_request_is_told_to_the_producer_and_confirmed_without_a_strangers_words(
    post: Post, product: Product, engine: Engine
) -> None:
    told, confirmed = post.after(
        lambda session: make_request(
            session, product, company="Buy now http://spam.example", wishes="http://spam.example"
        )
    )
    assert (told.recipient, confirmed.recipient) == ("sau@example.vn", "tanaka@example.jp")
    assert "40" in told.body_text
    assert "spam.example" not in confirmed.body_text + str(confirmed.body_html)
    assert (confirmed.locale, confirmed.state) == ("ja", "sent")


@pytest.mark.parametrize("event", ["answer", "decline"])
def test_every_reply_of_the_producer_reaches_who_asked(
    post: Post, product: Product, event: str
) -> None:
    def ask_and_reply(session: Session) -> None:
        asked = make_request(session, product, locale="en")
        wholesale.reply(
            session, asked.id, event, "Chỉ còn 20 thùng.", actor=producer_of(product), now=NOW
        )

    replies = [
        mail for mail in post.after(ask_and_reply) if mail.key.startswith("wholesale-answered:")
    ]
    assert [mail.recipient for mail in replies] == ["tanaka@example.jp"]
    assert "Chỉ còn 20 thùng." in replies[0].body_text
    assert ("cannot make you an offer" in replies[0].body_text) is (event == "decline")


def test_a_buyer_hears_once_that_a_parcel_arrived_and_where_to_review(
    post: Post, engine: Engine
) -> None:
    letters = post.after(lambda session: make_delivered(session, email="buoi@example.vn"))
    (arrived,) = [mail for mail in letters if mail.key.startswith("parcel-delivered:")]
    with Session(engine) as session:
        token = session.scalars(select(CustomerOrder.public_token)).one()
    assert f"https://shop.example/vi/orders/{token}" in arrived.body_text
    nobody = post.after(lambda session: make_delivered(session, email=None))
    assert not [mail for mail in nobody if mail.key.startswith("parcel-delivered:")]


def test_letters_to_strangers_are_forgotten_a_week_after_they_were_sent(
    post: Post, product: Product, engine: Engine
) -> None:
    post.after(
        lambda session: make_question(
            session, product, locale="en", email="ann@example.org", answer="No."
        )
    )
    with write_session(engine) as session:
        forget_sent(session, LETTERS_FORGOTTEN, before=NOW)
        session.commit()
        assert session.scalars(
            select(OutgoingMail).where(OutgoingMail.recipient == "ann@example.org")
        ).all(), "forgotten before its time"
    forget_what_expired(post.context, NOW + timedelta(days=400))
    with Session(engine) as session:
        left = session.scalars(select(OutgoingMail.recipient)).all()
    assert "ann@example.org" not in left
