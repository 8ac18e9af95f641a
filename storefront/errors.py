"""Which status and which page answers an error, always with a way on and a reference to read out."""

from __future__ import annotations

from flask import Flask, Response, current_app, g, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from core.errors import Conflict, Forbidden, Invalid, NotFound, OcopError, Unavailable
from core.people.throttle import Throttled
from i18n.catalogue import speak
from i18n.locales import ENABLED
from storefront import destination
from storefront.extensions import db
from storefront.logs import log_failure
from storefront.messages import error_sentence, status_heading, status_sentence
from storefront.request_context import locale_of_request

STATUSES: tuple[tuple[type[OcopError], int], ...] = (
    (Throttled, 429),
    (NotFound, 404),
    (Conflict, 409),
    (Invalid, 422),
    (Forbidden, 403),
    (Unavailable, 503),
)
_NOT_KEPT = frozenset({"csrf_token", "password", "new_password", "current_password", "token"})
_MOST_KEPT = 200


def install(app: Flask) -> None:
    """Answer refusals, HTTP errors, stale forms and surprises with pages."""
    app.register_error_handler(OcopError, refused)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _surprise)


def status_of(error: OcopError) -> int:
    """The HTTP status of a refusal."""
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 500)


def refused(error: OcopError) -> Response:
    """The page that answers a refusal of ours."""
    db.session.rollback()
    status = status_of(error)
    if status >= 500:
        log_failure(error, reference=reference())
    answer = _page(status, error_sentence(error))
    if isinstance(error, Throttled):
        answer.headers["Retry-After"] = str(error.facts["retry_after"])
    return answer


def _http_error(error: HTTPException) -> Response:
    if error.response is not None or error.code is None or error.code < 400:
        return current_app.make_response(error.get_response())
    answer = _page(error.code, status_sentence(error.code))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def _surprise(error: Exception) -> Response:
    db.session.rollback()
    log_failure(error, reference=reference())
    return _page(500, "")


def _stale_form(_error: CSRFError) -> Response:
    """The form's token is old: offer to send it again with everything that was typed.

    Only our own pages get here with their content: a form from elsewhere was refused before.
    """
    prepare()
    typed = [
        (name, value)
        for name, values in request.form.lists()
        if name not in _NOT_KEPT
        for value in values
    ][:_MOST_KEPT]
    page = render_template(
        "errors/stale_form.html",
        typed=typed,
        has_files=bool(request.files),
        forgotten=any(name in _NOT_KEPT - {"csrf_token"} for name in request.form),
    )
    return Response(page, 400, mimetype="text/html")


def _page(status: int, sentence: str) -> Response:
    prepare()
    if request.path.startswith("/api/"):
        problem = jsonify(
            type="about:blank", title=status_heading(status), status=status, reference=reference()
        )
        problem.status_code = status
        problem.mimetype = "application/problem+json"
        return problem
    page = render_template(
        "errors/error.html",
        status=status,
        heading_text=status_heading(status),
        sentence=sentence,
        reference=reference(),
    )
    return Response(page, status, mimetype="text/html")


def reference() -> str:
    """What a visitor reads out to somebody who looks into the log."""
    return str(g.get("request_id", "–"))


def prepare() -> None:
    """An error may come before the request knew its language and country (a foreign host, a broken address)."""
    g.keeping = False
    if "locale" not in g:
        try:
            g.locale = locale_of_request()
        except HTTPException:
            g.locale = ENABLED[0]
    if "destination" not in g:
        g.destination = destination.of_request()
    speak(g.locale)
