"""The addresses that codes on labels lead to; they have no language in them, the scanner's decides."""

from flask import Blueprint

from storefront.tracing import views

blueprint = Blueprint("tracing", __name__)

_rule = blueprint.add_url_rule

_rule("/01/<gtin>", "goods", views.goods)
_rule("/01/<gtin>/10/<path:number>", "lot", views.lot)
_rule("/lots/<code>", "own_lot", views.own_lot)
_rule("/.well-known/gs1resolver", "resolver", views.resolver)
