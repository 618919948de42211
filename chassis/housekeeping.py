"""What every service clears away by itself: keys that nobody repeats any more, errands long done.

An errand that failed stays until somebody has looked at it; so does every parked record.
"""

from datetime import timedelta
from typing import Any

import asyncpg

from .errands import Sweep

KEYS_KEPT = timedelta(days=7)
"""How long a request may be repeated under its key and is given the first answer."""

ERRANDS_KEPT = timedelta(days=30)
"""How long one can see when and how an errand was done."""

_EVERY = 3600.0
_AT_ONCE = 5000

_FORGET_KEYS = """
    delete from idempotency_keys where ctid = any(array(
      select ctid from idempotency_keys where created_at < now() - $1::interval
      limit $2 for update skip locked
    ))
"""
# due_at is the time of the last try: an errand for a day in the future may be done long after it
# was written down.
_FORGET_ERRANDS = """
    delete from errands where ctid = any(array(
      select ctid from errands
      where state = 'done' and greatest(due_at, created_at) < now() - $1::interval
      limit $2 for update skip locked
    ))
"""


def sweeps(pool: "asyncpg.Pool[Any]") -> list[Sweep]:
    """Give the sweeps that keep a service's working tables from growing without end."""

    async def forget_keys() -> None:
        await _forget(pool, _FORGET_KEYS, KEYS_KEPT)

    async def forget_errands() -> None:
        await _forget(pool, _FORGET_ERRANDS, ERRANDS_KEPT)

    return [Sweep(_EVERY, forget_keys), Sweep(_EVERY, forget_errands)]


async def _forget(pool: "asyncpg.Pool[Any]", statement: str, kept: timedelta) -> None:
    """Delete in small transactions, so that nobody waits for this."""
    while await pool.execute(statement, kept, _AT_ONCE) == f"DELETE {_AT_ONCE}":
        pass
