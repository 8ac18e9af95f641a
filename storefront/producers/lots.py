"""The producer's lots: write one down, say what happened, print its labels."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from catalog.errors import InvalidFields
from catalog.lots.errors import LotNumberTaken
from catalog.lots.recalls import list_recalls
from catalog.lots.recording import Flow, NewEvent, NewLot, create_lot, record_event
from catalog.models import Lot
from catalog.producers import find_producer
from catalog.queries.lot_page import address_of
from catalog.queries.lots import list_lots, list_packages, load_lot, recalled_lots, steps_around
from catalog.rules.traceability import LotFacts, lot_state
from core.clock import VIETNAM
from core.people.permissions import require
from i18n.catalogue import gettext as _
from orders.tracing import sent_of
from storefront import lot_words
from storefront.access import requires
from storefront.extensions import db, settings
from storefront.producers import desk
from storefront.producers.lot_forms import BroughtInForm, NewLotForm
from storefront.reading import read_number
from storefront.rendering import render_page


@requires(*desk.TEAM)
def lots() -> ResponseReturnValue:
    """The lots of the person's producers, the newest first, and recalls that run."""
    session = db.session()
    shown = list_lots(
        session,
        producer_ids=g.actor.producer_ids,
        on=g.today,
        before_id=read_number(request.args.get("before", "")),
    )
    return render_page(
        "producers/lots.html",
        lots=shown,
        producers=[find_producer(session, number) for number in sorted(g.actor.producer_ids)],
        recalls=list_recalls(session, producer_ids=sorted(g.actor.producer_ids)),
        words=lot_words,
    )


@requires(*desk.TEAM)
def new_lot(producer_id: int) -> ResponseReturnValue:
    """Write down a lot of finished goods: what, when, how many."""
    desk.may_see_producer(producer_id)
    session = db.session()
    form = desk.make_form(NewLotForm, {"produced_on": g.today})
    form.offer_packages(list_packages(session, producer_id))
    if request.method == "POST" and form.validate():
        try:
            lot = create_lot(
                session,
                producer_id,
                NewLot(
                    form.quantity.data,
                    package_id=int(form.package.data),
                    number=form.number.data,
                    produced_on=form.produced_on.data,
                    expires_on=form.expires_on.data,
                    place=form.place.data,
                    area_code=form.area_code.data,
                ),
                actor=desk.acting_for(producer_id),
                on=g.today,
                now=g.now,
            )
        except InvalidFields as refusal:
            session.rollback()
            show_mistakes(form, refusal)
        except LotNumberTaken:
            session.rollback()
            form.number.errors = [_("You have a lot of these goods with that number.")]
        else:
            session.commit()
            desk.saved()
            return redirect(url_for("producers.lot", lot_id=lot.id), 303)
    return render_page(
        "producers/new_lot.html",
        422 if form.errors else 200,
        form=form,
        producer=find_producer(session, producer_id),
    )


@requires(*desk.TEAM)
def brought_in(producer_id: int) -> ResponseReturnValue:
    """Write down something harvested, caught or bought: a lot and how it came in, together."""
    desk.may_see_producer(producer_id)
    session = db.session()
    form = desk.make_form(BroughtInForm, {"happened_on": g.today, "unit": "kg"})
    if request.method == "POST" and form.validate():
        actor = desk.acting_for(producer_id)
        day = form.happened_on.data
        try:
            lot = create_lot(
                session,
                producer_id,
                NewLot(
                    form.quantity.data,
                    form.unit.data,
                    material=form.material.data,
                    produced_on=day,
                    place=form.place.data,
                    area_code=form.area_code.data,
                ),
                actor=actor,
                on=g.today,
                now=g.now,
            )
        except InvalidFields as refusal:
            session.rollback()
            show_mistakes(form, refusal)
        else:
            event = NewEvent(
                form.kind.data,
                moment_of(day),
                outputs=(Flow(lot.id, lot.quantity, lot.unit),),
                party=form.party.data,
                place=lot.place,
            )
            record_event(session, producer_id, event, actor=actor, on=g.today, now=g.now)
            session.commit()
            desk.saved()
            return redirect(url_for("producers.lot", lot_id=lot.id), 303)
    return render_page(
        "producers/brought_in.html",
        422 if form.errors else 200,
        form=form,
        producer=find_producer(session, producer_id),
    )


