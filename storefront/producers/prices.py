"""Price lists at the producers' desk: what holds, what comes, what was; new prices, ends, drafts put in force."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from catalog.errors import InvalidFields, ListInForce, OfferNotFound, StaleVersion
from catalog.price_list_offers import end_offer, put_on_list, revise_offer
from catalog.price_lists import (
    create_price_list,
    find_price_list,
    free_code,
    put_list_in_force,
    stop_list,
)
from catalog.producers import find_producer
from catalog.queries.price_lists import (
    ListView,
    OfferView,
    PriceListPage,
    get_offer_view,
    get_price_list_page,
    list_price_lists,
    prices_of,
)
from core.people.permissions import require
from feeds.profiles import codes
from i18n.catalogue import gettext as _
from i18n.text import slugify
from storefront import price_words, reading
from storefront.access import requires
from storefront.extensions import db, settings
from storefront.producers import desk
from storefront.producers.price_forms import NewListForm, filled, offer_form
from storefront.rendering import render_page


@requires(*desk.TEAM)
def prices() -> ResponseReturnValue:
    """The price lists of the person's producers."""
    session = db.session()
    return render_page(
        "producers/prices/lists.html",
        lists=list_price_lists(session, on=g.today, producer_ids=sorted(g.actor.producer_ids)),
        producers=[find_producer(session, number) for number in sorted(g.actor.producer_ids)],
        words=price_words,
    )


@requires(*desk.TEAM)
def new_price_list(producer_id: int) -> ResponseReturnValue:
    """Open a price list; it is a draft until it is put in force."""
    desk.may_see_producer(producer_id)
    session = db.session()
    form = desk.make_form(NewListForm, {"kind": "wholesale", "currency": "VND", "tax": "yes"})
    form.offer_partners(codes(settings().partners_dir))
    if request.method == "POST" and form.validate():
        stem = slugify(form.name.data)[:48].strip("-") or "prices"
        listed = create_price_list(
            session,
            producer_id,
            free_code(session, f"{stem}-{producer_id}"),
            name=form.name.data.strip(),
            kind=form.kind.data,
            currency=form.currency.data,
            tax_inclusive=form.tax.data == "yes",
            partner_code=form.partner.data or None,
            active=False,
            actor=desk.acting_for(producer_id),
            now=g.now,
        )
        session.commit()
        desk.saved()
        return _to_list(listed.id)
    return render_page(
        "producers/prices/new_list.html",
        422 if form.errors else 200,
        form=form,
        producer=find_producer(session, producer_id),
    )


@requires(*desk.TEAM)
def price_list(list_id: int) -> ResponseReturnValue:
    """One list as it reads on a day, today unless another is asked for, and its history."""
    asked = request.args.get("on", "")
    on = reading.read_day(asked) or g.today
    return render_page(
        "producers/prices/list.html",
        page=_own_list(list_id, on=on),
        day=on,
        misread=bool(asked) and reading.read_day(asked) is None,
        asked=asked[:20],
        words=price_words,
        helps=not g.actor.producer_ids,
        today=g.today,
    )


@requires(*desk.TEAM)
def put_in_force(list_id: int) -> ResponseReturnValue:
    """Let the list hold from now on, instead of the one that does when that was confirmed."""
    page = _own_list(list_id, on=g.today)
    session = db.session()
    try:
        put_list_in_force(
            session,
            list_id,
            instead=request.form.get("instead") == "1",
            actor=desk.acting_for(page.listed.producer_id),
            on=g.today,
            now=g.now,
        )
    except ListInForce as refusal:
        session.rollback()
        other = find_price_list(session, refusal.facts["price_list_id"])
        return render_page(
            "producers/prices/instead.html", 409, page=page, other=other, words=price_words
        )
    session.commit()
    flash(_("The price list is in force."), "good")
    return _to_list(list_id)


@requires(*desk.TEAM)
def stop_prices(list_id: int) -> ResponseReturnValue:
    """Take the list out of force; its prices end yesterday."""
    page = _own_list(list_id, on=g.today)
    session = db.session()
    actor = desk.acting_for(page.listed.producer_id)
    stop_list(session, list_id, actor=actor, on=g.today, now=g.now)
    session.commit()
    flash(_("The price list is no longer in force. Its history stays."), "good")
    return _to_list(list_id)


