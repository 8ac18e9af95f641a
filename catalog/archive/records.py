"""Which tables make up the catalogue, in an order in which they can be stored, and what tells rows apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from sqlalchemy import Column, Table

from catalog.models import Product

_TABLES = Product.metadata.tables
"""All tables: whoever imports one model of the catalogue has all of them."""


@dataclass(frozen=True, slots=True)
class Record:
    """One kind of row. `key`: columns by which a row of the file is found again in the database.

    Rows with the same key are told apart by their order. `left_out`: columns that follow from others
    or belong to people. `only_added`: rows that are never changed, as a ledger wants it. `late`: a
    reference to a row of the same kind that may come later in the file.
    """

    name: str
    key: tuple[str, ...]
    left_out: frozenset[str] = frozenset()
    only_added: bool = False
    late: str = ""
    named: dict[str, str] = field(default_factory=dict)

    @property
    def table(self) -> Table:
        """The table of the database."""
        return _TABLES[self.name]

    @property
    def columns(self) -> tuple[Column[object], ...]:
        """The columns that stand in a file, in the order of the table."""
        return tuple(column for column in self.table.columns if column.name not in self.left_out)

    @property
    def has_number(self) -> bool:
        """Whether rows have a number of their own, which others may refer to."""
        return "id" in self.table.columns

    def target(self, column: str) -> str | None:
        """The table a column refers to; None for a column that is no reference."""
        if column in self.named:
            return None
        for key in self.table.columns[column].foreign_keys:
            return key.column.table.name
        return None


_ENTITY = {"entity_id": "entity_kind"}
_DERIVED = frozenset({"name_key", "search_fold", "price_from_minor"})
RECORDS = (
    Record("producer", ("code",)),
    Record("protected_name", ("kind", "number")),
    Record("search_words", ("spellings",)),
    Record("regulation_entry", ("code", "action", "entered_at"), only_added=True),
    Record("product", ("code",), left_out=_DERIVED),
    Record("product_slug", ("slug",)),
    Record("product_address", ("product_id", "locale")),
    Record("product_allergen", ("product_id", "code")),
    Record("product_ingredient", ("product_id", "position")),
    Record("product_nutrition", ("product_id",)),
    Record("growing_area", ("product_id", "code", "market")),
    Record("package", ("sku",)),
    Record("package_level", ("package_id", "level")),
    Record(
        "certificate",
        ("product_id", "decision_number", "issued_on", "issuer"),
        late="superseded_by_id",
    ),
    Record(
        "paper", ("producer_id", "product_id", "kind", "market", "document", "number", "issued_on")
    ),
    Record("licence", ("protected_name_id", "producer_id", "number")),
    Record("licence_product", ("licence_id", "product_id")),
    Record("suspension", ("paper_id", "licence_id", "protected_name_id", "starts_on")),
    Record("price_list", ("code",)),
    Record("offer", ("price_list_id", "package_id", "valid_from")),
    Record("offer_tier", ("offer_id", "from_quantity")),
    Record("media", ("code",)),
    Record("picked_picture", ("province_code", "protected_name_id")),
    Record("place", ("slug",)),
    Record("place_product", ("place_id", "product_id")),
    Record("place_producer", ("place_id", "producer_id")),
    Record("gift_set", ("slug",)),
    Record("gift_set_part", ("gift_set_id", "package_id")),
    Record("visit_terms", ("product_id",)),
    Record("lot", ("code",)),
    Record("lot_event", ("uuid",), left_out=frozenset({"actor_person_id"}), only_added=True),
    Record("lot_event_item", ("event_id", "lot_id", "role"), only_added=True),
    Record("recall", ("lot_id", "started_at")),
    Record("recall_lot", ("recall_id", "lot_id")),
    Record("trade_event", ("slug",)),
    Record("booth", ("code",)),
    Record("participation", ("event_id", "producer_id")),
    Record("shown_product", ("participation_id", "product_id")),
    Record("event_outcome", ("participation_id", "kind", "with_whom")),
    Record("collection", ("slug",)),
    Record("collection_product", ("collection_id", "product_id")),
    Record("article", ("slug",)),
    Record("supply_request", ("buyer", "what", "created_at")),
    Record("supply_offer", ("product_id", "created_at")),
    Record("translation", ("entity_kind", "entity_id", "field", "locale"), named=_ENTITY),
    Record(
        "translation_entry",
        ("entity_kind", "entity_id", "field", "locale", "at"),
        only_added=True,
        named=_ENTITY,
    ),
)
KEPT_OUT = frozenset(
    {
        "answer_draft",  # what a person has typed and not sent
        "end_warning",  # which warnings have gone out
        "import_line",
        "import_mapping",
        "import_run",
        "market_verdict",  # follows from the facts and the rules
        "paper_copy",  # private files of producers and the office: a backup holds them
        "profile_columns",
        "search_question",  # what buyers asked, forgotten after half a year
    }
)
"""Tables of the catalogue that are no part of it: work in hand, and what is computed."""


@cache
def record_named(name: str) -> Record | None:
    """The kind of row of that name; None when there is none."""
    return next((record for record in RECORDS if record.name == name), None)
