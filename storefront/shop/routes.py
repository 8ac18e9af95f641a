"""The addresses of the shop."""

from flask import Blueprint

from catalog.queries.errors import ProductNotFound
from storefront import campaign_words, ledger_words, voice_words
from storefront.operator import operator
from storefront.request_context import LOCALE_PREFIX
from storefront.shop import (
    brands,
    events,
    feed,
    gift_sets,
    gone,
    ledger,
    live,
    machine_views,
    news,
    offline,
    places,
    policies,
    product_view,
    provinces,
    record,
    seasonal,
    sharing,
    ship_to,
    suggesting,
    views,
    visits,
    voices,
    wholesale,
    words,
)

blueprint = Blueprint("shop", __name__)
blueprint.context_processor(lambda: {"campaigns": campaign_words})
blueprint.context_processor(lambda: {"ledger": ledger_words, "voice_words": voice_words})
blueprint.context_processor(lambda: {"words": words, "record": record, "sharing": sharing})
blueprint.app_context_processor(lambda: {"policy_links": policies.links, "operator": operator})
blueprint.register_error_handler(ProductNotFound, gone.answer)

blueprint.add_url_rule("/", view_func=views.choose_language)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/", view_func=views.home)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/products", view_func=views.browse)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/products/<slug>", view_func=product_view.product)
blueprint.add_url_rule(
    f"{LOCALE_PREFIX}/products/<slug>/share-<key>.png", "share_picture", sharing.picture
)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/products/<slug>/qr-<key>.svg", "qr", sharing.code)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/products/<slug>/reviews", "reviews", voices.all_reviews)
blueprint.add_url_rule(
    f"{LOCALE_PREFIX}/products/<slug>/questions",
    "questions",
    voices.all_questions,
    methods=["GET", "POST"],
)
blueprint.add_url_rule(
    f"{LOCALE_PREFIX}/products/<slug>/wholesale",
    "wholesale",
    wholesale.wholesale,
    methods=["GET", "POST"],
)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/producers/<slug>", view_func=views.producer)
blueprint.add_url_rule(
    f"{LOCALE_PREFIX}/certificates/<int:certificate_id>", view_func=ledger.certificate
)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/papers/<int:paper_id>", view_func=ledger.paper)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/licences/<int:licence_id>", view_func=ledger.licence)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/rights/<kind>/<number>", view_func=ledger.right)
blueprint.add_url_rule(
    "/<any(certificates,papers,licences):area>/<int:entry_id>",
    "entry_in_own_language",
    ledger.in_own_language,
)
blueprint.add_url_rule("/rights/<kind>/<number>", "right_in_own_language", ledger.in_own_language)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/provinces", "provinces", provinces.index)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/provinces/<slug>", "province", provinces.province)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/places", "places", places.index)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/places/<slug>", "place", places.place)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/gift-sets", "gift_sets", gift_sets.index)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/gift-sets/<slug>", "gift_set", gift_sets.gift_set)
blueprint.add_url_rule(
    f"{LOCALE_PREFIX}/visits/<slug>", "visit", visits.visit, methods=["GET", "POST"]
)
blueprint.add_url_rule(
    f"{LOCALE_PREFIX}/visits/asked/<token>",
    "visit_asked",
    visits.visit_asked,
    methods=["GET", "POST"],
)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/marks", "brands", brands.index)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/marks/<kind>/<number>", "brand", brands.brand)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/live", "lives", live.index)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/live/<slug>", "live", live.session)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/search", view_func=views.search)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/search/suggest", view_func=suggesting.suggest)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/opensearch.xml", view_func=suggesting.opensearch)
blueprint.add_url_rule("/opensearch.xml", "opensearch_in_own_language", suggesting.opensearch)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/about", view_func=views.about)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/ship-to", "ship_to", ship_to.page)
blueprint.add_url_rule(
    f"{LOCALE_PREFIX}/ship-to", "choose_destination", ship_to.choose, methods=["POST"]
)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/feed.atom", view_func=feed.feed)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/events", "events", events.events)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/events/<slug>", "event", events.event)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/booths/<code>", "booth", events.booth)
blueprint.add_url_rule("/b/<code>", "booth_in_own_language", events.booth_in_own_language)
blueprint.add_url_rule("/b/<code>/code.svg", "booth_code", events.booth_code)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/collections", "collections", seasonal.collections)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/collections/<slug>", "collection", seasonal.collection)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/news", "news", news.articles)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/news/<slug>", "article", news.article)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/news.atom", "news_feed", news.feed)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/policies", view_func=policies.index)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/policies/<name>", "policy", policies.show)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/policies/<name>/<day>", "former_policy", policies.show)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/manifest.webmanifest", view_func=offline.manifest)
blueprint.add_url_rule(f"{LOCALE_PREFIX}/offline", "offline", offline.page)
blueprint.add_url_rule("/sw.js", view_func=offline.worker)
blueprint.add_url_rule("/sitemap.xml", view_func=machine_views.sitemap)
blueprint.add_url_rule("/sitemap-<int:number>.xml", view_func=machine_views.sitemap_file)
blueprint.add_url_rule("/robots.txt", view_func=machine_views.robots)
blueprint.add_url_rule("/favicon.ico", view_func=machine_views.favicon)
