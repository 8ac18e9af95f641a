"""The letters that follow what buyers say: to the producer who is asked, and the answer to who asked."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from catalog.models import Producer
from i18n.catalogue import gettext as _
from i18n.catalogue import speaking
from i18n.formatting import format_number
from orders.models import SubOrder
from orders.voices import questions
from orders.voices.desks import About, get_question, get_request
from orders.voices.errors import VoiceNotFound
from storefront import voice_words
from storefront.letters import Letter, members_of, queue_letter, spoken_by

if TYPE_CHECKING:
    from orders.models import WholesaleRequest
    from storefront.reactions import WorkerContext


def mail_question_asked(
    session: Session, payload: dict[str, Any], *, now: datetime, context: WorkerContext
) -> None:
    """Tell each member of the producer that somebody asks about a product, once."""
    try:
        question, about = get_question(session, int(payload["question_id"]))
    except VoiceNotFound:
        return  # refused and forgotten meanwhile
    if question.state != "held":
        return
    for who, address, locale in members_of(session, question.producer_id):
        with speaking(locale):
            letter = Letter(
                key=f"question-asked:{question.id}:{who}",
                recipient=address,
                subject=_("A question about %(product)s", product=about.name),
                paragraphs=(
                    _("Somebody asks about %(product)s:", product=about.name),
                    _("Your answer is shown with the question beside the product:"),
                ),
                quote=question.text,
                path="/portal/voices",
            )
            queue_letter(session, letter, locale, now, context)


def mail_question_answered(
    session: Session, payload: dict[str, Any], *, now: datetime, context: WorkerContext
) -> None:
    """Send the answer to who left an address, and forget the address."""
    try:
        question, about = get_question(session, int(payload["question_id"]))
    except VoiceNotFound:
        return
    if question.email is None or question.state != "answered":
        return
    locale = spoken_by(question.locale)
    with speaking(locale):
        letter = Letter(
            key=f"question-answered:{question.id}",
            recipient=question.email,
            subject=_("The answer to your question about %(product)s", product=about.name),
            paragraphs=(
                _("You asked about %(product)s. This is the answer:", product=about.name),
                _("We have deleted your e-mail address. Question and answer stand here:"),
            ),
            quote=str(question.answer),
            path=f"/{locale}/products/{about.slug}/questions",
        )
        queue_letter(session, letter, locale, now, context)
    questions.forget_email(session, question.id)


def mail_wholesale_asked(
    session: Session, payload: dict[str, Any], *, now: datetime, context: WorkerContext
) -> None:
    """Tell the producer's members of a wholesale request, and confirm it to who asked.

    The confirmation repeats nothing a stranger could have typed: the address may be somebody else's.
    """
    try:
        asked, about = get_request(session, int(payload["request_id"]))
    except VoiceNotFound:
        return
    for who, address, locale in members_of(session, asked.producer_id):
        with speaking(locale):
            letter = Letter(
                key=f"wholesale-asked:{asked.id}:{who}",
                recipient=address,
                subject=_("A wholesale request for %(product)s", product=about.name),
                paragraphs=(
                    _(
                        "%(company)s (%(country)s) asks for a wholesale offer: %(wanted)s.",
                        company=asked.company,
                        country=voice_words.country_name(asked.country),
                        wanted=_wanted(asked, about, locale),
                    ),
                    _("Read all of it and answer here:"),
                ),
                path=f"/portal/wholesale/{asked.id}",
            )
            queue_letter(session, letter, locale, now, context)
    locale = spoken_by(asked.locale)
    with speaking(locale):
        letter = Letter(
            key=f"wholesale-confirmed:{asked.id}",
            recipient=asked.email,
            subject=_("Your wholesale request for %(product)s", product=about.name),
            paragraphs=(
                _(
                    "%(producer)s has your request: %(wanted)s.",
                    producer=about.producer_name,
                    wanted=_wanted(asked, about, locale),
                ),
                _("The answer comes by e-mail. If you did not ask for this, you need do nothing."),
            ),
            path=f"/{locale}/products/{about.slug}",
        )
        queue_letter(session, letter, locale, now, context)


def mail_wholesale_answered(
    session: Session, payload: dict[str, Any], *, now: datetime, context: WorkerContext
) -> None:
    """Send what the producer replied, with the way to reach it; once for each reply."""
    try:
        asked, about = get_request(session, int(payload["request_id"]))
    except VoiceNotFound:
        return
    if asked.reply is None:
        return
    maker = session.get_one(Producer, asked.producer_id)
    reach = ", ".join(filter(None, (maker.phone, maker.email)))
    locale = spoken_by(asked.locale)
    with speaking(locale):
        declined = asked.state == "declined"
        said = _reply_words(declined, about.producer_name, _wanted(asked, about, locale))
        more = (
            (_("You reach the producer here: %(contact)s", contact=reach),)
            if reach and not declined
            else ()
        )
        letter = Letter(
            key=f"wholesale-answered:{asked.id}:{payload['at']}",
            recipient=asked.email,
            subject=_("Your wholesale request for %(product)s", product=about.name),
            paragraphs=(said, *more),
            quote=asked.reply,
            path=f"/{locale}/products/{about.slug}",
        )
        queue_letter(session, letter, locale, now, context)


def mail_parcel_delivered(
    session: Session, payload: dict[str, Any], *, now: datetime, context: WorkerContext
) -> None:
    """Tell the buyer once that a parcel has arrived and where to say how it was; no second reminder."""
    parcel = session.get(SubOrder, int(payload["sub_order_id"]))
    if parcel is None or parcel.state != "delivered" or not parcel.order.email:
        return
    locale = spoken_by(parcel.order.locale)
    with speaking(locale):
        letter = Letter(
            key=f"parcel-delivered:{parcel.id}",
            recipient=parcel.order.email,
            subject=_("Order %(number)s has arrived", number=parcel.order.number),
            paragraphs=(
                _("The parcel from %(producer)s has arrived.", producer=parcel.producer_name),
                _("Is something wrong, or would you like to review the goods? Your order:"),
            ),
            path=f"/{locale}/orders/{parcel.order.public_token}",
        )
        queue_letter(session, letter, locale, now, context)


def _reply_words(declined: bool, producer: str, wanted: str) -> str:
    if declined:
        return _(
            "%(producer)s cannot make you an offer for %(wanted)s and writes:",
            producer=producer,
            wanted=wanted,
        )
    return _("%(producer)s answers your request for %(wanted)s:", producer=producer, wanted=wanted)


def _wanted(asked: WholesaleRequest, about: About, locale: str) -> str:
    """So much of what, in words: "40 cases, Fish sauce"."""
    unit = str(voice_words.UNITS[asked.unit])
    return f"{format_number(asked.quantity, locale)} {unit}, {about.name}"
