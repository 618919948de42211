"""The accounts service with its clock and a mail catcher, and people who use it. For tests."""

import asyncio
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
from at_hand import running_api, running_clock, served
from servers_at_hand import Database, free_port

from chassis.clock import utc_now
from motcua.local.mail.app import MailConfig, make_catcher
from services.accounts.staffing import enlist

NewDatabase = Callable[..., Awaitable[Database]]
PASSWORD = "con mèo trèo cây cau hỏi thăm"
AN: dict[str, Any] = {
    "phone": "+84 912 345 678",
    "email": "An.Nguyen@Example.vn",
    "id_number": "030095012345",
    "full_name": "Nguyễn Văn An",
    "birth_date": "1995-03-05",
    "gender": "male",
    "password": PASSWORD,
}
BINH_LANG = "H23.39.02"


@dataclass
class Accounts:
    """A running service, the mails it sent, its database."""

    client: httpx.AsyncClient
    mails: httpx.AsyncClient
    database: Database
    tools: Any

    async def mail_to(self, address: str, after: int = 0) -> dict[str, Any]:
        """Wait for the next mail to an address."""
        for _ in range(200):
            params = {"to": address.lower(), "after": after}
            if found := (await self.mails.get("/messages", params=params)).json():
                return found[0]
            await asyncio.sleep(0.05)
        raise AssertionError(f"no mail to {address}")

    async def register(self, **changes: Any) -> str:
        """Ask for an account; gives the id of what waits."""
        answer = await self.client.post("/registrations", json={**AN, **changes})
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    async def citizen(self, **changes: Any) -> UUID:
        """Register somebody and prove their address."""
        waiting = await self.register(**changes)
        code = code_in(await self.mail_to(changes.get("email", AN["email"])))
        answer = await self.verify(waiting, code)
        assert answer.status_code == 200, answer.text
        return UUID(waiting)

    async def verify(self, waiting: str, code: str) -> httpx.Response:
        """Give a code back."""
        path = f"/registrations/{waiting}/verification"
        return await self.client.post(path, json={"code": code})

    async def sign_in(
        self, login: str, password: str = PASSWORD, network: str = "203.0.113.7", **more: str
    ) -> httpx.Response:
        """Sign in, from a network."""
        return await self.client.post(
            "/sign-in",
            json={"login": login, "password": password, **more},
            headers={"x-forwarded-for": network},
        )

    async def events(self, stream: str) -> list[str]:
        """Name what happened on a stream."""
        rows = await self.tools.pool.fetch(
            "select type from events where stream = $1 order by version", stream
        )
        return [row["type"].removeprefix("accounts.").removesuffix(".v1") for row in rows]


@asynccontextmanager
async def running_accounts(own: Database, folder: Path) -> AsyncGenerator[Accounts]:
    smtp = free_port()
    config = MailConfig("127.0.0.1", smtp, folder / "mails.sqlite")
    settings = {"smtp_url": f"smtp://127.0.0.1:{smtp}", "blobs_url": f"file://{folder}"}
    async with (
        served(make_catcher(config)) as catcher,
        httpx.AsyncClient(base_url=catcher, trust_env=False) as mails,
        running_clock("accounts", own, **settings) as tools,
        running_api("accounts", own, **settings) as client,
    ):
        yield Accounts(client, mails, own, tools)


def code_in(mail: dict[str, Any]) -> str:
    found = re.search(r"\b([0-9]{6})\b", mail["text"])
    assert found, mail["text"]
    return found[1]


async def everything(database: Database, *tables: str) -> str:
    """Show whole tables as text."""
    connection = await asyncpg.connect(database.url("owner"))
    try:
        return "".join(
            [
                str(await connection.fetch(f"select t::text from {table} t order by 1"))
                for table in tables
            ]
        )
    finally:
        await connection.close()


async def enlisted(accounts: Accounts, kind: Any, email: str, password: str = PASSWORD) -> UUID:
    return await enlist(
        accounts.tools,
        kind=kind,
        email=email,
        full_name="Đỗ Thị Hải",
        password=password,
        now=utc_now(),
    )
