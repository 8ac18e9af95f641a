"""A supermarket's pages: its batches, the state of every item, files to fetch, answers to give."""

from __future__ import annotations

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from core.actor import Role
from core.people.permissions import require
from feeds.acknowledgements import apply_file
from feeds.profiles import codes
from feeds.queries import BatchMissing, get_batch_page, get_file, list_batches, partner_status
from feeds.rules.answers import COLUMNS, MAX_BYTES, Mistake
from i18n.catalogue import gettext as _
from storefront.access import requires
from storefront.extensions import db, settings
from storefront.partners.faults import fault_sentence
from storefront.rendering import render_page

TEAM = (Role.PARTNER, Role.OFFICE)
_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
}


@requires(*TEAM)
def home() -> ResponseReturnValue:
    """The person's supermarkets; with only one, straight to it."""
    own = sorted(g.actor.partner_codes)
    if g.actor.has(Role.OFFICE):
        own = codes(settings().partners_dir)
    if len(own) == 1:
        return redirect(url_for("partners.batches", partner=own[0]), 303)
    return render_page("partners/home.html", partners=own)


@requires(*TEAM)
def batches(partner: str) -> ResponseReturnValue:
    """What was sent, what became of it, and what is held back with reasons."""
    _may("feed.view", partner)
    session = db.session()
    return render_page(
        "partners/batches.html",
        partner=partner,
        summary=partner_status(session, partner, now=g.now),
        batches=list_batches(session, partner),
        now=g.now,
    )


@requires(*TEAM)
def batch(partner: str, number: int) -> ResponseReturnValue:
    """One batch: every line with its state and the reason given, and the files."""
    _may("feed.view", partner)
    page = get_batch_page(db.session(), partner, number)
    return render_page(
        "partners/batch.html",
        partner=partner,
        page=page,
        faults=[fault_sentence(fault) for fault in page.batch.faults],
        may_fetch=g.actor.has(Role.OFFICE) or page.batch.is_fit_for_partner,
    )


@requires(*TEAM)
def batch_file(partner: str, number: int, name: str) -> ResponseReturnValue:
    """The bytes of a file exactly as they were sent; one that may not be sent is for the office only."""
    _may("feed.view", partner)
    only_fit = not g.actor.has(Role.OFFICE)
    content = get_file(db.session(), partner, number, name, only_fit=only_fit)
    kind = _TYPES.get(name.rsplit(".", 1)[-1], "application/octet-stream")
    answer = Response(content, mimetype=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@requires(*TEAM)
def acknowledge(partner: str) -> ResponseReturnValue:
    """Take an answer file by hand, for a supermarket without an automatic way."""
    _may("feed.acknowledge", partner)
    if request.method == "GET":
        return render_page(
            "partners/acknowledge.html", partner=partner, columns=COLUMNS, mistake=""
        )
    sent = request.files.get("file")
    raw = sent.read(MAX_BYTES + 1) if sent is not None else b""
    if not raw:
        mistake = _("Choose a file.")
        return render_page(
            "partners/acknowledge.html", 422, partner=partner, columns=COLUMNS, mistake=mistake
        )
    session = db.session()
    name = _plain_name(sent.filename if sent is not None else None)
    report = apply_file(session, partner, name=name, raw=raw, now=g.now)
    session.commit()
    if report.outcome == "received_before":
        flash(_("This file was received before; nothing changed."), "good")
    return render_page(
        "partners/answer.html",
        200 if report.outcome in ("applied", "nothing_new", "received_before") else 422,
        partner=partner,
        report=report,
        mistakes=[(row.row, answer_sentence(row)) for row in report.reported],
    )


def answer_sentence(row: Mistake) -> str:
    """Why a row of an answer file was not booked."""
    sentences = {
        "too_large": _("The file is too large."),
        "not_utf8": _("The file is not written in UTF-8."),
        "columns_missing": _("These columns are missing: %(found)s.", found=row.found),
        "not_csv": _("The file is not a CSV file."),
        "batch_not_a_number": _("“%(found)s” is not the number of a batch.", found=row.found),
        "line_not_a_number": _("“%(found)s” is not the number of a line.", found=row.found),
        "state_unknown": _(
            "“%(found)s” is not one of received, accepted, rejected.", found=row.found
        ),
    }
    known = sentences.get(row.code)
    if known is not None:
        return known
    return _(
        "%(found)s was not booked (%(code)s).", found=row.found, code=row.code.replace("_", " ")
    )


def _may(action: str, partner: str) -> None:
    """Refuse other supermarkets' names like names that do not exist."""
    require(g.actor, action, partner=partner)
    if partner not in codes(settings().partners_dir):
        raise BatchMissing(partner=partner, number=0)


def _plain_name(sent: str | None) -> str:
    kept = "".join(c for c in (sent or "") if c.isalnum() or c in "._-")
    return kept[-100:] or "upload.csv"
