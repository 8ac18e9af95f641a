"""Answers while somebody types: kinds of goods, provinces, what many search, producers and products."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from catalog.search.errors import IndexUnhealthy
from catalog.search.home import forget, opened, want_rebuild
from catalog.search.names import KINDS, Entry, Hit, Names, Part
from catalog.search.popular import Popular, fitting, folder_of
from catalog.search.spelling import spelled
from i18n.locales import FALLBACKS

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from catalog.search.home import Home, State
    from catalog.search.snapshot import Row

MOST = 8
_MAX_CHARACTERS = 80
_ROOM = {"type": 2, "province": 1, "query": 2, "producer": 2, "product": MOST}
"""How many of a kind come before the next kind; what room is left is filled in the same order."""
_ORDER = tuple(_ROOM)

Kind = Literal["type", "province", "query", "producer", "product"]

log = logging.getLogger("ocop.search")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that may be meant: its kind, its slug (or the key of a type), its name.

    Of words that many search (``query``) the label alone counts. ``language`` is that of ``label``,
    which falls back as all names do; ``province`` is the code of a product's province.
    """

    kind: Kind
    slug: str
    label: str
    language: str
    province: str = ""


@dataclass(frozen=True, slots=True)
class Suggestions:
    """At most eight suggestions; ``degraded`` says that the database answered, with products alone."""

    found: tuple[Suggestion, ...]
    degraded: bool = False


def suggest(
    session: Session, directory: Home, text: str, *, locale: str, on: date, limit: int = MOST
) -> Suggestions:
    """Return what the letters typed so far may become; never raises for any text.

    Sends no statement while the index is healthy. Only what is listed on the day is suggested:
    producers, provinces and types too are there only while one of their products is.
    """
    typed = list(dict.fromkeys(line for line, _ in spelled(text[:_MAX_CHARACTERS])))
    if not typed[0]:
        return Suggestions(())
    try:
        with opened(directory) as snapshot:
            finder = _Finder(snapshot, locale, on)
            asked = fitting(folder_of(directory), typed, locale)
            return Suggestions(tuple(finder.find(typed, min(limit, MOST), asked)))
    except IndexUnhealthy as error:
        log.warning("search index unhealthy", extra={"facts": {"why": error.facts.get("why")}})
    except Exception:  # a damaged file raises almost any exception
        log.exception("suggesting failed")
        forget(directory)
    want_rebuild(directory)
    return Suggestions(_from_database(session, text, locale, on, limit), degraded=True)


class _Finder:
    def __init__(self, snapshot: State, locale: str, on: date) -> None:
        self.snapshot = snapshot
        self.locale = locale
        self.tongues = FALLBACKS[locale]
        self.day = on.toordinal()

    def find(self, typed: list[str], limit: int, asked: Sequence[Popular]) -> list[Suggestion]:
        named = self.snapshot.named()
        found = {kind: self._of_kind(kind, named, typed, limit) for kind in KINDS}
        labels = {one.label.casefold() for kind in ("type", "province") for one in found[kind]}
        found["query"] = self._asked(asked, labels)
        shown = {kind: found[kind][: _ROOM[kind]] for kind in _ORDER[:-1]}
        rest = limit - sum(map(len, shown.values()))
        shown["product"] = found["product"][: max(rest, 0)]
        for kind in _ORDER[:-1]:
            room = limit - sum(map(len, shown.values()))
            shown[kind] = found[kind][: len(shown[kind]) + max(room, 0)]
        return [one for kind in _ORDER for one in shown[kind]][:limit]

    def _asked(self, asked: Sequence[Popular], labels: Collection[str]) -> list[Suggestion]:
        """Return what many search and find today, where no kind or place is called the same."""
        found = []
        for one in asked:
            if one.words not in labels and any(map(self._is_on_sale, one.product_ids)):
                found.append(Suggestion("query", one.words, one.words, one.locale))
                if len(found) == _ROOM["query"]:
                    break
        return found

    def _is_on_sale(self, product_id: int) -> bool:
        row = self.snapshot.row_of(product_id)
        return row is not None and row.is_listed(self.day)

    def _of_kind(
        self, kind: str, named: list[tuple[int, Names]], typed: list[str], limit: int
    ) -> list[Suggestion]:
        """Return the best of a kind: typed marks first, then beginnings, then its importance."""
        ranked: list[tuple[tuple[int, Hit, int], int, Part]] = []
        for base, names in named:
            part = names.parts[kind]
            for at, line in enumerate(reversed(typed)):
                hits = part.find(line.encode(), self.locale)
                ranked += [((at, hit, base), base, part) for hit in hits]
            words = typed[0].encode().split()
            if kind == "product" and len(words) > 1 and len(ranked) < limit:
                hits = part.find_words(words, self.locale)
                ranked += [((9, hit, base), base, part) for hit in hits]
        ranked.sort(key=lambda own: own[0])
        found: dict[str, Suggestion] = {}
        for (_, hit, _), base, part in ranked:
            entry = part.entry(hit.entry)
            row = None if entry[0] in found else self._listed(entry, base)
            if row is None:
                continue
            one = self._suggestion(kind, entry, row)
            if kind == "type" and any(one.label == other.label for other in found.values()):
                continue  # a kind and its family may have one name in this language
            found[entry[0]] = one
            if len(found) == limit:
                break
        return list(found.values())

    def _listed(self, entry: Entry, base: int) -> Row | None:
        """Return the row of a listed product that the entry is, or that stands for it."""
        for number in entry[2]:
            row = self.snapshot.row(base + number)
            if row is not None and row.is_listed(self.day):
                return row
        return None

    def _suggestion(self, kind: str, entry: Entry, row: Row) -> Suggestion:
        names = entry[1]
        language = next((tag for tag in self.tongues if tag in names), "vi")
        province = row.province if kind == "product" else ""
        return Suggestion(kind, entry[0], names[language], language, province)  # type: ignore[arg-type]


def _from_database(
    session: Session, text: str, locale: str, on: date, limit: int
) -> tuple[Suggestion, ...]:
    from catalog.queries.listing import list_cards
    from catalog.search.database import find_in_database

    ids = find_in_database(session, text[:_MAX_CHARACTERS], on=on)[:limit]
    return tuple(
        Suggestion(
            "product", card.slug, card.name.value, card.name.locale, card.province_code or ""
        )
        for card in list_cards(session, ids, locale=locale, on=on)
    )
