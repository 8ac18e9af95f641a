"""The page of a visit: what one must know before coming, and the form that asks the producer for a day."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any

from flask import flash, g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, Form, StringField, TelField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from catalog.queries.slugs import addresses_of
from catalog.queries.texts import resolve_texts
from catalog.queries.visits import VisitPage, get_visit_page
from core.people.registration import UnreadablePhone, normal_phone
from core.people.throttle import Throttled
from i18n.catalogue import gettext as _
from i18n.catalogue import lazy_gettext as later
from orders import visits
from orders.errors import NoSuchStep, VisitNotFound, VisitRefused
from orders.models import VisitEnquiry
from orders.visits import LONGEST_WORDS, VisitRequest
from storefront import limits, visit_words
from storefront.access import public
from storefront.extensions import db, settings
from storefront.fields import CountField, DayField
from storefront.kept_pages import kept
from storefront.market_messages import language_name
from storefront.messages import error_sentence
from storefront.rendering import asset_address, picture_addresses, render_page
from storefront.shop import structured_data
from storefront.shop.structured_offer import visit_offer
from storefront.voice_fields import TRAP, AtMost, readable_email

NEEDED = InputRequired(later("Please fill this in."))
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)


class VisitForm(Form):  # type: ignore[misc]  # wtforms has no types
    """The day, how many come, and where the answer goes."""

    wished_on = DayField(later("The day you would like to come"), [NEEDED])
    people = CountField(later("How many people"), [NEEDED])
    name = StringField(later("Your name"), [NEEDED, AtMost(120)])
    email = StringField(later("E-mail"), [AtMost(254), readable_email])
    phone = TelField(later("Telephone"), [AtMost(40)])
    message = TextAreaField(
        later("Anything else the producer should know"), [AtMost(LONGEST_WORDS)]
    )
    consent = BooleanField(
        later("The producer may get these details to answer me."),
        [InputRequired(later("Without this nobody could answer you."))],
    )
    website = StringField(later("Leave this empty"))

    def validate_phone(self, field: TelField) -> None:
        """Optional; a number that can be called."""
        text = (field.data or "").strip()
        try:
            field.data = normal_phone(text) if text else ""
        except UnreadablePhone as unreadable:
            raise ValidationError(_("This does not look like a telephone number.")) from unreadable


@public
@kept
def visit(slug: str) -> ResponseReturnValue:
    """Show a visit and ask for a day; nothing is booked and nothing is paid here."""
    page = get_visit_page(db.session(), slug, locale=g.locale, on=g.today)
    if slug == page.card.slug:
        own = addresses_of(db.session(), page.card.product_id)
        g.addresses = {tag: f"/{tag}/visits/{address}" for tag, address in own.items()}
    elif request.method != "POST":
        return redirect(url_for("shop.visit", locale=g.locale, slug=page.card.slug), 301)
    form = VisitForm(request.form if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        enquiry = _asked(slug, form) if form.validate() else None
        if enquiry is not None:
            return redirect(
                url_for("shop.visit_asked", locale=g.locale, token=enquiry.public_token), 303
            )
        if form[TRAP].data and not form.errors:
            return redirect(url_for("shop.visit", locale=g.locale, slug=slug), 303)
        status = 422
    return _page(page, form, status)


def _asked(slug: str, form: VisitForm) -> VisitEnquiry | None:
    """The enquiry, kept and committed; None when a machine asks, or with the reason beside its field."""
    if form[TRAP].data:
        return None
    session = db.session()
    wish = _wish(slug, form)
    try:
        limits.count(session, "visit", request.remote_addr or "", limits.TEXTS, now=g.now)
        if wish.email:
            limits.count_letter(session, wish.email, now=g.now)
        enquiry = visits.ask(session, wish, on=g.today, now=g.now)
    except VisitRefused as refused:
        session.rollback()
        field, sentence = visit_words.refusal(refused.code)
        form[field].errors = [sentence]
        return None
    except Throttled as refused:
        session.rollback()
        form.wished_on.errors = [error_sentence(refused)]
        return None
    session.commit()
    return enquiry


def _wish(slug: str, form: VisitForm) -> VisitRequest:
    said = [str(field.data) for field in form if field.name != TRAP]
    return VisitRequest(
        slug=slug,
        # the same words on the same day are the same enquiry, however often the button is pressed
        form_token=sha256("\n".join([g.today.isoformat(), *said]).encode()).hexdigest(),
        wished_on=form.wished_on.data,
        people=form.people.data,
        name=form.name.data,
        email=form.email.data or None,
        phone=form.phone.data or None,
        message=form.message.data or "",
        locale=g.locale,
    )


def _page(page: VisitPage, form: VisitForm, status: int) -> ResponseReturnValue:
    card = page.card
    trail = [
        (_("Home"), f"/{g.locale}/"),
        (_("Places to visit"), f"/{g.locale}/places"),
        (card.name.value, f"/{g.locale}/products/{card.slug}"),
    ]
    base_url = settings().base_url
    path = f"/{g.locale}/visits/{card.slug}"
    image = (
        card.picture.address(card.picture.widths[-1])
        if card.picture
        else asset_address(f"img/packshots/{card.packshot}.svg")
    )
    return render_page(
        "shop/visit.html",
        status,
        page=page,
        card=card,
        form=form,
        trail=trail,
        picture=picture_addresses()[card.packshot],
        spoken=[language_name(tag) for tag in page.languages],
        json_ld={
            "@context": "https://schema.org",
            "@graph": [
                _trip(page, base_url + path, base_url + image),
                structured_data.breadcrumbs(base_url, [*trail, (_("Ask for a day"), path)]),
            ],
        },
    )


def _trip(page: VisitPage, address: str, image: str) -> dict[str, Any]:
    """A trip somebody leads; what may be done is to ask for a day, and only where terms are said."""
    card = page.card
    guide = {"@type": "Organization", "name": card.producer_name}
    trip: dict[str, Any] = {
        "@type": "TouristTrip",
        "name": card.name.value,
        "url": address,
        "image": image,
        "provider": guide,
    }
    if not page.most_people:
        return trip
    trip["offers"] = {
        **visit_offer(card.package.price, address=address, guide=guide),
        "eligibleQuantity": {
            "@type": "QuantitativeValue",
            "minValue": page.least_people,
            "maxValue": page.most_people,
            "unitCode": "IE",  # persons: UN/CEFACT Recommendation 20
        },
    }
    trip["potentialAction"] = {
        "@type": "ReserveAction",
        "name": _("Ask for a day"),
        "target": {"@type": "EntryPoint", "urlTemplate": address},
    }
    return trip


@public
def visit_asked(token: str) -> ResponseReturnValue:
    """Where an enquiry stands, for whoever has its unguessable address; from here it is taken back."""
    if not _TOKEN.fullmatch(token):
        raise VisitNotFound
    session = db.session()
    enquiry = visits.find_enquiry(session, token)
    if request.method == "POST":
        try:
            visits.withdraw(session, token, now=g.now)
            session.commit()
            flash(_("Your enquiry is taken back."), "good")
        except NoSuchStep:
            session.rollback()
        return redirect(url_for("shop.visit_asked", locale=g.locale, token=token), 303)
    texts = resolve_texts(session, [enquiry.product_id], ["name"], locale=g.locale)
    name = texts[enquiry.product_id]["name"]
    response = make_response(
        render_page("shop/visit_asked.html", it=enquiry, name=name, visit_words=visit_words)
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
