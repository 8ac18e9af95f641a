"""The commands for translation work, as an operator runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import Engine

from core.db import write_session
from tests.factories.catalog import make_product
from tests.factories.forked import Ocop


@pytest.fixture(autouse=True)
def _product(engine: Engine) -> None:
    with write_session(engine) as session:
        make_product(session)
        session.commit()


def test_work_goes_out_and_comes_back_by_command(ocop: Ocop, tmp_path: Path) -> None:
    path = tmp_path / "ja.xlf"
    sent = ocop("translations", "export", "--locale", "ja", "--missing", "--stale", str(path))
    assert "3 texts" in sent.stderr, sent.stderr
    filled = path.read_text(encoding="utf-8").replace("</source>", "</source><target>魚醤</target>")
    path.write_text(filled, encoding="utf-8")
    dry = ocop(
        "translations", "import", str(path), "--by", "Yamada", "--reviewed", "--dry-run", "--json"
    )
    assert json.loads(dry.stdout)["outcomes"]["new"] == 3, dry.stderr
    before = json.loads(ocop("translations", "status", "--json").stdout)
    done = ocop("translations", "import", str(path), "--by", "Yamada", "--reviewed")
    assert done.returncode == 0, done.stderr
    after = json.loads(ocop("translations", "status", "--json").stdout)
    percent = [
        next(r for r in s["locales"] if r["locale"] == "ja")["percent"] for s in (before, after)
    ]
    assert percent == [0, 100]
    assert next(m for m in after["markets"] if m["market"] == "JP")["ready"] == 1
    assert ocop("translations", "check").returncode == 0


def test_without_a_machine_named_none_is_asked(ocop: Ocop) -> None:
    refused = ocop("translations", "machine", "--locale", "ja")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "OCOP_TRANSLATOR_URL" in refused.stderr
