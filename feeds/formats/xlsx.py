"""The spreadsheet a chain's clerk opens: every cell is text, so no number loses a zero and no text is a formula."""

from __future__ import annotations

import io
from datetime import UTC

from feeds.formats.lines import Batch
from feeds.profiles import Profile
from feeds.rules.mapping import ACTION_WORDS, COLUMNS, cells

SHEET = "Danh mục"
HEAD = ("Số lô", "Dòng", "Thao tác")
"""The first three columns of every template: batch, line and action, which the answer names again."""

_MAX_CELL = 32_000


def render(batch: Batch, profile: Profile) -> bytes:
    """The batch as an XLSX workbook, byte for byte the same for the same batch."""
    import xlsxwriter

    buffer = io.BytesIO()
    options = {
        "constant_memory": True,
        "in_memory": False,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    workbook = xlsxwriter.Workbook(buffer, options)
    created = batch.created_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    workbook.set_properties(
        {
            "title": f"{profile.name} - {batch.number:06d}",
            "company": profile.supplier_name,
            "created": created,
        }
    )
    bold = workbook.add_format({"bold": True, "text_wrap": True, "bg_color": "#DDEBE3"})
    as_text = workbook.add_format({"num_format": "@"})
    sheet = workbook.add_worksheet(SHEET)
    sheet.freeze_panes(1, 5)
    headings = [*HEAD, *(COLUMNS[name].heading for name in profile.columns)]
    for column, heading in enumerate(headings):
        sheet.set_column(column, column, min(max(len(heading) + 2, 12), 40))
        sheet.write_string(0, column, heading, bold)
    for row, line in enumerate(batch.lines, start=1):
        texts = [f"{batch.number:06d}", str(line.line_no), ACTION_WORDS[line.action]]
        if line.action == "withdraw" or line.item is None:
            texts += [line.gtin if name == "gtin" else "" for name in profile.columns]
        else:
            texts += cells(line.item, profile.columns)
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text[:_MAX_CELL], as_text)
    workbook.close()
    return buffer.getvalue()
