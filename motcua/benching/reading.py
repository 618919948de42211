"""Reading a log: folding and rebuilding a read table, verifying every chain."""

import time
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import asyncpg

from chassis.changes import Put
from chassis.projecting import ReadModel, rebuild
from chassis.verifying import verify_log
from contracts.event import Event

from .figures import Figure, beside
from .ground import Ground, log_of
from .weights import WeightMoved, fill

_TABLE = """
create table weights (stream_id uuid primary key, version int not null, last int not null);
grant select, insert, update on weights to "{app}";
"""
_ALL = "select position, stream, version, data, meta, hash from events order by position"


def _row(history: Sequence[Event]) -> Put:
    last = history[-1]
    assert isinstance(last, WeightMoved)
    values = {"version": len(history), "last": last.number}
    return Put("weights", {"stream_id": last.weight}, values)


_WEIGHTS = ReadModel("weights", "weight", _row)


async def reading(ground: Ground, events: int, rounds: int) -> list[Figure]:
    """Rebuild and verify a log, each beside the bare reading of the same rows."""
    database = await ground.database("reading")
    owner = await asyncpg.connect(ground.url(database, "owner"))
    async with log_of(ground.url(database), [WeightMoved]) as store:
        await owner.execute(_TABLE.format(app=f"{database}_app"))
        await fill(store, events)

        async def rebuilt() -> float:
            began = time.perf_counter()
            await rebuild(store, owner, _WEIGHTS, lambda _done, _total: None)
            return events / (time.perf_counter() - began)

        async def verified() -> float:
            began = time.perf_counter()
            found = await verify_log(owner, lambda _done, _total: None)
            assert not found.breaks and found.events >= events - 12
            return events / (time.perf_counter() - began)

        build, plain = await beside(rebuilt, lambda: _read(owner, events), rounds)
        verify, hashed = await beside(verified, lambda: _hashed(owner, events), rounds)
    await owner.close()
    return [
        Figure("rebuild a read table", "events/s", build, plain, "bare SELECT", least=60_000),
        Figure("verify", "events/s", verify, hashed, "bare SELECT and SHA-256"),
    ]


async def _read(connection: "asyncpg.Connection[Any]", events: int) -> float:
    began = time.perf_counter()
    rows = await connection.fetch(_ALL)
    assert len(rows) >= events - 12
    return events / (time.perf_counter() - began)


async def _hashed(connection: "asyncpg.Connection[Any]", events: int) -> float:
    began = time.perf_counter()
    for row in await connection.fetch(_ALL):
        sha256(row["hash"] + row["meta"] + row["data"]).digest()
    return events / (time.perf_counter() - began)
