"""Ends a process whose consumer stands still although there is work: the client library may die
silently, with its partitions still in hand. The supervisor starts it again.
"""

import asyncio
import time
from typing import TYPE_CHECKING, Any

import structlog
from aiokafka.errors import KafkaError
from aiokafka.structs import TopicPartition

from .ending import end_process, end_process_if_blocked, never_mind
from .event_store import DATABASE_AWAY
from .telemetry import INBOX_LAG, PARKED

if TYPE_CHECKING:
    from .consuming import Subscription

_BLOCKED = 30.0
_log = structlog.get_logger()


class Watchdog:
    """Watches one subscription."""

    def __init__(self, subscription: "Subscription", bootstrap: str, patience: float) -> None:
        """Take what to watch, and how long it may stand still with work to do."""
        self._subscription, self._bootstrap, self._patience = subscription, bootstrap, patience
        self._seen: object = None
        self._since = time.monotonic()
        self._alarmed = False

    async def run(self) -> None:
        """Look once a second, until cancelled."""
        try:
            while True:
                end_process_if_blocked(_BLOCKED)
                await asyncio.sleep(1)
                await self._look()
        finally:
            never_mind()

    async def _look(self) -> None:
        subscription = self._subscription
        try:
            stored = await subscription.stored()  # before the ends: else "end < stored" lies
            ends, lag = await self._lag(stored)
            INBOX_LAG.labels(subscription.inbox.consumer, subscription.inbox.publisher).set(lag)
            await self._count_parked()
            if any(end < stored.get(partition, 0) for partition, end in ends.items()):
                await self._alarm()
        except (KafkaError, *DATABASE_AWAY):  # not our death; readiness tells of it
            self._since = time.monotonic()
            return
        seen = (stored, subscription.beats)
        if not lag or seen != self._seen:
            self._seen, self._since = seen, time.monotonic()
        elif time.monotonic() - self._since > self._patience * (1 if self._has_work() else 4):
            end_process("consumer_stands_still", topic=subscription.topic, lag=lag)

    async def _lag(
        self, stored: dict[TopicPartition, int]
    ) -> tuple[dict[TopicPartition, int], int]:
        """Compare with the topic's ends: of our partitions, or of all if we were given none."""
        consumer: Any = self._subscription.consumer
        partitions: list[TopicPartition] = list(consumer.assignment()) or self._all(consumer)
        ends = await asyncio.wait_for(consumer.end_offsets(partitions), 3)
        begins: dict[TopicPartition, int] = {}
        if unread := [partition for partition in partitions if partition not in stored]:
            begins = await asyncio.wait_for(consumer.beginning_offsets(unread), 3)
        lag = sum(max(0, ends[tp] - stored.get(tp, begins.get(tp, 0))) for tp in partitions)
        return ends, lag

    def _all(self, consumer: Any) -> list[TopicPartition]:
        topic = self._subscription.topic
        numbers: set[int] = consumer.partitions_for_topic(topic) or set()
        return [TopicPartition(topic, number) for number in numbers]

    def _has_work(self) -> bool:
        """Tell whether any partition is ours; a spare member has others to move the fences."""
        return bool(self._subscription.consumer.assignment())

    async def _alarm(self) -> None:
        """Say that Kafka holds less than was applied; end the process if it is another Kafka."""
        from .consuming import cluster_id

        subscription = self._subscription
        if not self._alarmed:
            self._alarmed = True
            _log.error(
                "kafka_holds_less_than_was_applied",
                topic=subscription.topic,
                means="The topic was wiped or made anew. Nothing of it is applied any more.",
            )
        if await cluster_id(self._bootstrap) != subscription.inbox.cluster:
            end_process("kafka_is_another_cluster", topic=subscription.topic)

    async def _count_parked(self) -> None:
        inbox = self._subscription.inbox
        waiting = await inbox.store.pool.fetchval(
            "select count(*) from parked where consumer = $1 and state = 'waiting'", inbox.consumer
        )
        PARKED.labels(inbox.consumer).set(waiting)
