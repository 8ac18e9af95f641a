"""The account of an import, and its lines that wait for an officer: store as a draft, or leave out with a reason."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from flask import flash, g, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue

from catalog.errors import InvalidFields
from catalog.importing import RowProblem
from catalog.importing.accounts import count_to_mend, get_run, list_lines, list_to_mend
from catalog.importing.deciding import (
    CORRECTABLE,
    LineDecided,
    WaitingLine,
    accept_line,
    count_waiting,
    get_line,
    leave_out,
    list_waiting,
    suggest,
)
from catalog.importing.judged import STATUSES
from catalog.reference import PROVINCES
from core.actor import Role
from core.db import write_session
from core.people.permissions import require
from i18n.catalogue import gettext as _
from i18n.text import vietnamese_sort_key
from storefront import import_words as words
from storefront import uploads
from storefront.access import requires
from storefront.extensions import db
from storefront.import_messages import RowSentence, problem_sentences
from storefront.reading import read_number
from storefront.rendering import render_page

_SHOWN = 100
_LONGEST = 300
MOST_TO_MEND = 5_000
"""Lines of one workbook; when they are mended and read again, the next import tells of the rest."""
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@requires(Role.OFFICE)
def run(run_id: int) -> ResponseReturnValue:
    """What became of every line of one import."""
    require(g.actor, "catalog.import")
    session = db.session()
    status = request.args.get("status", "")
    status = status if status in STATUSES else ""
    found = get_run(session, run_id)
    lines = list_lines(session, run_id, status=status, after=_after(), limit=_SHOWN)
    return render_page(
        "office/import_run.html",
        run=found,
        chosen=status,
        lines=[(line, _sentences(line.line, line.errors)) for line in lines],
        more=len(lines) == _SHOWN,
        to_mend=count_to_mend(session, run_id),
        words=words,
    )


@requires(Role.OFFICE)
def mend(run_id: int) -> ResponseReturnValue:
    """The lines of an import that were refused or wait, as a workbook that says what to mend."""
    require(g.actor, "catalog.import")
    from storefront.error_workbook import write_lines_to_mend

    run = get_run(db.session(), run_id)
    lines = list_to_mend(db.session(), run_id, limit=MOST_TO_MEND)
    if not lines:
        return redirect(url_for("office.import_run", run_id=run_id), 303)
    content = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "mend.xlsx"
        write_lines_to_mend(book, lines)
        content.write(book.read_bytes())
    content.seek(0)
    stem = Path(uploads.short_name(run.file_name)).stem[:80] or "import"
    return send_file(
        content, mimetype=_XLSX, as_attachment=True, download_name=f"{stem}-can-sua.xlsx"
    )


@requires(Role.OFFICE)
def waiting() -> ResponseReturnValue:
    """Every line that waits for an officer, the oldest first."""
    require(g.actor, "catalog.import")
    session = db.session()
    lines = list_waiting(session, after_id=_after(), limit=_SHOWN)
    return render_page(
        "office/import_waiting.html",
        lines=[(line, _sentences(line.line, line.errors)) for line in lines],
        count=count_waiting(session),
        more=len(lines) == _SHOWN,
    )


@requires(Role.OFFICE)
def decide(line_id: int) -> ResponseReturnValue:
    """Show a line and store it with an officer's corrections as a draft."""
    require(g.actor, "catalog.import")
    line = get_line(db.session(), line_id)
    if request.method == "GET":
        return _line_page(line, suggest(db.session(), line, on=g.today), {})
    values = {name: _typed(name) for name in CORRECTABLE}
    db.session.rollback()
    try:
        with write_session(db.engine) as session:
            outcome, product_id = accept_line(
                session, line_id, values, actor=g.actor, on=g.today, now=g.now
            )
            session.commit()
    except InvalidFields as refusal:
        return _line_page(line, values, refusal.mistakes)
    except LineDecided:
        return _too_late()
    flash(
        _("Stored as a draft.")
        if outcome == "created"
        else _("The catalogue knew this product; it is up to date now."),
        "good",
    )
    return redirect(url_for("producers.product", product_id=product_id), 303)


@requires(Role.OFFICE)
def leave(line_id: int) -> ResponseReturnValue:
    """Leave a line out for good; the reason is written down."""
    line = get_line(db.session(), line_id)
    db.session.rollback()
    try:
        with write_session(db.engine) as session:
            reason = request.form.get("reason", "")[:500]
            leave_out(session, line_id, reason, actor=g.actor, now=g.now)
            session.commit()
    except InvalidFields as refusal:
        return _line_page(line, suggest(db.session(), line, on=g.today), refusal.mistakes)
    except LineDecided:
        return _too_late()
    flash(_("The line is left out; your reason is kept."), "good")
    return redirect(url_for("office.import_waiting"), 303)


def _line_page(
    line: WaitingLine, values: dict[str, str], mistakes: dict[str, str]
) -> ResponseReturnValue:
    provinces = sorted((one.names["vi"] for one in PROVINCES.values()), key=vietnamese_sort_key)
    said = {name: _one(line.line, name, code) for name, code in mistakes.items()}
    return render_page(
        "office/import_line.html",
        422 if mistakes else 200,
        line=line,
        values=values,
        mistakes=said,
        sentences=_sentences(line.line, line.errors),
        fields=CORRECTABLE,
        provinces=provinces,
        words=words,
    )


def _sentences(line: int, codes: tuple[str, ...]) -> list[RowSentence]:
    """What is wrong with a line in words; what was known about it beside the code is not kept."""
    return problem_sentences([RowProblem(line, "", code) for code in codes])


def _one(line: int, name: str, code: str) -> str:
    if name == "reason":
        return _("Write the reason.")
    (sentence,) = problem_sentences([RowProblem(line, name, code)])
    return f"{sentence.what} {sentence.mend}"


def _too_late() -> ResponseReturnValue:
    flash(_("Somebody has decided this line already. Nothing was changed."), "bad")
    return redirect(url_for("office.import_waiting"), 303)


def _typed(name: str) -> str:
    return " ".join(request.form.get(name, "").split())[:_LONGEST]


def _after() -> int:
    return read_number(request.args.get("after", "")) or 0
