"""The addresses of cart, checkout and orders."""

from flask import Blueprint

from storefront.checkout import order_views, reviewing, views
from storefront.request_context import LOCALE_PREFIX

blueprint = Blueprint("checkout", __name__, url_prefix=LOCALE_PREFIX)

blueprint.add_url_rule("/cart", "cart", views.cart)
blueprint.add_url_rule("/cart/add", "add", views.add, methods=["POST"])
blueprint.add_url_rule("/cart/add-set", "add_set", views.add_set, methods=["POST"])
blueprint.add_url_rule("/cart/update", "update", views.update, methods=["POST"])
blueprint.add_url_rule("/cart/remove", "remove", views.remove, methods=["POST"])
blueprint.add_url_rule("/cart/coupon", "coupon", views.coupon, methods=["POST"])
blueprint.add_url_rule("/checkout", "form", order_views.form)
blueprint.add_url_rule("/checkout", "review", order_views.review, methods=["POST"])
blueprint.add_url_rule("/checkout/edit", "edit", order_views.edit, methods=["POST"])
blueprint.add_url_rule("/checkout/place", "place", order_views.place, methods=["POST"])
blueprint.add_url_rule("/orders/<token>", "order", order_views.order)
blueprint.add_url_rule(
    "/orders/<token>/reviews/<int:line_id>",
    "review_line",
    reviewing.review,
    methods=["GET", "POST"],
)
blueprint.add_url_rule(
    "/orders/<token>/reviews/<int:line_id>/delete",
    "withdraw_review",
    reviewing.withdraw,
    methods=["POST"],
)
