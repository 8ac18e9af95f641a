"""Taking an answer: what was typed is kept, mistakes stand by their fields, and two edits are merged.

A form carries the version it showed and, in `was`, what stood in its fields. When somebody else was
faster, the two edits go together field by field; only a field that both changed is asked again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import g, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from wtforms import Form

from catalog.answer_drafts import Key, drop_draft, find_draft, keep_draft
from catalog.errors import InvalidFields
from catalog.models import Producer, Product
from catalog.rules.merging import FieldChange, Merge, merge
from core.db import begin_write
from i18n.catalogue import gettext as _
from orders.errors import StockBelowPromises
from storefront.extensions import db
from storefront.messages import error_sentence
from storefront.producers import desk
from storefront.producers.asking import Doing, Step
from storefront.rendering import render_page

Row = Product | Producer
_OWN = frozenset({"csrf_token", "version", "was", "sku", "product", "merge", "forget", "differs"})
_LONGEST_WAS = 40_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a thing: where its page is, what else the form must carry along."""

    step: Step
    row: Row
    item: str
    heading: str
    back: str
    here: str
    producer_id: int
    carried: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """Under what an unfinished answer is kept."""
        return (self.row.__tablename__, self.row.id, self.step.key, self.item)


@dataclass(frozen=True, slots=True)
class Shown:
    """A field on which two edits differ, in words."""

    name: str
    label: str
    mine: str
    theirs: str
    was: str
    by: str


def ask(asked: Asked) -> ResponseReturnValue:
    """Show the question, or keep the answer and go back."""
    session = db.session()
    stored = asked.step.read(session, asked.row, asked.item)
    if request.method == "GET":
        return _show(asked, session, stored)
    if "forget" in request.form:
        drop_draft(session, asked.key, actor=g.actor)
        session.commit()
        return redirect(asked.here, 303)
    sent = _chosen(request.form)
    form = _form(asked, stored, sent)
    if not form.validate():
        return _refused(asked, session, form, stored, sent)
    undecided = any(f"choose-{name}" not in sent for name in sent.getlist("differs"))
    if undecided or desk.seen_version() != asked.row.version:
        merged = _merged(asked, form, stored)
        if undecided or not merged.is_clean:
            return _ask_which(asked, session, form, stored, merged)
        form = _form(asked, merged.values, None)
    try:
        asked.step.keep(session, asked.row, form, _doing(asked))
    except InvalidFields as refusal:
        desk.show_mistakes(form, refusal)
    except StockBelowPromises as refusal:
        next(iter(form)).errors = [error_sentence(refusal)]
    else:
        drop_draft(session, asked.key, actor=g.actor)
        session.commit()
        desk.saved()
        return redirect(asked.here if asked.step.doubts(asked.row, asked.item) else asked.back, 303)
    return _refused(asked, session, form, stored, sent)


def _show(asked: Asked, session: Session, stored: Mapping[str, Any]) -> ResponseReturnValue:
    """The form as stored, or as it was left unfinished."""
    draft = find_draft(session, asked.key, actor=g.actor)
    if draft is None:
        form = _form(asked, stored, None)
        return _page(asked, form, was=_raw(form), doubts=asked.step.doubts(asked.row, asked.item))
    typed = dict(draft.typed)
    was = _read_was((typed.pop("was", None) or [""])[0])
    form = _form(asked, stored, MultiDict(typed))
    form.validate()
    version = draft.version
    return _page(asked, form, was=was, version=version, kept_since=draft.saved_at)


def _refused(
    asked: Asked, session: Session, form: Form, stored: Mapping[str, Any], sent: Any
) -> ResponseReturnValue:
    """Keep what was typed for another day, and show it again beside its mistakes."""
    version = desk.seen_version() or asked.row.version
    was = _read_was(request.form.get("was", "")) or _raw(_form(asked, stored, None))
    session.rollback()
    _keep_typed(asked, session, sent, version, was)
    return _page(asked, form, 422, was=was, version=version)


def _ask_which(
    asked: Asked, session: Session, form: Form, stored: Mapping[str, Any], merged: Merge
) -> ResponseReturnValue:
    """Both edits, field by field; the next answer says which to take."""
    base = _base(asked, stored)
    theirs = _form(asked, stored, None)
    own = _raw(form)
    version = asked.row.version
    shown = [_in_words(change, form, theirs, base) for change in merged.changes]
    session.rollback()
    _keep_typed(
        asked, session, MultiDict(own), desk.seen_version() or version, _raw(base or theirs)
    )
    return render_page(
        "producers/merge.html",
        409,
        asked=asked,
        step=asked.step,
        shown=shown,
        own=own,
        was=json.dumps(_raw(theirs), ensure_ascii=False),
        version=version,
    )


def _keep_typed(
    asked: Asked, session: Session, sent: Any, version: int, was: Mapping[str, list[str]]
) -> None:
    begin_write(session)
    typed = {name: sent.getlist(name) for name in sent if name not in _OWN}
    typed["was"] = [json.dumps(was, ensure_ascii=False)]
    keep_draft(session, asked.key, typed, version=version, actor=g.actor, now=g.now)
    session.commit()


