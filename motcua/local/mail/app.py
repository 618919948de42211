"""The catcher's doors: SMTP for the services, a page for people, JSON for tests."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, FastAPI, Query
from fastapi.responses import HTMLResponse

from chassis.clock import utc_now
from chassis.settings import PORTS, Settings
from motcua.local.trouble import Trouble

from .mailbox import Mailbox
from .page import mail_page
from .reception import Reception, receiving

_NO_SCRIPTS = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'none'",
    "x-content-type-options": "nosniff",
}


@dataclass(frozen=True)
class MailConfig:
    """Where the catcher listens for mails and where it keeps them."""

    host: str
    port: int
    mails: Path

    @classmethod
    def of(cls, settings: Settings) -> "MailConfig":
        """Read the settings of this machine; anywhere else there is no catcher."""
        if not settings.local:
            raise Trouble("The mail catcher exists only with MOTCUA_ENV=local.")
        mails = settings.home / "mail" / "mails.sqlite"
        return cls(settings.host, settings.port + PORTS["smtp"], mails)


def page_port(settings: Settings) -> int:
    """Tell where in this machine's block of ports the page is."""
    return settings.port + PORTS["mail"]


def make_catcher(config: MailConfig) -> FastAPI:
    """Build the catcher: its web application, which listens for mails while it runs."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        mailbox = Mailbox(config.mails)
        app.include_router(_doors(mailbox))
        try:
            async with receiving(Reception(mailbox, utc_now), config.host, config.port):
                yield
        finally:
            mailbox.close()

    return FastAPI(title="Mail catcher", version="1", lifespan=lifespan, redoc_url=None)


def _doors(mailbox: Mailbox) -> APIRouter:
    router = APIRouter()

    @router.get("/", response_class=HTMLResponse)
    async def front() -> HTMLResponse:
        return HTMLResponse(mail_page(mailbox.latest(100)), headers=_NO_SCRIPTS)

    @router.get("/messages")
    async def messages(
        to: Annotated[str, Query(max_length=320)] = "",
        after: Annotated[int, Query(ge=0, le=2**62)] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 1000,
    ) -> list[Mapping[str, str | int]]:
        """List the mails to an address, or all, that came after a number; the newest last."""
        return [asdict(mail) for mail in mailbox.after(after, to.lower(), limit)]

    @router.get("/health/live")
    async def live() -> dict[str, str]:
        return {"status": "live"}

    @router.get("/health/ready")
    async def ready() -> dict[str, str]:
        return {"status": "ready"}

    return router
