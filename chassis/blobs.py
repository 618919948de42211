"""Files, encrypted in chunks, in a folder or an S3-compatible store.

Plain content never reaches the store, names tell nothing, and no byte is handed out before it is
authenticated. A blob is written once, whole or not at all, and never changed.
"""

import asyncio
import hashlib
import os
import re
import secrets
from collections.abc import AsyncIterator, Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, cast
from urllib.parse import unquote

import obstore
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from .decider import Refusal

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig

# A blob: magic, 7 random bytes, then 64 KiB chunks sealed with AES-256-GCM, the last one shorter,
# maybe empty. Nonce = the random bytes ‖ the chunk's number ‖ 1 if it is the last; bound to the
# blob's name and owner. So a chunk cannot be changed, cut off, moved or served for another blob.
_MAGIC = b"MCB1"
_RANDOM = 7
_HEADER = len(_MAGIC) + _RANDOM
CHUNK = 64 * 1024
_SEALED = CHUNK + 16
_SPAN = 16 * _SEALED
_PART = 5 * 1024 * 1024
# Plain HTTP only where AWS_ENDPOINT_URL says http:// itself, as for a store in the same cluster.
_CLIENT: "ClientConfig" = {"connect_timeout": "3s", "timeout": "30s", "allow_http": True}
_RETRY: "RetryConfig" = {"max_retries": 3, "retry_timeout": timedelta(seconds=20)}
_NAME = re.compile(r"[0-9a-f]{32}")


class BlobTooLarge(Refusal):
    """Tệp quá lớn; hãy giảm dung lượng rồi gửi lại. |
    The file is too large; make it smaller and send it again.
    """

    status = 413


class BlobUnreadable(Exception):
    """A blob is missing, was changed, or is not of this name, owner and key: a defect."""


class BlobStoreAway(ConnectionError):
    """The object store does not answer, is full, or is not set."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What was written: its name in the store, and the size and hash of the plain content."""

    name: str
    size: int
    sha256: str


class Blobs:
    """One service's files. `file:///folder` or `s3://bucket/prefix` (with the usual AWS_…
    variables); every service has its own prefix beneath.
    """

    def __init__(self, url: str, service: str) -> None:
        """Take the store's address; without one, every use says so."""
        self._folder: Path | None = None
        self._opened: ObjectStore | None = None
        if url.startswith("file://"):
            self._folder = Path(unquote(url.removeprefix("file://"))) / service
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._opened = LocalStore(self._folder)
        elif url:
            self._opened = from_url(
                f"{url.rstrip('/')}/{service}", client_options=_CLIENT, retry_config=_RETRY
            )

    @property
    def _store(self) -> ObjectStore:
        if self._opened is None:
            raise BlobStoreAway("MOTCUA_BLOBS_URL is not set")
        return self._opened

    async def write(
        self, key: bytes, owner: str, source: AsyncIterator[bytes], limit: int
    ) -> Stored:
        """Encrypt and keep a stream under a new name; over the limit, or if the stream breaks,
        nothing is kept.
        """
        name = secrets.token_hex(16)
        sealing = _Sealing(key, name, owner, limit)
        sealed = sealing.chunks(source)
        with _outages():
            await obstore.put_async(
                self._store, _path(name), sealed, chunk_size=_PART, max_concurrency=2
            )
            if self._folder is not None:
                await asyncio.to_thread(_settle, self._folder / _path(name))
        return Stored(name, sealing.size, sealing.sha256.hexdigest())

    async def read(self, name: str, key: bytes, owner: str) -> AsyncIterator[bytes]:
        """Give the plain content, chunk by chunk, each one authenticated first."""
        cipher, place, path = AESGCM(key), _place(name, owner), _path(name)
        with _outages(), _known(name):
            size = (await obstore.head_async(self._store, path))["size"]
        if size < _HEADER + 16:
            raise BlobUnreadable(f"{name}: cut off")
        header = await self._range(path, 0, _HEADER)
        if not header.startswith(_MAGIC):
            raise BlobUnreadable(f"{name}: not one of our blobs")
        number = 0
        for start in range(_HEADER, size, _SPAN):
            span = await self._range(path, start, min(_SPAN, size - start))
            for at in range(0, len(span), _SEALED):
                last = start + at + _SEALED >= size
                nonce = _nonce(header[len(_MAGIC) :], number, last)
                try:
                    chunk = cipher.decrypt(nonce, span[at : at + _SEALED], place)
                except InvalidTag as cause:
                    raise BlobUnreadable(f"{name}: chunk {number} does not open") from cause
                yield chunk
                number += 1

    async def open(self, name: str, key: bytes, owner: str) -> AsyncIterator[bytes]:
        """Like `read`, but a blob that is missing, changed at its beginning or another's raises
        here: before an answer has begun.
        """
        chunks = self.read(name, key, owner)
        first = await anext(chunks)
        return _resumed(first, chunks)

    async def delete(self, name: str) -> None:
        """Remove a blob; one that is gone already is as good."""
        with _outages(), suppress(FileNotFoundError):
            await obstore.delete_async(self._store, _path(name))

    async def list(self, older_than: datetime) -> AsyncIterator[str]:
        """Name the blobs written before an instant, and drop what writers that died before it
        left half-written.
        """
        if self._folder is not None:
            await asyncio.to_thread(_drop_unfinished, self._folder, older_than)
        listing = obstore.list(self._store)  # pyright: ignore[reportUnknownMemberType]
        with _outages():
            async for batch in cast("AsyncIterator[Sequence[_Listed]]", listing):
                for found in batch:
                    name = found["path"].rpartition("/")[2]
                    if found["last_modified"] < older_than and _NAME.fullmatch(name):
                        yield name

    async def _range(self, path: str, start: int, length: int) -> bytes:
        with _outages(), _known(path):
            found = await obstore.get_range_async(self._store, path, start=start, length=length)
        return bytes(found)


