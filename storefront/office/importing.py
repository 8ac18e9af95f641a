"""Importing by hand: upload, look at what would happen line by line, say what columns mean, then confirm."""

from __future__ import annotations

import io
import time
from dataclasses import replace
from pathlib import Path

from flask import flash, g, make_response, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from catalog.importing import ImportReport, RowProblem, UnusableFile, import_file
from catalog.importing.accounts import RunView, find_run, list_runs
from catalog.importing.deciding import count_waiting
from catalog.importing.limits import MAX_ROWS
from catalog.importing.mappings import find_mapping, list_sources, save_mapping
from catalog.importing.report import OUTCOMES
from catalog.importing.understanding import Understood, understand
from catalog.reference import PROVINCES
from core.actor import Role
from core.db import write_session
from core.facts import announce
from core.people.permissions import require
from i18n.catalogue import gettext as _
from i18n.text import vietnamese_sort_key
from storefront import import_words as words
from storefront import uploads
from storefront.access import requires
from storefront.extensions import db, settings
from storefront.import_looks import look_at, read_look
from storefront.import_messages import RowSentence, file_sentence, problem_sentences
from storefront.import_work import LOOK, MEND, SUFFIXES
from storefront.rendering import render_page

MOST_ROWS = 1_000
"""While the officer waits: more would outlast the web server's patience (thirty seconds) and keep buyers from
ordering meanwhile. Longer files are looked through and stored by the worker."""
MOST_BYTES = {".csv": 2_000_000, ".xlsx": 500_000, ".docx": 500_000}
"""A larger file is not even read while the officer waits."""
LOOK_AGAIN_SECONDS = 5
PATIENCE = 6.0
"""Seconds of storing for one press of the button; then the page says how far it is."""
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
    if path.stat().st_size > MOST_BYTES[suffix]:
        return _hand_over(path, replace(said, state="reading"), "import.sent")
    try:
        read = _understand(path, said)
    except UnusableFile as refusal:
        uploads.drop(path)
        return _form(file_sentence(refusal))
    rows = sum(len(table.rows) for table in read.tables)
    said = replace(said, rows=rows, kind=read.kind)
    if rows > MOST_ROWS:
        return _hand_over(path, replace(said, state="reading"), "import.sent")
    uploads.tell(path, said)
    return redirect(url_for("office.preview_import", token=path.name), 303)


@requires(Role.OFFICE)
def preview(token: str) -> ResponseReturnValue:
    """What the file would change, with the old and new value of every field."""
    require(g.actor, "catalog.import")
    path = _find(token)
    if path is None:
        return _gone()
    said = uploads.said_of(path)
    if said.state not in ("", "looked"):
        return redirect(url_for("office.import_progress", token=token), 303)
    try:
        look = read_look(uploads.beside(path, LOOK)) if said.state else look_at(*_try(path))
    except UnusableFile as refusal:
        return _form(file_sentence(refusal))
    if look is None:
        return _gone()
    shown = request.args.get("show", "")
    run = find_run(db.session(), uploads.digest_of(path), look.kind)
    saved = find_mapping(db.session(), said.source) if said.source else {}
    return render_page(
        "office/import_preview.html",
        token=token,
        said=said,
        report=look,
        lines=look.lines,
        shown=shown if shown in OUTCOMES else "",
        first=_FIRST,
        sentences=_by_line(look.problems),
        headings=look.unknown_headings(saved),
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
        kept = uploads.said_of(path)
        if kept.state == "looked":
            return _hand_over(path, replace(kept, state="reading", done=0), "import.sent")
    return redirect(back, 303)


@requires(Role.OFFICE)
def confirm(token: str) -> ResponseReturnValue:
    """Store what was shown, chunk by chunk; after a while the page says how far it is, and a press goes on."""
    require(g.actor, "catalog.import")
    path = _find(token)
    if path is None:
        return _gone()
    said = uploads.said_of(path)
    if said.state == "looked":
        confirmed = replace(said, state="storing", done=0, confirmed=g.now.isoformat())
        return _hand_over(path, confirmed, "import.confirmed")
    if said.state:
        return redirect(url_for("office.import_progress", token=token), 303)
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
    if said.state == "looked":
        return redirect(url_for("office.preview_import", token=token), 303)
    if said.state == "refused":
        uploads.drop(path)
        flash(file_sentence(UnusableFile(said.refusal, **said.facts)), "bad")
        return redirect(url_for("office.import_file"), 303)
    if said.state == "done":
        uploads.drop(path)
        flash(_("The import is done."), "good")
        return redirect(url_for("office.import_run", run_id=said.run_id), 303)
    done = said.done
    if not said.state:
        run = find_run(db.session(), uploads.digest_of(path), said.kind)
        done = run.rows if run is not None else 0
    renews = bool(said.state) and request.args.get("renew") != "no"
    page = make_response(
        render_page("office/import_progress.html", token=token, said=said, done=done, renews=renews)
    )
    if renews:
        page.headers["Refresh"] = str(LOOK_AGAIN_SECONDS)
    return page


@requires(Role.OFFICE)
def discard(token: str) -> ResponseReturnValue:
    """Forget an upload without storing it."""
    require(g.actor, "catalog.import")
    path = _find(token)
    if path is not None:
        if uploads.said_of(path).state in ("storing", "done"):
            return redirect(url_for("office.import_progress", token=token), 303)
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
    kept = uploads.beside(path, MEND)
    if not kept.is_file():
        if uploads.said_of(path).state:
            return _gone()
        try:
            _write_workbook(kept, path)
        except UnusableFile as refusal:
            return _form(file_sentence(refusal))
    content = io.BytesIO(kept.read_bytes())
    if not uploads.said_of(path).state:  # what it says may be otherwise the next time
        kept.unlink(missing_ok=True)
    stem = Path(uploads.said_of(path).name).stem[:80] or "import"
    return send_file(
        content, mimetype=_XLSX, as_attachment=True, download_name=f"{stem}-can-sua.xlsx"
    )


def _write_workbook(book: Path, path: Path) -> None:
    from storefront.error_workbook import write_error_workbook

    write_error_workbook(book, *_try(path))


def _hand_over(path: Path, said: uploads.Said, what: str) -> ResponseReturnValue:
    """Give a file to the worker and show how far it is."""
    uploads.tell(path, said)
    db.session.rollback()
    with write_session(db.engine) as session:
        announce(session, what, token=path.name, person_id=g.actor.person_id)
        session.commit()
    return redirect(url_for("office.import_progress", token=path.name), 303)


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
        under_way=uploads.with_worker(_folder(), owner=g.actor.person_id, endings=SUFFIXES),
        runs=runs,
        words=words,
        most=MAX_ROWS,
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


def _by_line(problems: list[RowProblem]) -> dict[tuple[str, int], list[RowSentence]]:
    """What is wrong with each line, or worth a look."""
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
