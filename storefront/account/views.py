"""A signed-in person's own pages: devices and password."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, g, redirect, request, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue

from core.actor import Role
from core.db import begin_write
from core.people import passwords, queries, registration, throttle
from core.people import sessions as devices
from core.people.models import UserSession
from core.people.sign_in import LIMIT
from i18n.catalogue import gettext as _
from storefront.access import requires
from storefront.account import next_page
from storefront.account.devices import device_name
from storefront.account.entry import set_sign_in_cookie
from storefront.account.forms import PasswordForm, unfit_sentence
from storefront.extensions import db
from storefront.rendering import render_page

MEMBERS = (Role.PRODUCER, Role.OFFICE, Role.PARTNER)
_LINK_COUNTS_FOR = timedelta(minutes=30)


@requires(*MEMBERS)
def home() -> ResponseReturnValue:
    """Where "Account" leads somebody who is signed in: to their desk."""
    return redirect(next_page.after_sign_in(None, g.actor.roles), 303)


@requires(*MEMBERS)
def sessions() -> ResponseReturnValue:
    """The devices that are signed in, each with a button that ends it."""
    rows = devices.list_sessions(db.session(), g.actor.person_id, now=g.now)
    shown = [
        {
            "id": row.id,
            "name": device_name(row.user_agent),
            "started": row.created_at,
            "used": row.last_seen_at,
            "here": row.id == g.session_id,
        }
        for row in rows
    ]
    return render_page("account/sessions.html", devices=shown)


@requires(*MEMBERS)
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign one device out; somebody else's number does nothing."""
    session = db.session()
    if devices.revoke(session, session_id, person_id=g.actor.person_id, now=g.now):
        flash(_("That device is signed out."), "good")
    session.commit()
    return redirect(url_for("account.sessions"), 303)


@requires(*MEMBERS)
def end_others() -> ResponseReturnValue:
    """Sign every other device out."""
    session = db.session()
    devices.revoke_others(session, person_id=g.actor.person_id, keep=g.session_id, now=g.now)
    session.commit()
    flash(_("All other devices are signed out."), "good")
    return redirect(url_for("account.sessions"), 303)


@requires(*MEMBERS)
def password() -> ResponseReturnValue:
    """Set or change the password; every other device is signed out by it."""
    session = db.session()
    person_id: int = g.actor.person_id
    kept_hash = queries.get_person(session, person_id).password_hash
    form = PasswordForm(request.form)
    form.asks_current = kept_hash is not None and not _came_by_link()
    form.current_password.flags.required = form.asks_current
    if request.method == "GET":
        return _password_page(form)
    if not form.validate():
        return _password_page(form, 422)
    if form.asks_current:
        throttle.spend(session, f"password:{person_id}", LIMIT, now=g.now)
        session.commit()  # counted, and no lock is held while hashing
        if not passwords.verify_password(kept_hash, form.current_password.data):
            form.current_password.errors = [_("This is not the password you use now.")]
            return _password_page(form, 422)
        begin_write(session)
    try:
        person = registration.set_password(
            session, person_id, form.new_password.data, actor=g.actor, now=g.now
        )
    except passwords.UnfitPassword as unfit:
        session.rollback()
        form.new_password.errors = [unfit_sentence(unfit.reason)]
        return _password_page(form, 422)
    throttle.forget(session, f"password:{person_id}")
    devices.revoke_others(session, person_id=person_id, keep=None, now=g.now)
    started = devices.start_session(
        session, person, user_agent=request.user_agent.string, by_link=False, now=g.now
    )
    session.commit()
    browser.clear()
    flash(_("Your new password is set. Other devices are signed out."), "good")
    answer = redirect(next_page.after_sign_in(None, g.actor.roles), 303)
    set_sign_in_cookie(answer, started)
    return answer


def _came_by_link() -> bool:
    """Whether this session began with a one-time link a moment ago: then the old password is unknown."""
    row = db.session().get(UserSession, g.session_id)
    return row is not None and row.by_link and g.now - row.created_at < _LINK_COUNTS_FOR


def _password_page(form: PasswordForm, status: int = 200) -> ResponseReturnValue:
    return render_page("account/password.html", status, form=form, shortest=passwords.SHORTEST)
