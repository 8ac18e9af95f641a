"""The command that says in sentences what is wrong with an installation."""

from __future__ import annotations

import os
import smtplib
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import click

from core import clock, tasks
from core.settings import Settings
from storefront.commands import environment
from storefront.commands.environment import show_json
from storefront.readiness import Check, faulty_feeds, parked_work, readiness

EARLIEST = (
    1_790_000_000.0  # a clock before autumn 2026 is wrong: certificates would be judged by it
)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the checks for a program.")
def doctor(as_json: bool) -> None:
    """Check settings, database, revision, index, backlog, disk, mail, permissions, clock and worker.

    Exits with 0 when all is in order, 1 when anything is not, 2 when the settings are wrong.
    """
    settings = environment.settings()
    checks = [Check("settings", None, f"{settings.env}, {settings.base_url}")]
    with environment.reading() as session:
        checks += readiness(session, settings, now=clock.now())
        if all(check.problem is None for check in checks):
            waiting = tasks.backlog(session, now=clock.now())
            checks.append(Check("parked work", parked_work(waiting), "none"))
            checks.append(Check("feed files", faulty_feeds(session), "none has faults"))
    for question in (_worker, _mail, _permissions, _clock):
        checks.append(question(settings))
    if as_json:
        show_json(
            {c.name: {"ok": c.problem is None, "says": c.problem or c.answer} for c in checks}
        )
    else:
        for check in checks:
            mark = "ok  " if check.problem is None else "BAD "
            click.echo(f"{mark} {check.name:<13} {check.problem or check.answer}")
    sys.exit(0 if all(check.problem is None for check in checks) else 1)


def _worker(settings: Settings) -> Check:
    from storefront.worker import running_workers

    running = running_workers(settings.data_dir)
    problem = None if running else "no worker runs on this machine: ocop run, or ocop worker"
    return Check("worker", problem, f"{running} running")


def _mail(settings: Settings) -> Check:
    parts = urlsplit(settings.mail_url)
    if parts.scheme == "console":
        return Check("mail", None, "printed by the worker")
    kind: Callable[..., smtplib.SMTP] = (
        smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    )
    port = parts.port or (465 if parts.scheme == "smtps" else 587)
    try:
        with kind(parts.hostname or "", port, timeout=10) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        return Check("mail", f"{parts.hostname}:{port} does not answer ({type(error).__name__})")
    return Check("mail", None, f"{parts.hostname}:{port} answers")


def _permissions(settings: Settings) -> Check:
    if not os.access(settings.data_dir, os.W_OK):
        return Check("permissions", "the data directory cannot be written")
    private = [settings.data_dir / "secret_key", settings.partners_dir]
    open_to_others = [p.name for p in private if p.exists() and p.stat().st_mode & 0o077]
    if open_to_others:
        return Check("permissions", f"others may read {', '.join(open_to_others)}: chmod go-rwx")
    return Check("permissions", None, "private")


def _clock(settings: Settings) -> Check:
    """Behind its own newest file, or before this version was made, a clock is wrong."""
    newest = max((p.stat().st_mtime for p in _dated_files(settings)), default=0.0)
    if time.time() < max(EARLIEST, newest - 60):
        return Check("clock", "the clock is behind; certificates would be judged by the wrong day")
    return Check("clock", None, f"{clock.today().isoformat()} in Vietnam")


def _dated_files(settings: Settings) -> list[Path]:
    return [path for path in settings.data_dir.glob("ocop.db*") if path.is_file()]
