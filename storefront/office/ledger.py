"""The office's work on papers and licences: comparing with the original, suspending, lifting, revoking."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from catalog import standing
from catalog.errors import InvalidFields
from catalog.evidence.keeping import list_copies
from catalog.models import Licence, Paper, ProtectedName
from catalog.papers import check_paper
from catalog.queries.ledger_lists import count_waiting_papers, list_papers
from catalog.queries.ledger_pages import (
    LedgerPage,
    RightPage,
    get_licence_page,
    get_paper_page,
    get_right_page,
)
from core.actor import Role
from core.people.permissions import require
from i18n.catalogue import gettext as _
from storefront.access import requires
from storefront.extensions import db
from storefront.office.ledger_forms import RevokeForm, SuspendForm
from storefront.reading import read_page
from storefront.rendering import render_page


@requires(Role.OFFICE)
def papers() -> ResponseReturnValue:
    """Every paper, searchable; those that nobody has compared with the original first if asked."""
    text, waiting = request.args.get("q", "")[:120], request.args.get("waiting") == "1"
    page = read_page(request.args.get("page", "1"))
    session = db.session()
    lines, more = list_papers(session, on=g.today, text=text, waiting=waiting, page=page)
    return render_page(
        "office/ledger/papers.html",
        lines=lines,
        more=more,
        text=text,
        waiting=waiting,
        waiting_count=count_waiting_papers(session),
        page=page,
        today=g.today,
    )


@requires(Role.OFFICE)
def entry(subject: str, entry_id: int) -> ResponseReturnValue:
    """A paper, licence or right with everything that may be done about it."""
    return _render(subject, entry_id, SuspendForm(), RevokeForm(), 200)


@requires(Role.OFFICE)
def check(paper_id: int) -> ResponseReturnValue:
    """Note that the paper has been compared with its original."""
    session = db.session()
    check_paper(session, paper_id, actor=g.actor, on=g.today, now=g.now)
    session.commit()
    flash(_("Noted. Its badge is shown while the paper is in force."), "good")
    return redirect(url_for("office.entry", subject="paper", entry_id=paper_id), 303)


@requires(Role.OFFICE)
def suspend(subject: str, entry_id: int) -> ResponseReturnValue:
    """Take its effect away for some days."""
    form = SuspendForm(request.form)
    if form.validate():
        session = db.session()
        try:
            standing.suspend(
                session,
                subject,
                entry_id,
                starts_on=form.starts_on.data,
                ends_on=form.ends_on.data,
                reason=form.reason.data,
                actor=g.actor,
                on=g.today,
                now=g.now,
            )
        except InvalidFields:
            session.rollback()
            if form.reason.data.strip():
                form.ends_on.errors = [_("This is before the first day.")]
            else:
                form.reason.errors = [_("Write the reason.")]
        else:
            session.commit()
            flash(_("Suspended. It shows nothing on these days."), "good")
            return _back(subject, entry_id)
    return _render(subject, entry_id, form, RevokeForm(), 422)


@requires(Role.OFFICE)
def lift(suspension_id: int) -> ResponseReturnValue:
    """Let it count again from today."""
    session = db.session()
    row = standing.lift(session, suspension_id, actor=g.actor, on=g.today, now=g.now)
    session.commit()
    flash(_("Lifted. It counts again from today."), "good")
    ids = {"paper": row.paper_id, "licence": row.licence_id, "right": row.protected_name_id}
    subject, entry_id = next((name, number) for name, number in ids.items() if number)
    return _back(subject, entry_id or 0)


@requires(Role.OFFICE)
def revoke(subject: str, entry_id: int) -> ResponseReturnValue:
    """End it from today, for good."""
    form = RevokeForm(request.form)
    if form.validate():
        session = db.session()
        try:
            standing.revoke(
                session,
                subject,
                entry_id,
                reason=form.why.data,
                actor=g.actor,
                on=g.today,
                now=g.now,
            )
        except InvalidFields:
            session.rollback()
            form.why.errors = [_("Write the reason.")]
        else:
            session.commit()
            flash(_("Revoked. It stays readable with its reason."), "good")
            return _back(subject, entry_id)
    return _render(subject, entry_id, SuspendForm(), form, 422)


def _back(subject: str, entry_id: int) -> ResponseReturnValue:
    return redirect(url_for("office.entry", subject=subject, entry_id=entry_id), 303)


def _render(
    subject: str, entry_id: int, suspending: Any, revoking: Any, status: int
) -> ResponseReturnValue:
    require(g.actor, "paper.suspend")
    page = _find(subject, entry_id)
    return render_page(
        "office/ledger/entry.html",
        status,
        subject=subject,
        entry_id=entry_id,
        page=page,
        it=page.right if isinstance(page, RightPage) else page,
        copies=()
        if isinstance(page, RightPage)
        else list_copies(db.session(), page.subject, page.id),
        suspending=suspending,
        revoking=revoking,
        today=g.today,
    )


def _find(subject: str, entry_id: int) -> LedgerPage | RightPage:
    session = db.session()
    row = standing.find_entry(session, subject, entry_id)
    if isinstance(row, Paper):
        return get_paper_page(session, row.id, locale=g.locale, on=g.today, for_office=True)
    if isinstance(row, Licence):
        return get_licence_page(session, row.id, locale=g.locale, on=g.today)
    if isinstance(row, ProtectedName):
        return get_right_page(session, row.kind, row.number, on=g.today)
    raise NotFound
