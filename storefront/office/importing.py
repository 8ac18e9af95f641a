"""Importing a register by hand: upload, look at what would happen, then confirm."""

from __future__ import annotations

import re
import secrets
import time
from pathlib import Path

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from catalog.importing import ImportReport, UnusableFile, import_file
from core.actor import Role
from core.db import write_session
from core.people.permissions import require
from i18n.catalogue import gettext as _
from storefront.access import requires
from storefront.extensions import db, settings
from storefront.import_messages import file_sentence, problem_sentences
from storefront.rendering import render_page

_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,60}\.(csv|xlsx|docx)")
MOST_ROWS = 1_000
"""At one go from a browser: more would outlast the web server's patience (thirty seconds) and keep buyers from
ordering meanwhile; ``ocop catalog import`` takes longer files."""
_KEPT_SECONDS = 24 * 3600
_SHOWN = 200
_NAME = ".name"


@requires(Role.OFFICE)
def upload() -> ResponseReturnValue:
    """Take a CSV or XLSX file and show what it would change; nothing is stored yet."""
    require(g.actor, "catalog.import")
    if request.method == "GET":
        return render_page("office/import.html", mistake="")
    sent = request.files.get("file")
    suffix = Path(sent.filename or "").suffix.lower() if sent is not None else ""
    if sent is None or not sent.filename:
        return render_page("office/import.html", 422, mistake=_("Choose a file."))
    if suffix == ".txt":
        suffix = ".csv"
    if suffix not in (".csv", ".xlsx", ".docx"):
        mistake = _(
            "Only .xlsx, .docx and .csv files can be read. In Excel choose “Save as” and .xlsx."
        )
        return render_page("office/import.html", 422, mistake=mistake)
    path = _keep(sent, suffix)
    try:
        report = _run(path, dry_run=True)
    except UnusableFile as refusal:
        _drop(path)
        return render_page("office/import.html", 422, mistake=file_sentence(refusal))
    return _report_page(report, path.name)


@requires(Role.OFFICE)
def confirm(token: str) -> ResponseReturnValue:
    """Store what was shown; a second press finds nothing left to do."""
    require(g.actor, "catalog.import")
    path = _folder() / token
    if not _TOKEN.fullmatch(token) or not token.startswith(_owner()) or not path.is_file():
        flash(_("This upload is not here any more. Please choose the file again."), "bad")
        return redirect(url_for("office.import_file"), 303)
    try:
        report = _run(path, dry_run=False)
    except UnusableFile as refusal:
        return render_page("office/import.html", 422, mistake=file_sentence(refusal))
    _drop(path)
    return _report_page(report, "")


def _run(path: Path, *, dry_run: bool) -> ImportReport:
    # The request's own transaction is given up first: the file is read and judged before anything is
    # locked, so nobody waits for a slow file.
    db.session.rollback()
    with write_session(db.engine) as session:
        report = import_file(
            session,
            path,
            actor=g.actor,
            now=g.now,
            dry_run=dry_run,
            most_rows=MOST_ROWS,
            name=_said_name(path),
        )
        if not dry_run:
            session.commit()
    return report


def _report_page(report: ImportReport, token: str) -> ResponseReturnValue:
    return render_page(
        "office/import_report.html",
        report=report,
        token=token,
        problems=problem_sentences(report.problems[:_SHOWN]),
        warnings=problem_sentences(report.warnings[:_SHOWN]),
        hidden=max(0, len(report.problems) - _SHOWN),
    )


def _keep(sent: FileStorage, suffix: str) -> Path:
    """Store the upload under a name nobody can guess; what people called it is not used."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for old in folder.iterdir():
        if time.time() - old.stat().st_mtime > _KEPT_SECONDS:
            old.unlink(missing_ok=True)
    path = folder / f"{_owner()}{secrets.token_urlsafe(24)}{suffix}"
    sent.save(path)
    path.with_suffix(_NAME).write_text((sent.filename or "")[:200], encoding="utf-8")
    return path


def _said_name(path: Path) -> str:
    """What people called the file: it may name the province or the year."""
    kept = path.with_suffix(_NAME)
    return kept.read_text(encoding="utf-8") if kept.is_file() else ""


def _drop(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.with_suffix(_NAME).unlink(missing_ok=True)


def _folder() -> Path:
    return settings().data_dir / "uploads"


def _owner() -> str:
    return f"{g.actor.person_id}-"
