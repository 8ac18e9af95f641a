import errno
import io
import unicodedata
import zipfile
from datetime import date

import openpyxl
import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from catalog.importing import UnusableFile, import_file
from catalog.importing.limits import MAX_ROWS
from catalog.importing.registering import RegisterStore
from catalog.importing.report import StorageFull
from catalog.models import Certificate, ImportLine, Producer, Product
from catalog.publishing import list_problems
from catalog.queries import get_producer_page
from catalog.queries.errors import ProducerNotFound
from core.actor import Actor, Role
from core.errors import Forbidden
from core.facts import newest_fact_id
from tests.factories.catalog import make_product

ACTOR = Actor.system("test")
HEAD = (
    "id,product_name_vi,producer_name,producer_type,province_2025,former_province,stars,"
    "rating_year,decision_number,decision_date,group_guess,source_site\n"
)
GOOD = "X-1,Muối tôm,HTX Muối,HTX,Cà Mau,Bạc Liêu,4,2025,12/QĐ-UBND,2025-03-01,food,baocamau.vn\n"


@pytest.fixture
def load(session, tmp_path, now):
    make_product(session)  # the world is not empty

    def load(content, name="register.csv", **options):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return import_file(session, path, actor=ACTOR, now=now, **options)

    return load


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


def test_a_register_row_becomes_a_draft_with_a_verifiable_certificate(session, load):
    report = load(HEAD + GOOD)
    assert dict(report.outcomes) == {"created": 1}
    product = session.scalar(select(Product).where(Product.code == "X-1"))
    assert (product.state, product.name) == ("draft", "Muối tôm")
    assert (product.producer.kind, product.producer.former_unit) == ("cooperative", "Bạc Liêu")
    certificate = product.certificates[0]
    assert (certificate.stars, str(certificate.valid_to)) == (4, "2028-03-01")


@pytest.mark.parametrize("row", ["X-2,Trà,HTX Trà,HTX,Lạng Sơn,,4,2022,,,drink,a\n",
                                 "X-2,Trà,HTX Trà,HTX,Lạng Sơn,,4,2022,9/QĐ-UBND,,drink,a\n"])  # fmt: skip
def test_without_number_and_date_stars_are_kept_but_claim_nothing(session, load, row):
    load(HEAD + row)
    certificate = session.scalar(select(Certificate).join(Product).where(Product.code == "X-2"))
    assert (certificate.stars, certificate.rating_year) == (4, 2022)
    assert certificate.valid_to is None


