"""The clock role: does what is due. Errands, several at once, and the service's sweeps.

One process at a time, by the leader's lock. A frozen leader that wakes up may do an errand once
more, but its outcome is recorded once.
"""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import structlog

from .blame import is_trouble
from .changes import Amend, Claim, Origin, Unit
from .clock import utc_now
from .command_handling import CommandHandler
from .crash import crash
from .errands import Errand, Hopeless, Job, Sweep
from .event_store import DATABASE_AWAY, EventStore
from .failures import cause_in_words
from .following import units_of
from .leader import lead
from .reactions import Answer, effects_of
from .telemetry import ERRANDS_LATE
from .tracing import span

POLL = 0.5
"""Seconds after which the clock looks by itself, should nobody have rung."""

_MARGIN = timedelta(seconds=10)
_MEASURED = 5.0
_FIRST_PAUSE, _LONGEST_PAUSE = 2.0, 300.0

_CLAIM = """
    update errands set claimed_until = $3, attempts = attempts + 1
    where errand_id in (
      select errand_id from errands
      where kind = $1 and state = 'waiting' and due_at <= $2
        and (claimed_until is null or claimed_until <= $2)
      order by due_at limit $4 for update skip locked
    )
    returning errand_id, kind, subject, payload, attempts, deadline, correlation, traceparent
"""
_LATER = """
    update errands set due_at = $3, claimed_until = null, outcome = $4
    where errand_id = $1 and attempts = $2 and state = 'waiting'
"""
_FAIL = """
    update errands set state = 'failed', claimed_until = null, outcome = $2
    where errand_id = $1 and state = 'waiting'
"""

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an errand ended: the state of its row, why, and what follows."""

    state: str
    words: str
    answer: Answer


class ClockRole:
    """Does a service's errands and sweeps, while this process is the leader among its replicas."""

    def __init__(
        self,
        service: str,
        store: EventStore,
        commands: CommandHandler[Any, Any, Any],
        url: str,
        errands: Mapping[str, Errand],
        sweeps: Sequence[Sweep] = (),
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """Take the service's parts; `url` is for the connection that holds the leader's lock."""
        self._service, self._store, self._commands = service, store, commands
        self._url, self._errands, self._sweeps, self._now = url, errands, sweeps, now
        self._bell = asyncio.Event()

    async def run(self) -> None:
        """Do what is due, whenever this process leads; runs until cancelled."""
        measuring = asyncio.create_task(_sweep(Sweep(_MEASURED, self._measure)))
        try:
            await lead(self._url, "clock", self._work, self._bell)
        finally:
            measuring.cancel()

    async def _work(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            bells = [asyncio.Event() for _ in self._errands]
            for bell, (kind, errand) in zip(bells, self._errands.items(), strict=True):
                tasks.create_task(self._lane(kind, errand, bell))
            for sweep in self._sweeps:
                tasks.create_task(_sweep(sweep))
            while True:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._bell.wait(), POLL)
                self._bell.clear()
                for bell in bells:
                    bell.set()

    async def _lane(self, kind: str, errand: Errand, bell: asyncio.Event) -> None:
        """Do the errands of one kind, a few at once: a slow kind holds up no other."""
        async with asyncio.TaskGroup() as tasks:
            free = asyncio.Semaphore(errand.at_once)
            while True:
                await bell.wait()
                bell.clear()
                with suppress(*DATABASE_AWAY):
                    while await self._claim_and_start(kind, errand, tasks, free):
                        pass

    async def _claim_and_start(
        self, kind: str, errand: Errand, tasks: asyncio.TaskGroup, free: asyncio.Semaphore
    ) -> bool:
        """Start one errand that is due, when there is a place for it; False if none is due."""
        await free.acquire()
        try:
            job = await self._claim(kind, errand)
        except BaseException:
            free.release()
            raise
        if job is None:
            free.release()
            return False
        task = tasks.create_task(self._do(job, errand))
        task.add_done_callback(lambda _: free.release())
        return True

    async def _claim(self, kind: str, errand: Errand) -> Job | None:
        now = self._now()
        until = now + timedelta(seconds=errand.timeout) + _MARGIN
        row = await self._store.pool.fetchrow(_CLAIM, kind, now, until, 1)
        if row is None:
            return None
        found: dict[str, Any] = dict(row)
        found["subject"] = UUID(row["subject"])
        found["payload"] = orjson.loads(row["payload"])
        return Job(**found)

    async def _do(self, job: Job, errand: Errand) -> None:
        try:
            await self._call(job, errand)
        except Exception as cause:  # its claim runs out, then it is due again
            words = cause_in_words(cause)
            _log.error("errand_left", kind=job.kind, errand=str(job.errand_id), cause=words)

    async def _call(self, job: Job, errand: Errand) -> None:
        """Call once; then record how it ended, or when it is tried again."""
        try:
            with span(f"errand {job.kind}", job.traceparent, service=self._service) as traceparent:
                job = replace(job, traceparent=traceparent)
                async with asyncio.timeout(errand.timeout):
                    answer = await errand.call(job)
        except Hopeless as cause:
            await self._give_up(job, errand, str(cause))
        except Exception as cause:
            if self._now() >= job.deadline:
                await self._give_up(job, errand, f"too late: {cause_in_words(cause)}")
            else:
                await self._try_later(job, cause)
        else:
            crash("errand.before_record")
            await self._record(job, Outcome("done", "", answer))

    async def _give_up(self, job: Job, errand: Errand, reason: str) -> None:
        _log.error("errand_failed", kind=job.kind, errand=str(job.errand_id))
        await self._record(job, Outcome("failed", reason, errand.give_up(job, reason)))

    async def _try_later(self, job: Job, cause: Exception) -> None:
        pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** (job.attempts - 1))
        due = self._now() + timedelta(seconds=pause * random.uniform(0.5, 1.0))
        words = cause_in_words(cause)
        _log.warning("errand_later", kind=job.kind, errand=str(job.errand_id), due=str(due))
        again = min(due, job.deadline)
        await self._store.pool.execute(_LATER, job.errand_id, job.attempts, again, words)

    async def _record(self, job: Job, outcome: Outcome) -> None:
        """Commit what follows together with the errand's end; never calls again for that."""
        pause = 0.05
        while True:
            try:
                if await self._store.answer(_once(job)):
                    return None  # somebody else did it too, and recorded it first
                return await self._commit(job, outcome)
            except Exception as cause:
                if not is_trouble(cause):
                    return await self._record_failure(job, cause)
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))
            pause = min(5.0, pause * 2)

    async def _commit(self, job: Job, outcome: Outcome) -> None:
        origin = Origin(
            actor=f"service:{self._service}",
            correlation=job.correlation or str(job.errand_id),
            causation=str(job.errand_id),
            traceparent=job.traceparent,
        )
        asked = [(effects_of(outcome.answer), origin)]
        units = await units_of(self._store, self._commands, asked)
        ended = {"state": outcome.state, "outcome": outcome.words, "claimed_until": None}
        row = Amend("errands", {"errand_id": job.errand_id}, ended)
        await self._store.append_strict([*units, Unit(rows=(row,), claim=_once(job))])

    async def _record_failure(self, job: Job, cause: Exception) -> None:
        """What follows cannot be decided or stored: somebody has to look; nothing is done again."""
        words = f"done, but what follows was refused: {cause_in_words(cause)}"
        _log.error("errand_not_recorded", kind=job.kind, errand=str(job.errand_id), cause=words)
        await self._store.pool.execute(_FAIL, job.errand_id, words)

    async def _measure(self) -> None:
        """Tell how many wait in vain, whoever leads: it may be that nobody does."""
        late = await self._store.pool.fetchval(
            "select count(*) from errands where state = 'waiting' and deadline < $1", self._now()
        )
        ERRANDS_LATE.labels(self._service).set(late)


async def _sweep(sweep: Sweep) -> None:
    while True:
        try:
            await sweep.run()
        except Exception as cause:
            _log.warning("sweep_failed", cause=cause_in_words(cause))
        await asyncio.sleep(sweep.every)


def _once(job: Job) -> Claim:
    return Claim("errand", str(job.errand_id), b"")
