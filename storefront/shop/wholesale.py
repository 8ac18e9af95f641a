"""The wholesale request of a product: what the producer's open lists say, and a form to ask for an offer."""

from __future__ import annotations

from flask import flash, g, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from catalog.queries.wholesale_terms import wholesale_terms
from catalog.rules.sending import is_visit
from i18n.catalogue import gettext as _
from orders.voices.wholesale import WholesaleDraft, request_wholesale
from storefront import limits
from storefront.access import public
from storefront.extensions import db
from storefront.kept_pages import kept
from storefront.rendering import render_page
from storefront.shop import voices
from storefront.shop.voice_forms import WholesaleForm


@public
@kept
def wholesale(slug: str) -> ResponseReturnValue:
    """Show from how many on it is sold wholesale, and ask for an offer; a visit is asked for on its own page."""
    card = voices.product_card(slug)
    if is_visit(card.subgroup_code):
        return redirect(f"/{g.locale}/visits/{card.slug}", 303)
    if (elsewhere := voices.moved(slug, card)) is not None:
        return elsewhere
    form = WholesaleForm(request.form if request.method == "POST" else None)
    form.offer()
    if request.method == "GET" and not g.destination.is_home:
        form.country.data = g.destination.country
    status = 200
    if request.method == "POST":
        if form.validate():
            sent = voices.send_text(
                "wholesale", form, lambda session: _request(session, card.product_id, form)
            )
            if sent:
                flash(_("Thank you. The producer has your request and answers by e-mail."), "good")
                return redirect(f"/{g.locale}/products/{card.slug}", 303)
        status = 422
    return render_page(
        "shop/voices/wholesale.html",
        status,
        card=card,
        trail=voices.trail(card),
        form=form,
        terms=wholesale_terms(db.session(), card.product_id, on=g.today),
    )


def _request(session: Session, product_id: int, form: WholesaleForm) -> None:
    limits.count_letter(session, form.email.data, now=g.now)
    request_wholesale(
        session,
        product_id,
        WholesaleDraft(
            person=form.person.data,
            company=form.company.data,
            country=form.country.data,
            email=form.email.data,
            quantity=form.quantity.data,
            unit=form.unit.data,
            locale=g.locale,
            phone=form.phone.data or None,
            needed_by=form.needed_by.data,
            wishes=form.wishes.data or "",
        ),
        now=g.now,
    )
