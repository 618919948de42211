"""The log → Kafka: every public event, in the log's order, at least once.

The cursor moves only after the acknowledgements, by compare-and-swap: a crash between the two
sends a page again, and consumers drop the repeats. Nothing is ever skipped.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, cast
from uuid import UUID

import orjson
import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaConnectionError, KafkaError, KafkaTimeoutError
from aiokafka.partitioner import murmur2  # pyright: ignore[reportUnknownVariableType]
from opentelemetry.trace import SpanKind

from contracts.envelope import Envelope, Headers

from .clock import utc_now
from .crash import crash
from .ending import end_process
from .event_store import DATABASE_AWAY, EventStore
from .leader import lead
from .noise import calm
from .telemetry import RELAY_AGE, RELAY_LAG
from .topic_tail import Tail, TopicUnreadable, disagreement, read_tail
from .tracing import Step, step

PAGE = 1000
"""Events sent together: what a kill may send twice."""

POLL = 0.5
"""Seconds after which the relay looks by itself, should nobody have rung."""

_PAGE_OF_LOG = """
    select position, stream, version, event_id, type, public, recorded_at,
           case when public then data end as data, case when public then meta end as meta
    from events where position > $1 order by position limit $2
"""
_LAG = """
    select head.position - sent.position as events,
           (select recorded_at from events where position > sent.position
            order by position limit 1) as oldest
    from log_head head,
         (select coalesce(max(position), 0) as position from cursors where reader = 'relay') sent
"""

_log = structlog.get_logger()


class CursorMoved(Exception):
    """Somebody else moved the relay's cursor: this process does not lead any more."""


class Outgoing(NamedTuple):
    """An event as it goes out."""

    key: bytes
    value: bytes
    headers: Headers
    step: Step


@dataclass(frozen=True, slots=True)
class Page:
    """The events after a position: the public ones as they go out."""

    last: int
    records: list[Outgoing]


