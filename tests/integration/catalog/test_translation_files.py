"""Translation work goes out and comes back: nothing overwritten unseen, nothing lost, nothing hostile read."""

from __future__ import annotations

import zipfile
from xml.etree import ElementTree as ET

import pytest

from catalog.exchanging import Outcome, collect, take_back, write_work
from catalog.exchanging.units import Key, read_key
from catalog.exchanging.writing import XLIFF
from catalog.importing.report import UnusableFile
from catalog.products import update_product
from catalog.queries.translations import get_review, list_history
from catalog.translating import set_translation
from core.actor import Actor, Role
from core.errors import Forbidden
from tests.factories.catalog import make_product

SYSTEM = Actor.system("Yamada")
UNIT, TARGET = f"{{{XLIFF}}}trans-unit", f"{{{XLIFF}}}target"


def answer_xliff(path, answers, approved=()):
    """What a translator's tool does: fill targets, leave ids and sources alone."""
    tree = ET.parse(path)  # noqa: S314  # our own file
    for unit in tree.iter(UNIT):
        field = unit.get("resname", "").rpartition("/")[2]
        if field in answers:
            target = unit.find(TARGET)
            if target is None:
                target = ET.SubElement(unit, TARGET)
            target.text = answers[field]
            unit.set("approved", "yes" if field in approved else "no")
    tree.write(path, encoding="utf-8", xml_declaration=True)


def answer_xlsx(path, answers, reviewed=()):
    import openpyxl

    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    for row in sheet.iter_rows(min_row=2):
        field = row[2].value
        if field in answers:
            row[5].value = answers[field]
            row[5].data_type = "s"
            row[6].value = "yes" if field in reviewed else ""
    book.save(path)


ANSWER = {"xlf": answer_xliff, "xlsx": answer_xlsx}


def send_out(session, folder, suffix, locale="ja", **which):
    path = folder / f"work.{suffix}"
    units = collect(session, locale, **which)
    write_work(path, units, locale, "xliff" if suffix == "xlf" else suffix)
    return path


def come_back(session, path, now, **more):
    return take_back(session, path, **{"actor": SYSTEM, "now": now, "dry_run": False, **more})


def fields_of(session, product, locale="ja"):
    return {view.field: view for view in get_review(session, "product", product.id, locale).fields}


@pytest.mark.parametrize("suffix", ["xlf", "xlsx"])
def test_a_translators_file_comes_back_whole(session, now, tmp_path, suffix):
    product = make_product(session, summary="Ủ chượp <12 tháng> & “thật”.\nDòng hai")
    path = send_out(session, tmp_path, suffix, missing=True)
    answers = {
        "name": "魚醤",
        "summary": "熟成 <12か月> & 「本物」。\n二行目",
        "ingredients": "=SUM(A1)",
    }
    ANSWER[suffix](path, answers, ("name", "summary"))
    dry = come_back(session, path, now, dry_run=True)
    assert (dry.outcomes[Outcome.NEW], fields_of(session, product)["name"].stored) == (3, None)
    assert come_back(session, path, now).outcomes[Outcome.NEW] == 3
    views = fields_of(session, product)
    assert {f: v.stored.text for f, v in views.items()} == answers
    assert [views[f].stored.status for f in ("name", "summary", "ingredients")] == [
        "reviewed", "reviewed", "draft",
    ]  # fmt: skip
    assert views["name"].stored.author == "Yamada"
    assert come_back(session, path, now).outcomes == {Outcome.SAME: 3}


@pytest.mark.parametrize("suffix", ["xlf", "xlsx"])
def test_work_on_a_text_that_changed_meanwhile_is_kept_as_a_draft(
    session, on, now, tmp_path, suffix
):
    product = make_product(session)
    set_translation(
        session, entity_kind="product", entity_id=product.id, field="name", locale="ja",
        text="魚醤", status="reviewed", actor=SYSTEM, now=now,
    )  # fmt: skip
    path = send_out(session, tmp_path, suffix)
    ANSWER[suffix](
        path, {"name": "カタクチイワシの魚醤", "summary": "伝統の味。"}, ("name", "summary")
    )
    update_product(
        session,
        product.id,
        {"name": "Nước mắm nhĩ", "summary": "Mới"},
        actor=SYSTEM,
        on=on,
        now=now,
    )
    session.flush()
    report = come_back(session, path, now)
    assert report.outcomes[Outcome.SOURCE_CHANGED] == 2
    views = fields_of(session, product)
    assert views["name"].stored.text == "魚醤"
    assert (views["name"].draft.text, views["name"].draft.is_stale) == (
        "カタクチイワシの魚醤",
        True,
    )
    assert (views["summary"].stored.status, views["summary"].is_shown) == ("draft", False)
    assert come_back(session, path, now).outcomes[Outcome.SOURCE_CHANGED] == 0


