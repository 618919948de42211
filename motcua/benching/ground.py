"""Where benchmarks run: a Postgres and a Kafka of their own, gone afterwards, with databases."""

import asyncio
import base64
import shutil
import socket
import tempfile
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from chassis.changes import Scribe
from chassis.codec import Codec
from chassis.database import lay_schema, open_pool
from chassis.event_store import EventStore
from chassis.personal import MasterKeys
from chassis.settings import PORTS
from contracts.event import Event
from motcua.local.kafka import Kafka
from motcua.local.postgres import Postgres, make_database

KEYS = "bench:" + base64.b64encode(bytes(range(32))).decode()


@dataclass(frozen=True)
class Ground:
    """The servers, while the benchmarks run."""

    postgres: Postgres
    kafka: Kafka

    async def database(self, service: str, schemas: Sequence[Path] = ()) -> str:
        """Make a database with a service's tables; gives its name."""
        name = f"{service}_{uuid4().hex[:8]}"
        await make_database(self.postgres.url(), name)
        await lay_schema(self.postgres.url(name, f"{name}_owner"), f"{name}_app", schemas)
        return name

    def url(self, database: str, role: str = "app") -> str:
        """Give a database's address for its `app` or its `owner`."""
        return self.postgres.url(database, f"{database}_{role}")

    async def topic(self, partitions: int = 12) -> str:
        """Make a topic."""
        name = f"bench.{uuid4().hex[:8]}"
        admin = AIOKafkaAdminClient(bootstrap_servers=self.kafka.bootstrap)
        await admin.start()
        try:
            await admin.create_topics([NewTopic(name, partitions, 1)])
        finally:
            await admin.close()
        return name


def free_port() -> int:
    """Find a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def free_block() -> int:
    """Find a port after which a whole block is free, as far as can be told."""
    while True:
        first = free_port()
        if first < 60_000 and all(_is_free(first + n) for n in range(len(PORTS) + 1)):
            return first


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _home() -> Path:
    """Make a folder that the servers' own users reach."""
    home = Path(tempfile.mkdtemp(prefix="motcua-bench-"))
    home.chmod(0o755)
    return home


@asynccontextmanager
async def ground() -> AsyncGenerator[Ground]:
    """Start the servers; stop them and remove their data at the end."""
    home = _home()
    postgres = Postgres(home / "postgres", free_port())
    kafka = Kafka(home / "kafka", free_port(), free_port())
    try:
        await postgres.start()
        await kafka.start()
        yield Ground(postgres, kafka)
    finally:
        await kafka.stop()
        await postgres.stop()
        shutil.rmtree(home, ignore_errors=True)


@asynccontextmanager
async def log_of(url: str, events: Sequence[type[Event]]) -> AsyncGenerator[EventStore]:
    """Open a log and run its writer."""
    pool: asyncpg.Pool[Any] = await open_pool(url, 8)
    store = EventStore(pool, Scribe(Codec(events), MasterKeys.from_text(KEYS)))
    writer = asyncio.create_task(store.run())
    try:
        yield store
    finally:
        writer.cancel()
        with suppress(asyncio.CancelledError):
            await writer
        await pool.close()
