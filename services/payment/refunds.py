"""Money on its way back through the bank: an errand asks, again if need be, under one request id.

Its outcome is a fact of our log. Money that came by transfer or in cash goes back by hand.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from chassis.changes import Origin, Put
from chassis.errands import Errand, Hopeless, Job, errand
from chassis.reactions import To
from chassis.service import Tools
from contracts.http.payment import MoneyView, PaymentView
from contracts.values import PaymentId, PaymentMethod

from .office import Office
from .payment.commands import RecordRefunded, RecordRefundFailed
from .vnpay import BankWord, Outcome
from .vnpay_api import Asked

KIND = "bank-refund"
PATIENCE = timedelta(days=3)
"""How long the bank is asked before the refund counts as failed and is decided again."""

_NAMES = UUID("6f1c8f0e-0d0a-5a57-9b0e-3f6f6d0c1b01")


class BankUndecided(Exception):
    """The bank has not decided the refund yet."""


def refund_errand(
    payment: PaymentView, transaction: str, origin: Origin, now: datetime
) -> list[Put]:
    """Write the errand of an approved refund down: one for each approval, if the bank pays back."""
    money = _money(payment, transaction)
    if money is None or money.method is not PaymentMethod.VNPAY:
        return []
    name = uuid5(_NAMES, f"{payment.payment_id} {transaction} {payment.version}")
    owner, subject, until = payment.agency or "-", payment.payment_id, now + PATIENCE
    told = {"transaction": transaction}
    return [errand(KIND, subject, told, owner, now, until, name, origin=origin)]


def errands(tools: Tools) -> Mapping[str, Errand]:
    """Say how refunds are done."""
    office = Office.of(tools)

    async def call(job: Job) -> To:
        return await _give_back(office, job)

    def give_up(job: Job, _: str) -> To:
        failed = RecordRefundFailed(job.payload["transaction"], "no-answer", office.now())
        return To(job.subject, failed)

    return {KIND: Errand(call, give_up)}


async def _give_back(office: Office, job: Job) -> To:
    """Ask the bank; it knows the request by its id, and gives back once, however often asked."""
    transaction = str(job.payload["transaction"])
    payment = await office.queries.payment(PaymentId(job.subject))
    money = _money(payment, transaction) if payment else None
    if payment is None or money is None:
        raise Hopeless("no such money")
    ours, now = transaction.partition("-")[0], office.now()
    started = next((a.at for a in payment.attempts if a.transaction == ours), payment.opened_at)
    paid = BankWord(ours, money.amount, Outcome.SUCCESS, "00", money.bank_reference, money.at)
    asked = Asked(request_id=job.errand_id.hex, at=now)
    word = await office.gateway.refund(paid, started, _approver(payment, transaction), asked)
    if word.outcome is Outcome.PENDING:
        raise BankUndecided(word.code)
    if word.outcome is Outcome.FAILURE:
        return To(job.subject, RecordRefundFailed(transaction, word.code, now))
    return To(job.subject, RecordRefunded(transaction, now))


def _money(payment: PaymentView, transaction: str) -> MoneyView | None:
    return next((m for m in payment.money if m.transaction == transaction), None)


def _approver(payment: PaymentView, transaction: str) -> str:
    """Name who approved, by their id, as the bank wants to be told."""
    return next((str(r.decided_by) for r in payment.refunds if r.transaction == transaction), "")
