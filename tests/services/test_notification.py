"""What people hear of their dossiers: events in, real mails and an inbox out.

The mails go by SMTP to the catcher; errands are done by the clock role. In place of accounts stands
a small server that knows where people can be reached, so that it can be away when a test says so.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from at_hand import KEY, running_api, running_clock, served, settings_of, signed_in, token
from joserfc.jwk import KeySet
from servers_at_hand import Database, free_port
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from chassis.clock import utc_now
from chassis.deliveries import Delivery
from chassis.inbox import Inbox
from chassis.projecting import rebuild
from chassis.service import Tools
from contracts import payment, submission
from contracts.envelope import Envelope
from contracts.event import Event
from contracts.http.accounts import Contact
from contracts.values import (
    AgencyCode,
    AgencyName,
    DossierCode,
    DossierId,
    FeeRule,
    LimitUnit,
    PaymentId,
    PersonId,
    ProcedureKey,
    ResultChannel,
    Terms,
    TimeLimit,
)
from motcua.local.mail import MailConfig, make_catcher
from services.notification.projections import messages
from services.notification.reactions import react

AN, BINH, OFFICER = (PersonId(UUID(int=n)) for n in (1, 2, 3))
DOSSIER, PAYMENT = DossierId(UUID(int=4)), PaymentId(UUID(int=5))
NOON = datetime(2026, 9, 1, 5, 0, tzinfo=UTC)
AGENCY = AgencyName(code=AgencyCode("H01"), name_vi="UBND xã Bình Lãng", name_en="Bình Lãng")
SUBMITTED = submission.DossierSubmitted(
    dossier_id=DOSSIER,
    reference="NOP-7K3",
    applicant=AN,
    submitter=AN,
    terms=Terms(
        procedure=ProcedureKey("khai-sinh"),
        procedure_code=None,
        procedure_version=1,
        name_vi="Đăng ký khai sinh",
        name_en="Birth registration",
        level=4,
        receiving=AGENCY,
        competent=AGENCY,
        limit=TimeLimit(value=1, unit=LimitUnit.SAME_DAY),
        fee=FeeRule(),
        components=(),
        channels=(ResultChannel.DESK,),
    ),
    attached=(),
    channel=ResultChannel.DESK,
    at=NOON,
)
RECEIVED = submission.DossierReceived(
    dossier_id=DOSSIER,
    code=DossierCode("H01-260901-0001"),
    officer=OFFICER,
    due=NOON.replace(day=3),
    at=NOON.replace(hour=6),
)
REFUNDED = payment.FeeRefunded(
    payment_id=PAYMENT, dossier_id=DOSSIER, transaction="MC1", amount=8000, at=NOON
)
TIME_PASSES = "update errands set due_at = now(), claimed_until = null where state = 'waiting'"
Contacts = dict[PersonId, Contact]


def reached_at(email: str | None, name: str = "Nguyễn Văn An", **more: Any) -> Contact:
    told = {"email": email, "full_name": name, "language": "vi", "verified": True}
    return Contact.model_validate(told | more)


@dataclass
class Town:
    """Accounts, the mail catcher and the service's database of one test."""

    database: Database
    catcher: httpx.AsyncClient
    settings: Mapping[str, Any]
    contacts: Contacts
    offsets: dict[str, int] = field(default_factory=dict[str, int])
    away: bool = False

    async def happens(self, tools: Tools, *told: Event, event_id: UUID | None = None) -> None:
        """Let the service hear of events, as its consumer would."""
        for event in told:
            publisher = event.wire_name.partition(".")[0]
            offset = self.offsets.setdefault(publisher, 0)
            self.offsets[publisher] += 1
            stream = f"dossier-{DOSSIER}" if publisher == "submission" else f"payment-{PAYMENT}"
            envelope = Envelope(
                event_id=event_id or uuid4(),
                type=event.wire_name,
                service=publisher,
                stream=stream,
                version=offset + 1,
                position=offset + 1,
                time=utc_now(),
                correlation="one day",
            )
            place = (f"motcua.{publisher}", 0, offset, envelope.key.encode())
            record = Delivery(*place, envelope.headers(), event.model_dump_json().encode())
            inbox = Inbox("notification", publisher, react, tools.store, tools.commands)
            assert await inbox.settle([record])

    async def mails(self, to: str, many: int) -> list[dict[str, Any]]:
        """Wait until so many mails came to an address; none more may come."""

        async def came() -> list[dict[str, Any]] | None:
            found = (await self.catcher.get("/messages", params={"to": to})).json()
            return found if len(found) >= many else None

        found = await until(came)
        assert len(found) == many
        return found

    async def told(self, *, state: str, channel: str = "mail") -> list[dict[str, Any]]:
        """Wait until every message by a channel has come to a state."""

        async def settled() -> list[dict[str, Any]] | None:
            rows = await self.rows(
                "select *, case when failed_at is not null then 'failed' "
                "when sent_at is not null then 'sent' else 'waiting' end as state "
                f"from messages where channel = '{channel}' order by happened_at"
            )
            return rows if rows and {row["state"] for row in rows} == {state} else None

        return await until(settled)

    async def waits_for_another_try(self) -> None:
        """Wait until an errand was tried and could not be done yet."""

        async def tried() -> object:
            return await self.rows("select from errands where outcome <> ''") or None

        await until(tried)

    async def is_quiet(self) -> None:
        """Wait until nothing is left to be done."""

        async def nothing_waits() -> object:
            waiting = await self.rows("select from errands where state = 'waiting'")
            return None if waiting else True

        await until(nothing_waits)

    async def rows(self, query: str) -> list[dict[str, Any]]:
        """Ask the database as its operator."""
        connection = await asyncpg.connect(self.database.url("postgres"))
        try:
            return [dict(row) for row in await connection.fetch(query)]
        finally:
            await connection.close()


