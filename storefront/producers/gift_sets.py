"""A producer's gift sets, of its own packages."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from storefront import set_desk
from storefront.access import requires
from storefront.producers import desk
from storefront.set_desk import Desk

_PAGES = ("producers/gift_sets.html", "producers/gift_set.html", "producers/own_texts.html")


def _desk(producer_id: int) -> Desk:
    desk.may_see_producer(producer_id)
    return Desk("producers", producer_id, desk.acting_for(producer_id), _PAGES)


@requires(*desk.TEAM)
def gift_sets(producer_id: int) -> ResponseReturnValue:
    """All of them."""
    return set_desk.list_sets(_desk(producer_id))


@requires(*desk.TEAM)
def new_gift_set(producer_id: int) -> ResponseReturnValue:
    """Begin one."""
    return set_desk.edit(_desk(producer_id), None)


@requires(*desk.TEAM)
def gift_set(producer_id: int, gift_set_id: int) -> ResponseReturnValue:
    """Change one."""
    return set_desk.edit(_desk(producer_id), gift_set_id)


@requires(*desk.TEAM)
def show(producer_id: int, gift_set_id: int, deed: str) -> ResponseReturnValue:
    """Show it in the shop or not."""
    return set_desk.show(_desk(producer_id), gift_set_id, deed)


@requires(*desk.TEAM)
def texts(producer_id: int, gift_set_id: int, tag: str) -> ResponseReturnValue:
    """Tell it in another language."""
    return set_desk.texts(_desk(producer_id), gift_set_id, tag)
