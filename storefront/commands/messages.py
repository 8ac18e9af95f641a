"""The command that brings the message catalogues up to date with code and templates."""

from __future__ import annotations

import sys

import click

from storefront.commands.environment import say


@click.command()
@click.option("--check", is_flag=True, help="Only say what is stale; exit 1 if anything is.")
def messages(check: bool) -> None:
    """Collect the sentences of code and templates into the catalogues, and compile them."""
    from i18n import compile as compiling
    from i18n import extract

    if extract.main(["--check"] if check else []):
        sys.exit(1)
    if check:
        return
    try:
        for path in compiling.compile_catalogues():
            say(f"{path.parent.parent.name}: compiled")
    except compiling.BrokenCatalogue as broken:
        for problem in broken.problems:
            say(f"{broken.path.parent.parent.name}: {problem}")
        sys.exit(1)
