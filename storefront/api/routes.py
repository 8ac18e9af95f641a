"""The addresses of the public interface for machines."""

from flask import Blueprint

from storefront.api import description, searching

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")

blueprint.add_url_rule("/search", view_func=searching.search)
blueprint.add_url_rule("/suggest", view_func=searching.suggest)
blueprint.add_url_rule("/openapi.json", view_func=description.openapi)
