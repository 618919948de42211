"""One leader among the replicas of a role: whoever holds a session lock in the service's database.

A leader that was frozen may not know that it no longer leads. So this only saves work; what a
leader writes must be fenced by itself.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from hashlib import sha256
from typing import Any

import asyncpg
import structlog

from .event_store import DATABASE_AWAY
from .waking import CHANNEL

PAUSE = 1.0
"""Seconds between two tries to become the leader, and between two looks at the connection."""

_ANSWER = 5.0
_log = structlog.get_logger()


async def lead(
    url: str, role: str, work: Callable[[], Awaitable[None]], bell: asyncio.Event
) -> None:
    """Do the work while this process is the leader of the role; runs until cancelled.

    The lock lives as long as its connection: when that is lost, the work is cancelled at once.
    `bell` is set at every commit that is announced. The work may end, and begins again when its
    turn comes; when it fails for anything but the database, so does this.
    """
    while True:
        with suppress(*DATABASE_AWAY):
            connection = await _connect(url)
            try:
                await _wait_for_turn(connection, role)
                _log.info("leading", role=role)
                await connection.add_listener(CHANNEL, _ringing(bell))
                await _work_while_connected(connection, work)
            finally:
                connection.terminate()
        await asyncio.sleep(PAUSE * random.uniform(0.5, 1.5))


async def _connect(url: str) -> "asyncpg.Connection[Any]":
    return await asyncpg.connect(
        url,
        timeout=10,
        command_timeout=_ANSWER,
        server_settings={
            "tcp_keepalives_idle": "10",
            "tcp_keepalives_interval": "3",
            "tcp_keepalives_count": "3",
        },
    )


def _ringing(bell: asyncio.Event) -> Callable[..., None]:
    def ring(*_: object) -> None:
        bell.set()

    return ring


async def _wait_for_turn(connection: "asyncpg.Connection[Any]", role: str) -> None:
    lock = int.from_bytes(sha256(role.encode()).digest()[:8], signed=True)
    while not await connection.fetchval(  # noqa: ASYNC110 - nobody tells when it is free
        "select pg_try_advisory_lock($1)", lock
    ):
        await asyncio.sleep(PAUSE)


async def _work_while_connected(
    connection: "asyncpg.Connection[Any]", work: Callable[[], Awaitable[None]]
) -> None:
    working = asyncio.ensure_future(work())
    try:
        while not working.done():
            await asyncio.wait([working], timeout=PAUSE)
            await connection.fetchval("select 1")
    finally:
        working.cancel()
        await asyncio.wait([working])
    await working
