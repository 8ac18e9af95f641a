"""The office's book of places to visit: written in Vietnamese, told in other languages, shown or kept as drafts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms import Form, SelectChoice, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from catalog.errors import InvalidFields, StaleVersion
from catalog.models import Media, Place, Producer, Product
from catalog.models.place import SCENES
from catalog.places import (
    TEXT_FIELDS,
    PlaceFacts,
    find_place,
    keep_place,
    show_place,
    write_place_texts,
)
from catalog.queries.places import list_places
from catalog.reference import PROVINCES
from core.actor import Role
from core.people.permissions import require
from i18n.catalogue import gettext as _
from i18n.catalogue import lazy_gettext as later
from i18n.catalogue import spoken
from storefront import around_words
from storefront.access import requires
from storefront.extensions import db
from storefront.reading import read_number
from storefront.rendering import render_page

NEEDED = InputRequired(later("Please fill this in."))
_NOT_OFFERED = later("Choose one from the list.")
MOST_OFFERED = 300


class _TickField(SelectMultipleField):  # type: ignore[misc]  # wtforms has no types
    """Several boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class PlaceForm(Form):  # type: ignore[misc]
    """A place in Vietnamese; producers are offered by province, goods and pictures by producer."""

    name = StringField(later("Name"), [NEEDED])
    province_code = SelectField(later("Province"), [NEEDED], invalid_choice_message=_NOT_OFFERED)
    commune = StringField(later("Commune"))
    story = TextAreaField(later("Its story"))
    directions = TextAreaField(later("How to get there"))
    scene = SelectField(
        later("Drawing while there is no picture"), invalid_choice_message=_NOT_OFFERED
    )
    producer_ids = _TickField(later("Producers there"), invalid_choice_message=_NOT_OFFERED)
    product_ids = _TickField(later("Made and sold there"), invalid_choice_message=_NOT_OFFERED)
    media_id = SelectField(later("Picture"), invalid_choice_message=_NOT_OFFERED)

    def offer(self, session: Session, place: Place | None) -> None:
        """Fill the lists with what belongs to the place as it is kept."""
        named = [(code, p.names.get(spoken()) or p.names["vi"]) for code, p in PROVINCES.items()]
        self.province_code.choices = _choices([("", "–"), *named])
        self.scene.choices = _choices([(s, str(around_words.SCENES[s])) for s in SCENES])
        self.media_id.choices = _choices([("", "–")])
        self.producer_ids.choices, self.product_ids.choices = [], []
        if place is None:
            return
        makers = session.execute(
            select(Producer.id, Producer.name)
            .where(Producer.province_code == place.province_code)
            .order_by(Producer.name)
            .limit(MOST_OFFERED)
        ).all()
        chosen = [maker.id for maker in place.producers]
        goods = session.execute(
            select(Product.id, Product.name)
            .where(Product.producer_id.in_(chosen), Product.state == "published")
            .order_by(Product.name_key)
            .limit(MOST_OFFERED)
        ).all()
        pictures = session.execute(
            select(Media.id, Media.alt, Media.file_name)
            .where(Media.producer_id.in_(chosen), Media.removed_at.is_(None))
            .order_by(Media.id)
            .limit(MOST_OFFERED)
        ).all()
        self.producer_ids.choices = _choices([(str(number), name) for number, name in makers])
        self.product_ids.choices = _choices([(str(number), name) for number, name in goods])
        self.media_id.choices += _choices([(str(n), alt or file) for n, alt, file in pictures])


