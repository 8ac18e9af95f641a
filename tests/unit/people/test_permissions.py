import pytest

from core.actor import Actor, Role
from core.people.permissions import POLICY, NotAllowed, allows, require
from tests.rows import each_row

PRODUCER = Actor(1, "Sáu", frozenset({Role.PRODUCER}), frozenset({7}))
OFFICE = Actor(2, "Minh", frozenset({Role.OFFICE}))
PARTNER = Actor(3, "Hà", frozenset({Role.PARTNER}), partner_codes=frozenset({"demo-supermarket"}))
NOBODY = Actor(4, "Không")


@each_row(
    ("actor", "action", "producer_id", "partner", "answer"),
    [
        (PRODUCER, "product.edit", 7, None, True),
        (PRODUCER, "product.edit", 8, None, False),
        (PRODUCER, "product.edit", None, None, False),
        (PRODUCER, "certificate.record", 7, None, True),
        (PRODUCER, "certificate.revoke", 7, None, False),
        (PRODUCER, "feed.view", 7, "demo-supermarket", False),
        (PRODUCER, "person.manage", 7, None, False),
        (OFFICE, "product.publish", 8, None, True),
        (OFFICE, "certificate.revoke", 8, None, True),
        (OFFICE, "feed.manage", None, "demo-supermarket", True),
        (PARTNER, "feed.view", None, "demo-supermarket", True),
        (PARTNER, "feed.view", None, "other", False),
        (PARTNER, "feed.view", None, None, False),
        (PARTNER, "feed.manage", None, "demo-supermarket", False),
        (PARTNER, "product.edit", 7, None, False),
        (NOBODY, "product.edit", 7, None, False),
        (Actor.buyer(), "order.view", 7, None, False),
        (Actor.system("worker"), "certificate.revoke", None, None, True),
    ],
)
def test_the_policy_says_who_may_do_what(
    actor: Actor, action: str, producer_id: int | None, partner: str | None, answer: bool
) -> None:
    assert allows(actor, action, producer_id=producer_id, partner=partner) is answer


def test_an_action_nobody_listed_is_refused_even_to_the_office() -> None:
    with pytest.raises(NotAllowed) as refusal:
        require(OFFICE, "database.drop")
    assert refusal.value.facts == {"action": "database.drop"}


def test_buyers_hold_no_permission_at_all() -> None:
    assert all(Role.BUYER not in who for who in POLICY.values())
