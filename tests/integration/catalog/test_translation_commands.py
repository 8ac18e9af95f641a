"""The commands for translation work, as an operator runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

from core.db import write_session
from tests.factories.catalog import make_product


@pytest.fixture
def ocop(engine: Engine, tmp_path: Path):
    url = engine.url.render_as_string(hide_password=False)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "storefront.commands", "translations", *arguments],
            env={**os.environ, "OCOP_DATA_DIR": str(tmp_path), "OCOP_DATABASE_URL": url},
            capture_output=True,
            text=True,
            check=False,
        )

    with write_session(engine) as session:
        make_product(session)
        session.commit()
    return run


def test_work_goes_out_and_comes_back_by_command(ocop, tmp_path: Path) -> None:
    path = tmp_path / "ja.xlf"
    sent = ocop("export", "--locale", "ja", "--missing", "--stale", str(path))
    assert "3 texts" in sent.stderr, sent.stderr
    filled = path.read_text(encoding="utf-8").replace("</source>", "</source><target>魚醤</target>")
    path.write_text(filled, encoding="utf-8")
    dry = ocop("import", str(path), "--by", "Yamada", "--reviewed", "--dry-run", "--json")
    assert json.loads(dry.stdout)["outcomes"]["new"] == 3, dry.stderr
    before = json.loads(ocop("status", "--json").stdout)
    done = ocop("import", str(path), "--by", "Yamada", "--reviewed")
    assert done.returncode == 0, done.stderr
    after = json.loads(ocop("status", "--json").stdout)
    percent = [
        next(r for r in s["locales"] if r["locale"] == "ja")["percent"] for s in (before, after)
    ]
    assert percent == [0, 100]
    assert next(m for m in after["markets"] if m["market"] == "JP")["ready"] == 1
    assert ocop("check").returncode == 0


def test_without_a_machine_named_none_is_asked(ocop) -> None:
    refused = ocop("machine", "--locale", "ja")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "OCOP_TRANSLATOR_URL" in refused.stderr
