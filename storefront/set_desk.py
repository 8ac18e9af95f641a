"""Putting a gift set together at a desk: the same form for a producer's own packages and for the office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from catalog.errors import InvalidFields, StaleVersion
from catalog.gift_sets import (
    MOST_PARTS,
    TEXT_FIELDS,
    GiftSetFacts,
    find_gift_set,
    keep_gift_set,
    show_gift_set,
    write_gift_set_texts,
)
from catalog.models import GiftSet, Media, Package, Producer, Product
from catalog.queries.gift_sets import list_gift_sets
from core.actor import Actor
from i18n.catalogue import gettext as _
from storefront import around_words
from storefront.extensions import db
from storefront.reading import read_number
from storefront.rendering import render_page

MOST_OFFERED = 400
_SPARE_ROWS = 3
_LEAST_ROWS = 5


class Row(NamedTuple):
    """One line of the form: an article number and how many of it."""

    sku: str
    quantity: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose sets are kept, by whom, and on which pages; `producer_id` None is the office.

    `pages` are the templates of the list, of one set and of its texts in another language.
    """

    area: str
    producer_id: int | None
    actor: Actor
    pages: tuple[str, str, str]

    def address(self, page: str, **values: Any) -> str:
        """The address of a page of this desk."""
        if self.producer_id is not None:
            values["producer_id"] = self.producer_id
        return url_for(f"{self.area}.{page}", **values)


def list_sets(desk: Desk) -> ResponseReturnValue:
    """All sets of the desk, drafts included."""
    found = list_gift_sets(db.session(), locale="vi", owner=(desk.producer_id,))
    return render_page(desk.pages[0], desk=desk, sets=found)


def edit(desk: Desk, gift_set_id: int | None) -> ResponseReturnValue:
    """Begin a set or change it."""
    session = db.session()
    kept = None
    if gift_set_id is not None:
        kept = find_gift_set(session, gift_set_id, producer_id=desk.producer_id)
    name, summary, rows = _stored(kept)
    media_id = kept.media_id if kept else None
    mistakes: dict[str, str] = {}
    if request.method == "POST":
        name, summary = request.form.get("name", ""), request.form.get("summary", "")
        rows = _typed(request.form)
        media_id = read_number(request.form.get("media_id", ""))
        done, mistakes = _keep(desk, kept, name, summary, rows, media_id)
        if done is not None:
            flash(_("Saved."), "good")
            return redirect(desk.address("gift_set", gift_set_id=done), 303)
    makers = _makers(kept)
    return render_page(
        desk.pages[1],
        422 if mistakes else 200,
        desk=desk,
        kept=kept,
        name=name,
        summary=summary,
        rows=[*rows, *[Row("", "")] * max(_SPARE_ROWS, _LEAST_ROWS - len(rows))][:MOST_PARTS],
        offered=_offered(desk.producer_id),
        media_id=media_id,
        photos=_photos([number for number, _name in makers]),
        makers=makers,
        mistakes=mistakes,
        languages=around_words.languages_of(kept.texts) if kept else [],
    )


def show(desk: Desk, gift_set_id: int, deed: str) -> ResponseReturnValue:
    """Show a set in the shop, or make it a draft again."""
    session = db.session()
    published = around_words.is_to_be_shown(deed)
    show_gift_set(
        session, gift_set_id, published=published, producer_id=desk.producer_id,
        actor=desk.actor, now=g.now,
    )  # fmt: skip
    session.commit()
    flash(_("Saved."), "good")
    return redirect(desk.address("gift_set", gift_set_id=gift_set_id), 303)


