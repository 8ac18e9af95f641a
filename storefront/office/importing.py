"""Importing by hand: upload, look at what would happen line by line, say what columns mean, then confirm."""

from __future__ import annotations

import io
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from flask import flash, g, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from catalog.importing import ImportReport, UnusableFile, import_file
from catalog.importing.accounts import RunView, find_run, list_runs
from catalog.importing.columns import heading_key
from catalog.importing.deciding import count_waiting
from catalog.importing.mappings import find_mapping, list_sources, save_mapping
from catalog.importing.report import OUTCOMES
from catalog.importing.understanding import Understood, understand
from catalog.reference import PROVINCES
from core.actor import Role
from core.db import write_session
from core.people.permissions import require
from i18n.catalogue import gettext as _
from i18n.text import vietnamese_sort_key
from storefront import import_words as words
from storefront import uploads
from storefront.access import requires
from storefront.extensions import db, settings
from storefront.import_messages import RowSentence, file_sentence, problem_sentences
from storefront.rendering import render_page

MOST_ROWS = 1_000
"""At one go from a browser: more would outlast the web server's patience (thirty seconds) and keep buyers from
ordering meanwhile; ``ocop catalog import`` takes longer files."""
PATIENCE = 6.0
"""Seconds of storing for one press of the button; then the page says how far it is."""
SUFFIXES = (".csv", ".xlsx", ".docx")
_FIRST = 10
_RUNS = 10
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class _EnoughForNow(Exception):
    """Ends one press of the button after a stored chunk."""


@requires(Role.OFFICE)
def upload() -> ResponseReturnValue:
    """Take a file and go on to what it would change; nothing is stored yet."""
    require(g.actor, "catalog.import")
    if request.method == "GET":
        return _form()
    sent = request.files.get("file")
    suffix = Path(sent.filename or "").suffix.lower() if sent is not None else ""
    if sent is None or not sent.filename:
        return _form(_("Choose a file."))
    suffix = ".csv" if suffix == ".txt" else suffix
    if suffix not in SUFFIXES:
        return _form(
            _("Only .xlsx, .docx and .csv files can be read. In Excel choose “Save as” and .xlsx.")
        )
    code = request.form.get("province", "")
    said = uploads.Said(
        name=uploads.short_name(sent.filename),
        source=_source(),
        province=PROVINCES[code].names["vi"] if code in PROVINCES else "",
    )
    path = uploads.keep(_folder(), sent, suffix, owner=g.actor.person_id, said=said)
    try:
        read = _understand(path, said)
    except UnusableFile as refusal:
        uploads.drop(path)
        return _form(file_sentence(refusal))
    rows = sum(len(table.rows) for table in read.tables)
    if rows > MOST_ROWS:
        uploads.drop(path)
        return _form(file_sentence(UnusableFile("too_many_rows", limit=MOST_ROWS)))
    uploads.tell(path, replace(said, rows=rows, kind=read.kind))
    return redirect(url_for("office.preview_import", token=path.name), 303)


@requires(Role.OFFICE)
def preview(token: str) -> ResponseReturnValue:
    """What the file would change, with the old and new value of every field."""
    require(g.actor, "catalog.import")
    path = _find(token)
    if path is None:
        return _gone()
    try:
        read, report = _try(path)
    except UnusableFile as refusal:
        return _form(file_sentence(refusal))
    said = uploads.said_of(path)
    shown = request.args.get("show", "")
    lines = {name: [one for one in report.lines if one.outcome == name] for name in OUTCOMES}
    run = find_run(db.session(), uploads.digest_of(path), read.kind)
    saved = find_mapping(db.session(), said.source) if said.source else {}
    return render_page(
        "office/import_preview.html",
        token=token,
        said=said,
        report=report,
        lines=lines,
        shown=shown if shown in OUTCOMES else "",
        first=_FIRST,
        sentences=_by_line(report),
        headings=_headings(read, saved),
        saved=saved,
        broken_off=run if run is not None and run.finished_at is None else None,
        stored=run if run is not None and run.finished_at is not None else None,
        words=words,
    )


@requires(Role.OFFICE)
def columns(token: str) -> ResponseReturnValue:
    """Keep what an officer says about headings nobody knows, for this source; then look again."""
    require(g.actor, "catalog.import")
    path = _find(token)
    if path is None:
        return _gone()
    source = _source()
    back = url_for("office.preview_import", token=token)
    if not source:
        flash(_("Say who sends such files, so that the columns are known the next time."), "bad")
        return redirect(f"{back}#columns", 303)
    said = {
        request.form.get(f"heading-{number}", "")[:300]: meaning
        for number in range(100)
        if (meaning := request.form.get(f"means-{number}", "")) and meaning != "?"
    }
    said = {
        heading: "" if meaning == "-" else meaning
        for heading, meaning in said.items()
        if heading and (meaning == "-" or meaning in words.FIELD_NAMES)
    }
    uploads.tell(path, replace(uploads.said_of(path), source=source))
    if said:
        db.session.rollback()
        with write_session(db.engine) as session:
            save_mapping(session, source, said, actor=g.actor, now=g.now)
            session.commit()
        flash(_("The columns are kept for “%(source)s”.", source=source), "good")
    return redirect(back, 303)


