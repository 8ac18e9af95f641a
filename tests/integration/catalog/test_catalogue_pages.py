from datetime import UTC, date, datetime, timedelta

import pytest

from catalog.queries import (
    BrowseRequest,
    CertificateNotFound,
    ProducerNotFound,
    ProductNotFound,
    browse,
    get_certificate_page,
    get_home_page,
    get_producer_page,
    get_product_page,
    list_cards,
    list_expiring_certificates,
    list_register_drafts,
    list_withheld,
)
from core.facts import newest_fact
from tests.factories.catalog import (
    make_certificate,
    make_package,
    make_paper,
    make_producer,
    make_product,
    make_translation,
)

LAST_DAY = date(2028, 3, 1)


def test_a_product_page_needs_three_statements(session, statements, on):
    product = make_product(session)
    for _ in range(3):
        make_certificate(session, product)
        make_package(session, product, position=1)
        make_product(session)
    statements.clear()
    page = get_product_page(session, product.slug, locale="ja", on=on)
    assert len(statements) == 3
    assert len(page.packages) == 4
    assert len(page.certificates) == 3
    assert len(page.related) == 3
    assert page.allergens.contains == ("FIS",)


def test_the_stars_of_a_page_vanish_the_day_after_the_certificate_ends(session):
    product = make_product(session)
    make_certificate(session, product, stars=5)
    for on, stars in ((LAST_DAY, 5), (LAST_DAY + timedelta(days=1), None)):
        page = get_product_page(session, product.slug, locale="vi", on=on)
        card = list_cards(session, [product.id], locale="vi", on=on)[0]
        assert (page.claim.stars if page.claim else None) == stars
        assert card.claim == page.claim
    assert page.certificates[0].state == "expired"


def test_a_card_speaks_for_the_latest_decision_like_the_rule(session, on):
    product = make_product(session)
    make_certificate(session, product, stars=5, issued_on=date(2024, 6, 1))
    make_certificate(session, product, stars=3, issued_on=date(2025, 6, 1))
    revoked = make_product(session)
    make_certificate(session, revoked, stars=4, issued_on=date(2024, 6, 1))
    make_certificate(
        session, revoked, stars=5, issued_on=date(2025, 6, 1), revoked_on=date(2026, 1, 1)
    )
    unverified = make_product(session)
    make_certificate(session, unverified, stars=5, decision_number=None)
    first, second, third = list_cards(
        session, [product.id, revoked.id, unverified.id], locale="vi", on=on
    )
    assert first.claim is not None
    assert first.claim.stars == 3
    assert second.claim is None
    assert third.claim is None
    for row in (product, revoked, unverified):
        page = get_product_page(session, row.slug, locale="vi", on=on)
        assert page.claim == list_cards(session, [row.id], locale="vi", on=on)[0].claim


def test_a_missing_japanese_name_is_shown_in_english_and_says_so(session, on):
    product = make_product(session)
    make_translation(session, product, "en", "name", "Anchovy fish sauce", status="machine")
    make_translation(session, product, "ja", "name", "下書き", status="draft")
    make_translation(session, product, "ja", "summary", "伝統製法の魚醤。")
    card = list_cards(session, [product.id], locale="ja", on=on)[0]
    assert (card.name.value, card.name.locale) == ("Anchovy fish sauce", "en")
    page = get_product_page(session, product.slug, locale="ja", on=on)
    assert page.name == card.name
    assert page.summary is not None
    assert page.summary.locale == "ja"
    assert page.ingredients is not None
    assert page.ingredients.locale == "vi"
    assert page.usage is None


def test_cards_keep_the_order_asked_and_leave_out_what_is_not_on_sale(session, statements, on):
    shown = [make_product(session) for _ in range(3)]
    draft = make_product(session, state="draft")
    withheld = make_product(session, withheld=True)
    ended = make_product(session, listed_until=on - timedelta(days=1))
    last_day = make_product(session, listed_until=on)
    asked = [shown[2], draft, shown[0], withheld, ended, last_day, shown[1]]
    statements.clear()
    cards = list_cards(session, [p.id for p in asked], locale="en", on=on)
    assert len(statements) == 1
    assert [c.product_id for c in cards] == [p.id for p in (shown[2], shown[0], last_day, shown[1])]


@pytest.mark.parametrize("values", [{"state": "draft"}, {"state": "withdrawn"}, {"withheld": True}])
def test_what_is_not_on_sale_has_no_page(session, on, values):
    product = make_product(session, **values)
    with pytest.raises(ProductNotFound):
        get_product_page(session, product.slug, locale="vi", on=on)


def test_browsing_counts_each_facet_under_the_other_filters(session, statements, on):
    north = make_producer(session, province_code="20")
    south = make_producer(session, province_code="96")
    for number in range(3):
        make_certificate(session, make_product(session, producer=north), stars=3 + number)
    make_product(session, producer=south, subgroup_code="C01")
    make_certificate(session, make_product(session, producer=south), stars=5)
    statements.clear()
    page = browse(
        session, BrowseRequest({"province": ("20",), "stars": ("5",)}), locale="ja", on=on
    )
    assert len(statements) <= 4
    assert page.total == 1
    assert page.cards[0].province_code == "20"
    facets = {name: {v.value: v.count for v in values} for name, values in page.facets.items()}
    assert facets["province"] == {"20": 1, "96": 1}
    assert facets["stars"] == {"5": 1, "4": 1, "3": 1}
    assert facets["group"] == {"F": 1}
    everything = browse(session, BrowseRequest(), locale="vi", on=on)
    assert everything.total == 5
    assert {v.value: v.count for v in everything.facets["group"]} == {"F": 4, "C": 1}