def test_the_same_file_twice_changes_nothing(session, load):
    load(HEAD + GOOD + "X-2,Trà,HTX Trà,,Lạng Sơn,,4,2022,,,,a\n")
    facts = newest_fact_id(session)
    report = load(HEAD + GOOD + "X-2,Trà,HTX Trà,,Lạng Sơn,,4,2022,,,,a\n")
    assert dict(report.outcomes) == {"same": 2}
    assert newest_fact_id(session) == facts
    report = load(HEAD + GOOD.replace("Muối tôm", "Muối tôm cay"))
    assert dict(report.outcomes) == {"updated": 1}


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        (GOOD.replace(",4,", ",6,"), "stars", "star_out_of_range"),
        (GOOD.replace("Muối tôm", ""), "name", "missing_name"),
        (GOOD.replace("Muối tôm", "M" * 301), "name", "too_long"),
        (GOOD.replace("Muối tôm", "=1+1"), "name", "formula_in_text"),
    ],
)
def test_a_bad_row_is_refused_with_line_field_and_reason_and_leaves_nothing(
    session, load, row, field, reason
):
    before = [count(session, t) for t in (Producer, Product, Certificate)]
    report = load(HEAD + row + GOOD.replace("X-1", "X-9").replace("HTX Muối", "HTX Khác"))
    assert dict(report.outcomes) == {"rejected": 1, "created": 1}
    assert [(p.line, p.field, p.reason) for p in report.problems] == [(2, field, reason)]
    after = [count(session, t) for t in (Producer, Product, Certificate)]
    assert after == [n + 1 for n in before]


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        (GOOD.replace("2025-03-01", "31/02/2025"), "decision_date", "date_impossible"),
        (GOOD.replace("2025-03-01", "2027-03-01"), "decision_date", "date_in_future"),
        (GOOD.replace("Cà Mau", "Atlantis"), "province_2025", "unknown_province"),
        (GOOD.replace("Bạc Liêu", "Bắc Kạn"), "former_province", "former_unit_mismatch"),
        (GOOD.replace(",4,", ",0,"), "stars", "star_zero"),
        (GOOD.replace(",4,", ",tiềm năng 5 sao,"), "stars", "potential_star_not_recognised"),
    ],
)
def test_what_a_person_must_decide_waits_and_is_not_stored(session, load, row, field, reason):
    before = [count(session, t) for t in (Producer, Product, Certificate)]
    report = load(HEAD + row)
    assert dict(report.outcomes) == {"review": 1}
    assert [(p.line, p.field, p.reason) for p in report.problems] == [(2, field, reason)]
    assert [count(session, t) for t in (Producer, Product, Certificate)] == before
    waiting = session.scalars(select(ImportLine).where(ImportLine.status == "review")).all()
    assert [(line.line, line.raw["product_name_vi"]) for line in waiting] == [(2, "Muối tôm")]


@pytest.mark.parametrize("gap", [("HTX Muối", ""), (",4,", ",,"), ("HTX,Cà", ",Cà")])
def test_a_row_without_maker_or_stars_is_a_draft_that_asks_for_them(session, load, on, gap):
    report = load(HEAD + GOOD.replace("2025-03-01", "").replace(*gap))
    assert dict(report.outcomes) == {"created": 1}
    product = session.scalar(select(Product).where(Product.code == "X-1"))
    assert product.state == "draft"
    asked = {problem.code for problem in list_problems(session, product.id, on=on)}
    assert ("producer_missing" in asked) == (gap[0] == "HTX Muối")
    assert report.incomplete == (gap[0] != "HTX,Cà")


def test_the_placeholder_for_an_unknown_maker_has_no_page_and_gives_way_to_the_maker(
    session, load, on
):
    load(HEAD + GOOD.replace("HTX Muối", ""))
    product = session.scalar(select(Product).where(Product.code == "X-1"))
    assert product.producer.code == "unknown:96"
    with pytest.raises(ProducerNotFound):
        get_producer_page(session, product.producer.slug, locale="vi", on=on)
    report = load(HEAD + GOOD)
    assert dict(report.outcomes) == {"updated": 1}
    session.refresh(product)
    assert product.producer.name == "HTX Muối"
    assert dict(load(HEAD + GOOD.replace("HTX Muối", "")).outcomes) == {"same": 1}


def test_all_problems_of_a_row_are_reported_together(load):
    bad = GOOD.replace(",4,", ",6,").replace("HTX Muối", "").replace("2025-03-01", "2025-13-01")
    report = load(HEAD + bad)
    assert {p.reason for p in report.problems} == {
        "star_out_of_range",
        "missing_producer",
        "date_impossible",
    }
    assert report.as_dict()["problems"][0]["column"]


def test_a_code_twice_in_a_file_is_refused_the_second_time(load):
    report = load(HEAD + GOOD + GOOD.replace("Muối tôm", "Khác"))
    assert dict(report.outcomes) == {"created": 1, "rejected": 1}
    assert report.problems[0].facts == {"first_line": 2}


def test_a_row_of_another_producer_does_not_take_over_a_product(session, load):
    load(HEAD + GOOD)
    report = load(HEAD + GOOD.replace("HTX Muối", "HTX Kẻ Khác"))
    assert dict(report.outcomes) == {"rejected": 1}
    assert session.scalar(select(Producer).where(Producer.name == "HTX Kẻ Khác")) is None


