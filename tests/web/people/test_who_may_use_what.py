"""A1 missing authentication, A2 other people's things, A3 roles, A5 forged forms."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text
from werkzeug.routing import AnyConverter, Rule

from core.actor import Role
from storefront.access import declared
from tests.factories.house import House

OURS = ("account", "producers", "office", "partners")


def _rules(house: House) -> list[tuple[Rule, frozenset[Role]]]:
    found = []
    for rule in house.app.url_map.iter_rules():
        if rule.endpoint.split(".")[0] in OURS:
            access = declared(house.app.view_functions[rule.endpoint])
            assert access is not None, f"{rule} does not say who may use it"
            found.append((rule, access))
    return found


def _address(rule: Rule, house: House) -> str:
    values = {
        "locale": "vi",
        "product_id": house.products["producer"],
        "producer_id": house.producers["producer"],
        "person_id": house.people["producer"],
        "partner": "demo-supermarket",
        "key": "name",
        "name": "x.xml",
        "event": "accept",
        "token": "x" * 40,
    }
    for name, converter in rule._converters.items():  # werkzeug shows them nowhere else
        if isinstance(converter, AnyConverter) and values.get(name) not in converter.items:
            values[name] = min(converter.items)
    built = rule.build({name: values.get(name, 1) for name in rule.arguments})
    assert built is not None
    return built[1]


def _state(house: House) -> list[object]:
    """Everything a stranger must not be able to change."""
    with house.looking() as session:
        return [
            session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608
            for table in ("person", "membership", "product", "certificate", "audit_entry", "fact")
        ] + [
            tuple(row)
            for row in session.execute(text("SELECT id, state, version, name FROM product"))
        ]


def test_a_stranger_is_asked_to_sign_in_at_every_private_address(house: House) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = False
    client = house.app.test_client()
    before = _state(house)
    seen = 0
    for rule, access in _rules(house):
        if not access:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            answer = client.open(_address(rule, house), method=method)
            assert answer.status_code in (303, 401, 403), f"{method} {rule}: {answer.status}"
            if answer.status_code == 303:
                assert re.match(r"/vi/account/sign-in", answer.headers["Location"]), rule
            seen += 1
    assert seen > 40
    assert _state(house) == before


def test_only_signing_in_is_open_to_everybody(house: House) -> None:
    public = {rule.endpoint for rule, access in _rules(house) if not access}
    assert public == {
        "account.sign_in",
        "account.sign_out",
        "account.ask_link",
        "account.use_link",
    }


@pytest.mark.parametrize(
    ("who", "address", "status"),
    [
        ("producer", "/portal/", 200),
        ("producer", "/office/", 403),
        ("producer", "/partners/demo-supermarket", 403),
        ("partner", "/partners/demo-supermarket", 200),
        ("partner", "/portal/", 403),
        ("partner", "/office/", 403),
        ("office", "/office/", 200),
        ("office", "/portal/", 200),
        ("office", "/partners/demo-supermarket", 200),
    ],
)
def test_each_role_has_its_own_desk(house: House, who: str, address: str, status: int) -> None:
    house.browser(who).get(address, status)


@pytest.mark.parametrize("who", ["other", "partner"])
def test_another_producers_things_are_out_of_reach(house: House, who: str) -> None:
    owner = house.browser("producer")
    owner.get("/portal/")
    owner.get(f"/portal/products/{house.products['producer']}")
    pages = [a for a in owner.links() if a.startswith("/portal/pro") and re.search(r"\d", a)]
    assert len(pages) > 8
    stranger = house.browser(who)
    for address in pages:
        answer = stranger.client.get(address)
        assert answer.status_code in (403, 404), address
        assert "Tôm khô của producer" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("who", ["other", "partner", None])
def test_another_producers_things_cannot_be_changed(house: House, who: str | None) -> None:
    house.app.config["WTF_CSRF_ENABLED"] = False
    client = house.browser(who).client
    before = _state(house)
    product, producer = house.products["producer"], house.producers["producer"]
    for address in (
        f"/portal/products/{product}/withdraw",
        f"/portal/products/{product}/publish",
        f"/portal/products/{product}/name",
        f"/portal/products/{product}/package",
        f"/portal/products/{product}/certificate",
        f"/portal/producers/{producer}/products/new",
        f"/portal/producers/{producer}/place",
        f"/portal/producers/{producer}/papers/new",
        f"/office/people/{house.people['producer']}/disable",
        f"/office/people/{house.people['producer']}/link",
    ):
        form = {
            "name": "Gekapert",
            "version": "1",
            "price": "1",
            "net_content": "1",
            "unit": "g",
            "stars": "5",
            "decision_number": "1/QĐ",
            "issued_on": "01/01/2026",
            "issuer": "UBND tỉnh Cà Mau",
            "province_code": "96",
            "kind": "haccp",
            "number": "1",
        }
        answer = client.post(address, data=form)
        assert answer.status_code in (303, 403, 404), address
        if answer.status_code == 303:
            assert who is None
            assert "/account/sign-in" in answer.headers["Location"]
    assert _state(house) == before


def test_a_field_that_is_not_in_the_form_changes_nothing(house: House) -> None:
    product = house.products["producer"]
    browser = house.browser("producer")
    browser.get(f"/portal/products/{product}/name")
    browser.submit(
        name="Tên mới",
        producer_id=str(house.producers["other"]),
        state="draft",
        slug="hijacked",
        id="999",
        is_illustrative="1",
        withheld="1",
    )
    with house.looking() as session:
        row = session.execute(
            text("SELECT name, producer_id, state, slug FROM product WHERE id = :id"),
            {"id": product},
        ).one()
    assert row.name == "Tên mới"
    assert row.producer_id == house.producers["producer"]
    assert row.state == "published"
    assert row.slug != "hijacked"


@pytest.mark.parametrize(
    ("token", "headers", "statuses"),
    [
        (None, {}, {400}),
        ("wrong", {}, {400}),
        ("own", {"Sec-Fetch-Site": "cross-site"}, {403}),
        ("own", {"Origin": "https://evil.example"}, {403}),
        ("of another", {}, {400}),
    ],
)
def test_a_forged_form_is_refused_everywhere(
    house: House, token: str | None, headers: dict[str, str], statuses: set[int]
) -> None:
    browser, another = house.browser("office"), house.browser("office")
    for one in (browser, another):
        one.get("/office/import")
    sent = {
        "wrong": "wrong",
        "own": browser.forms()[0].fields["csrf_token"][0],
        "of another": another.forms()[0].fields["csrf_token"][0],
    }
    form = {} if token is None else {"csrf_token": sent[token]}
    before = _state(house)
    for rule, _access in _rules(house):
        if "POST" in (rule.methods or ()):
            answer = browser.client.post(_address(rule, house), data=form, headers=headers)
            assert answer.status_code in statuses, f"{rule}: {answer.status}"
    assert _state(house) == before


def test_looking_at_every_page_changes_nothing(house: House) -> None:
    before = _state(house)
    for who in ("producer", "office", "partner"):
        browser = house.browser(who)
        for rule, _access in _rules(house):
            if "GET" in (rule.methods or ()):
                browser.client.get(_address(rule, house))
    assert _state(house) == before
