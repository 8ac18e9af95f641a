"""Photos and PDFs of papers: sent by the producer, looked at by the office, seen by nobody else."""

from __future__ import annotations

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from catalog.evidence import keeping
from catalog.evidence.receiving import UnusableCopy, file_of, receive_copy
from catalog.pictures.limits import MAX_FILE_BYTES
from catalog.pictures.store import StoreUnavailable
from core.db import begin_write
from core.people.permissions import allows
from i18n.catalogue import gettext as _
from storefront import uploads
from storefront.access import requires
from storefront.evidence import COPY_REFUSALS, copies_of
from storefront.extensions import db, settings
from storefront.picture_words import NOT_NOW
from storefront.producers import desk
from storefront.rendering import render_page

_SAFE_TYPES = {"picture": "image/jpeg", "pdf": "application/pdf"}
_POLICY = "default-src 'none'; sandbox"


@requires(*desk.TEAM)
def copies(subject: str, entry_id: int) -> ResponseReturnValue:
    """The copies of one paper, and a form to send another."""
    session = db.session()
    entry = keeping.find_entry(session, subject, entry_id)
    desk.may_see_producer(entry.producer_id)
    mistake = _take(entry) if request.method == "POST" else ""
    if request.method == "POST" and not mistake:
        flash(_("The copy is kept. Only you and the programme office can see it."), "good")
        return redirect(_address(subject, entry_id), 303)
    return render_page(
        "producers/ledger/copies.html",
        422 if mistake else 200,
        entry=keeping.find_entry(session, subject, entry_id),
        copies=keeping.list_copies(session, subject, entry_id),
        mistake=mistake,
        most=keeping.MOST_COPIES,
        may_remove=not entry.is_compared or allows(g.actor, "paper.check"),
        product_id=desk.product_to_return_to(),
    )


def _take(entry: keeping.EvidenceEntry) -> str:
    """Keep what was sent; returns what to say when it was not taken.

    While a picture is decoded nothing of the database is held.
    """
    sent = request.files.get("copy")
    if sent is None or not sent.filename:
        return _("Choose a file.")
    actor, session = desk.acting_for(entry.producer_id), db.session()
    session.rollback()
    try:
        received = receive_copy(copies_of(settings()), sent.stream.read(MAX_FILE_BYTES + 1))
        begin_write(session)
        keeping.add_copy(
            session, entry.subject, entry.id, received,
            file_name=uploads.short_name(sent.filename), actor=actor, now=g.now,
        )  # fmt: skip
        session.commit()
    except UnusableCopy as refusal:
        return str(COPY_REFUSALS[refusal.reason])
    except StoreUnavailable:
        session.rollback()
        return str(NOT_NOW)
    except keeping.TooManyCopies as refusal:
        session.rollback()
        return _("There are %(most)s copies already. Remove one first.", most=refusal.facts["most"])
    return ""


@requires(*desk.TEAM)
def copy_file(copy_id: int) -> ResponseReturnValue:
    """The file itself, for its producer and the office: a picture to look at, a PDF only to keep."""
    found = keeping.find_copy(db.session(), copy_id, actor=g.actor)
    content = copies_of(settings()).read(file_of(found.digest, found.kind))
    if content is None:
        raise keeping.CopyNotFound(copy_id=copy_id)
    shown = "inline" if found.kind == "picture" else "attachment"
    ending = file_of(found.digest, found.kind).rpartition(".")[2]
    return Response(
        content,
        mimetype=_SAFE_TYPES[found.kind],
        headers={
            "Content-Disposition": f'{shown}; filename="paper-{copy_id}.{ending}"',
            "Content-Security-Policy": _POLICY,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


@requires(*desk.TEAM)
def remove_copy(copy_id: int) -> ResponseReturnValue:
    """Take a copy away, and its file with it."""
    session = db.session()
    found = keeping.find_copy(session, copy_id, actor=g.actor)
    actor = desk.acting_for(found.producer_id)
    keeping.remove_copy(session, copy_id, actor=actor, now=g.now)
    subject, entry_id = keeping.subject_of(found)
    digest, kind = found.digest, found.kind
    session.commit()
    keeping.drop_file(session, copies_of(settings()), digest, kind)
    flash(_("The copy is removed."), "good")
    return redirect(_address(subject, entry_id), 303)


def _address(subject: str, entry_id: int) -> str:
    return url_for(
        "producers.copies", subject=subject, entry_id=entry_id, product=desk.product_to_return_to()
    )
