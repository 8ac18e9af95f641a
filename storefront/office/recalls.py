"""The office's view of recalls, and the way to any lot."""

from __future__ import annotations

from flask import g, request
from flask.typing import ResponseReturnValue

from catalog.lots.recalls import list_recalls
from catalog.queries.lots import list_lots
from core.actor import Role
from storefront import lot_words
from storefront.access import requires
from storefront.extensions import db
from storefront.rendering import render_page


@requires(Role.OFFICE)
def recalls() -> ResponseReturnValue:
    """All recalls, running ones first, and lots found by their number."""
    session = db.session()
    text = request.args.get("q", "").strip()[:20]
    return render_page(
        "office/recalls.html",
        recalls=list_recalls(session),
        text=text,
        lots=list_lots(session, text=text, on=g.today) if text else [],
        words=lot_words,
    )
