"""HTTP in: payers pay, cashiers take cash, two people give money back, auditors look. No rules here."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from chassis.auth import Applicant, Auditor, Everybody, Officer, OnDuty, Principal
from chassis.command_handling import Accepted
from chassis.idempotency import Cause, Seen
from chassis.numbers import Numbers
from chassis.problems import Problem
from contracts.values import AgencyCode, Dong, DossierId, PaymentId, PaymentMethod

from .advice import Credit
from .asking import Asking, Payments
from .gateway import ATTEMPT, Gateway
from .payment.commands import (
    ApproveRefund,
    PayBackByHand,
    ProposeRefund,
    RejectRefund,
    StartPayment,
    TakeCash,
)
from .queries import PaymentView, Queries
from .receipt import DrawnNumber, receipt_year
from .references import ENTROPY, reference_from
from .refunds import refund_errand
from .rights import CASH, LOOKING, REFUNDS, agency_of, is_payer, may
from .vnpay import Order


class Attempt(BaseModel):
    """Set out to pay."""

    model_config = ConfigDict(extra="forbid")

    method: Literal["vnpay", "vietqr"]


class WayToPay(BaseModel):
    """What the payer takes to the bank: the address of its page, or the text of a QR code."""

    transaction: str
    amount: int
    method: str
    state: str
    pay_url: str | None = None
    qr_text: str | None = None


class Cash(BaseModel):
    """Cash taken at the desk, in đồng: the whole amount owed."""

    model_config = ConfigDict(extra="forbid")

    amount: Dong


class RefundAsked(BaseModel):
    """Propose to give a payment back."""

    model_config = ConfigDict(extra="forbid")

    transaction: str = Field(max_length=64)
    reason: str = Field(min_length=3, max_length=1000)


class Turned(BaseModel):
    """Why a refund is turned down."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=3, max_length=1000)


def looking(queries: Queries, gateway: Gateway, return_url: str) -> APIRouter:
    """What payers, desks and auditors may see."""
    router = APIRouter(tags=["payments"])

    @router.get("/payments")
    async def mine(payer: Applicant) -> list[PaymentView]:
        """List my payments, the latest first."""
        assert payer.person_id is not None
        return await queries.mine(payer.person_id)

    @router.get("/payments/{payment_id}")
    async def payment(reader: Everybody, request: Request, payment_id: UUID) -> PaymentView:
        """Show a payment to its payer, its agency's desk, or an auditor."""
        return await _visible(queries, reader, request, PaymentId(payment_id))

    @router.get("/dossiers/{dossier_id}/payment")
    async def of_dossier(reader: Everybody, request: Request, dossier_id: UUID) -> PaymentView:
        """Show a dossier's payment."""
        found = await queries.of_dossier(DossierId(dossier_id))
        if found is None:
            raise Problem(404, "not-found")
        return await _visible(queries, reader, request, PaymentId(found.payment_id))

    @router.get("/payments/{payment_id}/attempts/{transaction}")
    async def way_to_pay(
        payer: Applicant, request: Request, payment_id: UUID, transaction: str
    ) -> WayToPay:
        """Give what the payer takes to the bank for one attempt."""
        view = await _visible(queries, payer, request, PaymentId(payment_id))
        attempt = next((a for a in view.attempts if a["transaction"] == transaction), None)
        if attempt is None:
            raise Problem(404, "not-found")
        way = WayToPay(
            transaction=transaction,
            amount=view.amount,
            method=attempt["method"],
            state=attempt["state"],
        )
        if attempt["method"] == PaymentMethod.VIETQR:
            return way.model_copy(update={"qr_text": gateway.qr_text(transaction, view.amount)})
        started = datetime.fromisoformat(attempt["at"])
        order = Order(
            transaction=transaction,
            amount=view.amount,
            purpose=f"Le phi ho so {view.reference}",
            return_url=return_url,
            address=request.client.host if request.client else "127.0.0.1",
            at=started,
            expires=started + ATTEMPT,
        )
        return way.model_copy(update={"pay_url": gateway.pay_url(order)})

    @router.get("/desk/payments")
    async def at_desk(
        officer: Officer,
        status: Annotated[str | None, Query(max_length=20)] = None,
        refund: Annotated[str | None, Query(max_length=20)] = None,
    ) -> list[PaymentView]:
        """List the payments of my agencies; `refund` finds what somebody has to look after."""
        agencies = [a for a in officer.agencies if may(officer.roles_at(a), LOOKING)]
        return await queries.at_desk(agencies, status, refund)

    @router.get("/audit/payments")
    async def all_payments(
        auditor: Auditor,
        after: UUID | None = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 500,
    ) -> list[PaymentView]:
        """List all payments, page by page in the order of their ids."""
        del auditor
        return await queries.page(after, limit)

    return router