def test_a_page_beyond_the_last_is_empty_and_cheap(session, statements, on):
    make_product(session)
    statements.clear()
    page = browse(session, BrowseRequest(page=10**9), locale="vi", on=on)
    assert page.cards == ()
    assert (page.total, page.pages, page.page) == (1, 1, 10**9)
    assert len(statements) <= 3


def test_who_knows_the_newest_fact_does_not_make_browsing_ask_again(session, statements, on):
    make_product(session)
    newest = newest_fact(session)
    statements.clear()
    browse(session, BrowseRequest(), locale="vi", on=on, newest=newest)
    get_home_page(session, locale="vi", on=on, newest=newest)
    assert not [statement for statement in statements if "FROM fact" in statement]


def test_browsing_sorts_and_pages_without_gap_or_repeat(session, on):
    names = ["Ổi", "Đậu", "Dừa", "Bưởi", "Ăn vặt", "Áo", "Cam"]
    for number, name in enumerate(names):
        make_product(
            session,
            name,
            package_price_minor=1000 * (number % 3 + 1),
            published_at=datetime(2026, 1, 1 + number, tzinfo=UTC),
        )

    def walk(sort, locale="vi"):
        seen = []
        for page in range(1, 5):
            request = BrowseRequest(sort=sort, page=page, per_page=2)
            seen += browse(session, request, locale=locale, on=on).cards
        return seen

    assert [c.name.value for c in walk("name")] == [
        "Áo", "Ăn vặt", "Bưởi", "Cam", "Dừa", "Đậu", "Ổi",
    ]  # fmt: skip
    assert [c.name.value for c in walk("newest")] == names[::-1]
    prices = [c.package.price.amount for c in walk("price")]
    assert prices == sorted(prices)
    assert [c.package.price.amount for c in walk("-price")] == prices[::-1]
    assert len({c.product_id for c in walk("name", "ja")}) == 7


def test_the_home_page_features_stars_first_and_needs_four_statements(session, statements, on):
    plain = make_product(session, subgroup_code="F01")
    for subgroup in ("F09", "F10", "F11"):
        make_certificate(session, make_product(session, subgroup_code=subgroup), stars=5)
    statements.clear()
    home = get_home_page(session, locale="ja", on=on)
    assert len(statements) == 4
    assert [c.claim.stars for c in home.featured[:3] if c.claim] == [5, 5, 5]
    assert plain.id in {c.product_id for c in (*home.featured, *home.newest)}
    assert home.product_count == 4
    assert [v.value for v in home.groups] == ["F"]


def test_a_producer_page_lists_goods_and_papers(session, statements, on):
    producer = make_producer(session, story="Chuyện của rừng.")
    make_paper(session, producer, kind="haccp", valid_to=on - timedelta(days=1))
    make_translation(session, producer, "en", "story", "A story of the forest.")
    make_product(session, producer=producer)
    make_product(session, producer=producer, state="draft")
    make_product(session)
    statements.clear()
    page = get_producer_page(session, producer.slug, locale="ja", on=on)
    assert len(statements) == 4
    assert len(page.cards) == 1
    assert [p.is_valid for p in page.food_safety] == [True, False]
    assert page.producer.story is not None
    assert page.producer.story.locale == "en"
    with pytest.raises(ProducerNotFound):
        get_producer_page(session, "nobody", locale="vi", on=on)


def test_a_certificate_page_tells_the_state_of_a_day(session, statements, on):
    product = make_product(session)
    old = make_certificate(session, product, stars=3, issued_on=date(2024, 1, 1))
    new = make_certificate(session, product, stars=4, issued_on=date(2026, 1, 1))
    statements.clear()
    page = get_certificate_page(session, new.id, locale="en", on=on)
    assert len(statements) == 3, "the certificate, all decisions, and the marks beside them"
    assert page.claim is not None
    assert page.certificate.state == "valid"
    earlier = get_certificate_page(session, old.id, locale="en", on=on)
    assert earlier.certificate.state == "superseded"
    assert earlier.claim is None
    then = get_certificate_page(session, old.id, locale="en", on=date(2025, 1, 1))
    assert then.claim is not None
    assert then.claim.stars == 3
    with pytest.raises(CertificateNotFound):
        get_certificate_page(session, 10**9, locale="en", on=on)


def test_the_office_sees_what_ends_soon_what_is_withheld_and_what_waits(session, statements, on):
    soon = make_product(session)
    make_certificate(session, soon, issued_on=date(2023, 12, 20))
    make_certificate(session, make_product(session))
    maker = make_producer(session, papers=False)
    withheld = make_product(
        session, producer=maker, withheld=True, ingredients=None, allergens_state="unknown"
    )
    draft = make_product(session, state="draft")
    make_certificate(
        session, draft, decision_number=None, issued_on=None, stars=4, rating_year=2022
    )
    assert [(e.product_id, e.days_left) for e in list_expiring_certificates(session, on=on)] == [
        (soon.id, 28)
    ]
    statements.clear()
    listing = list_withheld(session, on=on)
    assert len(statements) == 5, "the listings, the dated rules, and three for the facts"
    assert [line.product_id for line in listing] == [withheld.id]
    assert [p.code for p in listing[0].problems] == [
        "ingredients_missing", "allergens_unknown", "food_safety_missing",
    ]  # fmt: skip
    drafts = list_register_drafts(session)
    assert [(d.product_id, d.stars_in_register, d.rating_year) for d in drafts] == [
        (draft.id, 4, 2022)
    ]
    assert list_withheld(session, on=on, producer_ids=[10**9]) == []
