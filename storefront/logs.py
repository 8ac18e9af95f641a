"""What is written down about each request and each failure: JSON lines without personal data.

A line names the route's template, never the address: order tokens, e-mail addresses and search words are in
addresses. A failure is logged as its type, its place in the code and a message with the long numbers,
addresses and tokens blanked out; values bound to SQL statements never appear.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
import time
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from typing import Any

from flask import Flask, Response, g, request
from sqlalchemy import Engine, event
from sqlalchemy.exc import StatementError

from storefront import metrics
from storefront.extensions import here

requests = logging.getLogger("ocop.request")
failures = logging.getLogger("ocop.failure")

_statements: ContextVar[int] = ContextVar("statements", default=0)
_PRIVATE = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # e-mail addresses
    r"|\+?\d[\d .-]{7,}\d"  # telephone, account and identity numbers
    r"|[A-Za-z0-9_-]{20,}"  # tokens
)
_LONGEST_MESSAGE = 300
_MOST_PLACES = 8


class JsonLines(logging.Formatter):
    """One JSON object per line; line breaks inside values are escaped, so nobody forges a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record's facts (``extra={"facts": {…}}``) or its blanked-out message."""
        line: dict[str, Any] = {
            "ts": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        facts = getattr(record, "facts", None)
        if facts is None:
            line["message"] = blank_private(record.getMessage())
        else:
            line |= {"event": record.getMessage(), **facts}
        if record.exc_info and record.exc_info[1] is not None and "error" not in line:
            line |= describe_failure(record.exc_info[1])
        return _JSON.encode(line)


_JSON = json.JSONEncoder(ensure_ascii=False, default=str)


def configure_logging(level: int = logging.INFO) -> None:
    """Send everything this process logs to stderr as JSON lines; called once by each entry point."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("ocop").setLevel(level)
    # "Optimization" of Python's logging HOWTO: what no line shows is not looked up for each.
    logging._srcfile = None  # noqa: SLF001
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False


def blank_private(text: str) -> str:
    """The text with e-mail addresses, long numbers and tokens replaced, and cut to 300 characters."""
    return _PRIVATE.sub("[…]", text)[:_LONGEST_MESSAGE]


def describe_failure(error: BaseException) -> dict[str, Any]:
    """The facts of a failure that may be kept: type, message without private parts, places in our code."""
    if isinstance(error, StatementError):  # its text carries the bound values
        message = f"{type(error.orig).__name__} in {(error.statement or '').split(' ', 1)[0]}"
    else:
        message = blank_private(str(error))
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "site-packages" not in frame.filename][-_MOST_PLACES:]
    shown = ours if not frames or frames[-1] in ours else [*ours, frames[-1]]
    places = [f"{_module_path(frame.filename)}:{frame.lineno} {frame.name}" for frame in shown]
    return {"error": type(error).__name__, "error_message": message, "places": places}


def log_failure(error: BaseException, *, reference: str) -> None:
    """Write down an unexpected error under the reference the customer can read out."""
    failures.error(
        "failure",
        extra={
            "facts": {
                "reference": reference,
                "request_id": g.get("request_id"),
                "route": route_template(),
                **describe_failure(error),
            }
        },
    )


def route_template() -> str:
    """The rule of the present request, such as ``/<locale>/orders/<token>``; "-" when none matched."""
    rule = request.url_rule
    return _plain_rule(rule.rule) if rule is not None else "-"


@cache
def _plain_rule(rule: str) -> str:
    """The rule with only the names of its variables: ``<any('vi', 'en'):locale>`` is ``<locale>``."""
    return re.sub(r"<[^<>]*:(\w+)>", r"<\1>", rule)


def install_request_log(app: Flask) -> None:
    """Give each request an id, log one line when it is answered, and count it."""

    @app.before_request
    def start() -> None:
        known = here()
        known.started = time.perf_counter()
        known.request_id = secrets.token_hex(8)
        _statements.set(0)

    @app.after_request
    def finish(response: Response) -> Response:
        known = here()
        seconds = time.perf_counter() - known.get("started", time.perf_counter())
        route = route_template()
        metrics.count_request(route, request.method, response.status_code, seconds)
        if route not in _UNLOGGED:
            facts = {
                "request_id": known.get("request_id"),
                "method": request.method,
                "route": route,
                "status": response.status_code,
                "ms": round(seconds * 1000, 1),
                "statements": _statements.get(),
                "bytes": response.content_length,
            }
            requests.info("request", extra={"facts": facts})
        return response


_UNLOGGED = frozenset({"/healthz", "/static/<filename>"})


@event.listens_for(Engine, "before_cursor_execute")
def _count_statement(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    if not statement.startswith("BEGIN"):  # SQLite's is sent like a statement, PostgreSQL's is not
        _statements.set(_statements.get() + 1)


def _module_path(filename: str) -> str:
    """The end of a file's path: enough to find it, without naming the machine's directories."""
    return "/".join(filename.rsplit("/", 3)[-3:])
