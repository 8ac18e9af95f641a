"""Names for codes of the full record that the shop and the producers' desk both use."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from i18n.catalogue import lazy_gettext
from i18n.locales import babel_locale

PRODUCER_KINDS = {
    "enterprise": lazy_gettext("Company"),
    "cooperative": lazy_gettext("Cooperative"),
    "cooperative_group": lazy_gettext("Cooperative group"),
    "household": lazy_gettext("Household business"),
    "facility": lazy_gettext("Workshop"),
    "farm": lazy_gettext("Farm"),
    "board": lazy_gettext("Management board of a destination"),
    "unknown": lazy_gettext("Producer"),
}
AREA_KINDS = {
    "planting": lazy_gettext("Growing area"),
    "packing_house": lazy_gettext("Packing house"),
    "aquaculture": lazy_gettext("Fish or shrimp farm"),
    "swiftlet_house": lazy_gettext("Swiftlet house"),
}


@lru_cache(maxsize=16)
def month_names(locale: str) -> Mapping[int, str]:
    """The months of the year by number.

    Not Babel's names "stand-alone": most languages borrow these from the form in dates, and Babel (2.18)
    keeps what the first language borrowed for all loaded later, so a French page said "11月".
    """
    return dict(babel_locale(locale).months["format"]["wide"])
