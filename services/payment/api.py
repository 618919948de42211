"""HTTP in: payers pay, cashiers take cash, two people give money back. No rules here."""

import secrets
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from chassis.auth import (
    Acting,
    Applicant,
    Auditor,
    Everybody,
    Officer,
    OnDuty,
    Principal,
    on_duty,
)
from chassis.command_handling import Accepted
from chassis.idempotency import Cause, Seen
from chassis.problems import Problem
from chassis.service import Tools
from contracts.http.payment import (
    Attempt,
    AttemptView,
    Cash,
    PaymentView,
    RefundAsked,
    Turned,
    WayToPay,
)
from contracts.values import DeskRole, DossierId, PaymentId, PaymentMethod

from .bank_api import bank_routes
from .gateway import ATTEMPT
from .office import Office
from .payment.commands import (
    ApproveRefund,
    PayBackByHand,
    ProposeRefund,
    RejectRefund,
    StartPayment,
    TakeCash,
)
from .queries import Queries
from .receipt import DrawnNumber, receipt_year
from .reconciliation_api import reconciling
from .references import ENTROPY, reference_from
from .refunds import refund_errand
from .rights import CASH, LOOKING, REFUNDS, agency_of, is_payer
from .vnpay import Order


def routes(tools: Tools) -> Sequence[APIRouter]:
    """Open every door of the service."""
    office = Office.of(tools)
    ours = (looking(office), paying(office), refunding(office))
    return (*ours, reconciling(office), bank_routes(office))


def looking(office: Office) -> APIRouter:
    """What payers, desks and auditors may see."""
    router, queries = APIRouter(tags=["payments"]), office.queries

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
        attempt = next((a for a in view.attempts if a.transaction == transaction), None)
        if attempt is None:
            raise Problem(404, "not-found")
        address = request.client.host if request.client else "127.0.0.1"
        return _way(office, view, attempt, address)

    @router.get("/desk/payments")
    async def at_desk(
        officer: Officer,
        status: Annotated[str | None, Query(max_length=20)] = None,
        refund: Annotated[str | None, Query(max_length=20)] = None,
    ) -> list[PaymentView]:
        """List the payments of my agencies; `refund` finds what somebody has to look after."""
        agencies = [a for a in officer.agencies if officer.roles_at(a) & LOOKING]
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


def paying(office: Office) -> APIRouter:
    """What payers and cashiers do."""
    router, queries = APIRouter(tags=["payments"]), office.queries

    @router.post("/payments/{payment_id}/attempts", status_code=201)
    async def start(
        payer: Applicant, cause: Cause, request: Request, payment_id: UUID, body: Attempt
    ) -> Accepted:
        """Set out to the bank; `number` of the answer names the attempt, and its way to pay."""
        await _visible(queries, payer, request, PaymentId(payment_id))
        transaction = reference_from(secrets.token_bytes(ENTROPY))
        method = PaymentMethod(body.method)
        assert method is PaymentMethod.VNPAY or method is PaymentMethod.VIETQR
        command = StartPayment(transaction, method, at=office.now())
        return await office.payments.handle(payment_id, command, cause, number=transaction)

    @router.post("/payments/{payment_id}/check")
    async def check(reader: Acting, request: Request, payment_id: UUID) -> PaymentView:
        """Ask the bank again, now, about every attempt without an answer."""
        view = await _visible(queries, reader, request, PaymentId(payment_id))
        await office.asking.ask_open(view, office.now())
        return await _visible(queries, reader, request, PaymentId(payment_id))

    @router.post("/payments/{payment_id}/cash", status_code=201)
    async def cash(
        officer: Officer, cause: Cause, seen: Seen, payment_id: UUID, body: Cash
    ) -> Accepted:
        """Take cash at the desk; `number` of the answer is the receipt's."""
        view = await _at_desk(queries, officer, PaymentId(payment_id), CASH)
        at = office.now()
        year = receipt_year(at)
        async with office.numbers.draw(f"receipt {view.agency} {year}") as drawn:
            receipt = DrawnNumber(year=year, number=drawn.number)
            written = receipt.written_at(agency_of(view.agency))
            command = TakeCash(officer.person_id, body.amount, receipt, at)
            accepted = await office.payments.handle(
                payment_id, command, cause, expected=seen, number=written
            )
            drawn.used = accepted.number == written
        return accepted

    return router


