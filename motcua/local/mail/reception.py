"""SMTP in: takes a mail, reads it as a person would, keeps it."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.smtp import SMTP

from .mailbox import Mail, Mailbox

NOBODY = "nobody.example"
"""The domain whose addresses do not exist: a mail to one of them is refused for good."""

_LARGEST = 1024 * 1024


class Reception:
    """What the SMTP server asks about each mail."""

    def __init__(self, mailbox: Mailbox, now: Callable[[], datetime]) -> None:
        """Take where the mails go."""
        self._mailbox, self._now = mailbox, now

    async def handle_RCPT(  # noqa: N802 - the name the server calls
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Know every address but those of nobody."""
        del server, session, options
        if address.lower().endswith(f"@{NOBODY}"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the name the server calls
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        """Keep a mail once for each recipient."""
        del server, session
        mail = message_from_bytes(envelope.content, policy=policy.default)
        subject, text = _one_line(mail["subject"]), _text(mail)
        named, at = _one_line(mail["message-id"]), self._now().isoformat()
        recipients = [str(address).lower() for address in envelope.rcpt_tos]
        self._mailbox.keep([Mail(to, subject, text, named, at) for to in recipients])
        return "250 OK: kept"


def _one_line(header: object) -> str:
    return " ".join(str(header or "").split())


def _text(mail: EmailMessage) -> str:
    """Give the words of a mail; of one that cannot be read, its bytes as they came."""
    try:
        body = mail.get_body(("plain", "html"))
        content = body.get_content() if body is not None else ""
    except (LookupError, ValueError):
        content = mail.as_bytes().decode(errors="replace")
    words = cast("object", content)
    text = words if isinstance(words, str) else ""
    return text.encode(errors="replace").decode().replace("\r\n", "\n")


@asynccontextmanager
async def receiving(reception: Reception, host: str, port: int) -> AsyncGenerator[int]:
    """Take mails until the block ends; gives the port."""

    def connection() -> SMTP:
        return SMTP(
            reception,
            data_size_limit=_LARGEST,
            enable_SMTPUTF8=True,
            hostname="localhost",
            ident="Mot Cua mail catcher",
            loop=asyncio.get_running_loop(),
        )

    server = await asyncio.get_running_loop().create_server(connection, host, port)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