def texts(desk: Desk, gift_set_id: int, tag: str) -> ResponseReturnValue:
    """A set's texts in another language beside the Vietnamese."""
    session = db.session()
    kept = find_gift_set(session, gift_set_id, producer_id=desk.producer_id)
    language = around_words.known_language(tag)
    if request.method == "POST":
        said = {name: request.form.get(name, "") for name in TEXT_FIELDS}
        write_gift_set_texts(
            session, gift_set_id, tag, said, producer_id=desk.producer_id, actor=desk.actor,
            now=g.now,
        )  # fmt: skip
        session.commit()
        flash(_("Saved."), "good")
        return redirect(desk.address("gift_set", gift_set_id=gift_set_id), 303)
    return render_page(
        desk.pages[2],
        rows=around_words.text_rows(kept, TEXT_FIELDS, tag),
        language=language,
        back=desk.address("gift_set", gift_set_id=gift_set_id),
        name=kept.name,
    )


def _stored(kept: GiftSet | None) -> tuple[str, str, list[Row]]:
    if kept is None:
        return "", "", []
    rows = [Row(part.package.sku, str(part.quantity)) for part in kept.parts]
    return kept.name, kept.summary or "", rows


def _typed(form: MultiDict[str, str]) -> list[Row]:
    pairs = zip(form.getlist("sku"), form.getlist("quantity"), strict=False)
    rows = [Row(sku.split(" ", 1)[0].strip()[:64], number.strip()[:4]) for sku, number in pairs]
    return [row for row in rows if row.sku][: MOST_PARTS + 1]


def _keep(  # noqa: PLR0913, PLR0917 - each is a field of the form
    desk: Desk,
    kept: GiftSet | None,
    name: str,
    summary: str,
    rows: Sequence[Row],
    media_id: int | None,
) -> tuple[int | None, dict[str, str]]:
    """The number of the set kept and committed, or the sentence beside each field."""
    session = db.session()
    version = request.form.get("version", "")
    numbers = {
        sku: number
        for number, sku in session.execute(
            select(Package.id, Package.sku).where(Package.sku.in_([row.sku for row in rows]))
        )
    }
    try:
        parts = [
            (numbers.get(row.sku, 0), int(row.quantity) if row.quantity.isdecimal() else 1)
            for row in rows
        ]
        done = keep_gift_set(
            session,
            kept.id if kept else None,
            GiftSetFacts(name, summary, parts, media_id),
            producer_id=desk.producer_id,
            actor=desk.actor,
            now=g.now,
            version=int(version) if version.isdecimal() and len(version) < 10 else None,
        )
        session.commit()
    except InvalidFields as refusal:
        session.rollback()
        return None, {key: around_words.mistake(code) for key, code in refusal.mistakes.items()}
    except StaleVersion:
        session.rollback()
        return None, {
            "name": _("Somebody else changed this while you were looking. Load the page again.")
        }
    return done.id, {}


def _makers(kept: GiftSet | None) -> list[tuple[int, str]]:
    """(number, name) of who makes what is in the set: their pictures may show it."""
    if kept is None:
        return []
    goods = [part.package.product_id for part in kept.parts]
    query = select(Producer.id, Producer.name).where(
        Producer.id.in_(select(Product.producer_id).where(Product.id.in_(goods)))
    )
    return [(number, name) for number, name in db.session().execute(query.order_by(Producer.id))]


def _photos(producer_ids: Sequence[int]) -> list[tuple[int, str]]:
    """(number, what is to be seen) of the pictures that may show the set, those of its makers, the newest first."""
    query = (
        select(Media.id, Media.alt, Media.file_name)
        .where(
            Media.producer_id.in_(producer_ids),
            Media.removed_at.is_(None),
        )
        .order_by(Media.id.desc())
        .limit(MOST_OFFERED)
    )
    return [(number, alt or file) for number, alt, file in db.session().execute(query)]


def _offered(producer_id: int | None) -> list[tuple[str, str]]:
    """(article number, name) of packages on sale, for the list under the field."""
    query = (
        select(Package.sku, Product.name)
        .join(Product)
        .where(Product.state == "published", Package.active.is_(True))
        .order_by(Product.name_key, Package.id)
        .limit(MOST_OFFERED)
    )
    if producer_id is not None:
        query = query.where(Product.producer_id == producer_id)
    return [(sku, name) for sku, name in db.session().execute(query)]
