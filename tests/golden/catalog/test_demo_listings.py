import csv
from pathlib import Path

import catalog.demo
from catalog.importing.parsing import parse_allergens, parse_net_content, parse_shelf_life
from catalog.rules.identifiers import is_valid_gtin


def test_every_demo_listing_is_readable_and_few_lack_japanese_to_show_the_fallback():
    path = Path(catalog.demo.__file__).parent / "data" / "catalogue.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 86
    assert sum(not row["summary_ja"] for row in rows) <= 6
    for row in rows:
        for column in ("name", "summary", "description"):
            for locale in ("vi", "en"):
                assert row[f"{column}_{locale}"], (row["code"], column, locale)
        parse_net_content(row["net_content"])
        parse_shelf_life(row["shelf_life_storage"])
        parse_allergens(row["allergens"])
        assert is_valid_gtin(row["gtin"])
        assert row["gtin"].startswith("2")
    assert len({row["gtin"] for row in rows}) == len({row["summary_vi"] for row in rows}) == 86
