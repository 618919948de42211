"""Read tables as folds of the log: rebuilt from zero, byte for byte, while writes to the service
are paused.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
import orjson

from contracts.event import Event

from .changes import Put
from .event_store import EventStore

PAUSE = "rebuild"
"""The cursor that, while it stands, makes the append function refuse: APIs answer writes with 503.
"""

_PAGE = 2000


@dataclass(frozen=True, slots=True)
class ReadModel:
    """A read table with one row per aggregate, or several: a function of the aggregate's events and
    of nothing else.
    """

    table: str
    category: str
    row: Callable[[Sequence[Event]], Put | Sequence[Put]]

    def rows(self, events: Sequence[Event]) -> Sequence[Put]:
        """Give an aggregate's rows."""
        rows = self.row(events)
        return (rows,) if isinstance(rows, Put) else rows


async def rebuild(
    store: EventStore,
    owner: "asyncpg.Connection[Any]",
    model: ReadModel,
    progress: Callable[[int, int], None],
) -> int:
    """Build a read table anew beside the old one and put it in its place, in one transaction.

    `owner` is a connection as the schema's owner. Tells `progress(streams done, streams in all)`.
    Gives the number of rows.
    """
    prefix = f"{model.category}-%"
    total = await owner.fetchval("select count(*) from streams where stream like $1", prefix)
    async with owner.transaction():
        await owner.execute(f"lock table {model.table} in exclusive mode")
        await owner.execute(
            f"create temp table rebuilt (like {model.table} including defaults) on commit drop"
        )
        after, done, count = "", 0, 0
        while names := await _next_streams(owner, prefix, after):
            histories = await store.load(names)
            rows = [row.row() for name in names for row in model.rows(histories[name].events)]
            await owner.execute(
                "insert into rebuilt "
                f"select * from jsonb_populate_recordset(null::{model.table}, $1)",
                orjson.dumps(rows, default=str).decode(),
            )
            after, done, count = names[-1], done + len(names), count + len(rows)
            progress(done, total)
        await owner.execute(f"delete from {model.table}")
        await owner.execute(f"insert into {model.table} select * from rebuilt")
    return count


async def _next_streams(owner: "asyncpg.Connection[Any]", prefix: str, after: str) -> list[str]:
    rows = await owner.fetch(
        "select stream from streams where stream like $1 and stream > $2 order by stream limit $3",
        prefix,
        after,
        _PAGE,
    )
    return [row["stream"] for row in rows]


async def pause_writes(pool: "asyncpg.Pool[Any]") -> None:
    """Announce that the service's writes wait; the announcement ends by itself after an hour."""
    await pool.execute(
        "insert into cursors values ($1, extract(epoch from now())::bigint + 3600) "
        "on conflict (reader) do update set position = excluded.position",
        PAUSE,
    )


async def resume_writes(pool: "asyncpg.Pool[Any]") -> None:
    """Take the announcement back."""
    await pool.execute("delete from cursors where reader = $1", PAUSE)
