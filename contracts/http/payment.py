"""What is said to the payment service over HTTP: by payers, at the desk, by auditors."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from contracts.http.asked import Request
from contracts.values import Dong, PaymentMethod, PersonId

Words = Annotated[str, Field(min_length=3, max_length=1000)]


class Attempt(Request):
    """Set out to pay."""

    method: Literal["vnpay", "vietqr"]


class Cash(Request):
    """Cash taken at the desk, in đồng: the whole amount owed."""

    amount: Dong


class RefundAsked(Request):
    """Propose to give the money of one transaction back."""

    transaction: str = Field(min_length=1, max_length=100)
    reason: Words


class Turned(Request):
    """Why a refund is turned down."""

    reason: Words


class WayToPay(BaseModel):
    """What the payer takes to the bank: the address of its page, or the text of a QR code."""

    transaction: str
    amount: int
    method: PaymentMethod
    state: str
    pay_url: str | None = None
    qr_text: str | None = None


class AttemptView(BaseModel):
    """One time the payer set out to the bank, and what became of it: where it failed with the
    bank's code, and with what that means.
    """

    transaction: str
    method: PaymentMethod
    at: datetime
    state: Literal["started", "failed", "paid"]
    code: str
    why_vi: str = ""
    why_en: str = ""


class MoneyView(BaseModel):
    """Money that arrived, and how we know of it."""

    transaction: str
    amount: int
    method: PaymentMethod
    source: str
    bank_reference: str
    at: datetime


class MismatchView(BaseModel):
    """An amount the bank told that is not the one owed."""

    transaction: str
    expected: int
    told: int
    at: datetime


class RefundView(BaseModel):
    """Money on its way back: why, and the two people who decide it."""

    transaction: str
    amount: int
    cause: str
    at: datetime
    stage: Literal["proposed", "approved", "rejected", "failed", "refunded"]
    proposed_by: PersonId | None
    decided_by: PersonId | None


class PaymentView(BaseModel):
    """A payment as its payer, its agency and auditors see it. Money is whole đồng.

    `version` is what the next decision sends as If-Match; `refund` names the refund that somebody
    has to look after.
    """

    payment_id: UUID
    version: int
    status: Literal["open", "paid", "waived", "closed", "unmatched"]
    closed_for: str | None
    dossier_id: UUID | None
    payer: UUID | None
    agency: str | None
    agency_vi: str | None
    agency_en: str | None
    reference: str | None
    amount: int
    place: Literal["online", "desk"] | None
    pay_by: datetime | None
    opened_at: datetime
    method: PaymentMethod | None
    paid_at: datetime | None
    settled_by: str | None
    receipt_number: str | None
    receipt: dict[str, Any] | None
    transactions: list[str]
    attempts: list[AttemptView]
    money: list[MoneyView]
    mismatches: list[MismatchView]
    refunds: list[RefundView]
    refund: Literal["", "proposed", "approved", "failed"]


class Shown(BaseModel):
    """What the browser back from the bank is shown: our own state, not the bank's claim."""

    payment_id: UUID
    status: str
    note_vi: str
    note_en: str


class StatementLine(BaseModel):
    """Money on our account, as the bank's book has it."""

    transaction: str
    amount: int
    method: PaymentMethod
    bank_reference: str
    refunded: bool
    at: datetime


class Statement(BaseModel):
    """The bank's statement of a span of days."""

    credits: list[StatementLine]
