"""The entries of an obligation's book that the payment service keeps to itself."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel

from contracts.event import Event
from contracts.values import AgencyName, Dong, DossierId, PaymentId, PaymentMethod, PersonId
from services.payment.receipt import Receipt

Ending = Literal["refused", "withdrawn", "stopped", "lapsed", "refunded"]
"""Why nothing is collected any more."""


class BankSource(StrEnum):
    """How we know of money: a call is a claim, a query or a statement is the bank's own book."""

    CALL = "call"
    QUERY = "query"
    STATEMENT = "statement"
    DESK = "desk"


class Reason(BaseModel):
    """An officer's own words."""

    words: str


class ObligationOpened(Event, named="payment.obligation-opened.v1"):
    """Everything later events and receipts need to know of what is owed."""

    payment_id: PaymentId
    dossier_id: DossierId
    payer: PersonId
    agency: AgencyName
    reference: str
    amount: Dong
    where: Literal["online", "desk"]
    pay_by: datetime | None
    at: datetime


class ObligationClosed(Event, named="payment.obligation-closed.v1"):
    """Nothing is collected any more: the dossier ended, or the money went back."""

    cause: Ending
    at: datetime


class ObligationReopened(Event, named="payment.obligation-reopened.v1"):
    """A stopped dossier goes on, and its fee with it."""

    at: datetime


class MoneyReceived(Event, named="payment.money-received.v1"):
    """Money arrived, whatever follows from it: one entry for each transaction."""

    transaction: str
    amount: Dong
    method: PaymentMethod
    source: BankSource
    bank_reference: str
    at: datetime


class MoneyUnmatched(Event, named="payment.money-unmatched.v1"):
    """Money arrived for no obligation known here; somebody has to find out whose it is."""

    payment_id: PaymentId
    transaction: str
    amount: Dong
    method: PaymentMethod
    source: BankSource
    bank_reference: str
    at: datetime


class ReceiptWritten(Event, named="payment.receipt-written.v1"):
    """The receipt's whole content; its number is published as `ReceiptIssued`."""

    transaction: str
    receipt: Receipt


class ReceiptCancelled(Event, named="payment.receipt-cancelled.v1"):
    """The money a receipt stands for went back; the receipt itself stays as it was."""

    number: str
    transaction: str
    at: datetime


class RefundAsked(Event, named="payment.refund-asked.v1"):
    """An officer proposed to give money back."""

    transaction: str
    officer: PersonId
    personal: Reason | None
    at: datetime


class RefundRejected(Event, named="payment.refund-rejected.v1"):
    """The proposal was turned down; without an officer, because the dossier goes on after all."""

    transaction: str
    officer: PersonId | None
    personal: Reason | None
    at: datetime


class RefundFailed(Event, named="payment.refund-failed.v1"):
    """The bank did not give the money back; the refund has to be approved again."""

    transaction: str
    code: str
    at: datetime
