"""The one event store: streams in Postgres, appended in groups, read by stream or by position.

`event_store.sql` holds the tables and the function that does the work of an append in one round
trip.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from .append_call import APPEND_CALL, Fence, arguments
from .changes import Claim, History, Scribe, Unit
from .crash import crash
from .telemetry import APPEND

GROUP = 200
"""Units one group commit may hold."""

TOGETHER = 16
"""Streams one query reads for waiting callers: while some are read, others are decided, and others
committed.
"""

DATABASE_AWAY = (
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # what the driver says of a connection lost between two steps
)
"""What a statement that is right may fail with."""

_AWAY = ("57P", "08", "53")
"""SQLSTATE classes that mean the server is going, gone or full, not that the statement is wrong."""

# Each stream by its own index, however many there are: a join would rather read the whole log.
_LOAD = """
    select w.stream, k.wrapped, e.version, e.type, e.data, e.hash, e.recorded_at
    from unnest($1::text[], $2::uuid[]) w(stream, key_id)
    left join lateral (select wrapped from personal_keys where key_id = w.key_id limit 1) k on true
    left join lateral (
      select version, type, data, hash, recorded_at from events
      where stream = w.stream order by version
    ) e on true
"""
_PAGE = """
    select position, stream, version, event_id, type, public, recorded_at, data, meta, hash
    from events where position > $1 order by position limit $2
"""


class StreamMoved(Exception):
    """Somebody else wrote to the stream after it was read."""


class KeyTaken(Exception):
    """This idempotency key already has an answer."""


class Fenced(Exception):
    """The partition has been applied up to another offset than this batch begins at."""


class Rebuilding(Exception):
    """The service's read tables are being rebuilt; its writes wait."""


class StoreUnavailable(Exception):
    """The database is away; whether the last command happened is not known. The same key settles
    it.
    """


@dataclass(frozen=True, slots=True)
class Logged:
    """One event as the log holds it."""

    position: int
    stream: str
    version: int
    event_id: UUID
    type: str
    public: bool
    recorded_at: datetime
    data: bytes
    meta: bytes
    hash: bytes


