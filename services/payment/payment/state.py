"""What later decisions about an obligation need to remember, and how events change it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Literal, assert_never

from contracts.payment import (
    FeePaid,
    FeeRefunded,
    FeeRequested,
    FeeWaived,
    PaymentFailed,
    PaymentMismatchFound,
    PaymentStarted,
    ReceiptIssued,
    RefundApproved,
    RefundProposed,
)
from contracts.values import AgencyName, Dong, DossierId, PaymentId, PaymentMethod, PersonId

from .entries import (
    Ending,
    MoneyReceived,
    MoneyUnmatched,
    ObligationClosed,
    ObligationOpened,
    ObligationReopened,
    ReceiptCancelled,
    ReceiptWritten,
    RefundAsked,
    RefundFailed,
    RefundRejected,
)

PaymentEvent = (
    ObligationOpened
    | FeeRequested
    | FeeWaived
    | ObligationClosed
    | ObligationReopened
    | PaymentStarted
    | PaymentFailed
    | MoneyReceived
    | MoneyUnmatched
    | PaymentMismatchFound
    | FeePaid
    | ReceiptWritten
    | ReceiptIssued
    | ReceiptCancelled
    | RefundProposed
    | RefundAsked
    | RefundApproved
    | RefundRejected
    | RefundFailed
    | FeeRefunded
)


class Standing(StrEnum):
    """Where an obligation stands."""

    UNKNOWN = "unknown"
    OPEN = "open"
    PAID = "paid"
    WAIVED = "waived"
    CLOSED = "closed"


class Stage(StrEnum):
    """Where a refund stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    FAILED = "failed"
    REFUNDED = "refunded"


@dataclass(frozen=True)
class Obligation:
    """What is owed, to whom, by whom, for which dossier."""

    payment_id: PaymentId
    dossier_id: DossierId
    payer: PersonId
    agency: AgencyName
    reference: str
    amount: Dong
    where: Literal["online", "desk"]
    pay_by: datetime | None


@dataclass(frozen=True)
class Capture:
    """Money that arrived."""

    amount: Dong
    method: PaymentMethod
    bank_reference: str


@dataclass(frozen=True)
class Refund:
    """Money on its way back."""

    amount: Dong
    cause: str
    stage: Stage = Stage.PROPOSED
    proposer: PersonId | None = None

    @property
    def leaves(self) -> bool:
        """Whether the money no longer counts as ours."""
        return self.stage in (Stage.APPROVED, Stage.REFUNDED)


@dataclass(frozen=True)
class Payment:
    """One obligation with everything that was paid on it. Mappings are by transaction."""

    obligation: Obligation | None = None
    waived: bool = False
    closed_for: Ending | None = None
    started: frozenset[str] = frozenset()
    failed: frozenset[str] = frozenset()
    captures: Mapping[str, Capture] = field(default_factory=dict[str, Capture])
    mismatches: frozenset[tuple[str, int]] = frozenset()
    settled_by: str | None = None
    receipts: Mapping[str, str] = field(default_factory=dict[str, str])
    refunds: Mapping[str, Refund] = field(default_factory=dict[str, Refund])

    @property
    def standing(self) -> Standing:
        """Where the obligation stands."""
        if self.obligation is None:
            return Standing.UNKNOWN
        if self.waived:
            return Standing.WAIVED
        if self.closed_for:
            return Standing.CLOSED
        return Standing.PAID if self.holds_the_fee else Standing.OPEN

    @property
    def holds_the_fee(self) -> bool:
        """Whether the money that settled the fee is here and stays."""
        refund = self.refunds.get(self.settled_by or "")
        return self.settled_by is not None and not (refund and refund.leaves)


def evolve(payment: Payment, event: PaymentEvent) -> Payment:
    """Remember an event."""
    match event:
        case (
            ObligationOpened()
            | FeeWaived()
            | ObligationClosed()
            | ObligationReopened()
            | FeeRequested()
        ):
            return _evolve_owing(payment, event)
        case (
            RefundProposed() | RefundAsked() | RefundApproved() | RefundRejected() | RefundFailed()
        ):
            return _evolve_refund(payment, event)
        case FeeRefunded(transaction=transaction, amount=amount):
            refund = payment.refunds.get(transaction, Refund(amount, "by the bank"))
            return _with_refund(payment, transaction, replace(refund, stage=Stage.REFUNDED))
        case _:
            return _evolve_paying(payment, event)


def _evolve_owing(
    payment: Payment,
    event: ObligationOpened | FeeWaived | ObligationClosed | ObligationReopened | FeeRequested,
) -> Payment:
    match event:
        case ObligationOpened():
            facts = {name: getattr(event, name) for name in Obligation.__dataclass_fields__}
            return replace(payment, obligation=Obligation(**facts))
        case FeeRequested():
            return payment
        case FeeWaived():
            return replace(payment, waived=True)
        case ObligationClosed(cause=cause):
            return replace(payment, closed_for=cause)
        case ObligationReopened():
            return replace(payment, closed_for=None)
        case _:
            assert_never(event)


def _evolve_paying(
    payment: Payment,
    event: PaymentStarted
    | PaymentFailed
    | MoneyReceived
    | MoneyUnmatched
    | PaymentMismatchFound
    | FeePaid
    | ReceiptWritten
    | ReceiptIssued
    | ReceiptCancelled,
) -> Payment:
    match event:
        case PaymentStarted(transaction=transaction):
            return replace(payment, started=payment.started | {transaction})
        case PaymentFailed(transaction=transaction):
            return replace(payment, failed=payment.failed | {transaction})
        case MoneyReceived() | MoneyUnmatched():
            capture = Capture(event.amount, event.method, event.bank_reference)
            return replace(payment, captures={**payment.captures, event.transaction: capture})
        case PaymentMismatchFound(transaction=transaction, told=told):
            return replace(payment, mismatches=payment.mismatches | {(transaction, told)})
        case ReceiptWritten(transaction=transaction, receipt=receipt):
            receipts = {**payment.receipts, transaction: receipt.written}
            return replace(payment, settled_by=transaction, receipts=receipts)
        case FeePaid() | ReceiptIssued() | ReceiptCancelled():
            return payment
        case _:
            assert_never(event)


def _evolve_refund(
    payment: Payment,
    event: RefundProposed | RefundAsked | RefundApproved | RefundRejected | RefundFailed,
) -> Payment:
    match event:
        case RefundProposed(transaction=transaction, amount=amount, cause=cause):
            return _with_refund(payment, transaction, Refund(amount, cause))
        case RefundAsked(transaction=transaction, officer=officer):
            refund = replace(payment.refunds[transaction], proposer=officer)
            return _with_refund(payment, transaction, refund)
        case RefundApproved():
            return _at_stage(payment, event.transaction, Stage.APPROVED)
        case RefundRejected():
            return _at_stage(payment, event.transaction, Stage.REJECTED)
        case RefundFailed():
            return _at_stage(payment, event.transaction, Stage.FAILED)
        case _:
            assert_never(event)


def _at_stage(payment: Payment, transaction: str, stage: Stage) -> Payment:
    return _with_refund(payment, transaction, replace(payment.refunds[transaction], stage=stage))


def _with_refund(payment: Payment, transaction: str, refund: Refund) -> Payment:
    return replace(payment, refunds={**payment.refunds, transaction: refund})
