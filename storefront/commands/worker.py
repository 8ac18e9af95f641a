"""Commands for the work behind the pages: a worker alone, and the tasks that gave up."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click

from core import clock, tasks
from storefront.commands import environment
from storefront.commands.environment import OPERATOR, say, show_json

NEEDS_A_PERSON = 1
_AT_ONCE = 500


@click.group(invoke_without_command=True)
@click.option("--once", is_flag=True, help="Do what is due now and end.")
@click.pass_context
def worker(context: click.Context, once: bool) -> None:
    """Work through what facts have caused: search index, mail, feeds, timers.

    Without a command it works until it is stopped; the commands look after tasks that gave up.
    """
    if context.invoked_subcommand is not None:
        if once:
            raise click.UsageError("--once is for working, not for looking at parked tasks")
        return
    from storefront.logs import configure_logging
    from storefront.worker import work

    configure_logging()
    tried = work(environment.settings(), once=once)
    if once:
        say(f"{tried} tasks tried")


@worker.command()
@click.option("--json", "as_json", is_flag=True, help="Answer with JSON on stdout.")
def parked(as_json: bool) -> None:
    """List the tasks that gave up and wait for a person, with their last error."""
    found = _all_parked()
    if as_json:
        show_json([asdict(task) for task in found])
        return
    for task in found:
        about = ", ".join(f"{name} {value}" for name, value in task.payload.items())
        click.echo(
            f"{task.id}  {task.reaction} ({task.fact or 'no fact'}: {about})"
            f"  {task.attempts} tries, since {task.since:%Y-%m-%d %H:%M} UTC"
        )
        click.echo(f"    {task.last_error or 'no error was noted'}")
    if not found:
        say("no task is parked")


@worker.command()
@click.argument("task_id", type=int, required=False, metavar="ID")
@click.option("--all", "everything", is_flag=True, help="Try all parked tasks again.")
def retry(task_id: int | None, everything: bool) -> None:
    """Try a parked task again from the start; a running worker takes it up at once.

    Exit code 1 when that task is not parked.
    """
    if (task_id is None) == (not everything):
        raise click.UsageError("say the ID of a parked task, or --all")
    wanted = [task.id for task in _all_parked()] if task_id is None else [task_id]
    with environment.writing() as session:
        again = [
            each
            for each in wanted
            if tasks.retry_parked(session, each, actor=OPERATOR, now=clock.now())
        ]
        session.commit()
    if task_id is not None and not again:
        say(f"task {task_id} is not parked: ocop worker parked lists those that are")
        sys.exit(NEEDS_A_PERSON)
    click.echo(f"{len(again)} tasks will be tried again")


def _all_parked() -> list[tasks.Parked]:
    found: list[tasks.Parked] = []
    with environment.reading() as session:
        while page := tasks.list_parked(
            session, after_id=found[-1].id if found else 0, limit=_AT_ONCE
        ):
            found += page
    return found
