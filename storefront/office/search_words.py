"""What people searched in vain, and the words the office teaches the search."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from catalog.search import teaching
from core.actor import Role
from core.people.permissions import require
from i18n.catalogue import gettext as _
from storefront.access import requires
from storefront.extensions import db
from storefront.rendering import render_page


@requires(Role.OFFICE)
def search_words() -> ResponseReturnValue:
    """The weekly list of proposals, and every line of words taught so far."""
    require(g.actor, "search.teach")
    session = db.session()
    return render_page(
        "office/search_words.html",
        proposals=teaching.propose(session, on=g.today),
        taught=teaching.list_words(session),
        longest=teaching.MAX_LENGTH,
    )


@requires(Role.OFFICE)
def teach() -> ResponseReturnValue:
    """Add a line of words that mean the same."""
    parts = [request.form.get("asked", ""), *request.form.get("words", "").split("|")]
    line = " | ".join(part.strip() for part in parts if part.strip())
    try:
        teaching.teach(db.session(), line, actor=g.actor, now=g.now)
    except teaching.TooFewSpellings:
        db.session().rollback()
        flash(_("Write two to twelve different words with | between them."), "bad")
    except teaching.WordsKnown:
        db.session().rollback()
        flash(_("The search knows these words already."), "good")
    else:
        db.session().commit()
        flash(_("The search will know these words in a few seconds."), "good")
    return redirect(url_for("office.search_words"), 303)


@requires(Role.OFFICE)
def settle() -> ResponseReturnValue:
    """Take a question off the list."""
    teaching.settle(db.session(), request.form.get("asked", ""), actor=g.actor)
    db.session().commit()
    flash(_("It is off the list."), "good")
    return redirect(url_for("office.search_words"), 303)


@requires(Role.OFFICE)
def unteach(words_id: int) -> ResponseReturnValue:
    """Take a line of words back."""
    teaching.unteach(db.session(), words_id, actor=g.actor, now=g.now)
    db.session().commit()
    flash(_("The words are taken back."), "good")
    return redirect(url_for("office.search_words"), 303)
