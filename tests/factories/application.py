"""The web application as tests run it: what is the same in all of a run is made once.

An application for each test would spend most of its life compiling: templates, addresses, styles, statements.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Map, Rule, RuleFactory

from core.settings import Settings
from storefront import assets
from storefront.app import create_app
from storefront.assets import Assets
from storefront.extensions import db
from tests.factories.compiled import share_statements


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


class _KeptRule(Rule):
    """An address whose builder is compiled once: nine tenths of the time it takes to make an application."""

    _builders: dict[tuple[Any, ...], Any] = {}  # noqa: RUF012 - shared on purpose

    def _compile_builder(self, append_unknown: bool = True) -> Any:
        key = (self.rule, tuple(self._trace), repr(self.defaults), append_unknown)
        if key not in self._builders:
            self._builders[key] = super()._compile_builder(append_unknown)
        return self._builders[key]


class _KnownMap(Map):
    """Addresses that take over the sorted ones of an earlier map with the same; added one by one otherwise."""

    _known: dict[tuple[Any, ...], Map] = {}  # noqa: RUF012 - shared on purpose

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._added: list[Rule] = []
        super().__init__(*args, **kwargs)

    def add(self, rulefactory: RuleFactory) -> None:
        self._added += rulefactory.get_rules(self)

    def update(self) -> None:
        if self._added:
            self._take(tuple(map(_what_it_says, self._added)))
        super().update()

    def _take(self, addresses: tuple[Any, ...]) -> None:
        key = (self.strict_slashes, *addresses)
        known = self._known.get(key) if not self._rules_by_endpoint else None
        if known is None:
            for rule in self._added:
                super().add(rule)
            self._known.setdefault(key, self)
        else:
            known.update()
            self._matcher, self._rules_by_endpoint = known._matcher, known._rules_by_endpoint
            self._remap = False
        self._added = []


def _what_it_says(rule: Rule) -> tuple[Any, ...]:
    methods = frozenset(rule.methods or ())
    return rule.rule, rule.endpoint, methods, repr(rule.defaults), rule.strict_slashes


_COMPILED = _Compiled()
Flask.url_rule_class = _KeptRule
Flask.url_map_class = _KnownMap


@cache
def _static_folder() -> TemporaryDirectory[str]:
    """It goes when the process does."""
    return TemporaryDirectory(prefix="ocop-static-")


@cache
def _built() -> Assets:
    return assets.build(Path(_static_folder().name))


@contextmanager
def application(settings: Settings) -> Iterator[Flask]:
    """The shop with these settings; its connections are closed at the end."""
    built = _built()
    with patch.object(assets, "build", lambda _data_dir: built):
        app = create_app(settings)
    app.jinja_env.bytecode_cache = _COMPILED
    with app.app_context():
        share_statements(db.engine)
    yield app
    with app.app_context():
        db.engine.dispose()
