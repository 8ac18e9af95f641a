"""The database extension of the shop, and the settings of the running application."""

from typing import Any, cast

import sqlalchemy as sa
from flask import Flask, current_app, g, request
from flask.sessions import SecureCookieSessionInterface
from flask_sqlalchemy import SQLAlchemy
from itsdangerous import URLSafeTimedSerializer

from core.db import Base, make_engine
from core.settings import Settings


class Database(SQLAlchemy):
    """Flask-SQLAlchemy for a session per request; tables and engine are those of ``core.db``."""

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Flask) -> sa.Engine:  # noqa: ARG002
        return make_engine(str(options["url"]))


class FormSessions(SecureCookieSessionInterface):
    """Flask's signed cookie for form tokens and messages; its signer is made once, not for every page."""

    def __init__(self, app: Flask) -> None:
        """The secret of an application does not change while it runs."""
        self._signer = super().get_signing_serializer(app)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:  # noqa: ARG002
        """The signer made at the start."""
        return self._signer


db = Database(metadata=Base.metadata, session_options={"expire_on_commit": False})


def here() -> Any:
    """What ``flask.g`` stands for, for who sets or reads many things of it: each look through ``g`` costs."""
    return g._get_current_object()  # noqa: SLF001  # the documented way: g is a stand-in


def cookie(name: str) -> str:
    """What the browser sends under that name, "" for nothing.

    Werkzeug makes an error of HTTP for each thing that is asked for and not there.
    """
    sent = request.cookies
    return sent[name] if name in sent else ""  # noqa: SIM401


def settings() -> Settings:
    """The settings the running application was made with."""
    return cast(Settings, current_app.config["OCOP"])