@pytest.fixture
async def town(
    database: Callable[..., Awaitable[Database]], tmp_path: Path
) -> AsyncGenerator[Town]:
    """A town whose people can be reached."""
    smtp = free_port()
    catcher = make_catcher(MailConfig("127.0.0.1", smtp, tmp_path / "mails.sqlite"))
    contacts: Contacts = {AN: reached_at("an@example.vn"), BINH: reached_at("binh@example.vn")}
    place = await database("notification")
    async with (
        served(catcher) as page,
        httpx.AsyncClient(base_url=page, trust_env=False) as http,
    ):
        town = Town(place, http, {}, contacts)
        async with served(accounts(town)) as url:
            town.settings = {
                "accounts_url": url,
                "smtp_url": f"smtp://127.0.0.1:{smtp}",
                "public_url": "https://motcua.example.vn",
            }
            yield town


@asynccontextmanager
async def clock(town: Town) -> AsyncGenerator[Tools]:
    async with running_clock("notification", town.database, **town.settings) as tools:
        yield tools


def accounts(town: Town) -> Starlette:
    async def keys(_: Request) -> JSONResponse:
        return JSONResponse(KeySet([KEY]).as_dict(private=False))

    async def grant(request: Request) -> JSONResponse:
        asked = await request.json()
        granted = token("service", asked["service"], audience=asked["target"])
        return JSONResponse({"token": granted, "expires_in": 300})

    async def contact(request: Request) -> JSONResponse:
        assert request.headers["authorization"].startswith("Bearer ey")
        if town.away:
            return JSONResponse({}, 503)
        found = town.contacts.get(PersonId(request.path_params["person"]))
        return JSONResponse(found.model_dump() if found else {}, 200 if found else 404)

    return Starlette(
        routes=[
            Route("/.well-known/jwks.json", keys),
            Route("/service-tokens", grant, methods=["POST"]),
            Route("/persons/{person:uuid}/contact", contact),
        ]
    )


