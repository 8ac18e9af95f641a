"""Templates compile, are used, say nothing outside the catalogue and hold no inline style or script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import nodes

from core.settings import Settings
from storefront.app import create_app

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
LONGEST = 140


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    data_dir = tmp_path_factory.mktemp("templates")
    return create_app(Settings(data_dir=data_dir, database_url="sqlite://", secret_key="k" * 48))


def names() -> list[str]:
    return [
        path.relative_to(TEMPLATES).as_posix()
        for path in sorted(TEMPLATES.rglob("*"))
        if path.suffix in (".html", ".txt")
    ]


def test_every_template_compiles(app: Flask) -> None:
    for name in names():
        app.jinja_env.get_template(name)


def test_every_template_is_used(app: Flask) -> None:
    used: set[str] = set()
    for name in names():
        tree = app.jinja_env.parse((TEMPLATES / name).read_text(encoding="utf-8"))
        for node in tree.find_all((nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport)):
            for constant in node.find_all(nodes.Const):
                used.add(str(constant.value))
    code = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "storefront").rglob("*.py")
    )
    families = set(re.findall(r'f"([\w/]+)\{', code))  # f"emails/{name}.txt"
    unused = [
        name
        for name in names()
        if name not in used
        and f'"{name}"' not in code
        and f"'{name}'" not in code
        and not any(family and name.startswith(family) for family in families)
    ]
    assert not unused


def test_no_template_has_inline_style_or_script() -> None:
    for name in names():
        if not name.endswith(".html") or name.startswith("emails/"):
            continue
        text = (TEMPLATES / name).read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=", text), name
        assert not re.search(r"<style\b", text), name
        assert not re.search(r"\son[a-z]+=\"", text), name
        assert "javascript:" not in text, name
        for script in re.findall(r"<script\b[^>]*>", text):
            assert "nonce=" in script, (name, script)


def test_every_word_a_visitor_reads_can_be_translated() -> None:
    """Text between tags that is not an expression must be marks, numbers or names that are the same everywhere."""
    same_everywhere = {
        "GTIN",
        "SKU",
        "VietQR",
        "VAT",
        "QR",
        "COD",
        "OCOP",
        "GLN",
        "CSV",
        "XLSX",
        "VND",
        "SHA",
    }
    for name in names():
        if not name.endswith(".html"):
            continue
        text = (TEMPLATES / name).read_text(encoding="utf-8")
        text = re.sub(r"\{#.*?#\}|\{%-?\s*trans.*?endtrans\s*-?%\}", "", text, flags=re.DOTALL)
        text = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", text, flags=re.DOTALL)
        text = re.sub(r"<svg.*?</svg>|<code>.*?</code>", "", text, flags=re.DOTALL)
        for spoken in re.findall(r">([^<]+)<", text):
            for word in re.findall(r"[^\W\d_]{3,}", spoken):
                assert word in same_everywhere, f"{name}: {word!r} in {spoken.strip()!r}"


def test_no_template_is_too_long_to_read() -> None:
    long = {
        name: count
        for name in names()
        if (count := len((TEMPLATES / name).read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert not long


def test_every_packshot_is_a_drawing_of_our_own_light_and_small() -> None:
    drawings = sorted((ROOT / "static/img/packshots").glob("*.svg"))
    assert len(drawings) >= 25
    for path in drawings:
        text = path.read_text(encoding="utf-8")
        assert len(text) <= 3072, path.name
        assert 'viewBox="0 0 200 200"' in text, path.name
        assert not re.search(r"<script|href=|style=|url\(|on\w+=", text), path.name
