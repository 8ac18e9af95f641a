"""Events at the producer's desk: sign up, say what is shown, write down what came of it."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from catalog.errors import InvalidFields
from catalog.models import TradeEvent
from catalog.producers import find_producer
from catalog.programme import joining, keeping
from catalog.programme.errors import OutcomesClosed, SignUpClosed, StepNotPossible
from catalog.programme.events import find_participation
from catalog.queries.campaigns.desk import SignUp, list_events_for_producers, list_sign_ups
from catalog.queries.errors import CampaignNotFound
from catalog.queries.own_products import list_own_products
from catalog.rules.campaigns import takes_outcomes
from core.people.permissions import require
from i18n.catalogue import gettext as _
from storefront.access import requires
from storefront.campaign_forms import OutcomeForm, show_mistakes
from storefront.campaign_steps import one_step
from storefront.extensions import db
from storefront.producers import desk
from storefront.reading import read_number
from storefront.rendering import render_page


@requires(*desk.TEAM)
def events() -> ResponseReturnValue:
    """Events one may sign up for, and those one has asked to join."""
    session = db.session()
    own = sorted(g.actor.producer_ids)
    return render_page(
        "producers/events/list.html",
        events=list_events_for_producers(session, own, on=g.today),
        producers=[find_producer(session, number) for number in own],
    )


@requires(*desk.TEAM)
def sign_up(event_id: int, producer_id: int) -> ResponseReturnValue:
    """Ask for a place at an event."""
    desk.may_see_producer(producer_id)
    session = db.session()
    try:
        row = joining.sign_up(
            session,
            event_id,
            producer_id,
            note=request.form.get("note", ""),
            actor=desk.acting_for(producer_id),
            on=g.today,
            now=g.now,
        )
    except (SignUpClosed, StepNotPossible):
        session.rollback()
        flash(_("This cannot be done any more."), "bad")
        return redirect(url_for("producers.events"), 303)
    session.commit()
    flash(_("You have asked for a place. The programme office will answer here."), "good")
    return redirect(url_for("producers.participation", participation_id=row.id), 303)


@requires(*desk.TEAM)
def participation(participation_id: int) -> ResponseReturnValue:
    """One's place at an event: the answer, the goods shown, what came of it."""
    found, event = _own(participation_id)
    return _page(found, event, _outcome_form())


@requires(*desk.TEAM)
def show_goods(participation_id: int) -> ResponseReturnValue:
    """Say which of one's own products are shown."""
    found, _event = _own(participation_id)
    session = db.session()
    ticked = [
        number
        for text in request.form.getlist("product")
        if (number := read_number(text)) is not None
    ]
    actor = desk.acting_for(found.producer_id)
    try:
        joining.show_products(session, participation_id, ticked, actor=actor, now=g.now)
    except StepNotPossible:
        session.rollback()
        flash(_("This cannot be done any more."), "bad")
    else:
        session.commit()
        desk.saved()
    return _back(participation_id)


@requires(*desk.TEAM)
def leave(participation_id: int) -> ResponseReturnValue:
    """Give the place back."""
    found, _event = _own(participation_id)
    session = db.session()
    with one_step(session, _("You have given your place back.")):
        joining.withdraw(
            session, participation_id, actor=desk.acting_for(found.producer_id), now=g.now
        )
    return redirect(url_for("producers.events"), 303)


@requires(*desk.TEAM)
def add_outcome(participation_id: int) -> ResponseReturnValue:
    """Write down a contact, an order or a memorandum."""
    found, event = _own(participation_id)
    session = db.session()
    form = _outcome_form()
    if not form.validate():
        return _page(found, event, form)
    try:
        joining.record_outcome(
            session,
            participation_id,
            kind=form.kind.data,
            with_whom=form.with_whom.data,
            amount_vnd=form.amount_vnd.data,
            actor=desk.acting_for(found.producer_id),
            on=g.today,
            now=g.now,
        )
    except InvalidFields as refusal:
        session.rollback()
        show_mistakes(form, refusal)
        return _page(found, event, form)
    except OutcomesClosed:
        session.rollback()
        flash(_("This cannot be done any more."), "bad")
    else:
        session.commit()
        desk.saved()
    return _back(participation_id)


@requires(*desk.TEAM)
def remove_outcome(participation_id: int, outcome_id: int) -> ResponseReturnValue:
    """Take back what was written by mistake."""
    found, _event = _own(participation_id)
    if outcome_id not in {outcome.id for outcome in found.outcomes}:
        raise CampaignNotFound(kind="outcome", campaign_id=outcome_id)
    session = db.session()
    actor = desk.acting_for(found.producer_id)
    joining.remove_outcome(session, outcome_id, actor=actor, now=g.now)
    session.commit()
    return _back(participation_id)


def _own(participation_id: int) -> tuple[SignUp, TradeEvent]:
    session = db.session()
    row = find_participation(session, participation_id)
    require(g.actor, "event.join", producer_id=row.producer_id)
    found = list_sign_ups(session, event_id=row.event_id, producer_ids={row.producer_id})
    return found[0], keeping.find(session, TradeEvent, row.event_id)


def _outcome_form() -> OutcomeForm:
    form = OutcomeForm(request.form if request.method == "POST" else None)
    form.offer()
    return form


def _page(found: SignUp, event: TradeEvent, form: OutcomeForm) -> ResponseReturnValue:
    return render_page(
        "producers/events/participation.html",
        422 if form.errors else 200,
        one=found,
        event=event,
        products=list_own_products(db.session(), [found.producer_id], on=g.today),
        form=form,
        takes_outcomes=found.state == "accepted"
        and takes_outcomes(joining.days_of(event), g.today),
    )


def _back(participation_id: int) -> ResponseReturnValue:
    return redirect(url_for("producers.participation", participation_id=participation_id), 303)
