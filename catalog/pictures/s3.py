"""Pictures in an S3-compatible store; the only module that speaks obstore (extra ``s3``).

``s3://bucket/prefix?endpoint=https://…&region=…``; keys come from ``AWS_ACCESS_KEY_ID`` and
``AWS_SECRET_ACCESS_KEY`` of the environment, so that no secret stands in an address that gets logged.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from catalog.pictures.store import FOLDER, Stored, StoreUnavailable, content_type

if TYPE_CHECKING:
    from obstore.store import ClientConfig

FOREVER = "public, max-age=31536000, immutable"
_TIMEOUT = timedelta(seconds=20)


def _kept(name: str) -> str:
    """Pictures of the shop may be kept by anybody; whatever else lies here is nobody's but ours."""
    return FOREVER if name.startswith(f"{FOLDER}/") else "private, no-store"


class BucketStore:
    """Files in a bucket; a put is whole or not at all."""

    def __init__(self, url: str) -> None:
        """Connects when first used."""
        from obstore.store import S3Store

        parts = urlsplit(url)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        options: dict[str, Any] = {"region": asked.get("region", "us-east-1")}
        client: ClientConfig = {"timeout": _TIMEOUT, "connect_timeout": timedelta(seconds=5)}
        if endpoint := asked.get("endpoint"):
            options["endpoint"] = endpoint
            client["allow_http"] = endpoint.startswith("http://")
        self.bucket = S3Store(
            parts.netloc,
            prefix=parts.path.strip("/") or None,
            client_options=client,
            retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=30)},
            **options,
        )

    def write(self, name: str, content: bytes) -> None:
        """One put."""
        import obstore
        from obstore.exceptions import BaseError

        try:
            obstore.put(
                self.bucket,
                name,
                content,
                attributes={"Content-Type": content_type(name), "Cache-Control": _kept(name)},
                use_multipart=False,
            )
        except BaseError as error:
            raise StoreUnavailable(name=name, problem=type(error).__name__) from error

    def read(self, name: str) -> bytes | None:
        """The whole object."""
        import obstore
        from obstore.exceptions import BaseError

        try:
            return bytes(obstore.get(self.bucket, name).bytes())
        except FileNotFoundError:
            return None
        except BaseError as error:
            raise StoreUnavailable(name=name, problem=type(error).__name__) from error

    def has(self, name: str) -> bool:
        """Asks for the head of the object only."""
        import obstore
        from obstore.exceptions import BaseError

        try:
            obstore.head(self.bucket, name)
        except FileNotFoundError:
            return False
        except BaseError as error:
            raise StoreUnavailable(name=name, problem=type(error).__name__) from error
        return True

    def files(self) -> Iterator[Stored]:
        """Page by page."""
        import obstore
        from obstore.exceptions import BaseError

        try:
            for page in obstore.list(self.bucket, prefix=FOLDER):
                for found in page:
                    yield Stored(found["path"], found["size"], found["last_modified"])
        except BaseError as error:
            raise StoreUnavailable(name=FOLDER, problem=type(error).__name__) from error

    def delete(self, name: str) -> None:
        """One delete."""
        import obstore
        from obstore.exceptions import BaseError

        try:
            obstore.delete(self.bucket, name)
        except FileNotFoundError:
            return
        except BaseError as error:
            raise StoreUnavailable(name=name, problem=type(error).__name__) from error
