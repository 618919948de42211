"""The bus: the relay beside bare aiokafka sending the same bytes, consuming beside bare polling."""

import asyncio
import time
from contextlib import suppress
from typing import Any

import asyncpg
import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from chassis.changes import Put
from chassis.command_handling import CommandHandler
from chassis.consuming import Consumer
from chassis.decider import Decider
from chassis.event_store import EventStore
from chassis.reactions import Reactions
from chassis.relay import Relay

from .figures import Figure, beside
from .ground import Ground, log_of
from .weights import WeightMoved, fill

_TABLE = """
create table if not exists last_moved (weight uuid primary key, number int not null);
grant select, insert, update, delete on last_moved to "{app}";
"""
_NOBODY = Decider[Any, Any, Any]("nobody", None, lambda _c, _s: [], lambda s, _e: s, ())


async def relaying(ground: Ground, events: int, rounds: int) -> Figure:
    """Publish a whole log, cursor moved after the acknowledgements."""
    database = await ground.database("relay")
    async with log_of(ground.url(database), [WeightMoved]) as store:
        await fill(store, events)
        records = await _records(store)

        async def relayed() -> float:
            topic = await ground.topic()
            await store.pool.execute("delete from cursors where reader = 'relay'")
            relay = Relay("bench", store, ground.url(database), ground.kafka.bootstrap, topic)
            return await _until_cursor(store, relay)

        ours, bare = await beside(relayed, lambda: _sent(ground, records), rounds)
    return Figure("relay, log to Kafka", "events/s", ours, bare, "bare aiokafka send", 0.8, 40_000)


async def _until_cursor(store: EventStore, relay: Relay) -> float:
    """Time from the first move of the cursor to the end: leading and connecting are not counted."""
    running = asyncio.create_task(relay.run())
    head, began, first = await store.head(), 0.0, 0
    try:
        while True:
            at = await store.pool.fetchval("select position from cursors where reader = 'relay'")
            if at and not began:
                began, first = time.perf_counter(), at
            if at == head:
                return (head - first) / (time.perf_counter() - began)
            await asyncio.sleep(0.005)
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def _records(store: EventStore) -> list[Any]:
    relay = Relay("bench", store, "", "")
    rows = await store.pool.fetch("select * from events order by position")
    return [relay.record(row)[:3] for row in rows]


async def _sent(ground: Ground, records: list[Any]) -> float:
    topic = await ground.topic()
    producer: Any = AIOKafkaProducer(
        bootstrap_servers=ground.kafka.bootstrap,
        enable_idempotence=True,
        acks="all",
        compression_type="lz4",
        max_batch_size=131_072,
        linger_ms=0,
    )
    await producer.start()
    began = time.perf_counter()
    for at in range(0, len(records), 1000):
        page = records[at : at + 1000]
        acks = [await producer.send(topic, v, k, headers=h) for k, v, h in page]
        await asyncio.gather(*acks)
    rate = len(records) / (time.perf_counter() - began)
    await producer.stop()
    return rate


async def consuming(ground: Ground, events: int, rounds: int) -> Figure:
    """Apply a topic to a table, fence and rows in one transaction, by one process."""
    source, database = await ground.database("source"), await ground.database("shelf")
    topic = await ground.topic()
    owner = await asyncpg.connect(ground.url(database, "owner"))
    await owner.execute(_TABLE.format(app=f"{database}_app"))
    await owner.close()
    async with log_of(ground.url(source), [WeightMoved]) as store:
        await fill(store, events)
        relay = Relay("bench", store, ground.url(source), ground.kafka.bootstrap, topic)
        await _until_cursor(store, relay)
    async with log_of(ground.url(database), []) as store:
        ours, bare = await beside(
            lambda: _consumed(ground, store, topic, events),
            lambda: _polled(ground, store, topic, events),
            rounds,
        )
    against = "bare aiokafka and INSERT"
    return Figure("consume into a table", "events/s", ours, bare, against, least=20_000)


def _reactions() -> Reactions:
    react = Reactions()

    @react.to(WeightMoved)
    def note(moved: WeightMoved) -> Put:
        return Put("last_moved", {"weight": moved.weight}, {"number": moved.number})

    return react


async def _consumed(ground: Ground, store: EventStore, topic: str, events: int) -> float:
    await store.pool.execute("delete from fences; delete from last_moved")
    consumer = Consumer(
        f"bench-{time.time_ns()}",
        _reactions(),
        store,
        CommandHandler(store, _NOBODY),
        ground.kafka.bootstrap,
        topics={"motcua.bench": topic},
    )
    running = asyncio.create_task(consumer.run())
    began, first = 0.0, 0
    try:
        while True:
            done = await store.pool.fetchval("select coalesce(sum(next_offset), 0) from fences")
            if done and not began:
                began, first = time.perf_counter(), done
            if done >= events - 12:
                return float(done - first) / (time.perf_counter() - began)
            await asyncio.sleep(0.01)
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def _polled(ground: Ground, store: EventStore, topic: str, events: int) -> float:
    """Read JSON and upsert a row each, batch by batch; lost or doubled after a crash."""
    react = _reactions()
    statement = Put("last_moved", {"weight": 0}, {"number": 0}).statement()
    consumer: Any = AIOKafkaConsumer(
        topic, bootstrap_servers=ground.kafka.bootstrap, auto_offset_reset="earliest"
    )
    await consumer.start()
    done, began = 0, time.perf_counter()
    try:
        while done < events - 12:
            polled = await consumer.getmany(timeout_ms=1000, max_records=500)
            for records in polled.values():
                await store.pool.execute(statement, _last_rows(react, records))
                done += len(records)
    finally:
        await consumer.stop()
    return done / (time.perf_counter() - began)


def _last_rows(react: Reactions, records: list[Any]) -> str:
    moved = [react.read(WeightMoved.wire_name, record.value) for record in records]
    rows = {m.weight: m.number for m in moved if isinstance(m, WeightMoved)}
    return orjson.dumps([{"weight": str(w), "number": n} for w, n in rows.items()]).decode()
