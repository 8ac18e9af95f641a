"""Pure tests try few, always the same examples while somebody types, and many when all tests run."""

from __future__ import annotations

import os

from hypothesis import settings

EXAMPLES = int(os.environ.get("OCOP_TEST_EXAMPLES") or 10)

settings.register_profile(
    "typing", max_examples=EXAMPLES, derandomize=True, database=None, deadline=None
)
settings.register_profile("thorough", max_examples=EXAMPLES, database=None, deadline=None)
settings.load_profile("thorough" if "OCOP_TEST_EXAMPLES" in os.environ else "typing")
