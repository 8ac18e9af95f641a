"""Reading registers and catalogues from files into the catalogue, row by row, with a full report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from catalog.importing.report import ImportReport, RowProblem, UnusableFile
    from catalog.importing.use_case import import_file

__all__ = ["ImportReport", "RowProblem", "UnusableFile", "import_file"]


def __getattr__(name: str) -> Any:
    """Load the parts when they are asked for: the limited child process needs none of them."""
    if name == "import_file":
        from catalog.importing.use_case import import_file

        return import_file
    if name in __all__:
        from catalog.importing import report

        return getattr(report, name)
    raise AttributeError(name)
