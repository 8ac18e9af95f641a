"""House rules that are read from the source: who commits, what is never marked as safe, words never used."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("core", "i18n", "catalog", "orders", "feeds", "storefront")
BELOW = ("core", "i18n", "catalog", "orders", "feeds")
MAY_COMMIT = {
    "catalog/search/index.py": "commits Whoosh's own segments, not a transaction",
    "catalog/importing/savepoints.py": "ends a savepoint (begin_nested) around the whole file",
    "core/statements.py": "ends the transaction of one statement that only reads, on a connection of its own",
}
MAY_TRUST_MARKUP = {
    "storefront/shop/cards.py": "puts marks around parts of names, which Markup itself escapes",
    "storefront/prose.py": "articles, escaped by markdown-it and cleaned by nh3",
    "storefront/rendering.py": "parts of the frame, rendered by Jinja with autoescape",
    "storefront/shop/panel.py": "the panel of filters, rendered by Jinja with autoescape",
    "storefront/checkout/order_views.py": "the QR picture segno draws from our own payload",
}
CLOCK = ("clock.now(", "clock.today(", "datetime.now(", "date.today(", "time.time()")
MAY_READ_CLOCK = {
    "core/clock.py": "is the clock",
    "feeds/demo_supermarket/clerk.py": "a program of its own: the other side of the feed",
    "feeds/demo_supermarket/server.py": "the same",
}


def sources(*packages: str) -> Iterator[tuple[str, str]]:
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def templates() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in (".html", ".txt"):
            yield str(path.relative_to(ROOT / "templates")), path.read_text(encoding="utf-8")


def calls(source: str, name: str) -> bool:
    return any(
        isinstance(node, ast.Call)
        and (getattr(node.func, "attr", None) or getattr(node.func, "id", None)) == name
        for node in ast.walk(ast.parse(source))
    )


def test_only_the_outermost_caller_commits() -> None:
    guilty = [
        path
        for path, source in sources(*BELOW)
        if ".commit(" in source
        and path not in MAY_COMMIT
        # `orders.stock.commit` turns a promise into a sale; it is not a database commit
        and any(
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "commit"
            and getattr(node.func.value, "id", "") != "stock"
            for node in ast.walk(ast.parse(source))
        )
    ]
    assert not guilty


def test_nothing_below_the_storefront_reads_the_clock() -> None:
    guilty = [
        f"{path}: {word}"
        for path, source in sources(*BELOW)
        for word in CLOCK
        if word in source and path not in MAY_READ_CLOCK
    ]
    assert not guilty


def test_markup_is_trusted_only_where_it_says_why() -> None:
    guilty = [
        path
        for path, source in sources(*PACKAGES)
        if calls(source, "Markup") and path not in MAY_TRUST_MARKUP
    ]
    assert not guilty
    assert not [path for path, source in templates() if re.search(r"\|\s*safe\b", source)]
    assert not [path for path, source in templates() if "autoescape false" in source]


MAY_READ_ENVIRONMENT = {
    "core/settings.py": "reads the settings",
    "storefront/metrics.py": "prometheus-client is told its directory by a variable",
    "storefront/commands/environment.py": "hands the environment to the settings",
    "storefront/backups.py": "hands the environment on to pg_dump and pg_restore",
    "storefront/commands/run.py": "hands the environment on to the processes it starts",
}


def test_only_the_settings_read_the_environment() -> None:
    guilty = [
        path
        for path, source in sources(*PACKAGES)
        if re.search(r"os\.(environ|getenv)\b", source) and path not in MAY_READ_ENVIRONMENT
    ]
    assert not guilty


def test_no_module_is_a_drawer_for_everything() -> None:
    names = {"utils", "helpers", "common", "managers", "services", "misc"}
    assert not [path for path, _ in sources(*PACKAGES) if Path(path).stem in names]


def test_no_secret_is_made_by_a_guessable_generator() -> None:
    guilty = [
        path
        for path, source in sources("core", "orders", "storefront")
        if re.search(r"^\s*(import random|from random)\b", source, re.MULTILINE)
        and path != "storefront/worker.py"  # spreads retries in time
    ]
    assert not guilty


def test_nothing_dangerous_is_called() -> None:
    for path, source in sources(*PACKAGES):
        for name in ("eval", "exec", "pickle", "loads_pickle"):
            assert not re.search(rf"(?<![\w.]){name}\(", source), f"{path}: {name}"
        assert "shell=True" not in source, path
        assert not re.search(r"verify\s*=\s*False", source), path
        assert "import pickle" not in source, path
