"""Saying what happened to a lot, taking it back, and calling goods back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from catalog.errors import InvalidFields
from catalog.lots.errors import AlreadyCorrected, AlreadyRecalled, EventRefused
from catalog.lots.recalls import end_recall as close_recall
from catalog.lots.recalls import load_recall
from catalog.lots.recording import Flow, NewEvent, NewLot, create_lot, record_event
from catalog.models import Lot
from catalog.queries.lots import list_lots
from core.errors import NotFound
from core.people.permissions import require
from feeds.profiles import codes
from i18n.catalogue import gettext as _
from orders.recalls import start_recall
from storefront import lot_words
from storefront.access import requires
from storefront.extensions import db, settings
from storefront.producers import desk
from storefront.producers.lot_forms import MadeFromForm, MadeIntoForm, RecallForm, SentForm
from storefront.producers.lots import (
    download,
    flash_warnings,
    moment_of,
    own_lot,
    show_mistakes,
)
from storefront.recall_words import DANGER_NAMES
from storefront.recalls import counts, load_report, report_csv
from storefront.rendering import render_page


@requires(*desk.TEAM)
def lot_event(lot_id: int, kind: str) -> ResponseReturnValue:
    """Ask about one thing that happened to a lot and add it."""
    if kind not in _ASKED:
        raise NotFound(kind=kind)
    lot = own_lot(lot_id)
    form_kind, offer, tell = _ASKED[kind]
    form = desk.make_form(form_kind, {"happened_on": g.today, "unit": lot.unit})
    offer(form, lot)
    if request.method == "POST" and form.validate():
        session = db.session()
        actor = desk.acting_for(lot.producer_id)
        try:
            event = tell(lot, form, actor)
            recorded = record_event(
                session, lot.producer_id, event, actor=actor, on=g.today, now=g.now
            )
        except InvalidFields as refusal:
            session.rollback()
            show_mistakes(form, refusal)
            lot = own_lot(lot_id)
        except EventRefused as refusal:
            session.rollback()
            _show_problems(form, refusal)
            lot = own_lot(lot_id)
        else:
            session.commit()
            desk.saved()
            flash_warnings([warning.code for warning in recorded.warnings])
            return redirect(url_for("producers.lot", lot_id=lot_id), 303)
    return render_page(
        "producers/lot_event.html",
        422 if form.errors else 200,
        form=form,
        lot=lot,
        kind=kind,
        words=lot_words,
    )


def _offer_sources(form: MadeFromForm, lot: Lot) -> None:
    others = list_lots(db.session(), producer_ids=[lot.producer_id], on=g.today, limit=100)
    form.offer_lots(
        (other.id, f"{other.name}, {other.number} ({lot_words.amount(other.left, other.unit)})")
        for other in others
        if other.id != lot.id and other.left > 0 and other.state != "recalled"
    )


def _made_from(lot: Lot, form: MadeFromForm, _actor: Any) -> NewEvent:
    source = own_lot(int(form.source.data))
    return NewEvent(
        "pack" if lot.package_id is not None else "process",
        moment_of(form.happened_on.data),
        inputs=(Flow(source.id, form.used.data, source.unit),),
        outputs=(Flow(lot.id, lot.quantity, lot.unit),),
        place=lot.place,
    )


def _made_into(lot: Lot, form: MadeIntoForm, actor: Any) -> NewEvent:
    made = create_lot(
        db.session(),
        lot.producer_id,
        NewLot(
            form.quantity.data,
            form.unit.data,
            material=form.material.data,
            produced_on=form.happened_on.data,
            place=lot.place,
        ),
        actor=actor,
        on=g.today,
        now=g.now,
    )
    return NewEvent(
        "process",
        moment_of(form.happened_on.data),
        inputs=(Flow(lot.id, form.used.data, lot.unit),),
        outputs=(Flow(made.id, made.quantity, made.unit),),
        place=lot.place,
    )


def _sent(lot: Lot, form: SentForm, _actor: Any) -> NewEvent:
    return NewEvent(
        "ship",
        moment_of(form.happened_on.data),
        inputs=(Flow(lot.id, Decimal(form.quantity.data), lot.unit),),
        party=form.party.data,
        partner=form.partner.data or None,
        document=form.document.data,
    )


def _no_offer(_form: Any, _lot: Lot) -> None:
    """Nothing to choose from."""


def _offer_partners(form: SentForm, _lot: Lot) -> None:
    form.offer_partners(codes(settings().partners_dir))


_ASKED: dict[str, tuple[Any, Any, Any]] = {
    "made-from": (MadeFromForm, _offer_sources, _made_from),
    "made-into": (MadeIntoForm, _no_offer, _made_into),
    "sent": (SentForm, _offer_partners, _sent),
}


def _show_problems(form: Any, refusal: EventRefused) -> None:
    sentences = {
        "in_future": _("This day has not come yet."),
        "party_missing": _("Write to whom it went."),
        "not_positive": _("This must be more than zero."),
        "into_itself": _("A lot cannot be made from itself."),
    }
    field = form["happened_on"] if "happened_on" in form else next(iter(form))
    field.errors = [
        sentences.get(problem.code) or problem.code.replace("_", " ")
        for problem in refusal.problems
    ]


@requires(*desk.TEAM)
def strike_event(lot_id: int, event_id: int) -> ResponseReturnValue:
    """Say that something never happened; it stays in the books, struck out."""
    lot = own_lot(lot_id)
    session = db.session()
    try:
        record_event(
            session, lot.producer_id, NewEvent("void", g.now, corrects_id=event_id),
            actor=desk.acting_for(lot.producer_id), on=g.today, now=g.now,
        )  # fmt: skip
    except AlreadyCorrected:
        session.rollback()
    session.commit()
    flash(_("It is struck out. Write down what really happened."), "good")
    return redirect(url_for("producers.lot", lot_id=lot_id), 303)


@requires(*desk.TEAM)
def recall_lot(lot_id: int) -> ResponseReturnValue:
    """Call a lot back, with everything made from it."""
    lot = own_lot(lot_id)
    form = desk.make_form(RecallForm)
    if request.method == "POST" and form.validate():
        session = db.session()
        try:
            recall = start_recall(
                session,
                lot_id,
                reason=form.reason.data,
                advice=form.advice.data,
                danger=form.danger.data,
                actor=desk.acting_for(lot.producer_id),
                on=g.today,
                now=g.now,
            )
        except AlreadyRecalled:
            session.rollback()
            flash(_("This lot is called back already."), "bad")
            return redirect(url_for("producers.lot", lot_id=lot_id), 303)
        session.commit()
        flash(_("The lot is called back. Buyers with an e-mail address are being told."), "good")
        return redirect(url_for("producers.recall", recall_id=recall.id), 303)
    return render_page("producers/recall_lot.html", 422 if form.errors else 200, form=form, lot=lot)


@requires(*desk.TEAM)
def recall(recall_id: int) -> ResponseReturnValue:
    """One recall: everybody it reaches, and who has to be telephoned."""
    report = _report(recall_id)
    return render_page(
        "producers/recall.html",
        report=report,
        places=counts(report),
        words=lot_words,
        danger_names=DANGER_NAMES,
    )


@requires(*desk.TEAM)
def recall_csv(recall_id: int) -> ResponseReturnValue:
    """The same list as a file."""
    return download(report_csv(_report(recall_id)), "text/csv", f"recall-{recall_id}.csv")


@requires(*desk.TEAM)
def end_recall(recall_id: int) -> ResponseReturnValue:
    """End a recall, with the reason."""
    session = db.session()
    producer_id = load_recall(session, recall_id).producer_id
    require(g.actor, "lot.recall", producer_id=producer_id)
    try:
        close_recall(
            session, recall_id, reason=request.form.get("reason", "")[:500],
            actor=desk.acting_for(producer_id), now=g.now,
        )  # fmt: skip
    except InvalidFields:
        session.rollback()
        flash(_("Write the reason."), "bad")
    else:
        session.commit()
        flash(_("The recall is ended."), "good")
    return redirect(url_for("producers.recall", recall_id=recall_id), 303)


def _report(recall_id: int) -> Any:
    session = db.session()
    require(g.actor, "lot.recall", producer_id=load_recall(session, recall_id).producer_id)
    return load_report(session, recall_id)
