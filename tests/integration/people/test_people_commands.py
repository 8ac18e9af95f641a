import json

import pytest

from core.actor import Actor
from core.db import write_session
from tests.conftest import NOW
from tests.factories.forked import Ocop


def test_an_account_is_made_listed_linked_and_shut_out(ocop: Ocop) -> None:
    made = ocop(
        "people", "create", "Nguyễn Thị Sáu", "--phone", "0912 345 678", "--office", "--json"
    )
    assert made.returncode == 0, made.stderr
    person = json.loads(made.stdout)
    assert person["link"].startswith("http://127.0.0.1:8000/vi/account/link/")
    listed = json.loads(ocop("people", "list", "--json").stdout)
    assert [(p["name"], p["phone"], p["roles"]) for p in listed] == [
        ("Nguyễn Thị Sáu", "+84912345678", [["office", None]])
    ]
    assert "/account/link/" in ocop("people", "link", "+84 912 345 678").stdout
    assert ocop("people", "disable", "0912345678").returncode == 0
    assert json.loads(ocop("people", "list", "--json").stdout)[0]["disabled_at"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("create", "Sáu", "--email", "a@b.vn"), 2),
        (("create", "Sáu", "--email", "no e-mail", "--office"), 1),
        (("create", "Sáu", "--email", "a@b.vn", "--producer", "999"), 1),
        (("link", "nobody@example.vn"), 1),
        (("disable", "nobody@example.vn"), 1),
    ],
)
def test_a_mistake_is_one_line_and_an_exit_code(
    ocop: Ocop, arguments: tuple[str, ...], code: int
) -> None:
    done = ocop("people", *arguments)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_the_demo_has_one_person_of_each_kind_and_no_password(engine) -> None:  # type: ignore[no-untyped-def]
    from sqlalchemy import select

    from core.people.models import Person
    from storefront.demo_people import ensure_demo_people, issue_links
    from tests.factories.catalog import make_producer, make_product

    with write_session(engine) as session:
        make_product(session, producer=make_producer(session, is_illustrative=True))
        for _ in range(2):
            ensure_demo_people(session, NOW, actor=Actor.system("test"))
        links = issue_links(session, NOW, "http://127.0.0.1:8000")
        session.commit()
        people = session.scalars(select(Person)).all()
    assert [label for label, _ in links] == ["producer", "office", "supermarket"]
    assert {person.password_hash for person in people} == {None}
