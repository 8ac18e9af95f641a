"""Puts the web application together; the table of contents of everything it serves."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask
from whitenoise import WhiteNoise

from core.settings import Settings
from storefront import assets, errors, logs, rendering, request_context, security
from storefront.extensions import FormSessions, db

AREAS = (
    "storefront.shop.routes",  # /, /<locale>/…: home, browse, product, producer, search, certificate
    "storefront.checkout.routes",  # /<locale>/cart, /<locale>/checkout, /<locale>/orders/<token>
    "storefront.account.routes",  # signing in and out, sessions, password
    "storefront.producers.routes",  # /portal/: the producers' desk
    "storefront.office.routes",  # /office/: the programme office's desk
    "storefront.tracing.routes",  # /01/<gtin>/10/<lot>, /lots/<code>: behind the codes on labels
    "storefront.partners.routes",  # /partners/: the supermarkets' desk
    "storefront.api.routes",  # /api/v1/: searching and suggesting for machines
    "storefront.pictures",  # /media/<digest>/640.avif
    "storefront.health",  # /healthz, /readyz, /metrics
)
"""Each module holds a ``blueprint`` and the list of its addresses."""

_ROOT = Path(__file__).parent.parent


class Shop(Flask):
    """Flask without the question, asked of each hook of each request, whether it is a coroutine: none is."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function itself."""
        return func


def create_app(settings: Settings) -> Flask:
    """The application for these settings; builds missing static files, connects lazily."""
    app = Shop(
        "storefront",
        root_path=str(Path(__file__).parent),
        template_folder=str(_ROOT / "templates"),
        static_folder=None,
    )
    app.config["OCOP"] = settings
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.url_map.strict_slashes = False
    built = assets.build(settings.data_dir)
    security.configure(app, settings)
    app.session_interface = FormSessions(app)
    logs.install_request_log(app)
    request_context.install(app)
    security.Forms(app)
    db.init_app(app)
    rendering.install(app, built)
    errors.install(app)
    for module in AREAS:
        app.register_blueprint(import_module(module).blueprint)
    security.believe_proxies(app, settings)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]  # Flask's documented way to wrap
        app.wsgi_app,
        root=str(built.directory),
        prefix=assets.PREFIX,
        immutable_file_test=assets.is_immutable,
        max_age=60,
    )
    return app
