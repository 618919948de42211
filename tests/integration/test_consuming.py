"""Consuming on real Postgres and Kafka: each effect once, in order, whoever is killed meanwhile.

The shelf never looks whether it was told before, so whatever the chassis lets through twice, or
not at all, stands in its log.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from toy_jars import SHELF_SCHEMA, BeadAdded, Place, log, shelf, shelf_reactions
from toy_rig import Publisher, asked, kept_up, publisher, shelf_of, toy, until_seen

from chassis.command_handling import CommandHandler
from chassis.deliveries import Delivery
from chassis.inbox import Inbox
from chassis.parking import drop_parked, list_parked, retry_parked
from chassis.topic_tail import partitions_of
from motcua.local.kafka import Kafka
from motcua.local.postgres import Postgres

JARS = [uuid4() for _ in range(24)]


@pytest.fixture
async def place(database: Callable[..., Awaitable[Place]], tmp_path: Any) -> Place:
    """A shelf's database."""
    schema = tmp_path / "shelf.sql"
    schema.write_text(SHELF_SCHEMA)
    return await database("shelf", [schema])


@pytest.fixture
async def told(place: Place, kafka: Kafka, topic: Callable[..., Awaitable[str]]) -> dict[str, Any]:
    """What a shelf's consumer is told; its group is its own, not to wait for the dead of others."""
    return {
        "url": place.url("app"),
        "kafka": kafka.bootstrap,
        "topic": await topic("motcua.toy"),
        "name": f"shelf-{uuid4().hex[:8]}",
    }


async def each_effect_once_and_in_order(place: Place, published: Publisher) -> None:
    """Judge: the shelf wrote down what it was told, each event once, in each jar's order."""
    await until_seen(place, sum(len(beads) for beads in published.told.values()))
    seen = await shelf_of(place)
    assert set(seen.times.values()) == {1}, "an effect was doubled"
    assert seen.beads == published.told
    last = {row["jar"]: row["bead"] for row in await asked(place, "select * from last_bead")}
    assert last == {jar: beads[-1] for jar, beads in published.told.items()}
    assert await asked(place, "select * from parked") == []


async def test_two_processes_share_the_work_and_a_third_joins(
    place: Place, told: dict[str, Any]
) -> None:
    async with publisher(told["kafka"], told["topic"]) as published:
        await published.beads(JARS, 2000)
        async with toy("consumer", told), toy("consumer", told):
            await published.beads(JARS, 2000)
            await until_shared(told, 2)
            async with toy("consumer", told):
                await published.beads(JARS, 1000)
                await until_shared(told, 3)
            await published.beads(JARS, 1000)
            await each_effect_once_and_in_order(place, published)


async def until_shared(told: dict[str, Any], among: int) -> None:
    """Wait until the group has so many members, each with a partition."""
    admin: Any = AIOKafkaAdminClient(bootstrap_servers=told["kafka"])
    await admin.start()
    try:
        async with asyncio.timeout(30):
            while True:
                group = (await admin.describe_consumer_groups([told["name"]]))[0].groups[0]
                members = group[5]
                if group[2] == "Stable" and len(members) == among and all(m[4] for m in members):
                    return
                await asyncio.sleep(0.1)
    finally:
        await admin.close()


@pytest.mark.parametrize("point", ["consume.before_commit", "consume.after_commit"])
async def test_a_consumer_killed_around_its_commit_leaves_neither_gap_nor_double(
    place: Place, told: dict[str, Any], point: str
) -> None:
    async with publisher(told["kafka"], told["topic"]) as published:
        await published.beads(JARS, 600)
        async with toy("consumer", told, crash=point) as first:
            await first.killed()
        assert bool((await shelf_of(place)).times) is (point == "consume.after_commit")
        async with toy("consumer", told):
            await each_effect_once_and_in_order(place, published)


async def test_a_frozen_consumer_that_wakes_after_its_session_changes_nothing(
    place: Place, told: dict[str, Any]
) -> None:
    async with publisher(told["kafka"], told["topic"]) as published:
        stop = asyncio.Event()

        async def go_on() -> None:
            while not stop.is_set():
                await published.beads(JARS, 50)
                await asyncio.sleep(0.05)

        async with toy("consumer", told) as zombie, toy("consumer", told):
            await until_shared(told, 2)
            going_on = asyncio.create_task(go_on())
            await asyncio.sleep(0.5)
            zombie.freeze()
            await until_shared(told, 1)
            await asyncio.sleep(1)
            zombie.wake()
            await until_shared(told, 2)
            stop.set()
            await going_on
            await each_effect_once_and_in_order(place, published)


