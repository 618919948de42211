"""Faults that need the whole way: a request, the log, the bus, and the log of somebody else."""

import shutil
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from servers_at_hand import Database, free_port
from toy_api import JARS_SCHEMA
from toy_jars import SHELF_SCHEMA, SOMEBODY, AddBead, jars
from toy_rig import asked, envelopes_on, kept_up, repeats, shelf_of, toy, until_seen

from motcua.local.kafka import Kafka

JAR = uuid4()
OTHERS = [uuid4() for _ in range(3)]


@pytest.fixture
async def source(database: Callable[..., Awaitable[Database]], tmp_path: Path) -> Database:
    """The toy's database."""
    schema = tmp_path / "jars.sql"
    schema.write_text(JARS_SCHEMA)
    return await database("toy", [schema])


@pytest.fixture
async def place(database: Callable[..., Awaitable[Database]], tmp_path: Path) -> Database:
    """A shelf's database."""
    schema = tmp_path / "shelf.sql"
    schema.write_text(SHELF_SCHEMA)
    return await database("shelf", [schema])


@pytest.fixture
def bus(tmp_path: Path) -> Kafka:
    """A broker of one's own, not started."""
    return Kafka(tmp_path / "kafka", free_port(), free_port())


async def test_a_request_whose_api_died_after_the_commit_is_answered_when_it_is_asked_again(
    source: Database,
) -> None:
    told = {"url": source.url("app"), "port": free_port()}
    request: dict[str, Any] = {
        "url": f"http://127.0.0.1:{told['port']}/jars/{JAR}/beads",
        "json": {"bead": 5},
        "headers": {"Idempotency-Key": "the-same-key"},
    }
    async with httpx.AsyncClient(trust_env=False) as client:
        async with toy("api", told, crash="append.after_commit") as api:
            with pytest.raises(httpx.TransportError):
                await client.post(**request)
            await api.killed()
        async with toy("api", told):
            answers = [await client.post(**request) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json() == {"id": str(JAR), "version": 2, "number": None}
    assert len(await asked(source, "select 1 from events where type like '%bead-added%'")) == 1
    assert len(await asked(source, "select 1 from jars where beads = 1")) == 1


async def fill(source: Database, number: int) -> None:
    """Put beads into four jars."""
    async with jars(source.url("app")) as commands:
        for n in range(number):
            jar = (JAR, *OTHERS)[n % 4]
            await commands.handle(jar, AddBead(jar, 20 + n), SOMEBODY)


async def each_effect_once(source: Database, place: Database) -> None:
    """Judge: every bead of the toy's log is in the shelf's once, each jar's in order."""
    rows = await asked(
        source,
        "select stream, convert_from(data, 'UTF8')::jsonb ->> 'bead' as bead from events "
        "where type like '%bead-added%' order by position",
    )
    await until_seen(place, len(rows))
    seen = await shelf_of(place)
    assert set(seen.times.values()) == {1}, "an effect was doubled"
    for jar in (JAR, *OTHERS):
        told = [int(row["bead"]) for row in rows if row["stream"] == f"jar-{jar}"]
        assert seen.beads[jar] == told


async def test_a_relay_killed_after_sending_doubles_records_and_no_effect(
    source: Database, place: Database, kafka: Kafka, topic: Callable[..., Awaitable[str]]
) -> None:
    name = await topic("motcua.toy")
    told = {"kafka": kafka.bootstrap, "topic": name, "name": f"shelf-{name}"}
    publishing = told | {"url": source.url("app")}
    async with toy("consumer", told | {"url": place.url("app")}):
        for _ in range(2):
            await fill(source, 40)
            async with toy("relay", publishing, crash="relay.after_send") as relay:
                await relay.killed()
        async with toy("relay", publishing):
            await each_effect_once(source, place)
    assert repeats(await envelopes_on(kafka.bootstrap, name)) > 0, "the fault was not met"


async def test_a_bus_that_lost_everything_is_filled_again_and_no_effect_is_doubled(
    source: Database, place: Database, bus: Kafka
) -> None:
    told = {"kafka": bus.bootstrap, "topic": "motcua.toy", "name": "shelf"}
    async with AsyncExitStack() as stack:
        await bus.start()
        stack.push_async_callback(bus.stop)
        await make_topic(bus)
        await stack.enter_async_context(kept_up("consumer", told | {"url": place.url("app")}))
        async with kept_up("relay", told | {"url": source.url("app")}):
            await fill(source, 80)
            await each_effect_once(source, place)
        await bus.kill()
        shutil.rmtree(bus.folder)
        await bus.start()
        await make_topic(bus)
        await fill(source, 20)
        async with kept_up("relay", told | {"url": source.url("app")}):
            await each_effect_once(source, place)
        assert await asked(place, "select 1 from parked") == []
    assert len(await asked(place, "select distinct cluster from fences")) == 1


async def make_topic(bus: Kafka) -> None:
    """Make the toy's topic."""
    admin: Any = AIOKafkaAdminClient(bootstrap_servers=bus.bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic("motcua.toy", 3, 1)])
    finally:
        await admin.close()