class _Sealing:
    """Seals a stream chunk by chunk, and counts and hashes what went through."""

    def __init__(self, key: bytes, name: str, owner: str, limit: int) -> None:
        self.size = 0
        self.sha256 = hashlib.sha256()
        self._cipher, self._place = AESGCM(key), _place(name, owner)
        self._random = os.urandom(_RANDOM)
        self._number = 0
        self._limit = limit

    async def chunks(self, source: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        yield _MAGIC + self._random
        waiting = bytearray()
        async for piece in source:
            self.size += len(piece)
            if self.size > self._limit:
                raise BlobTooLarge(self._limit)
            self.sha256.update(piece)
            waiting += piece
            while len(waiting) > CHUNK:
                yield self._seal(bytes(waiting[:CHUNK]), last=False)
                del waiting[:CHUNK]
        yield self._seal(bytes(waiting), last=True)

    def _seal(self, chunk: bytes, *, last: bool) -> bytes:
        nonce = _nonce(self._random, self._number, last)
        self._number += 1
        return self._cipher.encrypt(nonce, chunk, self._place)


class _Listed(TypedDict):
    path: str
    last_modified: datetime


def _nonce(random: bytes, number: int, last: bool) -> bytes:
    return random + number.to_bytes(4) + bytes([last])


def _place(name: str, owner: str) -> bytes:
    return _MAGIC + name.encode() + b"\0" + owner.encode()


def _path(name: str) -> str:
    """256 folders, so that none grows beyond what tools can list."""
    if not _NAME.fullmatch(name):
        raise BlobUnreadable(f"{name!r} is not the name of a blob")
    return f"{name[:2]}/{name}"


async def _resumed(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for chunk in rest:
        yield chunk


@contextmanager
def _known(name: str) -> Generator[None]:
    try:
        yield
    except FileNotFoundError as cause:
        raise BlobUnreadable(f"{name}: no such blob") from cause


@contextmanager
def _outages() -> Generator[None]:
    try:
        yield
    except (BaseError, OSError) as cause:
        raise BlobStoreAway(str(cause)) from cause


def _settle(file: Path) -> None:
    """Make a file survive a power cut; the store itself only renames it into place."""
    for path in (file, file.parent, file.parent.parent):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _drop_unfinished(folder: Path, older_than: datetime) -> None:
    for file in folder.glob("*/*#*"):
        with suppress(FileNotFoundError):
            if file.stat().st_mtime < older_than.timestamp():
                file.unlink()
