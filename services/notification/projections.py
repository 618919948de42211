"""Own events to the one read table: a message's row is its history. Pure; no rules here."""

from collections.abc import Sequence

from chassis.changes import Put
from chassis.projecting import ReadModel
from contracts.event import Event
from contracts.notification import NotificationDelivered, NotificationFailed, NotificationSent

from .message import MessageWritten


def message_row(events: Sequence[Event]) -> Put:
    """Write what was told, and how far it came."""
    written, *later = events
    assert isinstance(written, MessageWritten)
    row = written.model_dump(exclude={"message_id", "at"})
    row |= {"version": len(events), "written_at": written.at, "failed_for": ""}
    row |= {"sent_at": None, "opened_at": None, "failed_at": None}
    for event in later:
        match event:
            case NotificationSent(at=at):
                row["sent_at"] = at
            case NotificationDelivered(at=at):
                row["opened_at"] = at
            case NotificationFailed(cause=cause, at=at):
                row |= {"failed_at": at, "failed_for": cause}
            case _:
                pass
    return Put("messages", {"message_id": written.message_id}, row)


messages = ReadModel("messages", "message", message_row)