def paying(
    payments: Payments,
    queries: Queries,
    numbers: Numbers,
    asking: Asking,
    now: Callable[[], datetime],
) -> APIRouter:
    """What payers and cashiers do."""
    router = APIRouter(tags=["payments"])

    @router.post("/payments/{payment_id}/attempts", status_code=201)
    async def start(
        payer: Applicant, cause: Cause, request: Request, payment_id: UUID, body: Attempt
    ) -> Accepted:
        """Set out to the bank; `number` of the answer is the reference under which the way to pay is found."""  # noqa: E501
        await _visible(queries, payer, request, PaymentId(payment_id))
        transaction = reference_from(secrets.token_bytes(ENTROPY))
        method = PaymentMethod(body.method)
        assert method is PaymentMethod.VNPAY or method is PaymentMethod.VIETQR
        command = StartPayment(transaction, method, at=now())
        return await payments.handle(payment_id, command, cause, number=transaction)

    @router.post("/payments/{payment_id}/check")
    async def check(reader: Everybody, request: Request, payment_id: UUID) -> PaymentView:
        """Ask the bank again, now, about every attempt without an answer."""
        view = await _visible(queries, reader, request, PaymentId(payment_id))
        await asking.ask_open(view, now())
        return await _visible(queries, reader, request, PaymentId(payment_id))

    @router.post("/payments/{payment_id}/cash", status_code=201)
    async def cash(
        officer: Officer, cause: Cause, seen: Seen, payment_id: UUID, body: Cash
    ) -> Accepted:
        """Take cash at the desk; `number` of the answer is the receipt's."""
        view = await _at_desk(queries, officer, PaymentId(payment_id), CASH)
        at = now()
        year = receipt_year(at)
        async with numbers.draw(f"receipt {view.agency} {year}") as drawn:
            receipt = DrawnNumber(year=year, number=drawn.number)
            written = f"{view.agency}-{receipt.series}-{receipt.number:08d}"
            command = TakeCash(officer.person_id, body.amount, receipt, at)
            accepted = await payments.handle(
                payment_id, command, cause, expected=seen, number=written
            )
            drawn.used = accepted.number == written
        return accepted

    return router


