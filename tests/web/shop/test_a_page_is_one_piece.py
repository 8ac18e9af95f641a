"""A page of the shop is compiled with its parts and reads as if they were included while it is rendered."""

from __future__ import annotations

from itertools import product

import pytest
from jinja2 import (
    DictLoader,
    Environment,
    StrictUndefined,
    TemplateNotFound,
    UndefinedError,
    select_autoescape,
)
from markupsafe import Markup

from i18n.catalogue import lazy_gettext
from storefront.escaping import PlainPieces
from storefront.whole_templates import WholeTemplates
from tests.rows import each_row

PARTS = {
    "shop/page.html": (
        '{% extends "frame.html" %}\n{% set name = "rice" %}\n{% block main %}\n'
        '<ul>\n{% for one in goods %}\n  {% include "shop/card.html" %}\n\n{% endfor %}\n</ul>\n'
        '{% if goods %}{% include "shop/end.html" %}{% endif %}{{ name }}\n{% endblock %}\n'
    ),
    "frame.html": "<main>{% block main %}{% endblock %}</main>\n",
    "shop/card.html": (
        '{# one #}\n{% set name = one %}\n<li>{{ name }}{% include "shop/tail.html" %}</li>\n'
    ),
    "shop/tail.html": "{% macro mark(it) %}<b>{{ it }}</b>{% endmacro %}: {{ mark(name) }}\n\n",
    "shop/end.html": '{% include "shop/block.html" %}{% include "note.txt" %}\n',
    "shop/block.html": "{% block own %}{{ goods|length }}{% endblock %}",
    "note.txt": "{{ goods[0] }}",
}


def environment(*extensions: type[WholeTemplates]) -> Environment:
    """As the shop's, with those extensions."""
    made = Environment(
        loader=DictLoader(PARTS),
        autoescape=select_autoescape(("html",)),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for one in extensions:
        made.add_extension(one)
    return made


@pytest.mark.parametrize("goods", [(), ("honey", "<tea>")])
def test_a_page_with_its_parts_reads_as_before(goods: tuple[str, ...]) -> None:
    apart, whole = (
        one.get_template("shop/page.html").render(goods=goods)
        for one in (environment(), environment(WholeTemplates))
    )
    assert whole == apart
    assert ("&lt;tea&gt;" in whole) is bool(goods)


def test_a_part_that_is_written_into_its_page_is_not_looked_up_any_more() -> None:
    whole = environment(WholeTemplates)
    page = whole.get_template("shop/page.html")
    read: list[str] = []
    loader = whole.loader
    assert loader is not None
    load = loader.load

    def noted(env: Environment, name: str, globals: object = None) -> object:  # noqa: A002
        read.append(name)
        return load(env, name, globals)  # type: ignore[arg-type]

    loader.load = noted  # type: ignore[method-assign, assignment]
    page.render(goods=("honey",))
    assert read == ["frame.html", "shop/block.html", "note.txt"]


def test_a_part_that_includes_itself_is_found_while_rendering() -> None:
    whole = environment(WholeTemplates)
    whole.loader = DictLoader(
        {
            "shop/tree.html": '{{ n }}{% if n %}{% set n = n - 1 %}{% include "shop/tree.html" %}{% endif %}'
        }
    )
    assert whole.get_template("shop/tree.html").render(n=3) == "3210"


def test_a_part_that_does_not_exist_is_said_when_the_page_is_compiled() -> None:
    whole = environment(WholeTemplates)
    whole.loader = DictLoader({"shop/page.html": '{% include "shop/gone.html" %}'})
    with pytest.raises(TemplateNotFound, match="gone"):
        whole.get_template("shop/page.html")


class Marked(Markup):
    """Markup of a kind of its own."""


class Loud(str):
    """A text that looks like a plain one."""

    __slots__ = ()


VALUES = (
    *("rice", "<b>", "a & b", 'say "so"', "it's", "a > b", "", "Cà Mau"),
    *(Markup("<b>safe</b>"), Marked("<i>safe</i>"), Loud("<loud>"), lazy_gettext("<later>")),
    *(0, 1.5, None, ["<", Markup("<")]),
)
WRITTEN = {
    "page.html": (
        "{% macro said(it) %}({{ it }}){% endmacro %}{% set whole %}[{{ one }}]{% endset %}"
        "{{ one }}{{ said(one) }}{{ whole }}{{ one ~ whole }}{% block own %}<p>{{ one }}{% endblock %}"
        "{% filter upper %}{{ one }}{% endfilter %}{{ self.own() }}"
    ),
    "note.txt": "{{ one }}{% set whole %}{{ one }}{% endset %}{{ whole }}",
    "gone.html": "{{ nobody }}",
}


def both_ways() -> list[Environment]:
    """Jinja as it is, and as the shop's pages are compiled."""
    made = [
        Environment(
            loader=DictLoader(WRITTEN),
            autoescape=select_autoescape(("html",)),
            undefined=StrictUndefined,
        )
        for _ in range(2)
    ]
    made[1].code_generator_class = PlainPieces
    return made


@each_row("name, one", product(("page.html", "note.txt"), VALUES))
def test_every_value_is_escaped_as_jinja_escapes_it(name: str, one: object) -> None:
    plain, ours = (way.get_template(name).render(one=one) for way in both_ways())
    assert ours == plain
    assert type(ours) is str


def test_a_name_nobody_gave_stays_an_error() -> None:
    for way in both_ways():
        with pytest.raises(UndefinedError, match="nobody"):
            way.get_template("gone.html").render()
