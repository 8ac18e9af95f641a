"""A cell nobody expected rejects its own row; the others, and the server, go on."""

import csv
import io
from pathlib import Path

import pytest
from sqlalchemy import func, select

from catalog.importing import UnusableFile, import_file
from catalog.models import Product
from core.actor import Actor
from tests.factories.catalog import make_product

pytestmark = pytest.mark.slow

ACTOR = Actor.system("test")
DEMO = Path(__file__).parents[3] / "catalog" / "demo" / "data"
ODD = [
    "9" * 5000, "9" * 30, "9223372036854775808", "-1", "²", "٣", "1e400", "nan", "Infinity", "1²",
    "0" * 400 + "5", "31/02/2025", "99999-01-01", "0000-00-00", "1/1/10000", "=1+1", "\x00", "\x00" * 80,
    "a\x00b", "\ufeff", "\u202e" * 50, "x" * 19_999, "é" * 301, "💥" * 200, "'; DROP TABLE product;--",
]  # fmt: skip


def _rows(name: str) -> list[dict[str, str]]:
    with (DEMO / name).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))[:2]
    return [{name: row[name] for name in row if name != "producer_code"} for row in rows]


def _file(path: Path, rows: list[dict[str, str]]) -> Path:
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["register.csv", "catalogue.csv"])
def test_no_odd_cell_in_any_column_stops_the_rows_around_it(session, tmp_path, now, name):
    """Every cell in every column, between two sound rows of one file."""
    make_product(session)
    before, after = _rows(name)
    key = next(iter(before))
    odd = [
        {**before, **dict.fromkeys({key, "name_vi"} & {*before}, f"ODD {place} {n}"), column: cell}
        for place, column in enumerate(before)
        for n, cell in enumerate(ODD)
    ]
    path = _file(tmp_path / "odd.csv", [before, *odd, after])
    report = import_file(session, path, actor=ACTOR, now=now)
    assert sum(report.outcomes.values()) == len(odd) + 2, report.outcomes
    refused = {problem.line for problem in report.problems}
    assert not refused & {2, len(odd) + 3}, report.problems[:3]


def test_a_file_longer_than_asked_for_changes_nothing(session, tmp_path, now):
    make_product(session)
    before, after = _rows("register.csv")
    count = session.scalar(select(func.count()).select_from(Product))
    path = _file(tmp_path / "long.csv", [before, after])
    with pytest.raises(UnusableFile) as refusal:
        import_file(session, path, actor=ACTOR, now=now, most_rows=1)
    assert refusal.value.facts == {"reason": "too_many_rows", "limit": 1}
    assert session.scalar(select(func.count()).select_from(Product)) == count
