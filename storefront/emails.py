"""The e-mails of an order, and how any queued e-mail leaves the house.

An e-mail is composed in the order's language and queued with the fact that caused it. Delivery happens
outside any transaction: claim, send, mark. A crash between sending and marking sends it once more with the
same Message-ID, by which mail programs show it once.
"""

from __future__ import annotations

import logging
import smtplib
import ssl
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from sqlalchemy import update
from sqlalchemy.orm import Session

from core.mail import OutgoingMail, queue_mail
from core.settings import Settings
from i18n.catalogue import gettext as _
from i18n.catalogue import speaking
from i18n.locales import DEFAULT, ENABLED, bcp47
from orders.order_pages import OrderPage, get_order_page_by_id
from orders.payments.gateway import Instructions
from orders.payments.registry import enabled_gateways
from storefront.checkout import words

if TYPE_CHECKING:
    from storefront.reactions import WorkerContext

log = logging.getLogger("ocop.mail")

_SMTP_PORT = 587
_SMTPS_PORT = 465
_SECONDS = 20
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class MailRefused(Exception):
    """The message can never be delivered as it is; trying again would not help."""


def mail_order_confirmation(
    session: Session, payload: dict[str, Any], *, now: datetime, context: WorkerContext
) -> None:
    """Queue the confirmation of a placed order, once; nothing for buyers who gave no e-mail address."""
    page = get_order_page_by_id(session, int(payload["order_id"]))
    if not page.email:
        return
    _queue(session, page, "order_confirmation", f"order-placed:{page.id}", now, context)


def mail_order_paid(
    session: Session, payload: dict[str, Any], *, now: datetime, context: WorkerContext
) -> None:
    """Queue the note that the payment has come, once; cash buyers have paid at the door and need none."""
    page = get_order_page_by_id(session, int(payload["order_id"]))
    if not page.email or page.payment_method == "cod":
        return
    _queue(session, page, "order_paid", f"order-paid:{page.id}", now, context)


def mail_order_cancelled(
    session: Session, payload: dict[str, Any], *, now: datetime, context: WorkerContext
) -> None:
    """Queue the note that an order was cancelled or has expired, once."""
    page = get_order_page_by_id(session, int(payload["order_id"]))
    if not page.email or page.state not in ("cancelled", "expired"):
        return
    _queue(session, page, "order_cancelled", f"order-cancelled:{page.id}", now, context)


def _queue(
    session: Session,
    page: OrderPage,
    template: str,
    key: str,
    now: datetime,
    context: WorkerContext,
) -> None:
    locale = page.locale if page.locale in ENABLED else DEFAULT
    env = context.app.jinja_env
    values = {
        "page": page,
        "pay": _instructions(page, context.settings),
        "words": words,
        "locale": locale,
        "lang": bcp47(locale),
        "address": f"{context.settings.base_url}/{locale}/orders/{page.public_token}",
    }
    with speaking(locale):
        subject = _subject(template, page.number)
        text = env.get_template(f"emails/{template}.txt").render(values)
        html = env.get_template(f"emails/{template}.html").render(values, subject=subject)
    queue_mail(
        session,
        key=key,
        recipient=str(page.email),
        subject=subject,
        body_text=text,
        body_html=html,
        locale=locale,
        now=now,
    )


def _subject(template: str, number: str) -> str:
    subjects: dict[str, Callable[[], str]] = {
        "order_confirmation": lambda: _("Your order %(number)s", number=number),
        "order_paid": lambda: _(
            "We have received your payment for order %(number)s", number=number
        ),
        "order_cancelled": lambda: _("Order %(number)s will not be sent", number=number),
    }
    return subjects[template]()


def _instructions(page: OrderPage, settings: Settings) -> Instructions | None:
    way = enabled_gateways(settings).get(page.payment_method)
    return way.instructions(page.number, page.due) if way and page.due.amount > 0 else None


def deliver_mail(context: WorkerContext, payloads: list[dict[str, Any]], now: datetime) -> None:
    """Send queued e-mails; raises when the mail server is away, so that the worker tries again later."""
    for payload in payloads:
        mail = _claim(context, int(payload["mail_id"]))
        if mail is None:
            continue
        try:
            send(compose(mail, context.settings), context.settings)
        except MailRefused as refused:
            log.warning("mail refused", extra={"facts": {"mail": mail.id, "why": str(refused)}})
            _mark(context, mail.id, "refused", None)
        except (OSError, smtplib.SMTPException):
            _mark(context, mail.id, "queued", None)
            raise
        else:
            _mark(context, mail.id, "sent", now)


