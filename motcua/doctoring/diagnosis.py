"""Where the services disagree: dossiers, payments, messages and the bank's statement side by side.

`compare` is pure; `examine` asks the services, as an auditor. Read tables and logs are compared
dossier by dossier, each at the version the row has.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from contracts.identity import fee_of
from contracts.values import PaymentStatus
from motcua.walking.province import Caller
from services.notification.telling import TOLD

Remedy = Literal["tell the dossier", "tell the payment", "tell the messages", "ask the bank", ""]
"""What `--heal` does about it; nothing where a person has to look."""

_PAGE = 500
_AT_ONCE = 8
_DUE = (PaymentStatus.DUE_ONLINE, PaymentStatus.DUE_AT_DESK)
_TO_TELL = frozenset(event.wire_name for event in TOLD)
_KNOWN_PAID = (PaymentStatus.PAID, PaymentStatus.REFUND_DUE)


@dataclass(frozen=True)
class Disagreement:
    """Two places say different things. `since` is when it began, `amount` in đồng."""

    what: str
    dossier: str
    since: datetime
    amount: int
    remedy: Remedy


@dataclass(frozen=True)
class Findings:
    """What the services said, as fetched: rows by id, and what the bank's statement lists."""

    dossiers: dict[str, dict[str, Any]]
    payments: dict[str, dict[str, Any]]
    credits: Sequence[dict[str, Any]]
    untold: Sequence[dict[str, Any]] = ()
    folded_otherwise: Sequence[dict[str, Any]] = ()


def compare(found: Findings) -> list[Disagreement]:
    """List every disagreement, the oldest first."""
    listed = [
        *_fees(found),
        *_bank(found),
        *_unanswered(found.payments.values()),
        *(_row_differs(row) for row in found.folded_otherwise),
        *(_untold(row) for row in found.untold),
    ]
    return sorted(listed, key=lambda one: one.since)


def _fees(found: Findings) -> Iterable[Disagreement]:
    """Compare what the dossier knows of its fee with the obligation of the payment service."""
    for dossier in found.dossiers.values():
        payment = found.payments.get(str(fee_of(dossier["id"])))
        said = _fee(PaymentStatus(dossier["payment"]), payment)
        if said:
            what, remedy = said
            since = _when((payment or {}).get("paid_at") or dossier["changed_at"])
            amount = payment["amount"] if payment else 0
            yield Disagreement(what, _name(dossier), since, amount, remedy)


def _fee(dossier: PaymentStatus, payment: dict[str, Any] | None) -> tuple[str, Remedy] | None:
    status = payment["status"] if payment else ""
    match dossier:
        case _ if status == "paid" and dossier not in _KNOWN_PAID:
            return "paid, and the dossier does not know", "tell the dossier"
        case PaymentStatus.PAID if status != "paid":
            return f"the dossier counts as paid, its payment is {status or 'missing'}", ""
        case _ if dossier in _DUE and payment is None:
            return "a fee is due that was never asked for", "tell the payment"
        case PaymentStatus.REFUND_DUE if payment and not payment["refunds"]:
            return "money has to go back, and nobody has proposed it", "tell the payment"
        case _:
            return None


def _bank(found: Findings) -> Iterable[Disagreement]:
    """Find money on the bank's statement that no payment has written down."""
    written = {m["transaction"] for p in found.payments.values() for m in p["money"]}
    expected = {t: p for p in found.payments.values() for t in p["transactions"]}
    for credit in found.credits:
        if credit["transaction"] not in written:
            name = expected.get(credit["transaction"], {}).get("reference") or credit["transaction"]
            what = "the bank has money that no payment knows of"
            since = _when(credit["at"])
            yield Disagreement(what, str(name), since, credit["amount"], "ask the bank")


def _unanswered(payments: Iterable[dict[str, Any]]) -> Iterable[Disagreement]:
    for payment in payments:
        waiting = [a for a in payment["attempts"] if a["state"] == "started"]
        if waiting and payment["status"] == "open":
            what = "the bank has not answered for a payment"
            since = _when(waiting[0]["at"])
            yield Disagreement(
                what, str(payment["reference"]), since, payment["amount"], "ask the bank"
            )


def _row_differs(row: dict[str, Any]) -> Disagreement:
    what = "the read table differs from the log: motcua rebuild submission"
    return Disagreement(what, _name(row), _when(row["changed_at"]), 0, "")


def _untold(row: dict[str, Any]) -> Disagreement:
    return Disagreement(row["what"], row["dossier"], _when(row["since"]), 0, "tell the messages")


def _name(dossier: dict[str, Any]) -> str:
    return dossier["code"] or dossier["reference"]


def _when(instant: str | datetime) -> datetime:
    return instant if isinstance(instant, datetime) else datetime.fromisoformat(instant)


async def examine(auditor: Caller, days: int, now: datetime) -> Findings:
    """Ask the services about everything that changed in the last days."""
    dossiers = {
        row["id"]: row
        for row in await _all(auditor, "submission", "/audit/dossiers", "id")
        if _when(row["changed_at"]) > now - timedelta(days=days)
    }
    payments = {
        row["payment_id"]: row
        for row in await _all(auditor, "payment", "/audit/payments", "payment_id")
    }
    statement = await auditor.get("payment", "/statement", days=days)
    gate = asyncio.Semaphore(_AT_ONCE)

    async def looked_at(row: dict[str, Any]) -> tuple[bool, list[dict[str, Any]]]:
        async with gate:
            history = await auditor.get("submission", f"/audit/dossiers/{row['id']}")
            told = await auditor.get("notification", "/audit/messages", dossier=row["id"])
            return _folds(row, history), missing_messages(row, history["events"], told)

    looks = await asyncio.gather(*(looked_at(row) for row in dossiers.values()))
    pairs = list(zip(dossiers.values(), looks, strict=True))
    return Findings(
        dossiers,
        payments,
        statement["credits"],
        untold=[untold for _, (_, missing) in pairs for untold in missing],
        folded_otherwise=[row for row, (agrees, _) in pairs if not agrees],
    )


async def _all(auditor: Caller, service: str, path: str, key: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    while True:
        after = {"after": rows[-1][key]} if rows else {}
        page = await auditor.get(service, path, limit=_PAGE, **after)
        rows += page
        if len(page) < _PAGE:
            return rows


def missing_messages(
    row: dict[str, Any], events: Sequence[dict[str, Any]], messages: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """List what happened to a dossier that nobody was told of."""
    told = {message["about"] for message in messages}
    return [
        {"what": f"nobody was told: {e['type']}", "dossier": _name(row), "since": e["recorded_at"]}
        for e in events
        if e["type"] in _TO_TELL and e["type"] not in told
    ]


def _folds(row: dict[str, Any], history: dict[str, Any]) -> bool:
    """Tell whether a row says what its log says; one that has moved on in between is not judged."""
    columns = ("status", "payment", "code")
    return row["version"] != history["version"] or all(row[c] == history[c] for c in columns)


async def diagnose(
    auditor: Caller, now: datetime, *, days: int = 30, grace: timedelta = timedelta()
) -> list[Disagreement]:
    """Examine and compare; what is younger than the grace may still be on its way."""
    found = compare(await examine(auditor, days, now))
    return [one for one in found if one.since <= now - grace]
