"""The addresses that are asked for, and what one answer costs in statements and bytes."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.data import PRODUCTS, slug_of

PAGES = ("product", "browse", "search")
_chance = random.Random(7)
_LOCALES = ("vi", "en", "ja")
_WORDS = ("mat ong", "nuoc mam", "ca phe", "tra sa pa", "gao", "tom kho", "muoi", "huu co")
ADDRESSES = {
    "product": [
        f"/{_LOCALES[n % 3]}/products/{slug_of(_chance.randrange(1, PRODUCTS + 1))}"
        for n in range(60)
    ],
    "browse": [f"/{_LOCALES[n % 3]}/products?page={1 + n // 3}" for n in range(60)],
    "search": [f"/vi/search?q={word.replace(' ', '+')}" for word in _WORDS],
}


@dataclass(frozen=True)
class Figures:
    """The cost of one warm answer."""

    statements: int
    bytes: int


_PROBE = """
import json, sys
from importlib import import_module
from sqlalchemy import Engine, event
module, name = sys.argv[1].split(":")
client = getattr(import_module(module), name).test_client()
seen = []
event.listen(Engine, "before_cursor_execute", lambda *a: a[2].startswith("BEGIN") or seen.append(a[2]))
found = {}
for page, addresses in json.load(sys.stdin).items():
    for address in addresses[:2] * 2:
        seen.clear()
        answer = client.get(address, base_url="http://127.0.0.1:8000")
        assert answer.status_code == 200, (address, answer.status_code)
    found[page] = [len(seen), len(answer.data)]
print(json.dumps(found))
"""


def figures_of(module: str, environment: dict[str, str]) -> dict[str, Figures]:
    """Statements and bytes of the last of four answers in one process, for each page."""
    done = subprocess.run(
        [sys.executable, "-c", _PROBE, module],
        cwd=Path(__file__).parent.parent,
        env=environment,
        input=json.dumps(ADDRESSES),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    return {page: Figures(*numbers) for page, numbers in json.loads(done.stdout).items()}
