"""Kafka → reactions: one subscriber for each topic a service reacts to; `inbox.py` does the rest.

FastStream swallows what a handler raises and moves on, so nothing may leave the handler here:
whatever happens, it ends with the fence moved or with a seek to where the fence stands.
"""

import asyncio
import logging
import random
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import structlog
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.coordinator.assignors.sticky.sticky_assignor import StickyPartitionAssignor
from aiokafka.errors import KafkaError
from aiokafka.structs import TopicPartition
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaAckableMessage

from .command_handling import CommandHandler
from .deliveries import Delivery, by_partition, delivery_of
from .event_store import EventStore
from .failures import cause_in_words
from .inbox import Inbox
from .noise import calm
from .reactions import Reactions, publisher_of
from .topic_tail import partitions_of
from .watchdog import Watchdog

_OFTEN = 5
_NOW_AND_THEN = 1.0
"""Seconds between two words to the tools that watch the lag; no batch waits for them."""
_log = structlog.get_logger()


class Consumer:
    """Takes what other services publish, for one service, while `run` runs."""

    def __init__(
        self,
        service: str,
        reactions: Reactions,
        store: EventStore,
        commands: CommandHandler[Any, Any, Any],
        bootstrap: str,
        *,
        topics: Mapping[str, str] | None = None,
        session: float = 10,
        patience: float = 15,
    ) -> None:
        """Take the service's parts. `topics` gives topics other names; `session` is how long the
        group waits for a silent member, `patience` how long one may stand still with work to do.
        """
        self._bootstrap, self._patience = bootstrap, patience
        names = topics or {}
        self.broker = KafkaBroker(
            bootstrap,
            allow_auto_create_topics=False,
            consumer_only=True,
            graceful_timeout=1.5,
            apply_types=False,
            logger=logging.getLogger(__name__),  # the library's own has a handler of its own
        )
        self.subscriptions = [
            Subscription(
                self.broker,
                names.get(topic, topic),
                Inbox(service, publisher_of(topic), reactions, store, commands),
                session,
            )
            for topic in reactions.topics
        ]

    @property
    def started(self) -> bool:
        """Whether the broker has taken every subscription."""
        return all(subscription.consumer is not None for subscription in self.subscriptions)

    async def run(self) -> None:
        """Consume until cancelled; waits for a broker that is away."""
        calm("aiokafka", "chassis")
        await self._start()
        try:
            async with asyncio.TaskGroup() as tasks:
                for subscription in self.subscriptions:
                    watchdog = Watchdog(subscription, self._bootstrap, self._patience)
                    tasks.create_task(watchdog.run())
                    tasks.create_task(subscription.tell_lag_tools())
        finally:
            await self.broker.stop()

    async def _start(self) -> None:
        while True:
            try:
                cluster = await cluster_id(self._bootstrap)
                for subscription in self.subscriptions:
                    subscription.inbox.cluster = cluster
                    # The client would hear of a topic that is made later only after minutes.
                    await partitions_of(self._bootstrap, subscription.topic)
                await self.broker.start()
            except (KafkaError, OSError) as cause:
                _log.warning("kafka_away", bootstrap=self._bootstrap, cause=repr(cause))
                await self.broker.stop()
                await asyncio.sleep(1)
            else:
                return


async def cluster_id(bootstrap: str) -> str:
    """Ask which cluster this is: a new one counts its offsets anew."""
    admin: Any = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        await admin.start()
        return (await admin.describe_cluster())["cluster_id"]
    finally:
        await admin.close()


