"""The producer's parcels: what to pack for whom, and one button for each next thing."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from core.errors import NotFound
from core.people.permissions import require
from i18n.catalogue import gettext as _
from orders import lifecycle, parcels
from orders.errors import LotCalledBack, LotsDoNotFit, NoSuchStep
from orders.models import SubOrder
from orders.rules.states import FULFILMENT
from orders.tracing import lots_to_pack, name_lots
from storefront.access import requires
from storefront.extensions import db
from storefront.messages import error_sentence
from storefront.producers import desk
from storefront.rendering import render_page

_EVENTS = frozenset(event for _state, event in FULFILMENT)


@requires(*desk.TEAM)
def orders() -> ResponseReturnValue:
    """The parcels of the person's producers: those to do first, then all."""
    session = db.session()
    everything = request.args.get("all") == "1"
    shown = parcels.list_parcels(session, g.actor.producer_ids, only_open=not everything)
    return render_page("producers/orders.html", parcels=shown, everything=everything)


@requires(*desk.TEAM)
def order(parcel_id: int) -> ResponseReturnValue:
    """One parcel: what goes in, where it goes, what to do next."""
    parcel = parcels.get_parcel(db.session(), parcel_id)
    require(g.actor, "order.view", producer_id=parcel.producer_id)
    return render_page(
        "producers/order.html",
        parcel=parcel,
        events=parcels.next_events(parcel, g.actor),
        lots=lots_to_pack(db.session(), parcel, on=g.today) if parcel.state == "accepted" else [],
        line_names={line.id: line.name for line in parcel.lines},
    )


@requires(*desk.TEAM)
def order_event(parcel_id: int, event: str) -> ResponseReturnValue:
    """Press one of the buttons of a parcel."""
    session = db.session()
    parcel = parcels.get_parcel(session, parcel_id)
    actor = desk.acting_for(parcel.producer_id)
    require(actor, "order.manage", producer_id=parcel.producer_id)
    address = url_for("producers.order", parcel_id=parcel_id)
    if event not in _EVENTS:
        raise NotFound(event=event)
    reason = request.form.get("reason", "").strip()[:500] or None
    if event == "reject" and reason is None:
        flash(_("Please say why you cannot deliver; the buyer will read it."), "bad")
        return redirect(address, 303)
    try:
        if event == "pack" and (named := _named_lots(parcel)):
            name_lots(session, parcel_id, named, actor=actor, on=g.today, now=g.now)
        lifecycle.advance_parcel(session, parcel_id, event, actor=actor, now=g.now, reason=reason)
    except NoSuchStep:
        session.rollback()
        flash(_("This parcel is already further on. Look at what it says now."), "bad")
    except (LotCalledBack, LotsDoNotFit) as refusal:
        session.rollback()
        flash(error_sentence(refusal), "bad")
    else:
        session.commit()
        desk.saved()
    return redirect(address, 303)


def _named_lots(parcel: SubOrder) -> dict[int, dict[int, int]]:
    """What the form says of lots: "lot-<line>-<lot>" = how many; lines it does not show keep theirs."""
    named: dict[int, dict[int, int]] = {}
    for line in parcel.lines:
        for name, typed in request.form.items():
            lot = name.removeprefix(f"lot-{line.id}-")
            if lot != name and is_number(lot) and (typed == "" or is_number(typed)):
                own = named.setdefault(line.id, {})
                if int(typed or 0) > 0:
                    own[int(lot)] = int(typed)
    return named


def is_number(text: str) -> bool:
    """Whether these are a few plain digits."""
    return text.isascii() and text.isdigit() and len(text) < 16
