"""The addresses of the programme office's desk."""

from flask import Blueprint

from storefront import campaign_words, ledger_words
from storefront.office import (
    asked,
    campaigns,
    events,
    gift_sets,
    import_lines,
    importing,
    ledger,
    live,
    money,
    parked,
    people,
    pictures,
    places,
    prices,
    recalls,
    regulation,
    rights,
    search_words,
    style_guide,
    translations,
    views,
    voices,
)

blueprint = Blueprint("office", __name__, url_prefix="/office")
blueprint.context_processor(lambda: {"campaigns": campaign_words})
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
_rule("/visits", "visits", asked.visits)
_rule("/wholesale", "wholesale", asked.wholesale)
_rule("/reviews/<int:review_id>/show", "show_review", voices.show_review, methods=_POST)
_rule("/reviews/<int:review_id>/refuse", "refuse_review", voices.refuse_review, methods=_POST)
_rule("/reviews/<int:review_id>/answer", "remove_answer", voices.remove_answer, methods=_POST)
_rule("/questions/<int:question_id>/answer", "answer_question", voices.answer_question,
      methods=_POST)  # fmt: skip
_rule("/questions/<int:question_id>/refuse", "refuse_question", voices.refuse_question,
      methods=_POST)  # fmt: skip
_rule("/feeds", "feeds", views.feed_batches)
_rule("/style-guide", "style_guide", style_guide.style_guide)
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
_rule("/live", "lives", live.lives)
_rule("/live/<int:live_id>", "live", live.live)
_rule("/live/<int:live_id>/<deed>", "live_step", live.live_step, methods=_POST)
_rule("/people", "people", people.people_list)
_rule("/people/<int:person_id>/link", "person_link", people.issue_link, methods=_POST)
_rule("/people/<int:person_id>/disable", "disable_person", people.disable, methods=_POST)
_SET = "/gift-sets/<int:gift_set_id>"
_rule("/gift-sets", "gift_sets", gift_sets.gift_sets)
_rule("/gift-sets/new", "new_gift_set", gift_sets.new_gift_set, methods=["GET", "POST"])
_rule(_SET, "gift_set", gift_sets.gift_set, methods=["GET", "POST"])
_rule(f"{_SET}/<deed>", "show_gift_set", gift_sets.show, methods=_POST)
_rule(f"{_SET}/texts/<tag>", "gift_set_texts", gift_sets.texts, methods=["GET", "POST"])
_rule("/places", "places", places.places)
_rule("/places/new", "new_place", places.new_place, methods=["GET", "POST"])
_rule("/places/<int:place_id>", "place", places.place, methods=["GET", "POST"])
_rule("/places/<int:place_id>/<deed>", "show_place", places.show,
      methods=_POST)  # fmt: skip
_rule("/places/<int:place_id>/texts/<tag>", "place_texts", places.texts, methods=["GET", "POST"])
_rule("/pictures", "pictures", pictures.pictures)
_rule("/pictures/province/<code>", "picture_of_province", pictures.of_province,
      methods=["GET", "POST"])  # fmt: skip
_rule("/pictures/right/<int:right_id>", "picture_of_right", pictures.of_right,
      methods=["GET", "POST"])  # fmt: skip
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
_BOTH = ["GET", "POST"]
_EVENT = "/events/<int:number>"
_rule("/events", "events", events.events)
_rule("/events/new", "new_event", events.new_event, methods=_BOTH)
_rule(_EVENT, "event", events.event)
_rule(f"{_EVENT}/edit", "edit_event", events.edit_event, methods=_BOTH)
_rule(f"{_EVENT}/move", "move_event", events.move_event, methods=_POST)
_rule(f"{_EVENT}/booths", "booth_sheets", events.booth_sheets)
_rule(f"{_EVENT}/sheet", "event_sheet", events.event_sheet)
_rule(f"{_EVENT}/booths/add", "add_booth", events.add_booth, methods=_POST)
_rule(f"{_EVENT}/booths/<int:booth_id>/remove", "remove_booth", events.remove_booth,
      methods=_POST)  # fmt: skip
_rule(f"{_EVENT}/sign-ups/<int:participation_id>", "decide_sign_up", events.decide, methods=_POST)
_rule("/collections", "collections", campaigns.collections)
_rule("/collections/new", "new_collection", campaigns.edit_collection, methods=_BOTH)
_rule("/collections/<int:number>", "collection", campaigns.collection)
_rule("/collections/<int:number>/edit", "edit_collection", campaigns.edit_collection, methods=_BOTH)
_rule("/collections/<int:number>/move", "move_collection", campaigns.move_collection, methods=_POST)
_rule("/articles", "articles", campaigns.articles)
_rule("/articles/new", "new_article", campaigns.edit_article, methods=_BOTH)
_rule("/articles/<int:number>", "article", campaigns.article)
_rule("/articles/<int:number>/edit", "edit_article", campaigns.edit_article, methods=_BOTH)
_rule("/articles/<int:number>/move", "move_article", campaigns.move_article, methods=_POST)
_rule("/requests", "requests", campaigns.requests)
_rule("/requests/new", "new_request", campaigns.new_request, methods=_BOTH)
_rule("/requests/<int:number>/close", "close_request", campaigns.close_request, methods=_POST)
