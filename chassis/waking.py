"""One NOTIFY for however many commits, after them and outside their transactions.

A NOTIFY inside the append would make all writers queue for one lock of the server. A lost ring
costs nothing but time: whoever listens also looks by himself twice a second.
"""

import asyncio
from contextlib import suppress
from types import TracebackType

from .event_store import DATABASE_AWAY, EventStore

CHANNEL = "motcua_log"
"""Where a service's commits are announced, within its own database."""

_PAUSE = 0.02
"""Seconds between two rings at least."""


class CommitBell:
    """Rings for the relay and the clock while its block runs, whatever process they live in."""

    def __init__(self, store: EventStore) -> None:
        """Take the log whose commits are announced."""
        self._store = store
        self._committed = asyncio.Event()

    async def __aenter__(self) -> "CommitBell":
        """Begin to ring."""
        self._store.on_commit(self._committed.set)
        self._ringing = asyncio.create_task(self._ring())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        cause: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop ringing."""
        self._ringing.cancel()
        with suppress(asyncio.CancelledError):
            await self._ringing

    async def _ring(self) -> None:
        while True:
            await self._committed.wait()
            self._committed.clear()
            with suppress(*DATABASE_AWAY):
                await self._store.pool.execute("select pg_notify($1, '')", CHANNEL)
            await asyncio.sleep(_PAUSE)