@requires(*desk.TEAM)
def lot(lot_id: int) -> ResponseReturnValue:
    """One lot: where it came from, where it went, and what to write down next."""
    found = own_lot(lot_id)
    session = db.session()
    back, forward = steps_around(session, lot_id)
    recalled = recalled_lots(session, [lot_id])
    facts = LotFacts(
        found.id, found.number, found.produced_on, found.expires_on, found.expiry_kind,
        bool(recalled),
    )  # fmt: skip
    return render_page(
        "producers/lot.html",
        lot=found,
        back=back,
        forward=[step for step in forward if step.kind != "recall"],
        state=lot_state(facts, g.today),
        recall_id=recalled.get(lot_id),
        in_orders=sent_of(session, [lot_id]).get(lot_id, 0),
        address=settings().base_url + address_of(found),
        words=lot_words,
    )


@requires(*desk.TEAM)
def labels(lot_id: int) -> ResponseReturnValue:
    """A sheet of labels as PDF."""
    from catalog.lots.labels import MOST_LABELS, SHEETS, label_sheet
    from storefront.lot_labels import label_of

    found = own_lot(lot_id)
    name = request.args.get("sheet", "24")
    sheet = SHEETS.get(name) or SHEETS["24"]
    asked = request.args.get("count", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else sheet.count
    content = label_sheet(
        label_of(found, settings().base_url), sheet, max(1, min(number, MOST_LABELS)), now=g.now
    )
    return download(content, "application/pdf", f"labels-{found.number}-{name}.pdf")


@requires(*desk.TEAM)
def lot_code(lot_id: int) -> ResponseReturnValue:
    """The code of a lot alone, as a drawing."""
    from catalog.lots.labels import qr_svg

    found = own_lot(lot_id)
    picture = qr_svg(settings().base_url + address_of(found))
    return Response(picture, mimetype="image/svg+xml", headers={"Cache-Control": "no-store"})


@requires(*desk.TEAM)
def lot_epcis(lot_id: int) -> ResponseReturnValue:
    """What happened to the lot as an EPCIS 2.0 document."""
    import json

    from catalog.lots.epcis import epcis_document
    from catalog.queries.lots import load_events

    found = own_lot(lot_id)
    events = load_events(db.session(), [lot_id])
    document = epcis_document(found.producer, events, base_url=settings().base_url, now=g.now)
    content = json.dumps(document, ensure_ascii=False, indent=1).encode()
    return download(content, "application/ld+json", f"epcis-{found.number}.jsonld")


def own_lot(lot_id: int) -> Lot:
    """The lot, when it belongs to the person's producer; raises LotNotFound, NotAllowed."""
    found = load_lot(db.session(), lot_id)
    require(g.actor, "lot.view", producer_id=found.producer_id)
    return found


def moment_of(day: date) -> datetime:
    """When something happened of which only the day is known: noon in Vietnam, or now if that is today."""
    noon = datetime.combine(day, time(12), VIETNAM)
    return min(noon, g.now) if day == g.today else noon


def download(content: bytes, kind: str, name: str) -> Response:
    """A file to keep; its name holds nothing a header could stumble over."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-._") else "-" for c in name)
    return Response(
        content,
        mimetype=kind,
        headers={
            "Content-Disposition": f'attachment; filename="{plain}"',
            "Cache-Control": "no-store",
        },
    )


def show_mistakes(form: Any, refusal: InvalidFields) -> None:
    """Put refusals of a lot beside the fields they are about."""
    sentences = {
        "not_a_lot_number": _("Use only letters without marks, digits, and signs such as - . /"),
        "before_produced_on": _("This is before the day it was made."),
    }
    for name, code in refusal.mistakes.items():
        target = {"produced_on": "happened_on"}.get(name, name) if name not in form else name
        field = form[target] if target in form else next(iter(form))
        field.errors = [*field.errors, sentences.get(code) or desk.mistake_sentence(code)]


def flash_warnings(codes: list[str]) -> None:
    """Say what should be looked at again; it is kept all the same."""
    sentences = {
        "more_out_than_in": _("More came out than went in. Please check the quantities."),
        "more_used_than_made": _("More of this lot is gone now than was ever made of it."),
    }
    for code in codes:
        flash(sentences.get(code, code.replace("_", " ")), "bad")
