"""The relay on real Postgres and Kafka: whatever happens, every public event goes out, in order."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError
from toy_jars import SOMEBODY, AddBead, Place, SlipNote, jars
from toy_rig import (
    Toy,
    asked,
    envelopes_on,
    records_on,
    repeats,
    versions_logged,
    versions_told,
)
from toy_rig import (
    toy as running,
)

from chassis.command_handling import CommandHandler
from contracts.envelope import read_envelope
from motcua.local.kafka import Kafka

Jars = CommandHandler[Any, Any, Any]
JARS = [uuid4() for _ in range(8)]


@pytest.fixture
async def place(database: Callable[..., Awaitable[Place]]) -> Place:
    """A database with a log and nothing else."""
    return await database("toy", [])


@pytest.fixture
async def handler(place: Place) -> AsyncIterator[Jars]:
    """The toy's commands, on that database."""
    async with jars(place.url("app")) as commands:
        yield commands


@pytest.fixture
async def told(place: Place, kafka: Kafka, topic: Callable[..., Awaitable[str]]) -> dict[str, Any]:
    """What a relay of that database is told."""
    return {"url": place.url("app"), "kafka": kafka.bootstrap, "topic": await topic("motcua.toy")}


async def fill(commands: Jars, number: int, among: Sequence[UUID] = JARS) -> None:
    """Put beads into jars, with a private note now and then."""

    async def fill_one(jar: UUID, beads: int) -> None:
        for bead in range(beads):
            await commands.handle(jar, AddBead(jar, 20 + bead), SOMEBODY)
            if bead % 3 == 0:
                await commands.handle(jar, SlipNote("chỉ mình tôi"), SOMEBODY)

    await asyncio.gather(*(fill_one(jar, number // len(among)) for jar in among))


async def until_published(place: Place, one: Toy | None = None) -> None:
    """Wait until the relay's cursor stands at the end of the log."""
    query = (
        "select c.position = h.position as done from log_head h left join cursors c "
        "on c.reader = 'relay'"
    )
    async with asyncio.timeout(80):
        while not (await asked(place, query))[0]["done"]:
            assert one is None or not one.says("beyond_repair"), one.said
            await asyncio.sleep(0.1)


async def test_every_public_event_goes_out_as_it_was_stored_in_the_order_of_its_key(
    place: Place, handler: Jars, told: dict[str, Any], kafka: Kafka
) -> None:
    await fill(handler, 160)
    async with running("relay", told) as relay:
        await fill(handler, 160)
        await until_published(place, relay)

    records = await records_on(kafka.bootstrap, told["topic"])
    envelopes = [read_envelope(record.headers) for record in records]
    stored = {
        row["event_id"]: row
        for row in await asked(place, "select event_id, position, data from events where public")
    }
    assert repeats(envelopes) == 0
    assert versions_told(envelopes) == await versions_logged(place)
    assert {e.event_id: e.position for e in envelopes} == {
        id_: row["position"] for id_, row in stored.items()
    }
    for record, envelope in zip(records, envelopes, strict=True):
        assert record.value == stored[envelope.event_id]["data"]
        assert record.key.decode() == envelope.stream[-36:]
    for number in {record.partition for record in records}:
        positions = [
            envelope.position
            for record, envelope in zip(records, envelopes, strict=True)
            if record.partition == number
        ]
        assert positions == sorted(positions), "a partition goes back in the log"


@pytest.mark.parametrize(
    ("point", "twice"), [("relay.after_send", True), ("relay.after_page", False)]
)
async def test_a_relay_killed_around_its_mark_sends_a_page_again_or_not_but_loses_nothing(
    place: Place, handler: Jars, told: dict[str, Any], kafka: Kafka, point: str, twice: bool
) -> None:
    for _ in range(2):
        await fill(handler, 80)
        async with running("relay", told, crash=point) as relay:
            await relay.killed()
    async with running("relay", told) as relay:
        await until_published(place, relay)
    envelopes = await envelopes_on(kafka.bootstrap, told["topic"])
    assert versions_told(envelopes) == await versions_logged(place)
    assert (repeats(envelopes) > 0) is twice


async def test_of_two_relays_one_publishes_and_the_other_takes_over_when_it_dies(
    place: Place, handler: Jars, told: dict[str, Any], kafka: Kafka
) -> None:
    async with running("relay", told) as first, running("relay", told) as second:
        await fill(handler, 80)
        await until_published(place)
        assert repeats(await envelopes_on(kafka.bootstrap, told["topic"])) == 0
        leader, spare = (first, second) if first.says("leading") else (second, first)
        assert not spare.says("leading")
        await leader.kill()
        await fill(handler, 80)
        await until_published(place)
        assert spare.says("leading")
    envelopes = await envelopes_on(kafka.bootstrap, told["topic"])
    assert versions_told(envelopes) == await versions_logged(place)


async def test_a_frozen_leader_that_wakes_up_after_it_was_replaced_neither_leads_nor_loses(
    place: Place, handler: Jars, told: dict[str, Any], kafka: Kafka
) -> None:
    async with running("relay", told) as old:
        await fill(handler, 40)
        await until_published(place)
        old.freeze()
        async with running("relay", told) as new:
            await fill(handler, 40)
            await asked(
                place,
                "select pg_terminate_backend(pid) from pg_locks "
                "where locktype = 'advisory' and granted and database = "
                "(select oid from pg_database where datname = current_database())",
            )
            await until_published(place)
            old.wake()
            await fill(handler, 80)
            await until_published(place)
            assert new.says("leading")
    envelopes = await envelopes_on(kafka.bootstrap, told["topic"])
    assert versions_told(envelopes) == await versions_logged(place)


async def test_a_relay_whose_cursor_another_moved_gives_way_and_goes_on_from_there(
    place: Place, handler: Jars, told: dict[str, Any], kafka: Kafka
) -> None:
    async with running("relay", told) as relay:
        await fill(handler, 40)
        await until_published(place, relay)
        await asked(place, "update cursors set position = position - 10 where reader = 'relay'")
        await fill(handler, 40)
        await relay.until_it_says("relay_cursor_moved")
        await until_published(place, relay)
    envelopes = await envelopes_on(kafka.bootstrap, told["topic"])
    assert versions_told(envelopes) == await versions_logged(place)
    assert repeats(envelopes) > 0, "what the other had not sent was taken for sent"


async def test_a_broker_that_is_killed_and_comes_back_gets_what_it_missed_once(
    place: Place, handler: Jars, told: dict[str, Any], kafka: Kafka
) -> None:
    async with running("relay", told) as relay:
        await fill(handler, 80)
        await until_published(place, relay)
        filling = asyncio.create_task(fill(handler, 800))
        await kafka.kill()
        try:
            await filling
        finally:
            await kafka.start()
        await until_published(place, relay)
    envelopes = await envelopes_on(kafka.bootstrap, told["topic"])
    assert versions_told(envelopes) == await versions_logged(place)
    assert repeats(envelopes) == 0


async def test_a_relay_started_before_its_broker_waits_for_it(
    place: Place, handler: Jars, told: dict[str, Any], kafka: Kafka
) -> None:
    await fill(handler, 16)
    await kafka.stop()
    try:
        async with running("relay", told) as relay:
            await relay.until_it_says("kafka_away")
            await kafka.start()
            await until_published(place, relay)
    finally:
        if kafka.pid is None:
            await kafka.start()
    envelopes = await envelopes_on(kafka.bootstrap, told["topic"])
    assert versions_told(envelopes) == await versions_logged(place)


async def test_to_a_topic_that_was_wiped_the_whole_history_is_published_again(
    place: Place, handler: Jars, told: dict[str, Any], kafka: Kafka
) -> None:
    await fill(handler, 80)
    async with running("relay", told) as relay:
        await until_published(place, relay)
    await wipe(kafka, told["topic"])
    await fill(handler, 8)
    async with running("relay", told) as relay:
        await relay.until_it_says("topic_is_new")
        await until_published(place, relay)
    envelopes = await envelopes_on(kafka.bootstrap, told["topic"])
    assert versions_told(envelopes) == await versions_logged(place)
    assert repeats(envelopes) == 0


async def wipe(kafka: Kafka, topic: str) -> None:
    """Delete a topic and make it anew."""
    admin: Any = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    try:
        await admin.delete_topics([topic])
        async with asyncio.timeout(10):
            while True:
                with suppress(TopicAlreadyExistsError):
                    await admin.create_topics([NewTopic(topic, 3, 1)])
                    return
                await asyncio.sleep(0.1)
    finally:
        await admin.close()


@pytest.mark.parametrize("written_since", [False, True], ids=["shorter", "another-history"])
async def test_a_database_restored_to_the_past_publishes_nothing_and_says_so(
    place: Place, told: dict[str, Any], kafka: Kafka, written_since: bool
) -> None:
    async with jars(place.url("app")) as commands:
        await fill(commands, 8)
    past = await copy_of(place)
    try:
        async with jars(place.url("app")) as commands:
            await fill(commands, 8)
        async with running("relay", told) as relay:
            await until_published(place, relay)
        before = await envelopes_on(kafka.bootstrap, told["topic"])

        if written_since:
            async with jars(past.url("app")) as commands:
                await fill(commands, 16)
        async with running("relay", told | {"url": past.url("app")}) as relay:
            await relay.until_it_says("restored_to_the_past")
            await asyncio.sleep(1)
        known = "the log has event" if written_since else "the log ends at"
        assert relay.says(known), relay.said
        assert await envelopes_on(kafka.bootstrap, told["topic"]) == before
    finally:
        await asked(replace_database(past), f'drop database "{database_of(past)}" with (force)')


def database_of(place: Any) -> str:
    """Name a place's database."""
    return place.name


def replace_database(place: Any, name: str = "postgres") -> Place:
    """Look at another database of the same server."""
    return replace(place, name=name)


async def copy_of(place: Any) -> Place:
    """Keep a database as it is now: a backup."""
    name = f"{place.name}_past"
    await asked(replace_database(place), f'create database "{name}" template "{place.name}"')
    return replace_database(place, name)
