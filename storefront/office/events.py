"""The office's desk for events: write one, decide about sign-ups, give booths, print their codes."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from catalog.errors import InvalidFields
from catalog.programme import events as verbs
from catalog.programme.errors import BoothInUse, BoothTaken
from catalog.queries.campaigns.desk import get_event_desk, list_event_rows
from catalog.queries.campaigns.supply import list_offers, list_requests
from catalog.rules.campaigns import EVENT_STEPS
from core.actor import Role
from core.people.permissions import require
from i18n.catalogue import gettext as _
from storefront.access import requires
from storefront.campaign_forms import EventForm, mistake_sentence, show_mistakes
from storefront.campaign_steps import one_step
from storefront.extensions import db, settings
from storefront.reading import read_number
from storefront.rendering import render_page


@requires(Role.OFFICE)
def events() -> ResponseReturnValue:
    """Every event with how many producers wait for a decision."""
    require(g.actor, "campaign.keep")
    return render_page("office/campaigns/events.html", rows=list_event_rows(db.session()))


@requires(Role.OFFICE)
def new_event() -> ResponseReturnValue:
    """Write down an event; it stays a draft until it is announced."""
    require(g.actor, "campaign.keep")
    form = EventForm(request.form if request.method == "POST" else None)
    form.offer()
    if request.method == "POST" and form.validate():
        session = db.session()
        try:
            row = verbs.create_event(session, form.values(), actor=g.actor, now=g.now)
        except InvalidFields as refusal:
            session.rollback()
            show_mistakes(form, refusal)
        else:
            session.commit()
            flash(_("Saved."), "good")
            return redirect(url_for("office.event", number=row.id), 303)
    return _form_page(form, _("New event"), url_for("office.events"))


@requires(Role.OFFICE)
def edit_event(number: int) -> ResponseReturnValue:
    """Change what is said of an event; its address and those of its booths stay."""
    require(g.actor, "campaign.keep")
    session = db.session()
    row = get_event_desk(session, number).event
    form = EventForm(request.form if request.method == "POST" else None, obj=row)
    form.offer()
    here = url_for("office.event", number=number)
    if request.method == "POST" and form.validate():
        try:
            verbs.update_event(session, number, form.values(), actor=g.actor, now=g.now)
        except InvalidFields as refusal:
            session.rollback()
            show_mistakes(form, refusal)
        else:
            session.commit()
            flash(_("Saved."), "good")
            return redirect(here, 303)
    return _form_page(form, row.name, here)


@requires(Role.OFFICE)
def event(number: int) -> ResponseReturnValue:
    """One event: its state, sign-ups, booths, and what came of it."""
    require(g.actor, "campaign.keep")
    desk = get_event_desk(db.session(), number)
    steps = [step for (state, step) in EVENT_STEPS if state == desk.event.state]
    return render_page("office/campaigns/event.html", page=desk, steps=steps)


@requires(Role.OFFICE)
def move_event(number: int) -> ResponseReturnValue:
    """Announce or cancel it."""
    session = db.session()
    with one_step(session, _("Saved.")):
        verbs.move_event(session, number, request.form.get("step", ""), actor=g.actor, now=g.now)
    return redirect(url_for("office.event", number=number), 303)


@requires(Role.OFFICE)
def add_booth(number: int) -> ResponseReturnValue:
    """Give the event one more booth."""
    session = db.session()
    try:
        verbs.add_booth(session, number, request.form.get("number", ""), actor=g.actor, now=g.now)
    except InvalidFields as refusal:
        session.rollback()
        flash(mistake_sentence(refusal.mistakes["number"]), "bad")
    except BoothTaken:
        session.rollback()
        flash(_("There is a booth with this number."), "bad")
    else:
        session.commit()
        flash(_("Saved."), "good")
    return redirect(f"{url_for('office.event', number=number)}#booths", 303)


@requires(Role.OFFICE)
def remove_booth(number: int, booth_id: int) -> ResponseReturnValue:
    """Take away a booth where nobody exhibits."""
    session = db.session()
    try:
        verbs.remove_booth(session, booth_id, actor=g.actor, now=g.now)
    except BoothInUse:
        session.rollback()
        flash(_("Somebody exhibits at this booth."), "bad")
    else:
        session.commit()
    return redirect(f"{url_for('office.event', number=number)}#booths", 303)


@requires(Role.OFFICE)
def decide(number: int, participation_id: int) -> ResponseReturnValue:
    """Accept a sign-up, with a booth or without yet, or refuse it with a reason."""
    session = db.session()
    try:
        with one_step(session, _("Saved.")):
            if request.form.get("do") == "refuse":
                reason = request.form.get("reason", "")
                verbs.refuse(session, participation_id, reason=reason, actor=g.actor, now=g.now)
            else:
                verbs.accept(
                    session,
                    participation_id,
                    booth_id=read_number(request.form.get("booth", "")),
                    actor=g.actor,
                    now=g.now,
                )
    except InvalidFields:
        session.rollback()
        flash(_("Write the reason."), "bad")
    return redirect(f"{url_for('office.event', number=number)}#sign-ups", 303)


@requires(Role.OFFICE)
def booth_sheets(number: int) -> ResponseReturnValue:
    """The booths with their codes, a sheet of paper each."""
    require(g.actor, "campaign.keep")
    desk = get_event_desk(db.session(), number)
    return render_page(
        "office/campaigns/booths.html", page=desk, base=settings().base_url.partition("://")[2]
    )


@requires(Role.OFFICE)
def event_sheet(number: int) -> ResponseReturnValue:
    """Who asks for what at the event and who can deliver it, to print."""
    require(g.actor, "campaign.keep")
    session = db.session()
    desk = get_event_desk(session, number)
    return render_page(
        "office/campaigns/sheet.html",
        page=desk,
        requests=list_requests(session, on=g.today, event_id=number),
        offers=list_offers(session, on=g.today, event_id=number),
    )


def _form_page(form: EventForm, title: str, back: str) -> ResponseReturnValue:
    status = 422 if form.errors else 200
    return render_page(
        "office/ledger/form.html", status, form=form, title=title, about="", back=back
    )
