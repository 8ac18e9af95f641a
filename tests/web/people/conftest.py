from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Databases
from tests.factories.house import House, house_in


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def house(databases: Databases, tmp_path: Path, data_dir: Path) -> Iterator[House]:
    with house_in(databases, tmp_path, data_dir=data_dir) as house:
        yield house
