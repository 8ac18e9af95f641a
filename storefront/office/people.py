"""Who may sign in: the list, a one-time link for somebody, and shutting somebody out."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from core.actor import Role
from core.people import queries, registration, sign_in_links
from core.people.permissions import require
from i18n.catalogue import gettext as _
from i18n.locales import DEFAULT, ENABLED
from storefront.access import requires
from storefront.extensions import db, settings
from storefront.reading import read_page
from storefront.rendering import render_page

_PER_PAGE = 50


@requires(Role.OFFICE)
def people_list() -> ResponseReturnValue:
    """Everybody who may sign in, with roles and when they were last here."""
    require(g.actor, "person.manage")
    session = db.session()
    page = read_page(request.args.get("page", "1"))
    rows = queries.list_people(session, page=page, per_page=_PER_PAGE)
    count = queries.count_people(session)
    return render_page(
        "office/people.html", people=rows, count=count, page=page, more=page * _PER_PAGE < count
    )


@requires(Role.OFFICE)
def issue_link(person_id: int) -> ResponseReturnValue:
    """Make a one-time sign-in link and show it once, to be handed over."""
    require(g.actor, "person.manage")
    session = db.session()
    person = queries.get_person(session, person_id)
    token = sign_in_links.issue_link(session, person_id, actor=g.actor, now=g.now)
    session.commit()
    locale = person.locale if person.locale in ENABLED else DEFAULT
    path = url_for("account.use_link", token=token, locale=locale)
    return render_page("office/link.html", person=person, link=settings().base_url + path)


@requires(Role.OFFICE)
def disable(person_id: int) -> ResponseReturnValue:
    """Shut somebody out at once; nobody shuts themselves out by mistake."""
    session = db.session()
    if person_id == g.actor.person_id:
        flash(_("This is your own account."), "bad")
    else:
        registration.disable_person(session, person_id, actor=g.actor, now=g.now)
        session.commit()
        flash(_("This person cannot sign in any more."), "good")
    return redirect(url_for("office.people"), 303)