def test_whoever_was_slower_does_not_overwrite(session, now, tmp_path):
    product = make_product(session)
    path = send_out(session, tmp_path, "xlf")
    set_translation(
        session, entity_kind="product", entity_id=product.id, field="name", locale="ja",
        text="魚醤", status="reviewed", actor=SYSTEM, now=now,
    )  # fmt: skip
    answer_xliff(path, {"name": "別の名前"}, ("name",))
    assert come_back(session, path, now).outcomes[Outcome.OVERTAKEN] == 1
    view = fields_of(session, product)["name"]
    assert (view.stored.text, view.draft.text) == ("魚醤", "別の名前")
    assert [e.text for e in list_history(session, "product", product.id, "ja")] == [
        "別の名前",
        "魚醤",
    ]


def test_somebody_can_vouch_for_a_whole_file(session, now, tmp_path):
    product = make_product(session)
    path = send_out(session, tmp_path, "xlf")
    answer_xliff(path, {"name": "魚醤"})
    come_back(session, path, now, reviewed=True)
    assert fields_of(session, product)["name"].stored.status == "reviewed"


def test_only_what_was_asked_for_is_sent_out(session, on, now):
    product = make_product(session)
    for field, status in (("name", "reviewed"), ("summary", "machine")):
        set_translation(
            session, entity_kind="product", entity_id=product.id, field=field, locale="ko",
            text="액젓", status=status, actor=SYSTEM, now=now,
        )  # fmt: skip
    update_product(session, product.id, {"name": "Mắm"}, actor=SYSTEM, on=on, now=now)
    session.flush()

    def sent(**which):
        return {unit.key.field for unit in collect(session, "ko", **which)}

    assert sent(missing=True) == {"ingredients"}
    assert sent(stale=True) == {"name"}
    assert sent(unreviewed=True) == {"summary"}
    assert sent() == {"name", "summary", "ingredients"}
    assert not collect(session, "ko", producer_id=product.producer_id + 1)


def test_cells_of_a_workbook_are_texts_and_no_formulas(session, tmp_path):
    make_product(session, name='=HYPERLINK("http://x.example","a")', summary="+1 @cmd")
    path = send_out(session, tmp_path, "xlsx")
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet.lower()


def xliff(body, head=""):
    return f'<?xml version="1.0"?>{head}<xliff version="1.2" xmlns="{XLIFF}"><file original="x" datatype="plaintext" source-language="vi" target-language="ja"><body>{body}</body></file></xliff>'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('<!DOCTYPE x [<!ENTITY a "b">]>' + "<x>&a;</x>", "corrupt"),
        (xliff("", '<!DOCTYPE x SYSTEM "file:///etc/passwd">'), "corrupt"),
        (xliff("<trans-unit id='a'>"), "corrupt"),
        (xliff("<g>" * 60 + "</g>" * 60), "corrupt"),
        (xliff(""), "empty"),
        ("<html/>", "unknown_format"),
        ("not xml at all", "corrupt"),
        ("", "corrupt"),
    ],
)
def test_hostile_and_broken_files_are_refused(session, now, tmp_path, content, reason):
    path = tmp_path / "x.xlf"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UnusableFile) as refused:
        come_back(session, path, now)
    assert refused.value.reason == reason


def test_pieces_that_are_not_ours_are_counted_and_left(session, now, tmp_path):
    product = make_product(session)
    good = f"ja:product/{product.code}/name#0123456789abcdef.0"
    ids = ["nonsense", good.replace("/name#", "/price#"), good.replace(product.code, "gone"),
           good.replace("ja:", "vi:"), good.replace("ja:", "xx:")]  # fmt: skip
    units = "".join(
        f'<trans-unit id="{i}"><source>a</source><target>b</target></trans-unit>' for i in ids
    )
    path = tmp_path / "x.xlf"
    path.write_text(xliff(units), encoding="utf-8")
    assert come_back(session, path, now).outcomes == {Outcome.UNKNOWN: 5}


