"""A real OpenSSH server on loopback, a shop with goods, and a profile that reaches that server."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from catalog.models import Product
from catalog.rules.identifiers import check_digit
from core.db import write_session
from feeds.profiles import Profile, SftpSettings
from tests.conftest import missing
from tests.factories.catalog import make_certificate, make_package, make_producer, make_product
from tests.factories.feeds import profile as demo_profile

SSHD = "/usr/sbin/sshd"


@dataclass
class Sshd:
    """A running sshd and the folders it serves."""

    root: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def outbox(self) -> Path:
        return self.root / "outbox"

    def start(self) -> None:
        with (self.root / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [SSHD, "-D", "-e", "-f", str(self.root / "sshd_config")], stderr=log
            )
        for _ in range(200):
            with socket.socket() as probe:
                probe.settimeout(0.2)
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise AssertionError((self.root / "log").read_text())

    def kill(self) -> None:
        """Cut every connection at once, as a power failure would."""
        assert self.process is not None
        for pid in [*_descendants(self.process.pid), self.process.pid]:
            os.kill(pid, signal.SIGKILL)
        self.process.wait()
        self.process = None


def _descendants(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [d for child in children for d in (*_descendants(int(child)), int(child))]


def _keygen(path: Path) -> str:
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True, timeout=20
    )
    return path.with_suffix(".pub").read_text()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    if not (Path(SSHD).exists() and shutil.which("ssh-keygen")):
        missing("sshd", "OpenSSH's server is not installed")
    root = tmp_path_factory.mktemp("sshd")
    server = Sshd(root, _free_port())
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    host = _keygen(root / "host")
    (root / "authorized").write_text(_keygen(root / "client"))
    key_type, key, *_ = host.split()
    (root / "known_hosts").write_text(f"[127.0.0.1]:{server.port} {key_type} {key}\n")
    (root / "sshd_config").write_text(
        f"Port {server.port}\nListenAddress 127.0.0.1\nHostKey {root / 'host'}\n"
        f"AuthorizedKeysFile {root / 'authorized'}\nPidFile none\nStrictModes no\nUsePAM no\n"
        "PasswordAuthentication no\nKbdInteractiveAuthentication no\n"
        "PermitRootLogin prohibit-password\nSubsystem sftp internal-sftp\n"
    )
    server.inbox.mkdir()
    server.outbox.mkdir()
    server.start()
    yield server
    if server.process is not None:
        server.kill()


@pytest.fixture
def partner(sshd: Sshd) -> Profile:
    """The demo profile, pointed at the real server with empty folders."""
    for folder in (sshd.inbox, sshd.outbox):
        for path in folder.iterdir():
            path.unlink()
    if sshd.process is None:
        sshd.start()
    return replace(
        demo_profile(),
        transport=SftpSettings(
            host="127.0.0.1",
            port=sshd.port,
            user=pwd.getpwuid(os.geteuid()).pw_name,
            inbox=str(sshd.inbox),
            timeout_seconds=10,
            client_key=sshd.root / "client",
            known_hosts=sshd.root / "known_hosts",
        ),
        ack_outbox=str(sshd.outbox),
    )


@dataclass(frozen=True)
class Goods:
    """Three products on sale: certified, frozen without a case, and one that is not complete."""

    sauce: int
    frozen: int
    nameless: int


def in_house(number: int) -> str:
    body = f"200000000{number:03d}"
    return f"{body}{check_digit(body)}"


def make_goods(session: Session) -> Goods:
    producer = make_producer(session, name="HTX Cát Hải", is_illustrative=True)
    sauce = make_product(session, name="Nước mắm OCOP cá cơm", producer=producer, packages=0)
    make_package(
        session, sauce, sku="NM-500", gtin=in_house(1), units_per_case=12, gross_weight_g=920
    )
    make_certificate(session, sauce, stars=4, issued_on=date(2023, 11, 22))
    frozen = make_product(
        session,
        name="Chả tôm",
        producer=producer,
        storage_kind="frozen",
        shelf_life_days=180,
        packages=0,
    )
    make_package(session, frozen, sku="CT-500", gtin=in_house(2))
    nameless = make_product(session, name="Mắm chưa có mã", producer=producer, packages=0)
    make_package(session, nameless, sku="MC-1", gtin=None)
    return Goods(sauce.id, frozen.id, nameless.id)


@pytest.fixture
def goods(engine: Engine) -> Goods:
    with write_session(engine) as session:
        made = make_goods(session)
        session.commit()
    return made


def change_product(engine: Engine, product_id: int, **values: object) -> None:
    with write_session(engine) as session:
        product = session.get_one(Product, product_id)
        for name, value in values.items():
            setattr(product, name, value)
        session.commit()
