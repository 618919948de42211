"""What the append function of `event_store.sql` is called with: units, column by column. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from .changes import Put, Row, StreamChange, Unit

APPEND_CALL = "select * from append({})".format(", ".join(f"${n}" for n in range(1, 27)))


@dataclass(frozen=True, slots=True)
class Fence:
    """What a batch of one partition moves: from the offset it begins at to the one after it."""

    consumer: str
    topic: str
    partition: int
    cluster: str
    first: int
    next: int
    sequence: int

    def as_json(self) -> str:
        """Write it for the append function."""
        return orjson.dumps({name: getattr(self, name) for name in self.__slots__}).decode()


def arguments(units: Sequence[Unit], strict: bool, fence: Fence | None) -> list[Any]:
    """Give the arguments in their order."""
    keys = [(n, u.claim, u.answer) for n, u in enumerate(units) if u.claim]
    changes = [(n, c) for n, u in enumerate(units) for c in u.changes]
    if strict:
        changes = _one_per_stream(changes)
    events = [(n, c.stream, e) for n, c in changes for e in c.events]
    batches = _batches(units, strict)
    return [
        strict,
        fence.as_json() if fence else None,
        [n for n, _, _ in keys],
        [c.scope for _, c, _ in keys],
        [c.key for _, c, _ in keys],
        [c.fingerprint for _, c, _ in keys],
        [a for _, _, a in keys],
        [n for n, _ in changes],
        [c.stream for _, c in changes],
        [c.expected for _, c in changes],
        [c.seen for _, c in changes],
        [c.version for _, c in changes],
        [c.head for _, c in changes],
        [n for n, _, _ in events],
        [s for _, s, _ in events],
        [e.link.version for _, _, e in events],
        [e.event_id for _, _, e in events],
        [e.wire_name for _, _, e in events],
        [e.public for _, _, e in events],
        [e.link.recorded_at for _, _, e in events],
        [e.link.data for _, _, e in events],
        [e.link.meta for _, _, e in events],
        [e.hash for _, _, e in events],
        [batch.statement for batch in batches],
        [_json(batch.numbers) for batch in batches],
        [_json(batch.rows) for batch in batches],
    ]


@dataclass(slots=True)
class _Batch:
    """Rows for one statement, with the numbers of their units; no two have the same key."""

    turn: int
    statement: str
    numbers: list[int] = field(default_factory=list[int])
    rows: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def add(self, number: int, row: Row) -> int:
        """Take a row in; gives its place."""
        self.numbers.append(number)
        self.rows.append(row.row())
        return len(self.rows) - 1


def _batches(units: Sequence[Unit], strict: bool) -> list[_Batch]:
    """Put rows into batches; several with one key go into as many, one after the other.

    Where all units happen or none does, a row that is written over at once is not written.
    """
    batches: dict[tuple[int, str], _Batch] = {}
    last: dict[tuple[Any, ...], tuple[_Batch, int]] = {}
    for number, unit in enumerate(units):
        for row in unit.rows:
            key, statement = (row.table, *row.key.values()), row.statement()
            before, place = last.get(key, (None, 0))
            if strict and before and before.statement == statement:
                if not _once(row):
                    before.rows[place] = row.row()
                continue
            turn = before.turn + 1 if before else 0
            batch = batches.setdefault((turn, statement), _Batch(turn, statement))
            last[key] = batch, batch.add(number, row)
    return sorted(batches.values(), key=lambda batch: batch.turn)


def _once(row: Row) -> bool:
    return isinstance(row, Put) and row.once


def _json(value: object) -> str:
    return orjson.dumps(value, default=_as_text).decode()


def _one_per_stream(changes: list[tuple[int, StreamChange]]) -> list[tuple[int, StreamChange]]:
    """Join the changes a batch makes to one stream, one after the other, into a single swap."""
    joined: dict[str, tuple[int, StreamChange]] = {}
    for n, change in changes:
        if change.stream in joined:
            first, before = joined[change.stream]
            events = before.events + change.events
            joined[change.stream] = (
                first,
                StreamChange(change.stream, before.expected, before.seen, events),
            )
        else:
            joined[change.stream] = (n, change)
    return list(joined.values())


def _as_text(value: object) -> str:
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    return str(value)
