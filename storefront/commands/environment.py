"""What every command starts from: settings, engine, sessions, and where it prints."""

from __future__ import annotations

import importlib
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import click
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.db import make_engine, write_session
from core.settings import Settings, SettingsError
from storefront.settings import read_settings

if TYPE_CHECKING:
    from catalog.models import Producer

OPERATOR = Actor.system("ocop")
"""Who acts when somebody with access to the machine runs a command."""


@cache
def settings() -> Settings:
    """The settings of this process; with mistakes in them, prints all of them and exits with 2."""
    try:
        return read_settings(os.environ)
    except SettingsError as mistakes:
        say("The settings are not right:")
        for problem in mistakes.problems:
            say(f"  {problem}")
        sys.exit(2)


@contextmanager
def engine() -> Iterator[Engine]:
    """An engine for the configured database, closed afterwards; all tables are known to the mapper."""
    importlib.import_module("migrations.tables")
    opened = make_engine(settings().database_url)
    try:
        yield opened
    finally:
        opened.dispose()


@contextmanager
def reading() -> Iterator[Session]:
    """A session for a command that only reads."""
    with engine() as opened, Session(opened, expire_on_commit=False) as session:
        yield session


@contextmanager
def writing() -> Iterator[Session]:
    """A session whose transactions begin as writes; the command commits."""
    with engine() as opened, write_session(opened) as session:
        yield session


def find_producer(session: Session, code: str) -> Producer:
    """The producer with that code; says that there is none and exits with 1."""
    from catalog.models import Producer

    found = session.scalar(select(Producer).where(Producer.code == code))
    if found is None:
        say(f"there is no producer {code}")
        sys.exit(1)
    return found


def say(text: str) -> None:
    """Progress and explanations, on stderr: stdout belongs to the answer."""
    click.echo(text, err=True)


def show_json(data: Any) -> None:
    """The answer for a program: one JSON document on stdout."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str))
