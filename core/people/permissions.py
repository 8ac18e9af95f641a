"""Who may do what: one table of actions and roles, and the one function that enforces it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from core.actor import Actor, Role
from core.errors import Forbidden


class Reach(StrEnum):
    """How far a role's permission goes."""

    ALL = "all"
    OWN_PRODUCER = "own producer"
    OWN_PARTNER = "own partner"


_OWN = {Role.PRODUCER: Reach.OWN_PRODUCER, Role.OFFICE: Reach.ALL}
_OFFICE = {Role.OFFICE: Reach.ALL}
_PARTNER = {Role.PARTNER: Reach.OWN_PARTNER, Role.OFFICE: Reach.ALL}

POLICY: Mapping[str, Mapping[Role, Reach]] = {
    # a producer's own things; the programme office helps everybody
    "producer.view": _OWN,
    "producer.edit": _OWN,
    "product.view": _OWN,
    "product.edit": _OWN,
    "product.publish": _OWN,
    "product.withdraw": _OWN,
    "package.edit": _OWN,
    "translation.edit": _OWN,
    "certificate.record": _OWN,
    "food_safety.record": _OWN,
    "paper.record": _OWN,
    "stock.manage": _OWN,
    "live.manage": _OWN,
    "lot.view": _OWN,
    "lot.record": _OWN,
    "lot.recall": _OWN,
    "order.view": _OWN,
    "order.manage": _OWN,
    "review.answer": _OWN,
    "question.answer": _OWN,
    "wholesale.answer": _OWN,
    "gift_set.edit": _OWN,
    "visit.manage": _OWN,
    "event.join": _OWN,
    "supply.offer": _OWN,
    # the programme's register and its people
    "certificate.revoke": _OFFICE,
    "certificate.verify": _OFFICE,
    "live.check": _OFFICE,
    "paper.check": _OFFICE,
    "paper.suspend": _OFFICE,
    "paper.revoke": _OFFICE,
    "right.keep": _OFFICE,
    "catalog.import": _OFFICE,
    "translation.exchange": _OFFICE,
    "payment.confirm": _OFFICE,
    "order.refund": _OFFICE,
    "review.moderate": _OFFICE,
    "question.refuse": _OFFICE,
    "person.manage": _OFFICE,
    "audit.read": _OFFICE,
    "regulation.edit": _OFFICE,
    "search.teach": _OFFICE,
    "place.edit": _OFFICE,
    "campaign.keep": _OFFICE,
    "task.retry": _OFFICE,
    "feed.manage": _OFFICE,
    # what passes between the shop and a supermarket
    "feed.view": _PARTNER,
    "feed.acknowledge": _PARTNER,
    "supply.request": _PARTNER,
}
"""Everything not listed is refused, to everybody but the system itself."""


class NotAllowed(Forbidden):
    """The actor may not do this, or not to a thing that belongs to somebody else."""

    def __init__(self, *, action: str) -> None:
        """Keep the action; the page says what the person may do instead."""
        super().__init__(action=action)
        self.action = action


def allows(
    actor: Actor, action: str, *, producer_id: int | None = None, partner: str | None = None
) -> bool:
    """Whether `actor` may do `action` to a thing of that producer or partner; unknown actions: no."""
    if Role.SYSTEM in actor.roles:
        return True
    for role, reach in POLICY.get(action, {}).items():
        if role not in actor.roles:
            continue
        if reach is Reach.ALL:
            return True
        if reach is Reach.OWN_PRODUCER and producer_id in actor.producer_ids:
            return True
        if reach is Reach.OWN_PARTNER and partner in actor.partner_codes:
            return True
    return False


def require(
    actor: Actor, action: str, *, producer_id: int | None = None, partner: str | None = None
) -> None:
    """Raise NotAllowed unless `allows` says yes."""
    if not allows(actor, action, producer_id=producer_id, partner=partner):
        raise NotAllowed(action=action)
