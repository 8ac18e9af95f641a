"""The floor: the least a Flask page with SQLAlchemy and Jinja can do with the same rows.

No layout, no translations of the frame, no forms, no headers: cached Core statements with only the columns
shown, plain rows, templates compiled once. What our pages do beyond this is what they are compared for.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from flask import Flask, request
from sqlalchemy import and_, bindparam, func, select

from catalog.models import Certificate, Package, Producer, Product, Translation
from core.db import make_engine

PER_PAGE = 24
app = Flask(__name__)
engine = make_engine(os.environ["OCOP_DATABASE_URL"])

_name = Translation.__table__.alias("name")
_first = Package.__table__
_CARD = (
    select(
        Product.slug,
        func.coalesce(_name.c.text, Product.name),
        Producer.name,
        Producer.province_code,
        _first.c.price_minor,
        _first.c.net_content,
        _first.c.unit,
        Certificate.stars,
        Product.packshot,
    )
    .join(Producer, Producer.id == Product.producer_id)
    .join(_first, and_(_first.c.product_id == Product.id, _first.c.position == 0))
    .outerjoin(
        Certificate,
        and_(Certificate.product_id == Product.id, Certificate.valid_to >= func.current_date()),
    )
    .outerjoin(
        _name,
        and_(
            _name.c.entity_kind == "product",
            _name.c.entity_id == Product.id,
            _name.c.field == "name",
            _name.c.locale == bindparam("locale"),
        ),
    )
)
SHOWN = (Product.state == "published", Product.withheld.is_(False))
PAGE = (  # the ids of the page from a narrow index first: joining everything first is far slower
    select(Product.id)
    .where(*SHOWN)
    .order_by(Product.published_at.desc(), Product.id.desc())
    .limit(PER_PAGE)
    .offset(bindparam("offset"))
)
_BROWSE = _CARD.where(Product.id.in_(PAGE.scalar_subquery())).order_by(
    Product.published_at.desc(), Product.id.desc()
)
_FOUND = (
    select(Product.id)
    .where(*SHOWN, Product.search_fold.contains(bindparam("word")))
    .limit(PER_PAGE)
)
_SEARCH = _CARD.where(Product.id.in_(_FOUND.scalar_subquery()))
_SAME = select(Product.id).where(*SHOWN, Product.subgroup_code == bindparam("subgroup")).limit(4)
_RELATED = _CARD.where(Product.id.in_(_SAME.scalar_subquery()))
_PRODUCT_ROW = (
    select(
        Product.id,
        Product.name,
        Product.summary,
        Product.description,
        Product.ingredients,
        Product.subgroup_code,
        Producer.name.label("producer_name"),
        Producer.story,
    )
    .join(Producer, Producer.id == Product.producer_id)
    .where(Product.slug == bindparam("slug"))
)
_PACKAGES = select(Package.price_minor, Package.net_content, Package.unit).where(
    Package.product_id == bindparam("product")
)
_TEXTS = select(Translation.field, Translation.text).where(
    Translation.entity_kind == "product",
    Translation.entity_id == bindparam("product"),
    Translation.locale == bindparam("locale"),
)

_CARDS = """{% for slug, name, maker, province, price, content, unit, stars, picture in cards %}
<li><a href="/{{ locale }}/products/{{ slug }}"><svg><use href="#{{ picture }}"/></svg>{{ name }}</a>
{{ maker }} {{ province }} {{ stars or "" }} {{ "{:,}".format(price) }} ₫ / {{ content }} {{ unit }}</li>
{% endfor %}"""
LIST_PAGE = app.jinja_env.from_string(
    f"<!doctype html><title>goods</title><h1>{{{{ total }}}}</h1><ul>{_CARDS}</ul>"
)
PRODUCT_PAGE = app.jinja_env.from_string(f"""<!doctype html><title>{{{{ p.name }}}}</title><h1>{{{{ texts.name or p.name }}}}</h1>
<p>{{{{ texts.summary or p.summary }}}}<p>{{{{ texts.description or p.description }}}}
<p>{{{{ texts.ingredients or p.ingredients }}}}<p>{{{{ p.producer_name }}}} {{{{ p.story }}}}
{{% for price, content, unit in packages %}}<p>{{{{ price }}}} ₫ / {{{{ content }}}} {{{{ unit }}}}{{% endfor %}}
<ul>{_CARDS}</ul>""")


@cache
def total_shown() -> int:
    """How many there are: counted once, as a page that wants to be fast would."""
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(Product).where(*SHOWN)) or 0


@app.get("/<locale>/products")
def browse(locale: str) -> str:
    """Twenty-four products and how many there are."""
    offset = (int(request.args.get("page", 1)) - 1) * PER_PAGE
    with engine.connect() as connection:
        cards = connection.execute(_BROWSE, {"locale": locale, "offset": offset}).all()
    return LIST_PAGE.render(total=total_shown(), cards=cards, locale=locale)


@app.get("/<locale>/search")
def search(locale: str) -> str:
    """Twenty-four products whose folded name contains the text."""
    with engine.connect() as connection:
        cards = connection.execute(_SEARCH, {"locale": locale, "word": request.args["q"]}).all()
    return LIST_PAGE.render(total=len(cards), cards=cards, locale=locale)


@app.get("/<locale>/products/<slug>")
def product(locale: str, slug: str) -> str:
    """One product, its packages and four related ones."""
    with engine.connect() as connection:
        found: Any = connection.execute(_PRODUCT_ROW, {"slug": slug}).one()
        values = {"product": found.id, "locale": locale}
        packages = connection.execute(_PACKAGES, values).all()
        texts = dict(connection.execute(_TEXTS, values).all())
        cards = connection.execute(
            _RELATED, {"locale": locale, "subgroup": found.subgroup_code}
        ).all()
    return PRODUCT_PAGE.render(p=found, packages=packages, texts=texts, cards=cards, locale=locale)
