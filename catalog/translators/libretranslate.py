"""The gateway to a LibreTranslate server (or anything that speaks its two addresses)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http.client import HTTPException
from typing import Any
from urllib.error import URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from catalog.machine_translation import MachineUnavailable

SECONDS = 60
MOST_BYTES = 4 * 1024 * 1024
_CODES = {
    "zh-hans": ("zh-Hans", "zh"),
    "zh-hant": ("zh-Hant", "zt"),
}
"""LibreTranslate has renamed its Chinese; both names are tried."""


class _NoRedirects(HTTPRedirectHandler):
    """The operator named one address; texts are not sent to another."""

    def redirect_request(self, *_args: Any, **_more: Any) -> None:
        """Follow nothing."""


class LibreTranslate:
    """Translates through ``POST /translate`` of the configured address.

    `url` is the root of the server; `key` its API key, "" for a server without keys.
    """

    def __init__(self, url: str, *, key: str = "", seconds: float = SECONDS) -> None:
        """Keep the address; nothing is asked yet."""
        self.name = "LibreTranslate"
        self._url = url.rstrip("/")
        self._key = key
        self._seconds = seconds
        self._opener = build_opener(_NoRedirects)
        self._known: frozenset[str] | None = None

    def supports(self, locale: str) -> bool:
        """Whether the server translates Vietnamese into that language."""
        return self._code(locale) is not None

    def translate(self, texts: Sequence[str], locale: str) -> list[str]:
        """Send the texts in one request; raises MachineUnavailable."""
        code = self._code(locale)
        if code is None:
            raise MachineUnavailable(why="unknown_language", locale=locale)
        question = {"q": list(texts), "source": "vi", "target": code, "format": "text"}
        if self._key:
            question["api_key"] = self._key
        answer = self._ask("/translate", question)
        found = answer.get("translatedText") if isinstance(answer, dict) else None
        if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
            raise MachineUnavailable(why="not_understood")
        return found

    def _code(self, locale: str) -> str | None:
        if self._known is None:
            self._known = self._languages()
        return next((c for c in _CODES.get(locale, (locale,)) if c in self._known), None)

    def _languages(self) -> frozenset[str]:
        answer = self._ask("/languages", None)
        if not isinstance(answer, list):
            raise MachineUnavailable(why="not_understood")
        for language in answer:
            if isinstance(language, dict) and language.get("code") == "vi":
                targets = language.get("targets")
                if isinstance(targets, list):
                    return frozenset(str(code) for code in targets)
                return frozenset(str(one.get("code")) for one in answer if isinstance(one, dict))
        return frozenset()

    def _ask(self, path: str, question: Mapping[str, Any] | None) -> Any:
        data = None if question is None else json.dumps(question).encode()
        request = Request(  # noqa: S310  # http or https, checked by the settings
            self._url + path, data=data, headers={"Content-Type": "application/json"}
        )
        try:
            with self._opener.open(request, timeout=self._seconds) as response:
                body = response.read(MOST_BYTES + 1)
        except (URLError, HTTPException, OSError) as error:
            raise MachineUnavailable(why="no_answer", error=str(error)[:200]) from error
        if len(body) > MOST_BYTES:
            raise MachineUnavailable(why="too_long")
        try:
            return json.loads(body)
        except ValueError as error:
            raise MachineUnavailable(why="not_understood") from error
