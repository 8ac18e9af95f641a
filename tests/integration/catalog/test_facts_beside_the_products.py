"""Files tell more than products: numbers of makers, points of decisions, what stands on the label; all of it is kept."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from catalog.importing import import_file
from catalog.models import Producer, Product
from core.actor import Actor
from tests.factories.catalog import make_product

ACTOR = Actor.system("test")
REGISTER = (
    "mã sản phẩm,tên sản phẩm,chủ thể,mã số thuế,điện thoại,email,số đkkd,mã gln,tỉnh,số quyết định,"
    "ngày quyết định,số sao,điểm,thương hiệu\n"
)
SEN = (
    "S-1,Trà sen Kẻ Gỗ,HTX Sen,100233488,912345678,sen@example.vn,30A8000123,8938500009990,Hà Tĩnh,"
    '123/QĐ-UBND,12/05/2025,4 sao,"78,5",Sen Xứ\n'
)
CATALOGUE = (
    "mã sản phẩm,tên sản phẩm,chủ thể,mã số thuế,điện thoại,tỉnh,phân nhóm,khối lượng tịnh,giá bán,hsd,"
    "cảnh báo,thương hiệu,gpc brick,lead time,vat\n"
    "M-1,Mứt sen,HTX Sen Hai,0100233488,0912 345 678,Hà Tĩnh,F07,200 g,85k,12 tháng,"
    "Có hạt.,Sen Xứ,10000161,3,8\n"
)


@pytest.fixture
def load(session, tmp_path, now):
    make_product(session)

    def load(content):
        path = tmp_path / "file.csv"
        path.write_text(content, encoding="utf-8")
        return dict(import_file(session, path, actor=ACTOR, now=now).outcomes)

    return load


def product_of(session, code):
    session.expire_all()
    return session.scalars(select(Product).where(Product.code == code)).one()


def test_a_register_tells_the_numbers_of_the_maker_and_the_points_of_the_decision(session, load):
    assert load(REGISTER + SEN) == {"created": 1}
    product = product_of(session, "S-1")
    maker = product.producer
    assert (maker.tax_number, maker.phone) == ("0100233488", "0912345678")
    assert (maker.email, maker.gln) == ("sen@example.vn", "8938500009990")
    assert maker.registration_number == "30A8000123"
    assert product.certificates[0].score == Decimal("78.5")
    assert "thương hiệu: Sen Xứ" in product.source  # a register has no place for it
    assert load(REGISTER + SEN) == {"same": 1}


def test_a_later_file_fills_gaps_and_never_overwrites(session, load):
    load(REGISTER + SEN.replace(",100233488,912345678,", ",,0987654321,").replace('"78,5"', ""))
    assert load(REGISTER + SEN) == {"updated": 1}
    product = product_of(session, "S-1")
    assert (product.producer.tax_number, product.producer.phone) == ("0100233488", "0987654321")
    assert product.certificates[0].score == Decimal("78.5")


def test_a_number_with_a_wrong_check_digit_is_kept_aside_for_a_person(session, load):
    assert load(REGISTER + SEN.replace("100233488", "0100233489")) == {"created": 1}
    product = product_of(session, "S-1")
    assert product.producer.tax_number is None
    assert "mã số thuế: 0100233489" in product.source


def test_points_just_below_a_star_are_not_rounded_up(session, load):
    assert load(REGISTER + SEN.replace('"78,5"', '"89,9999"')) == {"created": 1}
    assert product_of(session, "S-1").certificates[0].score == Decimal("89.999")


def test_a_catalogue_tells_what_stands_on_the_label_and_who_makes_it(session, load):
    assert load(CATALOGUE) == {"created": 1}
    product = product_of(session, "M-1")
    assert (product.warnings, product.brand, product.gpc_brick) == ("Có hạt.", "Sen Xứ", "10000161")
    assert product.lead_time_days == 3
    assert (product.producer.tax_number, product.producer.phone) == ("0100233488", "0912345678")
    assert load(CATALOGUE) == {"same": 1}
    assert load(CATALOGUE.replace("Có hạt.", "Có hạt to.")) == {"updated": 1}


def test_a_known_maker_learns_its_numbers_from_a_catalogue(session, load):
    load(CATALOGUE.replace("0100233488,0912 345 678", ","))
    maker = product_of(session, "M-1").producer
    assert (maker.tax_number, maker.phone) == (None, None)
    load(CATALOGUE)
    found = session.scalars(select(Producer).where(Producer.name == "HTX Sen Hai")).one()
    assert (found.tax_number, found.phone) == ("0100233488", "0912345678")


@pytest.mark.parametrize(
    ("wrong", "right"), [("10000161", "1000"), (",3,8", ",ba,8"), ("Sen Xứ", "x" * 121)]
)
def test_what_a_label_cannot_say_rejects_its_row(session, load, wrong, right):
    assert load(CATALOGUE.replace(wrong, right)) == {"rejected": 1}