def refunding(office: Office) -> APIRouter:
    """How money goes back: proposed by one person, approved by another."""
    router, queries, payments = APIRouter(tags=["refunds"]), office.queries, office.payments

    @router.post("/payments/{payment_id}/refunds", status_code=201)
    async def propose(
        officer: Officer, cause: Cause, seen: Seen, payment_id: UUID, body: RefundAsked
    ) -> Accepted:
        """Propose to give a paid fee back."""
        await _at_desk(queries, officer, PaymentId(payment_id), REFUNDS)
        command = ProposeRefund(officer.person_id, body.transaction, body.reason, at=office.now())
        return await payments.handle(payment_id, command, cause, expected=seen)

    @router.post("/payments/{payment_id}/refunds/{transaction}/approval")
    async def approve(
        officer: Officer, cause: Cause, seen: Seen, payment_id: UUID, transaction: str
    ) -> Accepted:
        """Approve a refund somebody else proposed; the bank is asked to pay it out."""
        view = await _at_desk(queries, officer, PaymentId(payment_id), REFUNDS)
        at = office.now()
        errand = refund_errand(view, transaction, cause, at)
        command = ApproveRefund(officer.person_id, transaction, at)
        return await payments.handle(payment_id, command, cause, expected=seen, rows=errand)

    @router.post("/payments/{payment_id}/refunds/{transaction}/rejection")
    async def reject(
        officer: Officer,
        cause: Cause,
        seen: Seen,
        payment_id: UUID,
        transaction: str,
        body: Turned,
    ) -> Accepted:
        """Turn a proposed refund down, with a reason."""
        await _at_desk(queries, officer, PaymentId(payment_id), REFUNDS)
        command = RejectRefund(officer.person_id, transaction, body.reason, at=office.now())
        return await payments.handle(payment_id, command, cause, expected=seen)

    @router.post("/payments/{payment_id}/refunds/{transaction}/payback")
    async def pay_back(
        officer: Officer, cause: Cause, seen: Seen, payment_id: UUID, transaction: str
    ) -> Accepted:
        """Record that approved money was given back by hand."""
        await _at_desk(queries, officer, PaymentId(payment_id), CASH)
        command = PayBackByHand(officer.person_id, transaction, at=office.now())
        return await payments.handle(payment_id, command, cause, expected=seen)

    return router


def _way(office: Office, view: PaymentView, attempt: AttemptView, address: str) -> WayToPay:
    transaction, amount = attempt.transaction, view.amount
    way = WayToPay(
        transaction=transaction, amount=amount, method=attempt.method, state=attempt.state
    )
    if attempt.method is PaymentMethod.VIETQR:
        return way.model_copy(update={"qr_text": office.gateway.qr_text(transaction, amount)})
    order = Order(
        transaction=transaction,
        amount=amount,
        purpose=f"Le phi ho so {view.reference}",
        return_url=office.return_url,
        address=address,
        at=attempt.at,
        expires=attempt.at + ATTEMPT,
    )
    return way.model_copy(update={"pay_url": office.gateway.pay_url(order)})


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
    if duty := await on_duty(reader, request.app.state.appointments):
        return bool(duty.roles_at(agency_of(view.agency)) & LOOKING)
    return is_payer(reader.person_id, view.payer)


async def _at_desk(
    queries: Queries, officer: OnDuty, payment_id: PaymentId, needed: frozenset[DeskRole]
) -> PaymentView:
    view = await queries.payment(payment_id)
    if view is None:
        raise Problem(404, "not-found")
    roles = officer.roles_at(agency_of(view.agency))
    if not roles:
        raise Problem(404, "not-found")
    if not roles & needed:
        raise Problem(403, "not-for-you")
    return view
