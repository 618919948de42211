"""What the notification service publishes: which message reached whom. Never its words or
addresses.
"""

from datetime import datetime
from typing import Literal

from .event import Event
from .values import DossierId, MessageId, PersonId

Channel = Literal["mail", "inbox"]


class NotificationSent(Event, named="notification.notification-sent.v1"):
    """The message was handed to its channel."""

    message_id: MessageId
    person_id: PersonId
    dossier_id: DossierId | None
    about: str
    channel: Channel
    at: datetime


class NotificationDelivered(Event, named="notification.notification-delivered.v1"):
    """The person opened the message, or its channel confirmed it."""

    message_id: MessageId
    person_id: PersonId
    dossier_id: DossierId | None
    about: str
    channel: Channel
    at: datetime


class NotificationFailed(Event, named="notification.notification-failed.v1"):
    """The message could not be delivered within its time; `cause` names why, without addresses."""

    message_id: MessageId
    person_id: PersonId
    dossier_id: DossierId | None
    about: str
    channel: Channel
    cause: str
    at: datetime
