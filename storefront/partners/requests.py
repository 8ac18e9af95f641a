"""What a supermarket asks for, at its own desk."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from catalog.errors import InvalidFields
from catalog.programme import supply
from catalog.queries.campaigns.supply import list_open_events, list_requests
from catalog.queries.errors import CampaignNotFound
from core.actor import Role
from core.people.permissions import require
from feeds.profiles import codes
from i18n.catalogue import gettext as _
from storefront.access import requires
from storefront.campaign_forms import RequestForm, show_mistakes
from storefront.extensions import db, settings
from storefront.rendering import render_page

TEAM = (Role.PARTNER, Role.OFFICE)


@requires(*TEAM)
def requests(partner: str) -> ResponseReturnValue:
    """One's open requests with the offers that answer them, and a form for the next."""
    _may(partner)
    session = db.session()
    form = RequestForm(request.form if request.method == "POST" else None)
    form.offer(list_open_events(session, on=g.today))
    if request.method == "POST" and form.validate():
        try:
            supply.create_request(session, form.values(), partner=partner, actor=g.actor, now=g.now)
        except InvalidFields as refusal:
            session.rollback()
            show_mistakes(form, refusal)
        else:
            session.commit()
            flash(_("Saved."), "good")
            return redirect(url_for("partners.requests", partner=partner), 303)
    return render_page(
        "partners/requests.html",
        422 if form.errors else 200,
        partner=partner,
        form=form,
        lines=list_requests(session, on=g.today, partner=partner),
    )


@requires(*TEAM)
def close_request(partner: str, number: int) -> ResponseReturnValue:
    """Take one's own request off the list."""
    _may(partner)
    session = db.session()
    own = list_requests(session, on=g.today, partner=partner)
    if number not in {line.request.id for line in own}:
        raise CampaignNotFound(kind="supply_request", campaign_id=number)
    supply.close_request(session, number, actor=g.actor, now=g.now)
    session.commit()
    flash(_("It is off the list."), "good")
    return redirect(url_for("partners.requests", partner=partner), 303)


def _may(partner: str) -> None:
    require(g.actor, "supply.request", partner=partner)
    if partner not in codes(settings().partners_dir):
        raise CampaignNotFound(kind="partner", campaign_id=0)
