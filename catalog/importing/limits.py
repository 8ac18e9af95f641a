"""How large a file may be; a register of a province has a few thousand rows and twenty columns."""

from __future__ import annotations

MAX_ROWS = 5_000
MAX_COLUMNS = 60
MAX_CELL = 20_000
MAX_FILE_BYTES = 40 * 1024 * 1024
MAX_UNPACKED_BYTES = 40 * 1024 * 1024
MAX_ENTRIES = 200
MAX_RATIO = 100
MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 30
WALL_SECONDS = 60
