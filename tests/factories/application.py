"""The web application as tests run it: templates are compiled once for all the applications of a run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from core.settings import Settings
from storefront.app import create_app
from storefront.extensions import db


class _Compiled(BytecodeCache):
    """Compiled templates in memory, known by their source."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        kept = self._kept.get((bucket.key, bucket.checksum))
        if kept is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


@contextmanager
def application(settings: Settings) -> Iterator[Flask]:
    """The shop with these settings; its connections are closed at the end."""
    app = create_app(settings)
    app.jinja_env.bytecode_cache = _COMPILED
    yield app
    with app.app_context():
        db.engine.dispose()