async def test_of_two_that_apply_the_same_records_one_is_refused(
    place: Place, told: dict[str, Any]
) -> None:
    async with publisher(told["kafka"], told["topic"]) as published:
        records = [published.bead(JARS[n % 5], 20 + n) for n in range(40)]
        batch = [
            Delivery("t", 0, offset, record.key, record.headers, record.value)
            for offset, record in enumerate(records)
        ]
        async with log(place.url("app"), shelf.events) as store:
            inboxes = [
                Inbox("shelf", "toy", shelf_reactions(), store, CommandHandler(store, shelf))
                for _ in range(4)
            ]
            outcomes = await asyncio.gather(*(inbox.apply(batch) for inbox in inboxes))
            assert sorted(outcomes) == [False, False, False, True]
            assert not await inboxes[0].apply(batch[10:])
        await each_effect_once_and_in_order(place, published)


async def test_events_told_up_to_five_times_have_their_effect_once(
    place: Place, told: dict[str, Any]
) -> None:
    async with publisher(told["kafka"], told["topic"]) as published:
        page = [published.bead(JARS[n % 7], 20 + n) for n in range(200)]
        for again in (200, 150, 200, 50):
            await published.send(*page[:again])
        await published.beads(JARS, 50)
        async with toy("consumer", told):
            await each_effect_once_and_in_order(place, published)


@pytest.mark.parametrize("ahead", [False, True], ids=["to the beginning", "past what was applied"])
async def test_offsets_that_the_group_lost_are_nothing_lost_and_nothing_doubled(
    place: Place, told: dict[str, Any], ahead: bool
) -> None:
    async with publisher(told["kafka"], told["topic"]) as published:
        await published.beads(JARS, 500)
        async with toy("consumer", told):
            await until_seen(place, 500)
        await published.beads(JARS, 50)
        await reset_group(told, to_the_end=ahead)
        await published.beads(JARS, 50)
        async with toy("consumer", told):
            await each_effect_once_and_in_order(place, published)


async def reset_group(told: dict[str, Any], *, to_the_end: bool) -> None:
    """Set a group's offsets, as somebody with the broker's tools may."""
    partitions = await partitions_of(told["kafka"], told["topic"])
    group: Any = AIOKafkaConsumer(
        bootstrap_servers=told["kafka"], group_id=told["name"], enable_auto_commit=False
    )
    await group.start()
    try:
        group.assign(partitions)
        ends = await group.end_offsets(partitions)
        await group.commit({tp: ends[tp] if to_the_end else 0 for tp in partitions})
    finally:
        await group.stop()


async def test_a_database_that_begins_anew_is_told_everything_whatever_the_group_remembers(
    place: Place, told: dict[str, Any], database: Callable[..., Awaitable[Place]], tmp_path: Any
) -> None:
    async with publisher(told["kafka"], told["topic"]) as published:
        await published.beads(JARS, 300)
        async with toy("consumer", told):
            await until_seen(place, 300)
        anew = await database("shelf", [tmp_path / "shelf.sql"])
        async with toy("consumer", told | {"url": anew.url("app")}):
            await published.beads(JARS, 50)
            await each_effect_once_and_in_order(anew, published)


async def test_connections_that_are_cut_and_a_database_that_is_killed_cost_nothing(
    place: Place, told: dict[str, Any], postgres: Postgres
) -> None:
    cut = "select pg_terminate_backend(pid) from pg_stat_activity where usename like 'shelf%_app'"
    async with (
        publisher(told["kafka"], told["topic"]) as published,
        kept_up("consumer", told) as lives,
    ):
        for _ in range(4):
            seen = published.position
            await published.beads(JARS, 800)
            await until_seen(place, seen + 1)
            await asked(place, cut)
        await until_seen(place, published.position)
        await postgres.kill()
        await published.beads(JARS, 400)
        await asyncio.sleep(0.5)
        await postgres.start()
        await each_effect_once_and_in_order(place, published)
    assert any(one.says("not_applied") for one in lives), "the faults met nobody"


