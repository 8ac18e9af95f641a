"""Commands for the search index: rebuild it, compare it with the database, ask it, judge it."""

from __future__ import annotations

import sys
from dataclasses import asdict, replace
from pathlib import Path

import click

from core import clock
from i18n.locales import LOCALES
from storefront.commands import environment
from storefront.commands.environment import say, show_json


@click.group()
def search() -> None:
    """Rebuild, check or ask the search index."""


@search.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result for a program.")
def rebuild(as_json: bool) -> None:
    """Build the index anew beside the old one and switch to it; searching goes on meanwhile."""
    from catalog.search import index
    from catalog.search.home import search_home

    def progress(done: int, total: int) -> None:
        say(f"  {done} of {total} products")

    home = search_home(environment.settings())
    with environment.reading() as session:
        count = index.rebuild(session, home, on=clock.today(), now=clock.now(), progress=progress)
    if as_json:
        show_json({"documents": count})
    say(f"the index holds {count} products")


@search.command()
@click.option("--json", "as_json", is_flag=True, help="Print the differences for a program.")
def check(as_json: bool) -> None:
    """Compare index and database; exit code 1 and a line for each difference."""
    from catalog.search import index
    from catalog.search.home import search_home

    with environment.reading() as session:
        found = index.check(session, search_home(environment.settings()))
    if as_json:
        show_json([asdict(difference) for difference in found])
    else:
        for difference in found:
            click.echo(f"{difference.kind}\t{difference.subject}")
    say(f"{len(found)} differences between index and database")
    if found:
        sys.exit(1)


@search.command()
@click.argument("text")
@click.option("--locale", type=click.Choice(LOCALES), default="vi", show_default=True)
@click.option(
    "--sort", type=click.Choice(["relevance", "price", "price_desc", "newest"]), default="relevance"
)
@click.option("--page", type=int, default=1)
@click.option("--json", "as_json", is_flag=True, help="Print ids, facets and totals.")
def query(text: str, locale: str, sort: str, page: int, as_json: bool) -> None:
    """Search for TEXT and print product ids and names, best first.

    Products that match only a part of TEXT follow, marked with "~".
    """
    from catalog.queries import list_cards
    from catalog.search.home import search_home
    from catalog.search.query import SearchRequest
    from catalog.search.query import search as ask

    request = SearchRequest(text, locale, sort=sort, page=page)  # type: ignore[arg-type]
    on = clock.today()
    with environment.reading() as session:
        result = ask(session, search_home(environment.settings()), request, on=on)
        if as_json:
            show_json(asdict(replace(result, names={})))
            return
        everything = [*result.ids, *result.related]
        cards = {c.product_id: c for c in list_cards(session, everything, locale=locale, on=on)}
    for number in everything:
        if number in cards:
            mark = "~" if number in result.related else " "
            click.echo(f"{mark}{number}\t{cards[number].name.value}")
    if result.did_you_mean:
        say(f"did you mean: {result.did_you_mean}")
    say(f"{result.total} products in {result.seconds * 1000:.1f} ms")
    if result.degraded:
        say("the index is missing or damaged: the database answered, and a rebuild was asked for")


@search.command()
@click.option(
    "--products", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True
)
@click.option(
    "--queries", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True
)
@click.option("--untranslated", is_flag=True, help="Index the Vietnamese texts alone.")
@click.option("--misses", is_flag=True, help="List the queries under 0.8, worst first.")
@click.option("--gate", is_flag=True, help="Exit code 1 when what search must reach is missed.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures for a program.")
def evaluate(
    products: Path, queries: Path, untranslated: bool, misses: bool, gate: bool, as_json: bool
) -> None:
    """Judge search on files of products and judged queries, in an index of its own.

    Each file holds one JSON object a line, as tests/search_eval shows.
    """
    from catalog.search import evaluation

    url = environment.settings().search_url
    judged = evaluation.evaluate(products, queries, untranslated=untranslated, url=url)
    parts = evaluation.report(judged)
    if as_json:
        show_json({name: asdict(part) for name, part in parts.items()})
    else:
        click.echo(evaluation.table(parts))
    if misses:
        for one in sorted(judged, key=lambda own: own.ndcg):
            if one.ndcg < 0.8:
                say(f"{one.ndcg:.2f} {one.lang} {one.tag} {one.query!r} {' '.join(one.found)}")
    failed = evaluation.failures(parts, evaluation.Gate()) if gate else []
    for line in failed:
        say(line)
    if failed:
        sys.exit(1)
