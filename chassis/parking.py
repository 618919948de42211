"""Records that could not be applied, and those of the same aggregate that wait behind them.

A person looks at each: retries it when its cause is gone, or drops it with a reason. Nothing here
decides to give a record up by itself.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from .blame import is_trouble
from .changes import Amend, Claim, Unit
from .deliveries import Delivery, as_it_came
from .event_store import StreamMoved
from .failures import cause_in_words
from .inbox import Inbox

_COLUMNS = """
    id, consumer, topic, partition, record_offset, key, record_key, type, headers, value, cause,
    parked_at, state, note
"""


class NotWaiting(Exception):
    """There is no such record, or it has been retried or dropped already."""


@dataclass(frozen=True, slots=True)
class Parked:
    """One parked record; `state` is waiting, retried or dropped."""

    id: int
    consumer: str
    delivery: Delivery
    key: str
    type: str
    cause: str
    parked_at: datetime
    state: str
    note: str


@dataclass(frozen=True, slots=True)
class Retried:
    """How far a retry came: how many records were applied, and the one that still cannot be."""

    applied: int
    stuck: Parked | None


async def list_parked(pool: "asyncpg.Pool[Any]", *, everything: bool = False) -> list[Parked]:
    """List what waits, oldest first; with `everything` what was retried or dropped too."""
    rows = await pool.fetch(
        f"select {_COLUMNS} from parked where $1 or state = 'waiting' order by id", everything
    )
    return [_parked(row) for row in rows]


async def show_parked(pool: "asyncpg.Pool[Any]", parked_id: int) -> Parked | None:
    """Show one record, whatever became of it."""
    row = await pool.fetchrow(f"select {_COLUMNS} from parked where id = $1", parked_id)
    return None if row is None else _parked(row)


async def retry_parked(inbox: Inbox, parked_id: int, note: str) -> Retried:
    """Apply all waiting records of this one's aggregate, in order, until one cannot be."""
    first = await show_parked(inbox.store.pool, parked_id)
    if first is None or first.state != "waiting":
        raise NotWaiting(str(parked_id))
    applied = 0
    while (parked := await _next_waiting(inbox.store.pool, first)) is not None:
        try:
            await _apply(inbox, parked, note)
            applied += 1
        except StreamMoved:
            continue
        except Exception as cause:
            if is_trouble(cause):
                raise
            await _say_why(inbox.store.pool, parked.id, cause_in_words(cause))
            return Retried(applied, await show_parked(inbox.store.pool, parked.id))
    return Retried(applied, None)


async def drop_parked(pool: "asyncpg.Pool[Any]", parked_id: int, reason: str) -> None:
    """Give one record up, for a reason that stays with it. Those behind it wait for a retry."""
    if not reason.strip():
        raise ValueError("a record is dropped for a reason")
    dropped = await pool.execute(
        "update parked set state = 'dropped', note = $2 where id = $1 and state = 'waiting'",
        parked_id,
        reason,
    )
    if dropped != "UPDATE 1":
        raise NotWaiting(str(parked_id))


async def _next_waiting(pool: "asyncpg.Pool[Any]", like: Parked) -> Parked | None:
    row = await pool.fetchrow(
        f"select {_COLUMNS} from parked "
        "where consumer = $1 and topic = $2 and key = $3 and state = 'waiting' order by id limit 1",
        like.consumer,
        like.delivery.topic,
        like.key,
    )
    return None if row is None else _parked(row)


async def _apply(inbox: Inbox, parked: Parked, note: str) -> None:
    told = inbox.read(parked.delivery)
    step = inbox.step(told.envelope)
    units = await inbox.units([told], [step])
    settled = Amend("parked", {"id": parked.id}, {"state": "retried", "note": note})
    once = Claim("parked", str(parked.id), b"")
    await inbox.store.append_strict([*units, Unit(rows=(settled,), claim=once)])
    step.end()


async def _say_why(pool: "asyncpg.Pool[Any]", parked_id: int, cause: str) -> None:
    await pool.execute("update parked set cause = $2 where id = $1", parked_id, cause)


def _parked(row: Any) -> Parked:
    return Parked(
        row["id"],
        row["consumer"],
        as_it_came(row),
        row["key"],
        row["type"],
        row["cause"],
        row["parked_at"],
        row["state"],
        row["note"],
    )
