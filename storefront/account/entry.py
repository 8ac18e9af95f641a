"""Coming in and going out: password, one-time link, sign-out."""

from __future__ import annotations

import logging
from datetime import timedelta

from flask import flash, g, make_response, redirect, request, url_for
from flask import session as browser
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from core.actor import Actor, Role
from core.db import begin_write
from core.people import queries, sessions, sign_in_links, throttle
from core.people import sign_in as signing
from core.people.models import Person
from core.people.throttle import Limit, Throttled
from i18n.catalogue import gettext as _
from i18n.locales import ENABLED
from storefront.access import public
from storefront.account import mail, next_page
from storefront.account.forms import AskLinkForm, SignInForm
from storefront.extensions import db, settings
from storefront.messages import error_sentence
from storefront.rendering import render_page
from storefront.request_context import LOCALE_COOKIE, remembered_locale, sign_in_cookie

log = logging.getLogger(__name__)

_A_YEAR = 31_536_000
_ASK_LIMIT = Limit(tries=5, window=timedelta(hours=1))


@public
def sign_in() -> ResponseReturnValue:
    """Ask for e-mail or phone and password; the answer never tells which of them is wrong."""
    form = SignInForm(request.form)
    wanted = request.values.get("next", "")
    if request.method == "GET":
        return _sign_in_page(form, wanted)
    if not form.validate():
        return _sign_in_page(form, wanted, status=422)
    session = db.session()
    keys = signing.throttle_keys(form.identifier.data, request.remote_addr or "")
    try:
        for key in keys:
            throttle.spend(session, key, signing.LIMIT, now=g.now)
    except Throttled as refusal:
        session.rollback()
        log.warning("sign-in throttled")
        page = make_response(
            _sign_in_page(form, wanted, status=429, refusal=error_sentence(refusal))
        )
        page.headers["Retry-After"] = str(refusal.retry_after)
        return page
    session.commit()  # the try counts whatever happens next, and no lock is held while hashing
    person = signing.find_by_password(session, form.identifier.data, form.password.data)
    person_id = person.id if person is not None else None
    session.rollback()
    if person_id is None:
        log.warning("sign-in refused")
        refusal_text = _("E-mail, telephone number or password is not right.")
        return _sign_in_page(form, wanted, status=422, refusal=refusal_text)
    begin_write(session)
    throttle.forget(session, keys[0])
    throttle.refund(session, keys[1])
    found = queries.get_person(session, person_id)
    signing.renew_hash(found, form.password.data)
    return _let_in(found, wanted, by_link=False)


@public
def sign_out() -> ResponseReturnValue:
    """End this device's session; harmless for somebody who is not signed in."""
    session = db.session()
    if g.session_id is not None:
        sessions.revoke(session, g.session_id, person_id=g.actor.person_id, now=g.now)
        session.commit()
    browser.clear()
    flash(_("You are signed out."), "good")
    answer = redirect(url_for("account.sign_in"), 303)
    answer.delete_cookie(
        sign_in_cookie(), path="/", secure=settings().is_secure, httponly=True, samesite="Lax"
    )
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@public
def ask_link() -> ResponseReturnValue:
    """Send a one-time link to somebody who forgot the password; same answer for everybody."""
    form = AskLinkForm(request.form)
    if request.method == "GET":
        return render_page("account/ask_link.html", form=form, sent=False)
    if not form.validate():
        return render_page("account/ask_link.html", 422, form=form, sent=False)
    session = db.session()
    for key in signing.throttle_keys(form.identifier.data, request.remote_addr or ""):
        throttle.spend(session, f"link-{key}", _ASK_LIMIT, now=g.now)
    person = queries.find_person(session, form.identifier.data)
    if person is not None and person.email and person.disabled_at is None:
        token = sign_in_links.issue_link(
            session,
            person.id,
            actor=Actor.system("account"),
            now=g.now,
            valid_for=sign_in_links.BY_MAIL,
        )
        mail.queue_link(session, person, token, now=g.now)
    session.commit()
    return render_page("account/ask_link.html", form=form, sent=True)


@public
def use_link(token: str) -> ResponseReturnValue:
    """Show whom the link signs in; only the button uses it up, so a mail scanner cannot."""
    session = db.session()
    if request.method == "GET":
        person = sign_in_links.find_link(session, token, now=g.now)
        if person is None:
            return render_page("account/dead_link.html", 410)
        return render_page("account/use_link.html", person_name=person.full_name)
    person = sign_in_links.consume_link(session, token, now=g.now)
    if person is None:
        session.rollback()
        return render_page("account/dead_link.html", 410)
    return _let_in(person, url_for("account.password"), by_link=True)


def _sign_in_page(
    form: SignInForm, wanted: str, *, status: int = 200, refusal: str = ""
) -> ResponseReturnValue:
    kept = wanted if next_page.is_safe(wanted) else ""
    return render_page("account/sign_in.html", status, form=form, wanted=kept, refusal=refusal)


def _let_in(person: Person, wanted: str, *, by_link: bool) -> Response:
    """Start a session under a new token, end the one this browser had, and go on."""
    session = db.session()
    if g.session_id is not None:
        sessions.revoke(session, g.session_id, person_id=g.actor.person_id, now=g.now)
    started = sessions.start_session(
        session, person, user_agent=request.user_agent.string, by_link=by_link, now=g.now
    )
    roles = frozenset(Role(membership.role) for membership in person.memberships)
    session.commit()
    browser.clear()  # a form token from before the sign-in must not work after it
    answer = redirect(next_page.after_sign_in(wanted, roles), 303)
    set_sign_in_cookie(answer, started)
    if remembered_locale() is None and person.locale in ENABLED:
        # The desks have no language in their address; a borrowed phone in English must not decide.
        answer.set_cookie(
            LOCALE_COOKIE,
            person.locale,
            max_age=_A_YEAR,
            path="/",
            secure=settings().is_secure,
            samesite="Lax",
        )
    return answer


def set_sign_in_cookie(answer: Response, started: sessions.StartedSession) -> None:
    """Hand the token to the browser: not readable by scripts, not sent with foreign forms."""
    answer.set_cookie(
        sign_in_cookie(),
        started.token,
        max_age=int((started.expires_at - g.now).total_seconds()),
        path="/",
        secure=settings().is_secure,
        httponly=True,
        samesite="Lax",
    )
