"""The addresses of the account pages."""

from flask import Blueprint

from storefront.account import entry, views
from storefront.request_context import LOCALE_PREFIX

blueprint = Blueprint("account", __name__, url_prefix=f"{LOCALE_PREFIX}/account")

_BOTH = ["GET", "POST"]

blueprint.add_url_rule("", "home", views.home)
blueprint.add_url_rule("/sign-in", "sign_in", entry.sign_in, methods=_BOTH)
blueprint.add_url_rule("/sign-out", "sign_out", entry.sign_out, methods=["POST"])
blueprint.add_url_rule("/link", "ask_link", entry.ask_link, methods=_BOTH)
blueprint.add_url_rule("/link/<token>", "use_link", entry.use_link, methods=_BOTH)
blueprint.add_url_rule("/sessions", "sessions", views.sessions)
blueprint.add_url_rule(
    "/sessions/<int:session_id>/end", "end_session", views.end_session, methods=["POST"]
)
blueprint.add_url_rule("/sessions/end-others", "end_others", views.end_others, methods=["POST"])
blueprint.add_url_rule("/password", "password", views.password, methods=_BOTH)
