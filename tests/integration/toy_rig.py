"""Processes of the toy to kill, freeze and wake; records to publish; and what came of them.

A judgement is made from outside: from what stands in Postgres and on the topic when all is quiet.
"""

import asyncio
import os
import signal
import sys
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import orjson
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from toy_jars import BeadAdded, Place

from chassis.topic_tail import partitions_of
from contracts.envelope import Envelope, read_envelope


class Toy:
    """One role of the toy in a process of its own."""

    def __init__(self, role: str, told: dict[str, Any], crash: str = "") -> None:
        """Name the role, what it is told, and the point at which it dies, if any."""
        self._argv = (sys.executable, "toy_process.py", role, orjson.dumps(told).decode())
        self._env = {**os.environ, "MOTCUA_ENV": "local", "MOTCUA_CRASH": crash}
        self.said: list[str] = []

    async def start(self) -> None:
        """Run it until it says so, or has ended."""
        self._process = await asyncio.create_subprocess_exec(
            *self._argv,
            env=self._env,
            cwd=Path(__file__).parent,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self._running = asyncio.Event()
        self._hearing = asyncio.create_task(self._hear())
        await asyncio.wait_for(self._running.wait(), 30)

    async def _hear(self) -> None:
        assert self._process.stdout
        async for line in self._process.stdout:
            self.said.append(line.decode(errors="replace").rstrip())
            if self.said[-1] == "running":
                self._running.set()
        self._running.set()

    async def ended(self) -> int:
        """Wait until it ends by itself; how it did."""
        return await self._process.wait()

    def says(self, words: str) -> bool:
        """Tell whether it said something."""
        return any(words in line for line in self.said)

    def freeze(self) -> None:
        """Stop it where it is."""
        self._process.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        """Let a frozen one go on."""
        self._process.send_signal(signal.SIGCONT)

    async def until_it_says(self, words: str) -> None:
        """Wait until it says something, half a minute at most."""
        async with asyncio.timeout(30):
            while not self.says(words):  # noqa: ASYNC110 - its lines are only read, not awaited
                await asyncio.sleep(0.05)

    async def killed(self) -> None:
        """Wait until it died at its crash point."""
        code = await asyncio.wait_for(self.ended(), 30)
        assert code == -signal.SIGKILL, (code, self.said)

    async def kill(self) -> None:
        """End it as a power cut would."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """Ask it to end."""
        await self._end(signal.SIGTERM)

    async def _end(self, how: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            self._process.send_signal(how)
            self._process.send_signal(signal.SIGCONT)
        try:
            await asyncio.wait_for(self._process.wait(), 10)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        await self._hearing


@asynccontextmanager
async def toy(role: str, told: dict[str, Any], crash: str = "") -> AsyncGenerator[Toy]:
    """Run one for the length of a block."""
    one = Toy(role, told, crash)
    await one.start()
    try:
        assert one.says("running"), "\n".join(one.said)
        yield one
    finally:
        await one.stop()


@asynccontextmanager
async def kept_up(role: str, told: dict[str, Any]) -> AsyncGenerator[list[Toy]]:
    """Run one as a supervisor does: started again whenever it ends. Gives all there were."""
    lives: list[Toy] = []

    async def keep() -> None:
        while True:
            lives.append(Toy(role, told))
            await lives[-1].start()
            await lives[-1].ended()
            await asyncio.sleep(0.3)

    keeping = asyncio.create_task(keep())
    try:
        yield lives
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
        if lives:
            await lives[-1].stop()


# What is published


@dataclass(frozen=True)
class Record:
    """A record as it goes on a topic."""

    key: bytes | None
    value: bytes | None
    headers: list[tuple[str, bytes]]


@dataclass
class Publisher:
    """Publishes beads as the toy's relay would; keeps what a shelf must have seen of them."""

    producer: Any
    topic: str
    position: int = 0
    versions: Counter[UUID] = field(default_factory=Counter[UUID])
    told: "defaultdict[UUID, list[int]]" = field(default_factory=lambda: defaultdict(list))

    def bead(self, jar: UUID, bead: int) -> Record:
        """Make the next event of the log: a bead in a jar."""
        self.told[jar].append(bead)
        event = BeadAdded(jar=jar, bead=bead)
        return self.record(jar, BeadAdded.wire_name, event.model_dump_json().encode())

    def record(self, jar: UUID, kind: str, value: bytes | None) -> Record:
        """Make the next event of the log, whatever it is."""
        self.position += 1
        self.versions[jar] += 1
        envelope = Envelope(
            event_id=uuid4(),
            type=kind,
            service="toy",
            stream=f"jar-{jar}",
            version=self.versions[jar],
            position=self.position,
            time=datetime.now(UTC),
            correlation="toy-correlation",
        )
        return Record(envelope.key.encode(), value, envelope.headers())

    async def send(self, *records: Record, partition: int | None = None) -> None:
        """Put records on the topic, in this order."""
        acks = [
            await self.producer.send(
                self.topic, r.value, r.key, headers=r.headers, partition=partition
            )
            for r in records
        ]
        await asyncio.gather(*acks)

    async def beads(self, jars: Sequence[UUID], number: int) -> None:
        """Publish the next beads of some jars, by turns."""
        first = self.position
        await self.send(
            *(self.bead(jars[n % len(jars)], 20 + (first + n) % 600) for n in range(number))
        )


@asynccontextmanager
async def publisher(bootstrap: str, topic: str) -> AsyncGenerator[Publisher]:
    """Publish for the length of a block."""
    producer: Any = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all")
    await producer.start()
    try:
        yield Publisher(producer, topic)
    finally:
        await producer.stop()


async def records_on(bootstrap: str, topic: str) -> list[Any]:
    """Read a topic from its beginning to its present end."""
    partitions = await partitions_of(bootstrap, topic)
    consumer: Any = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    await consumer.start()
    try:
        begins = await consumer.beginning_offsets(partitions)
        ends = await consumer.end_offsets(partitions)
        consumer.assign(partitions)
        for tp in partitions:
            consumer.seek(tp, begins[tp])
        found: list[Any] = []
        while any([await consumer.position(tp) < ends[tp] for tp in partitions]):
            for records in (await consumer.getmany(timeout_ms=200)).values():
                found += records
        return found
    finally:
        await consumer.stop()


async def envelopes_on(bootstrap: str, topic: str) -> list[Envelope]:
    """Read the envelopes of all that is on a topic, partition by partition."""
    records = await records_on(bootstrap, topic)
    return [
        read_envelope(r.headers) for r in sorted(records, key=lambda r: (r.partition, r.offset))
    ]


def repeats(envelopes: Iterable[Envelope]) -> int:
    """Count the events that are on the topic more than once."""
    return sum(times - 1 for times in Counter(e.event_id for e in envelopes).values())


def versions_told(envelopes: Iterable[Envelope]) -> dict[str, list[int]]:
    """Give the versions of each stream in the order in which they were told first."""
    told: defaultdict[str, list[int]] = defaultdict(list)
    for envelope in envelopes:
        if envelope.version not in told[envelope.stream]:
            told[envelope.stream].append(envelope.version)
    return dict(told)


async def versions_logged(place: Place) -> dict[str, list[int]]:
    """Give the versions of each stream's public events, as its log has them."""
    rows = await asked(
        place, "select stream, version from events where public order by stream, version"
    )
    logged: defaultdict[str, list[int]] = defaultdict(list)
    for row in rows:
        logged[row["stream"]].append(row["version"])
    return dict(logged)


# What came of it


async def asked(place: Place, query: str, *values: object) -> list[Any]:
    """Ask a database as its superuser."""
    connection = await asyncpg.connect(place.url("postgres"))
    try:
        return await connection.fetch(query, *values)
    finally:
        await connection.close()


@dataclass(frozen=True)
class Shelf:
    """What a shelf wrote down: each jar's beads in order, and how often each event was told."""

    beads: dict[UUID, list[int]]
    times: Counter[UUID]


async def shelf_of(place: Place) -> Shelf:
    """Read what a shelf wrote down."""
    rows = await asked(place, "select stream, data from events order by stream, version")
    beads: defaultdict[UUID, list[int]] = defaultdict(list)
    times: Counter[UUID] = Counter()
    for row in rows:
        seen = orjson.loads(row["data"])
        beads[UUID(row["stream"][-36:])].append(seen["bead"])
        times[UUID(seen["source"])] += 1
    return Shelf(dict(beads), times)


async def until_seen(place: Place, number: int) -> None:
    """Wait until a shelf has written down so many beads, a minute at most."""
    connection = await asyncpg.connect(place.url("postgres"))
    try:
        async with asyncio.timeout(60):
            while await connection.fetchval("select position from log_head") < number:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    finally:
        await connection.close()
