"""What the payment service publishes: what is owed, what was paid, what goes back."""

from datetime import datetime
from typing import Literal

from .event import Event
from .values import AgencyCode, Dong, DossierId, PaymentId, PaymentMethod, PersonId


class FeeRequested(Event, named="payment.fee-requested.v1"):
    """An obligation is open."""

    payment_id: PaymentId
    dossier_id: DossierId
    payer: PersonId
    agency: AgencyCode
    amount: Dong
    where: Literal["online", "desk"]
    pay_by: datetime | None
    at: datetime


class PaymentStarted(Event, named="payment.payment-started.v1"):
    """The payer set out to the bank; `transaction` is our reference there."""

    payment_id: PaymentId
    dossier_id: DossierId
    transaction: str
    method: PaymentMethod
    at: datetime


class PaymentFailed(Event, named="payment.payment-failed.v1"):
    """One attempt came to nothing; the obligation stays open."""

    payment_id: PaymentId
    dossier_id: DossierId
    transaction: str
    code: str
    at: datetime


class FeePaid(Event, named="payment.fee-paid.v1"):
    """Money for the fee arrived, by a verified call of the bank, by its statement, or in cash."""

    payment_id: PaymentId
    dossier_id: DossierId
    payer: PersonId
    amount: Dong
    method: PaymentMethod
    at: datetime


class FeeWaived(Event, named="payment.fee-waived.v1"):
    """Nothing is owed: the desk granted an exemption."""

    payment_id: PaymentId
    dossier_id: DossierId
    amount: Dong
    at: datetime


class ReceiptIssued(Event, named="payment.receipt-issued.v1"):
    """A numbered receipt was issued for money received (NĐ 254/2026 Đ23)."""

    payment_id: PaymentId
    dossier_id: DossierId
    payer: PersonId
    agency: AgencyCode
    number: str
    amount: Dong
    at: datetime


class RefundProposed(Event, named="payment.refund-proposed.v1"):
    """Money should go back; a second person decides."""

    payment_id: PaymentId
    dossier_id: DossierId
    transaction: str
    amount: Dong
    cause: Literal["refused", "withdrawn", "stopped", "lapsed", "duplicate", "not-owed", "asked"]
    at: datetime


class RefundApproved(Event, named="payment.refund-approved.v1"):
    """The refund was approved by somebody who did not propose it."""

    payment_id: PaymentId
    dossier_id: DossierId
    transaction: str
    officer: PersonId
    at: datetime


class FeeRefunded(Event, named="payment.fee-refunded.v1"):
    """The money went back."""

    payment_id: PaymentId
    dossier_id: DossierId
    transaction: str
    amount: Dong
    at: datetime


class PaymentMismatchFound(Event, named="payment.payment-mismatch-found.v1"):
    """The bank's word and ours differ: an amount, a merchant, an unknown reference."""

    payment_id: PaymentId
    dossier_id: DossierId
    transaction: str
    expected: Dong
    told: Dong
    at: datetime
