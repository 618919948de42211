"""What is looked at from outside once a dossier has been walked to its end."""

import base64
import hashlib
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from chassis.clock import utc_now
from chassis.proof import GENESIS, Link, link_hash
from contracts.values import Status
from motcua.doctoring.diagnosis import diagnose

from .citizen import Citizen
from .province import Caller, Unexpected, until
from .story import Check

Look = Callable[[], Awaitable[str]]


class Broken(Exception):
    """What was looked at is not as it should be."""


class Checks:
    """Looks at one dossier as its owner, as an auditor, and in the mail catcher."""

    def __init__(self, citizen: Citizen, auditor: Caller) -> None:
        """Take whose dossier it is, and who may see all."""
        self._citizen, self._auditor = citizen, auditor
        self._errand = citizen.errand

    async def all(self) -> list[Check]:
        """Look at everything; one check that fails does not hide the others."""
        looks: dict[str, Look] = {
            "the dossier is handed over": self._status,
            "the result is what was issued": self._result,
            "the result is in the personal store": self._stored,
            "the fee is paid and has a receipt": self._receipt,
            "each mail came, and once": self._mails,
            "the chain verifies": self._chain,
            "the log alone says the same": self._replayed,
            "the doctor finds nothing": self._doctor,
        }
        return [await _checked(name, look) for name, look in looks.items()]

    async def _status(self) -> str:
        detail = await self._citizen.until_status("the dossier's end", Status.RETURNED)
        _hold(detail["delivery"] == "handed-over", f"delivery is {detail['delivery']}")
        return f"{detail['code']}, status {detail['status']}"

    async def _result(self) -> str:
        found = hashlib.sha256(await self._citizen.result()).hexdigest()
        history = await self._history()
        issued = [e for e in history["events"] if e["type"].startswith("submission.result-issued")]
        said = _data(issued[-1])["sha256"] if issued else "nothing"
        _hold(found == said, f"the file is {found}, the log says {said}")
        return found

    async def _stored(self) -> str:
        async def there() -> str | None:
            kept = await self._citizen.caller.get("accounts", "/documents")
            return next(
                (d["name"] for d in kept if d.get("dossier_id") == str(self._errand.dossier)), None
            )

        return await until("the result to reach the personal store", there)

    async def _receipt(self) -> str:
        if not self._errand.procedure["fee"]["amount"]:
            return "nothing was owed"

        async def paid() -> dict[str, Any] | None:
            payment = await self._citizen.payment()
            return payment if payment and payment["receipt_number"] else None

        payment = await until("the receipt", paid)
        detail = await self._citizen.look()
        _hold(detail["payment"] == "paid", f"the dossier says {detail['payment']}")
        return f"{payment['receipt_number']}, {payment['amount']} đồng"

    async def _mails(self) -> str:
        async def settled() -> list[dict[str, Any]] | None:
            messages = await self._messages()
            return None if any(m["state"] == "waiting" for m in messages) else messages

        messages = await until("the mails to go out", settled)
        mailed = [m for m in messages if m["channel"] == "mail"]
        failed = [m["about"] for m in mailed if m["state"] == "failed"]
        _hold(bool(mailed) and not failed, f"not sent: {failed or 'anything'}")
        caught = Counter(m["message_id"] for m in await self._citizen.mails())
        twice = [name for name, times in caught.items() if times > 1]
        _hold(not twice, f"came more than once: {twice}")
        missing = [
            m["about"] for m in mailed if not any(m["message_id"] in name for name in caught)
        ]
        _hold(not missing, f"sent but not caught: {missing}")
        return f"{len(mailed)} mails"

    async def _messages(self) -> list[dict[str, Any]]:
        dossier = str(self._errand.dossier)
        return await self._auditor.get("notification", "/audit/messages", dossier=dossier)

    async def _history(self) -> dict[str, Any]:
        return await self._auditor.get("submission", f"/audit/dossiers/{self._errand.dossier}")

    async def _chain(self) -> str:
        events = (await self._history())["events"]
        verify_chain(events)
        return f"{len(events)} events"

    async def _replayed(self) -> str:
        folded, seen = await self._history(), await self._citizen.look()
        for axis in ("version", "status", "step", "payment", "delivery", "outcome"):
            _hold(folded[axis] == seen[axis], f"{axis}: {folded[axis]} and {seen[axis]}")
        return f"version {seen['version']}"

    async def _doctor(self) -> str:
        async def nothing() -> str | None:
            found = await diagnose(self._auditor, utc_now())
            return None if found else "nothing to heal"

        try:
            return await until("the doctor to find nothing", nothing, 15)
        except Unexpected as cause:
            found = await diagnose(self._auditor, utc_now())
            raise Broken("; ".join(f"{d.what} ({d.dossier})" for d in found)) from cause


async def _checked(name: str, look: Look) -> Check:
    try:
        return Check(name, ok=True, detail=await look())
    except (Broken, Unexpected, KeyError) as cause:
        return Check(name, ok=False, detail=str(cause))


def _hold(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Broken(otherwise)


def verify_chain(events: list[dict[str, Any]]) -> None:
    """Recompute a dossier's chain from the bytes of its history; `Broken` names the place."""
    head = GENESIS
    for number, event in enumerate(events, start=1):
        link = Link(
            stream=event["stream"],
            version=event["version"],
            event_id=UUID(event["id"]),
            type=event["type"],
            recorded_at=datetime.fromisoformat(event["recorded_at"]),
            data=base64.b64decode(event["data"]),
            meta=base64.b64decode(event["meta"]),
        )
        head = link_hash(head, link)
        if event["version"] != number or head != base64.b64decode(event["hash"]):
            raise Broken(f"the chain breaks at version {event['version']} ({event['type']})")


def _data(event: dict[str, Any]) -> dict[str, Any]:
    return orjson.loads(base64.b64decode(event["data"]))
