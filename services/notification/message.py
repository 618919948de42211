"""A message to one person by one channel: written once, sent, opened, or given up.

    (new) ─ write → Written ─ sent → Sent ─ opened → Delivered
                       └─ given up → Failed

Pure: no clock, no new ids, no I/O. A message in the inbox is sent by being written.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from chassis.decider import Decider, Refusal
from contracts.event import Event
from contracts.notification import (
    Channel,
    NotificationDelivered,
    NotificationFailed,
    NotificationSent,
)
from contracts.values import DossierId, MessageId, PersonId, Value


class Words(Value):
    """What a message says, in both languages."""

    subject_vi: str
    text_vi: str
    subject_en: str
    text_en: str


class MessageWritten(Event, named="notification.message-written.v1"):
    """Word for word what a person is told; kept here, never published. `about` is the wire name
    of what happened, `cause` the event that told it.
    """

    message_id: MessageId
    person_id: PersonId
    dossier_id: DossierId | None
    about: str
    cause: UUID
    channel: Channel
    words: Words
    happened_at: datetime
    at: datetime


@dataclass(frozen=True)
class WriteMessage:
    """Tell a person something; the same message again is the same message."""

    message: MessageWritten


@dataclass(frozen=True)
class RecordSent:
    """The channel took the message."""

    at: datetime


@dataclass(frozen=True)
class OpenMessage:
    """The person reads it."""

    at: datetime


@dataclass(frozen=True)
class RecordFailure:
    """The channel will not take it, or did not in time; `cause` holds no address."""

    cause: str
    at: datetime


MessageCommand = WriteMessage | RecordSent | OpenMessage | RecordFailure
MessageEvent = MessageWritten | NotificationSent | NotificationDelivered | NotificationFailed


@dataclass(frozen=True)
class Message:
    """What was written, and how far it came."""

    written: MessageWritten | None = None
    settled: bool = False
    opened: bool = False


class NoSuchMessage(Refusal):
    """Không có thông báo này. | There is no such message."""

    status = 404


def message_id(cause: UUID, person: PersonId, channel: Channel) -> MessageId:
    """Name a message by what it answers: told twice, it is still one."""
    return MessageId(uuid5(cause, f"{person} {channel}"))


def decide(command: MessageCommand, message: Message) -> list[MessageEvent]:
    """Write once, send once, open once."""
    match command, message.written:
        case WriteMessage(message=new), None if new.channel == "inbox":
            return [new, NotificationSent(**_facts(new), at=new.at)]
        case WriteMessage(message=new), None:
            return [new]
        case WriteMessage(), _:
            return []
        case _, None:
            raise NoSuchMessage
        case OpenMessage(at), written:
            return [] if message.opened else [NotificationDelivered(**_facts(written), at=at)]
        case ((RecordSent() | RecordFailure()), _) if message.settled:
            return []
        case RecordSent(at), written:
            return [NotificationSent(**_facts(written), at=at)]
        case RecordFailure(cause, at), written:
            return [NotificationFailed(**_facts(written), cause=cause, at=at)]


def _facts(written: MessageWritten) -> dict[str, Any]:
    return written.model_dump(include={"message_id", "person_id", "dossier_id", "about", "channel"})


def evolve(message: Message, event: MessageEvent) -> Message:
    """Remember what was written and how far it came."""
    match event:
        case MessageWritten():
            return Message(event)
        case NotificationSent() | NotificationFailed():
            return replace(message, settled=True)
        case NotificationDelivered():
            return replace(message, opened=True)


decider = Decider[MessageCommand, Message, MessageEvent](
    "message",
    Message(),
    decide,
    evolve,
    (MessageWritten, NotificationSent, NotificationDelivered, NotificationFailed),
)
