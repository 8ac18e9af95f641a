"""Other programs of a producer: what goes out to them, and files of theirs looked at before anything is kept."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from catalog.errors import InvalidFields
from catalog.importing.profiles import NoKnownColumns, find_columns, save_columns
from catalog.importing.report import UnusableFile
from catalog.lots.diary import export_diary
from catalog.lots.diary import load_profile as diary_profile
from catalog.producers import find_producer
from core.people.permissions import require
from i18n.catalogue import gettext as _
from orders.accounting.journal import BadPeriod, producer_journal
from orders.accounting.profiles import accounting_profile, find_accounts, save_accounts
from orders.accounting.writing import write_journal
from orders.sales_software.reading import sales_profile
from orders.sales_software.taking import ShopChangedMeanwhile
from orders.sales_software.writing import write_goods
from storefront import reading, software_words, uploads
from storefront.access import requires
from storefront.extensions import db, settings
from storefront.import_messages import file_sentence
from storefront.producers import desk
from storefront.producers.foreign_files import BRIDGES, MOST_ROWS, Bridge
from storefront.producers.lots import download
from storefront.rendering import render_page

SUFFIXES = (".csv", ".xlsx")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TYPES = {".csv": "text/csv", ".xlsx": _XLSX}


@requires(*desk.TEAM)
def software(producer_id: int) -> ResponseReturnValue:
    """What can be sent to and fetched from other programs."""
    desk.may_see_producer(producer_id)
    return _page(producer_id)


def _page(producer_id: int, status: int = 200, **shown: Any) -> ResponseReturnValue:
    session = db.session()
    books = accounting_profile("waca")
    accounts, confirmed = find_accounts(session, producer_id, books)
    first = g.today.replace(day=1)
    return render_page(
        "producers/software/programs.html",
        status,
        producer=find_producer(session, producer_id),
        diary=diary_profile("facefarm"),
        sales=sales_profile("hanbai"),
        books=books,
        **{
            "accounts": accounts,
            "confirmed": confirmed,
            "first": f"{first:%d/%m/%Y}",
            "last": f"{g.today:%d/%m/%Y}",
            "mistakes": {},
            "wrong_accounts": frozenset(),
            "words": software_words,
            "most": MOST_ROWS,
            **shown,
        },
    )


@requires(*desk.TEAM)
def upload(producer_id: int, kind: str) -> ResponseReturnValue:
    """Take a file and go on to what it would change; nothing is kept yet."""
    desk.may_see_producer(producer_id)
    bridge = _bridge(kind)
    sent = request.files.get("file")
    suffix = Path(sent.filename or "").suffix.lower() if sent is not None else ""
    suffix = ".csv" if suffix == ".txt" else suffix
    if sent is None or not sent.filename:
        return _page(producer_id, 422, mistakes={kind: _("Choose a file.")})
    if suffix not in SUFFIXES:
        said = _("Only .xlsx and .csv files can be read. In Excel choose “Save as” and .xlsx.")
        return _page(producer_id, 422, mistakes={kind: said})
    name = uploads.Said(
        name=uploads.short_name(sent.filename), source=bridge.profile.code, kind=str(producer_id)
    )
    path = uploads.keep(_folder(), sent, suffix, owner=g.actor.person_id, said=name)
    return redirect(
        url_for("producers.look_at_file", producer_id=producer_id, kind=kind, token=path.name), 303
    )


@requires(*desk.TEAM)
def look(producer_id: int, kind: str, token: str) -> ResponseReturnValue:
    """What the file would change, line by line."""
    return _looked_at(producer_id, kind, token)


def _looked_at(
    producer_id: int, kind: str, token: str, *, changed_meanwhile: bool = False
) -> ResponseReturnValue:
    desk.may_see_producer(producer_id)
    bridge, path = _bridge(kind), _find(token, producer_id)
    if path is None:
        return _gone(producer_id)
    session = db.session()
    said = find_columns(session, producer_id, bridge.profile.code)
    producer = find_producer(session, producer_id)
    shared: dict[str, Any] = {
        "producer": producer,
        "kind": kind,
        "token": token,
        "file_name": uploads.said_of(path).name,
        "profile": bridge.profile,
        "words": software_words,
    }
    try:
        found = bridge.look(producer_id, path, said)
    except UnusableFile as refusal:
        uploads.drop(path)
        return _page(producer_id, 422, mistakes={kind: file_sentence(refusal)})
    except NoKnownColumns as refusal:
        return render_page(
            "producers/software/columns.html", 422, **shared,
            headings=refusal.facts["headings"], wanted=refusal.facts["wanted"],
        )  # fmt: skip
    return render_page(
        bridge.template, 409 if changed_meanwhile else 200, **shared, found=found,
        changed_meanwhile=changed_meanwhile, headings=list(found.unknown_columns), wanted=[],
    )  # fmt: skip


@requires(*desk.TEAM)
def explain(producer_id: int, kind: str, token: str) -> ResponseReturnValue:
    """Keep what the producer says about headings nobody knows; then look again."""
    desk.may_see_producer(producer_id)
    bridge = _bridge(kind)
    if _find(token, producer_id) is None:
        return _gone(producer_id)
    said = {
        request.form.get(f"heading-{number}", "")[:300]: meaning
        for number in range(60)
        if (meaning := request.form.get(f"means-{number}", "")) in {"-", *bridge.profile.columns}
    }
    session = db.session()
    save_columns(
        session, producer_id, bridge.profile,
        {heading: "" if meaning == "-" else meaning for heading, meaning in said.items() if heading},
        actor=desk.acting_for(producer_id), now=g.now,
    )  # fmt: skip
    session.commit()
    return redirect(
        url_for("producers.look_at_file", producer_id=producer_id, kind=kind, token=token), 303
    )


@requires(*desk.TEAM)
def take(producer_id: int, kind: str, token: str) -> ResponseReturnValue:
    """Keep what was shown; when the shop has changed meanwhile it is shown again."""
    desk.may_see_producer(producer_id)
    bridge, path = _bridge(kind), _find(token, producer_id)
    if path is None:
        return _gone(producer_id)
    said = find_columns(db.session(), producer_id, bridge.profile.code)
    try:
        sentence = bridge.take(producer_id, path, said, request.form.get("seen", ""))
    except ShopChangedMeanwhile:
        db.session.rollback()
        return _looked_at(producer_id, kind, token, changed_meanwhile=True)
    except (UnusableFile, NoKnownColumns):
        return _gone(producer_id)
    uploads.drop(path)
    flash(sentence, "good")
    return redirect(bridge.leads_to(producer_id), 303)


@requires(*desk.TEAM)
def discard(producer_id: int, kind: str, token: str) -> ResponseReturnValue:
    """Forget an upload without keeping anything of it."""
    desk.may_see_producer(producer_id)
    _bridge(kind)
    path = _find(token, producer_id)
    if path is not None:
        uploads.drop(path)
    flash(_("The file is thrown away. Nothing of it was stored."), "good")
    return redirect(url_for("producers.software", producer_id=producer_id), 303)


@requires(*desk.TEAM)
def goods_file(producer_id: int, ending: str) -> ResponseReturnValue:
    """Goods with stock and price, for the sales software."""
    desk.may_see_producer(producer_id)
    profile = sales_profile("hanbai")
    return _file(
        ending, f"hanbai-{g.today}",
        lambda path: write_goods(db.session(), path, profile, producer_id, on=g.today),
    )  # fmt: skip


@requires(*desk.TEAM)
def diary_file(producer_id: int) -> ResponseReturnValue:
    """Everything that happened to lots, for the diary."""
    desk.may_see_producer(producer_id)
    profile = diary_profile("facefarm")
    return _file(
        ".csv", f"facefarm-{g.today}",
        lambda path: export_diary(db.session(), path, profile, producer_id),
    )  # fmt: skip


@requires(*desk.TEAM)
def journal_file(producer_id: int) -> ResponseReturnValue:
    """The journal of a period, for the accountant."""
    desk.may_see_producer(producer_id)
    profile = accounting_profile("waca")
    typed = {name: request.args.get(name, "")[:20] for name in ("first", "last")}
    ending = ".csv" if request.args.get("format") == "csv" else ".xlsx"
    try:
        first, last = (reading.read_day(text) for text in typed.values())
        accounts, _confirmed = find_accounts(db.session(), producer_id, profile)
        journal = producer_journal(
            db.session(), producer_id, accounts, first=_known(first), last=_known(last),
            actor=g.actor,
        )  # fmt: skip
    except (ValueError, BadPeriod):
        said = _("Write both days as day/month/year, the first not after the last, at most a year.")
        return _page(producer_id, 422, mistakes={"books": said}, **typed)
    name = f"waca-{journal.first}-{journal.last}"
    return _file(ending, name, lambda path: write_journal(path, journal, profile))


def _known(day: date | None) -> date:
    if day is None or not date(2000, 1, 1) <= day <= g.today + timedelta(days=366):
        raise ValueError("a day nobody means")
    return day


@requires(*desk.TEAM)
def accounts(producer_id: int) -> ResponseReturnValue:
    """Keep the account codes an accountant has confirmed."""
    desk.may_see_producer(producer_id)
    profile, session = accounting_profile("waca"), db.session()
    typed = {name: request.form.get(name, "")[:20] for name in profile.more["accounts"]}
    doing = {"actor": desk.acting_for(producer_id), "now": g.now}
    try:
        save_accounts(session, producer_id, profile, typed, **doing)
    except InvalidFields as refusal:
        session.rollback()
        return _page(
            producer_id, 422, accounts=typed, wrong_accounts=set(refusal.mistakes),
            mistakes={"accounts": _("An account code begins with three digits, such as 511 or 33311.")},
        )  # fmt: skip
    session.commit()
    desk.saved()
    return redirect(url_for("producers.software", producer_id=producer_id) + "#books", 303)


@requires(*desk.TEAM)
def events_file(producer_id: int) -> ResponseReturnValue:
    """Every event of every lot as one EPCIS 2.0 document."""
    import json

    from catalog.lots.epcis import producer_document

    desk.may_see_producer(producer_id)
    require(g.actor, "lot.view", producer_id=producer_id)
    document = producer_document(db.session(), producer_id, base_url=settings().base_url, now=g.now)
    content = json.dumps(document, ensure_ascii=False, indent=1).encode()
    return download(content, "application/ld+json", f"epcis-{g.today}.jsonld")


def _file(ending: str, name: str, write: Callable[[Path], int]) -> Response:
    """What `write` puts into a file, as a download."""
    if ending not in _TYPES:
        raise NotFound
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"table{ending}"
        write(path)
        return download(path.read_bytes(), _TYPES[ending], f"{name}{ending}")


def _bridge(kind: str) -> Bridge:
    if kind not in BRIDGES:
        raise NotFound
    return BRIDGES[kind]


def _folder() -> Path:
    return settings().data_dir / uploads.SOFTWARE_FOLDER


def _find(token: str, producer_id: int) -> Path | None:
    """The person's own upload for this producer."""
    path = uploads.find(_folder(), token, owner=g.actor.person_id, endings=SUFFIXES)
    return path if path is not None and uploads.said_of(path).kind == str(producer_id) else None


def _gone(producer_id: int) -> ResponseReturnValue:
    flash(_("The file is no longer here. Please choose it again."), "bad")
    return redirect(url_for("producers.software", producer_id=producer_id), 303)
