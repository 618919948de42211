"""What can be asked of an obligation, and the facts it can be told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from contracts.values import AgencyName, Dong, DossierId, PaymentId, PaymentMethod, PersonId
from services.payment.receipt import DrawnNumber

from .entries import BankSource


@dataclass(frozen=True)
class OpenObligation:
    """A fee is required."""

    payment_id: PaymentId
    dossier_id: DossierId
    payer: PersonId
    agency: AgencyName
    reference: str
    amount: Dong
    where: Literal["online", "desk"]
    pay_by: datetime | None
    at: datetime


@dataclass(frozen=True)
class WaiveObligation:
    """An exemption was granted, before or after a fee was asked for."""

    payment_id: PaymentId
    dossier_id: DossierId
    payer: PersonId
    agency: AgencyName
    reference: str
    amount: Dong
    at: datetime


@dataclass(frozen=True)
class CancelObligation:
    """The dossier ended without need of its fee."""

    cause: Literal["refused", "withdrawn", "stopped", "lapsed"]
    at: datetime


@dataclass(frozen=True)
class ReopenObligation:
    """A stopped dossier goes on."""

    at: datetime


@dataclass(frozen=True)
class StartPayment:
    """The payer sets out to the bank, under a reference of ours that is new."""

    transaction: str
    method: Literal[PaymentMethod.VNPAY, PaymentMethod.VIETQR]
    at: datetime


@dataclass(frozen=True)
class RecordMoneyReceived:
    """The bank says that money arrived. An unused `receipt` number leaves a gap."""

    payment_id: PaymentId
    transaction: str
    amount: Dong
    method: Literal[PaymentMethod.VNPAY, PaymentMethod.VIETQR]
    source: Literal[BankSource.CALL, BankSource.QUERY, BankSource.STATEMENT]
    bank_reference: str
    receipt: DrawnNumber
    at: datetime


@dataclass(frozen=True)
class RecordPaymentFailed:
    """The bank says that an attempt came to nothing."""

    transaction: str
    code: str
    at: datetime


@dataclass(frozen=True)
class TakeCash:
    """A cashier took cash at the desk."""

    cashier: PersonId
    amount: Dong
    receipt: DrawnNumber
    at: datetime


@dataclass(frozen=True)
class ProposeRefund:
    """An officer proposes to give a paid fee back."""

    officer: PersonId
    transaction: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class ApproveRefund:
    """A second person approves."""

    officer: PersonId
    transaction: str
    at: datetime


@dataclass(frozen=True)
class RejectRefund:
    """Somebody turns the proposal down."""

    officer: PersonId
    transaction: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class PayBackByHand:
    """A cashier gave approved money back: cash, or by a transfer of their own."""

    cashier: PersonId
    transaction: str
    at: datetime


@dataclass(frozen=True)
class RecordRefunded:
    """The bank says that it gave the money back."""

    transaction: str
    at: datetime


@dataclass(frozen=True)
class RecordRefundFailed:
    """The bank says that it will not give the money back."""

    transaction: str
    code: str
    at: datetime


Owing = OpenObligation | WaiveObligation | CancelObligation | ReopenObligation
Paying = StartPayment | RecordMoneyReceived | RecordPaymentFailed | TakeCash
Refunding = (
    ProposeRefund
    | ApproveRefund
    | RejectRefund
    | PayBackByHand
    | RecordRefunded
    | RecordRefundFailed
)
PaymentCommand = Owing | Paying | Refunding
