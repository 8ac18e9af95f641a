"""The addresses of the producers' desk."""

from flask import Blueprint

from storefront import campaign_words, ledger_words
from storefront.producers import (
    completeness,
    copies,
    events,
    gift_sets,
    ledger,
    live,
    lot_events,
    lots,
    papers,
    parcels,
    pictures,
    prices,
    software,
    supply,
    translations,
    views,
    visits,
    voices,
)

blueprint = Blueprint("producers", __name__, url_prefix="/portal")
blueprint.context_processor(lambda: {"campaigns": campaign_words})
blueprint.context_processor(lambda: {"ledger": ledger_words})

_BOTH = ["GET", "POST"]
_POST = ["POST"]
_rule = blueprint.add_url_rule

_rule("/", "home", views.home)
_rule("/producers/<int:producer_id>/products/new", "new_product", views.new_product, methods=_BOTH)
_rule("/producers/<int:producer_id>/place", "place", views.place, methods=_BOTH)
_rule("/producers/<int:producer_id>/about/<key>", "about", views.about, methods=_BOTH)
_rule("/producers/<int:producer_id>/papers/new", "paper", papers.paper, methods=_BOTH)
_rule("/producers/<int:producer_id>/papers", "own_papers", ledger.own_papers)
_rule("/producers/<int:producer_id>/papers/add/<family>", "add_paper", ledger.add_paper,
      methods=_BOTH)  # fmt: skip
_rule("/papers/<subject>/<int:entry_id>", "copies", copies.copies, methods=_BOTH)
_rule("/copies/<int:copy_id>", "copy_file", copies.copy_file)
_rule("/copies/<int:copy_id>/remove", "remove_copy", copies.remove_copy, methods=_POST)
_rule("/products/<int:product_id>", "product", views.product)
_rule("/products/<int:product_id>/completeness", "completeness", completeness.completeness)
_rule("/products/<int:product_id>/preview", "preview", views.preview)
_rule("/products/<int:product_id>/certificate", "certificate", papers.certificate, methods=_BOTH)
_SETS = "/producers/<int:producer_id>/gift-sets"
_rule(_SETS, "gift_sets", gift_sets.gift_sets)
_rule(f"{_SETS}/new", "new_gift_set", gift_sets.new_gift_set, methods=_BOTH)
_SET = f"{_SETS}/<int:gift_set_id>"
_rule(_SET, "gift_set", gift_sets.gift_set, methods=_BOTH)
_rule(f"{_SET}/<deed>", "show_gift_set", gift_sets.show, methods=_POST)
_rule(f"{_SET}/texts/<tag>", "gift_set_texts", gift_sets.texts, methods=_BOTH)
_rule("/visits", "visits", visits.list_visits)
_rule("/visits/<int:enquiry_id>", "visit", visits.visit, methods=_BOTH)
_rule("/products/<int:product_id>/visit", "visit_terms", visits.terms, methods=_BOTH)
_rule("/products/<int:product_id>/publish", "publish", views.publish, methods=_POST)
_rule("/products/<int:product_id>/withdraw", "withdraw", views.withdraw, methods=_POST)
_rule("/products/<int:product_id>/<key>", "step", views.step, methods=_BOTH)
_rule(
    "/products/<int:product_id>/pictures", "pictures_of_product", pictures.of_product, methods=_BOTH
)
_rule(
    "/producers/<int:producer_id>/pictures",
    "pictures_of_producer",
    pictures.of_producer,
    methods=_BOTH,
)
_rule("/pictures/<int:media_id>/text", "picture_text", pictures.text, methods=_BOTH)
_rule("/pictures/<int:media_id>/<deed>", "picture_deed", pictures.do, methods=_POST)
_rule("/translations/<kind>/<int:number>", "translations", translations.languages)
_rule("/translations/<kind>/<int:number>/<tag>", "translate", translations.translate, methods=_BOTH)
_rule(
    "/translations/<kind>/<int:number>/<tag>/history", "translation_history", translations.history
)
_rule("/prices", "prices", prices.prices)
_rule("/producers/<int:producer_id>/prices/new", "new_price_list", prices.new_price_list,
      methods=_BOTH)  # fmt: skip
_rule("/prices/<int:list_id>", "price_list", prices.price_list)
_rule("/prices/<int:list_id>/in-force", "put_in_force", prices.put_in_force, methods=_POST)
_rule("/prices/<int:list_id>/stop", "stop_prices", prices.stop_prices, methods=_POST)
_rule("/prices/<int:list_id>/add", "add_offer", prices.add_offer, methods=_BOTH)
_rule("/offers/<int:offer_id>", "offer", prices.offer, methods=_BOTH)
_rule("/offers/<int:offer_id>/end", "end_prices", prices.end_prices, methods=_POST)
_rule("/live", "lives", live.lives)
_rule("/producers/<int:producer_id>/live/new", "new_live", live.new_live, methods=_BOTH)
_LIVE = "/live/<int:live_id>"
_rule(_LIVE, "live", live.live)
_rule(f"{_LIVE}/change", "change_live", live.change_live, methods=_BOTH)
_rule(f"{_LIVE}/goods", "live_new_item", live.live_item, methods=_BOTH)
_rule(f"{_LIVE}/goods/<int:package_id>", "live_item", live.live_item, methods=_BOTH)
_rule(f"{_LIVE}/goods/<int:package_id>/remove", "remove_live_item", live.remove_live_item,
      methods=_POST)  # fmt: skip
