"""The addresses of the supermarkets' desk."""

from flask import Blueprint

from storefront.partners import views

blueprint = Blueprint("partners", __name__, url_prefix="/partners")

_rule = blueprint.add_url_rule

_rule("/", "home", views.home)
_rule("/<partner>", "batches", views.batches)
_rule("/<partner>/batches/<int:number>", "batch", views.batch)
_rule("/<partner>/batches/<int:number>/files/<name>", "batch_file", views.batch_file)
_rule("/<partner>/acknowledgements", "acknowledge", views.acknowledge, methods=["GET", "POST"])
