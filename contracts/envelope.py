"""CloudEvents 1.0 on Kafka, binary mode: what is known of an event, as headers beside its bytes.

Headers are written and read by hand, for this runs once per event; a test holds them to the SDK's
reading.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

Headers = list[tuple[str, bytes]]
"""The headers of a Kafka record."""

SOURCE = "/motcua/"


_PLAIN_ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class NotAnEvent(Exception):
    """The headers of a record are not those of an event of ours."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is known of a published event: which, whose, when, in answer to what."""

    event_id: UUID
    type: str
    service: str
    stream: str
    version: int
    position: int
    time: datetime
    correlation: str
    causation: str = ""
    traceparent: str = ""

    @property
    def aggregate(self) -> UUID:
        """The aggregate it happened to."""
        return UUID(self.stream[-36:])

    @property
    def key(self) -> str:
        """The record's key: all events of one aggregate stay in order."""
        return self.stream[-36:]

    def headers(self) -> Headers:
        """Write it as the headers of a Kafka record."""
        moment = self.time.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00")
        headers = [
            ("ce_specversion", b"1.0"),
            ("ce_id", str(self.event_id).encode()),
            ("ce_type", self.type.encode()),
            ("ce_source", f"{SOURCE}{self.service}".encode()),
            ("ce_subject", self.stream.encode()),
            ("ce_time", f"{moment}Z".encode()),
            ("ce_partitionkey", self.key.encode()),
            ("ce_sequence", f"{self.position:020d}".encode()),
            ("ce_streamversion", str(self.version).encode()),
            ("ce_correlationid", self.correlation.encode()),
            ("content-type", b"application/json"),
        ]
        if self.causation:
            headers.append(("ce_causationid", self.causation.encode()))
        if self.traceparent:
            headers.append(("traceparent", self.traceparent.encode()))
        return headers


def read_envelope(headers: Iterable[tuple[str, bytes]]) -> Envelope:
    """Read the headers of a record; NotAnEvent says what is wrong with them."""
    try:
        text = {
            name: value.decode()
            for name, value in headers
            if name in _OURS and value is not None  # pyright: ignore[reportUnnecessaryComparison]
        }
        if text["ce_specversion"] != "1.0" or not text["ce_source"].startswith(SOURCE):
            raise NotAnEvent(f"not ours: {text['ce_specversion']} from {text['ce_source']}")
        return _envelope(text)
    except KeyError as cause:
        raise NotAnEvent(f"no header {cause.args[0]}") from cause
    except ValueError as cause:
        raise NotAnEvent(f"a header cannot be read: {cause}") from cause


_OURS = {
    "ce_specversion",
    "ce_id",
    "ce_type",
    "ce_source",
    "ce_subject",
    "ce_time",
    "ce_sequence",
    "ce_streamversion",
    "ce_correlationid",
    "ce_causationid",
    "traceparent",
}


def _envelope(text: dict[str, str]) -> Envelope:
    envelope = Envelope(
        event_id=UUID(text["ce_id"]),
        type=text["ce_type"],
        service=text["ce_source"].removeprefix(SOURCE),
        stream=text["ce_subject"],
        version=_number(text["ce_streamversion"]),
        position=_number(text["ce_sequence"]),
        time=datetime.fromisoformat(text["ce_time"]),
        correlation=text.get("ce_correlationid", ""),
        causation=text.get("ce_causationid", ""),
        traceparent=text.get("traceparent", ""),
    )
    if envelope.time.tzinfo is None:
        raise NotAnEvent("its time has no zone")
    if not is_plain_id(envelope.key):
        UUID(envelope.key)
    return envelope


def is_plain_id(text: str) -> bool:
    """Tell whether a text is an id as ids are written here; quicker than reading it as one."""
    return _PLAIN_ID.fullmatch(text) is not None


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) >= 2**63:
        raise ValueError(f"{text[:30]} is no number of ours")
    return int(text)
