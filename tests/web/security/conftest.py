from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories.house import House, open_house


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("house")


@pytest.fixture
def house(sqlite_template: Path, tmp_path: Path, data_dir: Path) -> Iterator[House]:
    with open_house(sqlite_template, tmp_path / "house.db", data_dir) as house:
        yield house
