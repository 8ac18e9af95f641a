"""The office's own gift sets, of packages of one or several producers."""

from __future__ import annotations

from flask import g
from flask.typing import ResponseReturnValue

from core.actor import Role
from core.people.permissions import require
from storefront import set_desk
from storefront.access import requires
from storefront.set_desk import Desk

_PAGES = ("office/gift_sets.html", "office/gift_set.html", "office/own_texts.html")


def _desk() -> Desk:
    require(g.actor, "gift_set.edit")
    return Desk("office", None, g.actor, _PAGES)


@requires(Role.OFFICE)
def gift_sets() -> ResponseReturnValue:
    """All of them."""
    return set_desk.list_sets(_desk())


@requires(Role.OFFICE)
def new_gift_set() -> ResponseReturnValue:
    """Begin one."""
    return set_desk.edit(_desk(), None)


@requires(Role.OFFICE)
def gift_set(gift_set_id: int) -> ResponseReturnValue:
    """Change one."""
    return set_desk.edit(_desk(), gift_set_id)


@requires(Role.OFFICE)
def show(gift_set_id: int, deed: str) -> ResponseReturnValue:
    """Show it in the shop or not."""
    return set_desk.show(_desk(), gift_set_id, deed)


@requires(Role.OFFICE)
def texts(gift_set_id: int, tag: str) -> ResponseReturnValue:
    """Tell it in another language."""
    return set_desk.texts(_desk(), gift_set_id, tag)
