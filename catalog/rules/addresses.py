"""Which address a product has in each language, and which it keeps leading from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from i18n.addresses import slug_in
from i18n.locales import FALLBACKS, LOCALES


@dataclass(frozen=True, slots=True)
class Addresses:
    """The address part by language, only where it is not the product's first one; and the new ones."""

    by_locale: Mapping[str, str]
    new: tuple[str, ...]


def wanted(names: Mapping[str, str]) -> dict[str, str]:
    """By language, what its address should read: the first name of its chain that makes one, or ""."""
    own = {locale: slug_in(name, locale) for locale, name in names.items()}
    return {
        locale: next((own[tag] for tag in FALLBACKS[locale] if own.get(tag)), "")
        for locale in LOCALES
    }


def says(slug: str, base: str) -> bool:
    """Whether an address part is that text, perhaps with the number that made it unique."""
    return slug == base or (slug.startswith(f"{base}-") and slug[len(base) + 1 :].isdigit())


def addresses(
    bases: Mapping[str, str],
    *,
    first: str,
    present: Mapping[str, str],
    owned: Collection[str],
    free: Callable[[str], str],
) -> Addresses:
    """The addresses of a product from what they should read (`wanted`).

    `first` is the one it was made with, `present` those it has now, `owned` all it ever had: one of
    them is taken again before a new one is asked from `free`, and one that still says the name stays.
    """
    known = [first, *sorted(owned)]
    new: list[str] = []
    chosen: dict[str, str] = {}
    for locale, base in bases.items():
        slug = present.get(locale, first)
        if base and not says(slug, base):
            slug = next((one for one in known if says(one, base)), "")
            if not slug:
                slug = free(base)
                known.append(slug)
                new.append(slug)
        if slug != first:
            chosen[locale] = slug
    return Addresses(chosen, tuple(new))
