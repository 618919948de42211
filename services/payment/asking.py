"""Asking the bank, and writing down what it says: by its own call, by a query, from its statement."""

import secrets
from datetime import datetime, timedelta
from typing import Literal

import structlog

from chassis.changes import Origin
from chassis.clock import new_id
from chassis.command_handling import CommandHandler
from chassis.numbers import Numbers
from contracts.values import PaymentId, PaymentMethod

from .advice import Credit
from .gateway import BankNotBelieved, BankUnreachable, Gateway
from .payment import Payment, PaymentCommand, PaymentEvent
from .payment.commands import RecordMoneyReceived, RecordPaymentFailed
from .payment.entries import BankSource
from .queries import PaymentView, Queries
from .receipt import DrawnNumber, receipt_year
from .vnpay import BankWord, Outcome
from .vnpay_api import Asked

log = structlog.get_logger()
Payments = CommandHandler[PaymentCommand, Payment, PaymentEvent]


class Asking:
    """Turns the bank's word into facts of our log. Nothing else settles a payment."""

    def __init__(
        self, payments: Payments, queries: Queries, gateway: Gateway, numbers: Numbers
    ) -> None:
        """Take the log, its table, the bank and the receipts' numbers."""
        self._payments, self._queries = payments, queries
        self._gateway, self._numbers = gateway, numbers

    async def record(
        self, payment: PaymentView, word: BankWord, source: BankSource, at: datetime
    ) -> None:
        """Write down what the bank says of one attempt; what it has not decided is asked again later."""
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
            await self.record_money(PaymentId(payment.payment_id), payment, credit, source, at)
        elif word.outcome is Outcome.FAILURE:
            failed = RecordPaymentFailed(word.transaction, word.code, at)
            await self._payments.handle(payment.payment_id, failed, _origin(source))

    async def record_money(
        self,
        payment_id: PaymentId,
        payment: PaymentView | None,
        credit: Credit,
        source: BankSource,
        at: datetime,
    ) -> None:
        """Write down money that arrived, with a receipt number in case it settles the fee."""
        agency = (payment.agency if payment else None) or "-"
        year = receipt_year(at)
        async with self._numbers.draw(f"receipt {agency} {year}") as drawn:
            receipt = DrawnNumber(year=year, number=drawn.number)
            money = RecordMoneyReceived(
                payment_id=payment_id,
                transaction=credit.transaction,
                amount=credit.amount,
                method=credit.method,
                source=source,
                bank_reference=credit.bank_reference,
                receipt=receipt,
                at=at,
            )
            await self._payments.handle(payment_id, money, _origin(source))
            after = await self._queries.payment(payment_id)
            number = after.receipt["number"] if after and after.receipt else None
            drawn.used = number == receipt.number

    async def ask(self, payment: PaymentView, transaction: str, now: datetime) -> bool:
        """Ask the bank about one attempt and write down its answer; False when it could not be asked."""
        started = next(a["at"] for a in payment.attempts if a["transaction"] == transaction)
        asked = Asked(request_id=secrets.token_hex(16), address="127.0.0.1", at=now)
        try:
            word = await self._gateway.query(transaction, datetime.fromisoformat(started), asked)
        except (BankUnreachable, BankNotBelieved) as cause:
            log.warning("bank_not_asked", payment=str(payment.payment_id), cause=str(cause))
            return False
        if word is not None:
            await self.record(payment, word, BankSource.QUERY, now)
        elif now - datetime.fromisoformat(started) > _FORGOTTEN:
            unknown = RecordPaymentFailed(transaction, "unknown-to-bank", now)
            origin = _origin(BankSource.QUERY)
            await self._payments.handle(payment.payment_id, unknown, origin)
        return True

    async def ask_open(self, payment: PaymentView, now: datetime) -> bool:
        """Ask about every attempt of a payment that has no answer yet."""
        open_attempts = [a["transaction"] for a in payment.attempts if a["state"] == "started"]
        return all([await self.ask(payment, transaction, now) for transaction in open_attempts])

    async def reconcile(self, since: datetime, until: datetime) -> list[Credit]:
        """Fetch the bank's statement and write down whatever we did not know; gives the statement."""
        credits_ = await self._gateway.statement(since, until)
        for credit in credits_:
            payment = await self._queries.by_transaction(credit.transaction)
            if payment and credit.transaction in [m["transaction"] for m in payment.money]:
                continue
            payment_id = PaymentId(payment.payment_id if payment else credit.stray)
            await self.record_money(payment_id, payment, credit, BankSource.STATEMENT, until)
        return credits_

    async def statement(self, since: datetime, until: datetime) -> list[Credit]:
        """Fetch the bank's statement and change nothing."""
        return await self._gateway.statement(since, until)


_FORGOTTEN = timedelta(hours=1)
"""After this long an attempt the bank does not know of never reached it."""


def _method(
    payment: PaymentView, transaction: str
) -> Literal[PaymentMethod.VNPAY, PaymentMethod.VIETQR]:
    told = {attempt["transaction"]: attempt["method"] for attempt in payment.attempts}
    vietqr = told.get(transaction) == PaymentMethod.VIETQR
    return PaymentMethod.VIETQR if vietqr else PaymentMethod.VNPAY


def _origin(source: BankSource) -> Origin:
    return Origin(actor=f"bank:{source.value}", correlation=str(new_id()))