class Relay:
    """Publishes one service's log, while this process is the leader among its replicas.

    `stopped_because` says why it publishes nothing although it leads: the database was restored
    to the past, and somebody has to decide what is true.
    """

    def __init__(
        self, service: str, store: EventStore, url: str, bootstrap: str, topic: str | None = None
    ) -> None:
        """Take the log and the broker; `url` is for the connection that holds the leader's lock."""
        self._service = service
        self._store = store
        self._url = url
        self._bootstrap = bootstrap
        self._topic = topic or f"motcua.{service}"
        self._bell = asyncio.Event()
        self._position = 0
        self.stopped_because: str | None = None

    async def run(self) -> None:
        """Publish, whenever this process leads; runs until cancelled."""
        calm("aiokafka")
        measuring = asyncio.create_task(self._measure())
        try:
            self._producer = await self._started_producer()
            await self._lead()
        finally:
            measuring.cancel()

    async def _lead(self) -> None:
        try:
            await lead(self._url, "relay", self._publish, self._bell)
        finally:
            with suppress(TimeoutError):  # it would wait for the broker without limit
                await asyncio.wait_for(self._producer.stop(), 1.5)

    async def _started_producer(self) -> Any:
        while True:
            producer: Any = AIOKafkaProducer(
                bootstrap_servers=self._bootstrap,
                enable_idempotence=True,
                acks="all",
                compression_type="lz4",
                max_batch_size=131_072,
                linger_ms=0,
                partitioner=cast("Any", _partition),
            )
            try:
                await producer.start()
            except KafkaConnectionError:
                await producer.stop()
                _log.warning("kafka_away", bootstrap=self._bootstrap)
                await asyncio.sleep(1)
            else:
                return producer

    async def _publish(self) -> None:
        self._position = await self._cursor()
        while not await self._topic_agrees():  # noqa: ASYNC110 - said again every minute
            await asyncio.sleep(60)
        try:
            await self._send_pages()
        except CursorMoved:
            _log.warning("relay_cursor_moved", position=self._position)
        except KafkaError as cause:
            end_process("relay_beyond_repair", service=self._service, cause=repr(cause))

    async def _cursor(self) -> int:
        pool = self._store.pool
        await pool.execute("insert into cursors values ('relay', 0) on conflict do nothing")
        return await pool.fetchval("select position from cursors where reader = 'relay'")

    async def _topic_agrees(self) -> bool:
        """Compare the topic's end with the log; to a topic that is new, all is published again."""
        tail = await self._tail()
        self.stopped_because = await disagreement(self._store, tail)
        if self.stopped_because:
            _log.error(
                "restored_to_the_past",
                service=self._service,
                topic=self._topic,
                found=self.stopped_because,
                means="This database was restored to a point before what was already published. "
                "Nothing is published until somebody decides what is true.",
            )
        elif tail.untouched and self._position > 0:
            _log.warning("topic_is_new", topic=self._topic, published_again_from=0)
            await self._move_cursor(0)
        return self.stopped_because is None

    async def _tail(self) -> Tail:
        while True:
            try:
                return await read_tail(self._bootstrap, self._topic, self._service)
            except (KafkaError, TopicUnreadable) as cause:
                _log.warning("kafka_away", bootstrap=self._bootstrap, cause=repr(cause))
                await asyncio.sleep(1)

    async def _send_pages(self) -> None:
        page = await self._read(self._position)
        while True:
            if page.last == self._position:
                await self._wait_for_more()
                page = await self._read(self._position)
                continue
            following = asyncio.ensure_future(self._read(page.last))
            try:
                await self._send(page)
                crash("relay.after_send")
                await self._move_cursor(page.last)
                crash("relay.after_page")
                page = await following
            finally:
                following.cancel()

    async def _read(self, after: int) -> Page:
        rows = await self._store.pool.fetch(_PAGE_OF_LOG, after, PAGE)
        records = [self.record(row) for row in rows if row["public"]]
        return Page(rows[-1]["position"] if rows else after, records)

    def record(self, row: Any) -> Outgoing:
        """Give a row of the log as it goes out; its trace goes on from here."""
        meta = orjson.loads(row["meta"])
        stream: str = row["stream"]
        event_id: UUID = row["event_id"]
        recorded_at: datetime = row["recorded_at"]
        cause = meta.get("traceparent", "")
        sending = step(f"publish {row['type']}", cause, SpanKind.PRODUCER, self._service)
        envelope = Envelope(
            event_id=event_id,
            type=row["type"],
            service=self._service,
            stream=stream,
            version=row["version"],
            position=row["position"],
            time=recorded_at,
            correlation=meta.get("correlation", ""),
            causation=meta.get("causation", ""),
            traceparent=sending.traceparent,
        )
        return Outgoing(envelope.key.encode(), row["data"], envelope.headers(), sending)

    async def _send(self, page: Page) -> None:
        acks = [await self._queue(record) for record in page.records]
        await asyncio.gather(*acks)
        for record in page.records:
            record.step.end()

    async def _queue(self, record: Outgoing) -> "asyncio.Future[Any]":
        key, value, headers, _ = record
        while True:
            try:
                return await self._producer.send(self._topic, value, key, headers=headers)
            except KafkaTimeoutError:  # its partition's buffer is full; what is in it will go out
                _log.warning("relay_waits_for_kafka", service=self._service, topic=self._topic)

    async def _move_cursor(self, position: int) -> None:
        moved = await self._store.pool.execute(
            "update cursors set position = $2 where reader = 'relay' and position = $1",
            self._position,
            position,
        )
        if moved != "UPDATE 1":
            raise CursorMoved
        self._position = position

    async def _wait_for_more(self) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._bell.wait(), POLL)
        self._bell.clear()

    async def _measure(self) -> None:
        """Tell how far behind the bus is, whoever leads and above all while nobody can publish."""
        while True:
            with suppress(*DATABASE_AWAY):
                row = await self._store.pool.fetchrow(_LAG)
                assert row is not None
                age = (utc_now() - row["oldest"]).total_seconds() if row["oldest"] else 0.0
                RELAY_LAG.labels(self._service).set(row["events"])
                RELAY_AGE.labels(self._service).set(max(0.0, age))
            await asyncio.sleep(1)


def _partition(key: bytes, partitions: Sequence[int], _: Sequence[int]) -> int:
    """Choose as every Kafka client does."""
    return partitions[(_hash(key) & 0x7FFFFFFF) % len(partitions)]


@lru_cache(maxsize=10_000)  # the library's hash is slow, and an aggregate's events come together
def _hash(key: bytes) -> int:
    return murmur2(key)
