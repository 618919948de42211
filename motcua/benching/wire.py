"""A small HTTP client that costs next to nothing, so that the server is what is measured."""

import asyncio
from types import TracebackType


class Wire:
    """One kept-open connection to a server of this machine."""

    def __init__(self, port: int) -> None:
        """Take the server's port."""
        self._port = port

    async def __aenter__(self) -> "Wire":
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        cause: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Hang up."""
        self._writer.close()

    async def send(self, request: bytes) -> int:
        """Send a request as it is; give the status of the answer."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        for line in head.split(b"\r\n"):
            if line.lower().startswith(b"content-length:"):
                await self._reader.readexactly(int(line.partition(b":")[2]))
        return int(head.split(b" ", 2)[1])


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """Write a request; underscores in the names of headers are hyphens."""
    lines = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1", f"content-length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body:
        lines.append("content-type: application/json")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
