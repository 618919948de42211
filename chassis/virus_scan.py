"""The virus scanner, by setting: clamd over TCP or a Unix socket (INSTREAM).

A scanner that is away, slow or unsure never stops an upload and never calls a file clean.
"""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

ScanVerdict = Literal["not scanned", "clean", "infected"]

_LONGEST_REPLY = 1024


@dataclass(frozen=True, slots=True)
class Scan:
    """What the scanner said: why it did not scan, or what it found."""

    verdict: ScanVerdict
    reason: str = ""


class VirusScanner:
    """One clamd, at `host:port` or the path of its socket; at an empty address there is none."""

    def __init__(self, address: str, *, patience: float = 30) -> None:
        """Take the address, and the seconds one file may take."""
        self._address, self._patience = address, patience

    async def scan(self, content: Iterable[bytes]) -> Scan:
        """Have the whole content of a file scanned."""
        if not self._address:
            return Scan("not scanned", "no scanner is set")
        try:
            async with asyncio.timeout(self._patience):
                return _understand(await self._ask(content))
        except TimeoutError:
            return Scan("not scanned", f"no answer in {self._patience:g} s")
        except OSError as cause:
            return Scan("not scanned", f"scanner is away: {type(cause).__name__}")

    async def _ask(self, content: Iterable[bytes]) -> str:
        reader, writer = await self._connect()
        try:
            with suppress(ConnectionError):  # it may hang up at its size limit; its reply says so
                writer.write(b"zINSTREAM\0")
                for piece in content:
                    writer.write(len(piece).to_bytes(4) + piece)
                    await writer.drain()
                writer.write(bytes(4))
                await writer.drain()
            return (await reader.read(_LONGEST_REPLY)).rstrip(b"\0\n").decode(errors="replace")
        finally:
            writer.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._address.startswith("/"):
            return await asyncio.open_unix_connection(self._address)
        host, _, port = self._address.rpartition(":")
        return await asyncio.open_connection(host, int(port))


def _understand(reply: str) -> Scan:
    said = reply.removeprefix("stream: ")
    if said == "OK":
        return Scan("clean")
    if said.endswith(" FOUND"):
        return Scan("infected", said.removesuffix(" FOUND"))
    return Scan("not scanned", said or "the scanner hung up")
