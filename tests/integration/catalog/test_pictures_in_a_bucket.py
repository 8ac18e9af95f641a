"""Pictures in an S3-compatible store: the same promises as on disk, against moto's server over HTTP."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.pictures.receiving import make_renditions, receive
from catalog.pictures.s3 import BucketStore
from catalog.pictures.store import MASTER, Store, StoreUnavailable, name_of, open_store
from catalog.rules.pictures import rendition_names
from core.settings import Settings, SettingsError
from tests.conftest import missing
from tests.factories.live_shop import free_port
from tests.factories.pictures import photo


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of an S3-compatible server with an empty bucket."""
    pytest.importorskip("obstore", reason="the extra s3 is not installed")
    beside = Path(sys.executable).with_name("moto_server")
    program = str(beside) if beside.exists() else shutil.which("moto_server")
    if program is None:
        missing("s3", "there is no moto_server (pip install 'moto[s3,server]')")
    port = free_port()
    endpoint = f"http://127.0.0.1:{port}"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([program, "-H", "127.0.0.1", "-p", str(port)], **quiet)
    try:
        _make_bucket(endpoint)
        yield endpoint
    finally:
        process.terminate()
        process.wait(20)


def _make_bucket(endpoint: str) -> None:
    deadline = time.monotonic() + 60
    make = urllib.request.Request(f"{endpoint}/pictures-test", method="PUT")  # noqa: S310 - loopback
    while True:
        try:
            with urllib.request.urlopen(make, timeout=5):  # noqa: S310 - loopback
                return
        except (urllib.error.URLError, OSError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)


@pytest.fixture
def store(server: str, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    return open_store(f"s3://pictures-test/shop?endpoint={server}&region=us-east-1", Path("unused"))


def test_a_picture_goes_into_the_bucket_and_its_sizes_beside_it(store: Store) -> None:
    received = receive(store, photo(400, 300))
    assert make_renditions(store, received.digest, received.width) == 4
    assert make_renditions(store, received.digest, received.width) == 0
    master = store.read(name_of(received.digest, MASTER))
    assert master is not None
    assert master[:3] == b"\xff\xd8\xff"
    there = {one.name: one for one in store.files()}
    for name in (MASTER, *rendition_names(400)):
        assert there[name_of(received.digest, name)].size > 0
        store.delete(name_of(received.digest, name))
    assert not store.has(name_of(received.digest, MASTER))
    store.delete(name_of(received.digest, MASTER))


def test_an_object_says_what_it_is_and_that_it_never_changes(store: Store) -> None:
    import obstore

    name = name_of("a" * 64, "320.avif")
    store.write(name, b"bytes")
    assert isinstance(store, BucketStore)
    told = {str(k).lower(): v for k, v in obstore.get(store.bucket, name).attributes.items()}
    assert told["content-type"] == "image/avif"
    assert "immutable" in told["cache-control"]


def test_what_is_not_there_is_not_there(store: Store) -> None:
    assert store.read(name_of("b" * 64, MASTER)) is None
    assert not store.has(name_of("b" * 64, MASTER))


def test_a_store_that_does_not_answer_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("obstore")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    lost = open_store(f"s3://nowhere?endpoint=http://127.0.0.1:{free_port()}", Path("unused"))
    for ask in (lost.read, lost.has, lost.delete):
        with pytest.raises(StoreUnavailable):
            ask(name_of("c" * 64, MASTER))
    with pytest.raises(StoreUnavailable):
        lost.write(name_of("c" * 64, MASTER), b"x")
    with pytest.raises(StoreUnavailable):
        list(lost.files())


def test_only_addresses_that_work_are_accepted(tmp_path: Path) -> None:
    for url in ("file:///somewhere", "ftp://host", "s3:", "s3://"):
        with pytest.raises(SettingsError) as refusal:
            Settings.from_env({"OCOP_DATA_DIR": str(tmp_path), "OCOP_MEDIA_URL": url})
        assert "OCOP_MEDIA_URL" in str(refusal.value)
    assert "OCOP_MEDIA_URL" not in os.environ