def test_a_dry_run_reports_the_same_and_keeps_nothing(session, load):
    before = [count(session, t) for t in (Producer, Product, Certificate)]
    report = load(HEAD + GOOD + GOOD.replace("X-1", "X-2").replace(",4,", ",6,"), dry_run=True)
    assert dict(report.outcomes) == {"created": 1, "rejected": 1}
    assert [count(session, t) for t in (Producer, Product, Certificate)] == before


def test_unknown_columns_are_reported_and_kept(session, load):
    report = load(HEAD.strip() + ",Màu sắc\n" + GOOD.strip() + ",hồng\n")
    assert report.unknown_columns == ("Màu sắc",)
    product = session.scalar(select(Product).where(Product.code == "X-1"))
    assert product.source == "baocamau.vn · Màu sắc: hồng"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1258"])
def test_vietnamese_is_read_in_the_encodings_offices_use(session, load, encoding):
    text = HEAD + GOOD
    if encoding == "cp1258":  # it writes tones as combining marks
        text = "".join(
            c if c in "âăêôơưđÂĂÊÔƠƯĐ" else unicodedata.normalize("NFD", c) for c in text
        )
        for letter in "âăêôơư":
            for mark in "\u0300\u0301\u0303\u0309\u0323":
                composed = unicodedata.normalize("NFC", letter + mark)
                text = text.replace(unicodedata.normalize("NFD", composed), letter + mark)
    report = load(text.encode(encoding))
    assert dict(report.outcomes) == {"created": 1}
    assert session.scalar(select(Product.name).where(Product.code == "X-1")) == "Muối tôm"


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "a.csv", "empty"),
        (b"\n\n,,\n", "a.csv", "empty"),
        (HEAD.encode(), "a.csv", "empty"),
        (b"a,b\n1,2\n", "a.csv", "unknown_columns"),
        (b"\x81\x8d\x90\xff,\x00\x01\n" * 50, "a.csv", "encoding"),
        (b'id,"unclosed\n1,2\n', "a.csv", "corrupt"),
        (b"PK\x03\x04 not a zip", "a.xlsx", "corrupt"),
        (b"not even a zip", "a.xlsx", "corrupt"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xls", "unknown_format"),
        ((HEAD + GOOD * (MAX_ROWS + 300)).encode(), "a.csv", "too_many_rows"),
        (("a," * 130 + "\n1\n").encode(), "a.csv", "too_many_columns"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_why(load, content, name, reason):
    with pytest.raises(UnusableFile) as refused:
        load(content, name)
    assert refused.value.reason == reason


def test_a_file_that_is_not_there_says_so(session, tmp_path, now):
    with pytest.raises(UnusableFile, match="no_such_file"):
        import_file(session, tmp_path / "nothing.csv", actor=ACTOR, now=now)


def workbook(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_with_vietnamese_headings_is_read(session, load):
    rows = [
        ["DANH SÁCH SẢN PHẨM OCOP"],
        ["Mã số", "Tên sản phẩm", "Chủ thể", "Loại hình", "Tỉnh", "Số sao", "Năm", "Số QĐ", "Ngày ký"],
        ["L-1", "Na Chi Lăng", "HTX Na", "Hợp tác xã", "Lạng Sơn", 4.0, 2025, "2865/QĐ-UBND",
         date(2025, 12, 31)],
        ["L-2", "Hồng", "Hộ Hồng", "Hộ kinh doanh", "TP. Atlantis", 7, 2025, None, None],
    ]  # fmt: skip
    report = load(workbook(rows), "danh sach.xlsx")
    assert (report.kind, report.encoding) == ("register", "xlsx")
    assert dict(report.outcomes) == {"created": 1, "rejected": 1}
    assert {(p.line, p.reason) for p in report.problems} == {
        (4, "unknown_province"), (4, "star_out_of_range"),
    }  # fmt: skip
    certificate = session.scalar(select(Certificate).join(Product).where(Product.code == "L-1"))
    assert (str(certificate.issued_on), certificate.stars) == ("2025-12-31", 4)


def repack(data, name, change):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for entry in old.infolist():
            part = old.read(entry)
            new.writestr(entry.filename, change(part) if entry.filename == name else part)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
FINE = [["id", "name"], ["1", "a"]]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda part: part + b" " * 60_000_000, "too_large"),
        (lambda part: part + b" " * 3_000_000, "too_large"),
        (lambda part: b'<!DOCTYPE x [<!ENTITY a "b">]>' + part, "corrupt"),
        (lambda part: part[: len(part) // 2], "corrupt"),
        (
            lambda part: part.replace(b'r="B2"', b'r="XFD2"').replace(b"<v>1", b"<v>0"),
            "too_many_columns",
        ),
        (
            lambda part: part.replace(
                b"</sheetData>",
                b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
            ),
            "too_many_columns",
        ),
    ],
    ids=["60 MB of blanks", "ratio", "doctype", "cut off", "16384 columns", "the last cell"],
)
def test_a_workbook_made_to_hurt_is_refused_in_the_child(load, change, reason):
    with pytest.raises(UnusableFile) as refused:
        load(repack(workbook(FINE), SHEET, change), "bomb.xlsx")
    assert refused.value.reason == reason


WORD = "word/document.xml"


def word_file():
    import docx

    made = docx.Document()
    cells = made.add_table(rows=2, cols=2).rows
    for row, texts in zip(cells, (("Tên sản phẩm", "Chủ thể"), ("Mứt", "HTX Mứt")), strict=True):
        row.cells[0].text, row.cells[1].text = texts
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (repack(word_file(), WORD, lambda part: b"<!DOCTYPE a>" + part), "a.docx", "corrupt"),
        (repack(word_file(), WORD, lambda part: b"<!--" + b"x" * 9000 + b"--><!DOCTYPE a>" + part), "a.docx", "corrupt"),
        (repack(word_file(), WORD, lambda part: part + b" " * 9_000_000), "a.docx", "too_large"),
        (repack(word_file(), WORD, lambda part: part[: len(part) // 2]), "a.docx", "corrupt"),
        (word_file()[: len(word_file()) // 2], "a.docx", "corrupt"),
        (b"GIF89a" + word_file(), "a.docx", "corrupt"),
        (b"GIF89a" + word_file(), "a.csv", "unknown_format"),
        (b"%PDF-1.7 list", "a.pdf", "unknown_format"),
        (b"<html><table><tr><td>Ten", "a.xls", "unknown_format"),
    ],
    ids=["doctype", "late doctype", "blanks", "cut", "half", "polyglot docx", "polyglot csv", "pdf", "html"],
)  # fmt: skip
def test_a_file_made_to_hurt_or_of_another_kind_is_refused(load, content, name, reason):
    with pytest.raises(UnusableFile) as refused:
        load(content, name)
    assert refused.value.reason == reason


def test_a_zip_that_is_two_formats_at_once_is_refused(load):
    out = io.BytesIO(word_file())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(UnusableFile, match="corrupt"):
        load(out.getvalue(), "two.xlsx")


def test_a_workbook_with_too_many_parts_or_rows_is_refused(load):
    out = io.BytesIO(workbook(FINE))
    with zipfile.ZipFile(out, "a") as archive:
        for number in range(200):
            archive.writestr(f"x{number}", "")
    with pytest.raises(UnusableFile, match="too_large"):
        load(out.getvalue(), "parts.xlsx")
    far = repack(
        workbook(FINE),
        SHEET,
        lambda part: part.replace(b'r="2"', b'r="1048576"').replace(b'2"', b'1048576"'),
    )
    report = load(far, "far.xlsx")  # read, not refused: one stray row is no million rows
    assert [row.line for row in report.judged] == [1_048_576]


def test_a_workbook_with_a_wrong_dimension_loses_no_rows(session, load):
    rows = [HEAD.strip().split(",")]
    rows += [
        GOOD.strip().replace("X-1", f"X-{n}").replace("Muối tôm", f"Muối số {n}").split(",")
        for n in range(5)
    ]
    lying = repack(
        workbook(rows),
        SHEET,
        lambda part: part.replace(b'<dimension ref="A1:L6"', b'<dimension ref="A1:B2"'),
    )
    assert dict(load(lying, "lying.xlsx").outcomes) == {"created": 5}


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("INSERT", {}, Exception("database or disk is full")),
        OSError(errno.ENOSPC, "No space left on device"),
    ],
)
def test_a_full_disk_leaves_nothing_half_stored(session, load, monkeypatch, error):
    before = [count(session, t) for t in (Producer, Product, Certificate)]
    real = RegisterStore.store

    def fails_at_last(store, plans):
        real(store, plans)
        raise error

    monkeypatch.setattr(RegisterStore, "store", fails_at_last)
    rows = "".join(GOOD.replace("X-1,Muối", f"X-{n},Muối số {n}") for n in range(5))
    with pytest.raises(StorageFull) as refused:
        load(HEAD + rows)
    assert refused.value.facts == {"line": 1}
    assert [count(session, t) for t in (Producer, Product, Certificate)] == before


def test_only_the_office_imports(session, tmp_path, now):
    path = tmp_path / "a.csv"
    path.write_text(HEAD + GOOD)
    producer = Actor(1, "Chị Ba", frozenset({Role.PRODUCER}), frozenset({1}))
    with pytest.raises(Forbidden):
        import_file(session, path, actor=producer, now=now)


def test_a_catalogue_without_producers_gets_illustrative_ones(session, load, on):
    head = "no,name_vi,name_en,commune,province,subgroup,stars,net_content,price_vnd,"
    head += "shelf_life_storage,ingredients,allergens,hs6,vat_class\n"
    rows = "38,Yến chưng,Bird's nest,,Thái Nguyên (ex Bắc Kạn),F08,4,6×70 ml,330k,12m amb,yến,BN (EGG cross),210690,8\n"
    rows += "39,Rượu,Spirit,U Minh,Cà Mau,D02,3,500 ml 25 %,150000,no limit,nho,–,220890,X\n"
    rows += "40,Sai,Wrong,U Minh,Cà Mau,Z01,3,lots,free,soon,x,QQQ,1,Q\n"
    report = load(head + rows, "demo.csv")
    assert report.kind == "catalogue"
    assert dict(report.outcomes) == {"created": 2, "rejected": 1}
    assert {p.reason for p in report.problems} == {
        "unknown_subgroup", "unknown_kind", "unreadable_net_content", "unreadable_price",
        "unreadable_shelf_life", "unreadable_allergens",
    }  # fmt: skip
    nest = session.scalar(select(Product).where(Product.code == "demo-038"))
    assert nest.is_illustrative
    assert nest.producer.is_illustrative
    assert (nest.producer.province_code, nest.producer.former_unit) == ("19", "Bắc Kạn")
    assert {a.code: a.containment for a in nest.allergens} == {
        "BN": "contains", "EGG": "may_contain",
    }  # fmt: skip
    assert (nest.packages[0].count, nest.packages[0].price_minor) == (6, 330_000)
    assert [p.code for p in list_problems(session, nest.id, on=on)] == ["food_safety_missing"]
    spirit = session.scalar(select(Product).where(Product.code == "demo-039"))
    assert (spirit.packages[0].abv, spirit.packages[0].vat_rate_bp) == (25, 1000)
    assert dict(load(head + rows, "demo.csv").outcomes) == {"same": 2, "rejected": 1}