class EventStore:
    """Reads and appends. One per process; `run` must be running for `append` to be answered."""

    def __init__(self, pool: "asyncpg.Pool[Any]", scribe: Scribe, service: str = "") -> None:
        """Take the service's own connections, what writes its events down, and its name."""
        self.pool = pool
        self.scribe = scribe
        self._waiting: asyncio.Queue[tuple[Unit, asyncio.Future[None]]] = asyncio.Queue()
        self._committed: list[Callable[[], None]] = []
        self._seconds = APPEND.labels(service)
        self._asked: dict[str, asyncio.Future[History]] = {}
        self._reading: set[asyncio.Task[None]] = set()

    # Reading

    async def history(self, stream: str) -> History:
        """Read one stream; those asked for in the same turn of the loop share few queries."""
        loop = asyncio.get_running_loop()
        if not self._asked:
            loop.call_soon(self._read_what_was_asked)
        if stream not in self._asked:
            self._asked[stream] = loop.create_future()
        return await asyncio.shield(self._asked[stream])

    def _read_what_was_asked(self) -> None:
        asked, self._asked = list(self._asked.items()), {}
        for begin in range(0, len(asked), TOGETHER):
            few = dict(asked[begin : begin + TOGETHER])
            task = asyncio.get_running_loop().create_task(self._read(few))
            self._reading.add(task)
            task.add_done_callback(self._reading.discard)

    async def _read(self, asked: "dict[str, asyncio.Future[History]]") -> None:
        try:
            found = await self.load(list(asked))
        except Exception as cause:
            if len(asked) > 1:  # one stream that cannot be read is the trouble of its own callers
                for stream, answer in asked.items():
                    await self._read({stream: answer})
                return
            away = StoreUnavailable(str(cause)) if database_is_away(cause) else cause
            for answer in asked.values():
                answer.set_exception(away)
        else:
            for stream, answer in asked.items():
                answer.set_result(found[stream])

    async def load(self, streams: Sequence[str]) -> dict[str, History]:
        """Read whole streams, in one query; a stream that does not exist is an empty history."""
        keys = [UUID(stream[-36:]) for stream in streams]
        rows = await self.pool.fetch(_LOAD, list(streams), keys)
        found: dict[str, History] = {}
        for stream, group in _by_stream(rows):
            found[stream] = self._history(stream, group)
        return found

    def _history(self, stream: str, rows: "list[asyncpg.Record]") -> History:
        wrapped = rows[0]["wrapped"]
        key = None if wrapped is None else self.scribe.keys.unwrap(UUID(stream[-36:]), wrapped)
        if rows[0]["version"] is None:
            return History(stream, data_key=key)
        decode = self.scribe.codec.decode
        events = tuple(decode(r["type"], r["data"], stream, r["version"], key) for r in rows)
        last = rows[-1]
        return History(stream, last["version"], last["hash"], last["recorded_at"], events, key)

    async def logged(self, stream: str) -> list[Logged]:
        """Read one stream as the log holds it, for timelines and proofs."""
        rows = await self.pool.fetch(
            "select position, stream, version, event_id, type, public, recorded_at, "
            "data, meta, hash from events where stream = $1 order by version",
            stream,
        )
        return [Logged(**row) for row in rows]

    async def page(self, after: int, limit: int = 1000) -> list[Logged]:
        """Read the log on from a position."""
        return [Logged(**row) for row in await self.pool.fetch(_PAGE, after, limit)]

    async def head(self) -> int:
        """Tell the highest position given out."""
        return int(await self.pool.fetchval("select position from log_head"))

    async def pages(self, after: int = 0, size: int = 5000) -> AsyncIterator[list[Logged]]:
        """Read the whole log, page by page."""
        while page := await self.page(after, size):
            yield page
            after = page[-1].position

    async def answer(self, claim: Claim) -> tuple[bytes, bytes] | None:
        """Look up what was answered to a key: its request's fingerprint and the answer."""
        row = await self.pool.fetchrow(
            "select fingerprint, answer from idempotency_keys where scope = $1 and key = $2",
            claim.scope,
            claim.key,
        )
        return None if row is None else (row["fingerprint"], row["answer"])

    # Appending

    def on_commit(self, told: Callable[[], None]) -> None:
        """Ask to be told after each commit; must not block."""
        self._committed.append(told)

    async def append(self, unit: Unit) -> None:
        """Commit one command's whole change, in a group with whatever else is waiting.

        Raises StreamMoved or KeyTaken when it lost, StoreUnavailable when the database is away, and
        what the database says when a row broke one of its rules.
        """
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        with self._seconds.time():
            self._waiting.put_nowait((unit, done))
            await done

    async def run(self) -> None:
        """Write: the one task of this process that appends. Runs until cancelled."""
        held: list[tuple[Unit, asyncio.Future[None]]] = []
        while True:
            if not held:
                held.append(await self._waiting.get())
            while len(held) < GROUP and not self._waiting.empty():
                held.append(self._waiting.get_nowait())
            group, held = _compatible(held)
            await self._commit(group)

    async def _commit(self, group: list[tuple[Unit, "asyncio.Future[None]"]]) -> None:
        try:
            lost = await self._call([unit for unit, _ in group])
        except Exception as cause:  # whatever it is, the callers are told and the writer lives on
            if _state(cause) == "MC002":
                _fail(group, Rebuilding())
            elif database_is_away(cause):
                _fail(group, StoreUnavailable(str(cause)))
            elif len(group) == 1:
                _fail(group, cause)
            else:
                for one in group:
                    await self._commit([one])
        else:
            crash("append.after_commit")
            for number, (_, done) in enumerate(group):
                _settle(done, lost.get(number))
            for told in self._committed:
                told()

    async def append_strict(self, units: Sequence[Unit], fence: Fence | None = None) -> None:
        """Commit a consumer's batch: all of it with its fence, or nothing (Fenced, StreamMoved)."""
        try:
            with self._seconds.time():
                await self._call(units, strict=True, fence=fence)
        except asyncpg.PostgresError as cause:
            if _state(cause) == "MC001":
                raise StreamMoved from cause
            if _state(cause) == "MC002":
                raise Rebuilding from cause
            raise
        for told in self._committed:
            told()

    async def _call(
        self, units: Sequence[Unit], *, strict: bool = False, fence: Fence | None = None
    ) -> dict[int, Exception]:
        rows = await self.pool.fetch(APPEND_CALL, *arguments(units, strict, fence))
        lost: dict[int, Exception] = {}
        for row in rows:
            if row["outcome"] == "fenced":
                raise Fenced
            if row["outcome"] in ("key", "moved"):
                lost[row["unit"]] = KeyTaken() if row["outcome"] == "key" else StreamMoved()
        return lost


def _compatible(
    held: list[tuple[Unit, "asyncio.Future[None]"]],
) -> tuple[list[tuple[Unit, "asyncio.Future[None]"]], list[tuple[Unit, "asyncio.Future[None]"]]]:
    """Part what may share a group from what must wait: one unit per stream and per key."""
    taken: set[object] = set()
    group: list[tuple[Unit, asyncio.Future[None]]] = []
    later: list[tuple[Unit, asyncio.Future[None]]] = []
    for unit, done in held:
        names: set[object] = {change.stream for change in unit.changes}
        if unit.claim:
            names.add((unit.claim.scope, unit.claim.key))
        if names & taken:
            later.append((unit, done))
        else:
            taken |= names
            group.append((unit, done))
    return group, later


def _by_stream(rows: "Iterable[asyncpg.Record]") -> Iterable[tuple[str, "list[asyncpg.Record]"]]:
    groups: dict[str, list[asyncpg.Record]] = {}
    for row in rows:
        groups.setdefault(row["stream"], []).append(row)
    return groups.items()


def _settle(done: "asyncio.Future[None]", lost: Exception | None) -> None:
    if done.cancelled():
        return
    if lost is None:
        done.set_result(None)
    else:
        done.set_exception(lost)


def _fail(group: list[tuple[Unit, "asyncio.Future[None]"]], cause: Exception) -> None:
    for _, done in group:
        _settle(done, cause)


def database_is_away(cause: Exception) -> bool:
    """Tell whether the server is going, gone or full, rather than the statement wrong."""
    if isinstance(cause, ValueError):  # asyncpg's own: an argument that cannot be sent
        return False
    gone = (OSError, asyncpg.InterfaceError, asyncpg.InternalClientError)
    return isinstance(cause, gone) or _state(cause).startswith(_AWAY)


def _state(cause: Exception) -> str:
    return str(getattr(cause, "sqlstate", None) or "")
