"""The addresses of the programme office's desk."""

from flask import Blueprint

from storefront.office import importing, money, parked, people, views

blueprint = Blueprint("office", __name__, url_prefix="/office")

_POST = ["POST"]
_rule = blueprint.add_url_rule

_rule("/", "home", views.home)
_rule("/certificates", "certificates", views.certificates)
_rule("/certificates/<int:certificate_id>/revoke", "revoke", views.revoke, methods=["GET", "POST"])
_rule("/drafts", "drafts", views.drafts)
_rule("/audit", "audit", views.audit_trail)
_rule("/feeds", "feeds", views.feed_batches)
_rule("/import", "import_file", importing.upload, methods=["GET", "POST"])
_rule("/import/<token>/confirm", "confirm_import", importing.confirm, methods=_POST)
_rule("/people", "people", people.people_list)
_rule("/people/<int:person_id>/link", "person_link", people.issue_link, methods=_POST)
_rule("/people/<int:person_id>/disable", "disable_person", people.disable, methods=_POST)
_rule("/money", "money", money.overview)
_rule("/money/transfer", "transfer", money.transfer_received, methods=["GET", "POST"])
_rule("/money/refunds/<int:order_id>", "refund", money.refund, methods=["GET", "POST"])
_rule("/parked", "parked", parked.parked_tasks)
_rule("/parked/<int:task_id>/retry", "retry_task", parked.retry, methods=_POST)