def _claim(context: WorkerContext, mail_id: int) -> OutgoingMail | None:
    """Take a message that is not sent yet; "sending" was left by a worker that died over it."""
    with context.write() as session:
        taken = session.scalar(
            update(OutgoingMail)
            .where(OutgoingMail.id == mail_id, OutgoingMail.state.in_(("queued", "sending")))
            .values(state="sending", attempts=OutgoingMail.attempts + 1)
            .returning(OutgoingMail)
        )
        session.commit()
        return taken


def _mark(context: WorkerContext, mail_id: int, state: str, sent_at: datetime | None) -> None:
    with context.write() as session:
        session.execute(
            update(OutgoingMail)
            .where(OutgoingMail.id == mail_id, OutgoingMail.state == "sending")
            .values(state=state, sent_at=sent_at)
        )
        session.commit()


def compose(mail: OutgoingMail, settings: Settings) -> EmailMessage:
    """The message as it goes out; raises MailRefused for an address that is not exactly one address."""
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = _sender(settings)
        message["To"] = Address(addr_spec=mail.recipient)
        message["Subject"] = " ".join(mail.subject.split())
    except (ValueError, HeaderParseError, IndexError) as broken:
        raise MailRefused("the address or subject cannot stand in a header") from broken
    message["Date"] = mail.queued_at
    host = urlsplit(settings.base_url).hostname or "localhost"
    message["Message-ID"] = f"<mail-{mail.id}-{mail.queued_at:%Y%m%d%H%M%S}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body_text)
    if mail.body_html:
        message.add_alternative(mail.body_html, subtype="html")
    message["Content-Language"] = bcp47(mail.locale)  # last: it would move into the first part
    return message


def _sender(settings: Settings) -> Address:
    """``?from=`` of the mail address, else no-reply at the shop's host."""
    given = parse_qs(urlsplit(settings.mail_url).query).get("from", [""])[0]
    host = urlsplit(settings.base_url).hostname or "localhost"
    return Address(addr_spec=given or f"no-reply@{host}")


def send(message: EmailMessage, settings: Settings) -> None:
    """Hand the message to the mail server; ``console:`` shows it on stderr instead."""
    if settings.mail_url.startswith("console"):
        sys.stderr.write(_readable(message))
        return
    with _connection(urlsplit(settings.mail_url)) as server:
        try:
            server.send_message(message)
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _text in refused.recipients.values()]
            if codes and min(codes) >= 500:
                raise MailRefused(f"the server says {codes[0]}") from refused
            raise
        except smtplib.SMTPDataError as refused:
            if refused.smtp_code >= 500:
                raise MailRefused(f"the server says {refused.smtp_code}") from refused
            raise


def _readable(message: EmailMessage) -> str:
    """The message as a developer reads it: no transfer encoding."""
    text = message.get_body(("plain",))
    content = "" if text is None else text.get_content()
    return f"\n----- e-mail to {message['To']}: {message['Subject']}\n{content}-----\n"


@contextmanager
def _connection(url: SplitResult) -> Iterator[smtplib.SMTP]:
    """A signed-in connection: TLS from the start for smtps, STARTTLS when the server offers it for smtp."""
    host = url.hostname or "localhost"
    server: smtplib.SMTP
    if url.scheme == "smtps":
        trusted = ssl.create_default_context()
        server = smtplib.SMTP_SSL(host, url.port or _SMTPS_PORT, timeout=_SECONDS, context=trusted)
    else:
        server = smtplib.SMTP(host, url.port or _SMTP_PORT, timeout=_SECONDS)
    with server:
        server.ehlo()
        is_private = url.scheme == "smtps" or host in _LOOPBACK
        if url.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
            is_private = True
        if url.username:
            if not is_private:
                raise smtplib.SMTPException(
                    "the mail server offers no TLS; no password is sent to it"
                )
            server.login(unquote(url.username), unquote(url.password or ""))
        yield server
