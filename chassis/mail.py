"""A mail handed to the relay. Its words and addresses stay out of errors and logs."""

from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

import aiosmtplib

from .clock import utc_now
from .settings import Settings

_TIMEOUT = 20


class MailNotSent(OSError):
    """The relay could not be reached, or has no time now: try again later."""


class MailRefused(Exception):
    """The relay will never take this mail: such an address does not exist."""


async def send_mail(
    settings: Settings, *, to: str, subject: str, text: str, message_id: str
) -> None:
    """Hand a mail to the relay; MailNotSent or MailRefused if it did not take it.

    The same `message_id` makes the same mail: receivers show it once, though it was sent twice.
    """
    relay = urlsplit(settings.smtp_url)
    mail = _mail(settings.mail_from, to, subject, text, message_id)
    try:
        await aiosmtplib.send(
            mail,
            recipients=[to],
            hostname=relay.hostname,
            port=relay.port,
            username=unquote(relay.username) if relay.username else None,
            password=unquote(relay.password) if relay.password else None,
            use_tls=relay.scheme == "smtps",
            timeout=_TIMEOUT,
        )
    except aiosmtplib.SMTPRecipientsRefused as cause:
        code = max(refused.code for refused in cause.recipients)
        raise MailRefused(str(code)) if code >= 500 else MailNotSent(str(code)) from None
    except (aiosmtplib.SMTPException, OSError) as cause:
        code = getattr(cause, "code", "")
        raise MailNotSent(f"{type(cause).__name__} {code}".strip()) from None


def _mail(sender: str, to: str, subject: str, text: str, message_id: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = format_datetime(utc_now())
    mail["Message-ID"] = f"<{message_id}@{parseaddr(sender)[1].partition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text)
    return mail
