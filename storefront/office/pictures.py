"""The office's choice of pictures for provinces and protected names, among those their producers show."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from catalog.errors import InvalidFields
from catalog.picked_pictures import Subject, find_picked, pick_picture, producers_of
from catalog.protected_names import find_right
from catalog.queries.ledger_lists import list_rights
from catalog.queries.picked_pictures import is_theirs, list_offered, list_picked
from catalog.reference import PROVINCES
from core.actor import Role
from core.people.permissions import require
from i18n.catalogue import gettext as _
from i18n.catalogue import spoken
from i18n.collation import sort_key
from storefront import around_words
from storefront.access import requires
from storefront.extensions import db
from storefront.reading import read_number, read_page
from storefront.rendering import province_name, render_page

PER_PAGE = 24


@requires(Role.OFFICE)
def pictures() -> ResponseReturnValue:
    """Every province and protected name, and whether a picture is chosen for it."""
    provinces, rights = list_picked(db.session())
    return render_page(
        "office/pictures.html",
        provinces=sorted(
            ((code, province_name(code), code in provinces) for code in PROVINCES),
            key=lambda line: sort_key(line[1], spoken()),
        ),
        rights=[
            (right, right.id in rights) for right, _count in list_rights(db.session(), on=g.today)
        ],
    )


@requires(Role.OFFICE)
def of_province(code: str) -> ResponseReturnValue:
    """Choose the picture of a province."""
    require(g.actor, "place.edit")
    name = province_name(code) if code in PROVINCES else code
    slug = PROVINCES[code].slug if code in PROVINCES else ""
    return _choose(Subject(province_code=code), name, f"provinces/{slug}")


@requires(Role.OFFICE)
def of_right(right_id: int) -> ResponseReturnValue:
    """Choose the picture of a protected name."""
    require(g.actor, "place.edit")
    right = find_right(db.session(), right_id)
    name = f"{right.name}, {right.number}"
    return _choose(Subject(right_id=right_id), name, f"marks/{right.kind}/{right.number}")


def _choose(subject: Subject, name: str, shown_at: str) -> ResponseReturnValue:
    session, mistake = db.session(), ""
    makers = producers_of(session, subject, on=g.today)
    if request.method == "POST":
        try:
            pick_picture(
                session,
                subject,
                read_number(request.form.get("media_id", "")),
                actor=g.actor,
                on=g.today,
                now=g.now,
            )
        except InvalidFields as refusal:
            session.rollback()
            mistake = around_words.mistake(refusal.mistakes["media_id"])
        else:
            session.commit()
            flash(_("Saved."), "good")
            return redirect(url_for("office.pictures"), 303)
    kept = find_picked(session, subject)
    page = read_page(request.args.get("page", "1"), most=1_000)
    offered = list_offered(
        session, makers, on=g.today, first=(page - 1) * PER_PAGE, most=PER_PAGE + 1
    )
    return render_page(
        "office/picture_choice.html", 422 if mistake else 200,
        name=name, shown_at=shown_at, mistake=mistake,
        kept_id=kept.media_id if kept else None,
        is_shown=kept is not None and is_theirs(session, kept.media_id, makers, on=g.today),
        offered=offered[:PER_PAGE], page=page, has_more=len(offered) > PER_PAGE,
    )  # fmt: skip