def _chosen(sent: MultiDict[str, str]) -> MultiDict[str, str]:
    """What was sent; on the page of two edits, the fields for which theirs was chosen are theirs."""
    if "merge" not in sent:
        return sent
    theirs = _read_was(sent.get("was", ""))
    whole = MultiDict(sent)
    for name, values in theirs.items():
        if sent.get(f"choose-{name}") == "theirs":
            whole.setlist(name, values)
    return whole


def _merged(asked: Asked, form: Form, stored: Mapping[str, Any]) -> Merge:
    base = _base(asked, stored)
    theirs = _data(_form(asked, stored, None))
    return merge(_data(base) if base is not None else {}, _data(form), theirs)


def _base(asked: Asked, stored: Mapping[str, Any]) -> Form | None:
    """The form as it was shown, from what it carried; None when it carried nothing."""
    was = _read_was(request.form.get("was", ""))
    return _form(asked, stored, MultiDict(was)) if was else None


def _read_was(text: str) -> dict[str, list[str]]:
    """What stood in the fields; a text nobody here wrote counts as nothing."""
    try:
        read = json.loads(text) if len(text) <= _LONGEST_WAS else None
    except ValueError:
        return {}
    if not isinstance(read, dict):
        return {}
    return {
        str(name): [str(value) for value in values]
        for name, values in read.items()
        if isinstance(values, list) and name not in _OWN
    }


def _form(asked: Asked, stored: Mapping[str, Any], sent: Any) -> Form:
    form = asked.step.form(sent, data=dict(stored))
    asked.step.adapt(form, asked.row)
    offer = getattr(form, "offer", None)
    if offer is not None:
        offer()
    return form


def _data(form: Form) -> dict[str, Any]:
    """The values of a form so that equal answers are equal: blanks, empty and order do not count."""
    return {one.name: _plain(one.data) for one in form}


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip() or None
    if isinstance(value, list | tuple):
        return sorted(value) if value and isinstance(value, list) else value or None
    return value


def _raw(form: Form) -> dict[str, list[str]]:
    """What a browser would send for the form as it stands."""
    raw: dict[str, list[str]] = {}
    for one in form:
        if isinstance(one.data, list):
            raw[one.name] = [str(value) for value in one.data]
        elif hasattr(one, "_value"):
            raw[one.name] = [str(one._value())]  # noqa: SLF001 - WTForms' own rendering of a value
        else:
            raw[one.name] = ["" if one.data is None else str(one.data)]
    return raw


def _in_words(change: FieldChange, mine: Form, theirs: Form, base: Form | None) -> Shown:
    return Shown(
        name=change.name,
        label=str(mine[change.name].label.text),
        mine=desk.written(mine[change.name]),
        theirs=desk.written(theirs[change.name]),
        was=desk.written(base[change.name]) if base is not None else "",
        by=change.by,
    )


def _doing(asked: Asked) -> Doing:
    return Doing(actor=desk.acting_for(asked.producer_id), on=g.today, now=g.now, sku=asked.item)


def _page(
    asked: Asked,
    form: Form,
    status: int = 200,
    *,
    was: Mapping[str, list[str]],
    version: int | None = None,
    doubts: list[str] | None = None,
    kept_since: Any = None,
) -> ResponseReturnValue:
    return render_page(
        "producers/step.html",
        status,
        asked=asked,
        step=asked.step,
        row=asked.row,
        form=form,
        hints=hints(),
        version=version if version is not None else asked.row.version,
        was=json.dumps(was, ensure_ascii=False),
        doubts=doubts or [],
        kept_since=kept_since,
    )


def hints() -> dict[str, str]:
    """A word of help for fields people ask about, by name."""
    return {
        "ingredients": _(
            "One ingredient on each line. Write the share behind it, the parts of a sauce in"
            " brackets, and additives with their number: “Cá cơm 70 %%”, “nước tương (đậu nành,"
            " muối)”, “chất bảo quản (INS 202)”."
        ),
        "shelf_life_days": _("Days, or “12 tháng”."),
        "opened_shelf_life_days": _("Days, or “1 tháng”."),
        "storage_max_c": _("Such as 4, or -18 in the freezer."),
        "price_1": _("Such as 80.000 or 80k."),
        "size": _("Such as 8 x 8 x 23,5."),
        "case_size": _("Such as 40 x 30 x 20."),
        "gross_weight_g": _("Such as 550 g or 1,2 kg."),
        "gtin": _(
            "Leave it empty if you have none. A number beginning with 2 is only for your own shop."
        ),
        "order_multiple": _("Such as 12 when you sell only whole cases."),
        "valid_from": _("Day/month/year. Empty: from today."),
        "valid_to": _("This day still counts. Empty: until you change it."),
        "closed_to": _("This day is still closed. Empty: until you write it."),
        "hs6": _("Such as 2103.90 for fish sauce."),
        "tax_number": _("10 digits, or the 12 digits of the owner's identity card."),
        "code": _("Such as VN-LSOR-0001. Leave it empty to add none."),
        "former_unit": _("Such as “xã Đất Mũi, huyện Ngọc Hiển, tỉnh Cà Mau”."),
    }