class Subscription:
    """One topic's records, polled by FastStream and given to the inbox partition by partition."""

    def __init__(self, broker: KafkaBroker, topic: str, inbox: Inbox, session: float) -> None:
        """Subscribe, in the one shape that loses nothing."""
        self.topic, self.inbox = topic, inbox
        self.beats = 0
        self._failures: dict[TopicPartition, int] = {}
        self._begun: set[TopicPartition] = set()
        self._applied: dict[TopicPartition, int] = {}
        self._beginnings: dict[TopicPartition, int] = {}
        subscriber: Any = broker.subscriber(
            topic,
            group_id=inbox.consumer,
            batch=True,
            max_records=500,
            batch_timeout_ms=10,
            ack_policy=AckPolicy.MANUAL,
            auto_offset_reset="earliest",
            session_timeout_ms=int(session * 1000),
            heartbeat_interval_ms=1_000,
            rebalance_timeout_ms=60_000,
            partition_assignment_strategy=(_assignor(),),
            parser=self._keep_raw,
            decoder=_as_records,
        )
        subscriber(self._receive)
        self._subscriber = subscriber

    @property
    def consumer(self) -> Any:
        """The Kafka client's consumer; None before the start and after the end."""
        return self._subscriber.consumer

    async def stored(self) -> dict[TopicPartition, int]:
        """Read how far each partition has been applied."""
        rows = await self.inbox.store.pool.fetch(
            "select partition, next_offset from fences "
            "where consumer = $1 and topic = $2 and cluster = $3",
            self.inbox.consumer,
            self.topic,
            self.inbox.cluster,
        )
        return {TopicPartition(self.topic, row["partition"]): row["next_offset"] for row in rows}

    async def _keep_raw(self, records: Any) -> KafkaAckableMessage:
        """Parse nothing: a header that cannot be decoded must not stop the others."""
        return KafkaAckableMessage(
            body=b"",
            headers={},
            content_type=None,
            message_id="",
            correlation_id="",
            raw_message=records,
            consumer=self.consumer,
        )

    async def _receive(self, records: Sequence[Any]) -> None:
        for place, batch in by_partition([delivery_of(record) for record in records]).items():
            partition = TopicPartition(*place)
            if await self._settled(partition, batch):
                self._applied[partition] = batch[-1].offset + 1

    async def _settled(self, partition: TopicPartition, batch: Sequence[Delivery]) -> bool:
        """Apply a batch of one partition; if it was not, seek to where the partition stands."""
        try:
            if await self._at_its_beginning(partition, batch) and await self.inbox.settle(batch):
                self._failures.pop(partition, None)
                return True
        except Exception as cause:
            _log.warning("not_applied", place=batch[0].place, cause=cause_in_words(cause))
        await self._resume(partition, batch)
        return False

    async def _at_its_beginning(self, partition: TopicPartition, batch: Sequence[Delivery]) -> bool:
        """Hold the first batch of a partition to its first record: the group's own offset may be
        that of a database that is gone.
        """
        if partition in self._begun:
            return True
        unknown = partition not in await self.stored()
        if unknown and batch[0].offset > await self._beginning(partition):
            return False
        self._begun.add(partition)
        return True

    async def _beginning(self, partition: TopicPartition) -> int:
        """Ask where a partition begins, and for all others with it: an answer may have to wait
        behind a poll, so that one by one they take seconds. Each is good for one use.
        """
        if partition not in self._beginnings:
            asked = {partition, *self.consumer.assignment()} - self._begun
            self._beginnings = await self.consumer.beginning_offsets(asked)
        return self._beginnings.pop(partition)

    async def _resume(self, partition: TopicPartition, batch: Sequence[Delivery]) -> None:
        """Go on from the fence. Retried for ever, while the partition is ours."""
        while self.consumer is not None and partition in self.consumer.assignment():
            await self._back_off(partition)
            try:
                stored = (await self.stored()).get(partition)
                if stored is None and partition not in self._begun:
                    stored = (await self.consumer.beginning_offsets([partition]))[partition]
                if self._failures[partition] % _OFTEN == 0:
                    _log.error("standing_still", place=batch[0].place, applied_up_to=stored)
                self.consumer.seek(partition, batch[0].offset if stored is None else stored)
            except Exception as cause:
                _log.warning("not_resumed", place=batch[0].place, cause=cause_in_words(cause))
            else:
                return

    async def _back_off(self, partition: TopicPartition) -> None:
        """Wait longer each time; the first refusal of a rebalance costs nothing."""
        failures = self._failures.get(partition, 0)
        self._failures[partition] = failures + 1
        self.beats += 1
        if failures:
            await asyncio.sleep(min(5.0, 0.05 * 2**failures) * random.uniform(0.5, 1.0))

    async def tell_lag_tools(self) -> None:
        """Tell the group now and then how far we are: nothing here reads it, errors are nothing."""
        while True:
            await asyncio.sleep(_NOW_AND_THEN)
            applied, self._applied = self._applied, {}
            assigned = self.consumer.assignment() if self.consumer else ()
            ours = {tp: offset for tp, offset in applied.items() if tp in assigned}
            if ours:
                with suppress(KafkaError, TimeoutError):
                    await asyncio.wait_for(self.consumer.commit(ours), 2)


async def _as_records(message: Any) -> Any:
    return message.raw_message


def _assignor() -> type[StickyPartitionAssignor]:
    """Give each consumer an assignor of its own: the class keeps its assignment in itself, and
    consumers of one process would claim each other's partitions.
    """
    return type("OwnStickyAssignor", (StickyPartitionAssignor,), {})
