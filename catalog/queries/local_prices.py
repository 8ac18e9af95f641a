"""The price a card shows abroad: that of a retail list for everybody in the money of the destination."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Date, Select, String, bindparam, cast, func, or_, select

from catalog.models import Offer, OfferTier, Package, PriceList
from catalog.rules.destinations import HOME_CURRENCY

package = Package.__table__
_offer, _tier, _listed = Offer.__table__, OfferTier.__table__, PriceList.__table__
_ON = bindparam("on", type_=Date)


def local_price() -> ColumnElement[Any]:
    """The price of one of the package of the statement around, for everybody in `:currency` on `:on`.

    There is at most one such list and one offer (`catalog.price_lists`), so this is what
    `catalog.rules.destinations.price_there` finds.
    """
    return (
        _for_everybody(_tier.c.price_minor)
        .where(_listed.c.currency == bindparam("currency"))
        .order_by(_offer.c.valid_from.desc(), _listed.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def prices_abroad() -> ColumnElement[Any]:
    """What `local_price` finds in every currency but dong: "JPY:1480,EUR:990", NULL for none."""
    one = _listed.c.currency + ":" + cast(_tier.c.price_minor, String)
    return (
        _for_everybody(func.aggregate_strings(one, ","))
        .where(_listed.c.currency != HOME_CURRENCY)
        .scalar_subquery()
    )


def _for_everybody(wanted: ColumnElement[Any]) -> Select[Any]:
    """Prices of one package on retail lists for everybody that hold on `:on`, in any currency."""
    return (
        select(wanted)
        .select_from(
            _tier.join(_offer, _offer.c.id == _tier.c.offer_id).join(
                _listed, _listed.c.id == _offer.c.price_list_id
            )
        )
        .where(
            _offer.c.package_id == package.c.id,
            _offer.c.valid_from <= _ON,
            or_(_offer.c.valid_to.is_(None), _offer.c.valid_to >= _ON),
            _offer.c.min_order == 1,
            _offer.c.order_multiple == 1,
            _tier.c.from_quantity == 1,
            _listed.c.kind == "retail",
            _listed.c.active.is_(True),
            _listed.c.partner_code.is_(None),
        )
        .correlate(package)
    )
