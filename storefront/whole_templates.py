"""Compiles a page of the shop together with the parts it includes by name, so that it is one piece of code.

The product page has two dozen parts. Each one included while the page is rendered looks its template up and
copies the page's names into a context of its own: a tenth of the time of a page that is not kept.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from jinja2.ext import Extension

SHOP = "shop/"
"""Only pages that many strangers ask for: a part written into several pages takes memory in each."""

_INCLUDE = re.compile(r'\{%[ ]*include "([^"]+)"[ ]*%\}')
_OWN_FRAME = re.compile(r"\{%-?\s*(?:extends|block)\b")


class WholeTemplates(Extension):
    """Puts the text of an included template where its ``include`` stands, in a scope of its own as before.

    Left for the time of rendering: names that are not written down, templates with blocks, of another kind of
    text (escaping follows the outer one's name), and one that includes itself. Line numbers in a traceback
    count the lines of the parts too.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002
        """The source with its parts in it."""
        return self._whole(source, (name,)) if name and name.startswith(SHOP) else source

    def _whole(self, source: str, within: tuple[str, ...]) -> str:
        def part(found: re.Match[str]) -> str:
            name = found[1]
            loader = self.environment.loader
            if loader is None or name in within or _kind(name) != _kind(within[0]):
                return found[0]
            text = loader.get_source(self.environment, name)[0]
            if _OWN_FRAME.search(text):
                return found[0]
            # As Jinja reads a file: without the end of its last line.
            inner = self._whole(text.removesuffix("\n"), (*within, name))
            return f"{{% with %}}{inner}{{% endwith %}}"

        return _INCLUDE.sub(part, source)


def _kind(name: str) -> str:
    return PurePosixPath(name).suffix
