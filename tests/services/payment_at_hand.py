"""The payment service with the sandbox bank beside it, and people who pay, take and give back."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

import httpx
from at_hand import appoint, running_api, running_clock, served, settings_of, signed_in
from servers_at_hand import Database, free_port

from chassis.changes import Origin
from chassis.clock import new_id
from chassis.following import units_of
from chassis.service import Tools, open_tools
from contracts.envelope import Envelope
from contracts.event import Event
from contracts.http.payment import PaymentView, WayToPay
from contracts.identity import fee_of
from contracts.submission import FeeRequired
from contracts.values import AgencyCode, AgencyName, DossierId, PaymentId, PersonId
from motcua.local.bank import BankConfig, make_bank
from services.payment.main import payment
from services.payment.reactions import react

AN, BINH, LAN, HOA, MINH = (PersonId(uuid4()) for _ in range(5))
"""Two payers; a cashier and an approver at Bình Lãng; a cashier somewhere else."""

BINH_LANG = AgencyName(
    code=AgencyCode("H23.39.02"), name_vi="UBND xã Bình Lãng", name_en="Binh Lang"
)
FEE = 8_000

SeenT = TypeVar("SeenT")


@dataclass
class Town:
    """One payment service, its bank, and what they need."""

    api: httpx.AsyncClient
    bank: httpx.AsyncClient
    tools: Tools
    database: Database
    bank_settings: dict[str, Any]

    async def hear(self, event: Event) -> None:
        """Let an event of another service arrive, as the consumer does with a batch of one."""
        place = f"dossier-{uuid4()}"
        now = datetime.now(UTC)
        told = Envelope(new_id(), event.wire_name, "submission", place, 1, 1, now, "test")
        asked = [(react.react(event, told), Origin("service:submission", "test"))]
        units = await units_of(self.tools.store, self.tools.commands, asked)
        await self.tools.store.append_strict(units)

    async def owe(
        self, where: str = "online", *, payer: PersonId = AN, amount: int = FEE
    ) -> PaymentId:
        """Let a dossier require a fee."""
        dossier, now = DossierId(uuid4()), datetime.now(UTC)
        required = {
            "dossier_id": dossier,
            "payment_id": fee_of(dossier),
            "payer": payer,
            "agency": BINH_LANG,
            "reference": f"NHS-{dossier.hex[:8]}",
            "amount": amount,
            "where": where,
            "pay_by": now + timedelta(days=10) if where == "online" else None,
            "at": now,
        }
        await self.hear(FeeRequired.model_validate(required))
        return fee_of(dossier)

    async def see(self, owed: PaymentId) -> PaymentView:
        """Look at a payment as an auditor does."""
        answer = await self.api.get(f"/payments/{owed}", headers=signed_in("auditor"))
        assert answer.status_code == 200, answer.text
        return PaymentView.model_validate_json(answer.content)

    async def set_out(
        self, owed: PaymentId, method: str = "vnpay", *, payer: PersonId = AN
    ) -> WayToPay:
        """Let the payer set out to the bank."""
        path, person = f"/payments/{owed}/attempts", signed_in("citizen", payer)
        started = await self.api.post(path, json={"method": method}, headers=person)
        assert started.status_code == 201, started.text
        way = await self.api.get(f"{path}/{started.json()['number']}", headers=person)
        return WayToPay.model_validate_json(way.content)

    async def pay(self, owed: PaymentId, outcome: str = "paid", **knobs: Any) -> WayToPay:
        """Let the payer pay at the bank's page, and the bank behave as told about it."""
        way = await self.set_out(owed)
        if knobs:
            await self.bank.post("/knobs", json={"scope": way.transaction, **knobs})
        answer = await self.bank.post("/api/pay", json={"pay_url": way.pay_url, "outcome": outcome})
        assert answer.status_code == 200, answer.text
        return way

    async def calls(self) -> list[dict[str, Any]]:
        """List the bank's calls, made and owed."""
        return (await self.bank.get("/calls")).json()

    async def decide(
        self, officer: PersonId, owed: PaymentId, path: str, body: Any = None, *, seen: int = 0
    ) -> httpx.Response:
        """Let an officer decide, having seen the present version unless told otherwise."""
        version = seen or (await self.see(owed)).version
        headers = signed_in("staff", officer, seen=version)
        return await self.api.post(f"/payments/{owed}/{path}", json=body, headers=headers)

    async def settled(self, owed: PaymentId) -> PaymentView:
        """Wait until a fee is paid."""
        return await self.until(owed, lambda view: view.status == "paid")

    async def until(
        self, owed: PaymentId, holds: Callable[[PaymentView], bool], seconds: float = 15
    ) -> PaymentView:
        """Wait until something holds of a payment."""
        return await eventually(lambda: self.see(owed), holds, seconds)

    async def events(self, owed: UUID) -> list[str]:
        """Name what happened to a payment."""
        return [event.type for event in await self.tools.store.logged(f"payment-{owed}")]

    @asynccontextmanager
    async def clock(self, patience: int = 1) -> AsyncGenerator[Tools]:
        """Let the clock run."""
        settings = {**self.bank_settings, "settle_after_seconds": patience}
        async with running_clock("payment", self.database, **settings) as tools:
            yield tools


async def eventually(
    look: Callable[[], Awaitable[SeenT]], holds: Callable[[SeenT], bool], seconds: float = 15
) -> SeenT:
    """Look again and again until something holds."""
    async with asyncio.timeout(seconds):
        while not holds(seen := await look()):  # noqa: ASYNC110 - nobody tells when it does
            await asyncio.sleep(0.05)
    return seen


@asynccontextmanager
async def running_town(database: Database, books: Path) -> AsyncGenerator[Town]:
    """Run the service and the bank while the block lasts."""
    port = free_port()
    bank = f"http://127.0.0.1:{port}"
    settings: dict[str, Any] = {
        "vnpay_url": f"{bank}/paymentv2/vpcpay.html",
        "vnpay_api_url": f"{bank}/merchant_webapi/api/transaction",
        "bank_statement_url": f"{bank}/statement",
        "vnpay_terminal": "MOTCUA01",
        "vnpay_secret": "shared with the bank",
    }
    async with (
        running_api("payment", database, **settings) as api,
        open_tools(payment, settings_of("payment", database, **settings)) as tools,
        served(make_bank(_config(settings, str(api.base_url), books)), port),
        httpx.AsyncClient(base_url=bank, trust_env=False) as http,
    ):
        await appoint(database, LAN, BINH_LANG.code, "cashier")
        await appoint(database, HOA, BINH_LANG.code, "approver")
        await appoint(database, MINH, "H23.39.03", "cashier")
        yield Town(api, http, tools, database, settings)


def _config(settings: dict[str, Any], payment_url: str, books: Path) -> BankConfig:
    url = payment_url.rstrip("/")
    return BankConfig(
        terminal=settings["vnpay_terminal"],
        secret=settings["vnpay_secret"],
        call_url=f"{url}/vnpay/ipn",
        note_url=f"{url}/vietqr/note",
        books=books / "books.sqlite",
    )
