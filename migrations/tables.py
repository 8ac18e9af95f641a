"""Every table of the house in one metadata: importing this module loads the models of all floors."""

from importlib import import_module

from core.db import Base

_MODEL_MODULES = (
    "core.facts",
    "core.moments",
    "core.tasks",
    "core.audit",
    "core.mail",
    "core.people.models",
    "catalog.models",
    "orders.models",
    "feeds.models",
)

for _name in _MODEL_MODULES:
    import_module(_name)

metadata = Base.metadata
