"""Who has to wait before trying again. Names are kept as keyed hashes."""

import hmac
from datetime import datetime
from math import ceil
from typing import Any

import asyncpg

from chassis.problems import Problem

from .session import Patience

# The try is counted before its outcome is known, so that many at once are as slow as one by one.
# A try without a pause moves no time: of many at once, an earlier one may be counted later.
_SPEND = """
    insert into tries as t (who, failures, not_before, forget_at)
    values ($1, 1, coalesce(
      $2::timestamptz + make_interval(secs => nullif(($3::float8[])[1], 0)), '-infinity'), $4)
    on conflict (who) do update set
      failures = case when t.forget_at <= $2 then 1 else t.failures + 1 end,
      not_before = coalesce($2::timestamptz + make_interval(secs => nullif(($3::float8[])[case
        when t.forget_at <= $2 then 1 else least(t.failures + 1, cardinality($3::float8[])) end],
        0)), t.not_before),
      forget_at = $4
    where t.not_before <= $2 or t.forget_at <= $2
    returning failures
"""


class Tries:
    """Counts tries and makes those wait who had too many."""

    def __init__(self, pool: "asyncpg.Pool[Any]", pepper: str) -> None:
        """Take the service's database, and the secret that hides who tried."""
        self._pool, self._pepper = pool, pepper.encode()

    async def spend(self, who: str, patience: Patience, now: datetime) -> None:
        """Count a try; Problem 429 if it comes too early."""
        key = self._key(who)
        if await self._pool.fetchval(_SPEND, key, now, patience.pauses(), now + patience.forget):
            return
        until = await self._pool.fetchval("select not_before from tries where who = $1", key)
        wait = max(1, ceil((until - now).total_seconds())) if until else 1
        raise Problem(429, "too-many-tries", headers={"Retry-After": str(wait)})

    async def give_back(self, who: str) -> None:
        """Take one try off the count: it was a good one."""
        await self._pool.execute(
            "update tries set failures = greatest(failures - 1, 0) where who = $1", self._key(who)
        )

    async def forget(self, who: str) -> None:
        """Begin anew."""
        await self._pool.execute("delete from tries where who = $1", self._key(who))

    async def sweep(self, now: datetime) -> None:
        """Forget old tries."""
        await self._pool.execute("delete from tries where forget_at <= $1", now)

    def _key(self, who: str) -> bytes:
        return hmac.digest(self._pepper, f"try\0{who}".encode(), "sha256")
