"""The office's pages to look at: figures as of today, certificates, drafts, the audit trail, feeds."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from catalog.certificates import revoke_certificate
from catalog.errors import InvalidFields
from catalog.queries.campaigns.desk import count_waiting_sign_ups
from catalog.queries.certificate_list import (
    count_claims,
    count_products_by_state,
    list_certificates,
)
from catalog.queries.certificates import get_certificate_page
from catalog.queries.endings import list_endings
from catalog.queries.ledger_lists import count_waiting_papers
from catalog.queries.office import (
    list_expiring_certificates,
    list_register_drafts,
    list_withheld,
)
from core import audit
from core.actor import Role
from core.people.permissions import require
from core.tasks import count_parked
from feeds.acknowledgements import list_overdue
from feeds.profiles import codes
from feeds.queries import partner_status
from i18n.catalogue import gettext as _
from orders.refunds import count_refunds_owed
from orders.transfers import count_awaited
from orders.voices.desks import count_waiting
from storefront.access import requires
from storefront.extensions import db, settings
from storefront.messages import problem_sentence
from storefront.reading import read_number, read_page
from storefront.rendering import render_page

_SHOWN = 50


@requires(Role.OFFICE)
def home() -> ResponseReturnValue:
    """What needs the office today, every figure computed from dates on the spot."""
    session = db.session()
    withheld = [
        (line, [problem_sentence(p.code, p.facts) for p in line.problems])
        for line in list_withheld(session, on=g.today)
    ]
    return render_page(
        "office/home.html",
        today=g.today,
        claims=count_claims(session, on=g.today),
        states=count_products_by_state(session),
        expiring=list_expiring_certificates(session, on=g.today)[:_SHOWN],
        withheld=withheld[:_SHOWN],
        withheld_count=len(withheld),
        overdue=list_overdue(session, now=g.now),
        endings=list_endings(session, on=g.today),
        waiting_papers=count_waiting_papers(session),
        awaited_count=count_awaited(session),
        owed_count=count_refunds_owed(session),
        said=count_waiting(session),
        parked_count=count_parked(session),
        sign_ups_waiting=count_waiting_sign_ups(session),
    )


@requires(Role.OFFICE)
def certificates() -> ResponseReturnValue:
    """Every recorded decision, searchable by number and product."""
    text, page = request.args.get("q", "")[:120], read_page(request.args.get("page", "1"))
    lines, more = list_certificates(db.session(), on=g.today, text=text, page=page)
    return render_page("office/certificates.html", lines=lines, text=text, page=page, more=more)


@requires(Role.OFFICE)
def revoke(certificate_id: int) -> ResponseReturnValue:
    """End a recognition from today, with the reason that everybody will be able to read."""
    session = db.session()
    require(g.actor, "certificate.revoke")
    page = get_certificate_page(session, certificate_id, locale=g.locale, on=g.today)
    reason = request.form.get("reason", "").strip()[:500]
    if request.method == "POST" and reason:
        try:
            revoke_certificate(
                session, certificate_id, reason=reason, actor=g.actor, on=g.today, now=g.now
            )
        except InvalidFields:
            session.rollback()
        else:
            session.commit()
            flash(_("The certificate is revoked. Its stars are gone from every page."), "good")
            return redirect(url_for("office.certificates"), 303)
    mistake = _("Write the reason.") if request.method == "POST" else ""
    return render_page(
        "office/revoke.html", 422 if mistake else 200, page=page, reason=reason, mistake=mistake
    )


@requires(Role.OFFICE)
def drafts() -> ResponseReturnValue:
    """Products known from a register that nobody has made a listing of."""
    number = read_number(request.args.get("after", "")) or 0
    lines = list_register_drafts(db.session(), after_id=number, limit=_SHOWN)
    return render_page("office/drafts.html", drafts=lines, more=len(lines) == _SHOWN)


@requires(Role.OFFICE)
def audit_trail() -> ResponseReturnValue:
    """Who did what, for whom, when."""
    require(g.actor, "audit.read")
    subject = request.args.get("subject", "").strip()[:80]
    entries = audit.list_entries(
        db.session(),
        subject=subject or None,
        before_id=read_number(request.args.get("before", "")),
        limit=_SHOWN,
    )
    return render_page(
        "office/audit.html", entries=entries, subject=subject, more=len(entries) == _SHOWN
    )


@requires(Role.OFFICE)
def feed_batches() -> ResponseReturnValue:
    """What went to supermarkets, and what they said."""
    session = db.session()
    partners = codes(settings().partners_dir)
    return render_page(
        "office/feeds.html",
        partners=[partner_status(session, code, now=g.now) for code in partners],
        now=g.now,
    )
