"""Where somebody goes after signing in: back to a page of this shop, else to their desk."""

import re

from flask import url_for

from core.actor import Role

_LOCAL_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f-\x9f]*")
_LONGEST = 500
_DESKS = (
    (Role.OFFICE, "office.home"),
    (Role.PRODUCER, "producers.home"),
    (Role.PARTNER, "partners.home"),
)


def is_safe(address: str) -> bool:
    """Whether `address` is a path on this host, so that no link can lead out of the shop (rule A11)."""
    return len(address) <= _LONGEST and _LOCAL_PATH.fullmatch(address) is not None


def after_sign_in(wanted: str | None, roles: frozenset[Role]) -> str:
    """The page the person was on their way to, when it is ours; else the first desk they have."""
    if wanted and is_safe(wanted):
        return wanted
    for role, endpoint in _DESKS:
        if role in roles:
            return url_for(endpoint)
    return url_for("account.sessions")
