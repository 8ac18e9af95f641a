from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Databases
from tests.factories.house import House, house_in


@pytest.fixture
def house(databases: Databases, tmp_path: Path) -> Iterator[House]:
    with house_in(databases, tmp_path, data_dir=tmp_path / "var") as house:
        yield house
