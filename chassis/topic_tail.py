"""Whether a topic's end agrees with the log it was published from.

A topic that is ahead of the log, or tells of another event at a position of the log, means that
the database was restored to the past: publishing on would tell two histories.
"""

import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import UnknownTopicOrPartitionError
from aiokafka.structs import ConsumerRecord, TopicPartition

from contracts.envelope import Envelope, NotAnEvent, read_envelope

from .event_store import EventStore

_LOOK_BACK = 20
"""Records looked at from the end of a partition, should the last one not be ours."""

_PATIENCE = 30.0

Record = ConsumerRecord[bytes | None, bytes | None]


class TopicUnreadable(Exception):
    """The ends of the topic's partitions did not arrive in time."""


@dataclass(frozen=True, slots=True)
class Tail:
    """The end of a topic: whether anything was ever written to it, and each partition's last
    event of ours.
    """

    untouched: bool
    last: tuple[Envelope, ...]


async def read_tail(bootstrap: str, topic: str, service: str) -> Tail:
    """Read the last event of every partition."""
    partitions = await partitions_of(bootstrap, topic)
    consumer: Any = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    await consumer.start()
    try:
        ends: dict[TopicPartition, int] = await consumer.end_offsets(partitions)
        begins: dict[TopicPartition, int] = await consumer.beginning_offsets(partitions)
        found = await _last_records(consumer, begins, ends)
    finally:
        await consumer.stop()
    last = [_last_of_ours(records, service) for records in found.values()]
    return Tail(not any(ends.values()), tuple(envelope for envelope in last if envelope))


async def partitions_of(bootstrap: str, topic: str) -> list[TopicPartition]:
    """List a topic's partitions; UnknownTopicOrPartitionError if there is no such topic."""
    admin: Any = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        await admin.start()
        found = (await admin.describe_topics([topic]))[0]["partitions"]
    finally:
        await admin.close()
    if not found:
        raise UnknownTopicOrPartitionError(topic)
    return [TopicPartition(topic, number) for number in sorted(p["partition"] for p in found)]


async def _last_records(
    consumer: Any, begins: dict[TopicPartition, int], ends: dict[TopicPartition, int]
) -> dict[TopicPartition, list[Record]]:
    wanted = {tp: end for tp, end in ends.items() if end > begins[tp]}
    found: dict[TopicPartition, list[Record]] = {tp: [] for tp in wanted}
    consumer.assign(list(wanted))
    for tp, end in wanted.items():
        consumer.seek(tp, max(begins[tp], end - _LOOK_BACK))
    deadline = time.monotonic() + _PATIENCE
    while missing := [tp for tp, end in wanted.items() if not _reaches(found[tp], end)]:
        if time.monotonic() > deadline:
            raise TopicUnreadable(str(missing))
        for tp, records in (await consumer.getmany(timeout_ms=500)).items():
            found[tp] += records
    return found


def _reaches(records: list[Record], end: int) -> bool:
    return bool(records) and records[-1].offset >= end - 1


def _last_of_ours(records: list[Record], service: str) -> Envelope | None:
    for record in reversed(records):
        try:
            envelope = read_envelope(record.headers)
        except NotAnEvent:
            continue
        if envelope.service == service:
            return envelope
    return None


async def disagreement(store: EventStore, tail: Tail) -> str | None:
    """Tell where the topic's end and the log part ways; None if they agree."""
    positions = [envelope.position for envelope in tail.last]
    rows = await store.pool.fetch(
        "select position, event_id from events where position = any($1)", positions
    )
    logged: dict[int, UUID] = {row["position"]: row["event_id"] for row in rows}
    for envelope in tail.last:
        ours = logged.get(envelope.position)
        if ours != envelope.event_id:
            known = f"the log has event {ours}" if ours else f"the log ends at {await store.head()}"
            return (
                f"the topic has event {envelope.event_id} at position {envelope.position}, {known}"
            )
    return None
