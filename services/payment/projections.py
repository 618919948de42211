"""Own events to the one read table: a payment's row is its history. Pure; no rules here."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any

from chassis.changes import Put
from chassis.projecting import ReadModel
from contracts.event import Event
from contracts.payment import (
    FeeRefunded,
    FeeWaived,
    PaymentFailed,
    PaymentMismatchFound,
    PaymentStarted,
    RefundApproved,
    RefundProposed,
)
from contracts.values import PaymentMethod

from .payment.entries import (
    MoneyReceived,
    MoneyUnmatched,
    ObligationClosed,
    ObligationOpened,
    ObligationReopened,
    ReceiptWritten,
    RefundAsked,
    RefundFailed,
    RefundRejected,
)
from .payment.state import Stage

Entries = dict[str, dict[str, Any]]
"""Facts about transactions, by transaction, in the order of their first event."""

_WORRIES = (Stage.FAILED, Stage.PROPOSED, Stage.APPROVED)


@dataclass(frozen=True)
class PaymentRow:
    """A payment as its readers see it."""

    columns: dict[str, Any] = field(default_factory=dict[str, Any])
    waived: bool = False
    attempts: Entries = field(default_factory=dict[str, dict[str, Any]])
    money: Entries = field(default_factory=dict[str, dict[str, Any]])
    mismatches: tuple[dict[str, Any], ...] = ()
    refunds: Entries = field(default_factory=dict[str, dict[str, Any]])


def payment_row(history: Sequence[Event]) -> Put:
    """Give the row of a payment's whole history."""
    row = reduce(_fold, history, PaymentRow())
    columns = {name: row.columns.get(name) for name in _COLUMNS}
    key = {"payment_id": row.columns["payment_id"]}
    return Put("payments", key, {"version": len(history), **columns, **_derived(row)})


_COLUMNS = (
    *("closed_for", "dossier_id", "payer", "agency", "agency_vi", "agency_en", "reference"),
    *("amount", "place", "pay_by", "opened_at", "method", "paid_at", "settled_by"),
    *("receipt_number", "receipt"),
)


def _derived(row: PaymentRow) -> dict[str, Any]:
    unanswered = [
        attempt["at"]
        for attempt in row.attempts.values()
        if attempt["state"] == "started" and attempt["method"] == PaymentMethod.VNPAY
    ]
    stages = [refund["stage"] for refund in row.refunds.values()]
    return {
        "status": _status(row),
        "transactions": sorted({*row.attempts, *row.money}),
        "attempts": list(row.attempts.values()),
        "unanswered_since": min(unanswered, default=None),
        "money": list(row.money.values()),
        "mismatches": list(row.mismatches),
        "refunds": list(row.refunds.values()),
        "refund": next((stage for stage in _WORRIES if stage in stages), ""),
    }


def _status(row: PaymentRow) -> str:
    if "dossier_id" not in row.columns:
        return "unmatched"
    if row.waived:
        return "waived"
    if row.columns.get("closed_for"):
        return "closed"
    settled = row.columns.get("settled_by")
    left = row.refunds.get(settled or "", {}).get("stage") in (Stage.APPROVED, Stage.REFUNDED)
    return "paid" if settled and not left else "open"


def _fold(row: PaymentRow, event: Event) -> PaymentRow:
    match event:
        case ObligationOpened():
            return _with(row, **_obligation(event))
        case FeeWaived():
            return replace(row, waived=True)
        case ObligationClosed(cause=cause):
            return _with(row, closed_for=cause)
        case ObligationReopened():
            return _with(row, closed_for=None)
        case PaymentStarted() | PaymentFailed():
            return replace(row, attempts=_attempts(row.attempts, event))
        case MoneyReceived() | MoneyUnmatched() | ReceiptWritten() | PaymentMismatchFound():
            return _fold_money(row, event)
        case _:
            return replace(row, refunds=_refunds(row.refunds, event))


def _fold_money(
    row: PaymentRow, event: MoneyReceived | MoneyUnmatched | ReceiptWritten | PaymentMismatchFound
) -> PaymentRow:
    match event:
        case ReceiptWritten(transaction=transaction, receipt=receipt):
            return _with(
                row,
                method=row.money[transaction]["method"],
                paid_at=receipt.issued_at,
                settled_by=transaction,
                receipt_number=receipt.written,
                receipt=receipt.model_dump(mode="json"),
            )
        case PaymentMismatchFound():
            found = event.model_dump(include={"transaction", "expected", "told", "at"})
            return replace(row, mismatches=(*row.mismatches, found))
        case MoneyUnmatched() if "payment_id" not in row.columns:
            known = {"payment_id": event.payment_id, "amount": 0, "opened_at": event.at}
            return _with(_arrived(row, event), **known)
        case _:
            return _arrived(row, event)


def _arrived(row: PaymentRow, event: MoneyReceived | MoneyUnmatched) -> PaymentRow:
    attempts = row.attempts
    if event.transaction in attempts:
        answered = attempts[event.transaction] | {"state": "paid"}
        attempts = attempts | {event.transaction: answered}
    entry = event.model_dump(exclude={"payment_id"})
    return replace(row, attempts=attempts, money=row.money | {event.transaction: entry})


def _obligation(event: ObligationOpened) -> dict[str, Any]:
    return {
        "payment_id": event.payment_id,
        "dossier_id": event.dossier_id,
        "payer": event.payer,
        "agency": event.agency.code,
        "agency_vi": event.agency.name_vi,
        "agency_en": event.agency.name_en,
        "reference": event.reference,
        "amount": event.amount,
        "place": event.where,
        "pay_by": event.pay_by,
        "opened_at": event.at,
    }


def _attempts(attempts: Entries, event: PaymentStarted | PaymentFailed) -> Entries:
    if isinstance(event, PaymentStarted):
        attempt: dict[str, Any] = {
            "transaction": event.transaction,
            "method": event.method,
            "at": event.at,
            "state": "started",
            "code": "",
        }
    else:
        attempt = attempts[event.transaction] | {"state": "failed", "code": event.code}
    return attempts | {event.transaction: attempt}


def _refunds(refunds: Entries, event: Event) -> Entries:
    match event:
        case RefundProposed(transaction=transaction):
            known = event.model_dump(include={"transaction", "amount", "cause", "at"})
            return refunds | {transaction: known | _people(Stage.PROPOSED)}
        case RefundAsked():
            return _changed(refunds, event.transaction, proposed_by=event.officer)
        case RefundApproved():
            changes = {"stage": Stage.APPROVED, "decided_by": event.officer}
            return _changed(refunds, event.transaction, **changes)
        case RefundRejected():
            changes = {"stage": Stage.REJECTED, "decided_by": event.officer}
            return _changed(refunds, event.transaction, **changes)
        case RefundFailed():
            return _changed(refunds, event.transaction, stage=Stage.FAILED)
        case FeeRefunded(transaction=transaction):
            known = event.model_dump(include={"transaction", "amount", "at"})
            earlier = (
                {"cause": "by the bank"} | _people(Stage.REFUNDED) | refunds.get(transaction, {})
            )
            return refunds | {transaction: earlier | known | {"stage": Stage.REFUNDED}}
        case _:
            return refunds


def _people(stage: Stage) -> dict[str, Any]:
    return {"stage": stage, "proposed_by": None, "decided_by": None}


def _changed(refunds: Entries, transaction: str, **changes: Any) -> Entries:
    return refunds | {transaction: refunds[transaction] | changes}


def _with(row: PaymentRow, **columns: Any) -> PaymentRow:
    return replace(row, columns=row.columns | columns)


payments = ReadModel("payments", "payment", payment_row)
