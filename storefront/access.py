"""Who may use a page: said at every view, checked before it runs, listed by a structure test."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import current_app, g, redirect, request, url_for

from core.actor import Role
from core.errors import Forbidden

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC: frozenset[Role] = frozenset()
_MARK = "access"


class RoleNeeded(Forbidden):
    """The page is for people with another role; ``roles`` names them."""


def public(view: View) -> View:
    """Anybody may use this view, signed in or not."""
    setattr(view, _MARK, PUBLIC)
    return view


def requires(*roles: Role) -> Callable[[View], View]:
    """Only people who hold one of the roles; others are asked to sign in or refused (RoleNeeded)."""
    if not roles:
        raise ValueError("name at least one role, or use @public")

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not g.actor.is_signed_in:
                return redirect(_sign_in_address(), 303)
            if not g.actor.has(*roles):
                raise RoleNeeded(roles=sorted(roles))
            return view(*args, **kwargs)

        setattr(guarded, _MARK, frozenset(roles))
        return cast(View, guarded)

    return declare


def declared(view: Callable[..., Any]) -> frozenset[Role] | None:
    """What the view declares: roles, an empty set for everybody, None when it forgot to say."""
    return cast("frozenset[Role] | None", getattr(view, _MARK, None))


def _sign_in_address() -> str:
    back = request.full_path.rstrip("?") if request.method == "GET" else ""
    if "account.sign_in" not in current_app.view_functions:
        raise RoleNeeded(roles=[])
    return url_for("account.sign_in", next=back or None)
