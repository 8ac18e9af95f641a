"""What is announced is reacted to, what is reacted to is announced, and the settings are all explained."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from core.settings import Settings

ROOT = Path(__file__).parents[2]
PACKAGES = ("core", "catalog", "orders", "feeds", "storefront")


def _announced() -> set[str]:
    """The names given to ``announce``, literally or from a table in the same module."""
    names: set[str] = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            source = path.read_text(encoding="utf-8")
            if "announce(" not in source:
                continue
            for node in ast.walk(ast.parse(source)):
                if not isinstance(node, ast.Call):
                    continue
                called = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
                if called == "announce" and len(node.args) > 1:
                    names |= {
                        constant.value
                        for constant in ast.walk(node.args[1])
                        if isinstance(constant, ast.Constant) and isinstance(constant.value, str)
                    }
    return {name for name in names if re.fullmatch(r"[a-z_]+\.[a-z_]+", name)}


def test_every_announced_fact_has_a_reaction() -> None:
    from storefront.worker import REACTIONS

    assert _announced() - set(REACTIONS) == set()


def test_the_example_environment_names_exactly_the_settings() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = re.findall(r"^#?\s?(OCOP_[A-Z0-9_]+)=", text, re.MULTILINE)
    assert sorted(named) == sorted(Settings.names())
