"""Translating a product's or producer's texts: the languages, side by side, and every state there was."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from catalog.errors import InvalidFields, StaleVersion
from catalog.queries.translation_status import product_readiness
from catalog.queries.translations import (
    FieldView,
    Review,
    get_review,
    list_history,
    list_translations,
)
from catalog.rules.fallback import rule_of
from catalog.translating import drop_draft, find_entity, producer_of, set_translation
from core.errors import NotFound
from core.people.permissions import require
from i18n.catalogue import gettext as _
from i18n.locales import LOCALES
from storefront import translation_words as words
from storefront.access import requires
from storefront.extensions import db
from storefront.producers import desk
from storefront.reading import read_number
from storefront.rendering import render_page
from storefront.translation_words import language_name

FOREIGN = tuple(tag for tag in LOCALES if tag != "vi")
OF_THE_OFFICE = {
    "trade_event": "office.event",
    "collection": "office.collection",
    "article": "office.article",
}
"""What the programme office writes, and the page of each at its desk."""


class NoSuchLanguage(NotFound):
    """Texts are not translated into this language."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What somebody wrote that could not be kept, to be shown again beside what stands there now."""

    field: str
    text: str
    mistake: str


@requires(*desk.TEAM)
def languages(kind: str, number: int) -> ResponseReturnValue:
    """Each language with how much is reviewed, and which markets can be served with it."""
    _own(kind, number)
    session = db.session()
    review = get_review(session, kind, number, "en")
    written = [view.field for view in review.fields if view.source]
    settled: dict[str, int] = dict.fromkeys(FOREIGN, 0)
    shown: dict[str, int] = dict.fromkeys(FOREIGN, 0)
    for state in list_translations(session, kind, number):
        if state.field in written and state.status != "draft":
            shown[state.locale] += 1
            settled[state.locale] += state.status == "reviewed" and not state.is_stale
    return render_page(
        "producers/translations.html",
        review=review,
        count=len(written),
        settled=settled,
        shown=shown,
        foreign=FOREIGN,
        language_name=language_name,
        markets=product_readiness(session, number) if kind == "product" else {},
        words=words,
        desk_page=url_for(OF_THE_OFFICE[kind], number=number) if kind in OF_THE_OFFICE else "",
    )


@requires(*desk.TEAM)
def translate(kind: str, number: int, tag: str) -> ResponseReturnValue:
    """Source and translation side by side; each field is kept by itself."""
    _own(kind, number)
    _known(tag)
    session = db.session()
    if request.method == "GET":
        return _page(get_review(session, kind, number, tag), None)
    field = request.form.get("field", "")
    text = request.form.get("text", "")[:20_001]
    do = request.form.get("do", "draft")
    producer_id = producer_of(find_entity(session, kind, number))
    about = {"entity_kind": kind, "entity_id": number, "field": field, "locale": tag}
    actor = g.actor if producer_id is None else desk.acting_for(producer_id)
    doing = {"actor": actor, "now": g.now}
    seen = request.form.get("newest", "")
    try:
        if do == "drop":
            drop_draft(session, **about, **doing)  # type: ignore[arg-type]  # the same names
        else:
            set_translation(
                session,
                **about,  # type: ignore[arg-type]  # the same names
                **doing,
                text=text,
                status="reviewed" if do == "reviewed" else "draft",
                seen=read_number(seen) or 0,
            )
    except StaleVersion:
        session.rollback()
        mistake = _("Somebody else wrote here meanwhile. Both texts are below; nothing is lost.")
        return _page(get_review(session, kind, number, tag), Sent(field, text, mistake), 409)
    except InvalidFields as refusal:
        session.rollback()
        too_long = "text" in refusal.mistakes
        mistake = _("The text is too long.") if too_long else _("This text cannot be kept.")
        return _page(get_review(session, kind, number, tag), Sent(field, text, mistake), 422)
    session.commit()
    desk.saved()
    address = url_for("producers.translate", kind=kind, number=number, tag=tag)
    return redirect(f"{address}#{field}", 303)


@requires(*desk.TEAM)
def history(kind: str, number: int, tag: str) -> ResponseReturnValue:
    """Every state the translations into one language ever had."""
    _own(kind, number)
    _known(tag)
    session = db.session()
    return render_page(
        "producers/translation_history.html",
        review=get_review(session, kind, number, tag),
        entries=list_history(session, kind, number, tag),
        language=language_name(tag),
        words=words,
    )


def _page(review: Review, sent: Sent | None, status: int = 200) -> ResponseReturnValue:
    if status != 200:  # noqa: PLR2004
        flash(sent.mistake if sent else "", "bad")
    return render_page(
        "producers/translation.html",
        status,
        review=review,
        sent=sent,
        language=language_name(review.locale),
        words=words,
        written_in=_written_in,
        rule_of=rule_of,
    )


def _written_in(view: FieldView, sent: Sent | None) -> str:
    """What stands in the box: one's own refused text, a waiting draft, or what is stored."""
    if sent is not None and sent.field == view.field:
        return sent.text
    if view.draft is not None:
        return view.draft.text
    return view.stored.text if view.stored is not None else ""


def _own(kind: str, number: int) -> None:
    if kind == "product":
        desk.own_product(number)
    elif kind == "producer":
        desk.may_see_producer(number)
    elif kind == "media":
        owner = producer_of(find_entity(db.session(), kind, number))
        require(g.actor, "producer.view", producer_id=owner)
    elif kind in OF_THE_OFFICE:
        require(g.actor, "campaign.keep")
    else:
        raise NoSuchLanguage(kind=kind)


def _known(tag: str) -> None:
    if tag not in FOREIGN:
        raise NoSuchLanguage(locale=tag)
