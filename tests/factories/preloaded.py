"""What a forked process of the tests finds ready: every command, the mapped tables, an application made before."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import lxml.etree
import openpyxl
import phonenumbers
import whoosh.index
import xlsxwriter
from sqlalchemy.orm import configure_mappers

import migrations.tables
import storefront.worker
from core.settings import Settings
from storefront.commands import COMMANDS
from tests.factories.application import application

__all__ = ["lxml", "migrations", "openpyxl", "phonenumbers", "storefront", "whoosh", "xlsxwriter"]

for module, _purpose in COMMANDS.values():
    import_module(module)
configure_mappers()
with (
    TemporaryDirectory() as folder,
    application(Settings(data_dir=Path(folder), database_url="sqlite://", secret_key="k" * 48)),
):
    """Its addresses are compiled now; a worker makes one of its own in a moment."""
