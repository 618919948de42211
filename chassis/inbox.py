"""Applies the records of one topic for one service: each effect once, in the order of each key.

The fence (how far the partition has been applied) moves in the transaction of the effects, so it
alone says what happened. Whatever fails is read again from where the fence stands.
"""

import asyncio
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import structlog
from opentelemetry.trace import SpanKind

from contracts.envelope import Envelope, is_plain_id

from .append_call import Fence
from .blame import is_trouble
from .changes import Origin, Put, Unit
from .clock import utc_now
from .command_handling import CommandHandler
from .crash import crash
from .deliveries import Delivery, Told, Unreadable, addressed, parked_row, told
from .event_store import EventStore, Fenced, StreamMoved
from .failures import cause_in_words
from .following import units_of
from .reactions import Reactions
from .telemetry import CONSUMED, INBOX_AGE
from .tracing import Step, step

PAUSES = (0.0, 0.3, 1.0)
"""Seconds before each try of a record that fails alone; after the last one it is parked."""

_ALONE_AT_MOST = 60.0
_RACES = 3

_STANDING = """
    select f.next_offset, f.sequence, f.cluster = $4 as same_cluster, w.key, w.place
    from (select 1) one
    left join fences f on f.consumer = $1 and f.topic = $2 and f.partition = $3
    left join (
      select distinct on (key) key, topic || '/' || partition || '/' || record_offset as place
      from parked
      where consumer = $1 and topic = $2 and state = 'waiting' and key = any($5)
      order by key, id
    ) w on true
"""

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a partition stands: the next offset if any was applied, the highest position of the
    publisher's log, and who has records parked.
    """

    next_offset: int | None
    sequence: int
    parked: dict[str, str]


@dataclass(slots=True)
class Sorted:
    """A batch sorted: what to react to, what to park; `sequence` is where it leads."""

    sequence: int
    told: list[Told] = field(default_factory=list[Told])
    parked: list[Put] = field(default_factory=list[Put])
    repeated: int = 0
    ignored: int = 0


class Inbox:
    """The records of one topic, as one service takes them."""

    def __init__(
        self,
        consumer: str,
        publisher: str,
        reactions: Reactions,
        store: EventStore,
        commands: CommandHandler[Any, Any, Any],
    ) -> None:
        """Take who reads, whose topic it is, what follows, and where it is written."""
        self.consumer = consumer
        self.publisher = publisher
        self.reactions = reactions
        self.store = store
        self.commands = commands
        self.cluster = ""

    async def settle(self, batch: Sequence[Delivery]) -> bool:
        """Apply a batch of one partition, if need be record by record; park what fails alone.

        False: the fence stands elsewhere, read again from there. What it raises is the trouble of
        the database: nothing was parked for it, read again too.
        """
        try:
            return await self.apply(batch)
        except Exception as cause:
            if is_trouble(cause) and not isinstance(cause, StreamMoved):
                raise
            _log.warning("batch_failed", place=batch[0].place, cause=cause_in_words(cause))
        until = time.monotonic() + _ALONE_AT_MOST
        for delivery in batch:
            if time.monotonic() > until or not await self._settle_alone(delivery):
                return False
        return True

    async def _settle_alone(self, delivery: Delivery) -> bool:
        words = ""
        for pause in PAUSES:
            await asyncio.sleep(pause)
            try:
                return await self.apply([delivery])
            except Exception as cause:
                if is_trouble(cause):
                    raise
                words = cause_in_words(cause)
        return await self.apply([delivery], condemned=words)

    async def apply(self, batch: Sequence[Delivery], condemned: str = "") -> bool:
        """Apply a batch in one transaction, or nothing of it; False: the fence stands elsewhere.

        With `condemned` what would be reacted to is parked instead, for this cause.
        """
        races, aggregates = 0, [_aggregate(delivery) for delivery in batch]
        while True:
            standing = await self._standing(batch, aggregates)
            if standing.next_offset not in (None, batch[0].offset):
                return False
            sorted_ = self._sort(zip(batch, aggregates, strict=True), standing, condemned)
            steps = [self.step(one.envelope) for one in sorted_.told]
            units = await self.units(sorted_.told, steps)
            crash("consume.before_commit")
            try:
                await self._commit(batch, sorted_, units)
            except Fenced:
                return False
            except StreamMoved:
                races += 1
                if races == _RACES and len(batch) > 1:
                    raise  # one by one they have fewer rivals
                await asyncio.sleep(0.01)
                continue
            crash("consume.after_commit")
            self._count(sorted_)
            for one in steps:
                one.end()
            return True

    async def _standing(self, batch: Sequence[Delivery], aggregates: Sequence[str]) -> Standing:
        rows = await self.store.pool.fetch(
            _STANDING,
            self.consumer,
            batch[0].topic,
            batch[0].partition,
            self.cluster,
            list(set(aggregates)),
        )
        first = rows[0]
        parked = {row["key"]: row["place"] for row in rows if row["key"] is not None}
        offset = first["next_offset"] if first["same_cluster"] else None
        return Standing(offset, first["sequence"] or 0, parked)

    def _sort(
        self, batch: Iterable[tuple[Delivery, str]], standing: Standing, condemned: str
    ) -> Sorted:
        """Tell repeats, what is nothing to us, what must be parked, and what is to be done."""
        blocked = dict(standing.parked)
        sorted_ = Sorted(standing.sequence)
        for delivery, key in batch:
            cause = self._read_into(sorted_, delivery, condemned, blocked.get(key))
            if cause:
                row = parked_row(self.consumer, self.cluster, delivery, key, cause)
                sorted_.parked.append(row)
                blocked.setdefault(key, delivery.place)
        return sorted_

    def _read_into(
        self, sorted_: Sorted, delivery: Delivery, condemned: str, ahead: str | None
    ) -> str | None:
        """Sort one record; give the cause if it must be parked."""
        try:
            envelope = addressed(delivery, self.publisher)
            if envelope.position <= sorted_.sequence:
                sorted_.repeated += 1
                return None
            read = told(delivery, envelope, self.reactions)
        except Unreadable as cause:
            return cause_in_words(cause)
        sorted_.sequence = envelope.position
        if read.event is None:
            sorted_.ignored += 1
            return None
        if ahead:
            return f"waits behind {ahead}"
        if not condemned:
            sorted_.told.append(read)
        return condemned or None

    def read(self, delivery: Delivery) -> Told:
        """Read one record, whether or not it is a repeat."""
        return told(delivery, addressed(delivery, self.publisher), self.reactions)

    async def units(self, events: Sequence[Told], steps: Sequence[Step]) -> list[Unit]:
        """React to events and decide what follows, in memory; each under its step of a trace."""
        asked = [
            (self.reactions.react(one.event, one.envelope), self._origin(one.envelope, step))
            for one, step in zip(events, steps, strict=True)
            if one.event is not None
        ]
        return await units_of(self.store, self.commands, asked)

    def step(self, envelope: Envelope) -> Step:
        """Begin the step in which what follows from an event is decided and committed."""
        name = f"react {envelope.type}"
        return step(name, envelope.traceparent, SpanKind.CONSUMER, self.consumer)

    def _origin(self, envelope: Envelope, step: Step) -> Origin:
        return Origin(
            actor=f"service:{self.consumer}",
            correlation=envelope.correlation,
            causation=str(envelope.event_id),
            traceparent=step.traceparent,
        )

    async def _commit(
        self, batch: Sequence[Delivery], sorted_: Sorted, units: Sequence[Unit]
    ) -> None:
        fence = Fence(
            self.consumer,
            batch[0].topic,
            batch[0].partition,
            self.cluster,
            batch[0].offset,
            batch[-1].offset + 1,
            sorted_.sequence,
        )
        parked = [Unit(rows=tuple(sorted_.parked))] if sorted_.parked else []
        await self.store.append_strict([*units, *parked], fence)

    def _count(self, sorted_: Sorted) -> None:
        fates = {
            "applied": len(sorted_.told),
            "repeated": sorted_.repeated,
            "ignored": sorted_.ignored,
            "parked": len(sorted_.parked),
        }
        for fate, number in fates.items():
            CONSUMED.labels(self.consumer, self.publisher, fate).inc(number)
        for row in sorted_.parked:
            _log.error("parked", type=row.values["type"], cause=row.values["cause"], **row.key)
        if sorted_.told:
            age = (utc_now() - sorted_.told[-1].envelope.time).total_seconds()
            INBOX_AGE.labels(self.consumer, self.publisher).set(age)


def _aggregate(delivery: Delivery) -> str:
    """Give the aggregate that a record says it is about; if it does not say, its key."""
    for name, value in delivery.headers:
        if name == "ce_subject":
            with suppress(ValueError):
                name = value[-36:].decode()
                return name if is_plain_id(name) else str(UUID(name))
    return delivery.key_text
