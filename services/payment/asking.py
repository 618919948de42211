"""Asking the bank, and writing down what it says: in its own call, to a query, in its statement."""

import secrets
from datetime import datetime, timedelta
from typing import Literal

import structlog

from chassis.changes import Origin
from chassis.clock import new_id
from chassis.command_handling import CommandHandler
from chassis.failures import cause_in_words
from chassis.numbers import Numbers
from contracts.http.payment import AttemptView, PaymentView
from contracts.values import PaymentId, PaymentMethod

from .advice import Credit
from .gateway import BankNotBelieved, BankUnreachable, Gateway
from .payment import Payment, PaymentCommand, PaymentEvent
from .payment.commands import RecordMoneyReceived, RecordPaymentFailed, RecordRefunded
from .payment.entries import BankSource
from .queries import Queries
from .receipt import DrawnNumber, receipt_year
from .vnpay import BankWord, Outcome
from .vnpay_api import Asked
from .vnpay_meanings import UNKNOWN_TO_BANK

log = structlog.get_logger()
Payments = CommandHandler[PaymentCommand, Payment, PaymentEvent]
_Told = Literal[BankSource.CALL, BankSource.QUERY, BankSource.STATEMENT]

_FORGOTTEN = timedelta(hours=1)
"""After this long an attempt the bank does not know of never reached it."""

_CLOCKS_APART = timedelta(minutes=1)
"""How far the bank's clock may be ahead of ours."""

_AT_A_TIME = 500


class Asking:
    """Turns the bank's word into facts of our log. Nothing else settles a payment online."""

    def __init__(
        self, payments: Payments, queries: Queries, gateway: Gateway, numbers: Numbers
    ) -> None:
        """Take the log, its table, the bank and the receipts' numbers."""
        self._payments, self._queries = payments, queries
        self._gateway, self._numbers = gateway, numbers

    async def record(
        self, payment: PaymentView, word: BankWord, source: _Told, at: datetime
    ) -> None:
        """Write down what the bank says of one attempt; what it has not decided is asked later."""
        if word.outcome is Outcome.SUCCESS:
            credit = Credit(
                word.transaction,
                matched=True,
                amount=word.amount,
                method=_method(payment, word.transaction),
                bank_reference=word.bank_reference,
                refunded=False,
                at=at,
            )
            await self.record_money(payment, credit, source, at)
        elif word.outcome is Outcome.FAILURE:
            failed = RecordPaymentFailed(word.transaction, word.code, at)
            await self._payments.handle(payment.payment_id, failed, _origin(source))

    async def record_money(
        self, payment: PaymentView | None, credit: Credit, source: _Told, at: datetime
    ) -> None:
        """Write down money that arrived, with a receipt number in case it settles the fee."""
        payment_id = PaymentId(payment.payment_id if payment else credit.stray)
        agency = (payment.agency if payment else None) or "-"
        year = receipt_year(at)
        async with self._numbers.draw(f"receipt {agency} {year}") as drawn:
            money = RecordMoneyReceived(
                payment_id=payment_id,
                transaction=credit.transaction,
                amount=credit.amount,
                method=credit.method,
                source=source,
                bank_reference=credit.bank_reference,
                receipt=DrawnNumber(year=year, number=drawn.number),
                at=at,
            )
            await self._payments.handle(payment_id, money, _origin(source))
            drawn.used = await self._stands_on_the_receipt(payment_id, drawn.number)

    async def _stands_on_the_receipt(self, payment_id: PaymentId, number: int) -> bool:
        payment = await self._queries.payment(payment_id)
        return bool(payment and payment.receipt and payment.receipt["number"] == number)

    async def ask_open(self, payment: PaymentView, now: datetime) -> bool:
        """Ask about every attempt at the bank's page that has no answer; False if it gave none.

        Transfers are told by the bank's notes and its statement; it knows no attempts of them.
        """
        attempts = [
            attempt
            for attempt in payment.attempts
            if attempt.state == "started" and attempt.method is PaymentMethod.VNPAY
        ]
        return all([await self._ask(payment, attempt, now) for attempt in attempts])

    async def _ask(self, payment: PaymentView, attempt: AttemptView, now: datetime) -> bool:
        asked = Asked(request_id=secrets.token_hex(16), at=now)
        try:
            word = await self._gateway.query(attempt.transaction, attempt.at, asked)
        except (BankUnreachable, BankNotBelieved) as cause:
            log.warning(
                "bank_not_asked", payment=str(payment.payment_id), cause=cause_in_words(cause)
            )
            return False
        if word is not None:
            await self.record(payment, word, BankSource.QUERY, now)
        elif now - attempt.at > _FORGOTTEN:
            unknown = RecordPaymentFailed(attempt.transaction, UNKNOWN_TO_BANK, now)
            origin = _origin(BankSource.QUERY)
            await self._payments.handle(payment.payment_id, unknown, origin)
        return True

    async def statement(self, since: datetime, now: datetime) -> list[Credit]:
        """Fetch the bank's statement and change nothing."""
        return await self._gateway.statement(since, now + _CLOCKS_APART)

    async def reconcile(self, since: datetime, now: datetime) -> list[Credit]:
        """Fetch the bank's statement and write down whatever we did not know; gives it whole."""
        credits_ = await self.statement(since, now)
        failures: list[Exception] = []
        for first in range(0, len(credits_), _AT_A_TIME):
            some = credits_[first : first + _AT_A_TIME]
            ours = await self._queries.by_transactions([credit.transaction for credit in some])
            for credit in some:
                try:
                    await self._catch_up(ours.get(credit.transaction), credit, now)
                except Exception as cause:  # one that cannot be recorded stops no other
                    failures.append(cause)
        if failures:
            raise ExceptionGroup("credits were not recorded", failures)
        return credits_

    async def _catch_up(self, payment: PaymentView | None, credit: Credit, now: datetime) -> None:
        booked = _booked_as(payment, credit)
        if booked is None:
            await self.record_money(payment, credit, BankSource.STATEMENT, now)
        elif credit.refunded and payment and not _is_refunded(payment, booked):
            refunded = RecordRefunded(booked, now)
            origin = _origin(BankSource.STATEMENT)
            await self._payments.handle(payment.payment_id, refunded, origin)


def _booked_as(payment: PaymentView | None, credit: Credit) -> str | None:
    """Give the transaction this very money is booked under; other money may share its reference."""
    names = (credit.transaction, f"{credit.transaction}-{credit.bank_reference}")
    for money in payment.money if payment else ():
        same = money.bank_reference in ("", credit.bank_reference) or not credit.bank_reference
        if money.transaction in names and same:
            return money.transaction
    return None


def _is_refunded(payment: PaymentView, transaction: str) -> bool:
    return any(r.transaction == transaction and r.stage == "refunded" for r in payment.refunds)


def _method(
    payment: PaymentView, transaction: str
) -> Literal[PaymentMethod.VNPAY, PaymentMethod.VIETQR]:
    told = {attempt.transaction: attempt.method for attempt in payment.attempts}
    vietqr = told.get(transaction) is PaymentMethod.VIETQR
    return PaymentMethod.VIETQR if vietqr else PaymentMethod.VNPAY


def _origin(source: BankSource) -> Origin:
    return Origin(actor=f"bank:{source.value}", correlation=str(new_id()))
