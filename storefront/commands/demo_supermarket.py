"""The command that plays a supermarket on this machine, so that the whole loop can be seen."""

from __future__ import annotations

import asyncio
import sys

import click

from core.settings import Settings
from storefront.commands import environment
from storefront.commands.environment import say


def is_wanted(settings: Settings) -> bool:
    """Whether ``ocop run --demo`` should start it: never in production or beside a profile made by hand."""
    from feeds.demo_supermarket.server import Premises

    return not settings.is_production and Premises.under(settings.data_dir).is_ours()


@click.command("demo-supermarket")
@click.option(
    "--port", default=2222, show_default=True, help="Port on 127.0.0.1; a free one if it is taken."
)
@click.option("--once", is_flag=True, help="Answer what was received so far and end.")
def demo_supermarket(port: int, once: bool) -> None:
    """Play a supermarket: receive batches by SFTP, check them, and put answers out.

    Only this machine can connect. Keys are made at the first start; the shop's side finds them in the
    partners folder of the data directory.
    """
    from feeds.demo_supermarket.server import OverriddenByHand, answer_once, serve

    settings = environment.settings()
    if once:
        for answer in answer_once(settings.data_dir):
            click.echo(answer)
        return
    try:
        asyncio.run(serve(settings.data_dir, port, say=say))
    except OverriddenByHand as found:
        say(f"{found} was written by hand, so the demo supermarket does not start")
        sys.exit(1)
