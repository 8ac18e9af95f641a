"""Translation work of the whole shop: how far it is, files for translators, and taking them back."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from flask import flash, g, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue

from catalog.exchanging import Report, collect, take_back, write_work
from catalog.exchanging.writing import TooMuchWork, format_of
from catalog.importing import UnusableFile
from catalog.queries.translation_status import get_status
from core.actor import Role
from core.db import write_session
from core.errors import NotFound
from core.people.permissions import require
from i18n.catalogue import gettext as _
from i18n.locales import LOCALES
from storefront import translation_words as words
from storefront import uploads
from storefront.access import requires
from storefront.extensions import db, settings
from storefront.import_messages import file_sentence
from storefront.reading import read_page
from storefront.rendering import render_page
from storefront.translation_words import language_name

FOREIGN = tuple(tag for tag in LOCALES if tag != "vi")
MOST_PIECES = 1_500
"""At one go from a browser; ``ocop translations import`` takes longer files."""
_ENDINGS = (".xlsx", ".xlf", ".xliff")
_SHOWN = 200
_PER_PAGE = 50
_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xliff": "application/x-xliff+xml",
}


class NoSuchLanguage(NotFound):
    """Texts are not translated into this language."""


@requires(Role.OFFICE)
def overview() -> ResponseReturnValue:
    """Each language and each market, and the forms for files."""
    return _overview()


@requires(Role.OFFICE)
def work(tag: str) -> ResponseReturnValue:
    """What is missing, old or unreviewed in one language, each with the way to its page."""
    if tag not in FOREIGN:
        raise NoSuchLanguage(locale=tag)
    page = read_page(request.args.get("page", "1"))
    units = collect(db.session(), tag, missing=True, stale=True, unreviewed=True)
    by_thing: dict[tuple[str, int, str], list[tuple[str, str]]] = {}
    for unit in units:
        by_thing.setdefault((unit.key.kind, unit.number, unit.name), []).append(
            (unit.key.field, unit.status if unit.target else "missing")
        )
    things = list(by_thing.items())[(page - 1) * _PER_PAGE : page * _PER_PAGE]
    return render_page(
        "office/translation_work.html",
        tag=tag,
        language=language_name(tag),
        things=things,
        count=len(by_thing),
        page=page,
        more=page * _PER_PAGE < len(by_thing),
        words=words,
    )


@requires(Role.OFFICE)
def export() -> ResponseReturnValue:
    """A file with the texts that need work, for a translator."""
    require(g.actor, "translation.exchange")
    tag, kind = request.args.get("locale", ""), request.args.get("format", "xlsx")
    if tag not in FOREIGN or kind not in _TYPES:
        raise NoSuchLanguage(locale=tag)
    which = request.args.getlist("which")
    units = collect(
        db.session(),
        tag,
        missing="missing" in which,
        stale="stale" in which,
        unreviewed="unreviewed" in which,
    )
    if not units:
        flash(_("There is nothing of this kind to translate."), "good")
        return redirect(url_for("office.translations"), 303)
    suffix = "xlf" if kind == "xliff" else kind
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"work.{suffix}"
        try:
            write_work(path, units, tag, kind)
        except TooMuchWork:
            flash(_("This is too much for one workbook. Choose XLIFF instead."), "bad")
            return redirect(url_for("office.translations"), 303)
        content = io.BytesIO(path.read_bytes())
    name = f"translations-{tag}-{g.today.isoformat()}.{suffix}"
    return send_file(content, mimetype=_TYPES[kind], as_attachment=True, download_name=name)


@requires(Role.OFFICE)
def upload() -> ResponseReturnValue:
    """Take a translator's file and show what it would change; nothing is stored yet."""
    require(g.actor, "translation.exchange")
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _overview(_("Choose a file."))
    suffix = Path(sent.filename).suffix.lower()
    if format_of(Path(f"x{suffix}")) is None:
        return _overview(_("Only .xlsx, .xlf and .xliff files can be read."))
    path = uploads.keep(_folder(), sent, suffix, owner=g.actor.person_id)
    reviewed = request.form.get("reviewed") == "yes"
    try:
        report = _run(path, dry_run=True, reviewed=reviewed)
    except UnusableFile as refusal:
        uploads.drop(path)
        return _overview(file_sentence(refusal))
    return _report(report, path.name, reviewed=reviewed)


@requires(Role.OFFICE)
def confirm(token: str) -> ResponseReturnValue:
    """Store what was shown; a second press finds nothing left to do."""
    require(g.actor, "translation.exchange")
    path = uploads.find(_folder(), token, owner=g.actor.person_id, endings=_ENDINGS)
    if path is None:
        flash(_("This upload is not here any more. Please choose the file again."), "bad")
        return redirect(url_for("office.translations"), 303)
    reviewed = request.form.get("reviewed") == "yes"
    try:
        report = _run(path, dry_run=False, reviewed=reviewed)
    except UnusableFile as refusal:
        return _overview(file_sentence(refusal))
    uploads.drop(path)
    return _report(report, "", reviewed=reviewed)


def _overview(mistake: str = "") -> ResponseReturnValue:
    return render_page(
        "office/translations.html",
        422 if mistake else 200,
        progress=get_status(db.session()),
        foreign=FOREIGN,
        language_name=language_name,
        words=words,
        mistake=mistake,
    )


def _run(path: Path, *, dry_run: bool, reviewed: bool) -> Report:
    # The request's own transaction is given up first, so that nobody waits for a slow file.
    db.session.rollback()
    with write_session(db.engine) as session:
        report = take_back(
            session,
            path,
            actor=g.actor,
            now=g.now,
            dry_run=dry_run,
            reviewed=reviewed,
            most=MOST_PIECES,
        )
        if not dry_run:
            session.commit()
    return report


def _report(report: Report, token: str, *, reviewed: bool) -> ResponseReturnValue:
    return render_page(
        "office/translation_report.html",
        report=report,
        token=token,
        reviewed=reviewed,
        lines=report.lines[:_SHOWN],
        hidden=max(0, len(report.lines) - _SHOWN),
        words=words,
    )


def _folder() -> Path:
    return settings().data_dir / "translation-uploads"
