"""A file as a person sends it, until it may be kept: limits, name, type, a real parse in a child
process, and the virus scanner.

Nothing here decides who may send, and nothing is stored: the caller puts the content into blobs.
"""

import asyncio
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import IO, cast

import structlog

from .file_kinds import HEAD, MEDIA_TYPES, USUAL, Kind, clean_name, kind_of_name, sniff
from .upload_refusals import WORDS, refused
from .virus_scan import ScanVerdict, VirusScanner

log = structlog.get_logger()

LARGEST_FILE = 20 * 1024 * 1024
"""Bytes of one file."""

_PIECE = 64 * 1024
_LONGEST_VERDICT = 1024
_EXTENSIONS = {
    Kind.PDF: ".pdf", Kind.JPEG: ".jpg", Kind.PNG: ".png", Kind.HEIC: ".heic", Kind.DOCX: ".docx",
}  # fmt: skip


class InspectionAway(ConnectionError):
    """Files cannot be looked at now: no process can be started, no room to lay the file down."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one inspection may use, and how many run at once."""

    memory: int = 512 * 1024 * 1024
    cpu_seconds: int = 10
    wall_seconds: float = 30
    at_once: int = 2


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that may be kept. `sha256` and `size` are of the content to keep; `sent_sha256` is of
    what the person sent, which differs where a photograph was turned into a JPEG.
    """

    name: str
    media_type: str
    size: int
    sha256: str
    sent_sha256: str
    content: IO[bytes]
    begins: int = 0
    pages: int | None = None
    scan: ScanVerdict = "not scanned"
    scan_reason: str = ""

    async def chunks(self) -> AsyncIterator[bytes]:
        """Give the content to keep, as often as asked."""
        for piece in _pieces(self.content, self.begins):
            yield piece


class Uploads:
    """The way every file takes into the house."""

    def __init__(self, scanner: VirusScanner, limits: Limits | None = None) -> None:
        """Take the virus scanner and, for tests, other limits."""
        self._scanner, self._limits = scanner, limits or Limits()
        self._turn = asyncio.Semaphore(self._limits.at_once)

    @asynccontextmanager
    async def received(
        self,
        name: str,
        source: AsyncIterator[bytes],
        *,
        limit: int = LARGEST_FILE,
        accepted: frozenset[Kind] = USUAL,
    ) -> AsyncGenerator[Inspected]:
        """Receive and inspect a file; its content lasts as long as the block. `UploadRefused` says
        why not.
        """
        name = clean_name(name)
        kind = _claimed(name, accepted)
        # Without a name in any folder: gone with the process, whatever happens.
        with tempfile.TemporaryFile() as sent, tempfile.TemporaryFile() as answer:
            size, sha256 = await _receive(source, sent, limit)
            _refuse_other_content(kind, os.pread(sent.fileno(), HEAD, 0))
            found = Inspected(
                name=name.rpartition(".")[0] + ".jpg" if kind is Kind.HEIC else name,
                media_type=MEDIA_TYPES[kind],
                size=size,
                sha256=sha256,
                sent_sha256=sha256,
                content=sent,
            )
            yield await self._looked_at(found, kind, answer)

    async def _looked_at(self, found: Inspected, kind: Kind, answer: IO[bytes]) -> Inspected:
        pages, begins = await self._inspect(kind, found.content, answer)
        scan = await self._scanner.scan(_pieces(found.content))
        if scan.verdict == "infected":
            log.warning("upload_infected", kind=kind, found=scan.reason)
            raise refused("file-infected")
        found = replace(found, pages=pages, scan=scan.verdict, scan_reason=scan.reason)
        return _instead(found, answer, begins) if begins else found

    async def _inspect(
        self, kind: Kind, sent: IO[bytes], answer: IO[bytes]
    ) -> tuple[int | None, int]:
        """Have the file parsed; gives the pages, and where other content to keep begins."""
        async with self._turn:
            status = await self._child(kind, sent, answer)
        if status is not None and status > 0:  # a file can kill the child, not make it fail
            raise InspectionAway(f"the child did not run: {status}")
        line = os.pread(answer.fileno(), _LONGEST_VERDICT, 0).partition(b"\n")[0]
        verdict = _verdict(line) if status == 0 else {"refused": "file-too-complex"}
        if code := verdict.get("refused"):
            log.info("upload_refused", kind=kind, code=code, status=status)
            raise refused(code if isinstance(code, str) and code in WORDS else "file-unreadable")
        pages = verdict.get("pages")
        return (
            pages if isinstance(pages, int) else None,
            len(line) + 1 if verdict.get("instead") is True else 0,
        )

    async def _child(self, kind: Kind, sent: IO[bytes], answer: IO[bytes]) -> int | None:
        """Run the parser without our environment, which holds keys; None if it took too long."""
        limits = self._limits
        try:
            child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-X", "utf8", "-m", "chassis.upload_inspection"),
                *(kind, str(limits.memory), str(limits.cpu_seconds)),
                stdin=sent,
                stdout=answer,
                stderr=asyncio.subprocess.DEVNULL,
                env={"MALLOC_ARENA_MAX": "1"},
                cwd="/",
            )
        except OSError as cause:
            raise InspectionAway(str(cause)) from cause
        try:
            async with asyncio.timeout(limits.wall_seconds):
                return await child.wait()
        except TimeoutError:
            return None
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()


async def _receive(source: AsyncIterator[bytes], sent: IO[bytes], limit: int) -> tuple[int, str]:
    size, sha256 = 0, hashlib.sha256()
    async for piece in source:
        size += len(piece)
        if size > limit:
            raise refused("file-too-large", limit=_words(limit))
        sha256.update(piece)
        try:
            sent.write(piece)
        except OSError as cause:
            raise InspectionAway(str(cause)) from cause
    if not size:
        raise refused("file-empty")
    sent.flush()
    sent.seek(0)
    return size, sha256.hexdigest()


def _claimed(name: str, accepted: frozenset[Kind]) -> Kind:
    kind = kind_of_name(name)
    if kind is None or kind not in accepted:
        allowed = ", ".join(_EXTENSIONS[one] for one in Kind if one in accepted)
        raise refused("file-type-not-allowed", allowed=allowed)
    return kind


def _refuse_other_content(kind: Kind, head: bytes) -> None:
    found = sniff(head)
    if found is None:
        raise refused("file-type-mismatch", named=kind.upper())
    if found is not kind:
        raise refused("file-misnamed", named=kind.upper(), found=found.upper())


def _verdict(line: bytes) -> dict[str, object]:
    """Read what the child said; a child that was taken over may say anything."""
    try:
        said: object = json.loads(line)
    except ValueError:
        said = None
    return (
        cast("dict[str, object]", said) if isinstance(said, dict) else {"refused": "nothing said"}
    )


def _instead(found: Inspected, answer: IO[bytes], begins: int) -> Inspected:
    """Keep what the inspection made of the file instead of the file."""
    sha256, size = hashlib.sha256(), 0
    for piece in _pieces(answer, begins):
        sha256.update(piece)
        size += len(piece)
    return replace(found, sha256=sha256.hexdigest(), size=size, content=answer, begins=begins)


def _pieces(content: IO[bytes], begins: int = 0) -> Iterator[bytes]:
    while piece := os.pread(content.fileno(), _PIECE, begins):
        yield piece
        begins += len(piece)


def _words(size: int) -> str:
    return f"{size // 2**20} MB" if size >= 2**20 else f"{size} bytes"
