"""Messy files with their expected rows (01-08 as given to us, 21-26 of our own): every cell as expected, none silently wrong."""

import json
import re
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from catalog.importing.understanding import understand

MESSY = Path(__file__).parent / "messy"
FIELDS = {
    "registry": ("product_name_vi", "producer_name", "producer_type", "commune", "district", "former_province",
                 "province_2025", "stars", "rating_year", "decision_number", "decision_date", "valid_to"),
    "price_list": ("name", "gtin", "net_g", "shelf_life", "price_vnd"),
}  # fmt: skip
SAMPLES = sorted(path for path in MESSY.iterdir() if path.suffix != ".json")


def plain(value: Any) -> str:
    text = "" if value is None else str(value)
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_messy_sample_is_understood(path: Path) -> None:
    expected = json.loads((MESSY / f"{path.stem}.expected.json").read_text("utf-8"))
    read = understand(path, as_of=date.fromisoformat(expected["as_of"]))
    rows = {row.line: row.as_row() for row in read.rows}
    assert read.kind == {"registry": "register"}.get(expected["kind"], expected["kind"])
    assert rows.keys() == {row["source_row"] for row in expected["rows"]}
    wrong = []
    for row in expected["rows"]:
        got = rows[row["source_row"]]
        wrong += [(row["source_row"], "status", got["status"])] * (got["status"] != row["status"])
        wrong += [(row["source_row"], code) for code in row["errors"] if code not in got["errors"]]
        if row["status"] != "reject":
            fields = FIELDS[expected["kind"]]
            wrong += [
                (row["source_row"], name, got.get(name))
                for name in fields
                if plain(got.get(name)) != plain(row.get(name))
            ]
    assert wrong == []


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_what_was_expected_without_errors_has_none(path: Path) -> None:
    expected = json.loads((MESSY / f"{path.stem}.expected.json").read_text("utf-8"))
    clean = {row["source_row"] for row in expected["rows"] if not row["errors"]}
    read = understand(path, as_of=date.fromisoformat(expected["as_of"]))
    assert [(row.line, row.errors) for row in read.rows if row.line in clean and row.errors] == []
