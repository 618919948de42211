"""The bank's telephone: calls its customer until it is understood, ten times at most."""

import asyncio
import json

import httpx

from chassis.clock import utc_now

from .ledger import Call
from .signing import SIGNATURE_HEADER, sign
from .teller import TRIES, Teller, note

_PAUSE = 0.05
_LONGEST_WAIT = 30.0


async def keep_calling(teller: Teller) -> None:
    """Make every call when it is due; ends when cancelled."""
    async with httpx.AsyncClient(timeout=10, trust_env=False) as http:
        calling: set[int] = set()
        async with asyncio.TaskGroup() as tasks:
            while True:
                for call in teller.ledger.due_calls(utc_now().timestamp()):
                    if call.id not in calling:
                        calling.add(call.id)
                        made = tasks.create_task(_make(teller, call, http))
                        made.add_done_callback(lambda _, made=call.id: calling.discard(made))
                await asyncio.sleep(_PAUSE)


async def _make(teller: Teller, call: Call, http: httpx.AsyncClient) -> None:
    try:
        response = await (_ring if call.kind == "ipn" else _write)(teller, call, http)
        answer = response.text[:500]
        understood = response.status_code == 200 and _understood(response)
    except httpx.HTTPError as cause:
        answer, understood = type(cause).__name__, False
    wait = min(0.5 * 2 ** (TRIES - call.left), _LONGEST_WAIT)
    again_at = None if understood else utc_now().timestamp() + wait
    teller.ledger.answered(call, answer, again_at=again_at)


async def _ring(teller: Teller, call: Call, http: httpx.AsyncClient) -> httpx.Response:
    entry = teller.ledger.entry(call.number)
    query = teller.call_query(entry, call.amount, forged=call.forged)
    return await http.get(f"{teller.config.call_url}?{query}")


async def _write(teller: Teller, call: Call, http: httpx.AsyncClient) -> httpx.Response:
    entry = teller.ledger.entry(call.number)
    body = json.dumps(note(entry, call.amount))
    secret = "forged" if call.forged else teller.config.secret
    headers = {SIGNATURE_HEADER: sign(secret, body), "Content-Type": "application/json"}
    return await http.post(teller.config.note_url, content=body, headers=headers)


def _understood(response: httpx.Response) -> bool:
    try:
        told: object = response.json()
    except ValueError:
        return False
    return isinstance(told, dict) and told.get("RspCode") in ("00", "02")  # pyright: ignore[reportUnknownMemberType]