def refunding(payments: Payments, queries: Queries, now: Callable[[], datetime]) -> APIRouter:
    """How money goes back: proposed by one person, approved by another."""
    router = APIRouter(tags=["refunds"])

    @router.post("/payments/{payment_id}/refunds", status_code=201)
    async def propose(
        officer: Officer, cause: Cause, seen: Seen, payment_id: UUID, body: RefundAsked
    ) -> Accepted:
        """Propose to give a paid fee back."""
        await _at_desk(queries, officer, PaymentId(payment_id), REFUNDS)
        command = ProposeRefund(officer.person_id, body.transaction, body.reason, at=now())
        return await payments.handle(payment_id, command, cause, expected=seen)

    @router.post("/payments/{payment_id}/refunds/{transaction}/approval")
    async def approve(
        officer: Officer, cause: Cause, seen: Seen, payment_id: UUID, transaction: str
    ) -> Accepted:
        """Approve a refund somebody else proposed; the bank is asked to pay it out."""
        view = await _at_desk(queries, officer, PaymentId(payment_id), REFUNDS)
        at = now()
        errand = refund_errand(view, transaction, at)
        command = ApproveRefund(officer.person_id, transaction, at)
        return await payments.handle(payment_id, command, cause, expected=seen, rows=errand)

    @router.post("/payments/{payment_id}/refunds/{transaction}/rejection")
    async def reject(  # noqa: PLR0913
        officer: Officer,
        cause: Cause,
        seen: Seen,
        payment_id: UUID,
        transaction: str,
        body: Turned,
    ) -> Accepted:
        """Turn a proposed refund down, with a reason."""
        await _at_desk(queries, officer, PaymentId(payment_id), REFUNDS)
        command = RejectRefund(officer.person_id, transaction, body.reason, at=now())
        return await payments.handle(payment_id, command, cause, expected=seen)

    @router.post("/payments/{payment_id}/refunds/{transaction}/payback")
    async def pay_back(
        officer: Officer, cause: Cause, seen: Seen, payment_id: UUID, transaction: str
    ) -> Accepted:
        """Record that approved money was given back by hand."""
        await _at_desk(queries, officer, PaymentId(payment_id), CASH)
        command = PayBackByHand(officer.person_id, transaction, at=now())
        return await payments.handle(payment_id, command, cause, expected=seen)

    return router


class Reconciled(BaseModel):
    """The bank's statement of a span of days."""

    credits: list[dict[str, str | int | bool]]


def reconciling(asking: Asking, now: Callable[[], datetime]) -> APIRouter:
    """The bank's book beside ours."""
    router = APIRouter(tags=["reconciliation"])

    @router.get("/statement")
    async def statement(
        auditor: Auditor, days: Annotated[int, Query(ge=1, le=366)] = 30
    ) -> Reconciled:
        """Show what the bank says reached our account; changes nothing."""
        del auditor
        at = now()
        return _shown(await asking.statement(at - timedelta(days=days), at + timedelta(minutes=1)))

    @router.post("/reconciliation")
    async def reconcile(
        operator: Everybody, days: Annotated[int, Query(ge=1, le=366)] = 30
    ) -> Reconciled:
        """Write down whatever the bank's statement knows and we do not."""
        if operator.kind != "administrator":
            raise Problem(403, "not-for-you")
        at = now()
        return _shown(await asking.reconcile(at - timedelta(days=days), at + timedelta(minutes=1)))

    return router


def _shown(credits_: list[Credit]) -> Reconciled:
    return Reconciled(
        credits=[
            {
                "transaction": credit.transaction,
                "amount": credit.amount,
                "method": credit.method.value,
                "refunded": credit.refunded,
                "at": credit.at.isoformat(),
            }
            for credit in credits_
        ]
    )


async def _visible(
    queries: Queries, reader: Principal, request: Request, payment_id: PaymentId
) -> PaymentView:
    view = await queries.payment(payment_id)
    if view is None or not await _may_see(reader, request, view):
        raise Problem(404, "not-found")
    return view


async def _may_see(reader: Principal, request: Request, view: PaymentView) -> bool:
    if reader.kind in ("auditor", "administrator", "service"):
        return True
    if reader.kind == "staff" and reader.person_id is not None:
        held = await request.app.state.appointments.of(reader.person_id)
        duty = OnDuty(reader.person_id, held, reader.actor)
        return may(duty.roles_at(agency_of(view.agency)), LOOKING)
    return is_payer(reader.person_id, view.payer)


async def _at_desk(
    queries: Queries, officer: OnDuty, payment_id: PaymentId, needed: frozenset[str]
) -> PaymentView:
    view = await queries.payment(payment_id)
    roles = officer.roles_at(AgencyCode(view.agency or "")) if view else frozenset()
    if view is None or not roles:
        raise Problem(404, "not-found")
    if not roles & needed:
        raise Problem(403, "not-for-you")
    return view
