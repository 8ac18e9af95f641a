from __future__ import annotations

from catalog.rules.eligibility import MARKETS
from catalog.rules.gift_sets import PartFacts, set_markets, sets_to_be_had, united_allergens
from catalog.rules.own_texts import read_text, write_texts

OPEN = {market: (True, (("as_labelled", {}),)) for market in MARKETS}
FISH = PartFacts("F09", "declared", frozenset({"FIS"}), frozenset({"CRU"}), OPEN)
CAKE = PartFacts("F06", "declared", frozenset({"CRU", "EGG"}), frozenset(), OPEN)
TEA = PartFacts("F11", "none_declared", verdicts=OPEN)
SILENT = PartFacts("F10", "unknown", verdicts=OPEN)
SCARF = PartFacts("C02", "unknown", verdicts=OPEN)
BONSAI = PartFacts(
    "S02",
    "none_declared",
    verdicts={market: (False, (("live_organisms", {}),)) for market in MARKETS},
)
PAPERS = PartFacts(
    "F08", "none_declared", verdicts={**OPEN, "JP": (False, (("permit_first", {}),))}
)


def test_what_one_part_contains_the_set_contains() -> None:
    united = united_allergens([FISH, CAKE, TEA])
    assert (united.contains, united.may_contain) == (("CRU", "EGG", "FIS"), ())


def test_a_part_that_says_nothing_makes_the_set_unknown_there() -> None:
    united = united_allergens([FISH, SILENT, SCARF])
    assert united.contains == ("FIS",)
    assert united.may_contain == ("CRU",)
    assert united.unknown == (1,)  # a scarf is not eaten


def test_a_market_is_open_only_where_every_part_may_go() -> None:
    by_market = {one.market: one for one in set_markets([FISH, PAPERS])}
    assert by_market["AU"].state == "open"
    assert by_market["JP"].state == "later"
    assert by_market["JP"].reasons == ((1, "permit_first", {}),)
    assert {one.state for one in set_markets([FISH, BONSAI])} == {"closed"}


def test_a_part_nobody_has_judged_keeps_the_set_at_home() -> None:
    unjudged = PartFacts("F09", "none_declared")
    assert {one.state for one in set_markets([TEA, unjudged])} == {"closed"}


def test_there_are_as_many_sets_as_the_scarcest_part_gives() -> None:
    assert sets_to_be_had([(10, 2), (7, 3)]) == 2
    assert sets_to_be_had([(10, 1), (0, 1)]) == 0
    assert sets_to_be_had([(10, 1), (-3, 1)]) == 0
    assert sets_to_be_had([]) == 0


def test_a_text_made_from_an_older_vietnamese_one_is_marked_or_hidden() -> None:
    sources = {"name": "Mũi Cà Mau", "directions": "Đi xe khách"}
    texts = write_texts({}, "en", {"name": "Cape", "directions": "By bus"}, sources)
    chain = ("en", "vi")
    fresh = read_text("name", "Mũi Cà Mau", texts, chain)
    assert fresh is not None
    assert (fresh.value, fresh.is_old) == ("Cape", False)
    old = read_text("name", "Đất Mũi", texts, chain)
    assert old is not None
    assert (old.value, old.is_old) == ("Cape", True)
    way = read_text("directions", "Đi tàu", texts, chain)  # an old way leads nowhere
    assert way is not None
    assert (way.value, way.locale) == ("Đi tàu", "vi")
    assert write_texts(texts, "en", {"name": "", "directions": ""}, sources) == {}