async def until(found: Callable[[], Awaitable[Any]]) -> Any:
    for _ in range(400):
        if (answer := await found()) is not None:
            return answer
        await asyncio.sleep(0.05)
    raise AssertionError("it did not come")


async def test_what_happens_to_a_dossier_reaches_its_people_by_mail_and_inbox(town: Town) -> None:
    async with clock(town) as tools:
        await town.happens(tools, SUBMITTED, RECEIVED)
        mails = await town.mails("an@example.vn", 2)
        await town.told(state="sent")
    received = next(mail for mail in mails if "tiếp nhận / " in mail["subject"])
    assert received["subject"] == (
        "Hồ sơ H01-260901-0001 đã được tiếp nhận / Dossier H01-260901-0001 was received"
    )
    assert received["text"].startswith("Kính gửi Nguyễn Văn An,\n\nHồ sơ đã được tiếp nhận lúc")
    for words in ("Đăng ký khai sinh", "Birth registration", "12:00 ngày 03/09/2026"):
        assert words in received["text"]
    assert f"https://motcua.example.vn/dossiers/{DOSSIER}" in received["text"]

    async with running_api("notification", town.database, **town.settings) as client:
        mine = (await client.get("/messages", headers=signed_in("citizen", AN))).json()
        assert [message["about"] for message in mine] == [RECEIVED.wire_name, SUBMITTED.wire_name]
        assert mine[0]["text_vi"] in received["text"] and mine[0]["opened_at"] is None


async def test_a_message_is_opened_by_whose_it_is_and_by_nobody_else(town: Town) -> None:
    async with clock(town) as tools:
        await town.happens(tools, SUBMITTED, RECEIVED)
        await town.told(state="sent")
    async with running_api("notification", town.database, **town.settings) as client:
        an, binh = signed_in("citizen", AN), signed_in("citizen", BINH)
        newest, older = (await client.get("/messages", headers=an)).json()
        page = {"before": newest["message_id"], "limit": 1}
        assert (await client.get("/messages", params=page, headers=an)).json() == [older]
        assert (await client.get("/messages", headers=binh)).json() == []

        opening = f"/messages/{newest['message_id']}/opening"
        assert (await client.post(opening, headers=binh)).status_code == 404
        first, again = [await client.post(opening, headers=an) for _ in range(2)]
        assert first.status_code == again.status_code == 200 and first.json() == again.json()
        assert (await client.get("/messages", headers=an)).json()[0]["opened_at"]

        audit = {"dossier": str(DOSSIER)}
        assert (await client.get("/audit/messages", params=audit, headers=an)).status_code == 403
        records = await client.get("/audit/messages", params=audit, headers=signed_in("auditor"))
        assert sorted((row["channel"], row["state"]) for row in records.json()) == [
            ("inbox", "opened"), ("inbox", "sent"), ("mail", "sent"), ("mail", "sent"),
        ]  # fmt: skip
    published = await town.rows("select type, count(*) from events where public group by type")
    assert {row["type"]: row["count"] for row in published} == {
        "notification.notification-sent.v1": 4,
        "notification.notification-delivered.v1": 1,
    }


async def test_an_event_told_again_is_no_second_mail_even_long_after(town: Town) -> None:
    event_id = uuid4()
    async with clock(town) as tools:
        await town.happens(tools, SUBMITTED, event_id=event_id)
        await town.told(state="sent")
        await town.rows("with gone as (delete from idempotency_keys) delete from errands")
        await town.happens(tools, SUBMITTED, event_id=event_id)
        await town.is_quiet()
        await town.mails("an@example.vn", 1)


