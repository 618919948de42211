"""The log: appending, by one caller and by many, beside a bare one-row INSERT per transaction."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import asyncpg

from chassis.clock import new_id
from chassis.event_store import EventStore

from .figures import Figure, beside
from .ground import Ground, log_of
from .weights import FILLER, WeightMoved, new_weight, unit

BARE = """
create table if not exists bare (
  id bigint generated always as identity primary key, key uuid not null, data bytea not null
)
"""
INSERT = "insert into bare (key, data) values ($1, $2)"
PAYLOAD = (FILLER + "x" * 100).encode()


async def in_time(seconds: float, callers: int, act: Callable[[int], Awaitable[None]]) -> float:
    """Have callers act again and again for a while; give how often a second."""
    end, done = time.perf_counter() + seconds, 0

    async def caller(number: int) -> None:
        nonlocal done
        while time.perf_counter() < end:
            await act(number)
            done += 1

    began = time.perf_counter()
    await asyncio.gather(*(caller(number) for number in range(callers)))
    return done / (time.perf_counter() - began)


async def appending(ground: Ground, callers: int, seconds: float, rounds: int) -> Figure:
    """Append one event a command: expected version checked, chained, dense, durable."""
    database = await ground.database("append")
    async with (
        log_of(ground.url(database), [WeightMoved]) as store,
        bare_pool(ground, database, callers) as bare,
    ):
        ours, reference = await beside(
            lambda: _append(store, callers, seconds),
            lambda: bare_inserts(bare, callers, seconds),
            rounds,
        )
    bar = 1.5 if callers > 1 else None
    name = f"append, {callers} {'callers' if callers > 1 else 'caller'}"
    return Figure(name, "events/s", ours, reference, "bare one-row INSERT", bar=bar)


def bare_pool(ground: Ground, database: str, callers: int) -> "asyncpg.Pool[Any]":
    """Open as many plain connections as there are callers."""
    url = ground.url(database, "owner")

    async def prepared(connection: Any) -> None:
        await connection.execute(BARE)

    return asyncpg.create_pool(url, min_size=1, max_size=callers, init=prepared)


async def bare_inserts(pool: "asyncpg.Pool[Any]", callers: int, seconds: float) -> float:
    """Insert one row per transaction, and nothing else."""

    async def insert(_: int) -> None:
        await pool.execute(INSERT, new_id(), PAYLOAD)

    return await in_time(seconds, callers, insert)


async def _append(store: EventStore, callers: int, seconds: float) -> float:
    histories = [new_weight() for _ in range(callers)]

    async def append(number: int) -> None:
        change = unit(store, histories[number])
        await store.append(change)
        moved = change.changes[0]
        histories[number] = replace(histories[number], version=moved.version, head=moved.head)

    return await in_time(seconds, callers, append)
