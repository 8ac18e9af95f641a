from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories.house import House, open_house


@pytest.fixture
def house(
    sqlite_template: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    with open_house(
        sqlite_template, tmp_path / "house.db", tmp_path_factory.mktemp("data")
    ) as house:
        yield house
