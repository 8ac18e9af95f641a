"""The supermarket's SFTP server, for this machine only: its keys, its folders, and the clerk behind them."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core import clock
from feeds.demo_supermarket.clerk import answer_inbox

if TYPE_CHECKING:
    import asyncssh

CODE = "demo-supermarket"
HOST = "127.0.0.1"
USER = "supplier"
SETTLE_SECONDS = 3.0
LOOK_EVERY_SECONDS = 1.0
MARK = "# Written by `ocop demo-supermarket`; it is rewritten at each start."


class OverriddenByHand(Exception):
    """The partner's local profile was written by a person, so this installation has a real one."""


@dataclass(frozen=True, slots=True)
class Premises:
    """Where everything of the demo supermarket lies, under the data directory."""

    root: Path
    partners: Path

    @classmethod
    def under(cls, data_dir: Path) -> Premises:
        """The usual places."""
        return cls(root=data_dir / CODE, partners=data_dir / "partners")

    @property
    def inbox(self) -> Path:
        """Where batches arrive."""
        return self.root / "files" / "inbox"

    @property
    def outbox(self) -> Path:
        """Where answers are put."""
        return self.root / "files" / "outbox"

    @property
    def override(self) -> Path:
        """The local profile that tells the port."""
        return self.partners / f"{CODE}.toml"

    def is_ours(self) -> bool:
        """Whether the override is absent or was written by this module."""
        return not self.override.is_file() or self.override.read_text("utf-8").startswith(MARK)

    def prepare(self) -> None:
        """Make folders, and on the first start a host key for the server and a client key for the shop."""
        import asyncssh

        for folder in (self.inbox, self.outbox, self.partners):
            folder.mkdir(parents=True, exist_ok=True)
        for path in (self.host_key, self.client_key):
            if not path.is_file():
                key = asyncssh.generate_private_key("ssh-ed25519", comment=CODE)
                path.touch(mode=0o600)
                path.write_bytes(key.export_private_key())

    @property
    def host_key(self) -> Path:
        """The server's private key."""
        return self.root / "host.key"

    @property
    def client_key(self) -> Path:
        """The shop's private key for this partner."""
        return self.partners / f"{CODE}.key"

    def pin(self, port: int) -> None:
        """Tell the shop's side the port and the host key it must find there."""
        import asyncssh

        public = asyncssh.read_private_key(str(self.host_key)).export_public_key().decode().strip()
        pinned = self.partners / f"{CODE}.known_hosts"
        pinned.write_text(f"[{HOST}]:{port} {public}\n", encoding="ascii")
        self.override.write_text(f"{MARK}\n[transport]\nport = {port}\n", encoding="utf-8")


def answer_once(data_dir: Path) -> list[Path]:
    """Let the clerk answer what lies in the inbox now; returns the answer files written."""
    premises = Premises.under(data_dir)
    premises.prepare()
    return answer_inbox(premises.inbox, premises.outbox, today=clock.today())


async def serve(
    data_dir: Path,
    port: int,
    *,
    say: Callable[[str], None],
    ready: Callable[[int], None] | None = None,
    stop: asyncio.Event | None = None,
) -> None:
    """Serve until SIGTERM, Ctrl-C or ``stop``; a taken port is replaced by a free one.

    Raises OverriddenByHand when the partner's local profile is a person's work.
    """
    premises = Premises.under(data_dir)
    if not premises.is_ours():
        raise OverriddenByHand(str(premises.override))
    premises.prepare()
    stopping = stop or _stop_on_signals()
    server = await _listen(premises, port)
    listening = server.sockets[0].getsockname()[1]
    premises.pin(listening)
    say(f"the demo supermarket receives batches at sftp://{USER}@{HOST}:{listening}/inbox")
    if ready is not None:
        ready(listening)
    clerk = asyncio.create_task(_work(premises, say))
    try:
        await stopping.wait()
    finally:
        clerk.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await clerk
        server.close()
        await server.wait_closed()


async def _listen(premises: Premises, port: int) -> asyncssh.SSHAcceptor:
    import asyncssh

    key = asyncssh.read_private_key(str(premises.client_key)).export_public_key().decode()
    root = premises.inbox.parent

    class Folders(asyncssh.SFTPServer):
        """The supplier's two folders and nothing else of the machine."""

        def __init__(self, channel: asyncssh.SSHServerChannel[bytes]) -> None:
            super().__init__(channel, chroot=str(root).encode())

    async def listen(at: int) -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            HOST,
            at,
            server_host_keys=[str(premises.host_key)],
            authorized_client_keys=asyncssh.import_authorized_keys(key),
            sftp_factory=Folders,
            allow_scp=False,
            password_auth=False,
            kbdint_auth=False,
            agent_forwarding=False,
            config=None,
        )

    try:
        return await listen(port)
    except OSError:
        return await listen(0)


async def _work(premises: Premises, say: Callable[[str], None]) -> None:
    while True:
        written = await asyncio.to_thread(
            answer_inbox,
            premises.inbox,
            premises.outbox,
            today=clock.today(),
            settle_seconds=SETTLE_SECONDS,
        )
        for answer in written:
            say(f"the demo supermarket answered: {answer.name}")
        await asyncio.sleep(LOOK_EVERY_SECONDS)


def _stop_on_signals() -> asyncio.Event:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    return stopping
