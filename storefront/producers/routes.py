"""The addresses of the producers' desk."""

from flask import Blueprint

from storefront import ledger_words
from storefront.producers import ledger
from storefront.producers import papers, parcels, translations, views

blueprint = Blueprint("producers", __name__, url_prefix="/portal")
blueprint.context_processor(lambda: {"ledger": ledger_words})

_BOTH = ["GET", "POST"]
_POST = ["POST"]
_rule = blueprint.add_url_rule

_rule("/", "home", views.home)
_rule("/producers/<int:producer_id>/products/new", "new_product", views.new_product, methods=_BOTH)
_rule("/producers/<int:producer_id>/place", "place", views.place, methods=_BOTH)
_rule("/producers/<int:producer_id>/papers/new", "paper", papers.paper, methods=_BOTH)
_rule("/producers/<int:producer_id>/papers", "own_papers", ledger.own_papers)
_rule("/producers/<int:producer_id>/papers/add/<family>", "add_paper", ledger.add_paper,
      methods=_BOTH)  # fmt: skip
_rule("/products/<int:product_id>", "product", views.product)
_rule("/products/<int:product_id>/preview", "preview", views.preview)
_rule("/products/<int:product_id>/certificate", "certificate", papers.certificate, methods=_BOTH)
_rule("/products/<int:product_id>/publish", "publish", views.publish, methods=_POST)
_rule("/products/<int:product_id>/withdraw", "withdraw", views.withdraw, methods=_POST)
_rule("/products/<int:product_id>/<key>", "step", views.step, methods=_BOTH)
_rule("/translations/<kind>/<int:number>", "translations", translations.languages)
_rule("/translations/<kind>/<int:number>/<tag>", "translate", translations.translate, methods=_BOTH)
_rule(
    "/translations/<kind>/<int:number>/<tag>/history", "translation_history", translations.history
)
_rule("/orders", "orders", parcels.orders)
_rule("/orders/<int:parcel_id>", "order", parcels.order)
_rule("/orders/<int:parcel_id>/<event>", "order_event", parcels.order_event, methods=_POST)
