"""The people of a journey: citizens with errands, the desk, an auditor; and the bank they pay."""

from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import httpx

from chassis.clock import new_id, utc_now
from chassis.settings import Settings
from motcua.doctoring.diagnosis import diagnose
from motcua.local.sample_people import AGENCY, PASSWORD, SamplePerson
from motcua.signing_in import administrator_of, auditor_of
from motcua.walking.citizen import Citizen, choose
from motcua.walking.desk import Desk
from motcua.walking.province import Caller, Province, until
from motcua.walking.story import Ear

WITH_FEE = "cap-ban-sao-trich-luc-ho-tich-ban-sao-giay-khai-sinh"
"""Level 4, paid before the desk looks at it, done the same day."""

WITHOUT_FEE = "dang-ky-giam-ho"
"""Level 4, nothing to pay, three working days."""


class People:
    """Everybody a journey needs, all over HTTP."""

    def __init__(self, settings: Settings, http: httpx.AsyncClient) -> None:
        """Take where the services answer."""
        self.outside = Province(settings, http)
        self.auditor = auditor_of(self.outside)
        self.administrator = administrator_of(self.outside)

    async def citizen(self, procedure: str = WITH_FEE, channel: str | None = None) -> Citizen:
        """Bring a registered citizen with an errand."""
        errand = await choose(self.outside, procedure, AGENCY, channel)
        citizen = Citizen(self.outside, errand)
        await citizen.register()
        return citizen

    async def prepared(self, procedure: str = WITH_FEE, channel: str | None = None) -> Citizen:
        """Bring a citizen whose dossier lacks only the handing in."""
        citizen = await self.citizen(procedure, channel)
        await citizen.keep_a_paper()
        await citizen.begin()
        await citizen.attach()
        return citizen

    async def applicant(self, procedure: str = WITH_FEE, channel: str | None = None) -> Citizen:
        """Bring a citizen who has handed in."""
        citizen = await self.prepared(procedure, channel)
        await citizen.submit()
        return citizen

    async def desk(self, citizen: Citizen) -> Desk:
        """Bring the officers who work on a citizen's dossier."""
        desk = Desk(self.outside, citizen)
        await desk.appointed()
        return desk

    def officer(self, person: SamplePerson) -> Caller:
        """Bring one officer."""
        return Caller(self.outside, person.name, person.login, PASSWORD)

    async def turn(self, **knobs: object) -> None:
        """Tell the bank how to behave."""
        await self.outside.call("POST", "bank", "/knobs", json=knobs)

    async def behave(self) -> None:
        """Tell the bank to behave."""
        await self.outside.call("DELETE", "bank", "/knobs")

    async def called(self, number_of_calls: int) -> list[dict[str, Any]]:
        """Wait until the bank has had an answer to its latest calls."""

        async def answered() -> list[dict[str, Any]] | None:
            calls = (await self.outside.call("GET", "bank", "/calls")).json()[-number_of_calls:]
            all_there = len(calls) == number_of_calls and all(c["answer"] for c in calls)
            return calls if all_there else None

        return await until("the bank's calls to be answered", answered)

    async def pay(self, citizen: Citizen, **knobs: object) -> str:
        """Pay at the bank's page, which then calls as it was told; gives the transaction."""
        transaction = await self.set_out(citizen, "vnpay")
        way = await self.way(citizen, transaction)
        if knobs:
            await self.turn(scope=transaction, **knobs)
        wish = {"pay_url": way["pay_url"], "outcome": "paid"}
        await self.outside.call("POST", "bank", "/api/pay", json=wish)
        return transaction

    async def set_out(self, citizen: Citizen, method: str) -> str:
        """Choose a way to pay; gives the transaction."""
        payment = await until("the fee to be asked for", citizen.payment)
        path = f"/payments/{payment['payment_id']}/attempts"
        return (await citizen.caller.post("payment", path, {"method": method}))["number"]

    async def way(self, citizen: Citizen, transaction: str) -> dict[str, Any]:
        """Read what one takes to the bank."""
        payment = await self.payment(citizen)
        path = f"/payments/{payment['payment_id']}/attempts/{transaction}"
        return await citizen.caller.get("payment", path)

    async def payment(self, citizen: Citizen) -> dict[str, Any]:
        """Read a citizen's payment."""
        return await until("the payment", citizen.payment)

    async def settled(self, citizen: Citizen) -> dict[str, Any]:
        """Wait until the dossier knows that its fee is paid; gives the payment."""
        await citizen.until_status("the fee to be settled", 1)
        return await self.payment(citizen)

    async def history(self, dossier: UUID | str) -> dict[str, Any]:
        """Read a dossier's history by its id, code or reference."""
        return await self.auditor.get("submission", f"/audit/dossiers/{dossier}")

    async def log_of(self, dossier: UUID | str) -> list[str]:
        """List what happened to a dossier, by the names of its events."""
        return [event["type"] for event in (await self.history(dossier))["events"]]

    async def mails_of(self, dossier: UUID | str) -> Counter[str]:
        """Count what was told of a dossier by mail, when nothing is on its way any more."""

        async def settled() -> list[dict[str, Any]] | None:
            path = "/audit/messages"
            told = await self.auditor.get("notification", path, dossier=str(dossier))
            waits = not told or any(message["state"] == "waiting" for message in told)
            return None if waits else told

        told = await until("the mails to go out", settled)
        assert not [m for m in told if m["state"] == "failed"]
        return Counter(m["about"] for m in told if m["channel"] == "mail")

    async def agree(self) -> None:
        """Hold the services to agreeing with each other and with the bank, in the end."""

        async def nothing() -> bool | None:
            return not await diagnose(self.auditor, utc_now()) or None

        await until("the doctor to find nothing", nothing)

    async def stored(self, citizen: Citizen) -> str:
        """Wait until the result has come into the personal store; gives its name."""

        async def there() -> str | None:
            kept = await citizen.caller.get("accounts", "/documents")
            mine = (d["name"] for d in kept if d.get("dossier_id") == str(citizen.errand.dossier))
            return next(mine, None)

        return await until("the result to reach the personal store", there)

    async def listen(self, citizen: Citizen) -> Ear:
        """Hear what is published from now on about a citizen's dossier."""
        ear = Ear(self.auditor, lambda: [str(citizen.errand.dossier)])
        await ear.begin()
        return ear


@asynccontextmanager
async def people_of(settings: Settings) -> AsyncGenerator[People]:
    """Bring people to a province."""
    async with httpx.AsyncClient(timeout=30, trust_env=False) as http:
        yield People(settings, http)


async def post(
    caller: Caller,
    service: str,
    path: str,
    body: object = None,
    *,
    key: str = "",
    seen: int | None = None,
) -> httpx.Response:
    """Do something under a key of one's own, and look at whatever is answered."""
    headers = {"idempotency-key": key or str(new_id())}
    if seen is not None:
        headers["if-match"] = f'"{seen}"'
    return await caller.answer("POST", service, path, headers=headers, json=body)
