"""How large a file may be: twenty thousand products at one go, and nothing a small machine can't hold."""

from __future__ import annotations

MAX_ROWS = 25_000
MAX_COLUMNS = 120
MAX_CELL = 20_000
MAX_FILE_BYTES = 40 * 1024 * 1024
MAX_UNPACKED_BYTES = 60 * 1024 * 1024
MAX_ENTRIES = 200
MAX_RATIO = 100
MAX_MERGES = 50_000
MAX_SHEETS = 60
MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 60
WALL_SECONDS = 120
