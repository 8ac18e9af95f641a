"""What producers offer to buyers who need much, and what buyers ask for, at the producer's desk."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from catalog.errors import InvalidFields
from catalog.producers import find_producer
from catalog.programme import supply as verbs
from catalog.queries.campaigns.supply import list_offers, list_open_events, list_requests
from catalog.queries.own_products import list_own_products
from i18n.catalogue import gettext as _
from storefront.access import requires
from storefront.campaign_forms import OfferForm, show_mistakes
from storefront.extensions import db
from storefront.producers import desk
from storefront.rendering import render_page


@requires(*desk.TEAM)
def supply() -> ResponseReturnValue:
    """One's own offers, and every open request of a buyer."""
    session = db.session()
    own = sorted(g.actor.producer_ids)
    return render_page(
        "producers/events/supply.html",
        requests=list_requests(session, on=g.today),
        offers=list_offers(session, on=g.today, producer_ids=own),
        producers=[find_producer(session, number) for number in own],
    )


@requires(*desk.TEAM)
def new_offer(producer_id: int) -> ResponseReturnValue:
    """Offer a quantity of one of one's products within some days."""
    desk.may_see_producer(producer_id)
    session = db.session()
    form = OfferForm(request.form if request.method == "POST" else None)
    own = list_own_products(session, [producer_id], on=g.today)
    form.offer(
        [(product.id, product.name) for product in own], list_open_events(session, on=g.today)
    )
    if request.method == "POST" and form.validate():
        try:
            verbs.create_offer(
                session,
                int(form.product_id.data),
                form.values(),
                actor=desk.acting_for(producer_id),
                now=g.now,
            )
        except InvalidFields as refusal:
            session.rollback()
            show_mistakes(form, refusal)
        else:
            session.commit()
            desk.saved()
            return redirect(url_for("producers.supply"), 303)
    return render_page(
        "producers/events/offer.html",
        422 if form.errors else 200,
        form=form,
        producer=find_producer(session, producer_id),
    )


@requires(*desk.TEAM)
def close_offer(offer_id: int) -> ResponseReturnValue:
    """Take an offer back."""
    session = db.session()
    verbs.close_offer(session, offer_id, actor=g.actor, now=g.now)
    session.commit()
    flash(_("It is off the list."), "good")
    return redirect(url_for("producers.supply"), 303)
