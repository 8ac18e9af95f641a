import socket
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from core.db import write_session
from core.mail import OutgoingMail, queue_mail
from core.settings import Settings
from storefront import emails
from storefront.reactions import WorkerContext
from tests.factories.orders import NOW, make_order, make_stocked


class Postbox:
    """What a mail server received, and what it answers."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.answer = "250 kept"
        self.recipient_answer = "250 ok"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.recipient_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            message = BytesParser(policy=default).parsebytes(envelope.content)
            assert isinstance(message, EmailMessage)
            self.received.append(message)
        return self.answer


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, str]]:
    box = Postbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, f"smtp://127.0.0.1:{port}?from=shop@example.vn"
    controller.stop()


@pytest.fixture
def context(engine: Engine, tmp_path: Path, postbox: tuple[Postbox, str]) -> WorkerContext:
    settings = Settings(
        data_dir=tmp_path / "data",
        database_url=engine.url.render_as_string(hide_password=False),
        secret_key="x" * 40,
        mail_url=postbox[1],
    )
    return WorkerContext(settings, engine)


def queued(engine: Engine, **values: Any) -> int:
    with write_session(engine) as session:
        mail = queue_mail(
            session,
            **{
                "key": "test:1",
                "recipient": "buoi@example.vn",
                "subject": "Đơn hàng",
                "body_text": "Chào chị Bưởi",
                "body_html": None,
                "locale": "vi",
                "now": NOW,
                **values,
            },
        )
        session.commit()
        return mail.id


def state(engine: Engine, mail_id: int) -> tuple[str, int]:
    with Session(engine) as session:
        mail = session.get_one(OutgoingMail, mail_id)
        return mail.state, mail.attempts


@pytest.mark.parametrize(
    ("locale", "words"),
    [("vi", "Nguyễn Thị Bưởi"), ("en", "thank you for your order"), ("ja", "Nguyễn Thị Bưởi")],
)
def test_an_order_is_confirmed_once_in_the_buyers_language(
    engine: Engine, context: WorkerContext, postbox: tuple[Postbox, str], locale: str, words: str
) -> None:
    with write_session(engine) as session:
        order = make_order(session, (make_stocked(session), 2), locale=locale)
        for _ in range(2):
            emails.mail_order_confirmation(
                session, {"order_id": order.id}, now=NOW, context=context
            )
        session.commit()
        (mail,) = session.scalars(select(OutgoingMail)).all()
    emails.deliver_mail(context, [{"mail_id": mail.id}], NOW)
    (message,) = postbox[0].received
    text = message.get_body(("plain",))
    html = message.get_body(("html",))
    assert text is not None
    assert html is not None
    for part in (text.get_content(), html.get_content()):
        assert words in part
        assert f"/{locale}/orders/{order.public_token}" in part
        assert order.number in part
    assert message["Content-Language"] == locale
    assert message["From"] == "shop@example.vn"
    assert state(engine, mail.id) == ("sent", 1)


def test_a_buyer_without_an_address_gets_no_mail(engine: Engine, context: WorkerContext) -> None:
    with write_session(engine) as session:
        order = make_order(session, (make_stocked(session), 1), email=None)
        emails.mail_order_confirmation(session, {"order_id": order.id}, now=NOW, context=context)
        assert session.scalars(select(OutgoingMail)).all() == []


def test_markup_in_a_name_stays_text_in_the_mail(engine: Engine, context: WorkerContext) -> None:
    with write_session(engine) as session:
        order = make_order(session, (make_stocked(session), 1), recipient="<b>Bưởi</b>")
        emails.mail_order_confirmation(session, {"order_id": order.id}, now=NOW, context=context)
        (mail,) = session.scalars(select(OutgoingMail)).all()
    assert "<b>Bưởi" not in str(mail.body_html)
    assert "<b>Bưởi" in mail.body_text


def test_a_mail_that_was_sent_is_not_sent_again(
    engine: Engine, context: WorkerContext, postbox: tuple[Postbox, str]
) -> None:
    mail_id = queued(engine)
    for _ in range(2):
        emails.deliver_mail(context, [{"mail_id": mail_id}], NOW)
    assert len(postbox[0].received) == 1


def test_a_worker_killed_over_a_mail_sends_it_again_under_the_same_id(
    engine: Engine, context: WorkerContext, postbox: tuple[Postbox, str]
) -> None:
    mail_id = queued(engine)
    emails.deliver_mail(context, [{"mail_id": mail_id}], NOW)
    with write_session(engine) as session:
        session.get_one(OutgoingMail, mail_id).state = "sending"
        session.commit()
    emails.deliver_mail(context, [{"mail_id": mail_id}], NOW)
    first, second = postbox[0].received
    assert first["Message-ID"] == second["Message-ID"]


def test_a_server_that_is_busy_is_tried_again_later(
    engine: Engine, context: WorkerContext, postbox: tuple[Postbox, str]
) -> None:
    mail_id = queued(engine)
    postbox[0].answer = "451 later"
    with pytest.raises(Exception, match="451"):
        emails.deliver_mail(context, [{"mail_id": mail_id}], NOW)
    assert state(engine, mail_id) == ("queued", 1)
    postbox[0].answer = "250 kept"
    emails.deliver_mail(context, [{"mail_id": mail_id}], NOW)
    assert state(engine, mail_id) == ("sent", 2)


def test_an_address_the_server_does_not_know_is_given_up(
    engine: Engine, context: WorkerContext, postbox: tuple[Postbox, str]
) -> None:
    mail_id = queued(engine)
    postbox[0].recipient_answer = "550 nobody here"
    emails.deliver_mail(context, [{"mail_id": mail_id}], NOW)
    assert state(engine, mail_id) == ("refused", 1)


@pytest.mark.parametrize(
    "recipient",
    ["a@example.vn\r\nBcc: all@example.vn", "a@example.vn, b@example.vn", "nobody", "", "a@b@c"],
)
def test_a_recipient_that_is_not_one_address_is_never_sent_to(
    engine: Engine, context: WorkerContext, postbox: tuple[Postbox, str], recipient: str
) -> None:
    mail_id = queued(engine, recipient=recipient)
    emails.deliver_mail(context, [{"mail_id": mail_id}], NOW)
    assert postbox[0].received == []
    assert state(engine, mail_id)[0] == "refused"


def test_a_subject_cannot_add_a_header(
    engine: Engine, context: WorkerContext, postbox: tuple[Postbox, str]
) -> None:
    mail_id = queued(engine, subject="Hello\r\nBcc: all@example.vn")
    emails.deliver_mail(context, [{"mail_id": mail_id}], NOW)
    (message,) = postbox[0].received
    assert message["Bcc"] is None
    assert message["Subject"] == "Hello Bcc: all@example.vn"


def test_without_a_mail_server_the_mail_is_shown(
    engine: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(data_dir=tmp_path, secret_key="x" * 40)
    mail_id = queued(engine)
    emails.deliver_mail(WorkerContext(settings, engine), [{"mail_id": mail_id}], NOW)
    assert "Chào chị Bưởi" in capsys.readouterr().err