@requires(*desk.TEAM)
def add_offer(list_id: int) -> ResponseReturnValue:
    """Put a package on the list, or give one that stands there new prices from a day on."""
    page = _own_list(list_id, on=g.today)
    listed = page.listed
    form = desk.make_form(
        offer_form(listed.currency, listed.kind, is_new=True),
        {"valid_from": g.today, "package": request.args.get("package", "")},
    )
    named = [*page.missing, *(offer.package for offer in (*page.holding, *page.coming))]
    form.package.choices = [("", _("Choose…"))] + [
        (str(one.id), price_words.package_name(one)) for one in dict.fromkeys(named)
    ]
    terms = None
    if request.method == "POST" and form.validate():
        terms = form.terms()
        if "preview" not in request.form:
            session = db.session()
            try:
                put_on_list(
                    session,
                    list_id,
                    int(form.package.data),
                    terms,
                    valid_from=form.valid_from.data,
                    actor=desk.acting_for(listed.producer_id),
                    now=g.now,
                )
            except InvalidFields as refusal:
                session.rollback()
                _show_mistakes(form, refusal)
            else:
                session.commit()
                desk.saved()
                return _to_list(list_id)
    return _form_page(form, listed, None, preview=terms)


@requires(*desk.TEAM)
def offer(offer_id: int) -> ResponseReturnValue:
    """Change what a package is offered for; what held until today stays in the history."""
    one, listed = _own_offer(offer_id)
    form = desk.make_form(offer_form(listed.currency, listed.kind, is_new=False), filled(one.terms))
    if request.method != "POST" or not form.validate():
        return _form_page(form, listed, one)
    terms = form.terms()
    if "preview" in request.form:
        return _form_page(form, listed, one, preview=terms)
    session = db.session()
    try:
        revise_offer(
            session,
            offer_id,
            terms,
            seen_version=desk.seen_version() or 0,
            actor=desk.acting_for(listed.producer_id),
            on=g.today,
            now=g.now,
        )
    except InvalidFields as refusal:
        session.rollback()
        _show_mistakes(form, refusal)
        return _form_page(form, listed, one)
    except StaleVersion:
        session.rollback()
        one, listed = _own_offer(offer_id)
        return _form_page(form, listed, one, stale=True)
    session.commit()
    desk.saved()
    return _to_list(listed.id)


@requires(*desk.TEAM)
def end_prices(offer_id: int) -> ResponseReturnValue:
    """Let an offer end yesterday, or take one off the list that has not begun."""
    one, listed = _own_offer(offer_id)
    session = db.session()
    try:
        end_offer(
            session,
            offer_id,
            seen_version=desk.seen_version() or 0,
            actor=desk.acting_for(listed.producer_id),
            on=g.today,
            now=g.now,
        )
    except StaleVersion:
        session.rollback()
        one, listed = _own_offer(offer_id)
        form_kind = offer_form(listed.currency, listed.kind, is_new=False)
        return _form_page(form_kind(data=filled(one.terms)), listed, one, stale=True)
    session.commit()
    flash(_("These prices have ended. They stay in the history."), "good")
    return _to_list(listed.id)


def _own_list(list_id: int, *, on: Any) -> PriceListPage:
    """The list, when it belongs to the person's producer; raises PriceListNotFound, NotAllowed."""
    session = db.session()
    require(g.actor, "package.edit", producer_id=find_price_list(session, list_id).producer_id)
    return get_price_list_page(session, list_id, on=on)


def _own_offer(offer_id: int) -> tuple[OfferView, ListView]:
    found = get_offer_view(db.session(), offer_id)
    if found is None:
        raise OfferNotFound(offer_id=offer_id)
    require(g.actor, "package.edit", producer_id=found[1].producer_id)
    return found


def _to_list(list_id: int) -> ResponseReturnValue:
    return redirect(url_for("producers.price_list", list_id=list_id), 303)


def _form_page(
    form: Any,
    listed: ListView,
    one: OfferView | None,
    *,
    preview: Any = None,
    stale: bool = False,
) -> ResponseReturnValue:
    status = 409 if stale else 422 if form.errors else 200
    return render_page(
        "producers/prices/offer.html",
        status,
        form=form,
        listed=listed,
        one=one,
        preview=preview,
        preview_prices=() if preview is None else prices_of(preview, listed.currency),
        stale=stale,
        words=price_words,
    )


def _show_mistakes(form: Any, refusal: InvalidFields) -> None:
    """Put refusals beside the fields they are about, in the words of prices."""
    for name, code in refusal.mistakes.items():
        target = {"tiers": "price_1"}.get(name, name)
        field = form[target] if target in form else form["price_1"]
        field.errors = [*field.errors, price_words.mistake(code) or desk.mistake_sentence(code)]
