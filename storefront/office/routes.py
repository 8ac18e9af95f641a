"""The addresses of the programme office's desk."""

from flask import Blueprint

from storefront import ledger_words
from storefront.office import (
    import_lines,
    importing,
    ledger,
    money,
    parked,
    people,
    prices,
    recalls,
    regulation,
    rights,
    search_words,
    translations,
    views,
    voices,
)

blueprint = Blueprint("office", __name__, url_prefix="/office")
blueprint.context_processor(lambda: {"ledger": ledger_words})

_POST = ["POST"]
_rule = blueprint.add_url_rule

_rule("/", "home", views.home)
_rule("/certificates", "certificates", views.certificates)
_rule("/certificates/<int:certificate_id>/revoke", "revoke", views.revoke, methods=["GET", "POST"])
_rule("/certificates/<int:certificate_id>/upgrade", "upgrade", rights.upgrade,
      methods=["GET", "POST"])  # fmt: skip
_rule("/papers", "papers", ledger.papers)
_rule("/papers/<int:paper_id>/check", "check", ledger.check, methods=_POST)
_rule("/rights", "rights", rights.rights)
_rule("/rights/known", "load_rights", rights.load_rights, methods=_POST)
_rule("/rights/new", "new_right", rights.new_right, methods=["GET", "POST"])
_rule("/producers/<int:producer_id>/licences/new", "grant_licence", rights.new_licence,
      methods=["GET", "POST"])  # fmt: skip
_LEDGER = "/ledger/<subject>/<int:entry_id>"
_rule(_LEDGER, "entry", ledger.entry)
_rule(f"{_LEDGER}/suspend", "suspend", ledger.suspend, methods=_POST)
_rule(f"{_LEDGER}/revoke", "revoke_entry", ledger.revoke, methods=_POST)
_rule("/suspensions/<int:suspension_id>/lift", "lift", ledger.lift, methods=_POST)
_rule("/drafts", "drafts", views.drafts)
_rule("/recalls", "recalls", recalls.recalls)
_rule("/audit", "audit", views.audit_trail)
_rule("/voices", "voices", voices.voices)
_rule("/reviews/<int:review_id>/show", "show_review", voices.show_review, methods=_POST)
_rule("/reviews/<int:review_id>/refuse", "refuse_review", voices.refuse_review, methods=_POST)
_rule("/reviews/<int:review_id>/answer", "remove_answer", voices.remove_answer, methods=_POST)
_rule("/questions/<int:question_id>/answer", "answer_question", voices.answer_question,
      methods=_POST)  # fmt: skip
_rule("/questions/<int:question_id>/refuse", "refuse_question", voices.refuse_question,
      methods=_POST)  # fmt: skip
_rule("/feeds", "feeds", views.feed_batches)
_rule("/search-words", "search_words", search_words.search_words)
_rule("/search-words/teach", "teach_search", search_words.teach, methods=_POST)
_rule("/search-words/settle", "settle_search", search_words.settle, methods=_POST)
_rule("/search-words/<int:words_id>/take-back", "unteach_search", search_words.unteach,
      methods=_POST)  # fmt: skip
_rule("/import", "import_file", importing.upload, methods=["GET", "POST"])
_rule("/import/<token>", "preview_import", importing.preview)
_rule("/import/<token>/columns", "import_columns", importing.columns, methods=_POST)
_rule("/import/<token>/confirm", "confirm_import", importing.confirm, methods=_POST)
_rule("/import/<token>/progress", "import_progress", importing.progress)
_rule("/import/<token>/discard", "discard_import", importing.discard, methods=_POST)
_rule("/import/<token>/mend.xlsx", "import_mend", importing.mend)
_rule("/import/runs/<int:run_id>", "import_run", import_lines.run)
_rule("/import/runs/<int:run_id>/mend.xlsx", "import_run_mend", import_lines.mend)
_rule("/import/waiting", "import_waiting", import_lines.waiting)
_LINE = "/import/waiting/<int:line_id>"
_rule(_LINE, "import_line", import_lines.decide, methods=["GET", "POST"])
_rule(f"{_LINE}/leave", "leave_import_line", import_lines.leave, methods=_POST)
_rule("/translations", "translations", translations.overview)
_rule("/translations/work/<tag>", "translation_work", translations.work)
_rule("/translations/export", "export_translations", translations.export)
_rule("/translations/import", "import_translations", translations.upload, methods=_POST)
_rule("/translations/import/<token>", "confirm_translations", translations.confirm, methods=_POST)
_rule("/prices", "prices", prices.price_lists)
_rule("/people", "people", people.people_list)
_rule("/people/<int:person_id>/link", "person_link", people.issue_link, methods=_POST)
_rule("/people/<int:person_id>/disable", "disable_person", people.disable, methods=_POST)
_rule("/money", "money", money.overview)
_rule("/money/transfer", "transfer", money.transfer_received, methods=["GET", "POST"])
_rule("/money/refunds/<int:order_id>", "refund", money.refund, methods=["GET", "POST"])
_rule("/parked", "parked", parked.parked_tasks)
_rule("/parked/<int:task_id>/retry", "retry_task", parked.retry, methods=_POST)
_rule("/regulation", "regulation", regulation.overview)
_rule("/regulation/<code>", "rule", regulation.one_rule, methods=["GET", "POST"])
_rule(
    "/regulation/<code>/suspend", "suspend_rule", regulation.suspend_rule, methods=["GET", "POST"]
)
