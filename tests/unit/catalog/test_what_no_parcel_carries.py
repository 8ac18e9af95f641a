from __future__ import annotations

from catalog.rules.eligibility import HOPELESS, MARKETS, REASONS
from catalog.rules.sending import BARS, is_visit, sending_bar
from tests.rows import each_row


@each_row(
    ("subgroup", "storage", "at_home", "abroad"),
    [
        ("F09", "ambient", None, None),
        ("F02", "live", None, "parcels_blocked"),
        ("F02", "chilled", None, None),
        ("S01", "ambient", None, "live_organisms"),
        ("S02", "ambient", None, "live_organisms"),
        ("S03", "live", None, "live_organisms"),
        ("T01", "ambient", "service_not_goods", "service_not_goods"),
        (None, "ambient", None, None),
        (None, "live", None, "parcels_blocked"),
    ],
)
def test_what_is_alive_stays_in_the_country_and_a_visit_is_sent_nowhere(
    subgroup: str | None, storage: str, at_home: str | None, abroad: str | None
) -> None:
    assert sending_bar(subgroup, storage, "VN") == at_home
    assert {sending_bar(subgroup, storage, market) for market in (*MARKETS, "US")} == {abroad}


def test_every_bar_has_a_sentence_and_no_hope() -> None:
    assert set(BARS) <= set(REASONS) & HOPELESS


def test_only_group_six_is_a_visit() -> None:
    assert is_visit("T01")
    assert not is_visit("F01")
    assert not is_visit(None)
