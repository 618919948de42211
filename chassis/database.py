"""A service's own database: its schema laid by the owner, its pool, and the check that it keeps its
promises.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import asyncpg

from .appointments import SCHEMA as APPOINTMENTS
from .noise import calm

_STORE = Path(__file__).with_name("event_store.sql")
_PROMISES = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "data_checksums": "on",
}
_LAYING = 0x4D6F7443  # the advisory lock under which one process at a time lays the schema


class UnsafeDatabase(Exception):
    """The database is set up so that an acknowledged write may be lost: nothing is
    started on it.
    """


async def lay_schema(owner_url: str, app_role: str, service_schemas: Sequence[Path]) -> None:
    """Create or extend the tables of a service; every statement may be run again."""
    texts = [_STORE.read_text(), APPOINTMENTS, *(path.read_text() for path in service_schemas)]
    connection = await asyncpg.connect(owner_url)
    try:
        async with connection.transaction():
            await connection.execute("select pg_advisory_xact_lock($1)", _LAYING)
            for text in texts:
                await connection.execute(re.sub(r":app\b", f'"{app_role}"', text))
    finally:
        await connection.close()


async def open_pool(url: str, size: int) -> "asyncpg.Pool[Any]":
    """Open the run-time connections; a session that sleeps in a transaction is
    ended by the server.
    """
    calm("asyncpg")
    return await asyncpg.create_pool(
        url,
        min_size=1,
        max_size=size,
        command_timeout=30,
        reset=_as_it_was,
        server_settings={
            "idle_in_transaction_session_timeout": "5s",
            "jit": "off",
            "tcp_keepalives_idle": "10",
            "tcp_keepalives_interval": "3",
            "tcp_keepalives_count": "3",
            "timezone": "UTC",
        },
    )


async def _as_it_was(_: Any) -> None:
    """Nothing in a session is ever changed here, so nothing needs the round trip of a reset."""


async def check_promises(pool: "asyncpg.Pool[Any]") -> None:
    """Refuse a database that may lose what it acknowledged, or a role that could change history."""
    for name, wanted in _PROMISES.items():
        if (found := await pool.fetchval("select current_setting($1)", name)) != wanted:
            raise UnsafeDatabase(f"{name} is {found}; it must be {wanted}")
    mighty = await pool.fetchval(
        "select has_table_privilege('events', 'update') or has_table_privilege('events', 'delete')"
    )
    if mighty:
        raise UnsafeDatabase("this role may change the log; use the service's run-time role")
