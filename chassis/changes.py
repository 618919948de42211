"""What one command changes, put together for one append: events, rows, a key. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import orjson

from contracts.event import Event, is_public

from .clock import new_id
from .codec import Codec
from .personal import MasterKeys
from .proof import GENESIS, Link, link_hash


@dataclass(frozen=True, slots=True)
class Origin:
    """Who asked, in answer to what: goes into every event's metadata.

    `actor` is `<kind>:<uuid>` or a service's name; never a person's name or number.
    """

    actor: str
    correlation: str
    causation: str = ""
    traceparent: str = ""
    claim: "Claim | None" = None


@dataclass(frozen=True, slots=True)
class Claim:
    """An idempotency key with the fingerprint of the request that carries it."""

    scope: str
    key: str
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Put:
    """Write a row: insert it, or set these columns where the key is already there.

    With `once` a row that is already there stays as it is.
    """

    table: str
    key: Mapping[str, Any]
    values: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)
    once: bool = False

    def statement(self) -> str:
        """Give SQL that takes a JSON array of rows."""
        return _put(self.table, tuple(self.key), tuple(self.values), self.once)

    def row(self) -> dict[str, Any]:
        """Give the row as one object."""
        return {**self.key, **self.values}


@dataclass(frozen=True, slots=True)
class Amend:
    """Set these columns of a row that is there; where it is not, nothing happens."""

    table: str
    key: Mapping[str, Any]
    values: Mapping[str, Any] = field(repr=False)

    def statement(self) -> str:
        """Give SQL that takes a JSON array of rows."""
        return _amend(self.table, tuple(self.key), tuple(self.values))

    def row(self) -> dict[str, Any]:
        """Give the row as one object."""
        return {**self.key, **self.values}


@dataclass(frozen=True, slots=True)
class Remove:
    """Delete a row of a working table by its key."""

    table: str
    key: Mapping[str, Any]

    def statement(self) -> str:
        """Give SQL that takes a JSON array of keys."""
        return _remove(self.table, tuple(self.key))

    def row(self) -> dict[str, Any]:
        """Give the key as one object."""
        return dict(self.key)


Row = Put | Amend | Remove


# There are as many statements as kinds of rows, and each is written once, not for every row.


@cache
def _put(table: str, key: tuple[str, ...], values: tuple[str, ...], once: bool) -> str:
    columns, target = ", ".join((*key, *values)), ", ".join(key)
    changes = ", ".join(f"{name} = excluded.{name}" for name in values)
    action = f"update set {changes}" if changes and not once else "nothing"
    return (
        f"insert into {table} ({columns}) "
        f"select {columns} from jsonb_populate_recordset(null::{table}, $1) "
        f"on conflict ({target}) do {action}"
    )


@cache
def _amend(table: str, key: tuple[str, ...], values: tuple[str, ...]) -> str:
    changes = ", ".join(f"{name} = r.{name}" for name in values)
    return (
        f"update {table} t set {changes} "
        f"from jsonb_populate_recordset(null::{table}, $1) r where {_same(key)}"
    )


@cache
def _remove(table: str, key: tuple[str, ...]) -> str:
    return (
        f"delete from {table} t "
        f"using jsonb_populate_recordset(null::{table}, $1) r where {_same(key)}"
    )


def _same(key: tuple[str, ...]) -> str:
    return " and ".join(f"t.{name} = r.{name}" for name in key)


@dataclass(frozen=True, slots=True)
class History:
    """A stream as it was read: where it stands, what happened, and the key to its
    personal parts.
    """

    stream: str
    version: int = 0
    head: bytes = GENESIS
    recorded_at: datetime | None = None
    events: tuple[Event, ...] = ()
    data_key: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event ready to be stored."""

    event_id: UUID
    wire_name: str
    public: bool
    link: Link
    hash: bytes


@dataclass(frozen=True, slots=True)
class StreamChange:
    """The next events of one stream, and the version they were decided on."""

    stream: str
    expected: int
    seen: bytes
    events: tuple[NewEvent, ...]

    @property
    def version(self) -> int:
        """The version after this change."""
        return self.expected + len(self.events)

    @property
    def head(self) -> bytes:
        """The stream's hash after this change."""
        return self.events[-1].hash if self.events else self.seen


@dataclass(frozen=True, slots=True)
class Unit:
    """The whole change of one command: it happens altogether or not at all."""

    changes: tuple[StreamChange, ...] = ()
    rows: tuple[Row, ...] = ()
    claim: Claim | None = None
    answer: bytes = b""


class Scribe:
    """Writes events down: bytes, metadata, hashes. Knows no database."""

    def __init__(self, codec: Codec, keys: MasterKeys) -> None:
        """Take the service's events and the keys that wrap data keys."""
        self.codec = codec
        self.keys = keys

    def write(
        self, history: History, events: list[Event], origin: Origin, now: datetime
    ) -> StreamChange:
        """Put the next events of a stream into their stored form, chained to the last one."""
        recorded_at = max(now, history.recorded_at or now)
        meta = orjson.dumps(
            {
                "actor": origin.actor,
                "correlation": origin.correlation,
                "causation": origin.causation,
                "traceparent": origin.traceparent,
                "command": origin.claim.key if origin.claim else "",
            }
        )
        head, written = history.head, list[NewEvent]()
        for version, event in enumerate(events, start=history.version + 1):
            data = self.codec.encode(event, history.stream, version, history.data_key)
            link = Link(history.stream, version, new_id(), event.wire_name, recorded_at, data, meta)
            head = link_hash(head, link)
            public = is_public(type(event))
            written.append(NewEvent(link.event_id, event.wire_name, public, link, head))
        return StreamChange(history.stream, history.version, history.head, tuple(written))