async def test_a_mail_sent_right_before_a_crash_is_sent_again_as_the_same_mail(town: Town) -> None:
    town.away = True
    async with clock(town) as tools:
        await town.happens(tools, SUBMITTED)
        await town.waits_for_another_try()
    town.away = False
    await town.rows(TIME_PASSES)
    assert await clock_that_dies_before_it_records(town) == -signal.SIGKILL
    await town.mails("an@example.vn", 1)
    await town.rows(TIME_PASSES)
    async with clock(town):
        await town.told(state="sent")
    first, again = await town.mails("an@example.vn", 2)
    assert first["message_id"] == again["message_id"]
    assert len(await town.rows("select from events where type like '%-sent.v1'")) == 2


async def clock_that_dies_before_it_records(town: Town) -> int:
    """Run the clock role in a process of its own; gives how that ended."""
    settings = settings_of("notification", town.database, **town.settings)
    secrets = {"database_url", "master_keys", "service_secret"}
    told = {name: str(value) for name, value in settings.model_dump().items() if value}
    told |= {name: getattr(settings, name).get_secret_value() for name in secrets}
    environment = {f"MOTCUA_{name.upper()}": value for name, value in told.items()}
    command = (sys.executable, "-m", "motcua", "serve", "notification", "--roles", "clock")
    clock = await asyncio.create_subprocess_exec(
        *(*command, "--port", str(free_port())),
        env={**os.environ, **environment, "MOTCUA_CRASH": "errand.before_record"},
    )
    return await asyncio.wait_for(clock.wait(), 30)


async def test_while_accounts_is_away_mails_wait(town: Town) -> None:
    town.away = True
    async with clock(town) as tools:
        await town.happens(tools, SUBMITTED)
        await town.told(state="sent", channel="inbox")
        await town.waits_for_another_try()
        await town.mails("an@example.vn", 0)
        town.away = False
        await town.mails("an@example.vn", 1)
        await town.told(state="sent")


@pytest.mark.parametrize(
    ("contact", "cause"),
    [
        (None, "no-verified-address"),
        (reached_at(None), "no-verified-address"),
        (reached_at("an@example.vn", verified=False), "no-verified-address"),
        (reached_at("an@nobody.example"), "refused-550"),
    ],
)
async def test_who_cannot_be_reached_by_mail_finds_it_in_the_inbox(
    town: Town, contact: Contact | None, cause: str
) -> None:
    town.contacts.pop(AN)
    if contact:
        town.contacts[AN] = contact
    async with clock(town) as tools:
        await town.happens(tools, SUBMITTED)
        (failed,) = await town.told(state="failed")
        await town.told(state="sent", channel="inbox")
    assert failed["failed_for"] == cause
    assert (await town.catcher.get("/messages")).json() == []


async def test_a_payment_told_before_its_dossier_is_told_once_that_is_known(town: Town) -> None:
    async with clock(town) as tools:
        await town.happens(tools, REFUNDED)
        await town.waits_for_another_try()
        await town.happens(tools, SUBMITTED)
        mails = await town.mails("an@example.vn", 2)
    assert any("8.000 đồng" in mail["text"] for mail in mails)


async def test_no_address_and_no_name_is_kept_or_published(town: Town) -> None:
    town.contacts[BINH] = reached_at("binh@nobody.example", "Trần Thị Bình")
    async with clock(town) as tools:
        await town.happens(tools, SUBMITTED.model_copy(update={"submitter": BINH}))
        await town.mails("an@example.vn", 1)
        await town.is_quiet()
    for table in ("events", "messages", "errands", "dossiers"):
        kept = await town.rows(f"select * from {table}")
        text = str(kept)
        assert kept and not any(word in text for word in ("example", "Nguyễn", "Trần"))


async def test_rebuilt_from_the_log_the_messages_are_the_same(town: Town) -> None:
    async with clock(town) as tools:
        await town.happens(tools, SUBMITTED, RECEIVED)
        await town.told(state="sent")
        before = await town.rows("select * from messages order by message_id")
        owner = await asyncpg.connect(town.database.url("owner"))
        assert await rebuild(tools.store, owner, messages, lambda _done, _all: None) == 4
        await owner.close()
    assert await town.rows("select * from messages order by message_id") == before