def _choices(pairs: list[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in pairs]


@requires(Role.OFFICE)
def places() -> ResponseReturnValue:
    """All places, drafts included."""
    found = list_places(db.session(), locale="vi", drafts=True)
    return render_page("office/places.html", places=found)


@requires(Role.OFFICE)
def new_place() -> ResponseReturnValue:
    """Begin a place with its name and province; the rest is written on its page."""
    require(g.actor, "place.edit")
    return _edit(None)


@requires(Role.OFFICE)
def place(place_id: int) -> ResponseReturnValue:
    """Write a place, and say what is made and sold there."""
    require(g.actor, "place.edit")
    return _edit(find_place(db.session(), place_id))


def _edit(kept: Place | None) -> ResponseReturnValue:
    session = db.session()
    form = PlaceForm(request.form if request.method == "POST" else None, data=_stored(kept))
    form.offer(session, kept)
    if request.method == "POST" and form.validate():
        done = _done(
            form,
            lambda: keep_place(
                session,
                kept.id if kept else None,
                _facts(form),
                actor=g.actor,
                now=g.now,
                version=read_number(request.form.get("version", "")),
            ),
        )
        if done is not None:
            flash(_("Saved."), "good")
            return redirect(url_for("office.place", place_id=done.id), 303)
    return render_page(
        "office/place.html", 422 if form.errors else 200, form=form, place=kept,
        languages=around_words.languages_of(kept.texts) if kept else [],
        makers=[(maker.id, maker.name) for maker in kept.producers] if kept else [],
    )  # fmt: skip


@requires(Role.OFFICE)
def show(place_id: int, deed: str) -> ResponseReturnValue:
    """Publish a place, or make it a draft again."""
    session = db.session()
    published = around_words.is_to_be_shown(deed)
    try:
        show_place(session, place_id, published=published, actor=g.actor, now=g.now)
        session.commit()
        flash(_("Saved."), "good")
    except InvalidFields:
        session.rollback()
        flash(_("A name, a story and the way there are needed before it is shown."), "bad")
    return redirect(url_for("office.place", place_id=place_id), 303)


@requires(Role.OFFICE)
def texts(place_id: int, tag: str) -> ResponseReturnValue:
    """A place's texts in another language beside the Vietnamese."""
    session = db.session()
    kept = find_place(session, place_id)
    if request.method == "POST":
        said = {name: request.form.get(name, "") for name in TEXT_FIELDS}
        write_place_texts(session, place_id, tag, said, actor=g.actor, now=g.now)
        session.commit()
        flash(_("Saved."), "good")
        return redirect(url_for("office.place", place_id=place_id), 303)
    return render_page(
        "office/own_texts.html",
        rows=around_words.text_rows(kept, TEXT_FIELDS, tag),
        language=around_words.known_language(tag),
        back=url_for("office.place", place_id=place_id),
        name=kept.name,
    )


def _done(form: PlaceForm, keep: Callable[[], Place]) -> Place | None:
    session = db.session()
    try:
        kept = keep()
        session.commit()
    except InvalidFields as refusal:
        session.rollback()
        for name, code in refusal.mistakes.items():
            form[name].errors = [around_words.mistake(code)]
        return None
    except StaleVersion:
        session.rollback()
        form.name.errors = [
            _("Somebody else changed this while you were looking. Load the page again.")
        ]
        return None
    return kept


def _facts(form: PlaceForm) -> PlaceFacts:
    return PlaceFacts(
        name=form.name.data,
        province_code=form.province_code.data,
        commune=form.commune.data or "",
        story=form.story.data or "",
        directions=form.directions.data or "",
        scene=form.scene.data,
        media_id=int(form.media_id.data) if form.media_id.data else None,
        product_ids=[int(number) for number in form.product_ids.data],
        producer_ids=[int(number) for number in form.producer_ids.data],
    )


def _stored(kept: Place | None) -> dict[str, Any]:
    if kept is None:
        return {"scene": "village", "media_id": ""}
    return {
        "name": kept.name,
        "province_code": kept.province_code,
        "commune": kept.commune,
        "story": kept.story,
        "directions": kept.directions,
        "scene": kept.scene,
        "media_id": str(kept.media_id or ""),
        "producer_ids": [str(maker.id) for maker in kept.producers],
        "product_ids": [str(product.id) for product in kept.products],
    }
