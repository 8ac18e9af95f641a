"""Livestream sessions at the producers' desk: plan one, choose goods and a code, end it, note the recording."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from catalog.errors import InvalidFields, StaleVersion
from catalog.producers import find_producer
from core.actor import Actor
from core.people.permissions import require
from i18n.catalogue import gettext as _
from i18n.locales import DEFAULT, LOCALES, OWN_NAMES
from orders.errors import NoSuchStep
from orders.lifecycle import EventNotAllowed
from orders.live import checking, planning
from orders.live.desks import (
    find_item,
    find_session,
    get_desk_page,
    list_choices,
    list_sessions,
)
from orders.models import LiveSession
from storefront import live_words
from storefront.access import requires
from storefront.extensions import db
from storefront.producers import desk
from storefront.producers.live_forms import (
    CouponForm,
    ItemForm,
    ReplayForm,
    SessionForm,
    TextForm,
    filled_coupon,
    filled_item,
    filled_session,
)
from storefront.rendering import render_page

LONGEST_REASON = 300


@requires(*desk.TEAM)
def lives() -> ResponseReturnValue:
    """The sessions of the person's producers."""
    session = db.session()
    numbers = sorted(g.actor.producer_ids)
    return render_page(
        "producers/live/lists.html",
        rows=list_sessions(session, now=g.now, producer_ids=numbers),
        producers=[find_producer(session, number) for number in numbers],
        live_words=live_words,
    )


@requires(*desk.TEAM)
def new_live(producer_id: int) -> ResponseReturnValue:
    """Plan a session."""
    desk.may_see_producer(producer_id)
    form = desk.make_form(SessionForm, {"host_role": "producer"})
    if request.method == "POST" and form.validate():
        made: list[LiveSession] = []

        def plan(actor: Actor) -> None:
            made.append(
                planning.plan_session(
                    db.session(), producer_id, form.plan(), actor=actor, now=g.now
                )
            )

        if _entered(form, producer_id, plan):
            return _to(made[0].id)
    return _form_page(form, _("Plan a livestream"), url_for("producers.lives"))


@requires(*desk.TEAM)
def live(live_id: int) -> ResponseReturnValue:
    """One session: what is planned, what is missing, what happened, what it sold."""
    _own(live_id)
    return render_page(
        "producers/live/session.html",
        page=get_desk_page(db.session(), live_id, now=g.now),
        live_words=live_words,
        languages={tag: OWN_NAMES[tag] for tag in LOCALES if tag != DEFAULT},
    )


@requires(*desk.TEAM)
def change_live(live_id: int) -> ResponseReturnValue:
    """Change what is planned."""
    own = _own(live_id)
    form = desk.make_form(SessionForm, filled_session(own))
    if request.method == "POST" and form.validate():

        def change(actor: Actor) -> None:
            planning.change_session(
                db.session(), live_id, form.plan(), seen_version=desk.seen_version() or 0,
                actor=actor, now=g.now,
            )  # fmt: skip

        if _entered(form, own.producer_id, change):
            return _to(live_id)
    return _form_page(form, _("Change the session"), _address(live_id), version=own.version)


@requires(*desk.TEAM)
def live_item(live_id: int, package_id: int | None = None) -> ResponseReturnValue:
    """Put a package into the session, or change its price and number."""
    own = _own(live_id)
    session = db.session()
    stored = None if package_id is None else find_item(session, live_id, package_id)
    form = desk.make_form(ItemForm, {} if stored is None else filled_item(stored))
    form.offer_packages(list_choices(session, own.producer_id), g.locale)
    if request.method == "POST" and form.validate():

        def put(actor: Actor) -> None:
            planning.put_item(db.session(), live_id, form.item(), actor=actor, now=g.now)

        if _entered(form, own.producer_id, put):
            return _to(live_id)
    return _form_page(form, _("A product of the session"), _address(live_id))


@requires(*desk.TEAM)
def remove_live_item(live_id: int, package_id: int) -> ResponseReturnValue:
    """Take a package out of the session."""
    return _step(
        live_id,
        lambda actor: planning.remove_item(
            db.session(), live_id, package_id, actor=actor, now=g.now
        ),
    )


@requires(*desk.TEAM)
def live_coupon(live_id: int) -> ResponseReturnValue:
    """A code for the goods of the session."""
    own = _own(live_id)
    stored = get_desk_page(db.session(), live_id, now=g.now).coupon
    form = desk.make_form(CouponForm, filled_coupon(stored))
    if request.method == "POST" and form.validate():

        def keep(actor: Actor) -> None:
            planning.set_coupon(db.session(), live_id, form.plan(), actor=actor, now=g.now)

        if _entered(form, own.producer_id, keep):
            return _to(live_id)
    return _form_page(form, _("A code for the session"), _address(live_id))


