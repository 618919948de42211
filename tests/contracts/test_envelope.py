"""The envelope is CloudEvents 1.0 in Kafka's binary mode, as its SDK reads it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from contracts.envelope import Envelope, NotAnEvent, read_envelope

DOSSIER = UUID("0198f0a0-0000-7000-8000-000000000001")
ENVELOPE = Envelope(
    event_id=UUID("0198f0a0-0000-7000-8000-0000000000ff"),
    type="submission.dossier-submitted.v1",
    service="submission",
    stream=f"dossier-{DOSSIER}",
    version=2,
    position=4711,
    time=datetime(2026, 3, 5, 8, 30, 0, 120, tzinfo=UTC),
    correlation="01-correlation",
    causation="0198f0a0-0000-7000-8000-00000000000a",
    traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
)


def as_the_sdk_reads(envelope: Envelope, value: bytes) -> CloudEvent:
    message = KafkaMessage(dict(envelope.headers()), envelope.key.encode(), value)
    event: Any = from_binary(message, JSONFormat(), CloudEvent)
    return event


def test_the_sdk_reads_what_we_write() -> None:
    event = as_the_sdk_reads(ENVELOPE, b'{"reference": "NHS-1"}')
    assert event.get_specversion() == "1.0"
    assert event.get_id() == str(ENVELOPE.event_id)
    assert event.get_type() == ENVELOPE.type
    assert event.get_source() == "/motcua/submission"
    assert event.get_subject() == ENVELOPE.stream
    assert event.get_time() == ENVELOPE.time
    assert event.get_datacontenttype() == "application/json"
    assert event.get_data() == {"reference": "NHS-1"}
    assert event.get_extension("partitionkey") == str(DOSSIER) == ENVELOPE.key
    assert event.get_extension("sequence") == "00000000000000004711"
    assert event.get_extension("streamversion") == "2"
    assert event.get_extension("correlationid") == ENVELOPE.correlation
    assert event.get_extension("causationid") == ENVELOPE.causation


def test_what_is_not_known_has_no_header() -> None:
    silent = replace(ENVELOPE, causation="", traceparent="")
    assert not {"ce_causationid", "traceparent"} & dict(silent.headers()).keys()
    assert read_envelope(silent.headers()) == silent


def test_what_is_written_is_read_back() -> None:
    assert read_envelope(ENVELOPE.headers()) == ENVELOPE
    assert read_envelope(ENVELOPE.headers()).aggregate == DOSSIER


def test_positions_are_in_the_order_of_their_texts() -> None:
    texts = [
        dict(replace(ENVELOPE, position=position).headers())["ce_sequence"]
        for position in (1, 9, 10, 99, 4711, 2**63 - 1)
    ]
    assert texts == sorted(texts)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ce_specversion", b"0.3"),
        ("ce_id", b"not a uuid"),
        ("ce_source", b"/somebody-else"),
        ("ce_type", b"\xff\xfe"),
        ("ce_subject", b"dossier-17"),
        ("ce_time", b"yesterday"),
        ("ce_time", b"2026-03-05T08:30:00"),
        ("ce_sequence", b"-1"),
        ("ce_sequence", "٣".encode()),
        ("ce_sequence", b"9" * 40),
        ("ce_streamversion", b""),
        ("ce_id", None),
    ],
)
def test_a_header_that_is_wrong_or_missing_is_said_so(name: str, value: bytes | None) -> None:
    headers: dict[str, Any] = {**dict(ENVELOPE.headers()), name: value}
    with pytest.raises(NotAnEvent):
        read_envelope(list(headers.items()))