def test_only_the_office_takes_files_back(session, now, tmp_path):
    product = make_product(session)
    path = send_out(session, tmp_path, "xlf")
    own = Actor(1, "Chị Ba", frozenset({Role.PRODUCER}), frozenset({product.producer_id}))
    with pytest.raises(Forbidden):
        come_back(session, path, now, actor=own)


@pytest.mark.parametrize("code", ["DEMO-001", "own-ab/cd", "mã số 1#2.3", "a" * 80])
def test_a_key_says_the_same_after_its_journey(code):
    key = Key("zh-hant", "product", code, "name", "0123456789abcdef", 42)
    assert read_key(str(key)) == key


XML = "{http://www.w3.org/XML/1998/namespace}"
STATES = {
    "final", "needs-adaptation", "needs-l10n", "needs-review-adaptation", "needs-review-l10n",
    "needs-review-translation", "needs-translation", "new", "signed-off", "translated",
}  # fmt: skip
MAY_HOLD = {
    "xliff": ["file"],
    "file": ["header", "body"],
    "body": ["group", "trans-unit", "bin-unit"],
    "trans-unit": ["source", "seg-source", "target", "note"],
    "source": [],
    "target": [],
    "note": [],
}
"""The elements of XLIFF 1.2 (OASIS standard, chapter 2) that a file of ours may use, in the order of the schema."""
MAY_SAY = {
    "xliff": {"version"},
    "file": {"original", "datatype", "source-language", "target-language"},
    "body": set(),
    "trans-unit": {"id", "resname", "approved", f"{XML}space"},
    "source": set(),
    "target": {"state"},
    "note": {"from"},
}
NEEDED = {"xliff": {"version"}, "trans-unit": {"id"}}


def faults_of(element, inside=""):
    name = element.tag.removeprefix(f"{{{XLIFF}}}")
    if name not in MAY_HOLD:
        return [f"<{name}> in <{inside}>"]
    faults = [f"{name}@{a}" for a in set(element.keys()) - MAY_SAY[name]]
    faults += [f"{name} without {a}" for a in NEEDED.get(name, set()) - set(element.keys())]
    places = [
        MAY_HOLD[name].index(child.tag.removeprefix(f"{{{XLIFF}}}"))
        for child in element
        if child.tag.removeprefix(f"{{{XLIFF}}}") in MAY_HOLD[name]
    ]
    if len(places) != len(element) or places != sorted(places):
        faults.append(f"children of <{name}>: {[child.tag for child in element]}")
    return faults + [fault for child in element for fault in faults_of(child, name)]


@pytest.mark.parametrize("locale", ["ja", "zh-hant"])
def test_translators_tools_find_what_the_standard_promises(session, now, tmp_path, locale):
    product = make_product(session, summary="Ủ chượp\x0b <12 tháng> & “thật”")
    for field, status in (("name", "reviewed"), ("summary", "machine")):
        set_translation(
            session, entity_kind="product", entity_id=product.id, field=field, locale=locale,
            text="訳", status=status, origin="import", actor=SYSTEM, now=now,
        )  # fmt: skip
    path = send_out(session, tmp_path, "xlf", locale)
    root = ET.parse(path).getroot()  # noqa: S314  # our own file
    assert (root.tag, root.get("version")) == (f"{{{XLIFF}}}xliff", "1.2")
    assert faults_of(root) == []
    file = root[0]
    assert file.get("original")
    assert (file.get("datatype"), file.get("source-language")) == ("plaintext", "vi")
    assert file.get("target-language") == {"ja": "ja", "zh-hant": "zh-Hant"}[locale]
    units = list(root.iter(UNIT))
    assert len({unit.get("id") for unit in units}) == len(units) > 2
    for unit in units:
        assert [child.tag.rpartition("}")[2] for child in unit].count("source") == 1
        assert unit.get("approved") in ("yes", "no")
        assert unit.get(f"{XML}space") == "preserve"
    states = {target.get("state") for target in root.iter(TARGET)}
    assert states == {"final", "needs-review-translation"}
    assert states <= STATES


def test_a_file_without_work_is_still_a_file_of_the_standard(tmp_path):
    path = tmp_path / "none.xlf"
    write_work(path, [], "ko", "xliff")
    assert faults_of(ET.parse(path).getroot()) == []  # noqa: S314  # our own file