_rule(f"{_LIVE}/code", "live_coupon", live.live_coupon, methods=_BOTH)
_rule(f"{_LIVE}/replay", "live_replay", live.live_replay, methods=_BOTH)
_rule(f"{_LIVE}/languages/<tag>", "live_text", live.live_text, methods=_BOTH)
_rule(f"{_LIVE}/steps/<deed>", "live_step", live.live_step, methods=_POST)
_rule("/lots", "lots", lots.lots)
_rule("/producers/<int:producer_id>/lots/new", "new_lot", lots.new_lot, methods=_BOTH)
_rule("/producers/<int:producer_id>/lots/in", "brought_in", lots.brought_in, methods=_BOTH)
_rule("/lots/<int:lot_id>", "lot", lots.lot)
_rule("/lots/<int:lot_id>/labels.pdf", "labels", lots.labels)
_rule("/lots/<int:lot_id>/code.svg", "lot_code", lots.lot_code)
_rule("/lots/<int:lot_id>/epcis.jsonld", "lot_epcis", lots.lot_epcis)
_rule("/lots/<int:lot_id>/recall", "recall_lot", lot_events.recall_lot, methods=_BOTH)
_rule("/lots/<int:lot_id>/<kind>", "lot_event", lot_events.lot_event, methods=_BOTH)
_rule(
    "/lots/<int:lot_id>/events/<int:event_id>/strike",
    "strike_event",
    lot_events.strike_event,
    methods=_POST,
)
_rule("/recalls/<int:recall_id>", "recall", lot_events.recall)
_rule("/recalls/<int:recall_id>/list.csv", "recall_csv", lot_events.recall_csv)
_rule("/recalls/<int:recall_id>/end", "end_recall", lot_events.end_recall, methods=_POST)
_rule("/producers/<int:producer_id>/software", "software", software.software)
_rule("/producers/<int:producer_id>/software/goods<ending>", "goods_file", software.goods_file)
_rule("/producers/<int:producer_id>/software/diary.csv", "diary_file", software.diary_file)
_rule("/producers/<int:producer_id>/software/epcis.jsonld", "events_file", software.events_file)
_rule("/producers/<int:producer_id>/software/journal", "journal_file", software.journal_file)
_rule("/producers/<int:producer_id>/software/accounts", "accounts", software.accounts,
      methods=_POST)  # fmt: skip
_FILE = "/producers/<int:producer_id>/software/<kind>"
_rule(_FILE, "send_file", software.upload, methods=_POST)
_rule(f"{_FILE}/<token>", "look_at_file", software.look)
_rule(f"{_FILE}/<token>/columns", "explain_file", software.explain, methods=_POST)
_rule(f"{_FILE}/<token>/take", "take_file", software.take, methods=_POST)
_rule(f"{_FILE}/<token>/discard", "discard_file", software.discard, methods=_POST)
_rule("/orders", "orders", parcels.orders)
_rule("/orders/<int:parcel_id>", "order", parcels.order)
_rule("/orders/<int:parcel_id>/<event>", "order_event", parcels.order_event, methods=_POST)
_rule("/voices", "voices", voices.voices)
_rule("/questions/<int:question_id>", "answer_question", voices.answer_question, methods=_POST)
_rule("/reviews/<int:review_id>", "answer_review", voices.answer_review, methods=_POST)
_rule("/wholesale", "requests", voices.requests)
_rule("/wholesale/<int:request_id>", "one_request", voices.one_request)
_rule('/wholesale/<int:request_id>/<any("answer","decline","close"):event>', "move_request",
      voices.move_request, methods=_POST)  # fmt: skip
_rule("/events", "events", events.events)
_rule("/events/<int:event_id>/producers/<int:producer_id>", "sign_up", events.sign_up,
      methods=_POST)  # fmt: skip
_PLACE = "/places/<int:participation_id>"
_rule(_PLACE, "participation", events.participation)
_rule(f"{_PLACE}/goods", "show_goods", events.show_goods, methods=_POST)
_rule(f"{_PLACE}/leave", "leave_event", events.leave, methods=_POST)
_rule(f"{_PLACE}/results", "add_outcome", events.add_outcome, methods=_POST)
_rule(f"{_PLACE}/results/<int:outcome_id>/remove", "remove_outcome", events.remove_outcome,
      methods=_POST)  # fmt: skip
_rule("/supply", "supply", supply.supply)
_rule("/producers/<int:producer_id>/offers/new", "new_offer", supply.new_offer, methods=_BOTH)
_rule("/supply/<int:offer_id>/close", "close_offer", supply.close_offer, methods=_POST)
