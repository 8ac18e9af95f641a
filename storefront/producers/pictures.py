"""The producer's pictures: send several at once, put them in order, say what is to be seen on them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Any, cast

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from catalog.errors import InvalidFields, StaleVersion
from catalog.models import Media
from catalog.pictures import keeping
from catalog.pictures.limits import MAX_FILE_BYTES
from catalog.pictures.receiving import receive
from catalog.pictures.sandbox import UnusablePicture
from catalog.pictures.store import StoreUnavailable
from catalog.producers import find_producer
from catalog.rules.pictures import LONGEST_ALT, MOST_PICTURES, Picture
from core.db import begin_write
from core.errors import NotFound
from i18n.catalogue import gettext as _
from i18n.catalogue import ngettext
from storefront.access import requires
from storefront.extensions import db, settings
from storefront.picture_words import NOT_NOW, REFUSALS, TOO_MANY
from storefront.pictures import store_of
from storefront.producers import desk
from storefront.rendering import render_page

SHOWN_NAME = 60
MOVES = ("first", "earlier", "later")


class NoSuchDeed(NotFound):
    """Nothing of this name can be done to a picture."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was not taken, and why."""

    file_name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose pictures a page is about."""

    name: str
    producer_id: int
    product_id: int | None


@requires(*desk.TEAM)
def of_product(product_id: int) -> ResponseReturnValue:
    """The pictures of a product."""
    found = desk.own_product(product_id)
    return _pictures(Owner(found.name, found.producer_id, found.id))


@requires(*desk.TEAM)
def of_producer(producer_id: int) -> ResponseReturnValue:
    """The pictures of the producer itself: people, the workshop, the place."""
    desk.may_see_producer(producer_id)
    return _pictures(Owner(find_producer(db.session(), producer_id).name, producer_id, None))


@requires(*desk.TEAM)
def do(media_id: int, deed: str) -> ResponseReturnValue:
    """Move a picture, remove it, or put it back."""
    session = db.session()
    media = _own(media_id)
    doing: dict[str, Any] = {"actor": desk.acting_for(media.producer_id), "now": g.now}
    if deed in MOVES:
        keeping.move_picture(session, media_id, cast(keeping.Move, deed), **doing)
    elif deed == "remove":
        keeping.remove_picture(session, media_id, **doing)
        flash(_("The picture is not shown any more. Below you can put it back."), "good")
    elif deed == "put-back":
        try:
            keeping.put_back(session, media_id, **doing)
        except keeping.TooManyPictures:
            flash(str(TOO_MANY), "bad")
            return redirect(_address(media), 303)
    else:
        raise NoSuchDeed(deed=deed)
    session.commit()
    return redirect(f"{_address(media)}#picture-{media_id}", 303)


@requires(*desk.TEAM)
def text(media_id: int) -> ResponseReturnValue:
    """Say what is to be seen; two people who write at once are both shown."""
    session = db.session()
    media = _own(media_id)
    page: dict[str, Any] = {
        "media": media,
        "back": _address(media),
        "longest": LONGEST_ALT,
        "thumb_of": _thumb_of,
    }
    if request.method == "GET":
        return render_page(
            "producers/picture_text.html", **page, written=media.alt or "", theirs=None
        )
    written = request.form.get("alt", "")[: 4 * LONGEST_ALT]
    try:
        keeping.describe_picture(
            session,
            media_id,
            written,
            seen=desk.seen_version(),
            actor=desk.acting_for(media.producer_id),
            now=g.now,
        )
    except StaleVersion:
        session.rollback()
        page["media"] = _own(media_id)
        theirs = page["media"].alt or "–"
        return render_page(
            "producers/picture_text.html", 409, **page, written=written, theirs=theirs
        )
    except InvalidFields:
        session.rollback()
        flash(_("The text is too long."), "bad")
        page["media"] = _own(media_id)
        return render_page("producers/picture_text.html", 422, **page, written=written, theirs=None)
    session.commit()
    desk.saved()
    return redirect(f"{_address(media)}#picture-{media_id}", 303)


def _pictures(owner: Owner) -> ResponseReturnValue:
    refusals: list[Refusal] = []
    if request.method == "POST":
        files = [file for file in request.files.getlist("pictures") if file.filename]
        kept = _take_all(owner, files, refusals)
        if kept:
            flash(
                ngettext(
                    "%(num)s picture is kept. Buyers see it in a minute.",
                    "%(num)s pictures are kept. Buyers see them in a minute.",
                    kept,
                ),
                "good",
            )
        if not files:
            flash(_("Please choose at least one picture."), "bad")
        elif not refusals:
            return redirect(_page_of(owner), 303)
    row, removed = keeping.list_own_pictures(
        db.session(), owner.producer_id, owner.product_id, now=g.now
    )
    return render_page(
        "producers/pictures.html",
        422 if request.method == "POST" else 200,
        owner=owner,
        here=_page_of(owner),
        row=row,
        removed=removed,
        refusals=refusals,
        most=MOST_PICTURES,
        thumb_of=_thumb_of,
    )


def _take_all(owner: Owner, files: list[FileStorage], refusals: list[Refusal]) -> int:
    """Each file by itself, so that a bad one takes no other with it; returns how many were kept.

    While a picture is decoded nothing of the database is held: others write meanwhile.
    """
    session = db.session()
    session.rollback()
    store, kept = store_of(settings()), 0
    actor = desk.acting_for(owner.producer_id)
    for file in islice(files, 2 * MOST_PICTURES):
        name = _shown_name(file)
        try:
            received = receive(store, file.stream.read(MAX_FILE_BYTES + 1))
            begin_write(session)
            keeping.add_picture(
                session,
                producer_id=owner.producer_id,
                product_id=owner.product_id,
                received=received,
                file_name=name,
                actor=actor,
                now=g.now,
            )
            session.commit()
            kept += 1
        except UnusablePicture as refusal:
            refusals.append(Refusal(name, str(REFUSALS[refusal.reason])))
        except keeping.TooManyPictures:
            session.rollback()
            refusals.append(Refusal(name, str(TOO_MANY)))
        except StoreUnavailable:
            session.rollback()
            refusals.append(Refusal(name, str(NOT_NOW)))
    return kept


def _shown_name(file: FileStorage) -> str:
    """The end of the file's name as the phone gave it, for people only."""
    name = (file.filename or "").replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in name if letter.isprintable())[-SHOWN_NAME:]


def _thumb_of(media: Media) -> str:
    picture = Picture(media.id, media.digest, media.width, media.height)
    return picture.address(picture.widths[0])


def _own(media_id: int) -> Media:
    media = keeping.find_picture(db.session(), media_id)
    desk.may_see_producer(media.producer_id)
    return media


def _address(media: Media) -> str:
    return _page_of(Owner("", media.producer_id, media.product_id))


def _page_of(owner: Owner) -> str:
    if owner.product_id is not None:
        return url_for("producers.pictures_of_product", product_id=owner.product_id)
    return url_for("producers.pictures_of_producer", producer_id=owner.producer_id)
