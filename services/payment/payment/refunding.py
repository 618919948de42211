"""Money on its way back: proposed, approved by another officer, given back by the bank."""

from datetime import datetime
from typing import Literal, assert_never

from contracts.payment import FeeRefunded, RefundApproved, RefundProposed
from contracts.values import PaymentMethod, PersonId

from .commands import (
    ApproveRefund,
    PayBackByHand,
    ProposeRefund,
    RecordRefunded,
    RecordRefundFailed,
    Refunding,
    RejectRefund,
)
from .entries import (
    ObligationClosed,
    Reason,
    ReceiptCancelled,
    RefundAsked,
    RefundFailed,
    RefundRejected,
)
from .refusals import (
    BankPaysBack,
    NoRefundProposed,
    NoSuchFee,
    NothingToRefund,
    OwnFee,
    OwnProposal,
    RefundMustGoBack,
    RefundUnderWay,
)
from .state import Obligation, Payment, PaymentEvent, Refund, Stage, Standing

Cause = Literal["refused", "withdrawn", "stopped", "lapsed", "duplicate", "not-owed", "asked"]


def decide_refunding(command: Refunding, payment: Payment) -> list[PaymentEvent]:
    """Answer requests about refunds and what the bank tells of them."""
    match command:
        case ProposeRefund():
            return _ask(command, payment)
        case ApproveRefund():
            return _approve(command, payment)
        case RejectRefund():
            return _reject(command, payment)
        case PayBackByHand():
            return _pay_back(command, payment)
        case RecordRefunded(transaction, at):
            return _refunded(payment, transaction, at)
        case RecordRefundFailed(transaction, code, at):
            refund = payment.refunds.get(transaction)
            awaited = refund is not None and refund.stage is Stage.APPROVED
            return [RefundFailed(transaction=transaction, code=code, at=at)] if awaited else []
        case _:
            assert_never(command)


def propose(
    payment: Payment, transaction: str | None, cause: Cause, at: datetime
) -> list[PaymentEvent]:
    """Propose to give a transaction's money back, once, unless it is already on its way."""
    owed, capture = payment.obligation, payment.captures.get(transaction or "")
    refund = payment.refunds.get(transaction or "")
    if transaction is None or owed is None or capture is None:
        return []
    if refund is not None and refund.stage is not Stage.REJECTED:
        return []
    return [proposed(owed, transaction, capture.amount, cause, at)]


def proposed(
    owed: Obligation, transaction: str, amount: int, cause: Cause, at: datetime
) -> RefundProposed:
    """Say that money should go back."""
    return RefundProposed(
        payment_id=owed.payment_id,
        dossier_id=owed.dossier_id,
        transaction=transaction,
        amount=amount,
        cause=cause,
        at=at,
    )


def _ask(command: ProposeRefund, payment: Payment) -> list[PaymentEvent]:
    _known_to_a_stranger(payment, command.officer)
    refund = payment.refunds.get(command.transaction)
    if refund is not None and refund.stage is not Stage.REJECTED:
        raise RefundUnderWay(command.transaction)
    events = propose(payment, command.transaction, "asked", command.at)
    if not events:
        raise NothingToRefund(command.transaction)
    asked = RefundAsked(
        transaction=command.transaction,
        officer=command.officer,
        personal=Reason(words=command.reason),
        at=command.at,
    )
    return [*events, asked]


def _approve(command: ApproveRefund, payment: Payment) -> list[PaymentEvent]:
    owed = _known_to_a_stranger(payment, command.officer)
    refund = _awaiting_decision(payment, command.transaction)
    if refund.proposer == command.officer:
        raise OwnProposal
    approved = RefundApproved(
        payment_id=owed.payment_id,
        dossier_id=owed.dossier_id,
        transaction=command.transaction,
        officer=command.officer,
        at=command.at,
    )
    if payment.standing is Standing.PAID and command.transaction == payment.settled_by:
        return [approved, ObligationClosed(cause="refunded", at=command.at)]
    return [approved]


def _reject(command: RejectRefund, payment: Payment) -> list[PaymentEvent]:
    _known_to_a_stranger(payment, command.officer)
    refund = _awaiting_decision(payment, command.transaction)
    if refund.cause in ("duplicate", "not-owed"):
        raise RefundMustGoBack(command.transaction)
    return [
        RefundRejected(
            transaction=command.transaction,
            officer=command.officer,
            personal=Reason(words=command.reason),
            at=command.at,
        )
    ]


def _pay_back(command: PayBackByHand, payment: Payment) -> list[PaymentEvent]:
    _known_to_a_stranger(payment, command.cashier)
    refund = payment.refunds.get(command.transaction)
    if refund is None or refund.stage is not Stage.APPROVED:
        raise NothingToRefund(command.transaction)
    if payment.captures[command.transaction].method is PaymentMethod.VNPAY:
        raise BankPaysBack(command.transaction)
    return _refunded(payment, command.transaction, command.at)


def _refunded(payment: Payment, transaction: str, at: datetime) -> list[PaymentEvent]:
    """Book money that went back, approved or not; its receipt is cancelled by a new record."""
    owed, capture = payment.obligation, payment.captures.get(transaction)
    refund = payment.refunds.get(transaction)
    if owed is None or capture is None or (refund and refund.stage is Stage.REFUNDED):
        return []
    refunded = FeeRefunded(
        payment_id=owed.payment_id,
        dossier_id=owed.dossier_id,
        transaction=transaction,
        amount=capture.amount,
        at=at,
    )
    number = payment.receipts.get(transaction)
    if number is None:
        return [refunded]
    return [refunded, ReceiptCancelled(number=number, transaction=transaction, at=at)]


def _known_to_a_stranger(payment: Payment, officer: PersonId) -> Obligation:
    if payment.obligation is None:
        raise NoSuchFee
    if payment.obligation.payer == officer:
        raise OwnFee
    return payment.obligation


def _awaiting_decision(payment: Payment, transaction: str) -> Refund:
    refund = payment.refunds.get(transaction)
    if refund is None or refund.stage not in (Stage.PROPOSED, Stage.FAILED):
        raise NoRefundProposed(transaction)
    return refund