@requires(*desk.TEAM)
def live_text(live_id: int, tag: str) -> ResponseReturnValue:
    """Title and summary in another language."""
    own = _own(live_id)
    if tag not in LOCALES or tag == DEFAULT:
        abort(404)
    texts = {text.locale: text for text in get_desk_page(db.session(), live_id, now=g.now).texts}
    stored = texts.get(tag)
    known = {} if stored is None else {"title": stored.title, "summary": stored.summary}
    form = desk.make_form(TextForm, known)
    if request.method == "POST" and form.validate():

        def write(actor: Actor) -> None:
            planning.write_text(
                db.session(), live_id, tag, form.title.data or "", form.summary.data or "",
                actor=actor, now=g.now,
            )  # fmt: skip

        if _entered(form, own.producer_id, write):
            return _to(live_id)
    heading = f"{own.title}: {OWN_NAMES[tag]}"
    return _form_page(form, heading, _address(live_id))


@requires(*desk.TEAM)
def live_replay(live_id: int) -> ResponseReturnValue:
    """The replay, and where the recording is kept."""
    own = _own(live_id)
    known = {
        "replay_url": own.replay_url,
        "place": own.recording_place,
        "reference": own.recording_ref,
    }
    form = desk.make_form(ReplayForm, known)
    if request.method == "POST" and form.validate():

        def keep(actor: Actor) -> None:
            checking.keep_replay(
                db.session(), live_id, replay_url=(form.replay_url.data or "").strip(),
                place=form.place.data, reference=form.reference.data, actor=actor, now=g.now,
            )  # fmt: skip

        if _entered(form, own.producer_id, keep):
            return _to(live_id)
    return _form_page(form, _("Replay and recording"), _address(live_id))


@requires(*desk.TEAM)
def live_step(live_id: int, deed: str) -> ResponseReturnValue:
    """Open again for changes, end now, call off, or take the code away."""
    session = db.session()
    reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
    steps: dict[str, Callable[[Actor], object]] = {
        "reopen": lambda actor: checking.reopen(session, live_id, actor=actor, now=g.now),
        "end": lambda actor: checking.end_now(session, live_id, actor=actor, now=g.now),
        "cancel": lambda actor: checking.cancel(
            session, live_id, reason=reason, actor=actor, now=g.now
        ),
        "drop-code": lambda actor: planning.set_coupon(
            session, live_id, None, actor=actor, now=g.now
        ),
    }
    if deed not in steps:
        abort(404)
    return _step(live_id, steps[deed])


def _step(live_id: int, do: Callable[[Actor], object]) -> ResponseReturnValue:
    own = _own(live_id)
    session = db.session()
    try:
        do(desk.acting_for(own.producer_id))
    except (NoSuchStep, EventNotAllowed):
        session.rollback()
        flash(_("The session is already further on. Look at what it says now."), "bad")
    else:
        session.commit()
        desk.saved()
    return _to(live_id)


def _own(live_id: int) -> LiveSession:
    """The session, when it belongs to the person's producer; raises LiveNotFound, NotAllowed."""
    own = find_session(db.session(), live_id)
    require(g.actor, "live.manage", producer_id=own.producer_id)
    return own


def _entered(form: Any, producer_id: int, enter: Callable[[Actor], None]) -> bool:
    """Enter what the form says and commit, or put what hinders it beside its fields."""
    session = db.session()
    try:
        enter(desk.acting_for(producer_id))
    except InvalidFields as refusal:
        session.rollback()
        for name, code in refusal.mistakes.items():
            target = _FIELDS.get(name, name)
            field = form[target] if target in form else next(iter(form))
            field.errors = [*field.errors, _mistake(code)]
        return False
    except (StaleVersion, NoSuchStep):
        session.rollback()
        field = next(iter(form))
        field.errors = [
            *field.errors, _("The session has changed meanwhile. Open it again before you go on.")
        ]  # fmt: skip
        return False
    session.commit()
    desk.saved()
    return True


_FIELDS = {"starts_at": "starts", "ends_at": "ends"}


def _mistake(code: str) -> str:
    sentences: dict[str, Callable[[], str]] = {
        "in_past": lambda: _("This time has passed. Choose another one."),
        "too_long": lambda: _("This is too long."),
        "not_https": lambda: _("Write an address that begins with https://"),
        "other_host": lambda: _("This is not an address of that site."),
        "above_retail": lambda: _("The price is above the usual price."),
        "bad_code": lambda: _("Use 4 to 24 letters without marks and digits."),
        "taken": lambda: _("This code is used elsewhere. Choose another one."),
        "too_much": lambda: _("This is too much: at most 90 percent."),
    }
    return sentences[code]() if code in sentences else desk.mistake_sentence(code)


def _form_page(
    form: Any, heading: str, back: str, *, version: int | None = None
) -> ResponseReturnValue:
    return render_page(
        "producers/live/form.html",
        422 if form.errors else 200,
        form=form,
        heading_text=heading,
        back=back,
        version=version,
    )


def _address(live_id: int) -> str:
    return url_for("producers.live", live_id=live_id)


def _to(live_id: int) -> ResponseReturnValue:
    return redirect(_address(live_id), 303)
