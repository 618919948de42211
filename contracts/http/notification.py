"""What the notification service answers over HTTP: a person's inbox, and who was told what."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel

from contracts.notification import Channel


class InboxMessage(BaseModel):
    """A message in a person's inbox; `link` leads to the dossier it is about."""

    message_id: UUID
    dossier_id: UUID | None
    about: str
    subject_vi: str
    text_vi: str
    subject_en: str
    text_en: str
    link: str
    happened_at: datetime
    opened_at: datetime | None


class MessageRecord(BaseModel):
    """Who was told of what by which channel, and how far it came. `about` is the wire name of what
    happened, `cause` the id of the event that told it; `failed_for` is empty unless it failed.
    """

    message_id: UUID
    person_id: UUID
    dossier_id: UUID | None
    about: str
    cause: UUID
    channel: Channel
    state: Literal["waiting", "sent", "opened", "failed"]
    happened_at: datetime
    written_at: datetime
    sent_at: datetime | None
    opened_at: datetime | None
    failed_at: datetime | None
    failed_for: str
