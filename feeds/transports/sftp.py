"""Files to and from a partner by SFTP: pinned host key, key sign-in, `.part` then rename, nothing left to chance."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, TypeVar

from core.errors import Conflict, Forbidden, Unavailable
from feeds.profiles import SftpSettings

if TYPE_CHECKING:
    import asyncssh

CHUNK = 32_768
MAX_DOWNLOAD = 8_000_000
CLOCK_DIFFERENCE = timedelta(minutes=10)


class PartnerUnreachable(Unavailable):
    """No connection was made, so nothing was sent; facts: host, port, why."""


class ConnectionBroken(Unavailable):
    """The connection was lost while files were under way; nobody knows what arrived. Facts: host, why."""


class HostKeyRefused(Forbidden):
    """The server is not the one we know, or none is pinned; facts: host, port, why."""


class SignInRefused(Forbidden):
    """The server does not accept our key, or there is none; facts: host, user, why."""


class NameTaken(Conflict):
    """A file of that name with another content is already there; facts: name."""


class TransferRefused(Conflict):
    """The server refuses the operation (no space, no permission, no such folder); facts: name, why."""


@dataclass(frozen=True, slots=True)
class OutFile:
    """A file to send: its final name, bytes and their sha256."""

    name: str
    content: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is at the partner now: name, size in bytes, sha256, and whether it had been there before."""

    name: str
    size: int
    sha256: str
    was_there: bool


@dataclass(frozen=True, slots=True)
class InFile:
    """A file that was fetched."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Seen:
    """A file that was fetched before: it is fetched again only if it may have changed since."""

    size: int
    fetched_at: datetime


Progress = Callable[[str, int, int], None]
"""Called with a file's name, the bytes written so far, and its size."""


def send(
    settings: SftpSettings, files: Sequence[OutFile], *, progress: Progress | None = None
) -> list[Receipt]:
    """Put the files into the partner's inbox under their final names; sending the same again is harmless.

    Raises PartnerUnreachable, HostKeyRefused or SignInRefused before anything was sent; ConnectionBroken,
    NameTaken or TransferRefused later.
    """
    return _run(_send(settings, files, progress or (lambda _n, _s, _t: None)))


def fetch(settings: SftpSettings, folder: str, seen: Mapping[str, Seen]) -> list[InFile]:
    """New or changed `.csv` files of the folder, by name; raises the same errors as `send`."""
    return _run(_fetch(settings, folder, seen))


_Result = TypeVar("_Result")


def _run(work: Coroutine[Any, Any, _Result]) -> _Result:
    return asyncio.run(work)


async def _send(
    settings: SftpSettings, files: Sequence[OutFile], progress: Progress
) -> list[Receipt]:
    async with _connected(settings) as sftp:
        return [await _send_one(sftp, settings, file, progress) for file in files]


async def _send_one(
    sftp: asyncssh.SFTPClient, settings: SftpSettings, file: OutFile, progress: Progress
) -> Receipt:
    from asyncssh import SFTPError, SFTPOpUnsupported

    final = str(PurePosixPath(settings.inbox) / file.name)
    part = f"{final}.part"
    try:
        if await sftp.exists(final):
            return await _already_there(sftp, final, file)
        async with sftp.open(part, "wb") as remote:
            for start in range(0, len(file.content), CHUNK):
                await remote.write(file.content[start : start + CHUNK])
                progress(file.name, min(start + CHUNK, len(file.content)), len(file.content))
            with suppress(SFTPOpUnsupported):
                await remote.fsync()
        await _check_size(sftp, part, file)
        # A plain rename refuses to overwrite, everywhere; if the name appeared meanwhile, look who did it.
        await sftp.rename(part, final)
        await _check_size(sftp, final, file)
    except SFTPError as refusal:
        _raise_if_broken(refusal, settings)
        raise TransferRefused(name=file.name, why=refusal.reason) from refusal
    return Receipt(file.name, len(file.content), file.sha256, was_there=False)


async def _already_there(sftp: asyncssh.SFTPClient, final: str, file: OutFile) -> Receipt:
    if await sftp.getsize(final) == len(file.content):
        async with sftp.open(final, "rb") as remote:
            content = _bytes(await remote.read(len(file.content) + 1))
        if hashlib.sha256(content).hexdigest() == file.sha256:
            return Receipt(file.name, len(file.content), file.sha256, was_there=True)
    raise NameTaken(name=file.name)


