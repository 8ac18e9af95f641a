"""A new installation knows the protected names of this release, once however often it is made."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from catalog.models import ProtectedName
from catalog.reference.protected_names import KNOWN
from core.db import make_engine, write_session
from storefront.commands.setup import init


def test_init_enters_the_known_protected_names_once_and_leaves_changes_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCOP_DATA_DIR", str(tmp_path))
    url = f"sqlite:///{tmp_path / 'ocop.db'}"
    monkeypatch.setenv("OCOP_DATABASE_URL", url)
    first = CliRunner().invoke(init, catch_exceptions=False)
    assert first.exit_code == 0, first.output
    engine = make_engine(url)
    with write_session(engine) as session:
        right = session.scalars(select(ProtectedName).order_by(ProtectedName.id)).first()
        assert right is not None
        right.holder = "Văn phòng đã sửa"
        number = right.id
        session.commit()
    again = CliRunner().invoke(init, catch_exceptions=False)
    assert again.exit_code == 0, again.output
    assert f"entered {len(KNOWN)}" in first.output
    assert "entered" not in again.output
    with write_session(engine) as session:
        assert session.scalar(select(func.count()).select_from(ProtectedName)) == len(KNOWN)
        assert session.get_one(ProtectedName, number).holder == "Văn phòng đã sửa"
    engine.dispose()
