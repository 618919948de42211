"""A record as it came from the bus, and what can be read of it. Reading decides nothing."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from contracts.envelope import Envelope, Headers, NotAnEvent, read_envelope
from contracts.event import Event

from .changes import Put
from .reactions import Reactions


class Unreadable(Exception):
    """The record is not an event that this topic may carry; reading it again would not help."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One record of a partition, as raw as it came."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    headers: Headers
    value: bytes | None

    @property
    def place(self) -> str:
        """Where it stands, as people write it."""
        return f"{self.topic}/{self.partition}/{self.offset}"

    @property
    def key_text(self) -> str:
        """Its key as text, whatever its bytes are."""
        return _text(self.key or b"")

    @property
    def type_text(self) -> str:
        """The type it claims, whatever else is wrong with it."""
        return next((_text(value) for name, value in self.headers if name == "ce_type"), "")


@dataclass(frozen=True, slots=True)
class Told:
    """An event that somebody published, with its envelope; None of it is known to react to."""

    delivery: Delivery
    envelope: Envelope
    event: Event | None


def delivery_of(record: Any) -> Delivery:
    """Take a record from the Kafka client."""
    headers = [(name, value or b"") for name, value in record.headers]
    return Delivery(
        record.topic, record.partition, record.offset, record.key, headers, record.value
    )


def addressed(delivery: Delivery, service: str) -> Envelope:
    """Read the envelope of a record on the topic of a service; Unreadable says what is wrong."""
    try:
        envelope = read_envelope(delivery.headers)
    except NotAnEvent as cause:
        raise Unreadable(str(cause)) from cause
    if envelope.service != service or envelope.type.partition(".")[0] != service:
        raise Unreadable(f"{envelope.type} of {envelope.service} on the topic of {service}")
    return envelope


def told(delivery: Delivery, envelope: Envelope, reactions: Reactions) -> Told:
    """Read the event of a record, if anything follows from its type."""
    if delivery.key != envelope.key.encode():
        raise Unreadable(f"the key is not that of {envelope.stream}")
    if not reactions.knows(envelope.type):
        return Told(delivery, envelope, None)
    if delivery.value is None:
        raise Unreadable("there is no content")
    try:
        return Told(delivery, envelope, reactions.read(envelope.type, delivery.value))
    except ValueError as cause:
        raise Unreadable(f"the content is not {envelope.type}: {_first_line(cause)}") from cause


def by_partition(deliveries: Sequence[Delivery]) -> dict[tuple[str, int], list[Delivery]]:
    """Part the records of one poll."""
    parts: dict[tuple[str, int], list[Delivery]] = {}
    for delivery in deliveries:
        parts.setdefault((delivery.topic, delivery.partition), []).append(delivery)
    return parts


def parked_row(consumer: str, cluster: str, delivery: Delivery, key: str, cause: str) -> Put:
    """Write a record down as parked, behind which later ones with this key wait."""
    place = {
        "consumer": consumer,
        "topic": delivery.topic,
        "partition": delivery.partition,
        "cluster": cluster,
        "record_offset": delivery.offset,
    }
    headers = [[_text(name.encode()), _base64(value)] for name, value in delivery.headers]
    content = {
        "key": key,
        "record_key": delivery.key,
        "type": delivery.type_text,
        "headers": headers,
        "value": delivery.value,
        "cause": cause,
    }
    return Put("parked", place, content, once=True)


def as_it_came(row: Mapping[str, Any]) -> Delivery:
    """Read a parked record back."""
    pairs: list[tuple[str, str]] = orjson.loads(row["headers"])
    headers = [(name, base64.b64decode(value)) for name, value in pairs]
    offset: int = row["record_offset"]
    return Delivery(
        row["topic"], row["partition"], offset, row["record_key"], headers, row["value"]
    )


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _text(value: bytes) -> str:
    return value.decode("utf-8", "backslashreplace").replace("\0", "\\x00")[:200]


def _first_line(cause: Exception) -> str:
    return " ".join(str(cause).split())[:300].replace("\0", "")
