"""The e-mail that carries a one-time sign-in link."""

from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from core.mail import queue_mail
from core.people.models import Person
from core.people.sign_in_links import BY_MAIL
from core.people.tokens import digest
from i18n.catalogue import gettext as _
from i18n.catalogue import speaking
from i18n.locales import DEFAULT, ENABLED
from storefront.extensions import settings


def queue_link(session: Session, person: Person, token: str, *, now: datetime) -> None:
    """Queue the link for a person with an e-mail address, in that person's language."""
    locale = person.locale if person.locale in ENABLED else DEFAULT
    # The host comes from the settings, never from the request: a forged Host must not reach a mail.
    link = settings().base_url + url_for("account.use_link", token=token, locale=locale)
    with speaking(locale):
        subject = _("Your link to sign in")
        text = "\n\n".join(
            (
                _("Hello %(name)s,", name=person.full_name),
                _("open this link to sign in to the OCOP shop:"),
                link,
                _(
                    "It works once, for %(minutes)s minutes. If you did not ask for it, do nothing.",
                    minutes=int(BY_MAIL.total_seconds() // 60),
                ),
            )
        )
    queue_mail(
        session,
        key=f"sign-in-link:{digest(token)[:40]}",
        recipient=str(person.email),
        subject=subject,
        body_text=text,
        body_html=None,
        locale=locale,
        now=now,
    )