def spoiled(published: Publisher) -> dict[str, Any]:
    """Make a record of every kind that cannot be applied, each of a jar of its own."""
    kind = BeadAdded.wire_name
    bead = BeadAdded(jar=uuid4(), bead=1).model_dump_json().encode()

    def event(value: bytes | None, kind: str = kind) -> Any:
        return published.record(uuid4(), kind, value)

    def with_header(name: str, value: bytes) -> Any:
        record = event(bead)
        headers = [(n, v) for n, v in record.headers if n != name]
        return replace(record, headers=[*headers, (name, value)])

    return {
        "bad JSON": event(b'{"jar":'),
        "no content": event(None),
        "not its type": event(b'{"jar": "x", "bead": "many"}'),
        "no headers": replace(event(bead), headers=[]),
        "bad position": with_header("ce_sequence", b"-1"),
        "bytes in a header": with_header("ce_type", b"\xff\xfe"),
        "another's topic": with_header("ce_source", b"/motcua/payment"),
        "wrong key": replace(event(bead), key=b"somebody-else"),
        "a bug of ours": event(orjson.dumps({"jar": uuid4(), "bead": 666})),
        "a rule of the table": event(orjson.dumps({"jar": uuid4(), "bead": 5000})),
    }


async def test_poison_is_parked_with_its_cause_and_everybody_else_goes_on(
    place: Place, told: dict[str, Any]
) -> None:
    async with publisher(told["kafka"], told["topic"]) as published:
        await published.beads(JARS, 48)
        bad = spoiled(published)
        await published.send(*bad.values(), partition=0)
        unknown = [
            published.record(JARS[0], f"toy.{name}", b"?") for name in ("x.v1", "bead-added.v2")
        ]
        await published.send(*unknown)
        await published.beads(JARS, 96)
        async with toy("consumer", told):
            await until_seen(place, 144)
            async with log(place.url("app"), shelf.events) as store:
                await until_parked(store.pool, len(bad))
        parked = await asked(place, "select cause, value from parked order by id")
        assert [row["value"] for row in parked] == [record.value for record in bad.values()]
        assert all(row["cause"] for row in parked)
        await asked(place, "delete from parked")
        await each_effect_once_and_in_order(place, published)


async def test_later_events_of_a_parked_aggregate_wait_and_a_retry_applies_them_in_order(
    place: Place, told: dict[str, Any]
) -> None:
    stuck, other = UUID(int=7), UUID(int=8)
    async with publisher(told["kafka"], told["topic"]) as published:
        await published.send(
            *(published.bead(stuck, bead) for bead in (21, 7, 22, 23)),
            *(published.bead(other, bead) for bead in (31, 32)),
            partition=1,
        )
        async with toy("consumer", told):
            await until_seen(place, 3)
            assert (await shelf_of(place)).beads == {stuck: [21], other: [31, 32]}
            await published.send(published.bead(stuck, 24), partition=1)
            async with log(place.url("app"), shelf.events) as store:
                parked = await until_parked(store.pool, 4)
                assert "waits behind" not in parked[0].cause
                assert all("waits behind" in one.cause for one in parked[1:])
                inbox = Inbox(
                    told["name"], "toy", shelf_reactions(), store, CommandHandler(store, shelf)
                )
                first = await retry_parked(inbox, parked[0].id, "perhaps")
                assert first.applied == 0 and first.stuck and first.stuck.id == parked[0].id
                await drop_parked(store.pool, parked[0].id, "there is no place for a seven")
                published.told[stuck].remove(7)
                assert (await retry_parked(inbox, parked[1].id, "its cause is gone")).applied == 3
                await published.send(published.bead(stuck, 25), partition=1)
                await until_seen(place, 7)
                assert await list_parked(store.pool) == []
        await asked(place, "delete from parked")
        await each_effect_once_and_in_order(place, published)


async def until_parked(pool: Any, number: int) -> Any:
    """Wait until so many records are parked."""
    async with asyncio.timeout(20):
        while len(parked := await list_parked(pool)) < number:  # noqa: ASYNC110 - nobody rings
            await asyncio.sleep(0.1)
    return parked
