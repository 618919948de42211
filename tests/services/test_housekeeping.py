"""What a service clears away by itself, and what it leaves for people to look at."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from chassis import housekeeping
from chassis.database import open_pool

OLD_AND_NEW = """
    insert into idempotency_keys (scope, key, fingerprint, answer, created_at)
    select 'citizen', days || '-' || n, '', '', now() - make_interval(days => days)
    from unnest(array[6, 8]) days, generate_series(1, $1) n
"""
ERRANDS = """
    insert into errands (errand_id, kind, subject, payload, owner, deadline, state, outcome,
      created_at, due_at)
    select gen_random_uuid(), 'mail', 'x', '{}', 'desk', now(), state, state || ' ' || tried,
      now() - interval '90 days', now() - make_interval(days => tried)
    from unnest(array['done', 'failed', 'waiting']) state, unnest(array[3, 31]) tried
"""


@pytest.fixture
async def pool(database: Callable[..., Awaitable[Any]]) -> Any:
    """A service's own connections to a database with a log and nothing else."""
    place = await database("toy", [])
    async with await open_pool(place.url("app"), 2) as opened:
        yield opened


async def test_a_key_is_kept_for_a_week_and_forgotten_after_it(pool: Any) -> None:
    await pool.execute(OLD_AND_NEW, 5001)
    await swept(pool)
    left = await pool.fetch(
        "select created_at < now() - interval '7 days' as old from idempotency_keys"
    )
    assert len(left) == 5001 and not any(row["old"] for row in left)


async def test_only_errands_done_long_ago_are_forgotten(pool: Any) -> None:
    await pool.execute(ERRANDS)
    await swept(pool)
    left = await pool.fetch("select outcome from errands order by outcome")
    assert [row["outcome"] for row in left] == [
        "done 3", "failed 3", "failed 31", "waiting 3", "waiting 31",
    ]  # fmt: skip


async def swept(pool: Any) -> None:
    """Let every sweep run once."""
    for sweep in housekeeping.sweeps(pool):
        await sweep.run()
