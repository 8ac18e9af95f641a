"""The addresses of pictures: each shows the same bytes for ever, so browsers ask for it once."""

from __future__ import annotations

import re

from flask import Blueprint, Response, abort, send_file

from catalog.pictures.store import FolderStore, Store, content_type, name_of, open_store
from catalog.rules.pictures import KEY_LENGTH, PREFIX
from core.settings import Settings
from storefront.access import public
from storefront.extensions import settings

blueprint = Blueprint("media", __name__)

_KEY = re.compile(rf"[0-9a-f]{{{KEY_LENGTH}}}")
_FILE = re.compile(r"[1-9][0-9]{1,3}\.(avif|jpg)")
_FOREVER = "public, max-age=31536000, immutable"
_POLICY = "default-src 'none'; sandbox"


def store_of(found: Settings) -> Store:
    """Where these settings keep pictures."""
    return open_store(found.media_url, found.media_dir)


@public
def picture(key: str, file: str) -> Response:
    """One rendition; what is kept for the shop itself has no address."""
    if not _KEY.fullmatch(key) or not _FILE.fullmatch(file):
        abort(404)
    store, name = store_of(settings()), name_of(key, file)
    if isinstance(store, FolderStore):
        path = store.path(name)
        if not path.is_file():
            abort(404)
        response = send_file(path, mimetype=content_type(name), conditional=True, etag=False)
    else:
        content = store.read(name)
        if content is None:
            abort(404)
        response = Response(content, mimetype=content_type(name))
    response.headers["Cache-Control"] = _FOREVER
    response.headers["Content-Security-Policy"] = _POLICY
    return response


blueprint.add_url_rule(f"{PREFIX}<key>/<file>", view_func=picture)