async def _check_size(sftp: asyncssh.SFTPClient, path: str, file: OutFile) -> None:
    size = await sftp.getsize(path)
    if size != len(file.content):
        raise TransferRefused(name=file.name, why=f"{size} of {len(file.content)} bytes arrived")


async def _fetch(settings: SftpSettings, folder: str, seen: Mapping[str, Seen]) -> list[InFile]:
    from asyncssh import SFTPError

    found: list[InFile] = []
    async with _connected(settings) as sftp:
        try:
            for entry in sorted(await sftp.readdir(folder), key=lambda e: str(e.filename)):
                name, size = str(entry.filename), entry.attrs.size or 0
                if not name.endswith(".csv") or _unchanged(seen.get(name), size, entry.attrs.mtime):
                    continue
                async with sftp.open(str(PurePosixPath(folder) / name), "rb") as remote:
                    found.append(InFile(name, _bytes(await remote.read(MAX_DOWNLOAD + 1))))
        except SFTPError as refusal:
            _raise_if_broken(refusal, settings)
            raise TransferRefused(name=folder, why=refusal.reason) from refusal
    return found


def _unchanged(seen: Seen | None, size: int, mtime: int | None) -> bool:
    """Whether the file is certainly the one we have; clocks may differ by some minutes."""
    if seen is None or seen.size != size or mtime is None:
        return False
    return datetime.fromtimestamp(mtime, UTC) + CLOCK_DIFFERENCE < seen.fetched_at


def _raise_if_broken(refusal: Exception, settings: SftpSettings) -> None:
    from asyncssh import SFTPConnectionLost, SFTPNoConnection

    if isinstance(refusal, (SFTPConnectionLost, SFTPNoConnection)):
        raise ConnectionBroken(host=settings.host, why=str(refusal)) from refusal


@asynccontextmanager
async def _connected(settings: SftpSettings) -> AsyncIterator[asyncssh.SFTPClient]:
    """A session with the partner; an error after the sign-in means that nobody knows what arrived."""
    import asyncssh

    connection = await _signed_in(settings)
    try:
        async with connection, connection.start_sftp_client() as sftp:
            yield sftp
    except (asyncssh.DisconnectError, asyncssh.ChannelOpenError, OSError, EOFError) as lost:
        raise ConnectionBroken(host=settings.host, why=_reason(lost)) from lost


async def _signed_in(settings: SftpSettings) -> asyncssh.SSHClientConnection:
    import asyncssh

    where = {"host": settings.host, "port": settings.port}
    if not settings.known_hosts.is_file():
        # None would switch the check off: a missing pin is a refusal, never a blind connection.
        raise HostKeyRefused(**where, why="no host key is pinned")
    if not settings.client_key.is_file():
        raise SignInRefused(host=settings.host, user=settings.user, why="there is no client key")
    try:
        return await asyncssh.connect(
            settings.host,
            settings.port,
            username=settings.user,
            client_keys=[str(settings.client_key)],
            known_hosts=str(settings.known_hosts),
            agent_path=None,
            config=None,
            preferred_auth="publickey",
            connect_timeout=settings.timeout_seconds,
            login_timeout=settings.timeout_seconds,
            keepalive_interval=settings.timeout_seconds,
            keepalive_count_max=2,
        )
    except asyncssh.HostKeyNotVerifiable as refusal:
        raise HostKeyRefused(**where, why=_reason(refusal)) from refusal
    except (asyncssh.PermissionDenied, asyncssh.KeyImportError) as refusal:
        why = _reason(refusal)
        raise SignInRefused(host=settings.host, user=settings.user, why=why) from refusal
    except (asyncssh.DisconnectError, OSError, TimeoutError) as lost:
        raise PartnerUnreachable(**where, why=_reason(lost)) from lost


def _reason(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:300]


def _bytes(read: str | bytes) -> bytes:
    """asyncssh gives text or bytes; files opened with "b" are bytes."""
    return read if isinstance(read, bytes) else read.encode()
