"""A price list in a file becomes a price list of the shop: only for known packages, never behind anybody's back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from catalog.importing import import_file
from catalog.importing.price_store import PriceTerms
from catalog.models import ImportLine, Offer, PriceList
from catalog.price_list_offers import terms_of
from catalog.price_lists import put_list_in_force
from catalog.queries.prices import quote
from catalog.rules.pricing import Quote, Tier
from core.actor import Actor
from tests.factories.catalog import make_package, make_producer, make_product

SYSTEM = Actor.system("test")
HEAD = "Mã hàng;Mã vạch;Tên hàng;Khối lượng tịnh;Giá bán lẻ;Giá sỉ;Giá từ 48 hộp;MOQ;Bội số\n"
TEA = "TRA-1;;Trà;500 g;90.000;80.000;76.000;12;12\n"
RICE = "GAO-1;8936003721760;Gạo;500 g;45.000;;;;\n"


@pytest.fixture
def goods(session):
    maker = make_producer(session)
    tea = make_product(session, "Trà", maker, packages=0)
    rice = make_product(session, "Gạo", maker, packages=0)
    return {
        "tea": make_package(session, tea, sku="TRA-1", unit="g"),
        "rice": make_package(
            session, rice, sku="GAO-1", unit="g", gtin="8936003721760", price_minor=40_000
        ),
    }


@pytest.fixture
def load(session, tmp_path, now, goods):
    def load(content, name="bang-gia.csv", **options):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        said = {key: options.pop(key) for key in ("dry_run", "compare", "as_of") if key in options}
        report = import_file(
            session, path, actor=SYSTEM, now=now, prices=PriceTerms(**options), **said
        )
        assert report.kind == "price_list"
        return report

    return load


def lists(session):
    session.expire_all()
    return {one.kind: one for one in session.scalars(select(PriceList))}


def reasons(report):
    return [problem.reason for problem in report.problems]


def test_a_file_becomes_drafts_that_sell_nothing_yet(session, load, goods, on):
    report = load(HEAD + TEA + RICE)
    assert dict(report.outcomes) == {"created": 2}
    assert report.unknown_columns == ()
    kept = lists(session)
    wholesale = kept["wholesale"].offers[0]
    assert terms_of(wholesale).tiers == (Tier(1, 80_000), Tier(48, 76_000))
    assert (wholesale.min_order, wholesale.order_multiple, wholesale.valid_from) == (12, 12, on)
    assert [(kept[k].active, kept[k].currency, kept[k].tax_inclusive) for k in kept] == [
        (False, "VND", True), (False, "VND", True),
    ]  # fmt: skip
    assert len(kept["retail"].offers) == 2
    assert (goods["tea"].price_minor, goods["rice"].price_minor) == (85_000, 40_000)
    lines = session.scalars(select(ImportLine)).all()
    assert [line.status for line in lines] == ["import", "import"]


@pytest.mark.parametrize("day", [0, 30])
def test_the_same_file_again_changes_nothing(session, load, now, on, day):
    load(HEAD + TEA + RICE)
    later = on + timedelta(days=day)
    report = load(HEAD + TEA + RICE, as_of=later)
    assert dict(report.outcomes) == {"same": 2}
    assert session.scalar(select(func.count()).select_from(Offer)) == 3


def test_a_dry_run_tells_the_same_and_keeps_nothing(session, load):
    report = load(HEAD + TEA + RICE, dry_run=True, compare=True)
    assert dict(report.outcomes) == {"created": 2}
    changes = [change for line in report.lines for change in line.changes]
    assert [(c.field, c.old, c.new) for c in changes] == [
        ("price_minor", "85000", "90000"),
        ("price_wholesale", "", "1: 80000, 48: 76000"),
        ("price_minor", "40000", "45000"),
    ]
    assert session.scalars(select(PriceList)).all() == []


def test_a_retail_list_in_force_changes_the_shop_and_nothing_else_does(session, load, goods):
    load(HEAD + TEA + RICE, kind="wholesale", in_force=True)
    assert (goods["tea"].price_minor, goods["rice"].price_minor) == (85_000, 40_000)
    report = load("Mã hàng;Tên hàng;Giá\nTRA-1;Trà;91.000\n", kind="retail", in_force=True)
    assert dict(report.outcomes) == {"created": 1}
    session.expire_all()
    assert (goods["tea"].price_minor, goods["rice"].price_minor) == (91_000, 40_000)


def test_prices_in_force_are_never_changed_by_the_way(session, load, goods, now, on):
    load(HEAD + TEA)
    for one in lists(session).values():
        put_list_in_force(session, one.id, actor=SYSTEM, on=on, now=now)
    assert goods["tea"].price_minor == 90_000
    report = load(HEAD + TEA.replace("90.000", "10.000"))
    assert (dict(report.outcomes), reasons(report)) == ({"review": 1}, ["list_in_force"])
    assert report.problems[0].facts["old"] == "90000"
    assert goods["tea"].price_minor == 90_000
    report = load(HEAD + TEA.replace("90.000", "95.000"), in_force=True)
    session.expire_all()
    assert (dict(report.outcomes), goods["tea"].price_minor) == ({"updated": 1}, 95_000)


@pytest.mark.parametrize(
    ("row", "outcome", "reason"),
    [
        ("X-9;;Không ai biết;;9.000;;;;\n", "rejected", "product_unknown"),
        (";;Trà;;90.000;;;;\n", "review", "product_by_name"),
        ("TRA-1;8936003721760;Trà;;90.000;;;;\n", "review", "product_not_sure"),
        ("TRA-1;;Trà;250 g;90.000;;;;\n", "review", "other_content"),
        ("TRA-1;;Trà;;;80.000;90.000;;\n", "rejected", "refused"),
        ("TRA-1;;Trà;;;;;;\n", "review", "price_of_no_list"),
        (";8,936E+12;Trà;;90.000;;;;\n", "review", "barcode_lost_scientific"),
    ],
)
def test_what_is_not_certain_is_told_and_not_stored(session, load, row, outcome, reason):
    report = load(HEAD + row + "GAO-1;;Gạo;500 g;45.000;;;;\n")
    assert dict(report.outcomes) == {outcome: 1, "created": 1}
    assert reasons(report) == [reason]
    assert session.scalar(select(func.count()).select_from(Offer)) == 1, "the good row is stored"


def test_a_row_is_stored_whole_or_not_at_all(session, load, goods):
    bad = TEA.replace("76.000", "99.000")
    report = load(HEAD + bad)
    assert reasons(report) == ["refused"]
    assert session.scalars(select(Offer)).all() == []


def test_titles_and_options_say_days_tax_and_buyers(session, load, goods):
    text = (
        "BẢNG GIÁ SỈ (chưa bao gồm VAT);;\nÁp dụng từ ngày 01/12/2026 đến ngày 31/12/2026;;\n\n"
        "Mã hàng;Tên hàng;Giá\nTRA-1;Trà;70.000\n"
    )
    report = load(text, code="mart-2026", partner_code="mart", in_force=True)
    assert dict(report.outcomes) == {"created": 1}
    listed = session.scalars(select(PriceList)).one()
    assert (listed.code, listed.kind, listed.partner_code) == ("mart-2026", "wholesale", "mart")
    assert (listed.active, listed.tax_inclusive) == (True, False)
    offer = listed.offers[0]
    assert (offer.valid_from, offer.valid_to) == (date(2026, 12, 1), date(2026, 12, 31))
    report = load(text.replace("chưa bao gồm", "đã bao gồm"), code="mart-2026")
    assert reasons(report) == ["other_tax"]


def test_foreign_prices_keep_their_money(session, load, goods, on):
    text = "Mã hàng;Tên hàng;Wholesale price (USD)\nTRA-1;Trà;3,50\nGAO-1;Gạo;2.10 EUR\n"
    report = load(text, in_force=True)
    assert dict(report.outcomes) == {"created": 1, "review": 1}
    found = quote(session, goods["tea"].id, 1, kind="wholesale", on=on, currency="USD")
    assert isinstance(found, Quote)
    assert found.unit.amount == 350
    assert reasons(report) == ["price_ambiguous"]
    assert reasons(load(text, currency="VND", code="x"))[-1] == "other_currency"


def test_a_list_of_one_producer_takes_no_goods_of_another(session, load):
    other = make_product(session, "Muối", packages=0)
    make_package(session, other, sku="MUOI-1", unit="g")
    row = "MUOI-1;;Muối;;20.000;;;;\n"
    report = load(HEAD + RICE + row, code="one", kind="retail")
    assert (dict(report.outcomes), reasons(report)) == (
        {"created": 1, "rejected": 1}, ["other_producer"],
    )  # fmt: skip
    assert dict(load(HEAD + RICE + row, name="all.csv").outcomes) == {"created": 2}


def test_a_cost_price_never_becomes_a_selling_price(session, load):
    report = load("Mã hàng;Tên hàng;Giá vốn;Giá bán\nTRA-1;Trà;20.000;90.000\n")
    assert dict(report.outcomes) == {"created": 1}
    assert list(lists(session)) == ["retail"]
