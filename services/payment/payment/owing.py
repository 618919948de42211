"""Whether a fee is owed: opened, waived, closed, opened again. Facts, told by the dossier."""

from typing import Literal, assert_never

from contracts.payment import FeeRequested, FeeWaived, RefundProposed

from .commands import CancelObligation, OpenObligation, Owing, ReopenObligation, WaiveObligation
from .entries import ObligationClosed, ObligationOpened, ObligationReopened, RefundRejected
from .refunding import propose
from .state import Payment, PaymentEvent, Stage, Standing


def decide_owing(command: Owing, payment: Payment) -> list[PaymentEvent]:
    """Answer what the dossier's service tells."""
    match command:
        case OpenObligation():
            return [] if payment.obligation else [*_open(command), *_found_owner(command, payment)]
        case WaiveObligation():
            return _waive(command, payment)
        case CancelObligation():
            return _close(command, payment)
        case ReopenObligation():
            return _reopen(command, payment)
        case _:
            assert_never(command)


def _open(command: OpenObligation) -> list[PaymentEvent]:
    requested = FeeRequested(
        payment_id=command.payment_id,
        dossier_id=command.dossier_id,
        payer=command.payer,
        agency=command.agency.code,
        amount=command.amount,
        where=command.where,
        pay_by=command.pay_by,
        at=command.at,
    )
    return [_opened(command, command.where), requested]


def _opened(
    command: OpenObligation | WaiveObligation, where: Literal["online", "desk"]
) -> ObligationOpened:
    return ObligationOpened(
        payment_id=command.payment_id,
        dossier_id=command.dossier_id,
        payer=command.payer,
        agency=command.agency,
        reference=command.reference,
        amount=command.amount,
        where=where,
        pay_by=command.pay_by if isinstance(command, OpenObligation) else None,
        at=command.at,
    )


def _found_owner(command: OpenObligation | WaiveObligation, payment: Payment) -> list[PaymentEvent]:
    """Send money back that was here before anything was owed: now it is known whose it is."""
    return [
        RefundProposed(
            payment_id=command.payment_id,
            dossier_id=command.dossier_id,
            transaction=transaction,
            amount=capture.amount,
            cause="not-owed",
            at=command.at,
        )
        for transaction, capture in payment.captures.items()
    ]


def _waive(command: WaiveObligation, payment: Payment) -> list[PaymentEvent]:
    waived = FeeWaived(
        payment_id=command.payment_id,
        dossier_id=command.dossier_id,
        amount=command.amount,
        at=command.at,
    )
    match payment.standing:
        case Standing.UNKNOWN:
            return [_opened(command, "desk"), waived, *_found_owner(command, payment)]
        case Standing.OPEN:
            return [waived]
        case Standing.PAID:
            return [waived, *propose(payment, payment.settled_by, "not-owed", command.at)]
        case Standing.WAIVED | Standing.CLOSED:
            return []
        case _:
            assert_never(payment.standing)


def _close(command: CancelObligation, payment: Payment) -> list[PaymentEvent]:
    match payment.standing:
        case Standing.OPEN:
            return [ObligationClosed(cause=command.cause, at=command.at)]
        case Standing.PAID:
            closed = ObligationClosed(cause=command.cause, at=command.at)
            return [closed, *propose(payment, payment.settled_by, command.cause, command.at)]
        case Standing.UNKNOWN | Standing.WAIVED | Standing.CLOSED:
            return []
        case _:
            assert_never(payment.standing)


def _reopen(command: ReopenObligation, payment: Payment) -> list[PaymentEvent]:
    """Take a closed obligation up again; money whose refund nobody approved yet stays."""
    if payment.closed_for != "stopped" or payment.waived:
        return []
    reopened = ObligationReopened(at=command.at)
    refund = payment.refunds.get(payment.settled_by or "")
    if payment.settled_by and refund and refund.stage in (Stage.PROPOSED, Stage.FAILED):
        kept = RefundRejected(
            transaction=payment.settled_by, officer=None, personal=None, at=command.at
        )
        return [reopened, kept]
    return [reopened]
