"""What a label says, in Vietnamese whoever prints it: the law asks for Vietnamese on goods sold here."""

from __future__ import annotations

from catalog.lots.labels import Label
from catalog.models import Lot
from catalog.queries.lot_page import address_of
from i18n.catalogue import gettext as _
from i18n.catalogue import speaking
from i18n.formatting import format_quantity


def label_of(lot: Lot, base_url: str) -> Label:
    """Name, content, lot, days, maker; illustrative goods say so."""
    with speaking("vi"):
        lines = [
            _content(lot),
            _("Lot: %(number)s", number=lot.number),
            _("Made: %(day)s", day=f"{lot.produced_on:%d/%m/%Y}") if lot.produced_on else "",
            _last_day(lot),
            lot.producer.name,
            _("Illustrative, not for sale") if lot.is_illustrative else "",
        ]
    title = lot.product.name if lot.product else lot.material or ""
    return Label(base_url + address_of(lot), title, tuple(line for line in lines if line))


def _content(lot: Lot) -> str:
    if lot.package is None:
        return ""
    text = format_quantity(lot.package.net_content, lot.package.unit, "vi").replace("\u00a0", " ")
    return f"{text} × {lot.package.count}" if lot.package.count > 1 else text


def _last_day(lot: Lot) -> str:
    if lot.expires_on is None:
        return ""
    day = f"{lot.expires_on:%d/%m/%Y}"
    if lot.expiry_kind == "use_by":
        return _("Use by: %(day)s", day=day)
    return _("Best before: %(day)s", day=day)
