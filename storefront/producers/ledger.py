"""The producer's own papers with the time left, and entering those other than OCOP decisions."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from catalog.errors import AlreadyRecorded, InvalidFields
from catalog.evidence.keeping import count_copies
from catalog.papers import record_paper
from catalog.producers import find_producer
from catalog.queries.endings import list_endings
from catalog.queries.ledger_lists import list_licences, list_papers
from catalog.queries.own_products import list_own_products
from catalog.rules.marks import MARKET_PAPER
from core.actor import Role
from i18n.catalogue import gettext as _
from storefront.access import requires
from storefront.extensions import db
from storefront.producers import desk
from storefront.producers.ledger_forms import FORMS, offered
from storefront.reading import read_page
from storefront.rendering import render_page


@requires(*desk.TEAM)
def own_papers(producer_id: int) -> ResponseReturnValue:
    """Everything the producer holds, and what ends soon."""
    desk.may_see_producer(producer_id)
    session = db.session()
    number = read_page(request.args.get("page", "1"))
    papers, more = list_papers(session, on=g.today, producer_id=producer_id, page=number)
    licences = list_licences(session, on=g.today, producer_id=producer_id)
    products = list_own_products(session, [producer_id], on=g.today)
    stars = [one.claim.certificate_id for one in products if one.claim is not None]
    return render_page(
        "producers/ledger/papers.html",
        producer=find_producer(session, producer_id),
        endings=list_endings(session, on=g.today, producer_ids=[producer_id]),
        papers=papers,
        more=more,
        page=number,
        licences=licences,
        products=products,
        copy_counts={
            "paper": count_copies(session, "paper", [line.id for line in papers]),
            "licence": count_copies(session, "licence", [line.id for line in licences]),
            "certificate": count_copies(session, "certificate", stars),
        },
        today=g.today,
    )


@requires(*desk.TEAM)
def add_paper(producer_id: int, family: str) -> ResponseReturnValue:
    """Enter a certificate of a scheme, an award, or what a market asks for."""
    desk.may_see_producer(producer_id)
    if family not in FORMS:
        raise NotFound
    session = db.session()
    form = desk.make_form(FORMS[family])
    products = list_own_products(session, [producer_id], on=g.today)
    form.product_id.choices = offered(
        [("", _("All of them, or the whole site")), *((str(p.id), p.name) for p in products)]
    )
    if request.method == "POST" and form.validate() and (kept := _keep(producer_id, form)):
        if g.actor.has(Role.OFFICE):
            flash(_("Recorded and checked."), "good")
        else:
            flash(_("Recorded. The programme office compares it with the original."), "good")
        return redirect(url_for("producers.copies", subject="paper", entry_id=kept), 303)
    return render_page(
        "producers/ledger/add.html",
        422 if form.errors else 200,
        form=form,
        family=family,
        producer=find_producer(session, producer_id),
    )


def _keep(producer_id: int, form: Any) -> int | None:
    """Record the paper; returns its row, None when something in the form is wrong."""
    session = db.session()
    values: dict[str, Any] = {name: field.data or None for name, field in form._fields.items()}  # noqa: SLF001
    values.setdefault("kind", MARKET_PAPER)
    values["product_id"] = int(values["product_id"]) if values["product_id"] else None
    try:
        paper = record_paper(
            session,
            producer_id,
            actor=desk.acting_for(producer_id),
            on=g.today,
            now=g.now,
            **values,
        )
    except InvalidFields as refusal:
        session.rollback()
        desk.show_mistakes(form, refusal)
        return None
    except AlreadyRecorded:
        session.rollback()
        form.number.errors = [_("This paper is recorded already.")]
        return None
    number = paper.id
    session.commit()
    return number
