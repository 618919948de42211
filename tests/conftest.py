"""Real servers for whoever asks: Postgres and Kafka, started once a session by the code `motcua up`
uses.

A server that does not start fails its tests; nothing is skipped. With
MOTCUA_TEST_SERVERS=containers the same tests run on the official images, through a Docker engine.
"""

import asyncio
import importlib
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from servers_at_hand import Database, NewDatabase, free_port

from chassis.database import lay_schema
from motcua.local.kafka import Kafka
from motcua.local.postgres import Postgres, make_database

CONTAINERS = os.environ.get("MOTCUA_TEST_SERVERS") == "containers"
TESTS = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep together what shares something: the journeys one province, a file its own fixtures.

    Tests run side by side in a few processes, each with servers of its own.
    """
    for item in items:
        place = item.path.relative_to(TESTS)
        group = place.parts[0] if place.parts[0] == "journeys" else str(place)
        item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session")
def state() -> Iterator[Path]:
    """A folder for the servers' data, gone afterwards; reachable by the servers' own users."""
    folder = Path(tempfile.mkdtemp(prefix="motcua-tests-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres(state: Path) -> Iterator[Postgres]:
    """A Postgres server."""
    if CONTAINERS:
        yield from _postgres_container()
        return
    server = Postgres(state / "postgres", free_port())
    asyncio.run(server.start())
    yield server
    asyncio.run(server.stop())


@pytest.fixture(scope="session")
def kafka(state: Path) -> Iterator[Kafka]:
    """A Kafka broker."""
    if CONTAINERS:
        yield from _kafka_container()
        return
    broker = Kafka(state / "kafka", free_port(), free_port())
    asyncio.run(broker.start())
    yield broker
    asyncio.run(broker.stop())


@pytest.fixture
async def database(postgres: Postgres) -> AsyncIterator[NewDatabase]:
    """Make databases: `await database("submission")` clones a service's, or lays
    the schemas given.
    """
    made: list[str] = []

    async def make(service: str, schemas: Sequence[Path] | None = None) -> Database:
        template = f"{service}_template" if schemas is None else f"{service}_{uuid4().hex[:8]}"
        server = postgres.url()
        connection = await asyncpg.connect(server)
        try:
            if schemas is not None or not await _exists(connection, template):
                await _lay(server, postgres.url(template), template, service, schemas)
            name = f"{service}_{uuid4().hex[:12]}"
            await connection.execute(
                f'create database "{name}" template "{template}" owner "{template}_owner"'
            )
        finally:
            await connection.close()
        made.append(name)
        return Database(name, server, template)

    yield make
    connection = await asyncpg.connect(postgres.url())
    for name in made:
        await connection.execute(f'drop database if exists "{name}" with (force)')
    await connection.close()


async def _exists(connection: "asyncpg.Connection[Any]", name: str) -> bool:
    return bool(
        await connection.fetchval(
            "select exists (select from pg_database where datname = $1)", name
        )
    )


async def _lay(
    server: str, url: str, template: str, service: str, schemas: Sequence[Path] | None
) -> None:
    await make_database(server, template)
    if schemas is None:
        schemas = getattr(importlib.import_module(f"services.{service}.main"), service).schemas
    owner = url.replace("postgres@", f"{template}_owner@", 1)
    await lay_schema(owner, f"{template}_app", schemas or ())


@pytest.fixture
async def topic(kafka: Kafka) -> Callable[..., Awaitable[str]]:
    """Make topics with names of their own: `await topic("motcua.submission")`."""

    async def make(prefix: str = "test", partitions: int = 3) -> str:
        name = f"{prefix}.{uuid4().hex[:10]}"
        admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
        await admin.start()
        try:
            await admin.create_topics([NewTopic(name, partitions, 1)])
        finally:
            await admin.close()
        return name

    return make


def _postgres_container() -> Iterator[Any]:
    from testcontainers.postgres import PostgresContainer

    with PostgresContainer("postgres:18", username="postgres", password="postgres") as container:
        server = Postgres(Path("/nonexistent"), int(container.get_exposed_port(5432)))
        host = container.get_container_host_ip()
        server.url = lambda database="postgres", role="postgres": (  # type: ignore[method-assign]
            f"postgresql://{role}:postgres@{host}:{server.port}/{database}"
        )
        yield server


def _kafka_container() -> Iterator[Any]:
    from testcontainers.kafka import KafkaContainer

    with KafkaContainer("apache/kafka:4.3.0").with_kraft() as container:
        host, port = container.get_bootstrap_server().split(":")
        broker = Kafka(Path("/nonexistent"), int(port), 0)
        assert host in ("localhost", "127.0.0.1"), "the tests reach the broker on this machine"
        yield broker
