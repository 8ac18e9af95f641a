"""The addresses of the supermarkets' desk."""

from flask import Blueprint

from storefront import campaign_words
from storefront.partners import requests, views

blueprint = Blueprint("partners", __name__, url_prefix="/partners")
blueprint.context_processor(lambda: {"campaigns": campaign_words})

_rule = blueprint.add_url_rule

_rule("/", "home", views.home)
_rule("/<partner>", "batches", views.batches)
_rule("/<partner>/batches/<int:number>", "batch", views.batch)
_rule("/<partner>/batches/<int:number>/files/<name>", "batch_file", views.batch_file)
_rule("/<partner>/acknowledgements", "acknowledge", views.acknowledge, methods=["GET", "POST"])
_rule("/<partner>/requests", "requests", requests.requests, methods=["GET", "POST"])
_rule("/<partner>/requests/<int:number>/close", "close_request", requests.close_request,
      methods=["POST"])  # fmt: skip
