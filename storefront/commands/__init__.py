"""The console script ``ocop``: which commands there are; each is imported only when it runs."""

from __future__ import annotations

import importlib
import sys

import click

from core.errors import OcopError

# name -> (module that holds a click command of the same name, what it does)
COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("storefront.commands.setup", "make the data directory, the secret and the tables"),
    "demo": ("storefront.commands.setup", "load the illustrative demo catalogue"),
    "run": ("storefront.commands.run", "start web and worker together"),
    "worker": ("storefront.commands.worker", "start only the worker; look after parked tasks"),
    "doctor": ("storefront.commands.doctor", "say what is wrong with this installation"),
    "backup": ("storefront.commands.backup", "write everything into one verified file"),
    "restore": ("storefront.commands.backup", "bring a backup back, verified first"),
    "catalog": ("storefront.commands.catalog", "import and export products and certificates"),
    "regulation": ("storefront.commands.regulation", "check and show the dated rules of law"),
    "lots": ("storefront.commands.lots", "lots and their events: EPCIS, diaries in and out"),
    "stock": ("storefront.commands.stock", "stock and prices to and from sales software"),
    "accounting": ("storefront.commands.accounting", "journals for accounting software"),
    "search": ("storefront.commands.search", "rebuild, check or ask the search index"),
    "feeds": ("storefront.commands.feeds", "build, push and follow batches for supermarkets"),
    "people": ("storefront.commands.people", "make accounts and one-time sign-in links"),
    "translations": (
        "storefront.commands.translations",
        "files for translators, what is missing, the translation machine",
    ),
    "media": ("storefront.commands.media", "files of pictures: check, mend, sweep"),
    "messages": ("storefront.commands.messages", "collect and compile the texts of the pages"),
    "migration": ("storefront.commands.setup", "write a migration from the models (developers)"),
    "demo-supermarket": (
        "storefront.commands.demo_supermarket",
        "play a supermarket that receives and acknowledges batches",
    ),
}

SETTINGS_PROBLEM = 2
FAILED = 1


class LazyGroup(click.Group):
    """A group that knows its commands by name, so ``ocop --help`` imports none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names in the order of the table: first what a newcomer needs."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the command's module now; None when there is no such command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name][0])
        command = getattr(module, cmd_name.replace("-", "_"))
        assert isinstance(command, click.Command)  # noqa: S101 - a programmer's mistake, not input
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list of commands, from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_module, text) in COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ocop")
def ocop() -> None:
    """A shop for certified Vietnamese regional goods, and its feeds to supermarkets.

    Settings are environment variables that start with OCOP_ (see .env.example).
    Exit codes: 0 done, 1 something is wrong, 2 the command or the settings were not understood.
    """


def main() -> None:
    """Run ``ocop``; a refusal of the shop is one line on stderr, not a traceback."""
    try:
        ocop(prog_name="ocop")
    except OcopError as refusal:
        facts = ", ".join(f"{name}={value!r}" for name, value in refusal.facts.items())
        click.echo(f"ocop: {type(refusal).__name__}: {facts}", err=True)
        sys.exit(FAILED)
    except Exception as error:
        from sqlalchemy.exc import DBAPIError

        if not isinstance(error, DBAPIError):
            raise
        click.echo(f"ocop: the database says: {error.orig}; nothing of this was kept", err=True)
        sys.exit(FAILED)
