"""A command handled whole: load, decide, append; decide again when a race was lost."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any, Generic
from uuid import UUID

import orjson
from pydantic import BaseModel

from contracts.event import Event

from .changes import History, Origin, Put, Row, Unit
from .clock import utc_now
from .codec import has_personal, personal_part
from .decider import CommandT, Decider, EventT, Refusal, StateT
from .event_store import EventStore, KeyTaken, StreamMoved
from .personal import new_data_key

TRIES = 3
"""How often a citizen's command is decided before its lost races are the caller's to hear of."""

ReadRow = Callable[[Sequence[Event]], Row | Sequence[Row]]
"""A read table's row, or several, as a function of its aggregate's whole history."""


class Accepted(BaseModel):
    """What a command is answered with: ids and versions, nothing else, for it is
    kept with the key.
    """

    id: UUID
    version: int
    number: str | None = None


class VersionMoved(Exception):
    """The decision was made on an older version than the present one."""

    def __init__(self, current: int, since: Sequence[str]) -> None:
        """Tell where the aggregate stands, and the wire names of what happened since."""
        super().__init__(current)
        self.current = current
        self.since = list(since)


class KeyReused(Refusal):
    """Khóa này đã dùng cho một yêu cầu khác. Hãy dùng khóa mới. |
    This key was used for another request: take a new key.
    """

    status = 422


class Erased(Refusal):
    """Dữ liệu cá nhân ở đây đã xóa, không ghi thêm được. |
    What was personal here was erased; nothing can be added.
    """


class CommandHandler(Generic[CommandT, StateT, EventT]):
    """Handles the commands of one kind of aggregate."""

    def __init__(
        self,
        store: EventStore,
        decider: Decider[CommandT, StateT, EventT],
        read_rows: Sequence[ReadRow] = (),
    ) -> None:
        """Take the log, the rules, and the read tables that people look at right after acting."""
        self._store = store
        self._decider = decider
        self._read_rows = read_rows

    def stream(self, aggregate: UUID) -> str:
        """Name the aggregate's stream."""
        return f"{self._decider.category}-{aggregate}"

    async def load(self, aggregate: UUID) -> tuple[StateT, History]:
        """Fold an aggregate from its log."""
        history = await self._store.history(self.stream(aggregate))
        return self.fold(history), history

    def fold(self, history: History) -> StateT:
        """Remember what later decisions need of a history."""
        return reduce(self._decider.evolve, self._known(history.events), self._decider.initial)

    def _known(self, events: Sequence[Any]) -> Sequence[EventT]:
        return events

    async def handle(
        self,
        aggregate: UUID,
        command: CommandT,
        origin: Origin,
        *,
        history: History | None = None,
        expected: int | None = None,
        number: str | None = None,
        rows: Sequence[Row] = (),
    ) -> Accepted:
        """Decide a command and commit what follows, with its read rows and `rows`, under the
        request's key.

        `history` is the aggregate's as the caller knows it: the log is read only if that is past.
        With `expected` it is decided on that version or not at all (VersionMoved). A Refusal passes
        through.
        """
        for attempt in range(1, TRIES + 1):
            try:
                known = history or await self._store.history(self.stream(aggregate))
                return await self._once(known, command, origin, expected, number, rows)
            except StreamMoved:
                history = None
                if attempt == TRIES and expected is None:
                    raise
            except KeyTaken:
                return await self._earlier_answer(origin)
            except Refusal:
                if origin.claim and await self._store.answer(origin.claim):
                    return await self._earlier_answer(origin)
                raise
        raise StreamMoved

    async def _once(
        self,
        history: History,
        command: CommandT,
        origin: Origin,
        expected: int | None,
        number: str | None,
        rows: Sequence[Row],
    ) -> Accepted:
        if expected is not None and expected != history.version:
            if origin.claim and await self._store.answer(origin.claim):
                raise KeyTaken
            since = [event.wire_name for event in history.events[expected:]]
            raise VersionMoved(history.version, since)
        events = self._decider.decide(command, self.fold(history))
        unit, after = self.unit(history, events, origin, rows)
        answer = Accepted(id=UUID(history.stream[-36:]), version=after.version, number=number)
        if unit.changes or unit.rows or unit.claim:
            answered = answer.model_dump_json().encode() if unit.claim else b""
            await self._store.append(Unit(unit.changes, unit.rows, unit.claim, answered))
        return answer

    def follow(self, history: History, command: CommandT, origin: Origin) -> tuple[Unit, History]:
        """Decide a command on a history in hand; the history as it will be beside the change."""
        events = self._decider.decide(command, self.fold(history))
        return self.unit(history, events, origin)

    def unit(
        self, history: History, events: Sequence[EventT], origin: Origin, rows: Sequence[Row] = ()
    ) -> tuple[Unit, History]:
        """Put a decision's whole change together; the history it leads to beside it."""
        if not events:
            return Unit(rows=tuple(rows), claim=origin.claim), history
        history, key_row = self._with_key(history, events)
        change = self._store.scribe.write(history, list(events), origin, utc_now())
        after = replace(
            history,
            version=change.version,
            head=change.head,
            recorded_at=change.events[-1].link.recorded_at,
            events=(*history.events, *events),
        )
        read = [row for rows in self._read_rows for row in _listed(rows(after.events))]
        return Unit((change,), (*key_row, *read, *rows), origin.claim), after

    def _with_key(self, history: History, events: Sequence[EventT]) -> tuple[History, list[Row]]:
        """Give a new aggregate with personal parts its key; the key of an erased one comes never
        again, for what it sealed is still there.
        """
        needed = any(personal_part(event) is not None for event in events)
        if history.data_key is not None or not needed:
            return history, []
        if any(has_personal(type(event)) for event in history.events):
            raise Erased
        key_id, key = UUID(history.stream[-36:]), new_data_key()
        return replace(history, data_key=key), [
            Put(
                "personal_keys",
                {"key_id": key_id},
                {"wrapped": self._store.scribe.keys.wrap(key_id, key)},
            )
        ]

    async def answered(self, origin: Origin) -> Accepted | None:
        """Give what the request's key was answered with before, if it was."""
        if origin.claim is None or await self._store.answer(origin.claim) is None:
            return None
        return await self._earlier_answer(origin)

    async def _earlier_answer(self, origin: Origin) -> Accepted:
        assert origin.claim is not None
        found = await self._store.answer(origin.claim)
        if found is None:
            raise StreamMoved
        fingerprint, answer = found
        if fingerprint != origin.claim.fingerprint:
            raise KeyReused
        return Accepted.model_validate(orjson.loads(answer))


def _listed(rows: Row | Sequence[Row]) -> Sequence[Row]:
    return (rows,) if isinstance(rows, Row) else rows