@requires(Role.OFFICE)
def confirm(token: str) -> ResponseReturnValue:
    """Store what was shown, chunk by chunk; after a while the page says how far it is, and a press goes on."""
    require(g.actor, "catalog.import")
    path = _find(token)
    if path is None:
        return _gone()
    try:
        report = _store(path)
    except _EnoughForNow:
        return redirect(url_for("office.import_progress", token=token), 303)
    except UnusableFile as refusal:
        return _form(file_sentence(refusal))
    run = find_run(db.session(), uploads.digest_of(path), report.kind)
    uploads.drop(path)
    counts = [
        f"{words.OUTCOMES[name]}: {report.outcomes[name]}"
        for name in OUTCOMES
        if report.outcomes[name]
    ]
    if report.resumed:
        counts.append(_("stored before: %(count)s", count=report.resumed))
    flash(_("The import is done. %(counts)s", counts=" · ".join(counts)), "good")
    if run is None:
        return redirect(url_for("office.import_file"), 303)
    return redirect(url_for("office.import_run", run_id=run.id), 303)


@requires(Role.OFFICE)
def progress(token: str) -> ResponseReturnValue:
    """How far the storing of a file is."""
    require(g.actor, "catalog.import")
    path = _find(token)
    if path is None:
        return _gone()
    said = uploads.said_of(path)
    run = find_run(db.session(), uploads.digest_of(path), said.kind)
    done = run.rows if run is not None else 0
    return render_page("office/import_progress.html", token=token, said=said, done=done)


@requires(Role.OFFICE)
def discard(token: str) -> ResponseReturnValue:
    """Forget an upload without storing it."""
    require(g.actor, "catalog.import")
    path = _find(token)
    if path is not None:
        uploads.drop(path)
    flash(_("The file is thrown away. Nothing of it was stored."), "good")
    return redirect(url_for("office.import_file"), 303)


@requires(Role.OFFICE)
def mend(token: str) -> ResponseReturnValue:
    """The same sheet with a column that says what to mend."""
    require(g.actor, "catalog.import")
    path = _find(token)
    if path is None:
        return _gone()
    from storefront.error_workbook import write_error_workbook

    try:
        read, report = _try(path)
    except UnusableFile as refusal:
        return _form(file_sentence(refusal))
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "mend.xlsx"
        write_error_workbook(book, read, report)
        content = io.BytesIO(book.read_bytes())
    stem = Path(uploads.said_of(path).name).stem[:80] or "import"
    return send_file(
        content, mimetype=_XLSX, as_attachment=True, download_name=f"{stem}-can-sua.xlsx"
    )


def _form(mistake: str = "") -> ResponseReturnValue:
    provinces = sorted(
        ((code, one.names["vi"]) for code, one in PROVINCES.items()),
        key=lambda pair: vietnamese_sort_key(pair[1]),
    )
    session = db.session()
    runs: list[RunView] = list_runs(session, limit=_RUNS)
    return render_page(
        "office/import.html",
        422 if mistake else 200,
        mistake=mistake,
        provinces=provinces,
        province=request.form.get("province", ""),
        source=_source(),
        sources=list_sources(session),
        waiting=count_waiting(session),
        runs=runs,
        words=words,
        most=MOST_ROWS,
    )


def _understand(path: Path, said: uploads.Said) -> Understood:
    mapping = find_mapping(db.session(), said.source) if said.source else {}
    # The request's own transaction is given up: the file is read and judged before anything is
    # locked, so nobody waits for a slow file.
    db.session.rollback()
    return understand(path, as_of=g.today, name=said.name, province=said.province, mapping=mapping)


def _try(path: Path) -> tuple[Understood, ImportReport]:
    """The file understood, and what it would change; nothing is kept."""
    read = _understand(path, uploads.said_of(path))
    with write_session(db.engine) as session:
        report = import_file(
            session,
            path,
            actor=g.actor,
            now=g.now,
            dry_run=True,
            most_rows=MOST_ROWS,
            as_of=g.today,
            understood=read,
            compare=True,
        )
        session.rollback()
    return read, report


def _store(path: Path) -> ImportReport:
    """Store and commit chunk by chunk; raises _EnoughForNow after some seconds, with all of it kept."""
    said = uploads.said_of(path)
    read = _understand(path, said)
    digest, until = uploads.digest_of(path), time.monotonic() + PATIENCE
    with write_session(db.engine) as session:

        def commit() -> None:
            session.commit()
            if time.monotonic() < until:
                return
            run = find_run(session, digest, read.kind)
            if run is not None and run.finished_at is None and run.rows < said.rows:
                raise _EnoughForNow

        return import_file(
            session,
            path,
            actor=g.actor,
            now=g.now,
            most_rows=MOST_ROWS,
            as_of=g.today,
            name=said.name,
            understood=read,
            on_chunk=commit,
        )


def _headings(read: Understood, saved: dict[str, str]) -> list[tuple[str, str]]:
    """Headings nobody knew before an officer said so, each with what was said ("?" for nothing yet)."""
    found: dict[str, str] = {}
    for table in read.tables:
        for column in table.header.columns:
            key = heading_key(column.heading)
            if key and (key in saved or (not column.field and not column.star)):
                found.setdefault(column.heading, (saved[key] or "-") if key in saved else "?")
    return list(found.items())


def _by_line(report: ImportReport) -> dict[tuple[str, int], list[RowSentence]]:
    """What is wrong with each line, or worth a look."""
    problems = [*report.problems, *report.warnings]
    found: dict[tuple[str, int], list[RowSentence]] = {}
    for problem, sentence in zip(problems, problem_sentences(problems), strict=True):
        found.setdefault((problem.sheet, problem.line), []).append(sentence)
    return found


def _find(token: str) -> Path | None:
    return uploads.find(_folder(), token, owner=g.actor.person_id, endings=SUFFIXES)


def _gone() -> Response:
    flash(_("This upload is not here any more. Please choose the file again."), "bad")
    return redirect(url_for("office.import_file"), 303)


def _source() -> str:
    return " ".join(request.form.get("source", "").split())[:120]


def _folder() -> Path:
    return settings().data_dir / "uploads"
