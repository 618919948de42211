"""Out to people: the messages about an event are written, and mails handed to the relay.

Both are errands. A mail that was sent and not recorded is sent again under the same Message-ID.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID, uuid5

from chassis.changes import Put
from chassis.errands import Errand, Hopeless, Job, errand
from chassis.mail import MailRefused, send_mail
from chassis.reactions import Effect, To
from chassis.service import Tools
from contracts.http.accounts import Contact
from contracts.values import PersonId

from .message import Message, MessageWritten, RecordFailure, RecordSent, WriteMessage
from .queries import Queries
from .telling import TOLD, messages

PATIENCE = timedelta(days=3)
"""How long a mail is tried."""

_TOLD = {event.wire_name: event for event in TOLD}
_FOOT_VI = "Thư được gửi tự động, xin không trả lời."
_FOOT_EN = "This mail was sent by a machine; please do not reply."


class NotYetKnown(Exception):
    """The dossier's own event has not arrived yet: its topic is another than the fee's."""


def errands(tools: Tools, queries: Queries) -> Mapping[str, Errand]:
    """Give the two errands of this service."""
    channels = Channels(tools, queries)
    return {
        "tell": Errand(channels.tell),
        "mail": Errand(channels.send, channels.give_up, timeout=30, at_once=8),
    }


class Channels:
    """Writes messages and sends them."""

    def __init__(self, tools: Tools, queries: Queries) -> None:
        """Take what the doors work with."""
        self._tools, self._queries = tools, queries

    async def tell(self, job: Job) -> Sequence[Effect]:
        """Write what everybody concerned is told about an event, for each channel."""
        dossier = await self._queries.dossier(job.subject)
        if dossier is None:
            raise NotYetKnown
        now, event_id = self._tools.now(), UUID(job.payload["id"])
        event = _TOLD[job.payload["name"]].model_validate_json(job.payload["event"])
        written = messages(event, event_id, dossier, now)
        told = [To(message.message_id, WriteMessage(message)) for message in written]
        return [*told, *(_mail(message) for message in written if message.channel == "mail")]

    async def send(self, job: Job) -> To | None:
        """Hand a mail to the relay, to where the person can be reached now."""
        message: Message
        message, _ = await self._tools.commands.load(job.subject)
        written = message.written
        if written is None or message.settled:
            return None  # an old event was told again, long after its errand was cleared away
        contact = await self._contact(written.person_id)
        if contact is None or not contact.verified or not contact.email:
            raise Hopeless("no-verified-address")
        subject, text = mail_of(written, contact, self._queries.link(written.dossier_id))
        named = str(written.message_id)
        settings = self._tools.settings
        try:
            await send_mail(
                settings, to=contact.email, subject=subject, text=text, message_id=named
            )
        except MailRefused as refused:
            raise Hopeless(f"refused-{refused}") from None
        return To(job.subject, RecordSent(self._tools.now()))

    def give_up(self, job: Job, reason: str) -> To:
        """Record that a mail did not arrive, and why, without an address."""
        cause = "not-in-time" if reason.startswith("too late") else reason
        return To(job.subject, RecordFailure(cause, self._tools.now()))

    async def _contact(self, person: PersonId) -> Contact | None:
        accounts = self._tools.settings.url_of("accounts")
        answer = await self._tools.http.get(
            f"{accounts}/persons/{person}/contact",
            headers=await self._tools.tokens.bearer("accounts"),
        )
        if answer.status_code == 404:
            return None
        answer.raise_for_status()
        return Contact.model_validate_json(answer.content)


def _mail(message: MessageWritten) -> Put:
    errand_id = uuid5(message.message_id, "mail")
    deadline = message.at + PATIENCE
    return errand("mail", message.message_id, {}, "notification", message.at, deadline, errand_id)


def mail_of(written: MessageWritten, contact: Contact, link: str) -> tuple[str, str]:
    """Give a mail's subject and text: both languages, the person's own first."""
    words = written.words
    vi = f"Kính gửi {contact.full_name or 'Ông/Bà'},\n\n{words.text_vi}\n\nXem hồ sơ: {link}"
    en = f"Dear {contact.full_name or 'applicant'},\n\n{words.text_en}\n\nSee it at: {link}"
    parts = [(words.subject_vi, f"{vi}\n\n{_FOOT_VI}"), (words.subject_en, f"{en}\n\n{_FOOT_EN}")]
    if contact.language == "en":
        parts.reverse()
    (subject, text), (other_subject, other_text) = parts
    return f"{subject} / {other_subject}", f"{text}\n\n{'-' * 40}\n\n{other_text}\n"
