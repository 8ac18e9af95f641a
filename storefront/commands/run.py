"""The command that serves: the whole shop as one process tree."""

from __future__ import annotations

import os
import socket
import sys
from urllib.parse import urlsplit

import click

from core import clock
from storefront.commands import environment
from storefront.commands.environment import say


@click.command()
@click.option("--demo", "with_demo", is_flag=True, help="Load the demo catalogue first.")
@click.option("--bind", metavar="HOST:PORT", help="Where to listen [default: as OCOP_BASE_URL].")
@click.option("--web-workers", default=2, show_default=True, help="Processes that answer pages.")
def run(with_demo: bool, bind: str | None, web_workers: int) -> None:
    """Bring the database up to date, then serve: web and worker in one tree that one Ctrl-C stops.

    Prints the address, and after --demo one-time sign-in links, on stdout; everything else on stderr.
    """
    from i18n.compile import compile_catalogues
    from storefront.commands.setup import bring_up_to_date, load_demo, prepare
    from storefront.processes import Program, Supervisor

    if bind and "OCOP_BASE_URL" not in os.environ:
        os.environ["OCOP_BASE_URL"] = f"http://{bind}"
    settings = environment.settings()
    bind = bind or _address_of(settings.base_url)
    _refuse_taken(bind)
    prepare()
    say("compiling the texts")
    compile_catalogues()
    with environment.engine() as engine:
        say("bringing the database up to date")
        bring_up_to_date(engine)
        if with_demo:
            load_demo(engine)

    programs = [
        Program.gunicorn(bind, web_workers),
        Program.command("worker"),
    ]
    if with_demo and _plays_supermarket():
        programs.append(Program.command("demo-supermarket"))
    supervisor = Supervisor(programs, say=say)
    supervisor.start()
    if not supervisor.wait_until_answered(bind):
        supervisor.stop()
        say("the web server did not start; the lines above say why")
        sys.exit(1)
    click.echo(f"The shop is open at {settings.base_url}/")
    if with_demo:
        _print_sign_in_links(settings.base_url)
    sys.stdout.flush()
    say("Ctrl-C stops everything")
    sys.exit(supervisor.watch())


def _address_of(base_url: str) -> str:
    """Where to listen for that base URL: itself when it is this machine, else the proxy's usual place."""
    parts = urlsplit(base_url)
    if parts.hostname in ("127.0.0.1", "localhost") and parts.scheme == "http":
        return f"127.0.0.1:{parts.port or 80}"
    return "127.0.0.1:8000"


def _refuse_taken(bind: str) -> None:
    host, _, port = bind.rpartition(":")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError:
            say(f"something else listens on {bind}; choose another with --bind or OCOP_BASE_URL")
            sys.exit(1)


def _plays_supermarket() -> bool:
    from storefront.commands import demo_supermarket

    return demo_supermarket.is_wanted(environment.settings())


def _print_sign_in_links(base_url: str) -> None:
    from storefront.demo_people import issue_links

    with environment.writing() as session:
        links = issue_links(session, clock.now(), base_url)
        session.commit()
    click.echo("Each of these links signs in once, for a day:")
    for who, link in links:
        click.echo(f"  {who:<12} {link}")
