"""Recomputes a service's whole log against its chains, its positions and its streams' tips."""

from collections.abc import Callable
from typing import Any

import asyncpg

from .proof import Link, Stored, Verifier

_PAGE = 5000


async def verify_log(
    connection: "asyncpg.Connection[Any]", progress: Callable[[int, int], None]
) -> Verifier:
    """Read the log in one snapshot and check all of it; the result's `breaks` say what is wrong."""
    verifier = Verifier()
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        head = int(await connection.fetchval("select position from log_head"))
        after = -1
        while True:
            rows = await connection.fetch(
                "select position, public, hash, place, "
                "stream, version, event_id, type, recorded_at, data, meta "
                "from events where position > $1 order by position limit $2",
                after,
                _PAGE,
            )
            if not rows:
                break
            verifier.check(_stored(row) for row in rows)
            after = rows[-1]["position"]
            progress(verifier.events, head)
        tips = await connection.fetch("select stream, version, head from streams")
        verifier.finish(head, {tip["stream"]: (tip["version"], tip["head"]) for tip in tips})
    return verifier


def _stored(row: Any) -> Stored:
    position, public, hash_, place, *link = row
    return Stored(position, public, hash_, place, Link(*link))
